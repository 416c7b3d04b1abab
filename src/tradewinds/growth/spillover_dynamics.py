"""The path of partial spillovers from one Perron vector to another: a boundary value problem, then wages at each date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.facts import ADVICE
from tradewinds.growth.partial_block import PartialSpilloversParameters, trade_block, workforce
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.sorting import Equal, Workforce
from tradewinds.growth.welfare import path_utility
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from tradewinds.growth.partial_spillovers import PartialSpillovers

__all__ = ["motion", "solve_path"]

Array = NDArray[np.float64]

#: Largest residual of the differential equations, relative to their terms, between the points of collocation.
TOLERANCE = 1e-7


def motion(state: Array, p: PartialSpilloversParameters, workers: Workforce | None = None) -> tuple[Array, Array]:
    """Return growth of varieties and of u in each country; state holds log varieties, then log u, shape (2 C, T).

    Here 1 / u is the value of a country's firms over its wage bill of production, so that research and the value of a firm are a
    complementarity.
    """
    workers = workers or Equal()
    count = len(p.labour)
    log_varieties, use = state[:count], np.exp(state[count:])
    # K / M, relative to the country's own varieties so that nothing overflows
    relative = np.exp(log_varieties[:, np.newaxis, :] - log_varieties[np.newaxis, :, :])  # source, receiver, date
    knowledge = np.einsum("jc,jct->ct", p.spillovers, relative)
    reach = (p.labour / p.rnd_cost)[:, np.newaxis] * knowledge
    # where a firm is worth less than it costs all produce, and u is what production would have to be for entry
    innovation = reach * workers.research(np.minimum(use / reach, workers.idle()))
    return innovation, use / (p.elasticity_of_substitution - 1) - p.discount_rate - innovation


def solve_path(
    mechanism: PartialSpillovers,
    p: PartialSpilloversParameters,
    q: PartialSpilloversParameters,
    variant: str,
    *,
    throw: bool,
) -> Solution:
    """Solve the path that starts with the varieties of ``p`` and ends on the balanced growth path of ``q``."""
    before: BalancedGrowth = mechanism.solve(p, variant=variant).value
    end: BalancedGrowth = mechanism.solve(q, variant=variant, regime="counterfactual").value
    start = before["varieties"]
    still = np.max(np.abs(start / end["varieties"] - 1)) < 1e-12
    workers = workforce(q, variant)
    if end.home("innovation") == 0 and not still:
        rewarding = _reach(np.log(start), q) * workers.idle() / (q.elasticity_of_substitution - 1) - q.discount_rate
        if np.max(rewarding) > 0:
            raise InputError(
                "partial-spillovers: research ends in the changed regime, but with the varieties of the baseline it pays at first "
                f"in {mechanism.countries(q)[int(np.argmax(rewarding))]}; that path is not solved. Compare the two balanced growth "
                "paths with solve()"
            )
        still = True  # nobody invents: varieties stay whatever they are
    time, state, residual = (_at_rest if still else _collocate)(q, np.log(start), end, workers)
    path = _transition(mechanism, q, variant, end, time, state, workers)
    return judge(
        path,
        lambda _: residual(),
        tolerance=TOLERANCE,
        iterations=0,
        what="transition of partial-spillovers",
        advice=ADVICE,
        throw=throw,
    )


def _at_rest(q: Any, start: Array, end: BalancedGrowth, workers: Workforce) -> tuple[Array, Array, Any]:
    """Return the balanced growth path itself: the composition of varieties is what it will be."""
    g = end.home("innovation")
    time = np.linspace(0, 100, 101)
    used = (q.elasticity_of_substitution - 1) * (q.discount_rate + g)
    use = np.full(len(start), used) if g > 0 else _reach(start, q) * workers.idle()

    def residual() -> Array:
        varieties, prices = motion(np.concatenate([start, np.log(use)])[:, np.newaxis], q, workers)
        # without research, what it would earn must not exceed what households ask
        unrewarding = np.maximum(use / (q.elasticity_of_substitution - 1) - q.discount_rate, 0.0)
        return np.concatenate([varieties[:, 0] - g, prices[:, 0] if g > 0 else unrewarding])

    state = np.repeat(np.concatenate([start, np.log(use)])[:, np.newaxis], time.size, axis=1)
    state[: len(start)] += g * time
    return time, state, residual


def _reach(log_varieties: Array, q: Any) -> Array:
    """Return K L / (a M) of each country: what its varieties would grow at if everybody did research."""
    return np.asarray(q.labour / q.rnd_cost * (q.spillovers.T @ np.exp(log_varieties)) / np.exp(log_varieties))


def _collocate(q: Any, start: Array, end: BalancedGrowth, workers: Workforce) -> tuple[Array, Array, Any]:
    """Return dates, states there (levels, growth included) and a function that re-evaluates the equations between them."""
    from scipy.integrate import solve_bvp

    count, g = len(start), end.home("innovation")
    goal = np.log(end["varieties"])
    use = np.log((q.elasticity_of_substitution - 1) * (q.discount_rate + g))
    horizon = 30 / _slowest(q, end, workers)

    def right_side(time: Array, state: Array) -> Array:
        varieties, prices = motion(state, q, workers)
        return np.concatenate([varieties - g, prices])

    def ends(first: Array, last: Array) -> Array:
        # at the end u is at rest and the composition follows; the level of varieties is for the path to say
        return np.concatenate([first[:count] - start, last[count:] - use])

    grid = horizon * np.linspace(0, 1, 61) ** 2
    decay = np.exp(-30 * grid / horizon)
    level = goal - goal[0] + start[0]
    guess = np.concatenate(
        [level[:, np.newaxis] + (start - level)[:, np.newaxis] * decay, np.full((count, grid.size), use)]
    )
    found = solve_bvp(right_side, ends, grid, guess, tol=1e-9, max_nodes=20000)
    time = np.unique(np.concatenate([found.x, np.linspace(0, min(horizon, 100.0), 101)]))

    def residual() -> Array:
        between = (found.x[1:] + found.x[:-1]) / 2 + 0.137 * np.diff(found.x)
        gap = found.sol(between, 1) - right_side(between, found.sol(between))
        return np.concatenate([gap.ravel(), ends(found.sol(0.0), found.sol(horizon))])

    state = found.sol(time)
    state[:count] += g * time
    return time, state, residual


def _slowest(q: Any, end: BalancedGrowth, workers: Workforce) -> float:
    """Return the rate at which the slowest variable approaches the end: the stable root nearest to zero."""
    count, g = len(q.labour), end.home("innovation")
    use = np.log((q.elasticity_of_substitution - 1) * (q.discount_rate + g))
    rest = np.concatenate([np.log(end["varieties"]), np.full(count, use)])
    step = 1e-6
    columns = []
    for i in range(2 * count):
        shift = np.zeros(2 * count)
        shift[i] = step
        up, down = (np.concatenate(motion((rest + s * shift)[:, np.newaxis], q, workers))[:, 0] for s in (1, -1))
        columns.append((up - down) / (2 * step))
    roots = np.linalg.eigvals(np.stack(columns, axis=1)).real
    stable = roots[roots < -1e-7]  # one root is zero: the level of varieties
    return float(-np.max(stable)) if stable.size else 1.0


def _transition(
    mechanism: PartialSpillovers,
    q: Any,
    variant: str,
    end: BalancedGrowth,
    time: Array,
    state: Array,
    workers: Workforce,
) -> Transition:
    """Return the path with wages, shares and consumption at each date."""
    count, sigma, rho = len(q.labour), q.elasticity_of_substitution, q.discount_rate
    varieties = np.exp(state[:count]).T
    growth_of_varieties, _ = motion(state, q, workers)
    innovation = growth_of_varieties.T
    relative = np.exp(state[:count, np.newaxis, :] - state[np.newaxis, :count, :])
    reach = (q.labour / q.rnd_cost)[:, np.newaxis] * np.einsum("jc,jct->ct", q.spillovers, relative)
    bill, cost, researchers = workers.efficiency(np.minimum(np.exp(state[count:]) / reach, workers.idle()).T)
    block = trade_block(q, varieties, q.labour * bill, cost)
    consumption = block["consumption"]
    final = end.home("innovation") / (sigma - 1)
    utility = np.array([path_utility(time, np.log(consumption[:, c]), final, rho) for c in range(count)])
    paths = {
        "innovation": innovation,
        "rnd_labour_share": researchers,
        "varieties": varieties / np.sum(varieties, axis=1, keepdims=True),
        "wage": block["wage"],
        "home_share": block["home_share"],
        "consumption": consumption,
    }
    return Transition(
        mechanism=mechanism.name,
        variant=variant,
        regime="counterfactual",
        parameters=q,
        time=time,
        paths=paths,
        end=end,
        lifetime_utility=utility,
        half_life=_half_life(time, paths["varieties"]),
        countries=mechanism.countries(q),
        units=mechanism.units,
        citation_keys=mechanism.citation_keys,
    )


def _half_life(time: Array, shares: Array) -> float:
    """Return the years in which the share of varieties that moves most covers half of its way; 0 if none moves."""
    way = shares[-1] - shares[0]
    most = int(np.argmax(np.abs(way)))
    if abs(way[most]) < 1e-9:
        return 0.0
    covered = (shares[:, most] - shares[0, most]) / way[most]
    return float(np.interp(0.5, covered, time))
