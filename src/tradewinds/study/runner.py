"""Run a study: from its file to a folder with results, figures, a report and their provenance."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradewinds.errors import DataError, InputError, OutputError, StudyError, did_you_mean
from tradewinds.report.output import output_folder
from tradewinds.report.provenance import PROVENANCE_FILE, DatasetRecord, ParameterRecord, provenance, to_json
from tradewinds.study.fields import CALIBRATED, SpilloversStudy, Study
from tradewinds.study.messages import show
from tradewinds.tidy import to_csv

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.data.panel import SpilloverPanel

__all__ = ["Outcome", "run_study"]


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
    warnings: tuple[str, ...]
    failed_checks: tuple[str, ...] = ()


def run_study(
    study: Study,
    out: str | Path,
    *,
    study_file: str | Path = "",
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Run a study and write its output folder, whole or not at all.

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
    assert study.spillovers is not None  # the only kind there is; validated when read
    try:
        return _run_spillovers(study, study.spillovers, Path(out), Path(study_file), progress)
    except (DataError, OutputError, StudyError):
        raise  # these name their own file
    except InputError as error:
        raise StudyError(f"{study_file or 'study'}: {error}") from error


def load_panel(settings: SpilloversStudy, home: Path) -> tuple[SpilloverPanel, DatasetRecord]:
    """Return the panel of a study and the record of where it came from."""
    from tradewinds.data import Measurement, keller1997_calibrated, read_panel
    from tradewinds.data.registry import checksum, dataset
    from tradewinds.report.provenance import file_checksum

    if settings.panel == CALIBRATED:
        options = settings.calibrated.model_dump() if settings.calibrated else {}
        entry = dataset(settings.panel)
        panel = keller1997_calibrated(**options)
        source = f"{entry.source} Checksum of the trade flows it rests on."
        return panel, DatasetRecord(settings.panel, checksum("keller1997-machinery-imports"), source, panel.stand_in)
    path = _panel_file(settings.panel, home)
    measurement = settings.measurement.model_dump() if settings.measurement else {}
    panel = read_panel(path, measurement=Measurement(**measurement))
    return panel, DatasetRecord(path.name, file_checksum(path), "user's file")


def _panel_file(panel: str, home: Path) -> Path:
    """Return the path of a user's panel; relative ones start at the folder of the study."""
    path = home / panel
    key = f'key "spillovers.panel" is {show(panel)}'
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except OSError as error:  # such as a name that is too long
        raise InputError(f"{key}, which cannot be the name of a file ({error.strerror})") from error
    if is_file:
        return path
    if is_folder:
        raise InputError(f"{key}, which is a folder; give the path of the CSV or Parquet file in it")
    if not path.suffix:
        raise InputError(
            f"{key}, which is neither a bundled panel nor a file.{did_you_mean(panel, [CALIBRATED])} Bundled: "
            f"{CALIBRATED}. A file has the ending .csv or .parquet."
        )
    near = did_you_mean(path.name, [item.name for item in path.parent.iterdir()]) if path.parent.is_dir() else ""
    raise InputError(f"{key}, and there is no file {path}.{near} Relative paths start at the folder of the study.")


def _parameters(settings: SpilloversStudy, given: set[str]) -> list[ParameterRecord]:
    """Return every setting with where it came from."""
    records = []
    for name, value in settings.model_dump(exclude={"panel", "calibrated", "measurement", "power"}).items():
        source = "study file" if name in given else "default"
        records.append(ParameterRecord(name, "default of the specification" if value is None else value, source=source))
    for table in ("calibrated", "measurement", "power"):
        options = getattr(settings, table)
        if options is None:
            continue
        for name, value in options.model_dump().items():
            source = "study file" if name in options.model_fields_set else "default"
            records.append(
                ParameterRecord(f"{table}.{name}", "default of the variant" if value is None else value, source=source)
            )
    return records


def _draws_frame(result: object) -> pd.DataFrame | None:
    """Return every draw's estimates, one row a draw and term, or None."""
    import numpy as np
    import pandas as pd

    experiment = getattr(result, "experiment", None)
    if experiment is None or experiment.draws is None:
        return None
    draws, count = experiment.draws, len(experiment.terms)
    return pd.DataFrame(
        {
            "draw": np.repeat(np.arange(experiment.count), count),
            "term": list(experiment.terms) * experiment.count,
            "estimate": draws.coefficients.ravel(),
            "std_error": draws.std_errors.ravel(),
            "r_squared": np.repeat(draws.r_squared, count),
        }
    )


def _run_spillovers(
    study: Study,
    settings: SpilloversStudy,
    out: Path,
    study_file: Path,
    progress: Callable[[int, int], None] | None,
) -> Outcome:
    import warnings

    import pandas as pd

    from tradewinds.errors import TradewindsWarning
    from tradewinds.report.html import Report, render
    from tradewinds.report.spillovers import spillover_abstract, spillover_figures, spillover_sections
    from tradewinds.spillovers import analyse, size_and_power

    started = time.perf_counter()
    with output_folder(out) as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", TradewindsWarning)  # results and panels carry them; they go into the report
        panel, record = load_panel(settings, study_file.parent)
        specification = settings.to_specification()
        result = analyse(
            panel,
            specification,
            experiment=settings.experiment,
            draws=settings.draws,
            seed=settings.seed,
            sparsity=settings.sparsity,
            covariance=settings.covariance,
            keep_draws=settings.keep_draws,
            progress=progress,
        )
        power = None
        if settings.power is not None:
            truth = panel.truth.get("general")  # known for simulated panels only
            power = size_and_power(
                panel, specification, seed=settings.seed, general=truth, **settings.power.model_dump()
            )
        keys = tuple(dict.fromkeys((*result.citation_keys, *(power.citation_keys if power else ()))))
        frame = result.tidy() if power is None else pd.concat([result.tidy(), power.tidy()], ignore_index=True)
        (folder / "results.csv").write_text(to_csv(frame), encoding="utf-8")
        draws = _draws_frame(result)
        if draws is not None:
            (folder / "draws.csv").write_text(draws.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
        figures = spillover_figures(result, panel, power)
        (folder / "figures").mkdir()
        for name, (_, svg, _) in figures.items():
            (folder / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
        parameters = _parameters(settings, settings.model_fields_set)
        trail = provenance(
            wall_time=time.perf_counter() - started,
            study=study.model_dump(mode="json", by_alias=True, exclude_none=True),
            study_file=Path(str(study_file).encode("utf-8", "replace").decode()),  # a name need not be Unicode
            parameters=parameters,
            datasets=[record],
            seed=settings.seed,
            warnings=result.warnings,
            citation_keys=keys,
        )
        report = Report(
            title=study.title or "R&D spillovers and trade",
            subtitle=f"{specification.label}, panel {panel.name}",
            abstract=spillover_abstract(result) + (f"\n\n{study.description}" if study.description else ""),
            stand_in=panel.stand_in,
            sections=spillover_sections(result, panel, figures, power),
            parameters=parameters,
            warnings=result.warnings,
            provenance=trail,
            citation_keys=keys,
        )
        (folder / "report.html").write_text(render(report), encoding="utf-8")
        (folder / PROVENANCE_FILE).write_text(to_json(trail), encoding="utf-8")
    return Outcome(out, _headline(result), tuple(dict.fromkeys(result.warnings)))


def _headline(result: object) -> str:
    from tradewinds.report.spillovers import spillover_abstract

    return spillover_abstract(result).replace("**", "").replace("*", "")  # type: ignore[arg-type]
