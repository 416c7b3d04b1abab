"""What a scenario returns: levels, deviations from the baseline, what each shock contributes, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.failure import WorstEquation
from tradewinds.solvers.perfect_foresight.inputs import several
from tradewinds.solvers.perfect_foresight.model import Model, Variable
from tradewinds.solvers.perfect_foresight.shocks import Shock
from tradewinds.solvers.solution import Solution

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from matplotlib.figure import Figure

__all__ = ["DeviationKind", "Simulation", "size_text"]

DeviationKind = Literal["percent", "points"]


@dataclass(frozen=True, eq=False)
class Simulation:
    """A scenario beside its baseline.

    Attributes
    ----------
    model : Model
    baseline, databank : xarray.Dataset
        Before and after the shocks.
    shocks : tuple of Shock
    solutions : tuple of Solution
        One a date of news, in order.
    notes : tuple of str
        What happened beyond plain Newton: homotopy, orderings given up, conditioning of a plan.
    worst : tuple of WorstEquation
        Where it is not solved, the equations that hold least; otherwise empty.
    settings : mapping
        Keywords of :func:`~tradewinds.solvers.perfect_foresight.simulate.simulate` it was made with.
    """

    model: Model
    baseline: xarray.Dataset
    databank: xarray.Dataset
    shocks: tuple[Shock, ...]
    solutions: tuple[Solution, ...]
    notes: tuple[str, ...] = ()
    worst: tuple[WorstEquation, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """True if every solve passed the shared check; otherwise the path is the best one reached."""
        return all(solution.ok for solution in self.solutions)

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources of the method: Newton's method on the stacked system."""
        return ("juillard-laxton-mcadam-pioro1998",)

    @property
    def levels(self) -> xarray.Dataset:
        """Variables and exogenous variables of the scenario, in their units."""
        return self.databank[[item.name for item in (*self.model.variables, *self.model.exogenous)]]

    def deviations(self, kind: DeviationKind = "percent") -> xarray.Dataset:
        """Return deviations of the model's variables from the baseline: in per cent of it, or in its unit.

        A per cent of a baseline of zero is NaN; use points.
        """
        return deviations(self.model, self.databank, self.baseline, kind)

    def contributions(self, kind: DeviationKind = "percent", names: Sequence[str] = ()) -> xarray.Dataset:
        """Return what each shock does alone, and the interaction that is left, along the dimension ``shock``.

        ``names``, one a shock, take the place of their labels; shocks of one name go together. They add up to :meth:`deviations`.
        ``without shocks`` is what the databank's own initial state or terminal condition does; it is zero for a baseline that
        solves the model.
        """
        from tradewinds.solvers.perfect_foresight.scenarios import contributions

        return contributions(self, kind, names)

    def tidy(self, kind: DeviationKind = "percent") -> pd.DataFrame:
        """Return deviations with columns variable, value, unit, country, year; country is empty for global variables."""
        import pandas as pd

        frames, found = [], self.deviations(kind)
        for variable in self.model.variables:
            frame = found[variable.name].to_dataframe(name="value").reset_index()
            frame["variable"] = variable.name
            frame["unit"] = "per cent of baseline" if kind == "percent" else variable.unit
            if "country" not in frame:
                frame["country"] = ""
            frames.append(frame)
        whole = pd.concat(frames, ignore_index=True)[["variable", "value", "unit", "country", "year"]]
        return whole.astype({"variable": "str", "unit": "str", "country": "str", "year": "Int64"})

    def summary(self) -> str:
        """Return shocks, how it was solved, and the largest deviation of each variable, as text."""
        years = self.databank["year"].values
        lines = [f"{self.model.name}, {int(years[1])} to {int(years[-2])}, {len(self.model.countries)} countries"]
        lines += [f"  shock: {shock.label}{size_text(shock)}" for shock in self.shocks] or ["  no shock"]
        for solution in self.solutions:
            lines.append(
                f"  {solution.status.name.lower().replace('_', ' ')}: {solution.iterations} Newton iterations, "
                f"largest residual {solution.residual.norm:.1e}"
            )
        lines += [f"  note: {note}" for note in self.notes]
        lines += [f"  unsolved: {equation}" for equation in self.worst]
        lines.append("Largest deviation from baseline, per cent (its unit where the baseline is zero):")
        percent, points = self.deviations("percent"), self.deviations("points")
        width = max(len(variable.name) for variable in self.model.variables)
        for variable in self.model.variables:
            share, amount = percent[variable.name].values, points[variable.name].values
            chosen = (
                percent if np.all(np.isfinite(share) | np.isnan(amount)) else points
            )  # the ends may be missing in both
            unit = "%" if chosen is percent else variable.unit
            lines.append(f"  {variable.name:<{width}}  {_largest(chosen[variable.name])} {unit}".rstrip())
        return "\n".join(lines)

    def plot(
        self,
        variables: str | Sequence[str] = (),
        countries: str | Sequence[str] = (),
        kind: DeviationKind = "percent",
        title: str = "",
    ) -> Figure:
        """Return a figure of deviations, one panel a variable and one line a country.

        Parameters
        ----------
        variables : str or sequence of str
            Default: the first six.
        countries : str or sequence of str
            Default: all.
        kind : {"percent", "points"}
            A variable whose baseline is zero throughout has no per cent, and is drawn in points; its axis says so.
        title : str

        Raises
        ------
        InputError
            If the model determines no such variable or has no such country, or there are more lines than can be told apart.
        """
        from tradewinds.solvers.perfect_foresight.figures import plot_panels

        declared = {variable.name: variable for variable in self.model.variables}
        variables, countries = several(variables, "variables"), several(countries, "countries")
        for name in variables:
            require_known(name, list(declared), "variable", self.model)
        for country in countries:
            require_known(country, self.model.countries, "country", self.model)
        panels: dict[str, dict[str, xarray.DataArray]] = {}
        units = {}
        for name in variables or tuple(declared)[:6]:
            heading, regional = name.replace("_", " "), declared[name].dimension == "country"
            found, units[heading] = self.deviation_shown(declared[name], kind)
            panels[heading] = (
                {country: found.sel(country=country) for country in countries or self.model.countries}
                if regional
                else {"world": found}
            )
        flag = "" if self.ok else " NOT SOLVED: the best path reached."
        source = f"Source: model {self.model.name}, perfect foresight.{flag}"
        return plot_panels(panels, units, title or "Deviation from baseline", source)

    def deviation_shown(self, variable: Variable, kind: DeviationKind) -> tuple[xarray.DataArray, str]:
        """Return a variable's deviation for a figure, with its unit: in points where its baseline is zero throughout."""
        found = self.deviations(kind)[variable.name]
        if kind == "percent" and np.isfinite(found.values).any():
            return found, "per cent"
        return self.deviations("points")[variable.name], variable.unit or "units of the model"


def deviations(model: Model, after: xarray.Dataset, before: xarray.Dataset, kind: DeviationKind) -> xarray.Dataset:
    """Return what one databank has beyond another, in per cent of it or in its unit."""
    if kind not in ("percent", "points"):
        raise InputError(f"kind of deviations is {kind!r}; allowed: percent, points")
    names = [variable.name for variable in model.variables]
    later, base = after[names], before[names].sel(year=after["year"])
    if "country" in base.dims:
        labelled = base if "country" in base.coords else base.assign_coords(country=list(model.countries))
        base = labelled.sel(country=list(model.countries))  # one country needs no label in a databank
    return later - base if kind == "points" else 100.0 * (later / base.where(base != 0) - 1.0)


def require_known(name: str, known: Sequence[str], what: str, model: Model) -> None:
    """Raise unless a name is known."""
    if name not in known:
        raise InputError(f"model {model.name} has no {what} {name!r}.{did_you_mean(name, known)}")


def size_text(shock: Shock) -> str:
    """Return the size of a shock, or its range, to follow its label."""
    if isinstance(shock.size, tuple | list) or np.ndim(shock.size):
        sizes = np.asarray(shock.size, dtype=float)
        return f", sizes {sizes.min():.4g} to {sizes.max():.4g}" + (" of baseline" if shock.relative else "")
    return f", {shock.size:+.4g}" + (" of baseline" if shock.relative else "")


def _largest(series: xarray.DataArray) -> str:
    values = series.values
    place = np.unravel_index(int(np.nanargmax(np.abs(values))), values.shape)
    where = {dimension: series[dimension].values[k] for dimension, k in zip(series.dims, place, strict=True)}
    return f"{values[place]:+.4f} ({', '.join(str(label) for label in where.values())})"
