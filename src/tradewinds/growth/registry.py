"""The mechanisms by name, each loaded when it is first asked for."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any

from tradewinds.errors import InputError, did_you_mean
from tradewinds.growth.interface import Mechanism

__all__ = ["Registry", "mechanisms"]

#: Public name -> module of this package; each module has a ``MECHANISM``.
_MODULES: Mapping[str, str] = {
    "variety-expansion": "variety_expansion",
    "quality-ladders": "quality_ladders",
    "partial-spillovers": "partial_spillovers",
    "heckscher-ohlin-innovation": "heckscher_ohlin_innovation",
    "national-spillovers": "national_spillovers",
    "feenstra": "feenstra",
    "young": "young",
    "baldwin-robert-nicoud": "baldwin_robert_nicoud",
    "peretto-valente": "peretto_valente",
    "perla-tonetti-waugh": "perla_tonetti_waugh",
    "sampson": "sampson",
    "alvarez-buera-lucas": "alvarez_buera_lucas",
    "buera-oberfield": "buera_oberfield",
}


class Registry(Mapping[str, Mechanism[Any]]):
    """Mechanisms by public name, in the order of the survey."""

    def __getitem__(self, name: str) -> Mechanism[Any]:
        if name not in self._names():
            raise InputError(
                f"there is no mechanism {name!r}.{did_you_mean(str(name), self._names())} "
                f"Mechanisms: {', '.join(self._names())}."
            )
        module = importlib.import_module(f"tradewinds.growth.{_MODULES[name]}")
        mechanism = module.MECHANISM
        assert isinstance(mechanism, Mechanism)
        return mechanism

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def _names(self) -> tuple[str, ...]:
        """Return the names whose module is there; looking for it does not load it."""
        return tuple(
            n for n, module in _MODULES.items() if importlib.util.find_spec(f"tradewinds.growth.{module}") is not None
        )


#: ``mechanisms["variety-expansion"].solve()`` and so on.
mechanisms = Registry()
