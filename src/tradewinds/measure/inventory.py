"""Perpetual inventory: stocks of knowledge or capital cumulated from what is spent on them.

A stock is what is left of all past flows, ``S[t] = (1 - depreciation) S[t-1] + flow``. Two things must be
said that data do not say. *Timing*: is the stock of a year that of its start (last year's flow is in) or of
its end (this year's is in)? And the *benchmark*: the first stock, which stands for all flows before the
sample (:mod:`tradewinds.measure.benchmark`). Papers differ in both; :data:`INVENTORY_VARIANTS` names what
each did.

==========  ====================  ======================================
symbol      name                  unit
==========  ====================  ======================================
S, n, k     ``stock``             that of the flow
R, rd, inv  ``flow``              constant prices, one currency, a year
d, delta    ``depreciation``      fraction a year
g           ``benchmark_growth``  fraction a year
==========  ====================  ======================================

Deflate flows before cumulating them: a stock of current-price flows, deflated afterwards, is something else.

Sources: Keller (1997), equations (B.1) and (C.1); Coe and Helpman (1995). Bayoumi, Coe and Helpman (1996)
print ``SD = 0.95 SD[-1] + R`` and call it beginning of period, which makes ``R`` the flow of the year before.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import BenchmarkWarning, InputError
from tradewinds.measure.arrays import require, require_option, spread, tidy_array
from tradewinds.measure.benchmark import (
    cumulate,
    first_stock,
    flow_behind,
    flow_growth,
    growth_positions,
    stock_growth,
)
from tradewinds.measure.labelled import Axis, Labelled, fit, label_axes, read_labelled, read_series
from tradewinds.measure.variants import INVENTORY_VARIANTS, Growth, GrowthOf, InventoryVariant, Timing
from tradewinds.solvers import Solution

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = [
    "INVENTORY_VARIANTS",
    "Inventory",
    "InventoryVariant",
    "build_inventory",
    "implied_flow",
    "perpetual_inventory",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Inventory:
    """A stock and how it was made.

    Attributes
    ----------
    stock : ndarray, shape (..., T)
        In the unit of the flow.
    benchmark_growth : ndarray, shape (...)
        Growth ``g`` in the benchmark, a fraction a year; missing where there is no benchmark.
    settings : InventoryVariant
        What was used, overrides included.
    solution : Solution or None
        Of the fixed point for ``g`` where it is the growth of the stock itself; residual in the unit of
        ``g``.
    years : tuple of int or None
    warnings : tuple of str
        What a reader must know before using the stock.
    labels : mapping or None
        Name and labels of every axis of the stock, where the flow or the depreciation carried them.
    """

    stock: Array
    benchmark_growth: Array
    settings: InventoryVariant
    solution: Solution | None = None
    years: tuple[int, ...] | None = None
    warnings: tuple[str, ...] = ()
    labels: Mapping[str, Sequence[Hashable]] | None = None

    @property
    def variant(self) -> str:
        """Name of the variant that was started from."""
        return self.settings.name

    @property
    def depreciation(self) -> Array:
        """Fraction of the stock lost a year, shape (...)."""
        return np.asarray(self.settings.depreciation, dtype=float)

    @property
    def depreciation_in_words(self) -> str:
        """The rate, or the lowest and the highest."""
        rates = np.unique(self.depreciation)
        return f"{rates[0]:g}" if rates.size == 1 else f"{rates[0]:g} to {rates[-1]:g}"

    @property
    def timing(self) -> Timing:
        """Whether the stock is that of the start or of the end of the year."""
        return self.settings.timing

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources, as keys of ``references.bib``."""
        return self.settings.citation_keys

    def tidy(self, labels: Mapping[str, Sequence[Hashable]] | None = None) -> pd.DataFrame:
        """Return one row a stock; ``labels`` names every axis, ``{"country": [...], "year": [...]}``, if data did not."""
        return tidy_array("stock", self.stock, "unit of the flow", self.labels if labels is None else labels)

    def summary(self) -> str:
        """Return how the stock was made and the range of its benchmark growth, as text."""
        used = self.settings
        growth = np.atleast_1d(self.benchmark_growth)
        known = growth[np.isfinite(growth)]
        span = f"{known.min():.4f} to {known.max():.4f}" if known.size else "none exists"
        kind, years = f"{used.growth}, of the {used.growth_of}", self.stock.shape[-1]
        lines = [
            f"Perpetual inventory, variant {self.variant}: {growth.size} series of {years} years",
            f"  stock at the {used.timing} of the year, depreciation {self.depreciation_in_words}",
            f"  benchmark growth ({kind}): {span}",
        ]
        if self.solution is not None:
            solution = self.solution
            lines.append(
                f"  fixed point: {solution.status.name.lower()} after {solution.iterations} iterations, "
                f"residual {solution.residual.norm:.1e}"
            )
        return "\n".join([*lines, *(f"  warning: {text}" for text in self.warnings)])

    def plot(self, *, labels: Sequence[str] | None = None, source: str = "") -> Figure:
        """Return a figure of growth of the stock beside growth of the flow; ``labels`` names every series."""
        from tradewinds.measure.figures import plot_inventory

        return plot_inventory(self, labels=labels, source=source)


def perpetual_inventory(
    flow: ArrayLike,
    *,
    depreciation: ArrayLike | Mapping[str, float] | None = None,
    variant: str = "standard",
    timing: Timing | None = None,
    growth_of: GrowthOf | None = None,
    growth: Growth | None = None,
    growth_window: tuple[int, int] | None = None,
    benchmark_add: float | None = None,
    years: Sequence[int] | None = None,
    throw: bool = True,
) -> Inventory:
    """Cumulate flows to stocks by the perpetual inventory method.

    Stock at the start of the year, and at its end::

        S[t] = (1 - d) S[t-1] + R[t-1],    S[1] = R[1] / (g + d + add)
        S[t] = (1 - d) S[t-1] + R[t],      S[1] = R[1] (1 + g) / (g + d + add)

    With ``add = 0`` both first values are what flows that have always grown at the annual rate ``g`` would have
    left. At the end of year 1 that is ``R[1] sum_k ((1 - d) / (1 + g))^k = R[1] (1 + g) / (g + d)``; the start
    of year 1 is the end of year 0, and ``R[0] = R[1] / (1 + g)``. The papers put log growth in its place, which
    is a little lower (4.88 for 5 per cent) and makes the first stock a little larger than that of steady growth;
    ``growth="arithmetic"`` is exact.

    Parameters
    ----------
    flow : array_like, shape (..., T)
        Spending a year in constant prices, years last; or an ``xarray.DataArray`` whose last dimension is
        ``year``, or a pandas Series of one country by year.
    depreciation : array_like or mapping, optional
        Fraction a year, in [0, 1]: a number, an array with the leading axes (``rates[:, None]`` for one
        rate a country and flows by country, industry and year), or one labelled by country, which is brought into
        the order of the flow. ``"standard"`` and ``"keller-c1"`` have none of their own.
    variant : {"standard", "coe-helpman", "keller-b1", "keller-c1"}
        Where the settings below come from unless given; see :data:`INVENTORY_VARIANTS`.
    timing, growth_of, growth, growth_window, benchmark_add : optional
        Override the variant; see :class:`InventoryVariant`. ``growth_window`` is a first and a last position,
        counted from zero (negative ones from the end, so ``(0, -1)`` is the whole sample); where years are
        known, it is years.
    years : sequence of int, optional
        Labels of the last axis.
    throw : bool
        Raise if the growth of the stock cannot be solved for; otherwise return the flagged solution, with
        missing stocks where no benchmark exists.

    Returns
    -------
    Inventory

    Raises
    ------
    InputError
        Naming the place: a flow is negative or missing, a growth rate would divide by or take the log of
        zero, depreciation lies outside [0, 1], ``g + d + add`` is not positive, or there are fewer than two
        years, or years do not increase one by one.
    AlignmentError
        If flow and depreciation are labelled and their labels differ.
    ConvergenceError
        If ``growth_of="stock"`` has no solution, as where flows fall and ``benchmark_add`` is zero.

    Warns
    -----
    BenchmarkWarning
        If ``benchmark_add`` is not zero.

    References
    ----------
    Keller (1997), Appendix B and C; Coe and Helpman (1995).

    Examples
    --------
    Flows that have always grown by 5 per cent give a stock that does so from the first year on:

    >>> inventory = perpetual_inventory([100.0, 105.0, 110.25], depreciation=0.05, growth="arithmetic")
    >>> inventory.stock
    array([1000. , 1050. , 1102.5])
    """
    inventory = build_inventory(
        flow,
        depreciation=depreciation,
        variant=variant,
        timing=timing,
        growth_of=growth_of,
        growth=growth,
        growth_window=growth_window,
        benchmark_add=benchmark_add,
        years=years,
        throw=throw,
    )
    for note in inventory.warnings:
        warnings.warn(note, BenchmarkWarning, stacklevel=2)
    return inventory


def build_inventory(
    flow: ArrayLike,
    *,
    depreciation: ArrayLike | Mapping[str, float] | None = None,
    variant: str = "standard",
    growth_window: tuple[int, int] | None = None,
    years: Sequence[int] | None = None,
    throw: bool = True,
    **overrides: Any,
) -> Inventory:
    """Return what :func:`perpetual_inventory` returns without issuing its warnings, which are those of the result.

    For callers that pass the warnings on themselves: ``warnings.catch_warnings`` would change the filters of every thread.
    """
    settings = _settings(variant, growth_window=growth_window, **overrides)
    series = read_series(flow, what="flow", years=years, shortest=2)
    flows, dates = series.values, series.years
    good = np.isfinite(flows) & (flows >= 0)
    require(good, flows, what="flow", need="zero or positive, and not missing", years=dates)
    rate, axes = _depreciation(settings.depreciation if depreciation is None else depreciation, series, "flow", variant)
    settings = replace(settings, depreciation=rate)
    window = growth_positions(settings, flows.shape[-1], dates, from_paper=growth_window is None)
    solution = None
    if settings.growth_of == "flow":
        mean_growth = flow_growth(flows, window, settings, dates)
    else:
        solution = stock_growth(flows, window, settings, dates, throw=throw)
        mean_growth = solution.value
    first = first_stock(flows, mean_growth, settings)
    stock = cumulate(first, flows, settings)
    mean_growth = np.where(np.isfinite(first), mean_growth, np.nan)
    return Inventory(
        stock, mean_growth, settings, solution, dates, _benchmark_notes(settings), label_axes(axes, stock.shape)
    )


def implied_flow(stock: ArrayLike, depreciation: ArrayLike | Mapping[str, float], timing: Timing = "start") -> Array:
    """Return the flows behind a stock, the inverse of :func:`perpetual_inventory`.

    ``R[t] = S[t+1] - (1 - d) S[t]`` for stocks at the start of the year, ``R[t] = S[t] - (1 - d) S[t-1]`` for
    its end. One year is lost: a start-of-year stock does not hold the last flow, and an end-of-year one holds
    the first inside its benchmark. So what comes back are flows ``1..T-1`` for ``"start"`` and ``2..T`` for
    ``"end"``.

    Parameters
    ----------
    stock : array_like, shape (..., T)
        In the unit of the flow.
    depreciation : array_like or mapping
        Fraction a year: a number, an array with the leading axes, or one labelled by country.
    timing : {"start", "end"}

    Returns
    -------
    ndarray, shape (..., T - 1)

    Raises
    ------
    InputError
        If a stock is missing, depreciation lies outside [0, 1], or there are fewer than two years.

    Examples
    --------
    >>> implied_flow([1000.0, 1050.0, 1102.5], 0.05)
    array([100., 105.])
    """
    require_option("timing", timing, ("start", "end"))
    series = read_series(stock, what="stock", shortest=2)
    stocks = series.values
    require(np.isfinite(stocks), stocks, what="stock", need="a number, not missing", years=series.years)
    rate, _ = _depreciation(depreciation, series, "stock")
    return flow_behind(stocks, rate)


def _settings(variant: str, **given: Any) -> InventoryVariant:
    """Return the settings of a variant with what was given in their place."""
    require_option("variant", variant, INVENTORY_VARIANTS)
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = replace(INVENTORY_VARIANTS[variant], **chosen)
    require_option("timing", settings.timing, ("start", "end"))
    require_option("growth_of", settings.growth_of, ("flow", "stock"))
    require_option("growth", settings.growth, ("log", "arithmetic"))
    if not np.isfinite(settings.benchmark_add):
        raise InputError(f"benchmark_add is {settings.benchmark_add!r}; it must be a number such as 0 or 0.1")
    return settings


def _depreciation(
    given: ArrayLike | Mapping[str, float] | None, series: Labelled, lead: str, variant: str = ""
) -> tuple[Array, tuple[Axis, ...]]:
    """Return depreciation spread over the leading axes of the series, and axes of the series with all labels known."""
    if given is None:
        why = f': variant "{variant}" has no rate of its own' if variant else ""
        raise InputError(
            f"depreciation is missing{why}. Give a fraction a year (Coe and Helpman and Keller use 0.05 for R&D) "
            "or one a country"
        )
    rate, leading, _ = fit(read_labelled(given, what="depreciation"), series.axes[:-1], what="depreciation", lead=lead)
    rate = spread(rate, series.values.shape[:-1], what="depreciation", over="series")
    bad = np.argwhere(~((rate >= 0) & (rate <= 1)))
    if len(bad):
        index = tuple(int(k) for k in bad[0])
        where = f" of series {index}" if index else ""
        raise InputError(f"depreciation{where} is {rate[index]:g}; it must be a fraction a year between 0 and 1")
    return rate, (*leading, series.axes[-1])


def _benchmark_notes(settings: InventoryVariant) -> tuple[str, ...]:
    add = settings.benchmark_add
    if add == 0:
        return ()
    effect = (
        f"forces first-year growth S[2]/S[1] - 1 of every stock to exactly g + {add:g}"
        if settings.timing == "start"
        else f"adds about {add:g} to first-year growth of every stock"
    )
    return (
        f"benchmark_add = {add:g} {effect} and gives all series a common decaying trend; benchmark_add = 0 "
        "is the stock of steady growth at g.",
    )
