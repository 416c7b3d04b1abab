"""The world model: R&D, spillovers and trade of countries that foresee them (Bayoumi, Coe and Helpman 1996).

A :class:`Calibration` is a world in balance; :func:`simulate_world` says what shocks do to it::

    world = read_calibration("bayoumi-coe-helpman-1996")
    result = simulate_world(world, [WorldShock("rnd_spending", 0.005, ("US",))])
    print(result.summary())
"""

from tradewinds.world.calibration import Calibration, Value
from tradewinds.world.files import list_calibrations, read_calibration
from tradewinds.world.results import WorldResult
from tradewinds.world.scenario import SHOCKS, WorldShock, simulate_many_worlds, simulate_world

__all__ = [
    "SHOCKS",
    "Calibration",
    "Value",
    "WorldResult",
    "WorldShock",
    "list_calibrations",
    "read_calibration",
    "simulate_many_worlds",
    "simulate_world",
]
