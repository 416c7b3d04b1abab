"""Intra-industry trade: how much of a country's trade is two-way trade within industries, and of its change.

The Grubel-Lloyd index is the share of trade that is matched by a flow in the other direction. What counts as matched
depends on how wide an industry is, so the share rises with aggregation whatever the data: the gap between two levels is
exactly the trade whose surpluses and deficits cancel inside the wider industries, and :func:`aggregation_bias` shows it
(Figure 1 of Melitz and Trefler 2012). The marginal indices of Brülhart ask the same of the change of trade, because a rise
of the Grubel-Lloyd index need not mean that the new trade was two-way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tradewinds.errors import InputError, require_option
from tradewinds.firms.measurement.flows import Flows, Level, read_flows
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.data.files import Table

__all__ = ["ADJUSTMENTS", "AggregationBias", "IntraIndustryTrade", "aggregation_bias", "grubel_lloyd"]

#: How an overall trade imbalance is dealt with.
ADJUSTMENTS: Mapping[str, str] = {
    "none": "as it is: an overall imbalance lowers the index",
    "grubel-lloyd": "divided by the share of trade that could be matched given the overall imbalance",
    "aquino": "exports and imports of each industry scaled so that totals balance",
}


@dataclass(frozen=True, eq=False)
class IntraIndustryTrade:
    """Grubel-Lloyd indices by group and by industry.

    Attributes
    ----------
    index : DataFrame
        One row a group: the labels of ``by``, ``grubel_lloyd``, ``trade`` and ``imbalance``.
    industries : DataFrame
        One row an industry of a group, with ``exports, imports, grubel_lloyd`` and its weight, the share of trade.
    level, adjustment : str
        Width of an industry, and treatment of an overall imbalance.
    by : tuple of str
    notes : tuple of str
        What was left out, with counts.
    """

    index: pd.DataFrame
    industries: pd.DataFrame = field(repr=False)
    level: str
    adjustment: str
    by: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("grubel-lloyd1975", *(("aquino1978",) if self.adjustment == "aquino" else ()))

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: the index of each group and of each industry (empty for the group's)."""
        labels = [*self.by, "industry", "level"]
        whole = self.index.assign(industry=None, level=self.level)
        parts = self.industries.assign(level=self.level)
        frame = pd.concat([whole, parts])[[*labels, "grubel_lloyd"]].rename(columns={"grubel_lloyd": "value"})
        return tidy_frame(frame.assign(variable="grubel_lloyd", unit="share of trade"), labels)

    def summary(self) -> str:
        """Return the indices as text."""
        lines = [f"Grubel-Lloyd index, industries: {self.level}; imbalance: {ADJUSTMENTS[self.adjustment]}"]
        lines += [self.index.to_string(index=False, float_format=lambda value: f"{value:.4g}")]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of the index, over the first label of ``by`` where it is a year."""
        from tradewinds.firms.measurement.figures import plot_indices

        named = {self.level: self.index}
        return plot_indices(named, self.by, "grubel_lloyd", "Share of trade within industries", source)


def grubel_lloyd(
    flows: Table,
    *,
    product: str = "product",
    exports: str = "exports",
    imports: str = "imports",
    by: Sequence[str] = (),
    level: Level = None,
    adjustment: str = "none",
    cif_fob_ratio: float = 1.0,
) -> IntraIndustryTrade:
    r"""Return the share of trade that is two-way trade within industries.

    :math:`GL = 1 - \sum_i |X_i - M_i| / \sum_i (X_i + M_i)`, with flows summed to industries before the absolute value is
    taken and never across the groups of ``by``. To keep partners apart, name the partner in ``by``: adding partners up first
    raises the index.

    Parameters
    ----------
    flows : path, DataFrame or mapping of columns
        One row a product of a group.
    product, exports, imports : str
        Names of columns. Values are in one currency and not negative.
    by : sequence of str
        Labels of groups, such as year or country; one index each.
    level : None, int, "total", name of a column, or mapping
        Width of an industry: products as they are, their leading digits, all in one, the column, or product to industry.
    adjustment : {"none", "grubel-lloyd", "aquino"}
        See :data:`ADJUSTMENTS`.
    cif_fob_ratio : float
        Imports are divided by this, for imports that include freight while exports do not.

    Raises
    ------
    InputError
        If columns are missing, flows are negative or missing, a product is repeated in a group, or a mapping lacks one.

    References
    ----------
    Grubel and Lloyd (1975); Aquino (1978).

    Examples
    --------
    >>> flows = {"product": ["7811", "7812", "2222"], "exports": [6.0, 2.0, 4.0], "imports": [2.0, 6.0, 0.0]}
    >>> [float(grubel_lloyd(flows, level=level).index["grubel_lloyd"][0]) for level in (4, 3, "total")]
    [0.4, 0.8, 0.8]
    """
    require_option("adjustment", adjustment, ADJUSTMENTS)
    table = read_flows(flows, product, exports, imports, by, cif_fob_ratio)
    return _grubel_lloyd(table, level, adjustment)


def _grubel_lloyd(table: Flows, level: Level, adjustment: str) -> IntraIndustryTrade:
    wide, by = table.at(level), list(table.by)
    wide["_all"] = 0
    keys = [*by, "_all"]
    totals = wide.groupby(keys, sort=True)[["exports", "imports"]].sum()
    x, m = wide["exports"], wide["imports"]
    if adjustment == "aquino":
        joined = wide.join(totals.add_suffix("_total"), on=keys)
        half = (joined["exports_total"] + joined["imports_total"]) / 2
        x, m = x * half / joined["exports_total"], m * half / joined["imports_total"]
    wide["trade"], wide["unmatched"] = x + m, (x - m).abs()
    with np.errstate(invalid="ignore", divide="ignore"):
        wide["grubel_lloyd"] = 1 - wide["unmatched"] / wide["trade"].where(wide["trade"] > 0)
    sums = wide.groupby(keys, sort=True)[["trade", "unmatched"]].sum()
    imbalance = (totals["exports"] - totals["imports"]).abs()
    total = sums["trade"].where(sums["trade"] > 0)
    # GL / (1 - imbalance / trade): the highest share that the overall imbalance leaves possible counts as one.
    possible = total - imbalance if adjustment == "grubel-lloyd" else total
    index = pd.DataFrame(
        {
            "grubel_lloyd": (total - sums["unmatched"]) / possible.where(possible > 0),
            "trade": sums["trade"],
            "imbalance": imbalance / total,
        }
    ).reset_index()
    share = wide["trade"] / wide.join(total.rename("_sum"), on=keys)["_sum"]
    parts = wide.assign(weight=share)[[*by, "industry", "exports", "imports", "grubel_lloyd", "weight"]]
    return IntraIndustryTrade(
        index=index.drop(columns="_all"),
        industries=parts.reset_index(drop=True),
        level=table.name_of(level),
        adjustment=adjustment,
        by=table.by,
        notes=(*table.notes, *_undefined(index)),
    )


def _undefined(index: pd.DataFrame) -> tuple[str, ...]:
    count = int(index["grubel_lloyd"].isna().sum())
    return (f"{count} of {len(index)} groups have no trade, or none that could be matched: no index",) if count else ()


@dataclass(frozen=True, eq=False)
class AggregationBias:
    """The Grubel-Lloyd index at several levels of aggregation, and what the difference consists of.

    Attributes
    ----------
    table : DataFrame
        One row a group and level: ``grubel_lloyd``, ``bias`` over the finest level, and ``cancelled``, the value of
        trade that is unmatched at the finest level and matched at this one; ``bias = cancelled / trade`` exactly.
    by, levels : tuple of str
    """

    table: pd.DataFrame
    by: tuple[str, ...]
    levels: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("grubel-lloyd1975", "melitz-trefler2012")

    def tidy(self) -> pd.DataFrame:
        """Return one number a row, by group and level."""
        labels = [*self.by, "level"]
        long = self.table.melt(labels, ["grubel_lloyd", "bias"], "variable", "value")
        return tidy_frame(long.assign(unit="share of trade"), labels)

    def summary(self) -> str:
        """Return index and bias by level, averaged over groups with their trade as weights."""
        lines = ["Grubel-Lloyd index by width of industry (groups weighted by trade)"]
        for level in self.levels:
            rows = self.table[(self.table["level"] == level) & self.table["grubel_lloyd"].notna()]
            mean, bias = (np.average(rows[name], weights=rows["trade"]) for name in ("grubel_lloyd", "bias"))
            lines.append(f"  {level:<24} {mean:.4f}   aggregation adds {bias:.4f}")
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def plot(self, *, source: str = "") -> Figure:
        """Return the paper's Figure 1 for these data: the index at each level over time."""
        from tradewinds.firms.measurement.figures import plot_indices

        named = {level: self.table[self.table["level"] == level] for level in self.levels}
        return plot_indices(named, self.by, "grubel_lloyd", "Share of trade within industries, by their width", source)


def aggregation_bias(
    flows: Table,
    levels: Mapping[str, Level] | Sequence[Level],
    *,
    product: str = "product",
    exports: str = "exports",
    imports: str = "imports",
    by: Sequence[str] = (),
    cif_fob_ratio: float = 1.0,
) -> AggregationBias:
    """Return the Grubel-Lloyd index at several levels, and how much of it aggregation adds.

    Parameters
    ----------
    flows, product, exports, imports, by, cif_fob_ratio
        As in :func:`grubel_lloyd`.
    levels : sequence, or mapping of names to levels
        The finest first; every later one must be nested in it.

    Raises
    ------
    InputError
        If there are fewer than two levels, or one is not nested in the finest.

    Examples
    --------
    >>> flows = {"product": ["7811", "7812", "2222"], "exports": [6.0, 2.0, 4.0], "imports": [2.0, 6.0, 0.0]}
    >>> print(aggregation_bias(flows, [4, 3]).summary())
    Grubel-Lloyd index by width of industry (groups weighted by trade)
      4 digits                 0.4000   aggregation adds 0.0000
      3 digits                 0.8000   aggregation adds 0.4000
    """
    table = read_flows(flows, product, exports, imports, by, cif_fob_ratio)
    named = dict(levels) if isinstance(levels, Mapping) else {table.name_of(level): level for level in levels}
    if len(named) < 2:
        raise InputError("levels has fewer than two different entries; give the finest first, such as levels=[4, 2]")
    _require_nested(table, named)
    frames, finest = [], None
    for name, level in named.items():
        found = _grubel_lloyd(table, level, "none").index
        finest = found if finest is None else finest
        bias = found["grubel_lloyd"] - finest["grubel_lloyd"]
        frames.append(found.assign(level=name, bias=bias, cancelled=bias * found["trade"]))
    return AggregationBias(pd.concat(frames, ignore_index=True), table.by, tuple(named), table.notes)


def _require_nested(table: Flows, named: Mapping[str, Any]) -> None:
    (first, finest), *others = named.items()
    fine = table.industries(finest)
    for name, level in others:
        pairs = pd.DataFrame({"fine": fine, "wide": table.industries(level)}).drop_duplicates()
        split = pairs["fine"][pairs["fine"].duplicated()]
        if len(split):
            raise InputError(
                f"levels: {name!r} is not nested in {first!r}, the finest and first: industry {split.iloc[0]!r} belongs "
                "to several; order levels from the finest to the widest"
            )
