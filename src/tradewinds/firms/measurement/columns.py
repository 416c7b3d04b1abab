"""Columns of a user's table: present, numeric, and named with their rows where they are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean

__all__ = ["is_empty", "numbers", "require_columns", "some_rows"]


def require_columns(frame: pd.DataFrame, names: Sequence[str], source: str) -> None:
    """Raise :class:`InputError` if a column is missing, naming the nearest that exists."""
    for name in names:
        if name not in frame.columns:
            known = [str(column) for column in frame.columns]
            raise InputError(
                f"{source} has no column {name!r}.{did_you_mean(name, known)} Its columns are {', '.join(known)}."
            )


def some_rows(wrong: NDArray[np.bool_], most: int = 5) -> str:
    """Return the first rows that are marked, counted from one, as text.

    Examples
    --------
    >>> some_rows(np.array([False, True, True]))
    'rows 2, 3'
    """
    rows = np.flatnonzero(wrong) + 1
    shown = ", ".join(str(row) for row in rows[:most])
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}"


def is_empty(column: pd.Series[Any]) -> NDArray[np.bool_]:
    """Return which cells are missing or blank text.

    Examples
    --------
    >>> is_empty(pd.Series(["a", " ", None])).tolist()
    [False, True, True]
    """
    missing = column.isna().to_numpy()
    if pd.api.types.is_numeric_dtype(column.dtype):
        return missing
    codes, different = pd.factorize(column)  # text repeats itself: look at each once
    blank = np.array([isinstance(value, str) and not value.strip() for value in different], dtype=bool)
    return missing | np.append(blank, False)[codes]


def numbers(
    column: pd.Series[Any], name: str, *, smallest: float = -np.inf, missing: bool = False
) -> tuple[pd.Series[float], list[str]]:
    """Return a column as floats and what is wrong with it, one sentence a kind of problem.

    Parameters
    ----------
    column : Series
    name : str
        For messages.
    smallest : float
        Lowest value allowed.
    missing : bool
        Whether cells may be empty.
    """
    values = pd.to_numeric(column, errors="coerce").astype("float64")
    array, empty = values.to_numpy(), is_empty(column)
    text = np.isnan(array) & ~empty
    problems = []
    if text.any():
        first = column.iloc[int(np.flatnonzero(text)[0])]
        problems.append(f"{name}: {text.sum()} cells are not numbers, such as {first!r}: {some_rows(text)}")
    if empty.any() and not missing:
        problems.append(f"{name}: {empty.sum()} cells are empty: {some_rows(empty)}")
    infinite = np.isinf(array)
    if infinite.any():
        problems.append(f"{name}: {infinite.sum()} values are infinite: {some_rows(infinite)}")
    low = array < smallest
    if (low & ~infinite).any():
        problems.append(
            f"{name}: {low.sum()} values are below {smallest:g}, such as {array[low][0]:g}: {some_rows(low)}"
        )
    return values, problems
