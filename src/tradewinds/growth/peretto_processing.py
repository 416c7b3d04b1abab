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
