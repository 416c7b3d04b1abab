"""Why a cell is outside its band: the mechanism that is missing, as far as it is known; differences.md says more."""

from __future__ import annotations

import re

__all__ = ["reason"]

#: Exhibit, row and column as regular expressions -> what is missing; the first that fits counts.
_MISSING: tuple[tuple[str, str, str, str], ...] = (
    (
        "Table 2",
        "NI .*",
        "JA|US",
        "the NIEs' own place between Japan, whose parts they buy, and America, to which they sell (p. 21)",
    ),
    (
        "Table [134]",
        ".*",
        "1996|2000",
        "the short-run demand block of Mark II and of its developing regions, which is not public",
    ),
    (
        "Table 3",
        ".* (capital|investment|potential_output|consumption)",
        ".*",
        "saving that keeps world interest rates near the baseline's: ours stay higher, and capital lower",
    ),
    (
        "Table 3",
        ".*(tfp|rnd_stock).*",
        ".*",
        "the paper's means over countries, and its baseline of R&D stocks by country",
    ),
    (
        "Table 4",
        ".*",
        ".*",
        "demand in the developing regions (Bayoumi, Hewitt and Symansky 1995), which is not public",
    ),
)


def reason(exhibit: str, row: str, column: str) -> str:
    """Return why a cell is outside its band, beginning with "missing"; or where to read about it.

    Examples
    --------
    >>> reason("Table 2", "NI consumption", "JA")[:27]
    "missing: the NIEs' own plac"
    """
    for where, rows, columns, text in _MISSING:
        if re.fullmatch(where, exhibit) and re.fullmatch(rows, row) and re.fullmatch(columns, column):
            return f"missing: {text}"
    return "see differences.md"
