"""Statements of the survey and of the article about adoption and trade, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.perla_tonetti_waugh_firms import claims as firms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewinds.growth.perla_tonetti_waugh import PerlaTonettiWaugh
    from tradewinds.growth.results import Counterfactual

__all__ = ["claims"]

#: Trade costs, from high to low.
_COSTS = np.linspace(4.0, 2.2, 10)
_FEW = _COSTS[::3]


def claims(mechanism: PerlaTonettiWaugh) -> tuple[Claim, ...]:
    """Return the statements with their verdicts."""
    return (
        *firms(mechanism),
        _neutral(mechanism),
        _labour(mechanism),
        _goods(mechanism),
        *_published(mechanism),
    )


def _growth(mechanism: PerlaTonettiWaugh, variant: str, **changes: float) -> np.ndarray:
    costs = _FEW if variant in ("corrected", "published") else _COSTS
    p = mechanism.parameters(variant, **changes)
    return np.asarray(mechanism.sweep(p, variant=variant, trade_cost=costs)["growth"])


def _neutral(mechanism: PerlaTonettiWaugh) -> Claim:
    flat = {v: _growth(mechanism, v, export_fixed_cost=0.0) for v in mechanism.variants}
    goods = flat.pop("fixed-mass-goods-cost")
    labour = flat["fixed-mass-labour-cost"]
    return grade(
        "neutral-without-fixed-costs",
        "A fall in trade costs is neutral with respect to the incentives for knowledge acquisition if the fixed costs of "
        "exporting are nil.",
        f"{SURVEY}, section IV",
        within=[bool(np.ptp(g) <= 1e-12) for g in flat.values()],
        outside=[bool(np.ptp(goods) <= 1e-12)],
        condition="adoption is paid in labour; where it is paid in goods, wages that rise with trade make it cheaper",
        numbers={
            "growth, labour cost, high trade cost": labour[0],
            "growth, labour cost, low trade cost": labour[-1],
            "growth, goods cost, high trade cost": goods[0],
            "growth, goods cost, low trade cost": goods[-1],
        },
        explanation="Profits of all firms move in proportion, and so does their value relative to the cost of adoption in labour.",
    )


def _labour(mechanism: PerlaTonettiWaugh) -> Claim:
    fixed = _growth(mechanism, "fixed-mass-labour-cost")
    free = {v: _growth(mechanism, v) for v in ("no-shocks", "corrected", "published")}
    return grade(
        "labour-cost-slows-diffusion",
        "If the cost of search is paid by hiring labour in fixed supply, an opening of trade raises the cost of adoption and "
        "the rate of diffusion falls.",
        f"{SURVEY}, section IV",
        within=np.diff(fixed) < 0,
        outside=np.concatenate([np.diff(g) < 0 for g in free.values()]),
        condition="the mass of firms is fixed; with free entry the mass of firms falls and diffusion accelerates",
        numbers={
            "growth, fixed mass, high trade cost": fixed[0],
            "growth, fixed mass, low trade cost": fixed[-1],
            "growth, free entry, high trade cost": free["no-shocks"][0],
            "growth, free entry, low trade cost": free["no-shocks"][-1],
        },
        explanation="With a fixed mass what exporting takes of labour, adoption lacks; with free entry fewer firms share it.",
    )


def _goods(mechanism: PerlaTonettiWaugh) -> Claim:
    growth = _growth(mechanism, "fixed-mass-goods-cost")
    return grade(
        "goods-cost-speeds-diffusion",
        "If the cost is paid in units of the final good, the wider gap in profitability between firms of high and low "
        "productivity speeds up diffusion.",
        f"{SURVEY}, section IV",
        within=np.diff(growth) > 0,
        numbers={"growth, high trade cost": growth[0], "growth, low trade cost": growth[-1]},
        explanation="Wages rise by more than workers in production fall, so adoption gets cheap relative to profits.",
    )


def _published(mechanism: PerlaTonettiWaugh) -> tuple[Claim, Claim]:
    results = {}
    for variant in ("published", "corrected"):
        p = mechanism.parameters(variant)
        results[variant] = mechanism.counterfactual(p, {"trade_cost": 1 + 0.9 * (p.trade_cost - 1)}, variant=variant)
    return _steady(results), _transition(results)


def _transition(results: Mapping[str, Counterfactual]) -> Claim:
    from tradewinds.growth.perla_tonetti_waugh_published import printed_gain

    printed, right = results["published"], results["corrected"]
    assert printed.path is not None
    gain = printed.welfare_transition
    return grade(
        "ten-per-cent-cut-with-transition",
        "With the transition to the new balanced growth path, a cut of trade costs by 10 per cent raises welfare by 10.8 per cent "
        "of consumption.",
        "Perla, Tonetti and Waugh (2021)",
        within=[abs(gain - 10.8) < 0.05, abs(right.welfare_transition - 10.8) < 0.05],
        condition="best practice is taken to have grown at its rate of year 75 in all years before, and the printed path is used",
        numbers={
            "welfare with transition, published, per cent": gain,
            "the same, with the slip at 75 years": printed_gain(printed.path, printed.baseline),
            "welfare with transition, corrected, per cent": right.welfare_transition,
        },
        explanation="The printed number lets best practice start its last part too high; without that its path gives 10.2.",
    )


def _steady(results: Mapping[str, Counterfactual]) -> Claim:
    printed, right = results["published"], results["corrected"]

    def agrees(r: Counterfactual) -> bool:
        after, gain = r.counterfactual.growth, r.welfare_steady_state
        return bool(abs(100 * after - 1.03) < 0.005 and abs(gain - 11.2) < 0.05)

    return grade(
        "ten-per-cent-cut",
        "A cut of trade costs by 10 per cent raises growth from 0.79 to 1.03 per cent a year, and welfare by 11.2 per cent of "
        "consumption between balanced growth paths.",
        "Perla, Tonetti and Waugh (2021)",
        within=[agrees(printed)],
        outside=[agrees(right)],
        condition="firms are distributed as Pareto, and value no option to export, in spite of shocks: the published equations",
        numbers={
            "growth before, per cent": 100 * printed.baseline.growth,
            "growth after, published, per cent": 100 * printed.counterfactual.growth,
            "welfare, published, per cent": printed.welfare_steady_state,
            "growth after, corrected, per cent": 100 * right.counterfactual.growth,
            "welfare, corrected, per cent": right.welfare_steady_state,
        },
        explanation="With shocks firms at the threshold adopt at once, so that the density vanishes there; see the module.",
    )
