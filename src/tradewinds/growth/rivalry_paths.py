r"""The path of two countries whose knowledge stays at home, followed backwards from where it leads.

A long run has one stable direction, so the path to it is found by going back in time from near it: what explodes forwards dies
out backwards. Where a complementarity of :mod:`tradewinds.growth.rivalry` switches (a country stops or starts to invent, or to make
the common good) prices are continuous and the next mode is the one that none of its conditions forbids. Present values of wages
and of utility are integrated along.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.rivalry import Mode, Motion, Rivals, modes, motion, sales, slacks

__all__ = ["RivalPath", "rest_point", "rival_path"]

Array = NDArray[np.float64]

#: The ratio of sales at which a path is followed from.
LAST = 1e-10
#: Years after which a path that has not reached its start never does.
LONGEST = 1e7
#: How far a condition may be from zero to bind.
BINDS = 1e-7


@dataclass(frozen=True)
class RivalPath:
    """A path; columns are the country that leads in the long run and the other.

    Attributes
    ----------
    time : ndarray, shape (T,)
        Years, dense over 300 and on to the end.
    ratio : ndarray, shape (T,)
        The ratio ``r`` of sales.
    varieties, wage, sales, growth, value : ndarray, shape (T, 2)
        Log of varieties over those of the leader at time 0; wages, world spending being one; shares of sales of varieties; growth
        of varieties; value of a firm over its cost.
    spending : tuple of float
        Shares of world spending.
    lifetime : ndarray, shape (2,)
        Discounted utility, but for what spending and varieties of time 0 give.
    modes : tuple of (float, Mode)
        From which year on each mode holds.
    residual : callable
        World budget; budget of the leader; motion between dates against the equations; complementarities.
    """

    time: Array
    ratio: Array
    varieties: Array
    wage: Array
    sales: Array
    growth: Array
    value: Array
    spending: tuple[float, float]
    lifetime: Array
    modes: tuple[tuple[float, Mode], ...]
    residual: Callable[[], Array]


def rest_point(world: Rivals, growth: tuple[float, float], mode: Mode, target: float) -> Array:
    """Return the state near the long run: ``ln r, ln w, V`` and present values, at a ratio beyond the varieties of time 0."""
    s, sigma = world.share, world.sigma
    alpha = 1 - 1 / sigma
    level = np.log(LAST)
    while True:
        (first, second), _ = sales(float(np.exp(level)), world)
        if s == 1:
            wages = [alpha * x / (world.labour[i] - world.cost[i] * growth[i]) for i, x in ((0, first), (1, second))]
        elif all(mode.simple):
            wages = [(1 - s / sigma) / (sum(world.labour) - world.cost[0] * growth[0])] * 2
        else:
            wages = [
                alpha * s * first / (world.labour[0] - world.cost[0] * growth[0]),
                (1 - s + alpha * s * second) / world.labour[1],
            ]
        state = np.array([level, *np.log(wages)])
        if level + (sigma - 1) * (state[2] - state[1]) < target - 1:
            break
        level -= 5
    now = motion(state, mode, world)
    reward = s * now.sales[1] / (sigma * world.cost[1] * wages[1])
    other = 1.0 if mode.active[1] else reward / (world.rho + growth[1] - now.ratio)
    earned = [wages[i] * world.labour[i] / (world.rho - now.wages[i]) for i in (0, 1)]
    return np.concatenate([state, [1.0, other], earned, np.array(_utility(state, now, world)) / world.rho, [0.0]])


def _utility(state: Array, now: Motion, world: Rivals) -> tuple[float, float]:
    """Return what prices give to utility in each country, growth of the leader's varieties included as a present value."""
    s, ratio, power = world.share, math.exp(state[0]), world.sigma - 1
    rest = s * (now.growth[0] / (world.rho * power) - state[1]) - (1 - s) * min(state[1], state[2])
    return rest + s / power * math.log(1 + world.freeness * ratio), rest + s / power * math.log(world.freeness + ratio)


def _backward(state: Array, mode: Mode, world: Rivals) -> Array:
    """Return the derivative of the state with respect to years before the end."""
    now, rho = motion(state, mode, world), world.rho
    rise, earned = [0.0, 0.0], [0.0, 0.0]
    for i in (0, 1):
        wage = math.exp(state[1 + i])
        earned[i] = rho * state[5 + i] - wage * world.labour[i]
        if not mode.active[i]:
            reward = world.share * now.sales[i] / (world.sigma * world.cost[i] * wage)
            rise[i] = (rho - now.wages[i]) * state[3 + i] - reward
    first, second = _utility(state, now, world)
    utility = (rho * state[7] - first, rho * state[8] - second)
    return -np.array([now.ratio, *now.wages, *rise, *earned, *utility, now.growth[0]])


def _derivative(mode: Mode, world: Rivals) -> Callable[[float, Array], Array]:
    return lambda _, state: _backward(state, mode, world)


def _condition(mode: Mode, world: Rivals) -> Callable[[float, Array], float]:
    """Return the condition of a mode that is nearest to binding."""
    return lambda _, state: min(slacks(state, mode, world))


def _distance(state: Array, world: Rivals) -> float:
    """Return the log of the other country's varieties over the leader's."""
    return float(state[0] + (world.sigma - 1) * (state[2] - state[1]))


def _next_mode(state: Array, left: Mode, world: Rivals) -> Mode | None:
    """Return the mode before (in time) a point at which a condition of the mode just left binds."""
    best: tuple[float, Mode] | None = None
    for mode in modes(world.share):
        if mode == left or not _meets(state, mode, world):
            continue
        step = 1e-4
        before = state + step * _backward(state, mode, world)
        worst = float(np.min(slacks(before, mode, world)))
        if worst > -BINDS * 1e-2 and (best is None or worst > best[0]):
            best = (worst, mode)
    return None if best is None else best[1]


def _meets(state: Array, mode: Mode, world: Rivals) -> bool:
    """Return whether a state satisfies a mode: its equations, and its conditions but for rounding."""
    if np.min(slacks(state, mode, world)) < -BINDS:
        return False
    if any(mode.active[i] and abs(state[3 + i] - 1) > BINDS for i in (0, 1)):
        return False
    if all(mode.simple) and abs(state[1] - state[2]) > BINDS:
        return False
    alpha, idle = 1 - 1 / world.sigma, not any(mode.active)
    now, wage = motion(state, mode, world), np.exp(state[1:3])
    if all(mode.simple):
        return not idle or abs((1 - world.share / world.sigma) / wage[0] / sum(world.labour) - 1) < BINDS
    for i in (0, 1):
        paid = alpha * world.share * now.sales[i] + (1 - world.share if mode.simple[i] else 0.0)
        if not mode.active[i] and abs(paid / (wage[i] * world.labour[i]) - 1) > BINDS:
            return False
    return True


@lru_cache(maxsize=64)
def rival_path(world: Rivals, target: float, growth: tuple[float, float], mode: Mode, points: int = 241) -> RivalPath:
    """Solve the path from given varieties to the long run in which country 0 leads.

    Parameters
    ----------
    target : float
        Log of the other country's varieties over the leader's at time 0.
    growth, mode
        Growth of varieties and the mode in the long run.

    Raises
    ------
    InputError
        If no path leads from there to that long run.
    """
    if world.freeness < 1:
        share = _budget_share(world, target, growth, mode)
        world = dataclasses.replace(world, spending=(share, 1 - share))
    return _read(world, _follow(world, target, growth, mode)[0], points)


def _budget_share(world: Rivals, target: float, growth: tuple[float, float], mode: Mode) -> float:
    """Return the leader's share of world spending that its budget pays for, by secants; where trade is free it is an outcome."""

    def paid(share: float) -> float:
        tried = dataclasses.replace(world, spending=(share, 1 - share))
        return float(_owned(_follow(tried, target, growth, mode, dense=False)[1], world)[0])

    old = world.labour[0] / sum(world.labour)
    new = paid(old)
    gap = new - old
    for _ in range(30):
        if abs(new - old) < 1e-10:  # what the integrator resolves
            break
        after = paid(new) - new
        slope = (after - gap) / (new - old)
        old, gap = new, after
        new = min(max(new - after / slope, new / 2), (1 + new) / 2)
    return new


def _owned(state: Array, world: Rivals) -> Array:
    """Return what a country's wages and firms at time 0 let it spend at every date, world spending being one."""
    return np.asarray(world.rho * (state[5:7] + state[3:5] * np.array(world.cost) * np.exp(state[1:3])))


def _follow(
    world: Rivals, target: float, growth: tuple[float, float], mode: Mode, dense: bool = True
) -> tuple[list[tuple[float, float, Mode, Any]], Array]:
    """Follow the path back with given spending; return pieces (years before the end, mode, path) and the state at time 0."""
    from scipy.integrate import solve_ivp

    state, end = rest_point(world, growth, mode, target), 0.0
    pieces: list[tuple[float, float, Mode, Any]] = []
    for _ in range(40):
        events: list[Any] = [lambda _, y: _distance(y, world) - target, _condition(mode, world)]
        for event, direction in zip(events, (1.0, -1.0), strict=True):
            event.terminal, event.direction = True, direction
        found: Any = solve_ivp(
            _derivative(mode, world),
            (end, end + LONGEST),
            state,
            method="LSODA",
            rtol=1e-11,
            atol=1e-13,
            dense_output=dense,
            events=events,
        )
        if not found.success or found.status != 1:
            break
        pieces.append((end, float(found.t[-1]), mode, found.sol))
        state, end = found.y[:, -1].copy(), float(found.t[-1])
        if len(found.t_events[0]):
            return pieces, state
        following = _next_mode(state, mode, world)
        if following is None:
            break
        mode = following
        for i in (0, 1):
            if mode.active[i]:
                state[3 + i] = 1.0
    raise InputError(
        "no path leads from these varieties to the long run in which the country with the head start, or the faster one, leads"
    )


def _read(world: Rivals, pieces: list[tuple[float, float, Mode, Any]], points: int) -> RivalPath:
    """Return the path in calendar time."""
    total = pieces[-1][1]
    near, far = min(300.0, total / 2), min(3000.0, total)
    half = max(points // 2, 2)
    time = np.unique(
        np.concatenate([np.linspace(0, near, half), np.geomspace(near, far, half + 1), [total - p[1] for p in pieces]])
    )

    def at(year: float) -> tuple[Array, Mode]:
        back = total - year
        for first, last, mode, sol in pieces:
            if back <= last or last == total:
                return np.asarray(sol(min(max(back, first), last))), mode
        raise AssertionError

    rows = [at(float(t)) for t in time]
    states = np.array([row[0] for row in rows])
    now = [motion(y, m, world) for y, m in rows]
    start = states[0]
    lead = states[:, 9] - start[9]
    wage = np.exp(states[:, 1:3])
    owned = _owned(start, world)

    @cache
    def residual() -> Array:
        gaps = [_motion_gap(piece, total - time, world) for piece in pieces]
        kinks = [float(np.max(np.abs(np.minimum(0.0, slacks(y, m, world))))) for y, m in rows]
        return np.array(
            [np.sum(owned) - 1, (owned[0] - world.spending[0]) * (world.freeness < 1), max(gaps), max(kinks)]
        )

    return RivalPath(
        time=time,
        ratio=np.exp(states[:, 0]),
        varieties=np.stack([lead, lead + [_distance(y, world) for y in states]], axis=-1),
        wage=wage,
        sales=np.array([m.sales for m in now]),
        growth=np.array([m.growth for m in now]),
        value=states[:, 3:5],
        spending=(float(owned[0]), float(owned[1])),
        lifetime=start[7:9],
        modes=tuple((total - last, mode) for _, last, mode, _ in reversed(pieces)),
        residual=residual,
    )


def _motion_gap(piece: tuple[float, float, Mode, Any], dates: Array, world: Rivals) -> float:
    """Return the largest gap between what prices and values move by from date to date, and the integral of their equations."""
    first, last, mode, sol = piece
    cut = np.unique(
        np.concatenate(
            [[last], dates[(dates > first) & (dates < last)], np.arange(first, last, max(12.0, (last - first) / 400))]
        )
    )
    nodes, weights = np.polynomial.legendre.leggauss(8)
    gaps = [0.0]
    for low, high in pairwise(cut):
        middle, half = (high + low) / 2, (high - low) / 2
        slope = [_backward(sol(middle + half * x), mode, world)[:5] for x in nodes]
        gaps.append(float(np.max(np.abs(sol(high)[:5] - sol(low)[:5] - half * weights @ np.array(slope)))))
    return max(gaps)
