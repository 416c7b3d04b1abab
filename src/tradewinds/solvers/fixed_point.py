"""Fixed points of small maps, element by element: ``x = g(x)``.

Used where a paper defines a number by itself, such as the growth rate of a stock whose first value depends on that
growth rate (Keller 1997, equation B.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError
from tradewinds.solvers.solution import Solution, judge

__all__ = ["fixed_point"]


def fixed_point(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    start: ArrayLike,
    *,
    tolerance: float = 1e-12,
    max_iterations: int = 1_000,
    names: Sequence[str] | None = None,
    what: str = "the fixed point",
    throw: bool = True,
) -> Solution:
    """Iterate ``x <- function(x)`` until the residual ``function(x) - x`` is within the tolerance.

    An element whose next value is not finite stays where it is and is reported; the others go on, so that one series
    without a solution does not leave the rest half solved.

    Parameters
    ----------
    function : callable
        Maps an array to an array of the same shape.
    start : array_like
        First guess.
    tolerance : float
        Largest absolute residual accepted, in the unit of ``x``.
    max_iterations : int
        Iteration limit.
    names : sequence of str, optional
        One name an element, to name the worst one.
    what : str
        What is being solved, for messages.
    throw : bool
        Raise :class:`~tradewinds.errors.ConvergenceError` if unsolved; otherwise return the flagged solution.

    Returns
    -------
    Solution
        With ``value`` the array reached; ``history`` is the largest finite residual of each iteration.

    Raises
    ------
    InputError
        If the function changes the shape of its argument.
    ConvergenceError
        If ``throw`` and some element has no solution within the limit.

    Examples
    --------
    >>> solution = fixed_point(np.cos, [0.5])
    >>> bool(abs(solution.value[0] - 0.7390851332151607) < 1e-11)
    True
    """
    point = np.asarray(start, dtype=float)
    history: list[float] = []
    with np.errstate(all="ignore"):  # a point that is not finite is reported by the shared check
        for _ in range(max_iterations):
            following = np.asarray(function(point), dtype=float)
            if following.shape != point.shape:
                raise InputError(f"{what}: the function maps shape {point.shape} to {following.shape}; they must agree")
            finite = np.isfinite(following - point)
            gap = float(np.max(np.abs(following - point), initial=0.0, where=finite))
            history.append(gap)
            if gap <= tolerance:
                break
            point = np.where(finite, following, point)
        return judge(
            point,
            lambda x: np.asarray(function(x), dtype=float) - x,
            tolerance=tolerance,
            iterations=len(history),
            limit_reached=len(history) == max_iterations,
            history=history,
            names=names,
            what=what,
            throw=throw,
        )
