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
from tradewinds.solvers.perfect_foresight.linear.direct import DirectSolver
from tradewinds.solvers.perfect_foresight.linear.superlu import SuperLU
from tradewinds.solvers.perfect_foresight.linear.system import SingularSystemError, StackedPattern

__all__ = ["BlockElimination"]

Array = NDArray[np.float64]


class BlockElimination(DirectSolver):
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

    called = "block elimination"

    def __init__(self, precision: Any = np.float64) -> None:
        super().__init__()
        self.precision = np.dtype(precision)

    def analyse(self, stacked: StackedPattern, values: Array) -> None:
        """Take a pattern; pivots are chosen at the first factorisation, from scaled values."""
        super().analyse(stacked, values)
        self._condensation: Condensation | None = None
        self._slots: Any = None
        self._blocks: Any = None

    def like(self) -> BlockElimination:
        """Return a solver of the same pattern with the same pivots, and no factor."""
        other = type(self)(self.precision)
        other.stacked, other._condensation = self.stacked, self._condensation
        if self._condensation is not None:
            other._blocks = copy.copy(self._blocks)
        return other

    def _substitute(self) -> tuple[SuperLU, str]:
        return SuperLU(), "the sparse LU"

    def _decompose(self, values: Array, terminal: Array | None) -> None:
        self._condense(self._system.values(values))
        core = self._condensation.core  # type: ignore[union-attr]
        self._terminal = np.zeros(core.unknowns.size) if terminal is None else terminal[core.unknowns]
        with np.errstate(all="ignore"):  # overflow shows in the checks
            self._blocks.factor(self._slots, None if terminal is None else self._terminal)
        self._slots = self._slots.astype(self.precision, copy=False)

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

    def _apply(self, right: Array) -> Array:
        condensation = self._condensation
        assert condensation is not None
        columns = 1 if right.ndim == 1 else right.shape[1]
        given = right.reshape(self.stacked.periods, self.stacked.pattern.size, columns).transpose(1, 2, 0)
        reduced = condensation.reduce(self._slots, given.astype(self.precision, order="C"))
        core = self._blocks.solve(reduced[condensation.core.equations])
        beyond = self._terminal[:, None] * core[..., -1]
        whole = condensation.expand(self._slots, reduced, core, beyond)
        return whole.transpose(2, 0, 1).reshape(right.shape).astype(float)
