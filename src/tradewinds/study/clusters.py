"""The clusters kind of study: from its settings to paths under every policy, effects, welfare and a report (Hanlon 2012)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tradewinds.errors import InputError
from tradewinds.report.provenance import DatasetRecord, ParameterRecord, file_checksum
from tradewinds.report.run import Findings
from tradewinds.study.clusters_fields import ClustersStudy, SpilloverFile
from tradewinds.study.messages import show

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradewinds.report.clusters import PolicyRun
    from tradewinds.solvers import Solution

__all__ = ["ClustersRun", "load_spillovers"]


class ClustersRun:
    """One study while it runs; policies that are followed stay here if a later one is not.

    Parameters
    ----------
    settings : ClustersStudy
    home : Path
        Folder that relative paths of the study start at.
    """

    def __init__(self, settings: ClustersStudy, home: Path) -> None:
        import numpy as np

        from tradewinds.clusters import COUNTRIES, ClusterParameters

        self.settings = settings
        spillovers, self.datasets = load_spillovers(settings, home)
        self.parameters = ClusterParameters(
            technology=np.array([getattr(settings.technology, country) for country in COUNTRIES]),
            sigma=settings.sigma,
            labour=np.array([getattr(settings.labour, country) for country in COUNTRIES]),
            spillovers=spillovers,
            allow_large_spillovers=settings.allow_large_spillovers,
            inactive_learning=settings.inactive_learning,
        )
        self.runs: list[PolicyRun] = []

    def compute(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Follow both economies under every policy, and on for as long as welfare needs."""
        from tradewinds.report.clusters import PolicyRun

        policies = self.settings.policies
        for done, policy in enumerate(policies, start=1):
            solution = self._simulate(policy, self.settings.horizon)
            self.runs.append(PolicyRun(policy, solution, self._long_path(policy, solution)))
            if progress is not None:
                progress(done, len(policies))

    def _simulate(self, policy: str, horizon: float) -> Solution:
        from tradewinds.clusters import simulate

        settings = self.settings
        times = settings.times if horizon == settings.horizon else None
        return simulate(
            self.parameters,
            policy=policy,
            horizon=horizon,
            times=times,
            ties=settings.ties,
            throw=False,
            **settings.options(policy),
        )

    def _long_path(self, policy: str, solution: Solution) -> Solution | None:
        """Return the path followed so far that what comes after does not matter for welfare."""
        from tradewinds.clusters import welfare_horizon
        from tradewinds.report.clusters import lowest_rate

        rate, aversion = self.settings.discount_rate, self.settings.risk_aversion
        if rate is None or not solution.ok:
            return None
        needed = welfare_horizon(self.parameters, lowest_rate(rate), risk_aversion=aversion)
        return solution if needed <= self.settings.horizon else self._simulate(policy, needed)

    def findings(self) -> Findings:
        """Return what was found so far."""
        from tradewinds.report.clusters import clusters_page
        from tradewinds.report.clusters_words import policy_name
        from tradewinds.report.html import Report

        settings = self.settings
        page = clusters_page(
            self.parameters,
            self.runs,
            names=settings.industries,
            discount_rate=settings.discount_rate,
            risk_aversion=settings.risk_aversion,
        )
        report = Report(
            title="Industry clusters, trade and growth",
            subtitle=f"{self.parameters.industries} industries, {policy_name(settings.policy).lower()}, to {settings.horizon:g}",
            abstract=page.abstract,
            failed_checks=page.failed_checks,
            sections=page.sections,
            parameters=self._records(),
            warnings=page.warnings,
            citation_keys=("hanlon2012",),
        )
        return Findings(
            report,
            page.results,
            figures={name: figure.svg for name, figure in page.figures.items()},
            tables=page.tables,
            datasets=self.datasets,
        )

    def _records(self) -> list[ParameterRecord]:
        """Return every setting with its symbol, unit and where it came from."""
        from tradewinds.clusters import DEFINITIONS

        settings, records = self.settings, []
        values = settings.model_dump(exclude={"spillovers", "technology"}, exclude_none=True)
        numbers: dict[str, object] = {
            f"technology of {country}": list(row) for country, row in settings.technology.model_dump().items()
        }
        rates = {
            f"spillovers sent by {name}": row
            for name, row in zip(self._names(), self.parameters.tau.tolist(), strict=True)
        }
        for name, value in (numbers | rates | values).items():
            key = name.split(" ")[0]
            known = DEFINITIONS.get(key)
            source = "study file" if key in settings.model_fields_set else "default"
            if key == "spillovers" and isinstance(settings.spillovers, SpilloverFile):
                source = settings.spillovers.file
            about = (_symbol(known.symbol), known.unit) if known else ("", "")
            records.append(ParameterRecord(name, value, *about, source=source, bounds=known.bounds if known else ""))
        return records

    def _names(self) -> list[str]:
        return self.settings.industries or [f"industry {i + 1}" for i in range(self.settings.count)]


def _symbol(text: str) -> str:
    """Return a symbol as reports set it: indices in braces, Greek as letters."""
    for name, letter in (("sigma", "σ"), ("tau", "τ"), ("_i", "_{i}")):
        text = text.replace(name, letter)
    return text


def load_spillovers(settings: ClustersStudy, home: Path) -> tuple[NDArray[np.float64], list[DatasetRecord]]:
    """Return the spillovers of a study and the records of the file they came from, if any."""
    import numpy as np

    from tradewinds.clusters import read_network

    given = settings.spillovers
    if not isinstance(given, SpilloverFile):
        return np.array(given, dtype=float), []
    try:
        path = home / Path(given.file).expanduser()
        exists = path.is_file()
    except (OSError, RuntimeError):  # too long for a name, or the home folder of nobody
        exists = False
    if not exists:
        raise InputError(
            f'key "clusters.spillovers.file" is {show(given.file)}, and there is no such file. '
            "Paths start at the folder of the study."
        )
    network = read_network(
        path, kind=given.kind, teacher=given.teacher, industries=settings.industries, missing=given.missing
    )
    try:
        rates = network.learning_rates(normalise=given.normalise, diagonal=given.diagonal, scale=given.scale)
    except InputError as error:
        raise InputError(f'key "clusters.spillovers": {error}') from error
    return rates, [DatasetRecord(path.name, file_checksum(path), "user's file")]
