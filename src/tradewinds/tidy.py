"""Tidy results: one number a row, with its variable, its unit and the labels that say which one it is.

Every model of the laboratory hands out its results in this one form, so that a regression in Stata, a table
in R and a pivot in a spreadsheet read them alike.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TIDY_COLUMNS", "tidy_frame", "to_csv"]

#: Columns of every tidy frame; the labels of the model follow.
TIDY_COLUMNS = ("variable", "value", "unit")

#: Whole numbers below this are labels; beyond, they are measurements that a float holds as well.
_LARGEST = 2**63


def tidy_frame(rows: Iterable[Mapping[str, Any]] | pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Return a frame with the columns ``variable, value, unit`` and the labels, checked row by row.

    Parameters
    ----------
    rows : iterable of mappings, or DataFrame
        Each with exactly these columns, in any order. A value may be missing (NaN, None) where there is none; a
        label may be empty where it does not apply, such as ``industry`` of an aggregate.
    labels : sequence of str
        Names of the columns that say which number it is, such as ``country, year``.

    Returns
    -------
    DataFrame
        In the order of the rows; labels that are whole numbers are integers (``Int64``), others are text.

    Raises
    ------
    InputError
        If a column is missing or unknown, a variable or unit is not text, a text is longer than a line, a value
        is not a number, or two rows carry the same variable and labels.

    Examples
    --------
    >>> tidy_frame([{"variable": "growth", "value": 0.0079, "unit": "1", "regime": "baseline"}], ["regime"])
      variable   value unit    regime
    0   growth  0.0079    1  baseline
    """
    import pandas as pd

    columns = [*TIDY_COLUMNS, *labels]
    if len(set(columns)) != len(columns):
        raise InputError(f"tidy results: a label may occur once and may not be one of {', '.join(TIDY_COLUMNS)}")
    records: list[Mapping[str, Any]] = (
        [{str(key): value for key, value in record.items()} for record in rows.to_dict("records")]
        if isinstance(rows, pd.DataFrame)
        else list(rows)
    )
    for number, row in enumerate(records, start=1):
        _check_columns(row, columns, number)
        _check_cells(row, number)
    data: dict[str, Any] = {
        "variable": pd.Series([str(row["variable"]) for row in records], dtype="str"),
        "value": pd.Series(
            [math.nan if _is_missing(row["value"]) else float(row["value"]) for row in records], dtype="float64"
        ),
        "unit": pd.Series([str(row["unit"]) for row in records], dtype="str"),
    }
    data |= {name: _label_column([_label(row[name]) for row in records]) for name in labels}
    frame = pd.DataFrame(data, columns=columns)
    _check_unique(frame[["variable", *labels]])
    return frame


def to_csv(frame: pd.DataFrame) -> str:
    r"""Return a frame as CSV text: full precision, Unix line ends, no index, missing values empty.

    Examples
    --------
    >>> to_csv(tidy_frame([{"variable": "tfp", "value": 0.1, "unit": "index", "country": "CAN"}], ["country"]))
    'variable,value,unit,country\ntfp,0.1,index,CAN\n'
    """
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _check_columns(row: Mapping[str, Any], columns: Sequence[str], number: int) -> None:
    missing = [name for name in columns if name not in row]
    unknown = [name for name in row if name not in columns]
    if missing or unknown:
        parts = [f"lacks {', '.join(missing)}"] if missing else []
        parts += [f"has {', '.join(map(str, unknown))}"] if unknown else []
        hint = did_you_mean(str(unknown[0]), missing or columns) if unknown else ""
        raise InputError(
            f"tidy results, row {number}: it {' and '.join(parts)}; columns are {', '.join(columns)}.{hint}"
        )


def _check_cells(row: Mapping[str, Any], number: int) -> None:
    variable, value, unit = (row[name] for name in TIDY_COLUMNS)
    if not isinstance(variable, str) or not variable:
        raise InputError(f"tidy results, row {number}: variable must be a name, got {variable!r}")
    if isinstance(value, bool) or not (isinstance(value, numbers.Real) or _is_missing(value)):
        raise InputError(f"tidy results, row {number}: value of {variable} must be a number, got {value!r}")
    if not isinstance(unit, str):
        raise InputError(f"tidy results, row {number}: unit of {variable} must be text, got {unit!r}")
    for name, cell in row.items():
        if isinstance(cell, str) and re.search(r"[\r\n\0]", cell):  # not every reader of CSV gives these back
            raise InputError(f"tidy results, row {number}: {name} must be one line of text, got {cell!r}")


def _check_unique(keys: pd.DataFrame) -> None:
    """Raise InputError naming the first two rows with the same variable and labels."""
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(keys.astype("str").itertuples(index=False, name=None), start=1):
        if row in seen:
            raise InputError(
                f"tidy results: rows {seen[row]} and {number} are both {', '.join(row)}; "
                "add the label that tells them apart"
            )
        seen[row] = number


def _is_missing(value: Any) -> bool:
    absent = value is None or type(value).__name__ in ("NAType", "NaTType")
    return absent or (isinstance(value, float) and math.isnan(value))


def _label(value: Any) -> Any:
    """Return a label as a plain value; missing becomes None."""
    if _is_missing(value):
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < _LARGEST else number
    return str(value)


def _label_column(values: list[Any]) -> Any:
    import pandas as pd

    present = [value for value in values if value is not None]
    if present and all(isinstance(value, int) and abs(value) < _LARGEST for value in present):
        return pd.array(values, dtype="Int64")
    if present and all(isinstance(value, int | float) for value in present):
        return pd.array([math.nan if value is None else float(value) for value in values], dtype="float64")
    return pd.Series(["" if value is None else str(value) for value in values], dtype="str").array
