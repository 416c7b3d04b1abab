"""Parameters of quality ladders; the equations are in :mod:`tradewinds.growth.quality_ladders`."""

from __future__ import annotations

from dataclasses import dataclass

from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["QualityLaddersParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class QualityLaddersParameters(GrowthParameters):
    """Parameters of quality ladders; see the equations of the module."""

    quality_step: float = parameter(
        1.25,
        symbol="lambda",
        meaning="quality over that of the last generation; also the mark-up",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of a quarter",
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2 per cent, a real interest rate of 5 per cent",
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
        source="a country of the same size",
    )
    rnd_cost: float = parameter(
        3.52,
        symbol="a",
        meaning="workers who find the next quality of a good at rate one",
        unit="workers times years",
        bounds="(0, inf)",
        source="growth of 2.0 per cent a year with trade at the other defaults",
    )
    trade: int = parameter(
        1,
        symbol="1[trade]",
        meaning="1 if goods trade, 0 in autarky",
        unit="1",
        bounds="[0, 1]",
        source="open",
        whole=True,
    )
    home_products: float = parameter(
        0.5, symbol="sigma_h", meaning="share of goods that home leads, in the variant divided", unit="share", bounds="(0, 1)",
        source="half",
    )  # fmt: skip
    elasticity_of_substitution: float = parameter(
        4.0,
        symbol="epsilon",
        meaning="elasticity of substitution between goods, in the variant costly-trade",
        unit="1",
        bounds="(1, inf)",
        source="a trade elasticity of 3",
    )
    trade_cost: float = parameter(
        1.0,
        symbol="tau",
        meaning="units shipped for one to arrive, in the variants costly-trade and divided; inf closes the border to goods",
        unit="1",
        bounds="[1, inf]",
        source="free trade; the variant costly-trade takes 1.5, a home share of 0.77",
    )
