"""What figures of measured series share: names, time axes, lines or a band, a log scale, the source line."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import AlignmentError
from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "add_sources",
    "draw_observed",
    "draw_series",
    "label_time",
    "level_scale",
    "put_legend",
    "put_title",
    "series_names",
    "time_axis",
]

Array = NDArray[np.float64]

#: Ratio of largest to smallest value above which levels are drawn on a log scale.
LOG_SCALE_FROM = 20.0

#: Characters of a source line that fit under a figure.
SOURCE_WIDTH = 125


def series_names(
    labels: Sequence[str] | None, shape: tuple[int, ...], axes: Mapping[str, Sequence[Hashable]] | None = None
) -> list[str]:
    """Return one name a series: as given, else from labels of the axes, else its position, as messages write it."""
    places = list(np.ndindex(shape))
    if labels is None:
        leading = list(axes or ())[: len(shape)]
        if axes and shape and not any(name.startswith("axis_") for name in leading):
            return [", ".join(map(str, codes)) for codes in itertools.product(*(axes[name] for name in leading))]
        return [f"series {', '.join(map(str, place))}" if place else "series" for place in places]
    given = [labels] if isinstance(labels, str) else [str(label) for label in labels]
    if len(given) != len(places):
        raise AlignmentError(
            f"labels has {len(given)} names, but there are {len(places)} series (leading axes {shape}): give one name "
            "a series, the last of these axes changing fastest"
        )
    return given


def time_axis(years: Sequence[int] | None, size: int) -> tuple[NDArray[np.int_], str]:
    """Return the time axis and its name."""
    if years is None:
        return np.arange(size), "position"
    if len(years) != size:
        raise AlignmentError(f"there are {size} years on the last axis, but {len(years)} labels")
    return np.array([int(year) for year in years]), "year"


def draw_series(axis: Axes, time: NDArray[np.int_], rows: Array, names: Sequence[str]) -> None:
    """Draw a line a series where they can be told apart, else a band."""
    if len(rows) > len(COLOURS):
        _draw_band(axis, time, rows)
        return
    for index, (name, row) in enumerate(zip(names, rows, strict=True)):
        axis.plot(
            time,
            row,
            label=name,
            color=COLOURS[index],
            linestyle=DASHES[index],
            marker=MARKERS[index],
            markevery=max(1, len(time) // 7),
            ms=4.5,
        )


def _draw_band(axis: Axes, time: NDArray[np.int_], rows: Array) -> None:
    known = np.isfinite(rows)
    at = known.any(axis=0)
    low, lower, middle, upper, high = np.full((5, len(time)), np.nan)
    for line, level in ((low, 0), (lower, 25), (middle, 50), (upper, 75), (high, 100)):
        line[at] = np.nanpercentile(rows[:, at], level, axis=0)
    axis.fill_between(time, low, high, color="#E4E4E4", label=f"range of {known.any(axis=1).sum()} series")
    axis.fill_between(time, lower, upper, color="#B4B4B4", label="middle half")
    axis.plot(time, middle, color="black", linewidth=2.2, label="median")


def draw_observed(
    axis: Axes, time: NDArray[np.int_], row: Array, filled: NDArray[np.bool_], name: str, index: int
) -> None:
    """Draw one series as a thin line, with filled markers where observed and hollow ones where interpolated."""
    colour, marker = COLOURS[index], MARKERS[index]
    # The line itself carries its marker for the legend only.
    axis.plot(
        time, row, color=colour, linestyle=DASHES[index], linewidth=1, marker=marker, markevery=[], ms=5, label=name
    )
    axis.plot(time[~filled], row[~filled], marker, color=colour, ms=5)
    axis.plot(time[filled], row[filled], marker, color=colour, markerfacecolor="white", ms=5)


def level_scale(axis: Axes, values: Array) -> str:
    """Set a log scale where levels differ too much for one axis, and return the words for it."""
    from matplotlib.ticker import LogLocator, NullFormatter

    known = values[np.isfinite(values)]
    if not known.size or known.min() <= 0 or known.max() <= LOG_SCALE_FROM * known.min():
        return ""
    axis.set_yscale("log")
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter("{x:,.10g}")
    axis.yaxis.set_minor_formatter(NullFormatter())
    return ", log scale"


def label_time(axis: Axes, name: str) -> None:
    """Name the time axis and tick whole years only."""
    from matplotlib.ticker import MaxNLocator

    axis.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axis.set_xlabel(name)


def put_title(figure: Figure, text: str) -> None:
    """Write a title over the whole figure, where a legend at the side cannot run into it."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=11, fontweight="bold")


def put_legend(axis: Axes, *handles_labels: list[Any]) -> None:
    """Put the legend beside an axis, so that it hides no data."""
    axis.legend(*handles_labels, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0)


def add_sources(figure: Figure, data: str, method: str) -> None:
    """Write data and method under a figure, in lines that fit its width."""
    sentences = [text.rstrip(".") for text in (f"Data: {data}" if data else "", method, "tradewinds") if text]
    add_source(figure, textwrap.fill(". ".join(sentences) + ".", SOURCE_WIDTH))
