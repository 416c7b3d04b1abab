"""The firms kind of study: the example of the design, every model, what it leaves in its folder, and bad input."""

from __future__ import annotations

import json
import typing
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import StudyError
from tradewinds.firms import (
    MODELS,
    ChaneyParameters,
    ParetoParameters,
    UniformParameters,
    WidgetParameters,
    integrate_markets,
    solve,
)
from tradewinds.firms.chaney import parameters as chaney_parameters
from tradewinds.firms.pareto import parameters as pareto_parameters
from tradewinds.study import FirmsStudy, parse_study, read_study, run_study, write_starter
from tradewinds.study import firms as study_module
from tradewinds.study.firms_fields import FirmParameters

DESIGN = """schema = 1
[firms]
model = "melitz-ottaviano-uniform"
trade_cost = [1.0, 0.5, 0.3, 0.0]
[firms.parameters]
market_size = 1.0
price_sensitivity = 1.0
maximum_cost = 1.5
entry_cost = 0.05555555555555555
innovation_cost = 0.02
innovation_cost_reduction = 0.05
"""
#: Of DESIGN, all of which the results must have.
VARIABLES = {
    *("cost_cutoff", "export_cutoff", "entrants", "domestic_sellers", "foreign_sellers", "sellers", "import_share"),
    *("mean_price", "output_weighted_cost"),
    *("innovation_cutoff_rule", "innovation_cutoff_exact", "innovation_cutoff_equilibrium"),
}
#: research/structural-models.md, section 5.1, by trade cost.
REFERENCE = {
    "output_weighted_cost": {1.0: 0.333333, 0.5: 0.290326, 0.0: 0.264567},
    "import_share": {1.0: 0.0, 0.5: 0.188521, 0.0: 0.5},
    "sellers": {1.0: 4.0, 0.5: 4.983663, 0.0: 5.039684},
    "innovation_cutoff_rule": {1.0: 0.2, 0.5: 0.315239, 0.0: 0.393701},
    "innovation_cutoff_exact": {1.0: 0.225, 0.5: 0.340239, 0.0: 0.418701},
}


def firms(text: str) -> str:
    return "schema = 1\n[firms]\n" + text


def run(text: str, folder: Path):
    study = folder / "study.toml"
    study.write_text(text, encoding="utf-8")
    return run_study(read_study(study), folder / "out", study_file=study)


def results(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "out" / "results.csv")


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    """Run the example of the design once."""
    folder = tmp_path_factory.mktemp("design")
    return run(DESIGN, folder), folder


def test_the_example_of_the_design_has_its_variables_and_scenarios(design):
    outcome, folder = design
    assert outcome.failed_checks == ()
    frame = results(folder)
    assert list(frame.columns) == ["variable", "value", "unit", "scenario"]
    assert set(frame["variable"]) >= VARIABLES
    assert list(dict.fromkeys(frame["scenario"])) == [f"trade_cost={t}" for t in ("1", "0.5", "0.3", "0")]
    wide = frame.pivot(index="variable", columns="scenario", values="value")
    for variable, numbers in REFERENCE.items():
        for cost, expected in numbers.items():
            assert wide.loc[variable, f"trade_cost={cost:g}"] == pytest.approx(expected, abs=6e-7), (variable, cost)


def test_the_folder_has_changes_statics_and_figures_that_are_svg(design):
    _, folder = design
    out = folder / "out"
    changes = pd.read_csv(out / "changes.csv")
    assert changes["scenario"].nunique() == 3
    assert {"exports and innovates", "out"} <= set(changes["after"].dropna())
    statics = pd.read_csv(out / "comparative-statics.csv")
    slope = statics.set_index(["scenario", "variable", "parameter"])["derivative"]
    c = 0.96523908
    expected = (c - 0.5) ** 2 / (c**2 + (c - 0.5) ** 2)  # notes, 5.1
    assert slope["trade_cost=0.5", "cost_cutoff", "trade_cost"] == pytest.approx(expected, rel=1e-6)
    drawn = {path.stem for path in (out / "figures").iterdir()}
    assert drawn == {"scenarios", "performance", "export-decision", "change-1", "change-2", "change-3"}
    for path in (out / "figures").iterdir():
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_report_and_provenance_say_the_model_its_parameters_and_its_sources(design):
    outcome, folder = design
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    for heading in ("What was asked", "Scenario by scenario", "Who wins and who loses", "Checks"):
        assert f">{heading}<" in page
    assert "<em>" not in page.split(">References<")[0]  # stars are those of cutoffs, not of emphasis
    record = json.loads((folder / "out" / "provenance.json").read_text(encoding="utf-8"))
    own = {item["name"]: item for item in record["parameters"]}
    assert own["trade_cost"]["value"] == [1.0, 0.5, 0.3, 0.0]
    assert {own[name]["source"] for name in MODELS["melitz-ottaviano-uniform"].definitions} == {"study file"}
    assert own["innovation_cost_reduction"]["symbol"] == "Δc_{I}"
    assert {"melitz-trefler2012", "melitz-ottaviano2008"} <= set(record["citation_keys"])
    assert outcome.headline.startswith("From trade_cost=1 to trade_cost=0: cost cutoff 1 to 0.7937; ")


CASES = {
    "melitz-ottaviano-uniform": ("trade_cost = [inf, 0.5]", [UniformParameters(), UniformParameters(trade_cost=0.5)]),
    "melitz-ottaviano-pareto": (
        "trade_cost = [inf, 1.2]\nparameters = { market_size = [1, 1.1] }",
        [ParetoParameters(trade_cost=t, market_size=[1, 1.1]) for t in (np.inf, 1.2)],
    ),
    "melitz-chaney": (
        'trade_cost = [1.5]\nparameters = { countries = ["a", "b", "c"], labour = [100, 50, 10] }',
        [ChaneyParameters(trade_cost=1.5, countries=("a", "b", "c"), labour=[100, 50, 10])],
    ),
    "krugman-widgets": (
        "trade_cost = [1.5, 1]\nparameters = { elasticity_of_substitution = 4, countries = 3 }",
        [WidgetParameters(trade_cost=t, countries=3, elasticity_of_substitution=4) for t in (1.5, 1.0)],
    ),
}


@pytest.mark.parametrize("model", CASES)
def test_every_model_gives_the_numbers_of_its_solver(tmp_path, model):
    keys, parameters = CASES[model]
    outcome = run(firms(f'model = "{model}"\n{keys}\n'), tmp_path)
    assert outcome.failed_checks == ()
    expected = [item for each in parameters for item in solve(each).value.quantities()]
    frame = results(tmp_path)
    assert frame["variable"].tolist() == [item.variable for item in expected]
    np.testing.assert_allclose(frame["value"], [item.value for item in expected], rtol=1e-12)
    assert frame["scenario"].nunique() == len(parameters)
    assert outcome.headline and "nan" not in outcome.headline


def test_the_widget_example_without_tastes_lists_its_plans(tmp_path):
    outcome = run(firms('model = "krugman-widgets"\ntrade_cost = [1]\n'), tmp_path)
    assert outcome.headline == (
        "trade_cost=1: of the 2 plans without trade each is beaten by one with trade, whatever the tastes; with trade a country "
        "can have 4 units of each of 2 varieties or 1 of each of 4."
    )
    units = results(tmp_path).query("variable == 'units_of_each'")["value"].tolist()
    assert units == [8.0, 2.0, 4.0, 1.0]


def test_markets_grow_without_trade_or_at_one_trade_cost(tmp_path):
    run(firms("market_size = [1, 2]\n"), tmp_path)
    frame = results(tmp_path)
    assert set(frame["scenario"]) == {"market_size=1", "market_size=2"}
    grown = frame[(frame["scenario"] == "market_size=2") & (frame["variable"] == "cost_cutoff")]["value"].item()
    assert grown == pytest.approx(solve(integrate_markets(UniformParameters(), 2)).value.cost_cutoff, rel=1e-12)
    assert set(frame[frame["variable"] == "import_share"]["value"]) == {0.0}
    other = tmp_path / "other"
    other.mkdir()
    run(firms("market_size = [1, 2]\ntrade_cost = [0.5]\n"), other)
    assert (results(other).query("variable == 'import_share'")["value"] > 0.1).all()


def test_a_trade_cost_above_the_choke_is_no_mistake_and_is_told(tmp_path):
    outcome = run(firms("trade_cost = [1.2, 0.9]\n"), tmp_path)
    assert outcome.failed_checks == () and outcome.warnings == ()
    frame = results(tmp_path).set_index(["variable", "scenario"])["value"]
    assert frame["export_cutoff", "trade_cost=1.2"] == 0 < frame["export_cutoff", "trade_cost=0.9"]
    page = " ".join((tmp_path / "out" / "report.html").read_text(encoding="utf-8").split())
    assert "nobody exports, because the trade cost 1.2 is not below 1, the highest price" in page
    assert "trade cost 0.9 is not below" not in page


def test_infinity_is_kept_in_words_where_the_study_is_written_down(tmp_path):
    run(firms("trade_cost = [inf, 0.5]\n"), tmp_path)
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert record["study"]["content"]["firms"]["trade_cost"] == ["inf", 0.5]
    assert {item["name"]: item["value"] for item in record["parameters"]}["trade_cost"] == ["infinite", 0.5]


def test_starter_runs_and_its_commented_keys_can_be_used(tmp_path):
    (study,) = write_starter("firms", tmp_path)
    outcome = run_study(read_study(study), tmp_path / "out", study_file=study)
    assert outcome.failed_checks == ()
    text = study.read_text(encoding="utf-8")
    grown = text.replace("trade_cost = [1.0, 0.5, 0.3, 0.0]", "").replace(
        "# market_size = [1.0, 2.0]\n", "market_size = [1.0]\n", 1
    )
    grown = grown.replace("market_size = 1.0   ", "")
    head, _, rest = grown.partition("[firms.parameters]")
    assert parse_study(head + "[firms.parameters]" + rest.replace("              # S,", "# S,")).firms.market_size == [
        1.0
    ]
    pareto = (
        text.split("[firms.parameters]")[0].replace('uniform"\n', 'pareto"\n').replace("[1.0, 0.5, 0.3, 0.0]", "[1.5]")
    )
    by_country, named, hat = text.split("may have a number each:\n")[1].split("\n\n")
    tail = by_country.replace("# ", "")
    assert parse_study(pareto + "[firms.parameters]\n" + tail).firms.parameters.market_size == [1.0, 2.0]
    starts = ("# [[", "# name", "# trade_cost", "# parameters", "# changes")
    keys = "".join(f"{line[2:]}\n" for line in named.splitlines() if line.startswith(starts))
    two = pareto.replace("trade_cost = [1.5]\n", "") + keys
    assert parse_study(two).firms.scenarios[0].trade_cost == [[1.0, 1.5], [1.3, 1.0]]
    lines = [line[2:] for line in hat.splitlines() if line.startswith(starts)]
    known = parse_study('schema = 1\n[firms]\nmodel = "caliendo-parro"\ntables = "example"\n' + "\n".join(lines))
    assert [change.tariff for change in known.firms.scenarios[0].changes] == [0.0, None]


def test_models_and_parameters_of_studies_are_those_of_the_models():
    allowed = set(typing.get_args(FirmsStudy.model_fields["model"].annotation))
    assert allowed == set(MODELS) == {*CASES, "caliendo-parro"}
    names = {name for model in CASES for name in MODELS[model].definitions} - {"trade_cost"}
    assert set(FirmParameters.model_fields) == names
    by_country = {"market_size", "maximum_cost", "entry_cost", "labour", "minimum_productivity", "fixed_cost"}
    arrays = {
        name
        for room in (pareto_parameters, chaney_parameters)
        for name, field in vars(getattr(room, room.__all__[1]))["__dataclass_fields__"].items()
        if str(field.type) == "Array"
    }
    assert arrays - {"trade_cost", "export_fixed_cost"} == by_country


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ('key "firms.trade_cost": give a list of trade costs',)),
        ("trade_cost = []", ('key "firms.trade_cost"', "at least 1 value")),
        ("trade_cost = 0.5", ('key "firms.trade_cost"', "list in square brackets")),
        ("trade_cost = [nan]", ('key "firms.trade_cost"', "item 1", "must be at least 0")),
        ("trade_cost = [-1]", ('key "firms.trade_cost"', "item 1, is -1; it must be at least 0")),
        ("trade_cost = [0.5, 0.50]", ('key "firms.trade_cost" (line 3): 0.5 stands there twice',)),
        ("trade_cost = [1, 2]\nmarket_size = [1, 2]", ('key "firms.trade_cost"', "one of them can vary")),
        ("market_size = [0]", ('key "firms.market_size"', "item 1, is 0; it must be above 0")),
        ("market_size = [1]\n[firms.parameters]\nmarket_size = 2", ('key "firms.parameters.market_size"', "already")),
        ('model = "melitz-chaney"\nmarket_size = [1]', ('key "firms.market_size"', '"labour"')),
        ('model = "melitz-chaney"\ntrade_cost = [0.5]', ("0.5 is below 1", "units sent for one to arrive")),
        ('model = "melitz"\ntrade_cost = [1]', ('key "firms.model"', "Allowed:", "krugman-widgets")),
        (
            'model = "caliendo-parro"\ntrade_cost = [1]',
            ('key "firms.tables"', "flows.csv", 'key "firms.scenarios"', 'key "firms.trade_cost"', "trade_cost_change"),
        ),
        ('model = "krugman-widgets"\ntrade_cost = [1.5]', ("without elasticity_of_substitution",)),
        (
            "trade_cost = [1]\n[firms.parameters]\nlabour = 3",
            ('key "firms.parameters.labour"', "one of melitz-chaney and krugman-widgets", "its own are market_size"),
        ),
        ("trade_cost = [1]\n[firms.parameters]\nmaximum_cost = 0.5", ('"firms.parameters.maximum_cost"', "0.693361")),
        ("trade_cost = [1]\n[firms.parameters]\nentry_cost = -1", ('"firms.parameters.entry_cost" (line 5)', "above 0")),
        ("trade_cost = [1]\n[firms.parameters]\nentry_cots = 1", ('"firms.parameters.entry_cots"', '"entry_cost"')),
        ("trade_cost = [1]\n[firms.parameters]\nentry_cost = true", ("neither a number nor a list of numbers",)),
        ("trade_cost = [1]\n[firms.parameters]\nentry_cost = [1, 2]", ("countries are identical: give one number",)),
        ("trade_cost = [1]\n[firms.parameters]\ninnovation_cost = 1", ('"firms.parameters.innovation_cost"', "alone")),
        (
            'model = "melitz-chaney"\ntrade_cost = [1]\n[firms.parameters]\npareto_shape = 2.5',
            ('"firms.parameters.pareto_shape"', "must be above 3"),
        ),
        (
            'model = "melitz-chaney"\ntrade_cost = [1]\n[firms.parameters]\ncountries = 3',
            ('"firms.parameters.countries"', "takes names"),
        ),
        (
            'model = "krugman-widgets"\ntrade_cost = [1]\n[firms.parameters]\ncountries = ["a"]',
            ('"firms.parameters.countries"', "give how many"),
        ),
        (
            'model = "melitz-ottaviano-pareto"\ntrade_cost = [1.5]\n[firms.parameters]\nmarket_size = [1, 2, 3]',
            ('"firms.parameters.market_size"', "it must have shape (2,)"),
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_key(text, words):
    with pytest.raises(StudyError) as caught:
        parse_study(firms(text))
    for part in words:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "trade_cost = [0.5]\n[firms.parameters]\ninnovation_cost = 1e-9\ninnovation_cost_reduction = 1.0",
            'key "firms.parameters.innovation_cost", trade_cost=0.5: innovation_cost is 1e-09',
        ),
        (
            'model = "melitz-ottaviano-pareto"\ntrade_cost = [1.5]\n[firms.parameters]\nmaximum_cost = 0.5',
            'key "firms.parameters.maximum_cost", trade_cost=1.5: maximum_cost of home is 0.5',
        ),
    ],
)
def test_what_shows_only_when_solving_names_the_key_and_leaves_nothing(tmp_path, text, words):
    with pytest.raises(StudyError) as caught:
        run(firms(text), tmp_path)
    assert words in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_scenario_that_is_not_solved_is_kept_and_marked(tmp_path, monkeypatch):
    def wrong(parameters, *, throw):
        import dataclasses

        from tradewinds.firms.uniform.checks import NAMES, residual
        from tradewinds.solvers import judge

        point = solve(parameters).value
        if parameters.trade_cost == 0.5:
            point = dataclasses.replace(point, entrants=2 * point.entrants)
        return judge(point, residual, tolerance=1e-9, iterations=0, names=NAMES, what="the model", throw=throw)

    monkeypatch.setattr("tradewinds.firms.solve", wrong)
    outcome = run(firms("trade_cost = [1.0, 0.5]\n"), tmp_path)
    (failed,) = outcome.failed_checks
    assert failed.startswith("scenario trade_cost=0.5 is not solved.")
    assert outcome.headline.startswith("A check failed")
    assert results(tmp_path)["scenario"].nunique() == 2


def test_a_study_that_found_nothing_still_says_what_it_asked(tmp_path):
    settings = parse_study(DESIGN).firms
    found = study_module.FirmsRun(settings, tmp_path).findings()
    assert found.results.empty
    assert [section.heading for section in found.report.sections] == ["What was asked"]


def test_studies_of_the_page_on_them_run(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "run-a-firms-study.md").read_text(encoding="utf-8")
    studies = [part.split("```")[0] for part in page.split("```toml\n")[1:]]
    assert len(studies) == 4
    for number, text in enumerate(studies):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert run(text, folder).failed_checks == ()


def test_many_scenarios_are_set_in_several_tables(tmp_path):
    costs = [round(0.1 * k, 1) for k in range(10)]
    run(firms(f"trade_cost = {costs}\n"), tmp_path)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("Results by trade cost") == 2
    assert "Of 9 changes the first 6 are shown" in page
    assert pd.read_csv(tmp_path / "out" / "changes.csv")["scenario"].nunique() == 9
