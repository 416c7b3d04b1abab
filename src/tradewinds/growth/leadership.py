r"""Static trade between a leader and a laggard that make varieties and a common good, and the saddle path of the leader's share.

What :mod:`tradewinds.growth.national_spillovers` solves along its path. Index A is the leader, B the laggard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError

__all__ = ["SaddlePath", "World", "allocate", "relative_wage", "saddle_path", "static_trade"]

Array = NDArray[np.float64]

#: The path is followed until the laggard's share of varieties is this small; there it is a straight line to rounding.
LAST_SHARE = 1e-6


@dataclass(frozen=True)
class World:
    """Leader and laggard: sigma, discount rate, share of differentiated goods, workers, cost of a blueprint."""

    sigma: float
    rho: float
    share: float
    leader: float
    laggard: float
    cost: float


def relative_wage(spending: float, varieties: float, world: World) -> float:
    r"""Return the leader's wage over the laggard's, given spending in units of the leader's wage.

    One, if the laggard's workers cannot make all of the common good; else the leader makes varieties alone, and its wage is where
    :math:`w\,y\,[1 - s + \alpha s (1 - \theta(w))] = L_B`, with :math:`\theta` its share of spending on varieties.
    """
    s, alpha = world.share, 1 - 1 / world.sigma

    def excess(log_wage: float) -> float:
        theta = _sales_share(np.exp(log_wage), varieties, world.sigma)
        return float(np.exp(log_wage) * spending * (1 - s + alpha * s * (1 - theta)) / world.laggard - 1)

    if excess(0.0) >= 0:
        return 1.0
    from scipy.optimize import brentq

    return float(np.exp(brentq(excess, 0.0, -np.log1p(excess(0.0)) + 1e-9, xtol=1e-15, rtol=8.9e-16)))


def allocate(spending: float, varieties: float, world: World) -> dict[str, float]:
    """Return the leader's wage, share of sales, growth of varieties, and spending in units of the laggard's wage."""
    s, alpha = world.share, 1 - 1 / world.sigma
    wage = relative_wage(spending, varieties, world)
    theta = _sales_share(wage, varieties, world.sigma)
    if wage > 1:
        growth = (world.leader - alpha * s * theta * spending) / world.cost
    else:
        growth = (world.leader + world.laggard - (1 - s / world.sigma) * spending) / world.cost
    return {"wage": wage, "theta": theta, "growth": growth, "spending": wage * spending}


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


@dataclass(frozen=True)
class SaddlePath:
    """The path on which the leader's share of varieties rises to one; values at time 0 are exact to the integrator's tolerance.

    Attributes
    ----------
    time, varieties, spending, wage, theta, growth : ndarray
        Years; the leader's share of varieties; world spending in units of the laggard's wage; the leader's wage; its share of
        sales of varieties; growth of its varieties.
    leader_spending : float
        The leader's share of world spending, constant along the path.
    lifetime : float
        Integral of ``log(spending) - s log(price of varieties)``, discounted.
    residual : callable
        Evaluates, at the path: what both countries' resources say of spending against it, relative; the largest gap of the Euler
        equation between its dates.
    """

    time: Array
    varieties: Array
    spending: Array
    wage: Array
    theta: Array
    growth: Array
    leader_spending: float
    lifetime: float
    residual: Callable[[], Array]


def _drift(spending: float, varieties: float, world: World) -> tuple[float, float]:
    """Return growth of spending in units of the leader's wage, and the growth of the leader's varieties."""
    now = allocate(spending, varieties, world)
    reward = world.share * now["theta"] * spending / (world.sigma * world.cost)
    return reward - now["growth"] - world.rho, now["growth"]


def saddle_path(start: float, rest: float, world: World, points: int = 201) -> SaddlePath:
    """Solve the path from a share of varieties of the leader, backwards from where it leads.

    Time is eliminated: the log odds of the leader's share rise at the growth rate of its varieties, and those of the laggard are
    constant. Present values are integrated along with the path.

    Parameters
    ----------
    start : float
        The leader's share at time 0.
    rest : float
        Spending in units of the leader's wage on the balanced growth path.

    Raises
    ------
    InputError
        If the laggard would innovate too, or cannot make its own varieties: other regimes, which are not solved.
    """
    from scipy.integrate import solve_ivp

    last = np.log((1 - LAST_SHARE) / LAST_SHARE)
    first = min(np.log(start / (1 - start)), last - 1)

    def right_side(odds: float, state: Array) -> Array:
        drift, growth = _drift(float(np.exp(state[0])), _share(odds), world)
        flow = _flows(odds, state[0], world)
        return np.concatenate([[drift, 1.0], world.rho * state[2:] - flow]) / growth

    level = np.log(rest) + _slope(rest, world) * LAST_SHARE
    resting = _flows(last, level, world) / world.rho
    resting[3] += world.share / (world.sigma - 1) * _drift(rest, 1.0, world)[1] / world.rho**2
    begin = np.concatenate([[level, 0.0], resting])
    found = solve_ivp(right_side, (last, first), begin, method="LSODA", rtol=1e-11, atol=1e-12, dense_output=True)
    if not found.success:
        raise InputError(f"national-spillovers: no path from a leader's share of {start:.4g}: {found.message}")
    return _valued(np.linspace(first, last, points), found.sol, world)


def _share(odds: Any) -> Any:
    return 1 / (1 + np.exp(-odds))


def _flows(odds: float, level: float, world: World) -> Array:
    """Return wages of both and profits of the laggard over world spending, and what utility gets from spending and prices."""
    now = allocate(float(np.exp(level)), float(_share(odds)), world)
    spending, sigma = now["spending"], world.sigma
    # varieties at time 0 count as one, so that the laggard has what its share says; it is put in by the caller
    log_varieties = np.logaddexp(odds + (1 - sigma) * np.log(now["wage"]), 0.0)
    return np.array(
        [
            world.leader * now["wage"] / spending,
            world.laggard / spending,
            world.share * (1 - now["theta"]) / sigma,
            np.log(spending) + world.share * log_varieties / (sigma - 1),
        ]
    )


def _slope(rest: float, world: World) -> float:
    """Return the derivative of log spending with respect to the laggard's share, on the stable path at its end."""
    step = 1e-5

    def drift(spending: float, laggard: float) -> float:
        return _drift(spending, 1 - laggard, world)[0]

    by_level = (drift(rest * np.exp(step), 0.0) - drift(rest * np.exp(-step), 0.0)) / (2 * step)
    by_share = (-3 * drift(rest, 0.0) + 4 * drift(rest, step) - drift(rest, 2 * step)) / (2 * step)
    # with d the laggard's share, d' = -g d, and log y moves by by_level (log y - log y*) + by_share d
    return float(-by_share / (by_level + _drift(rest, 1.0, world)[1]))


def _valued(odds: Array, sol: Any, world: World) -> SaddlePath:
    """Return the path with prices, once nobody else wants to innovate."""
    states, varieties = sol(odds), _share(odds)
    rows = [allocate(float(np.exp(y)), float(v), world) for y, v in zip(states[0], varieties, strict=True)]
    wage, theta, growth, spending = (np.array([r[k] for r in rows]) for k in ("wage", "theta", "growth", "spending"))
    # all firms of the laggard against what one more costs, times their number: both in units of its wage
    worth = float(np.max(states[4] * spending / world.cost))
    if worth > 1 + 1e-9:
        raise InputError(
            "national-spillovers: the laggard's wage is so far below the leader's that it would innovate too, which is not solved: "
            f"its varieties would be worth {worth:.4g} times their cost. Raise the leader's share of varieties or its labour"
        )
    if np.any((1 - 1 / world.sigma) * world.share * (1 - theta) * spending > world.laggard * (1 + 1e-12)):
        raise InputError(
            "national-spillovers: the laggard has too few workers to make its own varieties, which is not solved. Raise its labour"
        )
    leader = world.rho * (states[2, 0] + world.cost * wage[0] / spending[0])
    laggard = world.rho * (states[3, 0] + states[4, 0])
    return SaddlePath(
        time=states[1] - states[1, 0],
        varieties=varieties,
        spending=spending,
        wage=wage,
        theta=theta,
        growth=growth,
        leader_spending=float(leader),
        lifetime=float(states[5, 0]),
        residual=lambda: np.array([leader + laggard - 1, _slope_gap(odds, sol, world)]),
    )


def _slope_gap(odds: Array, sol: Any, world: World) -> float:
    """Return the largest gap between the slope of the path and the Euler equation, between its points."""
    step, gaps = 1e-3, []
    for point in (odds[1:-2:5] + odds[2:-1:5]) / 2:
        drift, growth = _drift(float(np.exp(sol(point)[0])), float(_share(point)), world)
        around = [sol(point + k * step)[0] for k in (-2, -1, 1, 2)]
        ends = [
            relative_wage(float(np.exp(sol(o)[0])), float(_share(o)), world) > 1
            for o in (point - 2 * step, point + 2 * step)
        ]
        if ends[0] != ends[1]:
            continue  # the slope has a kink where the leader starts to make varieties alone
        slope = (around[0] - 8 * around[1] + 8 * around[2] - around[3]) / (12 * step)
        gaps.append(abs(slope * growth - drift))
    return float(np.max(gaps))
