"""Studies of firms that ship with the package: each runs, and finds what its paper says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tradewinds.firms import MODELS, UniformParameters, solve
from tradewinds.study import list_studies, parse_study, run_study, study_text

NAMES = [name for name in list_studies() if parse_study(study_text(name)).firms is not None]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Run every study once, from a folder that holds nothing."""
    home = tmp_path_factory.mktemp("shipped")
    return {name: (run_study(parse_study(study_text(name)), home / name), home / name) for name in NAMES}


def values(folders, name, country=""):
    """Return the results of a study, a row a variable and a column a scenario."""
    frame = pd.read_csv(folders[name][1] / "results.csv")
    frame = frame[frame["country"] == country] if country else frame
    return frame.pivot(index="variable", columns="scenario", values="value")[list(dict.fromkeys(frame["scenario"]))]


def changes(folders, name):
    """Return the ranges of costs of a study, one row a range."""
    frame = pd.read_csv(folders[name][1] / "changes.csv", keep_default_na=False)
    frame = frame[frame["variable"].isin(["cost_low", "cost_high"])]
    keys = ["scenario", "range", "before", "after", "profit", "output"]
    return frame.pivot(index=keys, columns="variable", values="value").reset_index()


@pytest.mark.parametrize("name", NAMES)
def test_each_runs_without_a_failed_check_and_says_how_to_change_it(folders, name):
    outcome, folder = folders[name]
    assert outcome.failed_checks == () and outcome.headline and "nan" not in outcome.headline
    assert len(pd.read_csv(folder / "results.csv")) > 0 and list((folder / "figures").iterdir())
    head = study_text(name).splitlines()[1]
    assert f"tradewinds run {name} " in head and f"tradewinds new firms --study {name}" in head


def test_every_model_and_every_figure_of_the_paper_ships_as_a_study():
    assert {parse_study(study_text(name)).firms.model for name in NAMES} == set(MODELS)
    assert {f"melitz-trefler-figure-{number}" for number in (2, 3, 4)} <= set(NAMES)


def test_figure_2_areas_are_equal_and_some_regret(folders):
    table = values(folders, "melitz-trefler-figure-2")["trade_cost=inf"]
    assert table["cost_cutoff"] == pytest.approx(1) and table["import_share"] == 0
    point = solve(UniformParameters()).value
    c = (np.arange(200_000) + 0.5) / 200_000 * 1.5
    net = point.net_profit(c)
    assert net.mean() == pytest.approx(0, abs=1e-9)
    assert np.any((net < 0) & (c < table["cost_cutoff"]))  # they sell, and regret that they entered


def test_figure_3_has_winners_losers_and_exit(folders):
    found = changes(folders, "melitz-trefler-figure-3")
    assert found["profit"].tolist() == ["rises", "falls", "falls", "falls"]
    assert found["after"].tolist() == ["domestic"] * 3 + ["out"]
    # k = 2: (k^(1/6) - 1) / (k^(1/2) - 1) for profits, (k^(2/3) - 1) / (k - 1) for output, k^(-1/3) for the cutoff
    np.testing.assert_allclose(
        found["cost_high"],
        [(2 ** (1 / 6) - 1) / (2**0.5 - 1), 2 ** (2 / 3) - 1, 2 ** (-1 / 3), 1],
        rtol=1e-9,
    )


def test_figure_4_best_that_did_not_export_start_and_the_worst_exit(folders):
    found = changes(folders, "melitz-trefler-figure-4")
    start, out = found[found["before"] != found["after"]].groupby("after"), found[found["after"] == "out"]
    bounds = start.agg(low=("cost_low", "min"), high=("cost_high", "max"))
    table = values(folders, "melitz-trefler-figure-4")
    np.testing.assert_allclose(bounds.loc["exports"], table.loc["export_cutoff"], rtol=1e-9)
    assert out["cost_low"].item() == pytest.approx(table.loc["cost_cutoff", "trade_cost=0.5"])
    assert table.loc["productivity"].is_monotonic_increasing


def test_cheaper_trade_brings_innovators(folders):
    table = values(folders, "melitz-trefler-innovation")
    for name in ("rule", "exact", "equilibrium"):
        assert table.loc[f"innovation_cutoff_{name}"].is_monotonic_increasing, name
    found = changes(folders, "melitz-trefler-innovation")
    assert ((found["before"] == "domestic") & (found["after"] == "exports and innovates")).any()


def test_widgets_are_those_of_the_paper(folders):
    outcome, folder = folders["melitz-trefler-widgets"]
    frame = pd.read_csv(folder / "results.csv")
    assert frame[frame["variable"] == "units_of_each"]["value"].tolist() == [8, 2, 4, 1]
    assert "of the 2 plans without trade each is beaten by one with trade" in outcome.headline
    assert "4 units of each of 2 varieties or 1 of each of 4." in outcome.headline


def test_an_agreement_helps_its_members_and_gains_are_those_of_the_home_share(folders):
    before = values(folders, "melitz-chaney-five-countries", "south")
    wage = before.loc["real_wage"]
    assert wage["agreement of north, east and south"] > wage["before"] > wage["nobody trades"]
    for country in ("north", "east", "south", "island", "far"):
        table = values(folders, "melitz-chaney-five-countries", country)
        share, wage = table.loc["home_share", "before"], table.loc["real_wage"]
        assert wage["before"] / wage["nobody trades"] == pytest.approx(share ** (-1 / 5), rel=1e-9)
        assert table.loc["losses_from_autarky", "before"] == pytest.approx(1 - share ** (1 / 5), rel=1e-9)


def test_who_opens_alone_loses_in_the_long_run(folders):
    home, foreign = (values(folders, "melitz-ottaviano-opens-alone", name) for name in ("home", "foreign"))
    assert home.loc["cost_cutoff", "home opens alone"] > home.loc["cost_cutoff", "before"]
    assert home.loc["welfare", "home opens alone"] < home.loc["welfare", "before"] < home.loc["welfare", "both open"]
    assert foreign.loc["welfare", "home opens alone"] > foreign.loc["welfare", "before"]


def test_small_cuts_of_tariffs_agree_in_both_measures_and_large_ones_do_not(folders):
    outcome, folder = folders["caliendo-parro-example"]
    frame = pd.read_csv(folder / "results.csv")
    frame = frame[frame["sector"].isna()]
    wide = frame.pivot(index=["scenario", "country"], columns="variable", values="value")
    gap = (wide["welfare_first_order"] - wide["welfare_exact"]).abs()
    assert gap["tariffs a twentieth lower"].max() < 0.005 < 0.1 < gap["no tariffs"].max()
    assert any(text.startswith("no tariffs: in country 3 the first-order formula says +") for text in outcome.warnings)
    assert wide.loc[("no tariffs", "country 3"), "welfare_exact"] < 0


def test_of_new_exporters_the_less_productive_gain_more(folders):
    frame = pd.read_csv(folders["melitz-trefler-second-dimension"][1] / "selection.csv")
    falls = frame[frame["variable"] == "mean_cost_reduction"].set_index("quartile")["value"].dropna()
    assert frame[frame["variable"] == "selection_correlation"]["value"].item() < -0.5
    assert len(falls) >= 2 and falls.is_monotonic_increasing  # quartile 1 has the lowest costs
