"""The folder of one run: results, figures, report and provenance, the same for every kind of study and every replication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewinds.report.html import Report, render
from tradewinds.report.output import put
from tradewinds.report.provenance import PROVENANCE_FILE, DatasetRecord, ParameterRecord, provenance, to_json
from tradewinds.tidy import to_csv

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Findings", "Outcome", "write_run"]


@dataclass(frozen=True)
class Outcome:
    """What a finished run tells the command line.

    Attributes
    ----------
    folder : Path
        Where the results are.
    headline : str
        One sentence on what was found.
    warnings : tuple of str
        What a reader must know before using a number.
    failed_checks : tuple of str
        Checks that failed; the results are kept and marked.
    """

    folder: Path
    headline: str
    warnings: tuple[str, ...] = ()
    failed_checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What a run found, ready to be written.

    Attributes
    ----------
    report : Report
        Without provenance, which is added when it is written. Its parameters, warnings, failed checks and citation keys go into
        the provenance too.
    results : DataFrame
        Tidy results.
    figures : mapping
        Name -> SVG text.
    tables : mapping
        Name of a further file -> frame, such as ``draws.csv``.
    datasets : sequence of DatasetRecord
        What the numbers rest on.
    seed : int, optional
        Seed of the random draws, if any were made.
    parameters : sequence of ParameterRecord
        For the provenance alone, beside those that the report lists: for reports that show parameters in tables of their own.
    """

    report: Report
    results: pd.DataFrame
    figures: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    datasets: Sequence[DatasetRecord] = ()
    seed: int | None = None
    parameters: Sequence[ParameterRecord] = ()


def write_run(
    folder: Path, found: Findings, *, wall_time: float, study: Mapping[str, Any], study_file: str | Path = ""
) -> None:
    """Write everything that a run found into a folder that is there.

    Parameters
    ----------
    folder : Path
        As :func:`~tradewinds.report.output.output_folder` yields it, or one inside it.
    found : Findings
    wall_time, study, study_file
        As in :func:`~tradewinds.report.provenance.provenance`.
    """
    report = found.report
    trail = provenance(
        wall_time=wall_time,
        study=study,
        study_file=study_file,
        parameters=[*report.parameters, *found.parameters],
        datasets=found.datasets,
        seed=found.seed,
        warnings=report.warnings,
        failed_checks=report.failed_checks,
        citation_keys=report.citation_keys,
    )
    put(folder, "results.csv", to_csv(found.results))
    for name, frame in found.tables.items():
        put(folder, name, to_csv(frame))
    for name, svg in found.figures.items():
        put(folder, f"figures/{name}.svg", svg)
    put(folder, "report.html", render(replace(report, provenance=trail)))
    put(folder, PROVENANCE_FILE, to_json(trail))
