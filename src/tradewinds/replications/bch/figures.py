"""Figures 1 to 3, redrawn from our paths, with the published points of the tables on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from tradewinds.plotting import add_source, style, to_svg
from tradewinds.replications.bch.exhibits import Simulated
from tradewinds.replications.bch.printed import members, printed_tables, weighting
from tradewinds.replications.bch.tables import REGIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "figures"]

#: Name -> number of the figure, title, table, simulation, places, range of the axis.
_FIGURES = {
    "figure-1": (
        "Figure 1. Increased R&D in the United States",
        "Table 1",
        "US",
        ("US", "other_industrial", "developing"),
        (-2, 10),
    ),
    "figure-2": (
        "Figure 2. Increased R&D in all industrial countries",
        "Table 3",
        "industrial",
        ("industrial", "US", "other_industrial", "developing"),
        (-5, 25),
    ),
    "figure-3": (
        "Figure 3. Increased trade in developing countries",
        "Table 4",
        "trade",
        ("developing_except_NI", "AF", "WH", "OD"),
        (0, 12),
    ),
}
_PANELS: tuple[Mapping[str, str], ...] = (
    {"potential_output": "potential output", "tfp": "productivity (100 × log)"},
    {"consumption": "consumption", "investment": "investment", "capital": "capital"},
)
#: Line, marker of the published points.
_LOOK: Mapping[str, tuple[Any, str]] = {
    "potential_output": ("-", "o"),
    "tfp": ("--", "s"),
    "consumption": ("-", "o"),
    "investment": ("--", "s"),
    "capital": (":", "^"),
}
_COLOUR = {
    "potential_output": "#000000",
    "tfp": "#0072B2",
    "consumption": "#000000",
    "investment": "#0072B2",
    "capital": "#D55E00",
}


def figures(simulated: Simulated) -> dict[str, tuple[str, str, str]]:
    """Return figures as name -> (title, SVG, description)."""
    found = {}
    for name, (title, table, _, places, _) in _FIGURES.items():
        listed = ", ".join(REGIONS[place] for place in places)
        alt = (
            f"Deviations from baseline in per cent, 1996 to 2075, a row for each of: {listed}. Left: potential output and "
            f"productivity; right: consumption, investment and capital. Lines are ours, open marks the numbers of {table}."
        )
        found[name] = (title, to_svg(draw(simulated, name)), alt)
    return found


def draw(simulated: Simulated, name: str) -> Figure:
    """Return one of the figures: a row of two panels a country or group, as in the paper."""
    from matplotlib.figure import Figure

    title, table, simulation, places, limits = _FIGURES[name]
    printed = printed_tables().query("table == @table")
    with style():
        figure = Figure(figsize=(7.6, 1.2 + 2.25 * len(places)))
        axes = figure.subplots(len(places), 2, squeeze=False, sharex=True)
        for row, place in zip(axes, places, strict=True):
            for axis, panel in zip(row, _PANELS, strict=True):
                for variable, label in panel.items():
                    _line(axis, simulated, simulation, table, place, variable, label)
                    _points(axis, printed, place, variable)
                _finish(axis, REGIONS[place], limits)
        for axis in axes[-1]:
            axis.set_xlabel("year")
            axis.tick_params(labelbottom=True)
        _legend(figure, table)
        figure.suptitle(f"{title}\ndeviation from baseline", x=0.01, ha="left", fontsize=11, fontweight="bold")
        source = f"Source: lines, world model of tradewinds; marks, Bayoumi, Coe and Helpman (1996), {table}, which was fitted."
        add_source(figure, "\n" * 4 + source)  # blank lines, or the layout would set the legend upon it
    return figure


def _line(axis: Axes, simulated: Simulated, simulation: str, table: str, place: str, variable: str, label: str) -> None:
    how = weighting(table, place, variable)
    result = simulated.results[simulation]
    path = result.deviation(variable, "+".join(members(place)), None if how == "none" else how)
    axis.plot(
        list(result.years), path, linestyle=_LOOK[variable][0], color=_COLOUR[variable], linewidth=1.5, label=label
    )


def _points(axis: Axes, printed: pd.DataFrame, place: str, variable: str) -> None:
    rows = printed[(printed["region"] == place) & (printed["variable"] == variable)]
    if rows.empty:  # Figure 2 shows places that Table 3 does not print
        return
    axis.plot(
        rows["year"],
        rows["published"],
        linestyle="none",
        marker=_LOOK[variable][1],
        markersize=5.5,
        markerfacecolor="white",
        markeredgecolor=_COLOUR[variable],
        markeredgewidth=1.2,
        zorder=3,
        clip_on=False,
    )


def _finish(axis: Axes, heading: str, limits: tuple[int, int]) -> None:
    axis.axhline(0.0, color="#666666", linewidth=0.8)
    axis.set_title(heading, fontsize=10, fontweight="normal")
    low, high = axis.get_ylim()
    axis.set_ylim(min(low, limits[0]), max(high, limits[1]))
    axis.set_xlim(1995, 2077)
    axis.set_ylabel("per cent")


def _legend(figure: Figure, table: str) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            linestyle=_LOOK[variable][0],
            marker=_LOOK[variable][1],
            markerfacecolor="white",
            color=_COLOUR[variable],
            label=label,
        )
        for panel in _PANELS
        for variable, label in panel.items()
    ]
    handles.append(
        Line2D(
            [], [], linestyle="none", marker="o", markerfacecolor="white", color="#000000", label=f"open marks: {table}"
        )
    )
    low = 0.18 / figure.get_figheight()
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=3,
        bbox_to_anchor=(0, low, 1, 1),
    )
