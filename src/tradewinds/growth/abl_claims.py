"""What the survey states about idea flows, and what follows for growth and small trade costs, each solved for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade

if TYPE_CHECKING:
    from tradewinds.growth.alvarez_buera_lucas import AlvarezBueraLucas

__all__ = ["claims"]


def claims(mechanism: AlvarezBueraLucas) -> tuple[Claim, ...]:
    """Return the claims about sources, growth, and losses from small trade costs."""
    return (_home(mechanism), _sources(mechanism), _growth(mechanism), _second_order(mechanism))


def _home(mechanism: AlvarezBueraLucas) -> Claim:
    """Compare sellers met in autarky with what goods cost at home."""
    x = np.linspace(-6, 4, 41)
    profile = mechanism.parameters(trade_cost=np.inf).profile()
    sellers, goods = profile.seller_share(x), 1 - np.exp(profile.log_share(x))
    return grade(
        "autarky-learns-from-home",
        "In autarky the source distribution for learning reflects the distribution of productivities in the domestic economy.",
        f"{SURVEY}, section IV",
        within=np.abs(sellers - goods) < 1e-9,
        numbers={
            "sellers with a scaled cost below 1": float(np.interp(0, x, sellers)),
            "goods with a scaled cost below 1": float(np.interp(0, x, goods)),
        },
        explanation="Who can make a good sells it.",
    )


def _sources(mechanism: AlvarezBueraLucas) -> Claim:
    """Compare sellers met with and without trade, where goods are as they are in autarky and as they become."""
    x = np.linspace(-6, 4, 41)
    autarky = mechanism.parameters(trade_cost=np.inf).profile().seller_share(x)
    better = []
    for cost in (2.0, 1.25, 1.0):
        profile = mechanism.parameters(trade_cost=cost).profile()
        better.append(profile.seller_share(x) - (1 - np.exp(profile.log_share(x))))
    free = mechanism.parameters(trade_cost=1.0).profile().seller_share(x)
    return grade(
        "trade-improves-sources",
        "Trade improves the source distribution by replacing some less efficient domestic sellers with more efficient foreigners.",
        f"{SURVEY}, section IV",
        within=np.ravel(better) > 0,
        numbers={
            "sellers with a scaled cost below 1, free trade": float(np.interp(0, x, free)),
            "the same, autarky": float(np.interp(0, x, autarky)),
            "smallest excess of sellers over home's producers": float(np.min(better)),
        },
        explanation="At every cost, more of those who sell are below it than of those who could produce at home.",
    )


def _growth(mechanism: AlvarezBueraLucas) -> Claim:
    """Solve for growth over trade costs, and in autarky."""
    costs = np.array([1.0, 1.05, 1.25, 2.0, 4.0])
    swept = mechanism.sweep(trade_cost=costs)["growth"]
    closed = mechanism.solve(regime="autarky").value.growth
    return grade(
        "any-trade-raises-growth",
        "In the long run growth is higher with trade than in autarky, by the number of countries, whatever the trade cost.",
        "Alvarez, Buera and Lucas (2013), from memory",
        within=np.abs(swept / closed - 2) < 1e-12,
        numbers={
            "growth, autarky": closed,
            "growth, free trade": float(swept[0]),
            "growth, trade_cost 4": float(swept[-1]),
        },
        explanation="The best sell everywhere at any finite cost, and best practice is what grows.",
    )


def _second_order(mechanism: AlvarezBueraLucas) -> Claim:
    """Compare losses from small trade costs with and without what managers learn."""
    free = mechanism.solve(mechanism.parameters(trade_cost=1.0)).value
    losses = []
    for gap in (0.04, 0.02, 0.01):
        p = mechanism.parameters(trade_cost=1 / (1 - gap))
        total = mechanism.solve(p).value.consumption / free.consumption
        losses.append((mechanism.static_consumption(free, p) / free.consumption, total))
    learning = [static - total for static, total in losses]
    orders = np.log2(np.array(learning[:-1]) / learning[1:])
    return grade(
        "small-costs-second-order",
        "What small trade costs take through less learning is of second order.",
        "Alvarez, Buera and Lucas (2013), from memory",
        within=np.abs(orders - 2) < 0.2,
        numbers={
            "loss by learning, kappa 0.99, per cent": 100 * learning[-1],
            "static loss, kappa 0.99, per cent": 100 * (1 - losses[-1][0]),
            "order of the loss by learning": float(orders[-1]),
        },
        explanation="Near free trade the sellers that trade costs bring back are hardly worse than those they replace.",
    )
