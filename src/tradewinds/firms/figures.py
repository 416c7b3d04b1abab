"""Figures 2, 3 and 4 of Melitz and Trefler (2012), drawn from the solved model, and the plane of Lileeva and Trefler (2010).

The paper's are sketches; here every curve, cutoff and area is computed, so that the two areas of Figure 2 are in fact equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.firms.numbers import number
from tradewinds.firms.uniform.equilibrium import integrate_markets
from tradewinds.firms.uniform.innovation import behaviour
from tradewinds.firms.uniform.liberalisation import Liberalisation, liberalise
from tradewinds.firms.uniform.results import UniformEquilibrium
from tradewinds.plotting import COLOURS, add_source, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tradewinds.firms.uniform.selection import Selection
    from tradewinds.firms.uniform.selection_equilibrium import SelectionEquilibrium

__all__ = [
    "plot_export_decision",
    "plot_integration",
    "plot_liberalisation",
    "plot_performance",
    "plot_selection",
    "plot_two_draws",
]

_BLACK, _BLUE, _RED = COLOURS[:3]
_COST = "marginal cost (unit of prices)"
_PROFIT = "profit (price x units)"
_SOURCE = "Source: the model of Melitz and Trefler (2012) solved by tradewinds; {}."


def _curve(low: float, high: float, *kinks: float) -> Any:
    return np.unique(np.concatenate([np.linspace(low, high, 400), [kink for kink in kinks if low <= kink <= high]]))


def _mark(axis: Axes, value: float, text: str, colour: str = _BLACK, level: float = 0.0) -> None:
    """Mark a cost on the horizontal axis, its name above the axis at a share ``level`` of the height."""
    axis.axvline(value, color=colour, linewidth=0.8, linestyle=":")
    axis.annotate(
        text, (value, level), xycoords=("data", "axes fraction"), xytext=(3, 3), textcoords="offset points", color=colour,
        fontsize=9,
    )  # fmt: skip


def _finish(figure: Figure, axes: Any, titles: tuple[str, ...], heading: str, source: str) -> None:
    for axis, title in zip(axes, titles, strict=True):
        axis.set_title(title, fontsize=9.5)
        if axis.get_legend_handles_labels()[1]:
            # on white, so that what lies under it does not run into the words
            axis.legend(fontsize=8, frameon=True, framealpha=0.85, edgecolor="none")
    figure.suptitle(heading, x=0.01, ha="left", fontsize=11, weight="bold")
    add_source(figure, _SOURCE.format(source))


def _shade(colour: str, alpha: float, hatch: str = "") -> dict[str, Any]:
    """Return how an area is filled: pale, with a black pattern, for an SVG gives pattern and ground one opacity."""
    return {"facecolor": (colour, alpha + 0.1 * bool(hatch)), "edgecolor": _BLACK, "linewidth": 0.0, "hatch": hatch}


def _where(point: UniformEquilibrium) -> str:
    """Return the scenario in words."""
    cost = point.parameters.trade_cost
    return f"trade cost {cost:.4g}" if cost < float("inf") else "closed economy"


def _panels() -> tuple[Figure, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.6))
    return figure, figure.subplots(1, 2)


def plot_performance(point: UniformEquilibrium, costs: tuple[float, float] | None = None) -> Figure:
    """Return Figure 2: prices, outputs and profits of two firms in one market, and profit by cost.

    Parameters
    ----------
    point : UniformEquilibrium
        Panel A is its domestic market; panel B counts exports where there are any.
    costs : (float, float), optional
        Marginal costs of the two firms of panel A; by default a quarter and two thirds of the cutoff.

    Raises
    ------
    InputError
        If a cost is not between zero and the cutoff.
    """
    choke = point.cost_cutoff
    pair = (choke / 4, choke * 2 / 3) if costs is None else costs
    for each in pair:
        if number("costs", each, least=0) > choke:
            raise InputError(
                f"costs: {each:g} is above the cutoff {choke:.6g}: such a firm sells nothing; name costs from 0 to the cutoff"
            )
    slope = point.parameters.market_size * point.parameters.price_sensitivity
    with style():
        figure, axes = _panels()
        sold = np.array([0, slope * choke])
        axes[0].plot(sold, choke - sold / slope, color=_BLACK, label="residual demand")
        axes[0].plot(sold / 2, choke - sold / slope, color=_BLACK, linestyle="--", label="marginal revenue")
        for who, (cost, colour, hatch) in enumerate(zip(pair, (_BLUE, _RED), ("//", "\\\\"), strict=True), start=1):
            q, p = float(point.output(cost, "domestic")), float(point.price(cost))
            axes[0].axhline(
                cost, color=colour, linewidth=1, linestyle="-." if who == 1 else ":", label=f"cost of firm {who}"
            )
            axes[0].fill_between([0, q], cost, p, **_shade(colour, 0.18, hatch), label=f"profit of firm {who}")
            axes[0].plot([q, q, 0], [0, p, p], color=colour, linewidth=0.8, marker=".")
        axes[0].set(xlim=(0, slope * choke), ylim=(0, choke * 1.05), xlabel="units sold", ylabel="price, cost")
        _profit_panel(axes[1], point)
        titles = ("A. two firms in the domestic market", "B. profit by cost: the shaded areas are equal")
        _finish(figure, axes, titles, "Performance differences across firms", _where(point))
    return figure


def _profit_panel(axis: Axes, point: UniformEquilibrium) -> None:
    highest, fixed = point.parameters.maximum_cost, point.parameters.entry_cost
    c = _curve(0, highest, point.cost_cutoff, point.export_cutoff, point.break_even_cost)
    net = point.net_profit(c)
    axis.plot(c, point.operating_profit(c), color=_BLACK, label="operating profit")
    axis.plot(c, net, color=_BLUE, linestyle="--", label=f"net profit (entry cost {fixed:.3g})")
    axis.fill_between(c, 0, net, where=net >= 0, **_shade(_BLUE, 0.25), label="gains")
    axis.fill_between(c, 0, net, where=net <= 0, **_shade(_RED, 0.2, "//"), label="losses")
    axis.axhline(0, color=_BLACK, linewidth=0.8)
    _mark(axis, point.cost_cutoff, "$c^*$", level=0.55)
    _mark(axis, point.break_even_cost, "breaks even", level=0.45)
    axis.set(xlim=(0, highest), xlabel=_COST, ylabel=_PROFIT)


def plot_integration(point: UniformEquilibrium, factor: float = 2.0) -> Figure:
    """Return Figure 3: residual demand and profit by cost before and after the market grows by a factor.

    Raises
    ------
    InputError
        If the factor is not above 1.
    """
    number("factor", factor, above=1)
    start = point.parameters.replace(trade_cost=float("inf"))
    heading = f"Winners and losers when the market grows {factor:g} times"
    source = "closed economy before, one integrated market after"
    return _without_trade(liberalise(start, integrate_markets(start, factor)), heading, source)


def _without_trade(change: Liberalisation, heading: str, source: str) -> Figure:
    """Return residual demand and profit by cost before and after, of economies that do not trade."""
    with style():
        figure, axes = _panels()
        for equilibrium, name, colour, dash in ((change.before, "D", _BLACK, "-"), (change.after, "D'", _BLUE, "--")):
            slope = equilibrium.parameters.market_size * equilibrium.parameters.price_sensitivity
            q = np.array([0, slope * equilibrium.cost_cutoff])
            axes[0].plot(
                q, equilibrium.cost_cutoff - q / slope, color=colour, linestyle=dash, label=f"residual demand {name}"
            )
        axes[0].set(ylim=(0, None), xlim=(0, None), xlabel="units sold", ylabel="price")
        _winners(axes[1], change)
        titles = ("A. residual demand of a firm", "B. operating profit: winners and losers")
        _finish(figure, axes, titles, heading, source)
    return figure


def _winners(axis: Axes, change: Liberalisation) -> None:
    before, after = behaviour(change.before, change.decision), behaviour(change.after, change.decision)
    top = max(before.survival_cutoff, after.survival_cutoff)
    edges = [bound for pair in change.winners for bound in pair]
    c = _curve(0, top * 1.03, *before.breakpoints(), *after.breakpoints(), *edges)
    old, new = before.profit(c), after.profit(c)
    axis.plot(c, old, color=_BLACK, label="before")
    axis.plot(c, new, color=_BLUE, linestyle="--", label="after")
    axis.fill_between(c, old, new, where=new >= old, **_shade(_BLUE, 0.25), label="winners")
    axis.fill_between(c, old, new, where=new <= old, **_shade(_RED, 0.25, "//"), label="losers")
    _mark(axis, before.choke, "$c^*$", level=0.3)
    _mark(axis, after.choke, "$c^{*\\prime}$", _BLUE, level=0.2)
    axis.set(xlim=(0, top * 1.03), ylim=(0, None), xlabel=_COST, ylabel="operating profit (price x units)")


def plot_export_decision(point: UniformEquilibrium) -> Figure:
    """Return Figure 4, panel A: operating profit from domestic and from export sales, apart by the trade cost."""
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(6.4, 4.4))
        axis = figure.subplots()
        _export_curves(axis, point, _BLACK, "")
        _mark(axis, point.cost_cutoff, "$c^*$", level=0.3)
        if point.regime == "trade":
            _mark(axis, point.export_cutoff, "$c^*-t$", level=0.3)
            middle = point.export_cutoff / 2
            level = float(point.operating_profit(middle, "export"))
            ends = (middle, middle + point.parameters.trade_cost)
            axis.annotate("", (ends[0], level), (ends[1], level), arrowprops={"arrowstyle": "<->", "color": _RED})
            axis.annotate("t", (sum(ends) / 2, level), xytext=(0, 3), textcoords="offset points", color=_RED)
        axis.set(
            xlim=(0, point.cost_cutoff * 1.1), ylim=(0, None), xlabel=_COST, ylabel="operating profit (price x units)"
        )
        _finish(figure, [axis], ("operating profit by market",), "The export decision", _where(point))
    return figure


def _export_curves(axis: Axes, point: UniformEquilibrium, colour: str, when: str, dashed: bool = False) -> None:
    c = _curve(0, point.cost_cutoff * 1.1, point.cost_cutoff, point.export_cutoff)
    thick = 1.4 if dashed else 2.0
    for market, dash in (("domestic", "--" if dashed else "-"), ("export", ":" if dashed else "-.")):
        axis.plot(
            c, point.operating_profit(c, market), color=colour, linestyle=dash, linewidth=thick, label=f"{market}{when}"
        )


def plot_liberalisation(change: Liberalisation) -> Figure:
    """Return Figure 4, panel B, beside what it means for the profit of each firm: who exits, starts to export, wins and loses.

    Where nobody trades before or after, panel A is residual demand, as in Figure 3.
    """
    if not (change.before.parameters.trades or change.after.parameters.trades):
        return _without_trade(change, "Winners and losers without trade", _in_words(change.scenario))
    with style():
        figure, axes = _panels()
        _export_curves(axes[0], change.before, _BLACK, ", before")
        _export_curves(axes[0], change.after, _BLUE, ", after", dashed=True)
        for low, high in change.switchers("domestic", "exports"):
            axes[0].axvspan(low, high, **_shade(_BLUE, 0.1), label="start to export")
        for low, high in change.switchers("domestic", "out"):
            axes[0].axvspan(low, high, **_shade(_RED, 0.2, "//"), label="exit")
        top = max(change.before.cost_cutoff, change.after.cost_cutoff) * 1.05
        axes[0].set(xlim=(0, top), ylim=(0, None), xlabel=_COST, ylabel="operating profit (price x units)")
        _winners(axes[1], change)
        titles = ("A. operating profit by market", "B. total operating profit")
        heading = "Trade liberalisation" if _cheaper(change) else "Another trade cost or market"
        _finish(figure, axes, titles, heading, _in_words(change.scenario))
    return figure


def _in_words(scenario: str) -> str:
    return scenario.replace("_", " ").replace("=", " ").replace(": ", " ")


def _cheaper(change: Liberalisation) -> bool:
    """Tell whether the trade cost falls and nothing else changes."""
    old, new = change.before.parameters, change.after.parameters
    return new.trade_cost < old.trade_cost and old.replace(trade_cost=new.trade_cost) == new


def plot_selection(found: Selection) -> Figure:
    """Return the plane of initial cost and fall of cost: who starts to export and innovate when the trade cost falls."""
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(6.8, 4.6))
        axis = figure.subplots()
        most = found.largest_reduction
        axis.plot(found.cost, np.where(found.required_before <= most, found.required_before, np.nan), color=_BLACK,
                  label="innovation just pays, before")  # fmt: skip
        axis.plot(found.cost, np.where(found.required_after <= most, found.required_after, np.nan), color=_BLUE, linestyle="--",
                  label="innovation just pays, after")  # fmt: skip
        inside = found.high > found.low
        axis.fill_between(found.cost, found.low, found.high, where=inside, **_shade(_BLUE, 0.25, "//"),
                          label="start to export and innovate")  # fmt: skip
        _mark(axis, found.export_cutoff_after, "export cutoff, after", _BLUE, level=0.02)
        axis.set(xlabel="initial " + _COST, ylabel="fall of cost by innovation (unit of prices)", ylim=(0, most))
        heading = "Who starts to export and innovate"
        _finish(
            figure,
            [axis],
            (f"initial productivity and fall of cost: correlation {found.correlation:.2f}".replace("-", "\u2212"),),
            heading,
            _in_words(found.scenario),
        )
    return figure


def plot_two_draws(point: SelectionEquilibrium) -> Figure:
    """Return the plane of initial cost and fall of cost in one equilibrium: who innovates, and who exports by it."""
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(6.8, 4.6))
        axis = figure.subplots()
        most, choke = point.largest_reduction, point.cost_cutoff
        cost = np.linspace(0, choke + most, 600)
        needed = point.required(cost)
        axis.plot(cost, np.where(needed <= most, needed, np.nan), color=_BLACK, label="innovation just pays")
        axis.fill_between(cost, needed, most, where=needed < most, **_shade(_BLUE, 0.2, "//"), label="innovate")
        exports = cost - (choke - point.parameters.trade_cost)
        if point.parameters.trade_cost < float("inf"):
            low = np.maximum(needed, exports)
            axis.fill_between(
                cost, low, most, where=(exports > 0) & (low < most), **_shade(_RED, 0.3, ".."),
                label="export because they innovate",
            )  # fmt: skip
            if point.export_cutoff > 0:
                _mark(axis, point.export_cutoff, "$c^*-t$", level=0.02)
        _mark(axis, choke, "$c^*$", level=0.02)
        axis.set(
            xlabel="initial " + _COST, ylabel="fall of cost by innovation (unit of prices)", ylim=(0, most),
            xlim=(0, choke + most),
        )  # fmt: skip
        _finish(figure, [axis], ("firms by what they drew",), "Who innovates", _in_words(point.scenario))
    return figure
