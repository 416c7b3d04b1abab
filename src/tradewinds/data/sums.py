"""Check what shares of a user's panel add up to."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from tradewinds.data.cells import CONSTANT
from tradewinds.data.wording import FIRST_ITEMS, listing, runs
from tradewinds.measure.weights import ROUNDING

__all__ = ["check_sums"]

GROUP = ["country", "industry", "year"]


def check_sums(table: pd.DataFrame, problems: list[str]) -> None:
    """Report bilateral shares that do not sum to one, importers that import nothing, industry shares above one.

    Parameters
    ----------
    table : DataFrame
        Rows with a known importer, also those whose partner is not known, from
        :func:`~tradewinds.data.cells.check_cells`. Sums in which a value is missing or unusable are not judged: the value
        is a problem of its own.
    problems : list of str
    """
    share = _totals(table, "bilateral_import_share", GROUP)
    wrong = share[(share - 1).abs() > ROUNDING]
    if len(wrong):
        hint = " They look like per cent: divide by 100." if (wrong - 100).abs().median() < 5 else _ROUNDED
        problems.append(f"bilateral_import_share must sum to one over partners; {_sums(wrong)}.{hint}")
    flows = _totals(table, "bilateral_imports", GROUP)
    nothing = flows[flows == 0]
    if len(nothing):
        problems.append(f"bilateral_imports are zero from every partner, so that no share exists; {_sums(nothing)}")
    split = _totals(table, "rnd_industry_share", ["country"])
    above = split[split > 1 + ROUNDING]
    if len(above):
        words = listing(f"{country} {total:.6g}" for country, total in above.items())
        problems.append(f"rnd_industry_share of a country must sum to at most one over industries; {words}")


_ROUNDED = " Give more digits, divide by the sum, or give bilateral_imports instead."


def _totals(table: pd.DataFrame, name: str, keys: list[str]) -> pd.Series:
    """Return the sum of a variable by keys, without groups in which a value cannot be used."""
    part = table[table["variable"].eq(name)]
    part = part[part["partner"].ne(part["country"])]
    good = np.isfinite(part["value"])
    sums = part.assign(bad=~good).groupby(keys, sort=True).agg(value=("value", "sum"), bad=("bad", "any"))
    return sums.loc[~sums["bad"], "value"]


def _sums(wrong: pd.Series) -> str:
    """Return importers, industries and years with their sums, years of a series together."""
    words = []
    series = wrong.groupby(level=["country", "industry"], sort=True)
    for _, group in itertools.islice(series, FIRST_ITEMS):
        country, industry, _ = group.index[0]
        years = [int(year) for year in group.index.get_level_values("year")]
        where = f"{country}, industry {industry}" if industry else str(country)
        when = "" if years == [CONSTANT] else f", {runs(years)}"
        low, high = group.min(), group.max()
        sums = f"{low:.6g}" if f"{low:.6g}" == f"{high:.6g}" else f"{low:.6g} to {high:.6g}"
        words.append(f"importer {where}{when}: {sums}")
    more = f" and {series.ngroups - FIRST_ITEMS} more series" if series.ngroups > FIRST_ITEMS else ""
    return "; ".join(words) + more
