r"""What a marginal fall of trade costs is worth, part by part, by the published equations of Perla, Tonetti and Waugh.

Consumption at time 0 is :math:`c = f(d, \Omega, \hat z, g)`, and utility :math:`U = (\rho \ln c + g) / \rho^2`. On a balanced
growth path :math:`\Omega, \hat z` and :math:`g` are functions of the trade cost :math:`d`, so that

.. math::
    \frac{dU}{dd} = \frac{1}{\rho c}\left[f_d + f_\Omega \frac{d\Omega}{dd} + f_{\hat z} \frac{d\hat z}{dd} +
    f_g \frac{dg}{dd}\right] + \frac{1}{\rho^2}\frac{dg}{dd} .

The third part is zero: who exports is efficient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.growth import mechanisms

__all__ = ["MARGIN", "marginal_numbers"]

Key = tuple[str, str, str]

MARGIN = "Perla, Tonetti and Waugh (2021), at the margin"
_PARTS = ("direct consumption", "varieties", "export cutoff", "growth by way of consumption")
#: Step of derivatives along the balanced growth paths, relative to the trade cost.
_STEP = 1e-4


def consumption(p: Any, at: Any) -> Any:
    """Return consumption at time 0, for a trade cost, varieties, an export cutoff and growth."""
    cost, varieties, cutoff, growth = at
    power, theta, others = p.elasticity_of_substitution - 1, p.pareto_shape, p.countries - 1
    adoption = theta * (growth - p.drift - theta * p.volatility**2 / 2)
    exporting = others * cutoff**-theta * p.export_fixed_cost
    fixed = varieties * (exporting + p.adoption_cost * (adoption + p.exit_rate / p.adoption_entry_ratio))
    served = 1 + others * cost**-power * cutoff ** (power - theta)
    return (1 - fixed) * (varieties * theta / (theta - power) * served) ** (1 / power)


def marginal_numbers(column: str) -> dict[Key, float]:
    """Return the parts in per cent of the whole, and the derivatives that the article discusses."""
    mechanism = mechanisms["perla-tonetti-waugh"]
    p: Any = mechanism.parameters("published")
    rho, cost = p.discount_rate, p.trade_cost
    here, _ = _point(mechanism, p, cost)
    moved, share = _slopes(mechanism, p)
    gradient = np.array([np.imag(np.log(consumption(p, here + 1e-20j * unit))) / 1e-20 for unit in np.eye(4)])
    parts = np.append(gradient * moved / rho, moved[3] / rho**2)
    percent = 100 * parts / parts.sum()
    static = -share / p.pareto_shape  # of the logarithm of consumption, by the formula of home shares
    found = {
        f"{name}, per cent of the whole": float(x) for name, x in zip((*_PARTS, "growth"), percent, strict=True)
    } | {
        "growth, social value at the margin": float(gradient[3] + 1 / rho),
        "growth, value if it were free": 1 / rho,
        "growth by the logarithm of the trade cost, per cent": float(100 * cost * moved[3]),
        "direct consumption over static formula, per cent": float(100 * gradient[0] / static),
    }
    return {(MARGIN, row, column): value for row, value in found.items()}


def _point(mechanism: Any, p: Any, cost: float) -> tuple[Any, float]:
    """Return trade cost, varieties, cutoff and growth, and the logarithm of the home share."""
    point = mechanism.solve(p.replace(trade_cost=cost), variant="published").value
    at = np.array([cost, point["varieties"], point["export_cutoff"], point.growth])
    return at, float(np.log(point.home_share))


def _slopes(mechanism: Any, p: Any) -> tuple[Any, float]:
    """Return the derivatives of a balanced growth path by the trade cost, of fourth order."""
    step = _STEP * p.trade_cost
    points = [_point(mechanism, p, p.trade_cost + k * step) for k in (-2, -1, 1, 2)]
    weights = np.array([1, -8, 8, -1]) / (12 * step)
    moved = sum(w * at for w, (at, _) in zip(weights, points, strict=True))
    return moved, float(sum(w * share for w, (_, share) in zip(weights, points, strict=True)))
