"""Primary commodities other than oil: supplied by developing countries, at a price that clears the market."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

__all__ = ["commodities"]


def commodities(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of net imports of commodities, and of the world market that sets their price."""
    relative = now.commodity_price / now.real_exchange_rate
    used = p.commodity_imports_share * now.absorption * relative ** (-p.commodity_demand_elasticity)
    supplied = (
        p.commodity_exports_share
        * now.potential_output**p.commodity_supply_output
        * relative**p.commodity_supply_elasticity
    )
    return {
        "commodity_imports": now.commodity_imports - used + supplied,
        "commodity_market": jnp.sum(p.gdp_share * now.commodity_imports),
    }
