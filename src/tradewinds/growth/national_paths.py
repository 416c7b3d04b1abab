"""The economy of national spillovers at time 0, and its path, in the order home, foreign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.leadership import SaddlePath, World, static_trade
from tradewinds.growth.national_regimes import consumption_index, held, in_order, labour_of, leads
from tradewinds.growth.results import BalancedGrowth, Transition

if TYPE_CHECKING:
    from tradewinds.growth.national_spillovers import NationalSpillovers, NationalSpilloversParameters

__all__ = ["impact", "moving", "researchers", "start", "still"]


def researchers(mechanism: NationalSpillovers, p: NationalSpilloversParameters) -> Any:
    """Return workers in research at time 0, home and foreign."""
    return mechanism.path(p).value.paths["rnd_labour_share"][0] * labour_of(p)


def impact(p: NationalSpilloversParameters, research: Any) -> Any:
    """Return consumption a head at time 0, home and foreign, with given researchers; trade balances."""
    sigma, s, labour, initial = p.elasticity_of_substitution, p.differentiated_share, labour_of(p), held(p)
    made = labour - research
    if p.trade:
        wage, spending = static_trade(made, initial, s, sigma)
        log_varieties = np.log(np.sum(initial * wage ** (1 - sigma)))
    else:
        spending, log_varieties = made / (1 - s / sigma), np.log(initial)
    return consumption_index(p, spending / labour, np.log(sigma / (sigma - 1)) - log_varieties / (sigma - 1))


def start(p: NationalSpilloversParameters, end: BalancedGrowth) -> tuple[float, float, World]:
    """Return the leader's share of varieties, spending at rest in its wage, and the world in the leader's order."""
    order = [0, 1] if leads(p) else [1, 0]
    leader, laggard = (float(x) for x in labour_of(p)[order])
    wage = end["wage"][order[0]] / end["wage"][order[1]]
    world = World(p.elasticity_of_substitution, p.discount_rate, p.differentiated_share, leader, laggard, p.rnd_cost)
    return float(np.max(held(p))), float(end["world_spending"][0] / wage), world


def still(mechanism: NationalSpillovers, p: NationalSpilloversParameters, end: BalancedGrowth) -> Transition:
    """Return a balanced growth path as a path."""
    time = np.linspace(0, 200, 201)
    names = ("innovation", "varieties", "wage", "rnd_labour_share")
    paths = {name: np.repeat(end[name][np.newaxis], time.size, axis=0) for name in names}
    if not p.trade:  # varieties of each country, as shares of the world's at that date
        number = held(p) * np.exp(time[:, np.newaxis] * end["innovation"])
        paths["varieties"] = number / np.sum(number, axis=1, keepdims=True)
    paths["consumption"] = end["consumption"] * np.exp(time[:, np.newaxis] * end["growth"])
    return _wrapped(mechanism, p, end, time, paths, end["lifetime_utility"], 0.0)


def moving(
    mechanism: NationalSpillovers, p: NationalSpilloversParameters, end: BalancedGrowth, saddle: SaddlePath
) -> Transition:
    """Return the saddle path in the order home, foreign, with consumption and lifetime utility."""
    sigma, rho, labour = p.elasticity_of_substitution, p.discount_rate, labour_of(p)
    first = leads(p)
    zero = np.zeros_like(saddle.time)
    laggard = float(np.min(held(p)))  # its varieties, constant
    spent = in_order(first, saddle.leader_spending, 1 - saddle.leader_spending)
    number = laggard * (saddle.varieties / (1 - saddle.varieties) * saddle.wage ** (1 - sigma) + 1)
    log_price = np.log(sigma / (sigma - 1)) - np.log(number) / (sigma - 1)
    workers = labour[0] if first else labour[1]
    relative = 1 / saddle.wage if first else saddle.wage
    paths = {
        "innovation": in_order(first, saddle.growth, zero),
        "varieties": in_order(first, saddle.varieties, 1 - saddle.varieties),
        "wage": np.stack([zero + 1, relative], axis=-1),
        "rnd_labour_share": in_order(first, p.rnd_cost * saddle.growth / workers, zero),
        "consumption": consumption_index(p, spent * saddle.spending[:, np.newaxis] / labour, log_price[:, np.newaxis]),
    }
    constant = np.log(consumption_index(p, spent / labour, np.log(sigma / (sigma - 1)) - np.log(laggard) / (sigma - 1)))
    utility = constant / rho + saddle.lifetime
    half = float(np.interp((1 + saddle.varieties[0]) / 2, saddle.varieties, saddle.time))
    return _wrapped(mechanism, p, end, saddle.time, paths, utility, half)


def _wrapped(
    mechanism: NationalSpillovers, p: Any, end: BalancedGrowth, time: Any, paths: Any, utility: Any, half: float
) -> Transition:
    return Transition(
        mechanism=mechanism.name,
        variant=mechanism.variants[0],
        regime=end.regime,
        parameters=p,
        time=time,
        paths=paths,
        end=end,
        lifetime_utility=utility,
        half_life=half,
        units=mechanism.units,
        citation_keys=mechanism.citation_keys,
    )
