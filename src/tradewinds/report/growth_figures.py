"""Figures of a study of growth: regimes side by side, consumption along the path, a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.growth.figures import panels
from tradewinds.plotting import COLOURS, DASHES, MARKERS, style
from tradewinds.report.growth_words import said

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.report.growth_runs import GrowthRun, SweepRun

__all__ = ["plot_gap", "plot_regimes", "plot_sweep"]

_HATCHES = ("", "//", "..")
_FILLS = ("#DDDDDD", COLOURS[5], COLOURS[6])


def plot_regimes(run: GrowthRun) -> Figure:
    """Return growth and home share by regime, and the gains of each against the baseline."""
    points = [("baseline", run.point), *((each.name, each.point) for each in run.regimes)]
    names = [name for name, _ in points]
    with style():
        title = f"{run.mechanism.title}: regimes side by side"
        figure, axes = panels(3 if run.regimes else 2, title, run.mechanism.citation_keys)
        figure.set_size_inches(3.5 * len(axes) + 0.5, 3.9)
        for axis, variable, head, unit in (
            (axes[0], "growth", "Growth of consumption", "per cent a year"),
            (axes[1], "home_share", "Home share of spending", "per cent"),
        ):
            values = [100 * point.home(variable) for _, point in points]
            bars = axis.bar(
                names, values, width=0.65, color=_FILLS[: len(names)], hatch=_HATCHES[: len(names)], edgecolor="black"
            )
            axis.bar_label(bars, fmt="%.3g", padding=2)
            axis.set(title=head, ylabel=unit)
            axis.axhline(0, color="black", linewidth=0.8)
            axis.margins(y=0.12)
            axis.grid(axis="x", visible=False)
        if run.regimes:
            _gains(axes[2], run)
        return figure


def _gains(axis: object, run: GrowthRun) -> None:
    parts = ["static", "dynamic", "welfare"]
    width = 0.8 / len(run.regimes)
    for number, each in enumerate(run.regimes):
        result = each.result
        whole = np.nan if each.problem else result.welfare_transition
        gains = [result.static_gain, np.nan if each.problem else result.dynamic_gain, whole]
        gains = [0.0 if abs(gain) < 5e-7 else gain for gain in gains]
        where = np.arange(3) + (number - (len(run.regimes) - 1) / 2) * width
        kind = number + 1 if each.name == "counterfactual" else 2
        bars = axis.bar(  # type: ignore[attr-defined]
            where,
            gains,
            width=0.9 * width,
            label=each.name,
            color=_FILLS[kind],
            hatch=_HATCHES[kind],
            edgecolor="black",
        )
        axis.bar_label(bars, fmt="%.3g", padding=2, fontsize=8)  # type: ignore[attr-defined]
    axis.set_xticks(range(3), parts)  # type: ignore[attr-defined]
    axis.set(title="Gains over the baseline", ylabel="per cent of consumption")  # type: ignore[attr-defined]
    axis.axhline(0, color="black", linewidth=0.8)  # type: ignore[attr-defined]
    axis.margins(y=0.15)  # type: ignore[attr-defined]
    axis.grid(axis="x", visible=False)  # type: ignore[attr-defined]
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2)  # type: ignore[attr-defined]


def plot_gap(run: GrowthRun) -> Figure | None:
    """Return home's consumption against that without the change, a panel a regime; None where no path can be told."""
    trails = [(number, each, each.trail) for number, each in enumerate(run.regimes) if each.trail is not None]
    if not trails:
        return None
    with style():
        title = f"{run.mechanism.title}: consumption against no change"
        figure, axes = panels(
            len(trails), title if len(trails) > 1 else "Consumption against no change", run.mechanism.citation_keys
        )
        if len(trails) > 1:
            figure.set_size_inches(8.6, 4.0)
        # until the slowest path is nearly through; a century at most
        spans = [min(max(50.0, 5 * each.result.half_life), 100.0, float(trail.time[-1])) for _, each, trail in trails]
        last = max(spans)
        for axis, (number, each, trail) in zip(axes, trails, strict=True):
            shown = np.linspace(0, min(last, float(trail.time[-1])), 401)
            gap = np.interp(shown, trail.time, trail.gap)
            axis.plot(shown, gap, color=COLOURS[number], linestyle=DASHES[number], label=each.name)
            if not each.problem:
                worth = each.result.welfare_transition
                label = f"its constant equivalent, welfare: {worth:+.3g} %".replace("-", "−")
                axis.axhline(worth, color=COLOURS[number], linewidth=0.9, linestyle=(0, (1, 2)), label=label)
            axis.axhline(0, color="black", linewidth=0.8)
            axis.set(xlabel="years after the change", ylabel="per cent of home's consumption", xlim=(0, last))
            axis.set_title(each.name.capitalize() if len(trails) > 1 else run.mechanism.title)
            _at_least(axis)
            axis.margins(y=0.1)
            axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16))
        return figure


def plot_sweep(run: GrowthRun, sweep: SweepRun) -> Figure:
    """Return growth, and where regimes are compared the gains, against the parameter."""
    values = np.array(sweep.values)
    order = np.argsort(values)
    compared = bool(sweep.regime)
    with style():
        title = f"{run.mechanism.title}: by {said(sweep.parameter)}"
        figure, axes = panels(2, title, run.mechanism.citation_keys)
        figure.set_size_inches(8.6, 4.0)
        if compared:
            lines = {
                "baseline": sweep.series(lambda p: 100 * p.baseline.growth),
                sweep.regime: sweep.series(lambda p: 100 * p.counterfactual.growth),
            }
            gains = {
                "static gain": sweep.series(lambda p: p.static_gain),
                "dynamic gain": sweep.series(lambda p: p.dynamic_gain),
                "welfare": sweep.series(lambda p: p.welfare_transition),
            }
            second, unit = gains, "per cent of consumption"
        else:
            lines = {"baseline": sweep.series(lambda p: 100 * p.growth)}
            second, unit = {"home share": sweep.series(lambda p: 100 * p.home_share)}, "per cent"
        for axis, content, head, label in (
            (axes[0], lines, "Growth of consumption", "per cent a year"),
            (axes[1], second, "Gains over the baseline" if compared else "Home share of spending", unit),
        ):
            for number, (name, series) in enumerate(content.items()):
                axis.plot(
                    values[order],
                    series[order],
                    color=COLOURS[number],
                    linestyle=DASHES[number],
                    marker=MARKERS[number] if len(values) <= 25 else "",
                    markersize=4,
                    label=name,
                )
            axis.set(title=head, xlabel=said(sweep.parameter), ylabel=label)
            axis.legend()
            _at_least(axis)
        return figure


def _at_least(axis: object, span: float = 1e-6) -> None:
    """Widen an axis on which nothing moves, so that rounding is not drawn as if it were a result."""
    low, high = axis.get_ylim()  # type: ignore[attr-defined]
    if high - low < span:
        middle = (low + high) / 2
        half = 0.1 * abs(middle) or 1.0
        axis.set_ylim(middle - half, middle + half)  # type: ignore[attr-defined]
