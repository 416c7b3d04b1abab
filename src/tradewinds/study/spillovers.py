"""The spillovers kind of study: from its settings and a panel to tables, figures and a report (Keller 1997)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tradewinds.errors import InputError, did_you_mean
from tradewinds.report.provenance import DatasetRecord, ParameterRecord
from tradewinds.report.run import Findings
from tradewinds.study.fields import CALIBRATED, SpilloversStudy
from tradewinds.study.messages import show

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.data.panel import SpilloverPanel
    from tradewinds.spillovers import PowerReport, SpilloverResult

__all__ = ["SpilloversRun", "load_panel"]

#: The bundled files behind the calibrated panel.
_BEHIND_CALIBRATED = ("keller1997-machinery-imports", "keller1997-rnd-stocks")


class SpilloversRun:
    """One study while it runs; what it reached stays here if a later step does not converge.

    Parameters
    ----------
    settings : SpilloversStudy
    home : Path
        Folder that relative paths of the study start at.
    """

    def __init__(self, settings: SpilloversStudy, home: Path) -> None:
        self.settings = settings
        self.specification = settings.to_specification()
        self.panel, self.datasets = load_panel(settings, home)
        self.result: SpilloverResult | None = None
        self.power: PowerReport | None = None

    def compute(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Estimate, randomise trade and, where asked for, simulate size and power."""
        from tradewinds.spillovers import analyse, size_and_power

        settings = self.settings
        self.result = analyse(
            self.panel,
            self.specification,
            experiment=settings.experiment,
            draws=settings.draws,
            seed=settings.seed,
            sparsity=settings.sparsity,
            covariance=settings.covariance,
            keep_draws=settings.keep_draws,
            progress=progress,
        )
        if settings.power is not None:
            truth = self.panel.truth.get("general")  # known for simulated panels only
            options = settings.power.model_dump()
            self.power = size_and_power(
                self.panel, self.specification, seed=settings.seed, general=truth, progress=progress, **options
            )

    def findings(self) -> Findings:
        """Return what was found so far."""
        import pandas as pd

        from tradewinds.report.html import Report
        from tradewinds.report.spillovers import spillover_abstract, spillover_figures, spillover_sections

        panel, parts = self.panel, [part for part in (self.result, self.power) if part is not None]
        figures = spillover_figures(self.result, panel, self.power)
        report = Report(
            title="R&D spillovers and trade",
            subtitle=f"{self.specification.label}, panel {panel.name}",
            abstract="" if self.result is None else spillover_abstract(self.result),
            stand_in=panel.stand_in,
            sections=spillover_sections(self.result, panel, figures, self.power),
            parameters=_parameters(self.settings, self.settings.model_fields_set),
            warnings=panel.warnings if self.result is None else self.result.warnings,
            citation_keys=tuple(
                dict.fromkeys(
                    ("keller1997", *panel.citation_keys, *(key for part in parts for key in part.citation_keys))
                )
            ),
        )
        return Findings(
            report,
            pd.concat([part.tidy() for part in parts], ignore_index=True) if parts else _no_results(),
            figures={name: svg for name, (_, svg, _) in figures.items()},
            tables=_draws_table(self.result),
            datasets=self.datasets,
            seed=self.settings.seed,
        )


def load_panel(settings: SpilloversStudy, home: Path) -> tuple[SpilloverPanel, list[DatasetRecord]]:
    """Return the panel of a study and the records of the files it came from."""
    from tradewinds.data import Measurement, keller1997_calibrated, read_panel
    from tradewinds.data.registry import dataset
    from tradewinds.report.provenance import file_checksum

    if settings.panel == CALIBRATED:
        options = settings.calibrated.model_dump() if settings.calibrated else {}
        panel = keller1997_calibrated(**options)
        rests_on = [dataset(name) for name in _BEHIND_CALIBRATED]
        records = [DatasetRecord(item.name, item.sha256, item.source, panel.stand_in) for item in rests_on]
        return panel, records
    path = _panel_file(settings.panel, home)
    measurement = settings.measurement.model_dump() if settings.measurement else {}
    panel = read_panel(path, measurement=Measurement(**measurement))
    return panel, [DatasetRecord(path.name, file_checksum(path), "user's file")]


def _panel_file(panel: str, home: Path) -> Path:
    """Return the path of a user's panel; relative ones start at the folder of the study."""
    key = f'key "spillovers.panel" is {show(panel)}'
    try:
        path = home / Path(panel).expanduser()
    except RuntimeError:
        raise InputError(
            f"{key}, which begins with the home folder of a user who is not known here; write it out"
        ) from None
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


def _draws_table(result: SpilloverResult | None) -> dict[str, pd.DataFrame]:
    """Return every draw's estimates, one row a draw and term, where they were kept."""
    import numpy as np
    import pandas as pd

    experiment = None if result is None else result.experiment
    if experiment is None or experiment.draws is None:
        return {}
    draws, count = experiment.draws, len(experiment.terms)
    frame = pd.DataFrame(
        {
            "draw": np.repeat(np.arange(experiment.count), count),
            "term": list(experiment.terms) * experiment.count,
            "estimate": draws.coefficients.ravel(),
            "std_error": draws.std_errors.ravel(),
            "r_squared": np.repeat(draws.r_squared, count),
        }
    )
    return {"draws.csv": frame}


def _no_results() -> pd.DataFrame:
    """Return the results of a run that stopped before any: the columns, so that whoever reads the file finds it empty."""
    from tradewinds.spillovers.results import tidy_rows

    return tidy_rows([])
