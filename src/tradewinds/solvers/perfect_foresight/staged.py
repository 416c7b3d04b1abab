"""A scenario that has been checked, and its solution date by date.

Each year in which something becomes known is solved from that year on, with history as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import ConvergenceError
from tradewinds.solvers.perfect_foresight.databank import Paths, write_databank
from tradewinds.solvers.perfect_foresight.failure import WorstEquation, explain, worst_equations
from tradewinds.solvers.perfect_foresight.homotopy import between, follow
from tradewinds.solvers.perfect_foresight.newton import LinearSolver, Problem, Steps, Terminal, finish, newton_steps
from tradewinds.solvers.perfect_foresight.results import Simulation
from tradewinds.solvers.perfect_foresight.shocks import Shock, apply_shocks, known_from
from tradewinds.solvers.perfect_foresight.stacked import Stacked
from tradewinds.solvers.perfect_foresight.together import Outcome
from tradewinds.solvers.solution import Solution

if TYPE_CHECKING:
    import xarray

__all__ = ["Case", "Scenario", "terminal_notes"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Case:
    """All of a scenario but its shocks.

    Attributes
    ----------
    stacked : Stacked
    paths : Paths
        The baseline, with the initial state asked for.
    constants : mapping
        Parameters.
    terminal : Terminal
    """

    stacked: Stacked
    paths: Paths
    constants: Mapping[str, Array]
    terminal: Terminal

    def problem(self, given: Paths, first: int, path: Array) -> Problem:
        """Return the system from row ``first`` of the years on, with history as in ``path``."""
        return Problem(
            self.stacked,
            path[first - 1],
            given.exogenous[first - 1 :],
            given.add[first - 1 :],
            self.constants,
            self.terminal,
        )


@dataclass(frozen=True, eq=False)
class Scenario:
    """Shocks to a baseline, checked and not yet solved.

    Attributes
    ----------
    case : Case
    shocks : tuple of Shock
    name : str
    baseline : Dataset
    settings : mapping
        Other arguments of the simulation, by name.
    """

    case: Case
    shocks: tuple[Shock, ...]
    name: str
    baseline: xarray.Dataset
    settings: Mapping[str, Any]

    @property
    def dates(self) -> list[int]:
        """Years in which something becomes known, the first of the horizon among them."""
        paths = self.case.paths
        return sorted({known_from(shock, paths) for shock in self.shocks} | {paths.horizon[0]})

    def known(self, date: int) -> Paths:
        """Return what is known from a year on."""
        paths = self.case.paths
        heard = [shock for shock in self.shocks if known_from(shock, paths) <= date]
        return apply_shocks(self.case.stacked.model, paths, heard)

    def newton(self, problem: Problem, guess: Array, years: Sequence[int]) -> Steps:
        """Return Newton's method for the scenario."""
        what = f"model {self.case.stacked.model.name}" + (f", scenario {self.name}" if self.name else "")
        limits = {name: self.settings[name] for name in ("tolerance", "max_iterations")}
        return newton_steps(problem, guess, what=what, years=years, **limits)

    def first(self) -> Steps:
        """Return Newton's method for all that is known at the start."""
        paths = self.case.paths
        problem = self.case.problem(self.known(paths.horizon[0]), 1, paths.unknowns)
        return self.newton(problem, paths.unknowns[1:-1], paths.years[1:-1])

    def solve(self, engine: LinearSolver, *, throw: bool = True, begun: Outcome | None = None) -> Simulation:
        """Solve it date by date; where Newton fails, by way of smaller shocks.

        Parameters
        ----------
        engine : LinearSolver
        throw : bool
        begun : Outcome, optional
            Of :meth:`first`, where that has been carried out.
        """
        case = self.case
        heard = len(getattr(engine, "notes", ()))  # what it noted in earlier scenarios is theirs
        path, known, solutions, notes = case.paths.unknowns.copy(), case.paths, [], []
        worst: tuple[WorstEquation, ...] = ()
        said: list[tuple[Solution, str]] = []
        ready = [begun] if begun else []
        for date in self.dates:
            news, first = self.known(date), case.paths.years.index(date)
            old, new = (case.problem(stage, first, path) for stage in (known, news))
            years, start = case.paths.years[first:-1], path[first:-1]
            at = between(old, new, start)

            def attempt(share: float, guess: Array, at: Any = at, years: Sequence[int] = years) -> Solution:
                try:
                    return ready.pop().solution() if ready else finish(self.newton(at(share), guess, years), engine)
                except ConvergenceError as error:
                    said.append((error.solution, str(error)))
                    return error.solution

            solution, note = follow(attempt, start)
            notes += [note] if note else []
            path[first - 1 :] = new.path(solution.value)
            solutions.append(solution)
            known = news
            if not solution.ok:
                worst = worst_equations(new, solution.value, solution.residual.values, years)
                notes += terminal_notes(case)
                if throw:
                    [message] = [text for failed, text in said if failed.value is solution.value]
                    raise ConvergenceError(explain(message, notes, worst), solution)
                later = [str(other) for other in self.dates if other > date]
                if later:  # they would build on a path that solves nothing
                    notes.append(
                        f"it is not solved from {date} on, so that the news of {', '.join(later)} were left out"
                    )
                break
        told = [*(begun.notes if begun else ()), *list(getattr(engine, "notes", ()))[heard:]]
        notes += [note for note in dict.fromkeys(told) if note not in notes]
        model = case.stacked.model
        result = write_databank(model, replace(known, unknowns=path))
        found = tuple(solutions), tuple(notes), worst, dict(self.settings)
        return Simulation(model, self.baseline, result, self.shocks, *found)


def terminal_notes(case: Case) -> list[str]:
    """Return what is wrong with the terminal state of a scenario that is not solved."""
    from tradewinds.solvers.perfect_foresight.diagnostics.counting import remark

    note = remark(case.stacked, case.paths, case.constants)
    return [note] if note else []
