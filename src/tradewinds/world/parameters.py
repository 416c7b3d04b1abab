"""Every parameter of the world model: symbol, name, meaning, unit, bounds.

Values and where each comes from are in the tables of a calibration. A value holds for all countries, for a group of them or for
one; the more specific counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DEFINITIONS", "GROUPS", "KINDS", "RND_FINANCING", "Definition"]

#: Kind of country -> what it is.
KINDS: Mapping[str, str] = {
    "large_industrial": "does R&D; its rate of return follows open interest parity",
    "small_industrial": "as a large one, with a smaller effect of its own R&D",
    "newly_industrialising": "learns as a developing country; open interest parity holds",
    "finance_constrained": "learns from trade and foreign R&D; its finance from abroad is given",
}

#: Name of a group -> the kinds of country in it.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "all": tuple(KINDS),
    "industrial": ("large_industrial", "small_industrial"),
    "developing": ("newly_industrialising", "finance_constrained"),
    "integrated": ("large_industrial", "small_industrial", "newly_industrialising"),
} | {kind: (kind,) for kind in KINDS}


@dataclass(frozen=True)
class Definition:
    """What a parameter is.

    Attributes
    ----------
    symbol, name, meaning, unit : str
    bounds : tuple of float
        Both are refused themselves.
    common : bool
        One number for the world, not one a country.
    """

    name: str
    symbol: str
    meaning: str
    unit: str
    bounds: tuple[float, float]
    common: bool = False

    @property
    def range(self) -> str:
        """Bounds in words; those a hair beyond a number include it."""
        low, high = (round(bound, 6) + 0.0 for bound in self.bounds)  # no minus before zero
        words = (f"{'above' if low == self.bounds[0] else 'at least'} {low:g}",) + (
            (f"{'below' if high == self.bounds[1] else 'at most'} {high:g}",) if high < 1e6 else ()
        )
        return " and ".join(words)


_SHARE, _RATE, _ELASTICITY = (-1e-9, 1.0), (-0.5, 1.0), (-1e-9, 20.0)

_LIST = (
    # the balanced baseline
    ("growth", "g", "growth of output, and of all quantities", "a year", (-0.1, 0.2), True),
    ("real_rate", "r0", "real short rate of interest", "a year", (-0.1, 0.5), True),
    ("baseline_inflation", "pi0", "inflation", "a year", (-0.1, 1.0), True),
    ("gdp_share", "w", "output, in a unit common to all countries", "any unit", (0.0, 1e9)),
    ("capital_ratio", "K/Y", "capital over output", "years", (0.0, 20.0)),
    ("government_share", "G/Y", "government spending over output", "share", _SHARE),
    ("debt_ratio", "B/Y", "government debt over output", "years", (-5.0, 5.0)),
    ("import_share", "o", "imports of goods other than oil and primary commodities over output", "share", (0.0, 3.0)),
    ("manufactures_import_share", "m0", "imports of manufactures over output", "share", (0.0, 3.0)),
    ("commodity_imports_share", "nim", "use of primary commodities bought abroad over output", "share", _SHARE),
    ("commodity_exports_weight", "nsu", "supply of primary commodities over output, before it is scaled", "share", _SHARE),
    ("oil_imports_share", "oil", "net imports of oil over output", "share", (-0.5, 0.5)),
    # production and knowledge
    ("capital_share", "a", "share of capital in output", "share", (0.0, 1.0)),
    ("domestic_rnd_elasticity", "b_d", "elasticity of productivity to the domestic R&D stock", "", _ELASTICITY),
    ("foreign_rnd_elasticity", "b_f", "the same for the foreign R&D stock, per unit of the import share", "", _ELASTICITY),
    ("trade_tfp_effect", "b_t", "effect of the import share on log productivity", "", _ELASTICITY),
    ("rnd_ratio", "rd", "R&D spending over output on the baseline", "share", (0.0, 0.5)),
    ("rnd_stock_relative", "s", "R&D stock relative to what R&D spending and output imply", "US about 1", (0.0, 20.0)),
    ("rnd_depreciation", "d", "depreciation of the R&D stock", "a year", (-1e-9, 1.0)),
    ("rnd_growth", "gR", "growth of R&D spending on the baseline", "a year", (-0.2, 0.5)),
    # capital
    ("capital_adjustment", "k", "share of the gap between market value and cost that investment closes", "a year", (0.0, 1.0)),
    ("capital_adjustment_now", "ks", "share of that which answers this year's gap, not last year's", "share", (-1e-9, 1.0 + 1e-9)),
    ("depreciation", "dK", "depreciation of capital", "a year", (0.0, 1.0)),
    ("investment_import_effect", "phi_I", "effect of imports on the wish to invest", "", _ELASTICITY),
    ("rnd_cost_to_owners", "chi", "share of additional R&D that lowers profits", "share", (-1e-9, 1.5)),
    ("rnd_cost_to_households", "chi_Y", "share of additional R&D that lowers disposable income", "share", (-1e-9, 1.5)),
    # consumption
    ("consumption_adjustment", "c_w", "speed at which consumption follows wealth", "a year", (0.0, 1.0)),
    ("consumption_rate_effect", "c_r", "effect of the long rate on consumption growth", "per unit of the rate", _ELASTICITY),
    ("consumption_income_effect", "c_y", "share of consumption growth that follows disposable income", "", (-1e-9, 1.5)),
    ("consumption_import_effect", "phi_C", "effect of import growth on consumption growth", "", _ELASTICITY),
    ("human_wealth_discount", "rho_H", "discount rate of labour income, the chance of dying included", "a year", (0.0, 1.0)),
    ("long_rate_persistence", "kappa", "weight of next year's long rate in this year's", "share", (-1e-9, 1.0)),
    # trade
    ("trade_price_elasticity", "e", "price elasticities of imports and exports in the long run, their sum", "", (0.0, 20.0)),
    ("import_elasticity_share", "e_m/e", "share of imports in that sum", "share", (0.0, 1.0)),
    ("import_activity_elasticity", "a_L", "elasticity of imports to absorption in the long run", "", _ELASTICITY),
    ("import_activity_elasticity_short", "a_S", "elasticity of imports to absorption in the first year", "", _ELASTICITY),
    ("import_price_impact", "e_s", "first year's price elasticity of imports over that of the long run", "share", (-1e-9, 3.0)),
    ("export_price_impact", "h_s", "first year's price elasticity of exports over that of the long run", "share", (-1e-9, 3.0)),
    ("import_adjustment", "l_m", "speed at which imports adjust", "a year", (0.0, 1.5)),
    ("export_adjustment", "l_x", "speed at which exports adjust", "a year", (0.0, 1.5)),
    ("export_price_domestic", "xi", "weight of domestic prices in export prices in the first year", "share", (-1e-9, 1.0 + 1e-9)),
    ("export_price_adjustment", "x_q", "speed at which export prices follow domestic prices", "a year", (0.0, 1.0 + 1e-9)),
    # commodities and oil
    ("commodity_demand_elasticity", "e_c", "price elasticity of demand for commodities", "", _ELASTICITY),
    ("commodity_supply_elasticity", "s_c", "price elasticity of the supply of commodities", "", _ELASTICITY),
    ("commodity_supply_output", "s_y", "elasticity of the supply of commodities to potential output", "", _ELASTICITY),
    ("oil_activity_elasticity", "o_a", "elasticity of demand for oil to absorption", "", _ELASTICITY),
    ("oil_price_elasticity", "o_L", "price elasticity of demand for oil in the long run", "", _ELASTICITY),
    ("oil_price_elasticity_short", "o_S", "the same in the first year", "", _ELASTICITY),
    ("oil_adjustment", "o_l", "speed at which demand for oil adjusts", "a year", (0.0, 1.0 + 1e-9)),
    ("oil_spending_speed", "o_s", "speed at which oil exporters spend what they earn", "a year", (0.0, 1.0 + 1e-9), True),
    # prices and money
    ("inflation_foresight", "f", "weight of next year's inflation in this year's, beside the last's", "share", (-1e-9, 1.0 + 1e-9)),
    ("phillips_slope", "beta", "effect of output over potential on inflation", "", (0.0, 20.0)),
    ("money_activity", "m_a", "effect of log absorption on money demand in the first year", "", _ELASTICITY),
    ("money_interest", "m_i", "effect of the interest rate on money demand in the first year", "", (0.0, 20.0)),
    ("money_inertia", "m_l", "weight of last year's money", "share", (-1e-9, 1.0)),
    ("policy_speed", "p_s", "share of the gap of money that policy closes", "a year", (0.0, 2.0)),
)  # fmt: skip

#: Name -> definition, in the order of the equations.
DEFINITIONS: Mapping[str, Definition] = {row[0]: Definition(*row) for row in _LIST}

#: Who pays for additional R&D, by name: two readings of "financed out of future business profits" (Bayoumi, Coe and Helpman 1996,
#: p. 16) as values of the two parameters that say so. All of it lowers the income of the owners of capital, and through their
#: wealth what households consume; or it lowers the disposable income of households too, to whom profits would be paid out.
#: A calibration may have any other values, and that of the paper's tables has fitted ones.
RND_FINANCING: Mapping[str, Mapping[str, float]] = {
    "owners": {"rnd_cost_to_owners": 1.0, "rnd_cost_to_households": 0.0},
    "owners_and_households": {"rnd_cost_to_owners": 1.0, "rnd_cost_to_households": 1.0},
}
