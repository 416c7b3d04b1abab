r"""Days in the world of :mod:`tradewinds.growth.young`: prices, wages, who makes what, and learning; as many at once as are given.

Logarithms of prices over :math:`\bar a e^{-T}` are lines of slope one in :math:`s`, four pieces between kinks, so that every
integral is explicit. Pieces, in order: what the laggard makes below and above its knowledge, what the leader makes below and above.
Only the gap in knowledge and :math:`k = \ln\bar a - T` matter. Unknown are the highest prices :math:`b, b^*` that are paid in each
country, and the relative wage :math:`x = \ln\omega`; the third equation is that the median of :math:`x`,
:math:`x - 2 (T^* - T)` and the excess demand for the laggard's labour is zero, which holds the two corners as well. Newton's method
from the day before, or from a bracket where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CORNERS", "Day", "autarky", "learnt", "located", "range_of_goods", "rates", "trade"]

Array = NDArray[Any]

#: Names of the regimes of a day.
CORNERS = ("", "exhausted", "catching up")

#: Largest residual of a day: of budgets, and of labour as a share of the laggard's.
_SOLVED = 1e-13


@dataclass(frozen=True)
class Day:
    """Equilibria of days; arrays have the days first, then countries, the laggard first.

    Attributes
    ----------
    cutoff : ndarray, shape (..., 2)
        Logarithm of the highest price that anybody in a country pays, over the scale of costs.
    relative : ndarray, shape (...)
        Logarithm of the leader's wage, with that of the laggard as numeraire.
    spending : ndarray, shape (..., 2, 4)
        A head, by country and piece.
    utility, learning, growth, shadow, domestic : ndarray, shape (..., 2)
        Utility of the day; learning; growth of real consumption; interest less the discount rate; share of own goods in spending.
    regime : ndarray of int, shape (...)
        Position in :data:`CORNERS`.
    """

    cutoff: Array
    relative: Array
    spending: Array
    utility: Array
    learning: Array
    growth: Array
    shadow: Array
    domestic: Array
    regime: Array

    @property
    def corner(self) -> str:
        """Name of the corner that a single day is in, or nothing inside."""
        return CORNERS[int(self.regime)]


def range_of_goods(income_over_cost: Any) -> Any:
    r"""Return :math:`\tau` of a closed economy, from :math:`\tau e^\tau - e^\tau + 1 = y e^T / (2 \bar a)`.

    Examples
    --------
    >>> tau = range_of_goods(2.0)
    >>> round(float(tau * np.exp(tau) - np.exp(tau) + 1), 12)
    2.0
    """
    y = np.asarray(income_over_cost, dtype=float)
    root = np.sqrt(2 * y)
    little = np.minimum(root, 1.0)
    # tau^2 / 2 + tau^3 / 3 + tau^4 / 8, where the closed form loses digits
    small = little - little**2 / 3 + 7 * little**3 / 72
    tau = np.where(y < 1, root, 1 + np.log(np.maximum(y, 1.0)))
    for _ in range(60):
        step = (tau - 1 + (1 - y) * np.exp(-tau)) / np.maximum(tau, 1e-300)
        tau = tau - step
        if np.all(np.abs(step) <= 1e-15 * tau):
            break
    result = np.where(y < 1e-7, small, tau)
    return result if result.ndim else float(result)


def autarky(scale: Any, knowledge: Array, labour: Array) -> Day:
    """Return two closed economies, wages 1: half of spending is on goods above knowledge, in which people learn."""
    knowledge, labour = np.broadcast_arrays(knowledge, labour)
    tau = range_of_goods(np.exp(knowledge) / (2 * np.asarray(scale)[..., np.newaxis]))
    learning = labour / 2
    spending = np.zeros((*knowledge.shape, 4))
    spending[..., 0, :2] = spending[..., 1, 2:] = 0.5
    shadow = learning * (1 - (1 - np.exp(-tau)) / tau)
    days, own = knowledge.shape[:-1], np.ones(knowledge.shape)
    inside = np.zeros(days, dtype=int)
    return Day(tau - knowledge, np.zeros(days), spending, tau**2, learning, learning, shadow, own, inside)


def trade(scale: Any, knowledge: Array, labour: Array, guess: Array | None = None) -> Day:
    """Return equilibria of days with free trade; ``knowledge`` of the laggard first.

    Parameters
    ----------
    scale : array_like, shape (...)
    knowledge, labour : array_like, shape (..., 2)
    guess : ndarray, shape (..., 3), optional
        Cutoffs over the laggard's knowledge and the relative wage, of a day near by; where it does not lead to the equilibrium
        it is searched for.
    """
    knowledge, labour = (np.asarray(v, dtype=float) for v in (knowledge, labour))
    shape = np.broadcast_shapes(np.shape(scale), knowledge.shape[:-1], labour.shape[:-1])
    level = np.broadcast_to(np.log(scale) - knowledge[..., 0], shape).ravel()
    gap = np.broadcast_to(knowledge[..., 1] - knowledge[..., 0], shape).ravel()
    heads = np.broadcast_to(labour, (*shape, 2)).reshape(-1, 2)
    point = located(level, gap, heads, None if guess is None else np.broadcast_to(guess, (*shape, 3)).reshape(-1, 3))
    found = _day(point, level, gap, heads)
    own = np.broadcast_to(knowledge[..., :1], (*shape, 1)).reshape(-1, 1)
    parts = {name: value.reshape(shape + value.shape[1:]) for name, value in found.items()}
    parts["cutoff"] = (point[:, :2] - own).reshape(*shape, 2)
    return Day(**parts)


class _System:
    """Both budgets and the laggard's labour market, with derivatives by the unknowns, by k and by the gap in knowledge."""

    #: Of the ends of a piece, with respect to the relative wage.
    LOW_WAGE = np.array([0.0, 0.0, 1.0, 1.0])
    HIGH_WAGE = np.array([0.0, 0.5, 0.5, 0.0])
    #: Of the low end, with respect to the gap.
    LOW_GAP = np.array([0.0, 0.0, -1.0, -1.0])

    def __init__(self, point: Array, level: Array, gap: Array, heads: Array) -> None:
        b, x = point[:, :2, np.newaxis], point[:, 2]
        low, high = np.zeros((x.size, 1, 4)), np.full((x.size, 1, 4), np.inf)
        low[:, 0, 2:] = (x - gap)[:, np.newaxis]
        high[:, 0, 1:3] = (x / 2)[:, np.newaxis]
        top = np.maximum(np.minimum(b, high), low)
        length = np.where(b > low, top - low, 0.0)
        e_b, e_top, e_low = np.exp(b), np.exp(top), np.exp(low)
        factor = np.exp(level)[:, np.newaxis, np.newaxis]
        here = factor * (length > 0)
        self.by_cutoff = factor * length * e_b
        self.spending = self.by_cutoff - here * (e_top - e_low)  # a head, by country and piece
        by_low = here * (e_low - e_b)
        self.by_wage = by_low * self.LOW_WAGE + here * (e_b - e_top) * self.HIGH_WAGE
        self.by_gap = by_low * self.LOW_GAP
        self.ends = length, b, top, low
        self.income = np.ones((x.size, 2))
        self.income[:, 1] = np.exp(x)
        self.heads, self.x, self.gap = heads, x, gap
        self._equations()

    @property
    def utility(self) -> Array:
        """Utility of the day, by country."""
        length, b, top, low = self.ends
        return np.asarray((length * (b - (top + low) / 2)).sum(axis=-1))

    def _equations(self) -> None:
        # spending, by cutoff, by wage and by gap: sums over all goods, and over those of the laggard
        parts = np.stack([self.spending, self.by_cutoff, self.by_wage, self.by_gap])
        whole = parts.sum(axis=-1) / self.income
        own = (self.heads / self.heads[:, :1]) * (parts[..., 0] + parts[..., 1])
        self.budget, self.a, self.c, self.c_gap = whole[0] - 1, whole[1], whole[2], whole[3]
        self.c[:, 1] -= whole[0, :, 1]
        spent, _, self.e, self.e_gap = own.sum(axis=-1)
        self.excess, self.d = spent - 1, own[1]
        top = self.x - 2 * self.gap
        # a share of a small laggard's labour is a steep measure, between which and wages Newton's method would go to and fro
        excess = self.excess * self.heads[:, 0] / self.heads.sum(axis=1)
        self.regime = np.where(excess > self.x, 1, np.where(excess < top, 2, 0))
        self.third = np.where(self.regime == 1, self.x, np.where(self.regime == 2, top, self.excess))

    def solve(self, budget: Array, third: Array) -> Array:
        """Return changes of the unknowns that change the three equations by so much, one or several a day (last axis)."""
        inside = self.regime == 0
        d = (self.d * inside[:, np.newaxis] / self.a)[..., np.newaxis]
        e = np.where(inside, self.e, 1.0)[:, np.newaxis]
        x = (third - (d * budget).sum(axis=1)) / (e - (d * self.c[..., np.newaxis]).sum(axis=1))
        cutoffs = (budget - self.c[..., np.newaxis] * x[:, np.newaxis]) / self.a[..., np.newaxis]
        return np.concatenate([cutoffs, x[:, np.newaxis]], axis=1)

    def step(self) -> Array:
        """Return Newton's step, none of which is longer than one."""
        step = -self.solve(self.budget[..., np.newaxis], self.third[:, np.newaxis])[..., 0]
        return step / np.maximum(1.0, np.abs(step).max(axis=-1))[:, np.newaxis]

    def moved(self, level: Array, gap: Array) -> Array:
        """Return changes of the unknowns that go with changes of k and of the gap, of shape (days or 1, ways)."""
        budget = (
            -(self.budget + 1)[..., np.newaxis] * level[:, np.newaxis]
            - self.c_gap[..., np.newaxis] * gap[:, np.newaxis]
        )
        inside = -(self.excess + 1)[:, np.newaxis] * level - self.e_gap[:, np.newaxis] * gap
        regime = self.regime[:, np.newaxis]
        return self.solve(budget, np.where(regime == 0, inside, np.where(regime == 1, 0.0, 2 * gap)))


def located(level: Array, gap: Array, heads: Array, guess: Array | None, accuracy: float = _SOLVED) -> Array:
    """Return the unknowns of days, near a guess or searched for; the accuracy is that of their equations."""
    if guess is None:
        return _searched(level, gap, heads, accuracy)
    point, solved = _newton(guess, level, gap, heads, accuracy)
    if not np.all(solved):
        point = point.copy()
        point[~solved] = _searched(level[~solved], gap[~solved], heads[~solved], accuracy)
    return point


def _newton(point: Array, level: Array, gap: Array, heads: Array, accuracy: float) -> tuple[Array, Array]:
    """Return equilibria near a guess, and which of them were found."""
    best = np.full(gap.size, np.inf)
    with np.errstate(all="ignore"):  # what runs away is told by its residual
        for _ in range(25):
            system = _System(point, level, gap, heads)
            residual = np.maximum(np.abs(system.budget).max(axis=-1), np.abs(system.third))
            # at rounding the residual no longer falls
            done = (residual <= accuracy) | ((residual <= 1e-12) & (residual >= best))
            if np.all(done | ~np.isfinite(residual)):
                break
            best = np.minimum(best, residual)
            point = np.where(done[:, np.newaxis], point, point + system.step())
        good = done & (point[:, 2] >= -1e-12) & (point[:, 2] <= 2 * gap + 1e-12) if accuracy <= _SOLVED else done
    return point, good


def _searched(level: Array, gap: Array, heads: Array, accuracy: float) -> Array:
    """Return equilibria by ever finer brackets of the relative wage, each ended by Newton's method."""
    low, high = np.zeros_like(gap), 2 * gap
    share = np.linspace(0, 1, 9)
    result, open_ = np.zeros((gap.size, 3)), np.ones(gap.size, dtype=bool)
    for _ in range(20):
        k, g, n = level[open_], gap[open_], heads[open_]
        x = low[open_, np.newaxis] + (high - low)[open_, np.newaxis] * share
        points = np.concatenate([_cutoffs(x, k[:, np.newaxis], g[:, np.newaxis]), x[..., np.newaxis]], axis=-1)
        flat = points.reshape(-1, 3)
        excess = _System(flat, *(np.repeat(v, share.size, axis=0) for v in (k, g, n))).excess.reshape(x.shape)
        # excess demand rises with the leader's wage
        after = np.clip(np.argmax(excess >= 0, axis=1) + share.size * np.all(excess < 0, axis=1), 1, share.size - 1)
        rows = np.arange(len(x))
        ends = (rows, after - 1), (rows, after)
        rise = excess[ends[1]] - excess[ends[0]]
        part = np.clip(-excess[ends[0]] / np.where(rise > 0, rise, 1.0), 0.0, 1.0)[:, np.newaxis]
        found, good = _newton(points[ends[0]] * (1 - part) + points[ends[1]] * part, k, g, n, accuracy)
        result[open_] = found
        low[open_], high[open_] = x[ends[0]], x[ends[1]]
        open_[open_] = ~good
        if not np.any(open_):
            break
    result[open_] = np.nan
    return result


def _cutoffs(x: Array, level: Array, gap: Array) -> Array:
    """Return the cutoffs at which spending is income, over the laggard's knowledge: Newton from above, where it is convex."""
    floor = np.minimum(0.0, x - gap)
    income = np.stack([np.ones_like(x), np.exp(x)], axis=-1) * np.exp(-level)[..., np.newaxis]
    # one valley alone needs a cutoff at least as high
    b = floor[..., np.newaxis] + range_of_goods(income * np.exp(-floor)[..., np.newaxis]) + 1e-9
    low = np.stack([np.zeros_like(x), np.zeros_like(x), x - gap, x - gap], axis=-1)[..., np.newaxis, :]
    high = np.stack([np.full_like(x, np.inf), x / 2, x / 2, np.full_like(x, np.inf)], axis=-1)[..., np.newaxis, :]
    for _ in range(100):
        top = np.maximum(np.minimum(b[..., np.newaxis], high), low)
        length, e_b = np.where(b[..., np.newaxis] > low, top - low, 0.0), np.exp(b)
        spent = np.sum(length, axis=-1) * e_b - np.sum((np.exp(top) - np.exp(low)) * (length > 0), axis=-1)
        step = (spent - income) / (np.sum(length, axis=-1) * e_b)
        b = b - step
        if np.all(np.abs(step) <= 1e-14 * np.maximum(1.0, np.abs(b))):
            break
    return b


def rates(point: Array, level: Array, gap: Array, heads: Array) -> tuple[Array, ...]:
    """Take one step of Newton's method, for days on a path that is itself being solved for.

    Returns
    -------
    step : ndarray, shape (n, 3)
        Change of the unknowns.
    learning : ndarray, shape (n, 2)
        After that change, to first order.
    slopes, moves : ndarray, shape (n, 2, 2) and (n, 3, 2)
        Derivatives of learning and of the unknowns with respect to knowledge, the last axis.
    utility : ndarray, shape (n, 2)
        Before that change.
    """
    s = _System(point, level, gap, heads)
    flow, step = _Learning(s), s.step()
    moves = s.moved(_LEVEL, _GAP)
    ways = np.concatenate([step[..., np.newaxis], moves], axis=-1)
    changes = flow.change(ways, _WAYS_LEVEL, _WAYS_GAP)
    return step, flow.now + changes[..., 0], changes[..., 1:], moves, s.utility


def learnt(point: Array, level: Array, gap: Array, heads: Array) -> Array:
    """Return learning at equilibria."""
    return _Learning(_System(point, level, gap, heads)).now


#: How k and the gap change with the knowledge of the laggard, and of the leader.
_LEVEL, _GAP = np.array([[-1.0, 0.0]]), np.array([[-1.0, 1.0]])

#: The same, after a way in which neither changes.
_WAYS_LEVEL, _WAYS_GAP = np.array([[0.0, -1.0, 0.0]]), np.array([[0.0, -1.0, 1.0]])


class _Learning:
    """Learning at equilibria, and how it changes with the unknowns, with k and with the gap."""

    def __init__(self, s: _System) -> None:
        self.s, self.exhausted, self.catching = s, s.regime == 1, s.regime == 2
        self.world = (s.heads[..., np.newaxis] * s.spending).sum(axis=1)
        # of the laggard's labour, in goods that the leader cannot supply
        self.spare = np.where(self.catching, -s.heads[:, 0] * s.excess, 0.0)
        first = np.where(self.exhausted, 0.0, self.world[:, 1] + self.spare)
        self.now = np.stack([first, (self.world[:, 3] - self.spare) / s.income[:, 1]], axis=-1)

    def change(self, moves: Array, level: Array, gap: Array) -> Array:
        """Return changes of learning with changes of the unknowns, of k and of the gap; several ways are the last axis."""
        s, ways = self.s, np.newaxis
        each = s.spending[..., ways] * level[:, ways, ways] + s.by_gap[..., ways] * gap[:, ways, ways]
        each = each + s.by_cutoff[..., ways] * moves[:, :2, ways] + s.by_wage[..., ways] * moves[:, 2:, ways]
        whole = (s.heads[..., ways, ways] * each).sum(axis=1)
        more = np.where(self.catching[:, ways], -(whole[:, 0] + whole[:, 1]), 0.0)
        first = np.where(self.exhausted[:, ways], 0.0, whole[:, 1] + more)
        second = (whole[:, 3] - more) / s.income[:, 1:] - self.now[:, 1:] * moves[:, 2]
        return np.stack([first, second], axis=1)


def _day(point: Array, level: Array, gap: Array, heads: Array) -> dict[str, Array]:
    """Return learning, growth and shares at equilibria."""
    s = _System(point, level, gap, heads)
    flow = _Learning(s)
    learning, exhausted, catching = flow.now, flow.exhausted, flow.catching
    none = np.zeros_like(gap)
    moves = s.moved(-learning[:, :1], learning[:, 1:] - learning[:, :1])[..., 0]
    prices = np.stack([none, -2 * learning[:, 0], moves[:, 2], moves[:, 2] - 2 * learning[:, 1]], axis=-1)
    index = np.sum(s.spending * prices[:, np.newaxis], axis=-1) / s.income
    own = s.spending.copy()  # of the laggard
    own[..., 2:] = 0.0
    own[exhausted, :, 0] *= (1 / (s.excess[exhausted] + 1))[:, np.newaxis]
    own[catching, :, 3] = s.spending[catching, :, 3] * (flow.spare / flow.world[:, 3])[catching, np.newaxis]
    laggard = np.sum(own, axis=-1) / s.income
    return {
        "relative": s.x,
        "spending": s.spending,
        "utility": s.utility,
        "learning": learning,
        "growth": np.stack([none, moves[:, 2]], axis=-1) - index,
        "shadow": moves[:, :2] - learning[:, :1] - index,
        "domestic": np.stack([laggard[:, 0], 1 - laggard[:, 1]], axis=-1),
        "regime": s.regime,
    }
