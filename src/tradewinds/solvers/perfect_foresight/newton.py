"""Newton's method on all periods at once.

Each step solves the linear system of the stacked Jacobian; a line search halves the step while the residual grows or is not finite.
Residuals are scaled by the largest term of their equation at the start, so that the tolerance is relative and means the same in
every unit. Whether the point solves the system is decided by the shared check, at the point returned.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.linear import (
    LinearSystem,
    SingularSystemError,
    StackedPattern,
    stacked_pattern,
)
from tradewinds.solvers.perfect_foresight.stacked import Stacked
from tradewinds.solvers.solution import Solution, judge

__all__ = ["LinearSolver", "Problem", "Steps", "Terminal", "finish", "newton", "newton_steps"]

Array = NDArray[np.float64]

#: Smallest share of a Newton step that is tried.
SMALLEST_STEP = 2.0**-12
#: What the linear system of the last step may leave of a residual, as a share of the tolerance.
SPARE = 1e-3


class LinearSolver(Protocol):
    """What Newton needs of linear algebra."""

    def analyse(self, stacked: StackedPattern, values: Array) -> None:
        """Prepare for a pattern, given typical values (T, nnz)."""

    def factor(self, values: Array, terminal: Array | None = None) -> None:
        """Factor one Jacobian."""

    def solve(self, right: Array, tolerance: float | None = None) -> Array:
        """Solve for the last Jacobian, to a relative residual where the solver iterates, else as well as possible."""


@dataclass(frozen=True, eq=False)
class Terminal:
    """What lies beyond the horizon: ``x[T+1] = slope x[T] + intercept``, by unknown.

    Attributes
    ----------
    slope, intercept : ndarray, shape (n,)
        A slope of zero is a given value.
    """

    slope: Array
    intercept: Array

    @classmethod
    def fixed(cls, beyond: Array) -> Terminal:
        """Return the condition that the period beyond the horizon has these values."""
        return cls(np.zeros_like(beyond), beyond)

    @classmethod
    def growth(cls, last: Array, beyond: Array) -> Terminal:
        """Return the condition that unknowns grow beyond the horizon as they do from ``last`` to ``beyond``.

        By ratio where both are positive or both negative, otherwise by difference.
        """
        by_ratio = last * beyond > 0
        slope = np.where(by_ratio, beyond / np.where(by_ratio, last, 1.0), 1.0)
        return cls(slope, np.where(by_ratio, 0.0, beyond - last))

    def beyond(self, last: Array) -> Array:
        """Return the unknowns of the period beyond the horizon."""
        return self.slope * last + self.intercept


@dataclass(frozen=True, eq=False)
class Problem:
    """A stacked system to be solved.

    Attributes
    ----------
    stacked : Stacked
    before : ndarray, shape (n,)
        Unknowns of the period before the horizon.
    exogenous : ndarray, shape (T + 2, m)
    add : ndarray, shape (T, n)
    parameters : mapping
    terminal : Terminal
    """

    stacked: Stacked
    before: Array
    exogenous: Array
    add: Array
    parameters: Mapping[str, Array]
    terminal: Terminal

    def path(self, inside: Array) -> Array:
        """Return unknowns with the periods before and beyond, shape (T + 2, n)."""
        return np.concatenate([self.before[None], inside, self.terminal.beyond(inside[-1])[None]])

    def residuals(self, inside: Array) -> Array:
        """Return residuals, shape (T, n)."""
        return self.stacked.residuals(self.path(inside), self.exogenous, self.add, self.parameters)

    def derivatives(self, inside: Array) -> tuple[Array, Array]:
        """Return residuals (T, n) and non-zero derivatives (T, nnz)."""
        return self.stacked.derivatives(self.path(inside), self.exogenous, self.add, self.parameters)


def residual_scale(problem: Problem, inside: Array, data: Array) -> Array:
    """Return the size of the largest term of each equation, shape (T, n); one where all are zero.

    The size of a term is its derivative times the level of the unknown, at least one unit of it where the level is near zero.
    """
    pattern, path = problem.stacked.pattern, problem.path(inside)
    periods = np.arange(inside.shape[0])[:, None] + 1
    level = np.abs(path[periods + pattern.slots, pattern.columns])
    typical = np.maximum(np.abs(inside).max(axis=0), 1e-8)[pattern.columns]
    terms = np.abs(data) * np.maximum(level, np.where(typical > 1e-8, 1e-3 * typical, 1.0))
    order = np.argsort(pattern.rows, kind="stable")
    rows, starts = np.unique(pattern.rows[order], return_index=True)
    scale = np.zeros(inside.shape)
    scale[:, rows] = np.maximum.reduceat(terms[:, order], starts, axis=1)
    return np.where((scale > 0) & np.isfinite(scale), scale, 1.0)


#: Newton's method under way: it yields the linear system of each step, is sent the step, and returns the solution.
Steps = Generator[LinearSystem, Array, Solution]


def newton(problem: Problem, start: Array, solver: LinearSolver, **settings: Any) -> Solution:
    """Solve a stacked system.

    Parameters
    ----------
    problem : Problem
    start : ndarray, shape (T, n)
        First guess.
    solver : LinearSolver
    **settings
        As in :func:`newton_steps`.

    Returns
    -------
    Solution
        With ``value`` of shape (T, n).

    Raises
    ------
    ConvergenceError
        If ``throw`` and the residual at the returned point is above the tolerance; worst equations first, by name and year.
    """
    return finish(newton_steps(problem, start, **settings), solver)


def finish(steps: Steps, solver: LinearSolver, system: LinearSystem | None = None) -> Solution:
    """Solve the linear systems that Newton asks for, from this one on, and return its solution."""
    try:
        system = next(steps) if system is None else system
        solver.analyse(system.stacked, system.values)
        while True:
            try:
                solver.factor(system.values, system.terminal)
                step = solver.solve(system.right, system.tolerance)
            except SingularSystemError as error:
                system = steps.throw(error)
            else:
                system = steps.send(step)
    except StopIteration as done:
        return done.value


def newton_steps(
    problem: Problem,
    start: Array,
    *,
    tolerance: float = 1e-10,
    max_iterations: int = 30,
    years: Sequence[int] | None = None,
    what: str = "the model",
    throw: bool = True,
    log: Callable[[int, float], None] | None = None,
) -> Steps:
    """Go through the steps of Newton's method, whose linear systems others solve.

    Parameters
    ----------
    problem : Problem
    start : ndarray, shape (T, n)
        First guess.
    tolerance : float
        Largest scaled residual accepted.
    max_iterations : int
    years : sequence of int, optional
        Labels of the periods, for messages.
    what : str
        What is solved, for messages.
    throw : bool
        Raise if unsolved; otherwise return the flagged solution with the best point reached.
    log : callable, optional
        Called with the iteration and the scaled residual.
    """
    point = np.array(start, dtype=float)
    residual, data = problem.derivatives(point)
    scale = residual_scale(problem, point, data)
    stacked = stacked_pattern(problem.stacked.pattern, point.shape[0])
    history = [_norm(residual / scale)]
    stuck = False
    while history[-1] > tolerance and len(history) <= max_iterations and np.isfinite(history[-1]) and not stuck:
        if len(history) > 1:
            residual, data = problem.derivatives(point)
        try:
            step = yield LinearSystem(
                stacked, data, problem.terminal.slope, -residual.ravel(), _forcing(history, tolerance)
            )
        except SingularSystemError as error:
            what = f"{what} ({_singular(error, problem, years)})"
            break
        point, reached = _line_search(problem, point, step.reshape(point.shape), scale, history[-1])
        stuck = reached == history[-1]
        history.append(reached)
        if log:
            log(len(history) - 1, history[-1])
    labels = problem.stacked.model.equation_labels
    dates = range(1, point.shape[0] + 1) if years is None else years
    return judge(
        point,
        lambda x: problem.residuals(x) / scale,
        tolerance=tolerance,
        iterations=len(history) - 1,
        limit_reached=len(history) > max_iterations,
        history=history,
        names=_Names(labels, dates),
        what=what,
        throw=throw,
    )


class _Names(Sequence[str]):
    """Names of equations by year, made where one is read: there are many, and only the worst are."""

    def __init__(self, labels: Sequence[str], dates: Sequence[int]) -> None:
        self._labels, self._dates = labels, dates

    def __len__(self) -> int:
        return len(self._labels) * len(self._dates)

    def __getitem__(self, place: Any) -> Any:
        period, row = divmod(int(place), len(self._labels))
        return f"{self._labels[row]} in {self._dates[period]}"


def _forcing(history: Sequence[float], tolerance: float) -> float:
    """Return how well a linear system need be solved: no better than Newton can use, but well where it is about to end."""
    reached = history[-1]
    if reached**2 <= tolerance:  # the last step, by quadratic convergence
        return float(np.clip(SPARE * tolerance / reached, 1e-8, 1e-4))
    return 1e-3 if len(history) == 1 else float(np.clip(0.1 * reached, 1e-3, 1e-2))


def _singular(error: SingularSystemError, problem: Problem, years: Sequence[int] | None) -> str:
    """Return what is singular, with names."""
    model, text = problem.stacked.model, str(error)
    for what, names, places in (
        ("it is", model.equation_labels, error.equations),
        ("not determined:", model.unknown_labels, error.unknowns),
    ):
        found = [f"{names[j]} in {t + 1 if years is None else years[t]}" for t, j in places]
        text += f"; {what} {', '.join(found)}" if found else ""
    return text


def _norm(values: Array) -> float:
    return float(np.max(np.abs(values), initial=0.0)) if np.all(np.isfinite(values)) else float("inf")


def _line_search(problem: Problem, point: Array, step: Array, scale: Array, before: float) -> tuple[Array, float]:
    """Return the point after the longest halving of a step that lowers the residual, and its residual; else where it was."""
    length = 1.0
    while length >= SMALLEST_STEP:
        candidate = point + length * step
        reached = _norm(problem.residuals(candidate) / scale)
        if reached < before * (1.0 - 1e-4 * length):
            return candidate, reached
        length /= 2
    return point, before
