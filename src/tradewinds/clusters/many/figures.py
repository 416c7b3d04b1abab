"""Figures of many countries: who works where, and how incomes move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.clusters.many.path_results import ManyPath
    from tradewinds.clusters.many.results import ManyEquilibrium

__all__ = ["plot_employment", "plot_incomes"]

_SOURCE = "Hanlon (2012) with many countries and trade costs as in Eaton and Kortum (2002). tradewinds."


def plot_employment(point: ManyEquilibrium) -> Figure:
    """Draw the share of each country's workers in each industry, a shade a cell."""
    from matplotlib.figure import Figure

    p = point.parameters
    share = 100 * point.employment / p.labour[:, np.newaxis]
    with style():
        figure = Figure(figsize=(max(5.0, 2.6 + 0.17 * p.industries), 1.9 + 0.22 * len(p.countries)))
        axis = figure.subplots()
        picture = axis.pcolormesh(share, cmap="Greys", vmin=0, edgecolors="#DDDDDD", linewidth=0.3)
        axis.set_yticks(np.arange(len(p.countries)) + 0.5, p.countries)
        every = max(1, p.industries // 10)
        axis.set_xticks(np.arange(0, p.industries, every) + 0.5, [str(k + 1) for k in range(0, p.industries, every)])
        axis.invert_yaxis()
        axis.grid(visible=False)
        axis.set_xlabel("industry")
        axis.set_title("Who works where")
        figure.colorbar(picture, ax=axis, label="per cent of the country's workers")
        add_source(figure, _SOURCE)
    return figure


def plot_incomes(path: ManyPath) -> Figure:
    """Draw real income a worker over time: named lines, or the range of all beside highest and lowest where there are many."""
    from matplotlib.figure import Figure

    p, income = path.parameters, path.real_income / path.parameters.labour
    count = len(p.countries)
    order = np.argsort(-income[-1], kind="stable")
    shown = order if count <= 8 else np.concatenate([order[:3], order[-3:]])
    every = max(1, len(path.times) // 8)
    with style():
        figure = Figure()
        axis = figure.subplots()
        if count > 8:
            axis.fill_between(
                path.times, income.min(axis=1), income.max(axis=1), color="#E6E6E6", label=f"all {count} countries"
            )
        for place, c in enumerate(shown):
            axis.plot(
                path.times, income[:, c], color=COLOURS[place], linestyle=DASHES[place], marker=MARKERS[place],
                markevery=every, markersize=4, label=p.countries[c],
            )  # fmt: skip
        for date in path.dates:
            axis.axvline(date, color="#666666", linewidth=0.7, linestyle=":")
        axis.set_yscale("log")
        from matplotlib.ticker import LogLocator, NullFormatter, ScalarFormatter

        axis.yaxis.set_major_locator(LogLocator(subs=(1.0, 1.5, 2.0, 3.0, 5.0, 7.0)))
        axis.yaxis.set_major_formatter(ScalarFormatter())
        axis.yaxis.set_minor_formatter(NullFormatter())
        axis.set_xlabel("time (years)")
        axis.set_ylabel("consumption index a worker (log scale)")
        axis.set_title("Real income a worker" + (" (dotted: trade costs change)" if len(path.dates) else ""))
        figure.legend(loc="outside right upper")
        add_source(figure, _SOURCE)
    return figure
