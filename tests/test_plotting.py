"""The figure style: the same bytes on every run, and nothing left behind."""

from __future__ import annotations

import matplotlib
import matplotlib.colors
import numpy as np
import pytest
from matplotlib.figure import Figure

from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style, to_svg


def figure() -> Figure:
    with style():
        made = Figure()
        axes = made.add_subplot()
        x = np.linspace(0, 1, 20)
        for colour, dash, marker in zip(COLOURS, DASHES, MARKERS, strict=True):
            axes.plot(x, x ** (1 + len(axes.lines)), color=colour, linestyle=dash, marker=marker, label=marker)
        axes.fill_between(x, 0, x, alpha=0.2)
        axes.set_title("Stocks")
        axes.legend()
        add_source(made, "Source: Keller (1997), Table A-7")
        return made


def test_svg_is_the_same_on_every_run():
    first = to_svg(figure())
    assert first == to_svg(figure())
    once = figure()
    assert to_svg(once) == to_svg(once)
    assert first.lstrip().startswith("<?xml")
    assert "</svg>" in first
    assert "<dc:date>" not in first


def test_svg_does_not_depend_on_the_settings_of_the_user():
    ours = to_svg(figure())
    theirs = {
        "font.family": "serif",
        "lines.linewidth": 5,
        "figure.dpi": 300,
        "axes.facecolor": "red",
        "savefig.pad_inches": 1,
    }
    with matplotlib.rc_context(theirs):
        assert to_svg(figure()) == ours
        assert matplotlib.rcParams["lines.linewidth"] == 5


def test_source_line_is_drawn():
    with_source, without = figure(), figure()
    without._supxlabel.set_text("")
    assert to_svg(with_source) != to_svg(without)
    assert with_source._supxlabel.get_text() == "Source: Keller (1997), Table A-7"


def test_style_does_not_leak():
    before = dict(matplotlib.rcParams)
    to_svg(figure())
    assert dict(matplotlib.rcParams) == before
    with pytest.raises(RuntimeError, match="inside"), style():
        assert matplotlib.rcParams["svg.hashsalt"] == "tradewinds"
        raise RuntimeError("inside")
    assert dict(matplotlib.rcParams) == before


def test_nothing_is_registered_with_pyplot():
    from matplotlib import _pylab_helpers

    before = list(_pylab_helpers.Gcf.figs)
    to_svg(figure())
    assert list(_pylab_helpers.Gcf.figs) == before


def test_lines_differ_without_colour():
    assert len(COLOURS) == len(DASHES) == len(MARKERS)
    assert len(set(map(str, DASHES))) == len(DASHES)
    assert len(set(MARKERS)) == len(MARKERS)
    assert len({matplotlib.colors.to_rgb(colour) for colour in COLOURS}) == len(COLOURS)
