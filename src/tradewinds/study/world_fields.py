"""The keys of a world study: calibration, years, parameters, shocks and scenarios."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, create_model, model_validator

from tradewinds.study.strict import Strict, refuse, together
from tradewinds.world.parameters import DEFINITIONS, Definition

__all__ = [
    "PAPER",
    "RndFinancing",
    "ShockVariable",
    "WorldParameters",
    "WorldScenarioTable",
    "WorldShockTable",
    "WorldStudy",
]

#: Where something stands in a study: keys and numbers of items.
Place = tuple[str | int, ...]

#: Name of the calibration of the paper.
PAPER = "bayoumi-coe-helpman-1996"

#: What can be shocked; a test holds it against the model's own list, which takes a second to load.
ShockVariable = Literal[
    "rnd_spending",
    "extra_trade",
    "tariff",
    "labour",
    "other_productivity",
    "government",
    "debt_target",
    "external_finance",
    "money_target",
    "real_oil_price",
    "import_preference",
]


#: Readings of who pays for additional R&D; a test holds them against the model's own.
RndFinancing = Literal["owners", "owners_and_households"]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _limits(item: Definition) -> dict[str, float]:
    """Return the bounds of a parameter in the words of a JSON schema; those a hair beyond a number include it."""
    low, high = item.bounds
    near_low, near_high = round(low, 6) + 0.0, round(high, 6)
    return {("exclusiveMinimum" if near_low == low else "minimum"): near_low} | {
        ("exclusiveMaximum" if near_high == high else "maximum"): near_high
    }


def _read_parameter(value: Any, item: Definition) -> float | dict[str, float]:
    """Return a parameter's number, or its numbers by country or group; what is neither raises a sentence."""
    about = f" ({item.meaning}{', ' + item.unit if item.unit else ''})"
    if isinstance(value, Mapping) and item.common:
        raise together(f"one number for the world, not a table by country{about}")
    numbers = {str(key): number for key, number in value.items()} if isinstance(value, Mapping) else {"": value}
    if not numbers:
        raise together(f"the table is empty; give numbers by country or group{about}")
    for scope, number in numbers.items():
        named = f"{scope} = " if scope else ""
        if not _is_number(number):
            kinds = "a number" if item.common else "a number, or a table of numbers by country or group"
            raise together(f"{named}{_shown(number)} is not allowed; it must be {kinds}{about}")
        if not item.bounds[0] < number < item.bounds[1]:
            raise together(f"{named}{number} is out of range; it must be {item.range}{about}")
    if isinstance(value, Mapping):
        return {scope: float(number) for scope, number in numbers.items()}
    return float(value)


def _parameter_field(item: Definition) -> Any:
    number = {"type": "number", **_limits(item)}
    table = {"type": "object", "additionalProperties": number}
    schema: dict[str, Any] = number if item.common else {"anyOf": [number, table]}
    kind: Any = float | None if item.common else float | dict[str, float] | None
    unit = f", {item.unit}" if item.unit else ""
    described = Field(None, description=f"{item.meaning} ({item.symbol}{unit})")
    return Annotated[
        kind, PlainValidator(lambda value: _read_parameter(value, item)), WithJsonSchema(schema)
    ], described


if TYPE_CHECKING:

    class WorldParameters(Strict):
        """Parameters that differ from the calibration."""

else:
    WorldParameters = create_model(
        "WorldParameters",
        __base__=Strict,
        __doc__="Parameters that differ from the calibration: one number for all countries, or a table by country or group.",
        **{name: _parameter_field(item) for name, item in DEFINITIONS.items()},
    )


def _read_countries(value: Any) -> list[str]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise together(
            f'{_shown(value)} is not allowed; give codes or names of groups, as in ["US", "developing"], or one'
        )
    return words


def _read_places(value: Any) -> list[str]:
    places = _read_countries(value)
    if not places:
        raise together(
            "the list is empty; name a country or a group to show, or leave the key out for those shocked and the others"
        )
    return places


def _read_size(value: Any) -> float | list[float]:
    if isinstance(value, list) and value and all(map(_is_number, value)):
        return [float(number) for number in value]
    if not _is_number(value):
        raise together(f"{_shown(value)} is not allowed; give one number, or a list of numbers, one a year")
    return float(value)


_NAMES = {"type": "array", "items": {"type": "string", "minLength": 1}}
_Countries = Annotated[
    list[str],
    PlainValidator(_read_countries),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, _NAMES]}),
]
_Places = Annotated[
    list[str],
    PlainValidator(_read_places),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, {**_NAMES, "minItems": 1}]}),
]
_Size = Annotated[
    float | list[float],
    PlainValidator(_read_size),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"}, "minItems": 1}]}),
]


class WorldShockTable(Strict):
    """A change of something that the model does not determine."""

    variable: ShockVariable = Field(description="what changes")
    size: _Size = Field(
        description="by how much, in the unit of the variable: one number, or one a year, whose last one holds on"
    )
    countries: _Countries = Field([], description="codes or names of groups; without any, all countries")
    start: int | None = Field(None, description="first year; default: first_year")
    end: int | None = Field(None, description="last year; without it the change is permanent")
    announced: int | None = Field(None, description="year in which it becomes known; default: from the beginning")
    partner: str = Field("", description="for import_preference: whose goods are preferred")
    name: str = Field(
        "", description="what it is called where contributions of shocks are shown; shocks of one name count together"
    )


class WorldScenarioTable(Strict):
    """One scenario of several: the shocks and parameters of the study, and its own beside them."""

    name: str = Field(min_length=1, description="name in tables, figures and results")
    shocks: list[WorldShockTable] = Field([], description="its own shocks, beside those of the study")
    parameters: WorldParameters | None = Field(None, description="its own parameters, which replace those of the study")
    rnd_financing: RndFinancing | None = Field(None, description="its own, which replaces that of the study")


class WorldStudy(Strict):
    """The world of Bayoumi, Coe and Helpman (1996), or one of your own: what shocks do to it."""

    calibration: str = Field(
        PAPER, min_length=1, description="name of a calibration that ships with the package, or the folder of one"
    )
    name: str = Field("simulation", min_length=1, description="name of the scenario, where there is one")
    first_year: int = Field(
        1996, ge=1900, le=2500, description="first year; everything before it is as on the baseline"
    )
    last_year: int = Field(2075, ge=1900, le=2500, description="last year that is reported")
    beyond: int = Field(
        120, ge=1, le=1000, description="years solved after the last one, so that the end of the world does not show"
    )
    show: _Places | None = Field(
        None, description="countries, groups, or several joined by +, to report; default: those shocked, and the others"
    )
    show_years: list[int] | None = Field(
        None, min_length=1, description="years in tables; default: those of the paper, 1996 2000 2010 2030 2050 2075"
    )
    contributions: bool = Field(
        True, description="also solve for what each shock does alone, where a scenario has several"
    )
    parameters: WorldParameters | None = Field(None, description="parameters that differ from the calibration")
    rnd_financing: RndFinancing | None = Field(
        None, description="who pays for additional R&D; default: as the calibration's parameters say"
    )
    shocks: list[WorldShockTable] = Field([], description="what happens, in every scenario")
    scenarios: list[WorldScenarioTable] = Field([], description="several scenarios, reported side by side")

    @model_validator(mode="after")
    def _goes_together(self) -> WorldStudy:
        refuse(self._contradictions())
        return self

    def _contradictions(self) -> Iterator[tuple[Place, str]]:
        """Yield the key and the sentence of everything that is allowed by itself and not with the rest."""
        if self.last_year < self.first_year:
            yield ("last_year",), f"{self.last_year} comes before first_year, {self.first_year}"
            return
        for year in self.show_years or ():
            if not self.first_year <= year <= self.last_year:
                yield ("show_years",), f"{year} is not reported; years are {self.first_year} to {self.last_year}"
        yield from _paid_twice(self, ())
        for number, scenario in enumerate(self.scenarios):
            yield from _paid_twice(scenario, ("scenarios", number))
        for number, shock in enumerate(self.shocks):
            yield from self._about_shock(shock, ("shocks", number))
        names = [scenario.name for scenario in self.scenarios]
        if names and self.name != "simulation":
            yield ("name",), "scenarios have names of their own; leave this one out"
        for place, scenario in enumerate(self.scenarios):
            if scenario.name in names[:place]:
                yield ("scenarios", place, "name"), f'there are two scenarios called "{scenario.name}"'
            if not self.shocks and not scenario.shocks:
                yield ("scenarios", place), f'nothing happens in scenario "{scenario.name}"; add a shock to it'
            for number, shock in enumerate(scenario.shocks):
                yield from self._about_shock(shock, ("scenarios", place, "shocks", number))
        if not self.shocks and not self.scenarios:
            yield ("shocks",), "nothing happens; write [[world.shocks]] with variable, size and countries"

    def _about_shock(self, shock: WorldShockTable, at: Place) -> Iterator[tuple[Place, str]]:
        first, last = self.first_year, self.last_year + self.beyond
        start = first if shock.start is None else shock.start
        for key, year in (("start", shock.start), ("end", shock.end), ("announced", shock.announced)):
            if year is not None and not first <= year <= last:
                yield (*at, key), f"{year} lies outside the years solved, {first} to {last}"
        if shock.end is not None and shock.end < start:
            yield (*at, "end"), f"{shock.end} comes before the shock starts, {start}"
        if shock.announced is not None and shock.announced > start:
            yield (*at, "announced"), f"{shock.announced} comes after the shock starts, {start}; announce it no later"
        years = (last if shock.end is None else shock.end) - start + 1
        if isinstance(shock.size, list) and len(shock.size) > years > 0:
            yield (*at, "size"), f"{len(shock.size)} numbers for {years} years"
        if shock.variable == "import_preference" and not shock.partner:
            yield (*at, "variable"), "import_preference needs a partner: the country whose goods are preferred"
        if shock.variable != "import_preference" and shock.partner:
            yield (*at, "partner"), f"{shock.variable} takes no partner; only import_preference does"
        if shock.variable == "real_oil_price" and shock.countries:
            yield (*at, "countries"), "real_oil_price is one for the world; leave countries out"


def _paid_twice(part: WorldStudy | WorldScenarioTable, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield where who pays for research is said by name and by number."""
    given = part.parameters.model_fields_set if part.parameters else set()
    both = {"rnd_cost_to_owners", "rnd_cost_to_households"} & given
    if part.rnd_financing and both:
        yield (
            (*place, "rnd_financing"),
            f"it sets {min(both)}, which the parameters set too; leave one of them out",
        )
