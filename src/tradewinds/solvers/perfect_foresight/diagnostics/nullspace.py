"""Null vectors of a sparse matrix from one sparse LU.

With ``K`` a matrix close to ``M`` that is regular, ``x - K^-1 M x`` leaves null vectors of ``M`` as they are and shrinks all else
by about ``|K - M|`` over the next singular value, so a few rounds of it on random vectors leave the null space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import splu

from tradewinds.solvers.perfect_foresight.linear.scaling import one_thread

__all__ = ["NullSpace", "null_space"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: Singular values of a scaled matrix below this are zero.
ZERO = 1e-9
#: Sizes of the perturbation that makes a matrix regular; a larger one is tried where a pivot is exactly zero.
PERTURBATIONS = (1e-11, 1e-8, 1e-5)
ROUNDS = 6


@dataclass(frozen=True, eq=False)
class NullSpace:
    """Null vectors of a matrix, in echelon form so that each concerns as few entries as possible.

    Attributes
    ----------
    left, right : ndarray, shape (k, n)
        Combinations of rows, and of columns, that vanish.
    known : bool
        False if the matrix is singular but no factor of it could be had to find them.
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
        Entries of at most about one; structurally regular.
    order : tuple of ndarray of int, optional
        Rows and columns in an order that keeps the factor sparse.
    """
    n = matrix.shape[0]
    with one_thread():
        factor = _near_factor(matrix, order)
        if factor is None:
            none = np.zeros((0, n))
            return NullSpace(none, none, known=False)
        count = min(4, n)
        while True:
            right = _vanishing(matrix, factor, count, transposed=False)
            if len(right) < count or count == n:
                break
            count = min(4 * count, n)
        left = _vanishing(csr_array(matrix.T), factor, max(len(right), 1), transposed=True) if len(right) else right
    return NullSpace(_echelon(left), _echelon(right))


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
    for size in PERTURBATIONS:
        near = csr_array((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape, copy=True)
        near.data = near.data + size * random.uniform(-1.0, 1.0, near.data.size)
        permuted: Any = csc_array(near[rows][:, columns])
        permuted.sort_indices()
        try:
            if order is None:
                return _Factor(splu(permuted, permc_spec="COLAMD"), rows, columns)
            return _Factor(splu(permuted, permc_spec="NATURAL", diag_pivot_thresh=0.01), rows, columns)
        except RuntimeError:
            continue
    return None


def _vanishing(matrix: csr_array, factor: _Factor, count: int, *, transposed: bool) -> Array:
    """Return an orthonormal basis of the null vectors among ``count`` directions, as rows."""
    vectors: NDArray[Any] = np.linalg.qr(np.random.default_rng(1).normal(size=(matrix.shape[0], count)))[0]
    for done in range(ROUNDS):
        basis, left_over = np.linalg.qr(vectors - factor.solve(matrix @ vectors, transposed=transposed))
        vectors = np.asarray(basis, dtype=float)
        if done >= 2 and np.abs(np.diag(left_over)).max() < 0.1:
            return np.zeros((0, matrix.shape[0]))  # all shrinks, so nothing is null
    _, values, directions = np.linalg.svd(matrix @ vectors, full_matrices=False)
    return np.asarray(directions[values < ZERO] @ vectors.T)


def _echelon(basis: Array) -> Array:
    """Return the basis of the same space in which each vector has an entry of its own, and largest entries of one."""
    from scipy.linalg import qr

    if not len(basis):
        return basis
    pivots = qr(basis, pivoting=True, mode="r")[1][: len(basis)]
    form: Array = np.asarray(np.linalg.solve(basis[:, pivots], basis), dtype=float)
    form[np.abs(form) < 1e-7 * np.abs(form).max()] = 0.0
    largest = form[np.arange(len(form)), np.abs(form).argmax(axis=1)]
    return np.asarray(form / largest[:, None])
