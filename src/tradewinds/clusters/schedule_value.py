r"""What a schedule of opening is worth, for a search that asks often: the parts that schedules have in common are kept.

Every path is followed exactly, from event to event, as :func:`~tradewinds.clusters.simulate` does; utility is added up on the way.
Two schedules that agree up to a date share the way there.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.flow import Segment, follow
from tradewinds.clusters.income_profile import duration
from tradewinds.clusters.openings import static_pattern
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.patterns import Pattern
from tradewinds.clusters.transitions import first_pattern, next_pattern

__all__ = ["Objective", "ScheduleValue", "utility_over"]

Array = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_KEPT = 4000  # states on the way
_STEPS = 5  # of the integrator at least, to the horizon
_MOST_SEGMENTS = 500


def utility_over(log_ratio: Array, risk_aversion: float) -> Array:
    """Return utility of consumption over a reference, given the log of their ratio; zero there, with a slope of one."""
    curvature = 1 - risk_aversion
    return log_ratio if curvature == 0 else np.asarray(np.expm1(curvature * log_ratio) / curvature)


@dataclass(frozen=True, eq=False)
class Objective:
    """Whose welfare counts.

    Attributes
    ----------
    kind : {"home", "foreign", "weighted", "nash"}
    home_weight : float
        Of home under ``weighted``.
    risk_aversion : float
    autarky : ndarray, shape (2,)
        Average utility without trade, what each falls back to under ``nash``.
    """

    kind: str
    home_weight: float
    risk_aversion: float
    autarky: Array

    def score(self, utility: Array) -> Array:
        """Return what is maximised, in logs of consumption, for average utilities of shape (..., 2)."""
        if self.kind == "nash":
            gains = (utility - self.autarky) / (1 + (1 - self.risk_aversion) * self.autarky)
            smaller = gains.min(axis=-1)
            with np.errstate(invalid="ignore"):
                product = np.sqrt(np.maximum(gains[..., 0], 0) * np.maximum(gains[..., 1], 0))
            return np.where(smaller > 0, product, smaller)  # no deal makes the loser worse off than without one
        weights = {"home": 1.0, "foreign": 0.0, "weighted": self.home_weight}[self.kind]
        mean = weights * utility[..., 0] + (1 - weights) * utility[..., 1]
        if self.risk_aversion == 1:
            return np.asarray(mean)
        return np.asarray(np.log1p((1 - self.risk_aversion) * mean) / (1 - self.risk_aversion))


@dataclass(frozen=True, eq=False)
class _State:
    """The way up to a date: technology, pattern in force, and utility so far."""

    time: float
    technology: Array
    pattern: Pattern | None
    utility: Array
    log_income: Array


@dataclass(eq=False)
class ScheduleValue:
    """Average discounted utility of schedules of one economy.

    Attributes
    ----------
    parameters : ClusterParameters
    discount_rate, risk_aversion : float
    horizon : float
        Last date that counts, or infinity.
    simulated : float
        Last date that is followed; after it real income stays.
    reference : float
        Log of real income per worker at which utility is zero, with a slope of one, so that no digits are lost.
    evaluations : int
        Schedules valued so far.
    """

    parameters: ClusterParameters
    discount_rate: float
    risk_aversion: float
    horizon: float
    simulated: float
    reference: float
    evaluations: int = 0
    _kept: OrderedDict[tuple[tuple[float, ...], float], _State] = field(default_factory=OrderedDict, repr=False)
    _known: dict[tuple[float, ...], Array] = field(default_factory=dict, repr=False)

    def __call__(self, open_at: Array) -> Array:
        """Return average utility of each country, shape (2,)."""
        dates = np.where(open_at < self.simulated, open_at, np.inf)
        key = tuple(dates.tolist())
        if key not in self._known:
            self.evaluations += 1
            self._known[key] = self._value(dates)
        return self._known[key]

    def _value(self, dates: Array) -> Array:
        stops = [*sorted({date for date in dates.tolist() if 0 < date < self.simulated}), self.simulated]
        state = _State(0.0, self.parameters.technology, None, np.zeros(2), np.zeros(2))
        state = self._opened(state, dates <= 0)
        for stop in stops:
            done = tuple(np.where(dates <= state.time, dates, np.inf).tolist())
            if (done, stop) not in self._kept:
                self._kept[done, stop] = self._advanced(state, stop)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            state = self._kept[done, stop]
            if state.pattern is None:
                return np.full(2, -np.inf)
            if stop < self.simulated:
                state = self._opened(state, dates <= stop)
        total = state.utility
        if np.isinf(self.horizon):
            total = total + np.exp(-self.discount_rate * stop) / self.discount_rate * self._utility(state.log_income)
        return np.asarray(total / duration(self.discount_rate, self.horizon))

    def _opened(self, state: _State, is_open: NDArray[np.bool_]) -> _State:
        parameters = self.parameters.replace(technology=state.technology)
        pattern = first_pattern(static_pattern(parameters, is_open), state.technology)
        return _State(state.time, state.technology, pattern, state.utility, state.log_income)

    def _advanced(self, state: _State, stop: float) -> _State:
        time, technology, pattern, utility, log_income = (
            state.time,
            state.technology,
            state.pattern,
            state.utility,
            state.log_income,
        )
        for _ in range(_MOST_SEGMENTS):
            if pattern is None or time >= stop:
                break
            segment = follow(pattern, technology, time, stop, self.simulated / _STEPS)
            if segment.end > segment.start:
                added, log_income = self._integral(segment)
                utility = utility + added
            time, technology = segment.end, segment.technology_at(segment.end)
            if segment.ended_by == "failure":
                pattern = None
            elif segment.ended_by == "pattern":
                pattern = next_pattern(pattern, technology)
        return _State(time, technology, pattern if time >= stop else None, utility, log_income)

    def _integral(self, segment: Segment) -> tuple[Array, Array]:
        """Return discounted utility over a segment, and log real income per worker at its end, both of shape (2,)."""
        panels = int(np.ceil(abs(self.discount_rate) * (segment.end - segment.start) / 2)) + 1
        edges = np.unique(np.concatenate([segment.steps, np.linspace(segment.start, segment.end, panels)]))
        half = np.diff(edges)[:, np.newaxis] / 2
        times = (edges[:-1, np.newaxis] + half * (1 + _NODES)).ravel()
        pattern = segment.pattern
        state = pattern.state(segment.technology_at(np.append(times, segment.end)))
        log_income = np.log(pattern.income_per_worker(state))
        weight = (half * _WEIGHTS).ravel() * np.exp(-self.discount_rate * times)
        return weight @ self._utility(log_income[:-1]), log_income[-1]

    def _utility(self, log_income: Array) -> Array:
        return utility_over(log_income - self.reference, self.risk_aversion)
