"""What one model says about the shock: numbers by variable, regime and country, and words where there is no number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tradewinds.growth.results import UNITS as GROWTH_UNITS

__all__ = ["AFTER", "BEFORE", "FAILED", "UNITS", "Key", "Line", "UsedParameter", "failed_line", "label_of", "ninety"]

#: Variable, regime, country.
Key = tuple[str, str, str]

BEFORE, AFTER = "baseline", "counterfactual"

UNITS: Mapping[str, str] = {
    name: GROWTH_UNITS[name]
    for name in (
        "growth", "innovation", "home_share", "interest_rate", "static_gain", "dynamic_gain", "welfare_steady_state",
        "welfare_transition", "half_life",
    )
} | {"growth_change": "a year", "years_to_ninety": "years"}  # fmt: skip

#: The one reason for every number of a model that could not be run.
FAILED = "not run"


@dataclass(frozen=True)
class UsedParameter:
    """A parameter of a model as it was used.

    Attributes
    ----------
    name, symbol, unit, source, bounds : str
    value : float or list
    """

    name: str
    value: Any
    symbol: str = ""
    unit: str = ""
    source: str = ""
    bounds: str = ""


@dataclass(frozen=True, eq=False)
class Line:
    """One model under the shock.

    Attributes
    ----------
    name, variant : str
    kind : str
        ``mechanism`` of growth, or ``static``, ``learning``, ``world`` for what stands beside them.
    shock : str
        How the shock was put to it.
    values : mapping of (variable, regime, country) to float
        Gains stand under the regime ``counterfactual``; countries are ``home`` and ``abroad``.
    missing : mapping of str to str
        Variable -> why there is no number.
    why : str
        One line.
    notes : tuple of str
        What a reader must know to use the numbers.
    parameters : tuple of UsedParameter
    citation_keys : tuple of str
    failure : str
        Why the model could not be run at these facts; empty where it was.
    """

    name: str
    variant: str
    kind: str
    shock: str = ""
    values: Mapping[Key, float] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    notes: tuple[str, ...] = ()
    parameters: tuple[UsedParameter, ...] = ()
    citation_keys: tuple[str, ...] = ()
    failure: str = ""

    @property
    def label(self) -> str:
        """Name and variant, as figures and tables have them."""
        return label_of(self.name, self.variant)

    def get(self, variable: str, regime: str = AFTER, country: str = "home") -> float | None:
        """Return a number, or None where there is none: :meth:`reason` says why."""
        return self.values.get((variable, regime, country))

    def reason(self, variable: str) -> str:
        """Return why there is no number of a variable; empty where there is one."""
        if any(name == variable for name, _, _ in self.values):
            return ""
        return self.missing.get(variable, FAILED if self.failure else "not a variable of this model")

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one number a row."""
        for (variable, regime, country), value in self.values.items():
            yield {
                "variable": variable,
                "value": value,
                "unit": UNITS[variable],
                "mechanism": self.name,
                "variant": self.variant,
                "regime": regime,
                "country": country,
            }


def label_of(name: str, variant: str) -> str:
    """Return name and variant in one.

    Examples
    --------
    >>> label_of("sampson", "dynamic-selection"), label_of("acr", "")
    ('sampson: dynamic-selection', 'acr')
    """
    return f"{name}: {variant}" if variant else name


def failed_line(name: str, variant: str, kind: str, reason: str, citation_keys: tuple[str, ...] = ()) -> Line:
    """Return the line of a model that has no answer at these facts."""
    return Line(name, variant, kind, failure=reason, citation_keys=citation_keys)


def ninety(time: Any, consumption: Any, growth: float) -> float:
    """Return the years after which consumption has covered, and keeps covered, 90 per cent of its way to its new trend.

    Parameters
    ----------
    time, consumption : array_like, shape (T,)
        From the day of the change; the end counts as arrived.
    growth : float
        Of consumption on the new trend.

    Examples
    --------
    >>> years = np.linspace(0, 400, 4001)
    >>> round(
    ...     ninety(years, np.exp(0.02 * years - np.exp(-0.1 * years)), 0.02), 2
    ... )  # half of the gap goes in ln 2 / 0.1 years
    23.03
    """
    years, gap = np.asarray(time, dtype=float), np.log(np.asarray(consumption, dtype=float))
    gap = gap - growth * years
    gap = np.abs(gap - gap[-1])
    bound = 0.1 * gap[0]
    if gap[0] < 1e-9:
        return 0.0
    outside = np.nonzero(gap > bound)[0]
    last = int(outside[-1])
    if last + 1 >= len(years):
        return float(years[-1])
    share = (gap[last] - bound) / (gap[last] - gap[last + 1])
    return float(years[last] + share * (years[last + 1] - years[last]))
