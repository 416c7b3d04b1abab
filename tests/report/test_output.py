"""Output folders: all of a run or nothing of it, and never at the cost of what somebody else put there."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tradewinds.errors import OutputError
from tradewinds.report import output_folder, provenance, to_json, write_text


def run(path, text="new", **options):
    with output_folder(path, **options) as folder:
        (folder / "results.csv").write_text(text)
        (folder / "figures").mkdir()
        (folder / "figures" / "one.svg").write_text("<svg/>")
        (folder / "provenance.json").write_text(to_json(provenance(wall_time=0)))


def names(folder: Path) -> list[str]:
    return sorted(item.relative_to(folder).as_posix() for item in folder.rglob("*"))


RESULTS = ["figures", "figures/one.svg", "provenance.json", "results.csv"]


def test_results_appear_whole_and_list_their_files(tmp_path):
    target = tmp_path / "deep" / "down" / "results"
    with output_folder(target) as folder:
        assert not target.exists()
        assert folder.parent == target.parent
        (folder / "provenance.json").write_text("{}")
    assert json.loads((target / "provenance.json").read_text()) == {"files": ["provenance.json"]}
    assert names(tmp_path / "deep" / "down") == ["results", "results/provenance.json"]


def test_a_later_run_takes_the_place_of_an_earlier_one(tmp_path):
    target = tmp_path / "results"
    run(target, "old")
    (target / ".DS_Store").touch()
    run(target, "new")
    assert (target / "results.csv").read_text() == "new"
    assert names(target) == RESULTS
    assert [item.name for item in tmp_path.iterdir()] == ["results"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_run_that_ends_badly_leaves_nothing_and_keeps_what_was_there(tmp_path, error, earlier):
    target = tmp_path / "new" / "results"
    if earlier:
        run(target, "old")

    def fail():
        with output_folder(target) as folder:
            (folder / "half.csv").write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    if earlier:
        assert names(target) == RESULTS
        assert (target / "results.csv").read_text() == "old"
        assert names(tmp_path / "new") == ["results", *(f"results/{name}" for name in RESULTS)]
    else:
        assert names(tmp_path) == []  # not even the parents that were made for it


@pytest.mark.parametrize("moment", ["in the block", "between the renames"])
def test_what_a_killed_run_leaves_does_not_block_the_next(tmp_path, moment):
    target = tmp_path / "results"
    run(target, "old")
    code = f"""
import os, signal
from tradewinds.report import output
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if {moment!r} == "between the renames":
    output._swap = lambda partial, target: (target.rename(output._hidden_sibling(target, "replaced")), die())
with output.output_folder({str(target)!r}) as folder:
    (folder / "provenance.json").write_text("{{}}")
    if {moment!r} == "in the block":
        die()
"""
    ended = subprocess.run([sys.executable, "-c", code], check=False)
    assert ended.returncode == -signal.SIGKILL
    hidden = [item for item in tmp_path.iterdir() if item.name.startswith(".results.")]
    kept = target if moment == "in the block" else next(item for item in hidden if ".replaced-" in item.name)
    assert (kept / "results.csv").read_text() == "old"
    assert hidden
    run(target, "new")
    assert (target / "results.csv").read_text() == "new"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "results").write_text("a file of mine")
    with pytest.raises(
        OutputError, match=r"results is a file, and results are a folder. Choose another folder with --out"
    ):
        run(tmp_path / "results")
    with pytest.raises(OutputError, match=r"below would lie below results, which is a file. Choose another"):
        run(tmp_path / "results" / "below")
    assert (tmp_path / "results").read_text() == "a file of mine"


@pytest.mark.parametrize("path", [".", "..", "sub/..", "/", ""])
def test_the_folder_one_is_in_is_never_replaced(path, tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        OutputError, match="the folder you are in or one above it and cannot be replaced: choose a folder inside"
    ):
        run(path)


FOREIGN = [
    {"thesis.tex": "x"},
    {"scoreboard.csv": "mine", "thesis.tex": "x"},
    {"provenance.json": "{}", "thesis.tex": "x"},
    {"provenance.json": "no json"},
    {"provenance.json": '["files"]'},
    {"provenance.json": '{"files": "all of them"}'},
]


@pytest.mark.parametrize("content", FOREIGN)
def test_a_folder_that_is_not_ours_stays_as_it_is(content, tmp_path):
    target = tmp_path / "mine"
    target.mkdir()
    for name, text in content.items():
        (target / name).write_text(text)
    ran = []

    def attempt():
        with output_folder(target):
            ran.append(True)

    with pytest.raises(
        OutputError, match=r"mine is not empty and holds no results of tradewinds .*; it stays as it is"
    ):
        attempt()
    assert not ran  # refused before any work is done
    assert {item.name: item.read_text() for item in target.iterdir()} == content


@pytest.mark.parametrize("foreign", ["notes.md", "figures/mine.svg", "more/deep/data.csv"])
def test_notes_beside_results_are_safe(foreign, tmp_path):
    target = tmp_path / "results"
    run(target, "old")
    (target / foreign).parent.mkdir(parents=True, exist_ok=True)
    (target / foreign).write_text("mine")
    with pytest.raises(OutputError, match=f"also {foreign}, which tradewinds did not write; nothing is replaced"):
        run(target)
    assert (target / foreign).read_text() == "mine"
    assert (target / "results.csv").read_text() == "old"


def test_many_foreign_files_are_counted(tmp_path):
    run(tmp_path / "results")
    for number in range(5):
        (tmp_path / "results" / f"note{number}").touch()
    with pytest.raises(OutputError, match="also note0, note1, note2 and 2 more, which"):
        run(tmp_path / "results")


def test_a_link_put_beside_results_counts_as_foreign(tmp_path):
    run(tmp_path / "results")
    (tmp_path / "results" / "data").symlink_to(tmp_path)
    with pytest.raises(OutputError, match="also data"):
        run(tmp_path / "results")


def test_files_put_at_the_target_during_the_run_are_safe_and_the_results_kept_beside_them(tmp_path):
    target = tmp_path / "results"

    def attempt():
        with output_folder(target) as folder:
            (folder / "provenance.json").write_text("{}")
            target.mkdir()
            (target / "mine.txt").write_text("mine")

    with pytest.raises(OutputError, match=r"holds no results of tradewinds .* The finished results are in .*results-2"):
        attempt()
    assert names(tmp_path) == ["results", "results-2", "results-2/provenance.json", "results/mine.txt"]


def test_a_swap_that_fails_brings_the_earlier_results_back(tmp_path, monkeypatch):
    target = tmp_path / "results"
    run(target, "old")
    rename = Path.rename

    def refuse(self, to):
        if ".partial-" in self.name and Path(to) == target:
            raise OSError(errno.EACCES, "Permission denied", str(to))
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match=r"permission denied.* The finished results are in .*results-2"):
        run(target, "new")
    assert (target / "results.csv").read_text() == "old"
    assert (tmp_path / "results-2" / "results.csv").read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 2


def test_an_empty_folder_is_free_and_earlier_results_can_be_protected(tmp_path):
    (tmp_path / "results").mkdir()
    run(tmp_path / "results", overwrite=False)
    with pytest.raises(OutputError, match=r"holds earlier results. Choose another folder with --out, or allow"):
        run(tmp_path / "results", overwrite=False)


def test_a_link_to_results_stays_a_link(tmp_path):
    run(tmp_path / "real", "old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    run(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "results.csv").read_text() == "new"


def test_a_full_disk_is_the_users_error_and_a_missing_input_is_ours(tmp_path):
    def attempt(error):
        with output_folder(tmp_path / "results") as folder:
            raise OSError(error, os.strerror(error), str(folder / "results.csv"))

    with pytest.raises(OutputError, match=r"cannot write .*results: no space left on device. Choose a place"):
        attempt(errno.ENOSPC)
    with pytest.raises(FileNotFoundError):
        attempt(errno.ENOENT)
    assert names(tmp_path) == []


def test_two_runs_at_once_do_not_meet(tmp_path):
    with output_folder(tmp_path / "results") as first:
        (first / "provenance.json").write_text('{"run": 1}')
        run(tmp_path / "results", "second")
    assert json.loads((tmp_path / "results" / "provenance.json").read_text())["run"] == 1


def test_write_text_replaces_a_file_at_once(tmp_path):
    path = tmp_path / "new" / "schema.json"
    assert write_text(path, "β\n") == path
    path.chmod(0o640)
    write_text(path, "γ\r\n")
    assert path.read_bytes() == "γ\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path / "new") == ["schema.json"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_write_text_that_fails_keeps_the_old_text(tmp_path, monkeypatch, error):
    path = write_text(tmp_path / "a.txt", "old")

    def refuse(self, to):
        raise error

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError if isinstance(error, OSError) else KeyboardInterrupt):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_write_text_refuses_a_folder(tmp_path):
    with pytest.raises(OutputError, match=r"it is a folder or a device. Give the name of a file"):
        write_text(tmp_path, "x")
