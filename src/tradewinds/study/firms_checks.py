"""What in a study of firms is allowed by itself and not with the rest: keys and sentences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError
from tradewinds.study.firms_values import CostFile

if TYPE_CHECKING:
    from tradewinds.study.firms_fields import FirmScenario, FirmsStudy, Place

__all__ = ["contradictions"]

UNIFORM, PARETO, CHANEY, WIDGETS, HAT = (
    "melitz-ottaviano-uniform", "melitz-ottaviano-pareto", "melitz-chaney", "krugman-widgets", "caliendo-parro"
)  # fmt: skip
#: Models whose countries may differ, with a trade cost a pair.
_BY_PAIR = (PARETO, CHANEY)

Problem = tuple["Place", str]


def contradictions(study: FirmsStudy) -> Iterator[Problem]:
    """Yield the key and the sentence of every contradiction; those of the model only where there are no others."""
    wrong = [*_about_scenarios(study), *_about_lists(study), *_about_tables(study), *_about_selection(study)]
    unknown = [problem for place, given in _given(study) for problem in _about_names(study, place, given)]
    yield from (*wrong, *unknown)
    if wrong or unknown or study.model == HAT:
        return
    for case in study.cases:
        try:
            study.make(case.values)
        except InputError as error:
            yield study.key_of(error, case), f"{case.name}: {error}"
            return


def _about_scenarios(study: FirmsStudy) -> Iterator[Problem]:
    if study.scenarios is None:
        return
    if study.market_size is not None:
        yield ("market_size",), "scenarios have names already; set market_size among the parameters of each"
    if study.trade_cost is not None and len(study.trade_cost) > 1:
        yield (
            ("trade_cost",),
            f"{len(study.trade_cost)} values, and scenarios have names: give one number for those that have none of their own",
        )
    names = [item.name for item in study.scenarios]
    for place, item in enumerate(study.scenarios):
        at = ("scenarios", place)
        if not item.name.isprintable():
            yield (*at, "name"), "a name is one line of text, without line breaks or tabs"
        if item.name in names[:place]:
            yield (*at, "name"), f'two scenarios are called "{item.name}"'
        if study.model != HAT:
            yield from _about_cost(study, at, item)
            for key in ("changes", "tariffs", "trade_cost_changes"):
                if getattr(item, key) is not None:
                    yield (*at, key), f"it belongs to {HAT}; in {study.model} set trade_cost or parameters"
            if "deficits" in item.model_fields_set:
                yield (*at, "deficits"), f"it belongs to {HAT}; in {study.model} trade is balanced"


def _about_cost(study: FirmsStudy, at: Place, item: FirmScenario) -> Iterator[Problem]:
    cost = item.trade_cost
    if cost is None and study.trade_cost is None and study.model != WIDGETS:
        yield (
            at,
            (
                f'"{item.name}" has no trade_cost; give it one, or one for all below [firms], such as trade_cost = [inf] where '
                "nobody trades"
            ),
        )
    if isinstance(cost, list | CostFile) and study.model not in _BY_PAIR:
        yield (
            (*at, "trade_cost"),
            f"in {study.model} countries are identical: give one number; a cost for every pair is for {' and '.join(_BY_PAIR)}",
        )


def _about_lists(study: FirmsStudy) -> Iterator[Problem]:
    name, values = study.varied
    if not values and study.scenarios is None and study.model != HAT:
        yield (
            ("trade_cost",),
            "give a list of trade costs, such as [1.0, 0.5, 0.0], or of market sizes: market_size = [1.0, 2.0]",
        )
    names = [case.name for case in study.cases] if study.scenarios is None else []
    for place, value in enumerate(names):
        if value in names[:place]:
            yield (name,), f"{values[place]:g} stands there twice; every scenario needs a value of its own"
    if study.market_size is not None and study.scenarios is None:
        if study.trade_cost is not None and len(study.trade_cost) > 1:
            yield (
                ("trade_cost",),
                f"{len(study.trade_cost)} values, and market_size is a list too; one of them can vary",
            )
        if study.model not in (UNIFORM, PARETO):
            instead = '; "labour" among its parameters is what makes it large' if study.model != HAT else ""
            yield ("market_size",), f"{study.model} has no market size{instead}"
        elif "market_size" in study.given:
            yield ("parameters", "market_size"), "market_size is a list of scenarios already; leave one of them out"
    if study.model not in (UNIFORM, HAT):
        for cost in study.trade_cost or ():
            if cost < 1:
                yield (
                    ("trade_cost",),
                    f"{cost:g} is below 1: in {study.model} it is the units sent for one to arrive; 1 is free trade",
                )


def _about_tables(study: FirmsStudy) -> Iterator[Problem]:
    if study.model != HAT:
        for key in ("tables", "absent"):
            if key in study.model_fields_set and getattr(study, key) is not None:
                yield (key,), f"it belongs to {HAT}; {study.model} is solved from its parameters"
        return
    if study.tables is None:
        yield (
            ("tables",),
            (
                f"{HAT} starts from tables of trade: name their folder, with flows.csv, inputs.csv, elasticities.csv and, if there "
                'are any, tariffs.csv, or "example" for made-up ones'
            ),
        )
    if study.trade_cost is not None:
        yield (
            ("trade_cost",),
            f"{HAT} takes changes of trade costs: trade_cost_change below [[firms.scenarios.changes]]",
        )
    if study.scenarios is None:
        yield ("scenarios",), f"{HAT} needs at least one: write [[firms.scenarios]], a name, and what changes"
    for place, item in enumerate(study.scenarios or ()):
        at = ("scenarios", place)
        if item.trade_cost is not None:
            yield (*at, "trade_cost"), f"in {HAT} write trade_cost_change below [[firms.scenarios.changes]]"
        for number, change in enumerate(item.changes or ()):
            if change.tariff is None and change.tariff_ratio is None and change.trade_cost_change is None:
                yield (*at, "changes", number), "nothing changes: give tariff, tariff_ratio or trade_cost_change"
            if change.tariff is not None and change.tariff_ratio is not None:
                yield (*at, "changes", number, "tariff_ratio"), "give tariff or tariff_ratio, not both"


def _about_selection(study: FirmsStudy) -> Iterator[Problem]:
    if study.selection is None:
        return
    if study.model != UNIFORM:
        yield ("selection",), f"it belongs to {UNIFORM}"
        return
    for place, given in _given(study):
        for name in ("innovation_cost", "innovation_cost_reduction"):
            if name in given:
                yield (
                    (*place, name),
                    "innovation is in [firms.selection] already, with a fall of cost that firms draw; leave one out",
                )
    costs = study.trade_cost or []
    if study.scenarios is None and not any(new < old for old, new in itertools.pairwise(costs)):
        yield (
            ("selection",),
            "it compares a trade cost with the next, lower one: give at least two, such as trade_cost = [0.8, 0.4]",
        )


def _given(study: FirmsStudy) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield every table of parameters with its key."""
    yield ("parameters",), study.given
    for place, item in enumerate(study.scenarios or ()):
        if item.parameters is not None:
            yield ("scenarios", place, "parameters"), item.parameters.model_dump(exclude_none=True)


def _about_names(study: FirmsStudy, place: Place, given: dict[str, Any]) -> Iterator[Problem]:
    from tradewinds.firms import MODELS

    if study.model == HAT:
        for name in given:
            yield (*place, name), f"{HAT} has no parameters: elasticities and shares are in its tables"
        return
    known = MODELS[study.model].definitions
    for name in given:
        at = (*place, name)
        if name not in known:
            others = [each for each in (UNIFORM, PARETO, CHANEY, WIDGETS) if name in MODELS[each].definitions]
            yield (
                at,
                (
                    f"{study.model} has no such parameter (it is one of {' and '.join(others)}); its own are "
                    f"{', '.join(each for each in known if each != 'trade_cost')}"
                ),
            )
        elif isinstance(given[name], list) and name != "countries" and "countries" not in known:
            yield at, f"in {study.model} countries are identical: give one number"
    yield from _about_countries(study, place, given)


def _about_countries(study: FirmsStudy, place: Place, given: dict[str, Any]) -> Iterator[Problem]:
    if study.model in _BY_PAIR and isinstance(given.get("countries"), int):
        yield (*place, "countries"), f'{study.model} takes names, such as ["home", "foreign"]'
    if study.model == WIDGETS:
        if isinstance(given.get("countries"), list):
            yield (*place, "countries"), f"in {WIDGETS} countries are identical: give how many there are"
        if isinstance(given.get("labour"), list):
            yield (*place, "labour"), f"in {WIDGETS} countries are identical: give one number"
