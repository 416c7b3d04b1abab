"""tradewinds: a laboratory of trade, knowledge and growth.

The namespace is lazy: ``import tradewinds`` is light, and a heavy library loads when something that needs it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tradewinds import data, measure, solvers, spillovers, world
    from tradewinds.citations import cite
    from tradewinds.errors import ConvergenceError, InputError, TradewindsError, TradewindsWarning

#: public name -> (module that defines it, attribute or None for the module itself)
_PUBLIC: dict[str, tuple[str, str | None]] = {
    "ConvergenceError": ("tradewinds.errors", "ConvergenceError"),
    "InputError": ("tradewinds.errors", "InputError"),
    "TradewindsError": ("tradewinds.errors", "TradewindsError"),
    "TradewindsWarning": ("tradewinds.errors", "TradewindsWarning"),
    "cite": ("tradewinds.citations", "cite"),
    "data": ("tradewinds.data", None),
    "measure": ("tradewinds.measure", None),
    "solvers": ("tradewinds.solvers", None),
    "spillovers": ("tradewinds.spillovers", None),
    "world": ("tradewinds.world", None),
}

__all__ = [
    "ConvergenceError",
    "InputError",
    "TradewindsError",
    "TradewindsWarning",
    "__version__",
    "cite",
    "data",
    "measure",
    "solvers",
    "spillovers",
    "world",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'tradewinds' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    loaded = importlib.import_module(module)
    return loaded if attribute is None else getattr(loaded, attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
