"""What follows for growth, gains and the two ways to learn, each solved for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade

if TYPE_CHECKING:
    from tradewinds.growth.buera_oberfield import BueraOberfield

__all__ = ["claims"]


def claims(mechanism: BueraOberfield) -> tuple[Claim, ...]:
    """Return the claims about spillovers through trade, long-run growth, and gains."""
    return (_vehicle(mechanism), _growth(mechanism), _gains(mechanism))


def _vehicle(mechanism: BueraOberfield) -> Claim:
    """Solve for knowledge with and without trade, for both ways to learn."""
    grown = []
    for variant in mechanism.variants:
        swept = mechanism.sweep(variant=variant, trade_cost=[1.0, 1.6, 3.0, np.inf])["knowledge"]
        grown.append(swept[:-1] / swept[-1])
    rich = mechanism.parameters(
        labour=(1.0, 10.0), arrival=(1.0, 0.1), relative_trade_costs=np.ones((2, 2)), trade_cost=1.2
    )
    uneven = mechanism.sweep(rich, trade_cost=[1.2, np.inf])["knowledge"]
    producers = mechanism.sweep(rich, variant="producers", trade_cost=[1.2, np.inf])["knowledge"]
    grown.append(producers[:1] / producers[1])
    none = mechanism.sweep(mechanism.parameters(diffusion=0.0), trade_cost=[1.6, np.inf])["knowledge"]
    return grade(
        "trade-is-the-vehicle",
        "Trade is the vehicle for endogenous international knowledge spillovers.",
        f"{SURVEY}, section IV, on idea flows",
        within=np.concatenate([np.ravel(g) for g in grown]) > 1,
        outside=[bool(np.all(none[0] > none[1])), bool(np.all(uneven[0] > uneven[1]))],
        condition="new ideas build on others (diffusion > 0), and those met are producers, or sellers of countries with wages "
        "not far below home's: sellers of a large poor country are cheap, not productive, and a rich one learns less",
        numbers={
            "knowledge at home over autarky, sellers": float(grown[0][1, 0]),
            "knowledge at home over autarky, producers": float(grown[1][1, 0]),
            "the same of a rich country that opens to a large poor one, sellers": float(uneven[0, 0] / uneven[1, 0]),
            "the same, producers": float(producers[0, 0] / producers[1, 0]),
            "knowledge at home over autarky, diffusion 0": float(none[0, 0] / none[1, 0]),
        },
        explanation="Those who sell where few of their compatriots do, and those who sell abroad, are better than the mean.",
    )


def _growth(mechanism: BueraOberfield) -> Claim:
    """Solve for growth over trade costs."""
    swept = mechanism.sweep(trade_cost=[1.0, 1.6, 3.0, np.inf])["growth"]
    return grade(
        "levels-not-growth",
        "Openness changes the level of knowledge; its growth in the long run is that of the arrival of ideas.",
        "Buera and Oberfield (2020), from memory",
        within=np.abs(swept - swept[0]) <= 1e-15,
        numbers={"growth, free trade": float(swept[0]), "growth, autarky": float(swept[-1])},
        explanation="Diffusion has diminishing returns: beta is below one.",
    )


def _gains(mechanism: BueraOberfield) -> Claim:
    """Solve for gains from free trade of symmetric countries, static and in the long run, over diffusion."""
    two: dict[str, Any] = {"labour": np.ones(2), "arrival": np.ones(2), "relative_trade_costs": np.ones((2, 2))}
    ratios = []
    for beta in (0.2, 0.6, 0.9):
        p = mechanism.parameters(diffusion=beta, **two)
        level = mechanism.sweep(p, trade_cost=[1.0, np.inf])["consumption"][:, 0]
        ratios.append(np.log(level[0] / level[1]) * (1 - beta) * p.trade_elasticity / np.log(2))
    p = mechanism.parameters(diffusion=0.6, trade_cost=np.inf, **two)
    opened = mechanism.counterfactual(p, {"trade_cost": 1.0})
    return grade(
        "diffusion-multiplies-gains",
        "Diffusion multiplies the logarithm of the gains from free trade by 1 / (1 - beta), without bound as beta nears one.",
        "Buera and Oberfield (2020), from memory, symmetric countries",
        within=np.abs(np.array(ratios) - 1) < 1e-9,
        numbers={
            "static gain, beta 0.6, per cent": opened.static_gain,
            "gain between steady states": opened.welfare_steady_state,
            "gain with transition": opened.welfare_transition,
        },
        explanation="A better idea is learnt from, which makes the next one better.",
    )
