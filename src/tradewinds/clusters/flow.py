"""Technology while one pattern of who makes what holds: a smooth differential equation, and the date at which it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.patterns import Pattern

__all__ = ["Segment", "follow"]

Array = NDArray[np.float64]

_RELATIVE_ERROR = 1e-12  # asked of each step
_PROBES = np.linspace(0, 1, 9)  # parts of a step at which the pattern is looked at
_SLACK = 1e-11  # that an industry which starts at the relative wage may lose to rounding

#: Finds the first date within a step, if any, at which something outside the pattern happens.
Watch = Callable[[float, float, Callable[[Any], Array]], "float | None"]


@dataclass(frozen=True, eq=False)
class Segment:
    """A part of a path on which one pattern holds.

    Attributes
    ----------
    start, end : float
    pattern : Pattern
    steps : ndarray
        Dates between which the integrator made one step.
    ended_by : {"stop", "pattern", "watch", "failure"}
    """

    start: float
    end: float
    pattern: Pattern = field(repr=False)
    steps: Array = field(repr=False)
    ended_by: str
    _interpolant: Any = field(repr=False)

    @property
    def regime(self) -> str:
        """Autarky, partial trade, trade or free migration."""
        return self.pattern.regime

    @property
    def open_industries(self) -> tuple[int, ...]:
        """Industries that trade, counted from one."""
        return tuple(int(i) + 1 for i in np.flatnonzero(~self.pattern.closed))

    def technology_at(self, time: Any) -> Array:
        """Return technology at one date, shape (2, n), or at T of them, shape (T, 2, n)."""
        values = np.moveaxis(np.asarray(self._interpolant(time)), -1, 0) if np.ndim(time) else self._interpolant(time)
        return np.asarray(values).reshape(*np.shape(time), 2, -1)


def follow(
    pattern: Pattern, technology: Array, start: float, stop: float, max_step: float, watch: Watch | None = None
) -> Segment:
    """Integrate learning (eq. 9) until the pattern ends, the watch sees something, or the stop.

    The equation is integrated by Dormand and Prince's method of order 8, with dense output. Every step is looked at in nine
    places, and at the lowest points between them, for an industry that ends the pattern; the date is found by Brent's method.
    """
    from scipy.integrate import DOP853, OdeSolution

    shape = technology.shape
    solver = DOP853(
        lambda _, state: pattern.rates(state.reshape(shape)).ravel(),
        start,
        technology.ravel(),
        stop,
        max_step=max_step,
        rtol=_RELATIVE_ERROR,
        atol=_RELATIVE_ERROR * technology.min(),
    )
    allowed = _allowed(pattern, technology)
    times, pieces, ended_by, end = [start], [], "stop", start
    while ended_by == "stop" and end < stop:
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):  # too long a step is tried again
            message = solver.step()
        if message is not None:
            ended_by = "failure"
            break
        piece = solver.dense_output()
        low, end = times[-1], float(solver.t)

        def at(time: Any, piece: Any = piece) -> Array:
            return np.asarray(np.moveaxis(piece(time), -1, 0) if np.ndim(time) else piece(time)).reshape(
                *np.shape(time), *shape
            )

        for kind, found in (
            ("pattern", _end_of(pattern, at, low, end, allowed)),
            ("watch", watch(low, end, at) if watch else None),
        ):
            if found is not None and (found < end or ended_by == "stop"):
                end, ended_by = found, kind
        if end > low:
            times.append(end)
            pieces.append(piece)
    if not pieces:
        return Segment(start, start, pattern, np.array([start]), ended_by, lambda _: technology.ravel())
    return Segment(start, times[-1], pattern, np.array(times), ended_by, OdeSolution(times, pieces))


def _allowed(pattern: Pattern, technology: Array) -> Array:
    """Return how negative the slack of each industry may become: not at all, but for rounding where it starts at zero."""
    slack, rounding = pattern.slack(technology), _SLACK + pattern.share_rounding(technology)
    return np.where(slack < 100 * rounding, np.maximum(-slack, 0.0) + rounding, 0.0)


def _end_of(pattern: Pattern, at: Callable[[Any], Array], low: float, high: float, allowed: Array) -> float | None:
    """Return the first date in a step at which an industry has no slack left."""
    from scipy.optimize import minimize_scalar

    if pattern.closed.all():
        return None
    dates = low + _PROBES * (high - low)
    slack = pattern.slack(at(dates)) + allowed

    def least(time: float) -> float:
        return float((pattern.slack(at(time)) + allowed).min())

    for k in range(1, len(dates)):
        if slack[k].min() < 0:
            if slack[k - 1].min() < 0:
                return float(dates[k - 1])
            return _crossing(least, dates[k - 1], dates[k])
        if k + 1 < len(dates):
            dips = _dips(slack[k - 1], slack[k], slack[k + 1])
            for i in np.flatnonzero(dips & (slack[k + 1] >= 0)):
                found = minimize_scalar(
                    lambda time, i=i: float(pattern.slack(at(time))[i] + allowed[i]),
                    bounds=(dates[k - 1], dates[k + 1]),
                    method="bounded",
                    options={"xatol": 1e-10 * (high - low)},
                )
                if found.fun < 0:
                    return _crossing(least, dates[k - 1], found.x)
    return None


def _crossing(least: Callable[[float], float], low: float, high: float) -> float:
    """Return the date at which slack is gone; if it goes within a few units of the last place, the date just after.

    With close substitutes a share runs from one end to the other in an instant. Short of the end, the pattern would seem to hold.
    """
    from scipy.optimize import brentq

    date = float(brentq(least, low, high, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=1000))
    step = float(np.spacing(date))
    while date < high and least(date) > _SLACK:
        date, step = min(date + step, high), 2 * step
    return date


def _dips(left: Array, middle: Array, right: Array) -> NDArray[np.bool_]:
    """Return whether a parabola through three neighbours has its lowest point between them, near or below zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        bend, slope = left + right - 2 * middle, (right - left) / 2
        lowest = middle - slope**2 / (2 * bend)
        near = np.abs(slope) + bend  # a parabola errs by less than it bends
        return (middle <= left) & (middle <= right) & (bend > 0) & (lowest < 0.1 * near)
