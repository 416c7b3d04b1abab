"""Run a study: from its file to a folder with results, figures, a report and their provenance."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tradewinds.errors import (
    ConvergenceError,
    DataError,
    InputError,
    OutputError,
    StudyError,
    TradewindsWarning,
)
from tradewinds.report.output import output_folder
from tradewinds.report.run import Outcome, write_run
from tradewinds.study.fields import Study

if TYPE_CHECKING:
    from tradewinds.report.html import Report
    from tradewinds.report.run import Findings

__all__ = ["Outcome", "run_study"]

Progress = Callable[[int, int], None]


class _Run(Protocol):
    """A study of some kind while it runs."""

    def compute(self, progress: Progress | None = None) -> None:
        """Do the work, keeping what is reached."""

    def findings(self) -> Findings:
        """Return what was found so far."""


def _spillovers(settings: Any, home: Path) -> _Run:
    from tradewinds.study.spillovers import SpilloversRun

    return SpilloversRun(settings, home)


def _world(settings: Any, home: Path) -> _Run:
    from tradewinds.study.world import WorldRun

    return WorldRun(settings, home)


def _clusters(settings: Any, home: Path) -> _Run:
    from tradewinds.study.clusters import ClustersRun

    return ClustersRun(settings, home)


def _firms(settings: Any, home: Path) -> _Run:
    from tradewinds.study.firms import FirmsRun

    return FirmsRun(settings, home)


def _growth(settings: Any, home: Path) -> _Run:
    from tradewinds.study.growth import GrowthRunner

    return GrowthRunner(settings, home)


def _plants(settings: Any, home: Path) -> _Run:
    from tradewinds.study.plants import PlantsRun

    return PlantsRun(settings, home)


def _compare(settings: Any, home: Path) -> _Run:
    from tradewinds.study.compare import CompareRun

    return CompareRun(settings, home)


#: Kind of study -> what begins one, from its settings and the folder that relative paths in it start at.
_BEGIN: Mapping[str, Callable[[Any, Path], _Run]] = {
    "spillovers": _spillovers,
    "world": _world,
    "clusters": _clusters,
    "firms": _firms,
    "growth": _growth,
    "plants": _plants,
    "compare": _compare,
}


def run_study(
    study: Study,
    out: str | Path,
    *,
    study_file: str | Path = "",
    progress: Progress | None = None,
) -> Outcome:
    """Run a study and write its output folder, whole or not at all.

    If a model does not converge, what was found until then is written and marked: the outcome, the report and the provenance
    name the failed check.

    Parameters
    ----------
    study : Study
    out : str or Path
        Output folder; earlier results of tradewinds there are replaced.
    study_file : str or Path
        Where the study came from: relative paths in it start there, and its name goes into the provenance.
    progress : callable, optional
        Called with units of work done and wanted.

    Returns
    -------
    Outcome

    Raises
    ------
    TradewindsError
        If the data, the study or the output folder cannot be used.
    """
    try:
        return _run(study, Path(out), Path(study_file), progress)
    except (DataError, OutputError, StudyError):
        raise  # these name their own file
    except InputError as error:
        raise StudyError(f"{study_file or 'study'}: {error}") from error


def _run(study: Study, out: Path, study_file: Path, progress: Progress | None) -> Outcome:
    import warnings

    started = time.perf_counter()
    failed: tuple[str, ...] = ()
    with output_folder(out) as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", TradewindsWarning)  # results and panels carry them; they go into the report
        run = _BEGIN[study.kind](getattr(study, study.kind), study_file.parent)
        try:
            run.compute(progress)
        except ConvergenceError as error:
            failed = (str(error),)
        found = run.findings()
        headline = _headline(found, stopped=bool(failed))
        failed += tuple(found.report.failed_checks)
        write_run(
            folder,
            replace(found, report=_titled(found, study, failed)),
            wall_time=time.perf_counter() - started,
            study=study.model_dump(mode="json", by_alias=True, exclude_none=True),
            study_file=Path(str(study_file).encode("utf-8", "replace").decode()),  # a name need not be Unicode
        )
    return Outcome(out, headline, tuple(dict.fromkeys(found.report.warnings)), failed)


def _titled(found: Findings, study: Study, failed: tuple[str, ...]) -> Report:
    """Return the report with the words of the study and the checks that failed."""
    report = found.report
    words = (report.abstract, study.description)
    return replace(
        report,
        title=study.title or report.title,
        abstract="\n\n".join(text for text in words if text),
        failed_checks=failed,
    )


def _headline(found: Findings, *, stopped: bool) -> str:
    """Return one or two sentences in plain text: what was found, and whether that is all and sound."""
    text = found.report.abstract.replace("**", "").replace("*", "")
    warning = ""
    if stopped:
        warning = "The study stopped early; what it found is kept and marked."
    elif found.report.failed_checks:
        warning = "A check failed; the results are kept and marked."
    return " ".join(filter(None, (warning, text)))
