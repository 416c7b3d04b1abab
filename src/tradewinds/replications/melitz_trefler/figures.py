"""Figures 2 to 4 drawn from the solved model, Figures 1 and 5 from stand-ins, and what the account and decompositions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tradewinds.firms import (
    plot_export_decision,
    plot_integration,
    plot_liberalisation,
    plot_performance,
    plot_selection,
    select,
)
from tradewinds.firms.measurement import canada_us_account, plot_distributions
from tradewinds.plotting import to_svg
from tradewinds.replications.melitz_trefler.economies import PARAMETERS, Economy, build
from tradewinds.replications.melitz_trefler.stand_ins import MODEL_FIRMS, MODEL_TRADE, StandIns
from tradewinds.report import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

__all__ = ["HIGH", "LOW", "draw", "figures", "paper_economy"]

#: Trade costs of Figure 4, before and after.
HIGH, LOW = 0.8, 0.5


def paper_economy() -> Economy:
    """Return the economy that the figures are drawn for; firms do not innovate in it."""
    return build(PARAMETERS.replace(innovation_cost=None, innovation_cost_reduction=None), HIGH, LOW)


def draw(economy: Economy, made: StandIns) -> dict[str, Drawn]:
    """Return every figure by name."""
    selection = select(
        economy.high, economy.low, innovation_cost=PARAMETERS.innovation_cost or 0.02, largest_reduction=0.3
    )
    return {
        "figure-1": made.trade.plot(source=_sentence(MODEL_TRADE)),
        "figure-2": plot_performance(economy.closed),
        "figure-3": plot_integration(economy.closed, 2.0),
        "figure-4a": plot_export_decision(economy.low),
        "figure-4b": plot_liberalisation(economy.opening),
        "figure-5": plot_distributions(made.distributions, _sentence(MODEL_FIRMS)),
        "selection": plot_selection(selection),
        "table-2": canada_us_account().plot(),
        "recovery": made.recovered.plot(),
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


#: Figures that rest on stand-ins.
_MADE_UP = ("figure-1", "figure-5", "recovery")
#: Name -> caption, and what the figure shows in words.
_CAPTIONS: Mapping[str, tuple[str, str]] = {
    "figure-1": (
        "Figure 1. Share of two-way trade, by width of industries (stand-in)",
        "Two rising lines over the years of made-up trade; the one with wider industries lies above the other.",
    ),
    "figure-2": (
        "Figure 2. Performance differences across firms",
        "Left: two firms on one residual demand. Right: profit by cost, with the areas of gains and losses, which are equal.",
    ),
    "figure-3": (
        "Figure 3. Winners and losers from market integration",
        "Left: residual demand turns outwards. Right: profit by cost before and after; low costs win, high costs lose or exit.",
    ),
    "figure-4a": (
        f"Figure 4, panel A. The export decision, trade cost {LOW:g}",
        "Operating profit by cost from sales at home and abroad: the same curve twice, apart by the trade cost.",
    ),
    "figure-4b": (
        f"Figure 4, panel B. Trade liberalisation, trade cost {HIGH:g} to {LOW:g}",
        "Profit curves at home shift down and abroad up; some firms start to export, others exit.",
    ),
    "figure-5": (
        "Figure 5. Productivity before and after, of entrants, of exporters (stand-in)",
        "Three panels of distributions, of firms of the model: all plants, entrants, exporters and others.",
    ),
    "selection": (
        "Who starts to export and innovate",
        "Initial cost against the fall of cost: the region of those who switch, in which higher costs need larger falls.",
    ),
    "table-2": (
        "Table 2. What the agreement added to Canadian productivity",
        "Bars: five channels in per cent; the one that is not in the text is hatched.",
    ),
    "recovery": (
        "What decompositions find of a liberalisation whose truth is known",
        "Bars by step: the truth beside four decompositions.",
    ),
}  # fmt: skip


def figures(economy: Economy, made: StandIns) -> dict[str, Figure]:
    """Return figures for a report, by name."""
    found = {}
    for name, drawn in draw(economy, made).items():
        title, alt = _CAPTIONS[name]
        found[name] = Figure(title, to_svg(drawn), alt, stand_in=name in _MADE_UP)
    return found
