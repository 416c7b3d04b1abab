"""Propositions 1 to 3 of Hanlon (2012), as worded and corrected, held against one economy or many drawn at random.

All speak of two mirror economies that open to trade at time 0, against the same two in autarky. Proposition 1: with learning
within industries, real income is higher at every date. Proposition 2: if trade joins the industries that learn from each other,
every good is made with better technology than either country would have had. Proposition 3: if trade parts them, every good is
made with worse technology "in either location". That is false as worded: trade stops learning, but it made each good where it
was done best, and the other country starts behind. It needs years to come as far, and may never. What the proof shows is
that the better of the two countries would have done better: the corrected form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.dynamics import learn
from tradewinds.clusters.equations import FORMS
from tradewinds.clusters.equilibrium import trade_point
from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.errors import InputError, require_option
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.clusters.dynamics import LearningPath

__all__ = ["CLAIMS", "PropositionCheck", "check_proposition"]

Array = NDArray[np.float64]

#: Proposition -> what it claims, by form; those that need no correction read the same in both.
CLAIMS: Mapping[int, Mapping[str, str]] = {
    1: dict.fromkeys(FORMS, "real income is higher with trade in both countries at every date"),
    2: dict.fromkeys(FORMS, "every good is made with better technology than either country has in autarky"),
    3: {
        "corrected": "every good is made with worse technology than the better country has in autarky",
        "printed": "every good is made with worse technology than either country has in autarky",
    },
}

#: Differences in logs that the errors of two paths could explain: neither a proof nor a counterexample.
CLOSE = 1e-8

#: Industries that home makes when trade opens, by proposition; or the others.
_MADE = {2: (0, 1), 3: (0, 2)}


@dataclass(frozen=True, eq=False)
class PropositionCheck:
    """What one economy says about one proposition.

    Attributes
    ----------
    proposition : int
    form : {"corrected", "printed"}
    margin : float
        The smallest difference in logs by which the claim holds over dates, countries and industries; below zero, the largest by
        which it fails.
    time : float
        Date at which that is.
    country : {"home", "foreign"}
    industry : int or None
        Counted from one; None where the claim is about incomes.
    failing_times : ndarray
        Dates at which the claim fails somewhere.
    parameters : ClusterParameters
    """

    proposition: int
    form: str
    margin: float
    time: float
    country: str
    industry: int | None
    failing_times: Array
    parameters: ClusterParameters

    @property
    def verdict(self) -> str:
        """``holds``, ``fails``, or ``too close`` where errors of the two paths could decide."""
        return "too close" if abs(self.margin) <= CLOSE else "holds" if self.margin > 0 else "fails"

    @property
    def claim(self) -> str:
        """What is claimed, in words."""
        return CLAIMS[self.proposition][self.form]

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return the margin and how many dates fail, one number a row: variable, value, unit, proposition, form, verdict."""
        labels = {"proposition": self.proposition, "form": self.form, "verdict": self.verdict}
        rows = [
            {"variable": "smallest_margin", "value": self.margin, "unit": "log", **labels},
            {"variable": "failing_dates", "value": float(len(self.failing_times)), "unit": "number", **labels},
        ]
        return tidy_frame(rows, list(labels))

    def summary(self) -> str:
        """Return the verdict with the date and place that decide it."""
        good = "" if self.industry is None else f", industry {self.industry}"
        wording = "" if self.proposition != 3 else " as worded" if self.form == "printed" else ", corrected,"
        text = (
            f"Proposition {self.proposition}{wording} {self.verdict}: {self.claim}. Tightest at t = {self.time:g} in "
            f"{self.country}{good}, by {self.margin:+.3g} in logs."
        )
        if self.verdict == "fails":
            first, last = self.failing_times[0], self.failing_times[-1]
            text += f" It fails at {len(self.failing_times)} of the dates looked at, from t = {first:g} to {last:g}."
        return text


def check_proposition(
    proposition: int,
    parameters: ClusterParameters,
    *,
    form: str = "corrected",
    horizon: float = 100.0,
    times: ArrayLike | None = None,
) -> PropositionCheck:
    """Hold a proposition against one economy.

    Parameters
    ----------
    proposition : {1, 2, 3}
    parameters : ClusterParameters
        Mirror economies with the spillovers of the paper's Table 1 (proposition 1) or Table 2 (2 and 3), in which trade makes
        what the proposition supposes.
    form : {"corrected", "printed"}
        Only Proposition 3 differs.
    horizon : float
    times : array, optional
        Dates to look at, from 0 to the horizon; default: a hundred, evenly. Proposition 1 is also looked at when trade opens;
        Propositions 2 and 3 are not, because technologies start alike.

    Raises
    ------
    InputError
        If there is no such proposition or form, or it does not speak of this economy; the message says why.
    ConvergenceError
        If a path is not found.

    References
    ----------
    Hanlon (2012), Propositions 1 to 3 and Appendices C to E.

    Examples
    --------
    >>> from tradewinds.clusters import paper_economy
    >>> check_proposition(3, paper_economy(4)).verdict, check_proposition(3, paper_economy(4), form="printed").verdict
    ('holds', 'fails')
    """
    if proposition not in CLAIMS or isinstance(proposition, bool):
        raise InputError(f"proposition is {proposition!r}; the paper has propositions 1, 2 and 3")
    require_option("form", form, FORMS)
    require_premise(proposition, parameters)
    dates = _dates(proposition, horizon, times)
    opened, closed = paths(parameters, horizon)
    return judge_claim(proposition, form, opened, closed, dates)


def paths(parameters: ClusterParameters, horizon: float) -> tuple[LearningPath, LearningPath]:
    """Return the paths with trade and in autarky; in the economies of the propositions nothing moves while they trade."""
    opened, closed = (learn(parameters, regime=regime, horizon=horizon).value for regime in ("trade", "autarky"))
    if opened.events:
        raise InputError(f"who makes what changes at t = {opened.end:g}, which the propositions do not suppose")
    return opened, closed


def judge_claim(
    proposition: int, form: str, opened: LearningPath, closed: LearningPath, dates: Array
) -> PropositionCheck:
    """Return how a claim fares on the path with trade against that in autarky."""
    margins = np.stack([_margin(proposition, form, opened, closed, float(date)) for date in dates])
    place = np.unravel_index(np.argmin(margins), margins.shape)
    failing = dates[margins.min(axis=tuple(range(1, margins.ndim))) < -CLOSE]
    return PropositionCheck(
        proposition,
        form,
        float(margins[place]),
        float(dates[place[0]]),
        COUNTRIES[int(place[1])],
        int(place[2]) + 1 if margins.ndim == 3 else None,
        failing,
        opened.parameters,
    )


def _margin(proposition: int, form: str, opened: LearningPath, closed: LearningPath, date: float) -> Array:
    """Return by how much a claim holds at a date, in logs: by country (1), or by country and industry (2 and 3)."""
    if proposition == 1:
        return np.asarray(
            np.log(opened.equilibrium_at(date).real_income) - np.log(closed.equilibrium_at(date).real_income)
        )
    traded, autarky = np.log(opened.technology_at(date)), np.log(closed.technology_at(date))
    used = np.where(trade_point(opened.parameters).home_share > 0.5, *traded)
    if proposition == 2:
        return np.asarray(used - autarky, dtype=float)
    worse = autarky - used
    return np.asarray(worse if form == "printed" else np.broadcast_to(worse.max(axis=0), worse.shape), dtype=float)


def require_premise(proposition: int, parameters: ClusterParameters) -> None:
    """Raise unless a proposition speaks of an economy.

    Raises
    ------
    InputError
    """

    def refuse(reason: str) -> None:
        raise InputError(f"Proposition {proposition} does not speak of this economy: {reason}")

    tau, n = parameters.tau, parameters.industries
    if not np.allclose(parameters.technology[0], parameters.technology[1, ::-1], rtol=1e-12, atol=0):
        refuse("its countries are not mirror images, industry 1 of one for the last of the other")
    if not np.isclose(parameters.labour[0], parameters.labour[1], rtol=1e-12):
        refuse("its countries differ in labour")
    if proposition == 1:
        if not (tau[0, 0] > 0 and np.array_equal(tau, tau[0, 0] * np.eye(n))):
            refuse("spillovers are not equal within industries and zero across them (Table 1)")
    elif n != 4 or not (tau[0, 1] > 0 and np.array_equal(tau, tau[0, 1] * np.eye(4)[[1, 0, 3, 2]])):
        refuse("spillovers are not equal and between industries 1 and 2, and 3 and 4, alone (Table 2)")
    point = trade_point(parameters)
    if point.shared:
        refuse(f"trade leaves industry {point.shared[0]} in both countries")
    if proposition in _MADE:
        made = tuple(np.flatnonzero(point.active[0]))
        allowed = (_MADE[proposition], tuple(i for i in range(4) if i not in _MADE[proposition]))
        if made not in allowed:
            named, wanted = (" and ".join(str(i + 1) for i in some) for some in (made, _MADE[proposition]))
            refuse(f"home makes {named} when trade opens, not {wanted} or the others")


def _dates(proposition: int, horizon: float, times: ArrayLike | None) -> Array:
    if not 0 < horizon < np.inf:
        raise InputError(f"horizon is {horizon!r}; it must be above 0 and finite")
    dates = np.linspace(0, horizon, 101) if times is None else np.atleast_1d(np.asarray(times, dtype=float))
    if not np.all((dates >= 0) & (dates <= horizon)):
        raise InputError(f"times must lie between 0 and the horizon, {horizon:g}; found {times!r}")
    dates = dates if proposition == 1 else dates[dates > 0]
    if not len(dates):
        raise InputError("times has no date after 0; Propositions 2 and 3 are about those")
    return dates
