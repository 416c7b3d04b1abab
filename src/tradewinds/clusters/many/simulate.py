"""Follow many countries as they learn and as trade opens; refine the step until the error is small, then grade the path."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.many.checks import rates
from tradewinds.clusters.many.equilibrium import require_jax
from tradewinds.clusters.many.parameters import ManyParameters, _number, trade_costs
from tradewinds.clusters.many.path_results import ManyPath
from tradewinds.errors import InputError, require_option
from tradewinds.solvers import Solution, judge

__all__ = ["CHANGES", "PATH_TOLERANCE", "Trace", "date_path", "simulate_many", "step_grid"]

Array = NDArray[np.float64]

#: How trade costs get from one date to the next.
CHANGES: tuple[str, ...] = ("gradual", "at once")

#: Largest error of a path, relative to technology, that counts as solved.
PATH_TOLERANCE = 1e-7

_FIRST_STEPS = 8  # over the horizon, if the user names none
_MOST_STEPS = 2048


@dataclass(frozen=True, eq=False)
class Trace:
    """Every step of a path: start, middle and end, technology and log wages, with trade costs there."""

    parameters: ManyParameters
    starts: Array
    lengths: Array
    costs: Any  # function of (time, segment)
    segments: NDArray[np.intp]
    technology: Array  #: (K, 3, C, n)
    whole: Array  #: at the ends by whole steps, (K, C, n)
    log_wages: Array  #: (K, 3, C)
    solves: int

    @property
    def error(self) -> float:
        """Largest difference between whole and halved steps, relative to technology."""
        return float(np.max(np.abs(self.whole / self.technology[:, 2] - 1)))


def simulate_many(
    parameters: ManyParameters,
    *,
    horizon: float = 100.0,
    times: ArrayLike | None = None,
    trade_cost_path: Mapping[float, ArrayLike] | None = None,
    changes: str = "gradual",
    tolerance: float = PATH_TOLERANCE,
    steps: int | None = None,
    throw: bool = True,
) -> Solution:
    """Follow technology, trade and incomes of many countries.

    Parameters
    ----------
    parameters : ManyParameters
        Technology and trade costs are those of time 0.
    horizon : float
        Where the path ends, in years.
    times : array of shape (T,), optional
        Times to report; None reports eleven over the horizon.
    trade_cost_path : mapping of date to trade costs, optional
        Each a number, a matrix or the whole array, as in :class:`ManyParameters`. After the last date nothing changes.
    changes : {"gradual", "at once"}
        Trade costs move linearly in logs from date to date, or jump at each. From or to infinity they jump.
    tolerance : float
        Largest error of technology, relative to it.
    steps : int, optional
        Steps over the horizon, at least one between times reported and dates; None doubles them until the error is below
        the tolerance.

    Returns
    -------
    Solution
        Its value is a :class:`ManyPath`. The residuals, the largest over all steps for each country: balance of trade; what
        technology gained less the integral of learning by Simpson's rule, added up over time; and the difference between
        whole and halved steps.

    Raises
    ------
    InputError
        If horizon, times, dates, costs, tolerance or steps cannot be used.
    ConvergenceError
        If ``throw`` and the error of the path is above the tolerance.
    MissingDependencyError
        If JAX is not installed.

    References
    ----------
    Hanlon (2012), eq. 9; Eaton and Kortum (2002), Section 3.

    Examples
    --------
    Trade opens over twenty years between three countries:

    >>> world = ManyParameters(
    ...     technology={"A": [10, 5], "B": [7, 7], "C": [5, 10]}, trade_cost=2, spillovers=[[0.1, 0], [0, 0.1]]
    ... )
    >>> path = simulate_many(world, horizon=50, times=[0, 20, 50], trade_cost_path={20: 1.1}).value
    >>> path.real_income.round(2).tolist()
    [[16.26, 14.61, 16.26], [24.57, 20.37, 24.57], [30.43, 24.31, 30.43]]
    """
    require_jax()
    require_option("changes", changes, CHANGES)
    horizon = _number("horizon", horizon)
    if not 0 < horizon < np.inf:
        raise InputError(f"horizon is {horizon!r}; it must be above 0 and finite")
    if not tolerance > 0:
        raise InputError(f"tolerance is {tolerance!r}; it must be above 0, such as {PATH_TOLERANCE:g}")
    if steps is not None and not 0 < steps <= 10**6:
        raise InputError(f"steps is {steps!r}; it must be a number above 0, or None to choose it by the tolerance")
    wanted = _times(times, horizon)
    dates, costs = date_path(parameters, trade_cost_path)
    nodes = np.unique([0.0, horizon, *wanted, *dates[dates < horizon]])
    count = steps or _FIRST_STEPS
    while True:
        trace = _trace(parameters, *step_grid(nodes, count), dates, costs, changes)
        error = trace.error if trace.error > tolerance else float(np.max(_residual(trace)))
        if steps is not None or error <= tolerance or count >= _MOST_STEPS or not np.isfinite(error):
            break
        # the error falls with the fourth power of the step, once steps are short
        count = min(_MOST_STEPS, count * min(4, max(2, int(np.ceil((2 * error / tolerance) ** 0.25)))))
    path = _report(trace, wanted, tuple(float(date) for date in dates[1:] if date < horizon))
    return judge(
        path,
        lambda _: _residual(trace),
        tolerance=tolerance,
        iterations=trace.solves,
        limit_reached=count >= _MOST_STEPS,
        names=[f"{what} {country}" for what in _CHECKS for country in parameters.countries],
        what="learning by many countries",
        throw=throw,
    )


_CHECKS = ("trade balances in", "technology is what was learnt in", "whole against halved steps in")


def date_path(parameters: ManyParameters, path: Mapping[float, ArrayLike] | None) -> tuple[Array, Array]:
    """Return dates, (D,), rising from 0, and trade costs at each, (D, C, C, n)."""
    found = {0.0: parameters.trade_cost}
    for key, value in (path or {}).items():
        date = _number("trade_cost_path: date", key)
        if not 0 <= date < np.inf:
            raise InputError(f"trade_cost_path has the date {key!r}; dates must be 0 or later, and finite")
        found[date] = trade_costs(f"trade_cost_path at {date:g}", value, parameters.technology, parameters.countries)
    dates = np.array(sorted(found))
    return dates, np.stack([found[date] for date in dates.tolist()])


def step_grid(nodes: Array, count: int) -> tuple[Array, Array]:
    """Return starts and lengths of about ``count`` steps that end at every node."""
    gaps = np.diff(nodes)
    parts = np.maximum(1, np.ceil(count * gaps / (nodes[-1] - nodes[0]) - 1e-9)).astype(int)
    lengths = np.repeat(gaps / parts, parts)
    starts = np.concatenate(
        [low + (high - low) * np.arange(m) / m for low, high, m in zip(nodes, nodes[1:], parts, strict=False)]
    )
    return starts, lengths


def _times(times: ArrayLike | None, horizon: float) -> Array:
    array = np.linspace(0, horizon, 11) if times is None else np.asarray(times, dtype=float)
    if (
        array.ndim != 1
        or not array.size
        or not np.all((array >= 0) & (array <= horizon))
        or np.any(np.diff(array) <= 0)
    ):
        raise InputError(f"times must be a rising list of numbers from 0 to the horizon, {horizon:g}; found {times!r}")
    return array


@functools.cache
def _compiled() -> tuple[Any, Any, Any]:
    import jax
    import jax.numpy as jnp

    from tradewinds.clusters.many.paths import runge_kutta
    from tradewinds.clusters.many.wages import first_wages, wages

    def step(technology: Any, guess: Any, time: Any, length: Any, segment: Any, economy: Any, path: Any) -> Any:
        return runge_kutta(
            technology, guess, time, length, segment, economy, path, lambda _, income: jnp.zeros_like(income)
        )

    def settle(technology: Any, guess: Any, cost: Any, economy: Any) -> Any:
        return wages(guess, technology, economy._replace(trade_cost=cost))

    return jax.jit(first_wages), jax.jit(step), jax.jit(settle)


@functools.cache
def _compiled_cost() -> Any:
    import jax

    from tradewinds.clusters.many.paths import cost_at

    return jax.jit(cost_at)


def _trace(
    parameters: ManyParameters, starts: Array, lengths: Array, dates: Array, costs: Array, changes: str
) -> Trace:
    """Follow technology by half steps, and again by whole ones for comparison."""
    from tradewinds.clusters.many.economy import economy_of
    from tradewinds.clusters.many.paths import CostPath

    first, step, settle = _compiled()
    economy, path = economy_of(parameters), CostPath(dates, costs, np.asarray(1.0 if changes == "gradual" else 0.0))

    def cost(time: float, segment: int) -> Array:
        return np.asarray(_compiled_cost()(path, time, segment))

    segments = np.searchsorted(dates, starts + lengths / 2, side="right") - 1
    technology = whole = parameters.technology
    guess, solves = first(technology, economy._replace(trade_cost=costs[0]))
    levels, wholes, wages = [], [], []
    for start, length, segment in zip(starts.tolist(), lengths.tolist(), segments.tolist(), strict=True):
        half, middle = length / 2, start + length / 2
        one = step(technology, guess, start, half, segment, economy, path)
        two = step(one.end, one.last, middle, half, segment, economy, path)
        both = step(whole, one.first, start, length, segment, economy, path)
        left, more = settle(two.end, two.last, cost(start + length, segment), economy)  # before a jump there, if any
        levels.append((technology, one.end, two.end))
        wholes.append(both.end)
        wages.append((one.first, two.first, left))
        technology, whole, guess = two.end, both.end, left
        solves += one.solves + two.solves + both.solves + more
    return Trace(
        parameters,
        starts,
        lengths,
        cost,
        segments,
        np.asarray(levels),
        np.asarray(wholes),
        np.asarray(wages),
        int(solves),
    )


def _residual(trace: Trace) -> Array:
    """Return the residuals of a path, the largest of each kind for each country, shape (3 C,)."""
    gaps, learnt = [], []
    for k, (start, length, segment) in enumerate(zip(trace.starts, trace.lengths, trace.segments, strict=True)):
        found = [
            rates(
                trace.parameters,
                trace.technology[k, j],
                trace.log_wages[k, j],
                trace.costs(start + length * j / 2, segment),
            )
            for j in range(3)
        ]
        gaps.append(np.max(np.abs([gap for _, gap in found]), axis=0))
        simpson = length / 6 * (found[0][0] + 4 * found[1][0] + found[2][0])
        learnt.append((trace.technology[k, 2] - trace.technology[k, 0] - simpson) / trace.technology[k, 2])
    return np.concatenate(
        [
            np.max(gaps, axis=0),
            np.max(np.abs(np.cumsum(learnt, axis=0)), axis=(0, 2)),
            np.max(np.abs(trace.whole / trace.technology[:, 2] - 1), axis=(0, 2)),
        ]
    )


def _report(trace: Trace, times: Array, dates: tuple[float, ...]) -> ManyPath:
    """Return the path at the times asked for; where trade costs jump, as it is after the jump."""
    from tradewinds.clusters.many.states import states

    last = len(trace.starts) - 1
    places = np.minimum(np.searchsorted(trace.starts, times - 1e-12 * max(1.0, times[-1])), len(trace.starts))
    inside = places <= last
    k, j = np.where(inside, places, last), np.where(inside, 0, 2)
    cost = np.stack(
        [trace.costs(time, trace.segments[step]) for time, step in zip(times.tolist(), k.tolist(), strict=True)]
    )
    technology, log_wages = trace.technology[k, j], trace.log_wages[k, j]
    employment, home_share, income = states(trace.parameters, technology, log_wages, cost)
    return ManyPath(
        trace.parameters,
        times,
        dates,
        cost,
        technology,
        employment,
        np.exp(log_wages),
        home_share,
        income,
        len(trace.starts),
        trace.error,
    )
