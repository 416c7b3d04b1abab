"""Volumes and prices of trade, with the bilateral matrix.

Imports follow absorption and their price, with lags; exports are what the others' imports leave to a country at its price. Export
prices follow domestic prices in the long run and those of competitors in the short run; import prices are averages of the
partners' export prices. Imports are allocated so that world volumes and world values add up exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from tradewinds.world.equations.research import preference

__all__ = ["import_inflow", "trade"]


def import_inflow(imports: Any, extra_trade: Any, import_share: Any, manufactures_share: Any) -> Any:
    """Return imports relative to the baseline, additional trade included as what it adds to those of manufactures."""
    return imports / import_share + extra_trade / manufactures_share


def trade(now: Any, lag: Any, lead: Any, given: Any, p: Any, partners: Sequence[str]) -> dict[str, Any]:
    """Return the residuals of trade in goods other than oil and primary commodities; prices are in the numeraire's output."""
    price = now.import_price * (1.0 + given.tariff) / now.real_exchange_rate
    price_before = lag.import_price * (1.0 + given.lag.tariff) / lag.real_exchange_rate
    long_run_imports = p.import_elasticity_share * p.trade_price_elasticity
    long_run_exports = (1.0 - p.import_elasticity_share) * p.trade_price_elasticity
    wanted_before = (
        p.import_activity_elasticity * jnp.log(lag.absorption)
        - long_run_imports * jnp.log(price_before)
        - jnp.log(lag.imports / p.import_share)
    )
    competitors = p.export_weights @ jnp.log(now.import_price)
    competitors_before = p.export_weights @ jnp.log(lag.import_price)
    relative, relative_before = jnp.log(now.export_price) - competitors, jnp.log(lag.export_price) - competitors_before

    chosen = p.import_shares * preference(given, partners) * now.export_propensity
    bought = jnp.sum(chosen, axis=1)  # by importer
    share = chosen / bought[:, None]
    sold = share.T @ (p.gdp_share * now.imports) / p.gdp_share
    to_oil = p.oil_purchases * now.export_propensity / jnp.sum(p.oil_purchases * now.export_propensity)
    return {
        "imports": jnp.log(now.imports / lag.imports)
        - p.import_activity_elasticity_short * jnp.log(now.absorption / lag.absorption)
        + p.import_price_impact * long_run_imports * jnp.log(price / price_before)
        - p.import_adjustment * wanted_before,
        "export_propensity": jnp.log(now.export_propensity / lag.export_propensity)
        + p.export_price_impact * long_run_exports * (relative - relative_before)
        + p.export_adjustment * (long_run_exports * relative_before + jnp.log(lag.export_propensity)),
        "exports": now.exports - sold - to_oil * now.oil_exporters_imports / p.gdp_share,
        "import_price": now.import_price - share @ now.export_price,
        "export_price": jnp.log(now.export_price / lag.export_price)
        - p.export_price_domestic * jnp.log(now.real_exchange_rate / lag.real_exchange_rate)
        - (1.0 - p.export_price_domestic) * (competitors - competitors_before)
        - p.export_price_adjustment * jnp.log(lag.real_exchange_rate / lag.export_price),
    }
