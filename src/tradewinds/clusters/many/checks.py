"""Residuals of many countries, written in NumPy without the equations that were solved: a second hand at the same model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.many.parameters import ManyParameters
from tradewinds.clusters.many.results import ManyEquilibrium

__all__ = ["market_residual", "names", "rates"]

Array = NDArray[np.float64]


def names(parameters: ManyParameters) -> list[str]:
    """Return one name an equation, in the order of :func:`market_residual`."""
    countries = parameters.countries
    cells = [(country, k + 1) for country in countries for k in range(parameters.industries)]
    return [
        "the mean wage of the world is one",
        *(f"labour of {country} adds up" for country in countries),
        *(f"trade of {country} balances" for country in countries),
        *(f"real income of {country}" for country in countries),
        *(f"price of industry {k} in {country}" for country, k in cells),
        *(f"shares of sellers of industry {k} in {country}" for country, k in cells),
        *(f"industry {k} of {country}: demand is output" for country, k in cells),
    ]


def market_residual(point: ManyEquilibrium) -> Array:
    """Return the residuals, all free of units.

    The unit of account; labour; exports less imports over income; real income as what the goods bought give in the consumption
    index (eq. 1); prices as the expected lowest of all sellers'; shares as the odds of being the lowest; and sales of
    every industry against its wage bill, over the country's income.
    """
    from scipy.special import logsumexp

    p = point.parameters
    sigma, theta, labour, wages = p.sigma, p.trade_elasticity, p.labour, point.wages
    income = wages * labour
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # what is not finite is judged so
        log_cost = np.log(wages)[:, np.newaxis] + np.log(p.trade_cost) - np.log(p.technology)  # buyer, seller, industry
        log_prices = np.log(point.prices)
        price_gap = logsumexp(-theta * log_cost, axis=1) / theta + log_prices
        odds = np.exp(-theta * (log_cost - log_prices[:, np.newaxis]))
        log_index = np.log(income) - np.log(point.real_income)  # eq. 3
        spending = income[:, np.newaxis] * np.exp(
            (1 - sigma) * (log_prices - log_index[:, np.newaxis])
        )  # eq. 4, in value
        bought = np.log(spending) - log_prices
        consumed = sigma / (sigma - 1) * logsumexp((sigma - 1) / sigma * bought, axis=1)
    flows = point.trade_shares * spending[:, np.newaxis]
    sales, purchases = flows.sum(axis=(0, 2)), flows.sum(axis=(1, 2))
    return np.concatenate(
        [
            [wages @ labour / labour.sum() - 1],
            point.employment.sum(axis=1) / labour - 1,
            (sales - purchases) / income,
            consumed - np.log(point.real_income),
            price_gap.ravel(),
            np.abs(point.trade_shares - odds).max(axis=1).ravel(),
            ((flows.sum(axis=0) - wages[:, np.newaxis] * point.employment) / income[:, np.newaxis]).ravel(),
        ]
    )


def rates(parameters: ManyParameters, technology: Array, log_wages: Array, trade_cost: Array) -> tuple[Array, Array]:
    """Return dA/dt, shape (C, n), and the gap of trade over income, shape (C,), at given wages."""
    from scipy.special import logsumexp

    sigma, theta, labour = parameters.sigma, parameters.trade_elasticity, parameters.labour
    power = -theta * (log_wages[:, np.newaxis] + np.log(trade_cost) - np.log(technology))
    inner = logsumexp(power, axis=1)
    weight = (sigma - 1) / theta * inner
    log_income = log_wages + np.log(labour)
    on_industry = weight - logsumexp(weight, axis=1)[:, np.newaxis] + log_income[:, np.newaxis]
    bill = np.exp(logsumexp(power + (on_industry - inner)[:, np.newaxis], axis=0))
    gap = bill.sum(axis=1) / np.exp(log_income) - 1
    employment = bill / np.exp(log_wages)[:, np.newaxis]
    adoption = parameters.adoption_share
    taken_up = 1.0 if adoption == 0 else -np.expm1(-employment / labour[:, np.newaxis] / adoption)
    return taken_up * (parameters.international_learning.T @ employment @ parameters.tau), gap
