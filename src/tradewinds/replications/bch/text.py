"""What the text says beside what our simulations say: the statements that the tables can judge, and those that take whole paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.replications.bch.exhibits import Simulated, growth_differences
from tradewinds.replications.bch.printed import text_against_tables
from tradewinds.report.tables import format_value
from tradewinds.world import WorldResult

__all__ = ["Statement", "path_statements", "turning_year", "with_our_tables"]

OTHERS = ("JA", "GE", "FR", "IT", "UK", "CA", "SI")
EUROPE, NORTH_AMERICA = ("GE", "FR", "IT", "UK"), ("US", "CA")
DEVELOPING = ("AF", "NI", "WH", "OD")
OUTWARD = ("AF", "WH", "OD")


@dataclass(frozen=True)
class Statement:
    """A statement of the text and whether our simulations bear it out.

    Attributes
    ----------
    page : int
    text : str
        What is said.
    paper, ours : str
        The number or the order in the text, and ours.
    holds : bool
    """

    page: int
    text: str
    paper: str
    ours: str
    holds: bool


def with_our_tables(simulated: Simulated) -> pd.DataFrame:
    """Return the statements that tables can judge, with columns ``ours`` and ``ours_agrees`` added."""
    printed, ours = text_against_tables(), text_against_tables(simulated.tables)
    return printed.assign(ours=ours["tables"], ours_agrees=ours["agrees"])


def turning_year(result: WorldResult, variable: str, where: str, last: int = 2030) -> int:
    """Return the year in which a deviation is at its lowest, up to a last year."""
    path = result.deviation(variable, where)[: last + 1 - result.first_year]
    return result.first_year + int(np.argmin(path))


def path_statements(simulated: Simulated) -> list[Statement]:
    """Return statements about paths, orders and variables that no table prints."""
    return [*_on_us_research(simulated), *_on_growth(simulated), *_abroad(simulated), *_on_the_others(simulated)]


def _number(page: int, text: str, paper: float, ours: float, allowed: float, form: str = ".2f") -> Statement:
    return Statement(page, text, format(paper, form), format(ours, form), abs(ours - paper) <= allowed)


def _at(result: WorldResult, variable: str, where: str, year: int = 2075) -> float:
    return float(result.deviation(variable, where)[year - result.first_year])


def _far_end(result: WorldResult, variable: str, where: str) -> float:
    """Return the deviation in the last year that was solved, 120 years after the last one reported."""
    place = result.calibration.codes.index(where)
    after, before = (
        float(bank[variable].values[-2, place]) for bank in (result.simulation.databank, result.simulation.baseline)
    )
    return 100.0 * (after / before - 1.0)


def _order(result: WorldResult, variable: str, codes: Sequence[str]) -> list[str]:
    """Return countries by what they gain by 2075, most first."""
    return sorted(codes, key=lambda code: -_at(result, variable, code))


def _on_us_research(simulated: Simulated) -> list[Statement]:
    us = simulated.results["US"]
    ratio = float(simulated.calibration.arrays["rnd_ratio"][simulated.calibration.codes.index("US")])
    shock = us.shocks[0].size
    assert isinstance(shock, float)
    stock = us.deviation("domestic_rnd_stock", "US")
    steady = _far_end(us, "domestic_rnd_stock", "US")
    value_turns, investment_turns = (turning_year(us, name, "US") for name in ("market_value", "investment"))
    invested = us.deviation("investment", "US")
    start = investment_turns - us.first_year
    fast, slow = invested[start + 20] - invested[start], invested[start + 40] - invested[start + 20]
    falls = int(np.sum(np.diff(us.deviation("consumption", "US")) < 0))
    first_years = us.deviation("market_value", "US")[:5]
    return [
        _number(16, "US R&D spending rises by about 25 per cent of its baseline", 25, 100 * shock / ratio, 2.5, ".0f"),
        _number(17, "The US R&D stock rises by about 40 per cent in the long run", 40, steady, 3, ".0f"),
        Statement(
            17,
            "By 2075 almost all of that has come",
            "almost all",
            f"{stock[-1] / steady:.0%}",
            bool(stock[-1] > 0.9 * steady),
        ),
        Statement(
            17,
            "The market value of capital falls in the first few years: mean of 1996–2000, per cent",
            "falls",
            format_value(first_years.mean(), "+.1f"),
            bool(first_years.mean() < 0),
        ),
        _year(17, "The market value rises from 2003 onward: its lowest year", 2003, value_turns),
        _year(17, "Investment rises from 2003 onward: its lowest year", 2003, investment_turns),
        Statement(
            17,
            "Investment rises fast for 15 to 20 years, then more slowly: points in 20 years from its lowest, and in the next 20",
            "fast, then slow",
            f"{fast:.1f}, {slow:.1f}",
            bool(fast > 2 * slow > 0),
        ),
        Statement(17, "Consumption rises steadily: years in which it falls", "0", str(falls), falls == 0),
    ]


def _year(page: int, text: str, paper: int, ours: int, allowed: int = 2) -> Statement:
    return Statement(page, text, str(paper), str(ours), abs(ours - paper) <= allowed)


def _on_growth(simulated: Simulated) -> list[Statement]:
    us = simulated.results["US"]
    shares = us.shares_of_output("US")[["from_productivity", "potential_output"]].to_numpy(dtype=float)
    early, late = (float(part / whole) for part, whole in shares[[2010 - us.first_year, 2075 - us.first_year]])
    decade, *_, last = growth_differences(us)
    fast = growth_differences(simulated.fast)
    level = float(np.max(np.abs(us.deviation("price_level", "US"))))
    half = _at(simulated.half, "potential_output", "US") / _at(us, "potential_output", "US")
    return [
        Statement(
            18,
            "In the first 15 years almost all of the US gain is productivity: its part in 2010",
            "almost all",
            f"{early:.0%}",
            early > 0.9,
        ),
        _number(18, "By 2075 capital gives about a quarter of it", 0.25, 1 - late, 0.03),
        Statement(
            18, "US growth in the first ten years, points a year", "more than .3", f"{decade:.2f}", decade > 0.295
        ),
        _number(18, "US growth in the last 25 years, points a year", 0.025, last, 0.005, ".3f"),
        Statement(
            18,
            "With 15 per cent depreciation of R&D growth is back at the baseline's by about 2050: points a year, 2050–2075",
            "0",
            format_value(fast[-1], ".3f"),
            abs(fast[-1]) < 0.0125,
        ),
        Statement(
            15,
            "The price level is broadly unchanged: its largest deviation, per cent",
            "small",
            f"{level:.1f}",
            level < 5,
        ),
        _number(
            16,
            "The model is broadly linear: half the shock gives this part of the US gain of 2075",
            0.5,
            half,
            0.02,
            ".3f",
        ),
    ]


def _abroad(simulated: Simulated) -> list[Statement]:
    us = simulated.results["US"]
    first = _order(us, "potential_output", (*OTHERS, *DEVELOPING))[:3]
    rates = [_at(us, "real_exchange_rate", code) for code in (*OTHERS, "NI")]
    stocks = [_at(us, "foreign_rnd_stock", "+".join(group)) for group in (OTHERS, DEVELOPING)]
    own, canada = _far_end(us, "domestic_rnd_stock", "US"), simulated.results["CA"]
    at_home = _far_end(canada, "domestic_rnd_stock", "CA")
    france = simulated.results["FR"]
    order = _order(france, "potential_output", ("US", "JA", "GE", "IT", "UK", "CA", "SI", *DEVELOPING))
    return [
        Statement(
            18,
            "The dollar falls: real appreciation of other currencies by 2075, per cent",
            "up",
            f"{min(rates):+.0f} to {max(rates):+.0f}",
            min(rates) > 0,
        ),
        _number(19, "Foreign R&D stock of other industrial countries by 2075, per cent", 24, stocks[0], 2, ".1f"),
        _number(19, "The same of developing countries", 20, stocks[1], 2, ".1f"),
        Statement(
            20,
            "Who gains most output from US research abroad",
            "CA, NI, WH",
            ", ".join(first),
            set(first) == {"CA", "NI", "WH"},
        ),
        Statement(
            21,
            "R&D stocks in the long run: Canada's in its own simulation about 100 per cent, the US one 40",
            "100, 40",
            f"{at_home:.0f}, {own:.0f}",
            abs(at_home - 100) <= 10 and abs(own - 40) <= 4,
        ),
        Statement(
            22,
            "French research counts most in Europe and Africa: the first five abroad",
            "AF and Europe",
            ", ".join(order[:5]),
            set(order[:5]) <= {"AF", "SI", *EUROPE},
        ),
    ]


def _on_the_others(simulated: Simulated) -> list[Statement]:
    everyone, trade = simulated.results["industrial"], simulated.results["trade"]
    gains = {code: _at(everyone, "consumption", code) for code in (*EUROPE, *NORTH_AMERICA, *DEVELOPING)}
    europe, america = (np.mean([gains[code] for code in group]) for group in (EUROPE, NORTH_AMERICA))
    order = _order(everyone, "consumption", DEVELOPING)
    us = simulated.results["US"]
    more, more_consumed = _at(everyone, "potential_output", "US"), _at(everyone, "consumption", "US")
    prices = [_at(trade, "terms_of_trade", code) for code in OUTWARD]
    share: NDArray[np.float64] = trade.deviation("manufactures_imports_gdp", "+".join(OUTWARD))
    jump, end = (_at(trade, "tfp", "+".join(OUTWARD), year) for year in (1996, 2075))
    return [
        Statement(
            22,
            "All R&D up: consumption rises more in Europe and less in North America: means, per cent",
            "17¼ on average",
            f"{europe:.1f}, {america:.1f}",
            bool(europe > america),
        ),
        Statement(
            23,
            "All R&D up: consumption of developing countries, Africa first and the Western Hemisphere last",
            "AF, ..., WH",
            ", ".join(order),
            order[0] == "AF" and order[-1] == "WH",
        ),
        _number(
            24, "All R&D up: US output over that of US R&D alone", 1.7, more / _at(us, "potential_output", "US"), 0.1
        ),
        _number(25, "All R&D up: US consumption, per cent", 16, more_consumed, 1, ".1f"),
        _number(23, "More trade: productivity jumps by 2½ per cent at the start", 2.5, jump, 0.3, ".1f"),
        _number(23, "More trade: productivity is 5¾ per cent higher by 2075", 5.75, end, 0.6, ".1f"),
        Statement(
            23,
            "More trade: imports over output fall over time: points of 1996 and 2075",
            "fall",
            f"{share[0]:.1f}, {share[-1]:.1f}",
            bool(share[-1] < share[0]),
        ),
        Statement(
            24,
            "More trade: the terms of trade worsen: per cent by 2075 (AF, WH, OD)",
            "down",
            ", ".join(format_value(price, "+.0f") for price in prices),
            max(prices) < 0,
        ),
    ]
