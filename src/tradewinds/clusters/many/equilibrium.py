"""Many countries at one instant: solved for wages, graded by every condition."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tradewinds.clusters.many.checks import market_residual, names
from tradewinds.clusters.many.parameters import ManyParameters
from tradewinds.clusters.many.results import ManyEquilibrium
from tradewinds.errors import MissingDependencyError
from tradewinds.solvers import Solution, judge

__all__ = ["TOLERANCE", "require_jax", "solve_many"]

#: Largest residual that counts as solved; all residuals are free of units.
TOLERANCE = 1e-9


def solve_many(parameters: ManyParameters, *, throw: bool = True) -> Solution:
    r"""Solve the world economy: wages that balance every country's trade, and all that follows.

    .. math:: w_i L_i = \sum_{n,k} \pi_{nik}\,(p_{nk}/P_n)^{1-\sigma}\,w_n L_n, \qquad
        \pi_{nik} = \frac{(w_i d_{nik}/A_{ik})^{-\theta}}{\sum_j (w_j d_{njk}/A_{jk})^{-\theta}} .

    Where countries cannot trade with each other at all, their wages relative to each other are not determined and not used.

    Parameters
    ----------
    parameters : ManyParameters
    throw : bool
        Raise where the equations do not hold at the point found.

    Returns
    -------
    Solution
        Its value is a :class:`ManyEquilibrium`.

    Raises
    ------
    ConvergenceError
        If ``throw`` and a residual is above the tolerance.
    MissingDependencyError
        If JAX is not installed.

    References
    ----------
    Eaton and Kortum (2002), Section 3; within industries as in Costinot, Donaldson and Komunjer (2012); industries of
    Hanlon (2012).

    Examples
    --------
    A country between two that are each other's mirror:

    >>> world = ManyParameters(technology={"A": [10, 5], "B": [7, 7], "C": [5, 10]}, trade_cost=1.2)
    >>> solution = solve_many(world)
    >>> solution.status.name, solution.value.wages.round(4).tolist()
    ('CONVERGED', [1.0513, 0.8975, 1.0513])
    """
    require_jax()
    arrays, steps = _solver()(parameters)
    point = ManyEquilibrium(parameters, *arrays)
    return judge(
        point,
        market_residual,
        tolerance=TOLERANCE,
        iterations=steps,
        names=names(parameters),
        what="trade between many countries",
        throw=throw,
    )


def require_jax() -> None:
    """Raise MissingDependencyError unless JAX is there."""
    try:
        import jax  # noqa: F401
    except ImportError as error:
        raise MissingDependencyError(
            "models of many countries and maps need JAX; install it with: pip install tradewinds[models]"
        ) from error


@functools.cache
def _solver() -> Any:
    """Return the compiled solver, made when first used."""
    import jax
    import jax.numpy as jnp

    from tradewinds.clusters.many.economy import economy_of, market
    from tradewinds.clusters.many.wages import first_wages

    @jax.jit
    def solve(technology: Any, economy: Any) -> Any:
        log_wage, steps = first_wages(technology, economy)
        found = market(log_wage, technology, economy)
        employment = jnp.exp(found.log_spending - log_wage[:, None]).sum(axis=0)
        income = jnp.exp(log_wage - found.log_price_index) * economy.labour
        shares, prices, index = jnp.exp(found.log_shares), jnp.exp(found.log_prices), jnp.exp(found.log_price_index)
        return (jnp.exp(log_wage), shares, employment, prices, index, income), steps

    def run(parameters: ManyParameters) -> Any:
        arrays, steps = solve(parameters.technology, economy_of(parameters))
        return [np.asarray(array) for array in arrays], int(steps)

    return run
