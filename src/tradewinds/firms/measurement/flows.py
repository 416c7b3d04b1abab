"""Trade flows by product, checked once, and summed to industries of any width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.data.files import open_table
from tradewinds.errors import DataError, InputError
from tradewinds.firms.measurement.columns import numbers, require_columns, some_rows

if TYPE_CHECKING:
    from tradewinds.data.files import Table

__all__ = ["Flows", "Level", "read_flows"]

#: Width of an industry: products as they are, leading digits, "total" or a column's name, or product -> industry.
Level = None | int | str | Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Flows:
    """Exports and imports by product and group.

    Attributes
    ----------
    frame : DataFrame
        Columns ``product, exports, imports``, the labels of ``by`` and whatever else the table had.
    by : tuple of str
    notes : tuple of str
    """

    frame: pd.DataFrame = field(repr=False)
    by: tuple[str, ...]
    notes: tuple[str, ...]

    def industries(self, level: Level) -> pd.Series[str]:
        """Return the industry of each row."""
        product = self.frame["product"]
        if level is None:
            return product
        if isinstance(level, Mapping):
            found = product.map({str(key): str(value) for key, value in level.items()})
            lacking = sorted(product[found.isna()].unique())
            if lacking:
                raise InputError(f"level: the mapping lacks {len(lacking)} products, such as {', '.join(lacking[:5])}")
            return found
        if isinstance(level, str) and level != "total":
            require_columns(self.frame, [level], "level")
            return self.frame[level].astype(str)
        if level == "total":
            return pd.Series("total", index=product.index)
        if isinstance(level, bool) or not isinstance(level, int) or level < 1:
            raise InputError(
                f'level is {level!r}; allowed: None, a number of digits, "total", the name of a column, or a mapping'
            )
        short = sorted(product[product.str.len() < level].unique())
        if short:
            raise InputError(
                f"level is {level} digits, but {len(short)} codes are shorter, such as {', '.join(short[:5])}; codes read "
                "as numbers lose leading zeros: pass them as text"
            )
        return product.str[:level]

    def at(self, level: Level) -> pd.DataFrame:
        """Return flows summed to industries of this width within each group."""
        industry = self.industries(level)
        keyed = self.frame.assign(industry=industry)
        return keyed.groupby([*self.by, "industry"], sort=True)[["exports", "imports"]].sum().reset_index()

    @staticmethod
    def name_of(level: Level) -> str:
        """Return a level in words."""
        if level is None:
            return "products as given"
        if isinstance(level, Mapping):
            return "industries as mapped"
        return f"{level} digits" if isinstance(level, int) else level


def read_flows(
    flows: Table, product: str, exports: str, imports: str, by: Sequence[str], cif_fob_ratio: float = 1.0
) -> Flows:
    """Return checked flows.

    Raises
    ------
    InputError
        If columns are missing or the ratio is not positive.
    DataError
        If flows are missing, negative or not numbers, or a product is repeated in a group; rows are named.
    """
    by = (by,) if isinstance(by, str) else tuple(by)
    if not np.isfinite(cif_fob_ratio) or cif_fob_ratio <= 0:
        raise InputError(f"cif_fob_ratio is {cif_fob_ratio!r}; it must be a positive number, such as 1.06")
    frame, source = open_table(flows)
    require_columns(frame, [product, exports, imports, *by], source)
    frame = frame.reset_index(drop=True).rename(columns={product: "product", exports: "exports", imports: "imports"})
    problems = []
    frame["product"] = frame["product"].astype("str")
    for name in ("exports", "imports"):
        frame[name], found = numbers(frame[name], name, smallest=0.0)
        problems += found
    repeated = frame.duplicated(["product", *by], keep=False).to_numpy()
    if repeated.any():
        where = ", ".join(["product", *by])
        problems.append(f"{repeated.sum()} rows repeat a {where}: {some_rows(repeated)}; sum them or add a label to by")
    if problems:
        raise DataError(source, problems)
    frame["imports"] = frame["imports"] / cif_fob_ratio
    idle = int((frame["exports"] + frame["imports"] == 0).sum())
    notes = (f"{idle} of {len(frame)} rows have no trade in either direction",) if idle else ()
    return Flows(frame, by, notes)
