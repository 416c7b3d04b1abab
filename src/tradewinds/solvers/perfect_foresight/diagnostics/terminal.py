"""The model linearised at the end of a databank, in units in which a balanced path stands still.

There deviations ``x`` follow ``A x[t-1] + B x[t] + C x[t+1] = 0``. A variable that grows is measured relative to its growth; what
growth a variable of level zero has (net foreign assets, say) follows from the equations it is in, whose terms all grow alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import lsqr

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.structure import Pattern

__all__ = ["Linearised", "equilibrate", "linearise", "require_finite"]

Array = NDArray[np.float64]

#: Growth factors a year outside this range, or that differ by more than this share from year to year, are noise around zero.
PLAUSIBLE, EVEN = (0.5, 2.0), 0.01
#: So is what has fallen to less than this share of what it was: a deviation that fades.
FADED = 0.1
#: Growth factors that differ by less from one are one.
STEADY = 1e-9


@dataclass(frozen=True, eq=False)
class Linearised:
    """Coefficients at the terminal state, rows and columns scaled to entries of at most one.

    Attributes
    ----------
    pattern : Pattern
    values : ndarray, shape (nnz,)
        Scaled coefficients, in the order of the pattern.
    rows, columns : ndarray, shape (n,)
        Factors of equations and unknowns: a scaled coefficient is ``rows * coefficient * columns``.
    growth : ndarray, shape (n,)
        Growth factor of each unknown along the path, one where it stands still.
    drift : float
        Largest change of a scaled coefficient from the year before; not zero where the end is no balanced path, NaN where the
        databank is too short to tell.
    """

    pattern: Pattern
    values: Array
    rows: Array
    columns: Array
    growth: Array
    drift: float

    def block(self, slot: int) -> csr_array:
        """Return ``A`` (slot -1), ``B`` (0) or ``C`` (1)."""
        chosen = self.pattern.slots == slot
        return self._sparse(self.values[chosen], chosen)

    def at(self, root: float) -> csr_array:
        """Return ``A / root + B + C root``: what a path that grows by ``root`` a year has to solve."""
        return self._sparse(self.values * float(root) ** self.pattern.slots, slice(None))

    def _sparse(self, values: Array, chosen: NDArray[np.bool_] | slice) -> csr_array:
        pattern, n = self.pattern, self.pattern.size
        places = (pattern.rows[chosen], pattern.columns[chosen])
        return csr_array(coo_array((values, places), shape=(n, n)))


def linearise(pattern: Pattern, path: Array, values: Array) -> Linearised:
    """Return the linear model at the last period of a path.

    Parameters
    ----------
    pattern : Pattern
    path : ndarray, shape (T + 2, n)
    values : ndarray, shape (T, nnz)
        Derivatives along the path.
    """
    growth = _growth(pattern, path, values)
    last = values[-1] * growth[pattern.columns] ** pattern.slots
    matrix = csr_array(
        coo_array((np.abs(last), (pattern.rows, pattern.columns)), shape=(pattern.size,) * 2)
    )  # sums magnitudes over slots, which keeps a unit root from looking like an empty entry
    _, rows, columns = equilibrate(matrix)
    scaled = rows[pattern.rows] * last * columns[pattern.columns]
    if len(values) < 2:
        return Linearised(pattern, scaled, rows, columns, growth, float("nan"))
    before = values[-2] * growth[pattern.columns] ** (pattern.slots - 1) * columns[pattern.columns]
    largest = np.zeros(pattern.size)
    np.maximum.at(largest, pattern.rows, np.abs(before))
    now = np.zeros(pattern.size)
    np.maximum.at(now, pattern.rows, np.abs(scaled))
    before *= (now / np.where(largest > 0, largest, 1.0))[pattern.rows]
    return Linearised(pattern, scaled, rows, columns, growth, float(np.abs(scaled - before).max(initial=0.0)))


def equilibrate(matrix: csr_array, rounds: int = 5) -> tuple[csr_array, Array, Array]:
    """Return a matrix with rows and columns scaled in turn to largest entries of one, and both factors."""
    scaled = csr_array(coo_array(matrix, dtype=float))
    rows, columns = np.ones(matrix.shape[0]), np.ones(matrix.shape[1])
    for _ in range(rounds):
        for axis, factors in ((1, rows), (0, columns)):
            largest = abs(scaled).max(axis=axis).toarray().ravel()
            factor = 1.0 / np.where(largest > 0, largest, 1.0)
            factors *= factor
            where = np.repeat(np.arange(factors.size), np.diff(scaled.indptr)) if axis else scaled.indices
            scaled.data *= factor[where]
    return scaled, rows, columns


def _growth(pattern: Pattern, path: Array, values: Array) -> Array:
    """Return the growth factor of each unknown at the end of a path."""
    last = path[-4:]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = last[1:] / last[:-1]
        known = np.all((ratios > PLAUSIBLE[0]) & (ratios < PLAUSIBLE[1]), axis=0)
        known &= ratios.max(axis=0) < (1 + EVEN) * ratios.min(axis=0)
        known &= np.abs(path[-1]) > FADED * np.abs(path).max(axis=0)
        growth = np.where(known, np.sqrt(np.abs(path[-1] / path[-3])), 1.0)
    growth[np.abs(growth - 1.0) < STEADY] = 1.0
    if len(values) < 2 or np.all(known) or np.all(growth == 1.0):
        return growth
    return np.where(known, growth, _growth_from_equations(pattern, growth, known, values[-2:]))


def _growth_from_equations(pattern: Pattern, growth: Array, known: NDArray[np.bool_], values: Array) -> Array:
    """Return growth factors for which each equation's terms grow alike: coefficient growth times that of the unknown."""
    usable = (values[0] * values[1]) > 0
    rows, columns = pattern.rows[usable], pattern.columns[usable]
    right = np.log(values[1, usable] / values[0, usable]) + np.where(known, np.log(growth), 0.0)[columns]
    free = ~known[columns]
    entry = np.arange(rows.size)
    data = np.concatenate([np.ones(rows.size), -np.ones(int(free.sum()))])
    places = (np.concatenate([entry, entry[free]]), np.concatenate([rows, pattern.size + columns[free]]))
    system = csr_array(coo_array((data, places), shape=(rows.size, 2 * pattern.size)))
    found = np.exp(lsqr(system, right, atol=1e-13, btol=1e-13, iter_lim=20 * pattern.size)[0][pattern.size :])
    return np.where((found > PLAUSIBLE[0]) & (found < PLAUSIBLE[1]), found, 1.0)


def require_finite(model: Model, pattern: Pattern, values: Array, years: Sequence[int]) -> None:
    """Raise if a derivative is not finite, naming the equation, the unknown and the year."""
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        period, entry = (int(k) for k in bad[0])
        equation, unknown = model.equation_labels[pattern.rows[entry]], model.unknown_labels[pattern.columns[entry]]
        raise InputError(
            f"model {model.name}: the derivative of {equation} by {unknown} in {years[period]} is {values[period, entry]:g}; "
            "look for a logarithm, a root or a ratio of zero there"
        )
