r"""Newton's method with targets given and instruments free: the stacked system with a border.

With ``F(x, u)`` the residuals of all periods, ``x`` the unknowns, ``u`` the change of the instruments, ``V'`` the selection of the
targets and ``g`` their values, a plan asks for ``F(x, u) = 0`` and ``V'x = g``. With ``J = dF/dx`` and ``E = dF/du`` Newton's step
solves

.. math:: J\,dx + E\,du = -F, \qquad V'(x + dx) = g.

The first equation gives ``dx = x0 - X du`` with ``J x0 = -F`` and ``J X = E``; put into the second one,

.. math:: (V'X)\,du = V'(x + x0) - g.

So the stacked matrix is the one of a simulation and is factored as there, whatever is swapped: one solve more for each instrument,
and a small dense system, which :mod:`~tradewinds.solvers.perfect_foresight.response` forms. Those solves are what a plan costs, so
a Jacobian is kept while steps with it shrink the residual fast.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import ConvergenceError
from tradewinds.solvers.perfect_foresight.linear import SingularSystemError, StackedPattern
from tradewinds.solvers.perfect_foresight.newton import (
    SMALLEST_STEP,
    LinearSolver,
    Problem,
    _norm,
    _singular,
    residual_scale,
)
from tradewinds.solvers.perfect_foresight.response import Response, instrument_columns, respond
from tradewinds.solvers.perfect_foresight.swap import Cell, Swap
from tradewinds.solvers.solution import Solution, judge

__all__ = ["Attempt", "Bordered", "bordered_newton"]

Array = NDArray[np.float64]

#: A Jacobian is kept for the next step while a step leaves at most this share of the residual.
KEEP = 0.1


class Attempt(NamedTuple):
    """What a solve came to.

    Attributes
    ----------
    solution : Solution
        Its value is a point of :class:`Bordered`; residuals are those of the equations, then of the targets.
    response : Response or None
        Of the targets to the instruments, at the last Jacobian.
    message : str
        Why it is not solved.
    """

    solution: Solution
    response: Response | None
    message: str


@dataclass(frozen=True, eq=False)
class Bordered:
    """A stacked system with targets and instruments.

    A point is one flat vector: the unknowns of all periods, then the changes of the instruments.

    Attributes
    ----------
    problem : Problem
        With no change of the instruments.
    swap : Swap
    first : int
        Year of its first period.
    """

    problem: Problem
    swap: Swap
    first: int

    @functools.cached_property
    def target_places(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Period, from 0, and unknown of each target."""
        return self._places(self.swap.targets)

    @functools.cached_property
    def instrument_places(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """Period, from 0, column, and whether it is an add factor, of each instrument."""
        return *self._places(self.swap.instruments), np.array([cell.is_add for cell in self.swap.instruments])

    def _places(self, cells: Sequence[Cell]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        periods = np.array([cell.year - self.first for cell in cells], dtype=np.intp)
        return periods, np.array([cell.column for cell in cells], dtype=np.intp)

    def split(self, point: Array) -> tuple[Array, Array]:
        """Return the unknowns, shape (T, n), and the changes of the instruments, shape (k,)."""
        count = len(self.swap.instruments)
        return point[:-count].reshape(-1, self.problem.before.size), point[-count:]

    def at(self, change: Array) -> Problem:
        """Return the stacked system with the instruments changed."""
        periods, columns, is_add = self.instrument_places
        exogenous, add = self.problem.exogenous.copy(), self.problem.add.copy()
        exogenous[periods[~is_add] + 1, columns[~is_add]] += change[~is_add]
        add[periods[is_add], columns[is_add]] += change[is_add]
        return replace(self.problem, exogenous=exogenous, add=add)

    def misses(self, inside: Array) -> Array:
        """Return by how much the targets are missed, shape (k,)."""
        return inside[self.target_places] - self.swap.goals

    def residuals(self, point: Array) -> Array:
        """Return residuals of all equations and targets as a flat vector."""
        inside, change = self.split(point)
        return np.concatenate([self.at(change).residuals(inside).ravel(), self.misses(inside)])

    def part(self, share: float, problem: Problem, start: Array) -> Bordered:
        """Return the system with this problem, and targets that have gone a share of the way from a path to their goal."""
        here, goals = start[self.target_places], self.swap.goals
        goals = goals if share == 1.0 else here + share * (goals - here)
        return replace(self, problem=problem, swap=replace(self.swap, goals=goals))

    def target_sizes(self, inside: Array) -> tuple[Array, Array]:
        """Return the size of each target where the search starts, and where it is to end.

        Its level, or a small part of the largest one in its path where that is more; one where all are zero.
        """
        least = 1e-3 * np.abs(inside).max(axis=0)[self.target_places[1]]
        levels = np.abs(inside[self.target_places]), np.abs(self.swap.goals)
        start, end = (np.maximum(level, least) for level in levels)
        return np.where(start > 1e-8, start, 1.0), np.where(end > 1e-8, end, 1.0)


def bordered_newton(
    bordered: Bordered, start: Array, solver: LinearSolver, *, tolerance: float, max_iterations: int, what: str
) -> Attempt:
    """Solve for unknowns and instruments together; the line search and the shared check look at equations and targets alike.

    Parameters
    ----------
    bordered : Bordered
    start : ndarray, shape (T n + k,)
    solver : LinearSolver
        That takes several right-hand sides at once.
    tolerance : float
        Largest residual accepted, of an equation relative to its largest term, of a target relative to its level.
    max_iterations : int
    what : str
        What is solved, for messages.
    """
    search = _Search(bordered, start, solver)
    years = range(bordered.first, bordered.first + bordered.split(search.point)[0].shape[0])
    try:
        search.run(tolerance, max_iterations)
    except SingularSystemError as error:
        what = f"{what} ({_singular(error, bordered.problem, years)})"
    if search.response is not None and search.response.weak:
        what = f"{what} ({search.response.weakest})"
    labels = bordered.problem.stacked.model.equation_labels
    names = [f"{label} in {year}" for year in years for label in labels]
    try:
        solution = judge(
            search.point,
            lambda x: bordered.residuals(x) / search.scale,
            tolerance=tolerance,
            iterations=len(search.history) - 1,
            limit_reached=len(search.history) > max_iterations,
            history=search.history,
            names=names + [f"target {cell}" for cell in bordered.swap.targets],
            what=what,
            throw=True,
        )
    except ConvergenceError as error:
        return Attempt(error.solution, search.response, str(error))
    return Attempt(solution, search.response, "")


class _Search:
    """Where a search stands: its point, the scaled residuals so far, and the last linearisation."""

    def __init__(self, bordered: Bordered, start: Array, solver: LinearSolver) -> None:
        self.bordered, self.solver = bordered, solver
        self.point = np.array(start, dtype=float)
        inside, change = bordered.split(self.point)
        problem = bordered.at(change)
        _, self._data = problem.derivatives(inside)
        equations, (start_size, self.goal_size) = (
            residual_scale(problem, inside, self._data),
            bordered.target_sizes(inside),
        )
        self.scale = np.concatenate([equations.ravel(), self.goal_size])
        self._merit = np.concatenate(
            [equations.ravel(), start_size]
        )  # of equations and targets alike: as they are at the start
        self.history = [self._size(self.point)]
        self.response: Response | None = None

    def _size(self, point: Array, scale: Array | None = None) -> float:
        return _norm(self.bordered.residuals(point) / (self.scale if scale is None else scale))

    def run(self, tolerance: float, most: int) -> None:
        """Step until the residual is within the tolerance, or nothing helps."""
        self.solver.analyse(StackedPattern(self.bordered.problem.stacked.pattern, self._data.shape[0]), self._data)
        response, fresh = self._linearise(), True
        while tolerance < self.history[-1] < np.inf and len(self.history) <= most and not response.weak:
            moved = self._advance(response)
            self.history.append(self._size(self.point))
            if fresh and not moved:
                return
            fresh = not moved or self.history[-1] > KEEP * self.history[-2]
            if fresh and self.history[-1] > tolerance:
                response = self._linearise()
        if tolerance >= self.history[-1] > 0 and len(self.history) > 1:
            self._advance(response)  # one step more with what is at hand leaves only rounding

    def _linearise(self) -> Response:
        """Factor the Jacobian and return how the targets respond."""
        inside, change = self.bordered.split(self.point)
        problem, places = self.bordered.at(change), self.bordered.target_places
        _, data = problem.derivatives(inside)
        self.solver.factor(data, problem.terminal.slope)
        self._columns = instrument_columns(problem, inside, self.bordered.instrument_places)
        self.response = respond(self._columns, self.solver, self.bordered.swap, places, inside, self.goal_size)
        return self.response

    def _advance(self, response: Response) -> bool:
        """Take the longest halving of a step that lowers the residual, and return whether there is one."""
        inside, change = self.bordered.split(self.point)
        missed = -self.bordered.at(change).residuals(inside).ravel()
        free = self.solver.solve(missed).reshape(inside.shape)
        move = response.solve(self.bordered.misses(inside + free))
        step = np.concatenate([self.solver.solve(missed - self._columns @ move), move])
        before, length = self._size(self.point, self._merit), 1.0
        while length >= SMALLEST_STEP:
            candidate = self.point + length * step
            if self._size(candidate, self._merit) < before * (1.0 - 1e-4 * length):
                self.point = candidate
                return True
            length /= 2
        return False
