"""What a plan comes to: the path that hits the targets, what the instruments do for it, tables and a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight.inputs import several
from tradewinds.solvers.perfect_foresight.plan import Plan
from tradewinds.solvers.perfect_foresight.results import DeviationKind, Simulation, require_known
from tradewinds.solvers.perfect_foresight.shocks import Shock
from tradewinds.solvers.perfect_foresight.swap import Cell, Swap

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from matplotlib.figure import Figure

__all__ = ["PlanResult"]


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A path that hits the targets of a plan, and the instruments that make it do so.

    Attributes
    ----------
    plan : Plan
    simulation : Simulation
        The path beside the baseline; its shocks are those given and the instruments.
    instruments : tuple of Shock
        What the plan adds to each instrument, one shock a country. Given to
        :func:`~tradewinds.solvers.perfect_foresight.simulate` with the other shocks, they hit the targets.
    condition_number : float
        Of the scaled responses of targets to instruments: about one where each instrument has a target of its own, large where
        instruments do much the same. NaN where the model's own system was singular.
    swap : Swap
        Targets and instruments by cell, with the level of each target.
    """

    plan: Plan
    simulation: Simulation
    instruments: tuple[Shock, ...]
    condition_number: float
    swap: Swap = field(repr=False)

    @property
    def ok(self) -> bool:
        """True if the path solves the model and hits the targets; otherwise it is the best one reached."""
        return self.simulation.ok

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources of the method."""
        return self.simulation.citation_keys

    def tidy(self) -> pd.DataFrame:
        """Return columns variable, value, unit, role, country, year; country is empty for what is one for the world.

        Roles are ``target`` (the level asked for), ``reached`` (the level of the path), ``instrument`` (its level) and ``change``
        (what the plan adds to it).
        """
        from tradewinds.tidy import tidy_frame

        return tidy_frame(self._rows(), ["role", "country", "year"])

    def _rows(self) -> Iterator[dict[str, Any]]:
        model, path = self.simulation.model, self.simulation.databank
        units = {item.name: item.unit for item in (*model.variables, *model.exogenous)}
        changes = _changes(self.instruments)

        def row(cell: Cell, role: str, value: float) -> dict[str, Any]:
            labels = {"role": role, "country": cell.country, "year": cell.year}
            return {"variable": cell.name, "value": value, "unit": units.get(cell.name, "")} | labels

        for cell, goal in zip(self.swap.targets, self.swap.goals, strict=True):
            yield row(cell, "target", float(goal))
            yield row(cell, "reached", _level(path, cell))
        for cell in self.swap.instruments:
            yield row(cell, "instrument", _level(path, cell))
            yield row(cell, "change", changes[cell.name, cell.country, cell.year])

    def summary(self) -> str:
        """Return counts, condition number and largest miss, then the summary of the simulation."""
        path = self.simulation.databank
        missed = [abs(_level(path, cell) - goal) for cell, goal in zip(self.swap.targets, self.swap.goals, strict=True)]
        count = len(missed)
        lines = [
            f"plan: {count} target(s) and as many instruments, condition number {self.condition_number:.1e}",
            f"  largest miss: {max(missed):.1e} ({self.swap.targets[int(np.argmax(missed))]})",
        ]
        return "\n".join([*lines, self.simulation.summary()])

    def plot(self, countries: str | Sequence[str] = (), kind: DeviationKind = "percent") -> Figure:
        """Return a figure: deviations of the variables with targets, and what is added to each instrument.

        Parameters
        ----------
        countries : str or sequence of str
            Default: all that have a target or an instrument.
        kind : {"percent", "points"}
            Of the deviations.

        Raises
        ------
        InputError
            If the model has no such country, or the plan leaves them alone.
        """
        from tradewinds.solvers.perfect_foresight.figures import plot_panels

        model, countries = self.simulation.model, several(countries, "countries")
        for country in countries:
            require_known(country, model.countries, "country", model)
        flag = "" if self.ok else " NOT SOLVED: the best path reached."
        source = f"Source: model {model.name}, perfect foresight with targets.{flag}"
        return plot_panels(*_panels(self, countries, kind), "Targets and instruments", source)


def _changes(shocks: Sequence[Shock]) -> dict[tuple[str, str, int], float]:
    """Return what shocks to single countries add, by name, country and year."""
    found = {}
    for shock in shocks:
        country = shock.countries[0] if shock.countries else ""
        for offset, size in enumerate(np.atleast_1d(np.asarray(shock.size, dtype=float))):
            found[shock.variable, country, shock.start + offset] = float(size)
    return found


def _level(databank: xarray.Dataset, cell: Cell) -> float:
    """Return a cell of a databank; add factors that are left out are zero."""
    if cell.name not in databank:
        return 0.0
    series = databank[cell.name].sel(year=cell.year)
    return float(series.sel(country=cell.country) if cell.country else series)


def _panels(
    result: PlanResult, countries: Sequence[str], kind: DeviationKind
) -> tuple[dict[str, dict[str, xarray.DataArray]], dict[str, str]]:
    """Return panels and their units: variables with targets, then instruments."""
    model = result.simulation.model
    declared = {item.name: item for item in (*model.variables, *model.exogenous)}
    zero = result.simulation.databank["year"].astype(float) * 0.0
    panels: dict[str, dict[str, xarray.DataArray]] = {}
    units: dict[str, str] = {}

    def draw(heading: str, unit: str, country: str, line: xarray.DataArray) -> None:
        if not country or not countries or country in countries:
            units[heading] = unit or "units of the model"
            panels.setdefault(heading, {})[country or "world"] = line

    for cell in dict.fromkeys(cell._replace(year=0) for cell in result.swap.targets):
        found, unit = result.simulation.deviation_shown(declared[cell.name], kind)
        draw(
            cell.name.replace("_", " "), unit, cell.country, found.sel(country=cell.country) if cell.country else found
        )
    for shock in result.instruments:
        line = zero.copy()
        line.loc[{"year": slice(shock.start, shock.end)}] = np.asarray(shock.size, dtype=float)
        heading = f"{shock.variable.replace('_', ' ')} (change of instrument)"
        unit = declared[shock.variable].unit if shock.variable in declared else ""
        draw(heading, unit, shock.countries[0] if shock.countries else "", line)
    if not panels:
        raise InputError(f"the plan has no target and no instrument in {', '.join(countries)}")
    return panels, units
