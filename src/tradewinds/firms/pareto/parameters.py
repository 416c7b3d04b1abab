"""Parameters of Melitz and Ottaviano (2008): symbol, unit, bounds, default, source."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms.countries import country_names, iceberg, pair_scenario
from tradewinds.firms.numbers import Definition, by_country, positive

__all__ = ["DEFINITIONS", "ParetoParameters"]

Array = NDArray[np.float64]

_SOURCE = "Melitz and Ottaviano (2008), {}"

#: Public name -> definition.
DEFINITIONS: Mapping[str, Definition] = {
    "countries": Definition("l, h", "names", "names", "at least one, none twice", _SOURCE.format("section 3")),
    "market_size": Definition(
        "L", "consumers, each with one unit of labour", "people", "above 0", _SOURCE.format("section 2")
    ),
    "demand_intercept": Definition(
        "alpha", "taste for the goods against the numeraire", "price", "above 0", _SOURCE.format("eq. 1")
    ),
    "product_differentiation": Definition(
        "gamma", "differentiation between varieties", "price / unit", "above 0", _SOURCE.format("eq. 1")
    ),
    "demand_substitution": Definition(
        "eta", "substitution between the goods and the numeraire", "price / unit", "above 0", _SOURCE.format("eq. 1")
    ),
    "pareto_shape": Definition(
        "k", "shape of the distribution of costs, G(c) = (c / c_M)^k", "1", "above 0", _SOURCE.format("section 2.4")
    ),
    "maximum_cost": Definition(
        "c_M", "highest cost that an entrant may draw", "price", "above 0, not below the cutoff",
        _SOURCE.format("section 2.4"),
    ),
    "entry_cost": Definition("f_E", "sunk cost of entry", "labour", "above 0", _SOURCE.format("section 2.2")),
    "trade_cost": Definition(
        "tau", "units sent for one to arrive; row sends, column receives", "1", "at least 1; infinite: no trade",
        _SOURCE.format("section 3.1"),
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class ParetoParameters:
    """Countries with linear demand and Pareto costs; wages are one, set by the numeraire.

    Parameters
    ----------
    countries : sequence of str
    market_size, maximum_cost, entry_cost : float or one number a country
    demand_intercept, product_differentiation, demand_substitution, pareto_shape : float
    trade_cost : float or array of shape (countries, countries)
        Iceberg; row sends, column receives, ones on the diagonal. One number is the cost between any two countries.

    Raises
    ------
    InputError
        If a number is out of bounds or a shape is wrong; the message names the parameter and the country.

    Examples
    --------
    >>> ParetoParameters(trade_cost=1.2).scenario
    'trade_cost=1.2'
    """

    countries: tuple[str, ...] = ("home", "foreign")
    market_size: Array = dataclasses.field(default_factory=lambda: np.array(1.0))
    demand_intercept: float = 2.0
    product_differentiation: float = 1.0
    demand_substitution: float = 1.0
    pareto_shape: float = 3.0
    maximum_cost: Array = dataclasses.field(default_factory=lambda: np.array(2.0))
    entry_cost: Array = dataclasses.field(default_factory=lambda: np.array(0.01))
    trade_cost: Array = dataclasses.field(default_factory=lambda: np.array(1.5))

    def __post_init__(self) -> None:
        names = country_names(self.countries)
        object.__setattr__(self, "countries", names)
        for name in ("demand_intercept", "product_differentiation", "demand_substitution", "pareto_shape"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))
        for name in ("market_size", "maximum_cost", "entry_cost"):
            object.__setattr__(self, name, by_country(name, getattr(self, name), names, above=0))
        object.__setattr__(self, "trade_cost", iceberg(self.trade_cost, names))

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return pair_scenario(self.trade_cost)

    def replace(self, **changes: Any) -> ParetoParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)
