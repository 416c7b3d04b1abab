"""Each mechanism of growth as a line of the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradewinds.compare.calibrated import has_trade_cost, regimes, with_ideas
from tradewinds.compare.lines import AFTER, BEFORE, Key, Line, UsedParameter, ninety
from tradewinds.compare.shock import TradeShock
from tradewinds.growth import BalancedGrowth, Counterfactual, Facts, Mechanism, mechanisms

__all__ = ["mechanism_line", "parameters_of"]

_YEARS = ("half_life", "years_to_ninety")

#: Two welfare numbers further apart than this, relative to the larger, are told apart in a note.
_APART = 0.25


def mechanism_line(name: str, variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
    """Run a mechanism.

    Raises
    ------
    InputError
        If it cannot have these facts, or not this shock.
    ConvergenceError
    """
    mechanism = mechanisms[name]
    before, after, words = regimes(mechanism, variant, facts, shock, given)
    found = mechanism.counterfactual(before, after, variant=variant)
    way = _way(mechanism, found)
    values = {key: value for key, value in _values(found).items() if not way or key[0] not in _YEARS}
    if shock.idea_flow and with_ideas(mechanism, before, shock.idea_flow)[0] is before:
        still = "no flow of ideas apart from goods: goods trade alone moves"
    else:
        still = ""
    return Line(
        name,
        variant,
        "mechanism",
        shock=words,
        values=values,
        missing=dict.fromkeys(_YEARS, way) if way else {},
        why=found.why,
        notes=tuple(filter(None, (*_notes(mechanism, found), way, still))),
        parameters=parameters_of(mechanism, variant, before, given),
        citation_keys=mechanism.citation_keys,
    )


def _values(found: Counterfactual) -> dict[Key, float]:
    values: dict[Key, float] = {}
    for regime, point in ((BEFORE, found.baseline), (AFTER, found.counterfactual)):
        for variable in ("growth", "home_share", "interest_rate", "innovation"):
            if variable in point.values:
                for country, number in zip(("home", "abroad"), _both(point, variable), strict=True):
                    values[variable, regime, country] = number
    for country, old, new in zip(
        ("home", "abroad"), _both(found.baseline, "growth"), _both(found.counterfactual, "growth"), strict=True
    ):
        values["growth_change", AFTER, country] = new - old
    for variable in ("static_gain", "dynamic_gain", "welfare_steady_state", "welfare_transition", "half_life"):
        values[variable, AFTER, "home"] = getattr(found, variable)
    for variable in ("welfare_steady_state", "welfare_transition"):
        other = found.extra.get(
            f"{variable}_{_abroad(found.baseline)}", getattr(found, variable)
        )  # symmetric: the same
        values[variable, AFTER, "abroad"] = float(other)
    values["years_to_ninety", AFTER, "home"] = _ninety(found)
    return values


def _abroad(point: BalancedGrowth) -> str:
    return point.countries[1] if len(point.countries) > 1 else ""


def _both(point: BalancedGrowth, variable: str) -> tuple[float, float]:
    """Return a variable at home and abroad; countries that are alike have one number."""
    array = np.ravel(np.asarray(point[variable], dtype=float))
    return float(array[0]), float(array[min(1, len(array) - 1)])


def _ninety(found: Counterfactual) -> float:
    if found.path is None:
        return 0.0
    consumption = np.asarray(found.path.paths["consumption"], dtype=float)
    home = consumption if consumption.ndim == 1 else consumption[:, 0]
    return ninety(found.path.time, home, found.path.end.growth)


def _way(mechanism: Mechanism[Any], found: Counterfactual) -> str:
    """Return why there is no path though the economy does not jump; empty where there is one, or it jumps."""
    jumps = not mechanism.has_transition or found.variant.startswith("fixed-mass")
    if found.path is not None or found.baseline.parameters is found.counterfactual.parameters:
        return ""
    return "" if jumps else "no path is solved here: balanced growth paths are compared"


def _notes(mechanism: Mechanism[Any], found: Counterfactual) -> list[str]:
    notes = []
    if not has_trade_cost(mechanism, found.baseline.parameters):
        notes.append("no trade cost here: the shock is put as autarky against free trade")
    steady, whole = found.welfare_steady_state, found.welfare_transition
    apart = abs(steady - whole) > _APART * max(abs(steady), abs(whole), 1e-6)
    if apart and "steady states" not in found.why:
        notes.append(
            f"steady states alone mislead ({steady:+.2f} per cent): the path, on which gains come in time, is worth {whole:+.2f}"
        )
    return notes


def parameters_of(
    mechanism: Mechanism[Any], variant: str, p: Any, given: Mapping[str, float]
) -> tuple[UsedParameter, ...]:
    """Return the parameters before the shock, with where each comes from."""
    defaults = mechanism.defaults(variant)
    used = []
    for name, definition in mechanism.definitions.items():
        value = getattr(p, name)
        usual = np.array_equal(np.asarray(value, dtype=float), np.asarray(getattr(defaults, name), dtype=float))
        moved = not np.array_equal(
            np.asarray(getattr(defaults, name), dtype=float), np.asarray(definition.default, dtype=float)
        )
        source = f"of the variant {variant}" if moved else definition.source
        source = "study" if name in given else source if usual else "calibrated to the facts"
        used.append(UsedParameter(name, _plain(value), definition.symbol, definition.unit, source, definition.bounds))
    return tuple(used)


def _plain(value: Any) -> Any:
    """Return one number for arrays that hold one, text for infinity, lists for the rest."""
    array = np.asarray(value, dtype=float)
    if array.ndim == 2 and len(array) > 1:  # countries that are alike: one number at home, one abroad
        off = array[~np.eye(len(array), dtype=bool)]
        if np.all(off == off[0]) and np.all(np.diag(array) == array[0, 0]):
            return float(off[0]) if off[0] == array[0, 0] else [float(array[0, 0]), float(off[0])]
    if array.size and np.all(array == array.flat[0]):
        number = float(array.flat[0])
        return "infinite" if np.isinf(number) else number
    return array.tolist()
