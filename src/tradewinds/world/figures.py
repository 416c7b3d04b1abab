"""Figures of world simulations, in the manner of the paper's Figures 1 to 3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tradewinds.solvers.perfect_foresight.figures import plot_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.world.results import WorldResult

__all__ = ["plot_result"]

_LEFT = {"potential output": "potential_output", "productivity (log)": "tfp"}
_RIGHT = {"consumption": "consumption", "investment": "investment", "capital": "capital"}


def plot_result(result: WorldResult, where: Sequence[str] = ()) -> Figure:
    """Return two panels a country or group: output and productivity; consumption, investment and capital."""
    import xarray

    places = (
        list(where) or list(dict.fromkeys(code for shock in result.simulation.shocks for code in shock.countries))[:1]
    )
    places = places or ["all"]
    panels: dict[str, dict[str, xarray.DataArray]] = {}
    for place in places:
        heading = result.calibration.names.get(place, place.replace("_", " "))
        for chosen, what in ((_LEFT, "output"), (_RIGHT, "demand")):
            panels[f"{heading}: {what}"] = {
                label: xarray.DataArray(result.deviation(name, place), dims="year", coords={"year": list(result.years)})
                for label, name in chosen.items()
            }
    flag = "" if result.ok else " NOT SOLVED."
    return plot_panels(
        panels,
        dict.fromkeys(panels, "deviation, per cent"),
        result.name,
        f"Source: world model of Bayoumi, Coe and Helpman (1996), calibration {result.calibration.name}.{flag}",
    )
