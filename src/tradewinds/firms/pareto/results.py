"""What an equilibrium of Melitz and Ottaviano (2008) is, by country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.firms.countries import bilateral_frame
from tradewinds.firms.pareto.parameters import ParetoParameters
from tradewinds.firms.results import FirmResult, Quantity
from tradewinds.plotting import COLOURS, add_source, style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ParetoEquilibrium"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ParetoEquilibrium(FirmResult):
    """Countries that trade, in the long run.

    Attributes
    ----------
    parameters : ParetoParameters
    scenario : str
    cost_cutoff : ndarray, shape (countries,)
        Delivered costs above it sell nothing there.
    entrants : ndarray, shape (countries,)
        Firms that pay the entry cost; zero where a country leaves the industry to others.
    """

    labels: ClassVar[tuple[str, ...]] = ("scenario", "country")
    model: ClassVar[str] = "melitz-ottaviano-pareto"
    shown: ClassVar[tuple[str, ...]] = (
        "welfare", "cost_cutoff", "entrants", "sellers", "import_share", "mean_price",
    )  # fmt: skip

    parameters: ParetoParameters
    scenario: str
    cost_cutoff: Array
    entrants: Array

    @property
    def export_cutoffs(self) -> Array:
        """Production cost below which firms of the row's country sell in the column's, shape (countries, countries)."""
        return self.cost_cutoff / self.parameters.trade_cost

    @property
    def sellers_by_pair(self) -> Array:
        """Firms of the row's country that sell in the column's, shape (countries, countries)."""
        p = self.parameters
        share = (self.export_cutoffs / p.maximum_cost[:, np.newaxis]) ** p.pareto_shape
        return self.entrants[:, np.newaxis] * share

    @property
    def sellers(self) -> Array:
        """Firms that sell in each country."""
        return self.sellers_by_pair.sum(axis=0)

    @property
    def trade_shares(self) -> Array:
        """Share of the column's spending on the industry that goes to firms of the row's country; zeros where nobody sells."""
        return self.sellers_by_pair / np.where(self.sellers > 0, self.sellers, 1.0)

    @property
    def mean_price(self) -> Array:
        r"""Mean price of sellers, :math:`\frac{2k+1}{2k+2} c_D`."""
        k = self.parameters.pareto_shape
        return (2 * k + 1) / (2 * k + 2) * self.cost_cutoff

    @property
    def output_weighted_cost(self) -> Array:
        """Production cost of a country's average unit, at home and abroad; NaN where nobody enters."""
        p, k = self.parameters, self.parameters.pareto_shape
        units = self.sellers_by_pair * self.cost_cutoff * p.market_size  # delivered, up to a constant
        with np.errstate(invalid="ignore"):
            return np.asarray((units * self.export_cutoffs).sum(axis=1) / units.sum(axis=1)) * k / (k + 2)

    @property
    def numeraire_consumption(self) -> Array:
        """What is left of a consumer's unit income for the numeraire; the model needs it above zero."""
        p = self.parameters
        spent = self.sellers * self.cost_cutoff**2 / (2 * p.product_differentiation * (p.pareto_shape + 2))
        return np.asarray(1 - spent)

    @property
    def welfare(self) -> Array:
        r"""Utility of a consumer, :math:`1 + \frac{1}{2\eta}(\alpha - c_D)(\alpha - \frac{k+1}{k+2} c_D)`."""
        p, c = self.parameters, self.cost_cutoff
        tail = (p.pareto_shape + 1) / (p.pareto_shape + 2)
        return np.asarray(1 + (p.demand_intercept - c) * (p.demand_intercept - tail * c) / (2 * p.demand_substitution))

    def cutoffs_without_entry(self, trade_cost: ArrayLike) -> Array:
        """Return the cutoffs at other trade costs while nobody enters or leaves the industry: the short run, by country.

        Entrants are those of this equilibrium; which of them sell where adjusts.

        Parameters
        ----------
        trade_cost : float or array_like, shape (countries, countries)

        Raises
        ------
        InputError
            If a trade cost is out of bounds or the shape is wrong.

        Examples
        --------
        Imports into home alone become cheaper. Competition there is tougher at first, and weaker once firms have moved:

        >>> from tradewinds.firms.pareto.equilibrium import solve_pareto
        >>> before, after = (ParetoParameters(trade_cost=cost) for cost in (1.5, [[1, 1.5], [1.3, 1]]))
        >>> point = solve_pareto(before).value
        >>> point.cutoffs_without_entry(after.trade_cost).round(4).tolist()
        [1.173, 1.1981]
        >>> solve_pareto(after).value.cost_cutoff.round(4).tolist()
        [1.2109, 1.1504]
        """
        from tradewinds.firms.pareto.equilibrium import cutoff_given

        p = self.parameters.replace(trade_cost=trade_cost)
        reach = (p.trade_cost * p.maximum_cost[:, np.newaxis]) ** -p.pareto_shape
        return cutoff_given(p, self.entrants @ reach)

    def bilateral(self) -> pd.DataFrame:
        """Return one row a pair: cutoff, sellers and share of spending."""
        found = {"export_cutoff": self.export_cutoffs, "sellers": self.sellers_by_pair, "share": self.trade_shares}
        return bilateral_frame(self.parameters.countries, found)

    @property
    def residual(self) -> float:
        """Largest residual of the conditions of the model, free of units."""
        from tradewinds.firms.pareto.checks import residual

        return float(np.max(np.abs(residual(self))))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("melitz-ottaviano2008",)

    def quantities(self) -> Iterator[Quantity]:
        """Yield every number of every country."""
        own, pairs = np.diag(self.sellers_by_pair), self.export_cutoffs
        abroad = np.where(np.eye(len(own), dtype=bool), 0.0, pairs).max(axis=1)
        found = {
            "cost_cutoff": (self.cost_cutoff, "price"),
            "export_cutoff": (abroad, "price"),
            "entrants": (self.entrants, "firms"),
            "domestic_sellers": (own, "firms"),
            "foreign_sellers": (self.sellers - own, "firms"),
            "sellers": (self.sellers, "firms"),
            "import_share": (self.trade_shares.sum(axis=0) - np.diag(self.trade_shares), "share of spending"),
            "mean_price": (self.mean_price, "price"),
            "output_weighted_cost": (self.output_weighted_cost, "price"),
            "numeraire_consumption": (self.numeraire_consumption, "labour a head"),
            "welfare": (self.welfare, "utility, in units of the numeraire"),
        }
        for name, (values, unit) in found.items():
            for country, value in zip(self.parameters.countries, values, strict=True):
                yield Quantity(name, float(value), unit, country)

    def plot(self) -> Figure:
        """Return welfare, cutoffs and sellers by country."""
        from matplotlib.figure import Figure

        shown = (("welfare", "utility"), ("cost_cutoff", "price"), ("sellers", "firms"))
        with style():
            figure = Figure(figsize=(9.6, 3.4))
            for axis, (name, unit) in zip(figure.subplots(1, 3), shown, strict=True):
                axis.plot(self.parameters.countries, getattr(self, name), color=COLOURS[1], marker="o", linestyle="")
                axis.set(xlabel="country", ylabel=unit)
                axis.set_title(name.replace("_", " "), fontsize=9.5)
                axis.margins(x=0.2)
            figure.suptitle(
                f"Linear demand, Pareto costs: {self.scenario}", x=0.01, ha="left", fontsize=11, weight="bold"
            )
            add_source(figure, "Source: the model of Melitz and Ottaviano (2008) solved by tradewinds.")
        return figure
