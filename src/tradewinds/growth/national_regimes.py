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
    "resting",
    "threshold",
    "trade",
    "trade_residual",
    "wins",
]


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


def resting(p: NationalSpilloversParameters) -> dict[str, Any]:
    """Return the world at time 0 without research: wages (least 1), shares of sales, spending, firms' value over cost."""
    sigma, s, rho, cost = p.elasticity_of_substitution, p.differentiated_share, p.discount_rate, p.rnd_cost
    alpha, labour, initial = 1 - 1 / sigma, labour_of(p), held(p)
    spread = last(np.sum(labour, axis=-1) / (1 - s / sigma))
    apart = last(s * alpha) * initial * spread > labour  # too few workers for its own varieties: at most one country
    wages = []
    for i in (0, 1):
        alone = leader_wage(labour[..., i], labour[..., 1 - i], initial[..., i], s, sigma)
        wages.append(np.where(apart[..., i], alone, 1.0))
    wage = np.stack(np.broadcast_arrays(*wages), axis=-1)
    weights = initial * wage ** (1 - last(sigma))
    theta = weights / np.sum(weights, axis=-1, keepdims=True)
    profits = last(s / sigma)
    spending = np.sum(wage * labour, axis=-1, keepdims=True) / (1 - profits)
    value = profits * theta * spending / (last(cost * rho) * wage)
    return {"wage": wage, "sales": theta, "spending": spending[..., 0], "value": value}


def threshold(p: NationalSpilloversParameters) -> Any:
    r"""Return the share of varieties that a country (last axis) must exceed to lead in the long run, once somebody invents.

    A small country that leads makes varieties alone at a wage above the other's, which may then invent too. Both grow at
    :math:`\beta L_A/a - \alpha\rho` for ever at relative wages
    :math:`W = s (L_B - L_A) / [(1 - s)(L_A + a\rho)] - 1` and
    :math:`\varsigma^* = W^\sigma / (1 + W^\sigma)`; that point is unstable, and parts the two long runs. Where it is not above
    a half, the head start decides; where A could not invent even with all varieties, it is one.
    """
    sigma, s, rho, cost = p.elasticity_of_substitution, p.differentiated_share, p.discount_rate, p.rnd_cost
    labour = labour_of(p)
    parts = []
    for i in (0, 1):
        own, other = labour[..., i], labour[..., 1 - i]
        relative = np.maximum(s * (other - own) / ((1 - s) * (own + cost * rho)) - 1, 0.0)
        odds = sigma * np.log(np.maximum(relative, 1e-300))
        share = np.maximum(1 / (1 + np.exp(np.clip(-odds, -700, 700))), 0.5)
        parts.append(np.where(_limit(p, own, other)[0] > 0, share, 1.0))
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


def wins(p: NationalSpilloversParameters) -> Any:
    """Return whether home leads in the long run: by its head start, unless the other overtakes it, or by overtaking."""
    ahead, initial, least = leads(p), held(p), threshold(p)
    return np.where(ahead, initial[..., 0] >= least[..., 0], initial[..., 1] < least[..., 1])


def _limit(p: NationalSpilloversParameters, leader: Any, laggard: Any) -> tuple[Any, Any]:
    """Return innovation of a leader that has all varieties, and its wage over the laggard's."""
    sigma, s, rho, cost = p.elasticity_of_substitution, p.differentiated_share, p.discount_rate, p.rnd_cost
    alpha = 1 - 1 / sigma
    both = s / sigma * (leader + laggard) / cost - (1 - s / sigma) * rho
    spread = (leader + laggard - cost * both) / (1 - s / sigma)  # spending if both make the common good
    fits = cost * both + s * alpha * spread <= leader
    alone = leader / (sigma * cost) - alpha * rho
    made = np.where(fits, 1.0, leader - cost * alone)
    return np.where(fits, both, alone), np.where(fits, 1.0, alpha * s * laggard / ((1 - s) * made))


def trade(p: NationalSpilloversParameters) -> dict[str, Any]:
    """Return where trade leads: one country has all varieties in the long run, or nobody ever invents."""
    sigma, s, rho, cost = p.elasticity_of_substitution, p.differentiated_share, p.discount_rate, p.rnd_cost
    labour, rest = labour_of(p), resting(p)
    still = last(np.max(rest["value"], axis=-1) <= 1)
    first = wins(p)
    leader, laggard = (np.where(first, labour[..., i], labour[..., 1 - i]) for i in (0, 1))
    growth_of_leader, relative = _limit(p, leader, laggard)
    one, zero = np.ones_like(relative), np.zeros_like(relative)
    # spending in wages of the laggard, which makes the common good
    spent = np.where(relative > 1, laggard / (1 - s), (leader + laggard - cost * growth_of_leader) / (1 - s / sigma))
    innovation = np.where(still, 0.0, in_order(first, growth_of_leader, zero))
    wage = np.where(still, rest["wage"], in_order(first, relative, one))
    varieties = np.where(still, held(p), in_order(first, one, zero))
    theta = np.where(still, rest["sales"], varieties)
    spending = np.where(still[..., 0], rest["spending"], spent)
    # without growth a firm is worth its profits, which may be less than its cost
    firms = np.where(still, last(s / (sigma * rho) * spending) * theta, last(cost) * wage * varieties)
    both_spend = wage * labour + last(rho) * firms
    power = 1 - last(sigma)
    index = np.log(np.sum(varieties * wage**power, axis=-1, keepdims=True)) / power
    growth = last(s / (sigma - 1) * np.max(innovation, axis=-1)) + np.zeros_like(innovation)
    paid = last((1 - 1 / sigma) * s * spending) * theta
    common = labour - last(cost) * innovation - paid / wage
    own = np.clip(common / ((1 - last(s)) * both_spend), 0.0, 1.0)
    share = last(s) * theta + (1 - last(s)) * np.where(wage > 1 + 1e-12, 0.0, own)
    return {
        "growth": growth,
        "innovation": innovation,
        "home_share": share,
        "import_share": 1 - share,
        "consumption": consumption_index(p, both_spend / labour, np.log(last(sigma) / (last(sigma) - 1)) + index),
        "varieties": varieties,
        "interest_rate": last(rho) + growth,
        "rnd_labour_share": last(cost) * innovation / labour,
        "wage": wage / wage[..., :1],
        "spending": both_spend / last(spending),
        "world_spending": last(spending) + np.zeros_like(innovation),
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
    """Return the conditions of the long run of trade at a point; complementarities as the smaller of two slacks."""
    sigma, s, cost, rho = p.elasticity_of_substitution, p.differentiated_share, p.rnd_cost, p.discount_rate
    g, varieties, labour = values["innovation"], values["varieties"], labour_of(p)
    wage = values["wage"] / np.min(values["wage"])
    spending = float(values["world_spending"][0])
    theta = varieties * wage ** (1 - sigma)
    theta = theta / np.sum(theta)
    common = labour - cost * g - (1 - 1 / sigma) * s * theta * spending / wage
    value = s * theta * spending / (sigma * cost * wage * (rho + g))
    # interest on firms: at their cost while they are added to, at their profits where they are not
    firms = np.where(g > 0, cost * wage, theta * s * spending / (sigma * rho))
    return {
        "common good": np.sum(common) / ((1 - s) * spending) - 1,
        "specialisation": np.minimum(common / labour, wage - 1),
        "free entry": np.minimum(g, 1 - value),
        "budgets": (wage * labour + rho * firms) / spending - values["spending"],
        "shares of spending": np.sum(values["spending"]) - 1,
        "research": values["rnd_labour_share"] * labour - cost * g,
        "one leader": varieties * (1 - varieties) if np.max(g) > 0 else np.zeros(2),
    }
