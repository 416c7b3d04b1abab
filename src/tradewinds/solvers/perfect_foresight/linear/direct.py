"""What direct solvers that can fail have in common: scaling, refinement, checks, and another that takes over and is noted."""

from __future__ import annotations

import abc
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.linear.scaling import ACCEPTED_ERROR, ScaledSystem, one_thread
from tradewinds.solvers.perfect_foresight.linear.system import SingularSystemError, StackedPattern

__all__ = ["DirectSolver"]

Array = NDArray[np.float64]


class DirectSolver(abc.ABC):
    """A factor of the stacked Jacobian whose solutions are refined and checked.

    Attributes
    ----------
    notes : list of str
        What was tried and given up, in order.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._fallback: Any = None

    def analyse(self, stacked: StackedPattern, values: Array) -> None:
        """Take a pattern and typical values, shape (T, nnz)."""
        self.stacked = stacked
        self._fallback = None

    @abc.abstractmethod
    def _decompose(self, values: Array, terminal: Array | None) -> None:
        """Factor the scaled system, or raise SingularSystemError with a reason to use another solver."""

    @abc.abstractmethod
    def _apply(self, right: Array) -> Array:
        """Return a solution of the scaled system by the factor."""

    @abc.abstractmethod
    def _substitute(self) -> tuple[Any, str]:
        """Return the solver that takes over, and what it is called."""

    @abc.abstractmethod
    def like(self) -> DirectSolver:
        """Return a solver of the same pattern, analysed likewise, and no factor."""

    @property
    def system(self) -> ScaledSystem:
        """The system last factored, scaled."""
        return self._system

    def factor(self, values: Array, terminal: Array | None = None) -> None:
        """Factor the Jacobian with these values; see :meth:`StackedPattern.matrix`.

        Raises
        ------
        SingularSystemError
            If it is singular, or nearly so.
        """
        self._given = values, terminal
        self._fallback = None
        self._system = ScaledSystem(self.stacked, values, terminal)
        with one_thread():
            try:
                self._decompose(values, terminal)
                self._system.check_growth(self._apply)
            except SingularSystemError as error:
                self._fall_back(str(error))

    def _fall_back(self, reason: str) -> None:
        other, name = self._substitute()
        self.notes.append(f"{reason}; {name} is used")
        other.notes = self.notes
        other.analyse(self.stacked, self._given[0])
        other.factor(*self._given)
        self._fallback = other  # only now: one that raised has no factor to go on with

    def approximate(self, right: Array) -> Array:
        """Return a solution of the scaled system as the factor gives it, neither refined nor checked."""
        return self._apply(right) if self._fallback is None else np.asarray(self._fallback.approximate(right))

    def solve(self, right: Array, tolerance: float | None = None) -> Array:
        """Return the solution, refined, or that of the solver that takes over if its backward error is too large.

        Parameters
        ----------
        right : ndarray, shape (T n,) or (T n, k)
        tolerance : float, optional
            Unused: a direct solution is as good as it gets.

        Raises
        ------
        SingularSystemError
            If the last of them finds the system near-singular.
        """
        if self._fallback is None:
            with one_thread(), np.errstate(all="ignore"):
                solution, error = self._system.refined(self._apply, self._system.scaled(right))
            if error <= ACCEPTED_ERROR:
                return self._system.unscaled(solution)
            self._fall_back(f"backward error {error:.1e} of {self.called}")
        return np.asarray(self._fallback.solve(right))

    #: What messages call it.
    called = "a direct solver"
