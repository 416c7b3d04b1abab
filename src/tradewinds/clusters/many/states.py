"""What follows from wages and technology at many instants at once."""

from __future__ import annotations

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.many.economy import economy_of, market
from tradewinds.clusters.many.parameters import ManyParameters

__all__ = ["states"]

Array = NDArray[np.float64]


def states(parameters: ManyParameters, technology: Array, log_wages: Array, costs: Array) -> tuple[Array, Array, Array]:
    """Return employment (T, C, n), home shares (T, C) and real incomes (T, C)."""
    found = _many()(technology, log_wages, costs, economy_of(parameters))
    employment, home_share, income = (np.asarray(array) for array in found)
    return employment, home_share, income


@functools.cache
def _many() -> Any:
    def one(arguments: Any, economy: Any) -> Any:
        technology, log_wage, cost = arguments
        found = market(log_wage, technology, economy._replace(trade_cost=cost))
        value = jnp.exp(found.log_spending - (log_wage + jnp.log(economy.labour))[:, None, None]).sum(axis=2)
        employment = jnp.exp(found.log_spending - log_wage[:, None]).sum(axis=0)
        return employment, jnp.diagonal(value), jnp.exp(log_wage - found.log_price_index) * economy.labour

    def run(technology: Any, log_wages: Any, costs: Any, economy: Any) -> Any:
        return jax.lax.map(lambda arguments: one(arguments, economy), (technology, log_wages, costs))

    return jax.jit(run)
