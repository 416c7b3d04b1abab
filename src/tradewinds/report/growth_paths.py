"""Paths between regimes, against what would have been without the change."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.report.growth_runs import Trail
from tradewinds.report.growth_words import path_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewinds.growth import Counterfactual, GrowthParameters, Mechanism, Transition

__all__ = ["jumps", "no_change", "trail_of", "until"]

Array = NDArray[np.float64]

#: Mechanisms whose baseline is itself on the way somewhere when the change comes.
MOVING = ("feenstra", "national-spillovers", "young")
#: Years shown where the economy jumps and no path says how long it takes.
_YEARS = 50.0


def no_change(mechanism: Mechanism[Any], p: GrowthParameters, variant: str) -> Transition | None:
    """Return the path of a baseline that is not yet on its balanced growth path; None where it is."""
    if mechanism.name not in MOVING:
        return None
    path: Transition = mechanism.transition(p, p, variant=variant).value
    return path


def trail_of(
    result: Counterfactual, still: Transition | None, *, name: str, times: Sequence[float] | None = None
) -> Trail | None:
    """Return the path to a regime, at given years or at those of its solver; None where the mechanism has none.

    Between the years of the solver the logarithm of consumption, and every other variable, is taken as a straight line.

    Parameters
    ----------
    result : Counterfactual
    still : Transition, optional
        Path without the change, as :func:`no_change` returns it.
    name : str
        Regime, as results label it.
    times : sequence of float, optional

    Raises
    ------
    InputError
        If a year lies beyond the solved path, or there is no path at all.
    """
    path = result.path
    if path is None:
        if not jumps(result):
            if times is not None:
                raise InputError(path_note(result.mechanism, result.variant))
            return None
        time = np.linspace(0, _YEARS, 51) if times is None else np.asarray(times, dtype=float)
        consumption = _balanced(result.counterfactual.consumption, result.counterfactual.growth, time)
        rows = _consumption_rows(result, name, time, consumption) if times is not None else []
        return Trail(time, rows, _gap(result, still, time, consumption), solved=False)
    if times is not None:
        path = _at(path, np.asarray(times, dtype=float))
    rows = list(dataclasses.replace(path, regime=name).rows())
    return Trail(path.time, rows, _gap(result, still, path.time, _home(path)), solved=True)


def jumps(result: Counterfactual) -> bool:
    """Tell whether the economy is on its new balanced growth path from the day of the change."""
    return result.path is None and path_note(result.mechanism, result.variant) == ""


def _at(path: Transition, times: Array) -> Transition:
    if times[-1] > path.time[-1]:
        raise InputError(f"year {times[-1]:g} lies beyond the path, which is solved for {path.time[-1]:g} years")

    def between(name: str, column: Array) -> Array:
        if name == "consumption":
            return np.exp(np.interp(times, path.time, np.log(column)))
        return np.interp(times, path.time, column)

    paths = {}
    for name, values in path.paths.items():
        array = np.asarray(values, dtype=float)
        columns = [between(name, column) for column in array.reshape(len(path.time), -1).T]
        paths[name] = np.stack(columns, axis=-1).reshape(len(times), *array.shape[1:])
    return dataclasses.replace(path, time=times, paths=paths)


def until(path: Transition, last: float) -> Transition:
    """Return the first years of a path, as far as it is worth looking at."""
    last = min(last, max(50.0, 5 * path.half_life))
    if path.time[-1] <= last:
        return path
    inside = path.time[path.time < last]
    return _at(path, np.append(inside, last))


def _home(path: Transition) -> Array:
    consumption = np.asarray(path.paths["consumption"], dtype=float)
    home: Array = consumption if consumption.ndim == 1 else consumption[:, 0]
    return home


def _balanced(level: float, growth: float, time: Array) -> Array:
    return level * np.exp(growth * time)


def _gap(result: Counterfactual, still: Transition | None, time: Array, consumption: Array) -> Array:
    """Return consumption over that without the change, in per cent."""
    before = result.baseline
    if still is None:
        without = np.log(before.consumption) + before.growth * time
    else:
        inside = np.minimum(time, still.time[-1])
        without = np.interp(inside, still.time, np.log(_home(still))) + still.end.growth * (time - inside)
    gap: Array = 100 * np.expm1(np.log(consumption) - without)
    return gap


def _consumption_rows(result: Counterfactual, name: str, time: Array, consumption: Array) -> list[dict[str, Any]]:
    labels = {"mechanism": result.mechanism, "variant": result.variant, "regime": name}
    return [
        {"variable": "consumption", "value": float(c), "unit": "consumption index a head", **labels, "time": float(t)}
        for t, c in zip(time, consumption, strict=True)
    ]
