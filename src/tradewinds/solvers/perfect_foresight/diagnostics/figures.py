"""Figures of an inspection: equations by block, and roots against the unit circle; readable in black and white."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.plotting import COLOURS, add_source, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tradewinds.solvers.perfect_foresight.diagnostics.blocks import Structure
    from tradewinds.solvers.perfect_foresight.diagnostics.determinacy import Determinacy
    from tradewinds.solvers.perfect_foresight.diagnostics.inspection import Inspection

__all__ = ["plot_inspection"]

#: Roots of a larger modulus are counted in the heading and not drawn.
FARTHEST = 2.0
#: Models of at most so many equations have them named on the axes.
NAMED = 24


def plot_inspection(found: Inspection, title: str = "") -> Figure:
    """Return the figure of an inspection."""
    from matplotlib.figure import Figure

    roots = found.determinacy is not None and found.determinacy.roots.size > 0
    with style():
        figure = Figure(figsize=(9.6, 5.4) if roots else (5.6, 5.8))
        axes = figure.subplots(1, 2 if roots else 1, squeeze=False).ravel()
        _draw_blocks(axes[0], found.structure)
        if roots and found.determinacy is not None:
            _draw_roots(axes[1], found.determinacy)
        handles = [axis.get_legend_handles_labels() for axis in axes]
        marks, names = ([mark for pair in handles for mark in pair[k]] for k in (0, 1))
        figure.legend(marks, names, loc="outside upper right", ncols=6)
        figure.suptitle(title or f"Model {found.model.name}", x=0.01, ha="left", fontsize=11, fontweight="bold")
        add_source(figure, f"Source: model {found.model.name}, its own derivatives.")
    return figure


def _draw_blocks(axis: Axes, structure: Structure) -> None:
    """Draw which equation reads which unknown, in the order of the blocks over time."""
    from matplotlib.patches import Rectangle

    pattern, n = structure.pattern, structure.pattern.size
    row, column = np.empty(n, dtype=int), np.empty(n, dtype=int)
    row[[k for block in structure.over_time for k in block.equations]] = np.arange(n)
    column[[k for block in structure.over_time for k in block.unknowns]] = np.arange(n)
    size = float(np.clip(900.0 / n, 0.8, 28.0))
    looks = (
        (0, "s", COLOURS[0], "this period", size),
        (-1, "<", COLOURS[5], "lag", max(2.0 * size, 5.0)),
        (1, ">", COLOURS[2], "lead", max(2.0 * size, 5.0)),
    )
    for slot, marker, colour, name, area in looks:
        here = pattern.slots == slot
        axis.scatter(
            column[pattern.columns[here]] + 0.25 * slot * (n <= NAMED),  # beside a mark of this period, not on it
            row[pattern.rows[here]],
            s=area,
            marker=marker,
            color=colour,
            linewidths=0,
        )
        axis.scatter([], [], s=24, marker=marker, color=colour, linewidths=0, label=name)
    start = 0
    for block in structure.over_time:
        if block.size > 1:
            axis.add_patch(
                Rectangle(
                    (start - 0.5, start - 0.5), block.size, block.size, fill=False, linewidth=1.1, edgecolor="#000000"
                )
            )
        start += block.size
    axis.set_xlim(-0.5, n - 0.5)
    axis.set_ylim(n - 0.5, -0.5)
    axis.set_aspect("equal")
    axis.grid(visible=False)
    for spine in axis.spines.values():
        spine.set_visible(True)
    core = sum(block.size for block in structure.over_time if block.part == "core")
    axis.set_title(
        f"{n} equations in {len(structure.over_time)} blocks, {core} in the core", fontsize=10, fontweight="normal"
    )
    axis.set_ylabel("equation")
    if n > NAMED:
        axis.set_xlabel("unknown, in order of solution")
        return
    blocks = structure.over_time
    axis.set_yticks(
        range(n), [structure.model.equation_labels[k] for block in blocks for k in block.equations], fontsize=7
    )
    names = [structure.model.unknown_labels[k] for block in blocks for k in block.unknowns]
    axis.set_xticks(range(n), names, fontsize=7, rotation=90)
    axis.set_xlabel("unknown, in order of solution")


def _draw_roots(axis: Axes, determinacy: Determinacy) -> None:
    """Draw the roots against the unit circle."""
    roots = determinacy.roots
    near = np.abs(roots) <= FARTHEST
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    axis.plot(np.cos(angle), np.sin(angle), color="#444444", linewidth=1.0)
    kinds = np.array([_kind_of(root) for root in roots])
    for kind, marker, filled in (("inside", "o", True), ("on the circle", "s", False), ("outside", "^", False)):
        chosen = roots[near & (kinds == kind)]
        if chosen.size:
            axis.scatter(
                chosen.real,
                chosen.imag,
                s=26,
                marker=marker,
                facecolors=COLOURS[1] if filled else "none",
                edgecolors=COLOURS[1] if filled else COLOURS[2],
                linewidths=1.1,
                label=f"{kind} ({int(np.sum(kinds == kind))})",
            )
    far = int(np.sum(~near))
    away = f"; {far} farther than {FARTHEST:g} not drawn" if far else ""
    axis.set_title(f"{determinacy.headline}\nroots at {determinacy.year}{away}", fontsize=10, fontweight="normal")
    axis.set_xlim(-FARTHEST - 0.1, FARTHEST + 0.1)
    axis.set_ylim(-FARTHEST - 0.1, FARTHEST + 0.1)
    axis.set_aspect("equal")
    axis.set_xlabel("real part")
    axis.set_ylabel("imaginary part")


def _kind_of(root: complex) -> str:
    from tradewinds.solvers.perfect_foresight.diagnostics.determinacy import kind_of

    return {"stable": "inside", "unit": "on the circle", "unstable": "outside"}[kind_of(root)]
