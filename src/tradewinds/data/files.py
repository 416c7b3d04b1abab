"""Open a user's table, a file or any kind of frame, and say plainly what is wrong with a file that cannot be one."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from tradewinds.data.layout import COLUMNS
from tradewinds.errors import DataError, InputError, MissingDependencyError

__all__ = ["Table", "open_table"]

#: What other programs write, by ending, and the way out of each.
_OTHER_FORMATS = {
    ".xlsx": "an Excel workbook: save its sheet as CSV UTF-8",
    ".xls": "an Excel workbook: save its sheet as CSV UTF-8",
    ".ods": "a spreadsheet: save its sheet as CSV in UTF-8",
    ".dta": "a Stata file: export it as CSV, or read it with pandas.read_stata and pass the frame",
    ".zip": "a zip archive: unpack it first",
    ".gz": "a compressed file: unpack it first",
}
_PARQUET = (".parquet", ".pq")


class _HasPandas(Protocol):
    """A frame of another library, such as polars or pyarrow."""

    def to_pandas(self) -> Any:
        """Return the frame as pandas."""


#: What can be read as a table: the path of a file, a frame of pandas or another library, or columns by name.
Table = str | os.PathLike[str] | pd.DataFrame | Mapping[str, Sequence[Any]] | _HasPandas


def open_table(data: Table, *, name: str | None = None) -> tuple[pd.DataFrame, str]:
    """Return the cells of a table as they stand and the name to use for it in messages.

    Parameters
    ----------
    data : path, DataFrame, mapping of columns, or a frame with ``to_pandas()``
    name : str, optional
        Name of a frame, which has no file name.

    Returns
    -------
    frame : DataFrame
        Text for a CSV file, typed columns for Parquet and frames.
    source : str
        Name of the file without its folder.

    Raises
    ------
    InputError
        If there is no such file, it is a folder, or data are no table.
    DataError
        If the file is not a table in CSV or Parquet.
    MissingDependencyError
        If a Parquet file, or turning a frame into pandas, needs a library that is not installed.
    """
    if not isinstance(data, str | os.PathLike):
        return _as_frame(data), name or "table"
    try:
        path = Path(data).expanduser()
    except RuntimeError:
        raise InputError(
            f'"{data}" begins with the home folder of a user who is not known here; write it out'
        ) from None
    if path.is_dir():
        raise InputError(f'"{data}" is a folder; give the path of the CSV or Parquet file in it')
    if not path.is_file():
        raise InputError(f'there is no file "{data}"; give the path of a CSV or Parquet file')
    ending = path.suffix.lower()
    if ending in _OTHER_FORMATS:
        raise DataError(path.name, [f"this is {_OTHER_FORMATS[ending]}"])
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if ending in _PARQUET or start == b"PAR1":
            return _read_parquet(path, start), path.name
        if start == b"PK\x03\x04":
            raise DataError(path.name, ["this is an Excel workbook or a zip archive: save the sheet as CSV UTF-8"])
        return _read_csv(path), path.name
    except OSError as error:
        raise InputError(f'"{data}" cannot be opened: {error.strerror or error}') from None


def _as_frame(data: Any) -> pd.DataFrame:
    """Return a pandas frame of what is a table already."""
    try:
        if not isinstance(data, pd.DataFrame) and hasattr(data, "to_pandas"):
            data = data.to_pandas()
        elif isinstance(data, Mapping):
            data = pd.DataFrame(dict(data))
    except ImportError as error:
        raise MissingDependencyError(
            f"turning a {type(data).__name__} into pandas needs {error.name or 'another library'}: install it, or write the "
            "table to a CSV or Parquet file"
        ) from None
    except ValueError as error:
        raise InputError(f"the columns given are not a table: {error}") from None
    if not isinstance(data, pd.DataFrame):
        raise InputError(
            "a panel is the path of a CSV or Parquet file, a frame of pandas or polars, or a mapping of columns, not "
            f"{type(data).__name__}"
        )
    return data


def _read_parquet(path: Path, start: bytes) -> pd.DataFrame:
    try:
        import duckdb
    except ImportError:
        raise MissingDependencyError(
            f'{path.name} is a Parquet file, which needs duckdb: pip install "tradewinds[big]", or save it as CSV'
        ) from None
    if start != b"PAR1":
        raise DataError(path.name, ["this is not a Parquet file, whatever its ending says"])
    try:
        with duckdb.connect() as connection:
            frame: pd.DataFrame = connection.execute("SELECT * FROM read_parquet(?)", [_literal(path)]).df()
    except duckdb.Error as error:
        raise DataError(path.name, [f"the Parquet file cannot be read: {str(error).splitlines()[0]}"]) from None
    return frame


def _literal(path: Path) -> str:
    """Return a path in which no character is taken for a pattern of file names."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _read_csv(path: Path) -> pd.DataFrame:
    """Return all cells as text, rows as in the file, blank ones too, so that row numbers stay those of the file."""
    header = _header(path)
    try:
        frame = pd.read_csv(
            path,
            encoding="utf-8-sig",
            dtype=str,
            header=None,
            names=range(len(header)),
            na_filter=False,
            skip_blank_lines=False,
            index_col=False,
            on_bad_lines="error",
        )
    except UnicodeDecodeError:
        raise DataError(path.name, [_NOT_TEXT]) from None
    except pd.errors.ParserError as error:
        raise DataError(path.name, [_ragged(str(error), len(header))]) from None
    frame = frame.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(header)
    return frame


_NOT_TEXT = "the file is not text in UTF-8: save it as CSV UTF-8 (in Excel: Save as, CSV UTF-8)"


def _header(path: Path) -> list[str]:
    """Return the column names; an empty file, binary file or other delimiter raises."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            if "\0" in first:
                raise DataError(path.name, [_NOT_TEXT])
            if not first.strip():
                what = "first row" if first else "file"
                raise DataError(path.name, [f"the {what} is empty; row 1 must name the columns {', '.join(COLUMNS)}"])
    except UnicodeDecodeError:
        raise DataError(path.name, [_NOT_TEXT]) from None
    header = next(csv.reader([first]))
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if delimiter in first and len(header) < len(next(csv.reader([first], delimiter=delimiter))):
            raise DataError(
                path.name,
                [
                    f"columns are separated by {word}; save the file with commas between columns and a point in decimal "
                    f'numbers (or pass pandas.read_csv(..., sep={delimiter!r}, decimal=",") as a frame)'
                ],
            )
    return header


def _ragged(message: str, columns: int) -> str:
    found = re.search(r"line (\d+), saw (\d+)", message)
    if found:
        return f"row {found[1]} has {found[2]} cells, but there are {columns} columns: quote text that holds a comma"
    if "EOF inside string" in message:
        return "a quotation mark is opened and never closed"
    return f"the file cannot be read as CSV: {message.strip()}"
