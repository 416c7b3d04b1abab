"""What stands beside the mechanisms: static trade theory, firms, clusters of industries, and the world model.

Each is an adapter: it puts the shock in the terms of a model that knows nothing of the comparison, at the same facts as far as the
model has room for them, and says where it has not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.compare.calibrated import find_cost
from tradewinds.compare.lines import AFTER, BEFORE, Key, Line, UsedParameter
from tradewinds.compare.shock import TradeShock
from tradewinds.errors import InputError
from tradewinds.growth import Facts

if TYPE_CHECKING:
    from tradewinds.firms import Definition

__all__ = ["acr_line", "chaney_line", "ottaviano_line"]

#: Tail of firms' productivities over sigma - 1: sales have a tail index near one (Axtell 2001; Sampson 2016).
_TAIL = 1.06

_NO_GROWTH = "none: a static model"
_STATIC = dict.fromkeys(("growth", "growth_change", "innovation", "interest_rate", "dynamic_gain"), _NO_GROWTH)


def acr_line(variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
    r"""Return the benchmark of all static models with one elasticity: :math:`(\lambda'/\lambda)^{-1/\varepsilon} - 1`."""
    from tradewinds.firms import gains_from_trade

    _none_given("acr", given)
    after = shock.after(facts)
    gain = 1 + gains_from_trade([facts.home_share, after], facts.trade_elasticity)
    return Line(
        "acr",
        variant,
        "static",
        shock=f"home share {facts.home_share:.4g} to {after:.4g}",
        values=_static(facts.home_share, after, 100 * float(gain[1] / gain[0] - 1)),
        missing=_STATIC,
        why="prices fall as trade costs do; knowledge, and growth, are not in the model",
        parameters=(UsedParameter("trade_elasticity", facts.trade_elasticity, "epsilon", "1", "the facts", "above 0"),),
        citation_keys=("arkolakis-costinot-rodriguezclare2012",),
    )


def chaney_line(variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
    """Return firms with Pareto productivity and fixed costs of exporting: selection, and the gain of the static benchmark."""
    from tradewinds.firms import MODELS, ChaneyParameters, solve_chaney

    base = ChaneyParameters(
        countries=_names(facts.countries),
        pareto_shape=facts.trade_elasticity,
        elasticity_of_substitution=1 + facts.trade_elasticity / _TAIL,
    ).replace(**given)

    def at(cost: float) -> Any:
        return solve_chaney(base.replace(trade_cost=cost)).value

    before, after, words = _costs(lambda cost: float(at(cost).home_share[0]), facts, shock)
    old, new = at(before), at(after)
    return Line(
        "melitz-chaney",
        variant,
        "static",
        shock=words,
        values=_static(
            float(old.home_share[0]), float(new.home_share[0]), 100 * float(new.real_wage[0] / old.real_wage[0] - 1)
        ),
        missing=_STATIC,
        why="trade closes the least productive firms once; the gain is that of the static benchmark, growth is not in the model",
        parameters=_parameters(base.replace(trade_cost=before), MODELS["melitz-chaney"].definitions, given),
        citation_keys=new.citation_keys,
    )


def ottaviano_line(variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
    """Return firms with linear demand: markups fall as well as costs."""
    from tradewinds.firms import MODELS, ParetoParameters, solve_pareto

    base = ParetoParameters(countries=_names(facts.countries), pareto_shape=facts.trade_elasticity).replace(**given)

    def at(cost: float) -> Any:
        return solve_pareto(base.replace(trade_cost=cost)).value

    before, after, words = _costs(lambda cost: float(at(cost).trade_shares[0, 0]), facts, shock)
    old, new = at(before), at(after)
    spent = 1 - float(np.ravel(old.numeraire_consumption)[0])
    return Line(
        "melitz-ottaviano-pareto",
        variant,
        "static",
        shock=words,
        values=_static(
            float(old.trade_shares[0, 0]),
            float(new.trade_shares[0, 0]),
            100 * float(new.welfare[0] - old.welfare[0]),
        ),
        missing=_STATIC,
        why="trade closes the least productive firms and lowers markups once; growth is not in the model",
        notes=(f"per cent of income, of which {100 * spent:.0f} per cent is spent on the goods that are traded",),
        parameters=_parameters(base.replace(trade_cost=before), MODELS["melitz-ottaviano-pareto"].definitions, given),
        citation_keys=new.citation_keys,
    )


def _static(before: float, after: float, gain: float) -> dict[Key, float]:
    """Return the numbers of a symmetric static model: all of the gain comes at once."""
    values: dict[Key, float] = {}
    for country in ("home", "abroad"):
        values["home_share", BEFORE, country], values["home_share", AFTER, country] = before, after
        values["welfare_steady_state", AFTER, country] = values["welfare_transition", AFTER, country] = gain
    return values | {
        ("static_gain", AFTER, "home"): gain,
        ("half_life", AFTER, "home"): 0.0,
        ("years_to_ninety", AFTER, "home"): 0.0,
    }


def _costs(share: Callable[[float], float], facts: Facts, shock: TradeShock) -> tuple[float, float, str]:
    """Return trade costs before and after the shock, and the shock in words.

    Raises
    ------
    InputError
        If no trade cost gives a home share.
    """
    odds = (1 / facts.home_share - 1) / (facts.countries - 1)
    start = max(odds ** (-1 / facts.trade_elasticity), 1.0)
    before = _found(share, start, facts.home_share)
    if shock.trade_cost_cut is not None:
        after = 1 + (1 - shock.trade_cost_cut) * (before - 1)
    elif shock.after(facts) == 1:
        return before, np.inf, "trade cost to infinity"
    else:
        after = _found(share, before, shock.after(facts))
    return before, after, f"trade cost {before:.4g} to {after:.4g}"


def _found(share: Callable[[float], float], start: float, wanted: float) -> float:
    cost = find_cost(share, start, wanted)
    if cost is None:
        raise InputError(
            f"no trade cost gives a home share of {wanted:.4g}; with free trade it is {share(1.0):.4g}, and fixed costs of "
            "exporting may bind before"
        )
    return cost


def _names(count: int) -> tuple[str, ...]:
    return ("home", *(f"foreign {i}" for i in range(1, count)))


def _none_given(name: str, given: Mapping[str, float]) -> None:
    if given:
        raise InputError(f"{name} has no parameter {next(iter(given))!r}; it needs the facts alone")


def _parameters(
    parameters: Any, definitions: Mapping[str, Definition], given: Mapping[str, float]
) -> tuple[UsedParameter, ...]:
    calibrated = {"pareto_shape", "trade_cost", "elasticity_of_substitution"}
    used = []
    for name, definition in definitions.items():
        if name == "countries":
            continue
        value = getattr(parameters, name)
        source = "study" if name in given else "calibrated to the facts" if name in calibrated else definition.source
        used.append(UsedParameter(name, _one(value), definition.symbol, definition.unit, source, definition.bounds))
    return tuple(used)


def _one(value: Any) -> Any:
    """Return the one number that arrays over countries that are alike hold."""
    array = np.asarray(value, dtype=float)
    if array.ndim == 2:
        array = array[~np.eye(len(array), dtype=bool)]
    return float(array.flat[0]) if array.size else None
