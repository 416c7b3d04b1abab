"""Trade between pairs of countries in a study of firms: who sells to whom, and at what cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.firms import ChaneyEquilibrium, ParetoEquilibrium
from tradewinds.report.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bilateral", "pair_tables"]

ByPair = ParetoEquilibrium | ChaneyEquilibrium

#: Countries up to which a matrix is set as a table, and scenarios up to which each has its own.
_COUNTRIES = 8
_SCENARIOS = 6


def bilateral(result: ByPair) -> pd.DataFrame:
    """Return one row a pair: trade cost, cutoff, sellers and share of spending, with the scenario."""
    frame = result.bilateral()
    frame.insert(2, "trade_cost", result.parameters.trade_cost.ravel())
    return frame.assign(scenario=result.scenario)


def pair_tables(results: Sequence[Any]) -> list[str | Table]:
    """Return the shares of spending by pair of a few countries, with trade costs where they differ between pairs."""
    found = [result for result in results if isinstance(result, ParetoEquilibrium | ChaneyEquilibrium)]
    if not found or len(found[0].parameters.countries) < 2:
        return []
    if max(len(result.parameters.countries) for result in found) > _COUNTRIES:
        return ["Shares of spending, cutoffs and sellers of every pair of countries are in bilateral.csv."]
    tables: list[str | Table] = []
    for result in found[:_SCENARIOS]:
        names, costs = result.parameters.countries, result.parameters.trade_cost
        name = result.scenario.replace("_", " ").replace("=", " ")
        if not _even(costs):
            note = "Units sent for one to arrive."
            tables.append(_matrix(f"Trade costs: {name}", names, costs, ".4g", note))
        note = "Shares of what the country of the column spends on the industry that go to the country of the row; they sum to 1."
        tables.append(_matrix(f"Who sells to whom: {name}", names, result.trade_shares, ".4f", note))
    if len(found) > _SCENARIOS:
        tables.append(f"Of {len(found)} scenarios the first {_SCENARIOS} are shown; all are in bilateral.csv.")
    return tables


def _even(costs: Any) -> bool:
    """Tell whether all pairs have one trade cost."""
    off = costs[~np.eye(len(costs), dtype=bool)]
    return bool(np.all(off == off[0]))


def _matrix(title: str, names: Sequence[str], values: Any, form: str, note: str) -> Table:
    rows = [
        (f"from {name}", *(float(v) if np.isfinite(v) else "no trade" for v in row))
        for name, row in zip(names, values, strict=True)
    ]
    return Table(title, ["Seller", *(Column(f"to {name}", format=form) for name in names)], rows, note=note)
