"""Parameters of national spillovers; the equations are in :mod:`tradewinds.growth.national_spillovers`."""

from __future__ import annotations

from dataclasses import dataclass

from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["NationalSpilloversParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class NationalSpilloversParameters(GrowthParameters):
    """Parameters of national spillovers; see the equations of the module."""

    elasticity_of_substitution: float = parameter(
        4.0,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of a third, inside the usual range of 20 to 50 per cent",
    )
    discount_rate: float = parameter(
        0.05,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="the upper end of the usual range of 2 to 5 per cent",
    )
    home_labour: float = parameter(
        1.0,
        symbol="L_h",
        meaning="workers at home",
        unit="workers",
        bounds="(0, inf)",
        source="normalisation",
    )
    foreign_labour: float = parameter(
        1.0,
        symbol="L_f",
        meaning="workers abroad",
        unit="workers",
        bounds="(0, inf)",
        source="otherwise equal countries",
    )
    rnd_cost: float = parameter(
        2.0,
        symbol="a",
        meaning="workers a blueprint takes, per unit of knowledge",
        unit="workers",
        bounds="(0, inf)",
        source="growth of consumption of 1.4 per cent a year with trade",
    )
    differentiated_share: float = parameter(
        0.5,
        symbol="s",
        meaning="share of spending on differentiated goods",
        unit="share",
        bounds="(0, 1)",
        source="a half",
    )
    home_varieties: float = parameter(
        0.6,
        symbol="varsigma_0",
        meaning="home's share of the varieties of the world at time 0",
        unit="share",
        bounds="(0, 1)",
        source="a moderate head start",
    )
    trade: int = parameter(
        1, symbol="1[trade]", meaning="1 if goods trade freely, 0 in autarky", unit="1", bounds="[0, 1]", source="open", whole=True,
    )  # fmt: skip
