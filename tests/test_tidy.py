"""Tidy frames: what is refused, and that CSV gives back what went in."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame, to_csv

ROW = {"variable": "tfp", "value": 1.0, "unit": "index", "country": "CAN"}


def test_columns_come_in_one_order_whatever_the_order_of_the_rows():
    frame = tidy_frame(
        [{"year": 1996, "unit": "1", "country": "US", "value": 2, "variable": "tfp"}], ["country", "year"]
    )
    assert list(frame.columns) == ["variable", "value", "unit", "country", "year"]
    assert frame["value"].dtype == float
    assert frame["year"].dtype == "Int64"


def test_no_rows_give_an_empty_frame_with_its_columns():
    frame = tidy_frame([], ["country"])
    assert frame.shape == (0, 4)
    assert frame["value"].dtype == float
    assert to_csv(frame) == "variable,value,unit,country\n"


def test_a_frame_is_taken_as_well_as_mappings():
    rows = [ROW, ROW | {"country": "USA", "value": None}]
    from_frame = tidy_frame(pd.DataFrame(rows).convert_dtypes(), ["country"])
    pd.testing.assert_frame_equal(from_frame, tidy_frame(rows, ["country"]))
    assert math.isnan(from_frame["value"][1])


@pytest.mark.parametrize(
    "number", [3, 3.0, np.int64(3), np.float64(3), np.float32(3), pd.array([3.0], dtype="Float64")[0]]
)
def test_every_kind_of_number_is_a_value(number):
    assert tidy_frame([ROW | {"value": number}], ["country"])["value"][0] == 3.0


@pytest.mark.parametrize(
    ("labels", "dtype", "shown"),
    [
        ([1996, 1997.0, np.int64(1998)], "Int64", "1996 1997 1998"),
        ([1996, None, math.nan], "Int64", "1996  "),
        ([0.5, 1, None], "float64", "0.5 1.0 "),
        ([1e300, 1], "float64", "1e+300 1.0"),
        ([2**70, 1], "float64", "1.1805916207174113e+21 1.0"),
        (["CAN", None, pd.NA], "str", "CAN  "),
        (["CAN", 3, True], "str", "CAN 3 True"),
        ([pd.NaT, "x"], "str", " x"),
    ],
)
def test_labels_keep_their_kind_and_may_be_missing(labels, dtype, shown):
    rows = [ROW | {"variable": f"v{place}", "label": label} for place, label in enumerate(labels)]
    frame = tidy_frame([{name: row[name] for name in row if name != "country"} for row in rows], ["label"])
    assert frame["label"].dtype == pd.Series([], dtype=dtype).dtype
    assert " ".join(line.split(",")[-1] for line in to_csv(frame).splitlines()[1:]) == shown


@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        ([ROW], ["country", "country"], "a label may occur once"),
        ([ROW], ["value"], "may not be one of variable, value, unit"),
        ([ROW], ["country", "year"], "row 1: it lacks year; columns are variable, value, unit, country, year"),
        ([ROW, ROW | {"contry": 1}], ["country"], 'row 2: it has contry; .* Did you mean "country"'),
        ([{**ROW, "regime": "x"} | {"unit": "1"}], ["country"], "it has regime"),
        ([{"variable": "tfp", "val": 1, "unit": ""}], [], "lacks value and has val.* Did you mean"),
        ([ROW | {"variable": ""}], ["country"], "row 1: variable must be a name, got ''"),
        ([ROW | {"variable": 3}], ["country"], "variable must be a name, got 3"),
        ([ROW | {"value": "1.0"}], ["country"], "value of tfp must be a number, got '1.0'"),
        ([ROW | {"country": "CAN\r"}], ["country"], r"row 1: country must be one line of text, got 'CAN\\r'"),
        ([ROW | {"unit": "a\nb"}], ["country"], "unit must be one line"),
        ([ROW | {"value": True}], ["country"], "value of tfp must be a number, got True"),
        ([ROW | {"value": 1j}], ["country"], "value of tfp must be a number"),
        ([ROW | {"unit": None}], ["country"], "unit of tfp must be text, got None"),
        (
            [ROW, ROW | {"country": "USA"}, ROW | {"value": 2}],
            ["country"],
            "rows 1 and 3 are both tfp, CAN; add the label",
        ),
        ([ROW | {"country": ""}, ROW | {"country": None}], ["country"], "rows 1 and 2"),
        ([ROW | {"country": "1"}, ROW | {"country": 1}], ["country"], "rows 1 and 2 are both tfp, 1"),
        ([ROW | {"country": 1.5}, ROW | {"country": 1.5}], ["country"], "rows 1 and 2 are both tfp, 1.5"),
    ],
)
def test_what_is_not_tidy_is_refused_with_its_row(rows, labels, message):
    with pytest.raises(InputError, match=message):
        tidy_frame(rows, labels)


def test_csv_ends_lines_as_unix_does_and_leaves_missing_cells_empty():
    frame = tidy_frame([ROW, ROW | {"value": math.nan, "country": 'Korea, "South"'}], ["country"])
    assert to_csv(frame) == 'variable,value,unit,country\ntfp,1.0,index,CAN\ntfp,,index,"Korea, ""South"""\n'


words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\0"), max_size=12)
labels = words | st.integers(-(2**53), 2**53) | st.none()


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.tuples(words.filter(bool), labels), st.tuples(st.floats(), words), max_size=8))
def test_a_tidy_frame_comes_back_from_csv_as_it_went(content):
    rows = [
        {"variable": variable, "value": value, "unit": unit, "label": label}
        for (variable, label), (value, unit) in content.items()
    ]
    shown = [("" if row["label"] is None else str(row["label"]), row["variable"]) for row in rows]
    if len(set(shown)) < len(shown):  # 1 and "1" are one label in a file
        with pytest.raises(InputError, match="are both"):
            tidy_frame(rows, ["label"])
        return
    frame = tidy_frame(rows, ["label"])
    text = to_csv(frame)
    head, *back = csv.reader(io.StringIO(text, newline=""))
    assert head == list(frame.columns)
    values = [float(line[1]) if line[1] else math.nan for line in back]
    np.testing.assert_array_equal(values, [row["value"] for row in rows])
    assert [line[0] for line in back] == [row["variable"] for row in rows]
    assert [line[2] for line in back] == [row["unit"] for row in rows]
    assert [line[3] for line in back] == [label for label, _ in shown]
