"""Check a user's panel and report every problem at once, with the row numbers of a spreadsheet (the header is row 1).

The rules are those of :mod:`tradewinds.data.layout`. Alike problems are one sentence, which names the first rows and counts
the rest, and names the series concerned, so that ten thousand bad rows make a message that can be read.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tradewinds.data.cells import CONSTANT, KEYS, check_cells, read_cells
from tradewinds.data.coverage import SERIES, check_coverage
from tradewinds.data.needs import check_needs
from tradewinds.data.options import Measurement
from tradewinds.data.sums import check_sums
from tradewinds.data.wording import rows, series_names
from tradewinds.errors import DataError
from tradewinds.labels import country_code, require_unique

__all__ = ["validate_frame"]


def validate_frame(
    frame: pd.DataFrame,
    source: str = "table",
    *,
    measurement: Measurement | None = None,
    countries: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Check a panel in the long format and return it in standard form.

    Parameters
    ----------
    frame : DataFrame
        See :func:`~tradewinds.data.layout.format_table`; cells may be text.
    source : str
        Name of the file or table in messages.
    measurement : Measurement, optional
        Decides what is needed: gaps are allowed where they are to be interpolated.
    countries : sequence of str, optional
        Leave out all other countries, as importers and as partners.

    Returns
    -------
    DataFrame
        Columns ``variable, country, partner, industry, year, value``, rows in their order; country codes are ISO alpha-3,
        ``year`` is zero for what does not vary over time, and rows of a country with itself and empty values are left
        out. Its ``attrs["left_out"]`` names countries that were not chosen.

    Raises
    ------
    DataError
        With every problem of the table.

    Examples
    --------
    >>> from tradewinds.data.template import template_frame
    >>> validate_frame(template_frame().replace({"country": {"CAN": "CANADIA"}}), "mine.csv")
    Traceback (most recent call last):
        ...
    tradewinds.errors.DataError: mine.csv: ... problems found
      - unknown country 'CANADIA'. Did you mean "CANADA"? Use ISO alpha-3 codes ... (rows 2, 3, 4, 5, 6 and 55 more)
      ...
    """
    measurement = measurement or Measurement()
    problems: list[str] = []
    cells = read_cells(frame, source)
    table = check_cells(cells, problems)
    labelled = table[table["known"]]
    chosen = _chosen(countries, labelled, problems)
    labelled = labelled[labelled["country"].isin(chosen)]
    check_sums(labelled, problems)  # before partners are left out
    labelled = labelled[labelled["partner_known"] & labelled["partner"].isin(["", *chosen])]
    labelled = _drop_empty(labelled, measurement, problems)
    check_needs(set(table["variable"]), measurement, problems)
    if len(labelled):
        check_coverage(labelled, measurement, problems)
    if problems:
        raise DataError(source, problems)
    result = labelled[[*KEYS, "value"]].reset_index(drop=True)
    result.attrs["left_out"] = tuple(sorted((set(table["country"]) | set(table["partner"])) - {"", *chosen}))
    return result


def _chosen(countries: Sequence[str] | None, table: pd.DataFrame, problems: list[str]) -> list[str]:
    """Return the countries to keep; one that the table does not have is a problem."""
    if countries is None:
        return sorted((set(table["country"]) | set(table["partner"])) - {""})
    chosen = [country_code(label) for label in countries]
    require_unique(chosen, what="countries")
    there = set(table["country"])
    problems.extend(f"countries asks for {code}, which the table does not have" for code in chosen if code not in there)
    return chosen


def _drop_empty(table: pd.DataFrame, measurement: Measurement, problems: list[str]) -> pd.DataFrame:
    """Return rows without empty values, which are gaps to interpolate or else problems."""
    empty = table["value"].isna()
    if not empty.any():
        return table
    fill = bool(measurement.interpolate)
    for name, part in table[empty].groupby("variable", sort=False):
        # Gaps are filled from the years around them, which a value without year does not have.
        bad = part[part["year"].eq(CONSTANT)] if fill else part
        if len(bad):
            remedy = (
                "find the value" if fill else 'find the value, or set interpolate = "linear" to fill gaps inside series'
            )
            flows = " (a missing flow is not a zero flow: say which it is)" if name == "bilateral_imports" else ""
            whole = table.loc[table["variable"].eq(name), SERIES].drop_duplicates()
            where = series_names(bad[SERIES].drop_duplicates(), whole)
            problems.append(f"value of {name} is empty for {where} ({rows(bad['row'])}); {remedy}{flows}")
    # A gap that is filled must look like one; one that is a problem keeps its row, so that it is reported once.
    return table[~empty] if fill else table
