"""Figures of scenarios in the house style."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tradewinds.errors import InputError
from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["finish_figure", "label_axis", "plot_panels"]

#: Lines of one panel that can still be told apart.
MOST_LINES = 12


def plot_panels(
    panels: Mapping[str, Mapping[str, xarray.DataArray]], units: Mapping[str, str], title: str, source: str
) -> Figure:
    """Return a figure of paths over years, with one panel a key and one line a name in it.

    Parameters
    ----------
    panels : mapping
        Heading of a panel to its lines: name to values over ``year``.
    units : mapping
        Heading of a panel to the unit of its axis.
    title, source : str

    Raises
    ------
    InputError
        If there are more lines than can be told apart.
    """
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(line for lines in panels.values() for line in lines))
    fullest = max(panels.values(), key=len)
    if len(fullest) > MOST_LINES:
        raise InputError(
            f"a panel would have {len(fullest)} lines; choose at most {MOST_LINES} of {', '.join(fullest)}"
        )
    columns = 1 if len(panels) == 1 else 2 if len(panels) <= 4 else 3
    rows = -(-len(panels) // columns)
    with style():
        figure = Figure(figsize=(7.2 if columns < 3 else 9.6, 4.4 if columns == 1 else 1.2 + 2.5 * rows))
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for axis, (heading, lines) in zip(axes, panels.items(), strict=False):
            for name, values in lines.items():
                _draw(axis, values, name, names.index(name))
            label_axis(axis, heading, units[heading])
        for axis in axes[len(panels) :]:
            axis.remove()
        finish_figure(figure, title, source)
    return figure


def finish_figure(figure: Figure, title: str, source: str, columns: int = 6) -> None:
    """Put a title above a figure of panels, and below it the legend of all they draw, where that is several, and the source."""
    drawn = {name: line for axis in figure.axes for line, name in zip(*axis.get_legend_handles_labels(), strict=True)}
    room = 0
    if len(drawn) > 1:
        room = 2 * -(-len(drawn) // columns)  # blank lines over the source: the layout would set the legend upon it
        low = 0.18 / figure.get_figheight()
        figure.legend(
            drawn.values(),
            drawn.keys(),
            loc="outside lower center",
            ncols=min(len(drawn), columns),
            bbox_to_anchor=(0, low, 1, 1),
        )
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    add_source(figure, "\n" * room + source)


def _draw(axis: Axes, values: xarray.DataArray, name: str, number: int) -> None:
    years = values["year"].values
    axis.plot(
        years,
        values.values,
        label=name,
        color=COLOURS[number % len(COLOURS)],
        linestyle=DASHES[(number + number // len(COLOURS)) % len(DASHES)],
        marker=MARKERS[number % len(MARKERS)],
        markevery=max(1, len(years) // 8),
        markersize=3.5,
        linewidth=1.4,
    )


def label_axis(axis: Axes, heading: str, unit: str) -> None:
    """Give a panel over years its heading, its unit and the line of no deviation."""
    from matplotlib.ticker import MaxNLocator

    axis.axhline(0.0, color="#666666", linewidth=0.8)
    axis.set_title(heading, fontsize=10, fontweight="normal")
    axis.set_ylabel(unit)
    axis.set_xlabel("year")
    axis.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
