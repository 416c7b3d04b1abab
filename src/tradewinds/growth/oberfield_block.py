r"""Wages and stocks of knowledge of many countries that learn from sellers or producers; batches first.

The equations are in :mod:`tradewinds.growth.buera_oberfield`. Newton in the logarithms of knowledge and wages with the exact
derivative: with :math:`u_c = \ln\lambda_c - \theta \ln w_c`, a share moves by
:math:`d\ln\pi_{cd} = du_c - \sum_k \pi_{kd}\,du_k`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gamma

from tradewinds.growth import gravity

__all__ = ["balanced", "learning", "shares"]

Array = Any


def shares(p: Any, knowledge: Array, wage: Array) -> Array:
    """Return the share of each destination's spending on goods of each source, shape (..., source, destination)."""
    return gravity.trade_shares(wage, knowledge, p.costs, 1 + np.asarray(p.trade_elasticity))


def learning(p: Any, variant: str, knowledge: Array, wage: Array, share: Array) -> tuple[Array, Array]:
    """Return what each country learns a year at time 0, and the part of each partner in it, shape (..., country, partner)."""
    beta = np.asarray(p.diffusion)[..., np.newaxis, np.newaxis]
    if variant == "sellers":
        parts = np.swapaxes(share ** (1 - beta) * knowledge[..., :, np.newaxis] ** beta, -1, -2)
    else:
        income = wage * p.labour
        # employment of a country by destination, and who of its producers sells there
        parts = share ** (1 - beta) * knowledge[..., :, np.newaxis] ** beta
        parts = parts * income[..., np.newaxis, :] / income[..., :, np.newaxis]
    total = np.sum(parts, axis=-1)
    return p.arrival * gamma(1 - beta[..., 0]) * total, parts / total[..., np.newaxis]


def balanced(p: Any, variant: str, iterations: int = 500) -> tuple[Array, Array]:
    """Return knowledge at time 0 and wages on the balanced growth path; whether they solve is for the caller to judge."""
    theta, beta = (np.asarray(x)[..., np.newaxis, np.newaxis] for x in (p.trade_elasticity, p.diffusion))
    rate = np.asarray(p.knowledge_growth)[..., np.newaxis]
    costs, count = p.costs, np.shape(p.labour)[-1]
    alone = np.log(p.arrival * gamma(1 - beta[..., 0]) / rate) / (1 - beta[..., 0])  # knowledge in autarky
    batch = np.broadcast_shapes(alone.shape[:-1], np.shape(p.labour)[:-1], costs.shape[:-2], np.shape(theta)[:-2])
    log_knowledge = np.broadcast_to(alone, (*batch, count)).copy()
    # wages at which trade balances with that knowledge: from equal ones Newton may send a country's knowledge to zero
    start = gravity.wages(p.labour, np.exp(log_knowledge), costs, 1 + np.asarray(p.trade_elasticity))
    log_wage = np.broadcast_to(np.log(start), (*batch, count)).copy()
    closed = np.all(np.isinf(costs) | np.eye(count, dtype=bool), axis=(-1, -2))[..., np.newaxis, np.newaxis]
    identity = np.broadcast_to(np.eye(count), (*batch, count, count))
    for _ in range(iterations):
        knowledge, wage = np.exp(log_knowledge), np.exp(log_wage)
        share = shares(p, knowledge, wage)
        learnt, part = learning(p, variant, knowledge, wage, share)
        sold = share * (wage * p.labour)[..., np.newaxis, :]
        sales = np.sum(sold, axis=-1)
        gap = np.concatenate([log_knowledge - np.log(learnt / rate), np.log(sales / (wage * p.labour))], axis=-1)
        to = sold / sales[..., np.newaxis]  # sales by destination
        own = identity - to @ np.swapaxes(share, -1, -2)  # of sales with respect to u
        if variant == "sellers":
            moved = part - np.swapaxes(share, -1, -2)
            learnt_by_u, direct, by_wage = (1 - beta) * moved, beta * part, 0 * identity
        else:
            moved = identity - part @ np.swapaxes(share, -1, -2)
            learnt_by_u, direct, by_wage = (1 - beta) * moved, beta * identity, part - identity
        top = np.concatenate([identity - direct - learnt_by_u, theta * learnt_by_u - by_wage], axis=-1)
        by_wages = np.where(closed, identity, -theta * own + to - identity)
        slope = np.concatenate([top, np.concatenate([np.where(closed, 0.0, own), by_wages], axis=-1)], axis=-2)
        keep = np.arange(2 * count) != count  # the wage of home is one, and its trade balances where the others do
        step = gravity.newton_step(slope[..., keep, :][..., keep], gap[..., keep])
        log_knowledge += step[..., :count]
        log_wage[..., 1:] += step[..., count:]
        if not np.any(np.abs(step) >= 1e-9):  # convergence is quadratic: what is left is rounding
            break
    return np.exp(log_knowledge), np.exp(log_wage)
