"""The printed tables of Bayoumi, Coe and Helpman (1996) as tidy frames, and what they imply about each other.

Three things in them are easily read wrong. A printed dash is a deviation too small to print; it is held as zero and marked. The
heads say "in percent", yet 0.234 times the log of the printed R&D stock gives the row of productivity from domestic R&D, so the
rows of TFP are 100 times a log deviation and all others per cent. And a row of a group of countries is a mean that the paper
never defines.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from tradewinds.errors import InputError, did_you_mean
from tradewinds.replications.targets import read_targets

__all__ = [
    "DASH",
    "SCENARIOS",
    "members",
    "printed_import_shares",
    "printed_tables",
    "scenario_of",
    "text_against_tables",
    "weighting",
]

#: Note in ``targets.csv`` that marks a zero as a printed dash.
DASH = "printed as a dash"

#: Scenario -> what changes in it. Columns of Table 2 are scenarios; its first is that of Table 1.
SCENARIOS: Mapping[str, str] = MappingProxyType(
    {code: f"R&D up by half a per cent of GDP in {code}" for code in ("US", "JA", "GE", "FR", "IT", "UK", "CA")}
    | {
        "industrial": "R&D up by half a per cent of GDP in every industrial country",
        "trade": "imports and exports of manufactures up by 5 per cent of GDP in AF, WH and OD",
    }
)

_SCENARIO_OF = {"Table 1": "US", "Table 3": "industrial", "Table 4": "trade"}
_LAST_YEAR = 2075
_POINTS = ("rnd_gdp", "manufactures_imports_gdp")


_INDUSTRIAL = ("US", "JA", "GE", "FR", "IT", "UK", "CA", "SI")
_DEVELOPING = ("AF", "NI", "WH", "OD")

#: Countries and groups -> the countries in them, in the paper's order.
_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {code: (code,) for code in (*_INDUSTRIAL, *_DEVELOPING)}
    | {
        "industrial": _INDUSTRIAL,
        "other_industrial": _INDUSTRIAL[1:],
        "g7": _INDUSTRIAL[:7],
        "developing": _DEVELOPING,
        "developing_except_NI": ("AF", "WH", "OD"),
    }
)


def members(region: str) -> Sequence[str]:
    """Return codes of the countries that a row of the tables is about.

    Raises
    ------
    InputError
        If there is no such country or group.

    Examples
    --------
    >>> members("developing"), members("WH")
    (('AF', 'NI', 'WH', 'OD'), ('WH',))
    """
    groups = _GROUPS
    if region not in groups:
        raise InputError(f"region {region!r} is none of {', '.join(groups)}.{did_you_mean(region, groups)}")
    return groups[region]


def scenario_of(table: str, column: str) -> str:
    """Return the scenario behind a column of a table: in Table 2 columns are scenarios, elsewhere years."""
    return _SCENARIO_OF.get(table, column)


def printed_tables() -> pd.DataFrame:
    """Return every cell of Tables 1 to 4, one a row.

    Returns
    -------
    DataFrame
        Columns ``table, scenario, region, variable, year, published, unit, weighting, dash`` and, to find the cell in
        ``targets.csv``, ``row, column``. All are deviations from baseline; units: ``percent``, ``100 log``,
        ``percentage points``. How the :func:`members` of a row are put together the paper does not say; the weighting that
        comes nearest to the printed rows: ``none`` (one country), ``simple``, ``gdp``, ``level`` (of the variable itself).

    Examples
    --------
    >>> cells = printed_tables()
    >>> cells.query("scenario == 'JA' and region == 'NI' and variable == 'consumption'")["published"].item()
    5.8
    """
    targets = read_targets("bch").query("exhibit != 'Appendix table'")
    rows = []
    for cell in targets.to_dict("records"):
        table, (region, variable) = cell["exhibit"], cell["row"].split(" ")
        by_year = table in _SCENARIO_OF
        rows.append(
            {
                "table": table,
                "scenario": scenario_of(table, cell["column"]),
                "region": region,
                "variable": variable,
                "year": int(cell["column"]) if by_year else _LAST_YEAR,
                "published": float(cell["published"]),
                "unit": _unit(variable),
                "weighting": weighting(table, region, variable),
                "dash": cell["note"] == DASH,
                "row": cell["row"],
                "column": cell["column"],
            }
        )
    return pd.DataFrame(rows)


def _unit(variable: str) -> str:
    if variable in _POINTS:
        return "percentage points"
    return "100 log" if variable.startswith("tfp") else "percent"


def weighting(table: str, region: str, variable: str) -> Literal["none", "simple", "gdp", "level"]:
    """Return the mean over countries that comes nearest to a printed row.

    One set of weights, near shares in GDP, gives every group row of Tables 2 and 4 from its members to the printed digits,
    productivity included; equal weights give none. Tables 1 and 3 print no members. There the rows of TFP are too high for those
    of output and capital beside them, less so if each country counts the same. Levels of output and of stocks add up.
    """
    if len(members(region)) == 1:
        return "none"
    if variable.startswith("tfp"):
        return "simple" if table in ("Table 1", "Table 3") else "gdp"
    return "gdp" if variable in (*_POINTS, "foreign_rnd_stock") else "level"


def printed_import_shares() -> pd.DataFrame:
    """Return the appendix table as printed: importers by industrial exporters, mean of 1970-90; a country's own is a dash.

    Rows of AF and NI sum to 1.02 and that of OD to 1.01, by rounding; a model must renormalise them.
    """
    cells = read_targets("bch").query("exhibit == 'Appendix table'")
    importers, exporters = (cells[name].str.split(" ").str[1] for name in ("row", "column"))
    frame = cells.assign(importer=importers, exporter=exporters, share=cells["published"].astype(float))
    table = frame.pivot(index="importer", columns="exporter", values="share").fillna(0.0)
    return table.loc[[*_INDUSTRIAL, *_DEVELOPING], list(_INDUSTRIAL)].rename_axis(columns=None)


def text_against_tables(tables: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return statements of the text that the tables can judge, recomputed from their cells alone.

    Parameters
    ----------
    tables : DataFrame, optional
        Cells as :func:`printed_tables` returns them, which is the default; with other numbers in ``published``, such as ours,
        the same statements are judged by those.

    Returns
    -------
    DataFrame
        Columns ``page, claim, text, tables, allowed, agrees``: the number in the text, the same from the tables, and the largest
        difference that rounding and a word such as "about" leave room for. Vulgar fractions of the text are left out.
    """
    cells = _Cells(printed_tables() if tables is None else tables)
    rows = [*_claims_on_output(cells), *_claims_on_research(cells), *_claims_on_consumption(cells)]
    frame = pd.DataFrame(rows, columns=["page", "claim", "text", "tables", "allowed"])
    return frame.assign(agrees=(frame["text"] - frame["tables"]).abs() <= frame["allowed"] + 1e-9)


#: Page, statement, number in the text, number from the tables, largest difference that counts as agreement.
Claim = tuple[int, str, float, float, float]


class _Cells:
    """Numbers of the tables by table, region, variable and column."""

    def __init__(self, tables: pd.DataFrame) -> None:
        self.frame = tables
        self.numbers = tables.set_index(["table", "region", "variable", "column"])["published"]

    def __call__(self, table: int, region: str, variable: str, column: str = "2075") -> float:
        return float(self.numbers[f"Table {table}", region, variable, column])

    def panel(self, variable: str) -> pd.DataFrame:
        """Return a panel of Table 2: regions by the country whose R&D rises."""
        rows = self.frame.query("table == 'Table 2' and variable == @variable and region != 'developing'")
        return rows.pivot(index="region", columns="scenario", values="published")

    def capital_share(self, table: int, region: str) -> float:
        """Return the share that makes output of 2075 follow from TFP and capital, by log Y = log F + share x log K."""
        output, capital = (np.log1p(self(table, region, name) / 100) for name in ("potential_output", "capital"))
        return float((output - self(table, region, "tfp") / 100) / capital)


def _abroad(panel: pd.DataFrame) -> pd.DataFrame:
    """Return a panel of Table 2 without what a country's R&D does at home."""
    return panel.mask(panel.index.to_numpy()[:, None] == panel.columns.to_numpy()[None, :])


def _claims_on_output(cells: _Cells) -> list[Claim]:
    """Return statements on output and where its growth comes from."""
    early, middle, late, end = (cells(1, "US", "potential_output", year) for year in ("2000", "2010", "2050", "2075"))
    industrial, developing = (cells(3, region, "potential_output") for region in ("industrial", "developing"))
    of_tfp = [cells(3, "industrial", "tfp") / industrial, cells(3, "developing", "tfp") / developing]
    of_capital = 1 - cells(1, "US", "tfp") / end
    share, other_share = cells.capital_share(4, "developing_except_NI"), cells.capital_share(3, "developing")
    decade, last = (early + 0.6 * (middle - early)) / 10, 100 * math.log((100 + end) / (100 + late)) / 25
    panel = cells.panel("potential_output")
    everywhere = float(panel.loc["US"].to_numpy().sum()) / end
    abroad = _abroad(panel)
    beaten = float((abroad.drop(columns="US", index="US").gt(abroad["US"].drop("US"), axis=0)).to_numpy().sum())
    return [
        (2, "All R&D up: output of industrial countries, per cent", 20, industrial, 0.5),
        (2, "All R&D up: output of developing countries, per cent", 15, developing, 0.5),
        (22, "All R&D up: output of developing countries, per cent", 14, developing, 0.5),
        (2, "US R&D up: part of the output gain that is due to capital", 0.25, of_capital, 0.03),
        (22, "All R&D up: part of the output gain of industrial countries that is due to TFP", 0.75, of_tfp[0], 0.03),
        (22, "All R&D up: part of the output gain of developing countries that is due to TFP", 0.75, of_tfp[1], 0.03),
        (10, "Capital share of developing countries: Table 4 (without NI) against Table 3", share, other_share, 0.03),
        (18, "US R&D up: growth in the first ten years, points a year (linear between dates)", 0.3, decade, 0.03),
        (18, "US R&D up: growth in the last 25 years, points a year", 0.025, last, 0.005),
        (24, "US R&D up: part of the output gain that comes in fifteen years", 0.5, middle / end, 0.05),
        (25, "All R&D up: US output over that of US R&D alone (seven countries of Table 2)", 1.7, everywhere, 0.1),
        (21, "Regions that gain more output from R&D of another country than of the US", 0, beaten, 0),
    ]


def _claims_on_research(cells: _Cells) -> list[Claim]:
    """Return statements on stocks of R&D and what they do to productivity."""
    stocks = [cells(1, "US", "domestic_rnd_stock", year) for year in ("2010", "2075")]
    implied = 23.4 * math.log1p(cells(3, "industrial", "domestic_rnd_stock") / 100)
    printed = cells(3, "industrial", "tfp_domestic_rnd")
    foreign = [cells(3, region, "foreign_rnd_stock") for region in ("industrial", "developing")]
    return [
        (17, "US R&D up: part of its stock that comes in fifteen years", 0.5, stocks[0] / stocks[1], 0.05),
        (11, "All R&D up: TFP from domestic R&D is .234 log of its stock (same weights)", implied, printed, 0.1),
        (22, "All R&D up: foreign R&D stock of industrial countries, per cent", 50, foreign[0], 2.5),
        (22, "All R&D up: foreign R&D stock of developing countries, per cent", 50, foreign[1], 2.5),
    ]


def _claims_on_consumption(cells: _Cells) -> list[Claim]:
    """Return statements on consumption beside output."""
    panel = cells.panel("consumption")
    behind = (_abroad(panel) < _abroad(cells.panel("potential_output"))).to_numpy()
    of_us = float(behind[:, panel.columns.get_loc("US")].sum())
    others = [cells(1, "other_industrial", name) for name in ("consumption", "potential_output")]
    everywhere = float(panel.loc["US"].to_numpy().sum())
    return [
        (20, "US R&D up: consumption over output in other industrial countries", 1.25, others[0] / others[1], 0.05),
        (21, "US R&D up: regions whose consumption rises by less than output", 1, of_us, 0),
        (25, "Any R&D up: regions abroad whose consumption rises by less than output", 0, float(behind.sum()), 0),
        (25, "All R&D up: US consumption, per cent (seven countries of Table 2)", 16, everywhere, 0.5),
    ]
