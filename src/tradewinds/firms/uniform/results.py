"""What an equilibrium of the paper's model is: cutoffs, firms, and what a firm of any cost does."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import require_option
from tradewinds.firms.results import FirmResult, Quantity
from tradewinds.firms.uniform import equations
from tradewinds.firms.uniform.parameters import UniformParameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.firms.uniform.innovation import InnovationEquilibrium

__all__ = ["MARKETS", "UNITS", "UniformEquilibrium"]

Array = NDArray[np.float64]

#: Where a firm sells.
MARKETS: tuple[str, ...] = ("domestic", "export", "both")

#: Variable -> unit.
UNITS: Mapping[str, str] = {
    "cost_cutoff": "price",
    "export_cutoff": "price",
    "entrants": "firms",
    "domestic_sellers": "firms",
    "foreign_sellers": "firms",
    "sellers": "firms",
    "import_share": "share of units sold",
    "import_share_value": "share of sales",
    "mean_price": "price",
    "output_weighted_price": "price",
    "mean_markup": "price",
    "output_weighted_cost": "price",
    "output_weighted_delivered_cost": "price",
    "output_weighted_log_productivity": "log of 1 / price",
    "productivity": "1 / price",
    "output": "units",
    "revenue": "price x units",
}


@dataclass(frozen=True, eq=False)
class UniformEquilibrium(FirmResult):
    """One country of two identical ones, in the long run.

    Attributes
    ----------
    parameters : UniformParameters
    regime : {"trade", "no trade"}
        ``no trade`` where the trade cost is at or above the cutoff of the closed economy.
    scenario : str
    cost_cutoff : float
        Costs above it sell nothing; also the choke price.
    export_cutoff : float
        Costs above it do not export; 0 without trade.
    entrants : float
        Firms of a country that pay the entry cost.
    domestic_sellers, foreign_sellers : float
        Firms of either country that sell in one.
    innovation : InnovationEquilibrium, optional
        The equilibrium in which firms also innovate.
    """

    model: ClassVar[str] = "melitz-ottaviano-uniform"
    shown: ClassVar[tuple[str, ...]] = (
        "cost_cutoff", "export_cutoff", "innovation_cutoff_equilibrium", "sellers", "import_share", "output_weighted_cost",
        "mean_price",
    )  # fmt: skip

    parameters: UniformParameters
    regime: str
    scenario: str
    cost_cutoff: float
    export_cutoff: float
    entrants: float
    domestic_sellers: float
    foreign_sellers: float
    innovation: InnovationEquilibrium | None = None

    @property
    def sellers(self) -> float:
        """Firms that sell in a country, home and foreign."""
        return self.domestic_sellers + self.foreign_sellers

    @functools.cached_property
    def totals(self) -> dict[str, float]:
        """Every variable of :data:`UNITS`."""
        p = self.parameters
        found: dict[str, Any] = equations.aggregates(
            self.cost_cutoff, p.trade_cost, p.trades, p.market_size, p.price_sensitivity, p.maximum_cost
        )
        return {name: float(value) for name, value in found.items()}

    def _market(self, market: str, cost: ArrayLike) -> list[Array]:
        """Return the delivered costs in the markets asked for."""
        require_option("market", market, MARKETS)
        home = np.asarray(cost, dtype=float)
        away = home + self.parameters.trade_cost
        return {"domestic": [home], "export": [away], "both": [home, away]}[market]

    def price(self, cost: ArrayLike, market: str = "domestic") -> Array:
        """Return the price that firms set in one market; NaN where they do not sell."""
        require_option("market", market, MARKETS[:2])
        return equations.price(self._market(market, cost)[0], self.cost_cutoff)

    def markup(self, cost: ArrayLike, market: str = "domestic") -> Array:
        """Return price less delivered cost."""
        return self.price(cost, market) - self._market(market, cost)[0]

    def output(self, cost: ArrayLike, market: str = "both") -> Array:
        """Return the units that firms of these costs sell."""
        p = self.parameters
        parts = self._market(market, cost)
        return sum(
            (equations.quantity(u, self.cost_cutoff, p.market_size, p.price_sensitivity) for u in parts), np.zeros(())
        )

    def operating_profit(self, cost: ArrayLike, market: str = "both") -> Array:
        """Return the profit of firms of these costs before the entry cost."""
        p = self.parameters
        parts = self._market(market, cost)
        return sum(
            (equations.profit(u, self.cost_cutoff, p.market_size, p.price_sensitivity) for u in parts), np.zeros(())
        )

    def net_profit(self, cost: ArrayLike) -> Array:
        """Return the profit of firms of these costs after the entry cost; its mean over all costs is zero."""
        return self.operating_profit(cost) - self.parameters.entry_cost

    @property
    def break_even_cost(self) -> float:
        """Cost at which operating profit just pays for entry; negative where not even the best draw would (it never is)."""
        p = self.parameters
        squares = 4 * p.entry_cost / (p.market_size * p.price_sensitivity)
        alone = self.cost_cutoff - np.sqrt(squares)
        if alone >= self.export_cutoff or not p.trades:
            return float(alone)
        # (c* - c)^2 + (x - c)^2 = squares, around the middle m of c* and x
        half = (self.cost_cutoff - self.export_cutoff) / 2
        return float((self.cost_cutoff + self.export_cutoff) / 2 - np.sqrt(squares / 2 - half**2))

    @property
    def residual(self) -> float:
        """Largest residual of the conditions of the model, free of units."""
        from tradewinds.firms.uniform.checks import residual

        return float(np.max(np.abs(residual(self))))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("melitz-trefler2012", "melitz-ottaviano2008")

    def quantities(self) -> Iterator[Quantity]:
        """Yield every number of the equilibrium."""
        for name, value in self.totals.items():
            yield Quantity(name, value, UNITS[name])
        if self.innovation is not None:
            yield from self.innovation.quantities()

    def plot(self) -> Figure:
        """Return the paper's Figure 4, panel A, at this trade cost; without trade, its Figure 2."""
        from tradewinds.firms.figures import plot_export_decision, plot_performance

        return plot_export_decision(self) if self.parameters.trades else plot_performance(self)
