"""Studies of firms with named scenarios: trade costs by pair, inline and from files, parameters, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import StudyError
from tradewinds.firms import ChaneyParameters, ParetoParameters, UniformParameters, select, solve
from tradewinds.study import parse_study, read_study, run_study

NAMES = ["a", "b", "c"]
COSTS = [[1.0, 1.5, 1.8], [1.3, 1.0, 1.4], [2.0, 1.6, 1.0]]
CHANEY = 'schema = 1\n[firms]\nmodel = "melitz-chaney"\n[firms.parameters]\ncountries = ["a", "b", "c"]\n'
PARETO = CHANEY.replace("melitz-chaney", "melitz-ottaviano-pareto")
PLAIN = "schema = 1\n[firms]\n"


def scenario(name: str, text: str) -> str:
    return f'[[firms.scenarios]]\nname = "{name}"\n{text}\n'


def run(text: str, folder: Path):
    study = folder / "study.toml"
    study.write_text(text, encoding="utf-8")
    return run_study(read_study(study), folder / "out", study_file=study)


def numbers(folder: Path, variable: str, name: str) -> list[float]:
    frame = pd.read_csv(folder / "out" / "results.csv")
    return frame[(frame["variable"] == variable) & (frame["scenario"] == name)]["value"].tolist()


def costs_csv(folder: Path, *, own: bool = True, turned: bool = False) -> Path:
    rows = [(NAMES[i], NAMES[j], COSTS[i][j]) for i in range(3) for j in range(3) if own or i != j]
    frame = pd.DataFrame(rows[::-1] if turned else rows, columns=["exporter", "importer", "trade_cost"])
    path = folder / "costs.csv"
    frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("head", "parameters", "variable"),
    [(CHANEY, ChaneyParameters, "real_wage"), (PARETO, ParetoParameters, "welfare")],
)
def test_costs_by_pair_give_the_numbers_of_the_solver(tmp_path, head, parameters, variable):
    outcome = run(head + scenario("pairs", f"trade_cost = {COSTS}") + scenario("even", "trade_cost = 1.5"), tmp_path)
    assert outcome.failed_checks == ()
    for name, cost in (("pairs", COSTS), ("even", 1.5)):
        point = solve(parameters(countries=NAMES, trade_cost=cost)).value
        np.testing.assert_allclose(numbers(tmp_path, variable, name), getattr(point, variable), rtol=1e-12)
    assert "From pairs to even" in outcome.headline
    pairs = pd.read_csv(tmp_path / "out" / "bilateral.csv")
    np.testing.assert_allclose(pairs.groupby(["scenario", "importer"])["share"].sum(), 1, rtol=1e-12)
    there = pairs.set_index(["scenario", "exporter", "importer"])["trade_cost"]
    assert there["pairs", "a", "c"] == 1.8 and there["pairs", "c", "a"] == 2.0  # row sends, column receives
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Who sells to whom" in page and "Trade costs: pairs" in page and "Trade costs: even" not in page
    own = {item["name"]: item for item in json.loads((tmp_path / "out" / "provenance.json").read_text())["parameters"]}
    assert own["trade_cost"]["value"] == {"pairs": "by pair, 1.3 to 2", "even": 1.5}


def test_a_matrix_of_one_cost_is_that_cost(tmp_path):
    even = [[1.0 if i == j else 1.5 for j in range(3)] for i in range(3)]
    run(CHANEY + scenario("matrix", f"trade_cost = {even}") + scenario("number", "trade_cost = 1.5"), tmp_path)
    frame = pd.read_csv(tmp_path / "out" / "results.csv")
    wide = frame.pivot(index=["variable", "country"], columns="scenario", values="value")
    np.testing.assert_allclose(wide["matrix"], wide["number"], rtol=1e-12)


def test_costs_from_a_file_are_matched_by_name(tmp_path):
    costs_csv(tmp_path, own=False, turned=True)
    text = CHANEY + "labour = [100, 50, 10]\n" + scenario("file", 'trade_cost = { file = "costs.csv" }')
    outcome = run(text + scenario("inline", f"trade_cost = {COSTS}"), tmp_path)
    assert outcome.failed_checks == ()
    np.testing.assert_allclose(
        numbers(tmp_path, "real_wage", "file"), numbers(tmp_path, "real_wage", "inline"), rtol=1e-12
    )
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in record["datasets"]] == ["costs.csv"]
    assert record["study"]["content"]["firms"]["scenarios"][0]["trade_cost"] == {"file": "costs.csv"}


def test_a_file_names_the_countries_where_the_study_does_not(tmp_path):
    costs_csv(tmp_path)
    text = 'schema = 1\n[firms]\nmodel = "melitz-ottaviano-pareto"\n'
    run(text + scenario("file", 'trade_cost = { file = "costs.csv" }'), tmp_path)
    frame = pd.read_csv(tmp_path / "out" / "results.csv")
    assert list(dict.fromkeys(frame["country"])) == NAMES


def test_a_fixed_cost_of_exporting_by_pair(tmp_path):
    fixed = [[1.0, 2.0, 3.0], [2.5, 1.0, 3.5], [2.0, 2.0, 1.0]]
    run(CHANEY + f"export_fixed_cost = {fixed}\n" + scenario("x", "trade_cost = 1.5"), tmp_path)
    point = solve(ChaneyParameters(countries=NAMES, trade_cost=1.5, export_fixed_cost=fixed)).value
    np.testing.assert_allclose(numbers(tmp_path, "home_share", "x"), point.home_share, rtol=1e-12)


def test_parameters_of_a_scenario_go_before_those_of_the_study(tmp_path):
    text = PLAIN + "trade_cost = [0.5]\n[firms.parameters]\nentry_cost = 0.05\n"
    text += scenario("cheap", "parameters = { entry_cost = 0.04 }") + scenario("as it was", "")
    text += scenario("closed", "trade_cost = inf")
    outcome = run(text, tmp_path)
    for name, changes in (
        ("cheap", {"entry_cost": 0.04, "trade_cost": 0.5}),
        ("as it was", {"entry_cost": 0.05, "trade_cost": 0.5}),
        ("closed", {"entry_cost": 0.05}),
    ):
        assert numbers(tmp_path, "cost_cutoff", name) == [
            pytest.approx(solve(UniformParameters(**changes)).value.cost_cutoff, rel=1e-12)
        ]
    assert outcome.headline.startswith("From cheap to closed: cost cutoff ")
    changes = pd.read_csv(tmp_path / "out" / "changes.csv")
    assert changes["scenario"].nunique() == 2
    assert {path.stem for path in (tmp_path / "out" / "figures").iterdir()} >= {"scenarios", "change-1", "change-2"}
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    own = {item["name"]: item for item in record["parameters"]}
    assert own["entry_cost"]["value"] == {"cheap": 0.04, "as it was": 0.05, "closed": 0.05}
    assert own["trade_cost"]["value"] == {"cheap": 0.5, "as it was": 0.5, "closed": "infinite"}


def test_firms_that_draw_from_other_costs_are_not_followed(tmp_path):
    text = (
        PLAIN + "trade_cost = [0.5]\n" + scenario("short", "") + scenario("long", "parameters = { maximum_cost = 2 }")
    )
    outcome = run(text, tmp_path)
    assert outcome.failed_checks == () and not (tmp_path / "out" / "changes.csv").exists()


def test_innovation_in_one_scenario_only(tmp_path):
    with_it = "parameters = { innovation_cost = 0.02, innovation_cost_reduction = 0.05 }"
    run(PLAIN + "trade_cost = [0.5]\n" + scenario("without", "") + scenario("with", with_it), tmp_path)
    assert numbers(tmp_path, "innovation_cutoff_exact", "with") and not numbers(
        tmp_path, "innovation_cutoff_exact", "without"
    )


SELECTION = "[firms.selection]\ninnovation_cost = 0.02\nlargest_reduction = 0.2\n"


@pytest.mark.parametrize("equilibrium", [True, False])
def test_a_second_dimension_gives_the_numbers_of_the_model(tmp_path, equilibrium):
    text = PLAIN + "trade_cost = [0.8, 0.4, 0.6]\n" + SELECTION + f"equilibrium = {str(equilibrium).lower()}\n"
    outcome = run(text, tmp_path)
    assert outcome.failed_checks == ()
    frame = pd.read_csv(tmp_path / "out" / "selection.csv")
    assert set(frame["scenario"]) == {"trade_cost=0.8 to trade_cost=0.4"}  # trade does not get cheaper after that
    found = select(
        UniformParameters(trade_cost=0.8), UniformParameters(trade_cost=0.4), innovation_cost=0.02, largest_reduction=0.2,
        equilibrium=equilibrium,
    )  # fmt: skip
    value = frame[frame["variable"] == "selection_correlation"]["value"].item()
    assert value == pytest.approx(found.correlation, rel=1e-12) and value < 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert ("long run in which they innovate" in " ".join(page.split())) == equilibrium
    assert (tmp_path / "out" / "figures" / "selection-1.svg").exists()


def test_a_second_dimension_needs_scenarios_of_which_one_is_cheaper(tmp_path):
    text = PLAIN + SELECTION + scenario("a", "trade_cost = 0.4") + scenario("b", "trade_cost = 0.8")
    with pytest.raises(StudyError, match=r'key "firms\.selection": no scenario differs from the one before it'):
        run(text, tmp_path)
    cheap = PLAIN + "trade_cost = [0.8, 0.4]\n[firms.selection]\ninnovation_cost = 1e-6\nlargest_reduction = 4.0\n"
    with pytest.raises(
        StudyError, match=r'key "firms\.selection": innovation_cost is 1e-06 for falls up to 4: so cheap'
    ):
        run(cheap, tmp_path)


def test_names_are_text_and_nothing_else(tmp_path):
    name = "<script>alert(1)</script> *a_b* $x$"
    outcome = run(PLAIN + scenario(name, "trade_cost = 0.5") + scenario("after", "trade_cost = 0.3"), tmp_path)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert outcome.failed_checks == () and numbers(tmp_path, "cost_cutoff", name)


def test_widgets_in_more_countries(tmp_path):
    text = (
        'schema = 1\n[firms]\nmodel = "krugman-widgets"\n'
        + scenario("two", "")
        + scenario("three", "parameters = { countries = 3 }")
    )
    run(text, tmp_path)
    assert max(numbers(tmp_path, "varieties", "two")) == 4 and max(numbers(tmp_path, "varieties", "three")) == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CHANEY + scenario("x", f"trade_cost = {COSTS[:2]}"), ("row 1 has 3 numbers, and there are 2 rows", "square")),
        (CHANEY + scenario("x", "trade_cost = [[1, 1.5], [1.5, 1]]"), ("shape (2, 2)", "the countries a, b, c")),
        (CHANEY + scenario("x", "trade_cost = [[1, 2, 2], [2, 1.1, 2], [2, 2, 1]]"), ("from b to itself is 1.1", "must be 1")),
        (CHANEY + scenario("x", "trade_cost = [[1, 2, 2], [2, 1, 0.9], [2, 2, 1]]"), ("from b to c is 0.9", "at least 1")),
        (CHANEY + scenario("x", "trade_cost = [[1, 2, nan], [2, 1, 2], [2, 2, 1]]"), ("row 1, column 3 is nan",)),
        (CHANEY + scenario("x", "trade_cost = [[1, 2, 2], [2, 1, '2'], [2, 2, 1]]"), ("row 2, column 3 is '2'",)),
        (CHANEY + scenario("x", "trade_cost = [[1, 2, 2], 3, [2, 2, 1]]"), ("row 2 is 3",)),
        (CHANEY + scenario("x", "trade_cost = 'dear'"), ("'dear' is neither a number", "matrix")),
        (CHANEY + scenario("x", "trade_cost = { name = 'costs.csv' }"), ('{ file = "costs.csv" }',)),
        (CHANEY + scenario("x", ""), ('key "firms.scenarios" (line 6)', '"x" has no trade_cost')),
        (CHANEY + scenario("x", "trade_cost = 2") * 2, ('key "firms.scenarios.name" (line 10): two scenarios are called "x"',)),
        (CHANEY + scenario("x", "trade_cost = 2\ntarifs = 3"), ('"firms.scenarios.tarifs"', 'Did you mean "tariffs"?')),
        (CHANEY + scenario("x", "trade_cost = 2\ntariffs = 't.csv'"), ("belongs to caliendo-parro",)),
        (CHANEY + scenario("x", "trade_cost = 2\nparameters = { pareto_shape = 3 }"),
         ('key "firms.scenarios.parameters.pareto_shape" (line 9)', "must be above 3")),
        (CHANEY + scenario("x", "trade_cost = 2\nparameters = { overhead = 3 }"),
         ('key "firms.scenarios.parameters.overhead" (line 9)', "krugman-widgets")),
        (CHANEY + "export_fixed_cost = [[1, 2], [1, 1, 1]]\n" + scenario("x", "trade_cost = 2"), ("row 2 has 3 numbers",)),
        (PLAIN + scenario("x", "trade_cost = [[0, 1], [1, 0]]"), ("countries are identical", "melitz-ottaviano-pareto")),
        (PLAIN + scenario("x", "trade_cost = { file = 'c.csv' }"), ("countries are identical",)),
        (PLAIN + "trade_cost = [1, 2]\n" + scenario("x", ""), ('key "firms.trade_cost" (line 3)', "2 values")),
        (PLAIN + "market_size = [1]\n" + scenario("x", "trade_cost = 1"), ('key "firms.market_size"',)),
        (PLAIN + "trade_cost = [[1, 2], [2, 1]]", ("a matrix is the trade costs of one scenario", "[[firms.scenarios]]")),
        (PLAIN + scenario("a\\nb", "trade_cost = 1"), ('key "firms.scenarios.name" (line 4)', "one line of text")),
        (PLAIN + "scenarios = []", ('key "firms.scenarios"', "at least 1 value")),
        (PLAIN + "trade_cost = [1]\ntables = 'x'", ('key "firms.tables"', "belongs to caliendo-parro")),
        (PLAIN + "trade_cost = [0.4, 0.8]\n" + SELECTION, ('key "firms.selection"', "give at least two")),
        (CHANEY.replace("[firms.parameters]", "trade_cost = [2, 1]\n" + SELECTION + "[firms.parameters]"),
         ('key "firms.selection"', "belongs to melitz-ottaviano-uniform")),
        (PLAIN + "trade_cost = [0.8, 0.4]\nparameters = { innovation_cost = 1, innovation_cost_reduction = 1 }\n" + SELECTION,
         ('key "firms.parameters.innovation_cost"', "in [firms.selection] already")),
        (PLAIN + "trade_cost = [0.8, 0.4]\n" + SELECTION.replace("0.02", "0"), ("firms.selection.innovation_cost", "above 0")),
    ],
)  # fmt: skip
def test_what_cannot_be_names_the_key_and_the_cell(text, words):
    with pytest.raises(StudyError) as caught:
        parse_study(text)
    for part in words:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda f: f[f["importer"] != "c"], "no row for exporter a, importer c, nor for 1 more"),
        (lambda f: f.iloc[:-1], "no row for exporter c, importer b; add"),
        (lambda f: pd.concat([f, f.iloc[[1]]]), "more than one row for exporter a, importer c"),
        (lambda f: f.replace({"exporter": {"a": "z"}}), "exporter labels differ: countries lacks z"),
        (lambda f: f.assign(trade_cost=0.5), "trade_cost from a to b is 0.5; it must be at least 1"),
        (lambda f: f.rename(columns={"trade_cost": "cost"}), "no column 'trade_cost'"),
        (lambda f: f.assign(trade_cost="dear"), "trade_cost is 'dear'; it must be a number"),
    ],
)
def test_files_of_costs_are_complete_or_refused(tmp_path, edit, words):
    path = costs_csv(tmp_path, own=False)
    edit(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(StudyError) as caught:
        run(CHANEY + scenario("x", 'trade_cost = { file = "costs.csv" }'), tmp_path)
    assert words in str(caught.value) and "study.toml" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_files_that_are_not_there_and_lists_without_names(tmp_path):
    text = 'schema = 1\n[firms]\nmodel = "melitz-chaney"\n' + scenario("x", 'trade_cost = { file = "costs.csv" }')
    with pytest.raises(
        StudyError, match=r'key "firms.scenarios.trade_cost.file" is "costs.csv", and there is no such file'
    ):
        run(text, tmp_path)
    costs_csv(tmp_path)
    listed = text.replace("[[firms", "[firms.parameters]\nentry_cost = [1, 1]\n[[firms", 1)
    with pytest.raises(StudyError, match="countries must be named among the parameters, in the order of entry_cost"):
        run(listed, tmp_path)
