"""Tables of flows between industries: square or long, read strictly, with every problem named at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import DataError
from tradewinds.labels import align

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LONG", "read_table", "table_flows"]

Array = NDArray[np.float64]

#: Columns of a long table.
LONG = ("from", "to", "value")

_MOST = 20  # problems named; further ones are counted


def read_table(path: Path) -> pd.DataFrame:
    """Return a CSV file as text, its first column as index unless it is long.

    Raises
    ------
    DataError
        If there is no such file, or it is not CSV.
    """
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True)
    except FileNotFoundError:
        raise DataError(str(path), ["there is no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(str(path), [f"it cannot be read as UTF-8 text: {error}"]) from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise DataError(str(path), [f"it is not a table in CSV: {error}"]) from error
    frame.columns = [str(name).strip() for name in frame.columns]
    if set(LONG) <= set(frame.columns):
        return frame
    if len(frame.columns) < 2:
        raise DataError(str(path), [f"it has one column, {frame.columns[0]!r}; separate columns by commas"])
    return frame.set_index(frame.columns[0])


def table_flows(table: pd.DataFrame, missing: str) -> tuple[tuple[str, ...], Array, list[str]]:
    """Return industries, flows from row to column, and what is wrong with the table.

    Raises
    ------
    AlignmentError
        If rows and columns of a square table do not name the same industries.
    """
    frame = table.set_axis([str(name).strip() for name in table.columns], axis=1)
    long = set(LONG) <= set(frame.columns)
    labels, flows, problems = _long(frame) if long else _square(frame)
    blank = np.argwhere(np.isnan(flows))
    if missing == "zero":
        flows = np.where(np.isnan(flows), 0.0, flows)
    elif len(blank) and not problems:
        listed = ", ".join(f"{labels[i]} to {labels[j]}" for i, j in blank[:_MOST])
        more = f" and {len(blank) - _MOST} more" if len(blank) > _MOST else ""
        problems = [f'no number from {listed}{more}; fill them in, or say missing = "zero" if nothing flows there']
    if len(problems) > _MOST:
        problems = [*problems[:_MOST], f"and {len(problems) - _MOST} more"]
    return labels, flows, problems


def _square(frame: pd.DataFrame) -> tuple[tuple[str, ...], Array, list[str]]:
    rows = [str(label).strip() for label in frame.index]
    order = align(rows, list(frame.columns), what="industry", left_name="rows", right_name="columns")
    flows, problems = np.full((len(rows), len(rows)), np.nan), []
    cells = frame.to_numpy(dtype=object)[:, order]
    for i, j in np.ndindex(cells.shape):
        flows[i, j], problem = _number(cells[i, j])
        if problem:
            problems.append(f"from {rows[i]} to {rows[j]}: {problem}")
    if not rows:
        problems.append("it names no industry")
    return tuple(rows), flows, problems


def _long(frame: pd.DataFrame) -> tuple[tuple[str, ...], Array, list[str]]:
    extra = [name for name in frame.columns if name not in LONG]
    problems = [f"column {name!r} is not known; columns are from, to, value" for name in extra]
    pairs = [(str(a).strip(), str(b).strip()) for a, b in zip(frame["from"], frame["to"], strict=True)]
    labels = tuple(dict.fromkeys([a for a, _ in pairs] + [b for _, b in pairs]))
    place = {label: i for i, label in enumerate(labels)}
    flows, seen = np.full((len(labels), len(labels)), np.nan), dict[tuple[str, str], int]()
    for number, (pair, cell) in enumerate(zip(pairs, frame["value"], strict=True), start=1):
        if "" in pair:
            problems.append(f"row {number}: it does not say {'from' if not pair[0] else 'to'} which industry")
            continue
        if pair in seen:
            problems.append(f"rows {seen[pair]} and {number} are both from {pair[0]} to {pair[1]}")
        seen[pair] = number
        value, problem = _number(cell)
        flows[place[pair[0]], place[pair[1]]] = value
        if problem:
            problems.append(f"row {number}, from {pair[0]} to {pair[1]}: {problem}")
    if not pairs:
        problems.append("it has no rows")
    return labels, flows, problems


def _number(cell: Any) -> tuple[float, str]:
    """Return a cell's number, NaN if empty, and what is wrong with it."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return np.nan, ""
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return np.nan, f"{cell!r} is not a number"
    if isinstance(cell, str) and np.isnan(value):
        return np.nan, f"{cell!r} is not a number"
    if np.isinf(value) or value < 0:
        return value, f"it is {value:g}; flows are at least 0 and finite"
    return value, ""
