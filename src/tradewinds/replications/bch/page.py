"""The report on Bayoumi, Coe and Helpman: the model, tables and figures side by side, the text, and what was fitted."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence

import pandas as pd

from tradewinds.replications.bch.evidence import aggregation_table, fitted_table, unfitted_tables, variant_table
from tradewinds.replications.bch.exhibits import Simulated, distances, early_signs
from tradewinds.replications.bch.tables import (
    FITTED,
    appendix_table,
    distance_table,
    early_table,
    footnote_table,
    paper_tables,
    path_table,
    statement_table,
)
from tradewinds.report import Equation, Figure, ParameterRecord, Report, Section, Table
from tradewinds.report.world_tables import identity_table
from tradewinds.world import WorldResult

__all__ = ["TITLE", "build_report", "differences"]

TITLE = "Bayoumi, Coe and Helpman (1996): R&D Spillovers and Global Growth"
KEYS = ("bayoumi-coe-helpman1996", "masson-symansky-meredith1990", "coe-helpman1995")


def differences() -> str:
    """Return the list of what keeps the paper's numbers and ours apart, in Markdown."""
    folder = importlib.resources.files("tradewinds.replications.bch")
    return folder.joinpath("differences.md").read_text(encoding="utf-8")


def abstract(board: pd.DataFrame) -> str:
    """Return what was fitted and how near it comes, in a few sentences."""
    found = distances(board).set_index("table")
    cells, inside = int(found["cells"].sum()), int(found["inside"].sum())
    rmse = ", ".join(f"{value:.2f} ({str(table).removeprefix('Table ')})" for table, value in found["rmse"].items())
    met = [str(table) for table in found.index if found.loc[table, "met"]]
    return (
        "A world of twelve countries and regions in which productivity comes from research at home, research abroad and trade. The "
        f"paper prints {cells} results in four tables, and few of the parameters behind them. Ours were chosen so that the model "
        f"comes near those tables: {inside} of {cells} cells ({inside / cells:.0%}) are within their bands, with root mean squared "
        f"differences in points of {rmse}. What was set out to be reached is reached for "
        f"{', '.join(met) if met else 'no table'}. **A fitted cell is no evidence for the model**; statements of the text that "
        "need whole paths were not fitted."
    )


def build_report(
    simulated: Simulated,
    unfitted: Mapping[str, WorldResult],
    board: pd.DataFrame,
    made: Mapping[str, tuple[str, str, str]],
    parameters: Sequence[ParameterRecord],
    failed: Sequence[str],
) -> Report:
    """Return the report of the replication.

    Parameters
    ----------
    simulated : Simulated
    unfitted : mapping
        The nine simulations of a world in which nothing is fitted.
    board : DataFrame
    made : mapping
        As :func:`~tradewinds.replications.bch.figures.figures` returns them.
    parameters, failed
        What goes into the report as it is.
    """
    drawn = [Figure(title, svg, alt, note=f"{FITTED}: the open marks.") for title, svg, alt in made.values()]
    results = list(simulated.every.values())
    world = simulated.calibration
    tables = [
        Section(f"Table {number}", list[str | Table](paper_tables(board, f"Table {number}"))) for number in (1, 2, 3, 4)
    ]
    return Report(
        title=TITLE,
        subtitle="Every table and figure, beside the printed numbers",
        abstract=abstract(board),
        failed_checks=failed,
        sections=[
            _model(),
            Section("How near", [distance_table(board), early_table(early_signs(board))]),
            Section("Without a fit", list[str | Table](unfitted_tables(board, simulated, unfitted))),
            *tables,
            Section("Figures 1 to 3", drawn),
            Section(
                "What the text says", [statement_table(simulated), path_table(simulated), footnote_table(simulated)]
            ),
            Section("How countries are put together", [aggregation_table(simulated)]),
            Section("What was fitted", [fitted_table(world), variant_table(simulated)]),
            Section("Appendix table", [appendix_table(world)]),
            Section("Accounting", [identity_table(results)]),
            Section("Differences and their reasons", differences()),
        ],
        parameters=parameters,
        warnings=(
            "Cells of Tables 1 to 4 were used in the calibration: agreement with them is no evidence for the model.",
        ),
        citation_keys=KEYS,
        numbered=False,
    )


def _model() -> Section:
    return Section(
        "What the paper asks",
        [
            "What do more research in rich countries, and more trade of poor ones, do to output and consumption at home and "
            "abroad? Output follows from capital, labour and productivity, and productivity from the country's own stock of R&D, "
            "from those of the countries it buys manufactures from (as far as it buys them, *m*), and in developing countries from "
            "trade itself (in turn, the large industrial countries, the smaller ones, developing countries):",
            Equation("log Y^{*} = κ + α log K + (1 − α) log L + log F", "p. 10"),
            Equation(
                "log F = μ_{1} + 0.234 log S^{D} + 0.294 m log S^{F}\n"
                "log F = μ_{2} + 0.078 log S^{D} + 0.294 m log S^{F}\n"
                "log F = μ_{3} + 0.608 m log S^{F} + 0.248 m",
                "pp. 11, 12",
            ),
            Equation("S^{D}_{t} = 0.95 S^{D}_{t−1} + R,   S^{F}_{j} = Σ_{i} a_{ji} S^{D}_{i}", "p. 12"),
            "R&D keeps its ratio to output. An increase is business consumption, paid out of future profits: the market value of "
            "capital falls before it rises, and investment with it. All else is MULTIMOD: wealth, sticky prices, bilateral trade, "
            "open interest parity or, where credit is short, balanced trade. The documentation has every equation.",
        ],
    )
