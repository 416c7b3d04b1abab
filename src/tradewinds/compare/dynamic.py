"""Beside the mechanisms: clusters of industries that learn (Hanlon 2012), and the world model (Bayoumi, Coe and Helpman 1996)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradewinds.compare.calibrated import find_cost
from tradewinds.compare.lines import AFTER, BEFORE, Key, Line, UsedParameter
from tradewinds.compare.shock import TradeShock
from tradewinds.errors import InputError
from tradewinds.growth import Facts, path_utility

__all__ = ["CLUSTERS", "clusters_line", "world_line"]

#: Variant -> figure of Hanlon (2012) whose economies it has: related industries side by side, or apart.
CLUSTERS: Mapping[str, int] = {"related-at-home": 3, "related-abroad": 4}
#: Years over which growth is averaged, and years until which welfare is integrated before growth is held.
_GROWTH_YEARS, _YEARS = 100, 400

_SETTLES = "none: growth falls as technology rises, and no end is reached"
_WORLD_YEARS = (1996, 2075)


def clusters_line(variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
    """Return two countries whose industries learn from related ones at home; trade moves workers between industries.

    Raises
    ------
    InputError
        If no trade cost or speed of learning gives the facts.
    """
    from tradewinds.clusters import ManyParameters, paper_economy, solve_many

    economy = paper_economy(CLUSTERS[variant])
    base = ManyParameters(
        technology=economy.technology, sigma=given.get("sigma", economy.sigma), trade_elasticity=facts.trade_elasticity,
        spillovers=economy.spillovers, trade_cost=np.asarray(3.0),
    )  # fmt: skip
    for name in given:
        if name != "sigma":
            raise InputError(f"clusters have no parameter {name!r} to hold; choose sigma")

    def share(cost: float) -> float:
        return float(solve_many(base.replace(trade_cost=cost)).value.home_share[0])

    before = _cost(share, 2.5, facts.home_share)
    if shock.trade_cost_cut is not None:
        after = 1 + (1 - shock.trade_cost_cut) * (before - 1)
    else:
        after = np.inf if shock.after(facts) == 1 else _cost(share, before, shock.after(facts))
    speed = _speed(base.replace(trade_cost=before), facts.growth)
    start = base.replace(trade_cost=before, spillovers=speed * np.asarray(economy.spillovers))
    old, new = _followed(start), _followed(start.replace(trade_cost=after))
    income = [solve_many(start.replace(trade_cost=c)).value.real_income_per_worker[0] for c in (before, after)]
    static = 100 * float(income[1] / income[0] - 1)
    return Line(
        "clusters",
        variant,
        "learning",
        shock=f"trade cost {before:.4g} to {after:.4g}",
        values=_cluster_values(old, new, static, facts),
        missing=dict.fromkeys(("half_life", "years_to_ninety"), _SETTLES)
        | dict.fromkeys(("welfare_steady_state",), "none: no balanced growth path")
        | dict.fromkeys(("innovation", "interest_rate"), "none: learning by workers, without capital"),
        why=_cluster_why(old, new),
        notes=(f"growth is the mean of {_GROWTH_YEARS} years; home shares are those of the first day",),
        parameters=_cluster_parameters(start, speed, given),
        citation_keys=new.citation_keys,
    )


def _cost(share: Any, start: float, wanted: float) -> float:
    cost = find_cost(share, start, wanted)
    if cost is None:
        raise InputError(f"no trade cost gives a home share of {wanted:.4g}; with free trade it is {share(1.0):.4g}")
    return cost


def _followed(parameters: Any) -> Any:
    from tradewinds.clusters import simulate_many

    times = np.concatenate([np.arange(0.0, _GROWTH_YEARS, 10.0), np.arange(_GROWTH_YEARS, _YEARS + 1.0, 30.0)])
    return simulate_many(parameters, horizon=_YEARS, times=times).value


def _mean_growth(path: Any, country: int = 0) -> float:
    log_income = np.log(path.real_income[:, country])
    then = int(np.searchsorted(path.times, _GROWTH_YEARS))
    return float(log_income[then] - log_income[0]) / _GROWTH_YEARS


def _speed(start: Any, growth: float) -> float:
    """Return the factor on learning at which incomes grow as fast as the facts say."""
    from tradewinds.clusters import simulate_many

    def gap(log_factor: float) -> float:
        faster = start.replace(spillovers=np.exp(log_factor) * start.tau)
        path = simulate_many(faster, horizon=_GROWTH_YEARS, times=[0.0, _GROWTH_YEARS]).value
        return float(np.log(_mean_growth(path) / growth))

    largest = float(np.log(1 / start.tau.max()))  # spillovers are at most one
    old, new = 0.0, 0.0
    f_old = gap(old)
    new = old - f_old or 1e-3  # growth is nearly in proportion to learning
    for _ in range(12):
        if new > largest:
            break
        f_new = gap(new)
        if abs(f_new) < 1e-8:
            return float(np.exp(new))
        old, f_old, new = new, f_new, new - f_new * (new - old) / (f_new - f_old)
    raise InputError(f"clusters cannot grow by {growth:g} a year over {_GROWTH_YEARS} years: learning is at most one")


def _cluster_values(old: Any, new: Any, static: float, facts: Facts) -> dict[Key, float]:
    from scipy.interpolate import CubicSpline

    discount, years = facts.interest_rate - facts.growth, np.arange(_YEARS + 1.0)
    values: dict[Key, float] = {("static_gain", AFTER, "home"): static}
    for place, country in enumerate(("home", "abroad")):
        values["growth_change", AFTER, country] = _mean_growth(new, place) - _mean_growth(old, place)
        utility = []
        for regime, path in ((BEFORE, old), (AFTER, new)):
            income = CubicSpline(path.times, np.log(path.real_income[:, place]))
            utility.append(path_utility(years, income(years), float(income(_YEARS, 1)), discount))
            values["growth", regime, country] = _mean_growth(path, place)
            values["home_share", regime, country] = float(path.home_share[0, place])
        values["welfare_transition", AFTER, country] = 100 * float(np.expm1(discount * (utility[1] - utility[0])))
    total = values["welfare_transition", AFTER, "home"]
    values["dynamic_gain", AFTER, "home"] = 100 * ((1 + total / 100) / (1 + static / 100) - 1)
    return values


def _cluster_why(old: Any, new: Any) -> str:
    change = _mean_growth(new) - _mean_growth(old)
    if abs(change) < 1e-9:
        return "workers stay where they were, and learn as they did"
    if change > 0:
        return "trade moves workers to industries that teach each other, so they learn more"
    return "trade parts industries that teach each other, so workers learn less"


def _cluster_parameters(start: Any, speed: float, given: Mapping[str, float]) -> tuple[UsedParameter, ...]:
    from tradewinds.clusters import MANY_DEFINITIONS

    calibrated = {"trade_cost": float(start.trade_cost[0, 1, 0]), "trade_elasticity": start.trade_elasticity}
    shown = {
        "technology": start.technology.tolist(),
        "labour": float(start.labour[0]),
        "sigma": start.sigma,
        **calibrated,
    }
    shown["spillovers"] = start.tau.tolist()
    used = []
    for name, value in shown.items():
        known = MANY_DEFINITIONS[name]
        source = "study" if name in given else "calibrated to the facts" if name in calibrated else known.source
        if name == "spillovers":
            source = f"Hanlon (2012), times {speed:.4g} for the growth of the facts"
        used.append(UsedParameter(name, value, known.symbol, known.unit, source, known.bounds))
    return tuple(used)


def world_line(variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
    """Return the world model with more trade everywhere: imports of manufactures rise by what the home share falls.

    Home is the United States, abroad the developing countries without newly industrialising Asia.
    """
    from tradewinds.world import WorldShock, read_calibration, simulate_world

    if given:
        raise InputError(f"the world model has its own calibration, and no {next(iter(given))!r} to hold here")
    after = shock.after(facts)
    size = facts.home_share - after
    first, last = _WORLD_YEARS
    calibration = read_calibration("bayoumi-coe-helpman-1996")
    shocks = [WorldShock("extra_trade", size, start=first)] if size else []
    result = simulate_world(calibration, shocks, first_year=first, last_year=last)
    discount = facts.interest_rate - facts.growth
    values: dict[Key, float] = {}
    years = np.arange(last - first + 1, dtype=float)
    for country, where in (("home", "US"), ("abroad", "AF+WH+OD")):
        potential, consumed = (result.deviation(v, where) / 100 for v in ("potential_output", "consumption"))
        gained = float(np.log1p(potential[-1]) - np.log1p(potential[0]))
        values["growth_change", AFTER, country] = gained / float(years[-1])
        worth = path_utility(years, np.log1p(consumed), 0.0, discount)
        values["welfare_transition", AFTER, country] = 100 * float(np.expm1(discount * worth))
    return Line(
        "world",
        variant,
        "world",
        shock=f"imports and exports of manufactures {100 * size:+.3g} per cent of output in every country, from {first}",
        values=values,
        missing={
            "growth": "solved as deviations from a baseline; the change is what there is",
            "home_share": "its own trade data: what moves is imports of manufactures, by as much of output",
            "static_gain": "none apart: trade acts through knowledge and inputs at once",
            "dynamic_gain": "none apart: trade acts through knowledge and inputs at once",
            "welfare_steady_state": f"none: the path to {last} is what is solved",
            "half_life": f"none within the years: the gain still rises in {last}",
            "years_to_ninety": f"none within the years: the gain still rises in {last}",
            "innovation": "research is a share of output here, given from outside",
            "interest_rate": "determined in the model, year by year",
        },
        why=_world_why(size),
        notes=(
            f"its own calibration, not the facts; growth is that of potential output after the first year, mean to {last}; "
            f"welfare is that of consumption, with what is reached in {last} kept",
        ),
        parameters=(UsedParameter("extra_trade", size, "", "share of output", "the shock", ""),),
        citation_keys=result.citation_keys,
    )


def _world_why(size: float) -> str:
    if size == 0:
        return "nothing moves"
    if size > 0:
        return "imports carry the knowledge of other countries' research, and capital follows productivity"
    return "less trade carries less of other countries' knowledge, and capital follows productivity"
