"""The tables of a calibration as a user saves them: what is read from each cell, and what is wrong with it, by file and row."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tradewinds.errors import did_you_mean
from tradewinds.world.calibration import Value
from tradewinds.world.parameters import DEFINITIONS, GROUPS, KINDS

__all__ = ["RawTable", "read_countries", "read_matrix", "read_table", "read_values"]


@dataclass(frozen=True)
class RawTable:
    """A table as text.

    Attributes
    ----------
    name : str
        Of the file.
    columns : tuple of str
    rows : mapping
        Number of the row in the file -> cells by column.
    decimal_comma : bool
        Whether a comma in a number is its point, as where semicolons separate the columns.
    """

    name: str
    columns: tuple[str, ...]
    rows: Mapping[int, Mapping[str, str]]
    decimal_comma: bool = False

    def number(self, text: str) -> float | None:
        """Return a finite number, or None where the text is none."""
        try:
            found = float(text.replace(",", ".") if self.decimal_comma else text)
        except ValueError:
            return None
        return found if math.isfinite(found) else None

    def wrong_number(self, text: str) -> str:
        """Say what is wrong with the text of a number."""
        if not text:
            return "is empty; it must be a number"
        hint = ""
        if text.endswith("%"):
            hint = ": write 5 % as 0.05"
        elif "," in text:
            hint = ": write a point, not a comma, in decimal numbers"
        return f'is "{text}"; it must be a number{hint}'


def read_table(name: str, content: bytes, needed: Sequence[str], problems: list[str]) -> RawTable | None:
    """Return a table as text, or None; what is wrong is added to the problems.

    Columns may be separated by commas, semicolons (numbers then may have a decimal comma) or tabs, as spreadsheets save them;
    blank rows and columns without a name and content are passed over.

    Parameters
    ----------
    name : str
        Of the file.
    content : bytes
    needed : sequence of str
        Columns that must be there; the first names a row, and must differ from row to row unless the table is of parameters.
    problems : list of str
    """
    if content.startswith(b"PK\x03\x04"):
        problems.append(f"{name} is an Excel workbook: save its sheet as CSV UTF-8")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(f"{name} is not text in UTF-8 (byte {error.start + 1}): in a spreadsheet, save it as CSV UTF-8")
        return None
    first = next(iter(text.splitlines()), "")
    separator = next((sign for sign in (";", "\t") if sign in first and "," not in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    lines: dict[int, list[str]] = {}
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines[reader.line_num] = [cell.strip() for cell in cells]
    except csv.Error as error:
        problems.append(f"{name}, row {reader.line_num}: {error}")
        return None
    if not lines:
        problems.append(f"{name} is empty; its first row must name the columns {', '.join(needed)}")
        return None
    head, *body = lines.items()
    columns = head[1][: _last(head[1])]
    before = len(problems)
    for column in needed:
        if column not in columns:
            near = did_you_mean(column, columns)
            problems.append(f"{name} lacks the column {column}.{near} Its columns are {', '.join(columns)}")
    problems += [
        f"{name}, row {head[0]}: column {column!r} occurs twice"
        for place, column in enumerate(columns)
        if column in columns[:place]
    ]
    rows: dict[int, dict[str, str]] = {}
    for row, cells in body:
        if _last(cells) > len(columns):
            hint = " (quote text that holds a comma)" if separator == "," else ""
            problems.append(f"{name}, row {row} has {_last(cells)} cells for {len(columns)} columns{hint}")
        else:
            rows[row] = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    if len(problems) > before:
        return None
    table = RawTable(name, tuple(columns), rows, separator == ";")
    if "parameter" not in needed:
        _find_twins(table, needed[0], problems)
    return table


def _last(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last one that is filled in."""
    return max((place for place, cell in enumerate(cells, start=1) if cell), default=0)


def _find_twins(table: RawTable, key: str, problems: list[str]) -> None:
    seen: dict[str, int] = {}
    for row, cells in table.rows.items():
        name = cells[key]
        if not name:
            problems.append(f"{table.name}, row {row}: {key} is empty")
        elif name in seen:
            problems.append(f"{table.name}, row {row}: {key} {name} occurs twice, first in row {seen[name]}")
        seen.setdefault(name, row)


def read_countries(table: RawTable, problems: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return kinds and names by code."""
    kinds, names = {}, {}
    for row, cells in table.rows.items():
        code, kind = cells["code"], cells["kind"]
        if kind not in KINDS:
            near = did_you_mean(kind, KINDS)
            problems.append(f'{table.name}, row {row}: kind of {code} is "{kind}".{near} Allowed: {", ".join(KINDS)}')
        if code in GROUPS:
            problems.append(f"{table.name}, row {row}: {code} is the name of a group; give the country another code")
        kinds[code], names[code] = kind, cells["name"] or code
    return kinds, names


def read_values(table: RawTable, kinds: Mapping[str, str], problems: list[str]) -> tuple[Value, ...]:
    """Return parameters, each for a country or a group that has members."""
    known = set(kinds.values()) <= set(KINDS)  # else a group may only seem to be empty
    groups = [name for name, members in GROUPS.items() if not known or set(members) & set(kinds.values())]
    seen: dict[tuple[str, str], int] = {}
    values = []
    for row, cells in table.rows.items():
        name, scope, at = cells["parameter"], cells["scope"], f"{table.name}, row {row}"
        number = table.number(cells["value"])
        item = DEFINITIONS.get(name)
        if item is None:
            problems.append(f'{at}: there is no parameter "{name}".{did_you_mean(name, DEFINITIONS)}')
            continue
        if scope not in kinds and scope not in groups:
            near = did_you_mean(scope, (*kinds, *groups))
            empty = " No country is of that kind." if scope in GROUPS else ""
            problems.append(
                f'{at}: scope of {name} is "{scope}", which is no country or group of this world.{near}{empty} '
                f"Countries: {', '.join(kinds)}; groups: {', '.join(groups)}"
            )
        elif item.common and scope != "all":
            problems.append(f'{at}: {name} is one number for the world; its scope must be all, not "{scope}"')
        if number is None:
            problems.append(f"{at}: value of {name} for {scope} {table.wrong_number(cells['value'])}")
        elif not item.bounds[0] < number < item.bounds[1]:
            problems.append(
                f"{at}: {name} is {number:g} for {scope}; it must be {item.range} ({item.meaning}, {item.unit})"
            )
        if (name, scope) in seen:
            problems.append(f"{at}: {name} of {scope} occurs twice, first in row {seen[name, scope]}")
        seen.setdefault((name, scope), row)
        values.append(Value(name, scope, math.nan if number is None else number, cells["source"]))
    return tuple(values)


def read_matrix(table: RawTable, codes: Sequence[str], problems: list[str]) -> pd.DataFrame:
    """Return numbers by row and column; rows are put into the order of the countries where all of them are there.

    The frame carries the number of each row in the file, for messages of later checks.
    """
    key, *columns = table.columns
    numbers: dict[str, list[float]] = {}
    for row, cells in table.rows.items():
        line = []
        for column in columns:
            number = table.number(cells[column])
            if number is None:
                problems.append(
                    f"{table.name}, row {row} ({cells[key]}), column {column} {table.wrong_number(cells[column])}"
                )
            line.append(math.nan if number is None else number)
        numbers[cells[key]] = line
    frame = pd.DataFrame.from_dict(numbers, orient="index", columns=columns, dtype=float)
    if set(frame.index) == set(codes):
        frame = frame.reindex(index=list(codes))
    if set(columns) <= set(codes):
        frame = frame[[code for code in codes if code in columns]]
    frame.attrs["file"] = table.name
    frame.attrs["rows"] = {cells[key]: row for row, cells in table.rows.items()}
    return frame
