"""Bayoumi, Coe and Helpman (1996): every target keeps its status, identities hold, pages hold what was computed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from bch_phrases import phrases

from tradewinds.replications import read_targets
from tradewinds.replications.bch import evidence, exhibits, figures, simulations, tables, unfitted, variants
from tradewinds.replications.bch.fit import read_fit_targets, read_free
from tradewinds.replications.bch.page import differences
from tradewinds.replications.bch.printed import members, printed_tables, weighting
from tradewinds.replications.bch.run import run
from tradewinds.replications.bch.text import path_statements, turning_year, with_our_tables
from tradewinds.report.index import summary_sentence
from tradewinds.report.scoreboard import count_fitted, count_statuses


def test_every_target_keeps_its_status_and_no_check_fails(made, board):
    assert made["outcome"].failed_checks == ()
    assert len(board) == 740
    targets = read_targets("bch")
    pd.testing.assert_series_equal(board["status"], targets["status"], check_dtype=False)


def test_the_status_of_a_cell_is_that_of_its_difference(board):
    gap, tolerance = board["difference"].abs(), pd.to_numeric(board["tolerance"]).fillna(0)
    assert (gap[board["status"] == "exact"] <= 0.05 + 1e-9).all()
    assert (gap[board["status"] == "close"] <= tolerance[board["status"] == "close"]).all()
    outside = board["status"].isin(["qualitative", "not reproduced"])
    assert (gap[outside] > tolerance[outside]).all()


def test_fitted_cells_are_counted_where_the_score_is_told(board):
    assert count_fitted(board) == 644 - 18
    given = board[(board["exhibit"] == "Appendix table") | board["row"].str.endswith("rnd_gdp")]
    assert count_fitted(given) == 0
    told = summary_sentence(count_statuses(board), count_fitted(board))
    assert told.endswith("Parameters were fitted to 626 of them; agreement with those is no evidence.")


def test_every_row_states_how_countries_are_put_together(board):
    rows = board[board["exhibit"] != "Appendix table"]
    for row in rows.to_dict("records"):
        region, variable = row["row"].split(" ")
        if variable == "rnd_gdp":
            assert row["note"].endswith("the shock itself")
            continue
        how = weighting(row["exhibit"], region, variable)
        word = {"none": "one country", "simple": "counts the same", "gdp": "weighted by output", "level": "added up"}[
            how
        ]
        assert word in row["note"] and "fitted" in row["note"]


def test_what_is_data_or_given_is_exact(board):
    given = board[(board["exhibit"] == "Appendix table") | board["row"].str.endswith("rnd_gdp")]
    assert len(given) == 96 + 18 and given["status"].eq("exact").all()
    assert given["difference"].abs().max() < 1e-12


def test_identities_and_residuals(simulated):
    assert len(simulated.every) == 11
    for result in simulated.every.values():
        assert result.ok and result.residual < 1e-9
        assert max(result.identities().values()) < 1e-9


def test_group_rows_are_the_means_that_are_stated(simulated):
    """Against a slow obvious twin, one cell a weighting."""
    result, world = simulated.results["industrial"], simulated.calibration
    codes = members("industrial")
    weight = dict(zip(world.codes, world.arrays["gdp_share"], strict=True))
    each = [result.deviation("tfp", code)[-1] for code in codes]
    assert cell(simulated, "Table 3", "industrial tfp", "2075") == pytest.approx(np.mean(each))
    total = sum(weight[code] for code in codes)
    ratios = [weight[code] / total * result.deviation("manufactures_imports_gdp", code)[-1] for code in codes]
    assert cell(simulated, "Table 3", "industrial manufactures_imports_gdp", "2075") == pytest.approx(sum(ratios))
    after, before = (
        sum(weight[code] * path[-1, world.codes.index(code)] for code in codes) for path in result.levels("capital")
    )
    assert cell(simulated, "Table 3", "industrial capital", "2075") == pytest.approx(100 * (after / before - 1))


def cell(simulated, table, row, column):
    frame = simulated.tables
    return frame[(frame["table"] == table) & (frame["row"] == row) & (frame["column"] == column)]["published"].item()


def test_distances_are_those_of_the_fit(board):
    """The summary counts the cells that the calibration is fitted to, and no others."""
    fitted = {(target.exhibit, target.row, target.column) for target in read_fit_targets()}
    found = exhibits.distances(board).set_index("table")
    assert found["cells"].sum() == len(fitted) == 626
    rows = board.set_index(["exhibit", "row", "column"])["difference"]
    for table in ("Table 1", "Table 3", "Table 4"):
        gaps = np.array([rows[key] for key in fitted if key[0] == table])
        assert found.loc[table, "rmse"] == pytest.approx(np.sqrt(np.mean(gaps**2)))
        assert found.loc[table, "largest"] == pytest.approx(np.abs(gaps).max())
    panels = found.loc[["Table 2, output", "Table 2, consumption"]]
    both = np.array([rows[key] for key in fitted if key[0] == "Table 2"])
    assert np.mean(panels["rmse"] ** 2) == pytest.approx(np.mean(both**2))
    assert (found["late_inside"] <= found["late_cells"]).all() and (found["inside"] <= found["cells"]).all()


def test_signs_of_the_first_years(simulated, board):
    """Investment and capital fall first where research rises, and consumption rises."""
    for simulation, where in (("US", "US"), ("industrial", "industrial")):
        result = simulated.results[simulation]
        assert result.deviation("investment", where)[4] < 0
        assert result.deviation("capital", where)[4] < 0 < result.deviation("consumption", where)[0]
    signs = exhibits.early_signs(board).set_index("table")
    assert (signs["same"] + signs["other"].map(len) == signs["printed"]).all()


def test_footnote_on_faster_depreciation(simulated):
    """With 15 per cent the same gain comes sooner, and growth is back at the baseline's by about 2050."""
    slow, fast = exhibits.growth_differences(simulated.results["US"]), exhibits.growth_differences(simulated.fast)
    assert fast[0] > slow[0] and abs(fast[-1]) < 0.0125
    path = 100 * np.log1p(simulated.fast.deviation("potential_output", "US") / 100)
    assert fast[-1] == pytest.approx((path[-1] - path[54]) / 25)


def test_the_text_is_judged_by_the_same_arithmetic(simulated):
    judged = with_our_tables(simulated)
    share = judged.set_index("claim").loc["US R&D up: part of the output gain that is due to capital", "ours"]
    parts = [cell(simulated, "Table 1", f"US {name}", "2075") for name in ("tfp", "potential_output")]
    assert share == pytest.approx(1 - parts[0] / parts[1])
    assert len(judged) == 20 and judged["ours"].notna().all()


def test_paths_of_the_text(simulated):
    said = {item.text: item for item in path_statements(simulated)}
    for start in (
        "In the first 15 years",
        "US growth in the first ten years",
        "The dollar falls",
        "The market value of capital falls",
    ):
        (found,) = [item for text, item in said.items() if text.startswith(start)]
        assert found.holds, found
    us = simulated.results["US"]
    year = turning_year(us, "investment", "US")
    assert us.deviation("investment", "US")[year - 1996] == us.deviation("investment", "US")[:35].min()


def test_half_the_shock_gives_nearly_half(simulated):
    whole, half = (r.deviation("potential_output", "US") for r in (simulated.results["US"], simulated.half))
    assert np.abs(half - whole / 2).max() < 0.25


def test_variants_are_worse_or_better_by_what_is_said(simulated, board):
    assert len(simulated.variants) == 3
    found = exhibits.distances(board).set_index("table")["rmse"]
    for item in simulated.variants:
        assert item.before == pytest.approx(found[item.variant.table]) and item.after != pytest.approx(item.before)


def test_a_world_without_a_fit_stands_beside_the_fitted_one(made, simulated, board):
    results = made["unfitted"]
    assert set(results) == set(simulated.results) and all(result.ok for result in results.values())
    assert not any("calibrated" in value.source for value in results["US"].calibration.values)
    found = unfitted.compare(board, results).set_index("table")
    assert found.index.tolist() == ["Table 1", "Table 2", "Table 3", "Table 4"]
    gaps = [
        float(results[target.column].deviation(target.row.split(" ")[1], target.row.split(" ")[0])[-1])
        - target.published
        for target in read_fit_targets()
        if target.exhibit == "Table 2" and not target.row.startswith("developing")
    ]
    groups = [t for t in read_fit_targets() if t.exhibit == "Table 2" and t.row.startswith("developing")]
    gaps += [simulations.cell(results, t.exhibit, t.row, t.column) - t.published for t in groups]
    assert found.loc["Table 2", "unfitted"] == pytest.approx(np.sqrt(np.mean(np.square(gaps))))
    assert (found["fitted"] < found["unfitted"]).all()  # or the fit would be no fit
    told = unfitted.headlines(simulated.results, results)
    first = told.iloc[0]
    assert (first["table"], first["region"], first["published"]) == ("Table 1", "US", 9.0)
    assert first["fitted"] == pytest.approx(cell(simulated, "Table 1", "US potential_output", "2075"))


def test_roughness_is_that_of_a_zigzag(simulated):
    trade = simulated.results["trade"]
    path = trade.deviation("consumption", "AF")
    twin = max(abs(path[t] - (path[t - 1] + path[t + 1]) / 2) for t in range(10, len(path) - 1))
    assert variants.roughness(trade, codes=("AF",)) == pytest.approx(twin)
    assert variants.roughness(trade) >= twin
    for result in simulated.every.values():  # no path swings from year to year
        assert variants.roughness(result) < 0.1


def test_tables_hold_printed_number_ours_and_difference(board):
    for exhibit, count in (("Table 1", 3), ("Table 2", 2), ("Table 3", 2), ("Table 4", 4)):
        found = tables.paper_tables(board, exhibit)
        assert len(found) == count
        assert all("a fitted cell is no evidence" in table.title for table in found)
        lines = [row for table in found for row in table.rows]
        assert len(lines) == 3 * board[board["exhibit"] == exhibit]["row"].nunique()
    first = tables.paper_tables(board, "Table 1")[0].rows
    assert first[0] == ("Potential output", "paper", "–", "1.6", "4.2", "7.1", "8.4", "9.0")
    ours = float(first[1][-1].rstrip("*"))
    assert float(first[2][-1].replace("−", "-")) == pytest.approx(ours - 9.0, abs=0.011)
    starred = sum(
        text.endswith("*")
        for e in range(1, 5)
        for t in tables.paper_tables(board, f"Table {e}")
        for r in t.rows
        for text in r
    )
    assert starred == board["status"].isin(["qualitative", "not reproduced"]).sum()


def test_figures_carry_the_published_points(simulated):
    printed = printed_tables()
    for name, table, rows in (("figure-1", "Table 1", 3), ("figure-2", "Table 3", 4), ("figure-3", "Table 4", 4)):
        figure = figures.draw(simulated, name)
        axes = figure.axes
        assert len(axes) == 2 * rows and table in figure._supxlabel.get_text()
        shown = sum(len(line.get_xdata()) for axis in axes for line in axis.lines if line.get_linestyle() == "None")
        drawn = ["potential_output", "tfp", "consumption", "investment", "capital"]
        regions = printed[(printed["table"] == table) & printed["variable"].isin(drawn)]
        assert shown == len(regions)
        first = next(line for line in axes[0].lines if line.get_linestyle() == "None")
        region = {"figure-1": "US", "figure-2": "industrial", "figure-3": "developing_except_NI"}[name]
        wanted = regions[(regions["region"] == region) & (regions["variable"] == "potential_output")]["published"]
        np.testing.assert_array_equal(first.get_ydata(), wanted)
        styles = {line.get_linestyle() for line in axes[1].lines} - {"None"}
        assert {"-", "--", ":"} <= styles  # told apart without colour


def test_fitted_values_stand_beside_their_priors(simulated):
    table = evidence.fitted_table(simulated.calibration)
    assert len(table.rows) == len(read_free())
    (row,) = [row for row in table.rows if row[0] == "rnd ratio" and row[2] == "US"]
    code = simulated.calibration.codes.index("US")
    assert row[3] == simulated.calibration.arrays["rnd_ratio"][code]
    assert row[6] == pytest.approx(np.log(row[3] / row[4]) / row[5])


def test_aggregation_table_finds_the_way_that_is_used(simulated):
    found = exhibits.aggregation(simulated).set_index(["table", "region", "variable"])
    stock = found.loc[("Table 3", "industrial", "domestic_rnd_stock")]
    assert stock["chosen"] == "level" and stock["level"] < stock["gdp"] < stock["simple"]
    knowledge = found.loc[("Table 3", "industrial", "tfp_domestic_rnd")]
    assert knowledge["chosen"] == "simple" and knowledge["simple"] < knowledge["gdp"]


def test_pages_and_files(made):
    out = made["outcome"].folder
    index, report = (out / "index.html").read_text(), (out / "bch" / "report.html").read_text()
    for page in (index, report):
        assert "A fitted cell is no evidence" in page
        assert "http" not in page.split("<body>")[1].split("References")[0]
    for text in (
        "Table 1. Increased R&amp;D",
        "Table 2. Long-run spillovers",
        "Figure 3. Increased trade",
        "Appendix table",
        "15 per cent",
    ):
        assert text in report
    names = sorted(item.name for item in (out / "bch").iterdir())
    assert names == ["figures", "provenance.json", "report.html", "results.csv", "text.csv"]
    assert sorted(item.name for item in (out / "bch" / "figures").iterdir()) == [f"figure-{n}.svg" for n in (1, 2, 3)]
    tidy = pd.read_csv(out / "bch" / "results.csv")
    assert {"variable", "value", "unit", "scenario", "country", "year"} == set(tidy.columns)
    assert set(tidy["scenario"]) == set(made["simulated"].every)
    trail = (out / "bch" / "provenance.json").read_text()
    assert "calibrated to Tables 1-4" in trail and "p. 13" in trail and "parameters.csv" in trail


def test_without_the_libraries_the_message_says_what_to_install(monkeypatch):
    from tradewinds.errors import MissingDependencyError

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"tradewinds\[models\]"):
        run()


@pytest.fixture(scope="module")
def text():
    return re.sub(r"\s+", " ", differences())


def test_every_computed_number_stands_in_the_text(made, simulated, board, text):
    found = phrases(simulated, made["unfitted"], board)
    lacking = {name: phrase for name, phrase in found.items() if phrase not in text}
    assert lacking == {}


def test_cells_outside_their_band_are_accounted_for(board):
    """The note of each says why, or where to read it."""
    outside = board[board["status"].isin(["qualitative", "not reproduced"])]
    assert len(outside) > 0 and outside["note"].str.contains("missing: |differences").all()


def test_contradictions_of_the_paper_are_listed(text):
    for words in ("7.4", "p. 12", "i instead of j", "logarithm", "a dash", "page 13", "1.02"):
        assert words in text, words
