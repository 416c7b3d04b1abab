"""Block elimination in time from both ends, for systems in which a period is linked to its two neighbours.

``A[t] x[t-1] + B[t] x[t] + C[t] x[t+1] = d[t]``. From the first period on each is solved for by its successor,
``x[t] = y[t] - X[t] x[t+1]``; from the last back by its predecessor, ``x[t] = y[t] - Z[t] x[t-1]``; the two meet in the middle, so
that two threads share the work. Only unknowns with a lag (``G``) or a lead (``F``) take part in the links.

Source: Laffargue (1990, Annales d'Economie et de Statistique 17) and Boucekkine (1995, JEDC 19) for the forward sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import get_lapack_funcs
from scipy.sparse import csr_array

from tradewinds.solvers.perfect_foresight.linear.condense import Core
from tradewinds.solvers.perfect_foresight.linear.system import SingularSystemError

__all__ = ["Blocks"]

Array = NDArray[np.float64]

#: A period's block that multiplies by more than this is taken for singular.
LARGEST_LINK = 1e10
#: Right-hand sides after which inverses of the blocks have paid for themselves, in time saved on later ones.
MANY_COLUMNS = 60


class Blocks:
    """Factor of a block-tridiagonal system.

    Parameters
    ----------
    core : Core
        Its pattern.
    precision : dtype
        ``float64``, or ``float32`` for a factor in half the time and memory that refinement makes good.
    """

    def __init__(self, core: Core, precision: Any = np.float64) -> None:
        self.size = core.unknowns.size
        self.precision = np.dtype(precision)
        lag, lead = core.slots == -1, core.slots == 1
        self.lagged, self.led = np.unique(core.columns[lag]), np.unique(core.columns[lead])
        self.backward, self.forward = np.unique(core.rows[lag]), np.unique(core.rows[lead])
        self._now = _Cells(core, core.slots == 0, np.arange(self.size), np.arange(self.size))
        self._lag = _Cells(core, lag, self.backward, self.lagged)
        self._lead = _Cells(core, lead, self.forward, self.led)
        lapack: Any = get_lapack_funcs(("getrf", "getrs"), dtype=self.precision)
        self._getrf, self._getrs = lapack

    def factor(self, slots: Array, terminal: Array | None) -> None:
        """Factor; ``terminal`` is ``d x[T+1] / d x[T]`` of the core's unknowns.

        Raises
        ------
        SingularSystemError
            If a period's block is singular once its neighbours are eliminated, which need not mean that the system is.
        """
        self._values = [cells.values(slots, self.precision) for cells in (self._lag, self._now, self._lead)]
        periods = slots.shape[1]
        self._terminal = terminal
        self._middle = self._meeting(periods)
        self._lu: list[Any] = [None] * periods
        self._links: list[Any] = [None] * periods
        self._lags = [self._lag.sparse(row) for row in self._values[0]]
        self._leads = [self._lead.sparse(row) for row in self._values[2]]
        self._inverses: list[Any] = []
        self._applied = 0
        with ThreadPoolExecutor(2) as pool:
            sweeps = [
                pool.submit(self._sweep, range(self._middle), 1),
                pool.submit(self._sweep, range(periods - 1, self._middle, -1), -1),
            ]
        for sweep in sweeps:
            sweep.result()
        block = self._own(self._middle)
        self._subtract(block, self._middle, 1)
        self._subtract(block, self._middle, -1)
        self._lu[self._middle] = self._decompose(block, self._middle)
        del self._values

    def _meeting(self, periods: int) -> int:
        """Return the period in which two equally long halves of the work meet."""
        n, f, g = self.size, self.led.size, self.lagged.size
        ahead = n**3 / 1.5 + 2.0 * n * n * f
        back = n**3 / 1.5 + 2.0 * n * n * g
        return round((periods - 1) * back / (ahead + back)) if self.size else 0

    def _own(self, period: int) -> Any:
        block = self._now.block(self._values[1][period])
        if period == len(self._lu) - 1 and self._terminal is not None:
            lead = self._lead.block(self._values[2][period])
            block[np.ix_(self.forward, self.led)] += lead * self._terminal[self.led].astype(self.precision)
        return block

    def _subtract(self, block: Any, period: int, direction: int) -> None:
        """Subtract from a period's own block what the elimination of its neighbour leaves in it."""
        neighbour = period - direction
        if not 0 <= neighbour < len(self._lu):
            return
        if direction > 0:
            block[:, self.led] -= self._lags[period] @ self._links[neighbour]
        else:
            block[:, self.lagged] -= self._leads[period] @ self._links[neighbour]

    def _sweep(self, periods: Sequence[int], direction: int) -> None:
        rows, columns = (self.forward, self.led) if direction > 0 else (self.backward, self.lagged)
        cells, values = (self._lead, self._values[2]) if direction > 0 else (self._lag, self._values[0])
        for period in periods:
            block = self._own(period)
            self._subtract(block, period, direction)
            self._lu[period] = self._decompose(block, period)
            right = np.zeros((self.size, columns.size), dtype=self.precision, order="F")
            right[rows] = cells.block(values[period])
            link = self._back(period, right)
            if link.size and not np.abs(link).max() < LARGEST_LINK:
                raise SingularSystemError(f"the block of period {period + 1} is near-singular")
            self._links[period] = link

    def _decompose(self, block: Any, period: int) -> tuple[Any, Any]:
        if not self.size:  # nothing links the periods
            return block, None
        lu, pivots, info = self._getrf(block, overwrite_a=True)
        if info or not np.isfinite(lu[-1:, -1:]).all():
            raise SingularSystemError(f"the block of period {period + 1} is singular")
        return lu, pivots

    def _back(self, period: int, right: Any) -> Any:
        if not self.size:
            return right
        if self._inverses:
            return self._inverses[period] @ right
        lu, pivots = self._lu[period]
        return self._getrs(lu, pivots, right, overwrite_b=True)[0]

    def _invert(self) -> None:
        """Exchange the factors of the periods for their inverses, which are dear to make and cheap to multiply with."""
        lapack: Any = get_lapack_funcs(("getri",), dtype=self.precision)
        [getri] = lapack
        with ThreadPoolExecutor(2) as pool:
            self._inverses = list(pool.map(lambda factor: getri(*factor, overwrite_lu=True)[0], self._lu))
        self._lu = []

    def solve(self, right: Array) -> Array:
        """Return the solutions, shape (n_c, k, T), in the precision of the factor."""
        self._applied += right.shape[1]
        if self._applied > MANY_COLUMNS and self.size and not self._inverses:
            self._invert()
        given = np.ascontiguousarray(right.transpose(2, 0, 1), dtype=self.precision)
        periods, middle = len(given), self._middle
        partial = np.empty_like(given)
        ahead, back = range(middle), range(periods - 1, middle, -1)
        with ThreadPoolExecutor(1) as pool:  # for one of the halves
            other = pool.submit(self._reduce, given, partial, back, -1)
            self._reduce(given, partial, ahead, 1)
            other.result()
            rest = given[middle]
            if middle + 1 < periods:
                rest -= self._leads[middle] @ partial[middle + 1]
            if middle > 0:
                rest -= self._lags[middle] @ partial[middle - 1]
            partial[middle] = self._back(middle, rest)
            other = pool.submit(self._expand, partial, back[::-1], -1)
            self._expand(partial, ahead[::-1], 1)
            other.result()
        return np.ascontiguousarray(partial.transpose(1, 2, 0))

    def _reduce(self, given: Any, partial: Any, periods: Sequence[int], direction: int) -> None:
        """Solve period by period for what does not depend on the periods still to come."""
        links = self._lags if direction > 0 else self._leads
        with np.errstate(all="ignore"):  # overflow shows in the checks; a thread has settings of its own
            for period in periods:
                right = given[period]
                if 0 <= period - direction < len(given):
                    right -= links[period] @ partial[period - direction]
                partial[period] = self._back(period, right)

    def _expand(self, partial: Any, periods: Sequence[int], direction: int) -> None:
        """Add what depends on them, from the period solved last on."""
        columns = self.led if direction > 0 else self.lagged
        with np.errstate(all="ignore"):
            for period in periods:
                partial[period] -= self._links[period] @ partial[period + direction][columns]


class _Cells:
    """Where the entries of one of the three blocks lie in a dense array of chosen rows and columns."""

    def __init__(
        self, core: Core, chosen: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> None:
        self.shape = rows.size, columns.size
        self._places = core.places[chosen]
        row, column = np.searchsorted(rows, core.rows[chosen]), np.searchsorted(columns, core.columns[chosen])
        self._flat = row + column * rows.size  # Fortran order, as LAPACK has it
        self._order = np.lexsort((core.columns[chosen], core.rows[chosen]))
        counts = np.bincount(core.rows[chosen], minlength=core.unknowns.size)
        self._indices = core.columns[chosen][self._order].astype(np.int32)
        self._pointers = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)

    def values(self, slots: Array, precision: Any) -> Any:
        """Return values by period, shape (T, entries)."""
        return np.ascontiguousarray(slots[self._places].T, dtype=precision)

    def block(self, values: Any) -> Any:
        """Return the dense block of one period."""
        block = np.zeros(self.shape[0] * self.shape[1], dtype=values.dtype)
        block[self._flat] = values
        return block.reshape(self.shape, order="F")

    def sparse(self, values: Any) -> csr_array:
        """Return the block of one period among all rows and columns, without its zeros."""
        size = self._pointers.size - 1
        return csr_array((values[self._order], self._indices, self._pointers), shape=(size, size))
