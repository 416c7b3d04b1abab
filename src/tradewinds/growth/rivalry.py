r"""Two countries whose knowledge stays at home, at one date: who invents, who makes the common good, and how prices move.

Shared by :mod:`tradewinds.growth.national_spillovers` and :mod:`tradewinds.growth.feenstra`. Capital is mobile and world spending
is the numeraire, so that every interest rate is :math:`\rho` and each country's share :math:`e_i` of world spending is constant.
Index 0 is the country that leads in the long run. With :math:`r = (n_1/n_0)(w_1/w_0)^{1-\sigma}`, :math:`\phi` the freeness of
trade and :math:`\theta_i` shares of sales of varieties,

.. math::
    \theta_0 = \frac{e_0}{1 + \phi r} + \frac{\phi e_1}{\phi + r}, \qquad
    L_i = a_i g_i + \frac{D_i}{w_i}, \qquad D_i = \alpha s \theta_i + (1 - s)\,[i \text{ makes the common good}] .

The value of a country's firms over what they cost, :math:`V_i = v_i n_i / (a_i w_i)`, follows
:math:`\dot V_i = (\rho + g_i - \hat w_i)\,V_i - s\theta_i / (\sigma a_i w_i)`, and what holds is a complementarity:

* :math:`0 \le g_i \perp V_i \le 1`: nobody invents where a firm is worth less than it costs;
* workers in the common good are not negative, and it is made where wages are lowest.

A *mode* says which of each pair binds; within a mode everything follows a differential equation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mode", "Motion", "Rivals", "modes", "motion", "sales", "slacks"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rivals:
    """Sigma, discount rate, share of varieties in spending; workers, cost of a blueprint (2,); freeness; shares of spending."""

    sigma: float
    rho: float
    share: float
    labour: tuple[float, float]
    cost: tuple[float, float]
    freeness: float = 1.0
    spending: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True)
class Mode:
    """Which countries make the common good, and which invent."""

    simple: tuple[bool, bool]
    active: tuple[bool, bool]


@dataclass(frozen=True)
class Motion:
    """Shares of sales, growth of varieties, of wages, of the ratio ``r``, and workers in the common good (none: zero)."""

    sales: tuple[float, float]
    growth: tuple[float, float]
    wages: tuple[float, float]
    ratio: float
    common: tuple[float, float]


def modes(share: float) -> Iterator[Mode]:
    """Yield all modes; without a common good nobody makes it."""
    patterns = [(True, True), (False, True), (True, False)] if share < 1 else [(False, False)]
    for simple in patterns:
        for active in ((True, False), (True, True), (False, True), (False, False)):
            yield Mode(simple, active)


def sales(ratio: float, world: Rivals) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return shares of sales of varieties, and their elasticities with respect to ``r``."""
    (e, f), phi = world.spending, world.freeness
    at_first, at_second = 1 + phi * ratio, phi + ratio
    first = e / at_first + phi * f / at_second
    second = e * phi * ratio / at_first + f * ratio / at_second
    slope = phi * ratio * (e / at_first**2 + f / at_second**2)
    return (first, second), (-slope / first, slope / second)


def motion(state: Array, mode: Mode, world: Rivals) -> Motion:
    """Return what happens at a state whose first elements are ``ln r, ln w_0, ln w_1``."""
    s, sigma, rho = world.share, world.sigma, world.rho
    wage = (math.exp(state[1]), math.exp(state[2]))
    sold, bend = sales(math.exp(state[0]), world)
    made = [(1 - 1 / sigma) * s * x for x in sold]  # paid to workers who make varieties
    reward = [s * sold[i] / (sigma * world.cost[i] * wage[i]) for i in (0, 1)]
    if all(mode.simple):
        return _together(mode, world, wage, sold, made, reward)
    growth, wages, follow = [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]
    for i in (0, 1):
        paid = made[i] + (1 - s if mode.simple[i] else 0.0)
        if mode.active[i]:
            growth[i] = (world.labour[i] - paid / wage[i]) / world.cost[i]
            wages[i] = rho + growth[i] - reward[i]
        else:
            follow[i] = made[i] * bend[i] / paid  # its wage is what its sales pay
    push = growth[1] - growth[0] - (sigma - 1) * (wages[1] - wages[0])
    ratio = push / (1 + (sigma - 1) * (follow[1] - follow[0]))
    wages = [wages[i] + follow[i] * ratio for i in (0, 1)]
    common = [(1 - s) / wage[i] if mode.simple[i] else 0.0 for i in (0, 1)]
    return Motion(sold, (growth[0], growth[1]), (wages[0], wages[1]), ratio, (common[0], common[1]))


def _together(
    mode: Mode,
    world: Rivals,
    wage: tuple[float, float],
    sold: tuple[float, float],
    made: list[float],
    reward: list[float],
) -> Motion:
    """Return what happens where both make the common good and have one wage."""
    cost = world.cost
    left = sum(world.labour) - (1 - world.share / world.sigma) / wage[0]  # researchers of the world
    if all(mode.active):
        # both earn the interest rate at one growth of wages, which fixes the difference of their growth
        apart = reward[0] - reward[1]
        growth = ((left + cost[1] * apart) / sum(cost), (left - cost[0] * apart) / sum(cost))
    else:
        growth = (left / cost[0] * mode.active[0], left / cost[1] * mode.active[1])
    k = 0 if mode.active[0] else 1
    rise = world.rho + growth[k] - reward[k] if any(mode.active) else 0.0
    common = tuple(world.labour[i] - cost[i] * growth[i] - made[i] / wage[i] for i in (0, 1))
    return Motion(sold, growth, (rise, rise), growth[1] - growth[0], (common[0], common[1]))


def slacks(state: Array, mode: Mode, world: Rivals) -> tuple[float, float, float, float]:
    """Return what must not be negative: growth where active, one less V where idle, and the common good or the wage gap.

    The state is ``ln r, ln w_0, ln w_1, V_0, V_1``. Order: country 0, country 1, common good of 0, of 1.
    """
    now = motion(state, mode, world)
    first, second = (now.growth[i] if mode.active[i] else float(1 - state[3 + i]) for i in (0, 1))
    if all(mode.simple):
        return first, second, *now.common
    gap = float(state[1] - state[2])
    if world.share == 1:
        return first, second, 1.0, 1.0
    return first, second, (gap if mode.simple[1] else 1.0), (-gap if mode.simple[0] else 1.0)
