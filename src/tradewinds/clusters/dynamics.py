r"""Learning between events: technology moves smoothly until somebody starts or stops making a good.

While the pattern of who makes what holds, :math:`dA/dt = \tau^\top L(A)` is a smooth differential equation. It stops being
one where an industry reaches the relative wage, or the shared industry leaves a country. :func:`learn` integrates up to the
first such event and locates it; :func:`~tradewinds.clusters.simulate` goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.flow import Segment, follow
from tradewinds.clusters.openings import static_pattern
from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.clusters.path_checks import PATH_TOLERANCE, path_residual
from tradewinds.clusters.results import Equilibrium
from tradewinds.clusters.transitions import Event, changes, first_pattern, next_pattern
from tradewinds.errors import InputError, require_option
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["REGIMES", "STEPS", "LearningPath", "check_horizon", "check_times", "learn"]

Array = NDArray[np.float64]

#: Regimes under which the economies can learn.
REGIMES: tuple[str, ...] = ("autarky", "trade")

#: Steps that a path has at least, so that an event between two of them is seen.
STEPS = 20


@dataclass(frozen=True, eq=False)
class LearningPath:
    """Technology from time 0 to the first event or the horizon.

    Attributes
    ----------
    regime : {"autarky", "trade"}
    parameters : ClusterParameters
        Those of time 0.
    end : float
        Time of the first event, or the horizon.
    events : tuple of Event
        What ends the path; several industries may be concerned at once, and none are if the horizon is reached.
    times : ndarray, shape (T,)
        Those asked for that are not after the end.
    """

    regime: str
    parameters: ClusterParameters
    end: float
    events: tuple[Event, ...]
    times: Array
    segments: tuple[Segment, ...] = field(repr=False)

    unfinished = 0.0

    @property
    def start_technology(self) -> Array:
        """Technology at time 0."""
        return self.parameters.technology

    def technology_at(self, time: float) -> Array:
        """Return technology at a time of the path, shape (2, n)."""
        if not 0 <= time <= self.end:
            raise InputError(f"time is {time}; the path runs from 0 to {self.end:g}")
        return self.segments[0].technology_at(time)

    def equilibrium_at(self, time: float) -> Equilibrium:
        """Return who makes what, wages and incomes at a time of the path."""
        return self.segments[0].pattern.equilibrium(self.technology_at(time))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return the equilibria at the times asked for, one number a row."""
        import pandas as pd

        return pd.concat([self.equilibrium_at(time).tidy(time) for time in self.times.tolist()], ignore_index=True)

    def summary(self) -> str:
        """Return how far the path goes, what ends it, and what incomes become, in a few lines."""
        ends = "; ".join(f"industry {event.industry} {event.event} in {event.country}" for event in self.events)
        lines = [f"{self.regime}, from 0 to {self.end:g}, where {ends or 'nothing has happened'}"]
        incomes = (self.equilibrium_at(time).real_income for time in (0.0, self.end))
        for country, first, last in zip(COUNTRIES, *incomes, strict=True):
            lines.append(f"{country}: real income goes from {first:.6g} to {last:.6g}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return technology by industry in each country."""
        from tradewinds.clusters.figures import plot_learning

        return plot_learning(self)


def learn(
    parameters: ClusterParameters,
    *,
    regime: str = "trade",
    horizon: float = 100.0,
    times: ArrayLike | None = None,
    throw: bool = True,
) -> Solution:
    """Follow technology while the pattern of who makes what holds.

    Parameters
    ----------
    parameters : ClusterParameters
        Technology is that of time 0.
    regime : {"autarky", "trade"}
    horizon : float
        Where the path ends if nothing happens before.
    times : array of shape (T,), optional
        Times to report, from 0 to the horizon; None reports 0 and the end.

    Returns
    -------
    Solution
        Its value is a :class:`LearningPath`. The residual is the error of the integrated equation over each step, relative to
        technology, and that of every condition of the equilibrium at every node; so a pattern that changed unseen would show.

    Raises
    ------
    InputError
        If the horizon is not positive, a time is outside, or several industries are shared at time 0: who of them
        learns is then not determined. :func:`~tradewinds.clusters.simulate` has rules for that.
    ConvergenceError
        If ``throw`` and the path does not satisfy the equation.

    References
    ----------
    Hanlon (2012), eq. 9.

    Examples
    --------
    Figure 3 under trade: each country's two industries learn from each other, at a rate of 0.1.

    >>> from tradewinds.clusters import paper_economy
    >>> path = learn(paper_economy(3), horizon=50).value
    >>> path.technology_at(50)[0].round(9).tolist(), path.events
    ([15.0, 15.0, 5.0, 5.0], ())
    """
    require_option("regime", regime, REGIMES)
    check_horizon(horizon)
    wanted = check_times(times, horizon)
    is_open = np.full(parameters.industries, regime == "trade")
    rule = static_pattern(parameters, is_open)
    tied = np.flatnonzero(rule.shared)
    if len(tied) > 1:
        named = ", ".join(str(i + 1) for i in tied)
        raise InputError(
            f"industries {named} are tied at the relative wage, so that who makes and learns what is not determined; change "
            "technology a little to say who is ahead"
        )
    pattern = first_pattern(rule, parameters.technology)
    assert pattern is not None  # one industry at the wage always leaves one
    segment = follow(pattern, parameters.technology, 0.0, float(horizon), horizon / STEPS)
    happened: tuple[Event, ...] = ()
    if segment.ended_by == "pattern":
        after = next_pattern(pattern, segment.technology_at(segment.end))
        happened = tuple(changes(pattern, after, segment.end)) if after else ()
    shown = np.array([0.0, segment.end]) if wanted is None else wanted[wanted <= segment.end]
    path = LearningPath(regime, parameters, segment.end, happened, shown, (segment,))
    return judge(
        path,
        path_residual,
        tolerance=PATH_TOLERANCE,
        iterations=len(segment.steps) - 1,
        what="learning by clusters",
        throw=throw,
    )


def check_horizon(horizon: float) -> None:
    """Refuse a horizon that is not a positive number."""
    if not 0 < horizon < np.inf:
        raise InputError(f"horizon is {horizon!r}; it must be above 0 and finite")


def check_times(times: ArrayLike | None, horizon: float) -> Array | None:
    """Return times as an array; refuse those that do not rise or are outside the horizon."""
    if times is None:
        return None
    try:
        array = np.asarray(times, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"times must be numbers; found {times!r}") from None
    if array.ndim != 1 or not np.all((array >= 0) & (array <= horizon)) or np.any(np.diff(array) <= 0):
        raise InputError(f"times must be a rising list of numbers from 0 to the horizon, {horizon:g}; found {times!r}")
    return array
