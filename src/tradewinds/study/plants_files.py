"""Files that a study of plants names: where they are, whether they are tables, and whether they have the columns asked for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from tradewinds.errors import DataError, InputError, did_you_mean
from tradewinds.study.messages import show
from tradewinds.study.plants_cells import roles_of
from tradewinds.study.plants_fields import PlantsStudy

__all__ = ["PARQUET", "plant_file", "require_header", "require_known", "source_of"]

#: Endings of Parquet files.
PARQUET = (".parquet", ".pq")


def plant_file(text: str, key: str, home: Path) -> Path:
    """Return the path of a file that a study names; relative ones start at the folder of the study.

    Raises
    ------
    InputError
        If there is no such file; the message names the nearest.
    """
    said = f'key "{key}" is {show(text)}'
    try:
        path = home / Path(text).expanduser()
        is_file, is_folder = path.is_file(), path.is_dir()
    except RuntimeError:
        raise InputError(
            f"{said}, which begins with the home folder of a user who is not known here; write it out"
        ) from None
    except OSError as error:  # such as a name that is too long
        raise InputError(f"{said}, which cannot be the name of a file ({error.strerror})") from error
    if is_file:
        return path
    if is_folder:
        raise InputError(f"{said}, which is a folder; give the path of the CSV or Parquet file in it")
    near = did_you_mean(path.name, [item.name for item in path.parent.iterdir()]) if path.parent.is_dir() else ""
    raise InputError(f"{said}, and there is no such file.{near} Relative paths start at the folder of the study.")


def source_of(paths: Sequence[Path]) -> str:
    """Return what messages and reports call a panel.

    Examples
    --------
    >>> source_of([Path("1990.csv"), Path("1991.csv"), Path("1992.csv")])
    '1990.csv and 2 more'
    """
    return paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1} more"


def require_header(path: Path) -> None:
    """Raise :class:`DataError` unless a file begins as a table does, so that memory and disk refuse the same files.

    A CSV file has commas between columns and names them once, in its first row, in UTF-8.
    """
    if path.suffix.lower() in PARQUET:
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                raise DataError(path.name, ["this is not a Parquet file, whatever its ending says"])
        return
    if path.suffix.lower() != ".csv":
        return  # what it is, and the way out, is said where it is read
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
    except UnicodeDecodeError:
        raise DataError(path.name, ["the file is not text in UTF-8: save it as CSV UTF-8"]) from None
    if not first.strip():
        what = "first row" if first else "file"
        raise DataError(
            path.name, [f"the {what} is empty; row 1 must name the columns, such as plant,year,industry,..."]
        )
    names = next(csv.reader([first]))
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if len(next(csv.reader([first], delimiter=delimiter))) > len(names):
            raise DataError(
                path.name,
                [f"columns are separated by {word}; save the file with commas, and a point in decimal numbers"],
            )
    twice = [name for name in dict.fromkeys(names) if name and names.count(name) > 1]
    if twice:
        raise DataError(
            path.name, [f"{names.count(name)} columns are called {name!r}; rename all but one" for name in twice]
        )


def require_known(study: PlantsStudy, known: Sequence[str], source: str) -> None:
    """Raise :class:`InputError` unless every column that a study names is there."""
    keys = {column: f"columns.{role}" for role, column in roles_of(study).items()}
    if study.how.column:
        keys[study.how.column] = "productivity.column"
    if not study.names.weight:
        keys[study.weight] = "columns.employment"
    named = [*((key, column) for column, key in keys.items()), *study.extra_columns()]
    for key, column in named:
        if column not in known:
            raise InputError(
                f'key "plants.{key}" is {show(column)}, and {source} has no such column.{did_you_mean(column, known)} '
                f"Its columns are {', '.join(known)}."
            )
