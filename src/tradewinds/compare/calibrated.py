"""A mechanism of growth before and after the shock, at the common facts.

Where a mechanism has a trade cost, the economy before the shock has the facts' growth, home share, trade elasticity and interest
rate, and the trade cost falls. Where it knows autarky and free trade only, the closed economy has the facts' growth and discount
rate, and it opens to a partner of a size that gives the home share wanted.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tradewinds.compare.shock import TradeShock
from tradewinds.errors import InputError
from tradewinds.growth import Facts, Mechanism

__all__ = ["calibrated", "find_cost", "has_trade_cost", "pinned", "reach", "regimes", "with_ideas"]


def has_trade_cost(mechanism: Mechanism[Any], p: Any) -> bool:
    """Return whether an economy has a trade cost that can fall; others know autarky and free trade only.

    A mechanism may have the parameter and yet, as in Feenstra's, be calibrated to free trade.
    """
    if "trade_cost" not in mechanism.definitions:
        return False
    return "trade_cost" in mechanism.autarky or p.trade_cost > 1


def pinned(mechanism: Mechanism[Any], given: Mapping[str, float]) -> Mechanism[Any]:
    """Return the mechanism with other standard parameters, from which it is then calibrated to the facts.

    Raises
    ------
    InputError
        If a name is unknown or a value out of bounds.
    """
    if not given:
        return mechanism
    twin, defaults = copy.copy(mechanism), mechanism.defaults
    defaults(mechanism.variants[0]).replace(**given)  # refuses what is not a parameter
    setattr(twin, "defaults", lambda variant: defaults(variant).replace(**given))  # noqa: B010
    return twin


def calibrated(mechanism: Mechanism[Any], variant: str, facts: Facts, given: Mapping[str, float]) -> Any:
    """Return parameters that give the facts, with some parameters held.

    Raises
    ------
    InputError
        If no parameters do, or if a parameter held is one that the facts decide.
    """
    found = pinned(mechanism, given).calibrate(facts, variant=variant)
    for name, value in given.items():
        if getattr(found, name) != value:
            raise InputError(
                f"{mechanism.name}: {name} cannot be set to {value:g}: the facts decide it ({getattr(found, name)!r:.40}). "
                "Change the facts, or another parameter"
            )
    return found


def regimes(
    mechanism: Mechanism[Any], variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]
) -> tuple[Any, Any, str]:
    """Return parameters before and after the shock, and how the shock was put, in words.

    Raises
    ------
    InputError
        If the mechanism cannot have these facts, or not this shock.
    """
    before = calibrated(mechanism, variant, facts, given)
    if not has_trade_cost(mechanism, before):
        return _switch(mechanism, variant, facts, shock, given)
    informed, told = with_ideas(mechanism, before, shock.idea_flow)
    if shock.trade_cost_cut is not None:
        after = informed.replace(trade_cost=1 + (1 - shock.trade_cost_cut) * (before.trade_cost - 1))
    elif shock.after(facts) == 1:
        return before, informed.replace(trade_cost=np.inf), f"trade cost to infinity{told}"
    else:
        after = reach(mechanism, informed, shock.after(facts), variant)
    return before, after, f"trade cost {before.trade_cost:.4g} to {after.trade_cost:.4g}{told}"


def with_ideas(mechanism: Mechanism[Any], p: Any, share: float) -> tuple[Any, str]:
    """Return parameters at which countries learn a share of what they do not yet learn from each other, and that in words.

    Models in which ideas come with goods, or stay at home, are as they were.
    """
    if share == 0:
        return p, ""
    if "idea_flow" in mechanism.definitions:
        flow = p.idea_flow + share * (1 - p.idea_flow)
        return p.replace(idea_flow=flow), f", flow of ideas {p.idea_flow:.4g} to {flow:.4g}"
    if mechanism.name == "partial-spillovers":
        matrix = p.spillovers + share * np.clip(1 - p.spillovers, 0, None)
        return p.replace(
            spillovers=matrix
        ), f", spillovers between countries closer to full ones by {100 * share:.3g} per cent"
    return p, ""


def reach(mechanism: Mechanism[Any], p: Any, home_share: float, variant: str) -> Any:
    """Return parameters with the trade cost that gives a home share; where secants leave the road the mechanism searches."""

    def share(cost: float) -> float:
        return float(mechanism.solve(p.replace(trade_cost=cost), variant=variant).value.home_share)

    cost = find_cost(share, p.trade_cost, home_share)
    if cost is None:
        return mechanism.liberalise(p, home_share, variant=variant)
    return p.replace(trade_cost=cost)


def find_cost(share: Callable[[float], float], start: float, home_share: float) -> float | None:
    r"""Return the iceberg cost that gives a home share, by secants from a start; None where they leave the road.

    By gravity :math:`\ln[(1-\lambda)/\lambda]` is nearly a straight line in :math:`\ln\tau`, so secants need few solves.

    Examples
    --------
    >>> round(find_cost(lambda cost: 1 / (1 + cost**-5.0), 1.5, 0.9), 6) == round(9 ** (1 / 5), 6)
    True
    """

    def gap(log_cost: float) -> float:
        found = share(float(np.exp(log_cost)))
        return float(np.log(1 / found - 1) - np.log(1 / home_share - 1)) if 0 < found < 1 else np.nan

    try:
        old = float(np.log(start))
        f_old = gap(old)
        if abs(f_old) < 1e-12:
            return start
        new = old + f_old / 5
        for _ in range(12):
            if not 0 <= new < 50:
                return None
            f_new = gap(new)
            if abs(f_new) < 1e-11:
                return float(np.exp(new))
            old, f_old, new = new, f_new, new - f_new * (new - old) / (f_new - f_old)
    except (InputError, ZeroDivisionError):
        pass  # a point on the way was not admissible; the end may be
    return None


def _switch(
    mechanism: Mechanism[Any], variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]
) -> tuple[Any, Any, str]:
    """Open or close a mechanism that has no trade cost, so that the home share moves in the proportion of the shock."""
    ratio = shock.ratio(facts)
    if abs(ratio - 1) < 1e-12:
        p = calibrated(mechanism, variant, facts, given)
        return p, p, "no change"
    if ratio > 1:
        p = _sized(mechanism, variant, dataclasses.replace(facts, home_share=1 / ratio), given)
        return p, p.replace(**mechanism.autarky), f"free trade at a home share of {1 / ratio:.4g} to autarky"
    p = _closed_growth(mechanism, variant, dataclasses.replace(facts, home_share=ratio), given)
    opened = mechanism.solve(p, variant=variant).value.home_share
    if abs(opened / ratio - 1) > 1e-6:
        raise InputError(
            f"{mechanism.name} ({variant}): its home share in free trade is {opened:.4g} and cannot be {ratio:.4g}; "
            "it cannot take this shock"
        )
    return p.replace(**mechanism.autarky), p, f"autarky to free trade at a home share of {opened:.4g}"


def _closed_growth(mechanism: Mechanism[Any], variant: str, facts: Facts, given: Mapping[str, float]) -> Any:
    """Return parameters at which the closed economy has the facts' growth, and the open one their home share."""
    from scipy.optimize import brentq, root_scalar

    discount = facts.interest_rate - facts.growth

    def at(log_growth: float) -> Any:
        growth = float(np.exp(log_growth))
        return _sized(
            mechanism,
            variant,
            dataclasses.replace(facts, growth=growth, interest_rate=growth + discount),
            given,
        )

    def gap(log_growth: float) -> float:
        closed = mechanism.solve(at(log_growth), variant=variant, regime="autarky").value.growth
        return closed / facts.growth - 1

    start = float(np.log(facts.growth))
    first = gap(start)
    if abs(first) < 1e-12:
        return at(start)
    with contextlib.suppress(InputError, RuntimeError):  # secants may leave the admissible; brackets do not
        found = root_scalar(gap, method="secant", x0=start, x1=start - float(np.log1p(first)), xtol=1e-11, maxiter=15)
        if found.converged and abs(gap(found.root)) < 1e-8:
            return at(found.root)
    end = _other_side(gap, start, first)
    if end is None:
        raise InputError(
            f"{mechanism.name}: no parameters give the closed economy a growth of {facts.growth:g} and the open one a home share "
            f"of {facts.home_share:.4g}"
        )
    return at(float(brentq(gap, min(start, end), max(start, end), xtol=1e-12, rtol=1e-12)))


def _other_side(gap: Callable[[float], float], start: float, first: float) -> float | None:
    """Return the nearest point at which the gap has the other sign, looking upwards where it is negative."""
    for step in (0.02, 0.1, 0.3, 0.6, 1.0, 1.5, 2.0):
        point = start - step * np.sign(first)
        if gap(point) * first <= 0:
            return float(point)
    return None


def _sized(mechanism: Mechanism[Any], variant: str, facts: Facts, given: Mapping[str, float]) -> Any:
    """Return parameters with the facts' home share in free trade, also where the mechanism leaves it an outcome."""
    p = calibrated(mechanism, variant, facts, given)
    if mechanism.name != "national-spillovers":
        return p
    from scipy.optimize import brentq

    def at(log_size: float) -> Any:
        size = float(np.exp(log_size))
        # a head start in proportion to workers, so that the smaller country has the workers to make what it has invented
        return p.replace(foreign_labour=size, home_varieties=p.home_labour / (p.home_labour + size))

    def gap(log_size: float) -> float:
        return float(mechanism.solve(at(log_size), variant=variant).value.home_share - facts.home_share)

    ends = (float(np.log(0.03)), float(np.log(0.97)))
    if gap(ends[0]) * gap(ends[1]) > 0:
        raise InputError(
            f"{mechanism.name}: no size of the other country gives a home share of {facts.home_share:.4g} in free trade; it lies "
            f"between {gap(ends[1]) + facts.home_share:.4g} and {gap(ends[0]) + facts.home_share:.4g}"
        )
    return at(float(brentq(gap, *ends, xtol=1e-11)))
