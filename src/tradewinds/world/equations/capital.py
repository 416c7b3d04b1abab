"""Capital, its market value and investment.

Investment closes the gap between what the market pays for capital and what it costs (Tobin 1969), a share of it a year. The
market value is the discounted after-tax income of its owners, who pay for additional R&D and claim no capital that is yet to be
installed (Masson, Symansky and Meredith 1990). In finance-constrained countries imports open the way for investment.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from tradewinds.world.equations.trade import import_inflow

__all__ = ["capital"]


def capital(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of capital, investment, profits and market value.

    ``d log K = .08 [s q + (1 - s) q(-1)]`` with ``q = log(KM / K(-1))``, the paper's adjustment equation with the lag of Mark III.
    """
    growth = 1.0 + p.growth
    discount = now.absorption_real_rate + p.depreciation + p.capital_premium + growth * now.capital / lag.capital
    after_tax = now.output / now.absorption_price - now.taxes
    inflow = import_inflow(now.imports, given.extra_trade, p.import_share, p.manufactures_import_share)
    return {
        "capital": jnp.log(now.capital / lag.capital)
        - p.capital_adjustment
        * (p.capital_adjustment_now * now.capital_gap + (1.0 - p.capital_adjustment_now) * lag.capital_gap),
        "capital_gap": now.capital_gap
        - jnp.log(now.market_value / lag.capital)
        - p.investment_import_effect * jnp.log(inflow / now.potential_output),
        "investment": now.investment - now.capital + (1.0 - p.depreciation) / growth * lag.capital,
        "profits": now.profits - p.capital_share * after_tax + p.rnd_cost_to_owners * now.extra_rnd,
        "market_value": growth * lead.market_value - discount * now.market_value + now.profits,
    }
