"""Follow many countries as they learn and as trade opens; shorten steps until the error is small, then grade the path."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.many.checks import rates
from tradewinds.clusters.many.equilibrium import require_jax
from tradewinds.clusters.many.parameters import ManyParameters, _number, trade_costs
from tradewinds.clusters.many.path_results import ManyPath
from tradewinds.clusters.many.trace import MOST_STEPS, Trace, Tracer, split, step_grid
from tradewinds.errors import InputError, require_option
from tradewinds.solvers import Solution, judge

__all__ = ["CHANGES", "PATH_TOLERANCE", "date_path", "simulate_many"]

Array = NDArray[np.float64]

#: How trade costs get from one date to the next.
CHANGES: tuple[str, ...] = ("gradual", "at once")

#: Largest error of a path, relative to technology, that counts as solved.
PATH_TOLERANCE = 1e-7


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
        Steps of equal length over the horizon, at least one between times reported and dates. None has them as long as the
        tolerance allows where they are, and then all shorter, if what they add up to is still above it.

    Returns
    -------
    Solution
        Its value is a :class:`ManyPath`. The residuals, the largest over all steps for each country: balance of trade; what
        technology gained less the integral of learning by Simpson's rule, added up over time; and the error
        of technology, from the difference between whole and halved steps.

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
    tracer = Tracer(parameters, dates, costs, changes)
    trace = tracer.trace(*step_grid(nodes, steps)) if steps else tracer.graded(nodes, tolerance)
    while True:
        error = trace.error if trace.error > tolerance else float(np.max(_residual(trace)))
        count = len(trace.starts)
        if steps is not None or error <= tolerance or count >= MOST_STEPS or not np.isfinite(error):
            break
        # the error falls with the fourth power of the step, once steps are short
        parts = min(4, max(2, int(np.ceil((2 * error / tolerance) ** 0.25))))
        trace = tracer.trace(*split(trace.starts, trace.lengths, parts))
    path = _report(trace, wanted, tuple(float(date) for date in dates[1:] if date < horizon))
    return judge(
        path,
        lambda _: _residual(trace),
        tolerance=tolerance,
        iterations=trace.solves,
        limit_reached=steps is None and count >= MOST_STEPS,
        names=[f"{what} {country}" for what in _CHECKS for country in parameters.countries],
        what="learning by many countries",
        throw=throw,
    )


_CHECKS = ("trade balances in", "technology is what was learnt in", "halved steps lose nothing in")


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
            np.max(trace.errors, axis=(0, 2)),
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
