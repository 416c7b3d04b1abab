"""Tables as a working paper sets them: a caption, units under the heads, aligned numbers, a note, a source.

What a column shows is decided here and nowhere else; the numbers behind it stay in full precision in
``results.csv``.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError, did_you_mean
from tradewinds.report.environment import render_template

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

__all__ = ["Column", "Table", "format_value"]

MISSING = "–"
#: Longest text that is set in one line.
_SHORT = 24

#: Text that is set like a number: "0.101**", "(0.027)", "[−1.2, 3.4]", "12 %".
_NUMBER_LIKE = re.compile(r"[(\[]?[+\-−]?[\d.,]+(?:e[+\-−]?\d+)?\s?%?(?:, [+\-−]?[\d.,]+)?[)\]]?[*†‡]{0,3}")
_HANGING = re.compile(r"(.*\d\s?%?)([)\]*†‡]+)", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        Head of the column.
    unit : str
        Unit, set under the head.
    format : str
        Python format of its numbers, such as ``.3f`` or ``,.0f``; empty chooses three significant digits of
        the largest, the same number of decimals throughout.
    key : str
        Column of the data frame it is read from; empty means ``name``.

    Raises
    ------
    InputError
        If the format is not one for numbers.
    """

    name: str
    unit: str = ""
    format: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        try:
            format(1, self.format)
        except ValueError as error:
            raise InputError(
                f"column {self.name!r}: format {self.format!r} is not one for numbers, such as .3f"
            ) from error


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Attributes
    ----------
    title : str
        Caption; the number ("Table 3") is added where the table is set.
    columns : tuple of Column
        The first labels the rows. A plain string is a column of that name. None takes every column of a
        frame.
    rows : tuple of tuple, or DataFrame
        Numbers, text, or None and NaN for what is missing. Numbers given as text ("(0.027)") are set as
        numbers.
    note : str
        What a reader must know to use the numbers.
    source : str
        Where they come from.
    stand_in : bool or None
        Whether the numbers rest on stand-in data, marked beside the caption; None means as the report says.

    Raises
    ------
    InputError
        If a row has too few or too many cells, or a frame lacks a column.

    Examples
    --------
    >>> table = Table("Elasticities", (Column("Country"), Column("Estimate", format=".3f")), [("Canada", 0.1014)])
    >>> table.cells()
    (('Canada', '0.101'),)
    """

    title: str
    columns: Sequence[Column | str] | None
    rows: Sequence[Sequence[Any]] | pd.DataFrame
    note: str = ""
    source: str = ""
    stand_in: bool | None = None

    def __post_init__(self) -> None:
        rows: Any = self.rows
        names = self.columns if self.columns is not None else [str(name) for name in getattr(rows, "columns", ())]
        columns = tuple(column if isinstance(column, Column) else Column(column) for column in names)
        if not columns:
            raise InputError(f"table {self.title!r}: name its columns")
        if hasattr(rows, "columns"):
            rows = _rows_of_frame(rows, columns, self.title)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "rows", tuple(tuple(row) for row in rows))
        for number, row in enumerate(self._rows, start=1):
            if len(row) != len(columns):
                raise InputError(
                    f"table {self.title!r}, row {number}: {len(row)} cells for {len(columns)} columns "
                    f"({', '.join(column.name for column in columns)})"
                )

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """Return the text of every cell as it is set."""
        formats = [
            column.format or _common_format([row[index] for row in self._rows])
            for index, column in enumerate(self._columns)
        ]
        return tuple(
            tuple(format_value(value, form) for value, form in zip(row, formats, strict=True)) for row in self._rows
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers behind the table, in full precision, under the heads of the columns."""
        import pandas as pd

        return pd.DataFrame([list(row) for row in self._rows], columns=[column.name for column in self._columns])

    def to_html(self, *, identifier: str = "table", label: str = "", stand_in: bool = False) -> Markup:
        """Return the table as HTML.

        Parameters
        ----------
        identifier : str
            Its id on the page.
        label : str
            Its number, such as ``Table 3``.
        stand_in : bool
            Whether the report rests on stand-in data; the table's own ``stand_in`` overrides it.
        """
        cells = self.cells()
        numeric = [
            bool(column.format) or _is_numeric([row[index] for row in cells])
            for index, column in enumerate(self._columns)
        ]
        body = [
            [_hang(text) if number else (text, "") for text, number in zip(row, numeric, strict=True)] for row in cells
        ]
        return render_template(
            "table.html.j2",
            table=self,
            columns=list(zip(self._columns, numeric, strict=True)),
            body=body,
            numeric=numeric,
            characters=_characters(self._columns, cells),
            identifier=identifier,
            label=label,
            stand_in=stand_in if self.stand_in is None else self.stand_in,
        )

    @property
    def _rows(self) -> tuple[tuple[Any, ...], ...]:
        return self.rows  # type: ignore[return-value]  # and these

    @property
    def _columns(self) -> tuple[Column, ...]:
        return self.columns  # type: ignore[return-value]  # __post_init__ made them so


def format_value(value: Any, form: str = "") -> str:
    """Return one cell as text: a true minus sign, a dash for what is missing, yes and no.

    Examples
    --------
    >>> format_value(-13.61, ".2f"), format_value(float("nan")), format_value(True), format_value([1, 2])
    ('−13.61', '–', 'yes', '1, 2')
    """
    if _is_missing(value):
        return MISSING
    if isinstance(value, str):
        return re.sub(r"(^|[(\[ ])-(?=[\d.])", r"\1−", value) if _NUMBER_LIKE.fullmatch(value) else value
    if type(value).__name__ in ("bool", "bool_"):  # of Python or numpy
        return "yes" if value else "no"
    if isinstance(value, numbers.Real):
        return _format_number(value, form)
    if isinstance(value, Sequence):
        return ", ".join(format_value(item, form) for item in value)
    return str(value)


def _format_number(value: Any, form: str) -> str:
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    text = format(value, form if form else "d" if isinstance(value, numbers.Integral) else ".6g")
    if text[0] in "+-" and not re.search(r"[1-9]", text):
        text = text[1:]  # zero has no sign
    return text.replace("-", "−")


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, numbers.Real) and math.isnan(value)


def _common_format(values: Sequence[Any]) -> str:
    """Return one format for a column, so that its decimal points line up."""
    sizes = [
        float(value)
        for value in values
        if not isinstance(value, bool) and isinstance(value, numbers.Real) and math.isfinite(value)
    ]
    if not sizes or any(isinstance(value, Sequence) and not isinstance(value, str) for value in values):
        return ""
    if all(size.is_integer() for size in sizes):
        years = all(1800 <= size <= 2200 for size in sizes)
        return ".0f" if years else ",.0f"
    largest = max(abs(size) for size in sizes)
    decimals = 2 - math.floor(math.log10(largest))
    return ".2e" if decimals > 6 else f",.{max(decimals, 0)}f"


def _is_numeric(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text not in ("", MISSING)]
    return bool(filled) and all(_NUMBER_LIKE.fullmatch(text) or text in ("∞", "−∞") for text in filled)


def _characters(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> int:
    """Return about how many characters wide the table is at its narrowest; paper has no room to scroll."""
    total = 0
    for index, column in enumerate(columns):
        words = re.split(r"[\s-]", f"{column.name} {column.unit}")
        texts = [row[index] for row in cells]
        widest = max((len(text) if len(text) <= _SHORT else _SHORT for text in map(_plain, texts)), default=0)
        total += max(widest, max(len(word) for word in words)) + 2
    return total


def _plain(text: str) -> str:
    return re.sub(r"<[^>]*>", "", text) if hasattr(text, "__html__") else text


def _hang(text: str) -> tuple[str, str]:
    """Split off a closing bracket or stars, which hang into the margin so that digits stay aligned."""
    match = _HANGING.fullmatch(text)
    return (match[1], match[2]) if match else (text, "")


def _rows_of_frame(frame: pd.DataFrame, columns: Sequence[Column], title: str) -> list[tuple[Any, ...]]:
    keys = [column.key or column.name for column in columns]
    known = [str(name) for name in frame.columns]
    for key in keys:
        if key not in known:
            raise InputError(
                f"table {title!r}: the frame has no column {key!r}.{did_you_mean(key, known)} "
                f"Its columns are {', '.join(known)}."
            )
    return list(zip(*(frame[key].tolist() for key in keys), strict=True))
