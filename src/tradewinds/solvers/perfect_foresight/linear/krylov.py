"""A factor used again: that of one Jacobian as the preconditioner of a Krylov method on others near it.

Newton needs no exact steps while it is far from a solution, and Jacobians of scenarios differ little from that of the baseline they
start from. So one factor serves the steps of a solve, the steps of a homotopy and scenario after scenario; where it has become
unfit, the present Jacobian is factored instead.

Source: Saad and Schultz (1986, SIAM J. Sci. Stat. Comput. 7(3)) for GMRES, here without restarts and preconditioned from the right,
so that the residual it minimises is that of the system itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.linear.direct import DirectSolver
from tradewinds.solvers.perfect_foresight.linear.elimination import BlockElimination
from tradewinds.solvers.perfect_foresight.linear.scaling import LARGEST_GROWTH, ScaledSystem, one_thread
from tradewinds.solvers.perfect_foresight.linear.system import StackedPattern

__all__ = ["ReusedFactor", "gmres"]

Array = NDArray[np.float64]

#: Krylov steps after which the present Jacobian is factored: about as many as a factor costs.
MOST_STEPS = 12
#: Relative residual to which an arbitrary right-hand side must be solved to show that a Jacobian is regular. In a singular system
#: no solution comes nearer than about one over the square root of the number of unknowns, which is larger.
PROBE = 1e-4
#: A tolerance this small says that Newton is close to its end, where a Jacobian must be shown to be regular.
CLOSE = 1e-4


def gmres(
    apply: Callable[[Array], Array], precondition: Callable[[Array], Array], right: Array, tolerance: float
) -> tuple[Array, int, bool]:
    """Solve ``apply(x) = right`` in at most ``MOST_STEPS`` steps from zero; return ``x``, the steps and whether they sufficed.

    Parameters
    ----------
    apply, precondition : callable
        The system, and an approximate inverse of it.
    right : ndarray, shape (N,)
    tolerance : float
        Largest 2-norm of the residual, relative to that of ``right``.
    """
    size = float(np.linalg.norm(right))
    if size == 0.0:
        return np.zeros_like(right), 0, True
    basis = np.empty((MOST_STEPS + 1, right.size))
    moved = np.empty((MOST_STEPS, right.size))
    projected = np.zeros((MOST_STEPS + 1, MOST_STEPS))
    basis[0] = right / size
    solution = np.zeros_like(right)
    for k in range(MOST_STEPS):
        moved[k] = precondition(basis[k])
        image = apply(moved[k])
        for _ in range(2):  # orthogonalised twice, to working precision
            along = basis[: k + 1] @ image
            image = image - along @ basis[: k + 1]
            projected[: k + 1, k] += along
        projected[k + 1, k] = np.linalg.norm(image)
        if not np.isfinite(projected[: k + 2, k]).all():
            return solution, k + 1, False
        target = np.zeros(k + 2)
        target[0] = size
        weights = np.linalg.lstsq(projected[: k + 2, : k + 1], target, rcond=None)[0]
        missed = float(np.linalg.norm(target - projected[: k + 2, : k + 1] @ weights))
        if missed <= tolerance * size or k == MOST_STEPS - 1:
            solution = weights @ moved[: k + 1]
            return solution, k + 1, bool(np.linalg.norm(right - apply(solution)) <= 1.1 * tolerance * size)
        if projected[k + 1, k] <= np.finfo(float).eps * np.abs(projected[: k + 1, k]).max():
            return weights @ moved[: k + 1], k + 1, False  # nothing new to search in: the system is singular
        basis[k + 1] = image / projected[k + 1, k]
    raise AssertionError("unreachable")


def _single_precision() -> DirectSolver:
    return BlockElimination(np.float32)


class _Reference:
    """A factor and the Jacobian it was made of."""

    def __init__(self, direct: DirectSolver, stacked: StackedPattern, values: Array, terminal: Array | None) -> None:
        self.direct, self.stacked, self.values, self.terminal = direct, stacked, values, terminal

    def is_of(self, values: Array, terminal: Array | None) -> bool:
        """Return whether it was made of this very Jacobian."""
        ours = self.terminal
        ends = ours is terminal or (ours is not None and terminal is not None and np.array_equal(ours, terminal))
        return ends and np.array_equal(self.values, values)

    def fits(self, stacked: StackedPattern) -> bool:
        """Return whether it is of the same equations over the same number of periods."""
        ours, other = self.stacked.pattern, stacked.pattern
        if self.stacked.periods != stacked.periods or ours.size != other.size:
            return False
        return ours is other or all(
            np.array_equal(getattr(ours, part), getattr(other, part)) for part in ("rows", "columns", "slots")
        )

    def distance(self, values: Array) -> float:
        """Return how far derivatives are from its own, in units of its scaled system."""
        if values.shape != self.values.shape:
            return np.inf
        apart = float(np.linalg.norm(self.direct.system.values(values - self.values)))
        return apart if np.isfinite(apart) else np.inf


class ReusedFactor:
    """Analyse, factor and solve with a factor of a Jacobian met earlier.

    A solver given to several simulations, ``solver = ReusedFactor()`` and then ``simulate(..., solver=solver)``, keeps the factors
    at their starts, so that a second scenario from a baseline costs less than the first. It holds at most ``keep`` of them, and one
    that a scenario needed on its way.

    Parameters
    ----------
    make : callable, optional
        Makes the direct solver that factors; default: block elimination in ``float32``, which suffices for a preconditioner.
    keep : int
        Number of factors kept for later solves; those of other horizons or patterns count.

    Attributes
    ----------
    factors : int
        Jacobians factored so far.
    steps : int
        Krylov steps taken so far.
    notes : list of str
        What was tried and given up, in order.
    """

    def __init__(self, make: Callable[[], DirectSolver] | None = None, keep: int = 3) -> None:
        self._make, self._keep = make or _single_precision, keep
        self._kept: list[_Reference] = []  # from starts of solves, the one used last at the end
        self._own: _Reference | None = None  # from the way of the present scenario
        self._reference: _Reference | None = None
        self.factors = self.steps = 0
        self.notes: list[str] = []

    def analyse(self, stacked: StackedPattern, values: Array) -> None:
        """Choose among the factors at hand the one nearest to typical values, shape (T, nnz)."""
        self.stacked = stacked
        self._told: set[str] = set()
        self._at_start, self._shown = True, False
        known = [*self._kept, *([self._own] if self._own else [])]
        fitting = [reference for reference in known if reference.fits(stacked)]
        self._reference = min(fitting, key=lambda reference: reference.distance(values)) if fitting else None
        if self._reference is not self._own:
            self._own = None
        if self._reference in self._kept:
            self._kept.remove(self._reference)
            self._kept.append(self._reference)

    def factor(self, values: Array, terminal: Array | None = None) -> None:
        """Take a Jacobian, see :meth:`StackedPattern.matrix`; it is factored where no factor at hand serves.

        Raises
        ------
        SingularSystemError
            If it is factored and singular, or nearly so.
        """
        self._given = values, terminal
        self._fresh = self._reference is not None and self._reference.is_of(values, terminal)
        if self._reference is None:
            self._refactor()
        elif not self._fresh:
            self._scale()
        self._tell()

    def _scale(self) -> None:
        """Scale the Jacobian as that of the factor is."""
        matrix, system = self.stacked.matrix(*self._given), self._system
        matrix.data *= system.rows[matrix.indices]
        matrix.data *= np.repeat(system.all_columns, np.diff(matrix.indptr))
        self._matrix = matrix

    def _regular(self) -> bool:
        """Return whether the factor shows that the Jacobian is regular: an arbitrary right-hand side has a moderate solution."""
        right = np.random.default_rng(0).uniform(-1.0, 1.0, self._matrix.shape[0])
        return self._iterate(right, PROBE)[1]

    def _refactor(self) -> None:
        values, terminal = self._given
        if self._reference is None:
            direct = self._make()
            direct.analyse(self.stacked, values)
        else:
            direct = self._reference.direct.like()
        self._own = self._reference = None  # memory that the new one can have
        direct.factor(values, terminal)
        self.factors += 1
        self._reference = _Reference(direct, self.stacked, values, terminal)
        if self._at_start:
            self._kept = [*self._kept[max(0, len(self._kept) + 1 - self._keep) :], self._reference]
        else:
            self._own = self._reference
        self._fresh = True
        self._scale()

    def _tell(self) -> None:
        """Note what the factor in use had to give up, once a solve."""
        assert self._reference is not None
        fresh = [note for note in dict.fromkeys(self._reference.direct.notes) if note not in self._told]
        self.notes += fresh
        self._told.update(fresh)

    def solve(self, right: Array, tolerance: float | None = None) -> Array:
        """Return a solution with this relative residual.

        It is the direct solution where the Jacobian is the one factored, for several columns and without a tolerance.

        Parameters
        ----------
        right : ndarray, shape (T n,) or (T n, k)
        tolerance : float, optional
            Of the residual of the scaled system in the 2-norm.

        Raises
        ------
        SingularSystemError
            If the Jacobian is found to be near-singular.
        """
        if tolerance is None or right.ndim > 1:
            tolerance = 0.0
        if not (self._fresh or self._shown) and 0.0 < tolerance <= CLOSE:
            self._shown = True
            if not self._regular():
                self._refactor()
        solution = self._solve_by_steps(right, tolerance) if tolerance > 0.0 and not self._fresh else None
        if solution is None:
            if not self._fresh:
                self._refactor()
            assert self._reference is not None
            solution = self._reference.direct.solve(right)
        self._at_start = False
        self._tell()
        return solution

    def _solve_by_steps(self, right: Array, tolerance: float) -> Array | None:
        """Return a solution, if need be by a factor of the present Jacobian and from where its predecessor came to; or None."""
        system = self._system
        solution, met = self._iterate(system.scaled(right), tolerance)
        if met:
            return system.unscaled(solution)
        solution = system.unscaled(solution)
        self._refactor()
        system = self._system  # scaled anew
        given, solution = system.scaled(right), solution / system.all_columns
        rest = given - self._matrix @ solution
        size, left = float(np.linalg.norm(given)), float(np.linalg.norm(rest))
        if not left < size:  # what was found is no better than nothing
            solution, rest, left = np.zeros_like(given), given, size
        more, met = self._iterate(rest, tolerance * size / max(left, np.finfo(float).tiny))
        return system.unscaled(solution + more) if met else None

    @property
    def _system(self) -> ScaledSystem:
        assert self._reference is not None
        return self._reference.direct.system

    def _iterate(self, right: Array, tolerance: float) -> tuple[Array, bool]:
        """Return a solution of the scaled system, and whether it is good and no larger than that of a regular system."""
        assert self._reference is not None
        with one_thread(), np.errstate(all="ignore"):  # overflow shows in the norms
            solution, steps, met = gmres(
                lambda x: self._matrix @ x, self._reference.direct.approximate, right, tolerance
            )
            self.steps += steps
            grown = np.abs(solution).max(initial=0.0) > LARGEST_GROWTH * np.abs(right).max(initial=0.0)
        return solution, met and not grown
