"""Words for many alike problems: row numbers as a spreadsheet shows them, and series grouped by country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["listing", "rows", "runs", "series_names"]

#: Row numbers named before the rest are counted.
FIRST_ROWS = 5
#: Items (series, labels) named before the rest are counted.
FIRST_ITEMS = 25


def rows(numbers: Sequence[int] | NDArray[np.int_] | pd.Series) -> str:
    """Return row numbers in words, the header being row 1.

    Examples
    --------
    >>> rows([7]), rows([2, 3, 5, 8, 13, 21, 34])
    ('row 7', 'rows 2, 3, 5, 8, 13 and 2 more')
    """
    numbers = [int(number) for number in numbers]
    text = ", ".join(map(str, numbers[:FIRST_ROWS]))
    more = f" and {len(numbers) - FIRST_ROWS} more" if len(numbers) > FIRST_ROWS else ""
    return f"row{'s' if len(numbers) > 1 else ''} {text}{more}"


def listing(items: Iterable[object], first: int = FIRST_ITEMS) -> str:
    """Return items separated by commas, those beyond the first ones counted.

    Examples
    --------
    >>> listing(["CAN", "FRA", "USA"], first=2)
    'CAN, FRA and 1 more'
    """
    words = [str(item) for item in items]
    return ", ".join(words[:first]) + (f" and {len(words) - first} more" if len(words) > first else "")


def runs(years: Iterable[int]) -> str:
    """Return years in words, runs of three and more shortened.

    Examples
    --------
    >>> runs([1970, 1971, 1972, 1973, 1980])
    '1970-1973, 1980'
    """
    ordered = np.unique(np.fromiter(years, dtype=int))
    groups = np.split(ordered, np.flatnonzero(np.diff(ordered) != 1) + 1)
    words: list[object] = []
    for group in groups:
        words.extend([f"{group[0]}-{group[-1]}"] if len(group) > 2 else map(int, group))
    return listing(words, 8)


def series_names(keys: pd.DataFrame, universe: pd.DataFrame) -> str:
    """Return series in words, grouped by country, complete groups shortened.

    Parameters
    ----------
    keys : DataFrame
        Columns ``country, partner, industry``: the series to name. Partner and industry are empty where a variable has
        none.
    universe : DataFrame
        Same columns, all series of the variable.

    Examples
    --------
    >>> all_series = pd.DataFrame({"country": ["CAN", "CAN", "USA"], "partner": "", "industry": ["31", "32", "31"]})
    >>> series_names(all_series[1:], all_series), series_names(all_series, all_series)
    ('CAN: 32; USA', 'every series')
    """
    if len(keys) == len(universe) > 1:
        return "every series"
    sizes = universe.groupby("country").size()
    words, named, total = [], 0, len(keys)
    for country, group in keys.groupby("country", sort=True):
        if named >= FIRST_ITEMS:
            break
        shown = group if len(group) == sizes.get(country, 0) else group.head(FIRST_ITEMS - named)
        named += len(shown)
        words.append(str(country) if len(group) == sizes.get(country, 0) else f"{country}: {_inner(shown)}")
    more = f" and {total - named} more series" if total > named else ""
    return "; ".join(words) + more


def _inner(group: pd.DataFrame) -> str:
    """Return partners and industries of one country's series."""
    with_partner = group["partner"].ne("").any()
    with_industry = group["industry"].ne("").any()
    if with_partner and with_industry:
        return ", ".join(
            f"from {partner} (industry {', '.join(map(str, part['industry']))})"
            for partner, part in group.groupby("partner", sort=True)
        )
    return (
        ", ".join(f"from {partner}" for partner in group["partner"]) if with_partner else ", ".join(group["industry"])
    )
