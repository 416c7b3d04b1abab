"""SQL of the plant store: one statement a question, with names of columns fixed when the data are loaded.

Values never come into SQL from a user but as quoted names of columns and files, and as whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradewinds.errors import InputError, did_you_mean

__all__ = [
    "MOST_YEARS",
    "checks",
    "define_plants",
    "faults",
    "lifespans",
    "load",
    "pair_sums",
    "repeated",
    "repeated_rows",
    "some_rows",
    "static_sums",
]

_TYPES = {"year": "BIGINT", "industry": "VARCHAR", "productivity": "DOUBLE", "weight": "DOUBLE", "exporter": "TINYINT"}

#: Years of a panel that fit the bits of a number, one each.
MOST_YEARS = 62


def lifespans(exporters: bool, first: int, last: int) -> str:
    """Note plants that are away for a year between two others, and plants with two rows in a year, in one pass.

    Only of these can a comparison of two years learn anything from other years. A year is a bit: their sum is their
    union unless one is there twice. Panels of more years than bits leave ``twice`` false, and are checked year by year.
    """
    operates = f" FILTER (WHERE NOT {_idle(exporters)})"
    usable = f" FILTER (WHERE NOT {_idle(exporters)} AND NOT {_lacking(exporters)})"
    bit = f"(1::BIGINT << (year - {int(first)})::INTEGER)"
    twice = f"sum({bit}) <> bit_or({bit})" if last - first < MOST_YEARS else "false"
    return f"""
    CREATE TABLE lifespans AS
    SELECT plant, min(year){operates} AS born, max(year){operates} AS gone, {twice} AS twice
    FROM raw GROUP BY plant
    HAVING twice OR count(*){usable} < gone - born + 1
    """


def load(connection: Any, files: Sequence[str], kind: str, names: Mapping[str, str], source: str) -> None:
    """Define the relation ``raw``: a table on disk for CSV, which is slow to read twice, a view for Parquet."""
    listed = ", ".join(_text(file) for file in files)
    described = f"read_parquet([{listed}])" if kind == "parquet" else f"read_csv([{listed}], header = true)"
    known = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {described}").fetchall()]
    for name in names.values():
        if name not in known:
            raise InputError(
                f"{source} has no column {name!r}.{did_you_mean(name, known)} Its columns are {', '.join(known)}."
            )
    if kind == "csv":
        types = ", ".join(f"{_text(column)}: {_text(_TYPES[name])}" for name, column in names.items() if name in _TYPES)
        described = f"read_csv([{listed}], header = true, types = {{{types}}})"
    cast = ", ".join(
        f"CAST({_name(column)} AS {_TYPES[name]}) AS {name}" if name in _TYPES else f"{_name(column)} AS {name}"
        for name, column in names.items()
    )
    # the number of a row is kept by the order of reading, which a table without order would lose
    connection.execute("SET preserve_insertion_order = true")
    if kind == "csv":
        connection.execute(f"CREATE TABLE raw AS SELECT {cast} FROM {described}")
    else:
        connection.execute(f"CREATE VIEW raw AS SELECT {cast} FROM {described}")
    connection.execute("SET preserve_insertion_order = false")


def _idle(exporters: bool) -> str:
    own = "coalesce(weight = 0, false) AND (productivity IS NULL OR isnan(productivity))"
    return f"(({own}) OR coalesce(exporter = -1, false))" if exporters else f"({own})"


def _lacking(exporters: bool) -> str:
    empty = "industry IS NULL OR trim(industry) = ''"
    values = " OR ".join(f"{name} IS NULL OR isnan({name})" for name in ("productivity", "weight"))
    status = " OR exporter IS NULL" if exporters else ""
    return f"(NOT {_idle(exporters)} AND ({empty} OR {values}{status}))"


def faults(exporters: bool, missing: str, inactive: str) -> dict[str, tuple[str, str]]:
    """Return name -> condition and words of what makes a row wrong under these rules."""
    found = {
        "no_plant": ("plant IS NULL", "have no plant"),
        "no_year": ("year IS NULL", "have no year"),
        "negative": ("weight < 0", "have a negative weight"),
        "infinite": ("isinf(weight) OR isinf(productivity)", "have an infinite weight or productivity"),
    }
    if exporters:
        found["odd_exporter"] = ("exporter NOT IN (-1, 0, 1)", "have an export status that is not 0, 1 or -1")
    if inactive == "raise":
        words = 'are of plants that did not operate (inactive="absent" treats them as not there)'
        found["idle"] = (_idle(exporters), words)
    if missing == "raise":
        words = (
            'lack productivity, weight, industry or export status (choose missing="drop-row" or missing="drop-plant")'
        )
        found["lacking"] = (_lacking(exporters), words)
    return found


def checks(exporters: bool) -> str:
    """Count rows and faults by year."""
    idle, lacking = _idle(exporters), _lacking(exporters)
    wrong = {name: condition for name, (condition, _) in faults(exporters, "raise", "raise").items()}
    counted = ", ".join(f"count_if({condition}) AS {name}" for name, condition in wrong.items())
    good = f"(NOT {idle} AND NOT {lacking})"
    return (
        f"SELECT year, count(*) AS rows, {counted}, count_if({good}) AS good, count_if({good} AND weight = 0) AS no_weight "
        "FROM raw GROUP BY year"
    )


def some_rows(condition: str) -> str:
    """Return the first rows that meet a condition, counted from one."""
    return f"SELECT row FROM (SELECT row_number() OVER () AS row, * FROM raw) WHERE {condition} ORDER BY row LIMIT 5"


def repeated(year: int) -> str:
    """Count rows of a year beyond one a plant."""
    return f"SELECT count(*) - count(DISTINCT plant) FROM raw WHERE year = {int(year)}"


def repeated_rows(year: int) -> str:
    """Return one plant with several rows in a year, and their numbers."""
    return (
        f"SELECT plant, list(row) FROM (SELECT row_number() OVER () AS row, * FROM raw) WHERE year = {int(year)} "
        "GROUP BY plant HAVING count(*) > 1 ORDER BY min(row) LIMIT 1"
    )


def define_plants(connection: Any, exporters: bool, *, filtered: bool) -> None:
    """Define ``plants`` (rows to use) and ``gaps`` (operating, a value missing)."""
    idle, lacking = _idle(exporters), _lacking(exporters)
    good = f" WHERE NOT {idle} AND NOT {lacking}" if filtered else ""
    connection.execute(f"CREATE VIEW plants AS SELECT * FROM raw{good}")
    connection.execute(f"CREATE VIEW gaps AS SELECT plant, year FROM raw WHERE {lacking}")


def static_sums(exporters: bool) -> str:
    """Sum plants, weights and productivity by year, industry and export status."""
    status = "exporter = 1" if exporters else "'all'"
    return (
        f"SELECT year, industry, {status} AS exporting, count(*) AS n, sum(weight) AS w, "
        "sum(weight * productivity) AS p, sum(productivity) AS m FROM plants GROUP BY ALL ORDER BY ALL"
    )


def pair_sums(first: int, last: int, exporters: bool, outside: bool, gaps: bool) -> str:
    """Sum two years by cell: an outer join on plants, then one aggregation."""
    columns = "plant, industry, productivity AS f, weight AS w" + (", exporter = 1 AS x" if exporters else "")
    seen = "coalesce(born < {0}, false) AS seen_before, coalesce(gone > {1}, false) AS seen_after"
    lives = (
        "LEFT JOIN lifespans ON lifespans.plant = coalesce(a.plant, b.plant) AND (a.plant IS NULL OR b.plant IS NULL)"
    )
    lacks = f"EXISTS (FROM gaps WHERE year IN ({int(first)}, {int(last)}) AND gaps.plant = coalesce(a.plant, b.plant))"
    status = "coalesce(a.x, b.x) AS x1, coalesce(b.x, a.x) AS x2" if exporters else "true AS x1, true AS x2"
    return f"""
    WITH a AS (SELECT {columns} FROM plants WHERE year = {int(first)}),
         b AS (SELECT {columns} FROM plants WHERE year = {int(last)})
    SELECT a.plant IS NOT NULL AS here, b.plant IS NOT NULL AS there,
           {seen.format(int(first), int(last)) if outside else "false AS seen_before, false AS seen_after"},
           {lacks if gaps else "false"} AS gap,
           a.industry AS industry_first, b.industry AS industry_last, {status},
           count(*) AS n, sum(a.w) AS w1, sum(b.w) AS w2, sum(a.w * a.f) AS p1, sum(b.w * b.f) AS p2,
           sum(a.f) AS m1, sum(b.f) AS m2, sum(a.w * b.f) AS c12, sum(b.w * a.f) AS c21
    FROM a FULL OUTER JOIN b ON a.plant = b.plant {lives if outside else ""}
    GROUP BY ALL
    """


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
