"""Consumption out of wealth by households with finite horizons, some of them short of credit.

Human wealth is labour income after tax, discounted at a constant rate that includes the chance of dying (Blanchard 1985; Masson,
Symansky and Meredith 1990); consumption moves with wealth in the long run and with income and long rates on the way. In
finance-constrained countries it also moves with imports.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from tradewinds.world.equations.trade import import_inflow

__all__ = ["consumption"]


def consumption(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of consumption, income, human wealth, wealth and the long rate.

    ``d log C = c + .095 log(W(-1) / C(-1)) - .588 iL + .348 d log YD``, with the constant that its baseline implies.
    """
    after_tax = now.output / now.absorption_price - now.taxes
    gap_before = jnp.log(lag.wealth / lag.consumption) - jnp.log(p.wealth_ratio / p.consumption_share)
    inflow = import_inflow(now.imports, given.extra_trade, p.import_share, p.manufactures_import_share)
    inflow_before = import_inflow(lag.imports, given.lag.extra_trade, p.import_share, p.manufactures_import_share)
    return {
        "consumption": jnp.log(now.consumption / lag.consumption)
        - p.consumption_adjustment * gap_before
        + p.consumption_rate_effect * (now.long_rate - p.real_rate)
        - p.consumption_income_effect * jnp.log(now.disposable_income / lag.disposable_income)
        - p.consumption_import_effect * jnp.log(inflow / inflow_before),
        "disposable_income": now.disposable_income
        - after_tax
        + p.depreciation / (1.0 + p.growth) * lag.capital
        + p.rnd_cost_to_households * now.extra_rnd,
        "human_wealth": (1.0 + p.growth) * lead.human_wealth
        - (1.0 + p.human_wealth_discount) * now.human_wealth
        + (1.0 - p.capital_share) * after_tax,
        "wealth": now.wealth
        - now.human_wealth
        - now.market_value
        - now.government_debt
        - now.foreign_assets / (now.real_exchange_rate * now.absorption_price),
        "long_rate": now.long_rate
        - (1.0 - p.long_rate_persistence) * now.absorption_real_rate
        - p.long_rate_persistence * lead.long_rate,
    }
