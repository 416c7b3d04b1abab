"""Newton's method on many systems side by side, such as the scenarios of a model.

Jacobians of scenarios from one baseline are near one another, so one factor preconditions them all, and it costs little more to
apply it to the vectors of all scenarios than to that of one. A scenario whose Jacobian has come too far from it goes on alone,
from where it is, once the others are done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from tradewinds.errors import ConvergenceError
from tradewinds.solvers.perfect_foresight.linear import LinearSystem, ReusedFactor, SingularSystemError
from tradewinds.solvers.perfect_foresight.linear.scaling import one_thread
from tradewinds.solvers.perfect_foresight.newton import Steps, finish
from tradewinds.solvers.solution import Solution

__all__ = ["Outcome", "newton_together"]


class Outcome(NamedTuple):
    """What became of a system.

    Attributes
    ----------
    found : Solution or ConvergenceError
    notes : tuple of str
        What the linear algebra tried and gave up on the way.
    """

    found: Solution | ConvergenceError
    notes: tuple[str, ...] = ()

    def solution(self) -> Solution:
        """Return the solution, or raise what was raised."""
        if isinstance(self.found, ConvergenceError):
            raise self.found
        return self.found


def newton_together(runs: Sequence[Steps], engine: ReusedFactor) -> list[Outcome]:
    """Return what became of each system.

    Parameters
    ----------
    runs : sequence of generator
        From :func:`~tradewinds.solvers.perfect_foresight.newton.newton_steps`, of one model over one horizon.
    engine : ReusedFactor
    """
    heard = len(engine.notes)
    found: dict[int, Solution | ConvergenceError] = {}
    alone: dict[int, LinearSystem] = {}
    with ThreadPoolExecutor(2) as pool, one_thread():
        reached = dict(enumerate(pool.map(_proceed, runs, [None] * len(runs))))
        ready = False
        while True:
            found |= {k: item for k, item in reached.items() if not isinstance(item, LinearSystem)}
            systems = {k: item for k, item in reached.items() if isinstance(item, LinearSystem)}
            ready = ready or _factored(engine, systems)
            steps = dict(zip(systems, engine.solve_together(list(systems.values())), strict=True)) if ready else {}
            alone |= {k: system for k, system in systems.items() if steps.get(k) is None}
            going = {k: step for k, step in steps.items() if step is not None}
            if not going:
                break
            reached = dict(zip(going, pool.map(_proceed, [runs[k] for k in going], going.values()), strict=True))
    shared = tuple(engine.notes[heard:])
    outcomes = {k: Outcome(item, shared) for k, item in found.items()}
    for k, system in alone.items():
        heard = len(engine.notes)
        try:
            item: Solution | ConvergenceError = finish(runs[k], engine, system)
        except ConvergenceError as error:
            item = error
        outcomes[k] = Outcome(item, (*shared, *engine.notes[heard:]))
    return [outcomes[k] for k in range(len(runs))]


def _factored(engine: ReusedFactor, systems: Mapping[int, LinearSystem]) -> bool:
    """Return whether there is a factor of the first system, or one near it."""
    for system in systems.values():
        try:
            engine.analyse(system.stacked, system.values)
            engine.factor(system.values, system.terminal)
        except SingularSystemError:  # Newton will say so where it is alone
            return False
        return True
    return False


def _proceed(run: Steps, step: object) -> LinearSystem | Solution | ConvergenceError:
    """Go on to the next linear system, or to the end."""
    try:
        return next(run) if step is None else run.send(step)  # type: ignore[arg-type]
    except StopIteration as done:
        return done.value
    except ConvergenceError as error:
        return error
