r"""What a change does: wages, prices, trade, real wages, and welfare in two ways.

``welfare_exact`` is the change of real income, :math:`\hat I_n / \hat P_n - 1`. ``welfare_first_order`` is the formula of Caliendo
and Parro (2015) as published: terms of trade plus volume of trade (plus what lower iceberg costs save), each the derivative at the
old tariffs times the whole change of costs and imports. For large changes of tariffs the two differ, even in sign.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms.hat.parameters import HatParameters
from tradewinds.firms.hat.tables import TradeTables
from tradewinds.firms.results import FirmResult, Quantity
from tradewinds.plotting import COLOURS, add_source, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["HatResult"]

Array = NDArray[np.float64]

_PERCENT = "per cent change"


@dataclass(frozen=True, eq=False)
class HatResult(FirmResult):
    """The world after a change, beside the world before.

    Attributes
    ----------
    parameters : HatParameters
    scenario : str
    wage : ndarray, shape (countries,)
        Ratio after to before; the world's value added is the unit of account.
    prices : ndarray, shape (countries, sectors)
        Ratio of price indices.
    shares_after : ndarray, shape (countries, countries, sectors)
        Share of the second country's spending that goes to the first.
    spending_after : ndarray, shape (countries, sectors)
        With tariffs.
    """

    labels: ClassVar[tuple[str, ...]] = ("scenario", "country", "sector")
    model: ClassVar[str] = "caliendo-parro"

    parameters: HatParameters
    scenario: str
    wage: Array
    prices: Array = field(repr=False)
    shares_after: Array = field(repr=False)
    spending_after: Array = field(repr=False)

    @functools.cached_property
    def flows_after(self) -> Array:
        """Trade before tariffs, shape (countries, countries, sectors)."""
        return np.asarray(self.shares_after * self.spending_after[np.newaxis] / (1 + self.parameters.tariffs_after))

    @functools.cached_property
    def costs(self) -> Array:
        """Ratio of unit costs, shape (countries, sectors)."""
        tables = self.parameters.tables
        inputs = np.einsum("nkj,nk->nj", tables.input_shares, np.log(self.prices))
        return np.asarray(np.exp(tables.value_added_share * np.log(self.wage)[:, np.newaxis] + inputs))

    @functools.cached_property
    def price_index(self) -> Array:
        """Ratio of the price of final demand, shape (countries,)."""
        return np.asarray(np.exp((self.parameters.tables.final_share * np.log(self.prices)).sum(axis=1)))

    @functools.cached_property
    def income_after(self) -> Array:
        """Wages, tariff revenue and deficit, shape (countries,)."""
        revenue = (self.flows_after * self.parameters.tariffs_after).sum(axis=(0, 2))
        return np.asarray(self.wage * self.parameters.tables.value_added + revenue + self.parameters.deficit_after)

    @property
    def real_wage(self) -> Array:
        """Change of the real wage, per cent."""
        return 100 * (self.wage / self.price_index - 1)

    @property
    def welfare_exact(self) -> Array:
        """Change of real income, per cent."""
        return 100 * (self.income_after / self.parameters.tables.income / self.price_index - 1)

    @property
    def terms_of_trade(self) -> Array:
        """What export and import costs add to welfare, to first order, per cent."""
        flows, change = self.parameters.tables.flows, self.costs - 1
        exports = (flows * change[:, np.newaxis, :]).sum(axis=(1, 2))
        imports = (flows * change[:, np.newaxis, :]).sum(axis=(0, 2))
        return np.asarray(100 * (exports - imports) / self.parameters.tables.income)

    @property
    def volume_of_trade(self) -> Array:
        """What more imports that pay tariffs add to welfare, to first order and at the old tariffs, per cent."""
        tables = self.parameters.tables
        growth = self.flows_after - tables.flows * self.costs[:, np.newaxis, :]
        return np.asarray(100 * (tables.tariff * growth).sum(axis=(0, 2)) / tables.income)

    @property
    def trade_technology(self) -> Array:
        """What lower iceberg costs save, to first order, per cent."""
        tables = self.parameters.tables
        paid = tables.flows * (1 + tables.tariff)
        with np.errstate(invalid="ignore"):  # nothing was sent where a route that carried nothing closes
            saved = np.where(paid > 0, paid * (1 - self.parameters.cost_change), 0.0)
        return np.asarray(100 * saved.sum(axis=(0, 2)) / tables.income)

    @property
    def welfare_first_order(self) -> Array:
        """Change of welfare by the published formula, per cent; minus infinity where a route in use closes."""
        return self.terms_of_trade + self.volume_of_trade + self.trade_technology

    def _abroad(self, flows: Array) -> Array:
        off = ~np.eye(len(self.wage), dtype=bool)
        return np.asarray((flows * off[:, :, np.newaxis]).sum(axis=0))

    @property
    def imports_before(self) -> Array:
        """Imports before tariffs, shape (countries, sectors)."""
        return self._abroad(self.parameters.tables.flows)

    @property
    def imports_after(self) -> Array:
        """Imports before tariffs, after the change, shape (countries, sectors)."""
        return self._abroad(self.flows_after)

    def tables_after(self) -> TradeTables:
        """Return the world after the change as tables, the start of another change."""
        tables = self.parameters.tables
        return TradeTables(
            countries=tables.countries,
            sectors=tables.sectors,
            flows=self.flows_after,
            input_shares=tables.input_shares,
            trade_elasticities=tables.trade_elasticities,
            tariffs=self.parameters.tariffs_after,
        )

    @property
    def residual(self) -> float:
        """Largest residual of the equations."""
        from tradewinds.firms.hat.checks import residual

        return float(np.max(np.abs(residual(self))))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("caliendo-parro2015", "costinot-rodriguezclare2014")

    def quantities(self) -> Iterator[Quantity]:
        """Yield every number by country, then by country and sector."""
        tables = self.parameters.tables
        found = {
            "wage": 100 * (self.wage - 1),
            "price_index": 100 * (self.price_index - 1),
            "real_wage": self.real_wage,
            "welfare_exact": self.welfare_exact,
            "welfare_first_order": self.welfare_first_order,
            "terms_of_trade": self.terms_of_trade,
            "volume_of_trade": self.volume_of_trade,
            "trade_technology": self.trade_technology,
        }
        for name, values in found.items():
            for country, value in zip(tables.countries, values, strict=True):
                yield Quantity(name, float(value), _PERCENT, country)
        home = np.einsum("nnj->nj", self.shares_after)
        cells = {
            "price": (100 * (self.prices - 1), _PERCENT),
            "output": (self.flows_after.sum(axis=1), "value"),
            "imports_before": (self.imports_before, "value"),
            "imports": (self.imports_after, "value"),
            "home_share": (home, "share of spending"),
        }
        for name, (array, unit) in cells.items():
            for n, country in enumerate(tables.countries):
                for j, sector in enumerate(tables.sectors):
                    yield Quantity(name, float(array[n, j]), unit, country, sector)

    def summary(self) -> str:
        """Return real wages and welfare by country as text."""
        lines = [f"{self.model}, {self.scenario} (largest residual {self.residual:.1e}), per cent changes"]
        lines.append(f"  {'':<20}{'real wage':>12}{'welfare':>12}{'first order':>14}")
        for n, country in enumerate(self.parameters.tables.countries):
            row = self.real_wage[n], self.welfare_exact[n], self.welfare_first_order[n]
            lines.append(f"  {country:<20}{row[0]:>12.4f}{row[1]:>12.4f}{row[2]:>14.4f}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return real wages and both measures of welfare by country, the largest movers of many."""
        from matplotlib.figure import Figure

        size = np.where(np.isfinite(self.welfare_exact), np.abs(self.welfare_exact), 0)
        chosen = np.sort(np.argsort(-size)[:20])
        place = np.arange(chosen.size)
        shown = (("real wage", self.real_wage), ("welfare, exact", self.welfare_exact),
                 ("welfare, first order", self.welfare_first_order))  # fmt: skip
        with style():
            figure = Figure(figsize=(7.2, 1.6 + 0.36 * chosen.size))
            axis = figure.subplots()
            for number, (name, values) in enumerate(shown):
                bars = np.where(np.isfinite(values), values, np.nan)[chosen]
                axis.barh(place + 0.27 * (number - 1), bars, 0.25, color=COLOURS[number], label=name,
                          hatch=("", "//", "..")[number], edgecolor="white")  # fmt: skip
            axis.set_yticks(place, [self.parameters.tables.countries[i] for i in chosen])
            axis.invert_yaxis()
            axis.axvline(0, color="black", linewidth=0.8)
            axis.set(xlabel="per cent change", ylabel="country")
            axis.set_title(f"Exact hat algebra: {self.scenario}")
            figure.legend(loc="outside right upper", fontsize=8)
            add_source(
                figure, "Source: the model of Caliendo and Parro (2015) on the tables given, solved by tradewinds."
            )
        return figure
