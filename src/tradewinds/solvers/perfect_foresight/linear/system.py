"""The stacked Jacobian as a sparse matrix with a fixed pattern.

Unknown ``j`` of period ``t`` is column ``t n + j``, equation ``i`` of period ``t`` row ``t n + i``. A derivative with respect to
the period after the last one has no column of its own: it is dropped where that period is given, and added to the last period's
column, times ``d x[T+1] / d x[T]``, where a terminal condition ties the two.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from tradewinds.errors import TradewindsError
from tradewinds.solvers.perfect_foresight.structure import Pattern

__all__ = ["LinearSystem", "SingularSystemError", "StackedPattern", "stacked_pattern"]

Array = NDArray[np.float64]


class SingularSystemError(TradewindsError):
    """A linear system of a Newton step has no reliable solution.

    Attributes
    ----------
    unknowns : tuple of (int, int)
        Period, from 0, and number of unknowns that the equations do not determine, as far as they are known.
    equations : tuple of (int, int)
        The same for equations that no unknown moves.
    """

    def __init__(
        self,
        message: str,
        unknowns: tuple[tuple[int, int], ...] = (),
        equations: tuple[tuple[int, int], ...] = (),
    ) -> None:
        super().__init__(message)
        self.unknowns = unknowns
        self.equations = equations


@dataclass(frozen=True, eq=False)
class StackedPattern:
    """A model's pattern over a horizon.

    Attributes
    ----------
    pattern : Pattern
        Of one period.
    periods : int
        Number of periods ``T``.
    """

    pattern: Pattern
    periods: int

    def __post_init__(self) -> None:
        rows, columns, keep, tied = self._places()
        size = self.pattern.size * self.periods
        codes = columns * size + rows  # sorted by column, then row: the order of CSC
        places, inverse = np.unique(codes, return_inverse=True)
        flat = np.flatnonzero(keep)  # where an entry is among the values of all periods
        plain = np.setdiff1d(np.arange(codes.size), tied)
        first = np.full(places.size, -1)
        first[inverse[plain[::-1]]] = plain[::-1]  # the first of those that share a place
        more = np.setdiff1d(plain, first)
        object.__setattr__(self, "_first", np.where(first >= 0, flat[first], -1))
        object.__setattr__(self, "_empty", np.flatnonzero(first < 0))
        object.__setattr__(self, "_more", (inverse[more], flat[more]))
        object.__setattr__(self, "_tied", inverse[tied])
        object.__setattr__(self, "_indices", (places % size).astype(np.int32))
        counts = np.bincount((places // size).astype(np.intp), minlength=size)
        object.__setattr__(self, "_pointers", np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))

    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.intp]]:
        """Return row and column of every entry kept, which entries those are, and which of them lead out of the horizon."""
        pattern, periods, n = self.pattern, self.periods, self.pattern.size
        time = np.arange(periods)[:, None]
        row = time * n + pattern.rows
        period = time + pattern.slots
        leaves = period >= periods
        column = np.where(leaves, periods - 1, period) * n + pattern.columns
        keep = period >= 0  # what comes before the first period is given
        return row[keep].astype(np.int64), column[keep].astype(np.int64), keep, np.flatnonzero(leaves[keep])

    def matrix(self, values: Array, terminal: Array | None = None) -> csc_array:
        """Return the stacked Jacobian.

        Parameters
        ----------
        values : ndarray, shape (T, nnz)
            Derivatives of each period, in the order of the pattern.
        terminal : ndarray, shape (n,), optional
            ``d x[T+1] / d x[T]`` of each unknown; None where the period after the last is given.
        """
        data = values.ravel()[self._first]  # type: ignore[attr-defined]
        data[self._empty] = 0.0  # type: ignore[attr-defined]
        places, entries = self._more  # type: ignore[attr-defined]
        np.add.at(data, places, values.ravel()[entries])
        if terminal is not None:
            leads = self.pattern.slots == 1
            np.add.at(data, self._tied, values[-1, leads] * terminal[self.pattern.columns[leads]])  # type: ignore[attr-defined]
        size = self.pattern.size * self.periods
        return csc_array((data, self._indices, self._pointers), shape=(size, size))  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=4)
def stacked_pattern(pattern: Pattern, periods: int) -> StackedPattern:
    """Return the pattern over a horizon; the last few are kept, since solves of one horizon follow one another."""
    return StackedPattern(pattern, periods)


@dataclass(frozen=True, eq=False)
class LinearSystem:
    """The system of a Newton step.

    Attributes
    ----------
    stacked : StackedPattern
    values, terminal
        Its matrix: see :meth:`StackedPattern.matrix`.
    right : ndarray, shape (T n,)
    tolerance : float
        Relative residual that suffices.
    """

    stacked: StackedPattern
    values: Array
    terminal: Array | None
    right: Array
    tolerance: float
