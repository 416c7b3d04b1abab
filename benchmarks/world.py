"""The world model: the simulation of US research, from a fresh process and warm, and the nine simulations of the paper.

"Fresh" is a process that imports and compiles, with no compiled function kept from an earlier one. "Warm" is compiled, with nothing
else kept: each time starts from the calibration. Times are the shortest of several, with the processor's beside the clock's, which
is what remains of them on a machine that others use too.

Of 1.2 seconds of the processor that the warm simulation takes, a quarter is the factor of the baseline's Jacobian, a third its
application in 14 Krylov steps and the checks, a sixth four evaluations of derivatives, a tenth the choice of pivots.
Only a solver handed from one simulation to the next would save the factor: none is kept behind the user's
back, so that a result does not depend on what was simulated before it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Row = tuple[str, float, str, str, bool]


def main() -> None:
    """Simulate the world with more US research once."""
    from tradewinds.replications.bch.simulations import SIMULATIONS
    from tradewinds.world import read_calibration, simulate_world

    simulate_world(read_calibration("bayoumi-coe-helpman-1996"), SIMULATIONS["US"])


def fresh() -> float:
    """Return the seconds of a process that does so and has nothing compiled."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.world"],
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"TRADEWINDS_CACHE": "off"},
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - start


def shortest(task: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the shortest times of a task, by the clock and of the processor."""
    clock, processor = [], []
    for _ in range(repeats):
        start, used = time.perf_counter(), time.process_time()
        task()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return min(clock), min(processor)


def run() -> list[Row]:
    """Return rows of (what, value, unit, goal, met)."""
    from tradewinds.replications.bch.simulations import SIMULATIONS, simulate_paper
    from tradewinds.world import read_calibration, simulate_world

    first = fresh()
    rows: list[Row] = [("US research, a fresh process", first, "s", "<= 10", first <= 10)]
    world = read_calibration("bayoumi-coe-helpman-1996")
    simulate_world(world, SIMULATIONS["US"])
    for what, task, repeats, goal in (
        ("US research, warm", lambda: simulate_world(world, SIMULATIONS["US"]), 5, 1.0),
        ("the nine simulations, warm", lambda: simulate_paper(world), 2, 5.0),
    ):
        clock, processor = shortest(task, repeats)
        rows.append((what, clock, "s", f"<= {goal:g}", clock <= goal))
        rows.append(("  of the processor", processor, "s", "", True))
    return rows


if __name__ == "__main__":
    main()
