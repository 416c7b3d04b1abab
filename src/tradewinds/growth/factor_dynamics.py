r"""The path of :mod:`tradewinds.growth.heckscher_ohlin_innovation` where factor prices differ: two prices jump, one share moves.

World spending is one. With :math:`\varsigma_i` the shares of the world's varieties (by number), :math:`q_i = n v_i` what a firm is
worth times their number, and :math:`\theta_i \propto \varsigma_i c_{x,i}^{1 - \sigma}` the shares of sales,

.. math::
    \dot\varsigma_h = \frac{I_h}{q_h} - \varsigma_h\, g, \qquad g = \sum_i \frac{I_i}{q_i}, \qquad
    \dot q_i = (\rho + g)\, q_i - \frac{s\,\theta_i}{\sigma\,\varsigma_i} .

At each date factor prices, outlays on research :math:`I_i` and the place of the homogeneous good clear factor markets,

.. math::
    w_{F,i} F_i = \theta_{F\gamma} I_i + \theta_{Fx} s\alpha\,\theta_i + \theta_{Fz} (1 - s)\,\zeta_i, \qquad
    0 \le I_i \perp q_i \le a\,c_{\gamma,i}, \qquad \zeta \text{ where } c_z \text{ is lower},

seven equations with their complementarities, by Newton's steps. The path is followed backwards from near its end, where what
explodes forwards dies out. Inside the equalisation set it is that of :mod:`tradewinds.growth.factor_paths`, which is explicit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.factor_parameters import HeckscherOhlinInnovationParameters

__all__ = ["Factors", "follow"]

Array = NDArray[np.float64]

#: Distance from the end at which the path is followed from.
NEAR = 1e-9


@dataclass(frozen=True)
class Factors:
    """A path: dates, rows of the state there, and what clears markets.

    Attributes
    ----------
    states : ndarray, shape (T, 4)
        Log odds of home's share of varieties, log of q in both countries, log of n over that of the first day.
    cleared : ndarray, shape (T, 7)
        Logs of factor prices (home H and L, foreign H and L), outlays on research, home's share of the homogeneous good.
    spending : ndarray, shape (2,)
        Shares of world spending.
    sales, worth : ndarray, shape (T, 2)
        Shares of sales of varieties; log of what a market gives for spending, apart from mark-ups and weights.
    lifetime : float
        Discounted utility, but for spending, and for the number of varieties of the first day.
    residual : callable
        Budgets less one; motion between dates; markets at dates.
    """

    time: Array
    states: Array
    cleared: Array
    spending: Array
    sales: Array
    worth: Array
    lifetime: float
    residual: Callable[[], Array]


class _World:
    """Markets at a date, and motion; the last solution is where Newton starts."""

    def __init__(self, p: HeckscherOhlinInnovationParameters, guess: Array) -> None:
        self.p, self.last = p, guess
        self.theta = np.array(
            [[x, 1 - x] for x in (p.research_intensity, p.variety_intensity, p.homogeneous_intensity)]
        )
        self.scale = p.differentiated_share / p.elasticity_of_substitution

    def sold(self, unknown: Array, odds: float) -> tuple[Array, Array, Array]:
        """Return log costs (country, activity), shares of sales, and those over shares of varieties."""
        costs = unknown[:4].reshape(2, 2) @ self.theta.T
        log_shares = -np.logaddexp(0.0, np.array([-odds, odds]))
        cheap = (1 - self.p.elasticity_of_substitution) * costs[:, 1]
        total = np.logaddexp(*(log_shares + cheap))
        return costs, np.exp(log_shares + cheap - total), np.exp(cheap - total)

    def gaps(self, unknown: Array, odds: float, log_q: Array) -> Array:
        """Return factor markets, research and the homogeneous good; zero where they hold."""
        p, s = self.p, self.p.differentiated_share
        costs, sales, _ = self.sold(unknown, odds)
        research, simple = unknown[4:6], np.array([unknown[6], 1 - unknown[6]])
        outlays = np.stack([research, s * (1 - 1 / p.elasticity_of_substitution) * sales, (1 - s) * simple], axis=1)
        markets = outlays @ self.theta / (np.exp(unknown[:4].reshape(2, 2)) * p.endowment) - 1
        entry = np.minimum(research / self.scale, np.log(p.rnd_cost) + costs[:, 0] - log_q)
        place = np.median([unknown[6], unknown[6] - 1, costs[0, 2] - costs[1, 2]])
        return np.array([*markets.ravel(), *entry, place])

    def clear(self, odds: float, log_q: Array) -> Array:
        """Return what clears markets, from the last solution or, where a pattern has just changed, from others of its patterns."""
        starts = [self.last]
        for simple in (0.0, 0.5, 1.0):
            for home, abroad in ((1.0, 1.0), (1.0, 0.0), (0.0, 1.0)):
                starts.append(np.array([*self.last[:4], home * self.scale / 4, abroad * self.scale / 4, simple]))
        for start in starts:
            found, size = self._newton(start, odds, log_q)
            if size < 1e-10:
                self.last = found
                return found
        raise InputError("heckscher-ohlin-innovation: markets do not clear on the way; make the change smaller")

    def _newton(self, unknown: Array, odds: float, log_q: Array) -> tuple[Array, float]:
        """Take Newton's steps with a derivative by differences, shortened while they do not help; return the largest gap too."""
        gap = self.gaps(unknown, odds, log_q)
        for _ in range(60):
            size = float(np.max(np.abs(gap)))
            if size < 1e-13:
                break
            columns = [(self.gaps(unknown + h, odds, log_q) - gap) / 1e-7 for h in 1e-7 * np.eye(7)]
            step = np.linalg.lstsq(np.stack(columns, axis=1), -gap, rcond=None)[0]
            tried = [unknown + part * step for part in (1.0, 0.5, 0.1)]
            gaps = [self.gaps(x, odds, log_q) for x in tried]
            best = int(np.argmin([np.max(np.abs(x)) for x in gaps]))
            if np.max(np.abs(gaps[best])) >= size and size < 1e-10:
                break
            unknown, gap = tried[best], gaps[best]
        return unknown, float(np.max(np.abs(gap)))

    def given(self, unknown: Array, odds: float, costs: Array) -> float:
        """Return the log of what a unit of spending buys where the world has one variety, apart from mark-ups and weights."""
        s, sigma = self.p.differentiated_share, self.p.elasticity_of_substitution
        index = np.logaddexp(*(-np.logaddexp(0.0, [-odds, odds]) + (1 - sigma) * costs[:, 1])) / (sigma - 1)
        makes = costs[:, 2][np.array([unknown[6] > 0, unknown[6] < 1])]
        return float(s * index - (1 - s) * np.min(makes))

    def back(self, before: float, state: Array) -> Array:
        """Return the derivative of odds, log q, log n and present values of wages and utility, going back in time."""
        p, rho, sigma = self.p, self.p.discount_rate, self.p.elasticity_of_substitution
        odds, log_q = float(state[0]), state[1:3]
        unknown = self.clear(odds, log_q)
        costs, _, worth = self.sold(unknown, odds)
        new = unknown[4:6] / np.exp(log_q)
        growth = float(np.sum(new))
        s = p.differentiated_share
        share = 1 / (1 + np.exp(-odds))
        # of log(share / (1 - share)): entrants over firms at home less the same abroad
        moved = new[0] / share - new[1] * (1 + np.exp(odds))
        rise = rho + growth - self.scale * worth / np.exp(log_q)
        wages = np.sum(np.exp(unknown[:4].reshape(2, 2)) * p.endowment, axis=1)
        flow = self.given(unknown, odds, costs) + s * growth / (rho * (sigma - 1))
        return -np.array([moved, *rise, growth, *(rho * state[4:6] - wages), rho * state[6] - flow])


@lru_cache(maxsize=16)
def follow(p: HeckscherOhlinInnovationParameters, guess: tuple[float, ...], rest: float, start: float) -> Factors:
    """Follow the path from a share of varieties at time 0 to the long run.

    Parameters
    ----------
    guess : tuple of float
        What clears markets in the long run.
    rest, start : float
        Home's share of varieties by number, in the long run and at time 0.
    """
    from scipy.integrate import solve_ivp

    cleared = np.array(guess)
    world = _World(p, cleared)
    start = float(
        np.clip(start, NEAR, 1 - NEAR)
    )  # a country without varieties may start at any time, knowledge is shared
    side = 1.0 if start > rest else -1.0
    near = float(np.clip(rest + side * NEAR, NEAR, 1 - NEAR))
    odds = float(np.log(near) - np.log1p(-near))
    target = float(np.log(start) - np.log1p(-start))
    costs, _, worth = world.sold(cleared, odds)
    entering = np.log(p.rnd_cost) + costs[:, 0]
    growth = float(np.sum(cleared[4:6] / np.exp(entering)))
    log_q = np.where(cleared[4:6] > 0, entering, np.log(world.scale * worth / (p.discount_rate + growth)))
    first = np.array([odds, *log_q, 0.0, 0.0, 0.0, 0.0])
    pace = -world.back(0.0, first)
    first[4:6] = (p.discount_rate * first[4:6] - pace[4:6]) / p.discount_rate
    first[6] = -pace[6] / p.discount_rate

    def reached(_: float, state: Array) -> float:
        return float(state[0] - target)

    reached.terminal = True  # type: ignore[attr-defined]
    found: Any = solve_ivp(
        world.back,
        (0.0, 1e5),
        first,
        method="RK45",
        rtol=1e-8,
        atol=1e-10,
        dense_output=True,
        events=reached,
        max_step=50.0,
    )
    if not found.success or not len(found.t_events[0]):
        raise InputError(
            "heckscher-ohlin-innovation: no path leads from these varieties to the long run; make the change smaller"
        )
    return _read(world, found, start)


def _share(odds: Any) -> Any:
    return 1 / (1 + np.exp(-odds))


def _read(world: _World, found: Any, start: float) -> Factors:
    """Return the path in calendar time."""
    total = float(found.t[-1])
    ends = (min(10.0, total), min(100.0, total), total)
    time = np.unique(np.concatenate([np.linspace(0, end, 61) for end in ends]))
    world.last = world.clear(float(found.y[0, -1]), found.y[1:3, -1])
    states = found.sol(total - time).T
    cleared = np.array([world.clear(float(y[0]), y[1:3]) for y in states])
    worth = np.exp(states[0, 1:3]) * np.array([start, 1 - start])
    spending = world.p.discount_rate * (states[0, 4:6] + worth)
    nodes, weights = np.polynomial.legendre.leggauss(4)

    def residual() -> Array:
        moved = np.zeros((time.size - 1, 3))
        working = np.column_stack([cleared[:, 4:6] > 1e-12, cleared[:, 6] > 1e-12, cleared[:, 6] < 1 - 1e-12])
        for i, (low, high) in enumerate(pairwise(time)):
            world.last = cleared[i]
            # where a country starts or stops research, or a good, slopes have a kink
            parts = 1 if np.array_equal(working[i], working[i + 1]) else 60
            for left, right in pairwise(np.linspace(low, high, parts + 1)):
                for x, w in zip(nodes, weights, strict=True):
                    at = found.sol(total - (left + right) / 2 - (right - left) / 2 * x)
                    slope = world.back(0.0, at)[:3]
                    slope[0] *= _share(at[0]) * _share(-at[0])  # of the share: its odds may start from nearly nothing
                    moved[i] -= w * (right - left) / 2 * slope
        markets = [np.max(np.abs(world.gaps(u, float(y[0]), y[1:3]))) for u, y in zip(cleared, states, strict=True)]
        seen = np.column_stack([_share(states[:, 0]), states[:, 1:3]])
        return np.array([np.sum(spending) - 1, np.max(np.abs(np.diff(seen, axis=0) - moved)), max(markets)])

    states = states.copy()
    states[:, 3] -= states[0, 3]
    parts = [world.sold(u, float(y[0])) for u, y in zip(cleared, states, strict=True)]
    given = np.array([world.given(u, float(y[0]), x[0]) for u, y, x in zip(cleared, states, parts, strict=True)])
    sales = np.array([x[1] for x in parts])
    return Factors(time, states[:, :4], cleared, spending, sales, given, float(found.y[6, -1]), residual)
