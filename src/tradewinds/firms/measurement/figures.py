"""Figures of intra-industry trade and of decompositions: lines by group, bars by component."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tradewinds.firms.measurement.marginal import MarginalTrade

__all__ = ["new_figure", "plot_bars", "plot_changes", "plot_indices", "wrapped"]

#: Hatches that tell bars apart without colour.
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--")


def new_figure(panels: int = 1, *, width: float = 7.2, height: float = 4.4) -> tuple[Figure, list[Axes]]:
    """Return a figure of panels side by side, made without pyplot; call it inside :func:`tradewinds.plotting.style`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    return figure, list(np.atleast_1d(figure.subplots(1, panels)))


def wrapped(title: str, width: int = 66) -> str:
    r"""Return a title in lines that fit over a single panel; a title in bold is clipped at the edge of its figure.

    Examples
    --------
    >>> wrapped("one two three", width=8)
    'one two\nthree'
    """
    return textwrap.fill(title, width)


def plot_indices(
    named: Mapping[str, pd.DataFrame], by: Sequence[str], value: str, title: str, source: str = ""
) -> Figure:
    """Plot an index: lines over years where a label of ``by`` is numeric, else bars by group."""
    first = next(iter(named.values()))
    time = next((name for name in by if pd.to_numeric(first[name], errors="coerce").notna().all()), None)
    others = [name for name in by if name != time]
    with style():
        figure, (axis,) = new_figure()
        if time is None:
            rows = pd.concat([_groups(frame, by)[value].rename(level) for level, frame in named.items()], axis=1)
            draw_bars(axis, rows)
        else:
            lines = [
                (", ".join([level, *map(str, _tuple(label))]), part)
                for level, frame in named.items()
                for label, part in (frame.groupby(others) if others else [((), frame)])
            ]
            for number, (name, part) in enumerate(lines):
                colour, dash, marker = COLOURS[number % 8], DASHES[number % 8], MARKERS[number % 8]
                axis.plot(
                    pd.to_numeric(part[time]), part[value], label=name, color=colour, linestyle=dash, marker=marker
                )
            axis.set_xlabel(time)
        axis.set(title=wrapped(title), ylabel="share of trade", ylim=(0, None))
        axis.legend()
        add_source(figure, source or "Grubel-Lloyd index of the flows given.")
    return figure


def plot_changes(result: MarginalTrade, source: str = "") -> Figure:
    """Plot the change of imports against that of exports, one point an industry."""
    rows = result.industries
    with style():
        figure, (axis,) = new_figure()
        axis.scatter(rows["change_imports"], rows["change_exports"], color=COLOURS[1], s=18, label="an industry")
        reach = float(np.nanmax(np.abs(rows[["change_imports", "change_exports"]].to_numpy()))) or 1.0
        axis.plot([-reach, reach], [-reach, reach], color="black", linestyle="--", label="fully matched (A = 1)")
        axis.axhline(0, color="black", linewidth=0.6)
        axis.axvline(0, color="black", linewidth=0.6)
        axis.set(
            title=f"Changes of trade by industry, {result.first} to {result.last}",
            xlabel="change of imports (currency of the flows)",
            ylabel="change of exports",
        )
        axis.legend()
        add_source(figure, source or "Marginal intra-industry trade, Brülhart (1994).")
    return figure


def plot_bars(table: pd.DataFrame, title: str, unit: str, source: str) -> Figure:
    """Plot a table as grouped bars: a cluster a row, a bar a column."""
    with style():
        figure, (axis,) = new_figure()
        draw_bars(axis, table)
        axis.set(title=wrapped(title), ylabel=unit)
        axis.legend(ncols=2)
        add_source(figure, source)
    return figure


def draw_bars(axis: Axes, table: pd.DataFrame) -> None:
    """Draw grouped bars that hatches tell apart."""
    width, count = 0.8 / max(1, table.shape[1]), table.shape[1]
    for number, name in enumerate(table.columns):
        at = np.arange(len(table)) + (number - (count - 1) / 2) * width
        look: dict[str, Any] = {
            "facecolor": COLOURS[1:][number % 7],
            "edgecolor": "black",
            "hatch": HATCHES[number % 8],
        }
        axis.bar(at, table[name].to_numpy(dtype=float), width, label=str(name).replace("_", " "), **look)
    axis.axhline(0, color="black", linewidth=0.8)
    turned = len(table) > 6
    axis.set_xticks(np.arange(len(table)), [str(label) for label in table.index], rotation=45 if turned else 0)


def _groups(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    names = frame[list(by)].astype("str").agg(", ".join, axis=1) if by else pd.Series("all", index=frame.index)
    return frame.set_axis(pd.Index(names), axis=0)


def _tuple(label: Any) -> tuple[Any, ...]:
    return label if isinstance(label, tuple) else (label,)
