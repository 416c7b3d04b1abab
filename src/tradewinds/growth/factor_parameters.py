"""Parameters of factor endowments and innovation; the equations are in :mod:`tradewinds.growth.heckscher_ohlin_innovation`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["HeckscherOhlinInnovationParameters"]


def _endowment(default: float, symbol: str, meaning: str, source: str) -> Any:
    return parameter(default, symbol=symbol, meaning=meaning, unit="workers", bounds="(0, inf)", source=source)


def _intensity(default: float, symbol: str, meaning: str) -> Any:
    source = "an illustration of the order of intensities: research, varieties, homogeneous good"
    return parameter(default, symbol=symbol, meaning=meaning, unit="share of cost", bounds="(0, 1)", source=source)


@dataclass(frozen=True, kw_only=True, eq=False)
class HeckscherOhlinInnovationParameters(GrowthParameters):
    """Parameters of factor endowments and innovation; see the equations of the module."""

    elasticity_of_substitution: float = parameter(
        4.0,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of a third, inside the usual range of 20 to 50 per cent",
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2 per cent, a real interest rate of 5 per cent",
    )
    differentiated_share: float = parameter(
        0.5,
        symbol="s",
        meaning="share of spending on varieties",
        unit="share",
        bounds="(0, 1)",
        source="an illustration: half",
    )
    home_human_capital: float = _endowment(1.2, "H_h", "human capital at home", "a home rich in human capital")
    home_labour: float = _endowment(0.8, "L_h", "labour at home", "as many people as abroad")
    foreign_human_capital: float = _endowment(0.8, "H_f", "human capital abroad", "the mirror of home")
    foreign_labour: float = _endowment(1.2, "L_f", "labour abroad", "the mirror of home")
    research_intensity: float = _intensity(0.8, "theta_r", "cost share of human capital in research")
    variety_intensity: float = _intensity(0.5, "theta_x", "cost share of human capital in varieties")
    homogeneous_intensity: float = _intensity(0.2, "theta_z", "cost share of human capital in the homogeneous good")
    rnd_cost: float = parameter(
        4.101414083999403,
        symbol="a",
        meaning="inputs a blueprint takes, per unit of knowledge",
        unit="1",
        bounds="(0, inf)",
        source="growth of consumption of 2 per cent a year at the other defaults",
    )
    trade: int = parameter(
        1,
        symbol="1[trade]",
        meaning="1 if goods trade freely and knowledge is shared, 0 if both countries are alone",
        unit="1",
        bounds="[0, 1]",
        source="open",
        whole=True,
    )

    def check(self) -> None:
        """Require the order of intensities that the theory assumes."""
        if not self.research_intensity >= self.variety_intensity > self.homogeneous_intensity:
            raise InputError(
                f"research_intensity {self.research_intensity}, variety_intensity {self.variety_intensity}, homogeneous_intensity "
                f"{self.homogeneous_intensity}: research must use human capital at least as intensively as varieties, and those "
                f"more "
                "than the homogeneous good"
            )

    @property
    def endowment(self) -> Any:
        """Human capital and labour, by country, home first."""
        return np.array(
            [[self.home_human_capital, self.home_labour], [self.foreign_human_capital, self.foreign_labour]]
        )
