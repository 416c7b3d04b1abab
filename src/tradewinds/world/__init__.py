"""The world model: R&D, spillovers and trade of countries that foresee them (Bayoumi, Coe and Helpman 1996).

A :class:`Calibration` is a world in balance; :func:`simulate_world` says what shocks do to it::

    world = read_calibration("bayoumi-coe-helpman-1996")
    result = simulate_world(world, [WorldShock("rnd_spending", 0.005, ("US",))])
    print(result.summary())

The namespace is lazy: to read what parameters there are needs no library that solves models.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewinds.world.calibration import Calibration, Value
    from tradewinds.world.files import list_calibrations, read_calibration
    from tradewinds.world.results import WorldResult
    from tradewinds.world.scenario import SHOCKS, WorldShock, simulate_many_worlds, simulate_world
    from tradewinds.world.static_twin import LongRun, long_run

__all__ = [
    "SHOCKS",
    "Calibration",
    "LongRun",
    "Value",
    "WorldResult",
    "WorldShock",
    "list_calibrations",
    "long_run",
    "read_calibration",
    "simulate_many_worlds",
    "simulate_world",
]

#: public name -> the module that defines it
_HOMES = {
    "SHOCKS": "scenario",
    "Calibration": "calibration",
    "LongRun": "static_twin",
    "Value": "calibration",
    "WorldResult": "results",
    "WorldShock": "scenario",
    "list_calibrations": "files",
    "long_run": "static_twin",
    "read_calibration": "files",
    "simulate_many_worlds": "scenario",
    "simulate_world": "scenario",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
