"""One linear system, scaled, with what decides whether a solution of it can be trusted.

Rows are divided by their largest entry and the columns of an unknown by its largest entry in any period, so that errors do not
depend on units. A solution is accepted on its norm-wise backward error, and a factor only if solutions with it do not grow as
those of a singular matrix do.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from threadpoolctl import ThreadpoolController

from tradewinds.solvers.perfect_foresight.linear.system import SingularSystemError, StackedPattern

__all__ = ["ACCEPTED_ERROR", "ScaledSystem", "one_thread"]

Array = NDArray[np.float64]

#: Largest norm-wise backward error of a solution that is accepted.
ACCEPTED_ERROR = 1e-10
#: Rounds of iterative refinement.
REFINEMENTS = 3
#: Solutions of a trustworthy system are at most this many times larger than its right-hand side.
LARGEST_GROWTH = 1e12
#: How many unknowns an error names.
NAMED = 4


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> Any:
    """Return a context in which BLAS uses one thread: on blocks of a few hundred rows more of them cost many times the time."""
    return _controller().limit(limits=1, user_api="blas")


class ScaledSystem:
    """A stacked Jacobian with rows and columns scaled.

    Parameters
    ----------
    stacked : StackedPattern
    values, terminal
        See :meth:`StackedPattern.matrix`.

    Attributes
    ----------
    matrix : csr_array
        The scaled matrix.
    rows : ndarray, shape (T n,)
        Factor of each equation.
    columns : ndarray, shape (n,)
        Factor of each unknown, the same in all periods.

    Raises
    ------
    SingularSystemError
        If an entry is not finite, or an equation or unknown has no entry.
    """

    def __init__(self, stacked: StackedPattern, values: Array, terminal: Array | None = None) -> None:
        self.stacked = stacked
        n = stacked.pattern.size
        matrix = stacked.matrix(values, terminal)
        if not np.all(np.isfinite(matrix.data)):
            column = int(np.searchsorted(matrix.indptr, np.flatnonzero(~np.isfinite(matrix.data))[0], side="right")) - 1
            raise SingularSystemError("a derivative is not finite", ((column // n, column % n),))
        largest = abs(matrix).max(axis=1).toarray().ravel()
        if np.any(largest == 0):
            row = int(np.flatnonzero(largest == 0)[0])
            raise SingularSystemError("an equation contains no unknown", equations=((row // n, row % n),))
        self.rows = 1.0 / largest
        matrix.data *= self.rows[matrix.indices]
        largest = abs(matrix).max(axis=0).toarray().ravel()
        if np.any(largest == 0):
            column = int(np.flatnonzero(largest == 0)[0])
            raise SingularSystemError("an unknown is in no equation", ((column // n, column % n),))
        self.columns = 1.0 / largest.reshape(-1, n).max(axis=0)
        matrix.data *= np.repeat(self.all_columns, np.diff(matrix.indptr))
        self.matrix = csr_array(matrix)

    @property
    def all_columns(self) -> Array:
        """Factor of each unknown in each period, shape (T n,)."""
        return np.tile(self.columns, self.stacked.periods)

    def scaled(self, right: Array) -> Array:
        """Return a right-hand side, shape (T n,) or (T n, k), scaled as the equations are."""
        return np.asarray((right.T * self.rows).T)

    def unscaled(self, solution: Array) -> Array:
        """Return a solution of the scaled system in the units of the unknowns."""
        return np.asarray((solution.T * self.all_columns).T)

    def values(self, values: Array) -> Array:
        """Return derivatives (T, nnz) scaled as the matrix is."""
        pattern = self.stacked.pattern
        rows = self.rows.reshape(-1, pattern.size)
        return np.asarray(values * rows[:, pattern.rows] * self.columns[pattern.columns])

    def error(self, residual: Array, right: Array, solution: Array) -> float:
        """Return the norm-wise backward error of a scaled solution, of the worst of its columns."""
        size = np.abs(right).max(axis=0) + np.abs(solution).max(axis=0)
        found = np.abs(residual).max(axis=0) / np.where(size == 0, 1.0, size)
        return float(np.max(found, initial=0.0))

    def refined(self, apply: Callable[[Array], Array], right: Array) -> tuple[Array, float]:
        """Solve the scaled system with an approximate inverse and return the solution and its backward error."""
        solution = apply(right)
        for done in range(REFINEMENTS + 1):
            residual = right - self.matrix @ solution
            error = self.error(residual, right, solution)
            if done == REFINEMENTS or not np.isfinite(error) or error < np.finfo(float).eps:
                break
            solution = solution + apply(residual)
        return solution, error

    def check_growth(self, apply: Callable[[Array], Array]) -> None:
        """Raise if a solution with arbitrary right-hand side is so large that the matrix must be near-singular.

        Raises
        ------
        SingularSystemError
            Naming the unknowns that can move most without the equations noticing.
        """
        right = np.random.default_rng(0).uniform(-1.0, 1.0, self.rows.size)
        solution = np.abs(apply(right))
        if not float(solution.max()) < LARGEST_GROWTH:
            raise SingularSystemError(
                f"the stacked Jacobian is near-singular: solutions are {solution.max():.0e} times their right-hand side",
                self.most_loose(solution),
            )

    def most_loose(self, solution: Array) -> tuple[tuple[int, int], ...]:
        """Return period and unknown of the largest entries of a near-null vector, one for each unknown."""
        size = np.where(np.isfinite(solution), np.abs(solution), 0.0)
        by_unknown = size.reshape(self.rows.size, -1).max(axis=1).reshape(-1, self.stacked.pattern.size)
        period, largest = by_unknown.argmax(axis=0), by_unknown.max(axis=0)
        order = [int(j) for j in np.argsort(-largest)[:NAMED] if largest[j] > 1e-3 * largest.max()]
        return tuple((int(period[j]), j) for j in order)
