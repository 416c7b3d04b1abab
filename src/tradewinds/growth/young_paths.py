"""Paths of two countries that learn by doing, and their welfare; the equations are in :mod:`tradewinds.growth.young`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.young_day import Day, autarky, range_of_goods, trade
from tradewinds.growth.young_march import march

if TYPE_CHECKING:
    from tradewinds.growth.young_parameters import YoungParameters

__all__ = [
    "NODES",
    "Walk",
    "along",
    "day_of",
    "equivalent_rise",
    "income_of",
    "lifetimes",
    "ordered",
    "stream",
    "turned",
    "walk",
]

Array = NDArray[Any]


def _nodes() -> tuple[Array, Array]:
    """Return nodes and weights of the integral of e^(-z) f(z) from 0 to 36, beyond which e^(-z) is below the last digit."""
    points, weights = np.polynomial.legendre.leggauss(10)
    edges = np.array([0, 0.5, 1, 2, 4, 7, 12, 20, 36], dtype=float)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    z = (middle[:, np.newaxis] + half[:, np.newaxis] * points).ravel()
    return z, (half[:, np.newaxis] * weights).ravel() * np.exp(-z)


NODES, WEIGHTS = _nodes()

#: Where the integral ends.
END = 36.0

#: Worlds whose paths are solved at once.
_TOGETHER = 256


@dataclass(frozen=True)
class Walk:
    """Days along a path; arrays have dates first, then countries, home first.

    Attributes
    ----------
    time : ndarray, shape (T,)
    days : Day
        The country that is behind at time 0 first.
    knowledge, utility : ndarray, shape (T, 2)
    """

    time: Array
    days: Day
    knowledge: Array
    utility: Array


def ordered(p: YoungParameters) -> Array:
    """Return positions of the country that is behind and of the other, last; the same positions lead back."""
    behind = np.asarray(p.home_knowledge < p.foreign_knowledge)
    return np.where(behind[..., np.newaxis], [0, 1], [1, 0])


def turned(values: Array, order: Array) -> Array:
    """Return values whose last axis are countries in the other order, whichever it is."""
    values, order = np.broadcast_arrays(values, order)
    return np.take_along_axis(values, order, axis=-1)


def day_of(p: YoungParameters, knowledge: Array, guess: Array | None = None) -> Day:
    """Return the equilibrium of a day at given knowledge, laggard of time 0 first."""
    labour = turned(p.labour, ordered(p))
    if np.ndim(p.trade) == 0:
        return autarky(p.scale, knowledge, labour) if p.trade == 0 else _open(p.scale, knowledge, labour, guess)
    opened = _open(p.scale, knowledge, labour, guess)
    return _chosen(np.asarray(p.trade) > 0, opened, autarky(p.scale, knowledge, labour))


def _chosen(first: Array, one: Day, other: Day) -> Day:
    """Return days of the one world, or of the other."""

    def pick(name: str) -> Array:
        a, b = (np.asarray(getattr(day, name)) for day in (one, other))
        return np.where(first.reshape(first.shape + (1,) * (a.ndim - first.ndim)), a, b)

    return Day(**{f.name: pick(f.name) for f in fields(Day)})


def _open(scale: Any, knowledge: Array, labour: Array, guess: Array | None) -> Day:
    """Return days of worlds that trade, some of which the laggard of time 0 leads; its wage stays the numeraire."""
    passed = np.asarray(knowledge[..., 0] > knowledge[..., 1])
    if not np.any(passed):
        return trade(scale, knowledge, labour, guess)
    order = np.where(passed[..., np.newaxis], [1, 0], [0, 1])
    found = trade(scale, turned(knowledge, order), turned(labour, order), guess)
    relative = found.relative[..., np.newaxis]
    other = Day(
        cutoff=found.cutoff[..., ::-1] - relative,
        relative=-found.relative,
        spending=found.spending[..., ::-1, :][..., [2, 3, 0, 1]] * np.exp(-relative)[..., np.newaxis],
        utility=found.utility[..., ::-1],
        learning=found.learning[..., ::-1],
        growth=found.growth[..., ::-1],
        shadow=found.shadow[..., ::-1],
        domestic=found.domestic[..., ::-1],
        regime=found.regime,
    )
    return _chosen(passed, other, found)


def walk(p: YoungParameters, time: Array) -> Walk:
    """Return the days at dates, in years, along the path of one world from the knowledge of time 0."""
    return along(p, float(time[-1]))(time)


def along(p: YoungParameters, end: float) -> Callable[[Array], Walk]:
    """Return what gives the days at dates, in years, along the path of one world that is solved once, up to an end."""
    order = ordered(p)
    start, labour, rho = p.knowledge[order], p.labour[order], p.discount_rate
    path = None
    if p.trade:
        path, _ = march(np.array([p.scale]), start[np.newaxis], labour[np.newaxis], np.array([rho]), end * rho)

    def at(time: Array) -> Walk:
        if path is None:
            knowledge, guess = start + time[:, np.newaxis] * labour / 2, None
        else:
            knowledge, guess, behind = (v[0] for v in path.at(time * rho))
            # where the lead has changed hands within a window, the guess is for the other order
            guess[behind != (knowledge[:, 0] > knowledge[:, 1])] = np.nan
        days = day_of(p, knowledge, guess)
        return Walk(time, days, knowledge[:, order], days.utility[:, order])

    return at


def stream(p: YoungParameters) -> tuple[Array, Array]:
    """Return utilities of days of one world, shape (T, 2), home first, and the weights of their discounted integral."""
    order = ordered(p)
    start, labour, rho = p.knowledge[order], p.labour[order], p.discount_rate
    if p.trade == 0:
        return _alone(p.scale, p.knowledge, p.labour, rho), WEIGHTS / rho
    path, _ = march(np.array([p.scale]), start[np.newaxis], labour[np.newaxis], np.array([rho]), END)
    utility, weights = path.stream()
    return utility[0][:, order], weights / rho


def _alone(scale: Any, knowledge: Array, labour: Array, rho: Any) -> Array:
    """Return utilities of closed economies at ``NODES``, next to last axis."""
    rate = labour / (2 * np.asarray(rho)[..., np.newaxis])
    known = knowledge[..., np.newaxis, :] + NODES[:, np.newaxis] * rate[..., np.newaxis, :]
    return np.asarray(range_of_goods(np.exp(known) / (2 * np.asarray(scale)[..., np.newaxis, np.newaxis])) ** 2)


def lifetimes(p: YoungParameters, today: Day) -> Array:
    """Return lifetime utilities, home first, of worlds that may be many, from the days of time 0."""
    order = ordered(p)
    parts = (p.scale, p.discount_rate, p.trade, p.home_knowledge, p.foreign_knowledge, p.home_labour, p.foreign_labour)
    shape = np.broadcast_shapes(*(np.shape(v) for v in parts))
    scale, rho, opened = (np.broadcast_to(np.asarray(v, dtype=float), shape).ravel() for v in parts[:3])
    order, known, labour = (np.broadcast_to(v, (*shape, 2)).reshape(-1, 2) for v in (order, p.knowledge, p.labour))
    result = np.full((scale.size, 2), np.nan)
    fine = known[:, 0] != known[:, 1]
    closed, trading = opened == 0, np.flatnonzero((opened > 0) & fine)
    if np.any(closed):
        utility = _alone(scale[closed], known[closed], labour[closed], rho[closed])
        result[closed] = WEIGHTS @ utility / rho[closed, np.newaxis]
    if trading.size:
        point = np.concatenate([today.cutoff, today.relative[..., np.newaxis]], axis=-1)
        point = np.broadcast_to(point, (*shape, 3)).reshape(-1, 3)[trading].copy()
        start, heads = turned(known, order)[trading], turned(labour, order)[trading]
        point[:, :2] += start[:, :1]
        worlds = (scale[trading], start, heads, rho[trading], point)
        cuts = range(_TOGETHER, trading.size, _TOGETHER)  # the memory of many paths is large
        utility = np.concatenate(
            [_discounted(*some) for some in zip(*(np.split(v, cuts) for v in worlds), strict=True)]
        )
        result[trading] = turned(utility, order[trading]) / rho[trading, np.newaxis]
    return result.reshape(*shape, 2)


def _discounted(scale: Array, start: Array, heads: Array, rho: Array, point: Array) -> Array:
    """Return integrals of discounted utility of worlds that trade; a world with kinks has windows of its own."""
    path, good = march(scale, start, heads, rho, END, point)
    utility, weights = path.stream()
    result = np.asarray(weights @ utility)
    for i in np.flatnonzero(~good):
        try:
            own, _ = march(scale[[i]], start[[i]], heads[[i]], rho[[i]], END, point[[i]])
        except InputError:
            if len(scale) == 1:
                raise
            result[i] = np.nan  # a sweep leaves it out
            continue
        utility, weights = own.stream()
        result[i] = weights @ utility[0]
    return result


def income_of(utility: Any, scale: Any, knowledge: Any) -> Any:
    """Return the income a head that gives a utility at the autarky prices of a knowledge, with unit wage."""
    tau = np.sqrt(utility)
    return 2 * scale * np.exp(-np.asarray(knowledge)) * (tau * np.exp(tau) - np.expm1(tau))


def equivalent_rise(target: float, utility: Array, weights: Array, scale: float, knowledge: float) -> float:
    """Return the per cent rise of income, at every date, that brings a path of utilities to a lifetime utility."""
    from scipy.optimize import brentq

    over_cost = income_of(utility, scale, knowledge) * np.exp(knowledge) / (2 * scale)

    def gap(log_rise: float) -> float:
        return float(weights @ range_of_goods(over_cost * np.exp(log_rise)) ** 2) - target

    if abs(gap(0.0)) <= 1e-12 * abs(target):
        return 0.0
    return float(100 * np.expm1(brentq(gap, -30.0, 30.0, xtol=1e-13)))
