"""One choice changed and nothing fitted again: what each does to the table that it matters for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tradewinds.replications.bch.printed import printed_tables
from tradewinds.replications.bch.simulations import SIMULATIONS, cell
from tradewinds.world import Calibration, WorldResult, simulate_many_worlds

__all__ = ["VARIANTS", "Variant", "Varied", "roughness", "simulate_variants", "table_rmse"]


@dataclass(frozen=True)
class Variant:
    """A choice: in words, the parameters it changes, and the table and simulation it is judged by."""

    what: str
    values: Mapping[str, float | Mapping[str, float]]
    table: str
    simulation: str


VARIANTS = (
    Variant(
        "Research at home counts as much in the smaller industrial countries as in the large ones: .234 for the paper's .078",
        {"domestic_rnd_elasticity": {"SI": 0.234}},
        "Table 3",
        "industrial",
    ),
    Variant(
        "Owners and households bear all of additional R&D, as p. 16 has it",
        {"rnd_cost_to_owners": 1.0, "rnd_cost_to_households": 1.0},
        "Table 1",
        "US",
    ),
    Variant(
        "Imports do not move investment and consumption of developing countries, which p. 13 says they do",
        {"investment_import_effect": 0.0, "consumption_import_effect": 0.0},
        "Table 4",
        "trade",
    ),
)


@dataclass(frozen=True)
class Varied:
    """A variant; how far its table is from the printed one, and how rough paths are (:func:`roughness`), before and after."""

    variant: Variant
    before: float
    after: float
    rough_before: float
    rough_after: float


def table_rmse(results: Mapping[str, WorldResult], table: str) -> float:
    """Return the root mean squared difference of a table, without the rows that are given."""
    cells = printed_tables().query("table == @table and variable != 'rnd_gdp'")
    rows = zip(cells["row"], cells["column"], cells["published"], strict=True)
    gaps = [cell(results, table, row, column) - published for row, column, published in rows]
    return float(np.sqrt(np.mean(np.square(gaps))))


def roughness(result: WorldResult, variable: str = "consumption", codes: Sequence[str] = ("AF", "WH", "OD")) -> float:
    """Return how far a deviation is at most from the mean of the years beside it, from 2005 on: large where it zigzags."""
    paths = [result.deviation(variable, code)[2005 - result.first_year :] for code in codes]
    return float(max(np.max(np.abs(path[1:-1] - (path[:-2] + path[2:]) / 2)) for path in paths))


def simulate_variants(
    calibration: Calibration, results: Mapping[str, WorldResult], step: Callable[[int], None]
) -> list[Varied]:
    """Return every variant, simulated; ``results`` are those without it."""
    found = []
    for variant in VARIANTS:
        other = calibration.with_values(variant.values, "variant")
        name = variant.simulation
        after = simulate_many_worlds(other, {name: SIMULATIONS[name]})
        distance = (table_rmse(results, variant.table), table_rmse(after, variant.table))
        found.append(Varied(variant, *distance, roughness(results[name]), roughness(after[name])))
        step(1)
    return found
