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

__all__ = ["bilateral_frame", "country_names", "iceberg", "pair_scenario", "require_balance", "trade_cost_matrix"]

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


def trade_cost_matrix(frame: pd.DataFrame, countries: Sequence[str] | None = None) -> tuple[tuple[str, ...], Array]:
    """Return trade costs by pair from a tidy frame, row sends, column receives.

    Parameters
    ----------
    frame : DataFrame
        Columns ``exporter, importer, trade_cost``: units sent for one to arrive, one row a pair of two countries. Rows of a country
        with itself may be left out; where they are there, they must be 1.
    countries : sequence of str, optional
        Order of the rows and columns; by default that in which exporters are first named.

    Returns
    -------
    (tuple of str, ndarray)
        Countries and the matrix.

    Raises
    ------
    InputError
        If a column is missing, countries differ, a pair is missing or occurs twice, or a cost is not a number, below one, or not
        one at home; the message names the pair.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("home", "foreign", 1.5), ("foreign", "home", 1.2)]
    >>> names, costs = trade_cost_matrix(pd.DataFrame(rows, columns=["exporter", "importer", "trade_cost"]))
    >>> names, costs.tolist()
    (('home', 'foreign'), [[1.0, 1.5], [1.2, 1.0]])
    """
    import pandas as pd

    from tradewinds.firms.hat.frames import cube

    found = [str(name) for name in frame["exporter"]] if "exporter" in frame else []
    names = country_names(list(countries) if countries is not None else list(dict.fromkeys(found)) or ["none"])
    if {"exporter", "importer", "trade_cost"} <= set(frame):
        receivers = frame["importer"].map(str)
        there = set(frame.loc[receivers == frame["exporter"].map(str), "exporter"].map(str))
        own = [{"exporter": name, "importer": name, "trade_cost": 1.0} for name in names if name not in there]
        frame = pd.concat([frame, pd.DataFrame(own)], ignore_index=True) if own else frame
    labels = {"exporter": names, "importer": names}
    costs = cube("trade costs", frame, labels, "trade_cost", "error", reference="countries", infinite=True)
    return names, iceberg(costs, names)


def require_balance(open_routes: NDArray[np.bool_], countries: Sequence[str], deficits: Array | None = None) -> None:
    """Refuse a world in which some countries could not pay for what they buy, because the routes on which they sell are closed.

    Parameters
    ----------
    open_routes : ndarray of bool, shape (countries, countries)
        Whether the row's country sells in the column's.
    countries : sequence of str
    deficits : ndarray, optional
        Imports less exports by country, in units of world income; by default trade is balanced.

    Raises
    ------
    InputError
        If trade of a group of countries with the others goes one way, against their deficits, or ends while they keep one.
    """
    from scipy.sparse.csgraph import connected_components

    owed = np.zeros(len(countries)) if deficits is None else deficits
    count, group = connected_components(open_routes, directed=True, connection="strong")
    for label_ in range(count):
        inside = group == label_
        if np.all(inside):
            return
        sells = bool(open_routes[np.ix_(inside, ~inside)].any())
        buys = bool(open_routes[np.ix_(~inside, inside)].any())
        deficit = float(owed[inside].sum())
        who = ", ".join(name for name, within in zip(countries, inside, strict=True) if within)
        if buys and not sells and deficit <= 1e-12:
            raise InputError(
                f"{who}: every route on which to sell to others is closed and one on which to buy is open; nothing would pay for "
                "what is bought. Close it too, or open one to sell on"
            )
        if sells and not buys and deficit >= -1e-12:
            raise InputError(
                f"{who}: every route on which to buy from others is closed and one on which to sell is open; nobody could pay. "
                "Close it too, or open one to buy on"
            )
        if not sells and not buys and abs(deficit) > 1e-9:
            raise InputError(
                f"{who}: trade with others ends, but a trade deficit of {100 * deficit:.3g} per cent of the world's value added is "
                "kept, which nobody would pay; set deficits to zero"
            )


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
