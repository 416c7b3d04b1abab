"""Figure of incomes under several policies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.clusters import COUNTRIES
from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style
from tradewinds.report.clusters_words import Names, policy_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.clusters import ClusterPath

__all__ = ["plot_incomes", "renamed"]

_POINTS = 241


def renamed(figure: Figure, label: Names) -> Figure:
    """Return a figure with the names of industries for their numbers, in legends and at links, where they have names."""
    if label.names is None:
        return figure
    opened = re.fullmatch(r"Opening industr(?:y|ies) ([\d, ]+) to trade", figure.get_suptitle())
    if opened:
        title = f"Opening {label.listed([int(number) for number in opened[1].split(',')])} to trade"
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    for legend in figure.legends:
        for text in legend.get_texts():
            number = text.get_text().removeprefix("industry ")
            if number.isdecimal():
                text.set_text(label(int(number)))
    for axis in figure.axes:
        ticks = [tick.get_text() for tick in axis.get_yticklabels()]
        if any("→" in tick for tick in ticks):
            named = [re.sub(r"\d+(?= →|,)", lambda found: label(int(found.group())), tick) for tick in ticks]
            axis.set_yticks(axis.get_yticks(), named)
            longer = max(map(len, named)) - max(map(len, ticks))
            figure.set_figwidth(figure.get_figwidth() + 0.075 * max(longer, 0))
    return figure


def plot_incomes(paths: Sequence[ClusterPath]) -> Figure:
    """Return real income a worker over time, a line a policy and a panel a country; one panel where countries are alike."""
    from matplotlib.figure import Figure

    drawn = []
    for path in paths:
        end = path.segments[-1].end
        breaks = np.array(path.breakpoints)
        times = np.unique(
            np.concatenate([np.linspace(0, end, _POINTS), breaks, np.clip(np.nextafter(breaks, 0), 0, end)])
        )
        drawn.append((path.policy, times, path.real_income_per_worker(times)))
    alike = all(np.allclose(income[0], income[1], rtol=1e-9) for _, _, income in drawn)
    with style():
        figure = Figure(figsize=(7.2, 4.2) if alike else (9.6, 4.2))
        axes = figure.subplots(1, 1 if alike else 2, sharey=True, squeeze=False)[0]
        for c, axis in enumerate(axes):
            for k, (policy, times, income) in enumerate(drawn):
                axis.plot(
                    times,
                    income[c],
                    color=COLOURS[k],
                    linestyle=DASHES[k],
                    marker=MARKERS[k],
                    markevery=(0.02 * k + 0.05, 0.2),
                    markersize=4,
                    label=policy_name(policy),
                )
            axis.set_title(
                "Home and foreign, alike" if alike else COUNTRIES[c].capitalize(), fontsize=10, fontweight="normal"
            )
            axis.set_xlabel("time, units of the spillovers")
        axes[0].set_ylabel("consumption index, a worker")
        axes[0].legend()
        figure.suptitle("Real income a worker", x=0.01, ha="left", fontsize=11, fontweight="bold")
        add_source(figure, f"sigma = {paths[0].parameters.sigma:g}. Model of Hanlon (2012). tradewinds.")
    return figure
