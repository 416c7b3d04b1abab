"""Published numbers as data, and the grade that a computed number earns against one of them.

``targets.csv`` of a paper lists every number that is attempted: exhibit, row, column, the number as printed, the tolerance that
counts as close, and the status it must not fall below. What a status claims is in :mod:`tradewinds.report.scoreboard`.
"""

from __future__ import annotations

import importlib.resources
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tradewinds.errors import DataError
from tradewinds.report.scoreboard import SCOREBOARD_COLUMNS, STATUSES, as_number, check_scoreboard

__all__ = ["TARGET_COLUMNS", "Computed", "downgraded", "folder_name", "grade", "read_targets", "score"]

TARGET_COLUMNS = ("exhibit", "row", "column", "published", "tolerance", "status", "note")
_KEY = ("exhibit", "row", "column")

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Computed:
    """Our number for one target.

    Attributes
    ----------
    value : float
        In the unit of the printed number.
    stand_in : str
        Empty if it rests on the paper's own data or on printed numbers; otherwise what took their place.
    note : str
        What to know about it.
    """

    value: float
    stand_in: str = ""
    note: str = ""


def folder_name(paper: str) -> str:
    """Return the folder of a paper by its key on the command line: a package, which cannot have a hyphen in its name.

    Examples
    --------
    >>> folder_name("melitz-trefler")
    'melitz_trefler'
    """
    return paper.replace("-", "_")


def read_targets(paper: str) -> pd.DataFrame:
    """Return a paper's targets; numbers stay text, so that "0.130" keeps its printed digits.

    Raises
    ------
    DataError
        If a column is missing, a status is unknown, a number is not one or a target occurs twice.
    """
    name = f"{folder_name(paper)}/targets.csv"
    text = importlib.resources.files("tradewinds.replications").joinpath(name).read_text(encoding="utf-8")
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    problems = []
    if tuple(frame.columns) != TARGET_COLUMNS:
        raise DataError(name, [f"columns are {', '.join(frame.columns)}; expected {', '.join(TARGET_COLUMNS)}"])
    for number, row in enumerate(frame.to_dict("records"), start=2):
        if row["status"] not in STATUSES:
            problems.append(f"row {number}: status {row['status']!r} is none of {', '.join(STATUSES)}")
        problems += [
            f"row {number}: {column} is {text!r}, expected a number"
            for column, text in (("published", row["published"]), ("tolerance", row["tolerance"] or "0"))
            if (value := as_number(text)) is None or not math.isfinite(value)
        ]
    twice = frame[frame.duplicated(list(_KEY))]
    problems += [f"{' / '.join(map(str, row[:3]))} occurs twice" for row in twice.itertuples(index=False)]
    if problems:
        raise DataError(name, problems)
    return frame


def grade(published: str, computed: float, tolerance: float | None = None) -> str:
    """Return the status a number earns.

    Parameters
    ----------
    published : str
        As printed: its digits decide what is exact.
    computed : float
    tolerance : float, optional
        Largest difference that counts as close; None if nothing but the printed digits does.

    Returns
    -------
    str
        ``exact``, ``close``, ``qualitative`` (the same sign) or ``not reproduced``.

    Examples
    --------
    >>> grade("0.078", 0.0781), grade("20", 18.75, 2.0), grade("0.5", 3.0), grade("0.5", -3.0)
    ('exact', 'close', 'qualitative', 'not reproduced')
    """
    target = float(published)
    if not math.isfinite(computed):
        return "not reproduced"
    half_a_digit = 0.5 * 10.0 ** -len(published.partition(".")[2])
    if abs(computed - target) <= half_a_digit * (1 + 1e-9):
        return "exact"
    if tolerance is not None and abs(computed - target) <= tolerance:
        return "close"
    return "qualitative" if computed * target > 0 else "not reproduced"


def score(paper: str, targets: pd.DataFrame, computed: Mapping[Key, Computed]) -> pd.DataFrame:
    """Return the scoreboard of a paper.

    A number from stand-in data is never graded: its status is ``data unavailable`` whatever its value.

    Raises
    ------
    DataError
        If a target was not computed, or something was computed that no target asks for.
    """
    records = targets.to_dict("records")
    keys = [(str(row["exhibit"]), str(row["row"]), str(row["column"])) for row in records]
    missing = [key for key in keys if key not in computed]
    unasked = [key for key in computed if key not in set(keys)]
    if missing or unasked:
        found = [f"{' / '.join(key)} was not computed" for key in missing]
        found += [f"{' / '.join(key)} was computed, but no target asks for it" for key in unasked]
        raise DataError(f"{folder_name(paper)}/targets.csv", found)
    rows = []
    for key, target in zip(keys, records, strict=True):
        ours, published = computed[key], target["published"]
        tolerance = float(target["tolerance"]) if target["tolerance"] else None
        status = "data unavailable" if ours.stand_in else grade(published, ours.value, tolerance)
        difference = ours.value - float(published)
        note = "; ".join(text for text in (target["note"], ours.note, ours.stand_in) if text)
        rows.append((paper, *key, published, ours.value, difference, target["tolerance"], status, note))
    return check_scoreboard(pd.DataFrame(rows, columns=list(SCOREBOARD_COLUMNS)))


def downgraded(targets: pd.DataFrame, scoreboard: pd.DataFrame) -> Sequence[str]:
    """Return one sentence a number whose status is below the one its target promises."""
    rank = {status: place for place, status in enumerate(STATUSES)}
    return [
        f"{target['exhibit']}, {target['row']}, {target['column']}: {status}, but its target promises {target['status']}"
        for target, status in zip(targets.to_dict("records"), scoreboard["status"], strict=True)
        if rank[str(status)] > rank[target["status"]]
    ]
