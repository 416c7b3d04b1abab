"""The figure a minister could read: what each model says the liberalisation is worth, and what it does to growth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tradewinds.compare.lines import BEFORE, Line
from tradewinds.compare.members import Member
from tradewinds.compare.results import Comparison
from tradewinds.compare.signs import sign_of
from tradewinds.plotting import COLOURS, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["GROUPS", "grouped", "plot_comparison"]

#: Headings of groups, in their order.
GROUPS = ("No growth in the model", "Growth stays", "Growth rises", "Growth falls", "Not run")

_INK, _BLUE = COLOURS[0], COLOURS[1]


def grouped(comparison: Comparison) -> Iterator[tuple[str, list[Line]]]:
    """Yield groups of lines by what growth does at home, each in the order of total gains."""

    def group(line: Line) -> str:
        change = line.get("growth_change")
        if line.failure:
            return GROUPS[4]
        return GROUPS[0] if change is None else GROUPS[{0: 1, 1: 2, -1: 3}[sign_of(change)]]

    for name in GROUPS:
        found = [line for line in comparison.lines if group(line) == name]
        found.sort(key=lambda line: -(line.get("welfare_transition") or 0.0))
        if found:
            yield name, found


def plot_comparison(comparison: Comparison) -> Figure:
    """Return the dot plot: static and total gain left, the effect on growth right; a row a model.

    A hollow dot is the static gain, a full one the total with transition; bars are the central range of the draws. The arrow
    between the dots is what growth adds or takes away.
    """
    from matplotlib.figure import Figure

    rows: list[tuple[str, Line | None]] = []
    for name, lines in grouped(comparison):
        rows.append((name, None))
        rows += [(Member(line.name, line.variant).title, line) for line in lines]
    with style():
        figure = Figure(figsize=(9.6, 1.9 + 0.265 * len(rows)))
        left, right = figure.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": (1.7, 1)})
        for place, (_, line) in enumerate(rows):
            if line is not None:
                _gains(left, comparison, line, place)
                _growth(right, comparison, line, place)
        _frame(left, right, rows)
        _legend(figure, comparison)
        figure.suptitle(_title(comparison), x=0.01, ha="left", fontsize=12, fontweight="bold")
        strip = 0.85 / figure.get_figheight()  # legend and source stand below what the layout may use
        figure.set_layout_engine("constrained", rect=(0, strip, 1, 1 - strip))
        source = "Every model calibrated to the same facts. Source: own calculations with tradewinds; references in the report."
        figure.text(0.01, 0.08 * strip, source, fontsize=7.5, color="#444444")
    return figure


def _title(comparison: Comparison) -> str:
    before, after = comparison.facts.home_share, comparison.shock.after(comparison.facts)
    way = "What freer trade is worth" if after <= before else "What less trade costs"
    return f"{way}: home share of spending from {100 * before:.1f} to {100 * after:.1f} per cent"


def _gains(axes: Axes, comparison: Comparison, line: Line, place: int) -> None:
    if line.failure:
        axes.text(0.0, place, " not run: reason in the table", va="center", fontsize=8, style="italic")
        return
    static, total = line.get("static_gain"), line.get("welfare_transition")
    assert total is not None  # what was run has a total
    for variable, offset, width in (("static_gain", 0.2, 1.2), ("welfare_transition", -0.0, 3.6)):
        found = comparison.range(line, variable)
        if found is not None:
            tone = _INK if variable == "static_gain" else "#9A9A9A"
            axes.plot(found[::2], [place + offset] * 2, color=tone, linewidth=width, solid_capstyle="butt", zorder=1.5)
    if static is not None:
        if abs(total - static) > 0.05:
            arrow = {"arrowstyle": "-|>", "color": _BLUE, "linewidth": 1.0, "shrinkA": 3, "shrinkB": 3}
            axes.annotate("", (total, place), (static, place), arrowprops=arrow, zorder=2)
        axes.plot(static, place, "o", markersize=6.5, markerfacecolor="white", markeredgecolor=_INK, zorder=3)
    size = 5.5 if static is None or abs(total - static) > 0.05 else 3.0
    axes.plot(total, place, "o", markersize=size, color=_BLUE, zorder=4)


def _growth(axes: Axes, comparison: Comparison, line: Line, place: int) -> None:
    change = line.get("growth_change")
    if change is None:
        return
    found = comparison.range(line, "growth_change")
    if found is not None:
        axes.plot(
            [100 * end for end in found[::2]],
            [place] * 2,
            color="#9A9A9A",
            linewidth=3.6,
            solid_capstyle="butt",
            zorder=1.5,
        )
    marker = {1: "^", 0: "o", -1: "v"}[sign_of(change)]
    axes.plot(100 * change, place, marker, markersize=6, color=_BLUE if sign_of(change) else _INK, zorder=3)
    abroad = line.get("growth_change", country="abroad")
    if abroad is not None and sign_of(abroad) != sign_of(change) and line.get("growth", BEFORE, "abroad"):
        axes.plot(100 * abroad, place, "x", markersize=5.5, color=_INK, zorder=3)


def _frame(left: Axes, right: Axes, rows: list[tuple[str, Line | None]]) -> None:
    left.set_yticks(range(len(rows)), [name for name, _ in rows])
    for text, (_, line) in zip(left.get_yticklabels(), rows, strict=True):
        if line is None:
            text.set_fontweight("bold")
        text.set_fontsize(9)
    left.set_ylim(len(rows) - 0.4, -0.6)
    for axes in (left, right):
        axes.axvline(0, color=_INK, linewidth=0.8, zorder=1)
        axes.tick_params(axis="y", length=0)
        for place, (_, line) in enumerate(rows):
            if line is None and place:
                axes.axhline(place - 0.5, color="#BBBBBB", linewidth=0.6, zorder=0.5)
    left.set_title("Gain at home")
    left.set_xlabel("per cent of consumption, for ever")
    right.set_title("Effect on growth at home")
    right.set_xlabel("percentage points a year")


def _legend(figure: Figure, comparison: Comparison) -> None:
    from matplotlib.lines import Line2D

    def dot(**how: Any) -> Line2D:
        return Line2D([], [], linestyle="none", **how)

    handles = [
        dot(marker="o", markerfacecolor="white", markeredgecolor=_INK, label="static gain: knowledge as it is"),
        dot(marker="o", color=_BLUE, label="total gain, with the years it takes"),
        dot(marker="^", color=_BLUE, label="growth rises"),
        dot(marker="v", color=_BLUE, label="growth falls"),
    ]
    if comparison.ensembles:
        share = f"{100 * comparison.coverage:.0f} per cent of draws"
        handles.append(Line2D([], [], color="#9A9A9A", linewidth=3.6, label=f"{share}, total (thin: static)"))
    drawn = [
        line
        for line in comparison.solved
        if (change := line.get("growth_change")) is not None
        and (abroad := line.get("growth_change", country="abroad")) is not None
        and sign_of(change) != sign_of(abroad)
        and line.get("growth", BEFORE, "abroad")
    ]
    if drawn:
        handles.append(dot(marker="x", color=_INK, label="abroad, where its growth moves another way"))
    figure.legend(
        handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.3 / figure.get_figheight()), ncols=3, fontsize=8.5
    )
