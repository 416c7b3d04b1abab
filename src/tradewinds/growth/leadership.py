"""Static trade between two countries that make varieties and a common good, their workers in production given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["static_trade"]

Array = NDArray[np.float64]


def static_trade(made: Array, varieties: Array, share: float, sigma: float) -> tuple[Array, Array]:
    """Return wages and spending of two countries whose workers in production are given and whose trade balances.

    Parameters
    ----------
    made, varieties : ndarray, shape (2,)
        Workers in production; shares of varieties.
    """
    alpha = 1 - 1 / sigma
    total = float(np.sum(made) / (1 - share / sigma))
    wage = np.ones(2)
    if np.any(alpha * share * varieties * total > made):
        from scipy.optimize import brentq

        k = int(
            np.argmax(alpha * share * varieties * total / made)
        )  # makes varieties alone, at a wage above the other's

        def world(relative: float) -> tuple[float, float]:
            theta = _sales_share(relative, float(varieties[k]), sigma)
            return theta, float(made[1 - k] / (1 - share + alpha * share * (1 - theta)))

        def excess(log_wage: float) -> float:
            relative = float(np.exp(log_wage))
            theta, spending = world(relative)
            return relative * float(made[k]) / (alpha * share * theta * spending) - 1

        wage[k] = np.exp(brentq(excess, 0.0, 50.0, xtol=1e-15, rtol=8.9e-16))
        theta, total = world(float(wage[k]))
        sold = np.where(np.arange(2) == k, theta, 1 - theta)
    else:
        sold = varieties
    return wage, wage * made + share / sigma * sold * total


def _sales_share(wage: Any, varieties: float, sigma: float) -> Any:
    leader = varieties * wage ** (1 - sigma)
    return leader / (leader + (1 - varieties))
