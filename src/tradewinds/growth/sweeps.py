"""Many balanced growth paths at once: in one call where the mechanism takes arrays, one by one where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.parameters import GrowthParameters
from tradewinds.growth.results import BalancedGrowth, Sweep

if TYPE_CHECKING:
    from tradewinds.growth.interface import Mechanism

__all__ = ["sweep"]


def sweep(mechanism: Mechanism[Any], p: GrowthParameters, variant: str, over: Mapping[str, Any]) -> Sweep:
    """Solve a mechanism at every element of the parameters that vary; see ``Mechanism.sweep``."""
    if not over:
        raise InputError(f"a sweep needs a parameter that varies, such as {next(iter(mechanism.definitions))}=[...]")
    many, shape = p.spread(over)
    varying = {name: getattr(many, name) for name in over}
    solve = _at_once if mechanism.vectorises(variant) else _one_by_one
    values, admissible = solve(mechanism, p, many, varying, shape, variant)
    return Sweep(
        mechanism=mechanism.name,
        variant=variant,
        parameters=p,
        over=varying,
        values=values,
        admissible=admissible,
        countries=mechanism.countries(p),
        units=mechanism.units,
        citation_keys=mechanism.citation_keys,
    )


def _at_once(
    mechanism: Mechanism[Any], p: Any, many: Any, varying: Mapping[str, Any], shape: tuple[int, ...], variant: str
) -> tuple[dict[str, Any], Any]:
    """Solve a batch in one call of the closed form."""
    with np.errstate(all="ignore"):  # what is not admissible may not be a number; it is masked
        values = {name: np.asarray(v, dtype=float) for name, v in mechanism.balanced_growth(many, variant).items()}
        admissible = np.ones(shape, dtype=bool)
        for condition in mechanism.conditions(values, many, variant):
            admissible &= np.asarray(condition.holds, dtype=bool)
        # the axes of a variable itself, such as countries, are those that one solve has
        own = {name: np.ndim(v) for name, v in mechanism.balanced_growth(p, variant).items()}
    if not mechanism.closed_form:  # a system that did not converge leaves no number
        solved = np.isfinite(values["lifetime_utility"])
        admissible &= np.all(solved, axis=-1) if own["lifetime_utility"] else solved
    return {name: _masked(v, admissible, own[name]) for name, v in values.items()}, admissible


def _one_by_one(
    mechanism: Mechanism[Any], p: Any, many: Any, varying: Mapping[str, Any], shape: tuple[int, ...], variant: str
) -> tuple[dict[str, Any], Any]:
    """Solve a batch in a loop; what fails is NaN."""
    admissible = np.zeros(shape, dtype=bool)
    template: BalancedGrowth = mechanism.solve(p, variant=variant).value
    values = {name: np.full(shape + np.shape(v), np.nan) for name, v in template.values.items()}
    for index in np.ndindex(shape):
        try:
            one = p.replace(**{name: v[index] for name, v in varying.items()})
            solution = mechanism.solve(one, variant=variant, throw=False)
        except InputError:
            continue
        admissible[index] = solution.ok
        if solution.ok:
            for name, v in solution.value.values.items():
                values[name][index] = v
    return values, admissible


def _masked(value: Any, admissible: Any, axes: int) -> Any:
    """Return values over the batch, NaN where not admissible; the last ``axes`` axes are the variable's own."""
    own = value.shape[value.ndim - axes :]
    mask = admissible.reshape(admissible.shape + (1,) * axes)
    return np.where(mask, np.broadcast_to(value, admissible.shape + own), np.nan)
