"""Figures 1 to 8, drawn from the solved model: Figure 8 at the elasticities that the paper states, the others at three."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.clusters import balanced_trade, paper_economy
from tradewinds.plotting import COLOURS, DASHES, add_source, style, to_svg
from tradewinds.replications.hanlon.worlds import HORIZON, SIGMAS, World, times

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["TITLES", "draw", "figures"]

TITLES: Mapping[int, str] = {
    1: "Figure 1. Who makes what: relative productivity and balanced trade",
    2: "Figure 2. Trade and learning within industries",
    3: "Figure 3. Trade that builds clusters",
    4: "Figure 4. Trade that destroys clusters",
    5: "Figure 5. Industries that differ in what they generate",
    6: "Figure 6. Delay that both countries may prefer",
    7: "Figure 7. Opening industry by industry",
    8: "Figure 8. Free migration",
}
_SOURCE = "Source: tradewinds; model and starting values of Hanlon (2012)."
_NAMES = {
    "autarky": "autarky",
    "trade": "trade from the start",
    "delayed": "trade once it builds clusters",
    "gradual": "industries 1 and 4 first",
}
#: Policy -> place in the list of colours and dashes, the same in every figure.
_LOOK = {"trade": 0, "autarky": 1, "delayed": 2, "gradual": 3}
_MARK_EVERY = 40  # of the dates compared


def figures(worlds: Mapping[str, World]) -> dict[str, tuple[str, str, str]]:
    """Return figures as name -> (title, SVG, description)."""
    return {
        f"figure-{number}": (title, to_svg(draw(number, worlds)), _description(number))
        for number, title in TITLES.items()
    }


def draw(number: int, worlds: Mapping[str, World]) -> Figure:
    """Return a figure of the paper."""
    from matplotlib.figure import Figure as New

    with style():
        if number == 1:
            figure = New(figsize=(7.2, 4.4))
            _draw_chain(figure.add_subplot())
        elif number == 8:
            figure = New(figsize=(9.6, 4.0))
            _draw_migration(list(figure.subplots(1, 2)), worlds)
        else:
            figure = New(figsize=(9.6, 3.9))
            axes = list(figure.subplots(1, len(SIGMAS)))
            for axis, (label, world) in zip(axes, worlds.items(), strict=True):
                _draw_incomes(axis, number, world)
                axis.set_title(label)
            axes[0].set_ylabel("real income, consumption index")
            axes[0].legend(loc="upper left", fontsize=8)
            low, high = axes[0].get_ylim()
            axes[0].set_ylim(low, high + 0.12 * len(axes[0].get_lines()) * (high - low) / 2)  # room for the legend
        figure.suptitle(TITLES[number], x=0.01, ha="left", fontsize=12, fontweight="bold")
        add_source(figure, _SOURCE)
    return figure


def _draw_incomes(axis: Axes, number: int, world: World) -> None:
    """Draw real income under each policy; one line where the two economies are mirror images."""
    apart = number == 5
    for policy in ("trade", "autarky", "delayed", "gradual"):
        if (number, policy) not in world.paths:
            continue
        income = world.income(number, policy)
        place = _LOOK[policy]
        for country, name in enumerate(("home", "foreign") if apart else ("both",)):
            label = f"{_NAMES[policy]}, {name}" if apart else _NAMES[policy]
            axis.plot(
                times(),
                income[country],
                color=COLOURS[place],
                linestyle=DASHES[place],
                marker="os"[country] if apart else "os^D"[place],
                markevery=(10 * place, _MARK_EVERY),
                markersize=4,
                markerfacecolor="white" if country else COLOURS[place],
                label=label,
            )
    axis.set_xlabel("time")
    axis.set_xlim(0, HORIZON)


def _draw_migration(axes: list[Axes], worlds: Mapping[str, World]) -> None:
    """Draw where people live and what they earn at the elasticities that the paper states."""
    for place, label in enumerate(("sigma = 4/3", "sigma = 4")):
        path = worlds[label].paths[8, "free_migration"]
        home = path.labour(times())[0]
        look: dict[str, Any] = {
            "color": COLOURS[place],
            "marker": "os"[place],
            "markevery": _MARK_EVERY,
            "markersize": 4,
        }
        axes[0].plot(times(), home / 2, linestyle="-", label=f"home, {label}", **look)
        axes[0].plot(times(), 1 - home / 2, linestyle="--", label=f"foreign, {label}", **look)
        income = worlds[label].income_per_worker(8, "free_migration")[0]
        axes[1].plot(times(), income / income[0], linestyle="-", label=label, **look)
    axes[0].set_ylabel("share of all workers")
    axes[1].set_ylabel("real income a worker, time 0 = 1")
    for axis, title in zip(axes, ("Where workers live", "What they earn, in either country"), strict=True):
        axis.set_title(title)
        axis.set_xlabel("time")
        axis.set_xlim(0, HORIZON)
    axes[0].legend(ncols=2, loc="upper right", bbox_to_anchor=(1.0, 0.92), fontsize=8)
    axes[1].legend(loc="upper left")


def _draw_chain(axis: Axes) -> None:
    """Draw equations 10 and 11 for the economy of Figure 6, where the first industry's advantage is largest."""
    economy = paper_economy(6)
    order = np.argsort(economy.technology[1] / economy.technology[0])
    technology = economy.technology[:, order]
    advantage = technology[0] / technology[1]
    axis.step(
        [*range(5)], [*advantage, advantage[-1]], where="post", color=COLOURS[0], label="relative productivity (11)"
    )
    for place, form in enumerate(("corrected", "printed"), start=1):
        name = f"balanced trade (10), {'as derived' if form == 'corrected' else 'as printed'}"
        for whole in range(4):  # the printed line jumps at whole numbers
            z = np.linspace(whole + 1e-9, whole + 1 - 1e-3, 60)
            wage = [balanced_trade(float(x), technology, economy.labour, economy.sigma, form) for x in z]
            axis.plot(z, wage, color=COLOURS[place], linestyle=DASHES[place], label=name if whole == 0 else None)
    axis.set_yscale("log")
    axis.set_ylim(0.1, 10)
    axis.set_yticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    axis.set_xticks(range(5))
    axis.set_xlabel("z, industries made at home, in the order of home's advantage")
    axis.set_ylabel("home wage, foreign wage = 1")
    axis.set_title("Economy of Figure 6, sigma = 2")
    axis.legend()


def _description(number: int) -> str:
    """Return what a figure shows, in words."""
    if number == 1:
        return (
            "A falling staircase of relative productivity crosses a rising line of balanced trade at a relative wage of 1. "
            "The line as printed in the paper jumps at whole numbers and lies lower."
        )
    if number == 8:
        return (
            "Left: home's share of all workers rises from one half, faster where goods are better substitutes. Right: real "
            "income a worker rises in both countries alike."
        )
    policies = "home and foreign with trade and in autarky" if number == 5 else "each policy"
    return f"Real income over time under {policies}, one panel for each elasticity of substitution: 4/3, 2 and 4."
