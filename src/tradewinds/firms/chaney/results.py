"""What an equilibrium of the Melitz model with Pareto productivity is, by country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms.chaney.parameters import ChaneyParameters
from tradewinds.firms.countries import bilateral_frame
from tradewinds.firms.gains import gains_from_trade
from tradewinds.firms.results import FirmResult, Quantity
from tradewinds.plotting import COLOURS, add_source, style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ChaneyEquilibrium"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ChaneyEquilibrium(FirmResult):
    """Countries that trade, in the long run.

    Attributes
    ----------
    parameters : ChaneyParameters
    scenario : str
    wage : ndarray, shape (countries,)
        The world's labour earns one a worker on average.
    trade_shares : ndarray, shape (countries, countries)
        Share of the column's spending that goes to firms of the row's country.
    productivity_cutoffs : ndarray, shape (countries, countries)
        Productivity above which firms of the row's country sell in the column's; infinite where nobody does.
    entrants : ndarray, shape (countries,)
    """

    labels: ClassVar[tuple[str, ...]] = ("scenario", "country")
    model: ClassVar[str] = "melitz-chaney"
    shown: ClassVar[tuple[str, ...]] = (
        "real_wage", "wage", "import_share", "gains_from_trade", "sellers", "productivity_cutoff",
    )  # fmt: skip

    parameters: ChaneyParameters
    scenario: str
    wage: Array
    trade_shares: Array
    productivity_cutoffs: Array
    entrants: Array

    @property
    def home_share(self) -> Array:
        """Share of spending on home goods."""
        return np.array(np.diag(self.trade_shares))

    @property
    def sellers_by_pair(self) -> Array:
        """Firms of the row's country that sell in the column's."""
        p = self.parameters
        chance = (p.minimum_productivity[:, np.newaxis] / self.productivity_cutoffs) ** p.pareto_shape
        return np.asarray(self.entrants[:, np.newaxis] * chance)

    @property
    def real_wage(self) -> Array:
        r"""Wage over the price index, :math:`\frac{\sigma-1}{\sigma} (L/(\sigma f))^{1/(\sigma-1)} \varphi^*`: also welfare."""
        p, sigma = self.parameters, self.parameters.elasticity_of_substitution
        scale = (p.labour / (sigma * p.fixed_cost)) ** (1 / (sigma - 1))
        return np.asarray((sigma - 1) / sigma * scale * np.diag(self.productivity_cutoffs))

    @property
    def gains_from_trade(self) -> Array:
        r"""What trade adds to the real wage of autarky, :math:`\lambda^{-1/\theta} - 1`."""
        return gains_from_trade(self.home_share, self.parameters.pareto_shape, "gain")

    @property
    def losses_from_autarky(self) -> Array:
        r"""What closing takes from the real wage with trade, :math:`1 - \lambda^{1/\theta}`."""
        return gains_from_trade(self.home_share, self.parameters.pareto_shape, "loss")

    def bilateral(self) -> pd.DataFrame:
        """Return one row a pair: productivity cutoff, sellers and share of spending."""
        found = {
            "productivity_cutoff": self.productivity_cutoffs,
            "sellers": self.sellers_by_pair,
            "share": self.trade_shares,
        }
        return bilateral_frame(self.parameters.countries, found)

    @property
    def residual(self) -> float:
        """Largest residual of the conditions of the model, free of units."""
        from tradewinds.firms.chaney.checks import residual

        return float(np.max(np.abs(residual(self))))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("melitz2003", "chaney2008", "arkolakis-costinot-rodriguezclare2012")

    def quantities(self) -> Iterator[Quantity]:
        """Yield every number of every country; cutoffs also as costs, workers a unit."""
        own = np.diag(self.productivity_cutoffs)
        abroad = np.where(np.eye(len(own), dtype=bool), np.inf, self.productivity_cutoffs).min(axis=1)
        pairs = self.sellers_by_pair
        found = {
            "cost_cutoff": (1 / own, "workers / unit"),
            "export_cutoff": (1 / abroad, "workers / unit"),
            "productivity_cutoff": (own, "units / worker"),
            "entrants": (self.entrants, "firms"),
            "domestic_sellers": (np.diag(pairs), "firms"),
            "foreign_sellers": (pairs.sum(axis=0) - np.diag(pairs), "firms"),
            "sellers": (pairs.sum(axis=0), "firms"),
            "home_share": (self.home_share, "share of spending"),
            "import_share": (1 - self.home_share, "share of spending"),
            "wage": (self.wage, "world mean = 1"),
            "real_wage": (self.real_wage, "consumption index a worker"),
            "gains_from_trade": (self.gains_from_trade, "share of real wage in autarky"),
            "losses_from_autarky": (self.losses_from_autarky, "share of real wage with trade"),
        }
        for name, (values, unit) in found.items():
            for country, value in zip(self.parameters.countries, values, strict=True):
                yield Quantity(name, float(value), unit, country)

    def plot(self) -> Figure:
        """Return gains from trade, import shares and sellers by country."""
        from matplotlib.figure import Figure

        shown = {
            "gains from trade": (100 * self.gains_from_trade, "per cent of autarky"),
            "import share": (1 - self.home_share, "share of spending"),
            "sellers": (self.sellers_by_pair.sum(axis=0), "firms"),
        }
        with style():
            figure = Figure(figsize=(9.6, 3.4))
            for axis, (name, (values, unit)) in zip(figure.subplots(1, 3), shown.items(), strict=True):
                axis.plot(self.parameters.countries, values, color=COLOURS[1], marker="o", linestyle="")
                axis.set(xlabel="country", ylabel=unit)
                axis.set_title(name, fontsize=9.5)
                axis.margins(x=0.2)
            figure.suptitle(
                f"CES demand, Pareto productivity: {self.scenario}", x=0.01, ha="left", fontsize=11, weight="bold"
            )
            add_source(figure, "Source: the model of Melitz (2003) and Chaney (2008) solved by tradewinds.")
        return figure
