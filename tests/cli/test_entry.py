"""The front door: help, version, unknown words, and how light it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tradewinds
from tradewinds.study import json_schema

COMMANDS = {"run", "replicate", "compare", "data", "schema", "new"}


def test_the_installed_script_says_its_version():
    script = Path(sys.executable).with_name("tradewinds")
    if not script.exists():
        pytest.skip("the package is not installed with its script")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"tradewinds {tradewinds.__version__}\n", "")


def test_help_lists_the_commands_there_are_and_no_other(process):
    done = process("--help")
    assert done.code == 0
    listed = {line.split()[1] for line in done.out.split("Commands")[1].splitlines() if line.startswith("│ ")}
    assert listed & (COMMANDS | {"explore"}) == COMMANDS
    assert "fetch" not in process("data", "--help").out


@pytest.mark.parametrize(
    "words", [["run"], ["replicate"], ["compare"], ["data"], ["data", "list"], ["data", "show"], ["schema"], ["new"]]
)
def test_every_command_has_help(command, words):
    for option in ("--help", "-h"):
        done = command(*words, option)
        assert done.code == 0
        assert f"tradewinds {' '.join(words)}" in done.out
        assert done.err == ""


@pytest.mark.parametrize("words", [[], ["data"]])
def test_no_arguments_show_the_help(command, words):
    done = command(*words)
    assert done.code == 2
    assert "Usage" in done.out + done.err


@pytest.mark.parametrize(
    ("words", "found", "hint"),
    [
        (["rnu"], "'rnu'", "'run'"),
        (["explore"], "'explore'", ""),
        (["compare", "same-shok"], "same-shok", '"same-shock"'),
        (["data", "lst"], "'lst'", "'list'"),
        (["data", "fetch", "x"], "'fetch'", ""),
        (["run", "--uot", "x", "a.toml"], "--uot", "--out"),
        (["run"], "Missing argument", "-h"),
        (["run", "a.toml", "b.toml"], "b.toml", "-h"),
        (["data", "show", "keller1997-calibrated", "--rows", "0"], "--rows", "1"),
        (["data", "show", "keller1997-calibrated", "--rows", "few"], "--rows", "integer"),
        (["data", "show", "keller1997-calibratd"], "keller1997-calibratd", '"keller1997-calibrated"'),
        (["replicate", "kelller"], "kelller", '"keller"'),
        (["new", "spilovers"], "spilovers", '"spillovers"'),
    ],
)
def test_unknown_words_are_named_and_the_nearest_suggested(command, tree, tmp_path, words, found, hint):
    done = command(*words)
    assert (done.code, done.out) == (2, "")
    assert found in done.err
    assert hint in done.err
    assert tree(tmp_path) == []


def test_schema_is_json_and_nothing_else(process):
    done = process("schema")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == json_schema()


def test_tables_in_a_pipe_are_plain(process):
    done = process("data", "list")
    assert (done.code, done.err) == (0, "")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert rows[0] == ["name", "kind", "title"]
    assert [row[0] for row in rows[1:]] == [entry.name for entry in tradewinds.data.datasets()]
    assert {len(row) for row in rows} == {3}


def test_data_show_says_where_numbers_come_from(command):
    done = command("data", "show", "keller1997-machinery-imports", "--rows", "3")
    assert done.code == 0
    assert "Keller" in done.out
    assert tradewinds.data.dataset("keller1997-machinery-imports").describe()[0][1] in done.out
    frame = tradewinds.data.load_frame("keller1997-machinery-imports")
    assert done.out.splitlines()[-4] == "\t".join(frame.columns)  # then three rows
    assert done.err.startswith("3 of ")


def test_data_show_csv_is_the_whole_table(command):
    name = "keller1997-rnd-stocks"
    done = command("data", "show", name, "--csv")
    assert (done.code, done.err) == (0, "")
    assert done.out == tradewinds.data.load_frame(name).to_csv(index=False, lineterminator="\n")


def test_the_command_line_loads_nothing_heavy():
    heavy = ["pandas", "numpy", "matplotlib", "scipy", "xarray", "pydantic", "jinja2"]
    code = f"""
import sys
from tradewinds.cli.main import app
print([name for name in {heavy} if name in sys.modules])
import json, numpy
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['numpy']"]  # the second line shows that the check can fail


def test_an_encoding_without_our_letters_stops_nothing(process):
    for words in (["--help"], ["data", "show", "keller1997-calibrated"], ["run", "é.toml"]):
        assert process(*words, PYTHONIOENCODING="ascii").code in (0, 2)
