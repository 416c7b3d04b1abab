"""Quality ladders with goods that are imperfect substitutes and travel at a cost: the variant ``costly-trade``.

The equations are in the documentation of :mod:`tradewinds.growth.quality_ladders`. Arrays: batch axes first, then home and foreign.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradewinds.growth import gravity
from tradewinds.growth.quality_parameters import QualityLaddersParameters
from tradewinds.growth.welfare import lifetime_utility

__all__ = ["costly", "costly_consumption", "costly_residual", "labour_of"]


def _last(value: Any) -> Any:
    return np.asarray(value, dtype=float)[..., np.newaxis]


def labour_of(p: QualityLaddersParameters) -> Any:
    """Return workers, home and foreign."""
    return np.stack(np.broadcast_arrays(np.asarray(p.home_labour, float), np.asarray(p.foreign_labour, float)), axis=-1)


def _markets(p: QualityLaddersParameters, made: Any, share: Any) -> tuple[Any, Any, Any]:
    """Return wages (home's one), sums of prices to the power 1 - epsilon that countries see, and home shares; trade balances."""
    power = _last(1 - np.asarray(p.elasticity_of_substitution))
    traded = np.asarray(p.trade) == 1
    freeness = np.where(traded, np.asarray(p.trade_cost, dtype=float) ** power[..., 0], 0.0)
    relative = gravity.wage_of_two(made, share, freeness, p.elasticity_of_substitution)
    relative = np.where(traded, relative, 1.0)
    wage = np.stack([np.ones_like(relative), relative], axis=-1)
    own = share * wage**power
    seen = own + freeness[..., np.newaxis] * own[..., ::-1]
    return wage, seen, own / seen


def costly(p: QualityLaddersParameters) -> dict[str, Any]:
    """Return balanced growth in closed form but for relative wages."""
    power, rho, cost = _last(p.elasticity_of_substitution) - 1, _last(p.discount_rate), _last(p.rnd_cost)
    labour, traded = labour_of(p), _last(p.trade) == 1
    stage = np.where(traded, np.sum(labour, axis=-1, keepdims=True), labour)  # workers behind each good
    share = labour / stage
    entry = np.maximum((stage / cost - power * rho) / (1 + power), 0.0)
    made = labour - share * cost * entry
    wage, seen, home = _markets(p, made, share)
    growth = entry * (1 - _last(p.quality_step) ** -power) / power
    consumption = made / labour * wage * seen ** (1 / power)
    spending = wage * made
    return {
        "growth": growth,
        "innovation": entry * _last(p.quality_step) ** -power,
        "home_share": home,
        "import_share": 1 - home,
        "consumption": consumption,
        "interest_rate": rho + growth,
        "rnd_labour_share": share * cost * entry / labour,
        "product_share": share,
        "wage": wage,
        "spending": spending / np.where(traded, np.sum(spending, axis=-1, keepdims=True), spending),
        "firm_value": made / (power * share * (rho + entry)),
        "lifetime_utility": lifetime_utility(consumption, growth, rho),
    }


def costly_residual(values: Mapping[str, Any], p: QualityLaddersParameters) -> dict[str, Any]:
    """Return the conditions at a point, each market by itself."""
    epsilon, rho, cost, step = p.elasticity_of_substitution, p.discount_rate, p.rnd_cost, p.quality_step
    share, wage, value, labour = values["product_share"], values["wage"], values["firm_value"], labour_of(p)
    entry = values["innovation"] * step ** (epsilon - 1)
    made = labour * (1 - values["rnd_labour_share"])
    phi = float(p.trade_cost) ** (1 - epsilon) if p.trade else 0.0
    own = share * wage ** (1 - epsilon)
    part = values["spending"] / (own + phi * own[::-1])
    sold = own * (part + phi * part[::-1])  # sales of each country's firms in both markets
    scale = np.sum(wage * made) if p.trade else wage * made
    # a firm is replaced at the rate of innovation, and shrinks against the mean as others step up
    leaving = values["innovation"] + values["innovation"] * (step ** (epsilon - 1) - 1)
    return {
        "labour market": (share * cost * entry + made) / labour - 1,
        "free entry": np.minimum(entry, 1 - value / cost),
        "no arbitrage": made / ((epsilon - 1) * share * value) - leaving - rho,
        "goods markets": sold * scale / (wage * made) - 1,
        "home share": values["home_share"] - own / (own + phi * own[::-1]),
        "one rate of innovation": np.ptp(entry) if p.trade else 0.0,
    }


def costly_consumption(p: QualityLaddersParameters, researchers: Any) -> Any:
    """Return consumption a head with given shares of workers in research."""
    labour = labour_of(p)
    share = labour / np.sum(labour) if p.trade else np.ones(2)
    made = labour * (1 - researchers)
    wage, seen, _ = _markets(p, made, share)
    return made / labour * wage * seen ** (1 / (p.elasticity_of_substitution - 1))
