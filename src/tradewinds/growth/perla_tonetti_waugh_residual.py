"""Equilibrium conditions of technology adoption with exporters, from primitives: what a balanced growth path is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradewinds.growth.perla_tonetti_waugh_closed import least_profit
from tradewinds.growth.perla_tonetti_waugh_parameters import FIXED_MASS, PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_static import moment, tail
from tradewinds.growth.perla_tonetti_waugh_value import Firm, ParetoFirm, entry_gap

__all__ = ["PASTED", "residual"]

#: Where the published path rests: Pareto as in ``published``, but firms count on exporting. No variant: nothing of it is in print.
PASTED = "published, pasted"

P = PerlaTonettiWaughParameters


def residual(values: Mapping[str, Any], p: P, variant: str) -> dict[str, Any]:
    """Return the residual of each condition by name; no units."""
    growth, profit, cutoff = (float(values[n]) for n in ("growth", "profit_minimum", "export_cutoff"))
    varieties, adoption = float(values["varieties"]), float(values["adoption_rate"])
    xi = Firm(p, growth, True).second_tail if variant == "corrected" else np.inf
    power, theta, others = p.elasticity_of_substitution - 1, p.pareto_shape, p.countries - 1
    abroad = others * p.trade_cost**-power * tail(theta, xi, cutoff, power)
    sold = moment(theta, xi, power) + abroad
    exporters = tail(theta, xi, cutoff, 0.0)
    profits = profit * sold - others * p.export_fixed_cost * exporters
    export = varieties * others * p.export_fixed_cost * exporters
    making = varieties * power * profit * sold
    spent = 0.0 if variant in FIXED_MASS else p.exit_rate / p.adoption_entry_ratio
    research = varieties * p.adoption_cost * (adoption + spent)
    goods = variant == "fixed-mass-goods-cost"
    index = (varieties * sold) ** (1 / power)
    return {
        "adoption rate": adoption - theta * (growth - p.drift - theta * p.volatility**2 / 2),
        "best practice": values["innovation"] - growth,
        "labour market": making + export + (0.0 if goods else research) - 1,
        "research": (research - float(values["adoption_goods"])) if goods else research - values["rnd_labour_share"],
        "export cutoff": _export(p, profit, cutoff),
        "home share": 1 - abroad / sold - values["home_share"],
        "goods market": (making * index - (research if goods else 0.0)) / values["consumption"] - 1,
        "real wage": power / (power + 1) * index / values["real_wage"] - 1,
        **_dynamics(values, p, variant, profit, cutoff, profits),
    }


def _export(p: P, profit: float, cutoff: float) -> float:
    """Return the gain of the firm at the cutoff from exporting; where everybody exports only a loss counts."""
    if np.isinf(p.trade_cost) or p.countries == 1:
        return 0.0 if np.isinf(cutoff) else 1.0
    needed = p.export_fixed_cost * (p.trade_cost / cutoff) ** (p.elasticity_of_substitution - 1)
    gap = 1 - needed / profit
    return min(gap, 0.0) if cutoff == 1 else gap


def _dynamics(
    values: Mapping[str, Any], p: P, variant: str, profit: float, cutoff: float, profits: float
) -> dict[str, float]:
    """Return the conditions of adoption and entry."""
    growth, chi = float(values["growth"]), p.adoption_entry_ratio
    least = float(least_profit(p, profit, cutoff))
    if variant in FIXED_MASS:
        cost = p.adoption_cost / (float(values["real_wage"]) if variant == "fixed-mass-goods-cost" else 1.0)
        asked = p.discount_rate + p.pareto_shape * (growth - p.drift)
        return {"adoption": (profits - least) / cost - asked}
    worth = p.adoption_cost * (1 - chi) / chi  # of the least productive firm
    # the Bellman equation integrated over firms: R E v = E profit - S zeta
    integrated = (profits / p.adoption_cost - float(values["adoption_rate"])) * chi
    if variant == "no-shocks":
        discount = p.discount_rate + p.exit_rate
        return {"adoption": least / (discount * worth) - 1, "entry": integrated / discount - 1}
    firm = (ParetoFirm if variant == PASTED else Firm)(p, growth, variant in ("corrected", PASTED))
    smooth = firm.least(profit, cutoff) / worth - 1
    if variant in ("corrected", PASTED):
        return {"adoption": smooth, "entry": integrated / firm.discount - 1}
    return {"adoption": smooth, "entry": entry_gap(firm) if cutoff == 1 else printed(firm, cutoff)}


def printed(firm: Firm, cutoff: float) -> float:
    """Return the published condition of value matching, left side less right side, term by term as printed."""
    p, nu, a = firm.p, -firm.roots[0], firm.per_profit
    sigma, theta, chi, others = p.elasticity_of_substitution, p.pareto_shape, p.adoption_entry_ratio, p.countries - 1
    reach = p.trade_cost ** (1 - sigma) * np.exp((sigma - 1 - theta) * np.log(cutoff))
    kink = (1 - a * firm.discount) * reach  # b z_hat^(-theta - nu)
    exports = nu * others * (theta - sigma + 1) * (reach * (theta + nu) - kink * theta) / (-a * firm.discount)
    sales = theta * (nu * others * (theta + nu) * reach + (nu + sigma - 1) * (theta + nu - sigma + 1))
    right = (exports + sales) / (nu * (theta + nu) * (theta - sigma + 1)) - chi / (1 - chi) * (sigma + nu - 1) / nu
    return float(1 + (sigma - 1) / nu - right)
