"""Figures of a study of plants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tradewinds.firms.measurement import COMPONENTS, plot_distributions
from tradewinds.firms.measurement.figures import new_figure, plot_bars
from tradewinds.plotting import COLOURS, MARKERS, add_source, style, to_svg
from tradewinds.report.page import Figure
from tradewinds.report.plants_words import METHOD_NAMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from tradewinds.report.plants import PlantsResult

__all__ = ["plants_figures"]

#: Years up to which bars of consecutive years are drawn.
_YEARS = 20


def plants_figures(result: PlantsResult) -> dict[str, Figure]:
    """Return figures by name."""
    data = f"Data: {result.source}."
    period = f"{result.first} to {result.last}"
    found: dict[str, Figure] = {}
    levels = result.static.years[["aggregate", "mean", "covariance"]]
    rows = levels - levels.iloc[0]
    found["levels"] = Figure(
        "Aggregate productivity since the first year, and its two parts",
        to_svg(plot_bars(rows, f"Change of log productivity since {result.years[0]}", "log points", data)),
        "Bars by year: the weighted aggregate, the mean of plants, the covariance of weight and productivity.",
    )
    table = pd.DataFrame({METHOD_NAMES[made.method]: dict(made.components) for made in result.decompositions})
    table = table.reindex([name for name in COMPONENTS if (table.loc[name] != 0).any()])
    found["decompositions"] = Figure(
        f"The change of productivity, {period}, by method",
        to_svg(plot_bars(table, f"Change of log productivity, {period}", "log points", data)),
        "Bars by component, one a method: what methods call within, between, cross, entry and exit.",
    )
    groups = exporting_parts(result)
    if groups.shape[1] > 1:
        found["exporters"] = Figure(
            f"Parts of exporters and others, {period}",
            to_svg(
                plot_bars(
                    groups,
                    f"Parts of the change, {period}: {METHOD_NAMES[result.decompositions[0].method]}",
                    "log points",
                    data,
                )
            ),
            "Bars by component: parts of exporters, of plants that start or stop exporting, and of other plants.",
        )
    if result.yearly is not None and len(result.yearly) <= _YEARS:
        rows = result.yearly.drop(columns="change")
        rows = rows.loc[:, (rows != 0).any()]
        rows.index = pd.Index([str(last) for _, last in rows.index])
        title = f"Change of log productivity from the year before: {METHOD_NAMES[result.decompositions[0].method]}"
        found["yearly"] = Figure(
            "Year by year", to_svg(plot_bars(rows, title, "log points", data)), "Bars by year, one a component."
        )
    return found | _asked(result, data)


def exporting_parts(result: PlantsResult) -> pd.DataFrame:
    """Return components by export status, by the first method: a row a component, a column a status."""
    table = result.decompositions[0].contributions.groupby(level="exporting")[list(COMPONENTS)].sum().T
    order = ["exporter", "starts exporting", "stops exporting", "non-exporter", "all"]
    table = table.reindex(columns=[name for name in order if name in table])
    return table.loc[(table != 0).any(axis=1)]


def _premia(result: PlantsResult, data: str) -> Drawing:
    """Draw premia with their intervals, a row each; comparisons differ by marker."""
    kinds = list(dict.fromkeys(effects for _, effects, _ in result.premia))
    with style():
        figure, (axis,) = new_figure(height=max(2.6, 1.4 + 0.42 * len(result.premia)))
        for number, kind in enumerate(kinds):
            rows = [
                (at, made["exporter, per cent"])
                for at, (_, effects, made) in enumerate(result.premia)
                if effects == kind
            ]
            centre = [row["estimate"] for _, row in rows]
            spread = [
                [row["estimate"] - row["low"] for _, row in rows],
                [row["high"] - row["estimate"] for _, row in rows],
            ]
            look: dict[str, Any] = {"fmt": MARKERS[number % 8], "color": COLOURS[number % 8], "capsize": 3}
            axis.errorbar(centre, [-at for at, _ in rows], xerr=spread, label=kind.replace("-", " "), **look)
        axis.axvline(0, color="black", linewidth=0.6)
        axis.set_yticks(
            [-at for at in range(len(result.premia))], [name.replace("_", " ") for name, _, _ in result.premia]
        )
        axis.set(title="Exporters' premia, against whom", xlabel="per cent, with 95 per cent intervals")
        axis.legend()
        add_source(figure, data)
    return figure


def _asked(result: PlantsResult, data: str) -> dict[str, Figure]:
    """Return figures of what was asked for beside decompositions."""
    found = {}
    if result.distribution:
        found["distributions"] = Figure(
            "Distributions of log productivity less the industry's median",
            to_svg(plot_distributions(result.distribution)),
            "Panels of curves: two years; entrants of periods; exporters and other plants.",
            note=f"Weighted by {result.weight}.",
        )
    if result.premia:
        alt = "Premia in per cent with their 95 per cent intervals, a row an outcome and a comparison."
        found["premia"] = Figure("Exporters' premia", to_svg(_premia(result, data)), alt)
    if result.exit is not None:
        alt = "Estimates with their 95 per cent intervals, a row a regressor."
        found["exit"] = Figure(result.exit.title, to_svg(result.exit.plot()), alt)
    if result.starting is not None:
        alt = "Probabilities of starting with their 95 per cent intervals, by quantile."
        found["starting"] = Figure(result.starting.title, to_svg(result.starting.plot()), alt)
    if result.trade is not None:
        alt = "The share of trade within industries, by how wide industries are."
        svg = to_svg(result.trade.plot())
        found["trade"] = Figure("Intra-industry trade by width of industry", svg, alt, stand_in=False)
    return found
