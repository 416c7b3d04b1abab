"""What the survey states about firms that adopt and firms that export, apart from growth, each solved for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.perla_tonetti_waugh_value import Firm

if TYPE_CHECKING:
    from tradewinds.growth.perla_tonetti_waugh import PerlaTonettiWaugh
    from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters

__all__ = ["claims", "value"]

Array = Any

#: Trade costs, from high to low.
_COSTS = np.linspace(4.0, 2.2, 4)
_FIXED = ("fixed-mass-labour-cost", "fixed-mass-goods-cost")
_FREE = ("no-shocks", "corrected")
_SECTION = f"{SURVEY}, section IV"


def claims(mechanism: PerlaTonettiWaugh) -> tuple[Claim, ...]:
    """Return the claims about who searches, what sustains growth, profits and wages."""
    swept = {v: mechanism.sweep(variant=v, trade_cost=_COSTS) for v in (*_FIXED, *_FREE)}
    values = {v: {name: np.asarray(s[name]) for name in s.values} for v, s in swept.items()}
    gap = {v: _gap(mechanism.parameters(v), found) for v, found in values.items()}
    return (_searches(mechanism), _sustained(mechanism), _wider(gap), _rivals(values), _wages(mechanism, values))


def value(p: PerlaTonettiWaughParameters, growth: float, z: Array) -> Array:
    """Return what a firm of relative productivity ``z`` is worth if it keeps its technology, in units of the wage (corrected)."""
    firm = Firm(p, growth, True)
    profit, cutoff = firm.market()
    power, (low, high) = p.elasticity_of_substitution - 1, firm.roots
    worth = firm.per_profit * profit
    fixed, abroad = (p.countries - 1) * p.export_fixed_cost, worth * (p.countries - 1) * p.trade_cost**-power
    hope = firm.option() * cutoff**-high
    exit_ = -(power * worth + high * hope) / low  # smooth pasting at one
    above = (firm.option() - abroad * cutoff**power + fixed / firm.discount) * cutoff**-low  # continuity at the cutoff
    below = worth * z**power + exit_ * z**low + hope * z**high
    export = (worth + abroad) * z**power - fixed / firm.discount + (exit_ + above) * z**low
    return np.where(z <= cutoff, below, export)


def _searches(mechanism: PerlaTonettiWaugh) -> Claim:
    """Compare what firms are worth with what they get by adopting."""
    z = np.geomspace(1, 50, 200)
    worth = []
    for cost in _COSTS:
        point = mechanism.solve(mechanism.parameters(trade_cost=cost)).value
        p: Any = point.parameters
        # a draw from the technologies in use is worth what entry costs; adopting it costs less
        worth.append(value(p, point.growth, z) / (p.adoption_cost / p.adoption_entry_ratio - p.adoption_cost))
    found = np.array(worth)
    return grade(
        "least-productive-search",
        "A set of the least productive firms opt to search rather than produce.",
        _SECTION,
        within=[*(np.abs(found[:, 0] - 1) < 1e-9), *np.ravel(np.diff(found) > 0)],
        numbers={
            "value of the least productive over that of adopting": float(found[0, 0]),
            "the same, twice as productive": float(np.interp(2, z, found[0])),
        },
        explanation="What a firm is worth rises in its productivity, and at the threshold it is what adopting is worth.",
    )


def _sustained(mechanism: PerlaTonettiWaugh) -> Claim:
    """Solve for growth where nothing but adoption improves technologies."""
    costs = {f"trade_cost {cost:g}": mechanism.parameters("no-shocks", trade_cost=cost) for cost in (2.2, 4.0, np.inf)}
    growth = {name: mechanism.solve(p, variant="no-shocks").value.growth for name, p in costs.items()}
    return grade(
        "diffusion-sustains-growth",
        "Ongoing diffusion, like the creation of new technologies, can be a source of sustained growth.",
        _SECTION,
        within=[g > 0 and costs[name].drift <= 0 for name, g in growth.items()],
        numbers={f"growth, {name}": g for name, g in growth.items()},
        explanation="Without drift or shocks nobody has an idea of his own; those who adopt leave the lowest productivity behind.",
    )


def _gap(p: PerlaTonettiWaughParameters, found: dict[str, Array]) -> Array:
    """Return profit of a firm three times as productive as the least, over that of the least productive, by trade cost."""
    power, z = p.elasticity_of_substitution - 1, 3.0
    least = found["profit_minimum"]
    exports = (p.countries - 1) * np.maximum(_COSTS**-power * z**power - p.export_fixed_cost / least, 0)
    return z**power + exports


def _wider(gap: dict[str, Array]) -> Claim:
    """Compare profits of a good and of a bad firm over trade costs."""
    first = gap["corrected"]
    return grade(
        "exporters-profit-relative-to-others",
        "A fall in trade costs raises the profitability of firms of high productivity, which may export, relative to firms of low "
        "productivity.",
        _SECTION,
        within=np.concatenate([np.diff(g) > 0 for g in gap.values()]),
        numbers={
            f"profit three times as productive over least, trade_cost {_COSTS[0]:g}": float(first[0]),
            f"the same, trade_cost {_COSTS[-1]:g}": float(first[-1]),
        },
        explanation="Exports add to the profit of those who export; the others have none.",
    )


def _rivals(values: dict[str, dict[str, Array]]) -> Claim:
    """Compare the profit of the least productive firm over trade costs."""
    profit = {v: found["profit_minimum"] for v, found in values.items()}
    return grade(
        "weak-firms-face-competition",
        "When trade costs fall, firms of low productivity face more intense competition in the domestic market.",
        _SECTION,
        within=np.concatenate([np.diff(profit[v]) < 0 for v in _FIXED]),
        outside=np.concatenate([np.diff(profit[v]) < -1e-12 * profit[v][:-1] for v in _FREE]),
        condition="the mass of firms is fixed; with free entry there are fewer firms, and the least productive earns as much as "
        "before in units of the wage, or a little more",
        numbers={
            f"profit of the least productive, {v}, trade_cost {cost:g}": float(profit[v][i])
            for v in (_FIXED[0], "corrected")
            for i, cost in ((0, _COSTS[0]), (-1, _COSTS[-1]))
        },
        explanation="With free entry that profit must pay for waiting to adopt, whatever trade costs.",
    )


def _first_day(mechanism: PerlaTonettiWaugh) -> float:
    """Return the real wage on the day of opening over that of the day before, without shocks: firms are as many as before."""
    high, low = (mechanism.parameters("no-shocks", trade_cost=cost) for cost in (_COSTS[0], _COSTS[-1]))
    before = mechanism.solve(high, variant="no-shocks").value
    path = mechanism.transition(high, low, variant="no-shocks").value
    # means of productivity are those of firms over the home share, at the power 1 / (sigma - 1)
    served = path.paths["varieties"][0] / path.paths["home_share"][0] / (before["varieties"] / before["home_share"])
    return float(served ** (1 / (high.elasticity_of_substitution - 1)))


def _wages(mechanism: PerlaTonettiWaugh, values: dict[str, dict[str, Array]]) -> Claim:
    """Compare wages in goods, relative to best practice, over trade costs, and on the day of opening."""
    wage = {v: found["real_wage"] for v, found in values.items()}
    first = _first_day(mechanism)
    return grade(
        "opening-raises-the-real-wage",
        "A rise in the real wage ensues from an opening of trade.",
        _SECTION,
        within=[*np.concatenate([np.diff(wage[v]) > 0 for v in _FIXED]), first > 1],
        outside=np.concatenate([np.diff(wage[v]) > 0 for v in _FREE]),
        condition="the mass of firms is fixed, or on the day of opening; with free entry wages fall relative to best practice in "
        "the long run, as varieties are fewer",
        numbers={
            f"real wage over best practice, {v}, trade_cost {cost:g}": float(wage[v][i])
            for v in (_FIXED[0], "corrected")
            for i, cost in ((0, _COSTS[0]), (-1, _COSTS[-1]))
        }
        | {"real wage on the day of opening over the day before, no-shocks": first},
        explanation="Best practice itself grows faster with free entry, so that wages overtake in time.",
    )
