"""A bilateral trade matrix that adds up: each country's imports and exports are met, near a first guess of who buys from whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError

__all__ = ["balanced_trade"]

Array = NDArray[np.float64]

#: Largest relative gap left in a margin.
TOLERANCE = 1e-13
MOST_ROUNDS = 20_000


def balanced_trade(first: ArrayLike, imports: ArrayLike, exports: ArrayLike) -> Array:
    """Return flows from exporters (columns) to importers (rows) with the margins given, by proportional scaling (RAS).

    Parameters
    ----------
    first : array_like, shape (V, V)
        First guess, such as shares of each importer's suppliers; zeros stay zero.
    imports, exports : array_like, shape (V,)
        Row and column sums, positive; their totals must agree.

    Raises
    ------
    InputError
        If totals differ, or no matrix with those zeros has these margins.
    """
    flows = np.array(first, dtype=float)
    rows, columns = np.asarray(imports, dtype=float), np.asarray(exports, dtype=float)
    if not np.isclose(rows.sum(), columns.sum(), rtol=1e-9):
        raise InputError(f"world imports are {rows.sum():.6g} and exports {columns.sum():.6g}; they must be equal")
    if np.any(flows < 0) or np.any(rows <= 0) or np.any(columns <= 0):
        raise InputError("trade flows must not be negative, and every country must import and export")
    if np.any(flows.sum(axis=0) == 0) or np.any(flows.sum(axis=1) == 0):
        raise InputError("a country buys from nobody, or sells to nobody, in the first guess of the trade matrix")
    for _ in range(MOST_ROUNDS):
        flows *= (rows / flows.sum(axis=1))[:, None]
        flows *= columns / flows.sum(axis=0)
        if np.max(np.abs(flows.sum(axis=1) / rows - 1.0)) < TOLERANCE:
            return flows
    raise InputError("no trade matrix with these zeros has the imports and exports asked for; fill in more partners")
