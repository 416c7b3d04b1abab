"""Every step of a path of many countries: where steps end, and what is found there by whole steps and by halves."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.many.parameters import ManyParameters

__all__ = ["MOST_STEPS", "Trace", "Tracer", "split", "step_grid"]

Array = NDArray[np.float64]

#: Steps after which a path is not refined any more.
MOST_STEPS = 2048

_STAGES = 8  # of the trade elasticity, from a low one to its own, on the way to the first wages
_FIRST_STEP = 1 / 64  # of the time to the first node
_ONE_STEP = 0.015  # of the tolerance is what a step may be off: errors of a path add up
_SHORTEST = 1e-7  # step, as a part of the horizon


@dataclass(frozen=True, eq=False)
class Trace:
    """Every step of a path: start, middle and end, technology and log wages, with trade costs there."""

    parameters: ManyParameters
    starts: Array
    lengths: Array
    costs: Any  # function of (time, segment)
    segments: NDArray[np.intp]
    technology: Array  #: (K, 3, C, n)
    whole: Array  #: at the ends by whole steps, (K, C, n)
    log_wages: Array  #: (K, 3, C)
    solves: int

    @property
    def errors(self) -> Array:
        """Errors at the ends of steps, relative to technology, (K, C, n).

        Halved steps are off by a sixteenth of what whole ones are, so by a fifteenth of the difference between the two
        (Richardson).
        """
        return np.asarray(np.abs(self.whole / self.technology[:, 2] - 1) / 15)

    @property
    def error(self) -> float:
        """Largest of them."""
        return float(np.max(self.errors))


class _Halves(NamedTuple):
    """A step in two halves."""

    start: Array  #: technology
    one: Any
    two: Any


class Tracer:
    """Follows technology on a grid of steps, or finds one on the way. One program is compiled for all of it."""

    def __init__(self, parameters: ManyParameters, dates: Array, costs: Array, changes: str) -> None:
        from tradewinds.clusters.many.economy import economy_of
        from tradewinds.clusters.many.paths import CostPath

        self.parameters, self.dates = parameters, dates
        self.economy = economy_of(parameters)
        self.path = CostPath(dates, costs, np.asarray(1.0 if changes == "gradual" else 0.0))
        self.first_wages, self.solves = self._first_wages()

    def cost(self, time: float, segment: int) -> Array:
        """Return trade costs, (C, C, n), continued from within a segment."""
        if len(self.dates) == 1:
            return np.asarray(self.path.costs[0])
        return np.asarray(_compiled()[1](self.path, time, segment))

    def graded(self, nodes: Array, tolerance: float) -> Trace:
        """Follow technology in steps that end at every node, each as long as the tolerance lets it be.

        How far a step is off is told by the difference between it whole and in two halves, from the same start.
        """
        horizon, technology, guess = float(nodes[-1]), self.parameters.technology, self.first_wages
        time, length = float(nodes[0]), _FIRST_STEP * float(nodes[1] - nodes[0])
        starts: list[float] = []
        halves: list[_Halves] = []
        for node in nodes[1:].tolist():
            segment = self._segment((time + node) / 2)
            while time < node and len(starts) < MOST_STEPS:
                left = node - time
                taken = left / max(1.0, float(np.ceil(left / length - 1e-9)))  # the last before a node is not a sliver
                both = self._halves(technology, guess, time, taken, segment)
                whole = self._step(technology, both.one.first, time, taken, segment).end
                error = _gap(whole, both.two.end) / (_ONE_STEP * tolerance)
                error = error if np.isfinite(error) else np.inf
                length = taken * float(np.clip(0.9 * max(error, 1e-12) ** -0.2, 0.1, 4.0))
                if error <= 1 or taken <= _SHORTEST * horizon:
                    starts.append(time)
                    halves.append(both)
                    technology, guess = both.two.end, both.two.last
                    time = node if taken == left else time + taken
        if time < horizon:  # too many: steps of equal length
            return self.trace(*step_grid(nodes, MOST_STEPS))
        edges = np.array([*starts, horizon])
        return self._compared(edges[:-1], np.diff(edges), halves)

    def trace(self, starts: Array, lengths: Array) -> Trace:
        """Follow technology on a grid of steps."""
        technology, guess = self.parameters.technology, self.first_wages
        halves = []
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            both = self._halves(technology, guess, start, length, self._segment(start + length / 2))
            halves.append(both)
            technology, guess = both.two.end, both.two.last
        return self._compared(starts, lengths, halves)

    def _compared(self, starts: Array, lengths: Array, halves: list[_Halves]) -> Trace:
        """Follow technology again by whole steps, and collect wages at both ends of each."""
        segments = np.array([self._segment(middle) for middle in (starts + lengths / 2).tolist()])
        whole, solves, wholes, wages = self.parameters.technology, self.solves, [], []
        for k, (both, segment) in enumerate(zip(halves, segments.tolist(), strict=True)):
            start, length = float(starts[k]), float(lengths[k])
            taken = self._step(whole, both.one.first, start, length, segment)
            whole = taken.end
            if k + 1 < len(halves) and segments[k + 1] == segment:
                last = halves[k + 1].one.first
            else:  # before a jump there, if any
                ended = self._step(both.two.end, both.two.last, start + length, 0.0, segment)
                last, solves = ended.first, solves + ended.solves
            wholes.append(whole)
            wages.append((both.one.first, both.two.first, last))
            solves += both.one.solves + both.two.solves + taken.solves
        technology = np.asarray([(both.start, both.one.end, both.two.end) for both in halves])
        return Trace(
            self.parameters,
            starts,
            lengths,
            self.cost,
            segments,
            technology,
            np.asarray(wholes),
            np.asarray(wages),
            int(solves),
        )

    def _first_wages(self) -> tuple[Array, float]:
        """Return log wages of time 0: real wages of autarky first, then the trade elasticity raised to its own."""
        from scipy.special import logsumexp

        power, theta = self.parameters.sigma - 1, self.parameters.trade_elasticity
        guess, solves = logsumexp(power * np.log(self.parameters.technology), axis=1) / power, 0.0
        for stage in np.geomspace(min(theta, max(2.0, power)), theta, _STAGES).tolist():
            economy = self.economy._replace(theta=np.asarray(stage))
            found = _compiled()[0](self.parameters.technology, guess, 0.0, 0.0, 0, economy, self.path)
            guess, solves = found.first, solves + found.solves
        return guess, solves

    def _halves(self, technology: Array, guess: Array, start: float, length: float, segment: int) -> _Halves:
        one = self._step(technology, guess, start, length / 2, segment)
        return _Halves(technology, one, self._step(one.end, one.last, start + length / 2, length / 2, segment))

    def _step(self, technology: Array, guess: Array, start: float, length: float, segment: int) -> Any:
        return _compiled()[0](technology, guess, start, length, segment, self.economy, self.path)

    def _segment(self, time: float) -> int:
        return int(np.searchsorted(self.dates, time, side="right")) - 1


def step_grid(nodes: Array, count: int) -> tuple[Array, Array]:
    """Return starts and lengths of about ``count`` steps that end at every node."""
    gaps = np.diff(nodes)
    parts = np.maximum(1, np.ceil(count * gaps / (nodes[-1] - nodes[0]) - 1e-9)).astype(int)
    lengths = np.repeat(gaps / parts, parts)
    starts = np.concatenate(
        [low + (high - low) * np.arange(m) / m for low, high, m in zip(nodes, nodes[1:], parts, strict=False)]
    )
    return starts, lengths


def split(starts: Array, lengths: Array, parts: int) -> tuple[Array, Array]:
    """Return starts and lengths of steps each of which is one of so many equal parts of another."""
    inside = starts[:, np.newaxis] + lengths[:, np.newaxis] * (np.arange(parts) / parts)
    return inside.ravel(), np.repeat(lengths / parts, parts)


def _gap(whole: Any, halved: Any) -> float:
    return float(np.max(np.abs(np.asarray(whole) / np.asarray(halved) - 1))) / 15


@functools.cache
def _compiled() -> tuple[Any, Any]:
    """Return a step and trade costs, compiled when first used. A step without length is how wages alone are solved for."""
    import jax
    import jax.numpy as jnp

    from tradewinds.clusters.many.paths import cost_at, runge_kutta

    def step(technology: Any, guess: Any, time: Any, length: Any, segment: Any, economy: Any, path: Any) -> Any:
        return runge_kutta(
            technology, guess, time, length, segment, economy, path, lambda _, income: jnp.zeros_like(income)
        )

    return jax.jit(step), jax.jit(cost_at)
