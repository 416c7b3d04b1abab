"""The keys of a study of heterogeneous firms: a model, the trade costs or market sizes it is solved at, and its parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from tradewinds.errors import InputError
from tradewinds.study.strict import Strict, refuse, together

__all__ = ["FirmParameters", "FirmsStudy"]

UNIFORM, PARETO, CHANEY, WIDGETS = (
    "melitz-ottaviano-uniform", "melitz-ottaviano-pareto", "melitz-chaney", "krugman-widgets"
)  # fmt: skip


def _runnable(value: Any) -> Any:
    if value == "caliendo-parro":
        raise together(
            '"caliendo-parro" starts from tables of trade by country and sector and from changes of their costs, not from a list '
            "of trade costs, and a study cannot run it; in Python: tradewinds.firms.solve_hat(HatParameters(...))"
        )
    return value


#: Models that a study runs; a test holds them against the models' own list.
_Model = Annotated[
    Literal["melitz-ottaviano-uniform", "melitz-ottaviano-pareto", "melitz-chaney", "krugman-widgets"],
    BeforeValidator(_runnable),
]
# JSON has no infinity, so that one is kept as text where a study is written down
_Cost = Annotated[
    float,
    Field(ge=0, allow_inf_nan=True),
    PlainSerializer(lambda value: "inf" if math.isinf(value) else value),
]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _read_numbers(value: Any) -> float | list[float]:
    if _is_number(value):
        return float(value)
    if isinstance(value, list) and value and all(map(_is_number, value)):
        return [float(number) for number in value]
    raise together(f"{value!r} is neither a number nor a list of numbers, one a country")


def _read_countries(value: Any) -> int | list[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, list) and value and all(isinstance(name, str) and name for name in value):
        return value
    raise together(f"{value!r} is neither a list of names nor, for {WIDGETS}, how many there are")


_Number = {"type": "number"}
_Numbers = Annotated[
    float | list[float],
    PlainValidator(_read_numbers),
    WithJsonSchema({"anyOf": [_Number, {"type": "array", "minItems": 1, "items": _Number}]}),
]
_Countries = Annotated[
    int | list[str],
    PlainValidator(_read_countries),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer"},
                {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]


class FirmParameters(Strict):
    """Parameters of the model by their public names; each model has its own, with the defaults of its own."""

    market_size: _Numbers | None = Field(
        None, description="units sold in a country, or its consumers; Melitz-Ottaviano"
    )
    price_sensitivity: float | None = Field(
        None, description="fall of a seller's market share when its price rises by one; uniform costs"
    )
    maximum_cost: _Numbers | None = Field(None, description="highest marginal cost that may be drawn; Melitz-Ottaviano")
    entry_cost: _Numbers | None = Field(None, description="sunk cost of entry; every model but widgets")
    innovation_cost: float | None = Field(None, description="up-front cost of an innovation; uniform costs")
    innovation_cost_reduction: float | None = Field(
        None, description="fall of marginal cost that an innovation brings; uniform costs"
    )
    countries: _Countries | None = Field(None, description="names of countries; for widgets, how many identical ones")
    demand_intercept: float | None = Field(None, description="taste for the goods against the numeraire; Pareto costs")
    product_differentiation: float | None = Field(None, description="differentiation between varieties; Pareto costs")
    demand_substitution: float | None = Field(
        None, description="substitution between the goods and the numeraire; Pareto costs"
    )
    pareto_shape: float | None = Field(
        None, description="shape of costs or of productivity; Pareto costs, Melitz-Chaney"
    )
    labour: _Numbers | None = Field(None, description="workers of a country; Melitz-Chaney, widgets")
    elasticity_of_substitution: float | None = Field(
        None, description="between varieties, above 1; Melitz-Chaney, widgets"
    )
    minimum_productivity: _Numbers | None = Field(None, description="lowest productivity drawn; Melitz-Chaney")
    fixed_cost: _Numbers | None = Field(None, description="fixed cost of selling at home, in workers; Melitz-Chaney")
    export_fixed_cost: float | None = Field(None, description="fixed cost of selling abroad, in workers; Melitz-Chaney")
    overhead: float | None = Field(None, description="workers that a variety takes before its first unit; widgets")
    unit_labour: float | None = Field(None, description="workers a unit; widgets")


class FirmsStudy(Strict):
    """Heterogeneous firms (Melitz and Trefler 2012): who sells, exports and innovates as trade becomes cheaper."""

    model: _Model = Field("melitz-ottaviano-uniform", description="the model that is solved")
    trade_cost: list[_Cost] | None = Field(
        None,
        min_length=1,
        description="one scenario each; per unit with uniform costs, else units sent for one to arrive; inf: no trade",
    )
    market_size: list[Annotated[float, Field(gt=0)]] | None = Field(
        None,
        min_length=1,
        description="one scenario each, at the one trade cost given, or none: closed economies; Melitz-Ottaviano",
    )
    parameters: FirmParameters | None = Field(None, description="parameters that differ from the model's own")

    @model_validator(mode="after")
    def _goes_together(self) -> FirmsStudy:
        refuse(self._contradictions())
        return self

    @property
    def given(self) -> dict[str, Any]:
        """The parameters that the study sets, by name."""
        return {} if self.parameters is None else self.parameters.model_dump(exclude_none=True)

    @property
    def varied(self) -> tuple[str, list[float]]:
        """The parameter that differs between scenarios, and its values."""
        if self.market_size is not None:
            return "market_size", self.market_size
        return "trade_cost", self.trade_cost or []

    def parameters_at(self, value: float) -> Any:
        """Return the model's parameters in one scenario.

        Raises
        ------
        InputError
            If the model refuses them.
        """
        from tradewinds.firms import MODELS

        name, _ = self.varied
        fixed = {"trade_cost": self.trade_cost[0] if self.trade_cost else math.inf} if name == "market_size" else {}
        return MODELS[self.model].make(self.given | fixed | {name: value})

    def _contradictions(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield the key and the sentence of everything that is allowed by itself and not with the rest."""
        wrong = list(self._about_lists())
        yield from wrong
        unknown = list(self._about_names())
        yield from unknown
        if wrong or unknown:
            return
        for value in self.varied[1]:
            try:
                self.parameters_at(value)
            except InputError as error:
                yield self.key_of(error), f"{self.scenario(value)}: {error}"
                return

    def scenario(self, value: float) -> str:
        """Return the name of a scenario, as results have it."""
        from tradewinds.firms.results import label

        return label(self.varied[0], value)

    def key_of(self, error: InputError) -> tuple[str, ...]:
        """Return the key that a message of the model begins with, from this table."""
        from tradewinds.firms import MODELS

        first = str(error).split(" ", 1)[0]
        if first == self.varied[0]:
            return (first,)
        return ("parameters", first) if first in MODELS[self.model].definitions else ("parameters",)

    def _about_lists(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        name, values = self.varied
        if not values:
            yield (
                ("trade_cost",),
                "give a list of trade costs, such as [1.0, 0.5, 0.0], or of market sizes: market_size = [1.0, 2.0]",
            )
        names = [self.scenario(value) for value in values]
        for place, value in enumerate(names):
            if value in names[:place]:
                yield (name,), f"{values[place]:g} stands there twice; every scenario needs a value of its own"
        if name == "market_size":
            if self.trade_cost is not None and len(self.trade_cost) > 1:
                yield (
                    ("trade_cost",),
                    f"{len(self.trade_cost)} values, and market_size is a list too; one of them can vary",
                )
            if self.model not in (UNIFORM, PARETO):
                yield (
                    ("market_size",),
                    f'{self.model} has no market size; "labour" among its parameters is what makes it large',
                )
            elif "market_size" in self.given:
                yield ("parameters", "market_size"), "market_size is a list of scenarios already; leave one of them out"
        if self.model != UNIFORM:
            for cost in self.trade_cost or ():
                if cost < 1:
                    yield (
                        ("trade_cost",),
                        f"{cost:g} is below 1: in {self.model} it is the units sent for one to arrive; 1 is free trade",
                    )

    def _about_names(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        from tradewinds.firms import MODELS

        known = MODELS[self.model].definitions
        for name in self.given:
            if name not in known:
                others = [each for each in _RUN if name in MODELS[each].definitions]
                yield (
                    ("parameters", name),
                    (
                        f"{self.model} has no such parameter (it is one of {' and '.join(others)}); its own are "
                        f"{', '.join(each for each in known if each != 'trade_cost')}"
                    ),
                )
            elif isinstance(self.given[name], list) and name != "countries" and "countries" not in known:
                yield ("parameters", name), f"in {self.model} countries are identical: give one number"
        if self.model in (PARETO, CHANEY) and isinstance(self.given.get("countries"), int):
            yield ("parameters", "countries"), f'{self.model} takes names, such as ["home", "foreign"]'
        if self.model == WIDGETS:
            if isinstance(self.given.get("countries"), list):
                yield ("parameters", "countries"), f"in {WIDGETS} countries are identical: give how many there are"
            if isinstance(self.given.get("labour"), list):
                yield ("parameters", "labour"), f"in {WIDGETS} countries are identical: give one number"


_RUN: tuple[str, ...] = (UNIFORM, PARETO, CHANEY, WIDGETS)
