"""Every number of the paper, computed: the nine simulations, two more that its footnotes speak of, and how near they come."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradewinds.replications.bch.printed import members, printed_tables, weighting
from tradewinds.replications.bch.reasons import reason
from tradewinds.replications.bch.simulations import RND, SIMULATIONS, cell
from tradewinds.replications.bch.variants import Varied, simulate_variants
from tradewinds.replications.targets import Computed, Key, grade
from tradewinds.report.scoreboard import FITTED
from tradewinds.world import Calibration, WorldResult, WorldShock, simulate_many_worlds

__all__ = [
    "BANDS",
    "GIVEN",
    "Simulated",
    "aggregation",
    "computed_numbers",
    "distances",
    "early_signs",
    "growth_differences",
    "our_tables",
    "simulate_all",
]

CALIBRATION = "bayoumi-coe-helpman-1996"
#: Row that is the shock itself, and no result.
GIVEN = "rnd_gdp"
#: First year of the cells that the bands are meant for; earlier ones are judged by sign and shape.
BANDS = 2010
#: Tighter than the default, so that recorded numbers do not depend on the solver or the machine.
TOLERANCE = 1e-12
#: The variant of the footnote on p. 18.
FAST_DEPRECIATION = 0.15

_HOW = {
    "none": "one country or region",
    "simple": "mean over countries, each counts the same",
    "gdp": "mean over countries, weighted by output",
    "level": "levels of the countries added up",
}


@dataclass(frozen=True, eq=False)
class Simulated:
    """All that was simulated.

    Attributes
    ----------
    calibration : Calibration
    results : mapping
        The nine simulations of Tables 1 to 4.
    fast : WorldResult
        Higher US R&D where R&D stocks depreciate by 15 per cent a year (footnote, p. 18).
    half : WorldResult
        Half of the US shock: "the model is broadly linear" (footnote, p. 16).
    variants : sequence of Varied
        One choice changed and nothing fitted again.
    """

    calibration: Calibration
    results: Mapping[str, WorldResult]
    fast: WorldResult
    half: WorldResult
    variants: Sequence[Varied] = ()

    @property
    def every(self) -> dict[str, WorldResult]:
        """Simulations by name."""
        return {**self.results, "us, 15% depreciation": self.fast, "us, half": self.half}

    @functools.cached_property
    def tables(self) -> pd.DataFrame:
        """Our numbers in the form of the printed ones."""
        return our_tables(self.results)


def simulate_all(calibration: Calibration, step: Callable[[int], None] = lambda done: None) -> Simulated:
    """Simulate everything, the nine simulations with one baseline and one factorisation to start from.

    Parameters
    ----------
    calibration : Calibration
    step : callable
        Called with the number of simulations that have been done since the last call.
    """
    us = (WorldShock("rnd_spending", RND, ("US",)),)
    halved = (WorldShock("rnd_spending", RND / 2, ("US",)),)
    # all in one call, so that the half shock shares baseline and compiled functions too
    found = simulate_many_worlds(calibration, {**SIMULATIONS, "us, half": halved}, tolerance=TOLERANCE)
    half = found.pop("us, half")
    step(len(found) + 1)
    source = "Bayoumi, Coe and Helpman 1996, footnote on p. 18"
    other = calibration.with_values({"rnd_depreciation": FAST_DEPRECIATION}, source)
    fast = simulate_many_worlds(other, {"us, 15% depreciation": us}, tolerance=TOLERANCE)["us, 15% depreciation"]
    step(1)
    return Simulated(calibration, found, fast, half, simulate_variants(calibration, found, step))


def our_tables(results: Mapping[str, WorldResult]) -> pd.DataFrame:
    """Return the frame of :func:`~tradewinds.replications.bch.printed.printed_tables` with our numbers as ``published``."""
    frame = printed_tables()
    rows = zip(frame["table"], frame["row"], frame["column"], strict=True)
    return frame.assign(published=[cell(results, table, row, column) for table, row, column in rows])


def computed_numbers(simulated: Simulated, targets: pd.DataFrame) -> dict[Key, Computed]:
    """Return our number for every target; the note says how countries of a row are put together, and why it is far off."""
    found: dict[Key, Computed] = {}
    band = targets.set_index(["exhibit", "row", "column"])[["published", "tolerance"]].to_dict("index")
    for row in simulated.tables.to_dict("records"):
        key, value = (str(row["table"]), str(row["row"]), str(row["column"])), float(row["published"])
        text = "the shock itself"
        if row["variable"] != GIVEN:
            text = f"{row['unit']}; {_HOW[row['weighting']]}; {FITTED}"
            status = grade(str(band[key]["published"]), value, float(band[key]["tolerance"]))
            text += f"; {reason(*key)}" if status in ("qualitative", "not reproduced") else ""
        found[key] = Computed(value, note=text)
    shares = simulated.calibration.rnd_import_shares
    for importer in shares.index:
        for exporter in shares.columns:
            key = ("Appendix table", f"to {importer}", f"from {exporter}")
            found[key] = Computed(float(shares.loc[importer, exporter]), note="data, typed from the paper")
    return found


def distances(board: pd.DataFrame) -> pd.DataFrame:
    """Return how near our numbers come, one row a table and one a panel of Table 2; what is given is left out.

    Returns
    -------
    DataFrame
        Columns ``table, cells, rmse, largest, largest_cell, exact, inside, late_cells, late_inside, met``: numbers of cells,
        root mean squared difference and largest one in points, cells within their band of all and of 2010 to 2075, and whether the
        goal is met: every late cell within its band, in Table 2 a root mean square of at most .30 too.
    """
    cells = board[board["exhibit"].str.startswith("Table")].copy()
    cells["variable"] = cells["row"].str.split(" ").str[1]
    cells = cells[cells["variable"] != GIVEN]
    gap, band = (pd.to_numeric(cells[name]).abs() for name in ("difference", "tolerance"))
    late = cells["column"].map(lambda text: not text.isdigit() or int(text) >= BANDS)
    cells = cells.assign(gap=gap, inside=gap <= band, late=late)
    rows = [_distance(table, cells[cells["exhibit"] == table]) for table in ("Table 1", "Table 3", "Table 4")]
    for place, (variable, word) in enumerate((("potential_output", "output"), ("consumption", "consumption"))):
        chosen = cells[(cells["exhibit"] == "Table 2") & (cells["variable"] == variable)]
        rows.insert(1 + place, _distance(f"Table 2, {word}", chosen))
    return pd.DataFrame(rows)


def _distance(name: str, cells: pd.DataFrame) -> dict[str, object]:
    rmse = float(np.sqrt(np.mean(cells["gap"] ** 2)))
    worst = cells.iloc[int(cells["gap"].to_numpy().argmax())]
    late, panel = cells[cells["late"]], name.startswith("Table 2")
    return {
        "table": name,
        "cells": len(cells),
        "rmse": rmse,
        "largest": float(worst["gap"]),
        "largest_cell": f"{worst['row']} {worst['column']}",
        "exact": int((cells["status"] == "exact").sum()),
        "inside": int(cells["inside"].sum()),
        "late_cells": len(late),
        "late_inside": int(late["inside"].sum()),
        "met": bool(late["inside"].all() and (rmse <= 0.30 or not panel)),
    }


def aggregation(simulated: Simulated) -> pd.DataFrame:
    """Return how far our rows of groups are from the printed ones under each way to put countries together.

    Returns
    -------
    DataFrame
        Columns ``table, region, variable, chosen, simple, gdp, level``: root mean squared differences over the columns of a row.
    """
    frame = printed_tables()
    groups = frame[(frame["weighting"] != "none") & (frame["variable"] != GIVEN) & (frame["table"] != "Table 2")]
    rows = []
    for (table, region, variable), printed in groups.groupby(["table", "region", "variable"], sort=False):
        result = simulated.results[printed["scenario"].iloc[0]]
        places = printed["year"].to_numpy() - result.first_year
        where = "+".join(members(str(region)))
        row = {"table": table, "region": region, "variable": variable}
        row["chosen"] = weighting(str(table), str(region), str(variable))
        for how in ("simple", "gdp", "level"):
            gap = result.deviation(str(variable), where, how)[places] - printed["published"].to_numpy()
            row[how] = float(np.sqrt(np.mean(gap**2)))
        rows.append(row)
    return pd.DataFrame(rows)


def growth_differences(
    result: WorldResult, edges: tuple[int, ...] = (1996, 2006, 2020, 2035, 2050, 2075)
) -> list[float]:
    """Return how much faster US potential output grows than on the baseline, points a year, between years."""
    path = 100.0 * np.log1p(result.deviation("potential_output", "US") / 100.0)
    at = [path[year - result.first_year] for year in edges]
    return [float((b - a) / (year - before)) for a, b, before, year in zip(at, at[1:], edges, edges[1:], strict=False)]


def early_signs(board: pd.DataFrame) -> pd.DataFrame:
    """Return signs of 1996 and 2000, where bands say little: how many printed ones there are, how many are ours too, which not.

    Returns
    -------
    DataFrame
        Columns ``table, printed, same, other``; a printed dash has no sign.
    """
    cells = board[board["exhibit"].isin(["Table 1", "Table 3", "Table 4"]) & board["column"].isin(["1996", "2000"])]
    cells = cells[pd.to_numeric(cells["published"]) != 0]
    rows = []
    for table, chosen in cells.groupby("exhibit"):
        same = pd.to_numeric(chosen["published"]) * pd.to_numeric(chosen["computed"]) > 0
        other = [f"{row} {column}" for row, column in chosen.loc[~same, ["row", "column"]].itertuples(index=False)]
        rows.append({"table": table, "printed": len(chosen), "same": int(same.sum()), "other": other})
    return pd.DataFrame(rows)
