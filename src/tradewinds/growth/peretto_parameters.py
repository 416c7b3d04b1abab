"""Parameters of a resource boom; the equations are in :mod:`tradewinds.growth.peretto_valente`."""

from __future__ import annotations

from dataclasses import dataclass

from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["PerettoValenteParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PerettoValenteParameters(GrowthParameters):
    """Parameters of a resource boom; see the equations of the module."""

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
    home_labour: float = parameter(
        1.0, symbol="L", meaning="workers at home", unit="workers", bounds="(0, inf)", source="normalisation"
    )
    foreign_labour: float = parameter(
        1.0,
        symbol="L*",
        meaning="workers abroad",
        unit="workers",
        bounds="(0, inf)",
        source="a country of the same size",
    )
    resource: float = parameter(
        1.0, symbol="R", meaning="raw material that home owns", unit="a year", bounds="(0, inf)", source="normalisation"
    )
    processing_elasticity: float = parameter(
        0.5,
        symbol="epsilon",
        meaning="elasticity of substitution between raw material and labour in processing",
        unit="1",
        bounds="(0, inf)",
        source="an illustration on each side of one, as the variant says",
    )
    resource_share: float = parameter(
        0.5,
        symbol="omega",
        meaning="share of rents in the cost of materials where R = 1 and L_M = l",
        unit="share",
        bounds="(0, 1)",
        source="an illustration: half",
    )
    processing_scale: float = parameter(
        30 / 179,
        symbol="l",
        meaning="unit of labour in processing",
        unit="workers",
        bounds="(0, inf)",
        source="labour in processing at the other defaults, so that all variants start alike",
    )
    materials_share: float = parameter(
        0.2,
        symbol="gamma",
        meaning="share of materials in variable cost of manufacturing",
        unit="share",
        bounds="(0, 1)",
        source="an illustration",
    )
    knowledge_elasticity: float = parameter(
        0.15,
        symbol="theta",
        meaning="elasticity of a firm's productivity to its knowledge",
        unit="1",
        bounds="(0, 1)",
        source="an illustration",
    )
    fixed_labour: float = parameter(
        0.05,
        symbol="f",
        meaning="workers that a firm needs whatever it makes",
        unit="workers",
        bounds="(0, inf)",
        source="normalisation: it sets the size of firms",
    )
    research_productivity: float = parameter(
        3.685925925925926,
        symbol="alpha",
        meaning="growth of a firm's knowledge per researcher",
        unit="a year a worker",
        bounds="(0, inf)",
        source="growth of 2 per cent a year at the other defaults",
    )
    entry_cost: float = parameter(
        1.0,
        symbol="eta",
        meaning="cost of setting up a firm, in years of its sales",
        unit="years",
        bounds="[0, inf)",
        source="an illustration",
    )
    exit_rate: float = parameter(
        0.06,
        symbol="delta",
        meaning="firms that die a year",
        unit="a year",
        bounds="[0, inf)",
        source="an illustration, below the 8 to 10 per cent of plants that exit in a year",
    )
    trade: int = parameter(
        1,
        symbol="1[trade]",
        meaning="1 if goods and materials trade freely, 0 in autarky",
        unit="1",
        bounds="[0, 1]",
        source="open",
        whole=True,
    )
