"""What the survey states about knowledge as a stock, about spillovers, and about goods trade without fixed costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade

if TYPE_CHECKING:
    from tradewinds.growth.variety_expansion import VarietyExpansion

__all__ = ["claims"]


def claims(mechanism: VarietyExpansion) -> tuple[Claim, ...]:
    """Return the claims about returns, spillovers, goods trade and the size of markets."""
    return (_returns(mechanism), *_spillovers(mechanism), _goods(mechanism), _stage(mechanism))


def _returns(mechanism: VarietyExpansion) -> Claim:
    """Scale all tangible inputs and knowledge alike, and let knowledge pile up."""
    scales, p = np.array([1.0, 2.0, 4.0, 8.0]), mechanism.parameters()
    # a blueprint takes as large a part of a larger workforce, so that growth is the same
    scaled = mechanism.sweep(labour=scales * p.labour, varieties=scales * p.varieties, rnd_cost=scales * p.rnd_cost)
    output = scales * scaled["consumption"]
    piled = mechanism.sweep(varieties=np.geomspace(1, 1e6, 7))["growth"]
    return grade(
        "increasing-returns",
        "Output has increasing returns to tangible inputs and knowledge together, so that the accumulation of knowledge need not "
        "meet diminishing returns.",
        f"{SURVEY}, introduction",
        within=[*(np.diff(np.log(output)) > np.diff(np.log(scales))), *(np.abs(piled - piled[0]) <= 1e-15)],
        numbers={
            "output where labour and varieties double, relative": float(output[1] / output[0]),
            "growth, varieties 1": float(piled[0]),
            "growth, varieties 1e6": float(piled[-1]),
        },
        explanation="What is known makes the next blueprint cheaper and is not used up by it.",
    )


def _spillovers(mechanism: VarietyExpansion) -> tuple[Claim, Claim]:
    """Solve over the part of foreign ideas that is of use."""
    swept = mechanism.sweep(idea_flow=np.linspace(0, 1, 21))
    growth, cost = swept["growth"], swept["variety_value"]
    return (
        grade(
            "spillovers-raise-growth",
            "International knowledge spillovers tend to accelerate growth in all countries.",
            f"{SURVEY}, section I",
            within=np.diff(growth) > 0,
            numbers={"growth, no ideas from abroad": float(growth[0]), "growth, all of them": float(growth[-1])},
            explanation="Each idea from abroad makes the next blueprint cheaper in every country.",
        ),
        grade(
            "advances-abroad-lower-costs",
            "The cost of further innovation declines in every country with advances made elsewhere.",
            f"{SURVEY}, section I",
            within=np.diff(cost) < 0,
            numbers={"cost of a blueprint, no ideas from abroad": float(cost[0]), "all of them": float(cost[-1])},
            explanation="A blueprint takes a / K workers, and K counts what is invented abroad.",
        ),
    )


def _goods(mechanism: VarietyExpansion) -> Claim:
    """Solve over the trade cost."""
    growth = mechanism.sweep(trade_cost=np.linspace(1, 5, 21))["growth"]
    return grade(
        "goods-trade-neutral",
        "Without fixed costs, cheaper trade does not move growth: what firms gain abroad they lose at home.",
        f"{SURVEY}, section II",
        within=np.abs(growth - growth[0]) <= 1e-14,
        numbers={"growth, trade_cost 1": float(growth[0]), "growth, trade_cost 5": float(growth[-1])},
        explanation="Profit a variety is s E / (sigma n) whatever the trade cost.",
    )


def _stage(mechanism: VarietyExpansion) -> Claim:
    """Solve a closed economy, one that trades, and one that also learns."""
    closed = mechanism.solve(mechanism.parameters(trade_cost=np.inf, idea_flow=0.0)).value.growth
    goods = mechanism.solve(mechanism.parameters(idea_flow=0.0)).value.growth
    both = mechanism.solve(mechanism.parameters()).value.growth
    return grade(
        "larger-stage",
        "A larger stage on which to exploit ideas (scale effect) outweighs more rivals (competition effect), so that "
        "integration raises growth; the survey leaves open which is more powerful.",
        f"{SURVEY}, section II",
        within=[both > closed],
        outside=[goods > closed],
        condition="ideas cross the border too; with goods alone the competition effect offsets the scale effect",
        numbers={"growth, closed": closed, "growth, goods trade only": goods, "growth, goods and ideas": both},
        explanation="Rivera-Batiz and Romer (1991) separate the two in the same way.",
    )
