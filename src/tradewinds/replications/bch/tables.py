"""The paper's tables with printed number, ours and the difference below each other, and what the numbers rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from tradewinds.replications.bch.exhibits import Simulated, distances, growth_differences
from tradewinds.replications.bch.printed import DASH
from tradewinds.replications.bch.text import path_statements, with_our_tables
from tradewinds.report import Column, Table
from tradewinds.report.tables import format_value
from tradewinds.world import Calibration

__all__ = [
    "FITTED",
    "REGIONS",
    "appendix_table",
    "distance_table",
    "early_table",
    "footnote_table",
    "inside",
    "paper_tables",
    "path_table",
    "statement_table",
]

REGIONS: Mapping[str, str] = {
    "US": "United States",
    "JA": "Japan",
    "GE": "Germany",
    "FR": "France",
    "IT": "Italy",
    "UK": "United Kingdom",
    "CA": "Canada",
    "SI": "Smaller industrial countries",
    "AF": "Africa",
    "NI": "NIEs",
    "WH": "Western Hemisphere",
    "OD": "Other developing countries",
    "industrial": "Industrial countries",
    "other_industrial": "Other industrial countries",
    "developing": "Developing countries",
    "developing_except_NI": "Developing countries except NIEs",
}
ROWS: Mapping[str, str] = {
    "potential_output": "Potential output",
    "tfp": "Total factor productivity",
    "tfp_domestic_rnd": "\u2003from domestic R&D",
    "tfp_foreign_rnd": "\u2003from foreign R&D",
    "tfp_trade": "\u2003from trade",
    "capital": "Capital",
    "investment": "Investment",
    "consumption": "Consumption",
    "rnd_gdp": "R&D spending/GDP",
    "domestic_rnd_stock": "Domestic R&D stock",
    "foreign_rnd_stock": "Foreign R&D stock",
    "manufactures_imports_gdp": "Manufactures imports/GDP",
}
#: What the caption of every table of simulated numbers says.
FITTED = "Its cells were used in the calibration: a fitted cell is no evidence"
NOTE = (
    "Deviations from baseline: per cent; productivity 100 × log; ratios to GDP in percentage points. Ours with a star is "
    "outside its band, stated in the scoreboard. A printed dash is a deviation too small to print, and is read as zero."
)
SOURCE = "Paper: Bayoumi, Coe and Helpman (1996). Ours: tradewinds, calibration bayoumi-coe-helpman-1996."
_TITLES = {
    "Table 1": "Increased R&D in the United States",
    "Table 3": "Increased R&D in all industrial countries",
    "Table 4": "Increased trade in developing countries",
}
_PANELS = {"potential_output": "potential output", "consumption": "consumption"}


def paper_tables(board: pd.DataFrame, exhibit: str) -> list[Table]:
    """Return a table a country or group, or a panel of Table 2: printed, ours and difference below each other."""
    cells = board[board["exhibit"] == exhibit]
    names = cells["row"].str.split(" ", expand=True)
    tables = []
    for key in dict.fromkeys(names[1 if exhibit == "Table 2" else 0]):
        if exhibit == "Table 2":
            chosen, labels = cells[names[1] == key], REGIONS
            title, first = f"Table 2. Long-run spillovers: {_PANELS[key]} in 2075", "R&D rises in"
        else:
            chosen, labels = cells[names[0] == key], ROWS
            title, first = (
                f"{exhibit}. {_TITLES[exhibit]}: {REGIONS[key]}",
                "",
            )
        columns = list(dict.fromkeys(chosen["column"]))
        heads = [Column(first or "Deviation from baseline"), Column(""), *(Column(REGIONS.get(c, c)) for c in columns)]
        rows = [line for row in dict.fromkeys(chosen["row"]) for line in _lines(chosen[chosen["row"] == row], labels)]
        tables.append(Table(f"{title}. {FITTED}", heads, rows, note=NOTE, source=SOURCE))
    return tables


def _lines(cells: pd.DataFrame, labels: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the three lines of a row: printed, ours, difference."""
    region, variable = str(cells["row"].iloc[0]).split(" ")
    label = labels[variable if variable in labels else region]
    printed = ["–" if DASH in note else value for value, note in zip(cells["published"], cells["note"], strict=True)]
    outside = cells["status"].isin(["qualitative", "not reproduced"])
    ours = [
        format_value(value, ".2f") + ("*" if out else "") for value, out in zip(cells["computed"], outside, strict=True)
    ]
    return [
        (label, "paper", *printed),
        ("", "ours", *ours),
        ("", "difference", *(format_value(value, "+.2f") for value in cells["difference"])),
    ]


def appendix_table(calibration: Calibration) -> Table:
    """Return the import shares, which are data: ours are the printed ones."""
    shares = calibration.rnd_import_shares
    rows = [
        (REGIONS[str(code)], *(None if value == 0 else float(value) for value in line), float(line.sum()))
        for code, line in zip(shares.index, shares.to_numpy(dtype=float), strict=True)
    ]
    columns = [
        Column("Imports of"),
        *(Column(f"from {code}", format=".2f") for code in shares.columns),
        Column("sum", format=".2f"),
    ]
    note = (
        "Data, as printed. Rows that do not sum to one by rounding are scaled in the model. They weigh foreign R&D stocks; the "
        "matrix of all trade between twelve countries is not printed and is built from assumptions."
    )
    return Table("Appendix table. Bilateral import shares for manufactures", columns, rows, note=note, source=SOURCE)


def distance_table(board: pd.DataFrame) -> Table:
    """Return how near each table is met, and what was to be reached."""
    rows = [
        (
            row["table"],
            row["cells"],
            row["rmse"],
            f"{row['inside']} ({row['inside'] / row['cells']:.0%})",
            f"{row['late_inside']} of {row['late_cells']}",
            row["exact"],
            row["largest"],
            _readable(str(row["largest_cell"])),
            "yes" if row["met"] else "no",
        )
        for row in distances(board).to_dict("records")
    ]
    columns = [
        Column("Table"),
        Column("Cells"),
        Column("RMSE", "points", ".2f"),
        Column("Within band"),
        Column("of 2010–2075"),
        Column("To the printed digit"),
        Column("Largest miss", "points", ".1f"),
        Column("Where"),
        Column("Goal met"),
    ]
    note = (
        "Goals: Tables 1, 3 and 4, every cell of 2010–2075 within its band; Table 2, an RMSE of at most .30 and every cell within. "
        "Bands: Tables 1, 3, 4: the larger of .3 points and 10 per cent of the printed number for output, productivity and R&D "
        "stocks, of .6 and 15 per cent for capital, investment, consumption and import shares; Table 2: 1 point, 1.5 for the "
        "NIEs when Japan spends more. "
        f"{FITTED.replace('Its cells', 'All these cells')}. R&D spending over GDP "
        "is the shock and is left out."
    )
    return Table("How near the tables are met", columns, rows, note=note)


def early_table(signs: pd.DataFrame) -> Table:
    """Return signs of the first years, printed and ours."""
    rows = [
        (row["table"], row["printed"], row["same"], "; ".join(map(_readable, row["other"])))
        for row in signs.to_dict("records")
    ]
    columns = [Column("Table"), Column("Printed with a sign"), Column("Ours has it too"), Column("Where not")]
    note = "Cells of 1996 and 2000; a printed dash has no sign."
    return Table("Signs of 1996 and 2000", columns, rows, note=note)


def _readable(cell: str) -> str:
    region, variable, column = cell.split(" ")
    return f"{REGIONS[region]}, {inside(ROWS[variable].strip())}, {REGIONS.get(column, column)}"


def inside(text: str) -> str:
    """Return a label as it stands inside a sentence."""
    return text if text.startswith("R&D") else text[0].lower() + text[1:]


def statement_table(simulated: Simulated) -> Table:
    """Return statements of the text beside the printed tables and ours."""
    rows = [
        (row["page"], row["claim"], f"{row['text']:.3g}", row["tables"], row["agrees"], row["ours"], row["ours_agrees"])
        for row in with_our_tables(simulated).to_dict("records")
    ]
    columns = [
        Column("Page"),
        Column("Statement"),
        Column("Text"),
        Column("Printed tables", format=".2f"),
        Column("agree"),
        Column("Our tables", format=".2f"),
        Column("agree "),
    ]
    note = (
        "The same arithmetic on printed cells and on ours, which were fitted to them. Agreement allows for rounding and for words "
        "such as “about”."
    )
    return Table("The text against the tables", columns, rows, note=note)


def path_table(simulated: Simulated) -> Table:
    """Return statements of the text on paths and on what no table prints."""
    rows = [(item.page, item.text, item.paper, item.ours, item.holds) for item in path_statements(simulated)]
    columns = ["Page", "Statement", "Text", "Ours", "Holds"]
    note = "Simulated paths, year by year; these were not fitted, but the tables they pass through were."
    return Table("The text against our paths", columns, rows, note=note)


def footnote_table(simulated: Simulated, edges: Sequence[int] = (1996, 2006, 2020, 2035, 2050, 2075)) -> Table:
    """Return growth of US output beyond the baseline with the paper's depreciation of R&D and with 15 per cent."""
    slow, fast = (growth_differences(result, tuple(edges)) for result in (simulated.results["US"], simulated.fast))
    rows = [(f"{a}–{b}", x, y) for a, b, x, y in zip(edges, edges[1:], slow, fast, strict=False)]
    columns = [
        Column("Years"),
        Column("5 per cent", "points a year", ".3f"),
        Column("15 per cent", "points a year", ".3f"),
    ]
    note = (
        "Potential output of the United States, growth less that of the baseline; the footnote of p. 18 says zero by about 2050 "
        "with 15 per cent."
    )
    return Table("US growth where R&D stocks depreciate faster", columns, rows, note=note)
