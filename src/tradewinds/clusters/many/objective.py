"""The integral of discounted utility along a path of many countries, as one differentiable program."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tradewinds.clusters.many.economy import Economy, economy_of
from tradewinds.clusters.many.parameters import ManyParameters
from tradewinds.clusters.many.paths import CostPath, cost_at, runge_kutta
from tradewinds.clusters.many.wages import first_wages

__all__ = ["discounted_utility"]

Array = Any

#: Public name of a parameter -> its name among the arrays.
_FIELDS = {"trade_elasticity": "theta", "international_learning": "international", "adoption_share": "adoption"}


def discounted_utility(
    parameters: ManyParameters,
    levers: dict[str, Array],
    dates: Array,
    bends: float,
    starts: Array,
    lengths: Array,
    rate: float,
    theta: float,
) -> Array:
    """Return welfare of each country, shape (C,); utility is a third component of the Runge-Kutta step."""
    technology = jnp.asarray(levers.get("technology", parameters.technology))
    changed = {_FIELDS.get(name, name): jnp.asarray(value) for name, value in levers.items() if name != "technology"}
    economy = economy_of(parameters)._replace(**changed)
    costs = economy.trade_cost if jnp.ndim(economy.trade_cost) == 4 else jnp.asarray(economy.trade_cost)[None]
    segments = np.searchsorted(dates, starts + lengths / 2, side="right") - 1
    return _integral(technology, economy, CostPath(dates, costs, bends), starts, lengths, segments, rate, theta)


@jax.jit
def _integral(
    technology: Array,
    economy: Economy,
    path: CostPath,
    starts: Array,
    lengths: Array,
    segments: Array,
    rate: Array,
    theta: Array,
) -> Array:
    def utility(time: Array, log_income: Array) -> Array:
        power = jnp.where(theta == 1, 1.0, 1 - theta)
        return jnp.exp(-rate * time) * jnp.where(theta == 1, log_income, jnp.exp(power * log_income) / power)

    def step(state: tuple[Array, Array], grid: tuple[Array, Array, Array]) -> tuple[tuple[Array, Array], Array]:
        level, guess = state
        time, length, segment = grid
        taken = runge_kutta(level, guess, time, length, segment, economy, path, utility)
        return (taken.end, taken.last), taken.gained

    first, _ = first_wages(technology, economy._replace(trade_cost=cost_at(path, 0.0, 0)))
    _, gained = jax.lax.scan(step, (technology, first), (starts, lengths, segments))
    return gained.sum(axis=0)
