"""Static condensation followed by block elimination in time: the fastest way to a factor of a densely linked world.

Blocks of one period must be regular once their neighbours are eliminated. A regular system can break that, and pivots chosen for
one Jacobian may not suit another: both are noticed, and the sparse LU, which pivots across periods, takes over and is noted.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.linear.blocks import Blocks
from tradewinds.solvers.perfect_foresight.linear.condense import LARGEST_MULTIPLIER, Condensation
from tradewinds.solvers.perfect_foresight.linear.scaling import ACCEPTED_ERROR, ScaledSystem, one_thread
from tradewinds.solvers.perfect_foresight.linear.superlu import SuperLU
from tradewinds.solvers.perfect_foresight.linear.system import SingularSystemError, StackedPattern

__all__ = ["BlockElimination"]

Array = NDArray[np.float64]


class BlockElimination:
    """Analyse, factor and solve by condensation and block elimination.

    Parameters
    ----------
    precision : dtype
        Of the blocks; residuals and refinement are always ``float64``.

    Attributes
    ----------
    notes : list of str
        What was tried and given up, in order.
    """

    def __init__(self, precision: Any = np.float64) -> None:
        self.precision = np.dtype(precision)
        self.notes: list[str] = []
        self._fallback: SuperLU | None = None

    def analyse(self, stacked: StackedPattern, values: Array) -> None:
        """Take a pattern; pivots are chosen at the first factorisation, from scaled values."""
        self.stacked = stacked
        self._condensation: Condensation | None = None
        self._fallback = None

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
                self._factor_blocks(self._system.values(values), terminal)
                self._system.check_growth(self._apply)
            except SingularSystemError as error:
                self._fall_back(str(error))

    def _factor_blocks(self, values: Array, terminal: Array | None) -> None:
        self._condense(values)
        core = self._condensation.core  # type: ignore[union-attr]
        self._terminal = np.zeros(core.unknowns.size) if terminal is None else terminal[core.unknowns]
        with np.errstate(all="ignore"):  # overflow shows in the checks
            self._blocks.factor(self._slots, None if terminal is None else self._terminal)

    def _condense(self, values: Array) -> None:
        """Condense with the pivots at hand, or with new ones where those have gone stale."""
        if self._condensation is not None:
            self._slots = self._condensation.condense(values)
            if self._condensation.largest_multiplier <= LARGEST_MULTIPLIER:
                return
            self.notes.append("pivots of the static equations no longer suited the values and were chosen again")
        self._condensation = Condensation(self.stacked.pattern, values)
        self._blocks = Blocks(self._condensation.core, self.precision)
        self._slots = self._condensation.condense(values)
        if not self._condensation.largest_multiplier <= LARGEST_MULTIPLIER:
            raise SingularSystemError("static equations have no safe pivots in all periods")

    def _fall_back(self, reason: str) -> None:
        self.notes.append(f"{reason}; the sparse LU is used")
        self._fallback = SuperLU()
        self._fallback.notes = self.notes
        self._fallback.analyse(self.stacked, self._given[0])
        self._fallback.factor(*self._given)

    def like(self) -> BlockElimination:
        """Return a solver of the same pattern with the same pivots, and no factor."""
        other = BlockElimination(self.precision)
        other.stacked, other._condensation = self.stacked, self._condensation
        if self._condensation is not None:
            other._blocks = copy.copy(self._blocks)
        return other

    @property
    def system(self) -> ScaledSystem:
        """The system last factored, scaled."""
        return self._system

    def approximate(self, right: Array) -> Array:
        """Return a solution of the scaled system as the factor gives it, neither refined nor checked."""
        return self._apply(right) if self._fallback is None else self._fallback.approximate(right)

    def solve(self, right: Array, tolerance: float | None = None) -> Array:
        """Return the solution, refined, or that of the sparse LU if its backward error is too large.

        Parameters
        ----------
        right : ndarray, shape (T n,) or (T n, k)
        tolerance : float, optional
            Unused: a direct solution is as good as it gets.

        Raises
        ------
        SingularSystemError
            If the sparse LU finds the system near-singular.
        """
        if self._fallback is None:
            with one_thread(), np.errstate(all="ignore"):
                solution, error = self._system.refined(self._apply, self._system.scaled(right))
            if error <= ACCEPTED_ERROR:
                return self._system.unscaled(solution)
            self._fall_back(f"backward error {error:.1e} of block elimination")
        assert self._fallback is not None
        return self._fallback.solve(right)

    def _apply(self, right: Array) -> Array:
        condensation = self._condensation
        assert condensation is not None
        columns = 1 if right.ndim == 1 else right.shape[1]
        by_period = right.reshape(self.stacked.periods, self.stacked.pattern.size, columns).swapaxes(0, 1)
        reduced = condensation.reduce(self._slots, by_period)
        core = self._blocks.solve(reduced[condensation.core.equations])
        beyond = self._terminal[:, None] * core[:, -1]
        return condensation.expand(self._slots, reduced, core, beyond).swapaxes(0, 1).reshape(right.shape)
