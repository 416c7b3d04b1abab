"""Scenarios: a baseline, shocks to it, and the path that follows when everyone foresees them, or is surprised.

A baseline need not solve the equations: :func:`residual_adjusted` puts into each equation's add factor what it misses, and the
baseline is then reproduced exactly. A shock changes an exogenous variable or an add factor. One that is announced later than the
horizon begins is a surprise: the model is solved as if nothing were to happen, and solved again from the year of the news, with
history as it was.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import DataError, InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.databank import Paths, read_databank, write_databank
from tradewinds.solvers.perfect_foresight.inputs import by_country, require_kind, require_mapping, require_settings
from tradewinds.solvers.perfect_foresight.linear import choose_solver
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.newton import LinearSolver, Terminal
from tradewinds.solvers.perfect_foresight.results import Simulation
from tradewinds.solvers.perfect_foresight.shocks import Shock, apply_shocks, places
from tradewinds.solvers.perfect_foresight.stacked import Stacked
from tradewinds.solvers.perfect_foresight.staged import Case, Scenario

if TYPE_CHECKING:
    import xarray

__all__ = ["TerminalKind", "check", "compiled", "residual_adjusted", "simulate"]

Array = NDArray[np.float64]
#: Levels below this, relative to the largest of their path where that is above one, are rounding, which has no rate of growth.
NOISE = 1e-10

TerminalKind = Literal["fixed", "growth"]


@functools.lru_cache(maxsize=16)
def compiled(model: Model) -> Stacked:
    """Return the compiled functions of a model, shared by all that is done with it."""
    return Stacked(model)


def check(model: Model, databank: xarray.Dataset, parameters: Mapping[str, ArrayLike] | None = None) -> xarray.Dataset:
    """Return the residual of each equation in each year of the horizon, add factors included.

    Raises
    ------
    DataError
        With everything the databank lacks.
    """
    import xarray

    paths = read_databank(model, databank)
    values = compiled(model).residuals(paths.unknowns, paths.exogenous, paths.add, model.read_parameters(parameters))
    columns, data = places(model.equations, model), {}
    for equation in model.equations:
        regional, part = equation.dimension == "country", values[:, columns[equation.name]]
        data[equation.name] = (("year", "country") if regional else ("year",), part if regional else part[:, 0])
    return xarray.Dataset(data, coords={"year": list(paths.horizon), "country": list(model.countries)})


def residual_adjusted(
    model: Model, databank: xarray.Dataset, parameters: Mapping[str, ArrayLike] | None = None
) -> xarray.Dataset:
    """Return the databank with add factors that make it solve the model exactly.

    Raises
    ------
    DataError
        With everything the databank lacks, and equations that have no value at it, such as the logarithm of a negative number.
    """
    paths = read_databank(model, databank)
    values = compiled(model).residuals(paths.unknowns, paths.exogenous, paths.add, model.read_parameters(parameters))
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        period, row = bad[0]
        where = f"equation {model.equation_labels[row]} is {values[period, row]:g} in {paths.horizon[period]}"
        more = f" ({len(bad)} such values)" if len(bad) > 1 else ""
        raise DataError("databank", [f"{where}{more}: look for logarithms or powers of numbers that are not positive"])
    return write_databank(model, replace(paths, add=paths.add - values))


def simulate(
    model: Model,
    baseline: xarray.Dataset,
    shocks: Sequence[Shock] = (),
    *,
    parameters: Mapping[str, ArrayLike] | None = None,
    initial: Mapping[str, ArrayLike] | None = None,
    terminal: TerminalKind | Mapping[str, ArrayLike] = "fixed",
    tolerance: float = 1e-10,
    max_iterations: int = 30,
    solver: LinearSolver | str | None = None,
    name: str = "",
    throw: bool = True,
) -> Simulation:
    """Solve a scenario; where Newton fails, by way of smaller shocks, and say so in ``notes``.

    Parameters
    ----------
    model : Model
    baseline : Dataset
        Start of the search, and what results are compared with. Its first year is history, its last one lies beyond the horizon.
    shocks : sequence of Shock
    parameters : mapping, optional
        Values that differ from the defaults.
    initial : mapping, optional
        State before the horizon where it differs from the baseline's: variable to one number, or one a country.
    terminal : {"fixed", "growth"} or mapping
        Beyond the horizon unknowns are those of the baseline, or grow as the baseline does from whatever level they have
        reached, or are the baseline's but for these variables: one number, or one a country. Growth is that from the last year
        of the horizon to the one beyond, or where the baseline lacks this one, that into the last year of the horizon.
    tolerance : float
        Largest residual accepted, relative to the largest term of its equation.
    max_iterations : int
        Of each Newton solve.
    solver : LinearSolver or str, optional
        Linear algebra. Default: a new :class:`ReusedFactor`, a factor used again for all Jacobians it suits. Give the same one to
        several simulations of a model, and later ones start from its factor. By name: ``reused``; ``pardiso``, which factors
        with Intel's library; ``blocks`` and ``superlu``, which factor every Jacobian, by block elimination or as a sparse matrix.
    name : str
        Of the scenario, for messages.
    throw : bool
        Raise if it is not solved; otherwise return the best path reached, flagged by ``ok``, with ``worst`` equations. News of
        later dates are then left out, which ``notes`` say.

    Returns
    -------
    Simulation
        Where the baseline solves the scenario as it is, such as with no shock, it is returned after no iteration: nothing is then
        known of whether other paths solve it too. :func:`~tradewinds.solvers.perfect_foresight.inspect` tells.

    Raises
    ------
    InputError, DataError
        If the databank, a shock, a state or a parameter cannot be used.
    ConvergenceError
        If the model does not solve, with the worst equations by country and year and the values of all that is in them.
    """
    [scenario] = read_scenarios(
        model,
        baseline,
        {name: shocks},
        parameters=parameters,
        initial=initial,
        terminal=terminal,
        tolerance=tolerance,
        max_iterations=max_iterations,
    )
    return scenario.solve(choose_solver(solver), throw=throw)


def read_scenarios(
    model: Model,
    baseline: xarray.Dataset,
    shocks: Mapping[str, Sequence[Shock]],
    *,
    parameters: Mapping[str, ArrayLike] | None = None,
    initial: Mapping[str, ArrayLike] | None = None,
    terminal: TerminalKind | Mapping[str, ArrayLike] = "fixed",
    tolerance: float = 1e-10,
    max_iterations: int = 30,
) -> list[Scenario]:
    """Return scenarios that can be solved, or say what is wrong before anything is; arguments as in :func:`simulate`."""
    listed = {name: tuple(require_kind(items, Shock, "shocks")) for name, items in shocks.items()}
    require_settings(tolerance, max_iterations)
    case = prepare(model, baseline, parameters, initial, terminal)
    settings = {"parameters": parameters, "initial": initial, "terminal": terminal, "tolerance": tolerance}
    settings |= {"max_iterations": max_iterations}
    for items in listed.values():
        apply_shocks(model, case.paths, items)
    return [Scenario(case, items, name, baseline, settings) for name, items in listed.items()]


def prepare(
    model: Model,
    baseline: xarray.Dataset,
    parameters: Mapping[str, ArrayLike] | None,
    initial: Mapping[str, ArrayLike] | None,
    terminal: TerminalKind | Mapping[str, ArrayLike],
) -> Case:
    """Read all of a scenario but its shocks."""
    if terminal not in ("fixed", "growth") if isinstance(terminal, str) else not isinstance(terminal, Mapping):
        raise InputError(f"terminal is {terminal!r}; allowed: fixed, growth, or values by variable")
    supplied: Collection[str] = () if terminal == "fixed" else terminal
    if terminal == "growth":
        supplied = [variable.name for variable in model.variables]
    initial = require_mapping(initial, "initial state")
    paths = read_databank(model, baseline, what="baseline", initial=initial, terminal=supplied)
    constants = model.read_parameters(parameters)
    unknowns = paths.unknowns.copy()
    if terminal == "growth":
        unknowns[-1] = _grown(model, paths)
        end = _growth(unknowns, unknowns[-2], unknowns[-1])
    else:
        end = Terminal.fixed(
            _with_state(model, unknowns[-1], {} if isinstance(terminal, str) else terminal, "terminal")
        )
        unknowns[-1] = np.where(np.isnan(unknowns[-1]), end.intercept, unknowns[-1])
    unknowns[0] = _with_state(model, unknowns[0], initial, "initial")
    return Case(compiled(model), replace(paths, unknowns=unknowns), constants, end)


def _growth(path: Array, last: Array, beyond: Array) -> Terminal:
    """Return the terminal condition of growth from one year to the next; rounding around zero is zero, and does not grow."""
    noise = NOISE * np.maximum(1.0, np.nanmax(np.abs(path), axis=0))
    return Terminal.growth(*(np.where(np.abs(year) < noise, 0.0, year) for year in (last, beyond)))


def _grown(model: Model, paths: Paths) -> Array:
    """Return the unknowns of the last year; where they are missing, those that continue the growth of the year before.

    Raises
    ------
    DataError
        If that needs a year which is missing too.
    """
    before, last, beyond = paths.unknowns[-3:]
    grown = np.where(np.isnan(beyond), _growth(paths.unknowns, before, last).beyond(last), beyond)
    columns = places(model.variables, model)
    lacking = [name for name, place in columns.items() if model.reads(name, 1) and np.any(np.isnan(grown[place]))]
    if lacking:
        raise DataError(
            "baseline",
            [
                f"{name} is read with a lead, and missing in {paths.years[-1]} and in {paths.years[-3]}: "
                'terminal="growth" needs one of them to know how it grows'
                for name in lacking
            ],
        )
    return grown


def _with_state(model: Model, state: Array, values: Mapping[str, ArrayLike], what: str) -> Array:
    """Return a year's unknowns with some replaced."""
    columns, out = places(model.variables, model), state.copy()
    slot, read = (-1, "a lag") if what == "initial" else (1, "a lead")
    idle = 0 < len(values) < len(columns) and not any(model.reads(name, slot) for name in values)
    for name, value in values.items():
        if name not in columns:
            raise InputError(
                f"{what} state: model {model.name} determines no {name!r}.{did_you_mean(str(name), columns)}"
            )
        array = by_country(value, model.countries, f"{what} state of {name}")
        if array.shape not in ((), (columns[name].size,)) or not np.all(np.isfinite(array)):
            raise InputError(
                f"{what} state of {name} is {array.tolist()!r}; give one finite number, or {columns[name].size} of them"
            )
        if idle:  # all variables at once are those of a steady state, whoever reads them
            raise InputError(
                f"{what} state of {name}: no equation reads it with {read}, so that it would change nothing"
            )
        out[columns[name]] = array
    return out
