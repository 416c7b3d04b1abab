"""Firms that differ in cost and in what innovation would bring them, in a study: who starts to export and gains most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.firms import Selection
from tradewinds.plotting import to_svg
from tradewinds.report.page import Figure
from tradewinds.report.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["selection_content", "selection_figures", "selection_tables"]

_SHOWN = 4


def _name(item: Selection) -> str:
    return item.scenario.replace("_", " ").replace("=", " ")


def selection_content(selections: Sequence[Selection]) -> list[str | Table]:
    """Return what the second dimension is, and a table with a row a change."""
    first = selections[0]
    long_run = first.choke_before != first.before.cost_cutoff
    how = (
        "competition and entry are those of the long run in which they innovate"
        if long_run
        else "competition is that of an economy in which nobody innovates"
    )
    words = (
        f"Every firm also draws by how much an innovation would lower its cost, from 0 to {first.largest_reduction:g}, and may pay "
        f"{first.innovation_cost:g} for it; {how}. A firm with higher cost sells less, so that only a larger fall pays. Of those "
        "whom a lower trade cost makes export and innovate, the less productive therefore gain more: the correlation of initial "
        "productivity and the fall of cost is negative."
    )
    rows = []
    for item in selections:
        falls = [float(fall) if np.isfinite(fall) else None for fall in item.mean_reduction()]
        correlation = item.correlation if np.isfinite(item.correlation) else None
        rows.append((_name(item), item.switcher_share, correlation, *falls))
    quartiles = [Column(f"Mean fall, quartile {q}", "price", ".4f") for q in (1, 2, 3, 4)]
    heads: list[Column | str] = [
        "Change", Column("Start to export and innovate", "share of non-exporters", ".4f"), Column("Correlation", format=".3f"),
        *quartiles,
    ]  # fmt: skip
    note = "Quartiles of the cost of firms that sold at home and did not export, most productive first; – where nobody starts."
    return [words, Table("Who starts to export and innovate", heads, rows, note=note)]


def selection_figures(selections: Sequence[Selection]) -> dict[str, Figure]:
    """Return the plane of cost and fall of cost of each change, of the first few."""
    alt = "Initial cost against the fall of cost that innovation brings; the area of firms that start to export and innovate."
    return {
        f"selection-{number}": Figure(f"Who starts to export and innovate: {_name(item)}", to_svg(item.plot()), alt)
        for number, item in enumerate(selections[:_SHOWN], start=1)
    }


def selection_tables(selections: Sequence[Selection]) -> dict[str, pd.DataFrame]:
    """Return every number of the changes as a tidy table."""
    import pandas as pd

    if not selections:
        return {}
    return {"selection.csv": pd.concat([item.tidy() for item in selections], ignore_index=True)}
