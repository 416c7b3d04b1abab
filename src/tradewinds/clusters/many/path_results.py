"""Many countries over time: technology, employment, wages and incomes at the times asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.many.parameters import ManyParameters
from tradewinds.clusters.many.results import CITATIONS, state_rows
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ManyPath"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ManyPath:
    """Many countries that learn.

    Attributes
    ----------
    parameters : ManyParameters
        Those of time 0.
    times : ndarray, shape (T,)
    dates : tuple of float
        Dates at which trade costs bend or jump.
    trade_cost : ndarray, shape (T, C, C, n)
        At each time; after the jump where they jump then.
    technology, employment : ndarray, shape (T, C, n)
    wages : ndarray, shape (T, C)
        The mean wage of the world is one.
    home_share : ndarray, shape (T, C)
        Share of spending that goes to own goods.
    real_income : ndarray, shape (T, C)
    steps : int
        Steps of the integrator, each taken whole and as two halves.
    error : float
        Largest error of technology, relative to it, over the whole path: a fifteenth of the difference between the two.
    """

    parameters: ManyParameters
    times: Array
    dates: tuple[float, ...]
    trade_cost: Array = field(repr=False)
    technology: Array = field(repr=False)
    employment: Array = field(repr=False)
    wages: Array = field(repr=False)
    home_share: Array = field(repr=False)
    real_income: Array = field(repr=False)
    steps: int
    error: float

    @property
    def real_income_per_worker(self) -> Array:
        """D / L, shape (T, C)."""
        return np.asarray(self.real_income / self.parameters.labour)

    @property
    def growth(self) -> Array:
        """Mean annual growth of real income over the path, as a fraction, shape (C,)."""
        return np.asarray(
            (np.log(self.real_income[-1]) - np.log(self.real_income[0])) / (self.times[-1] - self.times[0])
        )

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return CITATIONS

    def parameters_at(self, place: int) -> ManyParameters:
        """Return the parameters with technology and trade costs of the time of this place, for :func:`solve_many`."""
        return self.parameters.replace(technology=self.technology[place], trade_cost=self.trade_cost[place])

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, industry (empty for aggregates), time."""
        rows = (
            row
            for t, time in enumerate(self.times.tolist())
            for row in state_rows(
                self.parameters,
                time,
                self.technology[t],
                self.employment[t],
                self.wages[t],
                self.real_income[t],
                self.home_share[t],
            )
        )
        return tidy_frame(rows, ["country", "industry", "time"])

    def summary(self) -> str:
        """Return growth and incomes in a few lines; of many countries, those that grow fastest and slowest."""
        p, first, last = self.parameters, self.times[0], self.times[-1]
        order = np.argsort(-self.growth, kind="stable")
        shown = [f"{p.countries[c]}: {self._line(c)}" for c in order]
        if len(shown) > 6:
            shown = [*shown[:3], "...", *shown[-3:]]
        head = f"{len(p.countries)} countries, {p.industries} industries, from {first:g} to {last:g}"
        tail = f"error of technology {self.error:.1g} with {self.steps} steps"
        return "\n".join([f"{head}: real income a worker, growth a year", *shown, tail])

    def _line(self, c: int) -> str:
        income = self.real_income_per_worker[:, c]
        growth, home = 100 * self.growth[c], 100 * self.home_share[-1, c]
        return f"{income[0]:.6g} to {income[-1]:.6g}, {growth:.2f} per cent; own goods {home:.1f} per cent"

    def plot(self) -> Figure:
        """Draw real income a worker over time."""
        from tradewinds.clusters.many.figures import plot_incomes

        return plot_incomes(self)
