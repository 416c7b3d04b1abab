"""Filling gaps between surveys, and saying how much was filled.

R&D surveys are not annual everywhere: the British was held every third year, the German every second, and
about 25 per cent of the expenditure behind Keller (1997, Appendix B) is interpolated. Interpolated growth is
smoother than true growth and its errors are serially correlated, so a result records the share that was
filled and which values those are. Nothing is ever extrapolated: beyond the first and last observation there
is no information to share out.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, InterpolationWarning
from tradewinds.measure.arrays import place, require, require_option, tidy_array
from tradewinds.measure.labelled import label_axes, read_series

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Interpolated", "build_interpolated", "interpolate_gaps"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: What to know before using series with filled gaps.
CAUTION = "Growth is smoother than in the data, and residuals are serially correlated."


@dataclass(frozen=True, eq=False)
class Interpolated:
    """Complete series and what in them was not observed.

    Attributes
    ----------
    values : ndarray, shape (..., T)
        In the unit of the series.
    interpolated : ndarray of bool, shape (..., T)
        True where the value was filled.
    method : str
    years : tuple of int or None
    warnings : tuple of str
        The sentence that says how much was filled, if anything was.
    labels : mapping or None
        Name and labels of every axis, where the series carried them.
    citation_keys : tuple of str
        Sources, as keys of ``references.bib``; joining observations has none of its own.
    """

    values: Array
    interpolated: Mask
    method: str
    years: tuple[int, ...] | None = None
    warnings: tuple[str, ...] = ()
    labels: Mapping[str, Sequence[Hashable]] | None = None
    citation_keys: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Fraction of all values that was filled."""
        return float(self.interpolated.mean())

    @property
    def note(self) -> str:
        """One sentence for the notes under a table."""
        count = int(self.interpolated.sum())
        if not count:
            return "No value was interpolated."
        how = "linearly" if self.method == "linear" else "at constant growth rates"
        what = f"{count} of {self.interpolated.size} values ({self.share:.1%})"
        return f"{what} were interpolated {how} between observed years."

    def tidy(self, labels: Mapping[str, Sequence[Hashable]] | None = None) -> pd.DataFrame:
        """Return one row a value with the column ``interpolated``; ``labels`` names every axis, if data did not."""
        frame = tidy_array("series", self.values, "unit of the series", self.labels if labels is None else labels)
        frame["interpolated"] = self.interpolated.ravel()
        return frame

    def summary(self) -> str:
        """Return the share that was filled as text."""
        return self.note

    def plot(self, *, labels: Sequence[str] | None = None, source: str = "") -> Figure:
        """Return a figure with interpolated values as hollow markers; ``labels`` names every series."""
        from tradewinds.measure.figures import plot_interpolated

        return plot_interpolated(self, labels=labels, source=source)


def interpolate_gaps(
    series: ArrayLike,
    *,
    method: Literal["linear", "geometric"] = "linear",
    max_gap: int | None = None,
    years: Sequence[int] | None = None,
) -> Interpolated:
    """Fill missing years between observed ones.

    Between observations at ``a`` and ``b``, with ``w = (t - a) / (b - a)``: linear ``x[t] = (1 - w) x[a] + w
    x[b]``, or geometric ``x[t] = x[a]^(1 - w) x[b]^w``, which is constant growth.

    Parameters
    ----------
    series : array_like, shape (..., T)
        NaN where not observed, years last; or an ``xarray.DataArray`` whose last dimension is ``year``, or a
        pandas Series by year.
    method : {"linear", "geometric"}
    max_gap : int, optional
        Longest run of missing years that may be filled; None is any.
    years : sequence of int, optional
        Labels of the last axis.

    Returns
    -------
    Interpolated

    Raises
    ------
    InputError
        Naming the place: years do not increase one by one, a series starts or ends with a missing year, a gap is
        longer than ``max_gap``, a value is infinite, or not positive with ``method="geometric"``.

    Warns
    -----
    InterpolationWarning
        With the share filled, if anything was.

    References
    ----------
    Keller (1997), Appendix B, interpolates R&D between survey years without saying how.

    Examples
    --------
    A complete series comes back as it is, without a warning:

    >>> interpolate_gaps([100.0, 110.0, 121.0]).note
    'No value was interpolated.'
    """
    result = build_interpolated(series, method=method, max_gap=max_gap, years=years)
    for text in result.warnings:
        warnings.warn(text, InterpolationWarning, stacklevel=2)
    return result


def build_interpolated(
    series: ArrayLike,
    *,
    method: Literal["linear", "geometric"] = "linear",
    max_gap: int | None = None,
    years: Sequence[int] | None = None,
) -> Interpolated:
    """Return what :func:`interpolate_gaps` returns without issuing its warning, which is that of the result.

    For callers that pass the warning on themselves: ``warnings.catch_warnings`` would change the filters of every thread.

    Examples
    --------
    >>> filled = build_interpolated([100.0, float("nan"), 121.0], method="geometric")
    >>> filled.values
    array([100., 110., 121.])
    >>> filled.note
    '1 of 3 values (33.3%) were interpolated at constant growth rates between observed years.'
    """
    require_option("method", method, ("linear", "geometric"))
    if max_gap is not None and not max_gap >= 0:
        raise InputError(f"max_gap is {max_gap!r}; it must be a number of years, zero or more")
    given = read_series(series, what="series", years=years)
    values, dates = given.values, given.years
    missing = np.isnan(values)
    require(~np.isinf(values), values, what="series", need="finite (NaN marks a missing year)", years=dates)
    if method == "geometric":
        need = 'positive for method = "geometric", which takes logs: try "linear"'
        require(missing | (values > 0), values, what="series", need=need, years=dates)
    for end in (0, -1):
        _refuse_end(missing, end, dates)
    filled = values.copy()
    for index in np.ndindex(values.shape[:-1]):
        gaps = missing[index]
        if gaps.any():
            _check_gaps(gaps, index, max_gap, dates)
            filled[index] = _fill(values[index], gaps, method)
    result = Interpolated(filled, missing, method, dates, labels=label_axes(given.axes, values.shape))
    return replace(result, warnings=(f"{result.note} {CAUTION}",)) if missing.any() else result


def _refuse_end(missing: Mask, end: int, years: tuple[int, ...] | None) -> None:
    at_end = np.argwhere(missing[..., end])
    if len(at_end):
        index = (*(int(k) for k in at_end[0]), 0 if end == 0 else missing.shape[-1] - 1)
        which = "first" if end == 0 else "last"
        raise InputError(
            f"series is missing at {place(index, years)}, its {which} year; nothing is extrapolated: shorten "
            "the sample or find the observation"
        )


def _check_gaps(gaps: Mask, index: tuple[int, ...], max_gap: int | None, years: tuple[int, ...] | None) -> None:
    if max_gap is None:
        return
    edges = np.diff(gaps.astype(int))
    starts, stops = np.flatnonzero(edges == 1) + 1, np.flatnonzero(edges == -1) + 1
    too_long = np.flatnonzero(stops - starts > max_gap)
    if len(too_long):
        start, length = int(starts[too_long[0]]), int((stops - starts)[too_long[0]])
        raise InputError(
            f"series has {length} missing years in a row from {place((*index, start), years)}; max_gap = "
            f"{max_gap} allows no more than {max_gap}: raise it, or leave the series out"
        )


def _fill(row: Array, gaps: Mask, method: str) -> Array:
    """Return one series with its gaps filled; observed values are kept to the last bit."""
    time = np.arange(row.size)
    known = np.log(row[~gaps]) if method == "geometric" else row[~gaps]
    between = np.interp(time[gaps], time[~gaps], known)
    filled = row.copy()
    filled[gaps] = np.exp(between) if method == "geometric" else between
    return filled
