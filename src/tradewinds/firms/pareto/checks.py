"""Residuals of Melitz and Ottaviano (2008): demand, pricing and free entry, without the closed forms that the solution uses.

Means over costs are by Gauss-Jacobi quadrature, exact for the Pareto distribution of costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms.pareto.parameters import ParetoParameters

if TYPE_CHECKING:
    from tradewinds.firms.pareto.results import ParetoEquilibrium

__all__ = ["names", "residual"]

Array = NDArray[np.float64]


def names(parameters: ParetoParameters) -> list[str]:
    """Return one name an equation, in the order of :func:`residual`."""
    return [f"{what} of {country}" for what in ("free entry", "choke price") for country in parameters.countries]


def residual(point: ParetoEquilibrium) -> Array:
    """Return, by country, free entry (or none, where it would not pay) and the choke price that demand implies.

    Free entry is the smaller of the share of world entrants and the share of the entry cost that profits leave unpaid.
    """
    from scipy.special import roots_jacobi

    p, k = point.parameters, point.parameters.pareto_shape
    nodes, weights = roots_jacobi(6, 0.0, k - 1)
    cost, weights = (nodes + 1) / 2, weights / weights.sum()  # cost over the cutoff of the pair, and its probability
    choke = point.cost_cutoff
    chance = (
        choke / p.trade_cost / p.maximum_cost[:, np.newaxis]
    ) ** k  # that an entrant of the row sells in the column
    price = (choke[:, np.newaxis] + choke[:, np.newaxis] * cost) / 2
    sold = (choke[:, np.newaxis] - price) / p.product_differentiation * p.market_size[:, np.newaxis]
    earned = ((price - choke[:, np.newaxis] * cost) * sold) @ weights
    unpaid = 1 - chance @ earned / p.entry_cost
    entry = np.minimum(point.entrants / max(float(point.entrants.sum()), 1e-300), unpaid)
    n = point.entrants @ chance
    spread = p.demand_substitution * n
    implied = (p.product_differentiation * p.demand_intercept + spread * (price @ weights)) / (
        spread + p.product_differentiation
    )
    return np.concatenate([entry, implied / choke - 1])
