"""Solve a plan: the paths of the instruments with which a solution of the model hits the targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers.perfect_foresight.bordered import Attempt, Bordered, bordered_newton
from tradewinds.solvers.perfect_foresight.databank import Paths, read_databank, write_databank
from tradewinds.solvers.perfect_foresight.failure import WorstEquation, explain, worst_equations
from tradewinds.solvers.perfect_foresight.homotopy import between, follow
from tradewinds.solvers.perfect_foresight.inputs import require_kind, require_settings, whole_years
from tradewinds.solvers.perfect_foresight.linear import choose_solver
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.newton import LinearSolver, Problem
from tradewinds.solvers.perfect_foresight.plan import Plan
from tradewinds.solvers.perfect_foresight.plan_results import PlanResult
from tradewinds.solvers.perfect_foresight.results import Simulation
from tradewinds.solvers.perfect_foresight.shocks import Shock, apply_shocks, known_from
from tradewinds.solvers.perfect_foresight.simulate import TerminalKind, prepare, simulate
from tradewinds.solvers.perfect_foresight.staged import terminal_notes
from tradewinds.solvers.perfect_foresight.swap import Cell, read_plan
from tradewinds.solvers.solution import Solution

if TYPE_CHECKING:
    import xarray

__all__ = ["solve_plan"]

Array = NDArray[np.float64]

#: How many targets that are missed a message names.
NAMED = 5


def solve_plan(
    model: Model,
    baseline: xarray.Dataset,
    plan: Plan,
    shocks: Sequence[Shock] = (),
    *,
    announced: int | None = None,
    parameters: Mapping[str, ArrayLike] | None = None,
    initial: Mapping[str, ArrayLike] | None = None,
    terminal: TerminalKind | Mapping[str, ArrayLike] = "fixed",
    tolerance: float = 1e-10,
    max_iterations: int = 30,
    solver: LinearSolver | str | None = None,
    name: str = "",
    throw: bool = True,
) -> PlanResult:
    """Find the path of the instruments that hits the targets of a plan; by way of smaller steps where Newton fails.

    Everyone foresees targets and instruments, from the start or from the year in which the plan is ``announced``. Instruments
    keep the baseline's values, and what shocks add, in all other years, beyond the horizon too.

    Parameters
    ----------
    model : Model
    baseline : Dataset
        As in :func:`~tradewinds.solvers.perfect_foresight.simulate`; deviations that are targets are deviations from it.
    plan : Plan
    shocks : sequence of Shock
        That hold beside the plan, known when it is announced.
    announced : int, optional
        Year in which the plan becomes known; years before it follow the shocks alone. Default: before the horizon begins.
    parameters, initial, terminal, max_iterations, name
        As in :func:`~tradewinds.solvers.perfect_foresight.simulate`.
    tolerance : float
        Largest residual accepted, of an equation relative to its largest term, of a target relative to its level.
    solver : LinearSolver or str, optional
        As in :func:`~tradewinds.solvers.perfect_foresight.simulate`, but by default ``superlu``: a plan solves for many right-hand
        sides at once, which a factor of another Jacobian does not help.
    throw : bool
        Raise if it is not solved; otherwise return the best path reached, flagged by ``ok``, with ``worst`` equations.

    Returns
    -------
    PlanResult

    Raises
    ------
    InputError, DataError
        If the databank, the plan, a shock, a state or a parameter cannot be used; instruments and targets are not as many; or an
        instrument does not move a target.
    ConvergenceError
        If it does not solve, with the worst equations by country and year and the values of all that is in them.
    """
    if not isinstance(plan, Plan):
        raise InputError(f"the plan is a {type(plan).__name__}; write it as Plan().target(...).instrument(...)")
    shocks = require_kind(shocks, Shock, "shocks")
    require_settings(tolerance, max_iterations)
    case = prepare(model, baseline, parameters, initial, terminal)
    date = _date(announced, shocks, case.paths)
    swap, first = read_plan(plan, model, case.paths, date), case.paths.years.index(date)
    news, engine = apply_shocks(model, case.paths, shocks), choose_solver("superlu" if solver is None else solver)
    heard = len(getattr(engine, "notes", ()))  # what it noted elsewhere does not belong here
    settings: dict[str, Any] = {"parameters": parameters, "initial": initial, "terminal": terminal}
    settings |= {"tolerance": tolerance, "max_iterations": max_iterations}
    known, path = case.paths, case.paths.unknowns.copy()
    solved: tuple[Solution, ...] = ()
    notes: list[str] = []
    if first > 1:
        early = [shock for shock in shocks if known_from(shock, case.paths) < date]
        before = simulate(model, baseline, early, solver=engine, name=name, **settings)
        known, path = apply_shocks(model, case.paths, early), read_databank(model, before.databank).unknowns
        solved, notes = before.solutions, list(before.notes)
    old, new = (case.problem(stage, first, path) for stage in (known, news))
    what = f"the plan of model {model.name}" + (f", scenario {name}" if name else "")
    bordered = Bordered(new, swap, date)
    found, told = _solve(bordered, old, path[first:-1], engine, tolerance, max_iterations, what)
    inside, change = bordered.split(found.solution.value)
    notes += told
    notes += [note for note in dict.fromkeys(list(getattr(engine, "notes", ()))[heard:]) if note not in notes]
    notes += [] if found.solution.ok else terminal_notes(case)
    solution = replace(found.solution, value=inside)
    worst, missed = _failures(bordered, solution, inside, change, tolerance)
    if throw and not solution.ok:
        raise ConvergenceError(explain(found.message, notes, [*missed, *worst]), solution)
    path[first - 1 :] = new.path(inside)
    instruments = _as_shocks(swap.instruments, change, date if first > 1 else None)
    given = apply_shocks(model, case.paths, [*shocks, *instruments])
    databank = write_databank(model, replace(given, unknowns=path))
    every = (*shocks, *instruments)
    simulation = Simulation(model, baseline, databank, every, (*solved, solution), tuple(notes), worst, settings)
    condition = found.response.condition if found.response else float("nan")
    return PlanResult(plan, simulation, instruments, condition, swap)


def _date(announced: int | None, shocks: Sequence[Shock], paths: Paths) -> int:
    """Return the first year in which the plan is known, or raise if a shock becomes known later."""
    horizon = paths.horizon
    date = horizon[0] if announced is None else whole_years([announced])[0]
    if date not in horizon:
        raise InputError(f"the plan is announced in {date}; the horizon is {horizon[0]} to {horizon[-1]}")
    for shock in shocks:
        if known_from(shock, paths) > date:
            raise InputError(
                f"shock to {shock.variable} is announced in {shock.announced}, after the plan ({date}), which cannot allow for it: "
                f"announce the plan in {shock.announced}, or the shock no later than the plan"
            )
    return date


def _solve(
    bordered: Bordered,
    origin: Problem,
    start: Array,
    engine: LinearSolver,
    tolerance: float,
    max_iterations: int,
    what: str,
) -> tuple[Attempt, list[str]]:
    """Solve at once or in steps, and return the attempt chosen with what is to be noted.

    Raises
    ------
    InputError
        If an instrument does not move a target where the search starts.
    """
    at = between(origin, bordered.problem, start)
    attempts: list[Attempt] = []

    def attempt(share: float, guess: Array) -> Solution:
        stage = bordered.part(share, at(share), start)
        found = bordered_newton(stage, guess, engine, tolerance=tolerance, max_iterations=max_iterations, what=what)
        if not attempts and found.solution.iterations == 0 and found.response and found.response.weak:
            raise InputError(
                f"{what} cannot be solved: {found.response.weakest}. Free another instrument, or another year"
            )
        attempts.append(found)
        return found.solution

    solution, note = follow(attempt, np.concatenate([start.ravel(), np.zeros(len(bordered.swap.goals))]), "plan")
    [found] = [one for one in attempts if one.solution.value is solution.value]
    notes = [note, found.response.weakest if found.response else ""]
    return found._replace(solution=solution), [text for text in notes if text]


def _failures(
    bordered: Bordered, solution: Solution, inside: Array, change: Array, tolerance: float
) -> tuple[tuple[WorstEquation, ...], list[str]]:
    """Return the equations that hold least, and as text the targets that are missed most."""
    equations, targets = np.split(solution.residual.values, [inside.size])
    years = range(bordered.first, bordered.first + inside.shape[0])
    worst = worst_equations(bordered.at(change), inside, equations.reshape(inside.shape), years)
    reached, goals = inside[bordered.target_places], bordered.swap.goals
    missed = [
        f"target {bordered.swap.targets[k]}: {goals[k]:.6g} asked, {reached[k]:.6g} reached"
        for k in np.argsort(-np.abs(targets), kind="stable")[:NAMED]
        if not abs(targets[k]) <= tolerance
    ]
    return tuple(item for item in worst if not abs(item.scaled) <= tolerance), missed


def _as_shocks(cells: Sequence[Cell], change: Array, announced: int | None) -> tuple[Shock, ...]:
    """Return the changes of instruments as shocks, one a name and country, zero in the years between."""
    groups: dict[tuple[str, str], dict[int, float]] = {}
    for cell, size in zip(cells, change.tolist(), strict=True):
        groups.setdefault((cell.name, cell.country), {})[cell.year] = size
    shocks = []
    for (name, country), sizes in groups.items():
        start, end = min(sizes), max(sizes)
        path = tuple(sizes.get(year, 0.0) for year in range(start, end + 1))
        shocks.append(Shock(name, path, start, end, (country,) if country else (), announced=announced))
    return tuple(shocks)
