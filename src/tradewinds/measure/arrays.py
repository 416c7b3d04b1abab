"""What the measurement rooms share: arrays whose last axis is years, with checks that name the place.

Measurement is arithmetic on long series, where one negative flow or one missing year spoils every later
number. Each check here says which series, which position and, where years are known, which year.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import AlignmentError, InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "broadcast",
    "place",
    "read_array",
    "read_series",
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


def read_series(
    data: ArrayLike, *, what: str, years: Sequence[int] | None = None, shortest: int = 1
) -> tuple[Array, tuple[int, ...] | None]:
    """Return an array with years on the last axis, and its years where they are known.

    Parameters
    ----------
    data : array_like, shape (..., T)
        Numbers; of an ``xarray.DataArray`` the last dimension must be ``year``, and its coordinate gives the
        years.
    what : str
        Name used in messages.
    years : sequence of int, optional
        Labels of the last axis, consecutive.
    shortest : int
        Fewest years accepted.

    Raises
    ------
    InputError
        If there is no year axis, it is too short, or years are not consecutive.
    AlignmentError
        If the years given are not those of the data.

    Examples
    --------
    >>> read_series([1, 2], what="flow", years=[1970, 1971])
    (array([1., 2.]), (1970, 1971))
    """
    values = read_array(data, what=what)
    if values.ndim == 0 or values.shape[-1] < shortest:
        length = values.shape[-1] if values.ndim else 0
        raise InputError(f"{what} has {length} year(s) on its last axis; at least {shortest} are needed")
    own = _coordinate(data, what)
    labels = own if years is None else tuple(int(year) for year in years)
    if own is not None and labels != own:
        raise AlignmentError(f"{what} carries the years {_span(own)}, but years = {_span(labels)} was given")
    if labels is not None:
        if len(labels) != values.shape[-1]:
            raise AlignmentError(f"{what} has {values.shape[-1]} years on its last axis, but {len(labels)} labels")
        if list(labels) != list(range(labels[0], labels[0] + len(labels))):
            raise InputError(f"{what}: years must be consecutive, got {_span(labels)}; fill or drop years first")
    return values, labels


def _coordinate(data: Any, what: str) -> tuple[int, ...] | None:
    dims = getattr(data, "dims", None)
    if dims is None:
        return None
    if not dims or dims[-1] != "year":
        raise InputError(f"{what} has dimensions {tuple(dims)}; its last one must be year: transpose(..., 'year')")
    return tuple(int(year) for year in data["year"].values) if "year" in data.coords else None


def _span(years: Sequence[int] | None) -> str:
    return "none" if not years else ", ".join(map(str, years)) if len(years) < 7 else f"{years[0]}...{years[-1]}"


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
    frame = pd.DataFrame(itertools.product(*labels.values()), columns=list(labels))
    frame.insert(0, "unit", unit)
    frame.insert(0, "value", values.ravel())
    frame.insert(0, "variable", variable)
    return frame
