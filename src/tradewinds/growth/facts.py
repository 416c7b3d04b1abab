"""Facts that every mechanism can be calibrated to, and conditions that a solution must meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Condition", "Facts"]


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
        Of equal size.
    """

    growth: float = 0.0079
    home_share: float = 0.8937
    trade_elasticity: float = 5.0
    interest_rate: float = 0.0283
    countries: int = 10
