"""What the survey states about a head start, over gaps in knowledge and sizes of the country ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.young_paths import day_of

if TYPE_CHECKING:
    from tradewinds.growth.results import BalancedGrowth
    from tradewinds.growth.young import Young

__all__ = ["claims"]


def claims(mechanism: Young) -> tuple[Claim, ...]:
    """Return the claims about who learns more, and about growth that is lost."""
    gap, size = np.meshgrid([0.05, 0.2, 0.5, 1.0, 2.0], [0.1, 0.3, 1.0, 3.0])
    worlds, _ = mechanism.parameters().spread(
        {"foreign_knowledge": 3 + gap.ravel(), "foreign_labour": 0.04 * size.ravel()}
    )
    rates = day_of(worlds, worlds.knowledge).learning / worlds.labour
    stop = mechanism.parameters(foreign_knowledge=3.05, foreign_labour=0.05)
    stopped: BalancedGrowth = mechanism.solve(stop).value
    result = mechanism.counterfactual(stop.replace(trade=0), {"trade": 1})
    ahead = (rates[:, 0] <= 0.5) & (rates[:, 1] >= 0.5)
    return (
        grade(
            "head-start",
            "A leading country undertakes more of the activity that accumulates knowledge when trade opens, the other does "
            "less.",
            f"{SURVEY}, section II",
            within=ahead,
            numbers={
                "learning of the laggard, autarky": mechanism.solve(regime="autarky").value.home("innovation"),
                "learning of the laggard, trade": mechanism.solve().value.home("innovation"),
                "learning of the leader, trade": float(mechanism.solve().value["innovation"][1]),
            },
            explanation="The laggard's labour moves to goods in which learning is exhausted.",
        ),
        grade(
            "growth-prospects-lost",
            "In the extreme, a country that would have continued to grow in autarky specialises in activities without "
            "prospects.",
            f"{SURVEY}, section II",
            within=[stopped.home("innovation") == 0],
            numbers={
                "learning, trade": stopped.home("innovation"),
                "growth of consumption, trade": stopped.growth,
                "growth of consumption, autarky": result.baseline.growth,
                "welfare of opening, per cent": result.welfare_transition,
            },
            explanation="Learning stops where the leader is large; consumption does not, as what it buys gets cheaper abroad.",
        ),
    )
