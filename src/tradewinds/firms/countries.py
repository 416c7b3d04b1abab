"""What models of many countries share: trade costs from one number or a matrix, names, and bilateral frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError
from tradewinds.firms.numbers import by_country
from tradewinds.firms.results import label
from tradewinds.labels import require_unique

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bilateral_frame", "country_names", "iceberg", "pair_scenario"]

Array = NDArray[np.float64]


def country_names(value: Sequence[str]) -> tuple[str, ...]:
    """Return the names of countries.

    Raises
    ------
    InputError
        If there is none, or one is not text or occurs twice.
    """
    names = (value,) if isinstance(value, str) else tuple(value)
    if not names or not all(isinstance(name, str) and name for name in names):
        raise InputError(f"countries must be names, at least one; found {value!r}")
    require_unique(names, what="countries")
    return names


def iceberg(value: ArrayLike, countries: Sequence[str]) -> Array:
    """Return units sent for one to arrive, row sends, column receives; one number is the cost between any two countries.

    Raises
    ------
    InputError
        If a cost is below one, or a country pays to sell at home.
    """
    given = by_country("trade_cost", value, countries, matrix=True, least=1, infinite=True)
    if np.ndim(value) == 0:
        costs = np.array(given)
        np.fill_diagonal(costs, 1.0)
        costs.setflags(write=False)
        return costs
    for place, name in enumerate(countries):
        if given[place, place] != 1:
            raise InputError(
                f"trade_cost from {name} to itself is {given[place, place]:g}; it must be 1: goods sold at home do not travel"
            )
    return given


def pair_scenario(costs: Array) -> str:
    """Return the name of the scenario: the trade cost where all pairs have the same."""
    off = costs[~np.eye(len(costs), dtype=bool)]
    if not off.size:
        return "closed economy"
    return label("trade_cost", float(off[0])) if np.all(off == off[0]) else "trade_cost by pair"


def bilateral_frame(countries: Sequence[str], matrices: dict[str, Array]) -> pd.DataFrame:
    """Return one row a pair of countries: exporter, importer and a column a matrix."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for i, sender in enumerate(countries):
        for j, receiver in enumerate(countries):
            numbers = {name: float(matrix[i, j]) for name, matrix in matrices.items()}
            rows.append({"exporter": sender, "importer": receiver, **numbers})
    return pd.DataFrame(rows)
