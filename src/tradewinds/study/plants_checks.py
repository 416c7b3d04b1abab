"""Keys of a study of plant data that are allowed by themselves and not with the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewinds.study.plants_fields import PlantsStudy

__all__ = ["contradictions", "needs_memory"]

Problem = tuple[tuple[str | int, ...], str]

_ROLES = (
    "plant", "year", "industry", "output", "value_added", "employment", "capital", "materials", "exporter", "exports",
)  # fmt: skip


def contradictions(study: PlantsStudy) -> Iterator[Problem]:
    """Yield the key and the sentence of everything that does not go together."""
    yield from _about_columns(study)
    yield from _about_productivity(study)
    yield from _about_exporters(study)
    yield from _about_years(study)
    yield from _about_disk(study)


def _about_columns(study: PlantsStudy) -> Iterator[Problem]:
    names = study.names
    used: dict[str, str] = {}
    for role in _ROLES:
        column = getattr(names, role)
        if not column:
            continue
        if column in used:
            yield ("columns", role), f'"{column}" is {used[column]} already; a column stands for one thing'
        used.setdefault(column, role)
    if not names.industry and names.industry_digits is not None:
        yield ("columns", "industry_digits"), 'all plants are of one industry (industry = ""), which has no digits'
    if not study.weight:
        yield (
            ("columns", "weight"),
            "decompositions need a weight: name a column, or that of employment, which is then the weight",
        )


def _about_productivity(study: PlantsStudy) -> Iterator[Problem]:
    names, how = study.names, study.how
    value_added = names.value_added is not None or (names.output is not None and names.materials is not None)
    if (how.measure == "column") != (how.column is not None):
        text = 'name it, with measure = "column"' if how.column is None else f'measure is "{how.measure}"'
        yield ("productivity", "column"), f"a column and its measure belong together: {text}"
    if how.measure == "labour":
        if names.employment is None:
            yield ("columns", "employment"), 'productivity is "labour": name the column of employment'
        if not value_added and names.output is None:
            yield ("columns", "value_added"), 'productivity is "labour": name the column of value added, or of output'
    if how.measure in ("labour", "column"):
        for name in ("free", "state", "proxy", "survival", "by_industry", "draws"):
            if getattr(how, name) not in (None, False, 0):
                yield ("productivity", name), f'it belongs to a production function; measure is "{how.measure}"'
        return
    for part, role in (("free", "employment"), ("state", "capital")):
        if getattr(names, role) is None and getattr(how, part) is None:
            yield ("columns", role), f'productivity is "{how.measure}": name the column of {role}, or {part} inputs'
    inputs = [name for listed in study.function_inputs().values() for name in listed]
    for name in dict.fromkeys(
        name for name in inputs if inputs.count(name) > 1 or name in ("productivity", "exporter")
    ):
        yield ("productivity",), f'"{name}" cannot be an input twice, nor is productivity or export status one'
    if not value_added:
        yield ("columns", "value_added"), f'productivity is "{how.measure}": name it, or both output and materials'
    if names.materials is None and how.proxy is None:
        yield (
            ("columns", "materials"),
            f'productivity is "{how.measure}": name materials, or a proxy under productivity',
        )
    if how.survival and how.measure != "olley-pakes":
        yield ("productivity", "survival"), f'it belongs to "olley-pakes"; measure is "{how.measure}"'
    if how.draws == 1:
        yield ("productivity", "draws"), "one draw has no spread; ask for 0, or for at least 2"


def _about_exporters(study: PlantsStudy) -> Iterator[Problem]:
    if study.has_exporters:
        return
    for name in ("premia", "exit", "starting", "instrument"):
        if getattr(study, name) is not None:
            yield (name,), "export status is not known: name its column, or that of exports, under [plants.columns]"
    if study.distribution is not None and study.distribution.exporters is not None:
        yield ("distribution", "exporters"), "export status is not known: name its column under [plants.columns]"


def _about_years(study: PlantsStudy) -> Iterator[Problem]:
    for table, first, last in (
        ("decompositions", "first_year", "last_year"),
        ("distribution", "before", "after"),
        ("starting", "before", "after"),
        ("instrument", "first_year", "last_year"),
    ):
        options = getattr(study, table)
        if options is None:
            continue
        one, two = getattr(options, first), getattr(options, last)
        if one is not None and two is not None and one >= two:
            yield (table, last), f"{last} is {two} and {first} is {one}; the {first.split('_')[0]} must come before"


def _about_disk(study: PlantsStudy) -> Iterator[Problem]:
    if study.storage == "disk":
        for key, why in needs_memory(study):
            yield (
                (key,),
                f'{why}; storage is "disk", where decompositions alone are made: leave it out, or storage = "memory"',
            )


def needs_memory(study: PlantsStudy) -> Iterator[tuple[str, str]]:
    """Yield the keys of a study that need every row in memory, and why."""
    for name in ("distribution", "premia", "exit", "starting", "instrument"):
        if getattr(study, name) is not None:
            yield name, "it needs every plant in memory"
    if study.how.measure not in ("labour", "column"):
        yield "productivity", "a production function needs every plant in memory"
