r"""Moments of productivity, and what trade and labour markets settle at one date.

Productivity relative to the least productive firm, :math:`z \ge 1`, has density
:math:`f(z) = \frac{\theta\xi}{\xi-\theta}(z^{-\theta-1} - z^{-\xi-1})`, Pareto in the limit :math:`\xi \to \infty`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters

__all__ = ["markets", "moment", "static", "tail", "two_powers"]

P = PerlaTonettiWaughParameters


def moment(theta: Any, xi: Any, power: Any) -> Any:
    """Return the mean of ``z ** power``; ``xi = inf`` is Pareto."""
    return theta / (theta - power) / (1 - power / xi)


def tail(theta: Any, xi: Any, cutoff: Any, power: Any) -> Any:
    """Return the integral of ``z ** power`` over firms above a cutoff, exact also where ``xi`` is close to ``theta``."""
    from scipy.special import exprel

    log = np.minimum(np.log(cutoff), 1e300)  # a cutoff at infinity has nobody above it, not NaN
    if np.all(np.isinf(xi)):
        return theta / (theta - power) * np.exp((power - theta) * log)
    pull = log * exprel(-(xi - theta) * log)
    return moment(theta, xi, power) * np.exp((power - theta) * log) * (1 + (theta - power) * pull)


def two_powers(first: Any, second: Any, power: Any, total: Any) -> Any:
    """Return x > 0 with ``first * x + second * x ** power = total``, for a power above one; arrays broadcast.

    The logarithm of the left side is convex in ``log x``, so Newton's method from a point above falls to the root.

    Examples
    --------
    >>> round(float(two_powers(1.0, 1.0, 2.0, 6.0)), 12)
    2.0
    """
    first, second, power, total = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (first, second, power, total))
    )
    finite = np.isfinite(second)  # elsewhere another regime holds
    with np.errstate(divide="ignore"):
        weight = np.log(np.where(finite, second, 0.0))
    log = np.minimum(np.log(total / first), (np.log(total) - weight) / power)  # either term alone bounds the root
    for _ in range(200):
        one, two = first * np.exp(log), np.exp(power * log + weight)
        step = np.log((one + two) / total) * (one + two) / (one + power * two)
        log = log - step
        if not np.any(np.abs(step) > 1e-15):
            break
    return np.exp(log)


def static(p: P, varieties: Any, workers: float, xi: float = np.inf) -> dict[str, Any]:
    """Return prices and quantities of a date, given firms and the workers that are left to make and to export goods.

    Returns
    -------
    dict
        ``profit_minimum, export_cutoff, home_share, output, exporter_share, real_wage``.
    """
    from scipy.optimize import brentq

    sigma, theta, d, kappa = p.elasticity_of_substitution, p.pareto_shape, p.trade_cost, p.export_fixed_cost
    power, others = sigma - 1, p.countries - 1

    def needed(log_cutoff: float) -> float:
        cutoff = np.exp(log_cutoff)
        profit = kappa * (d / cutoff) ** power
        sold = moment(theta, xi, power) + others * d**-power * tail(theta, xi, cutoff, power)
        return float(power * profit * varieties * sold + varieties * others * kappa * tail(theta, xi, cutoff, 0.0))

    if np.isinf(d) or others == 0:
        cutoff = np.inf
    elif needed(0.0) <= workers:
        cutoff = 1.0
    else:
        high = 1.0
        while needed(high) > workers:
            high *= 2
        cutoff = float(np.exp(brentq(lambda x: needed(x) / workers - 1, 0.0, high, xtol=1e-15, rtol=1e-14)))
    return markets(p, varieties, workers, cutoff, xi)


def markets(p: P, varieties: Any, workers: Any, cutoff: Any, xi: Any = np.inf) -> dict[str, Any]:
    """Return prices and quantities of a date at a given export cutoff; ``workers`` make and export goods."""
    sigma, theta, others = p.elasticity_of_substitution, p.pareto_shape, p.countries - 1
    power = sigma - 1
    at_home = moment(theta, xi, power)
    abroad = others * p.trade_cost**-power * tail(theta, xi, cutoff, power)
    exporters = tail(theta, xi, cutoff, 0.0)
    making = workers - varieties * others * p.export_fixed_cost * exporters
    mean = (varieties * (at_home + abroad)) ** (1 / power)
    above = tail(theta, xi, cutoff, power)
    relative = _relative_size(at_home, above, exporters, np.asarray(cutoff, dtype=float) ** power)
    return {
        "profit_minimum": making / (power * mean**power),
        "export_cutoff": cutoff,
        "home_share": at_home / (at_home + abroad),
        "output": making * mean,
        "real_wage": power / sigma * mean,
        "exporter_share": exporters,
        "export_labour_share": workers - making,
        "relative_size": relative,
    }


def _relative_size(at_home: Any, above: Any, exporters: Any, largest: Any) -> Any:
    """Return mean sales at home of exporters over those of others, of which the largest sells ``cutoff ** power``.

    Where one of the groups is empty it is the limit: others are the least productive where everybody exports, and where nobody
    does only a firm of infinite size would.
    """
    with np.errstate(all="ignore"):  # an empty group has no mean
        others = np.where(exporters < 1, np.clip((at_home - above) / (1 - exporters), 1.0, largest), 1.0)
        relative = np.where(exporters > 0, above / exporters / others, np.inf)
    return relative if relative.ndim else float(relative)
