"""Studies that compare mechanisms: the folder, the words, the command, and what cannot be is said at its key."""

from __future__ import annotations

import json
import subprocess
import sys

import pandas as pd
import pytest

from tradewinds.cli.main import main
from tradewinds.compare import compare
from tradewinds.ensembles import Interval
from tradewinds.errors import StudyError
from tradewinds.study import list_studies, parse_study, run_study, study_text

HEAD = "schema = 1\n[compare]\n"
SMALL = (
    HEAD
    + """home_share = 0.8556
mechanisms = ["acr", "variety-expansion", "baldwin-robert-nicoud: efficiency-linked", "sampson"]
draws = 6
seed = 3
workers = 1
[compare.intervals]
trade_elasticity = [4.0, 6.0]
interest_rate = [0.022, 0.04]
"""
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare") / "out"
    return run_study(parse_study(SMALL), folder, study_file="small.toml"), folder


def test_folder_has_results_tables_and_figure(small):
    _, folder = small
    assert {item.name for item in folder.iterdir()} == {
        "results.csv", "report.html", "provenance.json", "figures", "parameters.csv", "words.csv", "turning-points.csv",
        "attempts.csv",
    }  # fmt: skip
    assert [item.name for item in (folder / "figures").iterdir()] == ["comparison.svg"]
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert record["seed"] == 3
    names = {item["name"] for item in record["parameters"]}
    assert {"growth", "sampson: dynamic-selection: pareto_shape"} <= names


def test_results_are_those_of_the_library(small):
    frame = pd.read_csv(small[1] / "results.csv", keep_default_na=False)
    found = compare(
        members=["acr", "variety-expansion", "baldwin-robert-nicoud: efficiency-linked", "sampson"],
        intervals={"trade_elasticity": Interval(4, 6), "interest_rate": Interval(0.022, 0.04)},
        draws=6,
        seed=3,
    )
    pd.testing.assert_frame_equal(frame, found.tidy(), check_dtype=False)


def test_report_says_what_decides_and_why_numbers_are_missing(small):
    outcome, folder = small
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "efficiency_link</code> at 5 (6 here)" in page
    assert "none: a static model" in page
    assert "The shock never moves growth" in page
    assert "Static theory makes that worth +0.88 per cent" in outcome.headline


def test_workers_do_not_matter(small, tmp_path):
    run_study(parse_study(SMALL.replace("workers = 1", "workers = 2")), tmp_path / "out")
    for name in ("results.csv", "turning-points.csv", "attempts.csv", "words.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (small[1] / name).read_bytes()


def test_a_model_that_cannot_have_the_facts_is_told(tmp_path):
    text = (
        HEAD + 'mechanisms = ["acr", "sampson"]\nsweeps = "none"\nworkers = 1\n[compare.facts]\ninterest_rate = 0.02\n'
    )
    outcome = run_study(parse_study(text), tmp_path / "out")
    assert not outcome.failed_checks
    assert "1 could not be run, and its line says why." in outcome.headline
    assert any("sampson: dynamic-selection was not run" in text for text in outcome.warnings)
    assert "not run" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_the_shipped_study_has_every_model():
    assert "same-shock" in list_studies()
    settings = parse_study(study_text("same-shock")).compare
    assert settings.members is None
    assert settings.draws > 0


def test_world_can_be_left_out():
    members = parse_study(HEAD + "world = false").compare.members
    assert "world" not in members
    assert "clusters: related-abroad" in members


def test_command_runs_a_comparison_and_nothing_else(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(SMALL.replace("draws = 6", "draws = 2"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["tradewinds", "compare", "mine.toml"])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 0
    assert capsys.readouterr().out == "mine-results/report.html\n"
    monkeypatch.setattr("sys.argv", ["tradewinds", "compare", "us-rnd"])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 2
    assert "us-rnd is a study of world" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("home_share = 1.2", r'key "compare.home_share" .* is 1.2'),
        ("home_share = 0.0", r'key "compare.home_share"'),
        ("home_share = 0.8\ntrade_cost_cut = 0.1", r'key "compare.trade_cost_cut".*states the shock already'),
        ("trade_cost_cut = 1.0", r'key "compare.trade_cost_cut"'),
        ('mechanisms = ["samson"]', r'key "compare.mechanisms".*Did you mean "sampson"'),
        ('mechanisms = ["perla-tonetti-waugh: publishd"]', r'key "compare.mechanisms".*Did you mean "published"'),
        ("mechanisms = []", r'key "compare.mechanisms"'),
        ("draws = -1", r'key "compare.draws"'),
        ("draws = 5", r'key "compare.draws".*no interval to draw from'),
        ("[compare.intervals]\ngrowth = [0.007, 0.009]", r'key "compare.intervals".*draws = 0'),
        ("draws = 5\n[compare.intervals]\ngrowth = [0.009, 0.007]", r'key "compare.intervals.growth".*reversed'),
        (
            "draws = 5\n[compare.intervals]\ngrowth = [-0.01, 0.02]",
            r'key "compare.intervals.growth".*growth is -0.01; it must be above 0',
        ),
        (
            "draws = 5\n[compare.intervals]\nhome_share = [0.8, 1.0]",
            r'key "compare.intervals.home_share".*reaches 1; it must stay below',
        ),
        (
            "draws = 5\n[compare.intervals]\nhome_share = [0.8, 1.2]",
            r'key "compare.intervals.home_share".*home_share is 1.2; it must lie between 0 and 1',
        ),
        ("draws = 5\n[compare.intervals]\ngrowth = [0.009]", r'key "compare.intervals.growth"'),
        (
            "draws = 5\n[compare.intervals]\ngrowth = [0.007, 0.008, 0.009]",
            r'key "compare.intervals.growth".*holds 3 numbers',
        ),
        ("draws = 5\n[compare.intervals]\ngrwth = [0.007, 0.009]", r'Did you mean "growth"'),
        ("[compare.facts]\nhome_share = 0.05", r'key "compare.facts.home_share".*1 / countries'),
        ("[compare.facts]\ninterest_rate = 0.005", r'key "compare.facts.interest_rate".*must be the larger'),
        (
            "[compare.parameters.sampsn]\nfixed_cost = 1.0",
            r'there is no \'sampsn\' in the comparison. Did you mean "sampson"',
        ),
        ("[compare.parameters.sampson]\nfixd_cost = 1.0", r'has no parameter \'fixd_cost\'. Did you mean "fixed_cost"'),
        (
            "draws = 2\n[compare.parameter_intervals.sampson]\nfixed_cost = [2.0, 1.0]",
            r'key "compare.parameter_intervals.sampson.fixed_cost".*reversed',
        ),
        ('sweeps = "quick"', r'key "compare.sweeps"'),
        ("workers = 0", r'key "compare.workers"'),
    ],
)
def test_what_cannot_be_is_said_at_its_key(rest, message):
    with pytest.raises(StudyError, match=message):
        parse_study(HEAD + rest)


@pytest.mark.slow
def test_a_script_that_does_not_guard_its_main_part_gets_its_results(tmp_path):
    script = tmp_path / "script.py"
    text = SMALL.replace("workers = 1", "workers = 2").replace("draws = 6", "draws = 2")
    script.write_text(
        f"from tradewinds.study import parse_study, run_study\nprint(run_study(parse_study('''{text}'''), 'out').headline)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Static theory makes that worth +0.88 per cent" in done.stdout
