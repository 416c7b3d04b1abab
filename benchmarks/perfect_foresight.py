"""Perfect foresight: a non-linear world of 12 countries with 40 equations each, beside Dynare.

The model is that of the cross-check (``tests/crosscheck``), written for both; the experiment is a lasting rise of research in one
country, solved to 1e-10. "Warm" means compiled. A second scenario is the same shock to another country, with the factor of the
first. Times are the shortest of several; where two figures are compared, they are measured in turns.

A batch shares the pattern, the compiled functions, the pivots and the factor, and its scenarios are solved side by side, so that an
application of the factor serves the vectors of all. What is left is each scenario's own: derivatives at its Newton iterates, about
half of the time, and its Krylov spaces. The first scenario has the factor of its own start and takes three Newton steps, the others
four. That bounds seven scenarios at about four and a half times the processor's time of one, and by the clock, where two cores are
free, at less.

Beside Dynare's whole process ours is bounded by Python: it imports JAX, traces and compiles for four to six seconds before it
solves for a fifth of one. Twenty times faster than a process of half a minute would be a process of a second and a half.
"""

from __future__ import annotations

import importlib.util
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent
CROSSCHECK = ROOT / "tests" / "crosscheck"
Row = tuple[str, float, str, str, bool]


def load(name: str) -> ModuleType:
    """Return a module of the cross-check."""
    alias = f"crosscheck_{name}"
    if alias in sys.modules:
        return sys.modules[alias]
    specification = importlib.util.spec_from_file_location(alias, CROSSCHECK / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[alias] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


class World:
    """The model over a horizon, from its old steady state to one with more research in a country."""

    def __init__(self, periods: int) -> None:
        import numpy as np

        from tradewinds.solvers.perfect_foresight import make_databank

        models = load("models")
        self.model = models.world_model()
        start = models.world_start(self.model)
        old = np.concatenate(
            [np.broadcast_to(start[v.name], 12 if v.dimension == "country" else 1) for v in self.model.variables]
        )
        shock = np.zeros(self.model.exogenous_size)
        shock[0] = 0.005
        values = models.constant(self.model, models.steady_state(self.model, old, shock), periods + 2)
        for name, path in values.items():
            path[0] = start[name]
        self.baseline = make_databank(
            self.model, range(periods + 2), values | {"research_shock": 0.0, "tfp_shock": 0.0}
        )

    def shocks(self, country: int = 1) -> list[Any]:
        """Return a lasting rise of research in a country."""
        from tradewinds.solvers.perfect_foresight import Shock

        return [Shock("research_shock", 0.005, 1, countries=(f"R{country}",))]

    def solve(self, country: int = 1, solver: Any = None) -> Any:
        """Return a scenario solved."""
        from tradewinds.solvers.perfect_foresight import simulate

        return simulate(self.model, self.baseline, self.shocks(country), solver=solver)

    def batch(self, count: int) -> Any:
        """Return scenarios of one country each."""
        from tradewinds.solvers.perfect_foresight import simulate_many

        return simulate_many(self.model, self.baseline, {f"R{k}": self.shocks(k) for k in range(1, count + 1)})


def seconds(task: Callable[[], object]) -> float:
    """Return the wall time of a task."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def processor(task: Callable[[], object]) -> float:
    """Return the processor's time of a task, on all cores."""
    start = time.process_time()
    task()
    return time.process_time() - start


def first_and_second(world: World, repeats: int) -> tuple[float, float]:
    """Return the shortest times of a first scenario and of a second one that has the factor of the first."""
    from tradewinds.solvers.perfect_foresight.linear import ReusedFactor

    firsts, seconds_ = [], []
    for _ in range(repeats):
        solver = ReusedFactor()
        firsts.append(seconds(lambda solver=solver: world.solve(1, solver)))
        seconds_.append(seconds(lambda solver=solver: world.solve(2, solver)))
    return min(firsts), min(seconds_)


def in_a_process(what: str, periods: int, **environment: str) -> tuple[list[float], float]:
    """Run :func:`main` in a process of its own; return what it prints and the seconds of the whole process."""
    command = [sys.executable, "-m", "benchmarks.perfect_foresight", what, str(periods)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()], time.perf_counter() - start


def main(what: str, periods: int) -> None:
    """Measure one thing in this process and print it."""
    if what == "first":  # from a baseline that needs no solving
        from tradewinds.solvers.perfect_foresight import Shock, simulate

        models = load("models")
        model = models.world_model()
        simulate(model, models.world_baseline(model, periods), [Shock("research_shock", 0.005, 1, countries=("R1",))])
        return
    world = World(periods)
    world.solve()
    if what == "memory":
        world.solve(2)
        unit = 1 if sys.platform == "darwin" else 1024  # kilobytes on Linux, bytes on macOS
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30)
    elif what == "warm":
        print(min(seconds(world.solve) for _ in range(5)))


def within(what: str, value: float, unit: str, limit: float, *, most: bool = True) -> Row:
    """Return a row with its goal."""
    met = value <= limit if most else value >= limit
    return what, value, unit, f"{'<=' if most else '>='} {limit:g}", met


def beside_dynare(world: World, whole: float) -> list[Row]:
    """Return ratios of Dynare's time to ours, for the solver and the whole process."""
    reference = load("make_reference")
    dynare = reference.dynare_folder()
    if dynare is None:
        print("  Dynare or Octave is not installed; no comparison. Set DYNARE to the folder of its matlab files.")
        return []
    with tempfile.TemporaryDirectory() as folder:
        _, process, printed = reference.run_dynare(dynare, "world", Path(folder), "-DPERIODS=80")
    found = re.search(r"seconds of the solver: ([\d.]+)", printed)
    assert found is not None
    solver = float(found.group(1))
    ours = min(seconds(world.solve) for _ in range(3))
    return [
        ("Dynare's solver, 80 years", solver, "s", "", True),
        within("  over ours, warm", solver / ours, "x", 50, most=False),
        ("Dynare's whole process, steady states included", process, "s", "", True),
        within("  over ours, which compiles", process / whole, "x", 20, most=False),
    ]


def run() -> list[Row]:
    """Return rows of (what, value, unit, goal, met)."""
    rows = []
    for periods, goals in ((80, (0.8, 0.3)), (250, (2.5, 0.8))):
        world = World(periods)
        world.solve()
        first, second = first_and_second(world, 5)
        rows.append(within(f"{periods} years, first scenario, warm", first, "s", goals[0]))
        rows.append(within(f"{periods} years, second scenario", second, "s", goals[1]))
    world = World(80)
    world.batch(2)
    one, seven = (min(seconds(lambda count=count: world.batch(count)) for _ in range(3)) for count in (1, 7))
    rows.append(within("a batch of 7 scenarios over one", seven / one, "x", 3))
    one, seven = (min(processor(lambda count=count: world.batch(count)) for _ in range(3)) for count in (1, 7))
    rows.append(("  of the processor's time", seven / one, "x", "", True))
    with tempfile.TemporaryDirectory() as folder:
        _, fresh = in_a_process("first", 80, TRADEWINDS_CACHE="off")
        _, whole = in_a_process("with its steady states", 80, TRADEWINDS_CACHE="off")
        in_a_process("first", 80, TRADEWINDS_CACHE=folder)
        _, again = in_a_process("first", 80, TRADEWINDS_CACHE=folder)
    rows.append(within("a fresh process, imports and compilation included", fresh, "s", 8))
    rows.append(("  with compiled functions kept by an earlier one", again, "s", "", True))
    pinned, free = (in_a_process("warm", 80, OPENBLAS_NUM_THREADS=n, OMP_NUM_THREADS=n)[0][0] for n in "12")
    rows.append(within("two threads of BLAS in the environment, over one", free / pinned, "x", 1.3))
    rows.append(within("peak memory, 250 years", in_a_process("memory", 250)[0][0], "GiB", 1.0))
    return rows + beside_dynare(world, whole)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
