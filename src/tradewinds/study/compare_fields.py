"""The keys of a study that puts one liberalisation through every mechanism (Grossman and Helpman 2015)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from tradewinds.errors import InputError
from tradewinds.study.growth_fields import GrowthFacts
from tradewinds.study.strict import Strict, refuse

if TYPE_CHECKING:
    from tradewinds.compare import TradeShock
    from tradewinds.ensembles import Interval

__all__ = ["CompareIntervals", "CompareStudy"]

_Ends = Annotated[list[float], Field(min_length=2)]
_Problem = tuple[tuple[str | int, ...], str]


class CompareIntervals(Strict):
    """Facts that are uncertain: lower end, upper end. Draws are the same for every model; the shock keeps its proportion."""

    growth: _Ends | None = Field(None, description="of consumption a head, a year, as a fraction")
    home_share: _Ends | None = Field(None, description="share of spending on home goods before the shock")
    trade_elasticity: _Ends | None = Field(None, description="of imports with respect to trade costs, positive")
    interest_rate: _Ends | None = Field(None, description="real, a year, as a fraction; above growth")


class CompareStudy(Strict):
    """The same liberalisation through every mechanism of growth, with static theory, firms, clusters and the world beside them."""

    home_share: float | None = Field(
        None,
        gt=0,
        le=1,
        description="share of spending on home goods after the shock; 1 closes the economy; 0.8556 if neither is given",
    )
    trade_cost_cut: float | None = Field(
        None,
        gt=-100,
        lt=1,
        description="or: share by which trade costs beyond one fall, such as 0.1; negative raises them",
    )
    idea_flow: float = Field(
        0.0,
        ge=0,
        le=1,
        description="share of what countries do not yet learn from each other that they then learn, where ideas flow by themselves",
    )
    mechanisms: list[str] | None = Field(
        None,
        min_length=1,
        description='names, or "name: variant"; default: every model, in the variants that answer differently',
    )
    world: bool = Field(True, description="run the world model too, unless mechanisms are named; it takes some seconds")
    draws: int = Field(0, ge=0, le=100_000, description="draws of each model from the intervals; 0: points only")
    seed: int = Field(1, ge=0, description="seed of the draws")
    coverage: float = Field(
        0.9, gt=0, le=1, description="share of draws inside the ranges reported; 1: smallest to largest"
    )
    slow_ranges: bool = Field(False, description="give ranges also to models of which one run takes seconds")
    sweeps: Literal["fast", "all", "none"] = Field(
        "fast", description="mechanisms swept for the parameter that decides the sign of the effect on growth"
    )
    workers: int | None = Field(
        None, ge=1, le=1024, description="processes; default: one a processor; results do not depend on it"
    )
    facts: GrowthFacts | None = Field(None, description="facts that every model is calibrated to")
    intervals: CompareIntervals | None = Field(None, description="facts that are drawn")
    parameters: dict[str, dict[str, float]] | None = Field(
        None, description="by mechanism: parameters to hold while the rest is calibrated"
    )
    parameter_intervals: dict[str, dict[str, _Ends]] | None = Field(
        None, description="by mechanism: parameters that are drawn, each draw calibrated anew"
    )

    @model_validator(mode="after")
    def _goes_together(self) -> CompareStudy:
        refuse(self._contradictions())
        return self

    @property
    def shock(self) -> TradeShock:
        """The liberalisation."""
        from tradewinds.compare import DEFAULT_SHOCK, TradeShock

        if self.home_share is None and self.trade_cost_cut is None:
            return TradeShock(DEFAULT_SHOCK.home_share, idea_flow=self.idea_flow)
        return TradeShock(self.home_share, self.trade_cost_cut, self.idea_flow)

    @property
    def known_facts(self) -> Any:
        """The facts before the shock."""
        from tradewinds.growth import Facts

        return Facts() if self.facts is None else self.facts.facts

    @property
    def members(self) -> list[str] | None:
        """What is compared, as :func:`tradewinds.compare.compare` takes it."""
        from tradewinds.compare import default_members

        if self.mechanisms is not None:
            return self.mechanisms
        return None if self.world else [member.label for member in default_members(world=False)]

    @property
    def fact_intervals(self) -> dict[str, Interval]:
        """Intervals of facts."""
        from tradewinds.ensembles import Interval

        given = {} if self.intervals is None else self.intervals.model_dump(exclude_none=True)
        return {name: Interval(ends[0], ends[1]) for name, ends in given.items()}

    @property
    def own_intervals(self) -> dict[str, dict[str, Interval]]:
        """Intervals of parameters, by mechanism."""
        from tradewinds.ensembles import Interval

        given = self.parameter_intervals or {}
        return {name: {key: Interval(ends[0], ends[1]) for key, ends in boxes.items()} for name, boxes in given.items()}

    def _contradictions(self) -> Iterator[_Problem]:
        """Yield the key and the sentence of everything that is allowed by itself and not with the rest."""
        from tradewinds.compare import find_members
        from tradewinds.compare.shock import require_facts

        if self.home_share is not None and self.trade_cost_cut is not None:
            yield ("trade_cost_cut",), "home_share states the shock already; leave one of the two out"
        try:
            require_facts(self.known_facts)
        except InputError as error:
            yield ("facts", str(error).split(" ", 1)[0]), str(error)
        problems = [*self._about_intervals()]
        yield from problems
        try:
            members = None if self.members is None else find_members(self.members)
        except InputError as error:
            yield ("mechanisms",), str(error)
            return
        if not problems:
            yield from self._about_parameters(members)

    def _about_intervals(self) -> Iterator[_Problem]:
        from tradewinds.ensembles import Interval

        given = {} if self.intervals is None else self.intervals.model_dump(exclude_none=True)
        boxes: list[tuple[tuple[str, ...], list[float]]] = [(("intervals", name), ends) for name, ends in given.items()]
        for mechanism, inside in (self.parameter_intervals or {}).items():
            boxes += [(("parameter_intervals", mechanism, name), ends) for name, ends in inside.items()]
        for key, ends in boxes:
            if len(ends) > 2:
                yield key, f"{ends} holds {len(ends)} numbers; an interval has two, from and to"
                continue
            try:
                Interval(ends[0], ends[1])
                if key[0] == "intervals":
                    _require_ends(key[1], ends)
            except InputError as error:
                yield key, str(error)
        if self.draws and not boxes:
            yield (
                ("draws",),
                "there is no interval to draw from; add [compare.intervals] with trade_elasticity = [4, 6]",
            )
        if boxes and not self.draws:
            yield (boxes[0][0][0],), "intervals are there and draws = 0; say how many, such as draws = 20"

    def _about_parameters(self, members: Any) -> Iterator[_Problem]:
        from tradewinds.compare import default_members
        from tradewinds.compare.run import require_parameters

        chosen = default_members() if members is None else members
        for table in ("parameters", "parameter_intervals"):
            for mechanism, values in (getattr(self, table) or {}).items():
                try:
                    require_parameters(mechanism, values, chosen)
                except InputError as error:
                    yield (table, mechanism), str(error)


def _require_ends(name: str, ends: list[float]) -> None:
    """Raise InputError unless both ends of an interval can be facts: draws that cannot would be lost."""
    from tradewinds.growth import Facts

    for end in ends:
        given: dict[str, Any] = {name: end}
        dataclasses.replace(Facts(), **given)
    if name == "home_share" and ends[1] == 1:
        raise InputError("home_share reaches 1; it must stay below: models are calibrated to an economy that trades")
