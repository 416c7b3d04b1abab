"""Figures of who learns from whom, and of where research is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.plotting import COLOURS, add_source, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.clusters.network import SpilloverNetwork
    from tradewinds.clusters.research_results import ResearchAllocation

__all__ = ["plot_network", "plot_research"]

_PRINTED = 10  # industries up to which numbers stand in the cells
_SHOWN = 20  # industries in the figure of research


def plot_network(network: SpilloverNetwork) -> Figure:
    """Return a grey map: learners in rows, teachers in columns, shares of all that the row learns."""
    from matplotlib.figure import Figure

    flows = network.flows.T  # row learns
    total = flows.sum(axis=1, keepdims=True)
    share = np.divide(flows, total, out=np.zeros_like(flows), where=total > 0)
    n = len(share)
    with style():
        figure = Figure(figsize=(max(5.6, 2.6 + 0.3 * min(n, 40)), max(4.0, 1.8 + 0.26 * min(n, 40))))
        axis = figure.subplots()
        axis.grid(visible=False)
        image = axis.imshow(share, cmap="Greys", vmin=0, vmax=max(float(share.max()), 1e-300), aspect="auto")
        small = 7 if n > _PRINTED else 9
        axis.set_xticks(range(n), network.industries, rotation=90, fontsize=small)
        axis.set_yticks(range(n), network.industries, fontsize=small)
        axis.set_xlabel("teaches")
        axis.set_ylabel("learns")
        if n <= _PRINTED:
            for (i, j), value in np.ndenumerate(share):
                ink = "white" if value > 0.55 * share.max() else "black"
                axis.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=8, color=ink)
        figure.colorbar(image, label="share of all that the row learns")
        axis.set_title("Who learns from whom")
        add_source(figure, f"Counted: {network.kind.replace('_', ' ')}. {network.source}".strip())
    return figure


def plot_research(result: ResearchAllocation, horizon: float) -> Figure:
    """Return bars of best and present shares, and the path of consumption after the change."""
    from matplotlib.figure import Figure

    parameters, now = result.parameters, result.parameters.research_shares
    change = result.optimal if now is None else np.abs(result.optimal - now)
    kept = np.sort(np.argsort(-change, kind="stable")[:_SHOWN])
    kept = kept[np.argsort(result.optimal[kept], kind="stable")]
    path = now is not None and bool(np.isfinite(result.welfare_gain))
    with style():
        figure = Figure(figsize=(9.6 if path else 6.4, max(3.6, 1.6 + 0.28 * len(kept))))
        panels = figure.subplots(1, 2 if path else 1, squeeze=False)[0]
        places = np.arange(len(kept))
        panels[0].barh(places, result.optimal[kept], color=COLOURS[5], edgecolor=COLOURS[0], label="best")
        if now is not None:
            panels[0].plot(now[kept], places, "D", color=COLOURS[0], markersize=5, label="now")
        panels[0].set_yticks(places, [parameters.industries[i] for i in kept])
        panels[0].set_xlabel("share of research")
        few = len(kept) < len(result.optimal)
        panels[0].set_title("Where research is done" + (f" ({len(kept)} industries that change most)" if few else ""))
        panels[0].legend(loc="lower right")
        if path:
            times = np.linspace(0, horizon, 61)
            panels[1].plot(times, 100 * result.consumption_gain(times), color=COLOURS[1], label="consumption")
            equivalent = 100 * np.log1p(result.welfare_gain)
            panels[1].axhline(equivalent, color=COLOURS[2], linestyle="--", label="worth as much at every date")
            panels[1].set_xlabel("years after the change")
            panels[1].set_ylabel("100 × log, over no change")
            panels[1].set_title("Consumption")
            panels[1].legend()
        add_source(figure, "Liu and Ma (2021)")
    return figure
