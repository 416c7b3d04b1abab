"""A factor used again: that of one Jacobian as the preconditioner of a Krylov method on others near it.

Newton needs no exact steps while it is far from a solution, and Jacobians of scenarios differ little from that of the baseline they
start from. So one factor serves the steps of a solve, the steps of a homotopy and scenario after scenario; where it has become
unfit, the present Jacobian is factored instead.

Systems of several scenarios are solved side by side: see :mod:`~tradewinds.solvers.perfect_foresight.linear.gmres`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from tradewinds.solvers.perfect_foresight.linear.direct import DirectSolver
from tradewinds.solvers.perfect_foresight.linear.elimination import BlockElimination
from tradewinds.solvers.perfect_foresight.linear.gmres import MOST_STEPS, Found, search, side_by_side
from tradewinds.solvers.perfect_foresight.linear.scaling import LARGEST_GROWTH, ScaledSystem, one_thread
from tradewinds.solvers.perfect_foresight.linear.system import LinearSystem, StackedPattern

__all__ = ["ReusedFactor"]

Array = NDArray[np.float64]

#: The same for a system among several side by side, whose steps cost less.
MOST_STEPS_TOGETHER = 20
#: Relative residual to which an arbitrary right-hand side must be solved to show that a Jacobian is regular. In a singular system
#: no solution comes nearer than about one over the square root of the number of unknowns, which is larger.
PROBE = 1e-4
#: A tolerance this small says that Newton is close to its end, where a Jacobian must be shown to be regular.
CLOSE = 1e-4


#: A scaled system: its matrix, a right-hand side, and the relative residual wanted.
Task = tuple[csc_array, Array, float]


def _single_precision() -> DirectSolver:
    return BlockElimination(np.float32)


class _Reference:
    """A factor and the Jacobian it was made of."""

    def __init__(self, direct: DirectSolver, stacked: StackedPattern, values: Array, terminal: Array | None) -> None:
        self.direct, self.stacked, self.values, self.terminal = direct, stacked, values, terminal
        matrix, system = stacked.matrix(values, terminal), direct.system
        self._scale = system.rows[matrix.indices] * np.repeat(system.all_columns, np.diff(matrix.indptr))

    def scaled(self, values: Array, terminal: Array | None) -> csc_array:
        """Return another Jacobian, scaled as its own is."""
        matrix = self.stacked.matrix(values, terminal)
        matrix.data *= self._scale
        return matrix

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
            self._matrix = self._reference.scaled(values, terminal)
        self._tell()

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
        self._matrix = self._reference.scaled(values, terminal)

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
        solution = self._solve_by_steps(right, tolerance) if tolerance > 0.0 and not self._fresh else None
        if solution is None:
            if not self._fresh:
                self._refactor()
            assert self._reference is not None
            solution = self._reference.direct.solve(right)
        self._at_start = False
        self._tell()
        return solution

    def solve_together(self, systems: Sequence[LinearSystem]) -> list[Array | None]:
        """Solve systems of one pattern with the factor at hand; None stands for one that it does not serve.

        Parameters
        ----------
        systems : sequence of LinearSystem
            Near the Jacobian given to :meth:`factor`.
        """
        assert self._reference is not None
        matrices = [self._reference.scaled(system.values, system.terminal) for system in systems]
        tasks = [
            (matrix, self._system.scaled(system.right), system.tolerance)
            for matrix, system in zip(matrices, systems, strict=True)
        ]
        probed = [k for k, system in enumerate(systems) if system.tolerance <= CLOSE]
        found = self._iterate([*tasks, *(self._probe(matrices[k]) for k in probed)], MOST_STEPS_TOGETHER)
        singular = {k for k, probe in zip(probed, found[len(systems) :], strict=True) if not probe.met}
        return [
            self._system.unscaled(one.solution) if one.met and k not in singular else None
            for k, one in enumerate(found[: len(systems)])
        ]

    def _solve_by_steps(self, right: Array, tolerance: float) -> Array | None:
        """Return a solution, if need be by a factor of the present Jacobian and from where its predecessor came to; or None."""
        system, regular = self._system, True
        tasks = [(self._matrix, system.scaled(right), tolerance)]
        if tolerance <= CLOSE and not self._shown:
            self._shown = True
            [found, probe] = self._iterate([*tasks, self._probe(self._matrix)])
            regular = probe.met
        else:
            [found] = self._iterate(tasks)
        if found.met and regular:
            return system.unscaled(found.solution)
        solution = system.unscaled(found.solution)
        self._refactor()
        if not regular:
            return None
        system = self._system  # scaled anew
        given, solution = system.scaled(right), solution / system.all_columns
        rest = given - self._matrix @ solution
        size, left = float(np.linalg.norm(given)), float(np.linalg.norm(rest))
        if not left < size:  # what was found is no better than nothing
            solution, rest, left = np.zeros_like(given), given, size
        [more] = self._iterate([(self._matrix, rest, tolerance * size / max(left, np.finfo(float).tiny))])
        return system.unscaled(solution + more.solution) if more.met else None

    @staticmethod
    def _probe(matrix: csc_array) -> Task:
        """Return what shows that a Jacobian is regular: an arbitrary right-hand side has a moderate solution."""
        return matrix, np.random.default_rng(0).uniform(-1.0, 1.0, matrix.shape[0]), PROBE

    @property
    def _system(self) -> ScaledSystem:
        assert self._reference is not None
        return self._reference.direct.system

    def _iterate(self, tasks: Sequence[Task], most: int = MOST_STEPS) -> list[Found]:
        """Return solutions of scaled systems; one is not met if it is larger than that of a regular system."""
        assert self._reference is not None
        searches = [search(matrix.__matmul__, right, tolerance, most) for matrix, right, tolerance in tasks]
        with one_thread():
            found = side_by_side(searches, self._reference.direct.approximate)
        self.steps += sum(one.steps for one in found)
        return [
            one._replace(met=one.met and _moderate(one.solution, right))
            for one, (_, right, _) in zip(found, tasks, strict=True)
        ]


def _moderate(solution: Array, right: Array) -> bool:
    return bool(np.abs(solution).max(initial=0.0) <= LARGEST_GROWTH * np.abs(right).max(initial=0.0))
