"""Parameters of learning through trade; the equations are in :mod:`tradewinds.growth.buera_oberfield`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth import gravity
from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["BueraOberfieldParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class BueraOberfieldParameters(GrowthParameters):
    """Parameters of learning through trade; see the equations of :mod:`tradewinds.growth.buera_oberfield`."""

    trade_elasticity: float = parameter(
        4.0,
        symbol="theta",
        meaning="tail index of productivity, which is the trade elasticity",
        unit="1",
        bounds="(0, inf)",
        source="inside the usual range of 4 to 5",
    )
    diffusion: float = parameter(
        0.6,
        symbol="beta",
        meaning="elasticity of a new idea with respect to the one it builds on",
        unit="1",
        bounds="[0, 1)",
        source="a value that Buera and Oberfield (2020) consider, from memory; zero is Eaton and Kortum (2002)",
    )
    arrival_growth: float = parameter(
        0.032,
        symbol="gamma",
        meaning="growth of the arrival of ideas",
        unit="a year",
        bounds="(0, inf)",
        source="growth of consumption of 2 per cent a year at the other defaults",
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2 per cent, a real interest rate of 5 per cent",
    )
    labour: Any = parameter(
        (1.0, 1.0, 2.0),
        symbol="L_i",
        meaning="workers of each country",
        unit="workers",
        bounds="(0, inf)",
        source="an illustration",
        axes=("country",),
    )
    arrival: Any = parameter(
        (1.0, 1.0, 0.5),
        symbol="alpha_i",
        meaning="arrival of ideas in each country at time 0",
        unit="a year",
        bounds="(0, inf)",
        source="an illustration: one country has fewer ideas",
        axes=("country",),
    )
    trade_cost: float = parameter(
        1.6,
        symbol="tau",
        meaning="units shipped for one to arrive, a factor of all borders",
        unit="1",
        bounds="[1, inf]",
        source="an illustration",
    )
    relative_trade_costs: Any = parameter(
        ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
        symbol="kappa_ij / tau",
        meaning="cost of a border (row: source j, column: destination i) over the common one; 1 on the diagonal",
        unit="1",
        bounds="[1, inf)",
        source="normalisation",
        axes=("source", "destination"),
    )

    def check(self) -> None:
        """Check that the shapes agree."""
        count = len(self.labour)
        if len(self.arrival) != count or self.relative_trade_costs.shape != (count, count):
            raise InputError(
                f"labour has {count} countries, arrival {len(self.arrival)} and relative_trade_costs the shape "
                f"{self.relative_trade_costs.shape}; give one number a country and a square matrix, all in one change"
            )
        gravity.require_free_at_home(self.relative_trade_costs)

    @property
    def knowledge_growth(self) -> Any:
        """Growth of the stock of knowledge on the balanced growth path."""
        return np.asarray(self.arrival_growth) / (1 - np.asarray(self.diffusion))

    @property
    def costs(self) -> Any:
        """Trade costs, source by destination."""
        return gravity.trade_costs(self.trade_cost, self.relative_trade_costs)
