"""Residuals of an equilibrium: every condition of the model, written without using how it was solved.

All are free of units, so that one tolerance fits every economy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import log_price_index, log_sum
from tradewinds.clusters.parameters import COUNTRIES
from tradewinds.clusters.results import Equilibrium

__all__ = ["autarky_residual", "names", "partial_residual", "trade_residual"]

Array = NDArray[np.float64]


def names(regime: str, n: int) -> list[str]:
    """Return one name an equation, in the order of the residual of the regime."""
    industries = [f"industry {i + 1}" for i in range(n)]
    labour = [f"labour of {country} adds up" for country in COUNTRIES]
    income = [f"real income of {country}" for country in COUNTRIES]
    if regime == "autarky":
        return (
            labour
            + income
            + [f"{industry} of {country}: demand is output" for country in COUNTRIES for industry in industries]
        )
    return [
        *labour,
        *income,
        "trade balances",
        *(f"{industry}: demand is output" for industry in industries),
        *(
            f"{industry} of {country}: at work only where it is cheapest"
            for country in COUNTRIES
            for industry in industries
        ),
    ]


def autarky_residual(point: Equilibrium) -> Array:
    """Return the residuals of autarky: labour, the consumption index (eq. 1), and demand for each good (eq. 4).

    Demand for a good is compared as a share of spending, so that tiny industries do not hide behind large ones' units.
    """
    parameters = point.parameters
    sigma, labour = parameters.sigma, parameters.labour
    log_prices = -np.log(parameters.technology)  # the wage is one
    demand = np.exp((1 - sigma) * (log_prices - log_price_index(log_prices, sigma)[:, np.newaxis]))
    spent = point.employment / labour[:, np.newaxis]  # value of output over income: the wage bill of the industry
    return np.concatenate(
        [
            point.employment.sum(axis=1) / labour - 1,
            _log_index(parameters.technology * point.employment, sigma) - np.log(point.real_income),
            (spent - demand).ravel(),
        ]
    )


def trade_residual(point: Equilibrium) -> Array:
    """Return the residuals of free trade.

    Labour of each country; real income as what world output of every good, shared in proportion to incomes, gives in
    the consumption index (tastes are homothetic and prices the same); exports less imports and
    output less demand, as shares of world income; and
    for each industry and country, the smaller of its share of workers and its cost above the lowest, in logs.
    """
    parameters = point.parameters
    sigma, labour, technology = parameters.sigma, parameters.labour, parameters.technology
    wages = np.array([point.relative_wage, 1.0])
    log_cost = np.log(wages)[:, np.newaxis] - np.log(technology)
    log_prices = log_cost.min(axis=0)
    income = wages * labour / (wages @ labour)
    demand = np.exp((1 - sigma) * (log_prices - log_price_index(log_prices, sigma)))
    supply = wages @ point.employment / (wages @ labour)
    exports = income[1] * demand @ point.home_share
    imports = income[0] * demand @ (1 - point.home_share)
    world = _log_index((technology * point.employment).sum(axis=0), sigma)
    at_work = point.employment / labour[:, np.newaxis]
    return np.concatenate(
        [
            point.employment.sum(axis=1) / labour - 1,
            np.log(income) + world - np.log(point.real_income),
            [exports - imports],
            supply - demand,
            np.minimum(at_work, log_cost - log_prices).ravel(),
        ]
    )


def partial_residual(point: Equilibrium, is_open: NDArray[np.bool_]) -> Array:
    """Return the residuals of trade in the industries that are open, in the order of those of free trade.

    Labour; real income as what makes demand (eq. 4) exhaust income (eq. 3); balanced trade; output less demand, as shares of
    world income, the larger of both countries where the industry is closed; and work only where an open good is cheapest.
    """
    parameters = point.parameters
    sigma, labour = parameters.sigma, parameters.labour
    wages = np.array([point.relative_wage, 1.0])
    income = wages * labour
    log_cost = np.log(wages)[:, np.newaxis] - np.log(parameters.technology)
    log_prices = np.where(is_open, log_cost.min(axis=0), log_cost)
    log_index = np.log(income) - np.log(point.real_income)  # eq. 3
    demand = income[:, np.newaxis] * np.exp((1 - sigma) * (log_prices - log_index[:, np.newaxis]))  # eq. 4, in value
    supply = wages[:, np.newaxis] * point.employment
    excess = (supply - demand) / income.sum()
    at_work = np.where(is_open, point.employment / labour[:, np.newaxis], 0.0)
    return np.concatenate(
        [
            point.employment.sum(axis=1) / labour - 1,
            demand.sum(axis=1) / income - 1,
            [excess[0, is_open].sum()],
            np.where(is_open, np.abs(excess.sum(axis=0)), np.abs(excess).max(axis=0)),
            np.minimum(at_work, log_cost - log_prices).ravel(),
        ]
    )


def _log_index(quantities: Array, sigma: float) -> Array:
    """Return the log of the consumption index over the last axis (eq. 1)."""
    rho = 1 - 1 / sigma
    with np.errstate(divide="ignore"):  # nothing of a good that nobody makes
        return log_sum(rho * np.log(quantities)) / rho
