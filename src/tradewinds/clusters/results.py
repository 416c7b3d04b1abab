"""What an equilibrium of the two economies is: who makes what, with how many workers, at which wage and income."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Equilibrium"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Both economies at one instant.

    Attributes
    ----------
    regime : {"autarky", "partial trade", "trade", "free migration"}
    parameters : ClusterParameters
        With the technology of this instant.
    relative_wage : float
        Home wage over foreign wage, omega; NaN in autarky, where nothing compares the two.
    home_share : ndarray, shape (n,)
        Home's share of the world's output of each good.
    employment : ndarray, shape (2, n)
        Workers.
    real_income : ndarray, shape (2,)
        Consumption index D of each country, in units of the index.
    active : ndarray of bool, shape (2, n)
        Where somebody works, however few; workers of an industry far behind may be too few for floating point.
    population : ndarray, shape (2,), optional
        Workers of each country where they may move; None: those of the parameters.
    """

    regime: str
    parameters: ClusterParameters
    relative_wage: float
    home_share: Array = field(repr=False)
    employment: Array
    real_income: Array
    active: NDArray[np.bool_] = field(repr=False)
    population: Array | None = None

    @property
    def labour(self) -> Array:
        """Workers of each country, shape (2,)."""
        return self.parameters.labour if self.population is None else self.population

    @property
    def real_income_per_worker(self) -> Array:
        """D / L, shape (2,); what a worker would get in a country that all have left."""
        if self.population is None:
            return self.real_income / self.parameters.labour
        return np.full(2, self.real_income.sum() / self.population.sum())  # workers move until it is the same

    @property
    def shared(self) -> tuple[int, ...]:
        """Industries at work in both countries, counted from one."""
        return tuple(int(i) + 1 for i in np.flatnonzero(np.all(self.active, axis=0)))

    def industries_of(self, country: str) -> tuple[int, ...]:
        """Return the industries at work in a country, counted from one."""
        return tuple(int(i) + 1 for i in np.flatnonzero(self.active[COUNTRIES.index(country)]))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self, time: float = 0) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, industry (empty for aggregates), time."""
        return tidy_frame(self.rows(time), ["country", "industry", "time"])

    def rows(self, time: float) -> Iterator[dict[str, Any]]:
        """Yield the rows of the tidy frame."""

        def row(variable: str, value: float, unit: str, country: str, industry: int | None = None) -> dict[str, Any]:
            labels = {"country": country, "industry": industry, "time": time}
            return {"variable": variable, "value": float(value), "unit": unit, **labels}

        for c, country in enumerate(COUNTRIES):
            for i in range(self.parameters.industries):
                yield row("technology", self.parameters.technology[c, i], "goods a worker", country, i + 1)
                yield row("employment", self.employment[c, i], "workers", country, i + 1)
            yield row("labour", self.labour[c], "workers", country)
            yield row("real_income", self.real_income[c], "consumption index", country)
            yield row("real_income_per_worker", self.real_income_per_worker[c], "consumption index a worker", country)
        for i in range(self.parameters.industries):
            yield row("home_share_of_industry", self.home_share[i], "share of world output", "home", i + 1)
        yield row("relative_wage", self.relative_wage, "foreign wage = 1", "home")

    def summary(self) -> str:
        """Return the equilibrium in a few lines."""
        lines = [f"{self.regime}, {self.parameters.industries} industries, sigma = {self.parameters.sigma:g}"]
        for c, country in enumerate(COUNTRIES):
            made = ", ".join(str(i) for i in self.industries_of(country))
            lines.append(f"{country}: real income {self.real_income[c]:.6g}, makes {made}")
        if self.regime == "free migration":
            lines.append(f"home has {self.labour[0] / self.labour.sum():.6g} of all workers")
        elif self.regime != "autarky":
            both = ", ".join(str(i) for i in self.shared) or "none"
            lines.append(f"relative wage {self.relative_wage:.6g}; made in both: {both}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return relative productivity with the relative wage, and workers by industry."""
        from tradewinds.clusters.figures import plot_equilibrium

        return plot_equilibrium(self)
