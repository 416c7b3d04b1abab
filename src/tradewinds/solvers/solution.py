"""What every solver returns, and the one check that decides whether it converged.

A solver proposes a point and says how it got there. Whether that point solves the problem is decided by :func:`judge`,
which evaluates the residual again at the returned point: nothing is converged by its own word.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import ConvergenceError, InputError

__all__ = ["Residual", "Solution", "Status", "judge"]


class Status(enum.Enum):
    """How a solve ended; the value is a sentence that says what to try."""

    CONVERGED = "The residual at the returned point is within the tolerance."
    NOT_CONVERGED = (
        "The residual at the returned point is above the tolerance. Try a better starting point, more iterations, "
        "or a smaller step."
    )
    MAX_ITERATIONS = (
        "The iteration limit was reached before the residual fell below the tolerance. Raise max_iterations, or start "
        "from a nearby problem that solves."
    )
    NOT_FINITE = (
        "The residual at the returned point is not finite. Check for logs or powers of non-positive numbers and "
        "start from admissible values."
    )

    @property
    def ok(self) -> bool:
        """True if the point may be used."""
        return self is Status.CONVERGED


@dataclass(frozen=True)
class Residual:
    """Residuals of a system at one point.

    Attributes
    ----------
    values : ndarray
        Residual of each equation, any shape.
    norm : float
        Largest absolute residual (infinity if any is not finite).
    worst : tuple of (str, float)
        Names and values of the largest residuals, worst first.
    """

    values: NDArray[np.float64]
    norm: float
    worst: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Solution:
    """What a solver returns.

    Attributes
    ----------
    value : object
        The point reached (its type is the solver's business).
    status : Status
        Set by :func:`judge`, never by the solver.
    residual : Residual
        Residual re-evaluated at ``value``.
    iterations : int
        Number of iterations taken.
    history : tuple of float
        Residual norm at each iteration, as the solver saw it.
    """

    value: Any
    status: Status
    residual: Residual
    iterations: int
    history: tuple[float, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """True if the solution may be used."""
        return self.status.ok


def _worst(values: NDArray[np.float64], names: Sequence[str] | None, count: int) -> tuple[tuple[str, float], ...]:
    flat = np.ravel(values)
    size = np.where(np.isfinite(flat), np.abs(flat), np.inf)
    order = np.argsort(-size, kind="stable")[:count]
    return tuple((names[i] if names is not None else f"equation {i + 1}", float(flat[i])) for i in order)


def judge(
    value: Any,
    residual: Callable[[Any], Any],
    *,
    tolerance: float,
    iterations: int,
    limit_reached: bool = False,
    history: Sequence[float] = (),
    names: Sequence[str] | None = None,
    what: str = "the solver",
    advice: str = "",
    throw: bool = False,
) -> Solution:
    """Evaluate the residual at ``value`` and return the graded :class:`Solution`.

    Parameters
    ----------
    value : object
        Point proposed by a solver.
    residual : callable
        Maps a point to an array of residuals; zero at a solution.
    tolerance : float
        Largest absolute residual that counts as solved. Must be positive.
    iterations : int
        Iterations the solver took.
    limit_reached : bool
        Whether it stopped because of its iteration limit; changes the advice, not the verdict.
    history : sequence of float
        Residual norms along the way.
    names : sequence of str, optional
        One name an equation, used to name the worst.
    what : str
        What was being solved, for the error message.
    advice : str
        What to try, in sentences, for callers whose users cannot set a starting point or a number of iterations; it takes
        the place of the status's own advice and of the number of iterations in the error message.
    throw : bool
        Raise instead of returning an unsolved solution.

    Raises
    ------
    InputError
        If the tolerance is not positive or there is not one name an equation.
    ConvergenceError
        If ``throw`` and the residual is above the tolerance; it carries the solution, worst equation first.

    Examples
    --------
    >>> judge(2.0, lambda x: x**2 - 4, tolerance=1e-12, iterations=3).status.name
    'CONVERGED'
    """
    if not tolerance > 0:
        raise InputError(f"tolerance is {tolerance!r}; it must be a positive number such as 1e-10")
    values = np.atleast_1d(np.asarray(residual(value), dtype=float))
    if names is not None and len(names) != values.size:
        raise InputError(f"{what} has {values.size} equation(s) but {len(names)} name(s): give one name an equation")
    finite = bool(np.all(np.isfinite(values)))
    norm = float(np.max(np.abs(values), initial=0.0)) if finite else float("inf")
    if not finite:
        status = Status.NOT_FINITE
    elif norm <= tolerance:
        status = Status.CONVERGED
    elif limit_reached:
        status = Status.MAX_ITERATIONS
    else:
        status = Status.NOT_CONVERGED
    solution = Solution(value, status, Residual(values, norm, _worst(values, names, 5)), iterations, tuple(history))
    if throw and not solution.ok:
        worst = "; ".join(f"{name}: {size:.3g}" for name, size in solution.residual.worst)
        how = (
            f"did not converge. {advice}"
            if advice
            else f"did not converge after {iterations} iterations. {status.value}"
        )
        raise ConvergenceError(
            f"{what} {how} Largest residual {norm:.3g} against a tolerance of {tolerance:.3g}; worst first: {worst}.",
            solution,
        )
    return solution
