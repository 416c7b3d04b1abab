"""What the survey and Sampson (2016) state about dynamic selection, each solved for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade

if TYPE_CHECKING:
    from tradewinds.growth.sampson import Sampson

__all__ = ["claims"]


def claims(mechanism: Sampson) -> tuple[Claim, ...]:
    """Return the claims about growth, size, selection, entry and gains."""
    return (
        _sustained(mechanism),
        _selection(mechanism),
        _entry(mechanism),
        _growth(mechanism),
        _size(mechanism),
        _gains(mechanism),
    )


def _sustained(mechanism: Sampson) -> Claim:
    """Solve for growth where the population does not grow, in autarky and with trade."""
    swept = mechanism.sweep(population_growth=0.0, trade_cost=np.append(np.inf, np.linspace(4, 1, 7)))["growth"]
    return grade(
        "technologies-improve-for-ever",
        "Sustained growth is driven by perpetual improvement of technologies for production, as each new technology builds on the "
        "others.",
        f"{SURVEY}, section IV",
        within=swept > 0,
        numbers={"growth, no population growth, autarky": float(swept[0]), "the same, free trade": float(swept[-1])},
        explanation="Entrants draw from what firms can do, the weakest close, and the next draw from better firms.",
    )


def _entry(mechanism: Sampson) -> Claim:
    """Solve for entrants a year on the day of an opening."""
    swept = mechanism.sweep(trade_cost=np.append(np.inf, np.linspace(4, 1, 31)))
    share, firms = swept["rnd_labour_share"], swept["varieties"]
    return grade(
        "better-draws-encourage-entry",
        "Selection improves the distribution from which technologies are drawn, and so encourages further entry.",
        f"{SURVEY}, section IV",
        within=np.diff(share) > 0,
        numbers={
            "entrants, free trade over autarky": float(share[-1] / share[0]),
            "entrants a firm, free trade over autarky": float(share[-1] / share[0] * firms[0] / firms[-1]),
        },
        explanation="More workers make new products. Relative to firms, which are fewer, entrants are more still.",
    )


def _growth(mechanism: Sampson) -> Claim:
    """Solve for growth over trade costs, where some firms export and where all do."""
    p = mechanism.parameters()
    some = mechanism.sweep(p, trade_cost=np.linspace(4, 1.01, 31))["growth"]
    cheap = mechanism.sweep(p, export_cost=np.linspace(4, 0.2, 31))["growth"]
    everyone = p.replace(export_cost=0.01)
    neutral = mechanism.sweep(everyone, trade_cost=np.linspace(1.5, 1.0, 11))["growth"]
    none = mechanism.solve(p.replace(export_cost=0.0)).value.growth
    return grade(
        "globalisation-speeds-growth",
        "Lower trade costs close weak firms and so improve the draws of entrants: globalisation speeds growth.",
        f"{SURVEY}, section IV; Sampson (2016)",
        within=[*(np.diff(some) > 0), *(np.diff(cheap) > 0)],
        outside=np.diff(neutral) > 1e-15,
        condition="only some firms export: where all do, a lower trade cost selects nobody and leaves growth as it is",
        numbers={
            "growth": mechanism.solve(p).value.growth,
            "growth, autarky": mechanism.solve(p, regime="autarky").value.growth,
            "growth, all export at no fixed cost": none,
        },
        explanation="Growth rises in the fixed costs a firm must cover to survive, which trade raises by 1 / home share.",
    )


def _size(mechanism: Sampson) -> Claim:
    """Solve for growth over the size of countries."""
    swept = mechanism.sweep(labour=np.geomspace(0.1, 10, 9))
    return grade(
        "no-scale-effect",
        "Globalisation speeds growth despite the absence of any scale effect.",
        f"{SURVEY}, section IV; Sampson (2016)",
        within=np.abs(swept["growth"] - swept["growth"][0]) <= 1e-15,
        numbers={"growth, labour 0.1": float(swept["growth"][0]), "growth, labour 10": float(swept["growth"][-1])},
        explanation="A larger country has more firms, each as large as before, and entrants learn from their mean.",
    )


def _selection(mechanism: Sampson) -> Claim:
    """Solve for firms and the exit cutoff on the day of opening."""
    swept = mechanism.sweep(trade_cost=np.append(np.inf, np.linspace(4, 1, 31)))
    return grade(
        "selection",
        "Lower trade costs induce exit by low-productivity firms and expansion by high-productivity firms.",
        f"{SURVEY}, section IV",
        within=[*(np.diff(swept["exit_cutoff"]) > 0), *(np.diff(swept["varieties"]) < 0)],
        numbers={
            "exit cutoff, free trade over autarky": float(swept["exit_cutoff"][-1] / swept["exit_cutoff"][0]),
            "firms, free trade over autarky": float(swept["varieties"][-1] / swept["varieties"][0]),
        },
        explanation="Exporters bid up wages; the weakest no longer cover their fixed cost.",
    )


def _gains(mechanism: Sampson) -> Claim:
    """Solve for gains from opening, static and with growth, at the standard calibration and around it."""
    p = mechanism.parameters()

    def gains(trade_cost: float) -> tuple[float, float]:
        q = p.replace(trade_cost=trade_cost)
        found = mechanism.counterfactual(q.replace(trade_cost=np.inf), {"trade_cost": trade_cost})
        return found.static_gain, found.welfare_transition

    (static, whole), small, large = (gains(cost) for cost in (p.trade_cost, 3.0, 1.0))
    ratios = [whole / static, small[1] / small[0], large[1] / large[0]]
    return grade(
        "growth-triples-the-gains",
        "Dynamic selection approximately triples the gains from trade.",
        "Sampson (2016), abstract",
        within=[round(ratio) == 3 for ratio in ratios[:2]],
        outside=[round(ratio) == 3 for ratio in ratios[2:]],
        condition="imports are a small part of spending, as in the United States; the ratio rises with openness",
        numbers={
            "static gain, per cent": static,
            "gain with growth, per cent": whole,
            "ratio": ratios[0],
            "ratio, trade_cost 3": ratios[1],
            "ratio, trade_cost 1": ratios[2],
        },
        explanation="Both gains are of first order in the import share, but that of faster growth adds up over time.",
    )
