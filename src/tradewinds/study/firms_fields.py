"""The keys of a study of heterogeneous firms: a model, the scenarios it is solved at, and its parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, model_validator

from tradewinds.errors import InputError
from tradewinds.study.firms_values import CostFile, Countries, Numbers, Pairs, TradeCost, TradeCosts
from tradewinds.study.strict import Strict, refuse

__all__ = ["Case", "FirmParameters", "FirmScenario", "FirmSelection", "FirmsStudy", "TradeChange"]

Place = tuple[str | int, ...]


class FirmParameters(Strict):
    """Parameters of the model by their public names; each model has its own, with the defaults of its own."""

    market_size: Numbers | None = Field(None, description="units sold in a country, or its consumers; Melitz-Ottaviano")
    price_sensitivity: float | None = Field(
        None, description="fall of a seller's market share when its price rises by one; uniform costs"
    )
    maximum_cost: Numbers | None = Field(None, description="highest marginal cost that may be drawn; Melitz-Ottaviano")
    entry_cost: Numbers | None = Field(None, description="sunk cost of entry; every model with entry")
    innovation_cost: float | None = Field(None, description="up-front cost of an innovation; uniform costs")
    innovation_cost_reduction: float | None = Field(
        None, description="fall of marginal cost that an innovation brings; uniform costs"
    )
    countries: Countries | None = Field(None, description="names of countries; for widgets, how many identical ones")
    demand_intercept: float | None = Field(None, description="taste for the goods against the numeraire; Pareto costs")
    product_differentiation: float | None = Field(None, description="differentiation between varieties; Pareto costs")
    demand_substitution: float | None = Field(
        None, description="substitution between the goods and the numeraire; Pareto costs"
    )
    pareto_shape: float | None = Field(
        None, description="shape of costs or of productivity; Pareto costs, Melitz-Chaney"
    )
    labour: Numbers | None = Field(None, description="workers of a country; Melitz-Chaney, widgets")
    elasticity_of_substitution: float | None = Field(
        None, description="between varieties, above 1; Melitz-Chaney, widgets"
    )
    minimum_productivity: Numbers | None = Field(None, description="lowest productivity drawn; Melitz-Chaney")
    fixed_cost: Numbers | None = Field(None, description="fixed cost of selling at home, in workers; Melitz-Chaney")
    export_fixed_cost: Pairs | None = Field(
        None, description="fixed cost of selling abroad, in workers, one number or a matrix; Melitz-Chaney"
    )
    overhead: float | None = Field(None, description="workers that a variety takes before its first unit; widgets")
    unit_labour: float | None = Field(None, description="workers a unit; widgets")


class TradeChange(Strict):
    """What happens to some trade in a scenario of caliendo-parro; a country's own goods are never touched."""

    exporters: list[str] | None = Field(None, min_length=1, description="who sells; default: all")
    importers: list[str] | None = Field(None, min_length=1, description="who buys; default: all")
    sectors: list[str] | None = Field(None, min_length=1, description="what; default: every sector")
    tariff: float | None = Field(None, ge=0, description="tariff after, as a fraction: 0.05 is five per cent")
    tariff_ratio: float | None = Field(None, ge=0, description="tariff after over before; 0.5 halves it")
    trade_cost_change: (
        Annotated[
            float, Field(gt=0, allow_inf_nan=True), PlainSerializer(lambda value: "inf" if math.isinf(value) else value)
        ]
        | None
    ) = Field(None, description="iceberg cost after over before; 0.9 is ten per cent less, inf closes the route")


class FirmScenario(Strict):
    """One scenario with a name."""

    name: str = Field(min_length=1, description="name of the scenario in results")
    trade_cost: TradeCost | None = Field(
        None,
        description="a number, a matrix (row sends, column receives, 1 on the diagonal) or a file; default: the study's",
    )
    parameters: FirmParameters | None = Field(None, description="parameters that differ from the study's")
    changes: list[TradeChange] | None = Field(None, min_length=1, description="tariffs and trade costs; caliendo-parro")
    tariffs: str | None = Field(
        None, min_length=1, description="CSV of tariffs after: exporter, importer, sector, tariff; caliendo-parro"
    )
    trade_cost_changes: str | None = Field(
        None,
        min_length=1,
        description="CSV of iceberg costs after over before: exporter, importer, sector, trade_cost_change; what is not listed "
        "does not change; caliendo-parro",
    )
    deficits: Literal["kept", "zero"] = Field("kept", description="trade deficits after; caliendo-parro")


class FirmSelection(Strict):
    """Firms that differ in cost and in how much an innovation would lower it, in the paper's model."""

    innovation_cost: float = Field(gt=0, description="up-front cost of an innovation, in the unit of profits")
    largest_reduction: float = Field(
        gt=0, description="firms draw the fall of cost that innovation brings, uniform from 0 to this"
    )
    equilibrium: bool = Field(
        True, description="count innovation in competition and entry; false: competition as if nobody innovated"
    )


@dataclass(frozen=True)
class Case:
    """One scenario of a study, whether it has a name or a number.

    Attributes
    ----------
    name : str
        As results have it.
    value : float or None
        Of the parameter that differs, where one does.
    values : dict
        Parameters that the study sets, by public name; ``trade_cost`` may be a file that is not yet read.
    given : FirmScenario or None
        The scenario where it has a name.
    place : tuple
        Its key.
    """

    name: str
    value: float | None
    values: dict[str, Any]
    given: FirmScenario | None = None
    place: Place = ()


class FirmsStudy(Strict):
    """Heterogeneous firms (Melitz and Trefler 2012): who sells, exports and innovates as trade becomes cheaper."""

    model: Literal[
        "melitz-ottaviano-uniform", "melitz-ottaviano-pareto", "melitz-chaney", "krugman-widgets", "caliendo-parro"
    ] = Field("melitz-ottaviano-uniform", description="the model that is solved")
    trade_cost: TradeCosts | None = Field(
        None,
        description="one scenario each; per unit with uniform costs, else units sent for one to arrive; inf: no trade",
    )
    market_size: list[Annotated[float, Field(gt=0)]] | None = Field(
        None,
        min_length=1,
        description="one scenario each, at the one trade cost given, or none: closed economies; Melitz-Ottaviano",
    )
    parameters: FirmParameters | None = Field(None, description="parameters that differ from the model's own")
    scenarios: list[FirmScenario] | None = Field(
        None, min_length=1, description="scenarios by name, in place of a list of trade costs or market sizes"
    )
    selection: FirmSelection | None = Field(
        None, description="who starts to export and innovate where firms differ in two dimensions; uniform costs"
    )
    tables: str | None = Field(
        None,
        min_length=1,
        description='folder with flows.csv, inputs.csv, elasticities.csv and tariffs.csv, or "example"; caliendo-parro',
    )
    absent: Literal["error", "zero"] = Field(
        "error", description="what a pair or an input without a row in the tables stands for; caliendo-parro"
    )

    @model_validator(mode="after")
    def _goes_together(self) -> FirmsStudy:
        from tradewinds.study.firms_checks import contradictions

        refuse(contradictions(self))
        return self

    @property
    def given(self) -> dict[str, Any]:
        """The parameters that the study sets for every scenario, by name."""
        return {} if self.parameters is None else self.parameters.model_dump(exclude_none=True)

    @property
    def varied(self) -> tuple[str, list[float]]:
        """The parameter that differs between scenarios, and its values; none where scenarios have names."""
        if self.scenarios is not None:
            return "scenario", []
        if self.market_size is not None:
            return "market_size", self.market_size
        return "trade_cost", self.trade_cost or []

    @property
    def cases(self) -> list[Case]:
        """Every scenario, in the order of the study."""
        from tradewinds.firms.results import label

        if self.scenarios is not None:
            return [self._named(place, item) for place, item in enumerate(self.scenarios)]
        name, values = self.varied
        fixed = {"trade_cost": self.trade_cost[0] if self.trade_cost else math.inf} if name == "market_size" else {}
        return [Case(label(name, value), value, self.given | fixed | {name: value}) for value in values]

    def _named(self, place: int, item: FirmScenario) -> Case:
        own = {} if item.parameters is None else item.parameters.model_dump(exclude_none=True)
        cost = item.trade_cost
        if cost is None and self.trade_cost:
            cost = self.trade_cost[0]
        cost_given = {} if cost is None else {"trade_cost": cost}
        return Case(item.name, None, self.given | own | cost_given, item, ("scenarios", place))

    def make(self, values: dict[str, Any]) -> Any:
        """Return the model's parameters; trade costs in a file that is not read yet are left at the model's default.

        Raises
        ------
        InputError
            If the model refuses them.
        """
        from tradewinds.firms import MODELS

        known = {name: value for name, value in values.items() if not isinstance(value, CostFile)}
        return MODELS[self.model].make(known)

    def key_of(self, error: InputError, case: Case) -> Place:
        """Return the key that a message of the model begins with, from this table."""
        from tradewinds.firms import MODELS

        first = str(error).split(" ", 1)[0].rstrip(":")
        if case.given is not None:
            if first == "trade_cost" and case.given.trade_cost is not None:
                return (*case.place, first)
            own = case.given.parameters
            if own is not None and getattr(own, first, None) is not None:
                return (*case.place, "parameters", first)
        if first in ("trade_cost", self.varied[0]):
            return (first,)
        known = first in MODELS[self.model].definitions
        if known and (first in self.given or case.given is None):
            return ("parameters", first)
        return ("parameters",) if case.given is None else case.place
