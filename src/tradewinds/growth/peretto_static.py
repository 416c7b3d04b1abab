"""The day of a change in :mod:`tradewinds.growth.peretto_valente`: firms and researchers as they were, wages apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.peretto_parameters import PerettoValenteParameters
from tradewinds.growth.peretto_processing import (
    employment_of,
    materials_of,
    outlay_of,
    price_index,
    processing_labour,
)
from tradewinds.growth.results import BalancedGrowth

__all__ = ["static_consumption"]


def static_consumption(baseline: BalancedGrowth, changed: PerettoValenteParameters) -> Any:
    """Return consumption a head at home; where the baseline is closed, firms abroad are those that it would have with trade."""
    from scipy.optimize import brentq

    before = baseline.parameters
    assert isinstance(before, PerettoValenteParameters)
    values, size = baseline.values, baseline.values["firm_sales"]
    sigma, outlay, variable = (
        changed.elasticity_of_substitution,
        outlay_of(changed),
        (1 - changed.materials_share) * (1 - 1 / changed.elasticity_of_substitution),
    )
    replaced = before.exit_rate * before.entry_cost * size  # workers who set up what replaces a firm
    upkeep = before.fixed_labour + values["innovation"] / before.research_productivity + replaced
    home = changed.home_labour - values["firms"] * upkeep  # workers at home who process and make varieties
    other = changed.foreign_labour / (employment_of(before) * size)
    abroad = changed.foreign_labour - other * upkeep

    if home <= 0 or (changed.trade == 1 and abroad <= 0):
        where = "home" if home <= 0 else "foreign"
        raise InputError(
            f"peretto-valente: the firms of {where}, and the research and entry of the baseline, take more workers than "
            "are left, so that there is no static gain. Make the change of labour smaller; solve() gives both ends"
        )
    if values["firms"] <= 0:  # home processes materials alone, for firms abroad
        return _processor(changed, other, abroad / variable)

    def processed(ratio: float) -> float:
        """Return labour in processing where world sales are ``ratio`` times home's."""
        return float(processing_labour(changed, outlay * ratio / variable, home))

    def gap(log_wage: float) -> float:
        """Return sales abroad over home's from labour, against demand, at the foreign over the home wage."""
        made = np.exp(log_wage) * abroad / variable
        wanted = other / values["firms"] * np.exp(-(1 - changed.materials_share) * (sigma - 1) * log_wage)
        return float(made / (1 + wanted) - wanted / (1 + wanted) * (home - processed(1 + wanted)) / variable)

    if changed.trade == 0:
        ratio, varieties, log_wage = 1.0, values["firms"], 0.0
    else:
        log_wage = float(brentq(gap, -6.0, 6.0, xtol=1e-14))
        demand = np.exp(-(1 - changed.materials_share) * (sigma - 1) * log_wage)
        ratio = 1 + other / values["firms"] * demand
        varieties = values["firms"] + other * demand
    processing = processed(ratio)
    sales = (home - processing) / variable
    price = outlay * sales * ratio / materials_of(changed, processing)
    spending = sales * (1 + outlay * (ratio - 1))
    return spending / changed.home_labour / price_index(changed, varieties, price)


def _processor(changed: PerettoValenteParameters, firms: float, sales: float) -> float:
    """Return consumption a head of a home without firms: what those abroad pay for its materials, or nothing in autarky."""
    if changed.trade == 0:
        return 0.0
    spending = outlay_of(changed) * sales
    price = spending / materials_of(changed, changed.home_labour)
    return float(spending / changed.home_labour / price_index(changed, firms, price))
