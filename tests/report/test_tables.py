"""Cells, columns and tables as they are set."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.report import Column, Table
from tradewinds.report.tables import format_value


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (None, "", "–"),
        (math.nan, ".3f", "–"),
        (np.float64("nan"), "", "–"),
        (pd.NA, "", "–"),
        (pd.NaT, "", "–"),
        (math.inf, ".3f", "∞"),
        (-math.inf, "", "−∞"),
        (True, "", "yes"),
        (np.bool_(False), "", "no"),
        (1000, "", "1000"),
        (np.int64(-3), "", "−3"),
        (1234.5678, ",.2f", "1,234.57"),
        (0.1 + 0.2, "", "0.3"),
        (-0.0004, ".3f", "0.000"),
        (0.0004, "+.3f", "0.000"),
        (-0.0006, ".3f", "−0.001"),
        (1e-7, "", "1e−07"),
        (Decimal("1.5"), ".1f", "1.5"),
        ("-0.012**", ".3f", "−0.012**"),
        ("(-0.012)", "", "(−0.012)"),
        ("[-1.2, -0.4]", "", "[−1.2, −0.4]"),
        ("non-tradables", "", "non-tradables"),
        ("1970-1991", "", "1970-1991"),
        ([1.0, -0.5], "", "1, −0.5"),
        (("US", "CA"), "", "US, CA"),
        ([], "", ""),
    ],
)
def test_a_cell_is_set_as_a_reader_expects(value, form, shown):
    assert format_value(value, form) == shown


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 6))
def test_formatted_numbers_read_back_to_their_decimals(value, decimals):
    text = format_value(value, f",.{decimals}f")
    assert float(text.replace("−", "-").replace(",", "")) == pytest.approx(value, abs=0.500001 * 10.0**-decimals)
    assert not (text.startswith("−") and float(text[1:].replace(",", "")) == 0)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.1014, 12.5, None], ("0.1", "12.5", "–")),
        ([0.00123, 0.1], ("0.001", "0.100")),
        ([1e-9, 2e-9], ("1.00e−09", "2.00e−09")),
        ([1970, 1991], ("1970", "1991")),
        ([1970, 12000], ("1,970", "12,000")),
        ([0.0, 0.0], ("0", "0")),
        ([123456.7, 1.0], ("123,457", "1")),
        (["0.10**", 0.25], ("0.10**", "0.250")),
        ([math.inf, 0.5], ("∞", "0.500")),
        ([True, 0.25], ("yes", "0.250")),
        ([[1.0, 0.5], 2.0], ("1, 0.5", "2")),
    ],
)
def test_a_column_takes_one_format_for_all_its_numbers(values, shown):
    table = Table("T", ["x"], [(value,) for value in values])
    assert tuple(row[0] for row in table.cells()) == shown


def test_a_frame_is_read_by_key_and_kept_in_full_precision():
    frame = pd.DataFrame({"country": ["CAN", "USA"], "beta": [1 / 3, np.nan], "unused": [0, 0]})
    table = Table("T", [Column("Country", key="country"), Column("Estimate", format=".3f", key="beta")], frame)
    assert table.cells() == (("CAN", "0.333"), ("USA", "–"))
    assert table.to_frame()["Estimate"][0] == 1 / 3
    assert [column.name for column in Table("T", None, frame).columns] == ["country", "beta", "unused"]


@pytest.mark.parametrize(
    ("columns", "rows", "message"),
    [
        ([], [], "table 'T': name its columns"),
        (None, [(1,)], "name its columns"),
        (["a", "b"], [(1, 2), (1,)], r"row 2: 1 cells for 2 columns \(a, b\)"),
        (["betta"], pd.DataFrame({"beta": [1.0]}), "no column 'betta'. Did you mean \"beta\""),
    ],
)
def test_a_table_that_does_not_fit_its_columns_is_refused(columns, rows, message):
    with pytest.raises(InputError, match=message):
        Table("T", columns, rows)


def test_a_format_that_is_none_is_refused():
    with pytest.raises(InputError, match=r"column 'x': format '[.]3q' is not one for numbers"):
        Column("x", format=".3q")


def test_stars_and_brackets_hang_and_numbers_are_aligned_but_words_are_not(sound):
    table = Table("T", ["R&D of", "β"], [("Canada", "0.415**"), ("", "(0.158)"), ("France", None)])
    html = table.to_html(identifier="table-7", label="Table 7", stand_in=True)
    page = sound(html)
    assert '0.415<span class="hang">**</span>' in html
    assert '(0.158<span class="hang">)</span>' in html
    assert html.count('<td class="number">') == 3
    assert html.count('<th scope="row">') == 2  # the row of standard errors has no head of its own
    assert html.count('<tr class="continued">') == 1
    assert page.text().startswith("Table 7. T stand-in data R&D of β Canada0.415**")


@pytest.mark.parametrize(
    ("own", "of_report", "marked"), [(None, True, 1), (False, True, 0), (True, False, 1), (None, False, 0)]
)
def test_a_table_may_speak_for_itself_about_stand_in_data(own, of_report, marked):
    html = Table("T", ["a"], [(1,)], stand_in=own).to_html(stand_in=of_report)
    assert html.count('class="mark"') == marked


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20))
def test_whatever_the_text_it_is_shown_and_never_read_as_html(parse, text):
    nasty = f"<script>{text}</script>&\"'"
    table = Table(nasty, [Column(nasty, unit=nasty)], [(nasty,)], note=nasty, source=nasty)
    page = parse(str(table.to_html(label=nasty)))
    assert page.problems == []
    assert "script" not in page.tags()
    assert page.text().count("<script>") == 7  # label, title, head, unit, cell, note, source
