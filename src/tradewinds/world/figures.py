"""Figures of world simulations, in the manner of the paper's Figures 1 to 3, by country, and scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.plotting import style
from tradewinds.solvers.perfect_foresight.figures import MOST_LINES, finish_figure, label_axis, plot_panels
from tradewinds.solvers.perfect_foresight.scenarios import INTERACTION
from tradewinds.world.variables import MEASURES

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tradewinds.world.results import WorldResult

__all__ = ["plot_contributions", "plot_countries", "plot_result", "plot_scenarios"]

#: Unit of an axis by measure of a deviation.
_AXES = {"percent": "per cent", "log": "100 × log", "points": "percentage points"}
#: Fills of stacked bars, from light to dark so that they separate in grey too, and hatches that go with them.
_FILLS = ("#D9E8F2", "#F0C9A8", "#8FBFA8", "#C9C9C9", "#E8B9D0", "#A8CBE8", "#F2D58A", "#8A8A8A")
_HATCHES = ("////", "....", "\\\\\\\\", "xxxx", "----", "oo", "||||", "")
#: Bars of a panel.
_BARS = 9

_LEFT = {"potential output": "potential_output", "productivity (log)": "tfp"}
_RIGHT = {"consumption": "consumption", "investment": "investment", "capital": "capital"}
#: Variables of the figure by country, with heading and unit of the axis.
_BY_COUNTRY = {
    "potential_output": ("potential output", "per cent"),
    "tfp": ("productivity", "100 × log"),
    "consumption": ("consumption", "per cent"),
    "real_exchange_rate": ("real exchange rate", "per cent"),
}


def plot_result(result: WorldResult, where: Sequence[str] | Mapping[str, str] = ()) -> Figure:
    """Return two panels a country or group: output and productivity above consumption, investment and capital.

    Parameters
    ----------
    result : WorldResult
    where : sequence of str, or mapping
        Countries or groups; or headings and the countries and groups they stand for.
    """
    named = _named(result, where)
    panels = {
        f"{heading}: {what}": {label: _path(result, name, place) for label, name in chosen.items()}
        for chosen, what in ((_LEFT, "output"), (_RIGHT, "demand"))
        for heading, place in named.items()
    }
    return plot_panels(
        panels,
        dict.fromkeys(panels, "deviation, per cent"),
        _title(result, "deviation from baseline"),
        _source([result]),
    )


def plot_countries(result: WorldResult) -> Figure:
    """Return a panel a variable and a line a country; of many countries, those in which output moves most."""
    codes = list(result.calibration.codes)
    if len(codes) > MOST_LINES:
        size = {code: float(np.max(np.abs(result.deviation("potential_output", code)))) for code in codes}
        kept = sorted(codes, key=lambda code: -size[code])[:MOST_LINES]
        codes = [code for code in codes if code in kept]
    panels = {head: {code: _path(result, name, code) for code in codes} for name, (head, _) in _BY_COUNTRY.items()}
    units = dict(_BY_COUNTRY.values())
    return plot_panels(panels, units, _title(result, "deviation from baseline by country"), _source([result]))


def plot_contributions(
    result: WorldResult, where: Sequence[str] | Mapping[str, str] = (), variable: str = "potential_output"
) -> Figure:
    """Return what each shock contributes to a variable's deviation: a panel a country or group, stacked bars by year.

    Bars go up and down from zero; the line is what all shocks do together. Of many shocks those that matter least are drawn as one.

    Parameters
    ----------
    result : WorldResult
    where : sequence of str, or mapping
        As in :func:`plot_result`.
    variable : str
    """
    from matplotlib.figure import Figure

    named = _named(result, where)
    paths = _pooled({heading: result.contribution(variable, place) for heading, place in named.items()})
    columns = min(len(paths), 3)
    rows = -(-len(paths) // columns)
    with style():
        figure = Figure(figsize=(7.2 if columns < 3 else 9.6, 4.4 if len(paths) == 1 else 1.6 + 2.6 * rows))
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for axis, (heading, parts) in zip(axes, paths.items(), strict=False):
            _stack(axis, parts)
            label_axis(axis, heading, _AXES[MEASURES[variable]])
        for axis in axes[len(paths) :]:
            axis.remove()
        title = _title(result, f"what each shock contributes to {variable.replace('_', ' ')}")
        finish_figure(figure, title, _source([result]), columns=3)
    return figure


def _pooled(paths: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return contributions with the least of the shocks taken together, where there are more than can be told apart."""
    import pandas as pd

    most = len(_HATCHES) - 2
    size = pd.concat([parts.drop(columns=INTERACTION).abs().max() for parts in paths.values()], axis=1).max(axis=1)
    if len(size) <= most + 1:
        return dict(paths)
    kept = [label for label in size.index if label in size.nlargest(most).index]
    found = {}
    for heading, parts in paths.items():
        rest = parts.drop(columns=[*kept, INTERACTION]).sum(axis=1)
        found[heading] = parts[kept].assign(
            **{f"{len(size) - most} other shocks": rest, INTERACTION: parts[INTERACTION]}
        )
    return found


def _stack(axis: Axes, parts: pd.DataFrame) -> None:
    """Draw contributions of a few years as bars, those above zero upon one another and those below it likewise."""
    chosen = np.arange(len(parts) - 1, -1, -max(1, -(-len(parts) // _BARS)))[::-1]
    years = parts.index.to_numpy()[chosen]
    width = 0.7 * float(np.min(np.diff(years), initial=10))
    above, below = np.zeros(chosen.size), np.zeros(chosen.size)
    for number, (label, column) in enumerate(parts.items()):
        values = column.to_numpy()[chosen]
        start = np.where(values >= 0, above, below)
        face, hatch = (
            (_FILLS[number % len(_FILLS)], _HATCHES[number % len(_HATCHES)]) if label != INTERACTION else ("white", "")
        )
        axis.bar(years, values, width, start, label=label, color=face, hatch=hatch, edgecolor="black", linewidth=0.6)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    total = parts.sum(axis=1)
    axis.plot(
        total.index,
        total,
        color="black",
        linewidth=1.4,
        marker="o",
        markersize=3.5,
        markevery=list(chosen),
        label="together",
    )


def plot_scenarios(results: Sequence[WorldResult], where: Mapping[str, str], variable: str, unit: str) -> Figure:
    """Return a panel a place and a line a scenario.

    Parameters
    ----------
    results : sequence of WorldResult
    where : mapping
        Heading of a panel -> country or group.
    variable, unit : str
    """
    panels = {
        heading: {result.name: _path(result, variable, place) for result in results[:MOST_LINES]}
        for heading, place in where.items()
    }
    title = f"{variable.replace('_', ' ').capitalize()}, deviation from baseline"
    return plot_panels(panels, dict.fromkeys(panels, unit), title, _source(results))


def _named(result: WorldResult, where: Sequence[str] | Mapping[str, str]) -> Mapping[str, str]:
    """Return headings and what they stand for; by default the first country that is shocked."""
    if isinstance(where, Mapping) and where:
        return where
    shocked = dict.fromkeys(code for shock in result.simulation.shocks for code in shock.countries)
    return {_heading(result, place): place for place in list(where) or list(shocked)[:1] or ["all"]}


def _title(result: WorldResult, what: str) -> str:
    return f"{result.name}: {what}"


def _heading(result: WorldResult, place: str) -> str:
    return result.calibration.names.get(place, place.replace("_", " "))


def _path(result: WorldResult, variable: str, place: str) -> xarray.DataArray:
    import xarray

    return xarray.DataArray(result.deviation(variable, place), dims="year", coords={"year": list(result.years)})


def _source(results: Sequence[WorldResult]) -> str:
    unsolved = [result.name for result in results if not result.ok]
    flag = f" NOT SOLVED: {', '.join(unsolved)}." if unsolved else ""
    names = ", ".join(dict.fromkeys(result.calibration.name for result in results))
    return f"Source: world model of Bayoumi, Coe and Helpman (1996), calibration {names}.{flag}"
