r"""One day in the world of :mod:`tradewinds.growth.young`: prices, wages, who makes what, and learning.

Logarithms of prices over :math:`\bar a` are lines of slope one in :math:`s`, four pieces between kinks, so that every integral is
explicit. Pieces, in order: what the laggard makes below and above its knowledge, what the leader makes below and above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Day", "autarky", "range_of_goods", "trade"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Day:
    """An equilibrium of one day; arrays over countries have the laggard first.

    Attributes
    ----------
    cutoff : ndarray, shape (2,)
        Logarithm of the highest price that anybody in a country pays, over the scale of costs.
    relative : float
        Logarithm of the leader's wage, with that of the laggard as numeraire.
    spending : ndarray, shape (2, 4)
        A head, by country and piece.
    utility, learning, growth, shadow, domestic : ndarray, shape (2,)
        Utility of the day; learning; growth of real consumption; interest less the discount rate; share of own goods in spending.
    corner : str
        ``"exhausted"``, ``"catching up"`` or nothing.
    """

    cutoff: Array
    relative: float
    spending: Array
    utility: Array
    learning: Array
    growth: Array
    shadow: Array
    domestic: Array
    corner: str


def range_of_goods(income_over_cost: float) -> float:
    r"""Return :math:`\tau` of a closed economy, from :math:`\tau e^\tau - e^\tau + 1 = y e^T / (2 \bar a)`.

    Examples
    --------
    >>> tau = range_of_goods(2.0)
    >>> round(tau * math.exp(tau) - math.exp(tau) + 1, 12)
    2.0
    """
    if income_over_cost < 1e-6:  # tau^2 / 2 + tau^3 / 3, where the closed form loses digits
        root = math.sqrt(2 * income_over_cost)
        return root - root**2 / 3
    tau = math.sqrt(2 * income_over_cost) if income_over_cost < 1 else 1 + math.log(income_over_cost)
    for _ in range(60):
        step = (tau * math.exp(tau) - math.exp(tau) + 1 - income_over_cost) / (tau * math.exp(tau))
        tau -= step
        if abs(step) <= 1e-16 * tau:
            break
    return tau


def autarky(scale: float, knowledge: Array, labour: Array) -> Day:
    """Return two closed economies, wages 1: half of spending is on goods above knowledge, in which people learn."""
    tau = np.array([range_of_goods(math.exp(t) / (2 * scale)) for t in knowledge])
    learning = labour / 2
    half, none = np.full(2, 0.5), np.zeros(2)
    spending = np.array([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
    shadow = learning * (1 - (1 - np.exp(-tau)) / tau)
    return Day(tau - knowledge, 0.0, spending, tau**2, learning, 2 * half * learning, shadow, none + 1, "")


def trade(scale: float, knowledge: Array, labour: Array, guess: tuple[float, float, float] | None = None) -> Day:
    """Return the equilibrium of a day with free trade; ``knowledge`` of the laggard first."""
    top = 2 * float(knowledge[1] - knowledge[0])
    if guess is not None:
        found = _newton(guess, scale, knowledge, labour, top)
        if found is not None:
            return _day(found, scale, knowledge, labour, "")
    at_one, at_top = (_at_wage(x, scale, knowledge, labour) for x in (0.0, top))
    if at_one[1] >= 0:
        return _day((*at_one[0], 0.0), scale, knowledge, labour, "exhausted")
    if at_top[1] <= 0:
        return _day((*at_top[0], top), scale, knowledge, labour, "catching up")
    from scipy.optimize import brentq

    x = float(brentq(lambda x: _at_wage(x, scale, knowledge, labour)[1], 0.0, top, xtol=1e-15, rtol=1e-14))
    start = (*_at_wage(x, scale, knowledge, labour)[0], x)
    return _day(_newton(start, scale, knowledge, labour, top) or start, scale, knowledge, labour, "")


def _lines(x: float, knowledge: Array) -> tuple[tuple[float, float], ...]:
    """Return the lowest and highest logarithm of price of each piece."""
    low, high, other = -float(knowledge[0]), x / 2 - float(knowledge[0]), x - float(knowledge[1])
    return ((low, math.inf), (low, high), (other, high), (other, math.inf))


#: Derivatives of the ends of a piece with respect to the relative wage and both countries' knowledge.
_LOW = ((0.0, -1.0, 0.0), (0.0, -1.0, 0.0), (1.0, 0.0, -1.0), (1.0, 0.0, -1.0))
_HIGH = ((0.0, 0.0, 0.0), (0.5, -1.0, 0.0), (0.5, -1.0, 0.0), (0.0, 0.0, 0.0))


def _spent(
    b: float, lines: tuple[tuple[float, float], ...]
) -> tuple[list[float], list[float], list[list[float]], float]:
    """Return spending by piece over the scale of costs, its derivatives (cutoff; wage and knowledge), and utility."""
    spending, by_cutoff, by_state, utility = [], [], [], 0.0
    for (low, high), d_low, d_high in zip(lines, _LOW, _HIGH, strict=True):
        top = min(b, high)
        if top <= low:
            spending.append(0.0)
            by_cutoff.append(0.0)
            by_state.append([0.0, 0.0, 0.0])
            continue
        e_b, e_top, e_low = math.exp(b), math.exp(top), math.exp(low)
        spending.append((top - low) * e_b - (e_top - e_low))
        by_cutoff.append((top - low) * e_b)
        by_state.append([(e_b - e_top) * h - (e_b - e_low) * m for m, h in zip(d_low, d_high, strict=True)])
        utility += (top - low) * (b - (top + low) / 2)
    return spending, by_cutoff, by_state, utility


def _cutoff(income: float, scale: float, lines: tuple[tuple[float, float], ...]) -> float:
    """Return the cutoff at which spending is income: Newton from above, where spending is convex in it."""
    floor = min(low for low, _ in lines)
    b = (
        floor + range_of_goods(income / scale * math.exp(-floor)) + 1e-9
    )  # one valley alone needs a cutoff at least as high
    for _ in range(100):
        spending, by_cutoff, _, _ = _spent(b, lines)
        step = (sum(spending) - income / scale) / sum(by_cutoff)
        b -= step
        if abs(step) <= 1e-15 * max(1.0, abs(b)):
            break
    return b


def _at_wage(x: float, scale: float, knowledge: Array, labour: Array) -> tuple[tuple[float, float], float]:
    """Return cutoffs at a relative wage, and the excess demand for the laggard's labour."""
    lines = _lines(x, knowledge)
    cutoffs = (_cutoff(1.0, scale, lines), _cutoff(math.exp(x), scale, lines))
    demand = sum(scale * n * sum(_spent(b, lines)[0][:2]) for b, n in zip(cutoffs, labour, strict=True))
    return cutoffs, demand - float(labour[0])


def _system(
    point: tuple[float, float, float], scale: float, knowledge: Array, labour: Array
) -> tuple[Array, Array, Array]:
    """Return both budgets and the laggard's labour market, with derivatives by unknowns and by knowledge."""
    lines, x = _lines(point[2], knowledge), point[2]
    value, jacobian, by_knowledge = np.zeros(3), np.zeros((3, 3)), np.zeros((3, 2))
    value[2] = -1.0
    for i in (0, 1):
        spending, by_cutoff, by_state, _ = _spent(point[i], lines)
        income = math.exp(x * i)
        states = np.array(by_state)
        value[i] = scale * sum(spending) / income - 1
        jacobian[i, i] = scale * sum(by_cutoff) / income
        jacobian[i, 2] = scale * states[:, 0].sum() / income - i * (value[i] + 1)
        by_knowledge[i] = scale * states[:, 1:].sum(axis=0) / income
        weight = scale * labour[i] / labour[0]
        value[2] += weight * sum(spending[:2])
        jacobian[2, i] = weight * sum(by_cutoff[:2])
        jacobian[2, 2] += weight * states[:2, 0].sum()
        by_knowledge[2] += weight * states[:2, 1:].sum(axis=0)
    return value, jacobian, by_knowledge


def _newton(
    point: tuple[float, float, float], scale: float, knowledge: Array, labour: Array, top: float
) -> tuple[float, float, float] | None:
    """Return the interior equilibrium near a guess, or None where Newton's method does not find one."""
    now = np.array(point)
    for _ in range(25):
        if not 0 < now[2] < top:
            return None
        value, jacobian, _ = _system((now[0], now[1], now[2]), scale, knowledge, labour)
        if np.max(np.abs(value)) <= 1e-13:
            return (float(now[0]), float(now[1]), float(now[2]))
        try:
            step = np.linalg.solve(jacobian, value)
        except np.linalg.LinAlgError:
            return None
        now = now - step * min(1.0, 1.0 / np.max(np.abs(step)))
        if np.max(np.abs(step)) <= 1e-15 * np.max(np.abs(now)):
            return (float(now[0]), float(now[1]), float(now[2])) if np.max(np.abs(value)) < 1e-11 else None
    return None


def _day(point: tuple[float, float, float], scale: float, knowledge: Array, labour: Array, corner: str) -> Day:
    """Return learning, growth and shares at an equilibrium."""
    lines, x = _lines(point[2], knowledge), point[2]
    income = np.array([1.0, math.exp(x)])
    each = [_spent(point[i], lines) for i in (0, 1)]
    spending = scale * np.array([e[0] for e in each])
    world = labour @ spending
    demand, learning = float(world[0] + world[1]), np.array([float(world[1]), float(world[3]) / income[1]])
    own = spending.copy()  # of the laggard
    own[:, 2:] = 0.0
    if corner == "exhausted":
        own[:, 0] *= labour[0] / demand
    elif corner == "catching up":
        part = (float(labour[0]) - demand) / float(world[3])
        own[:, 3] = part * spending[:, 3]
        learning = learning + np.array([part, -part / income[1]]) * world[3]
    _, jacobian, by_knowledge = _system(point, scale, knowledge, labour)
    drift = -by_knowledge @ learning
    if corner:
        speed = 0.0 if corner == "exhausted" else 2 * float(learning[1] - learning[0])
        moves = np.append((drift[:2] - jacobian[:2, 2] * speed) / np.diag(jacobian)[:2], speed)
    else:
        moves = np.linalg.solve(jacobian, drift)
    prices = np.array([0.0, -2 * learning[0], moves[2], moves[2] - 2 * learning[1]])
    index = spending @ prices / income
    laggard = own.sum(axis=1) / income
    return Day(
        cutoff=np.array(point[:2]),
        relative=x,
        spending=spending,
        utility=np.array([e[3] for e in each]),
        learning=learning,
        growth=np.array([0.0, moves[2]]) - index,
        shadow=moves[:2] - index,
        domestic=np.array([laggard[0], 1 - laggard[1]]),
        corner=corner,
    )
