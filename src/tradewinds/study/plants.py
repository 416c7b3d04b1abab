"""The plants kind of study: from a user's panel of plants to decompositions, distributions, premia and a report."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError, MissingDependencyError
from tradewinds.report.provenance import DatasetRecord, ParameterRecord, file_checksum
from tradewinds.report.run import Findings
from tradewinds.study.plants_checks import needs_memory
from tradewinds.study.plants_data import PreparedPlants, read_memory
from tradewinds.study.plants_example import EXAMPLE_FILE, EXAMPLE_WORDS
from tradewinds.study.plants_fields import INPUT_ROLES, PlantsStudy
from tradewinds.study.plants_files import plant_file, source_of
from tradewinds.study.plants_store import open_disk

if TYPE_CHECKING:
    from tradewinds.firms.measurement import PlantPanel
    from tradewinds.report.plants import PlantsResult

__all__ = ["LARGE", "PlantsRun"]

#: Bytes beyond which a panel stays on disk unless the study says otherwise; in memory a CSV file takes several times as much.
LARGE = 400 * 2**20

Step = tuple[str, Callable[[], Any]]


class PlantsRun:
    """One study while it runs.

    Parameters
    ----------
    settings : PlantsStudy
    home : Path
        Folder that relative paths of the study start at.
    """

    def __init__(self, settings: PlantsStudy, home: Path) -> None:
        self.settings = settings
        self.paths = [plant_file(name, "plants.panel", home) for name in settings.files]
        self.source = source_of(self.paths)
        self.trade = None if settings.trade is None else plant_file(settings.trade.file, "plants.trade.file", home)
        self.result: PlantsResult | None = None
        self.left_out: list[str] = []

    def compute(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Read the panel, decompose, and make every estimate that is asked for."""
        from tradewinds.report.plants import PlantsResult

        with self._opened() as prepared:
            years = prepared.plants.years
            if len(years) < 2:
                raise InputError(
                    f'key "plants.panel": {self.source} has one year, {years[0]}, once the rules are applied; a change of '
                    "productivity needs two: add years, or see rules.missing and rules.inactive"
                )
            first, last = self._pair("decompositions", ("first_year", "last_year"), years, (years[0], years[-1]))
            found: dict[str, Any] = {}
            steps = [*self._decompositions(prepared, first, last), *self._estimates(prepared, first, last)]
            for done, (name, step) in enumerate(steps, start=1):
                found[name] = self._made(name, step)
                if progress is not None:
                    progress(done, len(steps))
            self.result = PlantsResult(
                source=self.source,
                productivity=prepared.productivity,
                weight=self._weight_words(),
                years=years,
                first=first,
                last=last,
                counts=prepared.counts,
                notes=prepared.notes,
                functions=prepared.functions,
                **{name: value for name, value in found.items() if value is not None},
            )

    def findings(self) -> Findings:
        """Return what was found."""
        from tradewinds.report.html import Report
        from tradewinds.report.plants import plants_page

        page = plants_page(self.result, tuple(self.left_out))
        stand_in = EXAMPLE_WORDS if self._is_example() else ""
        report = Report(
            title="Plants, exporting and productivity",
            subtitle=page.subtitle,
            abstract=page.abstract,
            stand_in=stand_in,
            failed_checks=page.failed_checks,
            sections=page.sections,
            parameters=self._records(),
            warnings=page.warnings,
            citation_keys=page.citation_keys,
        )
        datasets = [DatasetRecord(path.name, file_checksum(path), "user's file", stand_in) for path in self.paths]
        if self.trade is not None:
            datasets.append(DatasetRecord(self.trade.name, file_checksum(self.trade), "user's file"))
        return Findings(
            report,
            page.results,
            figures={name: figure.svg for name, figure in page.figures.items()},
            tables=page.tables,
            datasets=datasets,
            seed=self.settings.how.seed if self.settings.how.draws else None,
        )

    @contextlib.contextmanager
    def _opened(self) -> Iterator[PreparedPlants]:
        """Yield the panel, in memory or on disk."""
        storage, size = self.settings.storage, sum(path.stat().st_size for path in self.paths)
        if storage == "disk" or (storage == "auto" and size > LARGE):
            for key, why in needs_memory(self.settings):
                raise InputError(
                    f'key "plants.{key}": {why}, and {self.source} has {size / 2**20:,.0f} MB: leave it out, or set '
                    'storage = "memory" if this machine has several times that'
                )
            with open_disk(self.settings, self.paths) as prepared:
                yield prepared
        else:
            yield read_memory(self.settings, self.paths)

    def _pair(
        self, table: str, keys: tuple[str, str], years: Sequence[int], default: tuple[int, int]
    ) -> tuple[int, int]:
        """Return two years of a table of the study, both in the panel and in order."""
        options = getattr(self.settings, table)
        given = [getattr(options, key) if options is not None else None for key in keys]
        first, last = (year if year is not None else other for year, other in zip(given, default, strict=True))
        for key, year in zip(keys, (first, last), strict=True):
            require_year(f"{table}.{key}", year, years)
        if first >= last:
            raise InputError(
                f'key "plants.{table}": {keys[0]} is {first} and {keys[1]} is {last}; the first must come before'
            )
        return first, last

    def _made(self, name: str, step: Callable[[], Any]) -> Any:
        """Return what a step gives; the message of an error names its table, and a library that is missing leaves it out."""
        try:
            return step()
        except MissingDependencyError as error:
            self.left_out.append(f"[plants.{_TABLES.get(name, name)}] was left out: {error}")
            return None
        except InputError as error:
            if str(error).startswith("key "):
                raise
            raise InputError(f'key "plants.{_TABLES.get(name, name)}": {error}') from error

    def _decompositions(self, prepared: PreparedPlants, first: int, last: int) -> Iterator[Step]:
        from tradewinds.firms.measurement import decompose, decompose_years, olley_pakes, pair_moments

        rules, plants, asked = self.settings.treatment, prepared.plants, self.settings.asked

        def decompositions() -> tuple[Any, ...]:
            moments = pair_moments(plants, first, last, reentry=rules.reentry)
            return tuple(decompose(moments, method=name, switchers=rules.switchers) for name in asked.methods)

        yield "static", lambda: olley_pakes(plants)
        yield "decompositions", decompositions
        if asked.yearly and len(plants.years) > 2:
            yield (
                "yearly",
                lambda: decompose_years(
                    plants, method=asked.methods[0], reentry=rules.reentry, switchers=rules.switchers
                ),
            )

    def _estimates(self, prepared: PreparedPlants, first: int, last: int) -> Iterator[Step]:
        from tradewinds.study import plants_estimates as made

        settings = self.settings
        panel: PlantPanel = prepared.plants  # type: ignore[assignment]  # on disk none of these is asked for
        if settings.distribution is not None:
            pair = self._pair("distribution", ("before", "after"), panel.years, (first, last))
            yield "distribution", lambda: made.distributions(settings, panel, *pair)
        if settings.premia is not None:
            yield "premia", lambda: made.premia(settings, panel, prepared.columns)
        if settings.exit is not None:
            yield "exit", lambda: made.exits(settings, panel, prepared.columns)
        if settings.starting is not None:
            start = self._pair("starting", ("before", "after"), panel.years, (first, last))
            yield "starting", lambda: made.starting(settings, panel, prepared.columns, *start)
        if settings.instrument is not None:
            ends = self._pair("instrument", ("first_year", "last_year"), panel.years, (first, last))
            yield "instrument", lambda: made.instrument(settings, panel, prepared.columns, *ends)
        if self.trade is not None:
            path = self.trade
            yield "trade", lambda: made.trade(settings, path)
            if settings.trade is not None and settings.trade.marginal is not None:
                yield "marginal", lambda: made.marginal(settings, path)

    def _weight_words(self) -> str:
        """Return what plants are weighted by, in words where it is a column with a role."""
        names, column = self.settings.names, self.settings.weight
        role = next((role for role in INPUT_ROLES if getattr(names, role) == column), None)
        return column if role is None else role.replace("_", " ")

    def _is_example(self) -> bool:
        from tradewinds.study.starter import starter_file

        (path, *others) = self.paths
        small = not others and path.stat().st_size < 200_000
        return small and path.read_bytes() == starter_file(EXAMPLE_FILE)

    def _records(self) -> list[ParameterRecord]:
        """Return every setting with where it came from."""
        settings = self.settings
        records = [
            ParameterRecord(name, getattr(settings, name), source=_source(settings, name))
            for name in ("storage", "memory_limit")
        ]
        tables: dict[str, Any] = {
            "columns": settings.names,
            "rules": settings.treatment,
            "productivity": settings.how,
            "decompositions": settings.asked,
        }
        tables |= {name: getattr(settings, name) for name in _OPTIONAL}
        for table, options in tables.items():
            if options is None:
                continue
            for name, value in options.model_dump(exclude_none=True).items():
                records.append(ParameterRecord(f"{table}.{name}", value, source=_source(options, name)))
        return records


#: Name of a result -> table of the study that a message points at.
_TABLES = {"static": "panel", "yearly": "decompositions", "marginal": "trade"}

_OPTIONAL = ("distribution", "premia", "exit", "starting", "instrument", "trade")


def require_year(key: str, year: int, years: Sequence[int]) -> None:
    """Raise :class:`InputError` unless a year of the study is in the panel."""
    if year not in years:
        listed = ", ".join(map(str, years)) if len(years) <= 12 else f"{years[0]} to {years[-1]}"
        raise InputError(f'key "plants.{key}" is {year}, which is not a year of the panel; its years are {listed}')


def _source(options: Any, name: str) -> str:
    return "study file" if name in options.model_fields_set else "default"
