"""The world kind of study: what it leaves in its folder, what it says when something is wrong, and what ships with the package."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import ConvergenceError, DataError, MissingDependencyError, StudyError
from tradewinds.report.output import write_text
from tradewinds.report.world import failed_checks, places_of, world_abstract
from tradewinds.study import list_studies, parse_study, run_study, study_text, write_starter
from tradewinds.study import world as world_study
from tradewinds.study.world import WorldRun
from tradewinds.study.world_fields import PAPER, RndFinancing, ShockVariable
from tradewinds.world import SHOCKS, WorldShock, read_calibration, simulate_many_worlds, simulate_world
from tradewinds.world.parameters import DEFINITIONS, RND_FINANCING
from tradewinds.world.template import template_files

#: Studies of the world that ship; those of other kinds are tested where these are.
WORLD_STUDIES = [name for name in list_studies() if parse_study(study_text(name)).world is not None]
SHORT = {"last_year": 2010, "beyond": 30}
SCENARIOS = """schema = 1
title = "My title"
description = "A *word* to the reader."
[world]
calibration = "my-world"
first_year = 2025
last_year = 2035
beyond = 30
show_years = [2025, 2030, 2035]
parameters = { rnd_depreciation = 0.1, rnd_ratio = { industrial = 0.03, SMALL = 0.01 } }
[[world.shocks]]
variable = "rnd_spending"
countries = "HOME"
size = 0.005
[[world.scenarios]]
name = "with spillovers"
[[world.scenarios]]
name = "without"
parameters = { foreign_rnd_elasticity = 0.0 }
[[world.scenarios]]
name = "tariff too"
[[world.scenarios.shocks]]
variable = "tariff"
name = "retaliation"
countries = ["ABROAD", "developing"]
size = [0.05, 0.1]
start = 2027
announced = 2026
"""


def write_world(folder: Path, text: str = SCENARIOS) -> Path:
    """Write a study and the template's calibration, and return the path of the study."""
    write_starter("world", folder)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return folder / "mine.toml"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of one run with all that a study can ask for."""
    study = write_world(tmp_path_factory.mktemp("world"))
    outcome = run_study(parse_study(study.read_text(encoding="utf-8")), study.parent / "out", study_file=study)
    assert outcome.failed_checks == ()
    return study.parent / "out"


@pytest.fixture(scope="module")
def results(finished: Path) -> pd.DataFrame:
    return pd.read_csv(finished / "results.csv", keep_default_na=False)


def test_the_folder_has_what_it_must(finished):
    names = {item.name for item in (finished / "figures").iterdir()}
    assert names == {
        *("scenarios-potential-output.svg", "scenarios-consumption.svg"),
        *("with-spillovers-places.svg", "with-spillovers-countries.svg", "without-places.svg", "without-countries.svg"),
        *("tariff-too-places-1.svg", "tariff-too-places-2.svg", "tariff-too-countries.svg"),  # it has four places
        "tariff-too-contributions.svg",  # and two shocks
    }
    for name in names:
        assert ET.parse(finished / "figures" / name).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert {item.name for item in finished.iterdir()} == {
        *("results.csv", "contributions.csv", "report.html", "provenance.json", "figures"),
    }


def test_what_each_shock_contributes_is_kept_and_shown(finished, results):
    parts = pd.read_csv(finished / "contributions.csv", keep_default_na=False)
    assert list(parts.columns) == ["variable", "value", "unit", "scenario", "country", "year", "shock"]
    assert list(parts["scenario"].unique()) == ["tariff too"]  # the other scenarios have one shock
    names = ["rnd_spending[HOME] from 2025", "retaliation", "interaction"]
    assert list(parts["shock"].unique()) == names
    labels = ["variable", "scenario", "country", "year"]
    added = parts.groupby(labels)["value"].sum()
    total = results[results["scenario"] == "tariff too"].set_index(labels)["value"]
    np.testing.assert_allclose(added, total.loc[added.index], rtol=0, atol=1e-9)
    page = (finished / "report.html").read_text(encoding="utf-8")
    assert "tariff too: what each shock contributes to potential output" in page
    assert page.count("all shocks together") == 4  # one a place
    assert "retaliation: tax on imports" in page


def test_oil_exporters_are_reported_where_there_is_oil(finished, tmp_path):
    assert "Oil exporters" not in (finished / "report.html").read_text(encoding="utf-8")  # nobody buys oil
    text = """schema = 1
[world]
calibration = "my-world"
first_year = 2025
last_year = 2030
beyond = 20
show_years = [2025, 2030]
parameters = { oil_imports_share = { HOME = 0.01 } }
[[world.shocks]]
variable = "real_oil_price"
size = 0.2
"""
    run = WorldRun(parse_study(write_world(tmp_path, text).read_text(encoding="utf-8")).world, tmp_path)
    run.compute()
    [section] = [section for section in run.findings().report.sections if section.heading == "Oil"]
    rows = {row[1]: row[2:] for row in section.content[0].rows}
    [result] = run.results
    assert rows["Exports of oil (points)"] == tuple(result.deviation("oil_exports")[[0, 5]])
    assert rows["Price of oil in the numeraire's output (%)"][0] > 15
    assert rows["Claims on the others (points)"][0] > 0


def test_contributions_can_be_left_out_and_one_that_has_no_solution_is_told(tmp_path, monkeypatch):
    study = write_world(tmp_path)
    text = study.read_text(encoding="utf-8")
    without = WorldRun(parse_study(text.replace("beyond = 30", "beyond = 30\ncontributions = false")).world, tmp_path)
    without.compute()
    found = without.findings()
    assert found.tables == {} and "tariff-too-contributions" not in found.figures

    def fails(result: object) -> None:
        raise ConvergenceError("one alone does not converge", None)

    monkeypatch.setattr("tradewinds.world.results.simulated_alone", fails)
    run = WorldRun(parse_study(text).world, tmp_path)
    run.compute()
    found = run.findings()
    assert found.tables == {} and "tariff-too-contributions" not in found.figures
    [told] = [line for line in found.report.warnings if "contributions" in line]
    assert told == "tariff too: no contributions of its shocks, because one alone does not converge"


def test_results_are_tidy_and_those_of_the_model(finished, results):
    assert list(results.columns) == ["variable", "value", "unit", "scenario", "country", "year"]
    assert list(dict.fromkeys(results["scenario"])) == ["with spillovers", "without", "tariff too"]
    assert set(results["country"]) == {"HOME", "ABROAD", "SMALL", "SOUTH", ""}
    assert (results["year"].min(), results["year"].max()) == (2025, 2035)
    world = read_calibration(finished.parent / "my-world").with_values(
        {"rnd_depreciation": 0.1, "rnd_ratio": {"HOME": 0.03, "ABROAD": 0.03, "SMALL": 0.01}}
    )
    tariff = WorldShock("tariff", (0.05,) + (0.1,) * 38, ("ABROAD", "SOUTH"), 2027, announced=2026)
    research = WorldShock("rnd_spending", 0.005, ("HOME",), 2025)
    expected = {
        "with spillovers": simulate_world(world, [research], first_year=2025, last_year=2035, beyond=30),
        "tariff too": simulate_world(world, [research, tariff], first_year=2025, last_year=2035, beyond=30),
    }
    for name, result in expected.items():
        own = results[(results["scenario"] == name) & (results["variable"] == "consumption")]
        for code in world.codes:
            values = own[own["country"] == code].sort_values("year")["value"].to_numpy(dtype=float)
            np.testing.assert_allclose(values, result.deviation("consumption", code), atol=1e-8)


def test_without_spillovers_nothing_of_productivity_comes_from_abroad(results):
    foreign = results[results["variable"] == "tfp_foreign_rnd"]
    assert foreign.loc[foreign["scenario"] == "without", "value"].abs().max() == 0.0
    assert foreign.loc[foreign["scenario"] == "with spillovers", "value"].abs().max() > 0.1


def test_the_report_has_tables_parameters_and_checks(finished):
    page = (finished / "report.html").read_text(encoding="utf-8")
    for words in (
        "<title>My title",
        "A <em>word</em> to the reader.",
        "Scenarios side by side",
        "Accounting identities",
        "where potential output comes from",
        "The balanced baseline",
        "tax on imports but oil and commodities, paid to the government",
        "from 2027",
        "0.03 (HOME, ABROAD); 0.01 (SMALL)",
        "above 0 and below 0.5",
        "without: foreign rnd elasticity",
    ):
        assert words in page, words
    for name in DEFINITIONS:
        assert f">{name.replace('_', ' ')}<" in page, name
    assert "NOT SOLVED" not in page


def test_provenance_lets_a_stranger_do_it_again(finished):
    record = json.loads((finished / "provenance.json").read_text(encoding="utf-8"))
    assert record["status"] == "complete"
    folder = finished.parent / "my-world"
    assert {data["name"]: data["sha256"] for data in record["datasets"]} == {
        f"my-world/{name}": sha256((folder / name).read_bytes()).hexdigest()
        for name in ("calibration.toml", "countries.csv", "parameters.csv", "rnd_import_shares.csv", "import_shares.csv",
                     "foreign_stock_index.csv")
    }  # fmt: skip
    again = parse_study((finished.parent / "mine.toml").read_text(encoding="utf-8"))
    assert type(again).model_validate(record["study"]["content"]) == again
    parameters = {(item["name"], item["source"]): item for item in record["parameters"]}
    assert parameters["rnd_depreciation", "study file"]["value"] == 0.1
    assert parameters["rnd_ratio", "study file"]["value"] == {"HOME": 0.03, "ABROAD": 0.03, "SMALL": 0.01}
    assert parameters["without: foreign_rnd_elasticity", "study file"]["value"] == 0.0
    assert {name for name, _ in parameters} >= set(DEFINITIONS) | {"calibration", "first_year", "last_year", "beyond"}
    assert all(item["bounds"] for (name, _), item in parameters.items() if name in DEFINITIONS)
    assert "bayoumi-coe-helpman1996" in record["citation_keys"]


def test_progress_counts_scenarios_to_the_end(tmp_path):
    seen: list[tuple[int, int]] = []
    study = write_world(tmp_path)
    run = WorldRun(parse_study(study.read_text(encoding="utf-8")).world, tmp_path)
    run.compute(lambda done, total: seen.append((done, total)))
    assert seen == [(2, 3), (3, 3)]  # those that share a calibration are solved together
    assert [result.name for result in run.results] == ["with spillovers", "without", "tariff too"]


def unsolved(*arguments: object, **keywords: object):
    """Simulate with a tolerance that cannot be met, so that the path is the best one reached."""
    found = simulate_many_worlds(*arguments, **keywords)
    calibration, scenarios = arguments
    name, shocks = next(iter(scenarios.items()))
    years = {key: keywords[key] for key in ("first_year", "last_year", "beyond")}
    return found | {name: simulate_world(calibration, shocks, name=name, tolerance=1e-40, throw=False, **years)}


def test_a_scenario_that_is_not_solved_is_kept_and_marked(tmp_path, monkeypatch):
    monkeypatch.setattr("tradewinds.world.scenario.simulate_many_worlds", unsolved)
    study = write_world(tmp_path, SCENARIOS.split("[[world.scenarios]]")[0])
    outcome = run_study(parse_study(study.read_text(encoding="utf-8")), tmp_path / "out", study_file=study)
    [failed] = outcome.failed_checks
    assert failed.startswith('scenario "simulation" is not solved; its numbers are those of the best path reached.')
    assert "Largest residual" in failed
    assert outcome.headline.startswith("A check failed; the results are kept and marked. In 2035 ")
    frame = pd.read_csv(tmp_path / "out" / "results.csv")
    assert frame["value"].notna().all()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert failed.split(" is not")[0].replace('"', "&#34;") in page
    assert "NOT SOLVED: these are numbers of the best path reached." in page
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert (record["status"], record["failed_checks"]) == ("marked: a check failed", [failed])


def test_an_identity_that_does_not_hold_fails_the_run(finished, monkeypatch):
    world = read_calibration(finished.parent / "my-world")
    result = simulate_world(world, [WorldShock("tariff", 0.1, start=2025)], first_year=2025, last_year=2026, beyond=10)
    assert failed_checks([result]) == ()
    monkeypatch.setattr(type(result), "identities", lambda self: {"world trade, value": 2e-9, "saving": float("nan")})
    first, second = failed_checks([result])
    assert first == 'scenario "simulation": world trade, value is off by 2e-09 of output, more than 1e-09'
    assert "saving is off by nan" in second


def test_the_sentence_on_top_says_where_and_how_much():
    class Result:
        name, last_year, ok = "x", 2075, True
        calibration = read_calibration(PAPER)
        shocks = (WorldShock("rnd_spending", 0.01, ("UK",)),)

        def deviation(self, variable: str, where: str) -> list[float]:
            return [-0.04 if variable == "consumption" else {"UK": 8.55, "developing": -1.26}.get(where, 0.05)]

    assert world_abstract([Result()]) == (
        "In 2075 potential output is +8.6 per cent in the United Kingdom (consumption 0.0), +0.1 per cent in other industrial "
        "countries (consumption 0.0), −1.3 per cent in developing countries (consumption 0.0)."
    )
    assert list(places_of([Result()], ["UK+US+SI+developing"])) == [
        "United Kingdom, the United States, smaller industrial countries and developing countries"
    ]
    assert world_abstract([Result()] * 6).endswith("And 2 more scenarios.")


def test_what_is_shocked_is_reported_and_the_others():
    world = read_calibration(PAPER)

    def places(*countries: str) -> dict[str, str]:
        class Result:
            calibration = world
            shocks = (WorldShock("rnd_spending", 0.01, countries),)

        return places_of([Result()])

    assert places("US") == {
        "United States": "US",
        "Other industrial countries": "JA+GE+FR+IT+UK+CA+SI",
        "Developing countries": "developing",
    }
    assert places("industrial") == {"Industrial countries": "industrial", "Developing countries": "developing"}
    assert places("AF", "WH", "OD")["Newly industrialising economies of Asia"] == "NI"
    assert places() == {"World": "all", "Industrial countries": "industrial", "Developing countries": "developing"}


def test_the_places_asked_for_are_shown_in_every_scenario(finished, tmp_path):
    text = SCENARIOS.replace("show_years", "show = ['SMALL+SOUTH', 'HOME']\nshow_years")
    run = WorldRun(parse_study(text).world, finished.parent)
    run.compute()
    found = run.findings()
    titles = [table.title for section in found.report.sections for table in section.content if hasattr(table, "rows")]
    for name in ("with spillovers", "without", "tariff too"):
        assert f"{name}: Small open economies and developing region" in titles
        assert f"{name}: Home" in titles
        assert f"{name}: Other industrial countries" not in titles
    assert sorted(found.figures) == sorted(
        [*(f"{slug}-{part}" for slug in ("with-spillovers", "without", "tariff-too") for part in ("places", "countries")),
         "scenarios-consumption", "scenarios-potential-output", "tariff-too-contributions"]
    )  # fmt: skip


HEAD = 'schema = 1\n[[world.shocks]]\nvariable = "rnd_spending"\nsize = 0.01\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "countries = 'USA'", 'key "world.shocks.countries" names "USA", which is no country or group of bayoumi'),
        (HEAD + "[world]\nshow = ['US+JP']", 'key "world.show" names "JP", which is no country'),
        (HEAD + "[world.parameters]\nrnd_ratio = { industrail = 0.01 }", 'names "industrail", .* Did you mean "industrial"'),
        (
            HEAD + "[world.parameters]\ncapital_ratio = 19.0",
            r"with the values of \[world.parameters\] there is no balanced baseline: US: nothing is left to consume",
        ),
        (HEAD.replace("rnd_spending", "import_preference") + "partner = 'XX'", '"world.shocks.partner" is "XX"'),
        (HEAD.replace("rnd_spending", "external_finance") + "countries = 'US'", '"world.shocks": external_finance does nothing'),
        (HEAD + "name = 'interaction'", "\"world.shocks\": a shock cannot be called 'interaction'"),
        (HEAD.replace("0.01", "-0.02") + "countries = 'IT'", 'key "world.shocks": R&D of IT is 0.007942 of output'),
        (HEAD + "[[world.scenarios]]\nname = 'x'\n[[world.scenarios.shocks]]\nvariable = 'tariff'\nsize = -1.0",
         'key "world.scenarios.shocks": a shock to tariff of -1 leaves nothing'),
        (HEAD + "[world]\ncalibration = 'bayoumi'", 'key "world.calibration" is "bayoumi", which is neither'),
        (HEAD + "[[world.scenarios]]\nname = 'x'\nparameters = { rnd_ratio = { U = 0.1 } }", 'parameters.rnd_ratio" names "U"'),
    ],
)  # fmt: skip
def test_what_is_not_of_this_world_is_said_with_its_key(tmp_path, text, words):
    with pytest.raises(StudyError, match=words):
        run_study(parse_study(text), tmp_path / "out", study_file=tmp_path / "s.toml")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "[world]\nlast_year = 1990", r'"world.last_year" \(line 6\): 1990 comes before first_year, 1996'),
        (HEAD + "[world]\nshow = []", r'"world.show" \(line 6\).*the list is empty; name a country'),
        (
            HEAD + "[world]\nrnd_financing = 'owners'\nparameters = { rnd_cost_to_owners = 0.5 }",
            r'"world.rnd_financing" \(line 6\): it sets rnd_cost_to_owners, which the parameters set too',
        ),
        (HEAD + "[world]\nrnd_financing = 'nobody'", r'"world.rnd_financing".*owners'),
        (HEAD + "[world]\nshow_years = [2080]", r'"world.show_years" \(line 6\): 2080 is not reported'),
        (HEAD + "start = 1990", r'"world.shocks.start" \(line 5\): 1990 lies outside the years solved, 1996 to 2195'),
        (HEAD + "start = 2000\nend = 1999", r'"world.shocks.end" \(line 6\): 1999 comes before the shock starts, 2000'),
        (HEAD + "announced = 1997", r'"world.shocks.announced" \(line 5\): 1997 comes after the shock starts, 1996'),
        (HEAD.replace("0.01", "[1, 2, 3]") + "end = 1997", r'"world.shocks.size" \(line 4\): 3 numbers for 2 years'),
        (HEAD + "partner = 'US'", r'"world.shocks.partner" \(line 5\): rnd_spending takes no partner'),
        (
            HEAD.replace("rnd_spending", "import_preference"),
            r'"world.shocks.variable" \(line 3\): import_preference needs',
        ),
        (HEAD.replace("rnd_spending", "real_oil_price") + "countries = 'US'", "one for the world; leave countries out"),
        ("schema = 1\n[world]\n", 'key "world.shocks": nothing happens'),
        ("schema = 1\n[[world.scenarios]]\nname = 'x'", 'nothing happens in scenario "x"'),
        (HEAD + "[[world.scenarios]]\nname = 'x'\n[[world.scenarios]]\nname = 'x'", r'name" \(line 8\): there are two'),
        (
            HEAD + "[world]\nname = 'x'\n[[world.scenarios]]\nname = 'x'",
            r'"world.name" \(line 6\): scenarios have names',
        ),
        (HEAD + "[spillovers]\npanel = 'x'", r"2 studies in the file, \[spillovers\] and \[world\]"),
        (
            HEAD + "[[world.shocks]]\nvariable = 'tariff'\nsize = 1\nstart = 1",
            r'"world.shocks.start" \(line 8\): 1 lies outside',  # of the second shock
        ),
    ],
)
def test_what_contradicts_the_rest_is_said_with_its_line(text, words):
    with pytest.raises(StudyError, match=words):
        parse_study(text)


@pytest.mark.parametrize(("size", "ends"), [("-0.01", False), ("[-0.01, 0.0102]", True)])
def test_debts_that_nothing_pays_back_are_told(tmp_path, size, ends):
    text = f"""schema = 1
[world]
calibration = "my-world"
first_year = 2025
last_year = 2030
beyond = 60
[[world.shocks]]
variable = "external_finance"
countries = "SOUTH"
size = {size}
end = {2026 if ends else 2090}
"""
    run = WorldRun(parse_study(write_world(tmp_path, text).read_text(encoding="utf-8")).world, tmp_path)
    run.compute()
    told = [line for line in run.findings().report.warnings if "external_finance" in line]
    assert bool(told) is not ends
    assert ends or "claims of SOUTH reach -0.063 years of its output in 2030 and -1.4 in 2090" in told[0]


def test_a_size_that_looks_like_per_cent_is_among_the_warnings(tmp_path):
    text = """schema = 1
[world]
calibration = "my-world"
first_year = 2025
last_year = 2026
beyond = 10
[[world.shocks]]
variable = "government"
countries = "HOME"
size = 0.3
end = 2025
"""
    run = WorldRun(parse_study(write_world(tmp_path, text).read_text(encoding="utf-8")).world, tmp_path)
    run.compute()
    [told] = [line for line in run.findings().report.warnings if "per cent of output" in line]
    assert told.startswith("simulation: a shock to government of 0.3 is 30 per cent of output")


def test_who_pays_for_research_can_be_chosen_in_a_study(tmp_path):
    text = SCENARIOS.replace("show_years", "rnd_financing = 'owners'\nshow_years").replace(
        'name = "without"', 'name = "without"\nrnd_financing = "owners_and_households"'
    )
    run = WorldRun(parse_study(write_world(tmp_path, text).read_text(encoding="utf-8")).world, tmp_path)
    found = {one.name: float(one.calibration.arrays["rnd_cost_to_households"][0]) for one in run.scenarios}
    assert found == {"with spillovers": 0.0, "without": 1.0, "tariff too": 0.0}
    records = {(item.name, item.source): item.value for item in run.findings().report.parameters}
    source = "rnd_financing = owners_and_households: a reading of Bayoumi, Coe and Helpman 1996, p. 16"
    assert records["without: rnd_cost_to_households", source] == 1.0
    assert set(RndFinancing.__args__) == set(RND_FINANCING)


def test_a_bad_calibration_keeps_its_list_of_problems(tmp_path):
    study = write_world(tmp_path)
    table = tmp_path / "my-world" / "countries.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("large_industrial", "large"), encoding="utf-8")
    with pytest.raises(DataError) as error:
        run_study(parse_study(study.read_text(encoding="utf-8")), tmp_path / "out", study_file=study)
    assert len(error.value.problems) >= 2
    assert not (tmp_path / "out").exists()


def test_without_the_library_that_solves_models_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(world_study.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"needs jax and asdex .* pip install .tradewinds\[models\]"):
        WorldRun(parse_study(HEAD).world, tmp_path)


def test_everything_that_can_be_shocked_can_be_named_in_a_study():
    assert set(ShockVariable.__args__) == set(SHOCKS)


@pytest.mark.parametrize("name", WORLD_STUDIES)
def test_shipped_studies_can_be_run_from_any_folder(tmp_path, name):
    text = study_text(name)
    study = parse_study(text)
    assert study.title
    assert f"tradewinds run {name} " in text
    assert f"tradewinds new world --study {name}\n" in text
    run = WorldRun(study.world, tmp_path)  # reads the calibration, and finds every country named
    assert [scenario.shocks for scenario in run.scenarios]
    assert study.world.scenarios or study.world.name == name


def test_the_nine_simulations_of_the_paper_ship_with_the_package(tmp_path):
    from tradewinds.replications.bch.simulations import SIMULATIONS

    def as_asked(shocks: tuple[WorldShock, ...]) -> set[tuple[object, ...]]:
        world = read_calibration(PAPER)
        return {
            (shock.variable, shock.size, code, shock.start, shock.end)
            for shock in shocks
            for word in shock.countries
            for code in world.find_scope(word)
        }

    shipped = {name: WorldRun(parse_study(study_text(name)).world, tmp_path) for name in WORLD_STUDIES}
    asked = [as_asked(run.scenarios[0].shocks) for run in shipped.values() if len(run.scenarios) == 1]
    for name, shocks in SIMULATIONS.items():
        assert as_asked(shocks) in asked, name
    assert len(SIMULATIONS) == 9


def test_one_shipped_study_runs_on_the_world_of_the_paper(tmp_path):
    text = study_text("us-rnd").replace("last_year = 2075", "last_year = 2000\nbeyond = 20")
    outcome = run_study(parse_study(text), tmp_path / "out", study_file=tmp_path / "copy.toml")
    assert outcome.failed_checks == ()
    assert any("only 20 years are solved beyond 2000" in warning for warning in outcome.warnings)
    frame = pd.read_csv(outcome.folder / "results.csv", keep_default_na=False).set_index(
        ["variable", "country", "year"]
    )
    assert set(frame["scenario"]) == {"us-rnd"}
    assert frame.loc[("rnd_gdp", "US", 2000), "value"] == pytest.approx(0.5, abs=1e-9)  # percentage points, as asked
    assert frame.loc[("rnd_gdp", "JA", 2000), "value"] == pytest.approx(0.0, abs=1e-9)
    assert frame.loc[("domestic_rnd_stock", "US", 2000), "value"] > 5.0


def test_a_starter_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    def fails_at(name: str):
        def fail(path: Path, text: str) -> None:
            if Path(path).name == name:
                raise OSError(28, "No space left on device")
            write_text(path, text)

        return fail

    for name in ("world.toml", "calibration.toml", "README.md"):
        monkeypatch.setattr("tradewinds.report.output.write_text", fails_at(name))
        with pytest.raises(OSError, match="No space left"):
            write_starter("world", tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_the_template_can_be_a_world_of_its_own(tmp_path):
    for name, text in template_files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    world = read_calibration(tmp_path)
    assert world.codes == ("HOME", "ABROAD", "SMALL", "SOUTH")
    assert world.numeraire == "HOME"
