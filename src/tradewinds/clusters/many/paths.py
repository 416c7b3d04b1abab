r"""Learning of many countries in time: the fourth-order Runge-Kutta method, each stage with wages that balance trade.

Every industry is at work everywhere, so that :math:`dA/dt` is smooth and no event has to be found. Steps never cross a date at
which trade costs bend or jump.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import lax

from tradewinds.clusters.many.economy import Economy, learning_rates
from tradewinds.clusters.many.wages import wages

__all__ = ["CostPath", "Step", "cost_at", "runge_kutta"]

Array = Any

#: Where in the step each stage stands, and its weight; the coefficient of the slope before is the place itself.
_STAGES = ((0.0, 1 / 6), (0.5, 1 / 3), (0.5, 1 / 3), (1.0, 1 / 6))


class CostPath(NamedTuple):
    """Trade costs over time; constant after the last date."""

    dates: Array  #: (D,), the first is 0
    costs: Array  #: (D, C, C, n)
    bends: Array  #: 1 where they move linearly in logs from date to date, 0 where they jump at each


class Step(NamedTuple):
    """One step."""

    end: Array  #: technology, (C, n)
    gained: Array  #: integral of what was asked for, (C,)
    first: Array  #: log wages at the start, (C,)
    last: Array  #: those of the last stage, near those at the end
    solves: Array  #: Newton steps taken


def cost_at(path: CostPath, time: Array, segment: Array) -> Array:
    """Return trade costs at a time, (C, C, n), continued from within the segment after date number ``segment``."""
    if len(path.dates) == 1:
        return path.costs[0]
    after = jnp.minimum(segment + 1, len(path.dates) - 1)
    low, high, start = path.costs[segment], path.costs[after], path.dates[segment]
    length = path.dates[after] - start
    part = path.bends * jnp.where(length > 0, (time - start) / jnp.where(length > 0, length, 1.0), 0.0)
    shut = jnp.isinf(low) | jnp.isinf(high)  # nothing leads from closed to open but a jump
    low_log, high_log = jnp.log(jnp.where(shut, 1.0, low)), jnp.log(jnp.where(shut, 1.0, high))
    return jnp.where(shut, low, jnp.exp(low_log + part * (high_log - low_log)))


def runge_kutta(
    technology: Array,
    guess: Array,
    time: Array,
    length: Array,
    segment: Array,
    economy: Economy,
    path: CostPath,
    bend: Any,
) -> Step:
    """Return technology after a step and the integral over it of ``bend(time, log income a worker)``."""

    def stage(state: tuple[Array, ...], constants: Array) -> tuple[tuple[Array, ...], Array]:
        rate, start, gained, utility, solves = state
        place, weight = constants
        when = time + place * length
        level = technology + place * length * rate  # each stage starts from the slope of the one before
        now = economy._replace(trade_cost=cost_at(path, when, segment))
        log_wage, taken = wages(start, level, now)
        rate, log_income = learning_rates(log_wage, level, now)
        gained, utility = gained + weight * rate, utility + weight * bend(when, log_income)
        return (rate, log_wage, gained, utility, solves + taken), log_wage

    nothing = jnp.zeros_like(technology)
    begin = nothing, guess, nothing, jnp.zeros_like(guess), jnp.asarray(0.0)
    (_, _, gained, utility, solves), log_wages = lax.scan(stage, begin, jnp.asarray(_STAGES))
    return Step(technology + length * gained, length * utility, log_wages[0], log_wages[-1], solves)
