"""Paths of two countries that learn by doing, and their welfare; the equations are in :mod:`tradewinds.growth.young`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.growth.young_day import Day, autarky, range_of_goods, trade

if TYPE_CHECKING:
    from tradewinds.growth.young_parameters import YoungParameters

__all__ = ["NODES", "WEIGHTS", "Walk", "day_of", "equivalent_rise", "income_of", "knowledge_at", "ordered", "walk"]

Array = NDArray[np.float64]


def _nodes() -> tuple[Array, Array]:
    """Return nodes and weights of the integral of e^(-z) f(z) from 0 to 36, beyond which e^(-z) is below the last digit."""
    points, weights = np.polynomial.legendre.leggauss(10)
    edges = np.array([0, 0.5, 1, 2, 4, 7, 12, 20, 36], dtype=float)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    z = (middle[:, np.newaxis] + half[:, np.newaxis] * points).ravel()
    return z, (half[:, np.newaxis] * weights).ravel() * np.exp(-z)


NODES, WEIGHTS = _nodes()


@dataclass(frozen=True)
class Walk:
    """Days along a path; arrays have dates first, then countries, home first.

    Attributes
    ----------
    time : ndarray, shape (T,)
    days : list of Day
    knowledge, utility : ndarray, shape (T, 2)
    """

    time: Array
    days: list[Day]
    knowledge: Array
    utility: Array


def ordered(p: YoungParameters) -> slice:
    """Return the slice that puts the laggard first, and what is in that order back to home first."""
    return slice(None, None, 1 if p.home_knowledge < p.foreign_knowledge else -1)


def day_of(p: YoungParameters, knowledge: Array, guess: tuple[float, float, float] | None = None) -> Day:
    """Return the equilibrium of a day at given knowledge, laggard of time 0 first."""
    labour = p.labour[ordered(p)]
    if p.trade == 0:
        return autarky(p.scale, knowledge, labour)
    if knowledge[0] <= knowledge[1]:
        return trade(p.scale, knowledge, labour, guess)
    turned = trade(
        p.scale, knowledge[::-1], labour[::-1]
    )  # the laggard of time 0 has overtaken; its wage stays the numeraire
    return Day(
        cutoff=turned.cutoff[::-1] - turned.relative,
        relative=-turned.relative,
        spending=turned.spending[::-1, [2, 3, 0, 1]] * np.exp(-turned.relative),
        utility=turned.utility[::-1],
        learning=turned.learning[::-1],
        growth=turned.growth[::-1],
        shadow=turned.shadow[::-1],
        domestic=turned.domestic[::-1],
        corner=turned.corner,
    )


class _Follower:
    """The day at knowledge after knowledge, each from the last: cutoffs relative to the laggard's knowledge hardly move."""

    def __init__(self, p: YoungParameters) -> None:
        self.p = p
        self.last: tuple[float, float, float] | None = None

    def __call__(self, knowledge: Array) -> Day:
        own = float(knowledge[0])
        guess = None if self.last is None else (self.last[0] - own, self.last[1] - own, self.last[2])
        today = day_of(self.p, knowledge, guess)
        inside = self.p.trade and not today.corner and knowledge[0] <= knowledge[1]
        self.last = (float(today.cutoff[0]) + own, float(today.cutoff[1]) + own, today.relative) if inside else None
        return today


def knowledge_at(p: YoungParameters, time: Array) -> Array:
    """Return knowledge at dates, laggard of time 0 first: a straight line in autarky."""
    start = p.knowledge[ordered(p)]
    if p.trade == 0:
        return np.asarray(start + time[:, np.newaxis] * p.labour[ordered(p)] / 2)
    from scipy.integrate import solve_ivp

    follow = _Follower(p)

    def slope(_: float, knowledge: Array) -> Array:
        return follow(knowledge).learning

    end = float(time[-1])
    found = solve_ivp(slope, (0.0, end), start, t_eval=time, method="RK45", rtol=1e-7, atol=1e-9)
    return np.asarray(found.y.T)


def walk(p: YoungParameters, time: Array) -> Walk:
    """Return the days at dates along the path from the knowledge of time 0."""
    turn = ordered(p)
    knowledge = knowledge_at(p, time)
    follow = _Follower(p)
    days = [follow(k) for k in knowledge]
    return Walk(time, days, knowledge[:, turn], np.array([d.utility[turn] for d in days]))


def income_of(utility: Any, scale: float, knowledge: Any) -> Any:
    """Return the income a head that gives a utility at the autarky prices of a knowledge, with unit wage."""
    tau = np.sqrt(utility)
    return 2 * scale * np.exp(-np.asarray(knowledge)) * (tau * np.exp(tau) - np.expm1(tau))


def equivalent_rise(target: float, utility: Array, scale: float, knowledge: float, rho: float) -> float:
    """Return the per cent rise of income, at every date, that brings a path of utilities to a lifetime utility."""
    from scipy.optimize import brentq

    over_cost = income_of(utility, scale, knowledge) * np.exp(knowledge) / (2 * scale)

    def gap(log_rise: float) -> float:
        risen = np.array([range_of_goods(x) ** 2 for x in over_cost * np.exp(log_rise)])
        return float(WEIGHTS @ risen) / rho - target

    if abs(gap(0.0)) <= 1e-12 * abs(target):
        return 0.0
    return float(100 * np.expm1(brentq(gap, -30.0, 30.0, xtol=1e-13)))
