"""Homotopy: reach a large shock by way of smaller ones, with steps that adapt.

When Newton fails from the baseline, the same problem is solved with a part of the shock first, and each solution is extended in a
straight line to start the next. At a share of zero the start itself is a solution: what it misses is put into the add factors and
taken out in proportion, so a baseline that does not solve the model, or another initial state, is reached on the same road.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.newton import Problem, Terminal
from tradewinds.solvers.solution import Solution

__all__ = ["between", "follow"]

Array = NDArray[np.float64]

#: Smallest step, as a share of the shock.
SMALLEST_STEP = 2.0**-8
#: Largest number of solves before it gives up.
MOST_SOLVES = 60


def between(origin: Problem, problem: Problem, start: Array) -> Callable[[float], Problem]:
    """Return problems between two by share: at one it is ``problem``, at zero ``start`` solves it.

    Parameters
    ----------
    origin, problem : Problem
        Without the shock, and with all of it.
    start : ndarray, shape (T, n)
        Point from which the road begins.
    """

    @functools.cache
    def missed() -> Array:
        residual = origin.residuals(start)
        return np.where(np.isfinite(residual), residual, 0.0)

    def at(share: float) -> Problem:
        if share == 1.0:
            return problem

        def mix(one: Array, other: Array) -> Array:
            return one + share * (other - one)

        near, far = origin.terminal, problem.terminal
        return replace(
            problem,
            before=mix(origin.before, problem.before),
            exogenous=mix(origin.exogenous, problem.exogenous),
            add=mix(origin.add - missed(), problem.add),
            terminal=Terminal(mix(near.slope, far.slope), mix(near.intercept, far.intercept)),
        )

    return at


def follow(attempt: Callable[[float, Array], Solution], start: Array, what: str = "shock") -> tuple[Solution, str]:
    """Solve with all of the shock, or in steps where that fails; return the solution and what was done beyond Newton.

    Parameters
    ----------
    attempt : callable
        Maps a share of the shock and a first guess to a graded solution, whose value is the next guess.
    start : ndarray
        Solution at a share of zero.
    what : str
        What a share is a share of, for the text.

    Returns
    -------
    Solution
        With the iterations of all attempts; where no attempt solved it, the one with the smallest residual.
    str
        Empty where Newton succeeded directly.
    """
    best = attempt(1.0, start)
    if best.ok:
        return best, ""
    solves, iterations, step = 1, best.iterations, 0.5
    reached = [(0.0, np.asarray(start))]
    while solves < MOST_SOLVES and step >= SMALLEST_STEP:
        share = min(1.0, reached[-1][0] + step)
        trial = attempt(share, _extended(reached, share))
        solves, iterations = solves + 1, iterations + trial.iterations
        if share == 1.0 and (trial.ok or trial.residual.norm < best.residual.norm):
            best = trial
        if not trial.ok:
            step /= 2
            continue
        reached.append((share, trial.value))
        if share == 1.0:
            break
        step *= 2.0 if trial.iterations <= 5 else 1.0
    if not best.ok and len(reached) > 1:
        trial = attempt(1.0, reached[-1][1])
        solves, iterations = solves + 1, iterations + trial.iterations
        best = trial if trial.residual.norm < best.residual.norm or trial.ok else best
    return replace(best, iterations=iterations), _told(best, [share for share, _ in reached[1:]], solves, what)


def _extended(reached: list[tuple[float, Array]], share: float) -> Array:
    """Return the straight line through the last two solutions, at a share."""
    if len(reached) < 2:
        return reached[-1][1]
    (before, first), (now, second) = reached[-2:]
    return second + (share - now) / (now - before) * (second - first)


def _told(best: Solution, shares: list[float], solves: int, what: str) -> str:
    steps = ", ".join(f"{100 * share:.3g}" for share in shares if share < 1.0) or "none"
    if best.ok:
        return (
            f"Newton failed from the start given; homotopy on the {what} size reached it "
            f"by way of {steps} per cent of the {what} ({solves} solves)"
        )
    most = f"up to {100 * max(shares):.3g} per cent of" if shares else f"not even {100 * SMALLEST_STEP:.2g} per cent of"
    return f"Newton failed from the start given; homotopy on the {what} size solved {most} the {what} ({solves} solves)"
