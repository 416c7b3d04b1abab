"""Run replications and write their pages: ``index.html`` with the scoreboard, ``scoreboard.csv``, and a folder a paper."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tradewinds.errors import ConvergenceError, InputError, MissingDependencyError, did_you_mean
from tradewinds.report import (
    Findings,
    Outcome,
    PaperPage,
    count_statuses,
    output_folder,
    provenance,
    put,
    render_index,
    to_csv,
    to_json,
    write_run,
)
from tradewinds.report.index import summary_sentence
from tradewinds.report.provenance import PROVENANCE_FILE
from tradewinds.report.scoreboard import SCOREBOARD_FILE, count_fitted

__all__ = ["PAPERS", "Replication", "replicate"]

#: Key on the command line -> module with a function ``run(progress)`` that returns a :class:`Replication`.
PAPERS: Mapping[str, str] = {
    "keller": "tradewinds.replications.keller.run",
    "bch": "tradewinds.replications.bch.run",
    "hanlon": "tradewinds.replications.hanlon.run",
    "melitz-trefler": "tradewinds.replications.melitz_trefler.run",
    "grossman-helpman": "tradewinds.replications.grossman_helpman.run",
}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Replication:
    """What the replication of one paper hands over.

    Attributes
    ----------
    page : PaperPage
        Its place on the index.
    scoreboard : DataFrame
    findings : Findings
        Its report, whose failed checks hold downgrades too, its tidy results, figures and data.
    """

    page: PaperPage
    scoreboard: pd.DataFrame
    findings: Findings

    @property
    def failed_checks(self) -> tuple[str, ...]:
        """Downgrades and failed checks, one sentence each."""
        return tuple(self.findings.report.failed_checks)


def replicate(
    papers: Sequence[str] = (), out: str | Path = "replication", *, progress: Progress | None = None
) -> Outcome:
    """Reproduce papers and write their pages, whole or not at all.

    Parameters
    ----------
    papers : sequence of str
        Keys of :data:`PAPERS`; empty is all of them.
    out : str or Path
        Output folder; earlier results there are replaced.
    progress : callable, optional
        Called with units of work done and wanted.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        If there is no replication of that name.
    OutputError
        If the folder cannot be used.
    ConvergenceError
        If no paper came to its end. Where some did, they are written, and the others are named as failed checks.
    MissingDependencyError
        The same, where it is a library that is missing.
    """
    for paper in papers:
        if paper not in PAPERS:
            raise InputError(f"no replication {paper!r}.{did_you_mean(paper, PAPERS)} There are: {', '.join(PAPERS)}.")
    wanted = list(dict.fromkeys(papers)) or list(PAPERS)
    started = time.perf_counter()
    with output_folder(out) as folder:
        done: list[Replication] = []
        stopped: list[ConvergenceError | MissingDependencyError] = []
        for key in wanted:
            begun = time.perf_counter()
            try:
                replication: Replication = importlib.import_module(PAPERS[key]).run(progress)
            except ConvergenceError as error:
                stopped.append(ConvergenceError(f"{key}: {error}", error.solution))
                continue
            except MissingDependencyError as error:
                stopped.append(MissingDependencyError(f"{key}: {error}"))
                continue
            write_run(folder / key, replication.findings, wall_time=time.perf_counter() - begun, study={"paper": key})
            done.append(replication)
        if not done:
            raise stopped[0]
        board = pd.concat([replication.scoreboard for replication in done], ignore_index=True)
        put(folder, SCOREBOARD_FILE, to_csv(board))
        failed = tuple(sentence for replication in done for sentence in replication.failed_checks)
        failed += tuple(map(str, stopped))
        _write_index(folder, done, board, failed, wanted, time.perf_counter() - started)
    return Outcome(Path(out), summary_sentence(count_statuses(board), count_fitted(board)), failed_checks=failed)


def _write_index(
    folder: Path,
    done: Sequence[Replication],
    board: pd.DataFrame,
    failed: Sequence[str],
    wanted: Sequence[str],
    wall_time: float,
) -> None:
    """Write the index of all papers, with the provenance of the whole."""
    found = [replication.findings for replication in done]
    trail = provenance(
        wall_time=wall_time,
        study={"papers": wanted},
        parameters=[record for each in found for record in (*each.report.parameters, *each.parameters)],
        datasets=dict.fromkeys(record for each in found for record in each.datasets),
        failed_checks=failed,
        citation_keys=[key for each in found for key in each.report.citation_keys],
    )
    index = render_index(
        "Published numbers, and ours",
        [replication.page for replication in done],
        board,
        subtitle="Replications by tradewinds",
        introduction="Every number that a replication attempts, beside the one in print, with what kept them apart.",
        failed_checks=failed,
        provenance=trail,
        citation_keys=trail["citation_keys"],
    )
    put(folder, "index.html", index)
    put(folder, PROVENANCE_FILE, to_json(trail))
