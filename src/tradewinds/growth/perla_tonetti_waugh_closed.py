r"""Balanced growth without shocks, in closed form: free entry, and a fixed mass of firms; arrays of parameters pass through."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.growth.perla_tonetti_waugh_parameters import FIXED_MASS, PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_static import markets, moment, tail, two_powers

__all__ = ["closed_form", "fit", "least_profit"]

P = PerlaTonettiWaughParameters


def closed_form(p: P, variant: str) -> tuple[Any, Any, Any, dict[str, Any]]:
    """Return growth, the mass of firms, goods spent on adoption, and what markets settle."""
    return _fixed_mass(p, variant) if variant in FIXED_MASS else _free_entry(p)


def least_profit(p: P, profit: Any, cutoff: Any) -> Any:
    """Return the profit of the least productive firm, exports included where it exports."""
    power, others = p.elasticity_of_substitution - 1, p.countries - 1
    abroad = others * (profit * np.asarray(p.trade_cost, dtype=float) ** -power - p.export_fixed_cost)
    return profit + np.where(cutoff == 1, abroad, 0.0)


def _cutoff(p: P, profit: Any) -> Any:
    """Return the export cutoff, one where everybody exports, infinite where the border is closed."""
    power = p.elasticity_of_substitution - 1
    cutoff = p.trade_cost * (p.export_fixed_cost / profit) ** (1 / power)
    closed = np.isinf(p.trade_cost) | (np.asarray(p.countries) == 1)
    return np.where(closed, np.inf, np.where(cutoff > 1, cutoff, 1.0))


def _free_entry(p: P) -> tuple[Any, Any, Any, dict[str, Any]]:
    power, theta, chi = p.elasticity_of_substitution - 1, p.pareto_shape, p.adoption_entry_ratio
    discount, others = p.discount_rate + p.exit_rate, p.countries - 1
    weight = np.asarray(p.trade_cost, dtype=float) ** -power
    least = p.adoption_cost * discount * (1 - chi) / chi
    cutoff = _cutoff(p, least)
    fixed = others * p.export_fixed_cost
    profit = np.where(cutoff == 1, (least + fixed) / (1 + others * weight), least)
    sold = moment(theta, np.inf, power) + others * weight * tail(theta, np.inf, cutoff, power)
    exporting = fixed * tail(theta, np.inf, cutoff, 0.0)
    adoption = (profit * sold - exporting) / p.adoption_cost - discount / chi
    research = p.adoption_cost * (adoption + p.exit_rate / chi)
    varieties = 1 / (power * profit * sold + exporting + research)
    growth = p.drift + adoption / theta
    return growth, varieties, 0.0, markets(p, varieties, 1 - varieties * research, cutoff)


def _fixed_mass(p: P, variant: str) -> tuple[Any, Any, Any, dict[str, Any]]:
    power, theta, firms, kappa = p.elasticity_of_substitution - 1, p.pareto_shape, p.varieties, p.export_fixed_cost
    labour = variant == "fixed-mass-labour-cost"
    others = p.countries - 1
    scale = kappa * np.asarray(p.trade_cost, dtype=float) ** power
    # workers who make goods, times bracket, plus those who export, equal total
    bracket = 1 + 1 / theta if labour else 1.0
    total = 1 + firms * p.adoption_cost * p.discount_rate if labour else 1.0
    first = power * theta / (theta - power) * firms * bracket
    second = others * kappa * (first + firms) * scale ** (-theta / power)
    cutoff = _cutoff(p, two_powers(first, second, theta / power, total))
    exporting = firms * others * kappa * tail(theta, np.inf, cutoff, 0.0)
    making = (total - exporting) / bracket
    settled = markets(p, firms, making + exporting, cutoff)
    cost = p.adoption_cost if labour else p.adoption_cost / settled["real_wage"]
    adoption = making / (theta * firms * cost) - p.discount_rate
    goods = 0.0 if labour else firms * p.adoption_cost * adoption
    return p.drift + adoption / theta, firms + 0 * adoption, goods, settled


def fit(p: P, growth: float, home_share: float, variant: str) -> dict[str, float]:
    """Return the cost of adoption or entry, and of trade, at which a variant without shocks has growth and a home share."""
    power, theta, others = p.elasticity_of_substitution - 1, p.pareto_shape, p.countries - 1
    odds, adoption = (1 - home_share) / home_share, theta * (growth - p.drift)
    ratio = (theta + power * odds) / (theta - power)
    changes: dict[str, float] = {}
    if variant == "no-shocks":
        discount = p.discount_rate + p.exit_rate
        chi = discount * (ratio - 1) / (adoption + discount * ratio)
        profit = p.adoption_cost * discount * (1 - chi) / chi
        changes["adoption_entry_ratio"] = chi
    else:
        # exporters' workers are a given part of those who make goods
        export = (1 - home_share) * (theta - power) / (power * theta)
        return_ = p.discount_rate + adoption
        labour = variant == "fixed-mass-labour-cost"
        making = 1 / (1 + export + (adoption / (theta * return_) if labour else 0.0))
        sold = power * p.varieties * theta / (theta - power) * (1 + odds)
        profit = making / sold
        mean = (p.varieties * theta / (theta - power) * (1 + odds)) ** (1 / power)
        wage = 1.0 if labour else power / (power + 1) * mean
        changes["adoption_cost"] = making * wage / (theta * p.varieties * return_)
    cutoff = (others * p.export_fixed_cost / (profit * odds)) ** (1 / theta)
    changes["trade_cost"] = cutoff * (profit / p.export_fixed_cost) ** (1 / power)
    changes["export_cutoff"] = cutoff
    return {name: float(value) for name, value in changes.items()}
