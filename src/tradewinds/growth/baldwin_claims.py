"""What the survey and the abstract say of selection and growth, checked: the claims of Baldwin and Robert-Nicoud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade

if TYPE_CHECKING:
    from tradewinds.growth.baldwin_robert_nicoud import BaldwinRobertNicoud

__all__ = ["claims"]


def claims(mechanism: BaldwinRobertNicoud) -> tuple[Claim, ...]:
    """Solve the survey's statement about constant spillovers, selection, and the five signs of the paper."""
    costs = np.linspace(1.1, 4, 60)
    swept = {v: mechanism.sweep(variant=v, trade_cost=costs) for v in mechanism.variants}
    falls = np.ravel([np.diff(swept[v]["growth"]) > 0 for v in mechanism.variants[:2]])
    first, rises = swept[mechanism.variants[0]], [np.diff(swept[v]["growth"]) < 0 for v in mechanism.variants[2:]]
    dear = mechanism.sweep(
        mechanism.parameters("reverse-engineering", idea_flow=0.5), variant="reverse-engineering", trade_cost=costs
    )
    weak = mechanism.sweep(
        mechanism.parameters("efficiency-linked", efficiency_link=3.0), variant="efficiency-linked", trade_cost=costs
    )
    others = [np.all(np.diff(s["growth"]) < 0) for s in (dear, weak)]
    growth = {
        f"growth in {v}, trade cost {t:g}": swept[v]["growth"][i]
        for v in mechanism.variants
        for i, t in ((0, costs[0]), (-1, 4))
    }
    paper = "Baldwin and Robert-Nicoud (2008), abstract"
    return (
        grade(
            "constant-spillovers-slow-growth",
            "If the extent of international knowledge spillovers stays constant after trade costs fall, the expansion of "
            "demand is "
            "more than offset by effective competition, and incentives for R&D decline.",
            f"{SURVEY}, section II",
            within=np.diff(first["growth"]) > 0,
            numbers={k: v for k, v in growth.items() if "grossman" in k},
            explanation="A surviving variety takes more knowledge, in proportion to 1 / home share; nothing makes knowledge "
            "cheaper.",
        ),
        grade(
            "selection",
            "A decline in trade costs raises the productivity needed to survive and lowers that needed to export.",
            f"{SURVEY}, section II",
            within=np.ravel([np.diff(first["survival_cutoff"]) < 0, np.diff(first["export_cutoff"]) > 0]),
            numbers={
                "survival cutoff, trade cost 4": first["survival_cutoff"][-1],
                "survival cutoff, cheap": first["survival_cutoff"][0],
            },
            explanation="As in Melitz (2003).",
        ),
        grade(
            "two-of-five-harm-growth",
            "Of five knowledge technologies two suggest that trade harms growth, the others the opposite.",
            paper,
            within=[*falls, *np.ravel(rises)],
            outside=others,
            condition="exporting costs less than idea_flow times entry at home (reverse-engineering) and efficiency_link "
            "exceeds the "
            "tail index (efficiency-linked)",
            numbers=growth,
            explanation="Opening speeds growth up if and only if research productivity rises by more than one per cent where "
            "1 / home share rises by one.",
        ),
    )
