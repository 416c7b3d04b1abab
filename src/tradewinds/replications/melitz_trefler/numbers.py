"""Numbers of the text that follow from other numbers of it: widgets, the account of Table 2, differences in Table 1, footnotes."""

from __future__ import annotations

import math

import numpy as np

from tradewinds.firms import ParetoParameters, WidgetParameters, WidgetResult, solve
from tradewinds.firms.measurement import ProductivityAccount, aggregate_effect

__all__ = ["PRINTED_TABLE_1", "account_numbers", "arithmetic", "many_countries", "widget_numbers"]

Key = tuple[str, str, str]

#: Table 1 as printed, per cent: new exporters, nonexporters, difference, LATE.
PRINTED_TABLE_1: dict[str, tuple[int, int, int, int]] = {
    "Manufacturing information systems": (16, 6, 10, 7),
    "Inspection and communications": (18, 10, 8, 8),
    "Any product or process innovation": (30, 20, 10, 8),
    "Any product innovation": (26, 14, 12, 7),
}


def widget_numbers(found: WidgetResult) -> dict[Key, float]:
    """Return the numbers and statements of the widget example, p. 95, and of its second appearance, p. 98."""
    one, two = found.of("autarky")[:2]
    shared = found.of("trade")[0]
    exhibit, text = "Widgets", "the text"
    liked = solve(WidgetParameters(elasticity_of_substitution=4.0)).value
    return {
        (exhibit, "plan A: varieties", text): float(one.varieties),
        (exhibit, "plan A: units of each", text): one.units,
        (exhibit, "plan B: varieties", text): float(two.varieties),
        (exhibit, "plan B: units of each", text): two.units,
        (exhibit, "trade: units made of a variety", text): shared.run,
        (exhibit, "trade: varieties consumed", text): float(shared.varieties),
        (exhibit, "trade: units consumed of each", text): shared.units,
        (exhibit, "trade: units consumed in all", text): shared.total,
        (exhibit, "trade is better than A: as many units, more varieties", text): float(
            shared.total == one.total and shared.varieties > one.varieties
        ),
        (exhibit, "trade is better than B: as many varieties, more of each", text): float(
            shared.varieties == two.varieties and shared.units > two.units
        ),
        (exhibit, "identical countries gain from trade", text): float(liked.market["gains_from_variety"] > 0),
        (exhibit, "plan A of p. 98 is plan A of p. 95", text): float(one.varieties == 2),
        (exhibit, "the firm that stays, before", text): two.run,
        (exhibit, "the firm that stays, after", text): shared.run,
    }


def account_numbers(account: ProductivityAccount) -> dict[Key, float]:
    """Return Table 2: what is in the text, sums of it, and what the total leaves."""
    parts = account.subtotals()
    between, within = parts["between plants"], parts["within plants"]
    rest = next(c.value for c in account.channels if c.status != "in the text")
    return {
        ("Table 2", "new exporters invest: 15.3 x 0.23", "per cent"): aggregate_effect(15.3, 0.23),
        ("Table 2", "between plants: 4.1 + 4.3", "per cent"): between,
        ("Table 2", "within plants: 3.5 + 1.4 + 0.5", "per cent"): within,
        ("Table 2", "existing exporters invest, not in the text: 13.8 less the rest", "per cent"): rest,
        ("Table 2", "4.1 + 4.3 + 3.5 + 1.4 + 0.5", "per cent"): account.total,
    }


def arithmetic() -> dict[Key, float]:
    """Return what else in the text can be recomputed from the text."""
    found = {
        ("Footnote 4", "log productivity one apart: how many times", "the text"): math.exp(1),
        ("Footnote 4", "log productivity four apart: how many times", "the text"): math.exp(4),
    }
    for row, (new, other, _, _) in PRINTED_TABLE_1.items():
        found["Table 1", f"{row}: new exporters less nonexporters", "recomputed"] = float(new - other)
    return found


def many_countries() -> dict[Key, float]:
    """Return footnote 3: in three countries of different size all trade costs fall in proportion, or become one market."""
    size = np.array([1.0, 1.1, 1.2])
    costs = np.array([[1.0, 1.5, 1.4], [1.5, 1.0, 1.6], [1.4, 1.6, 1.0]])
    names = ("a", "b", "c")
    before, after = (
        solve(ParetoParameters(countries=names, market_size=size, trade_cost=each)).value
        for each in (costs, np.where(costs > 1, 0.9 * costs, 1.0))
    )
    one = solve(ParetoParameters(countries=("all",), market_size=size.sum())).value
    cheaper = np.all(after.cost_cutoff < before.cost_cutoff)
    integrated = np.all(one.cost_cutoff < before.cost_cutoff)
    column = "three countries"
    return {
        ("Footnote 3", "trade costs fall in proportion: cutoffs fall everywhere, as with integration", column): float(
            cheaper and integrated
        ),
        ("Footnote 3", "trade costs fall in proportion: everybody gains, as with integration", column): float(
            np.all(after.welfare > before.welfare) and np.all(one.welfare > before.welfare)
        ),
    }
