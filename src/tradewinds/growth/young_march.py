r"""Knowledge along paths of two countries that learn by doing, many worlds at once; see :mod:`tradewinds.growth.young`.

Knowledge follows :math:`\dot T = f(T)`, where learning :math:`f` takes the equilibrium of a day. A window of time is solved whole,
by collocation at Gauss-Legendre nodes: Newton's method on knowledge at all nodes and on the equilibria of their days together,
windows one after the other in one system. What the polynomial misses between nodes is measured, and a window in which it misses too
much is split; so kinks, where a corner begins or ends, end up in windows so short that they do not matter. Where the lead changes
hands learning jumps, and a window ends on that date. Time is in units of one over the discount rate.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.young_day import learnt, located, rates

__all__ = ["Path", "march"]

Array = NDArray[np.float64]

#: Nodes of a window, the windows that are tried first, and the largest error of knowledge that a window may add: less than the
#: tolerance of the check of a path, 1e-9.
_COUNT, _EDGES, _ERROR = 16, (0.0, 0.7, 2.2, 6.0, 15.0, 36.0), 3e-10

#: Attempts at windows of a single world.
_ATTEMPTS = 500

#: Difference in knowledge that is none.
_LEVEL = 1e-9


def _matrices() -> tuple[Any, ...]:
    nodes, weights = legendre.leggauss(_COUNT)
    to_coefficients = np.linalg.inv(legendre.legvander(nodes, _COUNT - 1))
    integrals = legendre.legint(np.eye(_COUNT), lbnd=-1) / 2
    between = (nodes[1:] + nodes[:-1]) / 2
    tested = np.concatenate([[-1.0], between[::3], [1.0]])
    whole = legendre.legvander(nodes, _COUNT) @ integrals @ to_coefficients
    at_tested = legendre.legvander(tested, _COUNT) @ integrals @ to_coefficients
    values = legendre.legvander(tested, _COUNT - 1) @ to_coefficients
    # a kink before the first node or after the last misses by what it is off the end
    spans = np.full(tested.size, 1.0)
    spans[[0, -1]] = (1 + nodes[0]) / 2
    return spans, (nodes + 1) / 2, weights / 2, to_coefficients, integrals, whole, at_tested, values


_SPANS, _NODES, _WEIGHTS, _TO_COEFFICIENTS, _INTEGRALS, _WHOLE, _AT_TESTED, _VALUES = _matrices()


@dataclass
class Path:
    """Windows of a path of some worlds, one after the other; arrays have the worlds first, then nodes, then countries.

    Countries are in the order in which they were given. ``guess`` holds what a day is solved from, in the order of the laggard
    first, and ``turned`` where that is the other order.
    """

    starts: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    knowledge: list[Array] = field(default_factory=list)
    learning: list[Array] = field(default_factory=list)
    utility: list[Array] = field(default_factory=list)
    guess: list[Array] = field(default_factory=list)
    turned: list[NDArray[np.bool_]] = field(default_factory=list)

    def at(self, time: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
        """Return knowledge at times, what to solve their days from, and in which the second country is behind."""
        index = np.clip(np.searchsorted(self.starts, time, side="right") - 1, 0, None)
        worlds = len(self.knowledge[0])
        knowledge, guess = np.empty((worlds, time.size, 2)), np.empty((worlds, time.size, 3))
        turned = np.empty((worlds, time.size), dtype=bool)
        for i in np.unique(index):
            here = index == i
            unit = 2 * (time[here] - self.starts[i]) / self.lengths[i] - 1
            matrix = legendre.legvander(unit, _COUNT) @ _INTEGRALS @ _TO_COEFFICIENTS
            knowledge[:, here] = self.knowledge[i][:, np.newaxis] + self.lengths[i] * (matrix @ self.learning[i])
            guess[:, here] = (legendre.legvander(unit, _COUNT - 1) @ _TO_COEFFICIENTS) @ self.guess[i]
            turned[:, here] = self.turned[i][:, np.newaxis]
        return knowledge, guess, turned

    def stream(self) -> tuple[Array, Array]:
        """Return utilities of days, shape (worlds, T, 2), and weights of their integral discounted to time 0."""
        starts, lengths = np.array(self.starts)[:, np.newaxis], np.array(self.lengths)[:, np.newaxis]
        weights = lengths * _WEIGHTS * np.exp(-(starts + lengths * _NODES))
        return np.concatenate(self.utility, axis=1), weights.ravel()


def march(
    scale: Array, knowledge: Array, labour: Array, rho: Array, end: float, point: Array | None = None
) -> tuple[Path, NDArray[np.bool_]]:
    """Return paths of worlds with free trade, and for which of them these windows do.

    Parameters
    ----------
    scale, rho : ndarray, shape (worlds,)
    knowledge, labour : ndarray, shape (worlds, 2)
    end : float
        Last time.
    point : ndarray, shape (worlds, 3), optional
        Unknowns of the days of time 0, where the first country is behind.

    A single world gets the windows it needs; of several, those that need others are told.

    Raises
    ------
    InputError
        If a single world takes more attempts than are made.
    """
    edges = [*(e for e in _EDGES if e < end), end]
    todo, state = list(itertools.pairwise(edges)), _State(scale, knowledge, labour, rho, point)
    if len(scale) > 1:
        found = state.attempt(todo, None)
        state.keep(todo, found)
        return state.path, np.all(found.error <= _ERROR, axis=1)
    warm: Any = None  # what an attempt that failed is worth
    several = True  # all windows that are left at once; where the first of them fails, that alone
    for _ in range(_ATTEMPTS):
        tried = todo if several else todo[:1]
        found = state.attempt(tried, None if warm is None else _again(warm[0], warm[1], warm[2], tried))
        fine = found.error[0] <= _ERROR
        if not fine[0] and np.all(np.isfinite(found.learning[:, 0])):
            # a kink, in a window that does not matter; where the lead changes hands, learning jumps, and less matters
            fine[0] = tried[0][1] - tried[0][0] <= (1e-12 if found.passed else 1e-7) * end
        kept = len(tried) if np.all(fine) else int(np.argmin(fine))
        state.keep(tried[:kept], found)
        todo = todo[kept:]
        if not todo:
            return state.path, np.ones(1, dtype=bool)
        solved = found.clear and bool(np.all(np.isfinite(found.error)))
        warm = (
            (tried[kept:], found.knowledge[:, kept:], found.point[:, kept:]) if solved and kept < len(tried) else None
        )
        if kept == 0 and (found.clear or not several):
            (start, stop), at = todo[0], found.kink
            todo[:1] = [(start, start + at * (stop - start)), (start + at * (stop - start), stop)]
        several = kept > 0 or solved
    raise InputError(
        f"the path of bounded learning is not found after {_ATTEMPTS} attempts, at {todo[0][0] / float(rho[0]):.4g} years; "
        "change knowledge or labour a little"
    )


class _State:
    """How far paths have come: knowledge and who is behind, and the windows so far."""

    def __init__(self, scale: Array, knowledge: Array, labour: Array, rho: Array, point: Array | None) -> None:
        self.log_scale, self.labour, self.rho = np.log(scale), labour, rho
        self.path, self.now, self.last = Path(), knowledge, np.zeros_like(knowledge)
        self.point = np.full((len(scale), 3), np.nan) if point is None else point
        self.turned = np.zeros(len(scale), dtype=bool)

    def attempt(self, tried: list[tuple[float, float]], begin: tuple[Array, Array] | None) -> _Windows:
        """Solve windows from here; where the lead has changed hands, what is known of the day is of no use."""
        close = self.now[:, 1] - self.now[:, 0] <= _LEVEL  # then who learns more is about to lead
        turned = (self.now[:, 0] > self.now[:, 1]) | (close & (self.last[:, 0] > self.last[:, 1]))
        self.point = np.where((turned == self.turned)[:, np.newaxis], self.point, np.nan)
        self.turned = turned
        self.order = np.where(turned[:, np.newaxis], [1, 0], [0, 1])
        local, heads = (np.take_along_axis(v, self.order, axis=1) for v in (self.now, self.labour))
        lengths = np.array([b - a for a, b in tried]) / self.rho[:, np.newaxis]
        return _windows(self.log_scale, local, heads, lengths, self.point, begin)

    def keep(self, windows: list[tuple[float, float]], found: _Windows) -> None:
        """Add windows to the path, and go on from the end of the last."""
        turn, path = self.order[:, np.newaxis], self.path
        for i, (start, stop) in enumerate(windows):
            learning = np.take_along_axis(found.learning[:, i], turn, axis=2) / self.rho[:, np.newaxis, np.newaxis]
            path.starts.append(start)
            path.lengths.append(stop - start)
            path.knowledge.append(self.now)
            path.learning.append(learning)
            path.utility.append(np.take_along_axis(found.utility[:, i], turn, axis=2))
            path.guess.append(found.point[:, i])
            path.turned.append(self.turned)
            self.now = self.now + (stop - start) * (_WEIGHTS @ learning)
            self.point, self.last = found.last[:, i], learning[:, -1]


@dataclass
class _Windows:
    """What windows hold at their nodes, unknowns at their ends, errors, and where to split the first (0 to 1)."""

    knowledge: Array
    learning: Array
    utility: Array
    point: Array
    last: Array
    error: Array
    kink: float
    clear: bool  # whether the first is solved, if not well enough
    passed: bool  # whether the lead changes hands in the first


def _windows(
    log_scale: Array, start: Array, heads: Array, lengths: Array, point: Array, begin: tuple[Array, Array] | None
) -> _Windows:
    """Solve windows of so many years, one after the other, all at once.

    Arrays have the worlds first, then the windows; the laggard of the start comes first. ``begin`` holds knowledge and unknowns at
    nodes, where an attempt has been made.
    """
    lost = ~np.all(np.isfinite(point), axis=1)
    if np.any(lost):
        gap = np.maximum(start[lost, 1] - start[lost, 0], 0.0)
        point = point.copy()
        point[lost] = located(log_scale[lost] - start[lost, 0], gap, heads[lost], None)

    def evaluate(points: Array, knowledge: Array) -> tuple[Array, ...]:
        shape = knowledge.shape[:-1]
        level = (log_scale[:, np.newaxis, np.newaxis] - knowledge[..., 0]).ravel()
        gap = np.maximum(knowledge[..., 1] - knowledge[..., 0], 0.0).ravel()
        found = rates(points.reshape(-1, 3), level, gap, np.repeat(heads, shape[1] * shape[2], axis=0))
        return tuple(v.reshape(*shape, *v.shape[1:]) for v in found)

    span = lengths[..., np.newaxis, np.newaxis]
    starts, knowledge, points = (
        _guess(log_scale, start, heads, lengths, point) if begin is None else _from(start, begin)
    )
    with np.errstate(all="ignore"):  # what runs away has an error that is not a number
        for _ in range(10):
            step, learning, slopes, moves, utility = evaluate(points, knowledge)
            change, starts = _step(start, starts, knowledge, learning, slopes, span)
            knowledge = knowledge + change
            points = points + step + np.sum(moves * change[..., np.newaxis, :], axis=-1)
            miss = np.maximum(np.abs(change).max(axis=(2, 3)), np.abs(step).max(axis=(2, 3)))
            if not np.any(miss > 1e-8):  # the next would be below rounding; what has run away does not come back
                break
        tested, guess = starts[:, :, np.newaxis] + span * (_AT_TESTED @ learning), _VALUES @ points
        step, right, *_ = evaluate(guess, tested)
        error = lengths * np.max(np.max(np.abs(right - _VALUES @ learning), axis=3) * _SPANS, axis=2)
    reached = np.concatenate([knowledge, tested[:, :, -1:]], axis=2)  # the end is beyond the last node
    passed = np.min(reached[..., 1] - reached[..., 0], axis=2) < -2 * _LEVEL
    error = np.where(np.isfinite(error) & (miss <= 1e-8) & ~passed, error, np.inf)
    last, clear = (guess + step)[:, :, -1], bool(miss[0, 0] <= 1e-8)
    if not clear:
        reached[0, 0, -1] = knowledge[0, 0, -1]
    # what runs away crosses anywhere, and early
    kink = _kink(point[0], points[0, 0], start[0], reached[0, 0], 1e-7 if clear else 0.1)
    return _Windows(knowledge, learning, utility, points, last, error, kink, clear, bool(passed[0, 0]))


def _from(start: Array, begin: tuple[Array, Array]) -> tuple[Array, Array, Array]:
    """Return starts of windows, knowledge and unknowns at nodes to begin from, where an attempt has been made."""
    knowledge, points = begin
    # the first nodes are next to where windows start
    return np.concatenate([start[:, np.newaxis], knowledge[:, 1:, 0]], axis=1), knowledge.copy(), points.copy()


def _again(
    windows: list[tuple[float, float]], knowledge: Array, points: Array, tried: list[tuple[float, float]]
) -> tuple[Array, Array] | None:
    """Return knowledge and unknowns at nodes of new windows from those of old ones, or nothing where they reach further."""
    if tried[-1][1] > windows[-1][1] or tried[0][0] < windows[0][0]:
        return None
    starts = np.array([a for a, _ in tried])[:, np.newaxis]
    time = starts + np.array([b - a for a, b in tried])[:, np.newaxis] * _NODES
    both, found = np.concatenate([knowledge, points], axis=-1)[0], np.empty((*time.shape, 5))
    index = np.clip(np.searchsorted([a for a, _ in windows], time, side="right") - 1, 0, None)
    for i in np.unique(index):
        here, (a, b) = index == i, windows[i]
        found[here] = legendre.legvander(2 * (time[here] - a) / (b - a) - 1, _COUNT - 1) @ _TO_COEFFICIENTS @ both[i]
    return found[np.newaxis, ..., :2], found[np.newaxis, ..., 2:]


def _guess(log_scale: Array, start: Array, heads: Array, lengths: Array, point: Array) -> tuple[Array, Array, Array]:
    """Return starts of windows, knowledge and unknowns at nodes to begin from: days are roughly solved at ends of windows."""
    days = np.concatenate([np.zeros((len(start), 1)), np.cumsum(lengths, axis=1)], axis=1)[..., np.newaxis]

    def near(knowledge: Array, guess: Array | None, accuracy: float = 0.1) -> tuple[Array, Array]:
        shape = knowledge.shape[:-1]
        level = (log_scale.reshape(-1, *[1] * (len(shape) - 1)) - knowledge[..., 0]).ravel()
        gap = np.maximum(knowledge[..., 1] - knowledge[..., 0], 0.0).ravel()
        people = np.repeat(heads, gap.size // len(start), axis=0)
        found = located(level, gap, people, None if guess is None else guess.reshape(-1, 3), accuracy)
        return found.reshape(*shape, 3), learnt(found, level, gap, people).reshape(knowledge.shape)

    learning = near(start, point, 1e-6)[1][:, np.newaxis]
    guess, learning = near(start[:, np.newaxis] + days * learning, None)
    grown = np.cumsum(np.diff(days, axis=1) * (learning[:, 1:] + learning[:, :-1]) / 2, axis=1)
    at = start[:, np.newaxis] + np.concatenate([np.zeros_like(grown[:, :1]), grown], axis=1)
    share = _NODES[:, np.newaxis]
    knowledge, points = (v[:, :-1, np.newaxis] * (1 - share) + v[:, 1:, np.newaxis] * share for v in (at, guess))
    return at[:, :-1], knowledge, near(knowledge, points)[0]


def _step(
    start: Array, starts: Array, knowledge: Array, learning: Array, slopes: Array, span: Array
) -> tuple[Array, Array]:
    """Return Newton's change of knowledge at all nodes, and where windows start, each where the one before ends."""
    worlds, windows, size = *starts.shape[:2], 2 * _COUNT
    gap = starts[:, :, np.newaxis] + span * (_WHOLE @ learning) - knowledge
    # (1 - length A f') change = gap + change of the start, nodes and countries together
    scaled = span[..., np.newaxis] * slopes
    system = _UNIT - (_WHOLE[:, np.newaxis, :, np.newaxis] * np.swapaxes(scaled, 2, 3)[:, :, np.newaxis]).reshape(
        worlds, windows, size, size
    )
    right = np.empty((worlds, windows, size, 3))
    right[..., 0], right[..., 1:] = gap.reshape(worlds, windows, size), _EACH
    system = np.where(np.all(np.isfinite(system), axis=(2, 3), keepdims=True), system, _UNIT)
    solved = _solved(system, right).reshape(worlds, windows, _COUNT, 2, 3)
    # of the end of each window: what learning at given nodes makes of it, and what changes at its nodes and its start add
    adds = np.tensordot(scaled @ solved, _WEIGHTS, axes=(2, 0))
    jump = starts[:, :-1] + (span[..., 0] * (_WEIGHTS @ learning) + adds[..., 0])[:, :-1] - starts[:, 1:]
    moved = np.zeros_like(starts)
    for i in range(windows - 1):
        moved[:, i + 1] = jump[:, i] + moved[:, i] + (adds[:, i, :, 1:] @ moved[:, i, :, np.newaxis])[..., 0]
    change = solved[..., 0] + (solved[..., 1:] @ moved[:, :, np.newaxis, :, np.newaxis])[..., 0]
    return change, starts + moved


def _solved(system: Array, right: Array) -> Array:
    """Return solutions of linear systems; of a singular one, which is far from a path, those of a system near by."""
    try:
        return np.asarray(np.linalg.solve(system, right), dtype=float)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.solve(system + 1e-9 * np.linalg.norm(system) * _UNIT, right), dtype=float)


_UNIT, _EACH = np.eye(2 * _COUNT), np.tile(np.eye(2), (_COUNT, 1))


def _kink(point: Array, points: Array, start: Array, reached: Array, least: float) -> float:
    """Return where a window is split: where a corner begins or ends, or the other country takes the lead; half way otherwise."""
    unit = np.concatenate([[0.0], _NODES, [1.0]])
    gap, x = np.append(start[1] - start[0], reached[:, 1] - reached[:, 0]), np.append(point[2], points[:, 2])
    if np.any(gap < 0):
        i = max(1, int(np.argmax(gap < 0)))
        part = max(gap[i - 1], 0.0) / (max(gap[i - 1], 0.0) - gap[i])
        most = 1 - 1e-7 if i == unit.size - 1 else 0.9
        return float(np.clip(unit[i - 1] + part * (unit[i] - unit[i - 1]), least, most))
    unit, gap = unit[:-1], gap[:-1]
    for room in (x, 2 * gap - x):  # to the lower corner, and to the upper
        bound = room <= 1e-11
        changes = np.flatnonzero(np.diff(bound.astype(int)))
        if changes.size:
            i = int(changes[0])
            # from inside along a straight line
            near, far = (i, i - 1) if bound[i + 1] else (i + 1, i + 2)
            at = (unit[i] + unit[i + 1]) / 2
            if 0 <= far < unit.size and not bound[far] and room[far] != room[near]:
                line = unit[near] + room[near] * (unit[near] - unit[far]) / (room[far] - room[near])
                at = line if unit[i] < line < unit[i + 1] else at
            return float(np.clip(at, 1e-5, 0.99999))
    # where a country begins or ends to buy what only just pays, or what both could make: weak kinks
    b = np.concatenate([point[np.newaxis, :2], points[:, :2]])
    for cross in [b[:, i] - edge for i in (0, 1) for edge in (0.0, x / 2, x - gap)]:
        changes = np.flatnonzero(cross[1:] * cross[:-1] < 0)
        if changes.size:
            i = int(changes[0])
            at = unit[i] + cross[i] / (cross[i] - cross[i + 1]) * (unit[i + 1] - unit[i])
            if 0.01 < at < 0.99:
                return float(at)
    return 0.5
