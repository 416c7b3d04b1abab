"""Autarky and the limit of free trade under national spillovers, and the conditions that a point must meet.

The equations are in the documentation of :mod:`tradewinds.growth.national_spillovers`. Arrays: batch axes first, then home
and foreign.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tradewinds.growth.national_spillovers import NationalSpilloversParameters

__all__ = [
    "autarky",
    "autarky_residual",
    "consumption_index",
    "held",
    "in_order",
    "labour_of",
    "last",
    "leader_wage",
    "leads",
    "trade",
    "trade_residual",
]  # fmt: skip


def last(value: Any) -> Any:
    """Return values of the world with a last axis of length one, to meet those of countries."""
    return np.asarray(value, dtype=float)[..., np.newaxis]


def labour_of(p: NationalSpilloversParameters) -> Any:
    """Return workers, home and foreign."""
    return np.stack(np.broadcast_arrays(np.asarray(p.home_labour, float), np.asarray(p.foreign_labour, float)), axis=-1)


def held(p: NationalSpilloversParameters) -> Any:
    """Return shares of varieties at time 0, home and foreign."""
    home = np.asarray(p.home_varieties, dtype=float)
    return np.stack([home, 1 - home], axis=-1)


def leads(p: NationalSpilloversParameters) -> Any:
    """Return whether home has the head start; a tie is home's."""
    return np.asarray(p.home_varieties) >= 0.5


def consumption_index(p: Any, spending: Any, log_price: Any) -> Any:
    """Return consumption from spending a head and the log of the price index of varieties."""
    s = last(p.differentiated_share)
    return spending * s**s * (1 - s) ** (1 - s) * np.exp(-s * log_price)


def autarky(p: NationalSpilloversParameters) -> dict[str, Any]:
    """Return each country alone."""
    sigma, s, rho, cost = (
        last(x) for x in (p.elasticity_of_substitution, p.differentiated_share, p.discount_rate, p.rnd_cost)
    )
    labour, initial = labour_of(p), held(p)
    innovation = np.maximum(s / sigma * labour / cost - (1 - s / sigma) * rho, 0.0)
    spending = (labour - cost * innovation) / (1 - s / sigma)
    log_price = np.log(sigma / (sigma - 1)) - np.log(initial) / (sigma - 1)
    growth = s * innovation / (sigma - 1)
    one = np.ones_like(innovation)
    return {
        "growth": growth,
        "innovation": innovation,
        "home_share": one,
        "import_share": 0 * one,
        "consumption": consumption_index(p, spending / labour, log_price),
        "varieties": initial * one,
        "interest_rate": rho + growth,
        "rnd_labour_share": cost * innovation / labour,
        "wage": one,
        "spending": spending / np.sum(spending, axis=-1, keepdims=True),
        "world_spending": np.sum(spending, axis=-1, keepdims=True) * one,
    }


def trade(p: NationalSpilloversParameters) -> dict[str, Any]:
    """Return the limit in which the leader has all varieties; leader first, then put in the order home, foreign."""
    sigma, s, rho, cost = p.elasticity_of_substitution, p.differentiated_share, p.discount_rate, p.rnd_cost
    first, labour, initial = leads(p), labour_of(p), held(p)
    alpha = 1 - 1 / sigma
    leader, laggard = (np.where(first, labour[..., i], labour[..., 1 - i]) for i in (0, 1))
    world, start = leader + laggard, np.where(first, initial[..., 0], initial[..., 1])
    # is there any research at time 0? Knowledge of the leader alone has to make it worth its cost
    idle_spending = world / (1 - s / sigma)
    fits_idle = s * alpha * start * idle_spending <= leader
    alone = leader / (sigma * cost) - alpha * rho
    active = np.where(fits_idle, s / sigma * start * world / cost > (1 - s / sigma) * rho, alone > 0)
    varieties = np.where(active, 1.0, start)
    both = np.where(active, s / sigma * world / cost - (1 - s / sigma) * rho, 0.0)
    spread = (world - cost * both) / (1 - s / sigma)  # spending if both make the common good
    fits = cost * both + s * alpha * varieties * spread <= leader
    innovation = np.where(fits, both, np.where(active, alone, 0.0))
    wage = np.where(fits, 1.0, leader_wage(leader - cost * innovation, laggard, varieties, s, sigma))
    theta = varieties * wage ** (1 - sigma) / (varieties * wage ** (1 - sigma) + (1 - varieties))
    spending = np.where(fits, spread, laggard / (1 - s + alpha * s * (1 - theta)))
    # without growth a firm is worth its profits, which may be less than its cost
    profits = s / sigma * spending / rho
    firms = np.where(active, cost * wage, theta * profits)
    leader_spending, laggard_spending = wage * leader + rho * firms, laggard + rho * (1 - theta) * profits
    log_price = np.log(sigma / (sigma - 1)) + np.log(varieties * wage ** (1 - sigma) + (1 - varieties)) / (1 - sigma)
    growth = s * innovation / (sigma - 1)
    common = leader - cost * innovation - s * alpha * theta * spending / wage
    other = laggard - s * alpha * (1 - theta) * spending
    shares = []
    for sold, good, own in ((theta, common, leader_spending), (1 - theta, other, laggard_spending)):
        shares.append(s * sold + (1 - s) * np.clip(good / ((1 - s) * own), 0.0, 1.0))
    share = in_order(first, *shares)
    relative = np.where(first, 1 / wage, wage)
    both_spend = in_order(first, leader_spending, laggard_spending)
    growth_all = np.stack([growth, growth], axis=-1)
    return {
        "growth": growth_all,
        "innovation": in_order(first, innovation, 0 * innovation),
        "home_share": share,
        "import_share": 1 - share,
        "consumption": consumption_index(p, both_spend / labour, last(log_price)),
        "varieties": in_order(first, varieties, 1 - varieties),
        "interest_rate": last(rho) + growth_all,
        "rnd_labour_share": in_order(first, cost * innovation / leader, 0 * innovation),
        "wage": np.stack([1.0 + 0 * relative, relative], axis=-1),
        "spending": both_spend / last(leader_spending + laggard_spending),
        "world_spending": last(spending) + 0 * growth_all,
    }


def leader_wage(made: Any, laggard: Any, varieties: Any, share: Any, sigma: Any) -> Any:
    r"""Return the wage at which a leader that makes varieties alone sells them, the laggard's being one.

    It solves :math:`w M (1 - s + \alpha s (1 - \theta)) = \alpha s\theta L_B` by halving: the left side rises in ``w`` and the
    right side falls.
    """
    alpha = 1 - 1 / sigma
    low = np.zeros(np.broadcast(made, laggard, varieties, share, sigma).shape)
    high = low + 60.0
    for _ in range(80):
        middle = (low + high) / 2
        leader = varieties * np.exp((1 - sigma) * middle)
        theta = leader / (leader + (1 - varieties))
        above = np.exp(middle) * made * (1 - share + alpha * share * (1 - theta)) > alpha * share * theta * laggard
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.exp((low + high) / 2)


def in_order(first: Any, leader: Any, laggard: Any) -> Any:
    """Return home and foreign from leader and laggard."""
    return np.stack([np.where(first, leader, laggard), np.where(first, laggard, leader)], axis=-1)


def autarky_residual(values: Mapping[str, Any], p: NationalSpilloversParameters) -> dict[str, Any]:
    """Return the conditions of autarky at a point."""
    sigma, s, g = p.elasticity_of_substitution, p.differentiated_share, values["innovation"]
    spending = values["spending"] * values["world_spending"]
    entry = s * spending / (sigma * p.rnd_cost) - g - p.discount_rate
    return {
        "labour market": (p.rnd_cost * g + (1 - s / sigma) * spending) / labour_of(p) - 1,
        "free entry": np.where(g > 0, entry, np.minimum(g, -entry)),
        "research": values["rnd_labour_share"] * labour_of(p) - p.rnd_cost * g,
    }


def trade_residual(values: Mapping[str, Any], p: NationalSpilloversParameters) -> dict[str, Any]:
    """Return the conditions of the limit of trade at a point."""
    order = [0, 1] if leads(p) else [1, 0]
    leader, laggard = labour_of(p)[order]
    sigma, s, cost, rho = p.elasticity_of_substitution, p.differentiated_share, p.rnd_cost, p.discount_rate
    g, varieties = values["innovation"][order[0]], values["varieties"][order[0]]
    wage = values["wage"][order[0]] / values["wage"][order[1]]
    spending = float(values["world_spending"][0])
    alpha = 1 - 1 / sigma
    theta = varieties * wage ** (1 - sigma) / (varieties * wage ** (1 - sigma) + (1 - varieties))
    common = leader - cost * g - alpha * s * theta * spending / wage
    other = laggard - alpha * s * (1 - theta) * spending
    entry = s * theta * spending / (sigma * cost * wage) - g - rho
    # interest on firms: at their cost while they are added to, at their profits where they are not
    firms = cost * wage if g > 0 else theta * s * spending / (sigma * rho)
    owned = wage * leader + rho * firms
    return {
        "common good": (common + other) / ((1 - s) * spending) - 1,
        "specialisation": np.minimum(common / leader, wage - 1),
        "free entry": entry if g > 0 else np.minimum(g, -entry),
        "budget of the leader": owned / spending - values["spending"][order[0]],
        "shares of spending": np.sum(values["spending"]) - 1,
        "research": values["rnd_labour_share"][order[0]] * leader - cost * g,
        "research of the laggard": values["innovation"][order[1]],
    }
