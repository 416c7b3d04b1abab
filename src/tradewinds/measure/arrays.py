"""What the measurement rooms share: arrays whose last axis is years, with checks that name the place.

Measurement is arithmetic on long series, where one negative flow or one missing year spoils every later
number. Each check here says which series, which position and, where years are known, which year.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import AlignmentError, InputError, did_you_mean
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "broadcast",
    "place",
    "read_array",
    "require",
    "require_option",
    "spread",
    "tidy_array",
]

Array = NDArray[np.float64]


def require_option(name: str, value: object, allowed: Iterable[str]) -> None:
    """Raise :class:`InputError` unless an option is one of its allowed names."""
    allowed = list(allowed)
    if value not in allowed:
        hint = did_you_mean(str(value), allowed)
        raise InputError(f"{name} is {value!r}.{hint} Allowed: {', '.join(allowed)}.")


def read_array(data: ArrayLike, *, what: str) -> Array:
    """Return data as floats; a data frame is refused: its axes do not say which one is years."""
    if hasattr(data, "columns"):
        raise InputError(
            f"{what}: a data frame does not say which axis is years; pass frame.to_numpy() with years on the "
            "last axis, or an xarray.DataArray whose last dimension is year"
        )
    if getattr(getattr(data, "index", None), "nlevels", 1) > 1:
        raise InputError(f"{what}: a series with several index levels is several series; unstack the years first")
    try:
        return np.asarray(data, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} must be numbers in a rectangular array: {error}") from None


def place(index: Sequence[int], years: Sequence[int] | None = None) -> str:
    """Return words for an index whose last entry is a position in time.

    Examples
    --------
    >>> place((2, 0, 5)), place((4,), range(1970, 1992)), place(())
    ('series (2, 0), position 5', 'year 1974', 'its only value')
    """
    if not len(index):
        return "its only value"
    *series, time = (int(k) for k in index)
    when = f"position {time}" if years is None else f"year {years[time]}"
    return f"series ({', '.join(map(str, series))}), {when}" if series else when


def require(
    good: NDArray[np.bool_], values: Array, *, what: str, need: str, years: Sequence[int] | None = None
) -> None:
    """Raise :class:`InputError` naming the first value for which ``good`` is false, and how many there are.

    Examples
    --------
    >>> flow = np.array([1.0, -2.0])
    >>> require(flow >= 0, flow, what="flow", need="zero or positive")
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: flow at position 1 is -2; it must be zero or positive
    """
    bad = np.argwhere(~good)
    if len(bad):
        index = tuple(bad[0])
        more = f" ({len(bad)} such values)" if len(bad) > 1 else ""
        raise InputError(f"{what} at {place(index, years)} is {values[index]:g}; it must be {need}{more}")


def broadcast(arrays: Mapping[str, Array]) -> list[Array]:
    """Return arrays brought to one shape.

    Each must be a single number or have as many axes as the others: numpy would line up the *last* axes of a
    (country, year) and a (country, industry, year) array, and take countries for industries where both are
    eight.

    Raises
    ------
    AlignmentError
        If shapes do not fit, naming them.

    Examples
    --------
    >>> broadcast({"capital": np.ones((2, 3)), "user_cost": np.array(0.2)})[1].shape
    (2, 3)
    """
    shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
    if len({array.ndim for array in arrays.values()} - {0}) > 1:
        raise AlignmentError(
            f"arrays must be numbers or have the same number of axes: {shapes}. Add axes of length one, as "
            "in rates[:, None, :]"
        )
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        raise AlignmentError(f"shapes do not fit each other: {shapes}") from None


def spread(values: Array, shape: tuple[int, ...], *, what: str, over: str) -> Array:
    """Return values spread over a shape they must fit; see :func:`broadcast` for the rule.

    Examples
    --------
    >>> spread(np.array([[0.05], [0.1]]), (2, 6), what="depreciation", over="series").shape
    (2, 6)
    """
    if values.ndim in (0, len(shape)):
        try:
            return np.broadcast_to(values, shape)
        except ValueError:
            pass
    raise AlignmentError(
        f"{what} has shape {values.shape}, which does not fit {over} of shape {shape}: give a number, or an "
        "array with the same axes (length one where it does not vary)"
    )


def tidy_array(
    variable: str, values: Array, unit: str, labels: Mapping[str, Sequence[Hashable]] | None = None
) -> pd.DataFrame:
    """Return an array as tidy rows ``variable, value, unit`` and one label column an axis.

    Parameters
    ----------
    variable, unit : str
    values : ndarray
    labels : mapping, optional
        Name and labels of every axis, in order; positions are used where none are given.

    Raises
    ------
    AlignmentError
        If the labels do not fit the array.
    InputError
        If a label occurs twice or is longer than a line; see :func:`~tradewinds.tidy.tidy_frame`.
    """
    import pandas as pd

    if labels is None:
        names = [*(f"axis_{k}" for k in range(values.ndim - 1)), "position"]
        labels = {name: range(size) for name, size in zip(names, values.shape, strict=True)}
    sizes = tuple(len(codes) for codes in labels.values())
    if sizes != values.shape:
        found = ", ".join(f"{name} {size}" for name, size in zip(labels, sizes, strict=True))
        raise AlignmentError(
            f"labels ({found}) do not fit {variable} of shape {values.shape}: name every axis in order"
        )
    columns: dict[str, object] = {"variable": variable, "value": values.ravel(), "unit": unit}
    positions = np.indices(values.shape).reshape(len(sizes), -1)
    for (name, codes), position in zip(labels.items(), positions, strict=True):
        # Rows are all combinations of labels, so checking each axis once checks every row.
        checked = tidy_frame([{"variable": variable, "value": 0.0, "unit": unit, name: code} for code in codes], [name])
        columns[name] = checked[name].array.take(position)
    return pd.DataFrame(columns).astype({"variable": "str", "unit": "str"})
