"""Industry clusters: many countries with trade costs, and the map of who gains, against a loop of SciPy's ``solve_ivp``.

The loops are what one writes without these models: the same equations in NumPy, a root finder for wages inside the right-hand side.
SciPy's tolerance is set so that its path is as near to a much finer one as ours, or a little less. Its loop over the map is timed
on a few economies and scaled up. "First" includes compiling; times are the shortest of several, those of SciPy of one.
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


def scipy_cell(economy: ClusterParameters) -> None:
    """Follow one economy of the map in trade and in autarky, who makes what solved afresh in every evaluation."""
    from scipy.integrate import solve_ivp

    from tradewinds.clusters.equilibrium import trade_point

    def trade(_: float, flat: Any) -> Any:
        return trade_point(economy.replace(technology=flat.reshape(2, -1))).employment @ economy.tau

    def autarky(_: float, flat: Any) -> Any:
        return autarky_shares(flat.reshape(2, -1), economy.sigma) @ economy.tau

    for regime in (trade, autarky):
        solve_ivp(
            lambda t, y, rates=regime: rates(t, y).ravel(),
            (0, 100),
            economy.technology.ravel(),
            rtol=1e-4,
            max_step=5.0,
        )


def timed(task: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds and what came back."""
    start = time.perf_counter()
    found = task()
    return time.perf_counter() - start, found


def run() -> list[Row]:
    """Return rows of (what, value, unit, goal, met)."""
    return [*_many_rows(), *_map_rows()]


def _many_rows() -> list[Row]:
    p = many_world()
    first, solution = timed(lambda: simulate_many(p, times=[0, 100]))
    warm = min(timed(lambda: simulate_many(p, times=[0, 100]))[0] for _ in range(3))
    exact = simulate_many(p, times=[0, 100], tolerance=1e-10).value.technology[-1]
    ours = float(np.max(np.abs(solution.value.technology[-1] / exact - 1)))
    for tolerance in (1e-5, 1e-6, 1e-7, 1e-8):
        loop, technology = timed(lambda tolerance=tolerance: scipy_path(p, tolerance))
        theirs = float(np.max(np.abs(technology / exact - 1)))
        if theirs <= 3 * ours:
            break
    return [
        ("20 countries, 40 industries, 100 years, first", first, "s", "<= 10", first <= 10),
        ("  warm", warm, "s", "<= 10", warm <= 10),
        ("  largest error", ours, "", "<= 1e-7", ours <= 1e-7),
        ("  solve_ivp with a root finder inside", loop, "s", "", True),
        ("  its largest error", theirs, "", "", True),
        ("  solve_ivp over ours, warm", loop / warm, "x", "", True),
    ]


def _map_rows() -> list[Row]:
    template, axes = paper_economy(6), (np.linspace(0.5, 2, 50), np.linspace(0.05, 1.6, 50), np.linspace(1.2, 6, 40))

    def whole() -> Any:
        return phase_map(template, technology_scale=axes[0], spillover_scale=axes[1], sigma=axes[2])

    first, found = timed(whole)
    warm = min(timed(whole)[0] for _ in range(2))
    random = np.random.default_rng(0)
    some = [
        template.replace(
            technology=template.technology * np.array([[random.choice(axes[0])], [1.0]]),
            spillovers=template.tau * random.choice(axes[1]),
            sigma=random.choice(axes[2]),
        )
        for _ in range(20)
    ]
    loop = timed(lambda: [scipy_cell(economy) for economy in some])[0] / len(some) * found.code.size
    return [
        (f"the map, {found.code.size:,} economies of 4 industries, first", first, "s", "<= 10", first <= 10),
        ("  warm", warm, "s", "<= 10", warm <= 10),
        ("  median error of welfare gains", 100 * float(np.median(found.error)), "%", "", True),
        ("  largest", 100 * float(found.error.max()), "%", "", True),
        ("  a loop of solve_ivp, 20 economies scaled up", loop, "s", "", True),
        ("  solve_ivp over ours, warm", loop / warm, "x", "", True),
    ]
