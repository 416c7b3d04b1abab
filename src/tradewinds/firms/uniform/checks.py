"""Residuals of the paper's model: its conditions in the words of the text, written without using how it was solved.

Integrals over costs are by Gauss-Legendre quadrature, exact for the polynomials that stand under them. Free of units.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms.uniform.equations import demand

if TYPE_CHECKING:
    from tradewinds.firms.uniform.results import UniformEquilibrium

__all__ = ["NAMES", "integrate", "residual"]

Array = NDArray[np.float64]

#: One name an equation, in the order of :func:`residual`.
NAMES: tuple[str, ...] = (
    "expected profit pays for entry",
    "nobody buys at the cutoff",
    "total output",
    "best price at home",
    "best price abroad",
    "export cutoff",
    "domestic sellers",
    "foreign sellers",
)

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


def integrate(function: Callable[[Array], Array], low: float, high: float) -> float:
    """Return the integral of a smooth function, exact for polynomials up to degree 15."""
    half = (high - low) / 2
    return float(half * (_WEIGHTS @ function(low + half * (_NODES + 1))))


def residual(point: UniformEquilibrium) -> Array:
    """Return the residual of each condition of :data:`NAMES`, all through the demand of footnote 1; then of innovation."""
    p = point.parameters
    choke, x, scale = point.cost_cutoff, point.export_cutoff, point.entrants / p.maximum_cost
    t = p.trade_cost if p.trades else 0.0
    n = point.domestic_sellers + point.foreign_sellers
    charged = scale * (integrate(lambda c: (choke + c) / 2, 0, choke) + integrate(lambda c: (choke + c + t) / 2, 0, x))
    mean_price = charged / n

    def sold(own: Array) -> Array:
        return demand(own, mean_price, n, p.market_size, p.price_sensitivity)

    def earned(cost: Array) -> Array:
        own = (choke + cost) / 2
        return (own - cost) * sold(own)

    expected = (integrate(earned, 0, choke) + integrate(lambda c: earned(c + t), 0, x)) / p.maximum_cost
    output = scale * (
        integrate(lambda c: sold((choke + c) / 2), 0, choke) + integrate(lambda c: sold((choke + c + t) / 2), 0, x)
    )
    # the best price solves p - u = Q / (S b), demand over its slope
    best = [
        float(np.max(np.abs((choke - u) / 2 - sold((choke + u) / 2) / (p.market_size * p.price_sensitivity)))) / choke
        for u in (np.linspace(0, choke, 5), np.linspace(t, t + x, 5))
    ]
    found = np.array(
        [
            expected / p.entry_cost - 1,
            (mean_price + 1 / (p.price_sensitivity * n)) / choke - 1,
            output / p.market_size - 1,
            *best,
            (max(choke - p.trade_cost, 0.0) - x) / choke,
            point.domestic_sellers / (scale * choke) - 1,
            (point.foreign_sellers - scale * x) / n,
        ]
    )
    if point.innovation is None:
        return found
    from tradewinds.firms.uniform.innovation import innovation_residual

    return np.concatenate([found, innovation_residual(point.innovation)])
