"""What a study of firms reads from a user's files: trade costs by pair, and tables of trade with what happens to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError, did_you_mean
from tradewinds.report.provenance import DatasetRecord, file_checksum
from tradewinds.study.firms_values import CostFile
from tradewinds.study.messages import show

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from tradewinds.firms import HatParameters
    from tradewinds.study.firms_fields import Case, FirmsStudy, TradeChange

__all__ = ["EXAMPLE", "EXAMPLE_WORDS", "HatInput", "read_costs"]

#: Name of the made-up tables.
EXAMPLE = "example"
EXAMPLE_WORDS = "Trade, inputs, elasticities and tariffs are made up: no country of the world."


def _found(name: str, home: Path, key: str, *, folder: bool = False) -> Path:
    """Return the path of a user's file or folder.

    Raises
    ------
    InputError
        If there is none.
    """
    try:
        path = home / Path(name).expanduser()
        there = path.is_dir() if folder else path.is_file()
    except (OSError, RuntimeError, ValueError):  # too long for a name, or the home folder of nobody
        there = False
    if not there:
        raise InputError(
            f'key "{key}" is {show(name)}, and there is no such {"folder" if folder else "file"}. '
            "Paths start at the folder of the study."
        )
    return path


def _read(name: str, home: Path, key: str) -> tuple[pd.DataFrame, DatasetRecord]:
    from tradewinds.firms.hat.frames import read_csv

    path = _found(name, home, key)
    return read_csv(path), DatasetRecord(path.name, file_checksum(path), "user's file")


def read_costs(values: dict[str, Any], home: Path) -> tuple[dict[str, Any], list[DatasetRecord]]:
    """Return parameters with the trade costs that a file holds; where no countries are named, those of the file are.

    Raises
    ------
    InputError
        If there is no such file, or it has not every pair of the countries.
    """
    from tradewinds.firms import trade_cost_matrix

    given = values.get("trade_cost")
    if not isinstance(given, CostFile):
        return values, []
    frame, record = _read(given.file, home, "firms.scenarios.trade_cost.file")
    lists = [name for name, value in values.items() if isinstance(value, list) and name != "countries"]
    if lists and "countries" not in values:
        raise InputError(
            f"countries must be named among the parameters, in the order of {lists[0]}: a file gives trade costs by name"
        )
    countries, costs = trade_cost_matrix(frame, values.get("countries"))
    return {**values, "countries": list(countries), "trade_cost": costs}, [record]


class HatInput:
    """The tables of a study with exact hat algebra, and what its scenarios do to them.

    Parameters
    ----------
    settings : FirmsStudy
    home : Path
        Folder that relative paths of the study start at.

    Raises
    ------
    InputError
        If the tables cannot be used.
    """

    def __init__(self, settings: FirmsStudy, home: Path) -> None:
        from tradewinds.firms import TradeTables, example_tables

        assert settings.tables is not None  # the study was checked
        self.home = home
        self.datasets: list[DatasetRecord] = []
        if settings.tables == EXAMPLE:
            self.tables = example_tables()
            return
        folder = _found(settings.tables, home, "firms.tables", folder=True)
        try:
            self.tables = TradeTables.from_csv(folder, absent=settings.absent)
        except InputError as error:
            raise InputError(f'key "firms.tables": {error}') from error
        for name in ("flows", "inputs", "elasticities", "tariffs"):
            path = folder / f"{name}.csv"
            if path.is_file():
                self.datasets.append(DatasetRecord(f"{folder.name}/{path.name}", file_checksum(path), "user's file"))

    def parameters(self, case: Case) -> HatParameters:
        """Return the change of a scenario.

        Raises
        ------
        InputError
            If it names a country or sector that the tables do not have, or its file of tariffs cannot be used.
        """
        from tradewinds.firms import HatParameters

        assert case.given is not None  # scenarios have names in this model
        tariffs, costs = np.array(self.tables.tariff), np.ones(self.tables.flows.shape)
        if case.given.tariffs is not None:
            tariffs = self._tariffs(case.given.tariffs)
        if case.given.trade_cost_changes is not None:
            self._costs(case.given.trade_cost_changes, costs)
        for change in case.given.changes or ():
            self._apply(change, tariffs, costs)
        return HatParameters(
            tables=self.tables,
            tariffs=tariffs,
            trade_cost_change=costs,
            deficits=case.given.deficits,
            name=case.name,
        )

    def _tariffs(self, name: str) -> NDArray[np.float64]:
        from tradewinds.firms.hat.frames import cube

        key = "firms.scenarios.tariffs"
        frame, record = _read(name, self.home, key)
        self.datasets += [] if record in self.datasets else [record]
        c = self.tables.countries
        labels = {"exporter": c, "importer": c, "sector": self.tables.sectors}
        try:
            return cube(name, frame, labels, "tariff", "error", reference="tables")
        except InputError as error:
            raise InputError(f'key "{key}": {error}') from error

    def _costs(self, name: str, costs: NDArray[np.float64]) -> None:
        """Set the changes of trade costs that a file lists, in place."""
        key = "firms.scenarios.trade_cost_changes"
        frame, record = _read(name, self.home, key)
        self.datasets += [] if record in self.datasets else [record]
        columns = ("exporter", "importer", "sector", "trade_cost_change")
        for column in columns:
            if column not in frame:
                near = did_you_mean(column, map(str, frame.columns))
                raise InputError(
                    f'key "{key}": {name} has no column {column!r}.{near} It must have {", ".join(columns)}'
                )
        known = (self.tables.countries, self.tables.countries, self.tables.sectors)
        seen: set[tuple[str, ...]] = set()
        for row, values in enumerate(frame[list(columns)].itertuples(index=False), start=1):
            place = tuple(str(value) for value in values[:3])
            for column, label, labels in zip(columns, place, known, strict=False):
                if label not in labels:
                    raise InputError(
                        f'key "{key}": {name}, row {row}: {column} {show(label)} is not in the tables.{did_you_mean(label, labels)}'
                    )
            if place in seen:
                raise InputError(f'key "{key}": {name}, row {row}: {", ".join(place)} stands there twice')
            seen.add(place)
            change = _number(values[3])
            if not change > 0:
                raise InputError(
                    f'key "{key}": {name}, row {row}: trade_cost_change is {values[3]!r}; it must be a number above 0, or inf'
                )
            costs[tuple(labels.index(label) for label, labels in zip(place, known, strict=True))] = change

    def _apply(self, change: TradeChange, tariffs: NDArray[np.float64], costs: NDArray[np.float64]) -> None:
        """Change the tariffs and trade costs of what a change names, in place."""
        tables = self.tables
        chosen = np.ix_(
            _places("exporters", change.exporters, tables.countries),
            _places("importers", change.importers, tables.countries),
            _places("sectors", change.sectors, tables.sectors),
        )
        touched = np.zeros(tariffs.shape, dtype=bool)
        touched[chosen] = True
        touched[np.arange(len(tables.countries)), np.arange(len(tables.countries))] = False
        if not touched.any():
            raise InputError(
                'key "firms.scenarios.changes": exporters and importers name the same country alone, whose own goods no tariff or '
                "trade cost touches"
            )
        if change.tariff is not None:
            tariffs[touched] = change.tariff
        if change.tariff_ratio is not None:
            tariffs[touched] *= change.tariff_ratio
        if change.trade_cost_change is not None:
            costs[touched] *= change.trade_cost_change


def _number(value: object) -> float:
    """Return a number, or NaN where it is none."""
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _places(key: str, wanted: list[str] | None, known: tuple[str, ...]) -> list[int]:
    if wanted is None:
        return list(range(len(known)))
    for name in wanted:
        if name not in known:
            listed = ", ".join(known[:40]) + (" ..." if len(known) > 40 else "")
            raise InputError(
                f'key "firms.scenarios.changes.{key}" names {show(name)}, which is not in the tables.{did_you_mean(name, known)} '
                f"They have {listed}."
            )
    return [known.index(name) for name in wanted]
