"""A path of both economies: who makes and trades what at every date, what changed when, and what people can buy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.flow import Segment
from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.clusters.patterns import Pattern, State
from tradewinds.clusters.results import Equilibrium
from tradewinds.clusters.transitions import Event
from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ClusterPath"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClusterPath:
    """Both economies from time 0 to the horizon under a policy.

    Attributes
    ----------
    policy : str
    parameters : ClusterParameters
        Those of time 0.
    horizon : float
    times : ndarray, shape (T,)
        Dates that tables and figures show.
    events : tuple of Event
        In the order of time. What an opening moves is part of the opening: its events are ``opens`` alone.
    segments : tuple of Segment
        Parts on which who makes and trades what does not change; one begins where the one before it ends.
    """

    policy: str
    parameters: ClusterParameters
    horizon: float
    times: Array
    events: tuple[Event, ...]
    segments: tuple[Segment, ...] = field(repr=False)

    @property
    def start_technology(self) -> Array:
        """Technology at time 0, shape (2, n)."""
        return self.parameters.technology

    @property
    def unfinished(self) -> float:
        """Part of the horizon that the path does not reach."""
        return (self.horizon - self.segments[-1].end) / self.horizon

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """Dates at which slopes, or at an opening levels, may jump: the ends of all segments, 0 and the horizon included."""
        return (0.0, *(segment.end for segment in self.segments))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def segment_at(self, time: float) -> Segment:
        """Return the segment in force; at a breakpoint, the one that begins there."""
        (found,) = self._segments_of(np.array([time]))
        return self.segments[found]

    def technology_at(self, time: float) -> Array:
        """Return technology at a date, shape (2, n)."""
        return self.segment_at(time).technology_at(time)

    def equilibrium_at(self, time: float) -> Equilibrium:
        """Return who makes what, wages and incomes at a date; on the day of an opening, after it."""
        segment = self.segment_at(time)
        return segment.pattern.equilibrium(segment.technology_at(time))

    def real_income(self, times: ArrayLike) -> Array:
        """Return the consumption index D of each country, shape (2, T)."""

        def income(pattern: Pattern, state: State) -> Array:
            return pattern.income_per_worker(state) * pattern.population(state)

        return self._along(times, income)

    def real_income_per_worker(self, times: ArrayLike) -> Array:
        """Return D / L of each country, shape (2, T)."""
        return self._along(times, lambda pattern, state: pattern.income_per_worker(state))

    def labour(self, times: ArrayLike) -> Array:
        """Return workers of each country, shape (2, T); they move under free migration alone."""
        return self._along(times, lambda pattern, state: pattern.population(state))

    def relative_wage(self, times: ArrayLike) -> Array:
        """Return home's wage over foreign's, shape (T,); NaN where nothing trades."""
        both = self._along(
            times,
            lambda pattern, state: np.repeat(
                np.exp(state.log_wage)[:, np.newaxis] * (np.nan if pattern.regime == "autarky" else 1.0), 2, axis=1
            ),
        )
        return both[0]

    def employment(self, times: ArrayLike) -> Array:
        """Return workers by country and industry, shape (2, n, T)."""
        return self._along(times, lambda pattern, state: np.maximum(state.employment, 0.0))

    def technology(self, times: ArrayLike) -> Array:
        """Return goods a worker by country and industry, shape (2, n, T)."""
        dates = np.atleast_1d(np.asarray(times, dtype=float))
        out = np.empty((*self.parameters.technology.shape, len(dates)))
        for index, chosen in self._by_segment(dates):
            out[..., chosen] = np.moveaxis(self.segments[index].technology_at(dates[chosen]), 0, -1)
        return out

    def opening_dates(self) -> tuple[float, ...]:
        """Return the date at which each industry opens; infinity for those that do not."""
        dates = [np.inf] * self.parameters.industries
        for event in self.events:
            if event.event == "opens" and event.industry is not None:
                dates[event.industry - 1] = event.time
        return tuple(dates)

    def _along(self, times: ArrayLike, value: Callable[[Pattern, State], Array]) -> Array:
        """Return a value of every date, time last."""
        dates = np.atleast_1d(np.asarray(times, dtype=float))
        parts = []
        for index, chosen in self._by_segment(dates):
            segment = self.segments[index]
            state = segment.pattern.state(segment.technology_at(dates[chosen]))
            parts.append((chosen, np.moveaxis(value(segment.pattern, state), 0, -1)))
        if not parts:
            return np.empty((2, 0))
        out = np.empty((*parts[0][1].shape[:-1], len(dates)))
        for chosen, part in parts:
            out[..., chosen] = part
        return out

    def _by_segment(self, dates: Array) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        found = self._segments_of(dates)
        for index in np.unique(found).tolist():
            yield index, found == index

    def _segments_of(self, dates: Array) -> NDArray[np.intp]:
        end = self.segments[-1].end
        outside = dates[~((dates >= 0) & (dates <= end))]
        if len(outside):
            raise InputError(f"time is {outside[0]:g}; the path runs from 0 to {end:g}")
        starts = np.array([segment.start for segment in self.segments])
        return np.searchsorted(starts, dates, side="right") - 1

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, industry (empty for aggregates), time."""
        rows = (row for time in self.times.tolist() for row in self.equilibrium_at(time).rows(time))
        return tidy_frame(rows, ["country", "industry", "time"])

    def events_frame(self) -> pd.DataFrame:
        """Return one event a row: time, event, industry (counted from one, empty if all), country (empty if both)."""
        import pandas as pd

        return pd.DataFrame(
            {
                "time": pd.Series([event.time for event in self.events], dtype="float64"),
                "event": pd.Series([event.event for event in self.events], dtype="str"),
                "industry": pd.Series([event.industry for event in self.events], dtype="Int64"),
                "country": pd.Series([event.country or "" for event in self.events], dtype="str"),
            }
        )

    def summary(self) -> str:
        """Return where the path starts and ends, and every event, in words."""
        end = self.segments[-1].end
        lines = [f"policy {self.policy}, {self.parameters.industries} industries, sigma = {self.parameters.sigma:g}"]
        income = self.real_income_per_worker([0.0, end])
        for c, country in enumerate(COUNTRIES):
            lines.append(
                f"{country}: real income a worker {income[c, 0]:.6g} at 0, {income[c, 1]:.6g} at {end:g}, "
                f"makes {', '.join(str(i) for i in self.equilibrium_at(end).industries_of(country))}"
            )
        lines.extend(f"at {event.time:.6g}: {_words(event)}" for event in self.events)
        if self.policy in ("delayed", "gradual") and not any(
            event.event == "cluster_building" for event in self.events
        ):
            lines.append(f"opening does not become cluster building up to {end:g}; what was closed stays closed")
        if self.unfinished > 0:
            lines.append(f"the path stops at {end:g}, before its horizon of {self.horizon:g}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Plot incomes and employment by industry over time, events marked."""
        from tradewinds.clusters.figures import plot_path

        return plot_path(self)


def _words(event: Event) -> str:
    where: dict[str, Any] = {
        "opens": f"industry {event.industry} opens to trade",
        "moves": f"industry {event.industry} moves to {event.country}",
        "shared": f"industry {event.industry} starts in {event.country} too",
        "closes": f"industry {event.industry} closes in {event.country}",
        "cluster_building": "opening becomes cluster building",
    }
    return str(where[event.event])
