"""The same tables from a world in which nothing was fitted: what agreement without a fit looks like.

The calibration ``printed-numbers`` has numbers that the paper prints, and round assumptions for the rest. Where it agrees with the
tables, that is evidence; where only the fitted one does, it is none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tradewinds.replications.bch.exhibits import GIVEN, our_tables
from tradewinds.replications.bch.printed import printed_tables
from tradewinds.replications.bch.simulations import SIMULATIONS
from tradewinds.world import WorldResult, read_calibration, simulate_many_worlds

__all__ = ["UNFITTED", "compare", "headlines", "simulate_unfitted"]

UNFITTED = "printed-numbers"
_HEADLINES = (
    ("Table 1", "US", "potential_output"),
    ("Table 1", "US", "tfp"),
    ("Table 1", "US", "capital"),
    ("Table 1", "US", "consumption"),
    ("Table 1", "US", "domestic_rnd_stock"),
    ("Table 1", "other_industrial", "potential_output"),
    ("Table 1", "other_industrial", "consumption"),
    ("Table 1", "developing", "potential_output"),
    ("Table 3", "industrial", "potential_output"),
    ("Table 3", "industrial", "consumption"),
    ("Table 3", "developing", "potential_output"),
    ("Table 4", "developing_except_NI", "potential_output"),
    ("Table 4", "developing_except_NI", "tfp"),
    ("Table 4", "developing_except_NI", "consumption"),
)


def simulate_unfitted() -> dict[str, WorldResult]:
    """Return the nine simulations in the world of printed and assumed numbers."""
    return simulate_many_worlds(read_calibration(UNFITTED), SIMULATIONS)


def compare(board: pd.DataFrame, results: Mapping[str, WorldResult]) -> pd.DataFrame:
    """Return how far the fitted and the unfitted world are from each table, shocks left out.

    Returns
    -------
    DataFrame
        Columns ``table, fitted, unfitted, correlation, inside``: root mean squared differences in points, the correlation of
        unfitted with printed cells, and the share of unfitted cells within their bands.
    """
    cells = our_tables(results).rename(columns={"published": "unfitted"})
    keys = ["exhibit", "row", "column"]
    joined = cells.rename(columns={"table": "exhibit"}).merge(board.drop(columns="paper"), on=keys)
    joined = joined[joined["variable"] != GIVEN]
    rows = []
    for table, chosen in joined.groupby("exhibit"):
        published, tolerance, fitted = (
            pd.to_numeric(chosen[name]).to_numpy(dtype=float) for name in ("published", "tolerance", "computed")
        )
        ours = chosen["unfitted"].to_numpy(dtype=float)
        rows.append(
            {
                "table": str(table),
                "fitted": float(np.sqrt(np.mean((fitted - published) ** 2))),
                "unfitted": float(np.sqrt(np.mean((ours - published) ** 2))),
                "correlation": float(np.corrcoef(ours, published)[0, 1]),
                "inside": float(np.mean(np.abs(ours - published) <= tolerance)),
            }
        )
    return pd.DataFrame(rows)


def headlines(fitted: Mapping[str, WorldResult], unfitted: Mapping[str, WorldResult]) -> pd.DataFrame:
    """Return what the paper is cited for, in 2075: columns ``table, region, variable, published, fitted, unfitted``."""
    keys = ["table", "region", "variable"]
    frames = [
        frame.query("year == 2075 and table != 'Table 2'")
        for frame in (printed_tables(), our_tables(fitted), our_tables(unfitted))
    ]
    columns = [frame.set_index(keys)["published"] for frame in frames]
    table = pd.concat(columns, axis=1, keys=["published", "fitted", "unfitted"])
    return table.loc[list(_HEADLINES)].reset_index(names=keys)
