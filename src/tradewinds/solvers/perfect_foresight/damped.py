"""A damped Newton method for systems of any shape and rank.

Where the Jacobian is square and regular a step is Newton's. Where it is not, because equations outnumber unknowns, say the same
thing twice or leave a level open, a step is Levenberg's and Marquardt's: the smallest one that lowers the sum of squares. A step
is halved while the sum of squares does not fall, or an equation is not finite: so logarithms and powers stay where they exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csc_array, csr_array, eye_array

__all__ = ["Linear", "Loose", "Reached", "descend", "loose"]

Array = NDArray[np.float64]
Move = Callable[[Array, Array], Array]

#: Solutions of a regular system are at most this many times larger than its right-hand side.
LARGEST_GROWTH = 1e9
#: Singular values this small, relative to the largest, are zero.
ZERO = 1e-9
#: Smallest share of a Newton step that is tried.
SMALLEST_STEP = 2.0**-12
#: Smallest and largest weight on the length of a step.
SMALLEST_WEIGHT, LARGEST_WEIGHT = 1e-14, 1e8


@dataclass(frozen=True, eq=False)
class Linear:
    """A system at a point, to first order.

    Attributes
    ----------
    residual : ndarray, shape (n,)
        As the equations are written.
    rows : ndarray, shape (n,)
        Size of the equations, to which the tolerance is relative.
    matrix : csc_array, shape (n, k)
        Derivatives, divided by ``rows`` and ``columns`` so that no term of them, before terms that cancel, is above one.
    columns : ndarray, shape (k,)
        A step of the unknowns is a solution with ``matrix`` divided by it.
    sizes : ndarray, shape (k,)
        Of the unknowns: what a step is compared with.
    """

    residual: Array
    rows: Array
    matrix: csc_array
    columns: Array
    sizes: Array

    @property
    def error(self) -> float:
        """Largest residual, relative to the size of its equation."""
        return _largest(self.residual / self.rows)

    @property
    def right(self) -> Array:
        """Right-hand side of the linear system of a step."""
        return -self.residual / self.rows


@dataclass(frozen=True)
class Loose:
    """What a singular Jacobian leaves open.

    Attributes
    ----------
    count : int
        Number of directions in which unknowns can move without an equation noticing.
    unknowns, equations : tuple of int
        Unknowns in those directions, and equations that follow from each other; the most involved first.
    """

    count: int
    unknowns: tuple[int, ...]
    equations: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Reached:
    """Where the descent ended.

    Attributes
    ----------
    point : ndarray, shape (k,)
    iterations : int
    limit_reached : bool
    history : tuple of float
        Largest scaled residual at each iteration.
    """

    point: Array
    iterations: int
    limit_reached: bool
    history: tuple[float, ...]


def descend(
    residuals: Callable[[Array], Array],
    linear: Callable[[Array], Linear],
    start: Array,
    *,
    tolerance: float,
    max_iterations: int,
    positive: NDArray[np.bool_] | None = None,
) -> Reached:
    """Return the point that is reached from a start.

    Parameters
    ----------
    residuals : callable
        Maps a point (k,) to residuals (n,) as they are written.
    linear : callable
        Maps a point to :class:`Linear`.
    start : ndarray, shape (k,)
    tolerance : float
        Largest scaled residual that ends the search; what rounding still allows is then gained as well.
    max_iterations : int
    positive : ndarray of bool, shape (k,), optional
        Unknowns that are moved in proportion, so that they keep their sign: Newton's method on their logarithm.
    """
    signed = np.zeros(start.shape, dtype=bool) if positive is None else positive & (start > 0)

    def move(point: Array, step: Array) -> Array:
        with np.errstate(over="ignore"):
            ahead = point * np.exp(np.divide(step, point, out=np.zeros_like(step), where=signed))
        return np.where(signed, ahead, point + step)

    point, at = np.array(start, dtype=float), linear(start)
    history = [at.error]
    while point.size and tolerance < history[-1] < np.inf and len(history) <= max_iterations:
        found = _next(residuals, at, point, move)
        if found is None:
            break
        point, at = found, linear(found)
        history.append(at.error)
    limit = len(history) > max_iterations and history[-1] > tolerance
    for _ in range(2 if point.size and history[-1] <= tolerance else 0):
        step = _direct_step(at)
        if step is None or not (after := linear(ahead := move(point, step))).error < history[-1]:
            break
        point, at = ahead, after
        history.append(at.error)
    return Reached(point, len(history) - 1, limit, tuple(history))


def _next(residuals: Callable[[Array], Array], at: Linear, point: Array, move: Move) -> Array | None:
    """Return the next point, or None where no step gets closer."""
    if not np.all(np.isfinite(at.matrix.data)):
        return None
    solve = _factor(at.matrix)
    found = None if solve is None else _closer(residuals, at, point, move, solve)
    return _lower(residuals, at, point, move) if found is None else found


def _closer(
    residuals: Callable[[Array], Array], at: Linear, point: Array, move: Move, solve: Callable[[Array], Array]
) -> Array | None:
    """Return the end of the longest halving of Newton's step after which the next one, with the same derivatives, is shorter.

    The test does not depend on the scale of equations, nor, with steps relative to levels, on that of unknowns (Deuflhard).
    """
    step = solve(at.right) / at.columns
    size = at.sizes + np.abs(step)
    before, length = float(np.linalg.norm(step / size)), 1.0
    while length >= SMALLEST_STEP:
        candidate = move(point, length * step)
        residual = residuals(candidate)
        if np.all(np.isfinite(residual)):
            after = solve(-residual / at.rows) / at.columns
            if float(np.linalg.norm(after / size)) <= before * (1.0 - length / 4):
                return candidate
        length /= 2
    return None


def _lower(residuals: Callable[[Array], Array], at: Linear, point: Array, move: Move) -> Array | None:
    """Return the end of the longest damped step that lowers the sum of squares."""
    before = float(np.linalg.norm(at.right))
    weight = max(SMALLEST_WEIGHT, min(1e-2, before**2))
    while weight <= LARGEST_WEIGHT:
        step = _damped_step(at, weight)
        candidate = point if step is None else move(point, step)
        residual = residuals(candidate)
        if np.all(np.isfinite(residual)) and float(np.linalg.norm(residual / at.rows)) < before:
            return candidate
        weight *= 10
    return None


def _factor(matrix: csc_array) -> Callable[[Array], Array] | None:
    """Return an inverse, or None where the matrix has none that can be trusted."""
    from scipy.sparse.linalg import splu

    rows, columns = matrix.shape
    if rows != columns or not np.all(np.isfinite(matrix.data)):
        return None
    try:
        factor = splu(matrix)
    except RuntimeError:  # exactly singular
        return None
    trial = np.random.default_rng(0).uniform(-1.0, 1.0, rows)
    growth = np.abs(factor.solve(trial)).max(initial=0.0)
    return factor.solve if growth < LARGEST_GROWTH else None


def _direct_step(at: Linear) -> Array | None:
    """Return the step without any damping to speak of."""
    if not np.all(np.isfinite(at.matrix.data)):
        return None
    solve = _factor(at.matrix)
    return _damped_step(at, SMALLEST_WEIGHT) if solve is None else np.asarray(solve(at.right) / at.columns)


def _damped_step(at: Linear, weight: float) -> Array | None:
    """Return the step that minimises the sum of squares of the linear system plus ``weight`` times that of the scaled step.

    None where the weight is too small for a matrix that is singular.
    """
    from scipy.sparse.linalg import splu

    count, width = at.matrix.shape
    whole = block_array([[eye_array(count), at.matrix], [at.matrix.T, -weight * eye_array(width)]], format="csc")
    try:
        solution = splu(csc_array(whole)).solve(np.concatenate([at.right, np.zeros(width)]))
    except RuntimeError:  # exactly singular
        return None
    return np.asarray(solution[count:] / at.columns)


def loose(at: Linear) -> Loose | None:
    """Return what the Jacobian leaves open, or None where it determines every unknown."""
    if not at.matrix.shape[1] or _factor(at.matrix) is not None or not np.all(np.isfinite(at.matrix.data)):
        return None
    left, values, right = np.linalg.svd(csr_array(at.matrix).toarray())
    rank = int(np.sum(values > ZERO * values.max(initial=0.0)))
    count = at.matrix.shape[1] - rank
    if count == 0:
        return None
    return Loose(count, _involved(right[rank:]), _involved(left[:, rank:].T))


def _involved(vectors: Array) -> tuple[int, ...]:
    """Return the places in which some vectors are not zero, the largest first."""
    size = np.linalg.norm(vectors, axis=0)
    order = np.argsort(-size.round(6), kind="stable")
    return tuple(int(place) for place in order if size[place] > 1e-6)


def _largest(values: Array) -> float:
    return float(np.abs(values).max(initial=0.0)) if np.all(np.isfinite(values)) else float("inf")
