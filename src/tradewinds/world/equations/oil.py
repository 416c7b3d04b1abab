"""Oil, and the countries that export it as a simple residual.

The price is set in terms of what industrial countries produce; the exporters supply what is asked for and spend what they earn
after a while, on the exports of all. So world trade adds up: what countries sell to the exporters over what they buy from them is
the change of the exporters' claims, less interest.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

__all__ = ["oil"]


def oil(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of demand for oil and of the exporters' spending and assets, in world output on the baseline."""
    relative = jnp.log(now.oil_price / now.real_exchange_rate)
    relative_before = jnp.log(lag.oil_price / lag.real_exchange_rate)
    weights = p.gdp_share * (1.0 - p.finance_constrained)
    paid = now.oil_price * now.oil_exports
    chosen = p.oil_purchases * now.export_propensity
    price = jnp.sum(chosen * now.export_price) / jnp.sum(chosen)
    price_before = jnp.sum(p.oil_purchases * lag.export_propensity * lag.export_price) / jnp.sum(
        p.oil_purchases * lag.export_propensity
    )
    rate = jnp.sum(p.numeraire * lag.real_interest_rate)
    interest = (rate - p.growth) / (1.0 + p.growth) * lag.oil_exporters_assets
    spent, spent_before = price * now.oil_exporters_imports, price_before * lag.oil_exporters_imports
    return {
        "oil_demand": jnp.log(now.oil_demand / lag.oil_demand)
        - p.oil_activity_elasticity * jnp.log(now.absorption / lag.absorption)
        + p.oil_price_elasticity_short * (relative - relative_before)
        - p.oil_adjustment
        * (
            p.oil_activity_elasticity * jnp.log(lag.absorption)
            - p.oil_price_elasticity * relative_before
            - jnp.log(lag.oil_demand)
        ),
        "oil_imports": now.oil_imports - p.oil_imports_share * now.oil_demand,
        "oil_exports": now.oil_exports - jnp.sum(p.gdp_share * now.oil_imports),
        "oil_price": jnp.log(now.oil_price)
        - given.real_oil_price
        - jnp.sum(weights * jnp.log(now.real_exchange_rate)) / jnp.sum(weights),
        "oil_exporters_spending": spent - spent_before - p.oil_spending_speed * (paid + interest - spent_before),
        "oil_exporters_assets": now.oil_exporters_assets
        - (1.0 + rate) / (1.0 + p.growth) * lag.oil_exporters_assets
        - paid
        + spent,
    }
