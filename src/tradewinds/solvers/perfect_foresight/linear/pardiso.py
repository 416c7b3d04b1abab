"""Intel's PARDISO, where ``pypardiso`` is installed: faster than the others on long models whose countries are linked thinly.

It perturbs pivots that are too small instead of stopping, so only refinement and the checks tell whether its factor is one.

Source: Schenk and Gaertner (2004, Future Generation Computer Systems 20(3)).
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tradewinds.solvers.perfect_foresight.linear.direct import DirectSolver
from tradewinds.solvers.perfect_foresight.linear.elimination import BlockElimination
from tradewinds.solvers.perfect_foresight.linear.system import SingularSystemError

__all__ = ["Pardiso"]

Array = NDArray[np.float64]


class Pardiso(DirectSolver):
    """Analyse, factor and solve with PARDISO, or by block elimination where it is not installed, which is noted.

    Attributes
    ----------
    notes : list of str
        What was tried and given up, in order.
    """

    called = "PARDISO"

    def _substitute(self) -> tuple[BlockElimination, str]:
        return BlockElimination(), "block elimination"

    def like(self) -> Pardiso:
        """Return a solver of the same pattern, and no factor."""
        other = Pardiso()
        other.stacked = self.stacked
        return other

    def _decompose(self, values: Array, terminal: Array | None) -> None:
        try:
            import pypardiso
        except ModuleNotFoundError:
            raise SingularSystemError(
                "pypardiso is not installed (python -m pip install 'tradewinds[pardiso]')"
            ) from None
        except (ImportError, OSError) as error:
            raise SingularSystemError(f"pypardiso does not find Intel's library ({error})") from None
        self._engine: Any = pypardiso.PyPardisoSolver()
        # What PARDISO allocates is not Python's to free.
        weakref.finalize(self, self._engine.free_memory, everything=True).atexit = False
        self._matrix = csr_matrix(self._system.matrix)
        self._matrix.sort_indices()
        try:
            self._engine.factorize(self._matrix)
        except pypardiso.pardiso_wrapper.PyPardisoError as error:
            raise SingularSystemError(str(error).partition(".")[0]) from None

    def _apply(self, right: Array) -> Array:
        return np.asarray(self._engine.solve(self._matrix, right)).reshape(right.shape)
