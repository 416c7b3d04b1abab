"""Parameters of bounded learning by doing; the equations are in :mod:`tradewinds.growth.young`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["YoungParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class YoungParameters(GrowthParameters):
    """Parameters of bounded learning by doing; see the equations of the module."""

    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="as in the other mechanisms",
    )
    scale: float = parameter(
        10.0,
        symbol="a-bar",
        meaning="workers a unit of good 0 takes where knowledge is 0",
        unit="workers",
        bounds="(0, inf)",
        source="normalisation: with knowledge of 3, goods from 1.0 below to 1.0 above are made in autarky",
    )
    home_knowledge: float = parameter(
        3.0, symbol="T_h", meaning="knowledge of home at time 0", unit="1", bounds="(-inf, inf)", source="normalisation"
    )
    foreign_knowledge: float = parameter(
        3.5, symbol="T_f", meaning="knowledge abroad at time 0", unit="1", bounds="(-inf, inf)",
        source="a leader with a wage 43 per cent higher, who leaves home 24 per cent of its labour to learn with",
    )  # fmt: skip
    home_labour: float = parameter(
        0.04,
        symbol="L_h",
        meaning="workers at home, in units in which one worker raises knowledge by one a year",
        unit="workers",
        bounds="(0, inf)",
        source="growth of 2 per cent a year in autarky",
    )
    foreign_labour: float = parameter(
        0.04,
        symbol="L_f",
        meaning="workers abroad, in the same units",
        unit="workers",
        bounds="(0, inf)",
        source="as home",
    )
    trade: int = parameter(
        1,
        symbol="1[trade]",
        meaning="1 if goods trade freely, 0 in autarky",
        unit="1",
        bounds="[0, 1]",
        source="open",
        whole=True,
    )

    @property
    def knowledge(self) -> Any:
        """Knowledge at time 0, home first, countries last."""
        return np.stack(np.broadcast_arrays(self.home_knowledge, self.foreign_knowledge), axis=-1)

    @property
    def labour(self) -> Any:
        """Workers, home first, countries last."""
        return np.stack(np.broadcast_arrays(self.home_labour, self.foreign_labour), axis=-1)
