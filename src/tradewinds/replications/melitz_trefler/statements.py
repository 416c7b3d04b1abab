"""What the paper says of firms, each statement as a question to solved economies: the share of them in which it holds.

A statement that something happens to *some* firms counts 1 if there is an economy in which it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms import UniformEquilibrium, demand, required_reduction, select
from tradewinds.replications.melitz_trefler.economies import COLUMN, Economy, costs

__all__ = ["SOMETIMES", "STATEMENTS", "Test", "judge_statements"]

Test = Callable[[Economy], bool | np.bool_]
Key = tuple[str, str, str]
Array = NDArray[np.float64]


def judge_statements(drawn: Sequence[Economy]) -> dict[Key, float]:
    """Return what every statement comes to."""
    found = {(*key, COLUMN): float(np.mean([test(economy) for economy in drawn])) for key, test in STATEMENTS.items()}
    found |= {(*key, COLUMN): float(any(test(economy) for economy in drawn)) for key, test in SOMETIMES.items()}
    return found


def _falls(values: object) -> bool | np.bool_:
    return np.all(np.diff(np.asarray(values)) < 0)


# --- footnote 1: the sign ---


def _demand_at(point: UniformEquilibrium, relative: float, form: str) -> float:
    """Return a firm's share of the market if its price is this multiple of the mean price that sellers charge."""
    p, mean = point.parameters, point.totals["mean_price"]
    sold = demand(relative * mean, mean, point.sellers, p.market_size, p.price_sensitivity, form)
    return float(sold) / p.market_size


def _same_price(form: str) -> Test:
    return lambda e: np.isclose(_demand_at(e.closed, 1.0, form), 1 / e.closed.sellers, rtol=1e-12)


def _dearer_sells_less(form: str) -> Test:
    return lambda e: _demand_at(e.closed, 1.1, form) < 1 / e.closed.sellers


def _cheaper_sells_more(form: str) -> Test:
    return lambda e: _demand_at(e.closed, 0.9, form) > 1 / e.closed.sellers


def _best_price(form: str) -> Test:
    """Ask whether profit has a maximum: not still rising at a hundred times the mean price."""

    def test(e: Economy) -> bool:
        profit = [relative * _demand_at(e.closed, relative, form) for relative in (1.0, 10.0, 100.0)]
        return profit[2] <= profit[1] <= profit[0]

    return test


def _one_cost(e: Economy) -> bool | np.bool_:
    """Ask whether, where all firms have one cost, nobody's best price earns more or less than nothing at some number of firms."""
    p = e.closed.parameters
    n = np.sqrt(p.market_size / (p.price_sensitivity * p.entry_cost))
    cost = p.maximum_cost / 2
    charged = cost + 1 / (p.price_sensitivity * n)
    prices = np.linspace(cost, 2 * charged, 4001)
    net = (prices - cost) * demand(prices, charged, n, p.market_size, p.price_sensitivity) - p.entry_cost
    at_it = (charged - cost) * demand(charged, charged, n, p.market_size, p.price_sensitivity) - p.entry_cost
    return abs(float(at_it)) < 1e-9 * p.entry_cost and np.max(net) <= 1e-9 * p.entry_cost


# --- Figure 2: firms of different costs ---


def _steeper(e: Economy) -> bool | np.bool_:
    """Ask whether marginal revenue falls faster than price, by differences along the demand of footnote 1."""
    p, point = e.closed.parameters, e.closed
    price = np.linspace(0.2, 0.95, 200) * point.cost_cutoff
    sold = demand(price, point.totals["mean_price"], point.sellers, p.market_size, p.price_sensitivity)
    marginal = np.diff(price * sold) / np.diff(sold)
    return np.all(np.diff(marginal) / np.diff(price[1:]) > 1.5)


def _closed(measure: Callable[[UniformEquilibrium], object], sign: int) -> Test:
    """Ask whether a number falls (or rises) with the cost of firms that sell."""
    return lambda e: _falls(-sign * np.asarray(measure(e.closed)))


def _cutoff_is_intercept(e: Economy) -> bool | np.bool_:
    """Ask whether demand is nothing at the price c*, and something just below."""
    p, point = e.closed.parameters, e.closed
    sold = demand(
        np.array([1.0, 0.999]) * point.cost_cutoff, point.totals["mean_price"], point.sellers, p.market_size, p.price_sensitivity
    )  # fmt: skip
    return sold[0] < 1e-9 * p.market_size and sold[1] > 1e-6 * p.market_size


def _above_nothing(e: Economy) -> bool | np.bool_:
    above = np.linspace(1.001, 1.5, 9) * e.closed.cost_cutoff
    return np.all(e.closed.output(above) == 0) and np.allclose(
        e.closed.net_profit(above), -e.closed.parameters.entry_cost
    )


def _regret(e: Economy) -> bool | np.bool_:
    """Ask whether some firms sell at a profit that does not cover the entry cost."""
    cost = costs(e.closed)
    return np.any((e.closed.operating_profit(cost) > 0) & (e.closed.net_profit(cost) < 0))


def _equal_areas(e: Economy) -> bool | np.bool_:
    """Ask whether gains and losses over all costs are equal areas, by summing over a fine grid."""
    p = e.closed.parameters
    edges = np.linspace(0, p.maximum_cost, 200_001)
    net = e.closed.net_profit((edges[1:] + edges[:-1]) / 2)
    gains, losses = net[net > 0].sum(), -net[net < 0].sum()
    return np.isclose(gains, losses, rtol=1e-6)


# --- Figure 3: a larger market ---


def _demand_turns(e: Economy) -> bool | np.bool_:
    """Ask whether the highest prices sell less than before and the lowest ones more."""
    high, low = 0.999 * e.doubled.cost_cutoff, 0.0
    sold = [[float(_sold(point, price)) for price in (high, low)] for point in (e.closed, e.doubled)]
    return sold[1][0] < sold[0][0] and sold[1][1] > sold[0][1]


def _sold(point: UniformEquilibrium, price: float) -> float:
    p = point.parameters
    return float(demand(price, point.totals["mean_price"], point.sellers, p.market_size, p.price_sensitivity))


def _ends(kind: str, which: str, first: str, last: str) -> Test:
    """Ask whether the lowest costs have one thing happen to them, and the highest that ever sell another."""

    def test(e: Economy) -> bool:
        ranges = getattr(e, which).ranges
        return getattr(ranges[0], kind) == first and getattr(ranges[-1], kind) == last

    return test


def _exit(which: str) -> Test:
    """Ask whether the highest costs, and only they, stop selling."""

    def test(e: Economy) -> bool:
        change = getattr(e, which)
        gone = [r.after == "out" for r in change.ranges]
        return gone[-1] and sorted(gone) == gone

    return test


def _survivors_contract(which: str) -> Test:
    """Ask whether some firms stay and sell less."""
    return lambda e: any(r.after != "out" and r.output == "falls" for r in getattr(e, which).ranges)


def _share_of_whole_market(e: Economy) -> bool | np.bool_:
    """Ask whether the best firm's share of the market rises, where the market after integration is both countries'."""
    before, after = (
        float(point.output(0.0, "domestic")) / point.parameters.market_size for point in (e.closed, e.doubled)
    )
    return after > before


def _share_of_country(e: Economy) -> bool | np.bool_:
    """Ask whether the best firm's share of what its country's firms make rises; each country makes as much as before."""
    made = e.closed.parameters.market_size
    return float(e.doubled.output(0.0)) / made > float(e.closed.output(0.0)) / made


def _markups_fall(e: Economy) -> bool | np.bool_:
    cost = costs(e.doubled)
    return np.all(e.doubled.markup(cost) < e.closed.markup(cost))


def _prices_fall(e: Economy) -> bool | np.bool_:
    cost = costs(e.low)
    return np.all(e.low.price(cost) < e.high.price(cost))


def _total(name: str, sign: int, before: str, after: str) -> Test:
    """Ask whether an aggregate rises (or falls)."""
    return lambda e: sign * (getattr(e, after).totals[name] - getattr(e, before).totals[name]) > 0


# --- Figure 4: trade costs ---


def _abroad(e: Economy) -> bool | np.bool_:
    """Ask whether exporters charge more abroad, sell less there and earn less there than at home."""
    cost = np.linspace(0, 0.99, 50) * e.high.export_cutoff
    dearer = e.high.price(cost, "export") > e.high.price(cost)
    less = e.high.output(cost, "export") < e.high.output(cost, "domestic")
    poorer = e.high.operating_profit(cost, "export") < e.high.operating_profit(cost, "domestic")
    return np.all(dearer & less & poorer)


def _distance_is_t(e: Economy) -> bool | np.bool_:
    cost = np.linspace(0, 0.99, 50) * e.high.export_cutoff
    shifted = e.high.operating_profit(cost + e.high.parameters.trade_cost, "domestic")
    return np.allclose(e.high.operating_profit(cost, "export"), shifted, rtol=1e-10)


def _who_exports(e: Economy) -> bool | np.bool_:
    """Ask whether exports are profitable below c* - t and nowhere else."""
    cost = costs(e.high)
    edge = e.high.cost_cutoff - e.high.parameters.trade_cost
    return np.array_equal(e.high.operating_profit(cost, "export") > 0, cost < edge)


def _some_only_at_home(e: Economy) -> bool | np.bool_:
    return 0 < e.high.export_cutoff < e.high.cost_cutoff


def _curve(market: str, sign: int) -> Test:
    """Ask whether operating profit in a market shifts up (or down) for all who sell there before or after."""

    def test(e: Economy) -> bool | np.bool_:
        top = e.low.export_cutoff if market == "export" else e.high.cost_cutoff
        cost = np.linspace(0, 0.999, 101) * top
        return np.all(sign * (e.low.operating_profit(cost, market) - e.high.operating_profit(cost, market)) > 0)

    return test


def _best_start(e: Economy) -> bool | np.bool_:
    """Ask whether those who start to export have lower costs than all who still do not."""
    change = e.opening
    started = change.switchers("domestic", "exports")
    kept = change.switchers("domestic", "domestic") + change.switchers("domestic", "out")
    return bool(started) and all(high <= low for _, high in started for low, _ in kept)


# --- innovation ---


def _rule(point: UniformEquilibrium, cost: Array) -> NDArray[np.bool_]:
    p = point.parameters
    assert p.innovation_cost is not None and p.innovation_cost_reduction is not None
    return np.asarray(point.output(cost)) * p.innovation_cost_reduction > p.innovation_cost


def _large_innovate(e: Economy) -> bool | np.bool_:
    """Ask whether the rule picks the lowest costs, up to one cutoff."""
    cost = costs(e.high)
    picked = _rule(e.high, cost)
    innovation = e.high.innovation
    assert innovation is not None
    return np.array_equal(picked, cost < innovation.innovation_cutoff_rule)


def _exporters_sell_more(e: Economy) -> bool | np.bool_:
    cost = np.linspace(0, 0.999, 101) * e.high.export_cutoff
    sells, abroad = (
        e.low.output(cost) - e.high.output(cost),
        e.low.output(cost, "export") - e.high.output(cost, "export"),
    )
    return np.all((sells > 0) & (abroad > 0))


def _tipped(exported: bool) -> Test:
    """Ask whether the rule tips someone who exported (or did not, and does now) towards innovation."""

    def test(e: Economy) -> bool | np.bool_:
        cost = costs(e.high, 1001)
        was, now = cost < e.high.export_cutoff, cost < e.low.export_cutoff
        who = was if exported else ~was & now
        return np.any(who & ~_rule(e.high, cost) & _rule(e.low, cost))

    return test


def _rule_is_exact(e: Economy) -> bool | np.bool_:
    innovation = e.high.innovation
    assert innovation is not None
    return np.isclose(innovation.innovation_cutoff_rule, innovation.innovation_cutoff_exact, rtol=1e-6)


def _indifferent(e: Economy) -> bool | np.bool_:
    """Ask whether, among the indifferent, the fall of cost that just pays rises with initial cost."""
    p, point = e.high.parameters, e.high
    assert p.innovation_cost is not None
    squares = 4 * p.innovation_cost / (p.market_size * p.price_sensitivity)
    needed = required_reduction(costs(point), point.cost_cutoff, p.trade_cost, squares)
    return _falls(-needed)


def _less_productive_gain_more(e: Economy) -> bool | np.bool_:
    p = e.high.parameters
    assert p.innovation_cost is not None
    before, after = (
        point.parameters.replace(innovation_cost=None, innovation_cost_reduction=None) for point in (e.high, e.low)
    )
    most = 0.5 * e.high.cost_cutoff
    found = select(before, after, innovation_cost=p.innovation_cost, largest_reduction=most)
    return bool(found.correlation < 0) or found.switcher_share == 0


STATEMENTS: Mapping[tuple[str, str], Test] = {
    ("Footnote 1", "at one price all have the share 1/n, as printed"): _same_price("printed"),
    ("Footnote 1", "at one price all have the share 1/n, corrected"): _same_price("corrected"),
    ("Footnote 1", "who charges more has a smaller share, as printed"): _dearer_sells_less("printed"),
    ("Footnote 1", "who charges more has a smaller share, corrected"): _dearer_sells_less("corrected"),
    ("Footnote 1", "who charges less has a larger share, as printed"): _cheaper_sells_more("printed"),
    ("Footnote 1", "who charges less has a larger share, corrected"): _cheaper_sells_more("corrected"),
    ("Footnote 1", "there is a best price, as printed"): _best_price("printed"),
    ("Footnote 1", "there is a best price, corrected"): _best_price("corrected"),
    ("Footnote 2", "where all have one cost, entry leaves nobody a net profit"): _one_cost,
    ("Figure 2", "marginal revenue is steeper than demand"): _steeper,
    ("Figure 2", "lower cost, lower price"): _closed(lambda p: p.price(costs(p)), 1),
    ("Figure 2", "lower cost, higher markup"): _closed(lambda p: p.markup(costs(p)), -1),
    ("Figure 2", "lower cost, more output"): _closed(lambda p: p.output(costs(p)), -1),
    ("Figure 2", "lower cost, higher operating profit"): _closed(lambda p: p.operating_profit(costs(p)), -1),
    ("Figure 2", "lower cost, higher net profit"): _closed(lambda p: p.net_profit(costs(p)), -1),
    ("Figure 2", "the cutoff is where demand meets the axis"): _cutoff_is_intercept,
    ("Figure 2", "above the cutoff firms sell nothing and lose the entry cost"): _above_nothing,
    ("Figure 2", "some that sell regret that they entered"): _regret,
    ("Figure 2", "the two shaded areas are equal"): _equal_areas,
    ("Figure 3", "a larger market has more firms"): _total("sellers", 1, "closed", "doubled"),
    ("Figure 3", "demand shifts in at high prices and out at low ones"): _demand_turns,
    ("Figure 3", "the cost cutoff falls"): _total("cost_cutoff", -1, "closed", "doubled"),
    ("Figure 3", "the highest costs exit"): _exit("integration"),
    ("Figure 3", "the lowest costs earn more, the highest less"): _ends("profit", "integration", "rises", "falls"),
    ("Figure 3", "the lowest costs sell more, the highest less"): _ends("output", "integration", "rises", "falls"),
    ("Figure 3", "some stay and contract"): _survivors_contract("integration"),
    ("Figure 3", "the best gain market share, of what their country makes"): _share_of_country,
    ("Figure 3", "the best gain market share, of the whole integrated market"): _share_of_whole_market,
    ("Figure 3", "markups of all who stay fall"): _markups_fall,
    ("Figure 3", "the mean price falls"): _total("mean_price", -1, "closed", "doubled"),
    ("Figure 3", "aggregate productivity rises"): _total("productivity", 1, "closed", "doubled"),
    ("Figure 4", "abroad firms charge more, sell less and earn less"): _abroad,
    ("Figure 4", "the two profit curves are apart by t"): _distance_is_t,
    ("Figure 4", "firms export below c* - t, and only they"): _who_exports,
    ("Figure 4", "some firms serve their own market only"): _some_only_at_home,
    ("Figure 4", "cheaper trade: domestic profits shift down"): _curve("domestic", -1),
    ("Figure 4", "cheaper trade: export profits shift up"): _curve("export", 1),
    ("Figure 4", "cheaper trade: the highest costs exit"): _exit("opening"),
    ("Figure 4", "cheaper trade: the lowest costs sell more, the highest less"): _ends(
        "output", "opening", "rises", "falls"
    ),
    ("Figure 4", "cheaper trade: the lowest costs earn more, the highest less"): _ends(
        "profit", "opening", "rises", "falls"
    ),
    ("Figure 4", "cheaper trade: the best that did not export start"): _best_start,
    ("Figure 4", "cheaper trade: aggregate productivity rises"): _total("productivity", 1, "high", "low"),
    ("Figure 4", "cheaper trade: prices of domestic firms fall"): _prices_fall,
    ("Figure 4", "cheaper trade: the mean price of sellers falls"): _total("mean_price", -1, "high", "low"),
    ("Figure 4", "cheaper trade: more varieties are sold"): _total("sellers", 1, "high", "low"),
    ("Innovation", "only firms with large volumes innovate, by the rule"): _large_innovate,
    ("Innovation", "cheaper trade raises exporters' sales abroad and in all"): _exporters_sell_more,
    ("Innovation", "the rule, with output before, is the exact condition"): _rule_is_exact,
    ("Innovation", "among the indifferent, the less productive need the larger gain"): _indifferent,
    ("Innovation", "among those who start to export, the less productive gain more"): _less_productive_gain_more,
}

SOMETIMES: Mapping[tuple[str, str], Test] = {
    ("Innovation", "cheaper trade tips some exporters to innovate"): _tipped(exported=True),
    ("Innovation", "cheaper trade tips some non-exporters to export and innovate"): _tipped(exported=False),
}
