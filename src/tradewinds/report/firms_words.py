"""Words and equations of a study of firms: the model, what came out, what a change is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradewinds.firms import (
    ChaneyEquilibrium,
    FirmResult,
    Liberalisation,
    ParetoEquilibrium,
    Scenarios,
    UniformEquilibrium,
    WidgetResult,
)
from tradewinds.report.page import Equation

__all__ = ["abstract", "change_word", "model_content", "signed", "span", "without_trade"]

_UNIFORM = (
    "Two identical countries. Firms pay to enter, then draw a marginal cost, every cost up to a maximum being equally likely. "
    "Each faces the same demand (with the sign of the paper's footnote 1 corrected), pays the trade cost for every unit that "
    "crosses the border, and sells where its best price is above its cost. Firms enter until expected profit pays for entry:",
    Equation(
        "Q = S [1/n − b (p − p̄)]\n"
        "p = (c^{*} + c)/2,   q = S b (c^{*} − c)/2,   π = S b (c^{*} − c)^{2}/4\n"
        "c^{*3} + (c^{*} − t)^{3} = 12 f c_{max}/(S b)  where t < c^{*}"
    ),
    "Costs up to c^{\\*} survive, costs up to c^{\\*} − t export.",
)
_INNOVATION = (
    "A firm may pay f_{I} to lower its cost by Δc. The paper's rule compares q Δc with f_{I} at the output before; the exact rule "
    "compares profits before and after; in the equilibrium with innovation entry adjusts too (variables that end in "
    "“with innovation”).",
)
_CONTENT: dict[str, tuple[str | Equation, ...]] = {
    "melitz-ottaviano-uniform": _UNIFORM,
    "melitz-ottaviano-pareto": (
        "Countries with linear demand and costs from G(c) = (c/c_{M})^{k}; trade costs are units sent for one to arrive. Cutoffs "
        "c_{D} solve the conditions of free entry, one a country, with ρ = τ^{−k}:",
        Equation("Σ_{h} ρ_{lh} L_{h} (c_{D}^{h})^{k+2} = 2 (k+1)(k+2) γ c_{M}^{k} f_{E}"),
    ),
    "melitz-chaney": (
        "Countries with demand of constant elasticity σ and Pareto productivity of shape θ; trade costs are units sent for one to "
        "arrive, and to sell anywhere takes fixed costs. Real income follows from the share of spending on home goods:",
        Equation("W / W_{autarky} = λ^{−1/θ}"),
    ),
    "krugman-widgets": (
        "Identical countries share out their workers: each variety takes overhead before its first unit. Plans with equal runs "
        "are listed, without trade and with it; with an elasticity of substitution Krugman's market chooses among them:",
        Equation("n = L / (σ F),   W / W_{autarky} = [1 + (K − 1) τ^{1−σ}]^{1/(σ−1)}"),
    ),
    "caliendo-parro": (
        "Countries and sectors that buy inputs from each other and pay tariffs τ and trade costs d. With w, c, P and κ = d (1+τ) "
        "as ratios, after over before, all follows from the tables and the elasticities θ of the sectors (exact hat algebra):",
        Equation(
            "ln c_{n}^{j} = γ_{n}^{j} ln w_{n} + Σ_{k} γ_{n}^{kj} ln P_{n}^{k}\n"
            "(P_{n}^{j})^{−θ} = Σ_{i} π_{ni}^{j} (κ_{ni}^{j} c_{i}^{j})^{−θ}\n"
            "π′_{ni}^{j} = π_{ni}^{j} (κ_{ni}^{j} c_{i}^{j} / P_{n}^{j})^{−θ}"
        ),
        "Wages are such that what the world spends on a country's goods is what it earns, deficits given.",
    ),
}


def model_content(model: str, *, innovates: bool) -> list[str | Equation]:
    """Return what the model says, in words and equations."""
    return [*_CONTENT[model], *(_INNOVATION if innovates else ())]


def change_word(change: Liberalisation) -> str:
    """Return the name of a change for a caption."""
    return change.scenario.replace("_", " ").replace(": ", " ")


def abstract(scenarios: Scenarios) -> str:
    """Return what came out in the first and the last scenario, in a few sentences."""
    first, last = scenarios.results[0], scenarios.results[-1]
    if len(scenarios.results) == 1:
        return f"**{first.scenario}**: {'; '.join(_levels(first))}."
    if isinstance(first, ParetoEquilibrium | ChaneyEquilibrium):
        return " ".join(_by_country(first, result) for result in scenarios.results[1:7])
    told = "; ".join(_moves(first, last)) or "the plans are in the table"
    return f"From **{first.scenario}** to **{last.scenario}**: {told}."


def _by_country(first: FirmResult, other: FirmResult) -> str:
    """Say who gains and who loses from one scenario to another."""
    if isinstance(first, ChaneyEquilibrium) and isinstance(other, ChaneyEquilibrium):
        names, later = first.parameters.countries, other.parameters.countries
        words, unit, old, new = "real wages change by", " per cent", first.real_wage, other.real_wage
        change = {name: 100 * (new[later.index(name)] / old[names.index(name)] - 1) for name in names if name in later}
    else:
        assert isinstance(first, ParetoEquilibrium) and isinstance(other, ParetoEquilibrium)
        names, later = first.parameters.countries, other.parameters.countries
        words, unit, old, new = "welfare changes by", " units of the numeraire", first.welfare, other.welfare
        change = {name: new[later.index(name)] - old[names.index(name)] for name in names if name in later}
    if not change:
        return f"From **{first.scenario}** to **{other.scenario}** no country stays."
    return f"From **{first.scenario}** to **{other.scenario}** {words} {span(change, unit)}."


def span(change: Mapping[str, float], unit: str) -> str:
    """Return changes by country: each of a few, the lowest and the highest of many."""
    order = sorted(change, key=lambda name: change[name])
    if len(order) <= 3:
        return ", ".join(f"{signed(change[name])} in {name}" for name in change) + f" ({unit.strip()})"
    low, high = order[0], order[-1]
    return f"{signed(change[low])} in {low} to {signed(change[high])}{unit} in {high}"


def signed(value: float) -> str:
    """Return a change with its sign."""
    return f"{value:+.3g}".replace("-", "−", 1)


def without_trade(results: Sequence[FirmResult]) -> list[str]:
    """Say where a trade cost is so high that nobody exports, though it is finite; the paper's model alone has such costs."""
    told = []
    for result in results:
        if not isinstance(result, UniformEquilibrium) or result.parameters.trades:
            continue
        cost, choke = result.parameters.trade_cost, result.parameters.autarky_cutoff
        if cost < float("inf"):
            told.append(
                f"**{result.scenario}**: nobody exports, because the trade cost {cost:.4g} is not below {choke:.4g}, the highest "
                "price that anybody pays without trade. The results are those of two closed economies."
            )
    return told


#: Variables that an abstract tells where countries are identical, and where there are several.
_SAID = {
    "cost_cutoff": "cost cutoff",
    "output_weighted_cost": "output-weighted cost",
    "import_share": "import share",
    "sellers": "sellers in a country",
    "real_wage": "real wage",
}
_SAID_BY_COUNTRY = {"welfare": "welfare", "real_wage": "real wage", "import_share": "import share"}


def _said(result: FirmResult) -> dict[str, float]:
    """Return numbers by their words, with the name of the country where there are several."""
    found = {}
    for item in result.quantities():
        words = (_SAID_BY_COUNTRY if item.country else _SAID).get(item.variable)
        if words is not None and item.plan in ("", "market"):
            found[f"{words} of {item.country}" if item.country else words] = item.value
    return found


def _levels(result: FirmResult) -> list[str]:
    if isinstance(result, WidgetResult) and result.parameters.elasticity_of_substitution is None:
        return [_plans(result)]
    return [f"{words} {value:.4g}" for words, value in _said(result).items() if value] or ["nothing to tell in a word"]


def _plans(result: WidgetResult) -> str:
    """Say what trade adds to the plans, whatever the tastes."""
    closed = result.of("autarky")
    beaten = [plan for plan in closed if result.better(plan)]
    which = "each" if len(beaten) == len(closed) else f"{len(beaten)}"
    first, *others = [f"{plan.units:.4g} {{}}of each of {plan.varieties}" for plan in result.of("trade")[:4]]
    added = " or ".join([first.format("units ") + " varieties", *(text.format("") for text in others)])
    return (
        f"of the {len(closed)} plan{'s' if len(closed) > 1 else ''} without trade {which} is beaten by one with trade, whatever "
        f"the tastes; with trade a country can have {added}{' and so on' if len(result.of('trade')) > 4 else ''}"
    )


def _moves(first: FirmResult, last: FirmResult) -> list[str]:
    old, new = _said(first), _said(last)
    # where nobody trades the shares of imports, 0 and 0, are not told
    told = [
        f"{words} {value:.4g} to {new[words]:.4g}"
        for words, value in old.items()
        if words in new and (value or new[words])
    ]
    if isinstance(first, UniformEquilibrium) and isinstance(last, UniformEquilibrium):
        points = [point.innovation for point in (first, last) if point.innovation is not None]
        if points:
            cutoffs = [f"{point.innovation_cutoff_equilibrium:.4g}" for point in points]
            told.append(f"cost below which firms innovate {' to '.join(cutoffs)}")
    return told
