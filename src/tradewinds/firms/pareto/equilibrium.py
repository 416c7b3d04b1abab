r"""Melitz and Ottaviano (2008) solved: cutoffs, entrants and welfare of every country.

Free entry in country l says :math:`\sum_h \rho_{lh} L_h (c_D^h)^{k+2} = 2(k+1)(k+2)\gamma f_{E,l}`, with
:math:`\rho_{lh} = (\tau_{lh} c_{M,l})^{-k}`. Where firms enter everywhere these are linear in :math:`(c_D^h)^{k+2}`. Otherwise some
country leaves the industry to the others; entrants then minimise a convex function (its slope is what entry costs less what it
earns), so cutoffs are unique, and a projected Newton method finds them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.pareto.checks import names, residual
from tradewinds.firms.pareto.parameters import ParetoParameters
from tradewinds.firms.pareto.results import ParetoEquilibrium
from tradewinds.solvers import Solution, judge

__all__ = ["TOLERANCE", "solve_pareto"]

Array = NDArray[np.float64]

TOLERANCE = 1e-8


def solve_pareto(parameters: ParetoParameters, *, throw: bool = True) -> Solution:
    """Solve the long run of every country.

    Where trade is free and costs are alike, which country firms enter from is not determined: entrants are then those nearest to
    the sizes of the markets.

    Returns
    -------
    Solution
        Its value is a :class:`ParetoEquilibrium`.

    Raises
    ------
    InputError
        If costs end below a cutoff, so that everybody would survive, or incomes are too low to buy any of the numeraire.
    ConvergenceError
        If ``throw`` and the conditions do not hold at the point found.

    References
    ----------
    Melitz and Ottaviano (2008), eqs. 13 to 25.

    Examples
    --------
    >>> point = solve_pareto(ParetoParameters(trade_cost=1.5)).value
    >>> point.cost_cutoff.round(6).tolist(), point.welfare.round(6).tolist()
    ([1.198089, 1.198089], [1.417607, 1.417607])
    """
    p = parameters
    cutoff, entrants, iterations = _solve(p)
    point = ParetoEquilibrium(p, p.scenario, cutoff, entrants)
    solution = judge(
        point,
        residual,
        tolerance=TOLERANCE,
        iterations=iterations,
        names=names(p),
        what="the model with Pareto costs",
        throw=throw,
    )
    _check(point)
    return solution


def _check(point: ParetoEquilibrium) -> None:
    p = point.parameters
    needed = np.where(np.isfinite(p.trade_cost), point.cost_cutoff / p.trade_cost, 0.0).max(axis=1)
    for name, bound, highest in zip(p.countries, needed, p.maximum_cost, strict=True):
        if bound > highest * (1 + 1e-12):
            raise InputError(
                f"maximum_cost of {name} is {highest:g}, below the cost {bound:.6g} at which its firms would stop selling: every "
                "entrant would survive, and the model has no selection; raise maximum_cost or lower entry_cost"
            )
    for name, left in zip(p.countries, point.numeraire_consumption, strict=True):
        if left <= 0:
            raise InputError(
                f"consumers of {name} would spend {1 - left:.4g} times their income on the goods of this industry, and none on the "
                "numeraire: lower demand_intercept, or raise demand_substitution"
            )


def _solve(p: ParetoParameters) -> tuple[Array, Array, int]:
    """Return cutoffs, entrants and iterations."""
    k, size = p.pareto_shape, p.market_size
    reach = (p.trade_cost * p.maximum_cost[:, np.newaxis]) ** -k
    fixed = 2 * (k + 1) * (k + 2) * p.product_differentiation * p.entry_cost
    if np.all(reach @ (size * p.demand_intercept ** (k + 2)) <= fixed):
        raise InputError(
            "nobody would enter: the first firm in an empty world would not earn its entry_cost; lower entry_cost, or raise "
            "market_size or demand_intercept"
        )
    if np.linalg.cond(reach / reach.max(axis=1, keepdims=True)) < 1e10:
        power = np.asarray(np.linalg.solve(reach * size, fixed), dtype=np.float64)
        if np.all(power > 0):
            cutoff = power ** (1 / (k + 2))
            mass = _constant(p) * (p.demand_intercept - cutoff) / cutoff ** (k + 1)
            entrants = np.asarray(np.linalg.solve(reach.T, mass), dtype=np.float64)
            if np.all(entrants > 0):
                return cutoff, entrants, 0
    return _projected_newton(p, reach, fixed)


def _constant(p: ParetoParameters) -> float:
    return 2 * (p.pareto_shape + 1) * p.product_differentiation / p.demand_substitution


def cutoff_given(p: ParetoParameters, mass: Array) -> Array:
    r"""Return the cutoff with :math:`\frac{2(k+1)\gamma}{\eta}\frac{\alpha - c_D}{c_D} = s\,c_D^k`, by Newton from above."""
    k, g, alpha = p.pareto_shape, _constant(p), p.demand_intercept
    with np.errstate(divide="ignore"):
        c = np.minimum(alpha, (g * alpha / mass) ** (1 / (k + 1)))
    for _ in range(60):
        step = (c ** (k + 1) * mass + g * (c - alpha)) / ((k + 1) * c**k * mass + g)
        c = c - step
        if np.all(np.abs(step) <= 1e-15 * alpha):
            break
    return np.asarray(c)


def _projected_newton(p: ParetoParameters, reach: Array, fixed: Array, limit: int = 200) -> tuple[Array, Array, int]:
    """Return the entrants that minimise the convex function: a step minimises its quadratic model over entrants from zero up."""
    from scipy.linalg import cholesky, solve_triangular
    from scipy.optimize import nnls

    k, g, alpha, size = p.pareto_shape, _constant(p), p.demand_intercept, p.market_size

    def value(n: Array, c: Array) -> float:
        return float(fixed @ n - size @ (c ** (k + 2) * (n @ reach) - (k + 2) * g * (alpha * c - c**2 / 2)))

    def gap(n: Array, c: Array) -> float:
        unpaid = 1 - reach @ (size * c ** (k + 2)) / fixed
        return float(np.max(np.abs(np.minimum(n / n.sum(), unpaid))))

    # start from market sizes, at a cutoff of half the choke price of an empty market
    entrants = size / size.sum() * g * alpha / np.mean(reach.max(axis=1)) / (0.5 * alpha) ** (k + 1)
    c = cutoff_given(p, entrants @ reach)
    steps = 0
    while steps < limit and gap(entrants, c) > 1e-13:
        steps += 1
        slope = fixed - reach @ (size * c ** (k + 2))
        fall = c ** (k + 1) / ((k + 1) * c**k * (entrants @ reach) + g)  # - dc / d mass
        curve = (reach * (size * (k + 2) * c ** (k + 1) * fall)) @ reach.T
        scale = np.sqrt(np.diag(curve))
        factor = cholesky(curve / scale[:, np.newaxis] / scale + 1e-11 * np.eye(scale.size), lower=True)
        wanted = factor.T @ (entrants * scale) - solve_triangular(factor, slope / scale, lower=True)
        step = nnls(factor.T, wanted)[0] / scale - entrants
        start, near, length = value(entrants, c), gap(entrants, c), 1.0
        while length > 1e-10:
            trial = np.maximum(entrants + length * step, 0.0)
            at = cutoff_given(p, trial @ reach)
            if trial.any() and (value(trial, at) < start + 1e-4 * length * (slope @ step) or gap(trial, at) < near):
                break
            length /= 2
        else:
            break
        entrants, c = trial, at
    return c, entrants, steps
