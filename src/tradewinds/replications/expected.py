"""The stored scoreboards: did any of our numbers move, or any status fall, since they were last recorded?

A status can survive a change that moves every number on a stand-in. ``expected.csv`` of a paper holds what was computed when it
was last recorded on purpose, so that a change of numbers is seen, explained in the change log, and recorded again::

    python -m tradewinds.replications --check
    python -m tradewinds.replications --record
"""

from __future__ import annotations

import importlib
import importlib.resources
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from tradewinds.replications.collect import PAPERS
from tradewinds.report import downgrades
from tradewinds.report.output import write_text

__all__ = ["EXPECTED_FILE", "compare_with_expected", "moved", "record_expected"]

EXPECTED_FILE = "expected.csv"
_COLUMNS = ["paper", "exhibit", "row", "column", "published", "computed", "difference", "tolerance", "status", "note"]
_KEY = ["exhibit", "row", "column"]

#: Largest relative move that counts as rounding of another processor or library.
ROUNDING = 1e-6


def moved(expected: pd.DataFrame, computed: pd.DataFrame) -> Sequence[str]:
    """Return one sentence a number that moved by more than rounding, in the order of ``expected``.

    Parameters
    ----------
    expected, computed : DataFrame
        Scoreboards of one paper.
    """
    both = expected.merge(computed, on=_KEY, suffixes=("_before", "_now"), how="inner")
    before, now = both["computed_before"].astype(float), both["computed_now"].astype(float)
    scale = before.abs().clip(lower=1e-3)
    changed = both[((now - before).abs() > ROUNDING * scale) | (now.isna() != before.isna())]
    return [
        f"{row['exhibit']}, {row['row']}, {row['column']}: was {float(row['computed_before']):.8g}, "
        f"is {float(row['computed_now']):.8g}"
        for row in changed.to_dict("records")
    ]


def _folder(paper: str) -> Path:
    return Path(str(importlib.resources.files("tradewinds.replications").joinpath(paper)))


def _scoreboard(paper: str, progress: Callable[[int, int], None] | None) -> pd.DataFrame:
    replication = importlib.import_module(PAPERS[paper]).run(progress)
    board: pd.DataFrame = replication.scoreboard
    return board


def compare_with_expected(
    papers: Sequence[str] = tuple(PAPERS), progress: Callable[[int, int], None] | None = None
) -> Sequence[str]:
    """Run replications and return every number that moved and every status that fell, a sentence each."""
    found: list[str] = []
    for paper in papers:
        expected = pd.read_csv(
            io.StringIO((_folder(paper) / EXPECTED_FILE).read_text(encoding="utf-8")), dtype=str, keep_default_na=False
        )
        board = _scoreboard(paper, progress)
        found += [
            f"{paper}: {row.exhibit}, {row.row}, {row.column}: status was {row.expected}, is {row.computed}"
            for row in downgrades(expected, board).itertuples(index=False)
        ]
        found += [f"{paper}: {sentence}" for sentence in moved(expected, board)]
    return found


def record_expected(papers: Sequence[str] = tuple(PAPERS), progress: Callable[[int, int], None] | None = None) -> None:
    """Run replications and store their scoreboards, numbers to ten digits and without notes."""
    for paper in papers:
        board = _scoreboard(paper, progress).assign(note="recorded")[_COLUMNS]
        board["computed"] = board["computed"].map("{:.10g}".format)
        board["difference"] = ""
        write_text(_folder(paper) / EXPECTED_FILE, board.to_csv(index=False, lineterminator="\n"))
