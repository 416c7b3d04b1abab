"""Real exchange rates: open interest parity, or whatever keeps the trade of a finance-constrained country in balance.

The real exchange rate is the price of a country's output in units of the numeraire's: a rise is an appreciation.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

__all__ = ["exchange"]


def exchange(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of the exchange rate and of the real rates in units of output and of absorption."""
    parity = (
        jnp.sum(p.numeraire * now.real_interest_rate)
        - now.real_interest_rate
        - jnp.log(lead.real_exchange_rate / now.real_exchange_rate)
    )
    financed = now.trade_balance - given.external_finance
    free = (1.0 - p.numeraire) * (1.0 - p.finance_constrained)
    return {
        "exchange_rate": p.numeraire * jnp.log(now.real_exchange_rate)
        + free * parity
        + p.finance_constrained * financed,
        "real_interest_rate": now.real_interest_rate - now.interest_rate + lead.inflation,
        "absorption_real_rate": now.absorption_real_rate
        - now.real_interest_rate
        + jnp.log(lead.absorption_price / now.absorption_price),
    }
