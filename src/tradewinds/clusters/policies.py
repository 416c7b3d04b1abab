r"""When to open: paths of learning under autarky, trade, delayed, gradual and scheduled opening, and free migration.

Section 4 of Hanlon (2012) has two countries wait until trade would be cluster building. The paper calls trade cluster building
where it "acts to concentrate related industries in a location", so that industries which teach each other are made in the same
place. As a number (:func:`~tradewinds.clusters.cluster_change`): what the average worker's industry learns from other
industries of its country. Opening is cluster building where that rises at the technology of the date. The policies ``delayed``
and ``gradual`` open at the first date at which it rises in one country at least and falls in neither.

That date is often one at which two industries are tied: in Figure 6, home's advantage in industry 2 catches up with that in 3. So
it is judged just after, and the opening goes on from that side of the tie.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.contacts import cluster_change
from tradewinds.clusters.dynamics import STEPS, check_horizon, check_times
from tradewinds.clusters.equilibrium import TIES
from tradewinds.clusters.flow import Segment, Watch, follow
from tradewinds.clusters.mobility import mobile_pattern
from tradewinds.clusters.openings import open_mask, partial_point, static_pattern
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.path_checks import PATH_TOLERANCE, path_residual
from tradewinds.clusters.paths import ClusterPath
from tradewinds.clusters.patterns import Pattern
from tradewinds.clusters.transitions import Event, changes, first_pattern, next_pattern
from tradewinds.errors import InputError, require_option
from tradewinds.solvers import Solution, judge

__all__ = ["POLICIES", "opening_builds_clusters", "simulate"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: When industries open.
POLICIES: tuple[str, ...] = ("autarky", "trade", "free_migration", "delayed", "gradual", "schedule")

_MOST_SEGMENTS = 2000
_MOST_STALLED = 50  # changes of pattern on one date
_LOOKS = 8  # at whether opening builds clusters, a step of the integrator


def simulate(
    parameters: ClusterParameters,
    *,
    policy: str = "trade",
    open_first: Sequence[int] | None = None,
    open_at: ArrayLike | None = None,
    horizon: float = 100.0,
    times: ArrayLike | None = None,
    ties: str = "equal",
    throw: bool = True,
) -> Solution:
    """Follow both economies under a policy, through every change in who makes and trades what.

    Parameters
    ----------
    parameters : ClusterParameters
        Technology is that of time 0.
    policy : {"autarky", "trade", "free_migration", "delayed", "gradual", "schedule"}
        ``delayed`` stays closed until opening is cluster building, then opens all; ``gradual`` opens ``open_first`` at once
        and the rest when that is cluster building; ``schedule`` follows ``open_at``. If opening never builds clusters before
        the horizon, what was closed stays closed, and there is no event ``cluster_building``.
    open_first : list of int, optional
        Industries, counted from one, that ``gradual`` opens at once.
    open_at : array of shape (n,), optional
        Date at which each industry opens under ``schedule``: 0 is at once, infinity never.
    horizon : float
        Last date.
    times : array of shape (T,), optional
        Dates that tables and figures show, from 0 to the horizon; None takes 101 of them.
    ties : {"equal", "inertia"}
        Who makes industries tied at the relative wage when the path starts and when industries open: both countries the same
        share of each, or as before. If their learning differs, it parts them.

    Returns
    -------
    Solution
        Its value is a :class:`ClusterPath`. The residual has, for every step, the error of learning by quadrature, relative to
        technology, and for every node the largest residual of the equilibrium of that instant.

    Raises
    ------
    InputError
        If an option is unknown or belongs to another policy, or an industry, date or horizon does not exist.
    ConvergenceError
        If ``throw`` and the path does not satisfy the equations or does not reach the horizon.

    References
    ----------
    Hanlon (2012), eqs. 9 to 12 and Sections 3 to 5.

    Examples
    --------
    Figure 6: opening is worth waiting for.

    >>> from tradewinds.clusters import paper_economy
    >>> path = simulate(paper_economy(6), policy="gradual", open_first=[1, 4]).value
    >>> print(path.summary())
    policy gradual, 4 industries, sigma = 2
    home: real income a worker 29 at 0, 67.5053 at 100, makes 1, 2
    foreign: real income a worker 29 at 0, 67.5053 at 100, makes 3, 4
    at 0: industry 1 opens to trade
    at 0: industry 4 opens to trade
    at 7.34937: opening becomes cluster building
    at 7.34937: industry 2 opens to trade
    at 7.34937: industry 3 opens to trade
    """
    require_option("policy", policy, POLICIES)
    require_option("ties", ties, TIES)
    check_horizon(horizon)
    wanted = check_times(times, horizon)
    dates = _opening_dates(parameters.industries, policy, open_first, open_at)
    walk = _Walk(parameters, policy, dates, float(horizon), ties)
    walk.run()
    shown = np.linspace(0, horizon, 101) if wanted is None else wanted
    path = ClusterPath(policy, parameters, float(horizon), shown, tuple(walk.events), tuple(walk.segments))
    return judge(
        path,
        path_residual,
        tolerance=PATH_TOLERANCE,
        iterations=sum(len(segment.steps) - 1 for segment in path.segments),
        limit_reached=path.unfinished > 0,
        what=f"the path of clusters under {policy}",
        throw=throw,
    )


def opening_builds_clusters(
    parameters: ClusterParameters, *, already_open: Sequence[int] = (), open_industries: Sequence[int] | None = None
) -> bool:
    """Return whether opening would be cluster building: contact between related industries rises somewhere and falls nowhere.

    Parameters
    ----------
    parameters : ClusterParameters
        With the technology of the date.
    already_open : list of int
        Industries that trade now, counted from one.
    open_industries : list of int, optional
        Those that would; None is all.

    Raises
    ------
    InputError
        If there is no such industry.

    References
    ----------
    Hanlon (2012), Section 3.2; made a number by :func:`~tradewinds.clusters.cluster_change`.

    Examples
    --------
    >>> from tradewinds.clusters import paper_economy
    >>> [opening_builds_clusters(paper_economy(figure)) for figure in (3, 4, 6)]
    [True, False, False]
    """
    n = parameters.industries
    wanted = range(1, n + 1) if open_industries is None else open_industries
    return _builds(parameters, open_mask(already_open, n), open_mask(wanted, n)).builds


class _Verdict(NamedTuple):
    """Whether opening is cluster building, and who would make what."""

    builds: bool
    made: bytes


def _builds(parameters: ClusterParameters, before: Mask, after: Mask) -> _Verdict:
    opened = partial_point(parameters, after)
    change = cluster_change(partial_point(parameters, before), opened)
    return _Verdict(bool(np.all(change >= 0) and np.any(change > 0)), opened.active.tobytes())


def _opening_dates(n: int, policy: str, open_first: Sequence[int] | None, open_at: ArrayLike | None) -> Array:
    """Return the date at which each industry opens; NaN when that builds clusters."""
    if (open_first is not None) != (policy == "gradual"):
        needed = "needs open_first, the industries that open at once, such as [1, 4]"
        raise InputError(
            f"policy gradual {needed}" if policy == "gradual" else f"open_first belongs to policy gradual, not {policy}"
        )
    if (open_at is not None) != (policy == "schedule"):
        needed = "needs open_at, one date an industry, such as [0, 20, 20, 0]"
        raise InputError(
            f"policy schedule {needed}" if policy == "schedule" else f"open_at belongs to policy schedule, not {policy}"
        )
    if open_at is not None:
        try:
            dates = np.asarray(open_at, dtype=float)
        except (TypeError, ValueError):
            raise InputError(f"open_at must be numbers, inf for never; found {open_at!r}") from None
        if dates.shape != (n,):
            raise InputError(f"open_at has shape {dates.shape} but there are {n} industries: give one date an industry")
        for i in np.flatnonzero(~(dates >= 0)).tolist():
            raise InputError(f"open_at of industry {i + 1} is {dates[i]:g}; it must be at least 0 (inf is never)")
        return dates
    if open_first is not None:
        return np.where(open_mask(open_first, n, "open_first"), 0.0, np.nan)
    return np.full(n, {"autarky": np.inf, "delayed": np.nan}.get(policy, 0.0))


@dataclass
class _Walk:
    """The way from one event to the next."""

    parameters: ClusterParameters
    policy: str
    dates: Array
    horizon: float
    ties: str
    events: list[Event] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    def run(self) -> None:
        """Go on to the horizon, or until no pattern follows or the limit of segments is reached."""
        time, technology = 0.0, self.parameters.technology
        is_open = self.dates <= 0
        self._record_opening(time, is_open)
        pattern, stalled = self._start(technology, is_open, None), 0
        while pattern is not None and len(self.segments) < _MOST_SEGMENTS:
            later = self.dates[self.dates > time]
            stop = min(self.horizon, later.min(initial=np.inf))
            segment = follow(pattern, technology, time, stop, self.horizon / STEPS, self._watch(is_open))
            if segment.end > segment.start:
                self.segments.append(segment)
            stalled = 0 if segment.end > segment.start else stalled + 1
            if stalled > _MOST_STALLED:
                break  # patterns follow each other without an instant between them
            time, technology = segment.end, segment.technology_at(segment.end)
            if segment.ended_by == "failure" or (segment.ended_by == "stop" and time >= self.horizon):
                return
            if segment.ended_by == "pattern":
                new = next_pattern(pattern, technology)
                self.events.extend(changes(pattern, new, time) if new else ())
                pattern = new
                continue
            if segment.ended_by == "watch":
                self.events.append(Event(time, "cluster_building", None, None))
                self.dates = np.where(np.isnan(self.dates), time, self.dates)
            opened = self.dates <= time
            self._record_opening(time, opened & ~is_open)
            is_open = opened
            pattern = self._start(technology, is_open, pattern, lean=segment.ended_by == "watch")
        if not self.segments:
            rule = static_pattern(self.parameters, self.dates <= 0)
            self.segments.append(Segment(0.0, 0.0, rule, np.zeros(1), "failure", lambda _: technology.ravel()))
        # a path that ends here is shorter than its horizon, which its exam finds

    def _start(self, technology: Array, is_open: Mask, before: Pattern | None, lean: bool = False) -> Pattern | None:
        parameters = self.parameters.at(technology)
        old = before or static_pattern(parameters, np.zeros_like(is_open))
        previous = old.home_share(technology, old.state(technology)) if self.ties == "inertia" else None
        if self.policy == "free_migration":
            return first_pattern(mobile_pattern(parameters, previous), technology)
        rule = static_pattern(parameters, is_open, previous)
        return first_pattern(rule, technology, old.rates(technology) if lean else None)

    def _record_opening(self, time: float, opened: Mask) -> None:
        if self.policy != "free_migration":
            self.events.extend(Event(time, "opens", int(i) + 1, None) for i in np.flatnonzero(opened))

    def _watch(self, is_open: Mask) -> Watch | None:
        """Return what looks for the first date at which opening the rest is cluster building."""
        waiting = np.isnan(self.dates)
        if not waiting.any():
            return None
        after = is_open | waiting

        def look(low: float, high: float, technology_at: Callable[[Any], Array]) -> float | None:
            def verdict(time: float) -> _Verdict:
                return _builds(self.parameters.at(technology_at(time)), is_open, after)

            def differs(made: bytes, time: float) -> bool:
                return verdict(time).made != made

            near, dates = 1e-11 * self.horizon, np.linspace(low, high, _LOOKS + 1).tolist()
            last = verdict(dates[0] + near)
            for earlier, later in itertools.pairwise(dates):
                now = verdict(later)
                if not now.builds and now.made != last.made:  # judge also just after who would make what has changed
                    changed = _first(functools.partial(differs, last.made), earlier, later, near)
                    if verdict(min(changed + near, later)).builds:  # past the tie itself
                        return changed
                if now.builds:
                    return _first(lambda time: verdict(time).builds, earlier, later, near)
                last = now
            return None

        return look


def _first(holds: Callable[[float], bool], low: float, high: float, near: float) -> float:
    """Return the first date at which something holds, by bisection; ``low`` itself if it holds right after.

    Very near to a tie, industries are tied within rounding and the verdict is that of equal shares.
    """
    start = low
    while high - low > 1e-4 * near:  # a few units of the last place of the horizon
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return start if high - start < near else high
