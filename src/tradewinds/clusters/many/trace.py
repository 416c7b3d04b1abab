"""Every step of a path of many countries: where steps end, and what is found there by whole steps and by halves."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

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
    def error(self) -> float:
        """Largest difference between whole and halved steps, relative to technology."""
        return _gap(self.whole, self.technology[:, 2])


class Tracer:
    """Follows technology on a grid of steps, and finds a grid. One program is compiled for all of it."""

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

    def graded_grid(self, nodes: Array, tolerance: float) -> tuple[Array, Array]:
        """Return starts and lengths of steps that end at every node, each as long as the tolerance lets it be.

        How far a step is off is the difference between it whole and in two halves, from the same start.
        """
        horizon, technology, guess = float(nodes[-1]), self.parameters.technology, self.first_wages
        time, length = float(nodes[0]), _FIRST_STEP * float(nodes[1] - nodes[0])
        starts: list[float] = []
        for node in nodes[1:].tolist():
            segment = self._segment((time + node) / 2)
            while time < node and len(starts) < MOST_STEPS:
                left = node - time
                taken = left / max(1.0, float(np.ceil(left / length - 1e-9)))  # the last before a node is not a sliver
                _, two, both = self._pair(technology, technology, guess, time, taken, segment)
                error = _gap(both.end, two.end) / (_ONE_STEP * tolerance)
                error = error if np.isfinite(error) else np.inf
                length = taken * float(np.clip(0.9 * max(error, 1e-12) ** -0.2, 0.1, 4.0))
                if error <= 1 or taken <= _SHORTEST * horizon:
                    starts.append(time)
                    technology, guess = two.end, two.last
                    time = node if taken == left else time + taken
        if time < horizon:  # too many: the rest in steps of equal length
            return step_grid(nodes, MOST_STEPS)
        edges = np.array([*starts, horizon])
        return edges[:-1], np.diff(edges)

    def trace(self, starts: Array, lengths: Array) -> Trace:
        """Follow technology by half steps, and again by whole ones for comparison."""
        segments = np.array([self._segment(middle) for middle in (starts + lengths / 2).tolist()])
        technology = whole = self.parameters.technology
        guess, solves, last = self.first_wages, self.solves, len(starts) - 1
        levels, wholes, wages = [], [], []
        for k, (start, length, segment) in enumerate(
            zip(starts.tolist(), lengths.tolist(), segments.tolist(), strict=True)
        ):
            one, two, both = self._pair(technology, whole, guess, start, length, segment)
            solves += one.solves + two.solves + both.solves
            levels.append((technology, one.end, two.end))
            wholes.append(both.end)
            wages.append([one.first, two.first, one.first])
            if k and segments[k - 1] == segment:
                wages[k - 1][2] = one.first
            technology, whole, guess = two.end, both.end, two.last
            if k == last or segments[k + 1] != segment:  # before a jump there, if any
                ended = self._step(technology, guess, start + length, 0.0, segment)
                wages[k][2], solves = ended.first, solves + ended.solves
        technologies, ends, log_wages = (np.asarray(part) for part in (levels, wholes, wages))
        return Trace(self.parameters, starts, lengths, self.cost, segments, technologies, ends, log_wages, int(solves))

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

    def _pair(
        self, technology: Array, whole: Array, guess: Array, start: float, length: float, segment: int
    ) -> tuple[Any, Any, Any]:
        """Return two half steps, and a whole one from its own start."""
        one = self._step(technology, guess, start, length / 2, segment)
        two = self._step(one.end, one.last, start + length / 2, length / 2, segment)
        return one, two, self._step(whole, one.first, start, length, segment)

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
    return float(np.max(np.abs(np.asarray(whole) / np.asarray(halved) - 1)))


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
