"""Comparative statics with innovation: every derivative against differences, signs as the paper has them, and where it has not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.firms.uniform import (
    UniformParameters,
    comparative_statics,
    derivative,
    required_reduction,
    select,
    solve_uniform,
)
from tradewinds.firms.uniform.statics import INNOVATION_PARAMETERS, PARAMETERS

MANY = settings(deadline=None, max_examples=60)
CUTOFFS = ("innovation_cutoff_rule", "innovation_cutoff_exact", "innovation_cutoff_equilibrium")


def solved(t, cost=0.02, fall=0.05, **changes):
    return solve_uniform(
        UniformParameters(trade_cost=t, innovation_cost=cost, innovation_cost_reduction=fall, **changes)
    ).value


# who innovates on the margin: nobody (0.9, 5.0), exporters, firms at home (0.01 for a fall of 0.05), those whom it makes exporters
POINTS = [
    (0.0, 0.02, 0.05), (0.15, 0.02, 0.05), (0.37, 0.002, 0.05), (0.6, 0.03, 0.2), (0.77, 0.02, 0.05), (0.9, 5.0, 0.05),
    (0.97, 0.01, 0.05), (1.02, 0.02, 0.05), (1.3, 0.01, 0.01), (np.inf, 0.02, 0.05),
]  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("parameter", PARAMETERS + INNOVATION_PARAMETERS)
def test_derivatives_of_every_variable_against_differences(point, parameter):
    here = solved(*point)
    value, levels = getattr(here.parameters, parameter), here.values()
    found = derivative(here, parameter)
    assert set(found) == set(levels)
    if not np.isfinite(value):
        assert set(found.values()) == {0.0}
        return
    h = 1e-5 * max(value, 0.05)

    def at(x):
        return solve_uniform(here.parameters.replace(**{parameter: x})).value.values()

    if value:
        up, down = at(value + h), at(value - h)
        numeric = {name: (up[name] - down[name]) / (2 * h) for name in found}
    else:  # one-sided at zero, second order
        one, two = at(h), at(2 * h)
        numeric = {name: (4 * one[name] - two[name] - 3 * levels[name]) / (2 * h) for name in found}
    for name, slope in found.items():
        assert slope == pytest.approx(numeric[name], rel=3e-5, abs=3e-6), name


@st.composite
def able(draw):
    """Draw an economy in which some firms export and some innovate by each rule."""
    t, cost, fall = draw(st.floats(0.001, 0.95)), draw(st.floats(0.0005, 0.06)), draw(st.floats(0.01, 0.2))
    try:
        point = solved(t, cost, fall, maximum_cost=3.0, entry_cost=1 / 36)
    except InputError:
        assume(False)
    assume(min(getattr(point.innovation, name) for name in CUTOFFS) > 0)
    return point


@MANY
@given(able())
def test_cutoffs_move_with_the_trade_cost_as_the_paper_says(point):
    slope = derivative(point, "trade_cost")
    assert 0 < slope["cost_cutoff"] <= 0.5 + 1e-12  # cheaper trade: tougher at home ...
    assert slope["export_cutoff"] < 0  # ... and more exporters
    assert slope["output_weighted_cost"] > -1e-12 and slope["import_share"] < 0


@MANY
@given(able())
def test_cheaper_trade_makes_exporters_innovate_and_firms_at_home_stop(point):
    """The paper has the first. The second follows from it: who sells at home only meets tougher competition and no new market.

    In between, who exports because it innovates, either may happen.
    """
    found, fall, t = point.innovation, point.parameters.innovation_cost_reduction, point.parameters.trade_cost
    slope = derivative(point, "trade_cost")
    for name in CUTOFFS:
        cutoff = getattr(found, name)
        exports_below = (found if name.endswith("equilibrium") else point).cost_cutoff - t
        if cutoff < exports_below - 1e-9:  # the marginal innovator exports before and after
            assert slope[name] < 1e-12, name
        elif cutoff - (0 if name.endswith("rule") else fall) > exports_below + 1e-9:  # ... and neither
            assert slope[name] > 0, name


def test_both_kinds_of_marginal_innovators_exist():
    dear, cheap = solved(0.4, 0.02), solved(0.4, 0.005)
    assert dear.innovation.innovation_cutoff_rule < dear.export_cutoff
    assert cheap.innovation.innovation_cutoff_rule > cheap.export_cutoff
    for name in CUTOFFS:
        assert derivative(dear, "trade_cost")[name] < 0 < derivative(cheap, "trade_cost")[name]


def test_numbers_of_the_page_on_the_model():
    dear, cheap = ([solved(t, cost).innovation.innovation_cutoff_rule for t in (0.5, 0.3)] for cost in (0.02, 0.005))
    assert [round(value, 3) for value in cheap] == [0.765, 0.715] and dear[1] > dear[0]


@MANY
@given(able())
def test_dearer_and_smaller_innovations_have_fewer_takers(point):
    by_cost, by_fall = (derivative(point, name) for name in INNOVATION_PARAMETERS)
    for name in CUTOFFS:
        assert by_cost[name] < 0, name
    for name in CUTOFFS[:2]:
        assert by_fall[name] > 0, name
    assert by_cost["cost_cutoff_with_innovation"] > -1e-12  # innovators are tougher competitors
    assert by_fall["cost_cutoff_with_innovation"] < 1e-12
    assert by_cost["cost_cutoff"] == by_fall["cost_cutoff"] == 0


@MANY
@given(able())
def test_units_of_money_and_goods_leave_elasticities_in_balance(point):
    """Prices are homogeneous of degree one in costs of all kinds, with b in 1 / price and profits in price x units."""
    frame = comparative_statics(point).pivot(index="variable", columns="parameter", values="elasticity")
    prices = frame.loc[["cost_cutoff", "export_cutoff", *CUTOFFS, "cost_cutoff_with_innovation"]]
    money = prices[["trade_cost", "maximum_cost", "entry_cost", "innovation_cost", "innovation_cost_reduction"]]
    np.testing.assert_allclose(money.sum(axis=1) - prices["price_sensitivity"], 1, rtol=1e-8)
    goods = prices["market_size"] + prices["entry_cost"] + prices["innovation_cost"]
    np.testing.assert_allclose(goods, 0, atol=1e-8)


def test_derivatives_by_innovation_need_innovation():
    point = solve_uniform(UniformParameters(trade_cost=0.5)).value
    with pytest.raises(InputError, match="no innovation, so no derivative by innovation_cost"):
        derivative(point, "innovation_cost")
    with pytest.raises(InputError, match="innovation_cost_reduction"):
        derivative(solved(0.5), "innovation")
    assert set(comparative_statics(point)["parameter"]) == set(PARAMETERS)


def test_the_required_fall_of_cost_rises_with_cost():
    """Of the marginal firms the less productive one needs the larger gain: negative selection, whatever trade costs."""
    costs = np.linspace(0, 1.2, 60)
    for t in (0.0, 0.3, 0.9, np.inf):
        assert np.all(np.diff(required_reduction(costs, 1.0, t, 0.08)) > 0)
    for before, after in ((0.8, 0.4), (0.6, 0.5)):
        found = select(
            UniformParameters(trade_cost=before),
            UniformParameters(trade_cost=after),
            innovation_cost=0.02,
            largest_reduction=0.3,
        )
        assert found.correlation < 0
