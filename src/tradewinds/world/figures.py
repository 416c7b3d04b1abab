"""Figures of world simulations, in the manner of the paper's Figures 1 to 3, by country, and scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.solvers.perfect_foresight.figures import MOST_LINES, plot_panels

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

    from tradewinds.world.results import WorldResult

__all__ = ["plot_countries", "plot_result", "plot_scenarios"]

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
    places = (
        list(where) or list(dict.fromkeys(code for shock in result.simulation.shocks for code in shock.countries))[:1]
    )
    named = (
        where
        if isinstance(where, Mapping) and where
        else {_heading(result, place): place for place in places or ["all"]}
    )
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
