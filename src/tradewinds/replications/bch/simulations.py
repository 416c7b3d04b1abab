"""The nine simulations of the paper, and the number of ours that stands beside each printed one."""

from __future__ import annotations

from collections.abc import Mapping

from tradewinds.errors import InputError
from tradewinds.replications.bch.printed import members, scenario_of, weighting
from tradewinds.world import Calibration, WorldResult, WorldShock, simulate_many_worlds

__all__ = ["SIMULATIONS", "cell", "simulate_paper"]

#: Half a per cent of output.
RND = 0.005
#: Additional imports and exports of manufactures in the trade simulation, share of output on the baseline.
TRADE = 0.05
G7 = ("US", "JA", "GE", "FR", "IT", "UK", "CA")

#: Name -> shocks. Those of Table 2 are called after the country that spends more on R&D; the US one is also Table 1.
SIMULATIONS: Mapping[str, tuple[WorldShock, ...]] = {
    **{code: (WorldShock("rnd_spending", RND, (code,)),) for code in G7},
    "industrial": (WorldShock("rnd_spending", RND, ("industrial",)),),
    "trade": (WorldShock("extra_trade", TRADE, ("finance_constrained",)),),
}


def simulate_paper(calibration: Calibration) -> dict[str, WorldResult]:
    """Return the nine simulations."""
    return simulate_many_worlds(calibration, SIMULATIONS)


def cell(results: Mapping[str, WorldResult], exhibit: str, row: str, column: str) -> float:
    """Return our number for a cell of Tables 1 to 4; rows are a country or group and a variable, columns years, or who spends."""
    where, variable = row.split(" ")
    simulation, year = scenario_of(exhibit, column), 2075 if exhibit == "Table 2" else int(column)
    if simulation not in results:
        raise InputError(f"no simulation stands behind {exhibit}, {row}, {column}")
    result = results[simulation]
    how = weighting(exhibit, where, variable)
    path = result.deviation(variable, "+".join(members(where)), None if how == "none" else how)
    return float(path[year - result.first_year])
