"""The record of a run: the same every time, and silent about who ran it where."""

from __future__ import annotations

import datetime
import getpass
import hashlib
import json
import math
import platform
from pathlib import Path

import numpy as np
import pytest

from tradewinds.errors import InputError
from tradewinds.report import DatasetRecord, ParameterRecord, file_checksum, provenance, to_json


def test_two_runs_differ_in_wall_time_only():
    made = [
        provenance(
            wall_time=time,
            seed=7,
            study={"b": 1, "a": [1, 2]},
            parameters=[ParameterRecord("x", 0.1)],
            citation_keys=["keller1997"],
        )
        for time in (1.0, 2.5)
    ]
    first, second = (to_json(record).splitlines() for record in made)
    different = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    assert different == [('  "wall_time_seconds": 1.0,', '  "wall_time_seconds": 2.5,')]


def test_json_is_sorted_plain_and_reads_back():
    record = provenance(wall_time=0, study={"z": "β", "a": {"y": 1}})
    text = to_json(record)
    assert text.endswith("}\n")
    assert "β" in text
    assert json.loads(text) == record
    assert text == to_json(dict(reversed(list(record.items()))))


def test_every_kind_of_value_becomes_plain():
    content = {
        "array": np.array([[1, 2], [3, 4]]),
        "scalar": np.float64(0.5),
        "whole": np.int32(3),
        "truth": np.bool_(True),
        "day": datetime.date(1996, 1, 2),
        "path": Path("data") / "panel.csv",
        "tuple": (1, None, True),
        "infinite": math.inf,
        "missing": math.nan,
        5: "a key that is no text",
    }
    plain = provenance(wall_time=0, study=content)["study"]["content"]
    assert plain == {
        "array": [[1, 2], [3, 4]],
        "scalar": 0.5,
        "whole": 3,
        "truth": True,
        "day": "1996-01-02",
        "path": "panel.csv",
        "tuple": [1, None, True],
        "infinite": "inf",
        "missing": "nan",
        "5": "a key that is no text",
    }
    assert type(plain["whole"]) is int
    assert type(plain["truth"]) is bool


def test_what_is_no_value_is_named_with_its_place():
    with pytest.raises(InputError, match=r"provenance.study.content.panels\[1\].x is a set"):
        provenance(wall_time=0, study={"panels": [1, {"x": {1, 2}}]})
    with pytest.raises(InputError, match=r"unknown citation key \"?'?kellr1997"):
        provenance(wall_time=0, citation_keys=["kellr1997"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/data/alice/data/panel.csv", "panel.csv"),
        (r"C:\Users\alice\panel.csv", "panel.csv"),
        ("read /data/alice/panel.csv, then '/srv/x/b.csv'", "read panel.csv, then 'b.csv'"),
        ("found=/data/alice/a.csv or a.csv;/data/alice/b.csv", "found=a.csv or a.csv;b.csv"),
        (r"in C:\Users\alice\a.csv.", "in a.csv."),
        ("{home}/studies/keller.toml was read", "studies/keller.toml was read"),
        ("{home}", "~"),
        ("under {home}.", "under ~."),
        ("{home} and {here}/a.csv", "~ and a.csv"),
        ("{here}", "."),
        ("kept: https://example.org/a/b/c and R&D/GDP, 1/2", "kept: https://example.org/a/b/c and R&D/GDP, 1/2"),
        ("data/panel.csv", "data/panel.csv"),
        ("{home}work is another folder", None),
    ],
)
def test_no_folder_of_the_machine_is_written_down(written, kept, tmp_path, monkeypatch):
    home, here = tmp_path / "alice", tmp_path / "somewhere"
    here.mkdir()
    monkeypatch.setattr(Path, "home", staticmethod(lambda: home))
    monkeypatch.chdir(here)
    text = written.format(home=home, here=here)
    record = provenance(wall_time=0, study={"text": text}, warnings=[text], failed_checks=[text])
    if kept is not None:
        assert record["warnings"] == record["failed_checks"] == [record["study"]["content"]["text"]] == [kept]
    assert str(tmp_path) not in to_json(record)


def test_no_user_host_or_folder_is_in_the_record(tmp_path):
    record = provenance(
        wall_time=0,
        study_file=tmp_path / "keller.toml",
        study={"panel": str(tmp_path / "panel.csv"), "home": str(Path.home())},
        warnings=[f"{Path.cwd()}/x.csv is old"],
    )
    text = to_json(record)
    assert record["study"]["file"] == "keller.toml"
    words = set(text.replace('"', " ").replace(",", " ").split())
    for private in (platform.node(), getpass.getuser(), str(tmp_path), str(Path.cwd()), str(Path.home())):
        assert private not in words
    assert str(tmp_path) not in text
    assert str(Path.cwd()) not in text
    assert record["platform"] == f"{platform.system()} {platform.machine()}"


def test_a_failed_check_marks_the_run_and_libraries_are_named():
    assert provenance(wall_time=0)["status"] == "complete"
    record = provenance(wall_time=0.12345, failed_checks=["Sweden"], libraries=["numpy", "no-such-library"])
    assert record["status"] == "marked: a check failed"
    assert record["wall_time_seconds"] == 0.123
    assert record["libraries"] == {"numpy": np.__version__, "no-such-library": "not installed"}


def test_checksums(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(bytes(range(256)) * 5000)
    assert file_checksum(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "empty").touch()
    assert file_checksum(tmp_path / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert DatasetRecord("x", file_checksum(path), "y").sha256 == file_checksum(path)


@pytest.mark.parametrize("digest", ["", "AB" * 32, "ab" * 31, "zz" * 32])
def test_a_checksum_that_is_none_is_refused(digest):
    with pytest.raises(InputError, match="dataset x: sha256 must be 64 hexadecimal digits"):
        DatasetRecord("x", digest, "y")


def test_a_machine_without_a_home_folder_has_nothing_to_hide(monkeypatch):
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", staticmethod(no_home))
    assert provenance(wall_time=0.0, warnings=["read at leisure"])["warnings"] == ["read at leisure"]
