r"""The path of costs from one regime to another when managers learn from sellers.

The equations are in :mod:`tradewinds.growth.alvarez_buera_lucas`. With :math:`x = \ln z` and :math:`F = \exp(-e^{x + P})`, where
:math:`P` is level in the left tail and precise there, a good's law of motion is an ordinary differential equation,

.. math::
    \partial_t P = \alpha u e^{-P}, \qquad
    u = e^{-x} \int_{-\infty}^{x} e^s F e^P (1 + P_x) [F(s+d)^{n-1} + (n-1) F(s-d) F^{n-2}]\,ds .

Costs are on an even grid in :math:`x`; derivatives, shifts and integrals are of eighth order. Costs do not move, so time is not
stiff and left to an explicit integrator.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.abl_profile import rivals
from tradewinds.growth.facts import ADVICE
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.welfare import path_utility
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from tradewinds.growth.alvarez_buera_lucas import AlvarezBueraLucas

__all__ = ["Motion", "solve_path"]

Array = Any

_STEP = 0.1

#: Fall of costs on a path, in logarithms, beyond which numbers do not reach with all that they are multiplied by.
_FARTHEST = 520.0


def _weights(point: float, kind: str) -> Array:
    """Return weights on offsets -3 to 4 that give a value at a point, its slope at 0, or the integral from 0 to 1."""
    offsets = np.arange(-3.0, 5.0)
    powers = np.arange(8)
    wanted = {"value": point**powers, "slope": (powers == 1).astype(float), "integral": 1 / (powers + 1)}[kind]
    return np.linalg.solve(offsets ** powers[:, np.newaxis], wanted)


def _apply(values: Array, weights: Array, whole: int = 0) -> Array:
    """Return weighted sums over neighbours, seen from so many steps to the right; ends go on along straight lines."""
    reach = abs(whole) + 5
    count = np.arange(1, reach + 1)
    left = values[0] - count[::-1] * (values[1] - values[0])
    right = values[-1] + count * (values[-1] - values[-2])
    padded = np.concatenate([left, values, right])
    start, size = reach + whole - 3, len(values)
    return sum(w * padded[start + i : start + i + size] for i, w in enumerate(weights))


class Motion:
    """The law of motion of P on an even grid of the logarithm of costs."""

    def __init__(self, countries: int, shift: float, meeting_rate: float, low: float, high: float) -> None:
        self.n, self.shift, self.rate = countries, shift, meeting_rate
        self.nodes = np.arange(low, high, _STEP)
        self.slope = _weights(0.0, "slope") / _STEP
        self.cell = _weights(0.0, "integral") * _STEP * np.exp(_STEP * np.arange(-3, 5))

    def moved(self, state: Array, by: float) -> Array:
        """Return P at costs higher by some logarithm."""
        whole = int(np.floor(by / _STEP))
        return _apply(state, _weights(by / _STEP - whole, "value"), whole)

    def parts(self, state: Array) -> tuple[Array, ...]:
        """Return the density of goods over exp(x), ln F, and the chances of home and foreign sellers."""
        x = self.nodes
        here = -np.exp(x + state)
        density = np.exp(here + state) * (1 + _apply(state, self.slope))
        if self.n == 1:
            return density, here, np.ones_like(x), np.zeros_like(x)
        lower = -np.exp(x + self.shift + self.moved(state, self.shift))
        higher = -np.exp(x - self.shift + self.moved(state, -self.shift))
        return density, here, *rivals(self.n, here, lower, higher)

    def __call__(self, _: float, state: Array) -> Array:
        """Return the change of P a year."""
        x = self.nodes
        density, _here, home, foreign = self.parts(state)
        sold = density * (home + foreign)
        # integrals of e^s sold over cells, in the scale of each cell; left of the grid sold is level
        cells = np.exp(x) * _apply(sold, self.cell)
        met = np.exp(x[0]) * sold[0] + np.concatenate([[0.0], np.cumsum(cells[:-1])])
        return self.rate * met * np.exp(-x - state)

    def sales(self, state: Array, power: float) -> tuple[float, float]:
        """Return the logarithm of sales, the integral of p^(1 - eta), and home's part of it."""
        density, _here, home, foreign = self.parts(state)
        own, bought = (self._sum(density * part, 1 - power) for part in (home, foreign))
        bought *= np.exp(power * self.shift)
        return float(np.log(own + bought)), float(own / (own + bought))

    def _sum(self, level: Array, power: float) -> float:
        """Return the integral of a function that is level on the left times exp(power x); trapezoids, with the tail."""
        values = level * np.exp(power * self.nodes)
        return float(_STEP * (np.sum(values) + values[0] / np.expm1(power * _STEP)))


def solve_path(mechanism: AlvarezBueraLucas, p: Any, q: Any, end: BalancedGrowth, *, throw: bool) -> Solution:
    """Return the path from the costs of p to the balanced growth of q, as a Solution around a Transition."""
    from scipy.integrate import solve_ivp
    from scipy.interpolate import CubicSpline

    horizon = 30 / q.discount_rate
    speed = q.meeting_rate * q.traders
    if speed * horizon > _FARTHEST:
        raise InputError(
            f"alvarez-buera-lucas: with ideas met at {speed:.4g} a year, costs would fall beyond all numbers before the future "
            f"stops to count; discount_rate is {q.discount_rate} and must be at least {30 * speed / _FARTHEST:.3g} for a path, or "
            "meeting_rate be lower. solve() gives both ends"
        )
    low = min(p.shift, q.shift) - 26.0 - speed * horizon
    motion = Motion(q.traders, q.shift, q.meeting_rate, low, 24.0 - q.shift)
    start = np.log(-p.profile().log_share(motion.nodes)) - motion.nodes
    time = horizon * np.linspace(0, 1, 301) ** 2
    found: Any = solve_ivp(motion, (0, horizon), start, method="DOP853", rtol=1e-11, atol=1e-10, dense_output=True)
    sold = [motion.sales(found.sol(t), q.power) for t in time]
    log_consumption = np.array([s[0] for s in sold]) / (q.elasticity_of_substitution - 1)
    gap = log_consumption - np.log(end.consumption) - end.growth * time
    fine = horizon * np.linspace(0, 1, 2401) ** 2  # utility is exact for straight lines only
    between = CubicSpline(np.sqrt(time), gap)(np.sqrt(fine))
    way = abs(gap[0])
    value = Transition(
        mechanism=mechanism.name,
        variant=end.variant,
        regime="counterfactual",
        parameters=q,
        time=time,
        paths={"consumption": np.exp(log_consumption), "home_share": np.array([s[1] for s in sold])},
        end=end,
        lifetime_utility=end.values["lifetime_utility"] + path_utility(fine, between, 0.0, q.discount_rate),
        half_life=float(np.interp(0.5, 1 - np.abs(gap) / way, time)) if way > 1e-9 else 0.0,
        countries=mechanism.countries(q),
        units=mechanism.units,
        citation_keys=mechanism.citation_keys,
    )
    return judge(
        value,
        lambda _: _gaps(motion, found.sol, horizon),
        tolerance=1e-6,
        iterations=int(found.nfev),
        what=f"transition of {mechanism.name}",
        advice=ADVICE,
        throw=throw,
    )


def _gaps(motion: Motion, path: Any, horizon: float) -> Array:
    """Return, between dates, the change of P less the integral of its law of motion."""
    dates = np.linspace(0, horizon, 81)  # costs of one good change within a few years, at any date
    nodes, weights = np.polynomial.legendre.leggauss(8)
    gaps = []
    for a, b in pairwise(dates):
        inside = (a + b) / 2 + (b - a) / 2 * nodes
        moved = sum(w * motion(t, path(t)) for t, w in zip(inside, weights, strict=True)) * (b - a) / 2
        gaps.append(path(b) - path(a) - moved)
    return np.concatenate(gaps)
