"""Parameters of dynamic selection; the equations are in :mod:`tradewinds.growth.sampson`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["SampsonParameters"]

_CALIBRATION = "calibration of Sampson (2016), from memory: the paper was not at hand"


@dataclass(frozen=True, kw_only=True, eq=False)
class SampsonParameters(GrowthParameters):
    """Parameters of dynamic selection; see the equations of :mod:`tradewinds.growth.sampson`."""

    pareto_shape: float = parameter(
        7.5,
        symbol="k",
        meaning="tail index of productivity",
        unit="1",
        bounds="(1, inf)",
        source=f"trade elasticity; {_CALIBRATION}",
    )
    elasticity_of_substitution: float = parameter(
        1 + 7.5 / 1.06,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source=f"sizes of firms have the tail index k / (sigma - 1) = 1.06; {_CALIBRATION}",
    )
    intertemporal_elasticity: float = parameter(
        0.33,
        symbol="gamma",
        meaning="intertemporal elasticity of substitution",
        unit="1",
        bounds="(0, inf)",
        source=_CALIBRATION,
    )
    discount_rate: float = parameter(
        0.04,
        symbol="rho",
        meaning="rate at which a family discounts the utility of its members",
        unit="a year",
        bounds="(0, inf)",
        source=_CALIBRATION,
    )
    population_growth: float = parameter(
        0.011,
        symbol="n",
        meaning="growth of population",
        unit="a year",
        bounds="[0, inf)",
        source=_CALIBRATION,
    )
    labour: float = parameter(
        1.0,
        symbol="L",
        meaning="workers of each country at time 0",
        unit="workers",
        bounds="(0, inf)",
        source="normalisation",
    )
    fixed_cost: float = parameter(
        1.0,
        symbol="f",
        meaning="workers who keep a firm open",
        unit="workers",
        bounds="(0, inf)",
        source="normalisation",
    )
    entry_cost: float = parameter(
        46.48871753283605,
        symbol="f_e",
        meaning="workers who make one new product",
        unit="workers",
        bounds="(0, inf)",
        source="growth of consumption of 1.56 per cent a year at the other defaults",
    )
    entry_scale: float = parameter(
        0.9,
        symbol="lambda",
        meaning="least productive draw of an entrant over the exit cutoff",
        unit="1",
        bounds="(0, 1]",
        source="normalisation: only lambda^k f / f_e matters for growth",
    )
    export_cost: float = parameter(
        1.0,
        symbol="f_x",
        meaning="workers a firm needs to sell in one foreign country",
        unit="workers",
        bounds="[0, inf)",
        source="as at home: growth depends on trade costs only through the home share",
    )
    trade_cost: float = parameter(
        (0.919 / 0.081) ** (1 / 7.5),
        symbol="tau",
        meaning="units shipped for one to arrive",
        unit="1",
        bounds="[1, inf]",
        source=f"import share of 8.1 per cent (United States); {_CALIBRATION}",
    )
    countries: int = parameter(
        2,
        symbol="J + 1",
        meaning="symmetric countries",
        unit="countries",
        bounds="[1, inf)",
        source="home and abroad",
        whole=True,
    )
    knowledge: float = parameter(
        1.0,
        symbol="K",
        meaning="firms of a country times the k-th power of its exit cutoff, at time 0",
        unit="1",
        bounds="(0, inf)",
        source="normalisation",
    )

    @property
    def partners(self) -> Any:
        """Foreign countries, J."""
        return np.asarray(self.countries) - 1

    @property
    def risk_aversion(self) -> Any:
        """Inverse of the intertemporal elasticity."""
        return 1 / np.asarray(self.intertemporal_elasticity)
