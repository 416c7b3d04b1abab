"""Industry clusters: paths with events, many countries with trade costs, and the map of who gains, against ``solve_ivp`` of SciPy.

The loops are what one writes without these models: the same equations in NumPy, a root finder for wages inside the right-hand side.
SciPy's tolerance is set so that its path is as near to a much finer one as ours, or a little less. Its loop over the map is timed
on a few economies and scaled up. "First" includes compiling; times are the shortest of several, those of SciPy of one. Seconds
of the clock depend on what else the machine does; those of the processors, added up, hardly do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tradewinds.clusters import (
    ClusterParameters,
    ManyParameters,
    autarky_shares,
    paper_economy,
    phase_map,
    simulate,
    simulate_many,
)

Row = tuple[str, float, str, str, bool]


def many_world(count: int = 20, n: int = 40) -> ManyParameters:
    """Return a world of random technologies, sizes, trade costs and one link in ten."""
    random = np.random.default_rng(0)
    cost = np.where(np.eye(count, dtype=bool)[:, :, np.newaxis], 1.0, random.uniform(1, 2, (count, count, n)))
    return ManyParameters(
        technology=3 * np.exp(random.normal(0, 0.5, (count, n))),
        labour=random.uniform(0.2, 3, count),
        trade_cost=cost,
        spillovers=random.uniform(0, 0.2, (n, n)) * (random.random((n, n)) < 0.1),
    )


def scipy_path(p: ManyParameters, tolerance: float) -> Any:
    """Return technology after 100 years by ``solve_ivp``, wages by ``root`` from those found last."""
    from scipy.integrate import solve_ivp
    from scipy.optimize import root

    log_cost, theta, sigma = np.log(p.trade_cost), p.trade_elasticity, p.sigma
    last = np.zeros(len(p.countries))

    def bills(log_wage: Any, log_technology: Any) -> Any:
        power = np.exp(-theta * (log_wage[:, np.newaxis] + log_cost - log_technology))
        phi = power.sum(axis=1)
        weight = phi ** ((sigma - 1) / theta)
        spent = weight * (np.exp(log_wage) * p.labour / weight.sum(axis=1))[:, np.newaxis]
        return np.einsum("nik,nk->ik", power, spent / phi)

    def learning(_: float, flat: Any) -> Any:
        nonlocal last
        log_technology = np.log(flat.reshape(p.technology.shape))

        def gap(log_wage: Any) -> Any:
            balance = bills(log_wage, log_technology).sum(axis=1) / (np.exp(log_wage) * p.labour) - 1
            balance[0] = np.exp(log_wage) @ p.labour / p.labour.sum() - 1
            return balance

        last = root(gap, last, tol=1e-10).x
        employment = bills(last, log_technology) / np.exp(last)[:, np.newaxis]
        taken_up = -np.expm1(-employment / p.labour[:, np.newaxis] / p.adoption_share)
        return (taken_up * (employment @ p.tau)).ravel()

    path = solve_ivp(learning, (0, 100), p.technology.ravel(), method="RK45", rtol=tolerance, atol=tolerance)
    return path.y[:, -1].reshape(p.technology.shape)


def scipy_regime(economy: ClusterParameters, regime: str, **options: Any) -> Any:
    """Return technology of one economy after 100 years, who makes what solved afresh in every evaluation."""
    from scipy.integrate import solve_ivp

    from tradewinds.clusters.equilibrium import trade_point

    def employment(technology: Any) -> Any:
        technology = np.maximum(technology, 1e-6)  # a trial step over the move of an industry may end below zero
        if regime == "trade":
            return trade_point(economy.replace(technology=technology)).employment
        return autarky_shares(technology, economy.sigma) * economy.labour[:, np.newaxis]

    def learning(_: float, flat: Any) -> Any:
        at_work = employment(flat.reshape(2, -1))
        return np.where(at_work > 0, at_work @ economy.tau, 0.0).ravel()  # an idle industry does not learn

    path = solve_ivp(learning, (0, 100), economy.technology.ravel(), **options)
    return path.y[:, -1].reshape(2, -1)


def timed(task: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return seconds by the clock, seconds of the processors, and what came back."""
    start, busy = time.perf_counter(), time.process_time()
    found = task()
    return time.perf_counter() - start, time.process_time() - busy, found


def shortest(task: Callable[[], Any], times: int) -> tuple[float, float]:
    """Return the fewest seconds by the clock and of the processors."""
    both = np.array([timed(task)[:2] for _ in range(times)])
    return float(both[:, 0].min()), float(both[:, 1].min())


def run() -> list[Row]:
    """Return rows of (what, value, unit, goal, met)."""
    return [*_path_rows(), *_many_rows(), *_map_rows()]


def _path_rows() -> list[Row]:
    """Trade between random economies of eight industries; SciPy steps over the dates at which industries move."""
    random = np.random.default_rng(0)
    economies = [
        ClusterParameters(
            technology=random.uniform(1, 10, (2, 8)),
            labour=random.uniform(0.5, 2, 2),
            sigma=random.uniform(1.5, 4),
            spillovers=random.uniform(0, 0.5, (8, 8)) * (random.random((8, 8)) < 0.3),
        )
        for _ in range(10)
    ]
    paths = [simulate(economy).value for economy in economies]
    events = sum(len(path.events) - 8 for path in paths)
    _, ours = shortest(lambda: [simulate(economy) for economy in economies], 3)
    rows: list[Row] = [
        ("paths of 10 economies of 8 industries, processors", ours, "s", "", True),
        ("  industries that move, open or close on the way", events, "", "", True),
        ("  largest residual", max(float(simulate(e).residual.norm) for e in economies), "", "<= 1e-8", True),
    ]
    for tolerance in (1e-5, 1e-8, 1e-11):
        _, loop, ends = timed(
            lambda rtol=tolerance: [scipy_regime(e, "trade", rtol=rtol, atol=rtol) for e in economies]
        )
        errors = [np.max(np.abs(end / path.technology_at(100) - 1)) for end, path in zip(ends, paths, strict=True)]
        rows += [
            (f"  solve_ivp at {tolerance:g}: its largest error", float(max(errors)), "", "", True),
            (f"  solve_ivp at {tolerance:g} over ours", loop / ours, "x", "", True),
        ]
    return rows


def _many_rows() -> list[Row]:
    p = many_world()
    first, busy, solution = timed(lambda: simulate_many(p, times=[0, 100]))
    warm, warm_busy = shortest(lambda: simulate_many(p, times=[0, 100]), 3)
    exact = simulate_many(p, times=[0, 100], tolerance=1e-10).value.technology[-1]
    ours = float(np.max(np.abs(solution.value.technology[-1] / exact - 1)))
    for tolerance in (1e-5, 1e-6, 1e-7, 1e-8):
        _, loop, technology = timed(lambda tolerance=tolerance: scipy_path(p, tolerance))
        theirs = float(np.max(np.abs(technology / exact - 1)))
        if theirs <= 3 * ours:
            break
    return [
        ("20 countries, 40 industries, 100 years, first", first, "s", "<= 10", first <= 10),
        ("  the same, processors", busy, "s", "", True),
        ("  warm", warm, "s", "<= 10", warm <= 10),
        ("  warm, processors", warm_busy, "s", "", True),
        ("  largest error", ours, "", "<= 1e-7", ours <= 1e-7),
        ("  solve_ivp with a root finder inside, processors", loop, "s", "", True),
        ("  its largest error", theirs, "", "", True),
        ("  solve_ivp over ours, warm, processors", loop / warm_busy, "x", "", True),
    ]


def _map_rows() -> list[Row]:
    template, axes = paper_economy(6), (np.linspace(0.5, 2, 50), np.linspace(0.05, 1.6, 50), np.linspace(1.2, 6, 40))

    def whole() -> Any:
        return phase_map(template, technology_scale=axes[0], spillover_scale=axes[1], sigma=axes[2])

    first, busy, found = timed(whole)
    warm, warm_busy = shortest(whole, 2)
    random = np.random.default_rng(0)
    some = [
        template.replace(
            technology=template.technology * np.array([[random.choice(axes[0])], [1.0]]),
            spillovers=template.tau * random.choice(axes[1]),
            sigma=random.choice(axes[2]),
        )
        for _ in range(20)
    ]
    options = {"rtol": 1e-4, "max_step": 5.0}
    _, few, _ = timed(lambda: [scipy_regime(e, regime, **options) for e in some for regime in ("trade", "autarky")])
    loop = few / len(some) * found.code.size
    return [
        (f"the map, {found.code.size:,} economies of 4 industries, first", first, "s", "<= 10", first <= 10),
        ("  the same, processors", busy, "s", "", True),
        ("  warm", warm, "s", "<= 10", warm <= 10),
        ("  warm, processors", warm_busy, "s", "", True),
        ("  median error of welfare gains", 100 * float(np.median(found.error)), "%", "", True),
        ("  largest", 100 * float(found.error.max()), "%", "", True),
        ("  a loop of solve_ivp, 20 economies scaled up, processors", loop, "s", "", True),
        ("  solve_ivp over ours, warm, processors", loop / warm_busy, "x", "", True),
    ]
