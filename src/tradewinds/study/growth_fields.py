"""The keys of a study of growth: a mechanism, its parameters, another regime, what is varied (Grossman and Helpman 2015)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from tradewinds.errors import InputError, did_you_mean
from tradewinds.study.growth_values import HOME_SHARE, Values, about_value, about_values, is_number, matching
from tradewinds.study.strict import Strict, refuse

if TYPE_CHECKING:
    from tradewinds.growth import Facts, GrowthParameters, Mechanism

__all__ = ["GrowthFacts", "GrowthStudy", "GrowthSweep", "MechanismName"]

#: Mechanisms that a study runs; a test holds them against the registry.
MechanismName = Literal[
    "variety-expansion",
    "quality-ladders",
    "partial-spillovers",
    "heckscher-ohlin-innovation",
    "national-spillovers",
    "feenstra",
    "young",
    "baldwin-robert-nicoud",
    "peretto-valente",
    "perla-tonetti-waugh",
    "sampson",
    "alvarez-buera-lucas",
    "buera-oberfield",
]

#: Most values of a sweep.
MOST = 1000

#: Key of a problem, from the table of the study, and its sentence.
Problem = tuple[tuple[str | int, ...], str]


class GrowthFacts(Strict):
    """Facts that the baseline reproduces; those left out are of the United States (Perla, Tonetti and Waugh 2021)."""

    growth: float = Field(0.0079, gt=0, lt=1, description="of consumption a head, a year, as a fraction")
    home_share: float = Field(0.8937, gt=0, lt=1, description="share of spending on home goods")
    trade_elasticity: float = Field(5.0, gt=0, description="of imports with respect to trade costs, positive")
    interest_rate: float = Field(0.0283, gt=0, lt=1, description="real, a year, as a fraction; above growth")
    countries: int = Field(10, ge=2, le=1000, description="of equal size, where the mechanism has many")

    @property
    def facts(self) -> Facts:
        """The facts, for the mechanism."""
        from tradewinds.growth import Facts

        return Facts(**self.model_dump())


class GrowthSweep(Strict):
    """One parameter over a list of values, or over a range: growth, and what the other regime brings, at each."""

    parameter: str = Field(
        min_length=1,
        description="what varies: in both regimes, or, where the counterfactual sets it, there alone; home_share: the target",
    )
    values: list[float] | None = Field(None, min_length=2, description="its values; without them, a range")
    first: float | None = Field(None, alias="from", description="first value of a range")
    last: float | None = Field(None, alias="to", description="last value of a range")
    count: int = Field(11, ge=2, le=MOST, description="values in a range")
    spacing: Literal["linear", "log"] = Field("linear", description="equal steps, or equal ratios")
    place: list[int] | None = Field(
        None, min_length=1, description="which number of a list, or row and column, counted from one"
    )

    @model_validator(mode="after")
    def _goes_together(self) -> GrowthSweep:
        refuse(self._contradictions())
        return self

    @property
    def numbers(self) -> list[float]:
        """The values, in their order."""
        if self.values is not None:
            return list(self.values)
        assert self.first is not None
        assert self.last is not None
        space = np.geomspace if self.spacing == "log" else np.linspace
        return [float(number) for number in space(self.first, self.last, self.count)]

    def _contradictions(self) -> Iterator[Problem]:
        ends = {"from": self.first, "to": self.last}
        missing = [name for name, value in ends.items() if value is None]
        if self.values is not None:
            for name in (*(n for n in ends if n not in missing), *({"count", "spacing"} & self.model_fields_set)):
                yield (name,), "the values are listed already; leave one of them out"
            if len(self.values) > MOST:
                yield ("values",), f"{len(self.values):,} values; at most {MOST:,} are solved"
            for place, value in enumerate(self.values):
                if value in self.values[:place]:
                    yield ("values",), f"{value:g} stands there twice"
            return
        if missing:
            yield (missing[0],), 'give values = [...], or a range: "from", "to" and, if 11 are not right, "count"'
            return
        if self.first == self.last:
            yield ("to",), f"it is {self.last:g}, as is the first; a range needs two ends"
        if self.spacing == "log" and min(self.first or 0, self.last or 0) <= 0:
            yield ("spacing",), "equal ratios need ends above 0"


class GrowthStudy(Strict):
    """A mechanism that links globalisation and growth (Grossman and Helpman 2015): one regime against another."""

    mechanism: MechanismName = Field(description="the mechanism that is solved")
    variant: str | None = Field(None, description="a variant of it; default: its first, and a wrong one lists all")
    parameters: Values.Parameters | None = Field(
        None, description="parameters that differ from the standard calibration of the variant, by public name"
    )
    counterfactual: Values.Changes | None = Field(
        None, description="parameters that change, or home_share: the share to which trade costs move"
    )
    calibrate: GrowthFacts | None = None
    sweep: GrowthSweep | None = None
    compare: list[str] = Field([], description="further variants of the mechanism, in which the same change is made")
    times: list[float] | None = Field(
        None, min_length=1, description="years after the change at which paths are reported"
    )
    autarky: bool = Field(True, description="compare with an economy closed to trade in goods, too")
    claims: bool = Field(True, description="put the survey's statements about the mechanism to its equations")

    @model_validator(mode="after")
    def _goes_together(self) -> GrowthStudy:
        refuse(self._contradictions())
        return self

    @property
    def model(self) -> Mechanism[Any]:
        """The mechanism."""
        from tradewinds.growth import mechanisms

        return mechanisms[self.mechanism]

    @property
    def chosen(self) -> str:
        """The variant, the mechanism's first where none is named."""
        return self.model.variant(self.variant)

    def baseline(self) -> GrowthParameters:
        """Return the parameters of the baseline: calibrated or standard, with those that the study gives.

        Raises
        ------
        InputError
            If the mechanism refuses them, or facts that it cannot meet.
        """
        model, variant = self.model, self.chosen
        standard = (
            model.defaults(variant)
            if self.calibrate is None
            else model.calibrate(self.calibrate.facts, variant=variant)
        )
        changed: GrowthParameters = standard.replace(**matching(model, self.parameters or {}, variant))
        return changed

    def changed(self, baseline: GrowthParameters, changes: Mapping[str, Any]) -> GrowthParameters:
        """Return the parameters of another regime; ``home_share`` moves the trade cost.

        Raises
        ------
        InputError
            If the mechanism refuses them, tastes differ, or no trade cost gives that share.
        """
        model, variant = self.model, self.chosen
        others = {name: value for name, value in changes.items() if name != HOME_SHARE}
        made: GrowthParameters = model.changed(baseline, matching(model, others, variant))
        for name, value in baseline.items().items():
            if np.shape(getattr(made, name)) != np.shape(value):
                raise InputError(
                    f"{name} has {len(getattr(made, name))} countries in one regime and {len(value)} in the other; the "
                    "same countries are compared. Give the baseline as many in [growth.parameters]"
                )
        if HOME_SHARE in changes:
            made = model.liberalise(made, float(changes[HOME_SHARE]), variant=variant)
        return made

    def key_of(self, error: InputError, table: str) -> tuple[str, ...]:
        """Return the key that a message of the mechanism is about, from this table.

        That is the first parameter in the message that the study sets, in the table of the regime or else in that of the baseline;
        else the first that it names.
        """
        text = str(error).split("Parameters:", maxsplit=1)[0]
        names = re.findall(r"[a-z]+(?:_[a-z]+)*", text)
        given = getattr(self, table, None) or {}
        for each, content in ((table, given), ("parameters", self.parameters or {})):
            for name in names:
                if name in content:
                    return (each, name)
        known = [name for name in names if name in self.model.definitions and ("_" in name or text.startswith(name))]
        if table == "calibrate":
            return (table,)
        return ("parameters", known[0]) if known else (table,) if given else ("mechanism",)

    # ------------------------------------------------------------------ what goes together

    def _contradictions(self) -> Iterator[Problem]:
        """Yield the key and the sentence of everything that is allowed by itself and not with the rest."""
        model = self.model
        if self.variant is not None and self.variant not in model.variants:
            allowed = ", ".join(f'"{name}"' for name in model.variants)
            yield (
                ("variant",),
                f"{self.mechanism} has no variant {self.variant!r}.{did_you_mean(self.variant, model.variants)} "
                f"Allowed: {allowed}",
            )
            return
        yield from self._about_compare(model)
        wrong = [*self._about_parameters(model), *self._about_counterfactual(model)]
        yield from wrong
        yield from self._about_times()
        if not wrong and self.calibrate is None:
            regimes = list(self._about_regimes())
            yield from regimes
            wrong = regimes
        if not wrong:
            yield from self._about_sweep(model)

    def _about_compare(self, model: Mechanism[Any]) -> Iterator[Problem]:
        for place, name in enumerate(self.compare):
            if name not in model.variants:
                allowed = ", ".join(f'"{variant}"' for variant in model.variants if variant != self.chosen)
                yield (
                    ("compare",),
                    f"{self.mechanism} has no variant {name!r}.{did_you_mean(name, model.variants)} Allowed: {allowed}",
                )
            elif name == self.chosen:
                yield ("compare",), f"{name!r} is the variant of the study itself"
            elif name in self.compare[:place]:
                yield ("compare",), f"{name!r} stands there twice"
        if self.compare and self.counterfactual is None and not self.autarky:
            yield ("compare",), "there is no other regime to compare; add [growth.counterfactual]"

    def _about_parameters(self, model: Mechanism[Any]) -> Iterator[Problem]:
        for name, problem in about_values(model, self.parameters or {}):
            yield ("parameters", name), problem

    def _about_counterfactual(self, model: Mechanism[Any]) -> Iterator[Problem]:
        changes = self.counterfactual
        if changes is None:
            return
        if not changes:
            yield ("counterfactual",), "nothing changes; give a parameter, or home_share = a share of spending"
        share = changes.get(HOME_SHARE)
        if share is not None:
            if problem := _about_share(share, model):
                yield ("counterfactual", HOME_SHARE), problem
            elif "trade_cost" in changes:
                yield (
                    ("counterfactual", HOME_SHARE),
                    "trade_cost is given too, and each of them sets the other; give one",
                )
        others = {name: value for name, value in changes.items() if name != HOME_SHARE}
        for name, problem in about_values(model, others):
            yield ("counterfactual", name), problem

    def _about_regimes(self) -> Iterator[Problem]:
        """Yield what the mechanism has against the parameters as a whole: shapes, tail indices, tastes that differ."""
        table = "parameters"
        try:
            baseline = self.baseline()
            table = "counterfactual"
            self.changed(baseline, self._others())
        except InputError as error:
            yield self.key_of(error, table), str(error)

    def _others(self) -> dict[str, Any]:
        """Return what changes but for the target, which takes a solution to check."""
        return {name: value for name, value in (self.counterfactual or {}).items() if name != HOME_SHARE}

    def _about_times(self) -> Iterator[Problem]:
        for earlier, later in zip(self.times or (), (self.times or ())[1:], strict=False):
            if later <= earlier:
                yield ("times",), f"{later:g} comes after {earlier:g}; years must rise"
        for time in self.times or ():
            if time < 0:
                yield ("times",), f"{time:g} is before the change; years count from it"
        if self.times is not None and self.counterfactual is None and not self.autarky:
            yield ("times",), "there is no other regime to go to; add [growth.counterfactual]"

    def _about_sweep(self, model: Mechanism[Any]) -> Iterator[Problem]:
        sweep = self.sweep
        if sweep is None:
            return
        if sweep.parameter == HOME_SHARE:
            if problem := next(filter(None, (_about_share(value, model) for value in sweep.numbers)), ""):
                yield ("sweep", "parameter" if "no trade cost" in problem else "values"), problem
            if "trade_cost" in (self.counterfactual or {}):
                yield (
                    ("sweep", "parameter"),
                    "the counterfactual sets trade_cost, and with it the home share; sweep that",
                )
            return
        known = model.definitions.get(sweep.parameter)
        if known is None:
            yield (
                ("sweep", "parameter"),
                f"{model.name} has no parameter {sweep.parameter!r}.{did_you_mean(sweep.parameter, model.definitions)} Its "
                f"parameters are {', '.join(model.definitions)}",
            )
            return
        if len(sweep.place or ()) != len(known.axes):
            yield ("sweep", "place"), _place_wanted(sweep.parameter, known.axes)
            return
        single = known if not known.axes else type(known)(**{**vars(known), "axes": ()})
        for number, value in enumerate(sweep.numbers, 1):
            if problem := about_value(value, single):
                yield ("sweep", "values" if sweep.values is not None else "from"), f"value {number}: {problem}"
                return
        if known.axes and self.calibrate is None:
            size = len(getattr(self.baseline(), sweep.parameter))
            for place in sweep.place or ():
                if not 1 <= place <= size:
                    yield ("sweep", "place"), f"{place} is not there: {sweep.parameter} has {size} countries, from 1"


def _about_share(value: Any, model: Mechanism[Any]) -> str:
    if "trade_cost" not in model.definitions:
        closed = ", ".join(f"{name} = {value}" for name, value in model.autarky.items())
        return (
            f"{model.name} has no trade cost that could move it: it compares autarky ({closed}) with free trade. Change "
            "that instead"
        )
    if not is_number(value) or not 0 < value <= 1:
        return f"{value!r} is not a share of spending above 0 and at most 1"
    return ""


def _place_wanted(name: str, axes: tuple[str, ...]) -> str:
    if not axes:
        return f"{name} is one number; leave place out"
    if len(axes) == 1:
        return f"{name} has one number a {axes[0]}: say which, such as place = [1]"
    return f"{name} is a matrix: say row ({axes[0]}) and column ({axes[1]}), such as place = [1, 2]"
