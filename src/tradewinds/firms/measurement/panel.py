"""A panel of plants: who, when, in which industry, how productive, with what weight, exporting or not.

Nothing is repaired silently: a row that breaks a rule is named, or falls under a rule that the caller chose and that is
counted (:mod:`tradewinds.firms.measurement.rules`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.data.files import open_table
from tradewinds.errors import DataError, InputError, require_option
from tradewinds.firms.measurement.columns import is_empty, numbers, require_columns, some_rows
from tradewinds.firms.measurement.rules import INACTIVE, MISSING

if TYPE_CHECKING:
    from tradewinds.data.files import Table

__all__ = ["PlantPanel", "read_plants"]


@dataclass(frozen=True, eq=False)
class PlantPanel:
    """Checked plant-years in memory.

    Attributes
    ----------
    frame : DataFrame
        One row a plant and year: ``plant, year, industry, productivity, weight``, ``exporter`` (bool) where there is one, and
        the columns kept. Productivity is a log or a level; weights need not sum to one.
    gaps : DataFrame
        ``plant, year`` of operating plants left out because a value is missing.
    counts : mapping
        Rows read, inactive, missing, and with a weight of zero.
    missing, inactive : str
        Rules, see :data:`MISSING` and :data:`INACTIVE`.
    source : str
        Where the data come from.
    """

    frame: pd.DataFrame = field(repr=False)
    gaps: pd.DataFrame = field(repr=False)
    counts: Mapping[str, int]
    missing: str
    inactive: str
    source: str

    @property
    def years(self) -> tuple[int, ...]:
        """Years with plants."""
        return tuple(int(year) for year in np.unique(self.frame["year"]))

    @property
    def has_exporters(self) -> bool:
        """True if export status is known."""
        return "exporter" in self.frame.columns

    @functools.cached_property
    def lifespans(self) -> pd.DataFrame:
        """First and last year in which each plant is seen operating, columns ``min, max``, index ``plant``."""
        alive = pd.concat([self.frame[["plant", "year"]], self.gaps]) if len(self.gaps) else self.frame
        return alive.groupby("plant", sort=False)["year"].agg(["min", "max"])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out under which rule, with counts."""
        return describe_counts(self.counts, self.missing, self.inactive)

    def summary(self) -> str:
        """Return size and rules as text."""
        plants = self.frame["plant"].nunique()
        lines = [
            f"{self.source}: {len(self.frame)} plant-years of {plants} plants, {self.years[0]} to {self.years[-1]}"
        ]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def describe_counts(counts: Mapping[str, int], missing: str, inactive: str) -> tuple[str, ...]:
    """Return notes about rows that fell under a rule."""
    notes = []
    if counts["inactive"]:
        notes.append(f"{counts['inactive']} of {counts['rows']} rows are of inactive plants: {INACTIVE[inactive]}")
    if counts["missing"]:
        notes.append(f"{counts['missing']} of {counts['rows']} rows lack a value: {MISSING[missing]}")
    if counts["no_weight"]:
        notes.append(f"{counts['no_weight']} rows have weight zero; they count in unweighted means only")
    return tuple(notes)


def read_plants(
    data: Table,
    *,
    plant: str = "plant",
    year: str = "year",
    industry: str = "industry",
    productivity: str = "productivity",
    weight: str = "weight",
    exporter: str | None = None,
    keep: Sequence[str] = (),
    missing: str = "raise",
    inactive: str = "raise",
    source: str | None = None,
) -> PlantPanel:
    """Return a checked panel of plants.

    Parameters
    ----------
    data : path, DataFrame or mapping of columns
        One row a plant and year.
    plant, year, industry, productivity, weight : str
        Names of columns. Weights are employment or output and may not be negative.
    exporter : str, optional
        Column of export status, 0 or 1; -1 marks a plant that did not operate.
    keep : sequence of str
        Other columns to carry along.
    missing, inactive : str
        Names of rules, see :data:`MISSING` and :data:`INACTIVE`.
    source : str, optional
        Name of the data, for messages and figures.

    Raises
    ------
    InputError
        If a column or a rule does not exist.
    DataError
        If a plant has two rows in a year, a weight is negative, a cell is no number, or a row is missing or inactive and the
        rule is to raise. Rows are counted from one.

    Examples
    --------
    >>> data = {
    ...     "plant": [1, 1, 2],
    ...     "year": [1990, 1991, 1991],
    ...     "industry": ["31", "31", "32"],
    ...     "productivity": [1.0, 1.2, 0.9],
    ...     "weight": [10, 12, 5],
    ... }
    >>> print(read_plants(data, source="three rows").summary())
    three rows: 3 plant-years of 2 plants, 1990 to 1991
    """
    require_option("missing", missing, MISSING)
    require_option("inactive", inactive, INACTIVE)
    table, name = open_table(data, name=source)
    names = {plant: "plant", year: "year", industry: "industry", productivity: "productivity", weight: "weight"}
    names |= {exporter: "exporter"} if exporter is not None else {}
    if len(names) < 5 + (exporter is not None):
        raise InputError(f"one column stands for two things; columns given are {plant}, {year}, {industry}, ...")
    require_columns(table, [*names, *keep], name)
    frame = table[[*names, *(column for column in keep if column not in names)]].reset_index(drop=True)
    frame, problems = _typed(frame.rename(columns=names))
    idle, lacking = _idle(frame), _lacking(frame)
    lacking &= ~idle
    problems += _verdicts(frame, idle, lacking, missing, inactive)
    if problems:
        raise DataError(name, problems)
    complete = frame[~idle & ~lacking].reset_index(drop=True)
    if complete.empty:
        raise DataError(name, ["no row is left: every row is of an inactive plant or lacks a value"])
    if exporter is not None:
        complete["exporter"] = complete["exporter"] == 1
    complete["industry"] = complete["industry"].astype("str")
    return PlantPanel(
        frame=complete,
        gaps=frame.loc[lacking, ["plant", "year"]].reset_index(drop=True),
        counts=MappingProxyType(
            {
                "rows": len(frame),
                "inactive": int(idle.sum()),
                "missing": int(lacking.sum()),
                "no_weight": int((complete["weight"] == 0).sum()),
            }
        ),
        missing=missing,
        inactive=inactive,
        source=source or name,
    )


def _typed(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the frame with numeric columns, and what cannot be numeric."""
    problems = []
    for name in ("year", "productivity", "weight", *(["exporter"] if "exporter" in frame else [])):
        smallest = 0.0 if name == "weight" else -np.inf
        frame[name], found = numbers(frame[name], name, smallest=smallest, missing=name != "year")
        problems += found
    empty = is_empty(frame["plant"])
    if empty.any():
        problems.append(f"plant: {empty.sum()} cells are empty: {some_rows(empty)}")
    odd = (frame["year"] % 1 != 0).to_numpy() & frame["year"].notna().to_numpy()
    if odd.any():
        problems.append(f"year: {odd.sum()} values are not whole: {some_rows(odd)}")
    elif frame["year"].notna().all():
        frame["year"] = frame["year"].astype("int64")
    if "exporter" in frame:
        wrong = ~(frame["exporter"].isin([-1, 0, 1]) | frame["exporter"].isna()).to_numpy()
        if wrong.any():
            first = frame["exporter"][wrong].iloc[0]
            problems.append(f"exporter: {wrong.sum()} values are not 0, 1 or -1, such as {first:g}: {some_rows(wrong)}")
    return frame, problems


def _idle(frame: pd.DataFrame) -> pd.Series[bool]:
    idle = (frame["weight"] == 0) & frame["productivity"].isna()
    return idle | (frame["exporter"] == -1) if "exporter" in frame else idle


def _lacking(frame: pd.DataFrame) -> pd.Series[bool]:
    lacking = frame["productivity"].isna() | frame["weight"].isna() | is_empty(frame["industry"])
    return lacking | frame["exporter"].isna() if "exporter" in frame else lacking


def _verdicts(
    frame: pd.DataFrame, idle: pd.Series[bool], lacking: pd.Series[bool], missing: str, inactive: str
) -> list[str]:
    problems = []
    repeated = frame.duplicated(["plant", "year"], keep=False).to_numpy()
    if repeated.any():
        one = frame.loc[repeated, ["plant", "year"]].iloc[0]
        problems.append(
            f"{repeated.sum()} rows repeat a plant in a year, such as plant {one['plant']} in {one['year']}: "
            f"{some_rows(repeated)}; a plant has one row a year"
        )
    if idle.any() and inactive == "raise":
        problems.append(
            f"{idle.sum()} rows are of plants that did not operate (exporter -1, or weight 0 without productivity): "
            f'{some_rows(idle.to_numpy())}; inactive="absent" treats them as not there'
        )
    if lacking.any() and missing == "raise":
        problems.append(
            f"{lacking.sum()} rows lack productivity, weight, industry or export status: {some_rows(lacking.to_numpy())}; "
            'choose missing="drop-row" or missing="drop-plant"'
        )
    return problems
