"""Marginal intra-industry trade: how much of the change of trade was matched within industries (Brülhart 1994)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tradewinds.errors import InputError
from tradewinds.firms.measurement.flows import Level, read_flows
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.data.files import Table

__all__ = ["MarginalTrade", "marginal_intra_industry_trade"]


@dataclass(frozen=True, eq=False)
class MarginalTrade:
    """Marginal intra-industry trade by group and by industry.

    Attributes
    ----------
    index : DataFrame
        One row a group: ``a`` (matched share of the change of trade, weighted by size of change) and ``change``, the sum of
        absolute changes.
    industries : DataFrame
        One row an industry: ``a``, ``b`` (from -1, all the change is imports gained or exports lost, to 1), ``c`` (matched
        change in currency), ``weight``.
    """

    index: pd.DataFrame
    industries: pd.DataFrame = field(repr=False)
    first: Any
    last: Any
    level: str
    by: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("brulhart1994",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row, by group and industry (empty for the group's)."""
        labels = [*self.by, "industry", "level"]
        whole = self.index.assign(industry=None)[[*self.by, "industry", "a"]]
        frame = pd.concat([whole, self.industries[[*self.by, "industry", "a", "b", "c"]]]).assign(level=self.level)
        units = {"a": "share of change", "b": "share of change", "c": "currency of the flows"}
        long = frame.melt(labels, list(units), "variable", "value").dropna(subset="value")
        names = long["variable"].map(lambda name: f"marginal_intra_industry_trade_{name}")
        return tidy_frame(long.assign(unit=long["variable"].map(units), variable=names), labels)

    def summary(self) -> str:
        """Return the indices as text."""
        lines = [f"Marginal intra-industry trade (Brülhart's A), {self.first} to {self.last}, industries: {self.level}"]
        lines += [self.index.to_string(index=False, float_format=lambda value: f"{value:.4g}")]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of changes of exports and imports of each industry, with the line of full matching."""
        from tradewinds.firms.measurement.figures import plot_changes

        return plot_changes(self, source)


def marginal_intra_industry_trade(
    flows: Table,
    first: Any,
    last: Any,
    *,
    year: str = "year",
    product: str = "product",
    exports: str = "exports",
    imports: str = "imports",
    by: Sequence[str] = (),
    level: Level = None,
    cif_fob_ratio: float = 1.0,
) -> MarginalTrade:
    r"""Return Brülhart's indices of marginal intra-industry trade between two years.

    :math:`A_i = 1 - |\Delta X_i - \Delta M_i| / (|\Delta X_i| + |\Delta M_i|)`,
    :math:`B_i = (\Delta X_i - \Delta M_i) / (|\Delta X_i| + |\Delta M_i|)` and
    :math:`C_i = |\Delta X_i| + |\Delta M_i| - |\Delta X_i - \Delta M_i|`. The index of a group is the mean of A with
    :math:`|\Delta X_i| + |\Delta M_i|` as weights. Give flows at constant prices, or inflation counts as change.

    Parameters
    ----------
    flows : path, DataFrame or mapping of columns
        One row a product, year and group; a product without a row in one of the two years had no trade in it.
    first, last : int
        The two years.
    year, product, exports, imports : str
        Names of columns.
    by, level, cif_fob_ratio
        As in :func:`tradewinds.firms.measurement.grubel_lloyd`.

    Raises
    ------
    InputError
        If a year has no rows, or as for the Grubel-Lloyd index.

    References
    ----------
    Brülhart (1994), the indices A, B and C.

    Examples
    --------
    >>> flows = {"year": [1, 2], "product": ["7", "7"], "exports": [1.0, 3.0], "imports": [1.0, 2.0]}
    >>> round(float(marginal_intra_industry_trade(flows, 1, 2).index["a"][0]), 4)
    0.6667
    """
    if first == last:
        raise InputError(f"first and last are both {first!r}; a change needs two years")
    by = (by,) if isinstance(by, str) else tuple(by)
    table = read_flows(flows, product, exports, imports, (*by, year), cif_fob_ratio)
    wide = table.at(level)
    moment = wide[year].astype("str")
    for when in (first, last):
        if not (moment == str(when)).any():
            raise InputError(f"{year}: no row is of {when!r}; years are {', '.join(sorted(moment.unique())[:20])}")
    keys = [*by, "industry"]
    before, after = (
        wide[moment == str(when)].set_index(keys)[["exports", "imports"]].sort_index() for when in (first, last)
    )
    change = after.sub(before, fill_value=0.0).reset_index()
    dx, dm = change["exports"], change["imports"]
    size = dx.abs() + dm.abs()
    moved = size.where(size > 0)
    change["a"], change["b"] = 1 - (dx - dm).abs() / moved, (dx - dm) / moved
    change["c"] = size - (dx - dm).abs()
    change["size"], change["_all"] = size, 0
    sums = change.groupby([*by, "_all"], sort=True)[["c", "size"]].sum()
    index = pd.DataFrame({"a": sums["c"] / sums["size"].where(sums["size"] > 0), "change": sums["size"]})
    total = change.join(sums["size"].rename("_sum"), on=[*by, "_all"])["_sum"]
    change["weight"] = size / total.where(total > 0)
    still = int(np.sum(size == 0))
    notes = (*table.notes, *((f"{still} industries did not change and have no index",) if still else ()))
    industries = change.rename(columns={"exports": "change_exports", "imports": "change_imports"})
    return MarginalTrade(
        index=index.reset_index().drop(columns="_all"),
        industries=industries.drop(columns=["size", "_all"]),
        first=first,
        last=last,
        level=table.name_of(level),
        by=by,
        notes=notes,
    )
