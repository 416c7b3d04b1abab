"""The compare kind of study: from its settings to the same shock through every model, and a report."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

from tradewinds.report.provenance import ParameterRecord
from tradewinds.report.run import Findings
from tradewinds.study.compare_fields import CompareStudy

if TYPE_CHECKING:
    from tradewinds.compare import Comparison

__all__ = ["CompareRun"]


class CompareRun:
    """One comparison while it runs.

    Parameters
    ----------
    settings : CompareStudy
    home : Path
        Not used: this kind of study reads no file.
    """

    def __init__(self, settings: CompareStudy, home: Path) -> None:
        self.settings = settings
        self.found: Comparison | None = None

    def compute(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Put the shock through every model."""
        try:
            with _processes(self.settings.workers) as executor:
                self.found = self._compare(executor, progress)
        except BrokenProcessPool:  # none can be started, as from a script that does not guard its main part
            self.found = self._compare(None, progress)

    def _compare(self, executor: Executor | None, progress: Callable[[int, int], None] | None) -> Comparison:
        from tradewinds.compare import compare

        settings = self.settings
        return compare(
            settings.shock,
            settings.known_facts,
            members=settings.members,
            parameters=settings.parameters,
            intervals=settings.fact_intervals,
            parameter_intervals=settings.own_intervals,
            draws=settings.draws,
            seed=settings.seed,
            coverage=settings.coverage,
            slow_ranges=settings.slow_ranges,
            sweeps=settings.sweeps,
            executor=executor,
            progress=progress,
        )

    def findings(self) -> Findings:
        """Return what was found."""
        from tradewinds.report.compare import compare_page
        from tradewinds.report.html import Report

        assert self.found is not None  # a model that does not solve has its line, so there is always one
        page = compare_page(self.found)
        before, after = self.found.facts.home_share, self.found.shock.after(self.found.facts)
        report = Report(
            title="The same shock through every mechanism",
            subtitle=f"Home share of spending from {100 * before:.4g} to {100 * after:.4g} per cent",
            abstract=page.abstract,
            failed_checks=page.failed_checks,
            sections=page.sections,
            parameters=self._records(),
            warnings=page.warnings,
            citation_keys=self.found.citation_keys,
        )
        return Findings(
            report,
            self.found.tidy(),
            figures={name: figure.svg for name, figure in page.figures.items()},
            tables=page.tables,
            seed=self.settings.seed if self.found.ensembles else None,
        )

    def _records(self) -> list[ParameterRecord]:
        """Return the facts, and every parameter of every model before the shock, with where each came from."""
        from tradewinds.report.growth_words import symbol

        assert self.found is not None
        settings = self.settings
        given = set() if settings.facts is None else settings.facts.model_fields_set
        records = [
            ParameterRecord(name, value, "", unit, "study file" if name in given else source)
            for name, (unit, source) in _FACTS.items()
            for value in (getattr(self.found.facts, name),)
        ]
        for line in self.found.lines:
            records += [
                ParameterRecord(
                    f"{line.label}: {used.name}",
                    used.value,
                    symbol(used.symbol),
                    used.unit,
                    "study file" if used.source == "study" else used.source,
                    used.bounds,
                )
                for used in line.parameters
            ]
        return records


_SOURCE = "targets of Perla, Tonetti and Waugh (2021), United States"
_FACTS = {
    "growth": ("a year", _SOURCE),
    "home_share": ("share of spending", _SOURCE),
    "trade_elasticity": ("1", "Costinot and Rodríguez-Clare (2014), rounded"),
    "interest_rate": ("a year", _SOURCE),
    "countries": ("countries", "Perla, Tonetti and Waugh (2021)"),
}


@contextlib.contextmanager
def _processes(workers: int | None) -> Iterator[Executor | None]:
    """Yield processes to work in, or nothing where one is enough: this one."""
    count = workers or _processors()
    if count == 1:
        yield None
        return
    others = set(multiprocessing.active_children())
    # new processes rather than copies of this one: libraries that it has loaded may run threads
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - others:  # who interrupts does not wait for what is begun
            child.terminate()
        raise
    pool.shutdown()


def _leave_interrupts() -> None:
    """Leave it to the process that asked for the work to end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
