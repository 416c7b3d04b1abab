"""Figures of distributions of productivity, one panel or the three of Figure 5 side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tradewinds.errors import InputError
from tradewinds.firms.measurement.figures import new_figure
from tradewinds.plotting import COLOURS, DASHES, add_source, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.firms.measurement.distributions import ProductivityDistributions

__all__ = ["plot_distributions"]


def plot_distributions(panels: Sequence[ProductivityDistributions], source: str = "") -> Figure:
    """Return distributions in panels side by side, as in Figure 5 of Melitz and Trefler (2012).

    Raises
    ------
    InputError
        If there is no panel.
    """
    if not panels:
        raise InputError("panels is empty; give at least one set of distributions")
    count = len(panels)
    with style():
        figure, axes = new_figure(count, width=max(7.2, 4.6 * count))
        for axis, panel, letter in zip(axes, panels, "ABCDEFGH", strict=False):
            for number, name in enumerate(panel.shares.columns):
                curve = panel.shares[name]
                axis.plot(curve.index, curve, label=name, color=COLOURS[number % 8], linestyle=DASHES[number % 8])
            axis.axvline(0, color="black", linewidth=0.6)
            axis.set_title(f"{letter}. {panel.title}" if count > 1 else panel.title, fontsize=9 if count > 1 else 11)
            axis.set_xlabel("log productivity less the industry's median")
            axis.set_ylim(bottom=0)
            axis.legend()
        axes[0].set_ylabel("share of weight in a bin")
        add_source(figure, source or f"Data: {panels[0].source}; weighted; {panels[0].smoothing}.")
    return figure
