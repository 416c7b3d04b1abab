"""Keller (1997): every target is met at its status, checks pass, and the pages hold what was computed."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

from tradewinds.data import keller1997_calibrated, load_frame
from tradewinds.errors import InputError, OutputError
from tradewinds.replications import read_targets, replicate
from tradewinds.replications.keller.ensemble import panel_numbers, paper_label
from tradewinds.replications.keller.printed import printed_f_test, printed_z_scores
from tradewinds.replications.keller.run import run
from tradewinds.report import read_scoreboard
from tradewinds.spillovers import Specification, estimate, f_test, general_and_trade
from tradewinds.spillovers.models import PartnerModel
from tradewinds.spillovers.regression import least_squares


@pytest.fixture(scope="module")
def replication():
    return run(panels=6, simulations=20)


def test_targets_hold_every_printed_number():
    targets = read_targets("keller")
    assert targets["exhibit"].value_counts().to_dict() == {
        "Table 1": 34,
        "Table 2": 102,
        "Table 3": 68,
        "Table 4": 34,
        "Table 5": 50,
        "Table A-7": 28,
        "Table A-8": 28,
        "Footnote 15": 4,
        "Footnote 18": 2,
        "Text": 5,
        **{f"Table A-{number}": 56 for number in range(1, 7)},
        "Appendix C": 8,
    }


def test_targets_are_the_bundled_numbers():
    """The same number is typed in the dataset and in the targets: they must not drift apart."""
    targets = read_targets("keller").set_index(["exhibit", "row", "column"])["published"].astype(float)
    words = {
        "estimate": "estimate",
        "std_error": "standard error",
        "mc_mean": "mean over draws",
        "mc_sd": "s.d. over draws",
    }
    part = {"general": " general", "trade": " trade"}
    rows = load_frame("keller1997-estimates")
    rows = rows[rows["variable"].isin(words)]
    for row in rows.itertuples(index=False):
        column = f"({row.equation}){part.get(row.weights, '')} {words[row.variable]}"
        assert targets[f"Table {row.table}", paper_label(row.term), column] == row.value
    for row in load_frame("keller1997-machinery-imports").itertuples(index=False):
        if row.exporter != row.importer:
            key = (f"Table {row.table}", f"from {paper_label(row.exporter)}", f"to {paper_label(row.importer)}")
            assert targets[key] == row.imports


def test_every_target_keeps_its_status(replication):
    board = replication.scoreboard
    assert [text for text in replication.failed_checks if "promises" in text] == []
    assert board["status"].value_counts().to_dict() == {"data unavailable": 350, "exact": 348, "close": 1}
    tables = board[board["exhibit"].isin([f"Table {n}" for n in range(1, 6)])]
    assert tables["note"].str.contains("stand-in").all()


def test_numbers_of_the_text_follow_from_the_tables(replication):
    text = replication.scoreboard.query("exhibit == 'Text'").set_index("column")["computed"].astype(float)
    assert text["contribution of trade, per cent"] == pytest.approx(18.75)
    assert text.filter(like="per cent").filter(like="star").tolist() == [75.0, 75.0]


def test_printed_numbers_reject_nothing():
    test = printed_f_test()
    assert (test.restrictions, test.freedom) == (8, 223)
    assert test.p_value == pytest.approx(0.1334, abs=5e-5)
    assert printed_z_scores().round(2).tolist() == [-0.55, -0.5, -1.89, -0.86, -0.3, -2.13, -0.83, 0.0]


def test_one_panel_is_what_the_functions_give():
    panel = keller1997_calibrated(seed=1997)
    cells, gap = panel_numbers(panel, draws=50, seed=1)
    fit = estimate(panel, Specification(kind="level", import_share=False))
    assert cells["1", "4.1", "GER", "estimate"] == pytest.approx(fit["DEU"])
    assert cells["2", "4.1", "GER", "estimate"] == cells["1", "4.1", "GER", "estimate"]
    assert cells["1", "4.1", "R2", "R2"] == pytest.approx(fit.r_squared)
    both = general_and_trade(panel)
    assert cells["5", "5.2 trade", "USA", "estimate"] == pytest.approx(both["trade:USA"])
    assert gap >= 0


def test_a_wrong_own_deviation_gives_errors_far_from_the_printed_ones():
    """differences.md: with 6/7 instead of zero the errors of the general part are 1.2 to 3.8, printed 0.06 to 0.23."""
    model = PartnerModel(keller1997_calibrated(), Specification())
    design, general = model.design, model.regressors(model.equal())
    errors = {}
    for own in (0.0, 6 / 7):
        deviation = design.deviation(model.values).copy()
        deviation[np.arange(48), design.own] = own
        x = np.column_stack([general, model.regressors(deviation)])
        terms = tuple(map(str, range(16)))
        fit = least_squares(model.outcome, x, model.fixed, terms=terms, countries=model.countries, cells=model.cells)
        errors[own] = np.sqrt(np.diag(fit.covariance))[:8]
    assert errors[0.0].min() > 0.09 and errors[0.0].max() < 0.45
    assert errors[6 / 7].min() > 1.1 and errors[6 / 7].max() < 4.0


def test_level_regressions_find_trade_where_there_is_none():
    """differences.md: the F test of the trade part rejects in levels on panels without a trade effect."""
    level = Specification(kind="level")
    rejected = []
    for seed in range(2000, 2010):
        panel = keller1997_calibrated(seed=seed)
        test = f_test(estimate(panel, level, weights="equal").fit, general_and_trade(panel, level).fit)
        rejected.append(test.p_value < 0.05)
    assert all(rejected)


def test_clustering_by_country_collapses_partner_by_partner():
    """differences.md: clustered errors are a fraction of iid ones, jackknife errors a multiple."""
    panel = keller1997_calibrated()
    iid, clustered, jackknife = (
        estimate(panel, covariance=name).std_errors for name in ("iid", "cluster_country", "jackknife_country")
    )
    assert np.all(clustered < 0.65 * iid) and np.all(jackknife > 3 * iid)


def test_pages_and_files(tmp_path, monkeypatch):
    monkeypatch.setattr("tradewinds.replications.keller.run.run", functools.partial(run, panels=2, simulations=5))
    out = tmp_path / "replication"
    seen = []
    outcome = replicate(["keller"], out, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 4) for done in (1, 2, 3, 4)]
    assert outcome.headline.startswith("Of 699 published results, 348 are reproduced exactly")
    board = read_scoreboard(out / "scoreboard.csv")
    assert len(board) == 699 and set(board["paper"]) == {"keller"}
    index, report = (out / "index.html").read_text(), (out / "keller" / "report.html").read_text()
    assert index.index("348 are reproduced exactly") < index.index("to CAN")  # the score comes first
    for page in (index, report):
        assert "Stand-in data." in page and "http" not in page.split("<body>")[1].split("References")[0]
    for text in (
        "Table 1. TFP levels",
        "Figure 1",
        "Table A-6",
        '0.201<span class="hang">**',
        "F(8, 223) = 1.57",
        "Appendix C",
    ):
        assert text in report
    tidy = pd.read_csv(out / "keller" / "results.csv", dtype={"exhibit": str})
    assert {"variable", "value", "unit"} <= set(tidy.columns) and len(tidy) > 600
    assert sorted(path.name for path in (out / "keller" / "figures").iterdir()) == [
        "experiment.svg",
        "figure-1.svg",
        "power.svg",
    ]
    outcome = replicate(["keller"], out)  # earlier results are replaced
    assert outcome.folder == out


def test_unknown_paper_and_foreign_folder(tmp_path):
    with pytest.raises(InputError, match='Did you mean "keller"'):
        replicate(["kellar"], tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="stays as it is"):
        replicate(["keller"], tmp_path / "mine")
