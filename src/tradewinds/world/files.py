"""Calibrations as files: a folder with a short TOML and five tables, the same for those that ship and for a user's own."""

from __future__ import annotations

import importlib.resources
import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path

import pandas as pd

from tradewinds.errors import DataError, InputError, did_you_mean
from tradewinds.world.calibration import Calibration, Value

__all__ = ["calibration_files", "calibration_folder", "list_calibrations", "read_calibration"]

TABLES = {
    "countries.csv": ("code", "name", "kind"),
    "parameters.csv": ("parameter", "scope", "value", "source"),
    "rnd_import_shares.csv": ("importer",),
    "import_shares.csv": ("importer",),
    "foreign_stock_index.csv": ("country",),
}
_KEYS = ("schema", "name", "title", "source", "numeraire", "notes")


def _shipped() -> Traversable:
    return importlib.resources.files("tradewinds.world").joinpath("calibrations")


def list_calibrations() -> tuple[str, ...]:
    """Return names of the calibrations that ship with the package."""
    return tuple(
        sorted(
            item.name for item in _shipped().iterdir() if item.is_dir() and item.joinpath("calibration.toml").is_file()
        )
    )


def calibration_folder(where: str | Path) -> Traversable:
    """Return the folder of a calibration, of one that ships with the package by its name.

    Raises
    ------
    InputError
        If there is none.
    """
    folder: Traversable = _shipped().joinpath(str(where)) if str(where) in list_calibrations() else Path(where)
    if not folder.is_dir():
        known = list_calibrations()
        raise InputError(
            f"{str(where)!r} is neither a calibration nor a folder.{did_you_mean(str(where), known)} "
            f"Calibrations: {', '.join(known)}; or write one with `tradewinds new world`"
        )
    return folder


def calibration_files(where: str | Path) -> dict[str, bytes]:
    """Return the content of each file that a calibration is read from, by its name."""
    folder = calibration_folder(where)
    return {name: folder.joinpath(name).read_bytes() for name in ("calibration.toml", *TABLES)}


def read_calibration(where: str | Path) -> Calibration:
    """Return a calibration that ships with the package, by name, or one in a folder.

    Raises
    ------
    InputError
        If there is no such calibration.
    DataError
        With everything that is wrong with its tables.
    """
    folder = calibration_folder(where)
    missing = [name for name in ("calibration.toml", *TABLES) if not folder.joinpath(name).is_file()]
    if missing:
        raise DataError(f"calibration {where}", [f"{name} is missing" for name in missing])
    head = _head(folder, where)
    tables = {name: _table(folder, name, columns, where) for name, columns in TABLES.items()}
    countries = tables["countries.csv"]
    return Calibration(
        name=head["name"],
        title=head["title"],
        source=head.get("source", ""),
        countries=dict(zip(countries["code"], countries["kind"], strict=True)),
        names=dict(zip(countries["code"], countries["name"], strict=True)),
        numeraire=head["numeraire"],
        values=_values(tables["parameters.csv"], where),
        rnd_import_shares=_matrix(tables["rnd_import_shares.csv"], "rnd_import_shares.csv", where),
        import_shares=_matrix(tables["import_shares.csv"], "import_shares.csv", where),
        foreign_stock_index=_matrix(tables["foreign_stock_index.csv"], "foreign_stock_index.csv", where),
        notes=tuple(head.get("notes", ())),
    )


def _head(folder: Traversable, where: str | Path) -> dict[str, str]:
    try:
        head = tomllib.loads(folder.joinpath("calibration.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"calibration {where}", [f"calibration.toml cannot be read: {error}"]) from None
    problems = [f"calibration.toml: unknown key {key!r}.{did_you_mean(key, _KEYS)}" for key in head if key not in _KEYS]
    problems += [
        f"calibration.toml: {key} must be a text"
        for key in ("name", "title", "numeraire")
        if not isinstance(head.get(key), str)
    ]
    if head.get("schema") != 1:
        problems.append("calibration.toml: schema must be 1")
    if problems:
        raise DataError(f"calibration {where}", problems)
    return head


def _table(folder: Traversable, name: str, columns: tuple[str, ...], where: str | Path) -> pd.DataFrame:
    try:
        with folder.joinpath(name).open("r", encoding="utf-8") as handle:
            frame = pd.read_csv(
                handle, dtype=str, keep_default_na=False, skipinitialspace=True
            )  # "NA" may be a country
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise DataError(f"calibration {where}", [f"{name} cannot be read: {error}"]) from None
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        raise DataError(f"calibration {where}", [f"{name} lacks the column {', '.join(lacking)}"])
    key = columns[0] if name != "parameters.csv" else None
    if key and frame[key].duplicated().any():
        twice = frame.loc[frame[key].duplicated(), key].iloc[0]
        raise DataError(f"calibration {where}", [f"{name}: {key} {twice!r} occurs twice"])
    return frame


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _values(frame: pd.DataFrame, where: str | Path) -> tuple[Value, ...]:
    problems, values = [], []
    for row, record in enumerate(frame.to_dict("records"), start=2):
        number = _number(record["value"])
        if number is None:
            problems.append(
                f"parameters.csv, row {row}: value of {record['parameter']} is {record['value']!r}, expected a number"
            )
        else:
            values.append(Value(record["parameter"], record["scope"], number, record["source"]))
    twice = frame[frame.duplicated(["parameter", "scope"])]
    problems += [f"parameters.csv: {row.parameter} of {row.scope} occurs twice" for row in twice.itertuples()]
    if problems:
        raise DataError(f"calibration {where}", problems)
    return tuple(values)


def _matrix(frame: pd.DataFrame, name: str, where: str | Path) -> pd.DataFrame:
    key = frame.columns[0]
    texts = frame.set_index(key)
    problems = [
        f"{name}: {row}, {column} is {text!r}, expected a number"
        for row, line in texts.iterrows()
        for column, text in line.items()
        if _number(text) is None
    ]
    if problems:
        raise DataError(f"calibration {where}", problems)
    return texts.astype(float)
