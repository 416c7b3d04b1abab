"""Residuals of exact hat algebra: the equations in levels and logs, in another order of axes than the solver's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms.hat.tables import TradeTables

if TYPE_CHECKING:
    from tradewinds.firms.hat.results import HatResult

__all__ = ["names", "residual"]

Array = NDArray[np.float64]


def names(tables: TradeTables) -> list[str]:
    """Return one name an equation, in the order of :func:`residual`."""
    cells = [f"{sector} in {country}" for country in tables.countries for sector in tables.sectors]
    return [
        *(f"price of {cell}" for cell in cells),
        *(f"trade shares of {cell}" for cell in cells),
        *(f"spending on {cell}" for cell in cells),
        *(f"wage bill of {country}" for country in tables.countries),
        *(f"trade balance of {country}" for country in tables.countries),
    ]


def residual(point: HatResult) -> Array:
    """Return, by buyer and sector, prices (logs), trade shares and spending (of the country's); by country, wages and balance.

    Where a country buys nothing of a sector its price and shares carry no weight and are not checked.
    """
    p, tables = point.parameters, point.parameters.tables
    theta = tables.trade_elasticities
    bought = tables.spending > 0
    before, after = tables.trade_shares, point.shares_after  # exporter, importer, sector
    added = tables.value_added_share
    log_cost = added * np.log(point.wage)[:, np.newaxis] + np.einsum(
        "nkj,nk->nj", tables.input_shares, np.log(point.prices)
    )
    kappa = np.log(p.cost_change) + np.log1p(p.tariffs_after) - np.log1p(tables.tariff)
    power = np.exp(-theta * (kappa + log_cost[:, np.newaxis, :]))
    price = -np.log(np.where(bought, (before * power).sum(axis=0), 1.0)) / theta
    shares = before * power * point.prices[np.newaxis] ** theta - after
    sold = after * point.spending_after[np.newaxis] / (1 + p.tariffs_after)
    sales = sold.sum(axis=1)
    revenue = (sold * p.tariffs_after).sum(axis=(0, 2))
    income = point.wage * tables.value_added + revenue + p.deficit_after
    spending = np.einsum("njk,nk->nj", tables.input_shares, sales) + tables.final_share * income[:, np.newaxis]
    total = point.spending_after.sum(axis=1)
    deficit = sold.sum(axis=(0, 2)) - sold.sum(axis=(1, 2))
    return np.concatenate(
        [
            np.where(bought, price - np.log(point.prices), 0.0).ravel(),
            np.where(bought, np.abs(shares).max(axis=0), 0.0).ravel(),
            ((spending - point.spending_after) / total[:, np.newaxis]).ravel(),
            (added * sales).sum(axis=1) / (point.wage * tables.value_added) - 1,
            (deficit - p.deficit_after) / total,
        ]
    )
