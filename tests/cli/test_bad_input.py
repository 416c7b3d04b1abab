"""Bad input ends with code 2, one message on standard error, nothing on standard output and nothing on disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tradewinds.data import template_frame

HEAD = "schema = 1\n[spillovers]\ndraws = 20\n"
CSV_HEAD = "variable,country,partner,industry,year,value\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.toml", None, ["missing.toml: no such file", "tradewinds new spillovers"]),
        ("folder", "", ["folder is a folder", ".toml"]),
        ("empty.toml", b"", ["empty.toml: there is nothing in the file", "tradewinds new spillovers"]),
        ("binary.toml", bytes(range(256)), ["binary.toml: not UTF-8 text (byte 129)"]),
        ("excel.toml", "schema = 1".encode("utf-16"), ["excel.toml: not UTF-8 text (byte 1)"]),
        ("large.toml", b"#" * 1_000_001, ["large.toml: larger than 1,000,000 bytes", "CSV"]),
        ("deep.toml", b"x = " + b"[" * 5000, ["deep.toml: brackets are nested too deeply"]),
        ("digits.toml", b"x = " + b"1" * 5000, ["digits.toml: not valid TOML"]),
        (
            "bare.toml",
            b"schema = 1\npanel = mine.csv\n",
            ["bare.toml, line 2", "Text needs quotes", "panel = mine.csv"],
        ),
        ("key.toml", f'{HEAD}panle = "x"\n'.encode(), ["key.toml: 2 problems", "(line 4)", 'Did you mean "panel"?']),
    ],
)
def test_study_files_that_cannot_be_read(command, tmp_path, name, content, said):
    path = tmp_path / name
    if content == "":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    done = command("run", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    for words in said:
        assert words in done.err
    assert [item.name for item in tmp_path.iterdir()] == ([name] if path.exists() else [])


@pytest.mark.parametrize(
    ("panel", "content", "said"),
    [
        ("nofile.csv", None, ['is "nofile.csv", and there is no file', "start at the folder of the study"]),
        ("pannel.csv", None, ['is "pannel.csv"', 'Did you mean "panel.csv"?']),
        ("keller1997", None, ["neither a bundled panel nor a file", 'Did you mean "keller1997-calibrated"?']),
        ("folder.csv", "", ["which is a folder"]),
        ("x" * 5000 + ".csv", None, ["cannot be the name of a file"]),
    ],
)
def test_panels_that_are_not_there_name_study_and_key(command, tmp_path, panel, content, said):
    (tmp_path / "panel.csv").write_text("", encoding="utf-8")
    if content == "":
        (tmp_path / panel).mkdir()
    (tmp_path / "s.toml").write_text(f'{HEAD}panel = "{panel}"\n', encoding="utf-8")
    done = command("run", "s.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith('error: s.toml: key "spillovers.panel" is ')
    for words in said:
        assert words in done.err
    assert not (tmp_path / "s-results").exists()


@pytest.mark.parametrize(
    ("panel", "content", "said"),
    [
        ("empty.csv", b"", "the file is empty; row 1 must name the columns"),
        ("binary.csv", b"\x89PNG\r\n\x1a\n\xff\xfe" * 20, "not text in UTF-8"),
        ("words.csv", b"hello\n", "columns are missing: variable, country"),
        ("semicolons.csv", CSV_HEAD.replace(",", ";").encode(), "separated by semicolons"),
        ("header.csv", CSV_HEAD.encode(), "no rows below the header"),
        ("fake.parquet", b"hello", "this is not a Parquet file"),
    ],
)
def test_panels_that_are_no_tables_name_the_panel(command, tmp_path, panel, content, said):
    (tmp_path / panel).write_bytes(content)
    (tmp_path / "s.toml").write_text(f'{HEAD}panel = "{panel}"\n', encoding="utf-8")
    done = command("run", "s.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {panel}: ")
    assert said in done.err
    assert not (tmp_path / "s-results").exists()


def test_every_problem_of_a_panel_is_told_at_once_with_its_rows(process, tmp_path):
    frame = template_frame().astype("string").fillna("").reset_index(drop=True)
    for row, column, value in [
        (5, "country", "CANADIA"),
        (12, "value", "abc"),
        (22, "year", "19x"),
        (32, "value", ""),
        (42, "variable", "tpf"),
        (71, "value", "-5"),
        (81, "value", "inf"),
    ]:
        frame.loc[row - 2, column] = value  # row 1 of the file is the header
    twice = frame.iloc[[50]]
    pd.concat([frame, twice]).to_csv(tmp_path / "bad.csv", index=False)
    (tmp_path / "s.toml").write_text(f'{HEAD}panel = "bad.csv"\n', encoding="utf-8")
    done = process("run", "s.toml")
    assert (done.code, done.out) == (2, "")
    said = done.err.splitlines()
    assert said[0].startswith("error: bad.csv: ")
    for words, rows in [
        ("unknown country 'CANADIA'", "(row 5)"),
        ('value is not a number: "abc"', "(row 12)"),
        ('year is "19x"', "(row 22)"),
        ("is empty for", "(row 32)"),
        ('unknown variable "tpf". Did you mean "tfp"?', "(row 42)"),
        ("is -5, but must be positive", "(row 71)"),
        ("value is infinite", "(row 81)"),
        ("given more than once", f"rows 52, {len(frame) + 2}"),
    ]:
        assert [line for line in said if words in line and rows in line], (words, rows)
    assert not (tmp_path / "s-results").exists()


def test_a_very_long_list_of_problems_stays_readable(command, tmp_path):
    keys = "".join(f"unknown_{number} = 1\n" for number in range(300))
    text = f'{HEAD}panel = 3\nexperiment = "swap"\nseed = -1\n{keys}'
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    done = command("run", "s.toml")
    said = done.err.splitlines()
    assert said[0] == "error: s.toml: 303 problems found"
    assert len(said) < 25
    for key in ("spillovers.panel", "spillovers.experiment", "spillovers.seed", "spillovers.unknown_0"):
        assert f'"{key}"' in done.err
    assert said[-2] == "  - and 295 more: 295 keys not known"
    assert said[-1].startswith("  Known keys in [spillovers]: panel, ")
    assert done.err.count("Known keys") == 1


def test_messages_do_not_steer_the_terminal(command, tmp_path):
    (tmp_path / "s.toml").write_text(f'{HEAD}panel = "a.csv"\n"\\u001b[2J" = 1\n', encoding="utf-8")
    done = command("run", "s.toml")
    assert done.code == 2
    assert "\x1b" not in done.err
    assert "\\x1b[2J" in done.err


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("study.toml", "study.toml is a file, and results are a folder"),
        ("study.toml/below", "study.toml, which is a file"),
        ("theirs", "theirs is not empty and holds no results of tradewinds"),
        (".", "is the folder you are in"),
        ("", "is the folder you are in"),
        ("..", "is the folder you are in or one above it"),
    ],
)
def test_places_that_cannot_take_results(command, study, tmp_path, tree, out, said):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "thesis.tex").write_text("years of work", encoding="utf-8")
    before = tree(tmp_path)
    done = command("run", study.name, "--out", out)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert tree(tmp_path) == before


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that nobody can write to")
@pytest.mark.parametrize("place", ["/sys/results", "/proc/results"])
def test_a_place_nobody_may_write_to(command, study, place):
    for words in (["run", study.name], ["new", "spillovers"]):
        done = command(*words, "--out", place)
        assert (done.code, done.out) == (2, "")
        assert "/" + place.split("/")[1] in done.err
        assert "bug" not in done.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(command, study, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    done = command("run", study.name, "--out", locked / "results")
    assert (done.code, done.out) == (2, "")
    assert "permission denied" in done.err


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names that are bytes")
def test_a_file_name_that_is_not_unicode(tmp_path, study):
    odd = os.fsencode(tmp_path) + b"/\xff.toml"
    Path(os.fsdecode(odd)).write_bytes(study.read_bytes() + b'experiment = "observed"\n')
    done = subprocess.run([sys.executable, "-m", "tradewinds", "run", odd], capture_output=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"\xff-results/report.html\n")
    assert os.path.exists(os.fsencode(tmp_path) + b"/\xff-results/provenance.json")  # noqa: PTH110
