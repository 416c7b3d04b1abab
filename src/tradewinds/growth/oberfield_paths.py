"""The path of knowledge from one regime to another; the equations are in :mod:`tradewinds.growth.buera_oberfield`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.facts import ADVICE
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.welfare import path_utility
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from tradewinds.growth.buera_oberfield import BueraOberfield

__all__ = ["solve_path"]


def solve_path(mechanism: BueraOberfield, before: BalancedGrowth, end: BalancedGrowth, *, throw: bool) -> Solution:
    """Return the path from the knowledge of one regime to the balanced growth of another, as a Solution around a Transition."""
    from scipy.integrate import solve_ivp

    from tradewinds.growth.buera_oberfield import consume, motion, wages

    q: Any = end.parameters
    variant, rho = end.variant, q.discount_rate
    horizon = 40 / q.arrival_growth  # the slowest part of the way decays at about that rate, whatever the discount rate
    start = np.log(before.values["knowledge"])
    found: Any = solve_ivp(
        lambda _, x: motion(q, variant, x),
        (0, horizon),
        start,
        method="DOP853",
        rtol=1e-11,
        atol=1e-12,
        max_step=1 / float(q.knowledge_growth),  # at rest longer steps would be stable but not precise
        dense_output=True,
    )
    time = horizon * np.linspace(0, 1, 401) ** 3
    knowledge = np.exp(found.sol(time).T)
    wage = np.array([wages(q, row) for row in knowledge])
    home, detrended = (np.array(x) for x in zip(*map(lambda k, w: consume(q, k, w), knowledge, wage), strict=True))
    gap = np.log(detrended / end.values["consumption"])
    utility = end.values["lifetime_utility"] + np.array([path_utility(time, g, 0.0, rho) for g in gap.T])
    value = Transition(
        mechanism=mechanism.name,
        variant=variant,
        regime="counterfactual",
        parameters=q,
        time=time,
        paths={
            "consumption": detrended * np.exp(end.growth * time)[:, np.newaxis],
            "knowledge": knowledge * np.exp(end.home("innovation") * time)[:, np.newaxis],
            "wage": wage,
            "home_share": home,
        },
        end=end,
        lifetime_utility=utility,
        half_life=_half_life(time, found.sol(time).T, np.log(end.values["knowledge"])),
        countries=mechanism.countries(q),
        units=mechanism.units,
        citation_keys=mechanism.citation_keys,
    )

    def gaps(_: Transition) -> Any:
        nodes, weights = np.polynomial.legendre.leggauss(8)
        out = [found.sol(0.0) - start]
        for a, b in pairwise(horizon * np.linspace(0, 1, 31) ** 3):
            inside = (a + b) / 2 + (b - a) / 2 * nodes
            moved = (
                sum(w * motion(q, variant, found.sol(t)) for t, w in zip(inside, weights, strict=True)) * (b - a) / 2
            )
            out.append(found.sol(b) - found.sol(a) - moved)
        return np.concatenate(out)

    return judge(
        value,
        gaps,
        tolerance=1e-8,
        iterations=int(found.nfev),
        what=f"transition of {mechanism.name}",
        advice=ADVICE,
        throw=throw,
    )


def _half_life(time: Any, path: Any, end: Any) -> float:
    """Return the years in which the knowledge that moves most covers half of its way; 0 if none moves."""
    way = end - path[0]
    most = int(np.argmax(np.abs(way)))
    if abs(way[most]) < 1e-9:
        return 0.0
    return float(np.interp(0.5, (path[:, most] - path[0, most]) / way[most], time))
