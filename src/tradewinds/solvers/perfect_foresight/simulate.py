"""Scenarios: a baseline, shocks to it, and the path that follows when everyone foresees them, or is surprised.

A baseline need not solve the equations: :func:`residual_adjusted` puts into each equation's add factor what it misses, and the
baseline is then reproduced exactly. A shock changes an exogenous variable or an add factor. One that is announced later than the
horizon begins is a surprise: the model is solved as if nothing were to happen, and solved again from the year of the news, with
history as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.databank import ADD, Paths, read_databank, write_databank
from tradewinds.solvers.perfect_foresight.linear import SuperLU
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.newton import Problem, Terminal, newton
from tradewinds.solvers.perfect_foresight.stacked import Stacked
from tradewinds.solvers.solution import Solution

if TYPE_CHECKING:
    import pandas as pd
    import xarray

__all__ = ["Shock", "Simulation", "check", "residual_adjusted", "simulate"]

Array = NDArray[np.float64]
TerminalKind = Literal["fixed", "growth"]


@dataclass(frozen=True)
class Shock:
    """A change of an exogenous variable, or of an equation's add factor.

    Attributes
    ----------
    variable : str
        Name of an exogenous variable, or ``<equation>_add``.
    size : float or sequence of float
        One number for all its years, or one a year.
    start, end : int
        First and last year; without an end it is permanent, beyond the horizon too.
    countries : tuple of str
        Empty is all of them.
    relative : bool
        A fraction of the baseline instead of an amount.
    announced : int, optional
        Year in which it becomes known; default: before the horizon begins.
    """

    variable: str
    size: float | tuple[float, ...]
    start: int
    end: int | None = None
    countries: tuple[str, ...] = ()
    relative: bool = False
    announced: int | None = None


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
    """

    model: Model
    baseline: xarray.Dataset
    databank: xarray.Dataset
    shocks: tuple[Shock, ...]
    solutions: tuple[Solution, ...]

    def deviations(self, kind: Literal["percent", "points"] = "percent") -> xarray.Dataset:
        """Return deviations of the model's variables from the baseline: in per cent of it, or in its unit."""
        names = [variable.name for variable in self.model.variables]
        after, before = self.databank[names], self.baseline[names]
        return after - before if kind == "points" else 100.0 * (after / before - 1.0)

    def tidy(self, kind: Literal["percent", "points"] = "percent") -> pd.DataFrame:
        """Return deviations with columns variable, value, unit, country, year; country is empty for global variables."""
        frames = []
        deviations = self.deviations(kind)
        for variable in self.model.variables:
            frame = deviations[variable.name].to_dataframe(name="value").reset_index()
            frame["variable"] = variable.name
            frame["unit"] = "per cent of baseline" if kind == "percent" else variable.unit
            if "country" not in frame:
                frame["country"] = ""
            frames.append(frame)
        import pandas as pd

        return pd.concat(frames, ignore_index=True)[["variable", "value", "unit", "country", "year"]]


def check(model: Model, databank: xarray.Dataset, parameters: Mapping[str, ArrayLike] | None = None) -> xarray.Dataset:
    """Return the residual of each equation in each year of the horizon, add factors included.

    Raises
    ------
    DataError
        With everything the databank lacks.
    """
    paths = read_databank(model, databank)
    values = Stacked(model).residuals(paths.unknowns, paths.exogenous, paths.add, model.read_parameters(parameters))
    count, start, data = len(model.countries), 0, {}
    import xarray

    for equation in model.equations:
        width = count if equation.dimension == "country" else 1
        part = values[:, start : start + width]
        start += width
        regional = equation.dimension == "country"
        data[equation.name] = (("year", "country") if regional else ("year",), part if regional else part[:, 0])
    return xarray.Dataset(data, coords={"year": list(paths.horizon), "country": list(model.countries)})


def residual_adjusted(
    model: Model, databank: xarray.Dataset, parameters: Mapping[str, ArrayLike] | None = None
) -> xarray.Dataset:
    """Return the databank with add factors that make it solve the model exactly."""
    paths = read_databank(model, databank)
    values = Stacked(model).residuals(paths.unknowns, paths.exogenous, paths.add, model.read_parameters(parameters))
    return write_databank(model, replace(paths, add=paths.add - values))


def simulate(
    model: Model,
    baseline: xarray.Dataset,
    shocks: Sequence[Shock] = (),
    *,
    parameters: Mapping[str, ArrayLike] | None = None,
    terminal: TerminalKind = "fixed",
    tolerance: float = 1e-10,
    max_iterations: int = 30,
    throw: bool = True,
) -> Simulation:
    """Solve a scenario.

    Parameters
    ----------
    model : Model
    baseline : Dataset
        Start of the search, and what results are compared with. Its first year is history, its last one lies beyond the horizon.
    shocks : sequence of Shock
    parameters : mapping, optional
        Values that differ from the defaults.
    terminal : {"fixed", "growth"}
        Beyond the horizon unknowns are those of the baseline, or grow as the baseline does, from whatever level they have reached.
    tolerance, max_iterations, throw
        See :func:`~tradewinds.solvers.perfect_foresight.newton.newton`.

    Returns
    -------
    Simulation

    Raises
    ------
    InputError, DataError
        If the databank, a shock or a parameter cannot be used.
    ConvergenceError
        If the model does not solve, with the worst equations by country and year.
    """
    paths = read_databank(model, baseline, what="baseline")
    constants = model.read_parameters(parameters)
    stacked = Stacked(model)
    if terminal not in ("fixed", "growth"):
        raise InputError(f"terminal is {terminal!r}; allowed: fixed, growth")
    news = sorted({_known_from(shock, paths) for shock in shocks} | {paths.horizon[0]})
    unknowns, solutions = paths.unknowns.copy(), []
    shocked = paths
    for date in news:
        known = [shock for shock in shocks if _known_from(shock, paths) <= date]
        shocked = apply_shocks(model, paths, known)
        first = paths.years.index(date)
        rest = slice(first - 1, None)
        end = Terminal.fixed(paths.unknowns[-1])
        if terminal == "growth":
            end = Terminal.growth(paths.unknowns[-2], paths.unknowns[-1])
        problem = Problem(
            stacked, unknowns[first - 1], shocked.exogenous[rest], shocked.add[first - 1 :], constants, end
        )
        solution = newton(
            problem,
            unknowns[first:-1],
            SuperLU(),
            tolerance=tolerance,
            max_iterations=max_iterations,
            years=paths.years[first:-1],
            what=f"model {model.name}",
            throw=throw,
        )
        solutions.append(solution)
        unknowns[first - 1 :] = problem.path(solution.value)
    result = write_databank(model, replace(shocked, unknowns=unknowns))
    return Simulation(model, baseline, result, tuple(shocks), tuple(solutions))


def _known_from(shock: Shock, paths: Paths) -> int:
    """Return the first year of the horizon in which a shock is known."""
    if shock.announced is None or shock.announced <= paths.horizon[0]:
        return paths.horizon[0]
    if shock.announced not in paths.horizon:
        raise InputError(
            f"shock to {shock.variable} is announced in {shock.announced}; the horizon is {paths.horizon[0]} to {paths.horizon[-1]}"
        )
    if shock.announced > shock.start:
        raise InputError(
            f"shock to {shock.variable} starts in {shock.start} and is announced in {shock.announced}: announce it no "
            "later than that"
        )
    return shock.announced


def apply_shocks(model: Model, paths: Paths, shocks: Sequence[Shock]) -> Paths:
    """Return paths with exogenous variables and add factors changed.

    Raises
    ------
    InputError
        If a name, a country or a year is not the model's, or sizes do not fit the years.
    """
    exogenous, add = paths.exogenous.copy(), paths.add.copy()
    places = {name: (exogenous, place, 0) for name, place in _places(model.exogenous, model)}
    places |= {name + ADD: (add, place, 1) for name, place in _places(model.equations, model)}
    for shock in shocks:
        if shock.variable not in places:
            determined = [variable.name for variable in model.variables]
            hint = (
                " It is determined by the model: shock the add factor of its equation."
                if shock.variable in determined
                else did_you_mean(shock.variable, places)
            )
            raise InputError(f"{shock.variable!r} is no exogenous variable or add factor of model {model.name}.{hint}")
        target, columns, offset = places[shock.variable]
        rows = _shock_rows(shock, paths, offset, target.shape[0])
        chosen = _shock_columns(shock, model, columns)
        size = np.asarray(shock.size, dtype=float)
        if size.ndim and size.size != len(rows):
            raise InputError(f"shock to {shock.variable} has {size.size} sizes for {len(rows)} years")
        change = np.broadcast_to(size.reshape(-1, 1) if size.ndim else size, (len(rows), len(chosen)))
        cells = np.ix_(np.array(rows), chosen)
        target[cells] += change * target[cells] if shock.relative else change
    return replace(paths, exogenous=exogenous, add=add)


def _places(items: Sequence[object], model: Model) -> list[tuple[str, NDArray[np.intp]]]:
    out, start = [], 0
    for item in items:
        width = len(model.countries) if item.dimension == "country" else 1  # type: ignore[attr-defined]
        out.append((item.name, np.arange(start, start + width)))  # type: ignore[attr-defined]
        start += width
    return out


def _shock_rows(shock: Shock, paths: Paths, offset: int, length: int) -> list[int]:
    """Return the rows of the years in which a shock holds; a permanent one holds beyond the horizon too."""
    for label, year in (("starts", shock.start), ("ends", shock.end)):
        if year is not None and year not in paths.horizon:
            raise InputError(
                f"shock to {shock.variable} {label} in {year}; the horizon is {paths.horizon[0]} to {paths.horizon[-1]}"
            )
    last = paths.years[-1] if shock.end is None else shock.end
    if last < shock.start:
        raise InputError(f"shock to {shock.variable} ends in {last}, before it starts in {shock.start}")
    rows = [paths.years.index(year) - offset for year in range(shock.start, last + 1)]
    return [row for row in rows if row < length]


def _shock_columns(shock: Shock, model: Model, columns: NDArray[np.intp]) -> NDArray[np.intp]:
    if not shock.countries:
        return columns
    if columns.size != len(model.countries):
        raise InputError(f"{shock.variable} is one for the world; a shock to it names no countries")
    unknown = [country for country in shock.countries if country not in model.countries]
    if unknown:
        raise InputError(
            f"shock to {shock.variable}: no country {unknown[0]!r}.{did_you_mean(unknown[0], model.countries)}"
        )
    return columns[[model.countries.index(country) for country in shock.countries]]
