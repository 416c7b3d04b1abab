"""Figures that every mechanism shares: paths, and two regimes side by side; and what a mechanism's own figure starts from."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.plotting import COLOURS, DASHES, add_source, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.growth.results import Counterfactual, Transition

__all__ = ["panels", "plot_counterfactual", "plot_paths", "source_line"]


#: Countries up to which each has a line.
_LINES = 6


def source_line(citation_keys: Sequence[str]) -> str:
    """Return the line under a figure: who the model is from."""
    return f"tradewinds; model: {', '.join(citation_keys)}"


def panels(count: int, title: str, citation_keys: Sequence[str]) -> tuple[Figure, list[Any]]:
    """Return a figure with panels side by side, its title and its source line; call inside ``plotting.style()``."""
    from matplotlib.figure import Figure

    rows = math.ceil(count / 3)
    columns = math.ceil(count / rows)
    figure = Figure(figsize=(3.9 * columns if columns > 1 else 7.2, 3.4 * rows + 0.8))
    axes = list(np.ravel(figure.subplots(rows, columns)))
    for spare in axes[count:]:
        spare.remove()
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
    add_source(figure, source_line(citation_keys))
    return figure, axes[:count]


def plot_paths(path: Transition) -> Figure:
    """Return the paths of a transition, one panel a variable, one line a country, with where they lead.

    Of many countries home has a line and the others a band.
    """
    with style():
        figure, axes = panels(len(path.paths), f"{path.mechanism}: transition", path.citation_keys)
        last = min(float(path.time[-1]), max(50.0, 8 * path.half_life))
        for axis, (name, values) in zip(axes, path.paths.items(), strict=True):
            growing = name == "consumption"
            shown = np.log(values) if growing else values
            columns = shown[:, np.newaxis] if shown.ndim == 1 else shown
            few = columns.shape[1] if columns.shape[1] <= _LINES else 1
            for i in range(few):
                label = path.countries[i].replace("_", " ") if columns.shape[1] > 1 else "home"
                axis.plot(path.time, columns[:, i], color=COLOURS[i], linestyle=DASHES[i], label=label)
            if few < columns.shape[1]:
                others = columns[:, 1:]
                label = f"{others.shape[1]} others, lowest to highest"
                axis.fill_between(
                    path.time, others.min(axis=1), others.max(axis=1), color=COLOURS[7], alpha=0.5, label=label
                )
            if name in path.end.values and not growing:
                for i, end in enumerate(np.atleast_1d(path.end.values[name])[:few]):
                    axis.axhline(float(end), color=COLOURS[i], linewidth=0.6, linestyle=(0, (1, 3)))
            unit = f"log {_unit(path, name)}" if growing else _unit(path, name)
            axis.set(
                title=name.replace("_", " "),
                xlabel="years after the change",
                ylabel=textwrap.fill(unit, 34),
                xlim=(0, last),
            )
            seen = columns[path.time <= last]
            margin = 0.05 * (np.max(seen) - np.min(seen)) or 0.05
            axis.set_ylim(np.min(seen) - margin, np.max(seen) + margin)
            axis.legend()
        return figure


def plot_counterfactual(result: Counterfactual) -> Figure:
    """Return growth before and after, and the gains, side by side."""
    with style():
        figure, (left, right) = panels(2, f"{result.mechanism}: one regime against another", result.citation_keys)
        figure.set_size_inches(9, 4.4)
        growth = [100 * result.baseline.growth, 100 * result.counterfactual.growth]
        labels = [f"{r.regime}\nhome share {r.home_share:.3g}" for r in (result.baseline, result.counterfactual)]
        bars = left.bar(labels, growth, color=[COLOURS[7], COLOURS[1]], hatch=["", "//"], edgecolor="black")
        left.bar_label(bars, fmt="%.3g")
        left.set(title="Growth of consumption", ylabel="per cent a year")
        add_source(
            figure,
            f"{textwrap.fill(result.why[0].upper() + result.why[1:] + '.', 120)}\n{source_line(result.citation_keys)}",
        )
        names = ["static gain", "dynamic gain", "welfare,\nsteady state", "welfare,\ntransition"]
        gains = [result.static_gain, result.dynamic_gain, result.welfare_steady_state, result.welfare_transition]
        bars = right.bar(names, gains, color=COLOURS[5], edgecolor="black")
        right.bar_label(bars, fmt="%.3g")
        right.axhline(0, color="black", linewidth=0.8)
        right.set(title="Gains", ylabel="per cent of consumption")
        return figure


def _unit(path: Transition, name: str) -> str:
    from tradewinds.growth.results import UNITS

    return str(path.units.get(name) or UNITS.get(name, "")).replace(", at time 0", "")
