"""The stored scoreboards: did any of our numbers move, or any status fall, since they were last recorded?

A status can survive a change that moves every number on a stand-in. ``expected.csv`` of a paper holds what was computed when it
was last recorded on purpose, so that a change of numbers is seen, explained in the change log, and recorded again::

    python -m tradewinds.replications --check           # compute and compare
    python -m tradewinds.replications --check FOLDER    # compare what tradewinds replicate left in a folder
    python -m tradewinds.replications --record [PAPER ...]
"""

from __future__ import annotations

import importlib
import importlib.resources
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

import tradewinds
from tradewinds.errors import InputError, OutputError, did_you_mean
from tradewinds.replications.collect import PAPERS
from tradewinds.replications.targets import folder_name
from tradewinds.report import SCOREBOARD_COLUMNS, downgrades, read_scoreboard
from tradewinds.report.output import write_text
from tradewinds.report.scoreboard import SCOREBOARD_FILE

__all__ = ["EXPECTED_FILE", "compare_folder", "compare_with_expected", "moved", "record_expected"]

EXPECTED_FILE = "expected.csv"
_KEY = list(SCOREBOARD_COLUMNS[1:4])

#: Largest relative move that counts as rounding of another processor or library.
ROUNDING = 1e-6

Progress = Callable[[int, int], None]


def moved(expected: pd.DataFrame, computed: pd.DataFrame) -> Sequence[str]:
    """Return one sentence a number that moved by more than rounding, in the order of ``expected``.

    Parameters
    ----------
    expected, computed : DataFrame
        Scoreboards of one paper.
    """
    both = expected.merge(computed, on=_KEY, suffixes=("_before", "_now"), how="inner")
    before, now = pd.to_numeric(both["computed_before"]), pd.to_numeric(both["computed_now"])
    scale = before.abs().clip(lower=1e-3)
    changed = both.assign(before=before, now=now)[
        ((now - before).abs() > ROUNDING * scale) | (now.isna() != before.isna())
    ]
    return [
        f"{row['exhibit']}, {row['row']}, {row['column']}: was {row['before']:.8g}, is {row['now']:.8g}"
        for row in changed.to_dict("records")
    ]


def _folder(paper: str) -> Path:
    return Path(str(importlib.resources.files("tradewinds.replications").joinpath(folder_name(paper))))


def _scoreboard(paper: str, progress: Progress | None) -> pd.DataFrame:
    replication = importlib.import_module(PAPERS[paper]).run(progress)
    board: pd.DataFrame = replication.scoreboard
    return board


def compare_with_expected(papers: Sequence[str] = (), progress: Progress | None = None) -> Sequence[str]:
    """Run replications (default: all) and return every number that moved and every status that fell, a sentence each."""
    return [sentence for paper in papers or PAPERS for sentence in _compare(paper, _scoreboard(paper, progress))]


def compare_folder(folder: str | Path, papers: Sequence[str] = ()) -> Sequence[str]:
    """Return the same for a replication that was made before, by ``tradewinds replicate --out FOLDER``.

    Raises
    ------
    InputError
        If the folder holds no scoreboard.
    """
    file = Path(folder) / SCOREBOARD_FILE
    if not file.is_file():
        raise InputError(f"there is no {file}; make it with: tradewinds replicate --out {folder}")
    board = read_scoreboard(file)
    return [sentence for paper in papers or PAPERS for sentence in _compare(paper, board[board["paper"] == paper])]


def _compare(paper: str, board: pd.DataFrame) -> list[str]:
    """Return a sentence a status that fell, a number that is gone, and a number that moved."""
    expected = read_scoreboard(_folder(paper) / EXPECTED_FILE)
    fallen = [
        f"{paper}: {row.exhibit}, {row.row}, {row.column}: status was {row.expected}, is {row.computed}"
        for row in downgrades(expected, board).itertuples(index=False)
    ]
    return fallen + [f"{paper}: {sentence}" for sentence in moved(expected, board)]


def record_expected(papers: Sequence[str] = (), progress: Progress | None = None) -> None:
    """Run replications (default: all) and store their scoreboards, numbers to ten digits and without notes.

    Raises
    ------
    InputError
        If there is no replication of that name.
    OutputError
        If this is an installed tradewinds: what is expected is part of the source, and lost with the next install.
    """
    package = Path(tradewinds.__file__).parent
    if not (package.parents[1] / "pyproject.toml").is_file():
        raise OutputError(
            "stored scoreboards belong to the source of tradewinds, and this is an installed copy; record them in a checkout "
            "that is installed with: pip install --editable ."
        )
    for paper in papers:
        if paper not in PAPERS:
            raise InputError(f"no replication {paper!r}.{did_you_mean(paper, PAPERS)} There are: {', '.join(PAPERS)}.")
    for paper in papers or PAPERS:
        board = _scoreboard(paper, progress).assign(note="recorded")[list(SCOREBOARD_COLUMNS)]
        board["computed"] = board["computed"].map("{:.10g}".format)
        board["difference"] = ""
        write_text(_folder(paper) / EXPECTED_FILE, board.to_csv(index=False, lineterminator="\n"))
