"""Studies of growth: the numbers are those of the mechanisms, and what cannot be is said at its key."""

from __future__ import annotations

import json
import re
import sys
import tomllib
import typing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradewinds.cli.main import main
from tradewinds.errors import InputError, StudyError
from tradewinds.growth import Facts, mechanisms
from tradewinds.study import list_studies, parse_study, read_study, run_study, study_text, write_starter
from tradewinds.study.growth import GrowthRunner
from tradewinds.study.growth_fields import GrowthFacts, MechanismName

#: The example of the design.
DESIGN = """schema = 1
[growth]
mechanism = "perla-tonetti-waugh"
variant = "published"
[growth.parameters]
trade_cost = 3.0224928254626
[growth.counterfactual]
trade_cost = 2.82024354291634
"""
MATRIX = "[[1.0, 0.5, 0.2], [0.2, 1.0, 0.4], [0.1, 0.2, 1.0]]"
#: A change for each mechanism, and the parameters of the other regime.
CHANGES = {
    "variety-expansion": "idea_flow = 0.7",
    "quality-ladders": "home_labour = 1.2",
    "partial-spillovers": f"spillovers = {MATRIX}",
    "heckscher-ohlin-innovation": "home_human_capital = 1.5",
    "national-spillovers": "rnd_cost = 1.8",
    "feenstra": "home_rnd_cost = 2.8",
    "young": "foreign_labour = 0.05",
    "baldwin-robert-nicoud": "trade_cost = 1.4",
    "peretto-valente": "resource = 1.5",
    "perla-tonetti-waugh": "trade_cost = 2.82",
    "sampson": "trade_cost = 1.2",
    "alvarez-buera-lucas": "trade_cost = inf",
    "buera-oberfield": "trade_cost = 1.4",
}
#: Variants other than the first where that takes long.
QUICK = {"perla-tonetti-waugh": "no-shocks"}
#: Mechanisms whose shipped studies take long.
LONG = ("perla-tonetti-waugh", "alvarez-buera-lucas", "feenstra", "buera-oberfield", "young")


def growth(mechanism: str, rest: str = "", variant: str = "") -> str:
    named = f'variant = "{variant}"\n' if variant else ""
    return f'schema = 1\n[growth]\nmechanism = "{mechanism}"\n{named}claims = false\n{rest}'


def computed(text: str) -> GrowthRunner:
    """Solve a study without writing anything."""
    runner = GrowthRunner(parse_study(text).growth, Path())
    runner.compute()
    return runner


def values(runner: GrowthRunner) -> dict[tuple[str, str], float]:
    """Numbers by regime and variable, off the path."""
    frame = runner.run.tidy()
    frame = frame[frame["time"].isna()]
    return dict(zip(zip(frame["regime"], frame["variable"], strict=True), frame["value"], strict=True))


@pytest.fixture(autouse=True)
def no_figures(monkeypatch):
    """Figures take most of the time; those of one study, made once, are whole, others are tests of the report."""
    monkeypatch.setattr("tradewinds.report.growth._figures", lambda run: {})


def settled(frame: pd.DataFrame) -> pd.Series:
    """Numbers off the path by regime and variable."""
    assert list(frame.columns) == ["variable", "value", "unit", "mechanism", "variant", "regime", "time"]
    return frame[frame["time"].isna()].set_index(["regime", "variable"])["value"]


def published(numbers: pd.Series) -> None:
    """The numbers of Perla, Tonetti and Waugh (2021): growth .79 to 1.03 per cent, welfare 11.2 per cent."""
    assert 100 * numbers["baseline", "growth"] == pytest.approx(0.79, abs=0.005)
    assert 100 * numbers["counterfactual", "growth"] == pytest.approx(1.025, abs=0.0005)
    assert numbers["counterfactual", "welfare_steady_state"] == pytest.approx(11.182, abs=0.0005)


def test_the_example_of_the_design_gives_the_published_numbers():
    settings = parse_study(DESIGN).growth
    runner = GrowthRunner(settings.model_copy(update={"claims": False, "autarky": False}), Path())
    runner.compute()
    published(settled(runner.run.tidy()))
    assert "growth rises from 0.791 to 1.025 per cent a year" in runner.findings().report.abstract


@pytest.mark.slow
def test_the_example_of_the_design_runs_as_it_is_written(tmp_path):
    outcome = run_study(parse_study(DESIGN), tmp_path / "out", study_file="design.toml")
    assert outcome.failed_checks == ()
    frame = pd.read_csv(tmp_path / "out" / "results.csv")
    published(settled(frame))
    assert set(frame["regime"]) == {"baseline", "counterfactual", "autarky"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What a study leaves, with its figures."""
    out = tmp_path_factory.mktemp("growth") / "out"
    keys = "[growth.parameters]\ntrade_cost = 1.4\n[growth.counterfactual]\nhome_share = 0.85\n"
    sweep = "[growth.sweep]\nparameter = 'home_share'\nvalues = [0.9, 0.8]\n"
    outcome = run_study(parse_study(growth("sampson", keys + sweep)), out, study_file="sampson.toml")
    assert outcome.failed_checks == ()
    return out


def test_the_folder_holds_figures_a_report_and_where_numbers_come_from(folder):
    named = {"results.csv", "sweep.csv", "report.html", "provenance.json", "figures"}
    assert named == {item.name for item in folder.iterdir()}
    drawn = {item.name for item in (folder / "figures").iterdir()}
    assert drawn == {"regimes.svg", "consumption.svg", "sweep.svg", "mechanism.svg"}
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    parameters = {item["name"]: item for item in record["parameters"]}
    assert parameters["trade_cost"]["source"] == "study file"
    assert parameters["trade_cost"]["value"] == 1.4
    assert parameters["elasticity_of_substitution"]["symbol"] == "σ"
    assert "sampson2016" in record["citation_keys"]
    frame = pd.read_csv(folder / "sweep.csv")
    labels = ["mechanism", "variant", "regime", "parameter", "parameter_value"]
    assert list(frame.columns) == ["variable", "value", "unit", *labels]
    assert settled(pd.read_csv(folder / "results.csv"))["counterfactual", "home_share"] == pytest.approx(0.85)


@pytest.mark.parametrize("mechanism", CHANGES)
def test_every_mechanism_gives_the_numbers_of_its_solver(mechanism):
    variant = QUICK.get(mechanism, "")
    text = growth(mechanism, f"autarky = false\n[growth.counterfactual]\n{CHANGES[mechanism]}\n", variant)
    runner = computed(text)
    expected = mechanisms[mechanism].counterfactual(changed=tomllib.loads(CHANGES[mechanism]), variant=variant or None)
    got = values(runner)
    assert got["baseline", "growth"] == expected.baseline.growth
    assert got["counterfactual", "growth"] == pytest.approx(expected.counterfactual.growth, rel=1e-14)
    assert got["counterfactual", "welfare_transition"] == pytest.approx(expected.welfare_transition, rel=1e-12)
    assert got["counterfactual", "static_gain"] == pytest.approx(expected.static_gain, rel=1e-12, abs=1e-12)
    for name, value in expected.extra.items():
        assert got["counterfactual", name] == pytest.approx(value, rel=1e-12)
    assert ("autarky", "growth") not in got
    on_path = runner.run.tidy()["time"].notna().any()
    assert on_path == (expected.path is not None)


def test_mechanisms_and_default_facts_of_studies_are_those_of_the_package():
    assert typing.get_args(MechanismName) == tuple(mechanisms)
    assert set(CHANGES) == set(mechanisms)
    assert GrowthFacts().facts == Facts()


def test_autarky_is_added_and_can_be_left_out():
    got = values(computed(growth("sampson")))
    closed = mechanisms["sampson"].counterfactual()
    assert got["autarky", "welfare_transition"] == closed.welfare_transition
    assert got["autarky", "home_share"] == 1
    assert {regime for regime, _ in values(computed(growth("sampson", "autarky = false")))} == {"baseline"}


def test_a_home_share_moves_the_trade_cost():
    runner = computed(growth("sampson", "[growth.counterfactual]\nhome_share = 0.85\nexport_cost = 1.1\n"))
    point = runner.run.regime("counterfactual").point
    assert point.home_share == pytest.approx(0.85, abs=1e-12)
    assert point.parameters.export_cost == 1.1
    assert point.parameters.trade_cost != mechanisms["sampson"].defaults("dynamic-selection").trade_cost


def test_cheap_trade_without_a_solution_does_not_hide_a_home_share():
    text = growth("baldwin-robert-nicoud", "[growth.counterfactual]\nhome_share = 0.8\n", "reverse-engineering")
    assert computed(text).run.regime("counterfactual").point.home_share == pytest.approx(0.8, abs=1e-12)


def test_facts_are_met_and_what_a_mechanism_cannot_meet_is_said(tmp_path):
    text = growth("variety-expansion", "[growth.calibrate]\ngrowth = 0.015\nhome_share = 0.7\n")
    got = values(computed(text))
    assert got["baseline", "growth"] == pytest.approx(0.015, rel=1e-12)
    assert got["baseline", "home_share"] == pytest.approx(0.7, rel=1e-12)
    assert got["baseline", "interest_rate"] == pytest.approx(0.0283, rel=1e-12)
    findings = computed(growth("national-spillovers", "[growth.calibrate]\n")).findings()
    assert any("home share 0.5168, not 0.8937 as the facts say" in text for text in findings.report.warnings)


def test_parameters_on_top_of_facts_may_break_them_and_that_is_said():
    text = growth("variety-expansion", "[growth.calibrate]\n[growth.parameters]\nrnd_cost = 3.0\n")
    findings = computed(text).findings()
    assert any(text.startswith("The baseline has growth ") for text in findings.report.warnings)
    sources = {item.name: item.source for item in findings.report.parameters}
    assert sources["rnd_cost"] == "study file"
    assert sources["trade_cost"] == "the facts of the study"


def test_matrices_are_given_row_by_row_and_relative_costs_follow_the_number_of_countries():
    text = growth(
        "partial-spillovers",
        "[growth.parameters]\nlabour = [1.0, 2.0]\nrnd_cost = [8.0, 10.0]\nspillovers = [[1.0, 0.3], [0.2, 1.0]]\n",
    )
    runner = computed(text)
    parameters = runner.run.point.parameters
    np.testing.assert_array_equal(parameters.relative_trade_costs, np.ones((2, 2)))
    # growth is an eigenvalue of diag(L / a) times the transpose: row sends, column receives
    root = max(np.linalg.eigvals(np.array([[1 / 8, 0.2 / 8], [0.3 * 2 / 10, 2 / 10]])).real)
    sigma, rho = parameters.elasticity_of_substitution, parameters.discount_rate
    assert runner.run.point.home("innovation") == pytest.approx((root - (sigma - 1) * rho) / sigma, rel=1e-12)
    records = {item.name: item for item in runner.findings().report.parameters}
    assert records["spillovers of source 2"].value == [0.2, 1.0]
    assert records["relative_trade_costs of source 1"].source == "default, for as many countries"
    assert records["labour"].symbol == "L_{c}"


def test_a_large_matrix_is_summed_up():
    text = growth("partial-spillovers", "autarky = false\n[growth.calibrate]\ncountries = 13\n")
    records = {item.name: item.value for item in computed(text).findings().report.parameters}
    assert records["spillovers"] == "13 × 13 numbers from 0.5 to 1"
    assert len(records["labour"]) == 13


def test_times_choose_the_years_of_the_path():
    keys = "autarky = false\ntimes = [0, 2.5, 10]\n[growth.counterfactual]\ntrade_cost = 2.8\n"
    text = growth("perla-tonetti-waugh", keys, "no-shocks")
    runner = computed(text)
    frame = runner.run.tidy()
    path = frame[frame["time"].notna()]
    assert sorted(set(path["time"])) == [0, 2.5, 10]
    assert {"consumption", "consumption_against_baseline", "varieties"} <= set(path["variable"])
    solved = mechanisms["perla-tonetti-waugh"].counterfactual(changed={"trade_cost": 2.8}, variant="no-shocks").path
    home = np.interp(2.5, solved.time, np.log(solved.paths["consumption"]))  # logarithms are straight lines
    row = path.query("variable == 'consumption' and time == 2.5")["value"].item()
    assert row == pytest.approx(np.exp(home), rel=1e-12)


def test_years_beyond_the_path_to_autarky_do_not_stop_the_study():
    model, changed = mechanisms["partial-spillovers"], tomllib.loads(f"spillovers = {MATRIX}")
    last = float(model.counterfactual(changed=changed).path.time[-1])
    assert last > 10 + model.counterfactual().path.time[-1]
    text = f"times = [0, 10, {last - 1}]\n[growth.counterfactual]\nspillovers = {MATRIX}\n"
    frame = computed(growth("partial-spillovers", text)).run.tidy()
    on_path = frame[frame["time"].notna()].groupby("regime")["time"].agg(set)
    assert on_path["counterfactual"] == {0, 10, last - 1}
    assert on_path["autarky"] == {0, 10}


def test_infinity_is_kept_in_words_where_the_study_is_written_down():
    text = growth(
        "sampson", "[growth.parameters]\ntrade_cost = inf\n[growth.sweep]\nparameter = 'labour'\nfrom = 1\nto = 2\n"
    )
    written = parse_study(text).model_dump(mode="json", by_alias=True, exclude_none=True)["growth"]
    assert written["parameters"] == {"trade_cost": "inf"}
    assert (written["sweep"]["from"], written["sweep"]["to"]) == (1, 2)
    assert json.loads(json.dumps(written, allow_nan=False)) == written


def test_an_economy_that_jumps_is_on_its_new_path_at_once():
    text = growth("sampson", "autarky = false\ntimes = [0, 20]\n[growth.counterfactual]\ntrade_cost = 1.2\n")
    frame = computed(text).run.tidy().query("variable == 'consumption' and time == 20")
    after = mechanisms["sampson"].counterfactual(changed={"trade_cost": 1.2}).counterfactual
    assert frame["value"].item() == pytest.approx(after.consumption * np.exp(20 * after.growth), rel=1e-12)


def test_the_same_change_in_other_variants():
    model = mechanisms["baldwin-robert-nicoud"]
    keys = 'autarky = false\ncompare = ["coe-helpman", "lab-equipment"]\n[growth.counterfactual]\nhome_share = 0.85\n'
    runner = computed(growth("baldwin-robert-nicoud", keys, "grossman-helpman"))
    frame = runner.run.tidy()
    assert set(frame["variant"]) == {"grossman-helpman", "coe-helpman", "lab-equipment"}
    for variant in ("coe-helpman", "lab-equipment"):
        p = model.defaults(variant)
        expected = model.counterfactual(p, model.liberalise(p, 0.85, variant=variant), variant=variant)
        got = settled(frame[frame["variant"] == variant])
        assert got["baseline", "growth"] == expected.baseline.growth
        assert got["counterfactual", "welfare_transition"] == pytest.approx(expected.welfare_transition, rel=1e-9)
    findings = runner.findings()
    section = next(s for s in findings.report.sections if s.heading == "The same change in other variants")
    assert section.content[0] == "Growth rises in lab-equipment; it falls in grossman-helpman and coe-helpman."
    assert [row[0] for row in section.content[1].rows] == ["grossman-helpman", "coe-helpman", "lab-equipment"]


def test_a_variant_without_a_solution_is_said_and_autarky_is_compared_where_nothing_else_is():
    text = growth("perla-tonetti-waugh", 'compare = ["fixed-mass-labour-cost", "corrected"]\n', "no-shocks")
    runner = computed(text + "[growth.parameters]\nvolatility = 0\n")
    assert "volatility must be above 0 in corrected" in runner.run.unsolved["corrected"]
    (other,) = runner.run.others
    assert (other.variant, other.counterfactual.regime, other.counterfactual.home_share) == (
        "fixed-mass-labour-cost",
        "autarky",
        1,
    )
    assert any(text.startswith("corrected: no solution.") for text in runner.findings().report.warnings)


def test_a_sweep_repeats_the_comparison_at_each_value():
    text = growth(
        "sampson",
        "[growth.counterfactual]\ntrade_cost = 1.2\n[growth.sweep]\nparameter = 'entry_scale'\nvalues = [0.9, 0.95]\n",
    )
    sweep = computed(text).run.sweep
    expected = [
        mechanisms["sampson"].counterfactual(mechanisms["sampson"].parameters(entry_scale=v), {"trade_cost": 1.2})
        for v in (0.9, 0.95)
    ]
    np.testing.assert_allclose(
        sweep.series(lambda p: p.welfare_transition), [e.welfare_transition for e in expected], rtol=1e-14
    )
    frame = sweep.tidy()
    assert set(frame["regime"]) == {"baseline", "counterfactual"}
    assert set(frame["parameter_value"]) == {0.9, 0.95}
    assert set(frame["parameter"]) == {"entry_scale"}


def test_a_parameter_of_the_counterfactual_varies_there_alone_and_home_share_is_a_target():
    text = "[growth.counterfactual]\n{}\n[growth.sweep]\nparameter = '{}'\nfrom = {}\nto = {}\ncount = 3\n"
    sweep = computed(growth("sampson", text.format("trade_cost = 1.2", "trade_cost", 1.3, 1.1))).run.sweep
    assert sweep.values == (1.3, pytest.approx(1.2), 1.1)
    assert len({point.baseline.growth for point in sweep.points}) == 1
    assert [point.counterfactual.parameters.trade_cost for point in sweep.points] == list(sweep.values)
    target = computed(growth("sampson", text.format("export_cost = 1.1", "home_share", 0.9, 0.8))).run.sweep
    np.testing.assert_allclose(target.series(lambda p: p.counterfactual.home_share), [0.9, 0.85, 0.8], atol=1e-12)
    assert all(point.counterfactual.parameters.export_cost == 1.1 for point in target.points)


def test_a_sweep_of_one_number_of_a_matrix_and_without_another_regime():
    text = growth(
        "partial-spillovers",
        "autarky = false\n[growth.sweep]\nparameter = 'spillovers'\nplace = [2, 1]\nvalues = [0.1, 0.4]\n",
    )
    sweep = computed(text).run.sweep
    assert sweep.parameter == "spillovers [2, 1]"
    assert [point.parameters.spillovers[1, 0] for point in sweep.points] == [0.1, 0.4]
    assert sweep.points[0].growth < sweep.points[1].growth
    spaced = 'autarky = false\n[growth.sweep]\nparameter = "rnd_cost"\nfrom = 1\nto = 4\ncount = 3\nspacing = "log"\n'
    assert computed(growth("variety-expansion", spaced)).run.sweep.values == pytest.approx((1, 2, 4))


def test_a_value_without_a_path_still_has_its_growth(no_path):
    keys = "[growth.counterfactual]\ntrade_cost = 1.2\n[growth.sweep]\nparameter = 'trade_cost'\nvalues = [1.2, 1.1]\n"
    sweep = computed(growth("sampson", keys)).run.sweep
    assert sweep.refused == {}
    assert [np.isnan(point.welfare_transition) for point in sweep.points] == [False, True]
    assert sweep.points[1].counterfactual.growth > sweep.points[0].counterfactual.growth
    last = sweep.tidy().query("parameter_value == 1.1")
    assert "growth" in set(last["variable"])
    assert "welfare_transition" not in set(last["variable"])


def test_values_without_a_solution_are_left_empty_and_counted():
    text = growth("sampson", "autarky = false\n[growth.sweep]\nparameter = 'pareto_shape'\nvalues = [7.0, 8.0]\n")
    runner = computed(text)
    assert runner.run.sweep.points[0] is None
    assert "tail" in runner.run.sweep.refused[7.0]
    assert np.isnan(runner.run.sweep.series(lambda p: p.growth)[0])
    assert set(runner.run.sweep.tidy()["parameter_value"]) == {8.0}
    assert "No solution at 1 of 2 values of pareto_shape." in runner.findings().report.warnings


@pytest.mark.parametrize(
    ("mechanism", "keys", "words"),
    [
        ("variety-expansion", "rnd_cost = 50", "labour must exceed"),
        ("quality-ladders", "rnd_cost = 50", "no research in home and foreign"),
        ("national-spillovers", "rnd_cost = 50", "no research in home and foreign"),
        ("partial-spillovers", "discount_rate = 0.5", "must exceed 1"),
        ("sampson", "entry_cost = 400\npopulation_growth = 0", "no entry and no growth"),
    ],
)
def test_a_corner_is_solved_and_named(mechanism, keys, words):
    runner = computed(growth(mechanism, f"autarky = false\n[growth.parameters]\n{keys}\n"))
    findings = runner.findings()
    assert runner.run.point.growth == 0
    assert words in findings.report.abstract
    assert any(words in text for text in findings.report.warnings)
    assert findings.report.failed_checks == ()


@pytest.fixture
def no_path(monkeypatch):
    """Sampson's economy, as if it took time and its path were undefined where trade costs are 1.1."""
    model = type(mechanisms["sampson"])

    def with_transition(self, before, after):
        if after.parameters.trade_cost == 1.1:
            raise InputError("sampson: a path to it is not defined")
        return self.equivalent(after.welfare, before.welfare, before.parameters), None

    monkeypatch.setattr(model, "with_transition", with_transition)
    monkeypatch.setattr(model, "has_transition", True)


def test_where_the_path_is_undefined_growth_paths_are_still_compared(no_path):
    runner = computed(growth("sampson", "autarky = false\n[growth.counterfactual]\ntrade_cost = 1.1\n"))
    got = values(runner)
    right = mechanisms["sampson"].solve(mechanisms["sampson"].parameters(trade_cost=1.1)).value
    assert got["counterfactual", "growth"] == right.growth
    assert not {"welfare_transition", "dynamic_gain", "half_life"} & {name for _, name in got}
    assert got["counterfactual", "welfare_steady_state"] > 0
    findings = runner.findings()
    assert any("a path to it is not defined" in text for text in findings.report.warnings)
    assert "between balanced growth paths, rises by" in findings.report.abstract


def test_autarky_without_a_solution_is_said_and_the_rest_is_kept():
    text = growth(
        "heckscher-ohlin-innovation",
        "[growth.parameters]\nhome_human_capital = 2.0\nforeign_human_capital = 0.1\nforeign_labour = 3.0\n"
        "[growth.counterfactual]\nrnd_cost = 4.0\n",
    )
    runner = computed(text)
    assert runner.run.missing["autarky"].startswith("heckscher-ohlin-innovation")  # nobody asked for it by a key
    assert "would invent nothing" in runner.run.missing["autarky"]
    assert runner.run.regime("counterfactual") is not None
    assert any(text.startswith("autarky: no solution.") for text in runner.findings().report.warnings)


# ---------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (growth("sampsen"), ('key "growth.mechanism" (line 3)', 'Did you mean "sampson"?', "Allowed:")),
        ("schema = 1\n[growth]\n", ('key "growth.mechanism" is missing',)),
        (growth("sampson", variant="static"), ('key "growth.variant"', 'Allowed: "dynamic-selection"')),
        (growth("feenstra", variant="capital-mobilty"), ('Did you mean "capital-mobility"?',)),
        (
            growth("sampson", "[growth.parameters]\ntrade_costs = 2\n"),
            ('key "growth.parameters.trade_costs" (line 6)', 'Did you mean "trade_cost"?', "Its parameters are"),
        ),
        (
            growth("sampson", "[growth.parameters]\nhome_share = 0.8\n"),
            ('"growth.parameters.home_share"', "belongs in [growth.counterfactual]"),
        ),
        (
            growth("sampson", "[growth.parameters]\npareto_shape = -1\n"),
            ('"growth.parameters.pareto_shape" (line 6): -1 is not allowed; it must lie in (1, inf)',),
        ),
        (growth("sampson", "[growth.parameters]\ncountries = 2.5\n"), ("must lie in [1, inf) and be whole",)),
        (growth("sampson", "[growth.parameters]\ntrade_cost = nan\n"), ("nan is not allowed",)),
        (growth("sampson", '[growth.parameters]\ntrade_cost = "2"\n'), ("'2' is not a number", "without quotes")),
        (growth("feenstra", "[growth.parameters]\ntrade = true\n"), ("true is not a number; write 1 for yes and 0 for no",)),
        (growth("sampson", "parameters = 3\n"), ('key "growth.parameters" (line 5) is 3; it must be a table',)),
        (growth("sampson", "[growth.counterfactual]\n"), ('"growth.counterfactual"', "nothing changes")),
        (
            growth("perla-tonetti-waugh", "[growth.parameters]\npareto_shape = 2.0\n"),
            ('key "growth.parameters.pareto_shape" (line 6): pareto_shape is 2.0', "sales of all firms"),
        ),
        (
            growth("sampson", "[growth.counterfactual]\ndiscount_rate = 0.05\n"),
            ('key "growth.counterfactual.discount_rate" (line 6)', "welfare cannot compare two tastes"),
        ),
        (growth("sampson", "[growth.counterfactual]\nhome_share = 1.2\n"), ("1.2 is not a share of spending",)),
        (
            growth("sampson", "[growth.counterfactual]\nhome_share = 0.8\ntrade_cost = 2\n"),
            ('"growth.counterfactual.home_share"', "each of them sets the other"),
        ),
        (
            growth("feenstra", 'compare = ["financial-autarchy"]\n'),
            ('"growth.compare"', 'Did you mean "financial-autarky"?', 'Allowed: "financial-autarky"'),
        ),
        (growth("feenstra", 'compare = ["capital-mobility"]\n'), ("is the variant of the study itself",)),
        (growth("feenstra", 'compare = ["financial-autarky", "financial-autarky"]\n'), ("stands there twice",)),
        (growth("feenstra", 'autarky = false\ncompare = ["financial-autarky"]\n'), ("no other regime to compare",)),
        (growth("sampson", "times = [0, 5, 5]\n"), ('"growth.times"', "5 comes after 5")),
        (growth("sampson", "times = [-1, 5]\n"), ("-1 is before the change",)),
        (growth("sampson", "autarky = false\ntimes = [1]\n"), ("no other regime to go to",)),
        (growth("sampson", "[growth.calibrate]\nhome_share = 1.5\n"), ('"growth.calibrate.home_share"', "below 1")),
        (growth("sampson", "[growth.calibrate]\ngrowht = 0.02\n"), ('"growth.calibrate.growht"', 'Did you mean "growth"?')),
        (
            growth("partial-spillovers", "[growth.parameters]\nspillovers = [[1.0, 0.5], [0.2, 1.0, 0.4], [0.1, 0.2, 1.0]]\n"),
            ('"growth.parameters.spillovers"', "row 1 has 2 numbers, but there are 3 rows"),
        ),
        (
            growth("partial-spillovers", "[growth.parameters]\nspillovers = [[1, 0.5, 0], [0.2, 1, 1.4], [0.1, 0.2, 1]]\n"),
            ("row 2 (source), column 3 (receiver): 1.4 is not allowed; it must lie in [0, 1]",),
        ),
        (
            growth("partial-spillovers", '[growth.parameters]\nspillovers = [[1, "a", 0], [0.2, 1, 0.4], [0.1, 0.2, 1]]\n'),
            ("row 1 (source), column 2 (receiver): 'a' is not a number",),
        ),
        (growth("partial-spillovers", "[growth.parameters]\nspillovers = 0.5\n"), ("a list of rows, one a source",)),
        (growth("partial-spillovers", "[growth.parameters]\nlabour = 2\n"), ("one number a country",)),
        (growth("partial-spillovers", "[growth.parameters]\nlabour = [1, -2, 1]\n"), ("number 2: -2 is not allowed",)),
        (
            growth("partial-spillovers", "[growth.parameters]\nlabour = [1, 2]\n"),
            ('key "growth.parameters', "labour has 2 countries"),
        ),
        (
            growth("partial-spillovers", "[growth.parameters]\nlabour = [1, 2]\nrnd_cost = [1, 2, 3]\n"),
            ('key "growth.parameters', "2 countries"),
        ),
        (
            growth("buera-oberfield", "[growth.counterfactual]\nlabour = [1, 2]\narrival = [1, 1]\n"),
            ('key "growth.counterfactual.labour" (line 6): labour has 2 countries in one regime and 3 in the other',),
        ),
        (growth("sampson", "[growth.sweep]\nparameter = 'trade_cots'\nvalues = [1, 2]\n"), ('Did you mean "trade_cost"?',)),
        (growth("sampson", "[growth.sweep]\nparameter = 'trade_cost'\n"), ('"growth.sweep.from"', "give values")),
        (growth("sampson", "[growth.sweep]\nparameter = 'trade_cost'\nfrom = 2\n"), ('"growth.sweep.to"',)),
        (growth("sampson", "[growth.sweep]\nparameter = 'trade_cost'\nfrom = 2\nto = 2\n"), ("a range needs two ends",)),
        (growth("sampson", "[growth.sweep]\nparameter = 'trade_cost'\nvalues = [1, 2]\nto = 3\n"), ("listed already",)),
        (growth("sampson", "[growth.sweep]\nparameter = 'trade_cost'\nvalues = [2, 2]\n"), ("stands there twice",)),
        (
            growth("sampson", "[growth.sweep]\nparameter = 'trade_cost'\nvalues = [1.2, 0.5]\n"),
            ('"growth.sweep.values"', "value 2: 0.5 is not allowed; it must lie in [1, inf]"),
        ),
        (
            growth("sampson", "[growth.sweep]\nparameter = 'labour'\nfrom = 0\nto = 2\nspacing = 'log'\n"),
            ('"growth.sweep.spacing"', "above 0"),
        ),
        (growth("sampson", "[growth.sweep]\nparameter = 'labour'\nplace = [1]\nvalues = [1, 2]\n"), ("leave place out",)),
        (
            growth("partial-spillovers", "[growth.sweep]\nparameter = 'spillovers'\nvalues = [0.1, 0.2]\n"),
            ('"growth.sweep.place"', "place = [1, 2]"),
        ),
        (
            growth("partial-spillovers", "[growth.sweep]\nparameter = 'labour'\nplace = [4]\nvalues = [1, 2]\n"),
            ("4 is not there: labour has 3 countries",),
        ),
        (
            growth(
                "sampson",
                "[growth.counterfactual]\ntrade_cost = 1.2\n[growth.sweep]\nparameter = 'home_share'\nvalues = [0.8, 0.9]",
            ),
            ('"growth.sweep.parameter"', "sweep that"),
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_key(text, words):
    with pytest.raises(StudyError) as caught:
        parse_study(text, source="s.toml")
    assert str(caught.value).startswith("s.toml: ")
    for part in words:
        assert part in str(caught.value)


@pytest.mark.parametrize("mechanism", [n for n, m in mechanisms.items() if "trade_cost" not in m.definitions])
def test_a_mechanism_without_trade_costs_has_no_home_share_to_aim_at(mechanism):
    with pytest.raises(StudyError, match=r'"growth.counterfactual.home_share" \(line 6\): .* autarky \(trade = 0\)'):
        parse_study(growth(mechanism, "[growth.counterfactual]\nhome_share = 0.8\n"))
    with pytest.raises(StudyError, match=r'"growth.sweep.parameter" \(line 6\): .* has no trade cost'):
        parse_study(growth(mechanism, "[growth.sweep]\nparameter = 'home_share'\nvalues = [0.8, 0.9]\n"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            growth("variety-expansion", "[growth.parameters]\ninverse_ies = 0.5\ndiscount_rate = 0.001\n", "romer-1990"),
            ('key "growth.parameters.discount_rate", baseline', "lifetime utility is infinite: discount_rate must exceed"),
        ),
        (
            growth("partial-spillovers", "[growth.parameters]\nspillovers = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]\n"),
            ('key "growth.parameters.spillovers", baseline', "reducible", "leads"),
        ),
        (
            growth("sampson", "[growth.parameters]\npareto_shape = 5.0\n"),
            ('key "growth.parameters.pareto_shape", baseline', "tail index", "must exceed"),
        ),
        (
            growth("perla-tonetti-waugh", "[growth.counterfactual]\nadoption_entry_ratio = 0.9\n"),
            ('key "growth.counterfactual.adoption_entry_ratio", counterfactual', "adoption"),
        ),
        (
            growth("variety-expansion", "[growth.counterfactual]\nhome_share = 0.3\n"),
            ('key "growth.counterfactual.home_share", counterfactual', "between 0.5 (free trade) and 1"),
        ),
        (
            growth("variety-expansion", "[growth.calibrate]\ninterest_rate = 0.005\n"),
            ('key "growth.calibrate", baseline', "interest rate must exceed growth"),
        ),
        (
            growth("perla-tonetti-waugh", "times = [0, 100000]\n[growth.counterfactual]\ntrade_cost = 2.8\n", "no-shocks"),
            ('key "growth.times", counterfactual: year 100000 lies beyond the path',),
        ),
        (
            growth("perla-tonetti-waugh", "times = [0, 10]\n[growth.parameters]\ninverse_ies = 2\n", "corrected"),
            ('key "growth.times", autarky: perla-tonetti-waugh (corrected) has no path at these parameters',),
        ),
        (
            growth(
                "partial-spillovers",
                "[growth.calibrate]\ncountries = 4\n[growth.sweep]\nparameter = 'labour'\nplace = [5]\nvalues = [1, 2]\n",
            ),
            ('key "growth.sweep.place": 5 is not there: labour has 4 countries',),
        ),
        (
            growth("variety-expansion", "[growth.calibrate]\n[growth.counterfactual]\ndiscount_rate = 0.05\n"),
            ('key "growth.counterfactual.discount_rate", counterfactual', "two tastes"),
        ),
        (
            growth("sampson", "[growth.sweep]\nparameter = 'pareto_shape'\nvalues = [4, 5]\n"),
            ('key "growth.sweep": no value of pareto_shape has a solution; at 4:', "tail index"),
        ),
    ],
)  # fmt: skip
def test_what_shows_only_when_solving_names_the_key(text, words):
    with pytest.raises(ValueError) as caught:
        computed(text)
    for part in words:
        assert part in str(caught.value)


def test_the_command_line_ends_with_2_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("bad.toml").write_text(growth("sampson", "[growth.parameters]\npareto_shape = 5.0\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["tradewinds", "run", "bad.toml"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert 'error: bad.toml: key "growth.parameters.pareto_shape", baseline: sampson' in capsys.readouterr().err
    assert [item.name for item in tmp_path.iterdir()] == ["bad.toml"]


# ---------------------------------------------------------------------- files that ship


def test_studies_of_the_page_on_them_run_and_give_its_numbers():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "run-a-growth-study.md").read_text(encoding="utf-8")
    studies = [part.split("```")[0] for part in page.split("```toml\n")[1:]]
    assert len(studies) == 3
    assert parse_study(studies[0]).growth == parse_study(DESIGN).growth
    for text in studies[1:]:
        runner = computed(text.replace("[growth]\n", "[growth]\nclaims = false\n"))
        assert runner.run.stops == []
        assert runner.run.sweep.refused == {}


def test_the_starter_names_every_mechanism_and_variant_and_its_commented_keys_work(tmp_path):
    (study,) = write_starter("growth", tmp_path)
    text = study.read_text(encoding="utf-8")
    for name, mechanism in mechanisms.items():
        (line,) = [line for line in text.splitlines() if line.startswith(f"#   {name} ")]
        for variant in mechanism.variants:
            assert variant in line
    assert read_study(study).growth.mechanism == "perla-tonetti-waugh"
    rows = []
    for line in text.splitlines():
        key = line.removeprefix("# ")
        is_key = line.startswith("# ") and (key.startswith("[growth") or re.match(r"[a-z_]+ = ", key))
        keep = is_key and not key.startswith(("values", "place", "home_share = 0.85"))  # those stand for others
        rows.append(key if keep else line)
    settings = parse_study("\n".join(rows)).growth
    assert settings.autarky is False
    assert settings.calibrate.growth == 0.02
    assert settings.sweep.spacing == "log"


SHIPPED = [name for name in list_studies() if "[growth]" in study_text(name)]


def test_every_mechanism_has_a_study_that_ships_and_asks_something():
    settings = {name: parse_study(study_text(name)) for name in SHIPPED}
    assert {each.growth.mechanism for each in settings.values()} == set(mechanisms)
    for name, each in settings.items():
        assert each.title.endswith("?"), name
        assert len(each.description) > 40, name
        assert f"tradewinds run {name}" in study_text(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow) if any(f'"{m}"' in study_text(name) for m in LONG) else name
        for name in SHIPPED
    ],
)
def test_studies_that_ship_are_solved(name):
    settings = parse_study(study_text(name)).growth
    runner = GrowthRunner(settings.model_copy(update={"claims": False, "sweep": None}), Path())
    runner.compute()
    assert runner.run.stops == []
    assert runner.run.asked is not None
    assert runner.run.regime("counterfactual") is None or runner.run.regime("counterfactual").problem == ""
