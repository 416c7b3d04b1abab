"""GMRES on one system or on several side by side, which share a preconditioner.

A factor of a stacked Jacobian is large: to apply it to a vector is to read it once from memory, and to apply it to ten vectors is
too. So a search is a generator: it yields the vector that it wants preconditioned and is sent the result, and several that go on
side by side have their vectors preconditioned as the columns of one matrix. Each finds what it would find alone.

Source: Saad and Schultz (1986, SIAM J. Sci. Stat. Comput. 7(3)), here without restarts and preconditioned from the right, so that
the residual that is minimised is that of the system itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_STEPS", "Found", "gmres", "search", "side_by_side"]

Array = NDArray[np.float64]

#: Krylov steps after which the present Jacobian is factored: about as many as a factor costs.
MOST_STEPS = 12


class Found(NamedTuple):
    """What a search found: the solution, the steps taken, and whether they sufficed."""

    solution: Array
    steps: int
    met: bool


Search = Generator[Array, Array, Found]


def search(apply: Callable[[Array], Array], right: Array, tolerance: float, most: int = MOST_STEPS) -> Search:
    """Solve ``apply(x) = right`` from zero; yield vectors to be preconditioned and return what was found.

    Parameters
    ----------
    apply : callable
        The system.
    right : ndarray, shape (N,)
    tolerance : float
        Largest 2-norm of the residual, relative to that of ``right``.
    most : int
        Largest number of steps.
    """
    size = float(np.linalg.norm(right))
    if size == 0.0:
        return Found(np.zeros_like(right), 0, True)
    basis = np.empty((most + 1, right.size))
    moved = np.empty((most, right.size))
    projected = np.zeros((most + 1, most))
    basis[0] = right / size
    for k in range(most):
        moved[k] = yield basis[k]
        image = apply(moved[k])
        for _ in range(2):  # orthogonalised twice, to working precision
            along = basis[: k + 1] @ image
            image -= along @ basis[: k + 1]
            projected[: k + 1, k] += along
        projected[k + 1, k] = np.linalg.norm(image)
        if not np.isfinite(projected[: k + 2, k]).all():
            return Found(np.zeros_like(right), k + 1, False)
        target = np.zeros(k + 2)
        target[0] = size
        weights = np.linalg.lstsq(projected[: k + 2, : k + 1], target, rcond=None)[0]
        missed = float(np.linalg.norm(target - projected[: k + 2, : k + 1] @ weights))
        if missed <= tolerance * size or k == most - 1:
            solution = weights @ moved[: k + 1]
            return Found(solution, k + 1, bool(np.linalg.norm(right - apply(solution)) <= 1.1 * tolerance * size))
        if projected[k + 1, k] <= np.finfo(float).eps * np.abs(projected[: k + 1, k]).max():
            return Found(weights @ moved[: k + 1], k + 1, False)  # nothing new to search in: the system is singular
        basis[k + 1] = image / projected[k + 1, k]
    raise AssertionError("unreachable")


def side_by_side(searches: Sequence[Search], precondition: Callable[[Array], Array]) -> list[Found]:
    """Carry out searches, with the vectors of all that still go on preconditioned at once, and return what each found.

    Parameters
    ----------
    searches : sequence of generator
        From :func:`search`.
    precondition : callable
        An approximate inverse of all the systems, applied to the columns of a matrix, shape (N, k).
    """
    found: dict[int, Found] = {}
    with ThreadPoolExecutor(2) as pool:
        each = map if len(searches) == 1 else pool.map
        wanted = dict(enumerate(each(_advance, searches, [None] * len(searches))))
        while True:
            found |= {k: answer for k, answer in wanted.items() if isinstance(answer, Found)}
            going = {k: vector for k, vector in wanted.items() if not isinstance(vector, Found)}
            if not going:
                return [found[k] for k in range(len(searches))]
            with np.errstate(all="ignore"):  # overflow shows in the norms
                columns = precondition(np.stack(list(going.values()), axis=1))
            wanted = dict(zip(going, each(_advance, [searches[k] for k in going], columns.T), strict=True))


def _advance(going: Search, answer: Array | None) -> Array | Found:
    """Return the next vector that a search wants preconditioned, or what it found."""
    try:
        with np.errstate(all="ignore"):
            return next(going) if answer is None else going.send(answer)
    except StopIteration as done:
        return done.value


def gmres(
    apply: Callable[[Array], Array], precondition: Callable[[Array], Array], right: Array, tolerance: float
) -> Found:
    """Solve one system, in at most ``MOST_STEPS`` steps."""
    return side_by_side([search(apply, right, tolerance)], lambda columns: precondition(columns[:, 0])[:, None])[0]
