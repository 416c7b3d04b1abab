"""What each of several shocks contributes to what they do together.

A shock's contribution is what it does alone; ``interaction`` is what is left of their joint effect. So contributions do not depend
on an order of the shocks, and add up. Interaction is small where effects are nearly linear; where it is not, no division of it
among the shocks would be more than a convention, and none is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from tradewinds.solvers.perfect_foresight.scenarios import INTERACTION, NO_SHOCK, each_alone, told_apart

if TYPE_CHECKING:
    from tradewinds.world.results import Weighting, WorldResult

__all__ = ["contribution_of", "simulated_alone", "tidy_contributions"]


def simulated_alone(result: WorldResult) -> dict[str, WorldResult]:
    """Return a result of each shock alone, by its label; shocks that were given one name go together.

    Raises
    ------
    InputError
        If the result is not solved.
    ConvergenceError
        If a shock alone does not solve.
    """
    plain = iter(told_apart([shock.label for shock in result.shocks if not shock.name]))
    names = [shock.name or next(plain) for shock in result.shocks]
    runs = each_alone(result.simulation, names)
    return {
        label: replace(
            result,
            name=label,
            shocks=tuple(shock for shock, name in zip(result.shocks, names, strict=True) if name == label),
            simulation=simulation,
        )
        for label, simulation in runs.items()
        if label != NO_SHOCK  # the baseline is in balance: without shocks there is no deviation from it
    }


def contribution_of(
    result: WorldResult, alone: Mapping[str, WorldResult], variable: str, where: str, weighting: Weighting | None
) -> pd.DataFrame:
    """Return the contributions to one variable's deviation in a country or group: a column a shock, a row a year."""
    parts = {label: one.deviation(variable, where, weighting) for label, one in alone.items()}
    parts[INTERACTION] = result.deviation(variable, where, weighting) - sum(parts.values())
    return pd.DataFrame(parts, index=pd.Index(list(result.years), name="year"))


def tidy_contributions(result: WorldResult, alone: Mapping[str, WorldResult]) -> pd.DataFrame:
    """Return the contributions to all deviations, with the columns variable, value, unit, country, year, shock."""
    total = result.tidy().drop(columns="scenario")
    parts = {label: one.tidy()["value"] for label, one in alone.items()}
    parts[INTERACTION] = total["value"] - sum(parts.values())
    frames = [total.assign(value=values, shock=label) for label, values in parts.items()]
    return pd.concat(frames, ignore_index=True).astype({"shock": "str"})
