"""Figures of the replication: every mechanism at a glance, the corrected density of firms, and Sampson's gains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth import mechanisms
from tradewinds.plotting import COLOURS, DASHES, add_source, style, to_svg
from tradewinds.replications.grossman_helpman.numbers import COLUMNS, Cut
from tradewinds.report import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

__all__ = ["adoption_figure", "glance", "sampson_figure"]


def glance(name: str) -> Figure:
    """Return the figure of a mechanism at its standard calibration."""
    mechanism = mechanisms[name]
    return Figure(
        f"{mechanism.title}, at a glance",
        to_svg(mechanism.plot()),
        f"The mechanism {name} at its standard calibration; panels and lines are named in the figure.",
    )


def adoption_figure(cuts: Mapping[str, Cut]) -> Figure:
    """Return the density of firms and growth over trade costs, by the published and by the corrected equations."""
    return Figure(
        "What the correction changes",
        to_svg(_draw_adoption(cuts)),
        "Left: the published density of firms is highest at the adoption threshold, the corrected one is zero there. Right: "
        "growth over the trade cost rises as trade gets cheaper, more steeply with the published equations.",
    )


def _draw_adoption(cuts: Mapping[str, Cut]) -> Drawn:
    from matplotlib.figure import Figure as New

    mechanism: Any = mechanisms["perla-tonetti-waugh"]
    with style():
        figure = New(figsize=(9.6, 4.2))
        left, right = figure.subplots(1, 2)
        z = np.geomspace(1, 2, 401)
        for i, (variant, column) in enumerate(COLUMNS.items()):
            p: Any = cuts[variant].cheaper.baseline.parameters
            look = {"color": COLOURS[i], "linestyle": DASHES[i], "label": f"equations {column}"}
            left.plot(z, _density(variant, p, cuts[variant].cheaper.baseline.growth, z), **look)
            scale = np.linspace(0.75, 1.5, 31)
            growth = mechanism.sweep(p, variant=variant, trade_cost=1 + scale * (p.trade_cost - 1))["growth"]
            right.plot(100 * (scale - 1), 100 * growth, **look)
        left.set(
            title="Firms at the threshold adopt at once",
            xlabel="productivity over that of the threshold",
            ylabel="density of firms",
        )
        right.axvline(-10, color="black", linewidth=0.8, linestyle=DASHES[3])
        right.set(
            title="Growth and trade costs",
            xlabel="change of the trade cost less one, per cent",
            ylabel="per cent a year",
        )
        for axis in (left, right):
            axis.legend()
        add_source(figure, "tradewinds; model: Perla, Tonetti and Waugh (2021), each variant at its own calibration.")
        return figure


def _density(variant: str, p: Any, growth: float, z: Any) -> Any:
    """Return the density of firms: Pareto, or the difference of two powers that vanishes at the threshold."""
    theta = p.pareto_shape
    if variant == "published":
        return theta * z ** (-theta - 1)
    xi = 2 * (growth - p.drift) / p.volatility**2 - theta
    return theta * xi / (xi - theta) * (z ** (-theta - 1) - z ** (-xi - 1))


def sampson_figure() -> Figure:
    """Return Sampson's gains over the import share, static and with growth."""
    return Figure(
        "Gains from trade with dynamic selection",
        to_svg(_draw_sampson()),
        "Gains from opening, per cent of consumption, over the import share: those with growth are about three times the static "
        "ones where imports are few, and more than that where they are many.",
    )


def _draw_sampson() -> Drawn:
    from matplotlib.figure import Figure as New

    mechanism: Any = mechanisms["sampson"]
    p = mechanism.parameters()
    costs = [3.0, 2.0, 1.7, 1.5, p.trade_cost, 1.3, 1.2, 1.1, 1.05, 1.0]
    found = [mechanism.counterfactual(p.replace(trade_cost=np.inf), {"trade_cost": cost}) for cost in costs]
    imports = [100 * (1 - f.counterfactual.home_share) for f in found]
    with style():
        figure = New(figsize=(7.2, 4.4))
        axis = figure.add_subplot()
        for i, (label, values) in enumerate(
            {
                "with growth": [f.welfare_transition for f in found],
                "static": [f.static_gain for f in found],
                "three times the static gain": [3 * f.static_gain for f in found],
            }.items()
        ):
            axis.plot(imports, values, color=COLOURS[i], linestyle=DASHES[i], label=label)
        here = costs.index(p.trade_cost)
        axis.plot([imports[here]], [found[here].welfare_transition], color=COLOURS[0], marker="o")
        where = (imports[here], found[here].welfare_transition)
        axis.annotate("United States", where, (0, 10), textcoords="offset points", ha="right")
        axis.set(
            title="Gains from opening, Sampson's calibration",
            xlabel="imports, per cent of spending",
            ylabel="per cent of consumption",
        )
        axis.legend()
        add_source(figure, "tradewinds; model: Sampson (2016), calibration from memory of the article.")
        return figure
