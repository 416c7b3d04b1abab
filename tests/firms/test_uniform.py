"""The paper's model: reference numbers, a slow twin, properties, derivatives, and what is refused."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from uniform_twin import Twin

from tradewinds.errors import InputError
from tradewinds.firms.uniform import (
    UniformParameters,
    comparative_statics,
    cutoff,
    demand,
    derivative,
    integrate_markets,
    liberalise,
    solve_uniform,
)
from tradewinds.firms.uniform.checks import NAMES, residual
from tradewinds.firms.uniform.statics import PARAMETERS

MANY = settings(deadline=None, max_examples=80)
sizes = st.floats(0.05, 20)


def solved(**changes):
    return solve_uniform(UniformParameters(**changes)).value


@st.composite
def worlds(draw):
    """Parameters whose costs reach the cutoff, with a trade cost from free to prohibitive."""
    S, b, f = draw(sizes), draw(sizes), draw(sizes)
    cmax = math.sqrt(12 * f / (S * b)) * draw(st.floats(1.001, 5))
    base = UniformParameters(market_size=S, price_sensitivity=b, entry_cost=f, maximum_cost=cmax)
    return base.replace(trade_cost=base.autarky_cutoff * draw(st.floats(0, 1.3)))


# Research notes, section 5.1 (S = b = 1, c_max = 1.5, f = 1/18), derived again from free entry here.
@pytest.mark.parametrize(
    ("t", "choke", "imports", "sellers", "cost", "price"),
    [
        (0.8, 0.99742828, 0.037702, 4.622980, 0.322422, 0.7811),
        (0.5, 0.96523908, 0.188521, 4.983663, 0.290326, None),
        (0.0, 0.79370053, 0.5, 5.039684, 0.264567, 0.5953),
        (1.0, 1.0, 0.0, 4.0, 0.333333, 0.75),
        (math.inf, 1.0, 0.0, 4.0, 0.333333, 0.75),
    ],
)
def test_reference_numbers(t, choke, imports, sellers, cost, price):
    values = solved(trade_cost=t).values()
    assert values["cost_cutoff"] == pytest.approx(choke, abs=5e-9)
    assert values["import_share"] == pytest.approx(imports, abs=5e-7)
    assert values["sellers"] == pytest.approx(sellers, abs=5e-7)
    assert values["output_weighted_cost"] == pytest.approx(cost, abs=5e-7)
    if price is not None:
        assert values["mean_price"] == pytest.approx(price, abs=5e-5)


@pytest.mark.parametrize("t", [0.0, 0.37, 0.8, 2.0])
def test_agrees_with_a_grid_of_firms(t):
    twin, values = Twin(t, S=2.0, b=0.7, cmax=1.6, f=0.1), solved(
        trade_cost=t, market_size=2.0, price_sensitivity=0.7, maximum_cost=1.6, entry_cost=0.1
    ).values()  # fmt: skip
    for name in (
        "entrants", "domestic_sellers", "foreign_sellers", "mean_price", "output", "import_share", "output_weighted_cost",
        "output_weighted_log_productivity",
    ):  # fmt: skip
        assert values[name] == pytest.approx(getattr(twin, name), rel=3e-5, abs=1e-9), name
    assert values["cost_cutoff"] == pytest.approx(twin.choke, rel=1e-8)


def test_revenue_and_its_import_share_by_summing_firms():
    point = solved(trade_cost=0.3)
    c = (np.arange(400_000) + 0.5) / 400_000 * 1.5
    home = np.nan_to_num(point.price(c)) * point.output(c, "domestic")
    away = np.nan_to_num(point.price(c, "export")) * point.output(c, "export")
    scale = point.entrants / len(c)
    assert point.totals["revenue"] == pytest.approx(scale * (home + away).sum(), rel=1e-9)
    assert point.totals["import_share_value"] == pytest.approx(away.sum() / (home + away).sum(), rel=1e-9)
    markups = np.concatenate(
        [point.markup(c)[c < point.cost_cutoff], point.markup(c, "export")[c < point.export_cutoff]]
    )
    assert point.totals["mean_markup"] == pytest.approx(markups.mean(), rel=1e-5)
    weighted = (point.output(c, "export") * 0.3 + point.output(c) * c).sum() / point.output(c).sum()
    assert point.totals["output_weighted_delivered_cost"] == pytest.approx(weighted, rel=1e-9)


@MANY
@given(st.floats(0, 0.9999))
def test_cubic_against_a_bracketing_search(t):
    found = brentq(lambda c: c**3 + max(c - t, 0) ** 3 - 1, 0.1, 2, xtol=1e-15)
    assert cutoff(t, 1.0) == pytest.approx(found, rel=1e-12)


@MANY
@given(worlds())
def test_every_world_solves_and_adds_up(parameters):
    solution = solve_uniform(parameters)
    assert solution.ok and solution.residual.norm < 1e-10
    values = solution.value.values()
    assert values["sellers"] == pytest.approx(values["domestic_sellers"] + values["foreign_sellers"])
    assert values["cost_cutoff"] <= parameters.autarky_cutoff * (1 + 1e-14)
    assert (solution.value.regime == "no trade") == (parameters.trade_cost >= parameters.autarky_cutoff)
    if solution.value.regime == "no trade":
        assert values["export_cutoff"] == values["foreign_sellers"] == values["import_share"] == 0
    else:
        assert values["export_cutoff"] == pytest.approx(values["cost_cutoff"] - parameters.trade_cost, rel=1e-12)


@MANY
@given(worlds(), st.floats(0.1, 10), st.floats(0.1, 10))
def test_units_do_not_matter(parameters, money, goods):
    """Prices in other money and quantities in other units: S and f follow, numbers of firms and shares stay."""
    p = parameters
    other = UniformParameters(
        market_size=goods * p.market_size, price_sensitivity=p.price_sensitivity / money, maximum_cost=money * p.maximum_cost,
        entry_cost=money * goods * p.entry_cost, trade_cost=money * p.trade_cost,
    )  # fmt: skip
    assume(other.trades == p.trades)  # a trade cost exactly at the cutoff may round to either side
    old, new = (solve_uniform(each).value.values() for each in (p, other))
    for name in ("entrants", "sellers", "import_share", "import_share_value"):
        assert new[name] == pytest.approx(old[name], rel=1e-9, abs=1e-12)
    for name in ("cost_cutoff", "mean_price", "output_weighted_cost"):
        assert new[name] == pytest.approx(money * old[name], rel=1e-9)


def test_free_trade_is_integration_and_the_paper_claims_hold():
    base = UniformParameters()
    assert solve_uniform(integrate_markets(base, 2)).value.cost_cutoff == pytest.approx(
        solve_uniform(base.replace(trade_cost=0)).value.cost_cutoff, rel=1e-14
    )
    point, c = solved(trade_cost=0.5), np.linspace(0.01, 0.46, 20)
    for market in ("domestic", "export"):  # lower cost: lower price, higher markup, more output, higher profit
        assert np.all(np.diff(point.price(c, market)) > 0) and np.all(np.diff(point.markup(c, market)) < 0)
        assert np.all(np.diff(point.output(c, market)) < 0) and np.all(np.diff(point.operating_profit(c, market)) < 0)
    shifted = point.operating_profit(c + 0.5, "domestic")  # Figure 4: the curves are t apart
    np.testing.assert_allclose(point.operating_profit(c, "export"), shifted, atol=1e-15)


def test_liberalisation_is_monotone_where_theory_says_so_and_the_mean_price_is_not():
    ts = np.linspace(0, 1, 41)
    rows = [solved(trade_cost=float(t)).values() for t in ts]
    path = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    for name in ("cost_cutoff", "output_weighted_cost"):
        assert np.all(np.diff(path[name]) > 0), name
    for name in ("export_cutoff", "import_share", "import_share_value", "productivity"):
        assert np.all(np.diff(path[name]) < 0), name
    # imports bring their transport into prices: neither mean price, nor delivered cost, falls all the way
    for name, closed in (("output_weighted_price", 2 / 3), ("output_weighted_delivered_cost", 1 / 3)):
        assert np.max(path[name]) > path[name][-1] + 0.01 and path[name][-1] == pytest.approx(closed)
    assert np.max(path["mean_price"]) > 0.75 + 0.03 and path["mean_price"][-1] == pytest.approx(0.75)


def test_break_even_cost_in_both_regimes():
    for t in (math.inf, 0.8, 0.2, 0.0):
        point = solved(trade_cost=t)
        assert abs(float(point.net_profit(point.break_even_cost))) < 1e-15
        c = (np.arange(100_000) + 0.5) / 100_000 * 1.5
        assert abs(point.net_profit(c).mean()) < 1e-9


@pytest.mark.parametrize("k", [1.5, 2.0, 7.0])
def test_integration_winners_by_closed_form(k):
    change = liberalise(UniformParameters(), integrate_markets(UniformParameters(), k))
    ((low, high),) = change.winners
    assert low == 0 and high == pytest.approx((k ** (1 / 6) - 1) / (k**0.5 - 1), rel=1e-12)
    ((low, high),) = change.growers
    assert low == 0 and high == pytest.approx((k ** (2 / 3) - 1) / (k - 1), rel=1e-12)
    assert change.switchers("domestic", "out")[0][0] == pytest.approx(k ** (-1 / 3), rel=1e-12)


@MANY
@given(st.floats(0, 1.2), st.floats(0, 1.2))
def test_ranges_of_liberalisation_against_a_grid(first, second):
    change = liberalise(UniformParameters(trade_cost=first), UniformParameters(trade_cost=second))
    assert change.ranges[0].low == 0
    for left, right in zip(change.ranges, change.ranges[1:], strict=False):
        assert left.high == right.low
    for r in change.ranges:
        c = np.linspace(r.low, r.high, 9)[1:-1]
        for word, moved in ((r.profit, change.profit_change(c)), (r.output, change.output_change(c))):
            sign = {"rises": 1, "falls": -1, "unchanged": 0}[word]
            assert np.all(sign * moved >= -1e-13) if sign else np.all(np.abs(moved) < 1e-12)
    if second < first - 1e-6 and first < 1:  # those who start to export are the best of those who did not
        ((low, high),) = change.switchers("domestic", "exports")
        assert low == pytest.approx(change.before.export_cutoff) and high == pytest.approx(change.after.export_cutoff)


@pytest.mark.parametrize("t", [0.0, 0.4, 0.9, 1.1])
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_derivatives_against_differences(t, parameter):
    point, h = solved(trade_cost=t), 1e-5
    value = getattr(point.parameters, parameter)

    def at(x):
        return solve_uniform(point.parameters.replace(**{parameter: x})).value.values()

    for name, slope in derivative(point, parameter).items():
        if value:
            numeric = (at(value + h)[name] - at(value - h)[name]) / (2 * h)
        else:  # one-sided at zero, second order
            numeric = (4 * at(h)[name] - at(2 * h)[name] - 3 * at(0.0)[name]) / (2 * h)
        assert slope == pytest.approx(numeric, rel=2e-5, abs=2e-6), name


def test_table_of_comparative_statics():
    frame = comparative_statics(solved(trade_cost=0.5)).set_index(["variable", "parameter"])
    x, c = 0.96523908224 - 0.5, 0.96523908224
    assert frame.loc[("cost_cutoff", "trade_cost"), "derivative"] == pytest.approx(x**2 / (x**2 + c**2), rel=1e-9)
    assert frame.loc[("output", "market_size"), "elasticity"] == pytest.approx(1)


def test_demand_of_footnote_1_as_corrected_and_as_printed():
    prices = np.array([0.8, 1.0, 1.2])
    assert np.all(np.diff(demand(prices, 1.0, 3.0)) < 0) and np.all(
        np.diff(demand(prices, 1.0, 3.0, form="printed")) > 0
    )
    assert demand(1.0, 1.0, 4.0, market_size=8.0) == pytest.approx(2.0)  # same price: a share 1/n
    with pytest.raises(InputError, match='Did you mean "printed"'):
        demand(1.0, 1.0, 4.0, form="print")
    with pytest.raises(InputError, match=r"sellers is 0\.0; it must be above 0"):
        demand(1.0, 1.0, 0)


@pytest.mark.parametrize("field", ["cost_cutoff", "export_cutoff", "entrants", "domestic_sellers", "foreign_sellers"])
def test_the_check_notices_a_wrong_point(field):
    point = solved(trade_cost=0.5)
    wrong = dataclasses.replace(point, **{field: getattr(point, field) * 1.001})
    assert np.max(np.abs(residual(wrong))) > 1e-5
    assert len(residual(point)) == len(NAMES) and point.residual < 1e-12


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trade_cost": -0.1}, "trade_cost is -0.1; it must be at least 0"),
        ({"trade_cost": math.nan}, "trade_cost"),
        ({"market_size": 0}, "market_size is 0.0; it must be above 0"),
        ({"entry_cost": "much"}, "entry_cost is 'much'; it must be a number"),
        ({"maximum_cost": 0.8}, "maximum_cost = 0.816501 or more"),
        ({"innovation_cost": 0.02}, "innovation_cost is given alone"),
        ({"price_sensitivity": math.inf}, "price_sensitivity is inf"),
        ({"entry_cost": 1e-300, "market_size": 1e300}, "too far apart to compute with"),
        ({"entry_cost": 1e200, "maximum_cost": 1e300}, "too far apart to compute with"),
        ({"trade_cost": [[0, 1], [1, 0]]}, "it must be a number at least 0"),
    ],
)
def test_bad_parameters(changes, words):
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        UniformParameters(**changes)


def test_the_bound_on_the_support_is_the_one_named():
    bound = math.sqrt(12 / 18)
    assert UniformParameters(maximum_cost=bound * (1 + 1e-12)).autarky_cutoff == pytest.approx(bound)
    with pytest.raises(InputError):
        UniformParameters(maximum_cost=bound * (1 - 1e-6))


def test_bad_comparisons():
    with pytest.raises(InputError, match="before and 2 after"):
        liberalise(UniformParameters(), UniformParameters(maximum_cost=2))
    with pytest.raises(InputError, match="has no innovation"):
        liberalise(UniformParameters(), UniformParameters(trade_cost=0), decision="exact")
    with pytest.raises(InputError, match="not float"):
        liberalise(0.5, 0.3)
    with pytest.raises(InputError, match="factor"):
        integrate_markets(UniformParameters(), 0)


def test_frames_and_text():
    change = liberalise(UniformParameters(trade_cost=0.8), UniformParameters(trade_cost=0.5))
    assert change.scenario == "trade_cost: 0.8 to 0.5" and "domestic -> exports" in change.summary()
    table = change.table()
    assert table["share_of_draws"].sum() == pytest.approx(change.before.cost_cutoff / 1.5)
    frame = change.tidy()
    moved = frame[frame["variable"] == "cost_cutoff_change"]["value"].item()
    assert moved == pytest.approx(change.after.cost_cutoff - change.before.cost_cutoff)
    point = change.before
    assert list(point.tidy().columns) == ["variable", "value", "unit", "scenario"]
    assert "trade_cost=0.8" in point.summary() and point.citation_keys[0] == "melitz-trefler2012"


@pytest.mark.parametrize("seed", range(20))
def test_no_range_of_firms_is_as_narrow_as_rounding(seed):
    """At the old cutoff the loss of profit is zero with its slope, a double root that rounding moves into the range."""
    random = np.random.default_rng(seed)
    size, slope, entry = np.exp(random.uniform(-2, 2, 3))
    maximum = 1.5 * np.sqrt(12 * entry / (size * slope))
    closed = UniformParameters(market_size=size, price_sensitivity=slope, entry_cost=entry, maximum_cost=maximum)
    t = random.uniform(0.3, 0.97) * closed.autarky_cutoff
    traded = [closed.replace(trade_cost=cost) for cost in (t, 0.99 * t, 0.4 * t)]
    pairs = [(closed, integrate_markets(closed, 2)), (closed, traded[2]), *((traded[0], low) for low in traded[1:])]
    for before, after in pairs:
        ranges = liberalise(before, after).ranges
        assert min(r.high - r.low for r in ranges) > 1e-7 * ranges[-1].high
        assert ranges[-1].profit == "falls"
