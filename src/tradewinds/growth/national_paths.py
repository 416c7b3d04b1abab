"""The economy of national spillovers at time 0, and its path, in the order home, foreign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.leadership import static_trade
from tradewinds.growth.national_regimes import consumption_index, held, in_order, labour_of, wins
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.rivalry import Mode, Rivals
from tradewinds.growth.rivalry_paths import RivalPath, rival_path

if TYPE_CHECKING:
    from tradewinds.growth.national_spillovers import NationalSpillovers, NationalSpilloversParameters

__all__ = ["impact", "moving", "researchers", "saddle_path", "still"]


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


def saddle_path(p: NationalSpilloversParameters, end: BalancedGrowth) -> RivalPath:
    """Return the path to the long run, in the order of the country that leads then and the other."""
    order = [0, 1] if wins(p) else [1, 0]
    labour, share = (tuple(float(x) for x in values[order]) for values in (labour_of(p), held(p)))
    world = Rivals(
        p.elasticity_of_substitution,
        p.discount_rate,
        p.differentiated_share,
        (labour[0], labour[1]),
        (p.rnd_cost, p.rnd_cost),
    )
    apart = end["wage"][order[0]] / end["wage"][order[1]] > 1 + 1e-12
    mode = Mode((not apart, True), (True, False))
    return rival_path(world, float(np.log(share[1] / share[0])), (float(end["innovation"][order[0]]), 0.0), mode)


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
    mechanism: NationalSpillovers, p: NationalSpilloversParameters, end: BalancedGrowth, saddle: RivalPath
) -> Transition:
    """Return the path in the order home, foreign, with consumption and lifetime utility."""
    sigma, rho, labour = p.elasticity_of_substitution, p.discount_rate, labour_of(p)
    first = bool(wins(p))
    own = saddle.varieties[:, 0] + np.log(held(p)[0 if first else 1])
    spent = in_order(first, *saddle.spending) / labour
    common = np.min(saddle.wage, axis=1)  # price of the common good
    log_price = np.log(sigma / (sigma - 1)) + np.log(saddle.wage[:, 0] / common)
    log_price -= (own + np.log1p(saddle.ratio)) / (sigma - 1)
    share = 1 / (1 + np.exp(saddle.varieties[:, 1] - saddle.varieties[:, 0]))
    wage = in_order(first, *saddle.wage.T)
    innovation = in_order(first, *saddle.growth.T)
    paths = {
        "innovation": innovation,
        "varieties": in_order(first, share, 1 - share),
        "wage": wage / wage[:, :1],
        "rnd_labour_share": p.rnd_cost * innovation / labour,
        "firm_value": in_order(first, *saddle.value.T),
        "consumption": consumption_index(p, spent / common[:, np.newaxis], log_price[:, np.newaxis]),
    }
    start = own[0] / (sigma - 1) - np.log(sigma / (sigma - 1))
    utility = np.log(consumption_index(p, spent, -start)) / rho + in_order(first, *saddle.lifetime)
    half = float(np.interp((1 + share[0]) / 2, share, saddle.time))
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
