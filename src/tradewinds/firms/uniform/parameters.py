"""Parameters of the paper's model: symbol, unit, bounds, default, source (Melitz and Trefler 2012)."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradewinds.errors import InputError
from tradewinds.firms.numbers import Definition, number, positive
from tradewinds.firms.results import label
from tradewinds.firms.uniform.equations import autarky_cutoff, cutoff

__all__ = ["DEFINITIONS", "UniformParameters"]

#: Public name -> definition.
DEFINITIONS: Mapping[str, Definition] = {
    "market_size": Definition(
        "S", "total output sold in a country", "units", "above 0, finite", "Melitz and Trefler (2012), footnote 1"
    ),
    "price_sensitivity": Definition(
        "b", "fall of a seller's market share when its price rises by one", "1 / price", "above 0, finite",
        "Melitz and Trefler (2012), footnote 1",
    ),
    "maximum_cost": Definition(
        "c_max", "highest marginal cost that an entrant may draw", "price", "above 0, finite, not below the cutoff",
        "Melitz and Trefler (2012), p. 102",
    ),
    "entry_cost": Definition(
        "f", "sunk cost of developing a product", "price x units", "above 0, finite", "Melitz and Trefler (2012), p. 101"
    ),
    "trade_cost": Definition(
        "t", "cost of taking one unit across the border", "price", "at least 0; infinite: no trade",
        "Melitz and Trefler (2012), p. 104",
    ),
    "innovation_cost": Definition(
        "f_I", "up-front cost of an innovation", "price x units", "above 0, finite", "Melitz and Trefler (2012), p. 111"
    ),
    "innovation_cost_reduction": Definition(
        "Delta c_I", "fall of marginal cost that an innovation brings", "price", "above 0, finite",
        "Melitz and Trefler (2012), p. 111",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UniformParameters:
    """Two identical countries with linear demand, costs equally likely from 0 to a maximum, and free entry.

    Only differences between costs and prices matter to demand, so a cost is best read as what a firm pays above the best
    it could have drawn. The defaults make the cutoff without trade equal to one.

    Parameters
    ----------
    market_size, price_sensitivity, maximum_cost, entry_cost : float
    trade_cost : float
        Per unit, in the unit of prices. Infinite (the default) closes both countries.
    innovation_cost, innovation_cost_reduction : float, optional
        Give both, or neither where nobody can innovate.

    Raises
    ------
    InputError
        If a number is out of bounds, one of the innovation parameters is missing, or costs end below the cutoff, so that
        everybody who enters would survive.

    Examples
    --------
    >>> UniformParameters(trade_cost=0.5).scenario
    'trade_cost=0.5'
    >>> UniformParameters(maximum_cost=0.5)
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: maximum_cost is 0.5, below the cost 0.693361 at which firms would stop selling: ...
    """

    market_size: float = 1.0
    price_sensitivity: float = 1.0
    maximum_cost: float = 1.5
    entry_cost: float = 1 / 18
    trade_cost: float = math.inf
    innovation_cost: float | None = None
    innovation_cost_reduction: float | None = None

    def __post_init__(self) -> None:
        for name in ("market_size", "price_sensitivity", "maximum_cost", "entry_cost"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))
        hint = "it is per unit and in the unit of prices, not iceberg; inf closes both countries"
        object.__setattr__(self, "trade_cost", number("trade_cost", self.trade_cost, least=0, infinite=True, hint=hint))
        given = [name for name in ("innovation_cost", "innovation_cost_reduction") if getattr(self, name) is not None]
        for name in given:
            object.__setattr__(self, name, positive(name, getattr(self, name)))
        if len(given) == 1:
            raise InputError(
                f"{given[0]} is given alone; give innovation_cost and innovation_cost_reduction, or neither"
            )
        self._check_support()

    def _check_support(self) -> None:
        try:
            found = cutoff(self.trade_cost, self.autarky_cutoff)
        except (OverflowError, ZeroDivisionError):
            found = math.nan
        if not 1e-60 < found < 1e60:  # its cube must be a number
            raise InputError(
                "entry_cost, market_size, price_sensitivity and maximum_cost are too far apart to compute with"
            )
        if found > self.maximum_cost * (1 + 1e-12):
            # rounded up, so that who types the number printed is let in
            bound = (1 + 5e-6) * math.sqrt(12 * self.entry_cost / (self.market_size * self.price_sensitivity))
            raise InputError(
                f"maximum_cost is {self.maximum_cost:g}, below the cost {found:g} at which firms would stop selling: every "
                f"entrant would survive, and the model has no selection. maximum_cost = {bound:.6g} or more is enough at every "
                "trade cost (the square root of 12 entry_cost / (market_size price_sensitivity)); or lower entry_cost"
            )

    @property
    def autarky_cutoff(self) -> float:
        """Cost cutoff of the closed economy; a trade cost at or above it stops trade."""
        return autarky_cutoff(self.market_size, self.price_sensitivity, self.maximum_cost, self.entry_cost)

    @property
    def trades(self) -> bool:
        """Whether the trade cost lets the best firms export."""
        return self.trade_cost < self.autarky_cutoff

    @property
    def innovates(self) -> bool:
        """Whether firms can innovate."""
        return self.innovation_cost is not None

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return label("trade_cost", self.trade_cost)

    def replace(self, **changes: Any) -> UniformParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)
