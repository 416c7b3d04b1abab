"""Numbers that a user gives: what is refused, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError

__all__ = ["Definition", "by_country", "number", "positive", "whole"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Definition:
    """What a parameter is.

    Attributes
    ----------
    symbol, meaning, unit, bounds, source : str
        Symbol of the paper; bounds in words.
    """

    symbol: str
    meaning: str
    unit: str
    bounds: str
    source: str


def number(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    least: float | None = None,
    infinite: bool = False,
    hint: str = "",
) -> float:
    """Return a number within its bounds.

    Raises
    ------
    InputError
        If it is not a number or out of bounds; the message names it, what was found and what is allowed.

    Examples
    --------
    >>> number("entry_cost", 0.5, above=0)
    0.5
    >>> number("trade_cost", -1, least=0, infinite=True, hint="inf closes the economy")
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: trade_cost is -1.0; it must be at least 0: inf closes the economy
    """
    bounds = [f"above {above:g}" if above is not None else "", f"at least {least:g}" if least is not None else ""]
    bounds.append("" if infinite else "finite")
    allowed = " and ".join(bound for bound in bounds if bound)
    tail = f": {hint}" if hint else ""
    try:
        if isinstance(value, bool):
            raise TypeError
        result = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} is {value!r}; it must be a number {allowed}{tail}".rstrip()) from None
    inside = (above is None or result > above) and (least is None or result >= least)
    if np.isnan(result) or not inside or (np.isinf(result) and not infinite):
        raise InputError(f"{name} is {result}; it must be {allowed}{tail}")
    return result


def positive(name: str, value: Any, hint: str = "") -> float:
    """Return a finite number above zero."""
    return number(name, value, above=0, hint=hint)


def whole(name: str, value: Any, least: int) -> int:
    """Return a whole number that is at least ``least``."""
    result = number(name, value, least=least)
    if not result.is_integer():
        raise InputError(f"{name} is {result}; it must be a whole number, at least {least}")
    return int(result)


def by_country(
    name: str,
    value: ArrayLike,
    countries: Sequence[str],
    *,
    matrix: bool = False,
    above: float | None = None,
    least: float | None = None,
    infinite: bool = False,
) -> Array:
    """Return one number a country, or one a pair (row sends, column receives); one number stands for all of them.

    Raises
    ------
    InputError
        If the shape is wrong or a number is out of bounds; the message names the country or pair.
    """
    size = len(countries)
    shape = (size, size) if matrix else (size,)
    try:
        given = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{name} is not a rectangle of numbers{_uneven(value)}") from None
    if given.ndim and given.shape != shape:
        wanted = "one row a sender and one column a receiver" if matrix else "one number a country"
        raise InputError(
            f"{name} has shape {given.shape}; with the countries {', '.join(countries)} it must have shape {shape}, {wanted}, "
            "or be one number for all"
        )
    array = np.array(np.broadcast_to(given, shape))
    for index in np.ndindex(shape):
        place = " to ".join(countries[i] for i in index)
        number(
            f"{name} {'from' if matrix else 'of'} {place}", array[index], above=above, least=least, infinite=infinite
        )
    array.setflags(write=False)
    return array


def _uneven(value: Any) -> str:
    """Say where a list of rows is no rectangle of numbers."""
    if not isinstance(value, list | tuple) or not all(isinstance(row, list | tuple) for row in value):
        return f"; found {value!r}"
    for place, row in enumerate(value, start=1):
        if len(row) != len(value[0]):
            return f": row {place} has {len(row)} of them, and row 1 has {len(value[0])}"
        for column, item in enumerate(row, start=1):
            if isinstance(item, bool) or not isinstance(item, int | float | np.number):
                return f": row {place}, column {column} is {item!r}"
    return f"; found {value!r}"
