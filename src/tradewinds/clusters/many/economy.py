r"""Equations of many countries at one instant, and their learning: what is bought where, at which wages (Eaton and Kortum 2002).

All in logs, so that numbers stay finite as the trade elasticity grows. Axes are buyer n, seller i, industry k. Written in
JAX: gradients of whatever is computed from them are exact.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import logsumexp

from tradewinds.clusters.many.parameters import ManyParameters

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]  # before anything is traced

__all__ = ["Economy", "Market", "economy_of", "excess", "learning_rates", "market", "slope"]

Array = Any  # an array of JAX, or a tracer of one


class Economy(NamedTuple):
    """Parameters as arrays, technology apart: it moves."""

    labour: Array
    sigma: Array
    theta: Array
    trade_cost: Array
    spillovers: Array
    international: Array
    adoption: Array


class Market(NamedTuple):
    """What is bought where, given wages."""

    log_prices: Array  #: of an industry's varieties together, (n, k)
    log_price_index: Array  #: of all goods, (n,)
    log_shares: Array  #: of spending of n on industry k that goes to i, (n, i, k)
    log_spending: Array  #: of n on the goods of i in industry k, (n, i, k)


def economy_of(parameters: ManyParameters) -> Economy:
    """Return the arrays of the equations."""
    return Economy(
        parameters.labour,
        np.asarray(parameters.sigma),
        np.asarray(parameters.trade_elasticity),
        parameters.trade_cost,
        parameters.tau,
        parameters.international_learning,
        np.asarray(parameters.adoption_share),
    )


def market(log_wage: Array, technology: Array, economy: Economy) -> Market:
    r"""Return prices and spending.

    .. math:: p_{nk}^{-\theta} = \sum_i (w_i d_{nik} / A_{ik})^{-\theta}, \quad
        \pi_{nik} = (w_i d_{nik} / (A_{ik}\,p_{nk}))^{-\theta}, \quad
        X_{nik} = \pi_{nik}\,(p_{nk}/P_n)^{1-\sigma}\,w_n L_n .

    The constant of Eaton and Kortum's price index is one: it only sets the unit of welfare.
    """
    closed = jnp.isinf(economy.trade_cost)
    log_cost = jnp.log(jnp.where(closed, 1.0, economy.trade_cost))  # a derivative of infinity would not be a number
    unit_cost = log_wage[:, None] + log_cost - jnp.log(technology)
    power = jnp.where(closed, -jnp.inf, -economy.theta * unit_cost)
    log_phi = logsumexp(power, axis=1)
    log_prices = -log_phi / economy.theta
    log_index = logsumexp((1 - economy.sigma) * log_prices, axis=1) / (1 - economy.sigma)
    log_shares = power - log_phi[:, None]
    on_industry = (1 - economy.sigma) * (log_prices - log_index[:, None]) + (log_wage + jnp.log(economy.labour))[
        :, None
    ]
    return Market(log_prices, log_index, log_shares, log_shares + on_industry[:, None])


def excess(log_wage: Array, technology: Array, economy: Economy) -> Array:
    r"""Return the log of spending on each country's goods over its income, less that of the mean wage of the world, shape (C,).

    Zero in all countries exactly where trade balances, :math:`\sum_{nk} X_{nik} = w_i L_i`, and the mean wage is one. By Walras'
    law one of the balances follows from the others, and the second term takes its place.
    """
    sales = logsumexp(market(log_wage, technology, economy).log_spending, axis=(0, 2))
    return sales - log_wage - jnp.log(economy.labour) - _log_mean_wage(log_wage, economy)


def slope(log_wage: Array, technology: Array, economy: Economy) -> Array:
    r"""Return the derivative of :func:`excess` by log wages, shape (C, C).

    With :math:`a_{nik}` the part of i's sales that goes to n in k, and :math:`\Pi_{nj}` the part of n's spending that goes to j,
    the first term moves by :math:`-(1+\theta)\,[i=j] + (\theta-\sigma+1) \sum_{nk} a_{nik}\pi_{njk} + (\sigma-1)
    \sum_n a_{ni}\Pi_{nj} + a_{ji}`: goods of different countries are gross substitutes if theta is sigma - 1 or more.
    """
    found = market(log_wage, technology, economy)
    sales = logsumexp(found.log_spending, axis=(0, 2))
    part = jnp.exp(found.log_spending - sales[:, None])
    shares = jnp.exp(found.log_shares)
    income = log_wage + jnp.log(economy.labour)
    bought = jnp.exp(found.log_spending - income[:, None, None]).sum(axis=2)
    sold = part.sum(axis=2)
    return (
        -(1 + economy.theta) * jnp.eye(len(income))
        + (economy.theta - economy.sigma + 1) * jnp.einsum("nik,njk->ij", part, shares)
        + (economy.sigma - 1) * sold.T @ bought
        + sold.T
        - jnp.exp(income - logsumexp(income))
    )


def learning_rates(log_wage: Array, technology: Array, economy: Economy) -> tuple[Array, Array]:
    r"""Return dA/dt, shape (C, n), and the log of real income a worker, shape (C,).

    .. math:: dA_{ck}/dt = (1 - e^{-\ell_{ck}/\epsilon}) \sum_b \kappa_{bc} \sum_j \tau^{jk} L_{bj}, \quad \ell_{ck} = L_{ck}/L_c .

    References
    ----------
    Hanlon (2012), eq. 9, with learning from abroad and a smooth switch for industries nearly idle.
    """
    found = market(log_wage, technology, economy)
    employment = jnp.exp(logsumexp(found.log_spending, axis=0) - log_wage[:, None])
    switched = economy.adoption > 0
    share = employment / economy.labour[:, None]
    taken_up = jnp.where(switched, -jnp.expm1(-share / jnp.where(switched, economy.adoption, 1.0)), 1.0)
    taught = economy.international.T @ employment @ economy.spillovers
    return taken_up * taught, log_wage - found.log_price_index


def _log_mean_wage(log_wage: Array, economy: Economy) -> Array:
    return logsumexp(log_wage, b=economy.labour) - jnp.log(economy.labour.sum())
