"""Parameters of variety expansion; the equations are in :mod:`tradewinds.growth.variety_expansion`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tradewinds.errors import InputError
from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["VarietyExpansionParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class VarietyExpansionParameters(GrowthParameters):
    """Parameters of variety expansion; see the equations of the module."""

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
    labour: float = parameter(
        1.0,
        symbol="L",
        meaning="workers of each country",
        unit="workers",
        bounds="(0, inf)",
        source="normalisation",
    )
    rnd_cost: float = parameter(
        1.5 / 0.33,
        symbol="a",
        meaning="workers a blueprint takes, per unit of knowledge",
        unit="workers",
        bounds="(0, inf)",
        source="growth of consumption of 2 per cent a year at the other defaults",
    )
    idea_flow: float = parameter(
        0.5,
        symbol="psi",
        meaning="part of foreign research that is of use at home",
        unit="share",
        bounds="[0, 1]",
        source="half: spillovers are far from complete (Coe and Helpman 1995; Eaton and Kortum 1999)",
    )
    trade_cost: float = parameter(
        1.5,
        symbol="tau",
        meaning="units shipped for one to arrive; inf closes the border",
        unit="1",
        bounds="[1, inf]",
        source="home share of 0.77 with two countries",
    )
    countries: int = parameter(
        2,
        symbol="N",
        meaning="symmetric countries",
        unit="countries",
        bounds="[1, inf)",
        source="home and foreign",
        whole=True,
    )
    differentiated_share: float = parameter(
        1.0,
        symbol="s",
        meaning="share of spending on differentiated goods",
        unit="share",
        bounds="(0, 1]",
        source="one sector; the variant two-sector takes a half",
    )
    varieties: float = parameter(
        1.0,
        symbol="n_0",
        meaning="varieties of each country at time 0",
        unit="number",
        bounds="(0, inf)",
        source="normalisation",
    )
    inverse_ies: float = parameter(
        1.0,
        symbol="theta",
        meaning="inverse of the intertemporal elasticity of substitution (variant romer-1990)",
        unit="1",
        bounds="(0, inf)",
        source="logarithmic utility; the variant romer-1990 takes two",
    )
    intermediate_share: float = parameter(
        0.6,
        symbol="gamma",
        meaning="share of intermediates in output (variant romer-1990)",
        unit="share",
        bounds="(0, 1)",
        source="mark-up of two thirds, which this technology ties to the share",
    )
    human_capital_share: float = parameter(
        0.2, symbol="alpha", meaning="share of human capital in output (variant romer-1990)", unit="share", bounds="(0, 1)",
        source="half of what intermediates leave",
    )  # fmt: skip

    def check(self) -> None:
        """Require that shares of output leave something to unskilled labour."""
        if self.intermediate_share + self.human_capital_share >= 1:
            raise InputError(
                f"intermediate_share + human_capital_share is {self.intermediate_share + self.human_capital_share:.4g}; it must be "
                "below 1, as what is left goes to unskilled labour"
            )

    @property
    def knowledge(self) -> Any:
        """Knowledge at home per domestic variety, kappa."""
        return 1 + self.idea_flow * (self.countries - 1)
