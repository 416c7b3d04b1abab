"""Sums over plants from which every decomposition follows, so that one pass over the data serves them all.

For two years, plants are sorted into cells by what they are (surviving, entering, leaving), by industry in each year and by
export status in each year. A cell keeps nine sums: its plants ``n``; weights ``w1, w2``; weights times productivity of
the same year
``p1, p2``; productivity ``m1, m2``; and the two that mix years, ``c12`` (first weights, last productivity) and
``c21``. A decomposition is arithmetic on cells, so the same code serves data in memory and data that do not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from tradewinds.errors import InputError, require_option
from tradewinds.firms.measurement.panel import PlantPanel
from tradewinds.firms.measurement.rules import REENTRY, STATUSES

__all__ = ["KEYS", "SUMS", "PairMoments", "in_memory", "require_years"]

#: What sorts plants into cells.
KEYS = ("status", "industry_first", "industry_last", "exporting")

#: Sums that a cell keeps.
SUMS = ("n", "w1", "w2", "p1", "p2", "m1", "m2", "c12", "c21")

#: Export status in the first and last year -> name.
EXPORTING: Mapping[tuple[bool, bool], str] = {
    (True, True): "exporter",
    (False, False): "non-exporter",
    (False, True): "starts exporting",
    (True, False): "stops exporting",
}


@dataclass(frozen=True, eq=False)
class PairMoments:
    """Sums by cell for two years of a panel.

    Attributes
    ----------
    cells : DataFrame
        Columns :data:`KEYS` and :data:`SUMS`. An industry is empty where the plant is absent; exporting is "all" where
        export status is unknown.
    first, last : int
    counts : mapping
        Plants by status, of changing industry, and left out.
    notes : tuple of str
    source : str
    """

    cells: pd.DataFrame = field(repr=False)
    first: int
    last: int
    counts: Mapping[str, int]
    notes: tuple[str, ...]
    source: str


def require_years(years: tuple[int, ...], first: int, last: int) -> None:
    """Raise :class:`InputError` unless both years are in the panel, in order."""
    if len(years) < 2:
        raise InputError(f"the panel has one year, {years[0]}; a change of productivity needs two")
    for name, year in (("first", first), ("last", last)):
        if year not in years:
            raise InputError(f"{name} is {year!r}, which is not a year of the panel; years are {_some(years)}")
    if first >= last:
        raise InputError(f"first is {first} and last is {last}; first must come before last")


def in_memory(panel: PlantPanel, first: int, last: int, reentry: str = "count") -> PairMoments:
    """Return the sums of two years of a panel in memory.

    Raises
    ------
    InputError
        If a year is not in the panel, no plant is in both, weights of a year sum to zero, or the rule is unknown.
    """
    require_option("reentry", reentry, REENTRY)
    require_years(panel.years, first, last)
    frame, year = panel.frame, panel.frame["year"]
    columns = ["industry", "productivity", "weight", *(["exporter"] if panel.has_exporters else [])]
    before, after = (frame[year == when].set_index("plant")[columns] for when in (first, last))
    gaps = panel.gaps["plant"][panel.gaps["year"].isin([first, last]) & (panel.missing == "drop-plant")]
    both = before.add_suffix("_1").join(after.add_suffix("_2"), how="outer")
    kept = both[~both.index.isin(gaps)]
    dropped = len(both) - len(kept)
    kept = kept.assign(status=_status(kept, panel, first, last))
    cells = _sum_cells(kept, panel.has_exporters)
    return finish(cells, first, last, reentry, {"missing": dropped}, panel.notes, panel.source)


def finish(
    cells: pd.DataFrame,
    first: int,
    last: int,
    reentry: str,
    dropped: Mapping[str, int],
    notes: tuple[str, ...],
    source: str,
) -> PairMoments:
    """Return moments from cells: returning plants left out if asked, checked, counted."""
    back = cells["status"].isin(["re-entrant", "returns later"])
    counts = {status: int(cells.loc[cells["status"] == status, "n"].sum()) for status in STATUSES}
    moved = (cells["status"] == "survivor") & (cells["industry_first"] != cells["industry_last"])
    counts |= {"switchers": int(cells.loc[moved, "n"].sum()), "left out, missing": int(dropped["missing"])}
    counts["left out, returning"] = int(cells.loc[back, "n"].sum()) if reentry == "leave-out" else 0
    if reentry == "leave-out":
        cells = cells[~back]
    cells = cells.sort_values(list(KEYS)).reset_index(drop=True)
    _require_content(cells, first, last)
    found = [*notes]
    if dropped["missing"]:
        found.append(f"{dropped['missing']} plants with a missing value in one of the two years are left out of both")
    if counts["re-entrant"] or counts["returns later"]:
        found.append(
            f"{counts['re-entrant']} plants are back after an absence and {counts['returns later']} come back later: "
            f"{REENTRY[reentry]}"
        )
    return PairMoments(cells, first, last, MappingProxyType(counts), tuple(found), source)


def _require_content(cells: pd.DataFrame, first: int, last: int) -> None:
    if not (cells["status"] == "survivor").any():
        raise InputError(
            f"no plant is in the panel in both {first} and {last}: are plants' codes the same in all years? Choose years "
            "that plants survive"
        )
    for year, column in ((first, "w1"), (last, "w2")):
        if not cells[column].sum() > 0:
            raise InputError(f"weights of {year} sum to zero; a share needs a positive total")
    if not (cells.loc[cells["status"] == "survivor", ["w1", "w2"]].sum() > 0).all():
        raise InputError(f"weights of plants in both {first} and {last} sum to zero; a share needs a positive total")


def _status(kept: pd.DataFrame, panel: PlantPanel, first: int, last: int) -> pd.Series[Any]:
    lives = panel.lifespans.reindex(kept.index)
    before, after = (lives["min"] < first).to_numpy(), (lives["max"] > last).to_numpy()
    here, there = kept["weight_1"].notna().to_numpy(), kept["weight_2"].notna().to_numpy()
    names = ["survivor", "re-entrant", "entrant", "returns later", "exiter"]
    # sorted into numbers first, because rows of text are slow
    codes = np.select([here & there, there & before, there, after], [0, 1, 2, 3], 4)
    return pd.Series(pd.Categorical.from_codes(np.asarray(codes, dtype=np.int8), pd.Index(names)), index=kept.index)


def _sum_cells(kept: pd.DataFrame, exporters: bool) -> pd.DataFrame:
    w1, w2, f1, f2 = (kept[name] for name in ("weight_1", "weight_2", "productivity_1", "productivity_2"))
    table = pd.DataFrame(
        {
            "status": kept["status"],
            "industry_first": kept["industry_1"].fillna(""),
            "industry_last": kept["industry_2"].fillna(""),
            "exporting": _exporting(kept) if exporters else "all",
            "n": 1,
            "w1": w1,
            "w2": w2,
            "p1": w1 * f1,
            "p2": w2 * f2,
            "m1": f1,
            "m2": f2,
            "c12": w1 * f2,
            "c21": w2 * f1,
        }
    )
    found = table.groupby(list(KEYS), observed=True)[list(SUMS)].sum().reset_index()
    return found.astype({"status": "str", "exporting": "str"})


def _exporting(kept: pd.DataFrame) -> pd.Series[Any]:
    before, after = kept["exporter_1"], kept["exporter_2"]
    # a plant that is absent in one year has the status of the other
    first = before.where(before.notna(), after).astype(bool)
    last = after.where(after.notna(), before).astype(bool)
    conditions = [(first == x1) & (last == x2) for x1, x2 in EXPORTING]
    codes = np.select(conditions, range(len(EXPORTING)), 0)
    return pd.Series(
        pd.Categorical.from_codes(np.asarray(codes, dtype=np.int8), pd.Index(EXPORTING.values())), index=kept.index
    )


def _some(years: tuple[int, ...]) -> str:
    return ", ".join(map(str, years)) if len(years) <= 12 else f"{years[0]} to {years[-1]}"
