"""A user's panel that stays on disk: the roles, codes and rules of a study as one statement of SQL, then the plant store.

The database writes plant, year, industry, productivity, weight and export status to a temporary Parquet file, row by row as in
the user's, and :func:`tradewinds.firms.measurement.open_plants` checks and sums that. Numbers are those of the way through
memory.
"""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tradewinds.errors import DataError, InputError, MissingDependencyError
from tradewinds.firms.measurement import PlantStore, open_plants
from tradewinds.study.plants_cells import is_number, logged_columns, roles_of
from tradewinds.study.plants_data import PreparedPlants, count_words, words_of
from tradewinds.study.plants_fields import PlantsStudy
from tradewinds.study.plants_files import PARQUET, require_header, require_known, source_of

__all__ = ["open_disk"]

_TEXT_ROLES = ("plant", "industry")


@contextlib.contextmanager
def open_disk(study: PlantsStudy, paths: Sequence[Path]) -> Iterator[PreparedPlants]:
    """Yield the panel of a study on disk; its temporary files go afterwards.

    Raises
    ------
    MissingDependencyError
        If duckdb is not installed.
    InputError, DataError
        As for a panel in memory.
    """
    with tempfile.TemporaryDirectory(prefix="tradewinds-") as folder:
        prepared = Path(folder) / "plants.parquet"
        counts = _prepare(study, paths, prepared, folder)
        with _opened(study, prepared, source_of(paths)) as store:
            counts["missing"] = store.counts["missing"]
            notes = count_words(study, counts)
            named = dataclasses.replace(store, source=source_of(paths))
            yield PreparedPlants(named, MappingProxyType({}), MappingProxyType({}), counts, notes, words_of(study))


def _opened(study: PlantsStudy, prepared: Path, source: str) -> PlantStore:
    """Return the store of the prepared file; errors name the user's."""
    try:
        return open_plants(
            prepared,
            exporter="exporter" if study.has_exporters else None,
            missing=study.treatment.missing,
            inactive="absent",
            memory_limit=study.memory_limit,
        )
    except DataError as error:
        raise DataError(source, error.problems) from None


def _prepare(study: PlantsStudy, paths: Sequence[Path], target: Path, folder: str) -> dict[str, int]:
    """Write the prepared file and return rows under each rule."""
    source = source_of(paths)
    endings = {"parquet" if path.suffix.lower() in PARQUET else path.suffix.lower() for path in paths}
    if endings not in ({"parquet"}, {".csv"}):
        raise DataError(source, ["on disk a panel is CSV (.csv) or Parquet (.parquet), all of it the one or the other"])
    for path in paths:
        require_header(path)
    try:
        import duckdb
    except ImportError:
        raise MissingDependencyError('a panel on disk needs duckdb: pip install "tradewinds[plants]"') from None
    try:
        connection = duckdb.connect(config={"memory_limit": study.memory_limit, "temp_directory": folder})
    except duckdb.Error as error:
        raise InputError(f'key "plants.memory_limit" is "{study.memory_limit}": {str(error).splitlines()[0]}') from None
    with connection:
        connection.execute("SET enable_progress_bar = false")
        try:
            texts: set[str] = set()
            for path in paths:
                described = connection.execute(f"DESCRIBE SELECT * FROM {_source([path])}").fetchall()
                require_known(study, [row[0] for row in described], path.name)
                texts |= {row[0] for row in described if row[1] == "VARCHAR"}
            cells = _cells(study, paths, texts)
            found = connection.execute(_counting(study, cells))
            counts = dict(zip([column[0] for column in found.description], found.fetchone() or (), strict=True))
            _refuse(study, connection, cells, counts, source)
            connection.execute(f"COPY ({_prepared(study, cells)}) TO {_text(str(target))} (FORMAT parquet)")
        except duckdb.Error as error:
            raise DataError(source, [_plain(error)]) from None
    return {name: int(counts[name] or 0) for name in ("rows", "inactive", "nonpositive", "contradictory")}


def _source(paths: Sequence[Path], options: str = "") -> str:
    files = ", ".join(_text(str(path)) for path in paths)
    if paths[0].suffix.lower() in PARQUET:
        return f"read_parquet([{files}], union_by_name = true)"
    fixed = "header = true, skip = 0, delim = ',', quote = '\"', union_by_name = true"
    return f"read_csv([{files}], {fixed}{options})"


def _cells(study: PlantsStudy, paths: Sequence[Path], texts: set[str]) -> str:
    """Return the statement that reads every role as what it is, with codes of missing cells taken out.

    ``texts`` are columns that hold text; in a Parquet file numbers may be kept so, codes of missing cells among them.
    """
    codes = list(study.treatment.missing_codes)
    numeric = [float(code) for code in codes if is_number(code)]
    roles = roles_of(study)
    types = {column: "VARCHAR" if role in _TEXT_ROLES else "DOUBLE" for role, column in roles.items()}
    listed = ", ".join(f"{_text(column)}: {_text(kind)}" for column, kind in types.items())
    blank = ", ".join(map(_text, ["", *codes]))
    options = f", types = {{{listed}}}, nullstr = [{blank}]"
    logged = logged_columns(study)
    parquet, parts = paths[0].suffix.lower() in PARQUET, []
    for role, column in roles.items():
        cell = _name(column)
        numeric_plant = role == "plant" and parquet and column not in texts  # quicker to join than text
        if (role in _TEXT_ROLES and not numeric_plant) or (parquet and column in texts):
            cell = f"trim(CAST({cell} AS VARCHAR))"
            for code in ["", *codes]:
                cell = f"nullif({cell}, {_text(code)})"
        if role not in _TEXT_ROLES:
            cell = f"nullif(CAST({cell} AS DOUBLE), 'NaN'::DOUBLE)"
            for number in numeric:
                cell = f"nullif({cell}, {number})"
            cell = f"exp({cell})" if column in logged and role != "measured" else cell
        parts.append(f"{cell} AS {_name('r_' + role)}")
    return f"SELECT {', '.join(parts)} FROM {_source(paths, options)}"


def _expressions(study: PlantsStudy) -> Mapping[str, str]:
    """Return what is computed: idle, productivity and its arguments, weight, export status."""
    roles, how = roles_of(study), study.how
    mark = next((role for role in ("active", "exporter", "exports") if role in roles), None)
    codes = ", ".join(repr(float(code)) for code in study.treatment.inactive_codes)
    coded = f"coalesce(r_{mark} IN ({codes}), false)" if mark and codes else "false"
    numbers = [role for role in roles if role not in (*_TEXT_ROLES, "year", "exporter", "active")]
    quiet = " AND ".join(["coalesce(r_weight = 0, false)", *(f"coalesce(r_{role}, 0) = 0" for role in numbers)])
    idle = f"({coded} OR ({quiet}))"
    added = (
        "r_value_added"
        if "value_added" in roles
        else "(r_output - r_materials)"
        if {"output", "materials"} <= roles.keys()
        else "r_output"
    )
    if how.measure == "labour":
        arguments = [added, "r_employment"]
        productivity = f"{_log(added)} - {_log('r_employment')}"
    else:
        arguments = ["r_measured"] if how.scale == "level" else []
        productivity = _log("r_measured") if how.scale == "level" else "r_measured"
    wrong = " OR ".join(f"coalesce({argument} <= 0, false)" for argument in arguments) or "false"
    digits = study.names.industry_digits
    industry = f"left(trim(r_industry), {digits})" if digits else "trim(r_industry)"
    industry = industry if "industry" in roles else "'all'"
    status = "r_exporter" if "exporter" in roles else "CAST(r_exports > 0 AS DOUBLE)"
    both = "exporter" in roles and "exports" in roles
    odd = "(r_exporter = 0 AND r_exports > 0) OR (r_exporter = 1 AND r_exports = 0)" if both else "false"
    return {
        "idle": idle, "productivity": productivity, "wrong": wrong, "industry": industry, "status": status, "odd": odd,
    }  # fmt: skip


def _counting(study: PlantsStudy, cells: str) -> str:
    e = _expressions(study)
    numeric = [
        role for role in roles_of(study) if role not in (*_TEXT_ROLES, "measured", "value_added", "year", "active")
    ]
    negative = ", ".join(f"count_if(r_{role} < 0 AND NOT idle) AS negative_{role}" for role in numeric)
    digits = study.names.industry_digits
    short = f"count_if(length(trim(r_industry)) < {digits} AND NOT idle)" if digits else "0"
    status = "count_if(r_exporter NOT IN (0, 1) AND NOT idle)" if "exporter" in roles_of(study) else "0"
    return (
        f"SELECT count(*) AS rows, count_if(idle) AS inactive, count_if(({e['wrong']}) AND NOT idle) AS nonpositive, "
        f"count_if(({e['odd']}) AND NOT idle) AS contradictory, count_if(r_year % 1 <> 0) AS odd_year, "
        f"count_if(r_year IS NULL) AS no_year, {short} AS short, {status} AS odd_status, {negative} "
        f"FROM (SELECT *, {e['idle']} AS idle FROM ({cells}))"
    )


def _refuse(study: PlantsStudy, connection: Any, cells: str, counts: Mapping[str, Any], source: str) -> None:
    """Raise :class:`DataError` with every rule that is broken, and the first rows that break it."""
    roles, e, rules = roles_of(study), _expressions(study), study.treatment
    said = {role: f'column "{column}" (columns.{role})' for role, column in roles.items()}
    if rules.inactive == "absent":
        idle_fault: list[tuple[str, str, str]] = []
    else:
        idle_fault = [
            (
                "inactive",
                "idle",
                "rows are of plants that did not operate (coded so, or nothing but zeros); "
                'inactive = "absent" under [plants.rules] treats them as not there',
            )
        ]
    faults = [
        *idle_fault,
        ("odd_year", "r_year % 1 <> 0", f"values of {said['year']} are not whole years"),
        ("no_year", "r_year IS NULL", f"cells of {said['year']} are empty; every row needs its year"),
        (
            "short",
            f"length(trim(r_industry)) < {study.names.industry_digits} AND NOT idle",
            f"codes of {said.get('industry', '')} have fewer digits than columns.industry_digits; take fewer",
        ),
        (
            "odd_status",
            "r_exporter NOT IN (0, 1) AND NOT idle",
            f"values of {said.get('exporter', '')} are not 0 or 1; name codes of inactive plants in inactive_codes",
        ),
    ]
    faults += [
        (
            name,
            f"r_{name.removeprefix('negative_')} < 0 AND NOT idle",
            f"values of {said[name.removeprefix('negative_')]} are negative",
        )
        for name in counts
        if name.startswith("negative_")
    ]
    if rules.nonpositive == "raise":
        advice = 'nonpositive = "missing" under [plants.rules] counts them as missing'
        faults.append(
            (
                "nonpositive",
                f"({e['wrong']}) AND NOT idle",
                f"rows have a value that is not above zero and has no log; {advice}",
            )
        )
    problems = []
    for name, condition, words in faults:
        if counts[name]:
            rows = connection.execute(
                f"SELECT row FROM (SELECT row_number() OVER () AS row, *, {e['idle']} AS idle FROM ({cells})) "
                f"WHERE {condition} ORDER BY row LIMIT 5"
            ).fetchall()
            shown = ", ".join(str(row[0]) for row in rows) + (" and more" if counts[name] > 5 else "")
            problems.append(f"{counts[name]} {words}: rows {shown}")
    if problems:
        raise DataError(source, problems)


def _prepared(study: PlantsStudy, cells: str) -> str:
    e = _expressions(study)
    status = f", CASE WHEN idle THEN -1 ELSE {e['status']} END AS exporter" if study.has_exporters else ""
    # an idle row is one without weight and productivity, which is how the store tells it from an incomplete one
    return (
        f"SELECT r_plant AS plant, CAST(r_year AS BIGINT) AS year, {e['industry']} AS industry, "
        f"CASE WHEN idle OR {e['wrong']} THEN NULL ELSE {e['productivity']} END AS productivity, "
        f"CASE WHEN idle THEN 0.0 WHEN r_weight = 0 AND ({e['wrong']} OR lost) THEN NULL ELSE r_weight END AS weight{status} "
        f"FROM (SELECT *, {e['idle']} AS idle, ({e['productivity']}) IS NULL AS lost FROM ({cells}))"
    )


def _log(expression: str) -> str:
    return f"CASE WHEN {expression} > 0 THEN ln({expression}) END"


def _plain(error: Exception) -> str:
    if "sniffing" in str(error) or "Expected Number of Columns" in str(error):
        return "some row has more or fewer cells than the head has columns: quote text that holds a comma"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = "; ".join(line for line in lines[:4] if not line.startswith(("Possible", "*", "LINE")))
    return f"a cell cannot be read as what its column holds: {told}"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
