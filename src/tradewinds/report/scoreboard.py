"""The scoreboard of replications: every published number beside ours, and how near it came.

A status is a claim about one number of one exhibit. From best to worst:

exact
    the same to the printed digits;
close
    within the tolerance stated for it;
qualitative
    the same sign, beyond the tolerance;
not reproduced
    none of these, and the note says why;
data unavailable
    the data behind it are not to be had; a stand-in, named as such, takes their place.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tradewinds.errors import DataError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "FITTED",
    "MISSING_STATUS",
    "SCOREBOARD_COLUMNS",
    "SCOREBOARD_FILE",
    "STATUSES",
    "STATUS_MEANINGS",
    "as_number",
    "check_scoreboard",
    "count_fitted",
    "count_statuses",
    "downgrades",
    "read_scoreboard",
]

SCOREBOARD_FILE = "scoreboard.csv"

#: Clause of the note of a number that was used to choose parameters: agreement with it is no evidence.
FITTED = "fitted"

#: Columns of ``scoreboard.csv``; the first four say which number it is.
SCOREBOARD_COLUMNS = (
    "paper",
    "exhibit",
    "row",
    "column",
    "published",
    "computed",
    "difference",
    "tolerance",
    "status",
    "note",
)
_KEY = list(SCOREBOARD_COLUMNS[:4])
_NUMBERS = ("published", "computed", "difference", "tolerance")

#: Status -> what it claims, from best to worst.
STATUS_MEANINGS: Mapping[str, str] = {
    "exact": "the same to the printed digits",
    "close": "within the stated tolerance",
    "qualitative": "the same sign, beyond the tolerance",
    "not reproduced": "none of these; the note says why",
    "data unavailable": "the data are not to be had; a stand-in, named as such, takes their place",
}

#: Statuses in rank order, best first.
STATUSES: tuple[str, ...] = tuple(STATUS_MEANINGS)

#: What :func:`downgrades` calls a number that was expected and is no longer there.
MISSING_STATUS = "missing"

_NEED_NOTE = ("not reproduced", "data unavailable")


def check_scoreboard(frame: pd.DataFrame, *, source: str = "scoreboard") -> pd.DataFrame:
    """Return a scoreboard with its columns in order, or raise naming every row that is wrong.

    Parameters
    ----------
    frame : DataFrame
        Columns :data:`SCOREBOARD_COLUMNS`, in any order. Numbers may be text as printed ("0.130") or missing.
    source : str
        What it is called in the message.

    Raises
    ------
    DataError
        If a column is missing or unknown, a status is unknown, a number is not one, a row occurs twice, or a
        number that was not reproduced carries no note.
    """
    missing = [name for name in SCOREBOARD_COLUMNS if name not in frame.columns]
    unknown = [str(name) for name in frame.columns if name not in SCOREBOARD_COLUMNS]
    if missing or unknown:
        found = [f"lacks column {name}" for name in missing]
        found += [f"has column {name}.{did_you_mean(name, missing)}" for name in unknown]
        raise DataError(source, found)
    ordered = frame[list(SCOREBOARD_COLUMNS)].reset_index(drop=True)
    for name in (*_KEY, "status", "note"):
        ordered[name] = ordered[name].astype("object").where(ordered[name].notna(), "").astype(str)
    if problems := _problems(ordered):
        raise DataError(source, problems)
    return ordered


def read_scoreboard(source: str | Path | io.StringIO) -> pd.DataFrame:
    """Return a scoreboard file; numbers stay text, so that "0.130" keeps its printed digits."""
    import pandas as pd

    frame = pd.read_csv(source, dtype=str, keep_default_na=False, encoding="utf-8")
    return check_scoreboard(frame, source="scoreboard" if isinstance(source, io.StringIO) else Path(source).name)


def as_number(cell: object) -> float | None:
    """Return a cell as a number: nan where it is empty or missing, None where it holds something else.

    Examples
    --------
    >>> as_number("0.130"), as_number(""), as_number("n.a.")
    (0.13, nan, None)
    """
    if cell is None or type(cell).__name__ == "NAType" or (isinstance(cell, str) and not cell):
        return math.nan
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def count_statuses(frame: pd.DataFrame) -> dict[str, int]:
    """Return how many numbers carry each status, best first.

    Examples
    --------
    >>> import pandas as pd
    >>> count_statuses(pd.DataFrame({"status": ["close", "exact", "close"]}))
    {'exact': 1, 'close': 2, 'qualitative': 0, 'not reproduced': 0, 'data unavailable': 0}
    """
    counts = frame["status"].value_counts()
    return {status: int(counts.get(status, 0)) for status in STATUSES}


def count_fitted(frame: pd.DataFrame) -> int:
    """Return how many numbers were used to choose parameters: those whose note says ``fitted``, between semicolons.

    Examples
    --------
    >>> import pandas as pd
    >>> count_fitted(pd.DataFrame({"note": ["percent; fitted", "", "not fitted"]}))
    1
    """
    return sum(FITTED in str(note).split("; ") for note in frame["note"])


def downgrades(expected: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers whose status got worse, or that are gone.

    Parameters
    ----------
    expected, computed : DataFrame
        Scoreboards; rows are matched by paper, exhibit, row and column as text.

    Returns
    -------
    DataFrame
        Columns ``paper, exhibit, row, column, expected, computed, note``, in the order of ``expected``; empty
        when nothing got worse. A row that is gone has the status ``missing``. New rows and better ones are
        not listed.
    """
    import pandas as pd

    before = check_scoreboard(expected, source="expected scoreboard")
    after = check_scoreboard(computed, source="computed scoreboard")
    now = {tuple(row[:4]): (row[8], row[9]) for row in after.itertuples(index=False, name=None)}
    rank = {status: place for place, status in enumerate((*STATUSES, MISSING_STATUS))}
    worse = []
    for row in before.itertuples(index=False, name=None):
        key, status = tuple(row[:4]), row[8]
        found, note = now.get(key, (MISSING_STATUS, ""))
        if rank[found] > rank[status]:
            worse.append((*key, status, found, note))
    return pd.DataFrame(worse, columns=[*_KEY, "expected", "computed", "note"])


def _problems(frame: pd.DataFrame) -> list[str]:
    problems = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(frame.to_dict("records"), start=1):
        key = tuple(str(row[name]) for name in _KEY)
        status = str(row["status"])
        if status not in STATUSES:
            allowed = ", ".join(STATUSES)
            problems.append(f"row {number}: status {status!r} is none of {allowed}.{did_you_mean(status, STATUSES)}")
        elif status in _NEED_NOTE and not str(row["note"]).strip():
            problems.append(f"row {number} ({' / '.join(key)}): {status} needs a note that says why")
        if key in seen:
            problems.append(f"rows {seen[key]} and {number} are both {' / '.join(key)}")
        seen.setdefault(key, number)
        problems += [
            f"row {number}: {name} is {row[name]!r}, expected a number or nothing"
            for name in _NUMBERS
            if as_number(row[name]) is None
        ]
    return problems
