"""Figures of spillover estimates, experiments, power and the growth of R&D stocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style
from tradewinds.spillovers.power import TESTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.data.panel import SpilloverPanel
    from tradewinds.spillovers.experiments import Experiment
    from tradewinds.spillovers.power import PowerReport
    from tradewinds.spillovers.results import Estimate

__all__ = ["plot_estimate", "plot_experiment", "plot_power", "plot_rnd_growth"]


_TERM_NAMES = {"own_rnd": "own R&D", "foreign_rnd": "foreign R&D", "import_share": "import share"}
_LOTTERY_NAMES = {
    "exchange_partners": "partners exchanged",
    "exchange_all": "all shares exchanged",
    "drawn": "shares drawn anew",
}


def _source(panel: str, stand_in: str) -> str:
    return f"Panel: {panel}" + (" (stand-in, not the paper's data)" if stand_in else "") + ". tradewinds."


def plot_estimate(result: Estimate) -> Figure:
    """Plot coefficients with 95 per cent intervals; general and trade parts get a panel each."""
    from matplotlib.figure import Figure
    from scipy import stats

    half = float(stats.t.isf(0.025, result.fit.freedom)) * result.std_errors
    groups: dict[str, list[int]] = {}
    for index, term in enumerate(result.terms):
        groups.setdefault(term.split(":")[0] if ":" in term else "", []).append(index)
    titles = {"general": "General part", "trade": "Trade part", "weight": "Weights", "": "R&D elasticity"}
    with style():
        figure = Figure(figsize=(7.2, 1.8 + 0.28 * max(map(len, groups.values()))))
        axes = figure.subplots(1, len(groups), squeeze=False)[0]
        for axis, (group, members) in zip(axes, groups.items(), strict=True):
            names = [_TERM_NAMES.get(result.terms[index], result.terms[index].split(":")[-1]) for index in members]
            height = np.arange(len(members))[::-1]
            axis.axvline(0, color="#666666", linewidth=0.8)
            axis.errorbar(
                result.coefficients[members], height, xerr=half[members], fmt="o", color="black", capsize=3, ms=5
            )
            axis.set_yticks(height, names)
            axis.set_ylim(-0.6, len(members) - 0.4)
            axis.set_xlabel("elasticity of TFP with respect to R&D")
            axis.set_title(titles.get(group, group), fontweight="normal", fontsize=10)
            axis.grid(axis="y", visible=False)
        equation = f", equation ({result.equation})" if result.equation else ""
        title = (
            f"Estimates with 95% intervals: {result.specification.label}, {result.weights.replace('_', ' ')}{equation}"
        )
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        add_source(figure, _source(result.panel, result.stand_in))
    return figure


def plot_experiment(result: Experiment) -> Figure:
    """Plot observed estimates over the range of estimates under random trade patterns."""
    from matplotlib.figure import Figure

    height = np.arange(len(result.terms))[::-1]
    with style():
        figure = Figure(figsize=(7.2, 1.8 + 0.3 * len(height)))
        axis = figure.subplots()
        axis.axvline(0, color="#666666", linewidth=0.8)
        axis.barh(
            height,
            4 * result.sd,
            left=result.mean - 2 * result.sd,
            height=0.46,
            color="#D9D9D9",
            edgecolor="#555555",
            linewidth=0.8,
            label="random trade patterns: mean ± 2 s.d.",
        )
        axis.plot(result.mean, height, "|", color="black", ms=13, mew=1.6, label="mean over random patterns")
        axis.plot(
            result.observed.coefficients, height, "D", color="#D55E00", mec="black", ms=6.5, label="observed trade"
        )
        axis.set_yticks(height, [_TERM_NAMES.get(term, term) for term in result.terms])
        axis.set_ylim(-0.6, len(height) - 0.4)
        axis.set_xlabel("elasticity of TFP with respect to R&D")
        axis.grid(axis="y", visible=False)
        axis.set_title(f"{result.specification.label}: {_LOTTERY_NAMES[result.kind]}, {result.count:,} draws")
        figure.legend(loc="outside upper left", ncols=3)
        add_source(figure, _source(result.observed.panel, result.observed.stand_in))
    return figure


def plot_power(result: PowerReport) -> Figure:
    """Plot rejection rates against the true size of the trade effect."""
    from matplotlib.figure import Figure

    designs = list(dict.fromkeys(result.table["shares"]))
    with style():
        figure = Figure(figsize=(7.2, 3.8))
        axes = figure.subplots(1, len(designs), sharey=True, squeeze=False)[0]
        for axis, design in zip(axes, designs, strict=True):
            part = result.table[result.table["shares"] == design]
            for index, (test, rows) in enumerate(part.groupby("test", sort=False)):
                axis.plot(
                    np.arange(len(rows)),
                    rows["rejection_rate"],
                    linestyle=DASHES[index],
                    marker=MARKERS[index],
                    color=COLOURS[index],
                    label=TESTS[str(test)],
                )
            axis.axhline(result.level, color="#666666", linewidth=0.8)
            axis.set_xticks(np.arange(len(rows)), [f"{value:g}" for value in rows["trade_multiple"]])
            axis.set_title(f"{design} shares", fontweight="normal", fontsize=10)
            axis.set_xlabel("true trade effect, multiple of the general one")
            axis.set_ylim(-0.02, 1.02)
        axes[0].set_ylabel("rejection rate (fraction)")
        axes[0].legend(loc="upper left")
        figure.suptitle(
            f"Size and power at the {result.level:.0%} level (grey line)",
            x=0.01,
            ha="left",
            fontsize=11,
            fontweight="bold",
        )
        add_source(figure, f"{result.simulations} simulated data sets, {result.draws} trade patterns each. tradewinds.")
    return figure


def plot_rnd_growth(panel: SpilloverPanel) -> Figure:
    """Plot annual growth of each country's R&D stock (Figure 1 of Keller 1997); industries share a country's growth.

    More countries than lines can be told apart become a band: the middle half, the range, and the two extremes by name.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    growth = 100 * np.diff(np.log(panel.rnd_stock.sum(axis=1)), axis=1)
    years = np.array(panel.years[1:])
    order = np.argsort(growth.mean(axis=1))
    shown = range(len(growth)) if len(growth) <= len(COLOURS) else (order[-1], order[0])
    with style():
        figure = Figure(figsize=(7.2, 4.6))
        axis = figure.subplots()
        if len(growth) > len(COLOURS):
            low, lower, middle, upper, high = np.percentile(growth, (0, 25, 50, 75, 100), axis=0)
            axis.fill_between(years, low, high, color="#EEEEEE", label="all countries")
            axis.fill_between(years, lower, upper, color="#C4C4C4", label="middle half")
            axis.plot(years, middle, color="black", linewidth=2.2, label="median")
        for index, country in enumerate(shown):
            axis.plot(
                years,
                growth[country],
                label=panel.countries[country],
                color=COLOURS[index],
                linestyle=DASHES[index],
                marker=MARKERS[index],
                markevery=3,
                ms=4,
            )
        axis.set_ylabel("growth of the R&D stock (per cent a year)")
        axis.set_xlabel("year")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set_title("R&D stocks grow at different rates across countries")
        figure.legend(loc="outside right upper", title="country")
        add_source(figure, _source(panel.name, panel.stand_in))
    return figure
