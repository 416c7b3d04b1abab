"""Prices and money: rigid in the short run, neutral in the long run.

Inflation looks both ways and rises while output is above potential; the interest rate closes the gap between money and its
target, which is proportional to potential output (section IV of the paper). Prices are without their inflation on the baseline.
Wages are not rigid on their own: labour earns its Cobb-Douglas share of output (the paper, p. 16).
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

__all__ = ["money"]


def money(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of the Phillips curve, the price level, money demand and the policy rule."""
    real_money, real_money_before = jnp.log(now.money / now.price_level), jnp.log(lag.money / lag.price_level)
    return {
        "phillips_curve": now.inflation
        - p.inflation_foresight * lead.inflation
        - (1.0 - p.inflation_foresight) * lag.inflation
        - p.phillips_slope * jnp.log(now.output / now.potential_output),
        "price_level": jnp.log(now.price_level / lag.price_level) - now.inflation + p.baseline_inflation,
        "money_demand": real_money
        - p.money_activity * jnp.log(now.absorption)
        + p.money_interest * (now.interest_rate - p.real_rate - p.baseline_inflation)
        - p.money_inertia * real_money_before,
        "policy_rule": now.interest_rate
        - lag.interest_rate
        - p.policy_speed / p.money_interest * (jnp.log(now.money / now.potential_output) - given.money_target),
    }
