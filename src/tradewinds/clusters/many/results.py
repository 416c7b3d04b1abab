"""What an equilibrium of many countries is: wages, who buys what from whom, employment, prices and real income."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.many.parameters import ManyParameters
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["CITATIONS", "ManyEquilibrium", "state_rows"]

Array = NDArray[np.float64]

CITATIONS = ("hanlon2012", "eaton-kortum2002", "costinot-donaldson-komunjer2012")


@dataclass(frozen=True, eq=False)
class ManyEquilibrium:
    """Many countries at one instant.

    Attributes
    ----------
    parameters : ManyParameters
    wages : ndarray, shape (C,)
        The mean wage of the world is one.
    trade_shares : ndarray, shape (C, C, n)
        Of spending of the buyer (first axis) on an industry, what goes to the seller (second); sums to one over sellers.
    employment : ndarray, shape (C, n)
        Workers.
    prices : ndarray, shape (C, n)
        Of an industry's varieties together, to buyers in each country.
    price_index : ndarray, shape (C,)
        P of eq. 2.
    real_income : ndarray, shape (C,)
        D = w L / P, in units of the consumption index.
    """

    parameters: ManyParameters
    wages: Array
    trade_shares: Array = field(repr=False)
    employment: Array = field(repr=False)
    prices: Array = field(repr=False)
    price_index: Array = field(repr=False)
    real_income: Array

    @property
    def spending_shares(self) -> Array:
        """Share of each country's spending on each industry, shape (C, n)."""
        return np.asarray((self.prices / self.price_index[:, np.newaxis]) ** (1 - self.parameters.sigma))

    @property
    def home_share(self) -> Array:
        """Share of each country's spending that goes to its own goods, shape (C,)."""
        return np.einsum("cck,ck->c", self.trade_shares, self.spending_shares)

    @property
    def real_income_per_worker(self) -> Array:
        """D / L, shape (C,)."""
        return np.asarray(self.real_income / self.parameters.labour)

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return CITATIONS

    def tidy(self, time: float = 0) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, industry (empty for aggregates), time."""
        rows = state_rows(
            self.parameters,
            time,
            self.parameters.technology,
            self.employment,
            self.wages,
            self.real_income,
            self.home_share,
        )
        return tidy_frame(rows, ["country", "industry", "time"])

    def tidy_trade(self) -> pd.DataFrame:
        """Return trade shares, one a row: variable, value, unit, buyer, seller, industry."""
        names = self.parameters.countries
        rows = (
            {"variable": "trade_share", "value": float(share), "unit": "share of the buyer's spending on the industry",
             "buyer": names[n], "seller": names[i], "industry": k + 1}
            for (n, i, k), share in np.ndenumerate(self.trade_shares)
        )  # fmt: skip
        return tidy_frame(rows, ["buyer", "seller", "industry"])

    def summary(self) -> str:
        """Return the equilibrium in a few lines; of many countries, those of highest and lowest real income a worker."""
        p = self.parameters
        lines = [
            f"{len(p.countries)} countries, {p.industries} industries, sigma = {p.sigma:g}, theta = {p.trade_elasticity:g}"
        ]
        order = np.argsort(-self.real_income_per_worker, kind="stable")
        for c in order if len(order) <= 6 else np.concatenate([order[:3], order[-3:]]):
            largest = ", ".join(str(k + 1) for k in np.argsort(-self.employment[c], kind="stable")[:3])
            lines.append(
                f"{p.countries[c]}: wage {self.wages[c]:.4g}, real income a worker {self.real_income_per_worker[c]:.6g}, "
                f"{100 * self.home_share[c]:.1f} per cent of spending at home; largest industries {largest}"
            )
        if len(order) > 6:
            lines.insert(4, "...")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Draw who works where: a shade an industry and country."""
        from tradewinds.clusters.many.figures import plot_employment

        return plot_employment(self)


def state_rows(
    parameters: ManyParameters,
    time: float,
    technology: Array,
    employment: Array,
    wages: Array,
    income: Array,
    home: Array,
) -> Iterator[dict[str, Any]]:
    """Yield the tidy rows of one instant."""

    def row(variable: str, value: float, unit: str, country: str, industry: int | None = None) -> dict[str, Any]:
        labels = {"country": country, "industry": industry, "time": time}
        return {"variable": variable, "value": float(value), "unit": unit, **labels}

    for c, country in enumerate(parameters.countries):
        for k in range(parameters.industries):
            yield row("technology", technology[c, k], "goods a worker", country, k + 1)
            yield row("employment", employment[c, k], "workers", country, k + 1)
        yield row("labour", parameters.labour[c], "workers", country)
        yield row("wage", wages[c], "mean wage of the world = 1", country)
        yield row("real_income", income[c], "consumption index", country)
        yield row("real_income_per_worker", income[c] / parameters.labour[c], "consumption index a worker", country)
        yield row("home_share", home[c], "share of spending on own goods", country)
