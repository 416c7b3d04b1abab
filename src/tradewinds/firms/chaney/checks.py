"""Residuals of the Melitz model: zero profit at each cutoff, price indices, free entry, incomes, as Melitz (2003) has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms.chaney.parameters import ChaneyParameters

if TYPE_CHECKING:
    from tradewinds.firms.chaney.results import ChaneyEquilibrium

__all__ = ["names", "residual"]

Array = NDArray[np.float64]


def names(parameters: ChaneyParameters) -> list[str]:
    """Return one name an equation, in the order of :func:`residual`."""
    by_country = [
        f"{what} of {country}"
        for what in ("free entry", "income", "spending", "labour")
        for country in parameters.countries
    ]
    pairs = [f"zero profit at the cutoff of {i} in {j}" for i in parameters.countries for j in parameters.countries]
    return by_country + pairs


def residual(point: ChaneyEquilibrium) -> Array:
    """Return free entry, income, spending and labour by country, and zero profit at the cutoff by pair; all free of units.

    The price index comes from the integral of prices over the firms that sell, not from how spending is shared.
    """
    p = point.parameters
    sigma, theta = p.elasticity_of_substitution, p.pareto_shape
    wage, cutoff = point.wage[:, np.newaxis], point.productivity_cutoffs
    trades = np.isfinite(cutoff)
    reach = np.where(trades, cutoff, 1.0)
    chance = np.where(trades, (p.minimum_productivity[:, np.newaxis] / reach) ** theta, 0.0)
    tail = theta / (theta - sigma + 1)  # mean of (productivity / cutoff)^(sigma - 1) above the cutoff
    price = sigma / (sigma - 1) * wage * np.where(trades, p.trade_cost, 1.0) / reach  # of the firm at the cutoff
    sold = price ** (1 - sigma)
    index = (point.entrants[:, np.newaxis] * chance * sold * tail).sum(axis=0)  # P^(1 - sigma)
    income = point.wage * p.labour
    revenue = np.where(trades, sold / index * income, 0.0)  # at the cutoff
    fixed = wage * p.selling_costs
    profit = (chance * (revenue * tail / sigma - fixed)).sum(axis=1)
    taken = point.entrants[:, np.newaxis] * chance * revenue * tail
    # units made are revenue over price, so production takes (sigma - 1) / sigma of revenue over the wage
    work = ((sigma - 1) / sigma * taken / wage + point.entrants[:, np.newaxis] * chance * p.selling_costs).sum(axis=1)
    work += point.entrants * p.entry_cost
    return np.concatenate(
        [
            profit / (point.wage * p.entry_cost) - 1,
            taken.sum(axis=1) / income - 1,
            point.trade_shares.sum(axis=0) - 1,
            work / p.labour - 1,
            np.where(trades, revenue / (sigma * fixed) - 1, 0.0).ravel(),
        ]
    )
