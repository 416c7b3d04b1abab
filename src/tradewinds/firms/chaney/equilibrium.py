r"""The Melitz model with Pareto productivity solved: a gravity equation in wages, then cutoffs, firms and welfare.

Free entry makes entrants :math:`M_{e,i} = L_i(\sigma-1)/(\sigma\theta f_{e,i})`, whatever trade costs are. The share of
country j's spending on firms of i is

.. math:: \lambda_{ij} \propto \frac{L_i}{f_{e,i}} b_i^\theta (w_i\tau_{ij})^{-\theta} (w_i f_{ij})^{1-\theta/(\sigma-1)},

and wages are such that what the world spends on a country is what it earns. Fixed costs are paid in the sender's labour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.chaney.checks import names, residual
from tradewinds.firms.chaney.parameters import ChaneyParameters
from tradewinds.firms.chaney.results import ChaneyEquilibrium
from tradewinds.firms.countries import require_balance
from tradewinds.solvers import Solution, judge

__all__ = ["TOLERANCE", "solve_chaney"]

Array = NDArray[np.float64]

TOLERANCE = 1e-9


def solve_chaney(parameters: ChaneyParameters, *, throw: bool = True) -> Solution:
    """Solve wages, trade, cutoffs and real wages of every country.

    Returns
    -------
    Solution
        Its value is a :class:`ChaneyEquilibrium`.

    Raises
    ------
    InputError
        If the lowest productivity is above a cutoff, so that everybody would survive, or closed routes leave trade one way, so that
        it cannot be balanced.
    ConvergenceError
        If ``throw`` and the conditions do not hold at the point found.

    References
    ----------
    Melitz (2003), sections 3 to 5; Chaney (2008), section I; Arkolakis, Costinot and Rodríguez-Clare (2012), section III.

    Examples
    --------
    Gains from trade are the home share to the power -1/theta, exactly:

    >>> point = solve_chaney(ChaneyParameters(trade_cost=1.5)).value
    >>> round(float(point.home_share[0]), 10), round(float(1 + point.gains_from_trade[0]), 10)
    (0.908681032, 1.0193368097)
    """
    p = parameters
    require_balance(np.isfinite(p.trade_cost), p.countries)
    log_wage, iterations, history = _wages(p)
    shares = np.exp(_log_shares(p, log_wage))
    wage = np.exp(log_wage)
    sigma, theta = p.elasticity_of_substitution, p.pareto_shape
    entrants = p.labour * (sigma - 1) / (sigma * theta * p.entry_cost)
    # what the firms of i that sell in j take there is M_e (b / cutoff)^theta sigma w f theta / (theta - sigma + 1)
    earned = sigma * wage[:, np.newaxis] * p.selling_costs * theta / (theta - sigma + 1)
    chance = shares * (wage * p.labour) / (entrants[:, np.newaxis] * earned)
    with np.errstate(divide="ignore"):
        cutoffs = p.minimum_productivity[:, np.newaxis] * chance ** (-1 / theta)
    _check(p, cutoffs)
    point = ChaneyEquilibrium(p, p.scenario, wage, shares, cutoffs, entrants)
    return judge(
        point,
        residual,
        tolerance=TOLERANCE,
        iterations=iterations,
        history=history,
        names=names(p),
        what="the Melitz model with Pareto productivity",
        throw=throw,
    )


def _check(p: ChaneyParameters, cutoffs: Array) -> None:
    for i, name in enumerate(p.countries):
        lowest, bound = float(cutoffs[i].min()), p.minimum_productivity[i]
        if lowest < bound * (1 - 1e-12):
            where = p.countries[int(np.argmin(cutoffs[i]))]
            raise InputError(
                f"every entrant of {name} would sell in {where}: the cutoff {lowest:.6g} is below "
                f"minimum_productivity = {bound:g}, and the model has no selection; lower entry_cost, or raise the fixed cost of "
                "selling there"
            )


def _log_shares(p: ChaneyParameters, log_wage: Array) -> Array:
    """Return log shares of spending, row sends, column buys; minus infinity where trade is impossible."""
    theta, sigma = p.pareto_shape, p.elasticity_of_substitution
    tail = theta / (sigma - 1) - 1
    source = (
        np.log(p.labour) - np.log(p.entry_cost) + theta * np.log(p.minimum_productivity) - (theta + tail) * log_wage
    )
    with np.errstate(divide="ignore"):
        log = source[:, np.newaxis] - theta * np.log(p.trade_cost) - tail * np.log(p.selling_costs)
    return np.asarray(log - np.logaddexp.reduce(log, axis=0))


def _wages(p: ChaneyParameters, limit: int = 1_000) -> tuple[Array, int, list[float]]:
    """Return log wages: the fixed point of spending over income, by Newton's method on its logs, or step by step."""
    theta, sigma = p.pareto_shape, p.elasticity_of_substitution
    kappa = theta + theta / (sigma - 1) - 1
    log_wage = np.zeros(len(p.countries))
    history: list[float] = []

    def gap(at: Array) -> tuple[Array, Array, Array]:
        shares, income = np.exp(_log_shares(p, at)), np.exp(at) * p.labour
        return np.log(shares @ income) - np.log(income), shares, income

    excess, shares, income = gap(log_wage)
    for _ in range(limit):
        history.append(float(np.max(np.abs(excess))))
        if history[-1] < 1e-13:
            break
        earned = shares @ income
        slope = shares * income + kappa * (shares * income) @ shares.T - np.diag(kappa * earned)
        slope = slope / earned[:, np.newaxis] - np.eye(len(excess))
        step = np.linalg.lstsq(slope, -excess, rcond=1e-13)[0]  # all wages together are not determined
        length = min(1.0, 2.0 / max(float(np.max(np.abs(step))), 1e-300))
        while length > 1e-3:
            trial = log_wage + length * step
            found = gap(trial)
            if np.max(np.abs(found[0])) < history[-1]:
                break
            length /= 2
        else:  # where Newton's step does not help, raise the wages that are in demand: goods are gross substitutes
            trial = log_wage + excess / (1 + kappa)
            found = gap(trial)
        log_wage, (excess, shares, income) = trial, found
    return log_wage - np.log(np.exp(log_wage) @ p.labour / p.labour.sum()), len(history), history
