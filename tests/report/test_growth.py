"""The report of a study of growth: numbers of its tables, what it says, and what its figures show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tradewinds.errors import ConvergenceError
from tradewinds.growth import mechanisms
from tradewinds.growth.welfare import path_utility
from tradewinds.report.growth import growth_page
from tradewinds.report.growth_equations import EQUATIONS, content
from tradewinds.report.growth_figures import plot_gap, plot_regimes, plot_sweep
from tradewinds.report.growth_paths import until
from tradewinds.report.growth_tables import (
    change_table,
    checks_table,
    claims_table,
    path_table,
    regime_tables,
    sweep_table,
)
from tradewinds.report.growth_words import abstract, change_words, symbol
from tradewinds.report.html import Report, render
from tradewinds.study import parse_study
from tradewinds.study.growth import GrowthRunner


def solved(mechanism: str, rest: str = "", variant: str = ""):
    """The run of a study."""
    named = f'variant = "{variant}"\n' if variant else ""
    runner = GrowthRunner(parse_study(f'schema = 1\n[growth]\nmechanism = "{mechanism}"\n{named}{rest}').growth, Path())
    runner.compute()
    return runner.run


@pytest.fixture(scope="module")
def sampson():
    """Home share of 0.85 instead of 0.919, and a sweep of it."""
    return solved(
        "sampson",
        "[growth.counterfactual]\nhome_share = 0.85\n[growth.sweep]\nparameter = 'home_share'\nvalues = [0.9, 0.8]\n",
    )


@pytest.fixture(scope="module")
def feenstra():
    """A slower home that opens to trade."""
    keys = (
        "[growth.parameters]\nhome_labour = 0.8\nforeign_labour = 1.0\ntrade = 0\n[growth.counterfactual]\ntrade = 1\n"
    )
    return solved("feenstra", f"autarky = false\nclaims = false\n{keys}")


def cells(table) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in table.cells()}


def test_the_first_table_has_growth_in_per_cent_and_the_gains_of_every_regime(sampson):
    first, every = regime_tables(sampson)
    shown = cells(first)
    assert [column.name for column in first.columns] == ["", "Unit", "Baseline", "Counterfactual", "Autarky"]
    assert shown["growth of consumption"] == ("% a year", "1.56", "1.711", "1.41")
    assert shown["home share of spending"] == ("%", "91.9", "85", "100")
    closed = mechanisms["sampson"].counterfactual()
    assert float(shown["static gain"][3].replace("−", "-")) == pytest.approx(closed.static_gain, rel=1e-3)
    assert shown["static gain"][1] == "–"
    assert shown["half of the way"][2:] == ("0", "0")
    assert len(every.rows) == len(sampson.point.values)
    assert cells(every)["growth"][1] == "0.0156"


def test_what_differs_is_told_number_by_number():
    change = "[growth.counterfactual]\nspillovers = [[1.0, 0.3, 0.1], [0.4, 1.0, 0.4], [0.1, 0.2, 1.0]]\n"
    run = solved("partial-spillovers", f"claims = false\n{change}")
    table = cells(change_table(run))
    assert table["spillovers [2, 1]"][1:] == ("0.2", "0.4", "0.2")
    assert table["trade cost"][1:] == ("1.5", "1.5", "∞")
    words = change_words(run.point.parameters, run.regimes[0].point.parameters)
    assert words == "spillovers [2, 1] 0.2 to 0.4"
    assert abstract(run).startswith("**Spillovers [2, 1] 0.2 to 0.4: growth rises from 2.675 to 2.875 per cent a year")
    first, _ = regime_tables(run)
    assert {"welfare of country 2", "welfare of country 3"} <= set(cells(first))


def test_of_many_countries_home_is_shown_and_the_others_are_a_band():
    keys = "[growth.calibrate]\ncountries = 9\n[growth.counterfactual]\nhome_share = 0.85\n"
    run = solved("buera-oberfield", f"autarky = false\nclaims = false\n{keys}")
    first, every = regime_tables(run)
    assert not any("country" in row[0] for row in (*first.cells(), *every.cells()))
    assert "the other 8 countries are in results.csv" in every.note
    assert "welfare_transition_country_9" in set(run.tidy()["variable"])
    figure = until(run.regimes[0].result.path, 50.0).plot()
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["home", "8 others, lowest to highest"]
    assert "mechanism" in growth_page(run).figures


def test_innovation_and_consumption_are_told_apart(feenstra):
    text = abstract(feenstra)
    assert text.startswith("**Trade opens: growth rises from 1.45 to 2 per cent a year and welfare rises by 32.07")
    assert "between balanced growth paths)" in text
    assert "Innovation at home falls from 4.35 to 3.969 per cent a year: it is not the growth of consumption." in text
    assert "Why: The faster country's varieties push down the prices of home" in text


def test_neutral_trade_is_said_to_leave_growth_where_it_is():
    run = solved("variety-expansion", "claims = false\n[growth.counterfactual]\ntrade_cost = 1.2\n")
    text = abstract(run)
    assert "growth stays at 2 per cent a year" in text
    assert "what growth adds is 0 per cent" in text
    # 0.7714 of spending stays at home before, and 1 / (1 + 1.2^-3) after
    assert "goes from 77.1 to 63.3 per cent" in text


@pytest.mark.parametrize(
    ("mechanism", "variant", "change"),
    [
        ("variety-expansion", "", "idea_flow = 0.6"),
        ("quality-ladders", "", "home_labour = 1.1"),
        ("heckscher-ohlin-innovation", "", "rnd_cost = 4.0"),
        ("partial-spillovers", "", "labour = [1.0, 2.0, 0.6]"),
        ("national-spillovers", "", "rnd_cost = 1.8"),
        ("feenstra", "", "home_rnd_cost = 2.8"),
        ("perla-tonetti-waugh", "no-shocks", "trade_cost = 2.8"),
        ("buera-oberfield", "", "trade_cost = 1.4"),
        ("peretto-valente", "", "resource = 1.5"),
        ("baldwin-robert-nicoud", "", "trade_cost = 1.4"),
    ],
)
def test_the_path_against_no_change_is_worth_what_welfare_says(mechanism, variant, change):
    run = solved(mechanism, f"autarky = false\nclaims = false\n[growth.counterfactual]\n{change}\n", variant)
    (regime,) = run.regimes
    trail, result = regime.trail, regime.result
    end = result.counterfactual if result.path is None else result.path.end
    rho = run.point.parameters.discount_rate
    gap = np.log1p(trail.gap / 100)
    worth = path_utility(trail.time, gap, end.growth - run.point.growth, rho)
    assert 100 * np.expm1(rho * worth) == pytest.approx(result.welfare_transition, rel=2e-3)
    assert abs(result.welfare_transition) > 0.1
    assert trail.solved == (result.path is not None)


def test_the_table_of_the_path_reads_the_same_numbers(feenstra):
    table = cells(path_table(feenstra))
    trail = feenstra.regimes[0].trail
    assert set(table) >= {"0", "10", "100"}
    assert float(table["10"][0]) == pytest.approx(np.interp(10, trail.time, trail.gap), rel=1e-3)


def test_a_long_path_is_drawn_as_far_as_it_is_worth_looking_at(feenstra):
    path = feenstra.regimes[0].result.path
    short = until(path, 200.0)
    assert short.time[-1] == 200
    assert path.time[-1] > 200
    at = np.interp(200, path.time, np.log(path.paths["consumption"][:, 1]))
    assert np.log(short.paths["consumption"][-1, 1]) == pytest.approx(at, rel=1e-12)
    assert until(short, 300.0) is short


def test_a_mechanism_without_a_path_says_why(sampson):
    run = solved("perla-tonetti-waugh", "claims = false\n[growth.parameters]\ninverse_ies = 2.0\n", "corrected")
    section = next(section for section in growth_page(run).sections if section.heading == "The path")
    assert section.content == (
        "Perla-tonetti-waugh (corrected) has no path at these parameters; balanced growth paths are compared.",
    )
    assert plot_gap(run) is None
    jump = next(section for section in growth_page(sampson).sections if section.heading == "The path")
    assert jump.content[0].startswith("The economy jumps")
    words = [row[3] for row in checks_table(sampson).cells()]
    assert words == ["–", "none: the economy jumps", "none: the economy jumps"]


def test_every_claim_has_a_row_with_its_verdict(sampson):
    claims = mechanisms["sampson"].claims()
    table = claims_table(sampson)
    assert len(table.rows) == len(claims)
    for row, claim in zip(table.rows, claims, strict=True):
        assert row[0].startswith(claim.text)
        assert claim.source in row[0]
        assert row[1].startswith(claim.verdict)
        assert claim.condition in row[1]


def test_a_sweep_has_a_row_a_value(sampson):
    table = sweep_table(sampson.sweep)
    assert [row[0] for row in table.cells()] == ["0.9", "0.8"]
    assert [column.name for column in table.columns[:3]] == ["Home share", "Growth, baseline", "Growth, counterfactual"]
    assert "the baseline stays" in table.note
    assert len(plot_sweep(sampson, sampson.sweep).axes) == 2


def test_a_sweep_names_its_corners_and_what_it_leaves_out():
    keys = "autarky = false\nclaims = false\n[growth.sweep]\nparameter = 'rnd_cost'\nfrom = 2\nto = 60\ncount = 59\n"
    table = sweep_table(solved("variety-expansion", keys).sweep)
    assert len(table.rows) == 25
    assert "25 of 59 values are shown" in table.note
    assert "in a corner at" in table.note
    assert [column.name for column in table.columns] == ["R&D cost", "Home share", "Growth"]


def test_figures_carry_titles_units_and_legends(sampson, feenstra):
    figure = plot_regimes(sampson)
    growth, share, gains = figure.axes
    assert [bar.get_height() for bar in growth.patches] == pytest.approx(
        [100 * sampson.point.growth, *(100 * each.point.growth for each in sampson.regimes)]
    )
    assert share.get_ylabel() == "per cent"
    assert [text.get_text() for text in gains.get_legend().get_texts()] == ["counterfactual", "autarky"]
    (axis,) = plot_gap(feenstra).axes
    assert axis.get_xlabel() == "years after the change"
    assert axis.get_title(loc="left") == mechanisms["feenstra"].title
    assert [panel.get_title(loc="left") for panel in plot_gap(sampson).axes] == ["Counterfactual", "Autarky"]
    line = axis.get_lines()[0]
    assert line.get_ydata()[0] == pytest.approx(feenstra.regimes[0].trail.gap[0])


def test_the_whole_page_holds_together(sampson):
    page = growth_page(sampson)
    report = Report("A study", abstract=page.abstract, sections=page.sections, citation_keys=page.citation_keys)
    html = render(report)
    assert [section.heading for section in page.sections] == [
        "What was asked",
        "Regimes side by side",
        "The path",
        "How much hangs on home share",
        "What is said about the mechanism",
        "What it rests on",
        "Checks",
    ]
    for sentence in mechanisms["sampson"].discipline:
        assert sentence in html
    assert mechanisms["sampson"].provenance in html
    assert page.failed_checks == ()
    assert "nan" not in page.abstract


def test_every_mechanism_has_its_equations_and_no_other():
    assert {key.split("/")[0] for key in EQUATIONS} == set(mechanisms)
    for key in EQUATIONS:
        name, _, variant = key.partition("/")
        assert not variant or variant in mechanisms[name].variants
    assert content("variety-expansion", "romer-1990") != content("variety-expansion", "one-sector")
    assert content("sampson", "dynamic-selection") == list(EQUATIONS["sampson"])


def test_every_symbol_is_set_without_its_greek_spelled_out():
    for mechanism in mechanisms.values():
        for known in mechanism.definitions.values():
            shown = symbol(known.symbol)
            assert not {"alpha", "eta", "sigma", "theta", "tau", "rho", "omega", "bar"} & set(
                shown.replace("_", " ").split()
            )


def test_a_path_that_did_not_converge_marks_the_report_and_keeps_the_growth_paths(monkeypatch):
    mechanism = type(mechanisms["perla-tonetti-waugh"])
    solution = mechanisms["perla-tonetti-waugh"].solve(variant="no-shocks")

    def lost(self, *args, **options):
        raise ConvergenceError("the path did not converge", solution)

    monkeypatch.setattr(mechanism, "transition", lost)
    run = solved(
        "perla-tonetti-waugh",
        "autarky = false\nclaims = false\n[growth.counterfactual]\ntrade_cost = 2.8\n",
        "no-shocks",
    )
    page = growth_page(run)
    assert page.failed_checks == ("counterfactual: the path did not converge",)
    assert "welfare, between balanced growth paths, rises by" in page.abstract
    assert "static gain)" not in page.abstract
    assert np.isnan(run.regimes[0].result.welfare_transition)
    assert "welfare_transition" not in set(page.results["variable"])
    (section,) = [section for section in page.sections if section.heading == "The path"]
    assert section.content == ("The path did not converge.",)


def test_a_regime_that_does_not_hold_is_marked(monkeypatch):
    right = type(mechanisms["sampson"]).residual

    def wrong(self, values, p, variant):
        found = right(self, values, p, variant)
        return {name: value + (p.trade_cost == 1.2) for name, value in found.items()}

    monkeypatch.setattr(type(mechanisms["sampson"]), "residual", wrong)
    run = solved("sampson", "claims = false\n[growth.counterfactual]\ntrade_cost = 1.2\n")
    failed = growth_page(run).failed_checks
    assert any(text.startswith("counterfactual is not solved.") for text in failed)
    assert not any("autarky" in text or "baseline" in text for text in failed)
    assert checks_table(run).cells()[1][1] == "1.0e+00"


def test_a_study_that_found_nothing_still_says_what_it_asked():
    settings = parse_study('schema = 1\n[growth]\nmechanism = "young"\n').growth
    found = GrowthRunner(settings, Path()).findings()
    assert found.results.empty
    assert [section.heading for section in found.report.sections] == ["What was asked", "What it rests on"]
    assert found.figures == {}
