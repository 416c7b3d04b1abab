"""The first stock of a perpetual inventory, which stands for every flow before the sample.

If flows had always grown at ``g``, the stock at the start of year 1 would be ``R[1] / (g + depreciation)``.
Where ``g`` is the growth of the stock itself (Keller 1997, B.1), it depends on the benchmark it defines: it
is a fixed point.

The fixed point in brief. Write ``h = g + d + add``. The stock is linear in its first value,
``S[t] = (1 - d)^t R[1] / h + C[t]``, so its average growth rises with ``h``, ever more slowly. A rising
concave curve that starts above the 45-degree line crosses it once. At ``h = 0`` growth is ``-d``
(``log(1 - d)`` in logs) and the line is at ``-d - add``: with Keller's rates the curve starts above, so ``g``
exists, is unique, and the first stock is positive, which is why he adds the 0.1. Without it, flows that fall
may allow no solution; where there are two, iterating from above finds the larger, which is the stable one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.measure.arrays import require
from tradewinds.measure.variants import Growth, InventoryVariant
from tradewinds.solvers import Solution, fixed_point

__all__ = ["cumulate", "first_stock", "flow_behind", "flow_growth", "growth_positions", "stock_growth"]

Array = NDArray[np.float64]
Years = tuple[int, ...] | None
Window = tuple[int, int]

#: Where the iteration for a stock's own growth starts: above the solution, from where it falls to it.
STARTING_GROWTH = 1.0

#: Smallest ``g + d + add`` that counts as positive. Without the added 0.1, arithmetic growth has a root at zero, where the
#: stock is infinite: an iteration that drifts there has no benchmark.
SMALLEST_SUM = 1e-6


def growth_positions(settings: InventoryVariant, size: int, years: Years, *, from_paper: bool) -> Window:
    """Return first and last position of the growth average.

    Parameters
    ----------
    settings : InventoryVariant
    size : int
        Number of years.
    years : tuple of int or None
        Labels; windows given by a user are years where these are known.
    from_paper : bool
        Whether the window is the variant's own, which is in positions.

    Raises
    ------
    InputError
        If the window does not lie in the sample.
    """
    if settings.growth_window is None:
        return 0, size - 1
    first, last = settings.growth_window
    if years is not None and not from_paper:
        missing = [year for year in (first, last) if year not in years]
        if missing:
            raise InputError(f"growth_window: {missing[0]} is not among the years {years[0]} to {years[-1]}")
        first, last = years.index(first), years.index(last)
    else:
        first, last = (position + size if position < 0 else position for position in (first, last))
    if not 0 <= first < last < size:
        origin = f' (that of variant "{settings.name}")' if from_paper else ""
        raise InputError(
            f"growth_window is {settings.growth_window}{origin}, but the flow has {size} years: give a first "
            f"and a later last position among 0 to {size - 1}"
        )
    return first, last


def _mean_growth(path: Array, window: Window, kind: Growth) -> Array:
    """Return average annual growth between two positions, shape (...)."""
    first, last = window
    if kind == "log":
        return np.asarray(np.log(path[..., last] / path[..., first]) / (last - first))
    return np.asarray(np.mean(path[..., first + 1 : last + 1] / path[..., first:last], axis=-1) - 1.0)


def flow_growth(flows: Array, window: Window, settings: InventoryVariant, years: Years) -> Array:
    """Return average growth of flows, shape (...).

    Raises
    ------
    InputError
        If a flow that is divided by, or whose log is taken, is zero, or if no benchmark exists because flows
        fall faster than the stock decays.
    """
    first, last = window
    used = np.zeros(flows.shape[-1], dtype=bool)
    used[[first, last] if settings.growth == "log" else slice(first, last)] = True
    need = f"positive, because its {settings.growth} growth is undefined at zero: try another growth_window"
    require(~used | (flows > 0), flows, what="flow", need=need, years=years)
    growth = _mean_growth(flows, window, settings.growth)
    bad = np.argwhere(_denominator(growth, settings) < SMALLEST_SUM)
    if len(bad):
        index = tuple(int(k) for k in bad[0])
        where = f" of series {index}" if index else ""
        raise InputError(
            f"no benchmark stock exists: growth{where} is {growth[index]:.4g} a year, and with depreciation "
            f"{_rate(settings)[index]:.4g} and benchmark_add {settings.benchmark_add:g} the sum is not positive. "
            "Flows fall faster than the stock decays: try another growth_window"
        )
    return growth


def stock_growth(flows: Array, window: Window, settings: InventoryVariant, years: Years, *, throw: bool) -> Solution:
    """Solve ``g = average growth of the stock that g itself implies``, all series at once.

    Raises
    ------
    InputError
        If a first flow is zero (a stock that starts at zero has no growth rate), or if growth is averaged over the
        first year alone, which is ``g + add`` for any flows and so says nothing about ``g``.
    ConvergenceError
        If there is no solution and ``throw``.
    """
    need = "positive, because the growth of a stock that starts at zero is undefined"
    require(flows[..., :1] > 0, flows[..., :1], what="flow", need=need, years=years)
    if window == (0, 1) and settings.timing == "start":
        raise InputError(
            f"growth_window covers the first year only, in which the stock grows by g + {settings.benchmark_add:g} "
            "whatever the flows: g is not determined. Give a longer window, or growth_of = 'flow'"
        )
    span = slice(window[0], window[1] + 1)
    from_zero = cumulate(np.zeros(flows.shape[:-1]), flows, settings)[..., span]
    decay = ((1.0 - _rate(settings))[..., None] ** np.arange(flows.shape[-1]))[..., span]

    def implied(growth: Array) -> Array:
        path = decay * first_stock(flows, growth, settings)[..., None] + from_zero
        return _mean_growth(path, (0, window[1] - window[0]), settings.growth)

    names = [f"growth of series {index}" if index else "growth" for index in np.ndindex(flows.shape[:-1])]
    return fixed_point(
        implied,
        np.full(flows.shape[:-1], STARTING_GROWTH),
        names=names,
        what="the benchmark growth of the stock (flows that fall may allow none: try benchmark_add = 0.1 or "
        'growth_of = "flow")',
        throw=throw,
    )


def _rate(settings: InventoryVariant) -> Array:
    return np.asarray(settings.depreciation, dtype=float)


def _denominator(growth: Array, settings: InventoryVariant) -> Array:
    return np.asarray(growth + _rate(settings) + settings.benchmark_add)


def first_stock(flows: Array, growth: Array, settings: InventoryVariant) -> Array:
    """Return the benchmark stock, shape (...), missing where its denominator is not positive."""
    below = _denominator(growth, settings)
    above = flows[..., 0] * (1.0 + growth) if settings.timing == "end" else flows[..., 0]
    return np.asarray(np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below >= SMALLEST_SUM))


def cumulate(first: Array, flows: Array, settings: InventoryVariant) -> Array:
    """Return the stock path, shape (..., T), from its first value and the flows."""
    keep = 1.0 - _rate(settings)
    added = flows[..., :-1] if settings.timing == "start" else flows[..., 1:]
    stock = np.empty_like(flows)
    stock[..., 0] = first
    for step in range(1, flows.shape[-1]):
        stock[..., step] = keep * stock[..., step - 1] + added[..., step - 1]
    return stock


def flow_behind(stock: Array, depreciation: Array) -> Array:
    """Return ``S[t] - (1 - d) S[t-1]``, shape (..., T - 1): the inverse of :func:`cumulate` for either timing."""
    return np.asarray(stock[..., 1:] - (1.0 - depreciation[..., None]) * stock[..., :-1])
