"""What a balanced growth path of technology adoption reports, from growth, the mass of firms and what markets settle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewinds.growth.perla_tonetti_waugh_parameters import FIXED_MASS, VARIANTS, PerlaTonettiWaughParameters
from tradewinds.growth.welfare import lifetime_utility

__all__ = ["variables"]


def variables(
    p: PerlaTonettiWaughParameters, variant: str, growth: Any, varieties: Any, goods: Any, settled: Mapping[str, Any]
) -> dict[str, Any]:
    """Return every variable by public name; ``goods`` are spent on adoption."""
    adoption = p.pareto_shape * (growth - p.drift - p.pareto_shape * p.volatility**2 / 2)
    entry = 0.0 if variant in FIXED_MASS else p.exit_rate / p.adoption_entry_ratio
    research = varieties * p.adoption_cost * (adoption + entry)
    consumption = settled["output"] - goods
    curvature = p.inverse_ies if variant in VARIANTS[:2] else 1.0
    return {
        "growth": growth,
        "innovation": growth + 0.0,
        "home_share": settled["home_share"],
        "import_share": 1 - settled["home_share"],
        "consumption": consumption,
        "varieties": varieties,
        "export_cutoff": settled["export_cutoff"],
        "interest_rate": p.discount_rate + p.inverse_ies * growth,
        "rnd_labour_share": 0 * growth if variant == "fixed-mass-goods-cost" else research,
        "export_labour_share": settled["export_labour_share"],
        "adoption_goods": goods + 0 * growth,
        "adoption_rate": adoption,
        "exporter_share": settled["exporter_share"],
        "relative_size": settled["relative_size"],
        "profit_minimum": settled["profit_minimum"],
        "real_wage": settled["real_wage"],
        "lifetime_utility": lifetime_utility(consumption, growth, p.discount_rate, curvature),
    }
