"""Parameters of selection and knowledge; the equations are in :mod:`tradewinds.growth.baldwin_robert_nicoud`."""

from __future__ import annotations

from dataclasses import dataclass

from tradewinds.errors import InputError
from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["BaldwinRobertNicoudParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class BaldwinRobertNicoudParameters(GrowthParameters):
    """Parameters of selection and knowledge; see the equations of the module."""

    elasticity_of_substitution: float = parameter(
        4.0,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of a third, inside the usual range of 20 to 50 per cent",
    )
    pareto_shape: float = parameter(
        5.0,
        symbol="k",
        meaning="Pareto tail index of productivity; also the trade elasticity",
        unit="1",
        bounds="(0, inf)",
        source="trade elasticity of 5 (Costinot and Rodriguez-Clare 2014)",
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2 per cent, a real interest rate of 5 per cent",
    )
    labour: float = parameter(
        1.0, symbol="L", meaning="workers of each country", unit="workers", bounds="(0, inf)", source="normalisation"
    )
    draw_cost: float = parameter(
        1.6,
        symbol="F_I",
        meaning="units of knowledge that a draw of productivity takes",
        unit="units of knowledge",
        bounds="(0, inf)",
        source="as much as entry to a market; scaled to growth of 2 per cent",
    )
    entry_cost: float = parameter(
        1.6,
        symbol="F_D",
        meaning="units of knowledge that it takes to sell at home",
        unit="units of knowledge",
        bounds="(0, inf)",
        source="scaled to growth of 2 per cent at the other defaults",
    )
    export_cost: float = parameter(
        1.92,
        symbol="F_X",
        meaning="units of knowledge that it takes to sell abroad",
        unit="units of knowledge",
        bounds="(0, inf)",
        source="a fifth more than at home, for an illustration; scaled to growth of 2 per cent",
    )
    trade_cost: float = parameter(
        1.5,
        symbol="tau",
        meaning="iceberg cost: units shipped per unit that arrives; infinite in autarky",
        unit="1",
        bounds="[1, inf]",
        source="with a trade elasticity of 5, a home share of about nine tenths",
    )
    idea_flow: float = parameter(
        0.5,
        symbol="psi",
        meaning="part of foreign research that is of use at home; of imports or imported varieties, as the variant says",
        unit="share",
        bounds="[0, 1]",
        source="half: spillovers are far from complete (Coe and Helpman 1995; Eaton and Kortum 1999)",
    )
    efficiency_link: float = parameter(
        6.0,
        symbol="chi",
        meaning="elasticity of research productivity to the productivity of the least efficient survivor (efficiency-linked)",
        unit="1",
        bounds="[0, inf)",
        source="an illustration, above the tail index, where opening speeds growth up",
    )

    def check(self) -> None:
        """Require a finite mean of sales."""
        if self.pareto_shape <= self.elasticity_of_substitution - 1:
            raise InputError(
                f"pareto_shape is {self.pareto_shape}; it must exceed elasticity_of_substitution - 1 = "
                f"{self.elasticity_of_substitution - 1:g}, or mean sales of firms are infinite"
            )
