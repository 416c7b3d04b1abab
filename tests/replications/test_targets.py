"""Grades and scoreboards: what each status claims, and that a downgrade is seen."""

from __future__ import annotations

import pandas as pd
import pytest

from tradewinds.errors import DataError
from tradewinds.replications import Computed, downgraded, grade, read_targets, score
from tradewinds.replications.targets import TARGET_COLUMNS


@pytest.mark.parametrize(
    ("published", "computed", "tolerance", "status"),
    [
        ("0.130", 0.1304999, None, "exact"),
        ("0.130", 0.1306, None, "qualitative"),
        ("0.130", 0.1306, 0.001, "close"),
        ("0.13", 0.1306, None, "exact"),
        ("-13.61", -13.614, None, "exact"),
        ("63235", 63235.0, None, "exact"),
        ("63235", 63236.0, None, "qualitative"),
        ("0.1", -0.1, 0.05, "not reproduced"),
        ("0.1", float("nan"), 1.0, "not reproduced"),
    ],
)
def test_grade(published, computed, tolerance, status):
    assert grade(published, computed, tolerance) == status


def frame(*rows):
    return pd.DataFrame(rows, columns=list(TARGET_COLUMNS))


KEY = ("Table 1", "CAN", "estimate")


def test_stand_in_numbers_are_never_graded():
    targets = frame((*KEY, "0.101", "", "data unavailable", ""))
    board = score("keller", targets, {KEY: Computed(0.101, stand_in="simulated")})
    assert board["status"].tolist() == ["data unavailable"] and "simulated" in board["note"].item()


def test_a_downgrade_is_named():
    targets = frame((*KEY, "0.101", "", "exact", ""))
    board = score("keller", targets, {KEY: Computed(0.2)})
    assert downgraded(targets, board) == ["Table 1, CAN, estimate: qualitative, but its target promises exact"]
    assert downgraded(targets, score("keller", targets, {KEY: Computed(0.101)})) == []


def test_nothing_is_left_out_or_made_up():
    targets = frame((*KEY, "0.101", "", "exact", ""))
    with pytest.raises(DataError, match=r"Table 1 / CAN / estimate was not computed"):
        score("keller", targets, {})
    with pytest.raises(DataError, match="no target asks for it"):
        score("keller", targets, {KEY: Computed(0.1), ("Table 9", "CAN", "estimate"): Computed(1.0)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exhibit,row\nTable 1,CAN\n", "columns are"),
        (",".join(TARGET_COLUMNS) + "\nT,r,c,abc,,exact,\n", "published is 'abc'"),
        (",".join(TARGET_COLUMNS) + "\nT,r,c,1,,good,\n", "status 'good'"),
        (",".join(TARGET_COLUMNS) + "\nT,r,c,1,,exact,\nT,r,c,2,,exact,\n", "occurs twice"),
    ],
)
def test_bad_target_files(tmp_path, monkeypatch, text, message):
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "targets.csv").write_text(text)
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    with pytest.raises(DataError, match=message):
        read_targets("paper")
