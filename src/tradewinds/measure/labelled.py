"""Arrays that know what their axes are, and the one rule by which two of them meet.

Numbers from ``xarray``, from a pandas Series or from a mapping say which country or year they are; those of a numpy array do
not. The rule: axes meet by name; labels that are the same in another order are brought into the order of the first array;
labels that differ raise. What carries no labels is taken by position, unless labelled arrays beside it had to be reordered.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import AlignmentError, InputError
from tradewinds.labels import align, require_unique
from tradewinds.measure.arrays import read_array

__all__ = ["Axis", "Labelled", "combine", "fit", "label_axes", "read_labelled", "read_ordered", "read_series"]

Array = NDArray[np.float64]


class Axis(NamedTuple):
    """Name and labels of an axis, each None where the data do not say."""

    name: str | None = None
    labels: tuple[Hashable, ...] | None = None


@dataclass(frozen=True, eq=False)
class Labelled:
    """Numbers and their axes.

    Attributes
    ----------
    values : ndarray
    axes : tuple of Axis
        One an axis, in order.
    """

    values: Array
    axes: tuple[Axis, ...]

    @property
    def years(self) -> tuple[int, ...] | None:
        """Labels of the last axis of what :func:`read_series` returned."""
        return _years(self.axes[-1].labels, "series")

    @property
    def named(self) -> bool:
        """Whether every axis has a name."""
        return all(axis.name is not None for axis in self.axes)


def read_labelled(data: ArrayLike | Mapping[Any, float] | Labelled, *, what: str) -> Labelled:
    """Return data as floats with the axes that they carry.

    Parameters
    ----------
    data : array_like, xarray.DataArray, pandas.Series or mapping
        A mapping has one number a label. The index of a Series labels its only axis, unless it is the default 0, 1, 2, which
        says nothing. Dates are read as years.
    what : str
        Name used in messages.

    Raises
    ------
    InputError
        If data are not numbers, or a data frame.
    AlignmentError
        If a label occurs twice on an axis.

    Examples
    --------
    >>> read_labelled({"CAN": 0.05, "USA": 0.1}, what="depreciation").axes
    (Axis(name=None, labels=('CAN', 'USA')),)
    """
    if isinstance(data, Labelled):
        return data
    if isinstance(data, Mapping):
        values = read_array(list(data.values()), what=what)
        if values.ndim != 1:
            raise InputError(f"{what}: a mapping must hold one number a label")
        return Labelled(values, (Axis(None, tuple(data)),))
    values = read_array(data, what=what)
    axes = _axes(data, values.ndim)
    for axis in axes:
        require_unique(axis.labels or (), what=f"{what} ({axis.name or 'labels'})")
    return Labelled(values, axes)


def _axes(data: Any, count: int) -> tuple[Axis, ...]:
    dims: Any = getattr(data, "dims", None)
    index: Any = getattr(data, "index", None)
    if dims is not None:  # xarray
        known = data.indexes
        return tuple(Axis(str(dim), _labels(known[dim]) if dim in known else None) for dim in dims)
    if hasattr(index, "nlevels"):  # a pandas Series
        default = type(index).__name__ == "RangeIndex" and index.name is None and index.start == 0 and index.step == 1
        return (Axis(None if index.name is None else str(index.name), None if default else _labels(index)),)
    return (Axis(),) * count


def _labels(index: Any) -> tuple[Hashable, ...]:
    return tuple(getattr(index, "year", index).tolist())


def read_series(
    data: ArrayLike | Mapping[Any, float], *, what: str, years: Sequence[int] | None = None, shortest: int = 1
) -> Labelled:
    """Return an array with years on the last axis, and its years where they are known.

    Parameters
    ----------
    data : array_like, shape (..., T)
        Numbers. Of an ``xarray.DataArray`` the last dimension must be ``year``; its coordinate, or the index of a pandas
        Series, gives the years.
    what : str
        Name used in messages.
    years : sequence of int, optional
        Labels of the last axis, consecutive.
    shortest : int
        Fewest years accepted.

    Raises
    ------
    InputError
        If there is no year axis, it is too short, or years do not increase one by one.
    AlignmentError
        If the years given are not those of the data.

    Examples
    --------
    >>> series = read_series([1, 2], what="flow", years=[1970, 1971])
    >>> series.values, series.years
    (array([1., 2.]), (1970, 1971))
    """
    given = read_labelled(data, what=what)
    values = given.values
    if values.ndim == 0 or values.shape[-1] < shortest:
        length = values.shape[-1] if values.ndim else 0
        raise InputError(f"{what} has {length} year(s) on its last axis; at least {shortest} are needed")
    last = given.axes[-1]
    if hasattr(data, "dims") and last.name != "year":
        names = tuple(axis.name for axis in given.axes)
        raise InputError(f"{what} has dimensions {names}; its last one must be year: transpose(..., 'year')")
    own = _years(last.labels, what)
    labels = own if years is None else tuple(int(year) for year in years)
    if own is not None and labels != own:
        raise AlignmentError(f"{what} carries the years {_span(own)}, but years = {_span(labels)} was given")
    if labels is not None:
        if len(labels) != values.shape[-1]:
            raise AlignmentError(f"{what} has {values.shape[-1]} years on its last axis, but {len(labels)} labels")
        if list(labels) != list(range(labels[0], labels[0] + len(labels))):
            raise InputError(
                f"{what}: years must be consecutive and increase, got {_span(labels)}; sort them, fill or drop years first"
            )
    year = Axis(last.name if labels is None else "year", labels)
    return Labelled(values, (*given.axes[:-1], year))


def _years(labels: Sequence[Hashable] | None, what: str) -> tuple[int, ...] | None:
    if labels is None:
        return None
    years = []
    for label in labels:
        if isinstance(label, bool) or not isinstance(label, int | float) or label != int(label):
            raise InputError(f"{what}: labels of its last axis must be years such as 1970, got {label!r}")
        years.append(int(label))
    return tuple(years)


def _span(years: Sequence[int] | None) -> str:
    return "none" if not years else ", ".join(map(str, years)) if len(years) < 7 else f"{years[0]}...{years[-1]}"


def fit(given: Labelled, axes: Sequence[Axis], *, what: str, lead: str) -> tuple[Array, tuple[Axis, ...], set[int]]:
    """Return values on the axes of another array, these axes with all labels known by now, and which were reordered.

    Parameters
    ----------
    given : Labelled
        Where both sides name all axes, it may have them in another order and lack some, which get length one.
    axes : sequence of Axis
        Of the array that leads.
    what, lead : str
        Names of the two, for messages.

    Raises
    ------
    AlignmentError
        If an axis is not one of those of the lead, or labels differ, naming them.
    """
    values, own = given.values, given.axes
    if values.ndim == 0:
        return values, tuple(axes), set()
    names = [axis.name for axis in axes]
    if given.named and None not in names:
        strange = [axis.name for axis in own if axis.name not in names]
        if strange:
            raise AlignmentError(
                f"{what} has the axis {strange[0]}, but those of {lead} are {', '.join(map(str, names)) or 'none'}; "
                "rename the axis, or select from it first"
            )
        order = sorted(range(len(own)), key=lambda k: names.index(own[k].name))
        there = {axis.name: axis for axis in own}
        size = dict(zip((axis.name for axis in own), values.shape, strict=True))
        values = values.transpose(order).reshape([size.get(name, 1) for name in names])
        own = tuple(there.get(name, Axis(name)) for name in names)
    elif len(own) != len(names):
        return values, tuple(axes), set()  # shapes cannot fit, and whoever brings them together says so
    met, moved = list(axes), set()
    for k, (mine, other) in enumerate(zip(own, axes, strict=True)):
        name = other.name or mine.name
        met[k] = Axis(name, mine.labels if other.labels is None else other.labels)
        if mine.labels is not None and other.labels is not None:
            positions = align(other.labels, mine.labels, what=name or f"axis {k}", left_name=lead, right_name=what)
            if positions != sorted(positions):
                moved.add(k)
                values = np.take(values, positions, axis=k)
    return values, tuple(met), moved


def combine(arrays: Mapping[str, Labelled]) -> tuple[dict[str, Array], tuple[Axis, ...]]:
    """Return arrays brought to the axes and the order of the one with most axes, and these axes.

    Shapes are left to :func:`~tradewinds.measure.arrays.broadcast`.

    Raises
    ------
    AlignmentError
        If labels differ, naming them; or if labelled arrays are in different orders and one beside them has no labels, so
        that nobody knows which order it is in.

    Examples
    --------
    >>> stock = Labelled(np.array([4.0, 8.0]), (Axis("country", ("CAN", "USA")),))
    >>> rate = Labelled(np.array([0.2, 0.1]), (Axis("country", ("USA", "CAN")),))
    >>> combine({"stock": stock, "rate": rate})[0]["rate"]
    array([0.1, 0.2])
    """
    lead, *rest = sorted(arrays, key=lambda name: (-arrays[name].values.ndim, not arrays[name].named))
    axes = arrays[lead].axes
    met = {lead: arrays[lead].values}
    moved: set[int] = set()
    for name in rest:
        met[name], axes, reordered = fit(arrays[name], axes, what=name, lead=lead)
        moved |= reordered
    for name, array in arrays.items():
        for k in moved:
            if _is_bare(array, axes, k):
                raise AlignmentError(
                    f"{name} has no {axes[k].name or 'labels'} labels, while arrays beside it carry theirs in different "
                    "orders: label it too, or bring them into one order first"
                )
    return {name: met[name] for name in arrays}, axes


def _is_bare(array: Labelled, axes: Sequence[Axis], k: int) -> bool:
    """Return whether an array varies along an axis of the common ones without labels to say how."""
    own = [axis.name for axis in array.axes]
    if array.named and axes[k].name is not None:
        position = own.index(axes[k].name) if axes[k].name in own else None
    else:
        position = k if len(own) == len(axes) else None
    return position is not None and array.axes[position].labels is None and array.values.shape[position] > 1


def label_axes(axes: Sequence[Axis], shape: tuple[int, ...]) -> dict[str, tuple[Hashable, ...]]:
    """Return name and labels of every axis, numbered where they are not known.

    Raises
    ------
    AlignmentError
        If there are not as many labels as numbers.

    Examples
    --------
    >>> label_axes([Axis("country", ("CAN", "USA")), Axis()], (2, 3))
    {'country': ('CAN', 'USA'), 'position': (0, 1, 2)}
    """
    named: dict[str, tuple[Hashable, ...]] = {}
    for k, (axis, size) in enumerate(zip(axes, shape, strict=True)):
        name = axis.name or ("position" if k == len(shape) - 1 else f"axis_{k}")
        if axis.labels is not None and len(axis.labels) != size:
            raise AlignmentError(f"there are {len(axis.labels)} labels of {name}, but {size} values along it")
        named[name] = tuple(range(size)) if axis.labels is None else axis.labels
    return named


def read_ordered(data: ArrayLike, labels: Sequence[Sequence[Hashable] | None], *, what: str) -> Array:
    """Return data in the order of the labels of each axis, which are those of another array.

    Parameters
    ----------
    data : array_like
        Axes in the order of ``labels``; one that carries no labels is taken by position.
    labels : sequence
        Labels of each axis; None where they are not known.
    what : str

    Raises
    ------
    AlignmentError
        If labels differ, naming them.
    """
    given = read_labelled(data, what=what)
    values = given.values
    for k, (axis, codes) in enumerate(zip(given.axes, labels, strict=False)):
        if axis.labels is not None and codes is not None:
            names = {"left_name": "the labels given", "right_name": what}
            values = np.take(values, align(codes, axis.labels, what=axis.name or f"axis {k}", **names), axis=k)
    return values
