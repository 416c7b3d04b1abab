"""One figure style: readable in print, in black and white, and for colour-blind readers.

Lines differ by dash and marker as well as by colour. Every figure carries a title, axis units and its source.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "DASHES", "MARKERS", "add_source", "style", "to_svg"]

#: Okabe-Ito palette, ordered from dark to light so that it also separates in grey.
COLOURS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#8A8A8A")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (7, 2)), (0, (3, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")

#: Settings of windows and of the machine, which a style leaves alone.
_MACHINE = ("backend", "docstring.", "interactive", "timezone", "toolbar", "tk.", "webagg.", "savefig.directory")

_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is on every machine
    "figure.figsize": (7.2, 4.4),
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "svg.hashsalt": "tradewinds",
    "svg.fonttype": "path",
}


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Apply the house style to the figures made inside the block, whatever the user's ``matplotlibrc`` says.

    Figures are made without ``pyplot``, so nothing is registered globally and nothing leaks.
    """
    import matplotlib

    defaults = {name: value for name, value in matplotlib.rcParamsDefault.items() if not str(name).startswith(_MACHINE)}
    with matplotlib.rc_context({**defaults, **_RC}):
        yield


def add_source(figure: Figure, text: str) -> None:
    """Write the source line under a figure."""
    figure.supxlabel(text, x=0.01, ha="left", fontsize=7.5, color="#444444")


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG text that is the same on every run."""
    buffer = io.StringIO()
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
