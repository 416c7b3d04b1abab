"""Where statements fail: for every claim that holds only on a condition, an economy in which it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.growth import BalancedGrowth, mechanisms
from tradewinds.replications.grossman_helpman.numbers import cut

__all__ = ["FAILURES", "Failure", "Moved"]

Change = Mapping[str, Any]


@dataclass(frozen=True)
class Moved:
    """A number before and after a change of parameters.

    Attributes
    ----------
    where : str
        Variant and parameters, in words.
    what : str
        The number, with its unit.
    stated : str
        What the statement says it does: ``rises``, ``falls``, ``stays``, or becomes a number.
    before, after : float
    contradicted : bool
        Whether it does not.
    """

    where: str
    what: str
    stated: str
    before: float
    after: float
    contradicted: bool


@dataclass(frozen=True)
class Failure:
    """An economy that meets the words of a statement but not its condition.

    Attributes
    ----------
    variant : str
    start : mapping
        What differs from the standard calibration.
    change : mapping
        What the statement is about.
    variable : str
        Of home, unless ``country`` says otherwise.
    stated : {"rises", "falls", "stays"}
    """

    variant: str
    start: Change
    change: Change
    variable: str
    stated: str
    country: int = 0

    def solve(self, mechanism: str) -> Moved:
        """Solve the economy before and after."""
        model = mechanisms[mechanism]
        p = model.parameters(self.variant, **self.start)
        points = [model.solve(q, variant=self.variant).value for q in (p, p.replace(**self.change))]
        before, after = (self._number(point) for point in points)
        step, rounding = after - before, 1e-12 * max(1.0, abs(before))
        moved = "stays" if abs(step) <= rounding else "rises" if step > 0 else "falls"
        unit = f"{self.variable.replace('_', ' ')}{' abroad' if self.country else ''}"
        changes = "; ".join(f"{_words(k)} from {_shown(getattr(p, k))} to {_shown(v)}" for k, v in self.change.items())
        start = "".join(f", {_words(k)} {_shown(v)}" for k, v in self.start.items() if k not in self.change)
        return Moved(f"{self.variant}{start}: {changes}", unit, self.stated, before, after, moved != self.stated)

    def _number(self, point: BalancedGrowth) -> float:
        value = np.asarray(point[self.variable], dtype=float)
        return float(value if value.ndim == 0 else value[self.country])


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: Any) -> str:
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return f"{float(array):.4g}"
    return f"({', '.join(f'{x:.4g}' for x in np.ravel(array))})"


def _printed_cut(mechanism: str) -> Moved:
    """Return growth after the cut of the article, with corrected equations."""
    model = mechanisms[mechanism]
    p = model.parameters("corrected")
    after = p.replace(trade_cost=1 + 0.9 * (p.trade_cost - 1))
    old, new = (100 * model.solve(q, variant="corrected").value.growth for q in (p, after))
    where = f"corrected: trade cost from {p.trade_cost:.4g} to {after.trade_cost:.4g}"
    return Moved(where, "growth, per cent a year", "becomes 1.03", old, new, abs(new - 1.03) > 0.005)


def _printed_path(mechanism: str) -> Moved:
    """Return the gain of the cut by corrected equations, between balanced growth paths and with transition."""
    model = mechanisms[mechanism]
    p = model.parameters("corrected")
    after = 1 + 0.9 * (p.trade_cost - 1)
    found = cut("corrected").cheaper
    gain = found.welfare_transition
    where = f"corrected: trade cost from {p.trade_cost:.4g} to {after:.4g}"
    what = "gain, per cent: between growth paths, and with transition"
    return Moved(where, what, "becomes 10.8", found.welfare_steady_state, gain, abs(gain - 10.8) > 0.05)


def _equal_cost(mechanism: str) -> Moved:
    """Return the cost of research at home over abroad, each in units of the homogeneous good, before and after an opening."""
    model = mechanisms[mechanism]
    p = model.parameters()
    costs = []
    for trade in (0, 1):
        values = model.solve(p.replace(trade=trade)).value.values
        premium = np.asarray(values["human_capital_wage"]) / np.asarray(values["labour_wage"])
        cost = premium ** (p.research_intensity - p.homogeneous_intensity)
        costs.append(float(cost[0] / cost[1]))
    before, after = costs
    where = "two-factors: trade from 0 to 1"
    return Moved(where, "cost of research at home over abroad", "stays below 1", before, after, after > 1 - 1e-9)


def _profit_rises(mechanism: str) -> Moved:
    """Return profit a year over the cost of a blueprint in the slower country, before and after an opening."""
    model = mechanisms[mechanism]
    p = model.parameters()
    pace = [float(model.solve(p.replace(trade=trade)).value["innovation"][1]) for trade in (0, 1)]
    before, after = ((p.foreign_labour / p.foreign_rnd_cost - g) / (p.elasticity_of_substitution - 1) for g in pace)
    where = "capital-mobility: trade from 0 to 1"
    return Moved(where, "profit over cost of a blueprint abroad", "falls", before, after, after >= before)


def _tripled(mechanism: str) -> Moved:
    """Return what the gain with growth is of the static one if trade becomes free."""
    model = mechanisms[mechanism]
    p = model.parameters(trade_cost=np.inf)
    found = model.counterfactual(p, {"trade_cost": 1.0})
    static, whole = found.static_gain, found.welfare_transition
    where = "dynamic-selection: trade cost from inf to 1"
    return Moved(where, "gain, per cent: static, and with growth", "triples", static, whole, round(whole / static) != 3)


_CHEAPER = {"trade_cost": 2.2}
_RICH = {"labour": (1.0, 10.0), "arrival": (1.0, 0.1), "relative_trade_costs": np.ones((2, 2)), "trade_cost": np.inf}

#: Mechanism and claim -> what to solve.
FAILURES: Mapping[tuple[str, str], Failure | Callable[[str], Moved]] = {
    ("variety-expansion", "larger-stage"): Failure(
        "one-sector", {"idea_flow": 0.0, "trade_cost": np.inf}, {"trade_cost": 1.5}, "growth", "rises"
    ),
    ("national-spillovers", "laggard-grows-slower"): Failure(
        "free-trade", {"home_varieties": 0.4, "trade": 0}, {"trade": 1}, "growth", "falls"
    ),
    ("feenstra", "gap-widens"): Failure(
        "financial-autarky", {"trade": 0}, {"trade": 1}, "innovation", "falls", country=1
    ),
    ("feenstra", "profitability-of-the-slower-falls"): _profit_rises,
    ("heckscher-ohlin-innovation", "research-cheapest-where-human-capital-abounds"): _equal_cost,
    ("baldwin-robert-nicoud", "two-of-five-harm-growth"): Failure(
        "reverse-engineering", {"idea_flow": 0.5, "trade_cost": 4.0}, {"trade_cost": 1.5}, "growth", "rises"
    ),
    ("perla-tonetti-waugh", "weak-firms-face-competition"): Failure(
        "corrected", {"trade_cost": 4.0}, _CHEAPER, "profit_minimum", "falls"
    ),
    ("perla-tonetti-waugh", "opening-raises-the-real-wage"): Failure(
        "corrected", {"trade_cost": 4.0}, _CHEAPER, "real_wage", "rises"
    ),
    ("perla-tonetti-waugh", "neutral-without-fixed-costs"): Failure(
        "fixed-mass-goods-cost", {"export_fixed_cost": 0.0, "trade_cost": 4.0}, _CHEAPER, "growth", "stays"
    ),
    ("perla-tonetti-waugh", "labour-cost-slows-diffusion"): Failure(
        "no-shocks", {"trade_cost": 4.0}, _CHEAPER, "growth", "falls"
    ),
    ("perla-tonetti-waugh", "ten-per-cent-cut"): _printed_cut,
    ("perla-tonetti-waugh", "ten-per-cent-cut-with-transition"): _printed_path,
    ("sampson", "globalisation-speeds-growth"): Failure(
        "dynamic-selection", {"export_cost": 0.01, "trade_cost": 1.5}, {"trade_cost": 1.0}, "growth", "rises"
    ),
    ("sampson", "growth-triples-the-gains"): _tripled,
    ("buera-oberfield", "trade-is-the-vehicle"): Failure(
        "sellers", _RICH, {"trade_cost": 1.2}, "knowledge", "rises"
    ),
}  # fmt: skip
