"""``tradewinds run`` and ``new``: what is printed, what is written, what is replaced."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from tradewinds.study import KINDS, list_studies, study_text

BESIDE = {
    "spillovers": "spillovers-panel.csv",
    "world": "my-world",
    "clusters": "clusters-citations.csv",
    "plants": "plants-synthetic.csv",
}
FILES = {"results.csv", "report.html", "provenance.json", "figures"}
TABLES = {
    "clusters": {"events.csv", "policies.csv", "policies-events.csv", "welfare.csv"},
    "firms": {"changes.csv", "comparative-statics.csv"},
    "growth": {"sweep.csv"},
    "plants": {"industries.csv", "distributions.csv"},
    "compare": {"parameters.csv", "words.csv", "turning-points.csv", "attempts.csv"},
}


def test_run_says_the_headline_the_warnings_once_and_where_the_report_is(process, study, tmp_path):
    done = process("run", study.name)
    assert (done.code, done.out) == (0, "study-results/report.html\n")
    headline, *warnings = done.err.splitlines()
    assert headline.startswith("growth IS, panel keller1997-calibrated: elasticities between ")
    assert warnings
    assert len(set(warnings)) == len(warnings)
    assert all(line.startswith("warning: ") for line in warnings)
    kept = json.loads((tmp_path / "study-results" / "provenance.json").read_text(encoding="utf-8"))["warnings"]
    assert [f"warning: {text}" for text in kept] == warnings
    assert "\x1b" not in done.err  # no progress in a pipe
    assert {item.name for item in (tmp_path / "study-results").iterdir()} == FILES
    results = tmp_path / "study-results" / "results.csv"
    frame = pd.read_csv(results)
    assert list(frame.columns) == ["variable", "value", "unit", "specification", "weights", "term"]
    assert frame["value"].notna().all()
    assert b"\r" not in results.read_bytes()


def test_relative_panels_start_at_the_folder_of_the_study(process, own_study, tmp_path, tree):
    done = process("run", own_study.relative_to(tmp_path), "--out", "rés ultats/première")
    assert (done.code, done.out) == (0, "rés ultats/première/report.html\n")
    folder = tmp_path / "rés ultats" / "première"
    assert {item.name for item in folder.iterdir()} == FILES
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert record["study"]["file"] == "étude 1.toml"
    assert [item["name"] for item in record["datasets"]] == ["pañel 1.csv"]
    assert sorted(item.name for item in own_study.parent.iterdir()) == ["pañel 1.csv", "étude 1.toml"]


def test_earlier_results_are_replaced_and_notes_beside_them_are_not(command, study, tmp_path):
    assert command("run", study.name, "--out", "out").code == 0
    first = (tmp_path / "out" / "results.csv").read_bytes()
    study.write_text(study.read_text(encoding="utf-8") + "seed = 2\n", encoding="utf-8")
    assert command("run", study.name, "--out", "out").code == 0
    second = (tmp_path / "out" / "results.csv").read_bytes()
    assert first != second
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    done = command("run", study.name, "--out", "out")
    assert done.code == 2
    assert "notes.txt" in done.err
    assert (tmp_path / "out" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "out" / "results.csv").read_bytes() == second


@pytest.mark.parametrize("kind", KINDS)
def test_a_starter_runs_as_it_is_written_and_is_never_overwritten(command, tmp_path, kind):
    done = command("new", kind, "--out", "mine")
    assert done.code == 0
    written = [tmp_path / line for line in done.out.splitlines()]
    assert [path.name for path in written] == [f"{kind}.toml", *([BESIDE[kind]] if kind in BESIDE else [])]
    assert done.err == f"Next: tradewinds run mine/{kind}.toml\n"
    assert command("run", f"mine/{kind}.toml", "--out", "out").code == 0
    assert {item.name for item in (tmp_path / "out").iterdir()} == FILES | TABLES.get(kind, set())
    for kept in written:
        for path in written:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        kept.write_text("my own", encoding="utf-8")
        again = command("new", kind, "--out", "mine")
        assert (again.code, again.out) == (2, "")
        assert f"{kept.name} exists and is not overwritten" in again.err
        assert kept.read_text(encoding="utf-8") == "my own"
        assert [path for path in written if path.exists()] == [kept]


def test_the_list_of_shipped_studies_and_a_copy_to_change(command, tmp_path):
    done = command("new", "--list")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert (done.code, rows[0]) == (0, ["name", "kind", "title"])
    assert ["us-rnd", "world", "US research up by half a per cent of GDP"] in rows
    done = command("new", "world", "--study", "us-rnd", "--out", "mine")
    assert (done.code, done.out, done.err) == (0, "mine/us-rnd.toml\n", "Next: tradewinds run mine/us-rnd.toml\n")
    copy = tmp_path / "mine" / "us-rnd.toml"
    assert copy.read_text(encoding="utf-8") == study_text("us-rnd")
    copy.write_text("my own", encoding="utf-8")
    again = command("new", "world", "--study", "us-rnd", "--out", "mine")
    assert again.code == 2
    assert "us-rnd.toml exists and is not overwritten" in again.err
    assert copy.read_text(encoding="utf-8") == "my own"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("new",), "name a kind of study: spillovers, world"),
        (("new", "word"), 'no study of kind \'word\'. Did you mean "world"?'),
        (("new", "world", "--study", "us-rd"), f'Did you mean "us-rnd"? There are {len(list_studies())}: tradewinds new --list'),
        (("new", "spillovers", "--study", "us-rnd"), "study 'us-rnd' is of kind world: tradewinds new world --study us-rnd"),
        (("run", "us-rd"), 'us-rd: no such file. Did you mean "us-rnd"?'),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_with_what_is(command, tmp_path, tree, arguments, words):
    done = command(*arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert tree(tmp_path) == []


@pytest.mark.parametrize("place", ["study.toml", "study.toml/below"])
def test_new_below_a_file_is_refused(command, study, place):
    done = command("new", "spillovers", "--out", place)
    assert (done.code, done.out) == (2, "")
    assert "study.toml" in done.err


def test_progress_is_drawn_on_a_terminal_only(study, tmp_path):
    pty = pytest.importorskip("pty")
    study.write_text(study.read_text(encoding="utf-8").replace("draws = 20", "draws = 20000"), encoding="utf-8")
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "tradewinds", "run", study.name],
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=tmp_path,
        env=os.environ | {"TERM": "xterm-256color"},
    )
    os.close(theirs)
    drawn = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the terminal is closed
            break
        if not part:
            break
        drawn += part
    os.close(ours)
    out, _ = running.communicate(timeout=60)
    assert (running.returncode, out) == (0, b"study-results/report.html\n")
    assert b"\x1b[" in drawn
    assert "━".encode() in drawn


def test_a_world_that_is_not_solved_ends_with_one_and_keeps_what_it_found(command, tmp_path, monkeypatch):
    command("new", "world")
    text = (
        (tmp_path / "world.toml")
        .read_text(encoding="utf-8")
        .replace("last_year = 2100", "last_year = 2030\nbeyond = 20")
    )
    (tmp_path / "world.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("tradewinds.study.world.TOLERANCE", 1e-40)
    done = command("run", "world.toml", "--out", "out")
    assert (done.code, done.out) == (1, "out/report.html\n")
    assert 'warning: check failed: scenario "simulation" is not solved' in done.err
    assert {item.name for item in (tmp_path / "out").iterdir()} == FILES
    assert "NOT SOLVED" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
