"""What the survey states about head starts, about laggards that stop, and about industries without prospects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade

if TYPE_CHECKING:
    from tradewinds.growth.national_spillovers import NationalSpillovers

__all__ = ["claims"]


def claims(mechanism: NationalSpillovers) -> tuple[Claim, ...]:
    """Return the claims about history, about leader and laggard, and about industries."""
    return (_industries(mechanism), _history(mechanism), _leader(mechanism), *_laggard(mechanism))


def _industries(mechanism: NationalSpillovers) -> Claim:
    """Compare what the smaller country loses of its innovation here and where there is one industry."""
    from tradewinds.growth.registry import mechanisms

    sizes, one = np.array([0.85, 0.9, 0.95, 0.98]), mechanisms["feenstra"]
    lost = []
    for industry in (one, mechanism):
        opened, closed = (industry.sweep(foreign_labour=sizes, trade=x)["innovation"][:, 1] for x in (1, 0))
        lost.append(1 - opened / closed)
    return grade(
        "lesser-industries-for-the-laggard",
        "The consequences for the lagging country can be even more severe with several industries that differ in their potential: "
        "the country with lesser incentives for R&D specialises in those with lesser prospects.",
        f"{SURVEY}, section II",
        within=[*(lost[1] > lost[0]), *(lost[1] == 1)],
        numbers={
            "innovation lost by trade, one industry, 90 % of labour": float(lost[0][1]),
            "the same, a second industry without prospects": float(lost[1][1]),
        },
        explanation="With one industry it goes on innovating, though less; with two it moves to the common good.",
    )


def _history(mechanism: NationalSpillovers) -> Claim:
    """Open countries that differ in nothing but a small head start."""
    p = mechanism.parameters()
    closed = mechanism.solve(p, regime="autarky").value
    ahead, behind = (mechanism.solve(p.replace(home_varieties=v)).value for v in (0.51, 0.49))
    return grade(
        "history-matters",
        "With national spillovers, history and initial conditions can matter for the effects of globalisation on growth.",
        f"{SURVEY}, section II",
        within=[ahead["innovation"][0] > 0, behind["innovation"][0] == 0],
        numbers={
            "innovation at home, 51 % of varieties": ahead.home("innovation"),
            "innovation at home, 49 %": behind.home("innovation"),
            "innovation at home, autarky": closed.home("innovation"),
        },
        explanation="Equal countries but for the head start: whoever has it has the lower cost of research for ever.",
    )


def _leader(mechanism: NationalSpillovers) -> Claim:
    """Compare both countries with autarky over head starts, from the first day of trade on."""
    closed = mechanism.solve(regime="autarky").value["innovation"]
    moved = []
    for share in (0.51, 0.6, 0.75, 0.9):
        p = mechanism.parameters(home_varieties=share, trade=0)
        paths = mechanism.transition(p, p.replace(trade=1)).value.paths
        moved.append(paths["innovation"] - closed)
    first = closed + moved[0][0]
    return grade(
        "leader-does-more",
        "Thanks to its head start the leading country has a lower cost of innovation, and undertakes more of this activity while "
        "the other country does less.",
        f"{SURVEY}, section II",
        within=[bool(np.all(m[:, 0] > 0) and np.all(m[:, 1] < 0)) for m in moved],
        numbers={
            "innovation of both, autarky": float(closed[0]),
            "innovation of the leader, 51 % of varieties, first day": float(first[0]),
            "innovation of the laggard": float(first[1]),
        },
        explanation="With equal wages only the cheaper inventor invents, and has both countries' demand.",
    )


def _laggard(mechanism: NationalSpillovers) -> tuple[Claim, Claim]:
    """Compare a laggard with itself in autarky."""
    p = mechanism.parameters()
    closed = mechanism.solve(p, regime="autarky").value
    behind = mechanism.solve(p.replace(home_varieties=0.49)).value
    result = mechanism.counterfactual(p.replace(trade=0, home_varieties=0.4), {"trade": 1})
    return (
        grade(
            "laggard-stops",
            "A country that would have continued to innovate and grow in autarky can be led by a more advanced partner to "
            "specialise in activities that lack growth prospects.",
            f"{SURVEY}, section II",
            within=[behind["innovation"][0] == 0, closed["innovation"][0] > 0],
            numbers={
                "innovation, trade": behind.home("innovation"),
                "innovation, autarky": closed.home("innovation"),
            },
            explanation="It makes the common good and buys the leader's new varieties.",
        ),
        grade(
            "laggard-grows-slower",
            "Such a laggard grows more slowly than it would have in autarky.",
            f"{SURVEY}, section II, as it is easily read",
            within=[behind["innovation"][0] < closed["innovation"][0]],
            outside=[behind.growth < closed.growth],
            condition="growth means innovation; real consumption grows on the leader's varieties",
            numbers={
                "growth of consumption, trade": behind.growth,
                "growth of consumption, autarky": closed.growth,
                "welfare of the laggard, per cent": result.welfare_transition,
            },
            explanation="Innovation and welfare must not be conflated.",
        ),
    )
