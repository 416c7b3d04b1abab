"""Calibrations as files: a folder with a short TOML and five tables, the same for those that ship and for a user's own."""

from __future__ import annotations

import importlib.resources
import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from tradewinds.errors import DataError, InputError, did_you_mean
from tradewinds.world.calibration import Calibration
from tradewinds.world.tables import read_countries, read_matrix, read_table, read_values

__all__ = ["calibration_files", "calibration_folder", "list_calibrations", "read_calibration"]

TABLES = {
    "countries.csv": ("code", "name", "kind"),
    "parameters.csv": ("parameter", "scope", "value", "source"),
    "rnd_import_shares.csv": ("importer",),
    "import_shares.csv": ("importer",),
    "foreign_stock_index.csv": ("country",),
}
_MATRICES = ("rnd_import_shares", "import_shares", "foreign_stock_index")
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
    content = calibration_files(where)
    problems: list[str] = []
    head = _head(content.pop("calibration.toml"), problems)
    tables = {name: read_table(name, content[name], columns, problems) for name, columns in TABLES.items()}
    found = {name: table for name, table in tables.items() if table is not None}
    if len(found) < len(TABLES):
        raise DataError(f"calibration {where}", problems)
    kinds, names = read_countries(found["countries.csv"], problems)
    values = read_values(found["parameters.csv"], kinds, problems)
    matrices = [read_matrix(found[f"{name}.csv"], tuple(kinds), problems) for name in _MATRICES]
    if problems:
        raise DataError(f"calibration {where}", problems)
    return Calibration(
        name=head["name"],
        title=head["title"],
        source=head.get("source", ""),
        countries=kinds,
        names=names,
        numeraire=head["numeraire"],
        values=values,
        rnd_import_shares=matrices[0],
        import_shares=matrices[1],
        foreign_stock_index=matrices[2],
        notes=tuple(head.get("notes", ())),
    )


def _head(content: bytes, problems: list[str]) -> dict[str, Any]:
    """Return what the TOML says; what is wrong with it is added to the problems."""
    try:
        head = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"calibration.toml cannot be read: {error}")
        return {}
    problems += [
        f'calibration.toml: key "{key}" is not known.{did_you_mean(key, _KEYS)} Known keys: {", ".join(_KEYS)}'
        for key in head
        if key not in _KEYS
    ]
    for key in ("name", "title", "numeraire"):
        if not isinstance(head.get(key), str) or not head[key]:
            problems.append(f'calibration.toml: key "{key}" must be a text in quotes')
    if not isinstance(head.get("source", ""), str):
        problems.append('calibration.toml: key "source" must be a text in quotes')
    notes = head.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        problems.append('calibration.toml: key "notes" must be a list of texts')
    if head.get("schema") != 1:
        problems.append('calibration.toml: key "schema" must be 1')
    return head
