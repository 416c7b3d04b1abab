"""Total factor productivity: what growth of inputs leaves of growth of output (Keller 1997, Appendix C).

Growth of TFP is growth of output less growth of inputs, each input weighted by its share in cost
(:mod:`tradewinds.measure.cost_shares`), averaged over the two years between which growth is measured.

======  ================  =================================
symbol  name              unit
======  ================  =================================
y       ``output``        gross production, constant prices
l       ``labour``        workers engaged
k       ``capital``       constant prices
alpha   ``labour_share``  fraction of cost, in [0, 1]
F       ``index``         base year = ``base``
======  ================  =================================

An index of 100 in every country destroys comparisons of levels: only growth can be compared, and level
regressions need country (better: country-by-industry) effects. Keller divides *gross* output by labour and
capital only, so intermediate inputs saved show up as productivity; and he counts workers, not hours.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError
from tradewinds.measure.arrays import require, spread, tidy_array
from tradewinds.measure.cost_shares import positive
from tradewinds.measure.labelled import Axis, combine, fit, label_axes, read_labelled, read_series

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["TFPIndex", "output_from_tfp", "tfp_index", "tornqvist_input_growth"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TFPIndex:
    """Total factor productivity and the growth accounts behind it.

    Attributes
    ----------
    index : ndarray, shape (..., T)
        Level, ``base`` at ``base_year_position``.
    growth : ndarray, shape (..., T - 1)
        Log change of TFP.
    input_growth : ndarray, shape (..., T - 1)
        Log change of the Törnqvist index of inputs.
    base : float
    base_year_position : int
    citation_keys : tuple of str
    years : tuple of int or None
    labels : mapping or None
        Name and labels of every axis of the index, where the inputs carried them.
    """

    index: Array
    growth: Array
    input_growth: Array
    base: float
    base_year_position: int = 0
    citation_keys: tuple[str, ...] = ("keller1997", "hall1990", "diewert1976")
    years: tuple[int, ...] | None = None
    labels: Mapping[str, Sequence[Hashable]] | None = None

    @property
    def output_growth(self) -> Array:
        """Log change of output, shape (..., T - 1): that of TFP plus that of inputs."""
        return self.growth + self.input_growth

    def tidy(self, labels: Mapping[str, Sequence[Hashable]] | None = None) -> pd.DataFrame:
        """Return one row an index value; ``labels`` names every axis in order, if the inputs did not."""
        labels = self.labels if labels is None else labels
        return tidy_array("tfp", self.index, f"index, {self.base:g} in the base year", labels)

    def summary(self) -> str:
        """Return average growth of output, inputs and TFP over all series as text."""
        rows = (("output", self.output_growth), ("inputs", self.input_growth), ("TFP", self.growth))
        series = int(np.prod(self.index.shape[:-1]))
        head = f"Growth accounts: {series} series of {self.index.shape[-1]} years, average log change a year"
        return "\n".join([head, *(f"  {name:<7} {np.mean(values):+.4f}" for name, values in rows)])

    def plot(
        self, *, labels: Sequence[str] | None = None, years: Sequence[int] | None = None, source: str = ""
    ) -> Figure:
        """Return a figure of the index; ``labels`` names every series, ``years`` the last axis, if inputs did not."""
        from tradewinds.measure.figures import plot_tfp

        return plot_tfp(self, labels=labels, years=years, source=source)


def tornqvist_input_growth(labour: ArrayLike, capital: ArrayLike, labour_share: ArrayLike) -> Array:
    """Return log growth of the Törnqvist index of inputs (Keller 1997, C.5; Diewert 1976).

    ``ln(I[t]/I[t-1]) = a ln(l[t]/l[t-1]) + (1 - a) ln(k[t]/k[t-1])`` with ``a = (alpha[t] + alpha[t-1]) /
    2``: the shares of the two years are averaged, never across countries.

    Parameters
    ----------
    labour, capital : array_like, shape (..., T)
        Positive, at least two years.
    labour_share : array_like, shape (..., T) or a number
        In [0, 1].

    Returns
    -------
    ndarray, shape (..., T - 1)

    Raises
    ------
    InputError
        Naming the place: an input is not positive or a share lies outside [0, 1].
    AlignmentError
        If labels or shapes differ.

    Examples
    --------
    >>> growth = tornqvist_input_growth([100.0, 110.0], [200.0, 200.0], [0.5, 0.7])
    >>> bool(np.isclose(growth[0], 0.6 * np.log(1.1)))
    True
    """
    (workers, stock), share, _ = _series(labour_share, labour=labour, capital=capital)
    return _input_growth(workers, stock, share)


def tfp_index(
    output: ArrayLike,
    labour: ArrayLike,
    capital: ArrayLike,
    labour_share: ArrayLike,
    *,
    base: float = 100.0,
    base_year_position: int = 0,
    years: Sequence[int] | None = None,
) -> TFPIndex:
    """Build the index of total factor productivity (Keller 1997, Appendix C).

    ``ln(F[t]/F[t-1]) = ln(y[t]/y[t-1]) - ln(I[t]/I[t-1])``, cumulated from ``F = base`` in the base year.

    Parameters
    ----------
    output, labour, capital : array_like, shape (..., T)
        Positive, at least two years. Labelled ones, as of ``xarray``, are brought into one order.
    labour_share : array_like, shape (..., T) or a number
        In [0, 1]; see :func:`labour_cost_share`.
    base : float
        Level in the base year.
    base_year_position : int
        Position of the base year; negative ones count from the end.
    years : sequence of int, optional
        Labels of the last axis, where the arrays carry none.

    Returns
    -------
    TFPIndex

    Raises
    ------
    InputError
        Naming the place: a value is not positive, a share lies outside [0, 1], or the base year is not in the
        sample.
    AlignmentError
        If labels or shapes differ; nothing is dropped.

    Examples
    --------
    Output up by a tenth with the same inputs:

    >>> tfp_index([100.0, 110.0], [50.0, 50.0], [200.0, 200.0], 0.7).index
    array([100., 110.])
    """
    arrays, share, axes = _series(labour_share, years, output=output, labour=labour, capital=capital)
    product, workers, stock = arrays
    size = product.shape[-1]
    if not -size <= base_year_position < size:
        raise InputError(f"base_year_position is {base_year_position}; the sample has positions 0 to {size - 1}")
    if not (np.isfinite(base) and base > 0):
        raise InputError(f"base is {base!r}; it must be a positive number such as 100")
    position = base_year_position % size
    inputs = _input_growth(workers, stock, share)
    growth = np.diff(np.log(product)) - inputs
    level = _cumulate(growth)
    index = base * np.exp(level - level[..., position : position + 1])
    labels = label_axes(axes, index.shape)
    return TFPIndex(index, growth, inputs, float(base), position, years=_dates(axes), labels=labels)


def output_from_tfp(
    tfp: ArrayLike, labour: ArrayLike, capital: ArrayLike, labour_share: ArrayLike, initial_output: ArrayLike
) -> Array:
    """Return the output that has a given TFP index, the inverse of :func:`tfp_index`.

    ``y[t] = y[1] (F[t] / F[1]) (I[t] / I[1])``.

    Parameters
    ----------
    tfp, labour, capital : array_like, shape (..., T)
        Positive.
    labour_share : array_like, shape (..., T) or a number
        In [0, 1].
    initial_output : array_like, shape (...)
        Output of the first year, positive.

    Returns
    -------
    ndarray, shape (..., T)

    Raises
    ------
    InputError
        Naming the place: a value is not positive or a share lies outside [0, 1].
    AlignmentError
        If labels or shapes differ.

    Examples
    --------
    >>> output_from_tfp([100.0, 110.0], [50.0, 50.0], [200.0, 200.0], 0.7, 80.0)
    array([80., 88.])
    """
    arrays, share, axes = _series(labour_share, tfp=tfp, labour=labour, capital=capital)
    level, workers, stock = arrays
    inputs = _cumulate(_input_growth(workers, stock, share))
    given = read_labelled(initial_output, what="initial_output")
    (first,) = positive(initial_output=fit(given, axes[:-1], what="initial_output", lead="tfp")[0])
    first = spread(first, level.shape[:-1], what="initial_output", over="series")
    return np.asarray(first[..., None] * level / level[..., :1] * np.exp(inputs))


def _series(
    labour_share: ArrayLike, years: Sequence[int] | None = None, /, **given: ArrayLike
) -> tuple[list[Array], Array, tuple[Axis, ...]]:
    """Return positive arrays of one shape with at least two years, labour's share beside them, and their axes."""
    read = {name: read_series(value, what=name, years=years, shortest=2) for name, value in given.items()}
    values, axes = combine(read | {"labour_share": read_labelled(labour_share, what="labour_share")})
    share = values.pop("labour_share")
    dates = _dates(axes)
    arrays = positive(dates, **values)
    share = spread(share, arrays[0].shape, what="labour_share", over="series")
    good = (share >= 0) & (share <= 1)
    require(good, share, what="labour_share", need="a fraction between 0 and 1", years=dates)
    return arrays, share, axes


def _dates(axes: Sequence[Axis]) -> tuple[int, ...] | None:
    """Return the years of the last axis, where they are known."""
    name, labels = axes[-1]
    return labels if name == "year" else None  # type: ignore[return-value]  # read_series made them whole numbers


def _input_growth(labour: Array, capital: Array, share: Array) -> Array:
    average = 0.5 * (share[..., 1:] + share[..., :-1])
    return np.asarray(average * np.diff(np.log(labour)) + (1.0 - average) * np.diff(np.log(capital)))


def _cumulate(growth: Array) -> Array:
    """Return log levels from log changes, zero in the first year."""
    return np.concatenate([np.zeros((*growth.shape[:-1], 1)), np.cumsum(growth, axis=-1)], axis=-1)
