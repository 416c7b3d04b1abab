"""Parameters of the Melitz model with Pareto productivity: symbol, unit, bounds, default, source."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.countries import country_names, iceberg, pair_scenario
from tradewinds.firms.numbers import Definition, by_country, number

__all__ = ["DEFINITIONS", "ChaneyParameters"]

Array = NDArray[np.float64]

_MELITZ, _CHANEY = "Melitz (2003), {}", "Chaney (2008), {}"

#: Public name -> definition.
DEFINITIONS: Mapping[str, Definition] = {
    "countries": Definition("i, j", "names", "names", "at least one, none twice", _CHANEY.format("section I")),
    "labour": Definition("L", "workers of a country", "workers", "above 0", _CHANEY.format("section I")),
    "elasticity_of_substitution": Definition(
        "sigma", "elasticity of substitution between varieties", "1", "above 1", _MELITZ.format("section 2")
    ),
    "pareto_shape": Definition(
        "theta", "shape of the distribution of productivity; also the trade elasticity", "1",
        "above elasticity_of_substitution - 1", _CHANEY.format("section I"),
    ),
    "minimum_productivity": Definition(
        "b", "lowest productivity that an entrant may draw", "units / worker", "above 0, not above the cutoff",
        _CHANEY.format("section I"),
    ),
    "entry_cost": Definition("f_e", "sunk cost of entry", "workers", "above 0", _MELITZ.format("section 3")),
    "fixed_cost": Definition("f", "fixed cost of selling at home", "workers", "above 0", _MELITZ.format("section 3")),
    "export_fixed_cost": Definition(
        "f_x", "fixed cost of selling abroad, in workers of the sender", "workers", "above 0", _MELITZ.format("section 5")
    ),
    "trade_cost": Definition(
        "tau", "units sent for one to arrive; row sends, column receives", "1", "at least 1; infinite: no trade",
        _MELITZ.format("section 5"),
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class ChaneyParameters:
    """Countries with CES demand and Pareto productivity.

    Parameters
    ----------
    countries : sequence of str
    labour, minimum_productivity, entry_cost, fixed_cost : float or one number a country
    elasticity_of_substitution, pareto_shape : float
    export_fixed_cost, trade_cost : float or array of shape (countries, countries)
        Row sends, column receives. One number holds between any two countries. The diagonal of ``trade_cost`` is one, that of
        ``export_fixed_cost`` is not used.

    Raises
    ------
    InputError
        If a number is out of bounds or a shape is wrong; among them a Pareto shape at or below the elasticity of substitution
        less one, at which average sales are infinite.

    Examples
    --------
    >>> ChaneyParameters(pareto_shape=2.5)
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: pareto_shape is 2.5; it must be above 3 and finite: at or below ...
    """

    countries: tuple[str, ...] = ("home", "foreign")
    labour: Array = dataclasses.field(default_factory=lambda: np.array(100.0))
    elasticity_of_substitution: float = 4.0
    pareto_shape: float = 5.0
    minimum_productivity: Array = dataclasses.field(default_factory=lambda: np.array(1.0))
    entry_cost: Array = dataclasses.field(default_factory=lambda: np.array(1.0))
    fixed_cost: Array = dataclasses.field(default_factory=lambda: np.array(1.0))
    export_fixed_cost: Array = dataclasses.field(default_factory=lambda: np.array(1.5))
    trade_cost: Array = dataclasses.field(default_factory=lambda: np.array(1.5))

    def __post_init__(self) -> None:
        names = country_names(self.countries)
        object.__setattr__(self, "countries", names)
        sigma = number("elasticity_of_substitution", self.elasticity_of_substitution, above=1)
        object.__setattr__(self, "elasticity_of_substitution", sigma)
        hint = "at or below elasticity_of_substitution - 1 the average sales of firms are infinite"
        object.__setattr__(self, "pareto_shape", number("pareto_shape", self.pareto_shape, above=sigma - 1, hint=hint))
        for name in ("labour", "minimum_productivity", "entry_cost", "fixed_cost"):
            object.__setattr__(self, name, by_country(name, getattr(self, name), names, above=0))
        fixed = by_country("export_fixed_cost", self.export_fixed_cost, names, matrix=True, above=0)
        object.__setattr__(self, "export_fixed_cost", fixed)
        object.__setattr__(self, "trade_cost", iceberg(self.trade_cost, names))
        if not np.all(np.isfinite(self.selling_costs)):
            raise InputError("fixed costs must be finite")

    @property
    def selling_costs(self) -> Array:
        """Fixed cost of the row's firms in the column's market, in workers of the row's country."""
        costs = np.array(self.export_fixed_cost)
        np.fill_diagonal(costs, self.fixed_cost)
        return costs

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return pair_scenario(self.trade_cost)

    def replace(self, **changes: Any) -> ChaneyParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)
