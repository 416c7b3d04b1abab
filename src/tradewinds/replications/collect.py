"""Run replications and write their pages: ``index.html`` with the scoreboard, ``scoreboard.csv``, and a folder a paper."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tradewinds.errors import InputError, did_you_mean
from tradewinds.report import (
    DatasetRecord,
    PaperPage,
    ParameterRecord,
    Report,
    count_statuses,
    output_folder,
    provenance,
    render,
    render_index,
    to_csv,
    to_json,
)
from tradewinds.report.index import summary_sentence
from tradewinds.report.provenance import PROVENANCE_FILE
from tradewinds.report.scoreboard import SCOREBOARD_FILE

__all__ = ["PAPERS", "Outcome", "Replication", "replicate"]

#: Key on the command line -> module with a function ``run(progress)`` that returns a :class:`Replication`.
PAPERS: Mapping[str, str] = {"keller": "tradewinds.replications.keller.run"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Replication:
    """What the replication of one paper hands over.

    Attributes
    ----------
    page : PaperPage
        Its place on the index.
    scoreboard : DataFrame
    report : Report
        Its own report, without provenance, which is added when it is written.
    results : DataFrame
        Tidy results.
    figures : mapping
        Name -> SVG text.
    failed_checks : sequence of str
        Downgrades and failed checks, one sentence each.
    parameters, datasets, seed
        For the provenance.
    """

    page: PaperPage
    scoreboard: pd.DataFrame
    report: Report
    results: pd.DataFrame
    figures: Mapping[str, str] = field(default_factory=dict)
    failed_checks: Sequence[str] = ()
    parameters: Sequence[ParameterRecord] = ()
    datasets: Sequence[DatasetRecord] = ()
    seed: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a finished replication tells the command line.

    Attributes
    ----------
    folder : Path
    headline : str
        The scoreboard in a sentence.
    failed_checks : tuple of str
    """

    folder: Path
    headline: str
    failed_checks: tuple[str, ...]


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
    """
    for paper in papers:
        if paper not in PAPERS:
            raise InputError(f"no replication {paper!r}.{did_you_mean(paper, PAPERS)} There are: {', '.join(PAPERS)}.")
    wanted = list(dict.fromkeys(papers)) or list(PAPERS)
    started = time.perf_counter()
    with output_folder(out) as folder:
        done = [(key, importlib.import_module(PAPERS[key]).run(progress)) for key in wanted]
        for key, replication in done:
            _write_paper(folder / key, replication, time.perf_counter() - started)
        board = pd.concat([replication.scoreboard for _, replication in done], ignore_index=True)
        (folder / SCOREBOARD_FILE).write_text(to_csv(board), encoding="utf-8")
        failed = tuple(sentence for _, replication in done for sentence in replication.failed_checks)
        trail = provenance(
            wall_time=time.perf_counter() - started,
            study={"papers": wanted},
            parameters=[record for _, replication in done for record in replication.parameters],
            datasets=[record for _, replication in done for record in replication.datasets],
            failed_checks=failed,
            citation_keys=[key for _, replication in done for key in replication.report.citation_keys],
        )
        index = render_index(
            "Published numbers, and ours",
            [replication.page for _, replication in done],
            board,
            subtitle="Replications by tradewinds",
            introduction="Every number that a replication attempts, beside the one in print, with what kept them apart.",
            failed_checks=failed,
            provenance=trail,
            citation_keys=trail["citation_keys"],
        )
        (folder / "index.html").write_text(index, encoding="utf-8")
        (folder / PROVENANCE_FILE).write_text(to_json(trail), encoding="utf-8")
    return Outcome(Path(out), summary_sentence(count_statuses(board)), failed)


def _write_paper(folder: Path, replication: Replication, wall_time: float) -> None:
    """Write a paper's report, results, figures and provenance."""
    from dataclasses import replace

    (folder / "figures").mkdir(parents=True)
    for name, svg in replication.figures.items():
        (folder / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
    trail = provenance(
        wall_time=wall_time,
        study={"paper": replication.page.key},
        parameters=replication.parameters,
        datasets=replication.datasets,
        seed=replication.seed,
        warnings=replication.report.warnings,
        failed_checks=replication.failed_checks,
        citation_keys=replication.report.citation_keys,
    )
    (folder / "results.csv").write_text(to_csv(replication.results), encoding="utf-8")
    report = replace(replication.report, provenance=trail, failed_checks=replication.failed_checks)
    (folder / "report.html").write_text(render(report), encoding="utf-8")
    (folder / PROVENANCE_FILE).write_text(to_json(trail), encoding="utf-8")
