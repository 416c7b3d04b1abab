"""Processing of a raw material, and what each part of sales pays, in :mod:`tradewinds.growth.peretto_valente`."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.growth.peretto_parameters import PerettoValenteParameters

__all__ = [
    "employment_of",
    "gain_of",
    "labour_share",
    "margin_of",
    "marginal_labour",
    "materials_of",
    "outlay_of",
    "price_index",
    "processing_labour",
    "why_unbounded",
    "world_labour",
]


def outlay_of(p: PerettoValenteParameters) -> Any:
    """Return spending on materials over sales."""
    return p.materials_share * (1 - 1 / np.asarray(p.elasticity_of_substitution))


def gain_of(p: PerettoValenteParameters) -> Any:
    """Return the elasticity of a firm's variable profit, over sales, to its knowledge: theta'."""
    return p.knowledge_elasticity * (1 - 1 / np.asarray(p.elasticity_of_substitution))


def margin_of(p: PerettoValenteParameters) -> Any:
    """Return profit over sales after what entry costs a year, and before upkeep and research: B."""
    return 1 / np.asarray(p.elasticity_of_substitution) - (p.discount_rate + p.exit_rate) * p.entry_cost


def why_unbounded(p: PerettoValenteParameters) -> str:
    """Say where growth would end were B > theta' not to hold, and the bound of the parameter that decides; no batches.

    With B <= 0 entry costs all that a firm earns. Else a firm with more research must be larger to pay for entry, by 1 / B, and a
    larger one gains theta' from research: no growth is high enough if theta' is the larger, from the growth on at which it pays.
    """
    margin, gain = margin_of(p), gain_of(p)
    sigma, asked = p.elasticity_of_substitution, p.discount_rate + p.exit_rate
    reward = p.research_productivity * gain * p.fixed_labour - asked * margin
    if np.ndim(reward):
        return "research would pay without bound, or entry never"
    if margin <= 0:
        most = (1 / sigma - gain) / asked
        bound = (
            f"entry_cost must be below {most:.4g}"
            if most > 0
            else f"entry_cost must be below {1 / (sigma * asked):.4g}, and knowledge_elasticity below {1 / (sigma - 1):.4g}"
        )
        return (
            f"entry would never pay: setting up firms takes (discount_rate + exit_rate) * entry_cost = {asked * p.entry_cost:.4g} "
            f"of sales, and profit is 1 / elasticity_of_substitution = {1 / sigma:.4g} of them, so that no firm enters and growth "
            f"is 0; {bound}"
        )
    where = "at any growth, which would be infinite"
    if reward <= 0:
        least = p.knowledge_elasticity * reward / (margin - gain) if gain > margin else np.inf
        where = f"at growth above {least:.4g} and not at all below, so that growth would be 0 or infinite"
    return (
        f"research would pay without bound {where}: the more of it firms do the larger they are, and the more it pays; "
        f"knowledge_elasticity must be below {margin / (1 - 1 / sigma):.4g}"
    )


def employment_of(p: PerettoValenteParameters) -> Any:
    """Return labour in manufacturing and innovation over sales, psi."""
    sigma = np.asarray(p.elasticity_of_substitution)
    return ((1 - p.materials_share) * (sigma - 1) + 1) / sigma - p.discount_rate * p.entry_cost


def world_labour(p: PerettoValenteParameters) -> Any:
    """Return the labour of the countries that trade."""
    return p.home_labour + np.where(np.asarray(p.trade) == 1, p.foreign_labour, 0.0)


def labour_share(p: PerettoValenteParameters, labour: Any) -> Any:
    """Return the share of labour in the cost of materials, zeta."""
    power = 1 - 1 / np.asarray(p.processing_elasticity)
    return 1 / (1 + p.resource_share / (1 - p.resource_share) * (p.resource * p.processing_scale / labour) ** power)


def materials_of(p: PerettoValenteParameters, labour: Any) -> Any:
    """Return materials M; Cobb-Douglas where the elasticity is one."""
    power = 1 - 1 / np.asarray(p.processing_elasticity)
    log_r, log_l = np.log(p.resource), np.log(labour / p.processing_scale)
    safe = np.where(power == 0, 1.0, power)
    mix = np.logaddexp(np.log(p.resource_share) + power * log_r, np.log1p(-p.resource_share) + power * log_l) / safe
    return np.exp(np.where(power == 0, p.resource_share * log_r + (1 - p.resource_share) * log_l, mix))


def marginal_labour(p: PerettoValenteParameters, labour: Any) -> Any:
    """Return the marginal product of labour in processing, (1 - omega) / l (M l / L_M)^(1 / epsilon)."""
    made = materials_of(p, labour)
    return (
        (1 - p.resource_share)
        / p.processing_scale
        * (made * p.processing_scale / labour) ** (1 / p.processing_elasticity)
    )


def processing_labour(p: PerettoValenteParameters, ratio: Any, labour: Any) -> Any:
    """Return the labour in processing that solves L_M = zeta(L_M) ratio (labour - L_M), by bisection of its log odds."""
    low = np.full(np.shape(ratio * labour * p.resource), -60.0)
    high = np.full_like(low, 60.0)
    for _ in range(70):
        middle = (low + high) / 2
        part = labour / (1 + np.exp(-middle))
        above = np.exp(middle) > labour_share(p, part) * ratio
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return labour / (1 + np.exp(-(low + high) / 2))


def price_index(p: PerettoValenteParameters, varieties: Any, materials_price: Any) -> Any:
    """Return the price index at knowledge 1 and wage 1."""
    sigma, gamma = np.asarray(p.elasticity_of_substitution), np.asarray(p.materials_share)
    return sigma / (sigma - 1) * materials_price**gamma * varieties ** (1 / (1 - sigma))
