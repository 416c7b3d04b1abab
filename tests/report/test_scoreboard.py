"""The scoreboard: what is refused, how it is counted, and what counts as worse."""

from __future__ import annotations

import io
import math

import pandas as pd
import pytest

from tradewinds.errors import DataError
from tradewinds.report import (
    SCOREBOARD_COLUMNS,
    STATUSES,
    check_scoreboard,
    count_statuses,
    downgrades,
    read_scoreboard,
    to_csv,
)
from tradewinds.report.scoreboard import as_number


def board(*rows: dict) -> pd.DataFrame:
    usual = dict(
        zip(
            SCOREBOARD_COLUMNS, ("keller", "Table 1", "CAN", "IS", "0.130", 0.13, 0.0, 0.0005, "exact", ""), strict=True
        )
    )
    return pd.DataFrame([usual | row for row in rows])


def test_columns_come_in_order_and_missing_notes_become_empty():
    frame = board({"note": None}, {"row": "USA", "note": math.nan, "computed": None})
    checked = check_scoreboard(frame[frame.columns[::-1]])
    assert tuple(checked.columns) == SCOREBOARD_COLUMNS
    assert list(checked["note"]) == ["", ""]


@pytest.mark.parametrize("empty", ["", None, pd.NA, math.nan, "nan"])
def test_an_empty_cell_is_not_a_number_and_no_mistake(empty):
    number = as_number(empty)
    assert number is not None
    assert math.isnan(number)
    assert check_scoreboard(board({"computed": empty})).shape == (1, 10)


def test_what_is_no_number_is_named():
    assert as_number("0.130") == 0.13
    assert as_number("0.13O") is None
    with pytest.raises(DataError, match=r"row 1: computed is '0.13O', expected a number or nothing"):
        check_scoreboard(board({"computed": "0.13O"}))


def test_a_file_keeps_its_printed_digits(scoreboard, tmp_path):
    path = tmp_path / "scoreboard.csv"
    path.write_text(to_csv(scoreboard), encoding="utf-8")
    back = read_scoreboard(path)
    assert list(back["published"]) == list(scoreboard["published"])
    assert count_statuses(back) == count_statuses(scoreboard)
    pd.testing.assert_frame_equal(back, read_scoreboard(io.StringIO(to_csv(back))))


@pytest.mark.parametrize(
    ("frame", "problems"),
    [
        (
            board({}).drop(columns="note").rename(columns={"row": "rows"}),
            ["lacks column row", "lacks column note", "rows"],
        ),
        (board({"status": "exakt"}), ["row 1: status 'exakt' is none of exact, close", 'mean "exact"']),
        (board({"status": None}), ["status '' is none of"]),
        (
            board({"status": "not reproduced", "note": " "}),
            ["row 1 (keller / Table 1 / CAN / IS): not reproduced needs a note"],
        ),
        (board({"status": "data unavailable"}), ["data unavailable needs a note"]),
        (board({}, {"row": "USA"}, {}), ["rows 1 and 3 are both keller / Table 1 / CAN / IS"]),
        (board({"published": "0,130"}), ["published is '0,130', expected a number or nothing"]),
        (board({"computed": "n/a"}, {"tolerance": "-"}), ["row 1: computed is 'n/a'", "row 2: tolerance is '-'"]),
    ],
)
def test_everything_wrong_is_named_at_once(frame, problems):
    with pytest.raises(DataError) as caught:
        check_scoreboard(frame, source="board.csv")
    assert str(caught.value).startswith("board.csv: ")
    for problem in problems:
        assert problem in str(caught.value)


def test_a_wrong_file_is_named_without_its_folder(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("paper,exhibit\nkeller,Table 1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"^mine.csv: 8 problems found"):
        read_scoreboard(path)


def test_counts_name_every_status_best_first():
    counts = count_statuses(board({}, {"row": "b"}, {"row": "c", "status": "qualitative"}))
    assert list(counts) == list(STATUSES)
    assert list(counts.values()) == [2, 0, 1, 0, 0]


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", [*STATUSES, "missing"])
def test_worse_is_listed_and_nothing_else(before, after):
    expected = board({"status": before, "note": "why"})
    computed = board({"row": "new"}, *([] if after == "missing" else [{"status": after, "note": "because"}]))
    found = downgrades(expected, computed)
    assert list(found.columns) == ["paper", "exhibit", "row", "column", "expected", "computed", "note"]
    worse = after == "missing" or STATUSES.index(after) > STATUSES.index(before)
    row = ("keller", "Table 1", "CAN", "IS", before, after, "" if after == "missing" else "because")
    assert list(found.itertuples(index=False, name=None)) == ([row] if worse else [])


def test_rows_are_matched_as_text_and_kept_in_order():
    expected = board({"row": 1990}, {"row": "b"}, {"row": "a"})
    found = downgrades(expected, board({"row": "1990"}))
    assert list(found["row"]) == ["b", "a"]
