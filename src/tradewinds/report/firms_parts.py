"""What the pages of every model of firms share: a scenario as it was solved, the page, the table of checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewinds.firms.results import with_scenario
from tradewinds.report.page import Figure, Section
from tradewinds.report.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.solvers import Solution

__all__ = ["FirmsPage", "ScenarioRun", "checks_table", "failed_checks"]


@dataclass(frozen=True)
class ScenarioRun:
    """One scenario as it was solved.

    Attributes
    ----------
    scenario : str
    value : float or None
        Of the parameter that differs; None where scenarios have names.
    solution : Solution
    """

    scenario: str
    value: float | None
    solution: Solution

    @property
    def result(self) -> Any:
        """The result, under the name of the scenario."""
        return with_scenario(self.solution.value, self.scenario)


@dataclass(frozen=True)
class FirmsPage:
    """What a study of firms puts into its folder."""

    abstract: str
    sections: list[Section]
    results: pd.DataFrame
    figures: dict[str, Figure]
    tables: dict[str, pd.DataFrame]
    citation_keys: tuple[str, ...]
    failed_checks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def checks_table(runs: Sequence[ScenarioRun]) -> Table:
    """Return the largest residual and the status of each scenario."""
    rows = [(run.scenario, run.solution.residual.norm, run.solution.status.value) for run in runs]
    heads: list[Column | str] = ["Scenario", Column("Largest residual", format=".1e"), "Status"]
    note = "Every condition of the model evaluated again at the point found, free of units."
    return Table("Does each scenario satisfy the model?", heads, rows, note=note)


def failed_checks(runs: Sequence[ScenarioRun]) -> tuple[str, ...]:
    """Return a sentence a scenario that is not solved."""
    return tuple(_failed(run) for run in runs if not run.solution.ok)


def _failed(run: ScenarioRun) -> str:
    solution = run.solution
    return (
        f"scenario {run.scenario} is not solved. {solution.status.value} Largest residual {solution.residual.norm:.2g}"
    )
