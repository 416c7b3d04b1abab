"""Demand for a country's output, the price of what it absorbs, and its assets abroad."""

from __future__ import annotations

from typing import Any

__all__ = ["accounts", "demand"]


def demand(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of the goods market and of the absorption deflator, ``P A = PY Y - X PX + IM PIM``."""
    tariffs = given.tariff * now.import_price * now.imports
    abroad = now.exports - now.imports - now.commodity_imports - now.oil_imports
    return {
        "absorption": now.absorption - now.consumption - now.investment - now.government_spending - now.extra_rnd,
        "goods_market": now.output - now.absorption - abroad,
        "absorption_price": now.absorption_price * now.absorption
        - now.output
        + (now.trade_balance - tariffs) / now.real_exchange_rate,
    }


def accounts(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of the balance of payments and of what is reported of it.

    All in units of the numeraire's output. The additional trade of the outward-oriented developing countries is balanced in
    volume; what they lose on its price the world receives in proportion to output, so that world trade adds up. No equation
    says that assets sum to zero over the world: it follows from the others, and is the one left out.
    """
    import jax.numpy as jnp

    on_extra = given.extra_trade * (now.import_price - now.export_price)
    world_on_extra = jnp.sum(p.gdp_share * on_extra) / jnp.sum(p.gdp_share)
    numeraire_rate = jnp.sum(p.numeraire * lag.real_interest_rate)
    income = now.real_exchange_rate * now.output
    return {
        "trade_balance": now.trade_balance
        - now.export_price * now.exports
        + now.import_price * now.imports
        + now.commodity_price * now.commodity_imports
        + now.oil_price * now.oil_imports
        + on_extra
        - world_on_extra,
        "foreign_assets": now.foreign_assets
        - (1.0 + numeraire_rate) / (1.0 + p.growth) * lag.foreign_assets
        - now.trade_balance,
        "current_account_gdp": now.current_account_gdp * income
        - now.foreign_assets
        + lag.foreign_assets / (1.0 + p.growth),
        "terms_of_trade": now.terms_of_trade - now.export_price / now.import_price,
    }
