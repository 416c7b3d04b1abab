"""What comes back from the search for the best schedule of opening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.clusters.paths import ClusterPath
from tradewinds.clusters.welfare import Welfare, consumption_gain
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["OptimalOpening"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OptimalOpening:
    """The best schedule found, and what it is worth; arrays have home before foreign.

    Attributes
    ----------
    parameters : ClusterParameters
    objective : {"home", "foreign", "weighted", "nash"}
    home_weight : float
    open_at : ndarray, shape (n,)
        Date of each industry; infinity is never.
    score : float
        What was maximised, in logs of consumption.
    welfare, immediate, autarky : Welfare
        Of this schedule, of opening all at once, of never opening.
    path : ClusterPath
    alternatives : tuple of (ndarray, float)
        Other local optima that are as good within the tolerance, with their scores.
    indifferent : tuple of int
        Industries whose own date changes nothing, counted from one.
    screened : int
        Schedules valued in coarse steps.
    evaluations : int
        Schedules valued exactly.
    """

    parameters: ClusterParameters
    objective: str
    home_weight: float
    open_at: Array
    score: float
    welfare: Welfare
    immediate: Welfare
    autarky: Welfare
    path: ClusterPath = field(repr=False)
    alternatives: tuple[tuple[Array, float], ...]
    indifferent: tuple[int, ...]
    screened: int
    evaluations: int

    @property
    def waiting_time(self) -> float:
        """Date from which every industry that ever opens is open; infinity if none opens."""
        opens = self.open_at[np.isfinite(self.open_at)]
        return float(opens.max()) if len(opens) else float("inf")

    @property
    def gain_over_immediate(self) -> Array:
        """Rise of consumption under immediate opening that is worth this schedule, as a share, shape (2,)."""
        return consumption_gain(self.welfare, self.immediate)

    @property
    def loss_from_immediate(self) -> Array:
        """Part of this schedule's consumption that opening all at once gives up, shape (2,); below zero where it gains."""
        return -consumption_gain(self.immediate, self.welfare)

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, industry."""
        return tidy_frame(self._rows(), ["country", "industry"])

    def _rows(self) -> Iterator[dict[str, Any]]:
        def row(
            variable: str, value: float, unit: str, country: str = "", industry: int | None = None
        ) -> dict[str, Any]:
            return {"variable": variable, "value": float(value), "unit": unit, "country": country, "industry": industry}

        for i, date in enumerate(self.open_at.tolist()):
            yield row("open_at", date, "time (inf is never)", industry=i + 1)
        yield row("waiting_time", self.waiting_time, "time")
        yield row("schedules_as_good", len(self.alternatives), "number")
        for c, country in enumerate(COUNTRIES):
            for name in ("welfare", "immediate", "autarky"):
                worth = getattr(self, name).equivalent_consumption[c]
                yield row(f"equivalent_consumption_{name}", worth, "consumption index a worker", country)
            yield row("loss_from_immediate", self.loss_from_immediate[c], "share of consumption", country)

    def summary(self) -> str:
        """Return the schedule, what it is worth, and how far the search went."""
        aim = f"weighted, home {self.home_weight:g}" if self.objective == "weighted" else self.objective
        dates = ", ".join(f"industry {i + 1} {_date(date)}" for i, date in enumerate(self.open_at.tolist()))
        lines = [
            f"best schedule found for {aim}, discount rate {self.welfare.discount_rate:g}, risk aversion "
            f"{self.welfare.risk_aversion:g}: {dates}",
            f"all that opens is open from {self.waiting_time:.6g}; {self.screened} schedules were valued in coarse steps, "
            f"{self.evaluations} exactly",
        ]
        for c, country in enumerate(COUNTRIES):
            loss = self.loss_from_immediate[c]
            words = "loses" if loss >= 0 else "gains"
            lines.append(f"{country}: opening all at once {words} {abs(loss):.4%} of consumption against it")
        if self.indifferent:
            lines.append(f"dates that change nothing: industry {', '.join(str(i) for i in self.indifferent)}")
        for dates_too, score in self.alternatives:
            named = ", ".join(_date(date) for date in dates_too.tolist())
            lines.append(f"as good within tolerance ({score - self.score:+.1e}): {named}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Plot when industries open, and real income against immediate opening and autarky."""
        from tradewinds.clusters.opening_figures import plot_optimal

        return plot_optimal(self)


def _date(date: float) -> str:
    if np.isinf(date):
        return "never"
    return "at once" if date == 0 else f"at {date:.6g}"
