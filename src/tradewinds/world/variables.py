"""Variables of the world model: what each means, in which unit, and how its deviation from the baseline is reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tradewinds.solvers.perfect_foresight.model import Variable

__all__ = ["EXOGENOUS", "MEASURES", "VARIABLES", "Measure", "exogenous_of"]

Measure = Literal["percent", "log", "points"]

#: How a deviation is measured: per cent of the baseline, 100 times the change of a log, or percentage points.
_LOG, _PERCENT, _POINTS = "log", "percent", "points"

_LIST = (
    ("potential_output", "output at normal use of capital and labour", "own output on the baseline", _PERCENT),
    ("output", "output", "own output on the baseline", _PERCENT),
    ("tfp", "total factor productivity", "baseline = 1", _LOG),
    ("tfp_domestic_rnd", "part of log productivity that comes from the domestic R&D stock", "log", _POINTS),
    ("tfp_foreign_rnd", "part of log productivity that comes from the foreign R&D stock", "log", _POINTS),
    ("tfp_trade", "part of log productivity that comes from trade itself", "log", _POINTS),
    ("manufactures_imports_gdp", "imports of manufactures over potential output, real", "share", _POINTS),
    ("rnd_gdp", "R&D spending over potential output", "share", _POINTS),
    ("extra_rnd", "R&D spending beyond its ratio on the baseline", "own output on the baseline", _POINTS),
    ("domestic_rnd_stock", "stock of domestic R&D at the beginning of the year", "baseline = 1", _PERCENT),
    ("foreign_rnd_stock", "stock of foreign R&D at the beginning of the year", "baseline = 1", _PERCENT),
    ("capital", "capital at the end of the year", "own output on the baseline", _PERCENT),
    ("capital_gap", "log of the market value of capital over its cost", "log", _POINTS),
    ("investment", "gross investment", "own output on the baseline", _PERCENT),
    ("profits", "income of the owners of capital after tax", "own output on the baseline", _PERCENT),
    ("market_value", "market value of capital", "own output on the baseline", _PERCENT),
    ("consumption", "private consumption", "own output on the baseline", _PERCENT),
    ("disposable_income", "disposable income without interest", "own output on the baseline", _PERCENT),
    ("human_wealth", "present value of labour income after tax", "own output on the baseline", _PERCENT),
    ("wealth", "private wealth", "own output on the baseline", _PERCENT),
    ("long_rate", "real long rate of interest", "a year", _POINTS),
    ("government_spending", "government spending on goods", "own output on the baseline", _PERCENT),
    ("taxes", "taxes less transfers and interest, without tariffs", "own output on the baseline", _POINTS),
    ("government_debt", "government debt at the end of the year", "own output on the baseline", _POINTS),
    ("absorption", "consumption, investment, government spending and additional R&D", "own output on the baseline", _PERCENT),
    ("absorption_price", "price of absorption over that of own output", "baseline = 1", _PERCENT),
    ("imports", "imports without oil, commodities and additional trade", "own output on the baseline", _PERCENT),
    ("export_propensity", "competitiveness of exports, with its lags", "baseline = 1", _PERCENT),
    ("exports", "exports without commodities and additional trade", "own output on the baseline", _PERCENT),
    ("import_price", "price of imports, in the numeraire's output", "baseline = 1", _PERCENT),
    ("export_price", "price of exports, in the numeraire's output", "baseline = 1", _PERCENT),
    ("commodity_imports", "net imports of primary commodities", "own output on the baseline", _POINTS),
    ("commodity_price", "price of primary commodities, in the numeraire's output", "baseline = 1", _PERCENT),
    ("oil_demand", "index of demand for oil", "baseline = 1", _PERCENT),
    ("oil_imports", "net imports of oil", "own output on the baseline", _POINTS),
    ("oil_price", "price of oil, in the numeraire's output", "baseline = 1", _PERCENT),
    ("oil_exports", "exports of oil by the oil exporters, net of those of the countries", "world output on the baseline", _POINTS),
    ("oil_exporters_imports", "imports of the oil exporters", "world output on the baseline", _POINTS),
    ("oil_exporters_assets", "claims of the oil exporters", "world output on the baseline", _POINTS),
    ("real_exchange_rate", "price of own output in the numeraire's output", "baseline = 1", _PERCENT),
    ("real_interest_rate", "real short rate in own output", "a year", _POINTS),
    ("absorption_real_rate", "real short rate in absorption", "a year", _POINTS),
    ("inflation", "inflation of the price of own output", "a year", _POINTS),
    ("price_level", "price of own output, without its trend", "baseline = 1", _PERCENT),
    ("money", "money, without its trend", "baseline = 1", _PERCENT),
    ("interest_rate", "nominal short rate of interest", "a year", _POINTS),
    ("trade_balance", "trade balance, in the numeraire's output", "own output on the baseline", _POINTS),
    ("foreign_assets", "net foreign assets at the end of the year, as the balance", "own output on the baseline", _POINTS),
    ("current_account_gdp", "current account over output", "share", _POINTS),
    ("terms_of_trade", "price of exports over that of imports", "baseline = 1", _PERCENT),
)  # fmt: skip

#: One number for the world.
_GLOBAL = frozenset(("commodity_price", "oil_price", "oil_exports", "oil_exporters_imports", "oil_exporters_assets"))

VARIABLES = tuple(
    Variable(name, meaning, unit, "global" if name in _GLOBAL else "country") for name, meaning, unit, _ in _LIST
)
MEASURES: Mapping[str, Measure] = {row[0]: row[3] for row in _LIST}  # type: ignore[misc]

#: What is given to the model, all zero on the baseline but for labour and the index of foreign R&D.
EXOGENOUS = (
    Variable("rnd_spending", "additional R&D spending", "share of potential output"),
    Variable("extra_trade", "additional imports and exports of manufactures", "share of output on the baseline"),
    Variable("tariff", "tax on imports but oil and commodities, paid to the government", "share of their price"),
    Variable("labour", "labour, without its growth", "baseline = 1"),
    Variable("other_productivity", "log productivity for other reasons", "log"),
    Variable("government", "additional government spending", "share of potential output"),
    Variable("debt_target", "additional government debt", "own output on the baseline"),
    Variable("external_finance", "trade balance that lenders ask for, where finance is constrained", "own output on the baseline"),
    Variable("money_target", "log of the target for money over potential output", "log"),
    Variable("log_foreign_stock_index", "log of the foreign R&D stock on the baseline", "log, about 0 in 1985"),
    Variable("real_oil_price", "log of the oil price in industrial output", "log", "global"),
)  # fmt: skip


def exogenous_of(codes: tuple[str, ...]) -> tuple[Variable, ...]:
    """Return exogenous variables of a world with these countries: those of all, and preferences for each partner."""
    return EXOGENOUS + tuple(
        Variable(f"import_preference_{code}", f"log of the preference for imports from {code}", "log") for code in codes
    )
