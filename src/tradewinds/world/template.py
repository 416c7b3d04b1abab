"""A calibration to start one's own from: a small world of round numbers, in the files that every calibration has.

Trade follows output: who buys from whom is in proportion to what the two produce, so that every country's trade is balanced
whatever their number.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence
from dataclasses import dataclass

from tradewinds.errors import InputError
from tradewinds.world.parameters import GROUPS, KINDS

__all__ = ["STARTER", "Country", "template_files"]


@dataclass(frozen=True)
class Country:
    """A country of a template.

    Attributes
    ----------
    code : str
        Letters, digits and underscores.
    name : str
    kind : str
        One of :data:`~tradewinds.world.parameters.KINDS`.
    output : float
        In a unit common to all.
    """

    code: str
    name: str
    kind: str
    output: float


#: The world that ``tradewinds new world`` writes.
STARTER = (
    Country("HOME", "Home", "large_industrial", 0.5),
    Country("ABROAD", "Abroad", "large_industrial", 0.3),
    Country("SMALL", "Small open economies", "small_industrial", 0.1),
    Country("SOUTH", "Developing region", "finance_constrained", 0.1),
)

#: Why the trade of finance-constrained countries, which must balance every year, answers prices at once.
_AT_ONCE = "assumed: at once, so that a devaluation improves the balance in its first year, as on p. 14 of the paper"
_PAPER, _ROUND = "Bayoumi, Coe and Helpman 1996, p.", "assumed: a round number"
#: How much a country of no size would import, over output; one that is half of the world imports half of that.
_OPENNESS = 0.3

_COMMON = (
    ("growth", "all", 0.02, _ROUND),
    ("real_rate", "all", 0.04, _ROUND),
    ("baseline_inflation", "all", 0.02, _ROUND),
    ("capital_ratio", "all", 2.0, _ROUND),
    ("government_share", "all", 0.2, _ROUND),
    ("government_share", "developing", 0.15, _ROUND),
    ("debt_ratio", "all", 0.5, _ROUND),
    ("oil_imports_share", "all", 0.0, "assumed: no trade in oil"),
    ("capital_share", "all", 0.3, _ROUND),
    ("domestic_rnd_elasticity", "large_industrial", 0.234, f"{_PAPER} 11"),
    ("domestic_rnd_elasticity", "small_industrial", 0.078, f"{_PAPER} 11"),
    ("domestic_rnd_elasticity", "developing", 0.0, f"{_PAPER} 11: their own stock is constant"),
    ("foreign_rnd_elasticity", "industrial", 0.294, f"{_PAPER} 11"),
    ("foreign_rnd_elasticity", "developing", 0.608, f"{_PAPER} 12"),
    ("trade_tfp_effect", "industrial", 0.0, f"{_PAPER} 11: trade matters through foreign R&D only"),
    ("trade_tfp_effect", "developing", 0.248, f"{_PAPER} 12"),
    ("rnd_ratio", "industrial", 0.02, _ROUND),
    ("rnd_ratio", "developing", 0.002, _ROUND),
    ("rnd_stock_relative", "all", 1.0, "assumed: stocks as spending and output imply"),
    ("rnd_depreciation", "all", 0.05, f"{_PAPER} 12"),
    ("rnd_growth", "all", 0.02, "assumed: as output"),
    ("capital_adjustment", "all", 0.08, f"{_PAPER} 13"),
    ("capital_adjustment_now", "all", 0.5, _ROUND),
    ("depreciation", "all", 0.05, _ROUND),
    ("investment_import_effect", "all", 0.0, "assumed: none"),
    ("investment_import_effect", "finance_constrained", 0.2, f"{_ROUND}; imports matter, p. 13, without a number"),
    ("rnd_cost_to_owners", "all", 1.0, f"{_PAPER} 16: financed out of profits"),
    ("rnd_cost_to_households", "all", 0.0, f"{_PAPER} 16: financed out of profits"),
    ("consumption_adjustment", "all", 0.095, f"{_PAPER} 13"),
    ("consumption_rate_effect", "all", 0.588, f"{_PAPER} 13"),
    ("consumption_income_effect", "all", 0.348, f"{_PAPER} 13"),
    ("consumption_import_effect", "all", 0.0, "assumed: none"),
    ("human_wealth_discount", "all", 0.06, _ROUND),
    ("long_rate_persistence", "all", 0.8, "assumed: a bond of about five years"),
    (
        "long_rate_persistence",
        "finance_constrained",
        0.0,
        "assumed: the short rate; a smoothed one can make the world unstable",
    ),
    ("trade_price_elasticity", "all", 1.5, _ROUND),
    ("import_elasticity_share", "all", 0.5, _ROUND),
    ("import_activity_elasticity", "all", 1.0, _ROUND),
    ("import_activity_elasticity_short", "all", 1.5, _ROUND),
    ("import_price_impact", "all", 0.5, _ROUND),
    ("import_price_impact", "finance_constrained", 1.0, _AT_ONCE),
    ("export_price_impact", "all", 0.5, _ROUND),
    ("export_price_impact", "finance_constrained", 1.0, _AT_ONCE),
    ("import_adjustment", "all", 0.2, _ROUND),
    ("import_adjustment", "finance_constrained", 1.0, _AT_ONCE),
    ("export_adjustment", "all", 0.2, _ROUND),
    ("export_adjustment", "finance_constrained", 1.0, _AT_ONCE),
    ("export_price_domestic", "all", 0.7, _ROUND),
    ("export_price_domestic", "finance_constrained", 1.0, _AT_ONCE),
    ("export_price_adjustment", "all", 0.05, _ROUND),
    ("export_price_adjustment", "finance_constrained", 1.0, _AT_ONCE),
    ("commodity_demand_elasticity", "all", 0.5, _ROUND),
    ("commodity_supply_elasticity", "all", 0.2, _ROUND),
    ("commodity_supply_output", "all", 0.5, _ROUND),
    ("oil_activity_elasticity", "all", 1.0, _ROUND),
    ("oil_price_elasticity", "all", 0.7, _ROUND),
    ("oil_price_elasticity_short", "all", 0.05, _ROUND),
    ("oil_adjustment", "all", 0.1, _ROUND),
    ("oil_spending_speed", "all", 0.2, _ROUND),
    ("inflation_foresight", "all", 0.5, "assumed: as much to the future as to the past"),
    ("phillips_slope", "all", 0.2, _ROUND),
    ("phillips_slope", "finance_constrained", 0.5, _ROUND),
    ("money_activity", "all", 0.2, _ROUND),
    ("money_interest", "all", 0.5, _ROUND),
    ("money_inertia", "all", 0.8, _ROUND),
    ("policy_speed", "all", 0.3, _ROUND),
)


def template_files(
    countries: Sequence[Country] = STARTER,
    *,
    name: str = "my-world",
    title: str = "A small world of round numbers",
    years: tuple[int, int] = (2025, 2100),
) -> dict[str, str]:
    """Return the files of a calibration, by name, with a page that explains them.

    Parameters
    ----------
    countries : sequence of Country
        At least two of them industrial; prices are in units of the first large or small industrial one.
    name, title : str
    years : tuple of int
        Between which the foreign R&D stock grows on the baseline.

    Raises
    ------
    InputError
        If the countries cannot be a world.
    """
    industrial = [country for country in countries if country.kind in GROUPS["industrial"]]
    if len(industrial) < 2:
        raise InputError("a template needs at least two industrial countries: each learns from the R&D of others")
    for country in countries:
        if country.kind not in KINDS:
            raise InputError(f"country {country.code} is {country.kind!r}; allowed: {', '.join(KINDS)}")
        if not country.output > 0:
            raise InputError(f"country {country.code} has output {country.output:g}; it must be positive")
    page = importlib.resources.files("tradewinds.world").joinpath("template.md").read_text(encoding="utf-8")
    return {
        "calibration.toml": _head(name, title, industrial[0].code),
        "countries.csv": _csv(("code", "name", "kind"), [(c.code, c.name, c.kind) for c in countries]),
        "parameters.csv": _csv(("parameter", "scope", "value", "source"), _parameters(countries)),
        "rnd_import_shares.csv": _shares(countries, industrial),
        "import_shares.csv": _shares(countries, countries),
        "foreign_stock_index.csv": _index(countries, years),
        "README.md": page,
    }


def _head(name: str, title: str, numeraire: str) -> str:
    return f'''schema = 1
name = "{name}"
title = "{title}"
source = ""                # who made these numbers, for the record of each run
numeraire = "{numeraire}"         # the country in whose output prices between countries are measured
notes = ["All numbers are round and assumed, but for the elasticities of the paper; README.md says what to put in their place."]
'''


def _parameters(countries: Sequence[Country]) -> list[tuple[str, str, float, str]]:
    world = sum(country.output for country in countries)
    kinds = {country.kind for country in countries}
    rows = [("gdp_share", country.code, country.output, _ROUND) for country in countries]
    for name in ("import_share", "manufactures_import_share"):
        rows += [
            (name, c.code, round(_OPENNESS * (1 - c.output / world), 6), "assumed: the larger, the less open")
            for c in countries
        ]
    sellers = "finance_constrained" if "finance_constrained" in kinds else "all"
    rows += [("commodity_imports_share", "all", 0.02, _ROUND)]
    if sellers != "all":
        rows += [("commodity_imports_share", sellers, 0.0, "assumed: supply is net")]
        rows += [("commodity_exports_weight", "all", 0.0, "assumed: demand is net")]
    rows += [("commodity_exports_weight", sellers, 0.02, _ROUND)]
    groups = {group for group, members in GROUPS.items() if kinds & set(members)}
    return rows + [row for row in _COMMON if row[1] in groups]


def _shares(importers: Sequence[Country], exporters: Sequence[Country]) -> str:
    """Return shares in proportion to the exporters' output, nobody buying from itself; rows sum to one as printed."""
    rows = []
    for importer in importers:
        weights = [0.0 if exporter == importer else exporter.output for exporter in exporters]
        rows.append((importer.code, *(round(weight / sum(weights), 6) for weight in weights)))
    return _csv(("importer", *(exporter.code for exporter in exporters)), rows)


def _index(countries: Sequence[Country], years: tuple[int, int]) -> str:
    first, last = years
    rows = [(country.code, 0.5, round(0.5 + 0.025 * (last - first), 6)) for country in countries]
    return _csv(("country", str(first), str(last)), rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    def cell(value: object) -> str:
        text = str(value)
        return f'"{text}"' if "," in text else text

    return "".join(",".join(map(cell, row)) + "\n" for row in (head, *rows))
