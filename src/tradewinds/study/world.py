"""The world kind of study: from its settings and a calibration to scenarios, tables, figures and a report."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradewinds.errors import ConvergenceError, DataError, InputError, MissingDependencyError, SizeWarning, did_you_mean
from tradewinds.report.provenance import DatasetRecord, ParameterRecord
from tradewinds.report.run import Findings
from tradewinds.study.messages import show
from tradewinds.study.world_fields import WorldScenarioTable, WorldShockTable, WorldStudy
from tradewinds.world.parameters import RND_FINANCING

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.study.world_fields import WorldParameters
    from tradewinds.world import Calibration, WorldResult, WorldShock

__all__ = ["WorldRun", "load_calibration"]

#: Largest relative residual of an equation: tight, because assets add up what is left over, and identities are checked.
TOLERANCE = 1e-12

#: Years beyond the last one below which the end of the world shows in the years reported.
ENOUGH = 60

#: Claims of a finance-constrained country, in years of its output, that are told if they are still there at the end.
LASTING = 0.1


@dataclass(frozen=True)
class Scenario:
    """A scenario before it is solved."""

    name: str
    calibration: Calibration
    shocks: tuple[WorldShock, ...]


class WorldRun:
    """One study while it runs; scenarios that are solved stay here if a later one is not.

    Parameters
    ----------
    settings : WorldStudy
    home : Path
        Folder that relative paths of the study start at.
    """

    def __init__(self, settings: WorldStudy, home: Path) -> None:
        _require_solver()
        self.settings = settings
        shipped, self.datasets = load_calibration(settings.calibration, home)
        self.calibration = with_parameters(shipped, settings.parameters, "world.parameters", settings.rnd_financing)
        self.scenarios = self._scenarios()
        for place in settings.show or ():
            for part in place.split("+"):
                _require_scope(part.strip(), self.calibration, "world.show")
        self.results: list[WorldResult] = []
        self.divided: list[WorldResult] = []
        self._not_divided: list[str] = []

    def _scenarios(self) -> list[Scenario]:
        settings = self.settings
        common = self._shocks(settings.shocks, "world.shocks", self.calibration)
        if not settings.scenarios:
            return [Scenario(settings.name, self.calibration, common)]
        found = []
        for item in settings.scenarios:
            key = "world.scenarios.parameters"
            world = with_parameters(self.calibration, item.parameters, key, item.rnd_financing)
            found.append(
                Scenario(item.name, world, (*common, *self._shocks(item.shocks, "world.scenarios.shocks", world)))
            )
        return found

    def _shocks(self, given: Sequence[WorldShockTable], key: str, world: Calibration) -> tuple[WorldShock, ...]:
        """Return shocks as the model takes them; what they name that is not in this world raises."""
        from tradewinds.world import WorldShock

        found = []
        for item in given:
            for word in item.countries:
                _require_scope(word, world, f"{key}.countries")
            if item.partner and item.partner not in world.codes:
                near = did_you_mean(item.partner, world.codes)
                raise InputError(
                    f'key "{key}.partner" is {show(item.partner)}, which is no country of {world.name}.{near} '
                    f"Countries: {', '.join(world.codes)}"
                )
            start = self.settings.first_year if item.start is None else item.start
            size = tuple(item.size) if isinstance(item.size, list) else item.size
            try:
                shock = WorldShock(
                    item.variable, size, tuple(item.countries), start, item.end, item.announced, item.partner, item.name
                )
                shock.read(world)
            except InputError as error:
                raise InputError(f'key "{key}": {error}') from error
            found.append(shock)
        return tuple(found)

    def compute(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Solve the scenarios; those that share a calibration share its baseline and what is compiled for it."""
        from tradewinds.world import simulate_many_worlds

        groups: dict[int, list[Scenario]] = {}
        for scenario in self.scenarios:
            groups.setdefault(id(scenario.calibration), []).append(scenario)
        solved: dict[str, WorldResult] = {}
        for group in groups.values():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SizeWarning)  # it is among those of the report
                solved |= simulate_many_worlds(
                    group[0].calibration,
                    {scenario.name: scenario.shocks for scenario in group},
                    first_year=self.settings.first_year,
                    last_year=self.settings.last_year,
                    beyond=self.settings.beyond,
                    tolerance=TOLERANCE,
                    throw=False,
                )
            self.results = [solved[scenario.name] for scenario in self.scenarios if scenario.name in solved]
            if progress is not None:
                progress(len(solved), len(self.scenarios))

        if self.settings.contributions:
            self._divide()

    def _divide(self) -> None:
        """Solve for what each shock contributes, in the scenarios that have several; where one alone has no solution, say so."""
        for result in self.results:
            if not result.ok or len(result.shocks) < 2:
                continue
            try:
                if len(result.alone) > 1:  # shocks of one name count together
                    self.divided.append(result)
            except ConvergenceError as error:
                self._not_divided.append(f"{result.name}: no contributions of its shocks, because {error}")

    def findings(self) -> Findings:
        """Return what was found so far."""
        import pandas as pd

        from tradewinds.report.html import Report
        from tradewinds.report.world import (
            failed_checks,
            parameter_records,
            world_abstract,
            world_figures,
            world_sections,
        )

        results, settings = self.results, self.settings
        divided = [result.name for result in self.divided]
        figures = world_figures(results, settings.show, divided)
        changed = {name for _, name in self._given()}
        report = Report(
            title="A world of trade and knowledge",
            subtitle=f"{self.calibration.title}, {settings.first_year} to {settings.last_year}",
            abstract=world_abstract(results, settings.show),
            failed_checks=failed_checks(results),
            sections=world_sections(
                results,
                self.calibration,
                figures,
                show=settings.show,
                years=settings.show_years,
                changed=changed,
                divided=divided,
            ),
            parameters=[*self._settings_records(), *parameter_records(self.calibration), *self._scenario_records()],
            warnings=self._warnings(),
            citation_keys=tuple(dict.fromkeys(key for result in results for key in result.citation_keys)),
        )
        return Findings(
            report,
            pd.concat([result.tidy() for result in results], ignore_index=True) if results else _no_results(),
            figures={name: figure.svg for name, figure in figures.items()},
            tables={"contributions.csv": _contributions(self.divided)} if self.divided else {},
            datasets=self.datasets,
        )

    def _given(self) -> list[tuple[str, str]]:
        """Return scenario (empty for all) and name of every parameter that the study sets."""
        parts: list[tuple[str, WorldStudy | WorldScenarioTable]] = [("", self.settings)]
        parts += [(item.name, item) for item in self.settings.scenarios]
        return [(name, key) for name, part in parts for key in _set_by(part)]

    def _settings_records(self) -> list[ParameterRecord]:
        given = self.settings.model_fields_set
        names = ("calibration", "first_year", "last_year", "beyond")
        return [
            ParameterRecord(name, getattr(self.settings, name), source="study file" if name in given else "default")
            for name in names
        ]

    def _scenario_records(self) -> list[ParameterRecord]:
        """Return the parameters that single scenarios have of their own."""
        from tradewinds.report.world import parameter_records

        found = []  # without scenarios in the study there is one, and it has none
        for item, scenario in zip(self.settings.scenarios, self.scenarios, strict=False):
            if own := _set_by(item):
                found += parameter_records(scenario.calibration, own, item.name)
        return found

    def _warnings(self) -> tuple[str, ...]:
        beyond = self.settings.beyond
        found = [f"{result.name}: {note}" for result in self.results for note in result.notes]
        found += [text for result in self.results for text in _unpaid(result)]
        found += self._not_divided
        found += [
            f"{scenario.name}: {shock.doubt}" for scenario in self.scenarios for shock in scenario.shocks if shock.doubt
        ]
        if beyond < ENOUGH:
            found.append(
                f"only {beyond} years are solved beyond {self.settings.last_year}: the end of the world shows in the last years "
                f"reported; set beyond to {ENOUGH} or more"
            )
        return tuple(dict.fromkeys(found))


def _set_by(part: WorldStudy | WorldScenarioTable) -> set[str]:
    """Return the names of the parameters that a study or one of its scenarios sets."""
    found = set(part.parameters.model_fields_set) if part.parameters is not None else set()
    return found | (set(RND_FINANCING[part.rnd_financing]) if part.rnd_financing is not None else set())


def _unpaid(result: WorldResult) -> list[str]:
    """Say whose claims abroad grow by their interest for good, because what is lent or borrowed by fiat is never paid back."""
    words = [
        word for shock in result.shocks if shock.variable == "external_finance" for word in shock.countries or ("all",)
    ]
    borrowers = result.calibration.groups.get("finance_constrained", ())
    bank = result.simulation.databank["foreign_assets"]
    end = int(bank["year"].values[-2])
    found = []
    for code in dict.fromkeys(code for word in words for code in result.calibration.find_scope(word)):
        reported, far = (float(bank.sel(country=code, year=year)) for year in (result.last_year, end))
        if result.ok and code in borrowers and abs(far) > LASTING:
            found.append(
                f"{result.name}: claims of {code} reach {reported:.2g} years of its output in {result.last_year} and {far:.2g} in "
                f"{end}, because no number of external_finance pays them back; they grow by their interest for good"
            )
    return found


def _contributions(results: Sequence[WorldResult]) -> pd.DataFrame:
    """Return what each shock contributes in every scenario that has several, labelled like the results."""
    import pandas as pd

    frames = []
    for result in results:
        frame = result.contributions()
        frame.insert(3, "scenario", pd.Series([result.name] * len(frame), dtype="str"))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _no_results() -> pd.DataFrame:
    """Return the results of a run that stopped before any: the columns, so that whoever reads the file finds it empty."""
    from tradewinds.tidy import tidy_frame

    return tidy_frame([], ("scenario", "country", "year"))


def _require_solver() -> None:
    missing = [name for name in ("jax", "asdex") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingDependencyError(
            f'a world study needs {" and ".join(missing)} to solve the model: pip install "tradewinds[models]"'
        )


def load_calibration(name: str, home: Path) -> tuple[Calibration, list[DatasetRecord]]:
    """Return the calibration of a study, by name or from a folder, and the records of its files."""
    from hashlib import sha256

    from tradewinds.world import list_calibrations, read_calibration
    from tradewinds.world.files import calibration_files

    where: str | Path = name
    if name not in list_calibrations():
        try:
            where = home / Path(name).expanduser()
            exists = where.is_dir()
        except (OSError, RuntimeError):  # too long for a name, or the home folder of nobody
            exists = False
        if not exists:
            raise InputError(
                f'key "world.calibration" is {show(name)}, which is neither a calibration nor a folder.'
                f"{did_you_mean(name, list_calibrations())} Calibrations: {', '.join(list_calibrations())}. The path of a folder "
                "starts at the folder of the study; `tradewinds new world` writes one."
            )
    world = read_calibration(where)
    source = world.source or "user's file"
    records = [
        DatasetRecord(f"{world.name}/{file}", sha256(content).hexdigest(), source)
        for file, content in calibration_files(where).items()
    ]
    return world, records


def with_parameters(
    world: Calibration, given: WorldParameters | None, key: str, rnd_financing: str | None = None
) -> Calibration:
    """Return the calibration with the parameters of a study; what they name that is not in this world raises."""
    if rnd_financing is not None:
        world = world.with_rnd_financing(rnd_financing)
    values: Mapping[str, float | dict[str, float]] = {} if given is None else given.model_dump(exclude_none=True)
    if not values:
        return world
    for name, value in values.items():
        for scope in value if isinstance(value, Mapping) else ():
            _require_scope(scope, world, f"{key}.{name}")
    try:
        return world.with_values(values, source="study file")
    except DataError as error:
        problems = "; ".join(error.problems)
        raise InputError(f"with the values of [{key}] there is no balanced baseline: {problems}") from error


def _require_scope(word: str, world: Calibration, key: str) -> None:
    if word not in world.countries and word not in world.groups:
        raise InputError(
            f'key "{key}" names {show(word)}, which is no country or group of {world.name}.'
            f"{did_you_mean(word, (*world.countries, *world.groups))} Countries: {', '.join(world.countries)}; "
            f"groups: {', '.join(world.groups)}"
        )
