"""Runs that end early, by a signal or a reader who leaves, and the exit codes of everything that can go wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import types

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import ConvergenceError, MissingDependencyError
from tradewinds.replications import collect
from tradewinds.report import Findings, PaperPage, Report
from tradewinds.report.scoreboard import SCOREBOARD_COLUMNS
from tradewinds.solvers import Residual, Solution, Status


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("name", "code"),
    [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)],
    ids=lambda value: str(value),
)
def test_a_stopped_run_leaves_nothing_and_earlier_results_untouched(study, tmp_path, tree, name, code):
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        pytest.skip(f"{name} is ignored here, as under nohup, and the command inherits that")
    words = [sys.executable, "-m", "tradewinds", "run", study.name, "--out", "out"]
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "provenance.json").write_text('{"files": ["provenance.json"]}', encoding="utf-8")  # as a run leaves it
    study.write_text(study.read_text(encoding="utf-8").replace("draws = 20", "draws = 10_000_000"), encoding="utf-8")
    before = tree(tmp_path)
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    deadline = time.monotonic() + 120
    while tree(tmp_path) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert tree(tmp_path) != before  # the run has begun to work in its hidden folder
    running.send_signal(getattr(signal, name))
    try:
        out, err = running.communicate(timeout=120)
    finally:
        running.kill()  # a run that does not hear must not outlive its test
        running.wait()
    assert (running.returncode, out) == (code, "")
    assert "Traceback" not in err
    if name == "SIGINT":
        assert err == "warning: interrupted; no half-written results are left, and earlier ones are as they were\n"
    assert tree(tmp_path) == before


DEAF = """
import gc, signal, time
from tradewinds.cli.stops import stops_on_signals

def deaf(phase, info):
    if phase == "start" and not asked:
        asked.append(True)
        signal.raise_signal(signal.{name})  # Python drops what is raised here

asked = []
with stops_on_signals():
    gc.callbacks.append(deaf)
    try:
        gc.collect()
        for _ in range(1000):
            time.sleep(0.01)
    except BaseException as error:
        print(type(error).__name__, len(asked))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("name", "raised"), [("SIGTERM", "Stopped"), ("SIGHUP", "Stopped"), ("SIGINT", "KeyboardInterrupt")]
)
def test_a_request_that_comes_while_memory_is_cleared_is_heard(name, raised):
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        pytest.skip(f"{name} is ignored here, as under nohup, and the command inherits that")
    words = [sys.executable, "-c", DEAF.format(name=name)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (f"{raised} 1\n", "")


def test_other_errors_of_finalizers_are_shown_as_ever(capsys):
    class Broken:
        def __del__(self):
            raise ValueError("as ever")

    from tradewinds.cli.stops import stops_on_signals

    seen = []
    before, sys.unraisablehook = sys.unraisablehook, lambda lost: seen.append(str(lost.exc_value))
    try:
        with stops_on_signals():
            Broken()
    finally:
        sys.unraisablehook = before
    assert seen == ["as ever"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_nohup_stays_nohup():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import signal, sys; from tradewinds.cli import main; "
            "signal.signal(signal.SIGHUP, signal.SIG_IGN); sys.argv = ['tradewinds', '--version']\n"
            "try: main()\nexcept SystemExit: print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "True"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("words", [["schema"], ["data", "show", "keller1997-calibrated", "--csv"], ["--help"]])
def test_a_reader_who_leaves_is_no_error(words):
    theirs, ours = os.pipe()
    os.close(theirs)  # as head does, at once
    done = subprocess.run([sys.executable, "-m", "tradewinds", *words], stdout=ours, stderr=subprocess.PIPE)
    os.close(ours)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(("reason", "code"), [(3, 3), ("no", 1), (None, 0), (0, 0)])
def test_an_exit_from_below_keeps_its_code(command, monkeypatch, reason, code):
    def leave() -> None:
        raise SystemExit(reason)

    monkeypatch.setattr("tradewinds.study.json_schema", leave)
    assert command("schema").code == code


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_said():
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "tradewinds", "schema"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: the machine refused: no space left on device")
    assert "Traceback" not in done.stderr


FILES = {"results.csv", "report.html", "provenance.json", "figures"}


def not_solved() -> ConvergenceError:
    solution = Solution(
        np.zeros(1), Status.MAX_ITERATIONS, residual=Residual(np.ones(1), 1.0), iterations=3, history=()
    )
    return ConvergenceError("world: equation tfp[US] is off by 1", solution)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MissingDependencyError("install tradewinds[big]"), 2, "error: install tradewinds[big]"),
        (MemoryError(), 2, "error: not enough memory; ask for fewer draws"),
        (
            OSError(28, "No space left on device", "out/x"),
            2,
            "error: the machine refused: no space left on device: out/x",
        ),
        (ZeroDivisionError("division by zero"), 1, "This is a bug in tradewinds. Set TRADEWINDS_DEBUG=1"),
        (KeyboardInterrupt(), 130, "warning: interrupted"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_exit_codes_of_a_run_that_fails(command, study, tmp_path, tree, monkeypatch, error, code, said):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("tradewinds.spillovers.analyse", fail)
    before = tree(tmp_path)
    done = command("run", study.name)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert tree(tmp_path) == before


def test_a_model_that_does_not_converge_ends_with_one_and_keeps_marked_results(command, study, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise not_solved()

    monkeypatch.setattr("tradewinds.spillovers.analyse", fail)
    done = command("run", study.name, "--out", "out")
    assert (done.code, done.out) == (1, "out/report.html\n")
    assert "warning: check failed: world: equation tfp[US] is off by 1\n" in done.err
    assert {item.name for item in (tmp_path / "out").iterdir()} == FILES
    assert '"status": "marked: a check failed"' in (tmp_path / "out" / "provenance.json").read_text(encoding="utf-8")


def test_bugs_show_where_they_happened_on_request(command, study, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("tradewinds.spillovers.analyse", fail)
    monkeypatch.setenv("TRADEWINDS_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        command("run", study.name)


@pytest.fixture
def paper(monkeypatch):
    """Make the only replication one that takes no time; returns a function that sets how its checks end."""
    stub = types.ModuleType("stub_replication")
    monkeypatch.setitem(sys.modules, "stub_replication", stub)
    monkeypatch.setattr(collect, "PAPERS", {"stub": "stub_replication"})
    row = ["stub", "Table 1", "a", "b", 1.0, 1.0, 0.0, 0.0, "exact", ""]
    board = pd.DataFrame([row], columns=list(SCOREBOARD_COLUMNS))
    results = pd.DataFrame({"variable": ["x"], "value": [1.0], "unit": [""]})

    def ends(run):
        stub.run = run

    def with_checks(*failed):
        page = PaperPage("stub", "A stub", link="stub/report.html")
        return collect.Replication(page, board, Findings(Report("A stub", failed_checks=failed), results))

    return ends, with_checks


def test_a_replication_that_holds_ends_with_zero(command, tmp_path, paper):
    ends, with_checks = paper
    ends(lambda progress: with_checks())
    done = command("replicate", "--out", "out")
    assert (done.code, done.out) == (0, "out/index.html\n")
    assert "1" in done.err


def test_a_failed_check_ends_with_one_and_keeps_marked_results(command, tmp_path, paper):
    ends, with_checks = paper
    sentence = "Table 1, a: exact has become close"
    ends(lambda progress: with_checks(sentence))
    done = command("replicate", "stub", "--out", "out")
    assert (done.code, done.out) == (1, "out/index.html\n")
    assert f"warning: check failed: {sentence}\n" in done.err
    for page in ("index.html", "stub/report.html", "provenance.json", "stub/provenance.json"):
        assert sentence in (tmp_path / "out" / page).read_text(encoding="utf-8")
    assert (tmp_path / "out" / "scoreboard.csv").read_text(encoding="utf-8").startswith("paper,exhibit,row,column,")


def test_a_replication_that_does_not_converge_ends_with_one_and_writes_nothing(command, tmp_path, paper):
    def fail(progress):
        raise not_solved()

    ends, _ = paper
    ends(fail)
    done = command("replicate", "--out", "out")
    assert (done.code, done.out) == (1, "")
    assert "tfp[US]" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_paper_whose_library_is_missing_is_named_and_the_others_are_kept(command, tmp_path, paper, monkeypatch):
    def fail(progress):
        raise MissingDependencyError('the world model needs jax: pip install "tradewinds[models]"')

    ends, with_checks = paper
    ends(lambda progress: with_checks())
    stopped = types.ModuleType("stopped_replication")
    stopped.run = fail
    monkeypatch.setitem(sys.modules, "stopped_replication", stopped)
    monkeypatch.setattr(collect, "PAPERS", {"other": "stopped_replication", "stub": "stub_replication"})
    done = command("replicate", "--out", "out")
    assert (done.code, done.out) == (1, "out/index.html\n")
    assert 'other: the world model needs jax: pip install "tradewinds[models]"' in done.err
    done = command("replicate", "other", "--out", "alone")
    assert done.code != 0 and 'pip install "tradewinds[models]"' in done.err and not (tmp_path / "alone").exists()


def test_papers_that_came_to_their_end_are_kept_when_another_does_not_converge(command, tmp_path, paper, monkeypatch):
    def fail(progress):
        raise not_solved()

    ends, with_checks = paper
    ends(lambda progress: with_checks())
    stopped = types.ModuleType("stopped_replication")
    stopped.run = fail
    monkeypatch.setitem(sys.modules, "stopped_replication", stopped)
    monkeypatch.setattr(collect, "PAPERS", {"other": "stopped_replication", "stub": "stub_replication"})
    done = command("replicate", "--out", "out")
    assert (done.code, done.out) == (1, "out/index.html\n")
    sentence = "other: world: equation tfp[US] is off by 1"
    assert f"warning: check failed: {sentence}\n" in done.err
    for name in ("index.html", "provenance.json"):
        assert sentence in (tmp_path / "out" / name).read_text(encoding="utf-8")
    assert sorted(item.name for item in (tmp_path / "out").iterdir()) == [
        "index.html",
        "provenance.json",
        "scoreboard.csv",
        "stub",
    ]
