"""Parameters of technology adoption with exporters, and the standard calibration of each variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["FIXED_MASS", "VARIANTS", "PerlaTonettiWaughParameters", "standard"]

#: The corrected model first: it is the default.
VARIANTS = ("corrected", "published", "no-shocks", "fixed-mass-labour-cost", "fixed-mass-goods-cost")

#: Variants without entry and exit.
FIXED_MASS = VARIANTS[3:]

_FIT = "fitted to United States firms, for each variant apart"


@dataclass(frozen=True, kw_only=True, eq=False)
class PerlaTonettiWaughParameters(GrowthParameters):
    """Parameters of technology adoption with exporters; see the equations of the module."""

    discount_rate: float = parameter(
        0.0203380446685169,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="real interest rate of 2.83 per cent, growth of 0.79 per cent (Perla, Tonetti and Waugh 2021)",
    )
    inverse_ies: float = parameter(
        1.0,
        symbol="gamma",
        meaning="inverse of the intertemporal elasticity of substitution; 1 is logarithmic utility",
        unit="1",
        bounds="(0, inf)",
        source="Perla, Tonetti and Waugh (2021)",
    )
    elasticity_of_substitution: float = parameter(
        3.16692413583811,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source="Perla, Tonetti and Waugh (2021)",
    )
    pareto_shape: float = parameter(
        4.98897658793826,
        symbol="theta",
        meaning="tail index of the productivity of firms; also the trade elasticity",
        unit="1",
        bounds="(0, inf)",
        source="Perla, Tonetti and Waugh (2021)",
    )
    drift: float = parameter(
        -0.03247291335115772,
        symbol="mu",
        meaning="drift of the logarithm of a firm's productivity",
        unit="a year",
        bounds="(-inf, inf)",
        source=_FIT,
    )
    volatility: float = parameter(
        0.05633114382539044,
        symbol="upsilon",
        meaning="standard deviation of shocks to the logarithm of a firm's productivity",
        unit="a year to the power 1/2",
        bounds="[0, inf)",
        source=f"{_FIT}: five-year transitions between size quartiles",
    )
    exit_rate: float = parameter(
        0.02,
        symbol="delta",
        meaning="rate at which firms die",
        unit="a year",
        bounds="[0, inf)",
        source="entry of 2 per cent a year (Perla, Tonetti and Waugh 2021)",
    )
    adoption_cost: float = parameter(
        1.0,
        symbol="zeta",
        meaning="cost of a new technology: workers, or goods per unit of best practice in fixed-mass-goods-cost",
        unit="workers or goods",
        bounds="(0, inf)",
        source="normalisation: only its ratio to the fixed cost of exporting matters",
    )
    adoption_entry_ratio: float = parameter(
        0.15338102536555157,
        symbol="chi",
        meaning="cost of adoption relative to the cost of entry",
        unit="1",
        bounds="(0, 1)",
        source=_FIT,
    )
    export_fixed_cost: float = parameter(
        0.0901185740532064,
        symbol="kappa",
        meaning="workers it takes to sell in one foreign market",
        unit="workers",
        bounds="[0, inf)",
        source=f"{_FIT}: share and size of exporters",
    )
    trade_cost: float = parameter(
        3.04827083188645,
        symbol="d",
        meaning="units shipped for one to arrive; inf closes the border",
        unit="1",
        bounds="[1, inf]",
        source=f"{_FIT}: home share of 0.8937",
    )
    countries: int = parameter(
        10,
        symbol="N",
        meaning="symmetric countries",
        unit="countries",
        bounds="[1, inf)",
        source="Perla, Tonetti and Waugh (2021)",
        whole=True,
    )
    varieties: float = parameter(
        0.6,
        symbol="Omega",
        meaning="firms of a country, where their mass is fixed",
        unit="number",
        bounds="(0, inf)",
        source="of the order of the mass of firms with free entry; not used by variants with entry",
    )

    def check(self) -> None:
        """Require a finite mean of sales."""
        if np.any(np.asarray(self.pareto_shape) <= np.asarray(self.elasticity_of_substitution) - 1):
            raise InputError(
                f"pareto_shape is {self.pareto_shape}; it must exceed elasticity_of_substitution - 1 = "
                f"{self.elasticity_of_substitution - 1:g}, or the sales of all firms together are infinite"
            )


#: Fitted without drift and shocks, to growth, home share, and share and size of exporters.
_NO_SHOCKS: Mapping[str, Any] = {
    "drift": 0.0,
    "volatility": 0.0,
    "pareto_shape": 4.98889649770,
    "adoption_entry_ratio": 0.304070685245,
    "export_fixed_cost": 0.0369655533221,
    "trade_cost": 3.0227667460839,
}

#: What differs from the corrected calibration.
_STANDARD: Mapping[str, Mapping[str, Any]] = {
    "corrected": {},
    "published": {
        "drift": -0.0310646242175711,
        "volatility": 0.0483011406016648,
        "adoption_entry_ratio": 0.126846612050694,
        "export_fixed_cost": 0.104196324793307,
        "trade_cost": 3.0224928254626,
    },
    "no-shocks": _NO_SHOCKS,
    # growth of 0.79 per cent and a home share of 0.8937 with given export costs and mass of firms
    "fixed-mass-labour-cost": {
        **_NO_SHOCKS,
        "exit_rate": 0.0,
        "export_fixed_cost": 0.1,
        "adoption_cost": 4.82013,
        "trade_cost": 3.26392,
    },
    "fixed-mass-goods-cost": {
        **_NO_SHOCKS,
        "exit_rate": 0.0,
        "export_fixed_cost": 0.1,
        "adoption_cost": 4.02868,
        "trade_cost": 3.36868,
    },
}


def standard(variant: str) -> PerlaTonettiWaughParameters:
    """Return the standard calibration of a variant."""
    return PerlaTonettiWaughParameters(**_STANDARD[variant])
