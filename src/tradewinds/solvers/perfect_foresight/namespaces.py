"""What equations read: values by name, of this period and of those around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewinds.errors import InputError, did_you_mean

__all__ = ["Exogenous", "Namespace"]


class Namespace:
    """Values by name, read as attributes; a name that is not there is an error that names the nearest."""

    __slots__ = ("_seen", "_values", "_what")

    def __init__(self, values: Mapping[str, Any], what: str, seen: set[tuple[str, str]] | None = None) -> None:
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_what", what)
        object.__setattr__(self, "_seen", set() if seen is None else seen)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            value = self._values[name]
        except KeyError:
            hint = did_you_mean(name, self._values)
            raise InputError(f"an equation reads {self._what}.{name}, which is not declared.{hint}") from None
        self._seen.add((self._what, name))
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        raise InputError(f"an equation sets {self._what}.{name}; equations return residuals and set nothing")


class Exogenous(Namespace):
    """Exogenous variables of this period, with ``.lag`` and ``.lead`` for those around it."""

    __slots__ = ("lag", "lead")

    def __init__(
        self,
        now: Mapping[str, Any],
        lag: Mapping[str, Any],
        lead: Mapping[str, Any],
        seen: set[tuple[str, str]] | None = None,
    ) -> None:
        super().__init__(now, "exogenous", seen)
        object.__setattr__(self, "lag", Namespace(lag, "exogenous.lag", seen))
        object.__setattr__(self, "lead", Namespace(lead, "exogenous.lead", seen))
