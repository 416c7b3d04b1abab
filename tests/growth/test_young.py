"""Bounded learning by doing: reference values, a grid of goods, the corners, and who learns in every world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.young_day import autarky, range_of_goods, trade
from tradewinds.growth.young_paths import NODES, WEIGHTS, equivalent_rise, income_of, walk

MECHANISM = mechanisms["young"]
MANY = settings(deadline=None, max_examples=60)
worlds = st.tuples(st.floats(2, 6), st.floats(0.02, 3), st.floats(0.2, 3), st.floats(0.05, 5))


def day(knowledge, gap, *labour):
    return trade(10.0, np.array([knowledge, knowledge + gap]), np.array(labour))


@pytest.mark.parametrize(
    ("gap", "wage", "laggard", "leader"), [(0.2, 1.1618, 0.1168, 0.8299), (1.0, 1.9520, 0.3687, 0.5673)]
)
def test_reference_values(gap, wage, laggard, leader):
    """Scale 10, knowledge 3, labour 1 and 1 (research notes, section 2.4)."""
    found = day(3.0, gap, 1.0, 1.0)
    assert np.exp(found.relative) == pytest.approx(wage, abs=1e-4)
    np.testing.assert_allclose(found.learning, [laggard, leader], atol=1e-4)


@pytest.mark.parametrize("gap", [0.2, 1.0, 2.5])
def test_a_grid_of_goods_clears_markets(gap):
    """The slow twin: 400,000 goods, each made where it is cheapest, demand by demand."""
    found = day(3.0, gap, 1.0, 1.0)
    goods = np.linspace(-10, 12, 400_001)
    step = goods[1] - goods[0]
    wages = np.array([1.0, np.exp(found.relative)])
    knowledge = np.array([3.0, 3.0 + gap])
    costs = 10 * wages[:, np.newaxis] * np.exp(np.abs(goods - knowledge[:, np.newaxis]) - knowledge[:, np.newaxis])
    maker, price = costs.argmin(axis=0), costs.min(axis=0)
    demand = sum(np.maximum(10 * np.exp(b) / price - 1, 0) for b in found.cutoff)
    labour = price * demand / wages[maker] * step
    assert [labour[maker == i].sum() for i in (0, 1)] == pytest.approx([1, 1], abs=2e-3)
    taught = [labour[(maker == i) & (goods > knowledge[i])].sum() for i in (0, 1)]
    assert taught == pytest.approx(list(found.learning), abs=2e-3)


@MANY
@given(worlds)
def test_the_laggard_learns_less_and_the_leader_more_than_alone(world):
    found = day(*world)
    labour = np.array(world[2:])
    assert found.learning[0] <= labour[0] / 2 * (1 + 1e-9)
    assert found.learning[1] >= labour[1] / 2 * (1 - 1e-9)
    assert 0 <= found.relative <= 2 * world[1] * (1 + 1e-12)
    assert np.all(found.learning >= -1e-12)
    assert np.all(found.learning <= labour * (1 + 1e-9))


@MANY
@given(worlds)
def test_trade_gains_on_the_day(world):
    """With given knowledge nobody loses: autarky prices are still to be had."""
    knowledge = np.array([world[0], world[0] + world[1]])
    opened, closed = day(*world), autarky(10.0, knowledge, np.array(world[2:]))
    assert np.all(opened.utility >= closed.utility * (1 - 1e-10))


@MANY
@given(worlds)
def test_growth_is_that_of_utility(world):
    """Marginal utility of income is 1 / p-bar, so growth of real consumption is u-dot p-bar / y; by central differences."""
    found, h = day(*world), 1e-5
    knowledge, labour = np.array([world[0], world[0] + world[1]]), np.array(world[2:])
    ahead, behind = (trade(10.0, knowledge + x * found.learning, labour) for x in (h, -h))
    if ahead.corner == behind.corner == found.corner:
        slope = (ahead.utility - behind.utility) / (2 * h)
        income = np.exp([0, found.relative])
        np.testing.assert_allclose(slope * 10 * np.exp(found.cutoff) / income, found.growth, atol=1e-5)


def test_autarky_in_closed_form():
    """Half of labour learns; tau solves the equation; utility of the path is that of a straight line of knowledge."""
    p = MECHANISM.parameters(trade=0)
    point = MECHANISM.solve(p).value
    np.testing.assert_allclose(point["innovation"], p.labour / 2, rtol=1e-14)
    np.testing.assert_allclose(point["growth"], p.labour / 2, rtol=1e-14)
    np.testing.assert_allclose(point["consumption"], 1, rtol=1e-12)
    time = np.linspace(0, 800, 40_001)
    utility = np.array([range_of_goods(np.exp(3 + 0.02 * t) / 20) ** 2 for t in time])
    slow = np.trapezoid(np.exp(-0.03 * time) * utility, time)
    assert point.welfare == pytest.approx(slow, rel=1e-6)


def test_the_path_of_knowledge_is_that_of_small_steps():
    p = MECHANISM.parameters()
    knowledge, step = p.knowledge.copy(), 0.05
    for _ in range(400):
        first = trade(p.scale, knowledge, p.labour).learning
        middle = trade(p.scale, knowledge + first * step / 2, p.labour).learning
        knowledge = knowledge + step * middle
    taken = walk(p, np.array([0.0, 10.0, 20.0]))
    np.testing.assert_allclose(taken.knowledge[-1], knowledge, atol=1e-6)


def test_welfare_is_a_rise_of_income_at_every_date():
    p = MECHANISM.parameters()
    utility = walk(p, NODES / p.discount_rate).utility[:, 0]
    income = income_of(utility, p.scale, 3.0) * 1.07
    risen = WEIGHTS @ np.array([range_of_goods(x * np.exp(3.0) / 20) ** 2 for x in income]) / p.discount_rate
    assert equivalent_rise(float(risen), utility, p.scale, 3.0, p.discount_rate) == pytest.approx(7, abs=1e-8)


def test_swapping_countries_swaps_results():
    p = MECHANISM.parameters()
    q = p.replace(home_knowledge=p.foreign_knowledge, foreign_knowledge=p.home_knowledge)
    one, other = MECHANISM.solve(p).value, MECHANISM.solve(q).value
    for name in ("growth", "innovation", "home_share", "consumption", "interest_rate", "lifetime_utility"):
        np.testing.assert_allclose(one[name], other[name][::-1], rtol=1e-9)
    assert (one.exports, other.exports) == ("simple goods", "advanced goods")


def test_corners_are_solved_and_named():
    stopped = MECHANISM.solve(MECHANISM.parameters(foreign_knowledge=3.05, foreign_labour=0.05)).value
    assert stopped["innovation"][0] == 0 < stopped.growth
    np.testing.assert_allclose(stopped["wage"], 1)
    assert "stops learning" in stopped.corner
    small = MECHANISM.solve(MECHANISM.parameters(foreign_knowledge=3.2, foreign_labour=0.002)).value
    assert small["wage"][1] == pytest.approx(np.exp(0.4))
    assert small["learning_share"][1] == pytest.approx(1)
    assert "home also makes advanced goods" in small.corner


def test_a_small_leader_is_overtaken():
    """The large laggard also makes advanced goods until it leads; then the small country makes what is exhausted."""
    p = MECHANISM.parameters(foreign_knowledge=3.2, foreign_labour=0.002)
    path = MECHANISM.transition(p, {}).value
    knowledge = path.paths["knowledge"]
    assert knowledge[0, 0] < knowledge[0, 1]
    assert knowledge[-1, 0] > knowledge[-1, 1]
    assert path.paths["innovation"][-1, 1] < path.paths["innovation"][0, 1] == pytest.approx(0.002)
    assert path.paths["wage"][0, 1] > 1 >= path.paths["wage"][-1, 1]
    assert path.end.exports == "advanced goods"


def test_bad_input_is_named():
    with pytest.raises(InputError, match="give one a head start"):
        MECHANISM.solve(MECHANISM.parameters(foreign_knowledge=3.0))
    with pytest.raises(InputError, match="labour over discount_rate must be smaller"):
        MECHANISM.solve(MECHANISM.parameters(home_labour=3.0))
    with pytest.raises(InputError, match="no trade cost"):
        MECHANISM.liberalise(MECHANISM.parameters(), 0.8)


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {"head-start": "holds", "growth-prospects-lost": "holds"}
