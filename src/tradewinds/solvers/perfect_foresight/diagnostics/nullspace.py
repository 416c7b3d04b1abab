"""Null vectors of a sparse matrix from one sparse LU.

A matrix ``M`` that has lost at most ``k`` dimensions is made regular by a border of ``k`` random columns ``U`` and rows ``W'``::

    M  U     v       0
    W' 0  x  g   =   1

The ``k`` solutions ``v`` span all null vectors of ``M``, and more; singular values of ``M v`` pick them out.

Source: Govaerts (2000, Numerical Methods for Bifurcations of Dynamical Equilibria).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.sparse import block_array, csc_array, csr_array
from scipy.sparse.linalg import splu

from tradewinds.solvers.perfect_foresight.linear.scaling import one_thread

__all__ = ["NullSpace", "null_space"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: Singular values of a scaled matrix below this are zero.
ZERO = 1e-9
#: Width of the border at first, by how much it grows where that is not enough, and how far; a small matrix needs no limit.
BORDER, WIDER, WIDEST, SMALL = 4, 4, 256, 1000


@dataclass(frozen=True, eq=False)
class NullSpace:
    """Null vectors of a matrix, in echelon form so that each concerns as few entries as possible.

    Attributes
    ----------
    left, right : ndarray, shape (k, n)
        Combinations of rows, and of columns, that vanish.
    known : bool
        False where the matrix is so far from regular that they could not be had.
    """

    left: Array
    right: Array
    known: bool = True

    @property
    def nullity(self) -> int:
        """Number of dimensions lost."""
        return len(self.right)


def null_space(matrix: csr_array, order: tuple[Index, Index] | None = None) -> NullSpace:
    """Return the null vectors of a square matrix whose rows and columns are scaled.

    Parameters
    ----------
    matrix : csr_array
        Entries of at most about one.
    order : tuple of ndarray of int, optional
        Rows and columns in an order that keeps the factor sparse.
    """
    n = matrix.shape[0]
    most = n if n <= SMALL else WIDEST
    width = min(BORDER, most)
    with one_thread():
        while True:
            factor = _bordered(matrix, order, width)
            right = np.zeros((width, n)) if factor is None else _vanishing(matrix, factor, width, transposed=False)
            if len(right) < width or width == most:
                break
            width = min(WIDER * width, most)
        if factor is None:
            return _dense(matrix) if n <= SMALL else NullSpace(np.zeros((0, n)), np.zeros((0, n)), known=False)
        left = _vanishing(csr_array(matrix.T), factor, width, transposed=True) if len(right) else right
    return NullSpace(_echelon(left), _echelon(right))


def _dense(matrix: csr_array) -> NullSpace:
    left, values, right = np.linalg.svd(matrix.toarray())
    lost = values < ZERO
    return NullSpace(_echelon(left.T[lost]), _echelon(right[lost]))


@dataclass(frozen=True, eq=False)
class _Factor:
    """A sparse LU of a bordered matrix, with its rows and columns in another order."""

    factor: Any
    rows: Index
    columns: Index

    def solve(self, right: Array, *, transposed: bool) -> Array:
        out = np.empty_like(right)
        into, from_ = (self.rows, self.columns) if transposed else (self.columns, self.rows)
        out[into] = self.factor.solve(right[from_], trans="T" if transposed else "N")
        return out


def _bordered(matrix: csr_array, order: tuple[Index, Index] | None, width: int) -> _Factor | None:
    """Return a factor of the matrix with a random border; None if it is still singular."""
    n = matrix.shape[0]
    random = np.random.default_rng(0)
    border = random.uniform(-1.0, 1.0, (n, width)), random.uniform(-1.0, 1.0, (width, n))
    parts: Any = [[matrix, csr_array(border[0])], [csr_array(border[1]), None]]
    whole: Any = csr_array(block_array(parts))
    last = np.arange(n, n + width)
    rows, columns = (np.append(part, last) for part in order or (np.arange(n),) * 2)
    options: Any = {"permc_spec": "COLAMD"} if order is None else {"permc_spec": "NATURAL", "diag_pivot_thresh": 0.01}
    permuted: Any = csc_array(whole[rows][:, columns])
    permuted.sort_indices()
    try:
        return _Factor(splu(permuted, **options), rows, columns)
    except RuntimeError:
        return None


def _vanishing(matrix: csr_array, factor: _Factor, width: int, *, transposed: bool) -> Array:
    """Return an orthonormal basis of the null vectors, as rows."""
    n = matrix.shape[0]
    right = np.zeros((n + width, width))
    right[n:] = np.eye(width)
    candidates = np.linalg.qr(factor.solve(right, transposed=transposed)[:n])[0]
    _, values, directions = np.linalg.svd(matrix @ candidates, full_matrices=False)
    return np.asarray(directions[values < ZERO] @ candidates.T)


def _echelon(basis: Array) -> Array:
    """Return the basis of the same space in which each vector has an entry of its own, and largest entries of one."""
    if not len(basis):
        return basis
    pivots = qr(basis, pivoting=True, mode="r")[1][: len(basis)]
    form: Array = np.asarray(np.linalg.solve(basis[:, pivots], basis), dtype=float)
    form[np.abs(form) < 1e-7 * np.abs(form).max()] = 0.0
    largest = form[np.arange(len(form)), np.abs(form).argmax(axis=1)]
    return np.asarray(form / largest[:, None])
