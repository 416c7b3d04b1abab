"""The firms kind of study: from its settings to an equilibrium a scenario, and a report (Melitz and Trefler 2012)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.report.provenance import ParameterRecord
from tradewinds.report.run import Findings
from tradewinds.study.firms_fields import FirmsStudy

if TYPE_CHECKING:
    from tradewinds.report.firms import ScenarioRun

__all__ = ["FirmsRun"]


class FirmsRun:
    """One study while it runs; scenarios that are solved stay here if a later one is not.

    Parameters
    ----------
    settings : FirmsStudy
    home : Path
        Not used: this kind of study reads no file.
    """

    def __init__(self, settings: FirmsStudy, home: Path) -> None:
        self.settings = settings
        self.runs: list[ScenarioRun] = []

    def compute(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Solve the model in every scenario."""
        from tradewinds.firms import solve
        from tradewinds.report.firms import ScenarioRun

        _, values = self.settings.varied
        for done, value in enumerate(values, start=1):
            scenario = self.settings.scenario(value)
            try:
                solution = solve(self.settings.parameters_at(value), throw=False)
            except InputError as error:
                key = ".".join(("firms", *self.settings.key_of(error)))
                raise InputError(f'key "{key}", {scenario}: {error}') from error
            self.runs.append(ScenarioRun(scenario, value, solution))
            if progress is not None:
                progress(done, len(values))

    def findings(self) -> Findings:
        """Return what was found so far."""
        from tradewinds.report.firms import firms_page
        from tradewinds.report.html import Report

        name, values = self.settings.varied
        page = firms_page(self.settings.model, name, self.runs)
        count = f"{len(values)} scenarios" if len(values) > 1 else "one scenario"
        report = Report(
            title="Heterogeneous firms and trade",
            subtitle=f"{self.settings.model}, {count} by {name.replace('_', ' ')}",
            abstract=page.abstract,
            failed_checks=page.failed_checks,
            sections=page.sections,
            parameters=self._records(),
            citation_keys=page.citation_keys,
        )
        return Findings(
            report,
            page.results,
            figures={name: figure.svg for name, figure in page.figures.items()},
            tables=page.tables,
        )

    def _records(self) -> list[ParameterRecord]:
        """Return every parameter of the model with its symbol, unit, bounds and where it came from."""
        from tradewinds.firms import MODELS

        settings = self.settings
        varied, values = settings.varied
        parameters = settings.parameters_at(values[0])
        records = []
        for name, known in MODELS[settings.model].definitions.items():
            value = getattr(parameters, name)
            scenario = name == varied
            fixed = name == "trade_cost" and settings.trade_cost is not None
            source = "study file" if scenario or fixed or name in settings.given else "default"
            shown = _plain(values if scenario else value)
            if shown is not None:
                records.append(ParameterRecord(name, shown, _symbol(known.symbol), known.unit, source, known.bounds))
        return records


def _plain(value: Any) -> Any:
    """Return a value as a report shows it: matrices with equal costs as one number, infinity in letters."""
    if isinstance(value, np.ndarray):
        if value.ndim == 2:
            off = value[~np.eye(len(value), dtype=bool)] if len(value) > 1 else value.ravel()
            value = float(off[0]) if np.all(off == off[0]) else value.ravel().tolist()
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
