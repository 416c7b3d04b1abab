"""Mechanisms of growth: a balanced growth path, 10,000 of them at once, and a path with shocks to a known accuracy.

A solve is warm: code and grids have been used, but every parameter is new, a little off the standard calibration each time. The
contender of a sweep is a loop over ``solve``, timed on some of the points and scaled; both must find the same growth and welfare.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

#: What the issue asks: milliseconds a solve, seconds of so many at once, seconds and error of a path with shocks.
MILLISECONDS, SECONDS, MANY = 10.0, 2.0, 10_000
PATH_SECONDS, PATH_ERROR = 10.0, 1e-4
#: Solves of the loop that is timed, and of a sweep that solves a system for each point.
LOOPED = 100

Row = tuple[str, float, str, str, bool]


def nearby(mechanism: Any, variant: str, factor: Any) -> dict[str, Any]:
    """Return every number of the standard calibration that can move, times a factor or factors."""
    p, moved = mechanism.parameters(variant), {}
    for name, definition in mechanism.definitions.items():
        value = np.asarray(getattr(p, name), dtype=float)
        if definition.whole or definition.axes or value == 1 or not np.isfinite(value):
            continue  # some variants know a parameter at one, a normalisation, only
        new = np.multiply.outer(factor, value)
        if np.all(definition.inside(new)):
            moved[name] = new
    return moved


def best(work: Callable[[int], Any], repeats: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the fastest of several calls, in seconds; each is told which it is."""
    seconds = []
    for i in range(repeats):
        start = clock()
        work(i)
        seconds.append(clock() - start)
    return min(seconds)


def solves(mechanism: Any, variant: str) -> float:
    """Return seconds of a warm solve at new parameters, of processor time: solves have one thread, and others may be at work."""
    p = mechanism.parameters(variant)
    near = [p.replace(**nearby(mechanism, variant, 1 + 1e-4 * i)) for i in range(9)]
    mechanism.solve(near.pop(), variant=variant)
    return best(lambda i: mechanism.solve(near[i], variant=variant), len(near), time.process_time)


def sweeps(mechanism: Any, variant: str) -> tuple[float, float, float]:
    """Return seconds of a sweep and of the loop that it replaces, and the largest relative gap between the two."""
    p = mechanism.parameters(variant)
    many = MANY if mechanism.closed_form else LOOPED
    factor = np.linspace(1.0, 1.01, many)
    over = nearby(mechanism, variant, factor)
    swept: Any = None

    def at_once(_: int) -> None:
        nonlocal swept
        swept = mechanism.sweep(p, variant=variant, **over)

    ours = best(at_once, 3)
    chosen = np.linspace(0, many - 1, LOOPED).astype(int)
    assert swept.admissible[chosen].all(), f"{mechanism.name} ({variant}): the sweep leaves admissible parameters"
    start = time.perf_counter()
    looped = [
        mechanism.solve(p.replace(**{n: float(v[i]) for n, v in over.items()}), variant=variant).value for i in chosen
    ]
    theirs = (time.perf_counter() - start) / LOOPED * many
    gap = 0.0
    for name in ("growth", "lifetime_utility"):
        one = np.array([point[name] for point in looped], dtype=float)
        gap = max(gap, float(np.max(np.abs(swept[name][chosen] - one) / np.maximum(np.abs(one), 1e-3))))
    return ours, theirs, gap


def path() -> Iterator[Row]:
    """Time the path with shocks of Perla, Tonetti and Waugh (2021), and measure its error on finer grids."""
    from tradewinds.growth import mechanisms

    mechanism: Any = mechanisms["perla-tonetti-waugh"]
    p = mechanism.parameters("corrected")
    found: list[Any] = []
    cut = {"trade_cost": 1 + 0.9 * (p.trade_cost - 1)}
    seconds = best(lambda _: found.append(mechanism.counterfactual(p, cut, variant="corrected")), 2)
    grids = mechanism.grid_convergence(p, cut, grids=((200, 24), (400, 48), (800, 96)))
    error = abs(found[-1].welfare_transition - grids.limit) / 100
    what = "path with shocks, cut of trade costs by 10 per cent"
    yield what, seconds, "s", f"<= {PATH_SECONDS:g} s", seconds <= PATH_SECONDS
    yield "its error in welfare, share of consumption", error, "1", f"<= {PATH_ERROR:g}", error <= PATH_ERROR


def run() -> Iterator[Row]:
    """Yield what was measured, its value and unit, the goal and whether it is met."""
    from tradewinds.growth import mechanisms

    cases = [(m, v) for m in mechanisms.values() for v in m.variants]
    for mechanism, variant in cases:
        spent = 1000 * solves(mechanism, variant)
        yield f"{mechanism.name} ({variant})", spent, "ms", f"<= {MILLISECONDS:g} ms", spent <= MILLISECONDS
    for mechanism, variant in cases:
        if not mechanism.vectorises(variant):
            continue
        ours, theirs, gap = sweeps(mechanism, variant)
        goal, many = (f"<= {SECONDS:g} s", MANY) if mechanism.closed_form else ("", LOOPED)
        yield f"{many} of {mechanism.name} ({variant})", ours, "s", goal, not goal or ours <= SECONDS
        yield "  ratio to a loop over solve", theirs / ours, "x", "", True
        yield "  largest relative gap to it", gap, "1", "<= 1e-9", gap <= 1e-9
    yield from path()


if __name__ == "__main__":
    for what, value, unit, goal, met in run():
        verdict = "" if not goal else f"goal {goal}: {'met' if met else 'MISSED'}"
        print(f"{what:<64}{value:>12.4g} {unit:<5}{verdict}", flush=True)
