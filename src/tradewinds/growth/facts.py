"""Facts that every mechanism can be calibrated to, conditions that a solution must meet, and advice where it fails."""

from __future__ import annotations

import dataclasses
import functools
import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tradewinds.errors import InputError

__all__ = ["ADVICE", "Condition", "Facts", "takes_facts"]

#: What to try where the equations do not hold; users of a mechanism set neither starting points nor iterations.
ADVICE = "Move parameters toward the standard calibration, or change less at once; if it stays, report it with the parameters."


@dataclass(frozen=True)
class Condition:
    """What a solution must meet to be one: transversality, tail indices, interior solutions.

    Attributes
    ----------
    name : str
        Such as ``transversality``.
    holds : bool or ndarray of bool
    message : str
        What is wrong where it fails, with the bound, and what to try.
    """

    name: str
    holds: Any
    message: str


@dataclass(frozen=True)
class Facts:
    """Facts to which every mechanism can be calibrated, so that they can be compared.

    Attributes
    ----------
    growth : float
        Of consumption a head, a year.
    home_share : float
        Of spending.
    trade_elasticity : float
        Of imports with respect to trade costs, positive.
    interest_rate : float
        Real, a year. Defaults: the United States, the targets of Perla, Tonetti and Waugh (2021).
    countries : int
        Of equal size, two or more.

    Raises
    ------
    InputError
        If one of them is no number, or no mechanism could meet it.

    Examples
    --------
    >>> Facts(growth=-0.01)
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: growth is -0.01; it must be above 0 and finite, as a fact that mechanisms are calibrated to
    """

    growth: float = 0.0079
    home_share: float = 0.8937
    trade_elasticity: float = 5.0
    interest_rate: float = 0.0283
    countries: int = 10

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            name, value = field.name, getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, numbers.Real):
                raise InputError(f"{name} is {value!r}; it must be a number")
            if not 0 < float(value) < math.inf:
                raise InputError(
                    f"{name} is {value}; it must be above 0 and finite, as a fact that mechanisms are calibrated to"
                )
        if self.home_share > 1:
            raise InputError(f"home_share is {self.home_share}; it must lie between 0 and 1: it is a share of spending")
        if self.countries != round(self.countries) or self.countries < 2:
            raise InputError(
                f"countries is {self.countries}; it must be a whole number, 2 or more: with one there is no trade"
            )


def takes_facts(calibrate: Callable[..., Any]) -> Callable[..., Any]:
    """Return a calibration that refuses what is not Facts before it starts."""

    @functools.wraps(calibrate)
    def checked(self: Any, facts: Any = None, **options: Any) -> Any:
        if facts is not None and not isinstance(facts, Facts):
            raise InputError(
                f"{self.name} is calibrated to Facts, got {type(facts).__name__}; give Facts(growth=..., home_share=...), "
                f"of {', '.join(field.name for field in dataclasses.fields(Facts))}, or nothing for its defaults"
            )
        return calibrate(self, facts, **options)

    return checked
