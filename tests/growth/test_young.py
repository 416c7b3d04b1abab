"""Bounded learning by doing: reference values, a grid of goods, the corners, and who learns in every world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.young_check import bought, kinks, missed
from tradewinds.growth.young_day import autarky, range_of_goods, rates, trade
from tradewinds.growth.young_paths import (
    NODES,
    WEIGHTS,
    along,
    day_of,
    equivalent_rise,
    income_of,
    ordered,
    walk,
)

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
    utility = range_of_goods(np.exp(3 + 0.02 * time) / 20) ** 2
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


@pytest.mark.parametrize(
    "world",
    [
        {},
        {"foreign_knowledge": 4.5, "discount_rate": 0.06},
        {"foreign_knowledge": 3.05, "foreign_labour": 0.05},  # exhausted at first
    ],
)
def test_paths_are_those_of_an_adaptive_integrator(world):
    """Day after day by a solver of differential equations, which knows nothing of windows, their nodes or kinks."""
    from scipy.integrate import solve_ivp

    p = MECHANISM.parameters(**world)

    def slope(_, state):
        return day_of(p, state).learning

    time = np.linspace(0, 60, 7)
    slow = solve_ivp(slope, (0, 60), p.knowledge, t_eval=time, rtol=1e-8, atol=1e-10, max_step=2.0).y.T
    np.testing.assert_allclose(walk(p, time).knowledge, slow, rtol=0, atol=3e-7)


@settings(deadline=None, max_examples=5)
@given(
    knowledge=st.tuples(st.floats(1, 5), st.floats(1, 5)),
    labour=st.tuples(st.floats(0.003, 0.15), st.floats(0.003, 0.15)),
    rho=st.floats(0.02, 0.1),
)
def test_paths_of_any_world(knowledge, labour, rho):
    """Whatever corners it goes through and whoever leads: against steps of a fixed length, each by the midpoint."""
    if knowledge[0] == knowledge[1]:
        return
    p = MECHANISM.parameters(
        home_knowledge=knowledge[0],
        foreign_knowledge=knowledge[1],
        home_labour=labour[0],
        foreign_labour=labour[1],
        discount_rate=rho,
    )
    assert MECHANISM.solve(p).ok
    order = ordered(p)
    state, step = p.knowledge[order], 0.1 / sum(labour) / 4
    for _ in range(80):
        middle = state + step / 2 * day_of(p, state).learning
        state = state + step * day_of(p, middle).learning
    # a kink or a change of the lead costs a step of a fixed length its order
    np.testing.assert_allclose(walk(p, np.array([0.0, 80 * step])).knowledge[-1], state[order], atol=0.01)


def test_the_lead_changes_hands_when_it_should():
    """The small leader stops learning on that day; found apart, with the gap in knowledge as time."""
    from scipy.integrate import solve_ivp

    p = MECHANISM.parameters(foreign_knowledge=3.2, foreign_labour=0.002)

    def slope(minus_gap, state):
        learning = day_of(p, np.array([state[1] + minus_gap, state[1]])).learning
        return np.array([1.0, learning[1]]) / (learning[0] - learning[1])

    date, knowledge = solve_ivp(slope, (-0.2, -1e-10), [0, 3.2], method="DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    taken = walk(p, np.array([0.0, date - 0.01, date + 0.01, 20.0]))
    assert taken.knowledge[1, 0] < taken.knowledge[1, 1]
    assert taken.knowledge[2, 0] > taken.knowledge[2, 1]
    np.testing.assert_allclose(taken.knowledge[2:, 1], knowledge, rtol=0, atol=1e-9)


def test_the_integral_of_utility_is_that_of_its_days():
    """Through a kink and a change of the lead, by trapezoids of days on a fine grid."""
    p = MECHANISM.parameters(foreign_knowledge=3.2, foreign_labour=0.002, discount_rate=0.06)
    time = 500 * np.linspace(0, 1, 6001) ** 2
    days = walk(p, time)
    slow = np.trapezoid(np.exp(-p.discount_rate * time)[:, np.newaxis] * days.utility, time, axis=0)
    np.testing.assert_allclose(MECHANISM.solve(p).value["lifetime_utility"], slow, rtol=1e-6)


#: Worlds whose paths go through kinks: where a country comes to buy what both could make, and where the lead changes hands.
KINKED = (
    {"foreign_knowledge": 1.07047, "home_labour": 0.02834, "foreign_labour": 0.05135},
    {"home_knowledge": 4.76, "foreign_knowledge": 2.87, "discount_rate": 0.0192},
    {
        "home_knowledge": 1.2963624,
        "foreign_knowledge": 2.4799257,
        "home_labour": 0.138918088,
        "foreign_labour": 0.018182653,
        "discount_rate": 0.03099885,
    },
    {
        "home_knowledge": 1.6549666,
        "foreign_knowledge": 1.0955553,
        "home_labour": 0.0126377834,
        "foreign_labour": 0.144775817,
        "discount_rate": 0.07165771,
    },
)


@pytest.mark.parametrize("world", KINKED)
def test_opening_leads_through_kinks(world):
    found = MECHANISM.transition(MECHANISM.parameters(**world, trade=0), {"trade": 1}, throw=False)
    assert found.ok
    assert found.residual.norm < 5e-10


def test_a_counterfactual_that_passes_a_kink():
    p = MECHANISM.parameters(home_knowledge=2.29, foreign_knowledge=2.87, discount_rate=0.0192)
    found = MECHANISM.counterfactual(p, {"home_knowledge": 4.76})
    assert found.path is not None
    assert found.welfare_transition > 0


@pytest.mark.parametrize("world", KINKED)
def test_the_check_of_a_path_sees_what_is_wrong_at_any_date(world):
    """Also between the dates where learning jumps, by hardly more than the tolerance."""
    p = MECHANISM.parameters(**world)
    time = np.linspace(0, 5 / p.discount_rate, 31)
    path = along(p, time[-1])
    right, pieces = path(time).knowledge, bought(path(time), ordered(p))
    assert np.max(np.abs(missed(p, path, time, right))) < 5e-10
    assert np.any(np.diff(pieces))
    for i in np.flatnonzero(np.diff(pieces)) + 1:
        wrong = right.copy()
        wrong[i:, 0] += 2e-9
        assert np.max(np.abs(missed(p, path, time, wrong))) > 1e-9


def test_the_lead_changes_hands_at_one_date():
    """Learning jumps there: knowledge is level on that date, to the last digits, and a slow twin stops on it."""
    p = MECHANISM.parameters(**KINKED[2])
    order, end = ordered(p), 5 / p.discount_rate
    path = along(p, end)
    gaps = path(np.linspace(0, end, 301)).knowledge @ [1, -1]
    i = int(np.argmax(gaps > 0))
    low, high = np.linspace(0, end, 301)[[i - 1, i]]
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if path(np.array([middle])).knowledge[0] @ [1, -1] < 0 else (low, middle)
    learning = path(np.array([low - 1e-6, high + 1e-6])).days.learning[:, order]
    assert learning[0, 1] == pytest.approx(p.foreign_labour, rel=1e-9)
    np.testing.assert_allclose(learning[1, 1], 0, atol=1e-9)


def test_kinks_are_bracketed_however_many_there_are_between_dates():
    where = np.array([0.1, 0.11, 0.4, 2.5, 2.7])
    points = np.linspace(0.05, 2.95, 30)
    found = kinks(lambda t: np.searchsorted(where, t), np.array([0.0, 1.0, 2.0, 3.0]), points)
    before, after = found[::2], found[1::2]
    np.testing.assert_allclose(before, where, atol=1e-10)
    assert np.all((before <= where) & (where < after))
    assert kinks(lambda t: 0 * t, np.array([0.0, 1.0]), points / 3).size == 0


def _worlds(seed, count, labour):
    """Return random worlds in autarky."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        knowledge, heads = random.uniform(1, 5, 2), random.uniform(*labour, 2)
        yield MECHANISM.parameters(
            home_knowledge=knowledge[0],
            foreign_knowledge=knowledge[1],
            home_labour=heads[0],
            foreign_labour=heads[1],
            discount_rate=random.uniform(0.02, 0.1),
            trade=0,
        )


def _failing(*worlds):
    found = ((p, MECHANISM.transition(p, {"trade": 1}, throw=False)) for p in _worlds(*worlds))
    return [(p, path.residual.norm) for p, path in found if not path.ok]


def test_random_worlds_open():
    assert _failing(20, 6, (0.02, 0.06)) == []
    assert _failing(21, 6, (0.003, 0.15)) == []


@pytest.mark.parametrize(
    ("discount_rate", "knowledge", "labour"),
    [
        # stuck between corner and inside, where a laggard is 300 times smaller than the leader
        (0.14873013, (0.40539178, 0.41711593), (0.13521365, 0.00041634)),
        (0.0711013254620359, (3.069046145547552, 3.511571622389556), (0.0007563723077446271, 0.08278687541302318)),
        # a first attempt at a window that runs away, and says nothing of where to split it
        (0.05782102523068254, (4.034066660659715, 3.416376971764856), (0.025792976893230627, 0.11698739821326348)),
        # the lead changes between the last node of a window and its end
        (0.014630962602457578, (2.2429105341566107, 1.6282901703358226), (0.0016683711342085764, 0.06140873462686993)),
    ],
)
def test_countries_of_very_different_sizes_open(discount_rate, knowledge, labour):
    p = MECHANISM.parameters(
        discount_rate=discount_rate,
        home_knowledge=knowledge[0],
        foreign_knowledge=knowledge[1],
        home_labour=labour[0],
        foreign_labour=labour[1],
        trade=0,
    )
    assert MECHANISM.transition(p, {"trade": 1}).residual.norm < 5e-10


@pytest.mark.slow
def test_many_random_worlds_open():
    """Among wide worlds many change the lead."""
    assert _failing(22, 150, (0.02, 0.06)) == []
    assert _failing(3, 150, (0.003, 0.15)) == []


def test_a_sweep_takes_in_corners_regimes_and_worlds_that_cannot_be():
    gaps = np.array([0.0, 0.05, 0.5, 1.0])
    p = MECHANISM.parameters(foreign_labour=0.05)
    swept = MECHANISM.sweep(p, foreign_knowledge=3 + gaps[:, np.newaxis], trade=[0, 1])
    np.testing.assert_array_equal(swept.admissible, [[1, 0], [1, 1], [1, 1], [1, 1]])
    for i, j in ((1, 1), (2, 0), (3, 1)):
        one = MECHANISM.solve(p.replace(foreign_knowledge=3 + gaps[i], trade=j)).value
        for name, value in one.values.items():
            np.testing.assert_allclose(swept[name][i, j], value, rtol=1e-9, atol=1e-12)


@MANY
@given(worlds)
def test_a_day_is_found_from_afar(world):
    """From a bad guess the same equilibrium as from none."""
    knowledge, labour = np.array([world[0], world[0] + world[1]]), np.array(world[2:])
    found, other = (trade(10.0, knowledge, labour, guess) for guess in (None, np.array([9.0, -3.0, 0.1])))
    np.testing.assert_allclose(found.learning, other.learning, atol=1e-10)
    assert found.corner == other.corner


def test_derivatives_of_learning():
    """By knowledge, in the interior and in both corners, against central differences."""
    h = 1e-6
    for gap, labour, regime in ((0.5, (1.0, 1.0), 0), (0.02, (1.0, 2.0), 1), (0.2, (1.0, 0.05), 2)):
        knowledge, people = np.array([3.0, 3.0 + gap]), np.array(labour)
        found = trade(10.0, knowledge, people)
        assert found.regime == regime
        point = np.append(found.cutoff + 3.0, found.relative)[np.newaxis]
        _, learning, slopes, _, _ = rates(point, np.array([np.log(10.0) - 3.0]), np.array([gap]), people[np.newaxis])
        np.testing.assert_allclose(learning[0], found.learning, rtol=1e-10, atol=1e-14)
        moved = [[trade(10.0, knowledge + s * h * np.eye(2)[i], people).learning for s in (1, -1)] for i in (0, 1)]
        slow = np.stack([(up - down) / (2 * h) for up, down in moved], axis=-1)
        np.testing.assert_allclose(slopes[0], slow, atol=1e-6)


def test_welfare_is_a_rise_of_income_at_every_date():
    p = MECHANISM.parameters()
    utility = walk(p, NODES / p.discount_rate).utility[:, 0]
    income = income_of(utility, p.scale, 3.0) * 1.07
    weights = WEIGHTS / p.discount_rate
    risen = weights @ np.array([range_of_goods(x * np.exp(3.0) / 20) ** 2 for x in income])
    assert equivalent_rise(float(risen), utility, weights, p.scale, 3.0) == pytest.approx(7, abs=1e-8)


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
