"""Many countries with trade costs: Eaton and Kortum (2002) within industries, learning by clusters between them (Hanlon 2012).

The namespace is lazy: to read what parameters there are needs no library that differentiates models.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewinds.clusters.many.equilibrium import solve_many
    from tradewinds.clusters.many.parameters import MANY_DEFINITIONS, ManyParameters
    from tradewinds.clusters.many.path_results import ManyPath
    from tradewinds.clusters.many.results import ManyEquilibrium
    from tradewinds.clusters.many.simulate import simulate_many
    from tradewinds.clusters.many.welfare import welfare_function

__all__ = [
    "MANY_DEFINITIONS",
    "ManyEquilibrium",
    "ManyParameters",
    "ManyPath",
    "simulate_many",
    "solve_many",
    "welfare_function",
]

#: public name -> the module that defines it
_HOMES = {
    "MANY_DEFINITIONS": "parameters",
    "ManyEquilibrium": "results",
    "ManyParameters": "parameters",
    "ManyPath": "path_results",
    "simulate_many": "simulate",
    "solve_many": "equilibrium",
    "welfare_function": "welfare",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
