"""Figures of an instant, of learning and of a path: who makes what, what is learned, what people can buy and where they work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import COUNTRIES
from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tradewinds.clusters.dynamics import LearningPath
    from tradewinds.clusters.paths import ClusterPath
    from tradewinds.clusters.results import Equilibrium

__all__ = ["plot_equilibrium", "plot_learning", "plot_path"]

Array = NDArray[np.float64]

_SOURCE = "Model of Hanlon (2012). tradewinds."
_LINES = 8  # industries drawn one by one; the rest are summed
_POINTS = 201


def plot_path(path: ClusterPath) -> Figure:
    """Plot real income a worker of both countries, and workers by industry in each; upright lines mark events."""
    from matplotlib.figure import Figure

    times = _times(path)
    with style():
        figure = Figure(figsize=(10.0, 3.9))
        income, *employment = figure.subplots(1, 3)
        _draw_income(income, path, times)
        for c, axis in enumerate(employment):
            _draw_employment(axis, path, times, c)
        for axis in (income, *employment):
            axis.set_xlim(0, path.segments[-1].end)
            axis.set_xlabel("time, units of the spillovers")
            for date in sorted({event.time for event in path.events if event.time > 0}):
                axis.axvline(date, color="#8A8A8A", linewidth=0.8, linestyle=":")
        handles, labels = employment[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right center")
        name = path.policy.replace("_", " ")
        figure.suptitle(f"Industry clusters under {name}", x=0.01, ha="left", fontsize=11, fontweight="bold")
        add_source(figure, f"sigma = {path.parameters.sigma:g}; dotted: events. {_SOURCE}")
    return figure


def _times(path: ClusterPath) -> Array:
    """Return dates of a fine grid and both sides of every break."""
    end = path.segments[-1].end
    breaks = np.array(path.breakpoints)
    return np.unique(np.concatenate([np.linspace(0, end, _POINTS), breaks, np.clip(np.nextafter(breaks, 0), 0, end)]))


def _draw_income(axis: Axes, path: ClusterPath, times: Array) -> None:
    income = path.real_income_per_worker(times)
    if np.allclose(income[0], income[1], rtol=1e-9):
        axis.plot(times, income[0], color=COLOURS[0], label="home and foreign alike")
    else:
        for c, country in enumerate(COUNTRIES):
            axis.plot(times, income[c], color=COLOURS[c], linestyle=DASHES[c], label=country)
    axis.set_title("Real income a worker")
    axis.set_ylabel("consumption index, a worker")
    axis.legend(loc="best")


def _draw_employment(axis: Axes, path: ClusterPath, times: Array, country: int) -> None:
    both = path.employment(times)
    workers, most = both[country], both.max(axis=(0, 2))  # the same industries in both panels, which share a legend
    largest = np.argsort(-most, kind="stable")[: _LINES if len(workers) <= _LINES else _LINES - 1]
    for k, i in enumerate(np.sort(largest).tolist()):
        axis.plot(times, workers[i], color=COLOURS[k], linestyle=DASHES[k], label=f"industry {i + 1}")
    if len(largest) < len(workers):
        rest = np.delete(workers, largest, axis=0).sum(axis=0)
        axis.plot(times, rest, color=COLOURS[_LINES - 1], linestyle=DASHES[_LINES - 1], label="all others")
    axis.set_title(f"Employment in {COUNTRIES[country]}")
    axis.set_ylabel("workers")
    axis.set_ylim(bottom=0)


def plot_equilibrium(point: Equilibrium) -> Figure:
    """Plot relative productivity in the order of home's advantage, with the relative wage, and workers by industry."""
    from matplotlib.figure import Figure

    technology = point.parameters.technology
    order = np.argsort(technology[1] / technology[0], kind="stable")
    place = np.arange(len(order))
    with style():
        figure = Figure(figsize=(8.6, 3.9))
        chain, workers = figure.subplots(1, 2)
        chain.plot(place, (technology[0] / technology[1])[order], "o", color=COLOURS[0], label="home over foreign")
        if np.isfinite(point.relative_wage):
            chain.axhline(point.relative_wage, color=COLOURS[1], linestyle=DASHES[1], label="relative wage")
        chain.set_yscale("log")
        chain.set_title("Relative productivity")
        chain.set_ylabel("home over foreign")
        for c, country in enumerate(COUNTRIES):
            bars = workers.bar(
                place + 0.4 * c - 0.2, point.employment[c, order], 0.4, color=COLOURS[3 * c], label=country
            )
            for bar in bars:
                bar.set_hatch("//" if c else "")
                bar.set_edgecolor("white")
        workers.set_title("Employment")
        workers.set_ylabel("workers")
        for axis in (chain, workers):
            axis.set_xticks(place, [str(i + 1) for i in order])
            axis.set_xlabel("industry, by home's advantage")
            axis.legend()
        figure.suptitle(f"Industry clusters: {point.regime}", x=0.01, ha="left", fontsize=11, fontweight="bold")
        add_source(figure, f"sigma = {point.parameters.sigma:g}. {_SOURCE}")
    return figure


def plot_learning(path: LearningPath) -> Figure:
    """Plot technology by industry in each country up to the end of a pattern."""
    from matplotlib.figure import Figure

    times = np.linspace(0, path.end, _POINTS)
    technology = np.array([path.technology_at(time) for time in times.tolist()])
    shown = np.argsort(-path.parameters.technology.max(axis=0), kind="stable")[:_LINES]
    with style():
        figure = Figure(figsize=(8.6, 3.9))
        for c, axis in enumerate(figure.subplots(1, 2, sharey=True)):
            for k, i in enumerate(np.sort(shown).tolist()):
                look = {"color": COLOURS[k], "linestyle": DASHES[k], "marker": MARKERS[k], "markevery": _POINTS // 5}
                axis.plot(times, technology[:, c, i], markersize=4, label=f"industry {i + 1}", **look)
            axis.set_title(f"Technology in {COUNTRIES[c]}")
            axis.set_xlabel("time, units of the spillovers")
        figure.axes[0].set_ylabel("goods a worker")
        figure.axes[1].legend()
        figure.suptitle(f"Learning under {path.regime}", x=0.01, ha="left", fontsize=11, fontweight="bold")
        add_source(figure, f"sigma = {path.parameters.sigma:g}. {_SOURCE}")
    return figure
