"""Null vectors of a sparse matrix from one sparse LU.

Inverse iteration from both sides on a block of random vectors: each round solves with the transpose of the matrix and with the
matrix itself, after a perturbation of rounding size that keeps its factor from breaking down. The block turns into the singular
vectors of the smallest singular values; which of these are zero is judged with the matrix as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.sparse.linalg import splu

from tradewinds.solvers.perfect_foresight.linear.scaling import one_thread

__all__ = ["NullSpace", "echelon", "null_space"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: Singular values of a scaled matrix below this are zero.
ZERO = 1e-9
#: Sizes of the perturbation; from the second on, rows and columns that cannot be matched are completed.
PERTURBATIONS = (1e-11, 1e-11, 1e-10)
ROUNDS = 3
#: Vectors iterated on at first, by how much they grow where all turn out to be null, and how many at most.
FIRST, MORE, MOST = 4, 4, 256
#: Size up to which a matrix that cannot be factored is taken as dense.
SMALL = 1000


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
    with one_thread():
        factor = _near_factor(matrix, order)
        if factor is None:
            return _dense(matrix) if n <= SMALL else NullSpace(np.zeros((0, n)), np.zeros((0, n)), known=False)
        width = min(FIRST, n)
        while True:
            left, right = _iterated(matrix, factor, width)
            if len(right) < width or width == min(n, MOST):
                break
            width = min(MORE * width, n, MOST)
    return NullSpace(echelon(left), echelon(right))


def _dense(matrix: csr_array) -> NullSpace:
    left, values, right = np.linalg.svd(matrix.toarray())
    lost = values < ZERO
    return NullSpace(echelon(left.T[lost]), echelon(right[lost]))


@dataclass(frozen=True, eq=False)
class _Factor:
    """A sparse LU of a matrix with its rows and columns in another order."""

    factor: Any
    rows: Index
    columns: Index

    def solve(self, right: Array, *, transposed: bool) -> Array:
        out = np.empty_like(right)
        into, from_ = (self.rows, self.columns) if transposed else (self.columns, self.rows)
        out[into] = self.factor.solve(right[from_], trans="T" if transposed else "N")
        return out


def _near_factor(matrix: csr_array, order: tuple[Index, Index] | None) -> _Factor | None:
    """Return a factor of a regular matrix close to this one; None if there is none."""
    random = np.random.default_rng(0)
    rows, columns = order or (np.arange(matrix.shape[0]),) * 2
    options: Any = {"permc_spec": "COLAMD"} if order is None else {"permc_spec": "NATURAL", "diag_pivot_thresh": 0.01}
    for attempt, size in enumerate(PERTURBATIONS):
        matrix = _completed(matrix) if attempt == 1 else matrix
        near = csr_array((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape, copy=True)
        near.data = near.data + size * random.uniform(-1.0, 1.0, near.data.size)
        permuted: Any = csc_array(near[rows][:, columns])
        permuted.sort_indices()
        try:
            return _Factor(splu(permuted, **options), rows, columns)
        except RuntimeError:
            continue
    return None


def _completed(matrix: csr_array) -> csr_array:
    """Return the matrix with explicit zeros where rows and columns that cannot be matched otherwise meet."""
    partner = maximum_bipartite_matching(matrix, perm_type="column")
    rows = np.flatnonzero(partner < 0)
    columns = np.setdiff1d(np.arange(matrix.shape[1]), partner)
    entries: Any = coo_array(matrix)
    places: Any = (np.append(entries.row, rows), np.append(entries.col, columns))
    return csr_array(coo_array((np.append(entries.data, np.zeros(rows.size)), places), shape=matrix.shape))


def _iterated(matrix: csr_array, factor: _Factor, width: int) -> tuple[Array, Array]:
    """Return orthonormal bases of the left and right null vectors among ``width`` directions, as rows."""
    right: Array = np.random.default_rng(1).normal(size=(matrix.shape[0], width))
    left = right
    for _ in range(ROUNDS):
        left = np.asarray(np.linalg.qr(factor.solve(right, transposed=True))[0], dtype=float)
        right = np.asarray(np.linalg.qr(factor.solve(left, transposed=False))[0], dtype=float)
    return _null_among(csr_array(matrix.T), left), _null_among(matrix, right)


def _null_among(matrix: csr_array, candidates: Array) -> Array:
    _, values, directions = np.linalg.svd(matrix @ candidates, full_matrices=False)
    return np.asarray(directions[values < ZERO] @ candidates.T)


def echelon(basis: NDArray[Any]) -> Array:
    """Return the real basis of the same space in which each vector has an entry of its own, and largest entries of one."""
    if not len(basis):
        return np.asarray(basis.real)
    pivots = qr(basis, pivoting=True, mode="r")[1][: len(basis)]
    form: Array = np.asarray(np.linalg.solve(basis[:, pivots], basis).real, dtype=float)
    form[np.abs(form) < 1e-7 * np.abs(form).max()] = 0.0
    largest = form[np.arange(len(form)), np.abs(form).argmax(axis=1)]
    return np.asarray(form / largest[:, None])
