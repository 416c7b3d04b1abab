"""Figures of what opening does: effects on growth, and which links between industries are joined or cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.clusters.parameters import COUNTRIES
from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tradewinds.clusters.break_even import BreakEven
    from tradewinds.clusters.effects import OpeningEffects
    from tradewinds.clusters.optimal_result import OptimalOpening

__all__ = ["plot_break_even", "plot_effects", "plot_optimal"]

_SOURCE = "Model of Hanlon (2012). tradewinds."
_HATCHES = ("", "///", "...")
_MOST_LINKS = 12


def plot_effects(effects: OpeningEffects) -> Figure:
    """Plot the three effects on growth of each country, and the change of contact over each link, by country."""
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(9.2, 4.2))
        left, *right = figure.subplots(1, 3, width_ratios=[1.5, 1, 1])
        _draw_effects(left, effects)
        for axis, country in zip(right, COUNTRIES, strict=True):
            _draw_links(axis, effects, country)
        limit = 1.1 * max(max(map(abs, axis.get_xlim())) for axis in right)
        for axis in right:
            axis.set_xlim(-limit, limit)
        opened = ", ".join(str(i) for i in effects.opened) or "none"
        figure.suptitle(f"Opening industries {opened} to trade", x=0.01, ha="left", fontsize=11, fontweight="bold")
        add_source(figure, f"sigma = {effects.parameters.sigma:g}. {_SOURCE}")
    return figure


def _draw_effects(axis: Axes, effects: OpeningEffects) -> None:
    """Draw bars of the effects side by side, and diamonds where they add up."""
    places, width = np.arange(2.0), 0.25
    for k, name in enumerate(("concentration", "spillovers", "composition")):
        axis.bar(
            places + (k - 1) * width,
            100 * getattr(effects, name),
            width,
            label=name,
            color=("#DDDDDD", COLOURS[5], COLOURS[6])[k],
            edgecolor="black",
            linewidth=0.7,
            hatch=_HATCHES[k],
        )
    axis.plot(places, 100 * effects.change_in_growth, "D", color="black", label="sum", linestyle="none")
    axis.axhline(0, color="black", linewidth=0.8)
    axis.set_xticks(places, [f"{country}\n{word}" for country, word in zip(COUNTRIES, effects.verdict, strict=True)])
    axis.set_ylabel("per cent per unit of time")
    axis.set_title("Change in growth of real income", fontweight="normal", fontsize=10)
    axis.grid(axis="x", visible=False)
    axis.legend()


def _draw_links(axis: Axes, effects: OpeningEffects, country: str) -> None:
    """Draw the links between industries that change most, the largest on top."""
    links = effects.links_of(country, "joined", "weakened", "cut")
    shown = links[:_MOST_LINKS]
    height = np.arange(len(shown))[::-1]
    colours = {"joined": COLOURS[1], "weakened": COLOURS[5], "cut": COLOURS[2]}
    for place, link in zip(height.tolist(), shown, strict=True):
        axis.barh(
            place,
            link.after - link.before,
            color=colours[link.status],
            edgecolor="black",
            linewidth=0.7,
            hatch={"joined": "", "weakened": "...", "cut": "///"}[link.status],
        )
    axis.set_yticks(height, [f"{link.sender} → {link.receiver}, {link.status}" for link in shown])
    axis.axvline(0, color="black", linewidth=0.8)
    axis.set_xlabel("change of contact\n(goods a worker\nper unit of time)")
    hidden = f" (largest {_MOST_LINKS} of {len(links)})" if len(links) > _MOST_LINKS else ""
    axis.set_title(
        f"Links in {country}{hidden}" if links else f"No link changes in {country}", fontweight="normal", fontsize=10
    )
    axis.grid(axis="y", visible=False)


def plot_break_even(found: BreakEven) -> Figure:
    """Plot the gain from the first policy over the second by discount rate, and where it is nothing."""
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(7.2, 4.0))
        axis = figure.subplots()
        axis.axhline(0, color="black", linewidth=0.8)
        for c, country in enumerate(COUNTRIES):
            axis.plot(100 * found.discount_rates, 100 * found.gain[c], DASHES[c], color=COLOURS[c], label=country)
            axis.plot(
                [100 * rate for rate in found.rates[c]], [0.0] * len(found.rates[c]), MARKERS[c], color=COLOURS[c]
            )
        axis.set_xscale("log")
        axis.xaxis.set_major_formatter("{x:g}")
        axis.set_xlabel("discount rate (per cent per unit of time)")
        axis.set_ylabel("gain (per cent of consumption)")
        axis.set_title(f"{found.first} against {found.second}, by discount rate")
        axis.legend()
        add_source(figure, f"Risk aversion {found.risk_aversion:g}; marks are break-even rates. {_SOURCE}")
    return figure


def plot_optimal(found: OptimalOpening) -> Figure:
    """Plot real income per worker of each country under the best schedule, immediate opening and autarky; openings marked."""
    from matplotlib.figure import Figure

    from tradewinds.clusters.policies import simulate

    opens = found.open_at[np.isfinite(found.open_at)]
    span = min(found.path.horizon, max(2.5 * opens.max(initial=0.0), 2 / max(found.welfare.discount_rate, 0.01)))
    times = np.linspace(0, span, 301)
    paths = {
        "best schedule": found.path,
        "opening at once": simulate(found.parameters, policy="trade", horizon=span).value,
        "autarky": simulate(found.parameters, policy="autarky", horizon=span).value,
    }
    with style():
        figure = Figure(figsize=(8.4, 4.2))
        axes = figure.subplots(1, 2, sharey=True)
        for c, (axis, country) in enumerate(zip(axes, COUNTRIES, strict=True)):
            for k, (name, path) in enumerate(paths.items()):
                kinks = np.array([time for time in path.breakpoints if 0 < time < span])
                dates = np.sort(np.concatenate([times, kinks, kinks - 1e-9 * span]))  # both sides of a jump
                axis.plot(
                    dates, path.real_income_per_worker(dates)[c], linestyle=DASHES[k], color=COLOURS[k], label=name
                )
            for date in sorted(set(opens.tolist())):
                named = ", ".join(str(i + 1) for i in np.flatnonzero(found.open_at == date))
                axis.axvline(date, color="#666666", linewidth=0.7)
                axis.annotate(
                    f"{named} opens" if "," not in named else f"{named} open",
                    (date, 0.02),
                    xycoords=("data", "axes fraction"),
                    rotation=90,
                    fontsize=8,
                    xytext=(3, 0),
                    textcoords="offset points",
                )
            axis.set_title(country, fontweight="normal", fontsize=10)
            axis.set_xlabel("time")
        axes[0].set_ylabel("real income per worker (consumption index)")
        axes[0].legend(loc="upper left")
        aim = found.objective if found.objective != "weighted" else f"weighted, home {found.home_weight:g}"
        rate = found.welfare.discount_rate
        figure.suptitle(
            f"Best schedule of opening found ({aim}; discount rate {rate:g})",
            x=0.01,
            ha="left",
            fontsize=11,
            fontweight="bold",
        )
        add_source(figure, f"sigma = {found.parameters.sigma:g}. {_SOURCE}")
    return figure
