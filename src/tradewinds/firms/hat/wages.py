"""Wages at which nobody's labour is in excess demand: Anderson acceleration first, Newton's method where it stalls.

Both treat the excess demand for labour as a black box. Anderson's method needs one evaluation a step and solves most changes in a
dozen; Newton's needs one a country and step, and gets through changes that move wages far.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["find_wages"]

Array = NDArray[np.float64]
Excess = Callable[[Array], Array]

_MEMORY = 8
_TOLERANCE = 1e-12
#: Evaluations without a better point after which Anderson's method is taken to have stalled.
_PATIENCE = 40


def find_wages(excess: Excess, damping: float, start: Array, largest: int, limit: int) -> tuple[Array, list[float]]:
    """Return log wages where excess demand is zero, or the best found, and the largest excess at each evaluation.

    Parameters
    ----------
    excess : callable
        Log wages to logs of demand for labour over its supply; not finite where there is none.
    damping : float
        Share of the excess by which a plain step moves log wages.
    start : ndarray
        Log wages to start from.
    largest : int
        Place of the largest country.
    limit : int
        Evaluations.
    """
    history: list[float] = []

    def counted(at: Array) -> tuple[Array, float]:
        found = excess(at)
        history.append(float(np.max(np.abs(found))) if np.all(np.isfinite(found)) else np.inf)
        return found, history[-1]

    best, norm = _anderson(counted, damping, start, limit)
    if norm > _TOLERANCE:
        best = _newton(counted, best, largest, history, limit)
    return best, history


def _anderson(
    excess: Callable[[Array], tuple[Array, float]], damping: float, start: Array, limit: int
) -> tuple[Array, float]:
    """Return the best point and its excess: each step combines the last few as would have left the least excess.

    Where excess grows tenfold, memory is dropped and a smaller plain step is taken from the best point.
    """
    x = best = start
    norm, stale = np.inf, 0
    points: list[Array] = []
    moves: list[Array] = []
    for _ in range(limit):
        move, largest = excess(x)
        stale = 0 if largest < 0.9 * norm else stale + 1
        if largest < norm:
            best, best_move, norm = x, move, largest
        if norm <= _TOLERANCE or stale > _PATIENCE or not np.isfinite(norm):
            break
        if largest > 10 * norm:
            points, moves, damping = [], [], damping / 2
            x, move = best, best_move
        points, moves = [*points[-_MEMORY:], x], [*moves[-_MEMORY:], damping * move]
        x = points[-1] + moves[-1]
        if len(points) > 1:
            change = np.diff(np.array(moves), axis=0).T
            weight = np.linalg.lstsq(change, moves[-1], rcond=1e-10)[0]
            x = x - (np.diff(np.array(points), axis=0).T + change) @ weight
    return best, norm


def _newton(
    excess: Callable[[Array], tuple[Array, float]],
    x: Array,
    largest: int,
    history: list[float],
    limit: int,
    width: float = 1e-6,
) -> Array:
    """Return the point reached by Newton's method with differences, steps cut until excess falls.

    The wage of the largest country stays and its equation is left out: it holds where the others do (Walras).
    """
    others = np.flatnonzero(np.arange(len(x)) != largest)

    def at(point: Array) -> tuple[Array, float]:
        found = excess(point)[0][others]
        return found, float(np.max(np.abs(found))) if np.all(np.isfinite(found)) else np.inf

    value, norm = at(x)
    while _TOLERANCE < norm < np.inf and len(history) < limit:
        slope = np.column_stack([(at(x + width * unit)[0] - value) / width for unit in np.eye(len(x))[others]])
        if not np.all(np.isfinite(slope)):
            break
        step = np.zeros(len(x))
        step[others] = np.linalg.lstsq(slope, -value, rcond=1e-14)[0]
        length = min(1.0, 1.0 / float(np.max(np.abs(step))))
        while length > 1e-7:
            trial, found = at(x + length * step)
            if found < norm:
                break
            length /= 2
        else:
            break
        x, value, norm = x + length * step, trial, found
    return x
