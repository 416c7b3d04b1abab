"""The report on Hanlon (2012): model, figures, dates, effects, propositions, statements beside the model, differences."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence

import pandas as pd

from tradewinds.clusters import PropositionCounts
from tradewinds.replications.hanlon.tables import (
    date_table,
    effect_table,
    figure_table,
    rate_table,
    statement_tables,
)
from tradewinds.replications.hanlon.worlds import World
from tradewinds.report import Equation, Figure, ParameterRecord, Report, Section
from tradewinds.report.scoreboard import count_statuses

__all__ = ["KEYS", "TITLE", "abstract", "build_report", "differences"]

TITLE = "Hanlon (2012): Industry Clusters, Trade, and Growth"
KEYS = ("hanlon2012", "dornbusch-fischer-samuelson1977")


def differences() -> str:
    """Return the list of what keeps the paper's statements and ours apart, in Markdown."""
    return importlib.resources.files(__package__).joinpath("differences.md").read_text(encoding="utf-8")


def abstract(board: pd.DataFrame) -> str:
    """Return what is asked and what came out, in a few sentences."""
    counts = count_statuses(board)
    failing = board[board["status"] == "not reproduced"]
    return (
        "Two countries, four industries, and workers who learn from those of related industries nearby: trade that brings "
        "related industries together raises growth in both countries, trade that parts them lowers it in both. The paper "
        f"prints no result as a number; its {len(board)} statements, figure by figure and elasticity by elasticity, are "
        f"questions put to the solved model (1: holds, 0: does not). {counts['exact']} come out as stated; {len(failing)} do "
        "not, each with the reason: among them equation 10 as printed and Proposition 3 as worded."
    )


def build_report(
    board: pd.DataFrame,
    worlds: Mapping[str, World],
    propositions: PropositionCounts,
    made: Mapping[str, tuple[str, str, str]],
    proposition_svg: str,
    parameters: Sequence[ParameterRecord],
    failed: Sequence[str],
) -> Report:
    """Return the report of the replication.

    Parameters
    ----------
    board : DataFrame
    worlds : mapping
        By elasticity.
    propositions : PropositionCounts
    made : mapping
        As :func:`~tradewinds.replications.hanlon.figures.figures` returns them.
    proposition_svg : str
    parameters, failed
        What goes into the report as it is.
    """
    drawn = [Figure(title, svg, alt) for title, svg, alt in made.values()]
    counted = Figure(
        "Propositions 1 to 3 on economies drawn at random",
        proposition_svg,
        "A row of marks for each proposition, one an economy; right of zero it holds. Proposition 3 as worded lies to the left.",
    )
    return Report(
        title=TITLE,
        subtitle="Every figure and statement, asked of the solved model",
        abstract=abstract(board),
        failed_checks=failed,
        sections=[
            _model(),
            Section("Figures 1 to 8", [figure_table(), *drawn]),
            Section("When opening builds clusters", [date_table(worlds), rate_table(worlds)]),
            Section("Three effects", [effect_table(worlds)]),
            Section("Propositions", [propositions.summary().replace("\n", "\n\n"), counted]),
            Section("What the text says", list(statement_tables(board))),
            Section("Differences and their reasons", differences()),
        ],
        parameters=parameters,
        warnings=(
            "The paper states the elasticity of substitution for Figure 8 only; the other figures are drawn at three "
            "elasticities.",
        ),
        citation_keys=KEYS,
        numbered=False,
    )


def _model() -> Section:
    return Section(
        "What the paper asks",
        [
            "Where spillovers between industries are local, who makes what decides what can be learned. Each good is made with "
            "labour alone, goods are substitutes with elasticity σ, and a country makes what it makes relatively best:",
            Equation("L_{i} = L A_{i}^{σ−1} / Σ_{j} A_{j}^{σ−1}", "(8)"),
            Equation("dA_{i}/dt = Σ_{j} τ^{ji} L_{j}  if L_{i} > 0, else 0", "(9)"),
            Equation(
                "ω = (L^{*}/L)^{1/σ} [N(z) / N^{*}(z)]^{1/σ}\n"
                "N(z) = Σ_{j≤fl(z)} A_{j}^{σ−1} + (z−fl(z)) A_{ẑ}^{σ−1}\n"
                "N^{*}(z) = Σ_{k>ẑ} A^{*σ−1}_{k} + (ẑ−z) A^{*σ−1}_{ẑ}",
                "(10), as derived",
            ),
            "ω is home's wage over foreign's; home makes industries whose relative productivity A_{i}/A^{*}_{i} is above it. "
            "Opening trade moves industries, and so decides who learns from whom: own industries that grow (concentration), "
            "related industries that are joined or parted (spillovers), and industries that generate more than others "
            "(composition).",
        ],
    )
