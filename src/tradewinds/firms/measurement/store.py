"""Plants on disk: the same checks and sums as in memory, by DuckDB, on CSV or Parquet larger than memory.

Only sums by cell come into Python (:mod:`tradewinds.firms.measurement.moments`); what does not fit in the memory
allowed is spilled to a temporary folder that goes when the store is closed.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

import numpy as np
import pandas as pd

from tradewinds.errors import DataError, InputError, MissingDependencyError, require_option
from tradewinds.firms.measurement import queries
from tradewinds.firms.measurement.moments import EXPORTING, KEYS, SUMS, PairMoments, finish, require_years
from tradewinds.firms.measurement.panel import describe_counts
from tradewinds.firms.measurement.rules import INACTIVE, MISSING, REENTRY

__all__ = ["PlantStore", "open_plants"]

#: Bytes of CSV up to which the table made of it is kept in memory, quicker to write; beyond, it is compressed on disk.
SMALL_FILES = 512 * 2**20

_CSV, _PARQUET = (".csv", ".tsv", ".txt"), (".parquet", ".pq")


@dataclass(frozen=True, eq=False)
class PlantStore:
    """Checked plant-years on disk; a context manager, as its temporary folder goes with it.

    Attributes
    ----------
    years : tuple of int
    counts : mapping
        Rows read, inactive, missing, and with a weight of zero.
    has_exporters : bool
    missing, inactive : str
        Rules, see :data:`MISSING` and :data:`INACTIVE`.
    source : str
    """

    years: tuple[int, ...]
    counts: Mapping[str, int]
    has_exporters: bool
    missing: str
    inactive: str
    source: str
    _connection: Any = field(repr=False)
    _folder: tempfile.TemporaryDirectory[str] = field(repr=False)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out under which rule, with counts."""
        return describe_counts(self.counts, self.missing, self.inactive)

    def close(self) -> None:
        """Close the database and delete its temporary folder; the data are untouched."""
        self._connection.close()
        self._folder.cleanup()

    def __enter__(self) -> PlantStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def summary(self) -> str:
        """Return size and rules as text."""
        left = self.counts["rows"] - self.counts["inactive"] - self.counts["missing"]
        lines = [f"{self.source}: {left} plant-years on disk, {self.years[0]} to {self.years[-1]}"]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def static_sums(self) -> pd.DataFrame:
        """Return plants, weights and productivity summed by year, industry and export status."""
        table = self._frame(queries.static_sums(self.has_exporters))
        names = {True: "exporter", False: "non-exporter"}
        table["exporting"] = table["exporting"].map(names) if self.has_exporters else "all"
        return table

    def pair_moments(self, first: int, last: int, reentry: str = "count") -> PairMoments:
        """Return the sums of two years; see :func:`tradewinds.firms.measurement.pair_moments`."""
        require_option("reentry", reentry, REENTRY)
        require_years(self.years, first, last)
        outside = first > self.years[0] or last < self.years[-1] or self.counts["missing"] > 0
        gaps = self.missing == "drop-plant" and self.counts["missing"] > 0
        table = self._frame(queries.pair_sums(first, last, self.has_exporters, outside, gaps))
        return finish(*_cells(table, self.has_exporters, first, last, reentry), self.notes, self.source)

    def _frame(self, query: str) -> pd.DataFrame:
        found = self._connection.execute(query)
        columns = [column[0] for column in found.description]
        return pd.DataFrame(found.fetchall(), columns=columns)


def _cells(
    table: pd.DataFrame, exporters: bool, first: int, last: int, reentry: str
) -> tuple[pd.DataFrame, int, int, str, Mapping[str, int]]:
    """Return what :func:`finish` wants: cells with names for statuses, and plants left out."""
    gap = table["gap"].astype(bool)
    dropped = {"missing": int(table.loc[gap, "n"].sum())}
    table = table[~gap].copy()
    here, there, before, after = (table[name].astype(bool) for name in ("here", "there", "seen_before", "seen_after"))
    table["status"] = np.select(
        [here & there, there & before, there, after], ["survivor", "re-entrant", "entrant", "returns later"], "exiter"
    )
    if exporters:
        conditions = [(table["x1"] == x1) & (table["x2"] == x2) for x1, x2 in EXPORTING]
        table["exporting"] = np.select(conditions, list(EXPORTING.values()), "")
    else:
        table["exporting"] = "all"
    for name in ("industry_first", "industry_last"):
        table[name] = table[name].fillna("")
    table[list(SUMS)] = table[list(SUMS)].astype(float).fillna(0.0)
    cells = table.groupby(list(KEYS), sort=True)[list(SUMS)].sum().reset_index()
    return cells.astype({"n": "int64"}), first, last, reentry, dropped


def open_plants(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    plant: str = "plant",
    year: str = "year",
    industry: str = "industry",
    productivity: str = "productivity",
    weight: str = "weight",
    exporter: str | None = None,
    missing: str = "raise",
    inactive: str = "raise",
    memory_limit: str = "2GB",
    threads: int | None = None,
    temporary: str | os.PathLike[str] | None = None,
) -> PlantStore:
    r"""Return a checked panel of plants that stays on disk.

    Parameters
    ----------
    paths : path, or sequence of paths
        CSV or Parquet files with the same columns, one row a plant and year.
    plant, year, industry, productivity, weight, exporter, missing, inactive
        As in :func:`tradewinds.firms.measurement.read_plants`.
    memory_limit : str
        What the database may use, such as ``"2GB"``; the rest spills to disk.
    threads : int, optional
        Default all cores.
    temporary : path, optional
        Folder for what does not fit; default the system's.

    Raises
    ------
    MissingDependencyError
        If duckdb is not installed.
    InputError
        If there is no such file or column.
    DataError
        As for data in memory; rows are counted from one over the files in order.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "plants.csv"
    >>> _ = path.write_text("plant,year,industry,productivity,weight\n1,1990,31,1.0,10\n1,1991,31,1.2,12\n")
    >>> with open_plants(path) as store:
    ...     print(store.summary())
    plants.csv: 2 plant-years on disk, 1990 to 1991
    """
    require_option("missing", missing, MISSING)
    require_option("inactive", inactive, INACTIVE)
    files, kind = _files(paths)
    source = files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} more"
    names = {"plant": plant, "year": year, "industry": industry, "productivity": productivity, "weight": weight}
    names |= {"exporter": exporter} if exporter is not None else {}
    folder = tempfile.TemporaryDirectory(prefix="tradewinds-", dir=temporary)
    with contextlib.ExitStack() as undo:
        undo.callback(folder.cleanup)
        small = kind == "parquet" or sum(file.stat().st_size for file in files) < SMALL_FILES
        connection = _connect(folder.name, memory_limit, threads, in_memory=small)
        undo.callback(connection.close)
        with _plain_errors(source):
            queries.load(connection, [str(file) for file in files], kind, names, source)
            counts, years = _check(connection, exporter is not None, missing, inactive, source)
        undo.pop_all()
    return PlantStore(
        years, MappingProxyType(counts), exporter is not None, missing, inactive, source, connection, folder
    )


def _files(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> tuple[list[Path], str]:
    many = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    files = [Path(path).expanduser() for path in many]
    if not files:
        raise InputError("paths is empty; give a CSV or Parquet file, or several")
    for file in files:
        if not file.is_file():
            raise InputError(f'there is no file "{file}"; give the path of a CSV or Parquet file')
    endings = {"parquet" if file.suffix.lower() in _PARQUET else "csv" for file in files}
    odd = [file.name for file in files if file.suffix.lower() not in _CSV + _PARQUET]
    if odd or len(endings) > 1:
        raise InputError(
            f"files must all be CSV ({', '.join(_CSV)}) or all Parquet ({', '.join(_PARQUET)}), got {odd or files}"
        )
    return files, endings.pop()


def _connect(folder: str, memory_limit: str, threads: int | None, *, in_memory: bool) -> Any:
    try:
        import duckdb
    except ImportError:
        raise MissingDependencyError('plants on disk need duckdb: pip install "tradewinds[plants]"') from None
    config: dict[str, Any] = {"memory_limit": memory_limit, "temp_directory": folder, "preserve_insertion_order": False}
    if threads is not None:
        if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
            raise InputError(f"threads is {threads!r}; it must be a whole number from 1 on")
        config["threads"] = threads
    try:
        connection = duckdb.connect(":memory:" if in_memory else str(Path(folder) / "plants.duckdb"), config=config)
        connection.execute("SET enable_progress_bar = false")
        return connection
    except duckdb.Error as error:
        raise InputError(f"memory_limit is {memory_limit!r}: {_first_line(error)}") from None


@contextlib.contextmanager
def _plain_errors(source: str) -> Iterator[None]:
    """Turn errors of the database about the data into errors that name the file."""
    import duckdb

    try:
        yield
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        raise DataError(source, [f"a cell cannot be read as what its column holds: {_few_lines(error)}"]) from None


def _first_line(error: Exception) -> str:
    return next(line for line in str(error).splitlines() if line.strip())


def _few_lines(error: Exception) -> str:
    """Return what the database says about a cell, without its advice on its own options."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(line for line in lines[:4] if not line.startswith(("Possible", "*")))


def _check(
    connection: Any, exporters: bool, missing: str, inactive: str, source: str
) -> tuple[dict[str, int], tuple[int, ...]]:
    """Check all rows in one pass and plants that are repeated year by year; return counts and years."""
    query = queries.checks(exporters)
    found = connection.execute(query)
    names = [column[0] for column in found.description]
    by_year = pd.DataFrame(found.fetchall(), columns=names)
    if by_year.empty:
        raise DataError(source, ["there are no rows"])
    total = by_year.drop(columns="year").sum()
    problems = []
    for name, (condition, words) in queries.faults(exporters, missing, inactive).items():
        if total[name]:
            rows = [row[0] for row in connection.execute(queries.some_rows(condition)).fetchall()]
            shown = ", ".join(map(str, sorted(rows)[:5])) + (" and more" if total[name] > 5 else "")
            problems.append(f"{int(total[name])} rows {words}: rows {shown}")
    if not problems:
        problems += _repeated(connection, exporters, sorted(int(year) for year in by_year["year"]))
    if problems:
        raise DataError(source, problems)
    queries.define_plants(connection, exporters, filtered=bool(total["idle"] or total["lacking"]))
    years = tuple(sorted(int(year) for year in by_year.loc[by_year["good"] > 0, "year"]))
    if not years:
        raise DataError(source, ["no row is left: every row is of an inactive plant or lacks a value"])
    counts = {"rows": "rows", "inactive": "idle", "missing": "lacking", "no_weight": "no_weight"}
    return {name: int(total[column]) for name, column in counts.items()}, years


def _repeated(connection: Any, exporters: bool, years: Sequence[int]) -> list[str]:
    """Define the table of lifespans, and name a plant that has two rows in a year."""
    connection.execute(queries.lifespans(exporters, years[0], years[-1]))
    short = years[-1] - years[0] < queries.MOST_YEARS
    if short and not connection.execute("SELECT bool_or(twice) FROM lifespans").fetchone()[0]:
        return []
    for year in years:
        if connection.execute(queries.repeated(year)).fetchone()[0]:
            plant, rows = connection.execute(queries.repeated_rows(year)).fetchone()
            return [
                f"plant {plant} has {len(rows)} rows in {year}: rows {', '.join(map(str, sorted(rows)[:5]))}; a plant has one "
                "row a year (other plants and years may have several too)"
            ]
    return []
