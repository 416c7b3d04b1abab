"""Exact hat algebra: a change of tariffs in 31 countries and 40 sectors, the size of Caliendo and Parro (2015).

The contender is the usual nested iteration, as the paper describes it: prices to convergence, spending by one dense linear system,
and a damped step of wages, again and again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

COUNTRIES, SECTORS = 31, 40
SECONDS = 2.0


def nested(parameters: object, tolerance: float = 1e-9) -> np.ndarray:
    """Return the ratio of wages by the textbook iteration, with plain arrays."""
    tables = parameters.tables
    theta, added, gamma = tables.trade_elasticities, tables.value_added_share, tables.input_shares
    n, s = added.shape
    kappa = parameters.cost_change * (1 + parameters.tariffs_after) / (1 + tables.tariff)
    wage, price = np.ones(n), np.ones((n, s))
    for _ in range(1000):
        for _ in range(1000):
            cost = wage[:, None] ** added * np.exp(np.einsum("nkj,nk->nj", gamma, np.log(price)))
            terms = tables.trade_shares * (kappa * cost[:, None, :]) ** -theta
            new = terms.sum(axis=0) ** (-1 / theta)
            gap, price = np.abs(new - price).max(), new
            if gap < 1e-11:
                break
        share = terms / terms.sum(axis=0)
        net = share / (1 + parameters.tariffs_after)  # exporter, importer, sector
        system = np.eye(n * s).reshape(n, s, n, s)
        system -= np.einsum("ijk,ibk->ijbk", gamma, net)  # inputs j that country i uses for sales of k to b
        paid = (net * parameters.tariffs_after).sum(axis=0)
        for b in range(n):
            system[b, :, b, :] -= tables.final_share[b][:, None] * paid[b]
        right = tables.final_share * (wage * tables.value_added + parameters.deficit_after)[:, None]
        spending = np.linalg.solve(system.reshape(n * s, n * s), right.ravel()).reshape(n, s)
        earned = (added * (net * spending).sum(axis=1)).sum(axis=1)
        excess = earned / (wage * tables.value_added) - 1
        if np.abs(excess).max() < tolerance:
            break
        wage = wage * (1 + 0.15 * excess)
        wage *= tables.value_added.sum() / (wage @ tables.value_added)
    return wage


def run() -> Iterator[tuple[str, float, str, str, bool]]:
    """Yield what was measured, its value and unit, the goal and whether it is met."""
    from tradewinds.firms.hat import HatParameters, example_tables, solve_hat

    change = HatParameters(tables=example_tables(COUNTRIES, SECTORS), tariffs=0.0)
    ours = []
    for _ in range(5):
        start = time.perf_counter()
        solution = solve_hat(change)
        ours.append(time.perf_counter() - start)
    start = time.perf_counter()
    wage = nested(change)
    theirs = time.perf_counter() - start
    gap = float(np.abs(wage - solution.value.wage).max())
    what = f"{COUNTRIES} countries, {SECTORS} sectors"
    yield f"{what}, first solve", ours[0], "s", "", True
    yield f"{what}, warm", min(ours), "s", f"<= {SECONDS:g} s", min(ours) <= SECONDS
    yield "nested iteration with dense linear systems", theirs, "s", "", True
    yield "ratio", theirs / min(ours), "x", "", True
    yield "largest difference of wages between the two", gap, "1", "<= 1e-7", gap <= 1e-7


if __name__ == "__main__":
    for line in run():
        print(*line)
