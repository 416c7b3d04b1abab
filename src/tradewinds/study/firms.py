"""The firms kind of study: from its settings to an equilibrium a scenario, and a report (Melitz and Trefler 2012)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.report.provenance import DatasetRecord, ParameterRecord
from tradewinds.report.run import Findings
from tradewinds.study.firms_fields import Case, FirmsStudy
from tradewinds.study.firms_files import EXAMPLE, EXAMPLE_WORDS, HatInput, read_costs

if TYPE_CHECKING:
    from tradewinds.firms import Selection
    from tradewinds.report.firms import ScenarioRun

__all__ = ["FirmsRun"]


class FirmsRun:
    """One study while it runs; scenarios that are solved stay here if a later one is not.

    Parameters
    ----------
    settings : FirmsStudy
    home : Path
        Folder that relative paths of the study start at.
    """

    def __init__(self, settings: FirmsStudy, home: Path) -> None:
        self.settings = settings
        self.runs: list[ScenarioRun] = []
        self.datasets: list[DatasetRecord] = []
        self.parameters: dict[str, Any] = {}
        self.selections: list[Selection] = []
        hat = HatInput(settings, home) if settings.model == "caliendo-parro" else None
        for case in settings.cases:
            self.parameters[case.name] = self._make(case, home, hat)
        if hat is not None:
            self.datasets += hat.datasets

    def _make(self, case: Case, home: Path, hat: HatInput | None) -> Any:
        try:
            if hat is not None:
                return hat.parameters(case)
            values, records = read_costs(case.values, home)
            self.datasets += [record for record in records if record not in self.datasets]
            return self.settings.make(values)
        except InputError as error:
            raise self._placed(error, case) from error

    def _placed(self, error: InputError, case: Case) -> InputError:
        """Return the error of a model with the key that it is about, unless it names one."""
        if str(error).startswith('key "'):
            return error
        key = ".".join(str(part) for part in ("firms", *self.settings.key_of(error, case)) if isinstance(part, str))
        return InputError(f'key "{key}", {case.name}: {error}')

    def compute(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Solve the model in every scenario."""
        from tradewinds.firms import solve
        from tradewinds.report.firms import ScenarioRun

        cases = self.settings.cases
        for done, case in enumerate(cases, start=1):
            try:
                solution = solve(self.parameters[case.name], throw=False)
            except InputError as error:
                raise self._placed(error, case) from error
            self.runs.append(ScenarioRun(case.name, case.value, solution))
            if progress is not None:
                progress(done, len(cases))
        self._select()

    def _select(self) -> None:
        """Find who starts to export and innovate from each scenario to the next, where only the trade cost falls."""
        from tradewinds.firms import select

        asked = self.settings.selection
        if asked is None:
            return
        for old, new in itertools.pairwise(run.result for run in self.runs):
            p, q = old.parameters, new.parameters
            if q.trade_cost < p.trade_cost and p.replace(trade_cost=q.trade_cost) == q:
                try:
                    self.selections.append(select(old, new, **asked.model_dump()))
                except InputError as error:
                    raise InputError(f'key "firms.selection": {error}') from error
        if not self.selections:
            raise InputError(
                'key "firms.selection": no scenario differs from the one before it in a lower trade cost alone; put two that do '
                "after each other"
            )

    def findings(self) -> Findings:
        """Return what was found so far."""
        from tradewinds.report.firms import firms_page
        from tradewinds.report.html import Report

        name, count = self.settings.varied[0], len(self.settings.cases)
        page = firms_page(self.settings.model, name, self.runs, self.selections)
        counted = f"{count} scenarios" if count > 1 else "one scenario"
        by = "" if self.settings.scenarios is not None else f" by {name.replace('_', ' ')}"
        report = Report(
            title="Heterogeneous firms and trade",
            subtitle=f"{self.settings.model}, {counted}{by}",
            abstract=page.abstract,
            stand_in=EXAMPLE_WORDS if self.settings.tables == EXAMPLE else "",
            failed_checks=page.failed_checks,
            sections=page.sections,
            parameters=self._records(),
            warnings=page.warnings,
            citation_keys=page.citation_keys,
        )
        return Findings(
            report,
            page.results,
            figures={name: figure.svg for name, figure in page.figures.items()},
            tables=page.tables,
            datasets=self.datasets,
        )

    def _records(self) -> list[ParameterRecord]:
        """Return every parameter of the model with its symbol, unit, bounds and where it came from."""
        from tradewinds.firms import MODELS

        settings, records = self.settings, []
        if settings.model == "caliendo-parro":
            return []  # its numbers are tables, recorded with their checksums; changes are told in the report
        cases = settings.cases
        for name, known in MODELS[settings.model].definitions.items():
            found = {case.name: _plain(getattr(self.parameters[case.name], name)) for case in cases}
            values = list(found.values())
            differs = any(value != values[0] for value in values)
            if values[0] is None and not differs:
                continue
            shown = (
                (values if settings.scenarios is None else found)
                if differs or name == settings.varied[0]
                else values[0]
            )
            source = "study file" if any(name in case.values for case in cases) else "default"
            records.append(ParameterRecord(name, shown, _symbol(known.symbol), known.unit, source, known.bounds))
        return records


def _plain(value: Any) -> Any:
    """Return a value as a report shows it: matrices with equal costs as one number, others in words, infinity in letters."""
    if isinstance(value, np.ndarray):
        if value.ndim == 2:
            off = value[~np.eye(len(value), dtype=bool)] if len(value) > 1 else value.ravel()
            if not np.all(off == off[0]):
                low, high = (f"{number:.4g}" for number in (off.min(), off.max()))
                return f"by pair, {low} to {high}"
            value = float(off[0])
        else:
            value = float(value.flat[0]) if np.all(value == value.flat[0]) else value.tolist()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return "infinite" if isinstance(value, float) and np.isinf(value) else value


def _symbol(text: str) -> str:
    """Return a symbol as reports set it: indices in braces, Greek as letters."""
    letters = {"sigma": "σ", "theta": "θ", "tau": "τ", "alpha": "α", "gamma": "γ", "eta": "η", "Delta ": "Δ"}
    for name in sorted(letters, key=len, reverse=True):  # theta before eta
        text = text.replace(name, letters[name])
    base, _, index = text.partition("_")
    return f"{base}_{{{index}}}" if index else base
