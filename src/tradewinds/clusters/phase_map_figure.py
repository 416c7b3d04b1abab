"""Figure of the map of who gains from trade; categories differ by shade and by hatching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.phase_map_results import CATEGORIES, PhaseMap
from tradewinds.plotting import add_source, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_map"]

#: Shade and hatching of each category, in their order.
_LOOKS = (("#7A7A7A", "xxx"), ("#BDD7EE", "///"), ("#F8D3B0", "\\\\\\"), ("#FFFFFF", ""))


def plot_map(found: PhaseMap, slices: Sequence[int]) -> Figure:
    """Draw a panel a slice of sigma: spillovers across, technology up."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    with style():
        figure = Figure(figsize=(1.2 + 2.9 * max(len(slices), 2), 4.2))
        axes = figure.subplots(1, len(slices), sharey=True, squeeze=False)[0]
        for axis, g in zip(axes, slices, strict=True):
            _draw(axis, found, g)
        axes[0].set_ylabel(f"technology of {_words(found.scaled)},\ntemplate = 1")
        handles = [
            Patch(facecolor=shade, hatch=hatch, edgecolor="#333333", linewidth=0.5, label=name)
            for name, (shade, hatch) in zip(CATEGORIES, _LOOKS, strict=True)
        ][::-1]
        figure.legend(handles=handles, loc="outside upper right", ncols=4, handlelength=2.4, handleheight=1.4)
        figure.suptitle("Who gains from trade", x=0.01, ha="left", fontsize=11, fontweight="bold")
        rates = f"{found.horizon:g} years discounted at {found.discount_rate:g}, risk aversion {found.risk_aversion:g}"
        add_source(
            figure,
            f"Hanlon (2012); welfare in trade against autarky, {rates}; dots: undecided within the error. tradewinds.",
        )
    return figure


def _draw(axis: Axes, found: PhaseMap, g: int) -> None:
    from matplotlib.patches import Rectangle

    x, y = _edges(found.spillover_scale), _edges(found.technology_scale)
    code = found.code[:, :, g]
    for place, (shade, hatch) in enumerate(_LOOKS):
        for row, first, last in _runs(code == place):
            axis.add_patch(
                Rectangle(
                    (x[first], y[row]), x[last] - x[first], y[row + 1] - y[row], facecolor=shade, hatch=hatch, edgecolor="#333333",
                    linewidth=0,
                )
            )  # fmt: skip
    _borders(axis, code, x, y)
    t, s = np.nonzero(found.undecided[:, :, g])
    axis.plot(found.spillover_scale[s], found.technology_scale[t], ".", color="black", markersize=1.5)
    axis.set_xlim(x[0], x[-1])
    axis.set_ylim(y[0], y[-1])
    axis.grid(visible=False)
    axis.set_xlabel("spillovers, template = 1")
    axis.set_title(f"sigma = {found.sigma[g]:.3g}", fontweight="normal", fontsize=10)


def _borders(axis: Axes, code: NDArray[np.int64], x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Draw lines between cells of different categories."""
    from matplotlib.collections import LineCollection

    rows, columns = np.nonzero(np.diff(code, axis=0))
    level = [[(x[c], y[r + 1]), (x[c + 1], y[r + 1])] for r, c in zip(rows, columns, strict=True)]
    rows, columns = np.nonzero(np.diff(code, axis=1))
    upright = [[(x[c + 1], y[r]), (x[c + 1], y[r + 1])] for r, c in zip(rows, columns, strict=True)]
    axis.add_collection(LineCollection(level + upright, colors="black", linewidths=1.0))


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Return runs of True in each row, as (row, first, one past the last)."""
    padded = np.pad(mask.astype(int), ((0, 0), (1, 1)))
    rows, starts = np.nonzero(np.diff(padded, axis=1) == 1)
    _, stops = np.nonzero(np.diff(padded, axis=1) == -1)
    return list(zip(rows.tolist(), starts.tolist(), stops.tolist(), strict=True))


def _edges(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return borders of cells around their centres."""
    if len(centres) == 1:
        return centres[0] + 0.5 * np.array([-1.0, 1.0]) * max(abs(centres[0]), 1e-12) * 0.1
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def _words(scaled: object) -> str:
    if isinstance(scaled, Mapping):
        return " and ".join(f"{country} {', '.join(str(i) for i in some)}" for country, some in scaled.items())
    return str(scaled)
