"""The folder that a run leaves: what is in it, that it is the same every time, and that it is there whole or not at all."""

from __future__ import annotations

import csv
import json
import platform
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tradewinds
from tradewinds.data import keller1997_calibrated, template_frame
from tradewinds.data.keller_tables import keller_import_weights, keller_imports, rnd_stock_moments
from tradewinds.data.registry import checksum, load_frame
from tradewinds.errors import ConvergenceError, DataError, StudyError
from tradewinds.report.provenance import file_checksum
from tradewinds.solvers import Residual, Solution, Status
from tradewinds.spillovers.parameters import COVARIANCES, EXPERIMENTS
from tradewinds.study import KINDS, Study, parse_study, run_study, runner, write_starter
from tradewinds.study.spillovers import _BEHIND_CALIBRATED

LABELS = ["specification", "weights", "term"]


def calibrated(**settings: object) -> Study:
    """Return a study of the calibrated panel with few draws."""
    given = {"panel": "keller1997-calibrated", "draws": 12} | settings
    text = "schema = 1\ntitle = 'A title'\n[spillovers]\n"
    return parse_study(text + "".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items()))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of one run with everything a study can ask for."""
    home = tmp_path_factory.mktemp("finished")
    text = """schema = 1
title = "My title"
description = "A *word* to the reader."
[spillovers]
panel = "keller1997-calibrated"
draws = 40
seed = 7
keep_draws = true
calibrated = { seed = 5 }
power = { trade_multiples = [0], simulations = 5, draws = 19 }
"""
    (home / "mine.toml").write_text(text, encoding="utf-8")
    run_study(parse_study(text), home / "out", study_file=home / "mine.toml")
    return home / "out"


def test_the_folder_has_what_it_must(finished):
    files = {item.relative_to(finished).as_posix() for item in finished.rglob("*") if item.is_file()}
    figures = {name for name in files if name.startswith("figures/")}
    assert files - figures == {"results.csv", "report.html", "provenance.json", "draws.csv"}
    assert len(figures) >= 4
    for name in figures:
        assert ET.parse(finished / name).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert set(json.loads((finished / "provenance.json").read_text(encoding="utf-8"))["files"]) == files
    assert [item.name for item in finished.parent.iterdir() if item.name.startswith(".")] == []


def test_results_are_tidy(finished):
    frame = pd.read_csv(finished / "results.csv")
    assert list(frame.columns) == ["variable", "value", "unit", *LABELS]
    assert not frame.duplicated(["variable", *LABELS]).any()
    assert {"estimate", "std_error", "p_value", "mc_mean", "mc_sd", "r_squared"} <= set(frame["variable"])
    assert frame["value"].dtype == float
    probabilities = frame.loc[frame["unit"] == "probability", "value"]
    assert probabilities.between(0, 1).all()


def test_the_report_stands_alone_and_names_the_study(finished):
    page = (finished / "report.html").read_text(encoding="utf-8")
    assert "<title>My title" in page
    assert "A <em>word</em> to the reader." in page
    assert page.count("<svg") >= 4
    assert 'src="http' not in page
    assert '<link rel="stylesheet"' not in page


def test_provenance_lets_a_stranger_do_it_again(finished):
    record = json.loads((finished / "provenance.json").read_text(encoding="utf-8"))
    assert record["tradewinds"] == tradewinds.__version__
    assert record["python"] == platform.python_version()
    assert {"numpy", "pandas", "scipy"} <= record["libraries"].keys()
    assert record["seed"] == 7
    assert record["wall_time_seconds"] > 0
    assert record["study"]["file"] == "mine.toml"
    again = Study.model_validate(record["study"]["content"])
    assert again == parse_study((finished.parent / "mine.toml").read_text(encoding="utf-8"))
    assert {data["name"]: data["sha256"] for data in record["datasets"]} == {
        name: checksum(name) for name in ("keller1997-machinery-imports", "keller1997-rnd-stocks")
    }
    assert all(data["stand_in"] for data in record["datasets"])
    sources = {item["name"]: item["source"] for item in record["parameters"]}
    assert sources["draws"] == sources["calibrated.seed"] == sources["power.simulations"] == "study file"
    assert sources["covariance"] == sources["calibrated.noise"] == sources["power.level"] == "default"
    assert "keller1997" in record["citation_keys"]
    assert str(Path.home()) not in json.dumps(record)


def test_the_provenance_of_own_data_is_the_checksum_of_the_file(tmp_path):
    study, panel = write_starter("spillovers", tmp_path)
    text = study.read_text(encoding="utf-8").replace("draws = 1000", "draws = 5")
    run_study(parse_study(text), tmp_path / "out", study_file=study)
    [data] = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["datasets"]
    assert (data["name"], data["sha256"]) == ("spillovers-panel.csv", file_checksum(panel))


def test_kept_draws_have_the_mean_that_is_reported(finished):
    draws = pd.read_csv(finished / "draws.csv")
    assert list(draws.columns) == ["draw", "term", "estimate", "std_error", "r_squared"]
    assert draws["draw"].nunique() == 40
    frame = pd.read_csv(finished / "results.csv")
    for variable, statistic in (("mc_mean", "mean"), ("mc_sd", "std")):
        reported = frame[frame["variable"] == variable].set_index("term")["value"]
        assert len(reported) == 8
        own = draws.groupby("term")["estimate"].agg(statistic)
        pd.testing.assert_series_equal(own.loc[reported.index], reported, check_names=False, rtol=1e-12)
    [mean_fit] = frame.loc[frame["variable"] == "mc_mean_r_squared", "value"]
    assert draws.drop_duplicates("draw")["r_squared"].mean() == pytest.approx(mean_fit, rel=1e-12)


def test_the_same_study_twice_is_the_same_to_the_byte(tmp_path):
    study = calibrated(keep_draws=True)
    for name in ("first", "second"):
        run_study(study, tmp_path / name)
    files = [item.relative_to(tmp_path / "first") for item in (tmp_path / "first").rglob("*") if item.is_file()]
    for file in files:
        first, second = ((tmp_path / name / file).read_bytes() for name in ("first", "second"))
        if file.name == "provenance.json":
            first, second = (
                {key: value for key, value in json.loads(text).items() if key != "wall_time_seconds"}
                for text in (first, second)
            )
        assert first == second, file


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_experiment_runs(tmp_path, experiment):
    outcome = run_study(calibrated(experiment=experiment), tmp_path / "out")
    frame = pd.read_csv(outcome.folder / "results.csv")
    lottery = experiment.startswith("exchange") or experiment == "drawn"
    assert ("mc_mean" in set(frame["variable"])) == lottery
    assert ("equal" in set(frame["weights"])) == (experiment != "observed")
    assert outcome.headline.startswith("growth IS, panel keller1997-calibrated")
    assert outcome.failed_checks == ()
    assert len(set(outcome.warnings)) == len(outcome.warnings)
    assert not (outcome.folder / "draws.csv").exists()


SPECIFICATIONS = [
    *({"specification": kind, "import_share": share} for kind, share in [("growth", False), ("level", True), ("level", False)]),
    {"specification": "growth", "foreign_rnd": "coe-helpman"},
    {"specification": "level", "foreign_rnd": "coe-helpman", "share_main_effects": True},
    {"specification": "level", "share_main_effects": True},
    {"specification": "level", "effects": ["cell", "period"]},
    {"specification": "growth", "effects": ["country", "industry"], "growth": "arithmetic", "periods": [1970, 1980, 1991]},
    {"experiment": "exchange_all", "share_follows": "slot"},
    {"experiment": "exchange_all", "share_follows": "value"},
    {"experiment": "drawn", "sparsity": 8.0},
]  # fmt: skip


@pytest.mark.parametrize("settings", SPECIFICATIONS, ids=lambda value: "-".join(map(str, value.values())))
def test_every_specification_runs(tmp_path, settings):
    study = calibrated(**settings)
    run_study(study, tmp_path / "out")
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["specification"] for row in rows} == {study.spillovers.to_specification().label}
    assert sum(row["variable"] == "mc_mean" for row in rows) >= 2


def test_every_covariance_has_its_own_errors(tmp_path):
    errors = {}
    for covariance in COVARIANCES:
        run_study(calibrated(experiment="observed", covariance=covariance), tmp_path / covariance)
        frame = pd.read_csv(tmp_path / covariance / "results.csv")
        errors[covariance] = tuple(frame.loc[frame["variable"] == "std_error", "value"].round(12))
    assert len(set(errors.values())) == len(COVARIANCES)


def test_lichtenberg_needs_gdp_and_runs_where_it_is(tmp_path):
    with pytest.raises(StudyError, match=r"^s\.toml: foreign_rnd .* needs the variables gdp and bilateral_imports"):
        run_study(calibrated(foreign_rnd="lichtenberg-van-pottelsberghe"), tmp_path / "out", study_file="s.toml")
    assert list(tmp_path.iterdir()) == []
    frame = template_frame()
    countries, years = frame["country"].unique(), sorted(set(frame.loc[frame["variable"] == "tfp", "year"]))
    gdp = pd.DataFrame(
        [("gdp", country, "", "", year, 900.0 + rank) for rank, country in enumerate(countries) for year in years],
        columns=frame.columns,
    )
    pd.concat([frame, gdp]).to_csv(tmp_path / "panel.csv", index=False)
    study = calibrated(panel="panel.csv", foreign_rnd="lichtenberg-van-pottelsberghe", specification="level")
    run_study(study, tmp_path / "out", study_file=tmp_path / "s.toml")
    assert "lichtenberg" in (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")


def test_measurement_reaches_the_numbers(tmp_path):
    panel = tmp_path / "p.csv"
    template_frame().to_csv(panel, index=False)
    estimates = set()
    for measurement in ({}, {"rnd_depreciation": 0.2}, {"rnd_inventory": "keller-b1"}, {"timing": "end"}):
        study = calibrated(panel=str(panel), experiment="observed", measurement={}).spillovers
        options = type(study.measurement)(**measurement)
        changed = study.model_copy(update={"measurement": options})
        run_study(Study(schema=1, spillovers=changed), tmp_path / "out")
        frame = pd.read_csv(tmp_path / "out" / "results.csv")
        estimates.add(tuple(frame.loc[frame["variable"] == "estimate", "value"]))
    assert len(estimates) == 4


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, MemoryError])
@pytest.mark.parametrize("where", ["tradewinds.report.run.render", "tradewinds.spillovers.analyse"])
def test_a_failure_in_the_middle_leaves_nothing_new(tmp_path, monkeypatch, error, where):
    earlier = tmp_path / "out"
    earlier.mkdir()
    (earlier / "provenance.json").write_text('{"files": ["provenance.json"]}', encoding="utf-8")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(where, fail)
    for out in (earlier, tmp_path / "new" / "below"):
        with pytest.raises(error):
            run_study(calibrated(experiment="observed"), out)
    assert sorted(item.relative_to(tmp_path).as_posix() for item in tmp_path.rglob("*")) == [
        "out",
        "out/provenance.json",
    ]
    assert (earlier / "provenance.json").read_text(encoding="utf-8") == '{"files": ["provenance.json"]}'


MESSAGE = "world: equation tfp[US] is off by 1"


def not_solved(*_: object, **__: object) -> None:
    raise ConvergenceError(MESSAGE, Solution(np.zeros(1), Status.MAX_ITERATIONS, Residual(np.ones(1), 1.0), 3))


def stopped(tmp_path, monkeypatch, where: str) -> tuple[pd.DataFrame, str]:
    """Return results and report of a run in which one step does not converge, having looked at its marks."""
    monkeypatch.setattr(f"tradewinds.spillovers.{where}", not_solved)
    text = 'schema = 1\n[spillovers]\npanel = "keller1997-calibrated"\ndraws = 12\nkeep_draws = true\npower = { draws = 19 }\n'
    outcome = run_study(parse_study(text), tmp_path / "out")
    assert outcome.failed_checks == (MESSAGE,)
    assert outcome.headline.startswith("The study stopped early")
    assert [item.name for item in tmp_path.iterdir()] == ["out"]
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert (record["status"], record["failed_checks"]) == ("marked: a check failed", [MESSAGE])
    assert record["warnings"] == list(outcome.warnings)
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert MESSAGE in report
    return pd.read_csv(tmp_path / "out" / "results.csv"), report


def test_what_was_found_before_a_step_that_did_not_converge_is_kept_and_marked(tmp_path, monkeypatch):
    frame, report = stopped(tmp_path, monkeypatch, "size_and_power")
    assert {"estimate", "mc_mean"} <= set(frame["variable"])
    assert "rejection_rate" not in set(frame["variable"])
    assert "Elasticities of TFP" in report
    figures = {item.stem for item in (tmp_path / "out" / "figures").iterdir()}
    assert figures == {"estimates", "experiment", "trade", "rnd-growth"}
    assert (tmp_path / "out" / "draws.csv").is_file()


def test_a_run_that_finds_nothing_still_says_on_what_data_and_why(tmp_path, monkeypatch):
    frame, report = stopped(tmp_path, monkeypatch, "analyse")
    assert list(frame.columns) == ["variable", "value", "unit", *LABELS]
    assert frame.empty
    assert "8 countries, 6 industries, 1970–1991." in report
    assert [item.name for item in (tmp_path / "out" / "figures").iterdir()] == ["rnd-growth.svg"]


def test_every_kind_of_study_can_be_run():
    assert set(runner._BEGIN) == set(KINDS)


def test_the_files_named_behind_the_calibrated_panel_are_those_it_reads(monkeypatch):
    read = []
    monkeypatch.setattr("tradewinds.data.keller_tables.load_frame", lambda name: read.append(name) or load_frame(name))
    for cached in (keller_imports, keller_import_weights, rnd_stock_moments, keller1997_calibrated):
        getattr(cached, "cache_clear", lambda: None)()
    keller1997_calibrated(seed=77)
    assert sorted(read) == sorted(_BEHIND_CALIBRATED)


def test_a_panel_in_the_home_folder(tmp_path, monkeypatch):
    template_frame().to_csv(tmp_path / "p.csv", index=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    study = calibrated(panel="~/p.csv", experiment="observed")
    outcome = run_study(study, tmp_path / "out", study_file=tmp_path / "elsewhere" / "s.toml")
    assert (outcome.folder / "results.csv").is_file()
    with pytest.raises(StudyError, match="home folder of a user who is not known"):
        run_study(calibrated(panel="~nobody-of-that-name/p.csv"), tmp_path / "out")


def test_progress_counts_to_the_end(tmp_path):
    seen: list[tuple[int, int]] = []
    run_study(calibrated(draws=30), tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    assert seen
    assert seen[-1] == (30, 30)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_bad_panel_keeps_its_list_of_problems(tmp_path):
    (tmp_path / "p.csv").write_text("variable,country,partner,industry,year,value\nx,CAN,,,1990,1\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        run_study(calibrated(panel="p.csv"), tmp_path / "out", study_file=tmp_path / "s.toml")
    assert error.value.source == "p.csv"
    assert any("(row 2)" in problem for problem in error.value.problems)
    assert not (tmp_path / "out").exists()
