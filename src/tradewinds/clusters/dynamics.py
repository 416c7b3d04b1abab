r"""Learning between events: technology moves smoothly until somebody starts or stops making a good.

While the pattern of who makes what holds, :math:`dA/dt = \tau^\top L(A)` is a smooth differential equation. It stops being
one where an industry reaches the relative wage, or the shared industry leaves a country. :func:`learn` integrates up to the
first such event and locates it; the check of the whole path would show one that was stepped over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.equations import autarky_shares, learning
from tradewinds.clusters.equilibrium import autarky_point, trade_point
from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.clusters.patterns import Pattern, pattern_of
from tradewinds.clusters.results import Equilibrium
from tradewinds.errors import InputError, require_option
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REGIMES", "Event", "LearningPath", "learn"]

Array = NDArray[np.float64]

#: Regimes under which the economies can learn.
REGIMES: tuple[str, ...] = ("autarky", "trade")

#: Largest error of a path, relative to technology, that counts as solved.
PATH_TOLERANCE = 1e-8

_RELATIVE_ERROR = 1e-12  # asked of each step
_STEPS = 20  # at least, so that an event between two steps is seen


@dataclass(frozen=True)
class Event:
    """A change in who makes what.

    Attributes
    ----------
    time : float
    event : {"shared", "closes"}
        An industry reaches the relative wage, so that from here both countries may make it; or a shared industry closes in
        one country.
    industry : int
        Counted from one.
    country : {"home", "foreign"}
        Where it opens, or where it closes.
    """

    time: float
    event: str
    industry: int
    country: str


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
    steps: Array = field(repr=False)
    _interpolant: Any = field(repr=False)

    def technology_at(self, time: float) -> Array:
        """Return technology at a time of the path, shape (2, n)."""
        if not 0 <= time <= self.end:
            raise InputError(f"time is {time}; the path runs from 0 to {self.end:g}")
        return np.asarray(self._interpolant(time)).reshape(self.parameters.technology.shape)

    def equilibrium_at(self, time: float) -> Equilibrium:
        """Return who makes what, wages and incomes at a time of the path."""
        point = autarky_point if self.regime == "autarky" else trade_point
        return point(self.parameters.replace(technology=self.technology_at(time)))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return the equilibria at the times asked for, one number a row."""
        import pandas as pd

        return pd.concat([self.equilibrium_at(time).tidy(time) for time in self.times.tolist()], ignore_index=True)


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
        technology, with employment solved afresh at every node; so a pattern that changed unseen would show.

    Raises
    ------
    InputError
        If the horizon is not positive, a time is outside, or several industries are shared at time 0: who of them
        learns is then not determined.
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
    from scipy.integrate import solve_ivp

    require_option("regime", regime, REGIMES)
    if not 0 < horizon < np.inf:
        raise InputError(f"horizon is {horizon!r}; it must be above 0 and finite")
    wanted = _times(times, horizon)
    start = parameters.technology
    pattern = pattern_of(trade_point(parameters)) if regime == "trade" else None

    def rates(_: float, state: Array) -> Array:
        return _rates(parameters, pattern, state.reshape(start.shape)).ravel()

    found = solve_ivp(
        rates,
        (0.0, horizon),
        start.ravel(),
        method="DOP853",
        rtol=_RELATIVE_ERROR,
        atol=_RELATIVE_ERROR * start.min(),
        max_step=horizon / _STEPS,
        dense_output=True,
        events=None if pattern is None else _ends(parameters, pattern),
    )
    assert found.sol is not None  # dense output was asked for
    end = float(found.t[-1])
    happened = _events(pattern, parameters, found.sol(end).reshape(start.shape), end) if found.status == 1 else ()
    shown = np.array([0.0, end]) if wanted is None else wanted[wanted <= end]
    path = LearningPath(regime, parameters, end, happened, shown, found.t, found.sol)
    return judge(
        path,
        _path_residual,
        tolerance=PATH_TOLERANCE,
        iterations=len(found.t) - 1,
        what="learning by clusters",
        throw=throw,
    )


def _times(times: ArrayLike | None, horizon: float) -> Array | None:
    if times is None:
        return None
    array = np.asarray(times, dtype=float)
    if array.ndim != 1 or not np.all((array >= 0) & (array <= horizon)) or np.any(np.diff(array) <= 0):
        raise InputError(f"times must be a rising list of numbers from 0 to the horizon, {horizon:g}; found {times!r}")
    return array


def _ends(parameters: ClusterParameters, pattern: Pattern) -> Any:
    """Return the function that falls through zero where the pattern ends."""

    def slack(_: float, state: Array) -> float:
        return float(pattern.slack(np.log(state.reshape(2, -1)), parameters).min())

    slack.terminal, slack.direction = True, -1  # type: ignore[attr-defined]
    return slack


def _rates(parameters: ClusterParameters, pattern: Pattern | None, technology: Array) -> Array:
    """Return dA/dt of both countries while the pattern holds."""
    if pattern is None:
        employment = parameters.labour[:, np.newaxis] * autarky_shares(technology, parameters.sigma)
        return learning(employment, parameters.tau, np.ones(employment.shape, dtype=bool))
    return learning(pattern.employment(np.log(technology), parameters), parameters.tau, pattern.active)


def _events(
    pattern: Pattern | None, parameters: ClusterParameters, technology: Array, time: float
) -> tuple[Event, ...]:
    """Return which industries end the pattern: all whose slack is used up, within rounding."""
    assert pattern is not None  # nothing happens in autarky
    slack = pattern.slack(np.log(technology), parameters)

    def describe(industry: int) -> Event:
        if industry == pattern.tied:
            share = pattern.share(np.log(technology), parameters)[industry]
            return Event(time, "closes", industry + 1, COUNTRIES[0 if share < 0.5 else 1])
        return Event(time, "shared", industry + 1, COUNTRIES[1 if pattern.alone[industry] else 0])

    return tuple(describe(int(i)) for i in np.flatnonzero(slack <= max(float(slack.min()), 0.0) + 1e-10))


def _path_residual(path: LearningPath) -> Array:
    r"""Return :math:`A(t_{k+1}) - A(t_k) - \int dA/dt`, relative to A, by Gauss-Legendre on every step of the integrator."""
    nodes, weights = np.polynomial.legendre.leggauss(6)
    return np.array(list(_step_errors(path, nodes, weights))) if len(path.steps) > 1 else np.zeros(1)


def _step_errors(path: LearningPath, nodes: Array, weights: Sequence[float] | Array) -> Iterator[Array]:
    spillovers = path.parameters.tau
    for low, high in zip(path.steps[:-1].tolist(), path.steps[1:].tolist(), strict=True):
        half, middle = (high - low) / 2, (high + low) / 2
        gained = np.zeros_like(path.parameters.technology)
        for node, weight in zip(nodes, weights, strict=True):
            point = path.equilibrium_at(middle + half * node)
            gained += half * weight * learning(point.employment, spillovers, point.active)
        technology = path.technology_at(high)
        yield (technology - path.technology_at(low) - gained) / technology
