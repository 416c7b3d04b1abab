"""What the survey states about two countries without spillovers: the gap between innovation rates, and profitability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade

if TYPE_CHECKING:
    from tradewinds.growth.feenstra import Feenstra

__all__ = ["claims"]

#: Labour of the slower country, home's being one.
_SIZES = np.linspace(0.6, 0.98, 20)


def claims(mechanism: Feenstra) -> tuple[Claim, ...]:
    """Return the claims about the gap and about what innovation pays."""
    return (_gap(mechanism), _profitability(mechanism))


def _gap(mechanism: Feenstra) -> Claim:
    """Compare innovation rates with trade and in autarky, for both closures of the capital market."""
    gaps = {}
    for variant in mechanism.variants:
        opened, closed = (
            mechanism.sweep(variant=variant, foreign_labour=_SIZES, trade=x)["innovation"] for x in (1, 0)
        )
        gaps[variant] = (opened[:, 0] - opened[:, 1]) > (closed[:, 0] - closed[:, 1]) * (1 + 1e-12)
    closed_point, open_point = mechanism.solve(regime="autarky").value, mechanism.solve().value
    result = mechanism.counterfactual(mechanism.parameters(trade=0), {"trade": 1})
    return grade(
        "gap-widens",
        "When the countries open to trade, the rapid growth in the number of competitors in the fast-growing country reduces the "
        "profitability of innovation in the slow-growing one, and the gap in their innovation rates widens.",
        f"{SURVEY}, section II",
        within=gaps["capital-mobility"],
        outside=gaps["financial-autarky"],
        condition="capital moves between the countries; with balanced trade both innovate as in autarky",
        numbers={
            "innovation of the slower, autarky": float(closed_point["innovation"][1]),
            "innovation of the slower, capital mobile": float(open_point["innovation"][1]),
            "innovation of the faster, both": float(open_point["innovation"][0]),
            "welfare of the slower, per cent": float(result.extra["welfare_transition_foreign"]),
        },
        explanation="Not profit per unit of cost falls but the value of a firm, with the wage of the slower country.",
    )


def _profitability(mechanism: Feenstra) -> Claim:
    """Compare what an innovator in the slower country gets with autarky: profit, and profit with the change of a firm's value."""
    p: Any = mechanism.parameters()
    power = p.elasticity_of_substitution - 1
    opened, closed = (mechanism.sweep(foreign_labour=_SIZES, trade=x) for x in (1, 0))

    def profit(innovation: Any) -> Any:
        """Return profit a year over what a blueprint costs."""
        return (_SIZES / p.foreign_rnd_cost - innovation) / power

    before, after = profit(closed["innovation"][:, 1]), profit(opened["innovation"][:, 1])
    # at the pace of autarky a firm would earn as in autarky, and its value follow the wage
    at_old_pace = before + opened["wage_growth"][:, 1] - closed["innovation"][:, 1]
    here = int(np.argmin(np.abs(_SIZES - p.foreign_labour)))
    return grade(
        "profitability-of-the-slower-falls",
        "Competitors in the fast-growing country reduce the profitability of innovation in the slow-growing country.",
        f"{SURVEY}, section II",
        within=at_old_pace < p.discount_rate,
        outside=after < before,
        condition="profitability counts what a firm loses in value as the wage of its country falls (capital mobile); profit over "
        "the cost of a blueprint rises, as fewer workers do research",
        numbers={
            "return at the pace of autarky, capital mobile": float(at_old_pace[here]),
            "return in autarky": float(p.discount_rate),
            "profit over cost of a blueprint, autarky": float(before[here]),
            "profit over cost of a blueprint, capital mobile": float(after[here]),
        },
        explanation="New varieties abroad push down what the slower country's sell for, and so its wage and what a firm is worth.",
    )
