"""Learning through trade: closed forms, goods drawn by lot, and what follows, over random worlds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.special import gamma

from tradewinds.errors import InputError
from tradewinds.growth import Facts, mechanisms
from tradewinds.growth.oberfield_block import learning, shares

MECHANISM = mechanisms["buera-oberfield"]
VARIANTS = MECHANISM.variants


def symmetric(count, **changes):
    return MECHANISM.parameters(
        labour=np.ones(count), arrival=np.ones(count), relative_trade_costs=np.ones((count, count)), **changes
    )


@st.composite
def worlds(draw):
    count = draw(st.integers(2, 5))
    positive = st.lists(st.floats(0.3, 3), min_size=count, max_size=count)
    borders = st.lists(st.floats(1, 2), min_size=count * count, max_size=count * count)
    return MECHANISM.parameters(
        labour=draw(positive),
        arrival=draw(positive),
        relative_trade_costs=np.where(np.eye(count), 1.0, np.reshape(draw(borders), (count, count))),
        trade_cost=draw(st.floats(1, 2)),
        diffusion=draw(st.floats(0, 0.85)),
        trade_elasticity=draw(st.floats(2, 8)),
        arrival_growth=draw(st.floats(0.005, 0.1)),
    )


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("count", [2, 7])
def test_symmetric_closed_form(variant, count):
    p = symmetric(count, trade_cost=1.5)
    point = MECHANISM.solve(p, variant=variant).value
    closed = MECHANISM.solve(p, variant=variant, regime="autarky").value
    home, beta, theta = point.home_share, p.diffusion, p.trade_elasticity
    assert home == pytest.approx(1 / (1 + (count - 1) * 1.5**-theta), rel=1e-12)
    wanted = (home ** (1 - beta) + (count - 1) ** beta * (1 - home) ** (1 - beta)) ** (1 / (1 - beta))
    assert point.home("knowledge") / closed.home("knowledge") == pytest.approx(wanted, rel=1e-10)
    free = MECHANISM.solve(p.replace(trade_cost=1.0), variant=variant).value
    assert free.consumption / closed.consumption == pytest.approx(count ** (1 / ((1 - beta) * theta)), rel=1e-10)


def test_reference_value():
    """Two countries, beta 0.6, theta 4: free trade raises consumption by 2^(1 / 1.6) = 1.5422 in the long run."""
    p = symmetric(2, trade_cost=np.inf)
    opened = MECHANISM.counterfactual(p, {"trade_cost": 1.0})
    assert opened.welfare_steady_state == pytest.approx(54.22108, abs=5e-6)
    assert opened.static_gain == pytest.approx(100 * (2**0.25 - 1), abs=1e-9)


def test_knowledge_in_autarky_by_hand():
    """The knowledge that learns alpha Gamma(1 - beta) lambda^beta and grows at gamma / (1 - beta)."""
    p = MECHANISM.parameters()
    point = MECHANISM.solve(p, regime="autarky").value
    wanted = (p.arrival * gamma(0.4) / 0.08) ** (1 / 0.4)
    np.testing.assert_allclose(point["knowledge"], wanted, rtol=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_learning_from_goods_drawn_by_lot(variant):
    """Draw productivities, find who sells where and who works for whom, and average q^(beta theta)."""
    p = MECHANISM.parameters(diffusion=0.3)
    rng = np.random.default_rng(11)
    knowledge, goods, beta = np.array([1.0, 2.0, 0.7]), 600_000, p.diffusion
    wage = np.array([1.0, 1.1, 0.8])
    drawn = (knowledge[:, np.newaxis] / rng.exponential(size=(3, goods))) ** (1 / p.trade_elasticity)
    offers = wage[:, np.newaxis, np.newaxis] * p.costs[:, :, np.newaxis] / drawn[:, np.newaxis, :]
    seller = np.argmin(offers, axis=0)  # destination by good
    useful = drawn ** (beta * p.trade_elasticity)
    if variant == "sellers":
        met = np.array([np.mean(useful[seller[i], np.arange(goods)]) for i in range(3)])
    else:
        income = wage * p.labour
        # with equal spending on goods, workers of i per good sold in j are in proportion to j's income
        met = np.array(
            [sum(income[j] * np.sum(useful[i][seller[j] == i]) for j in range(3)) / goods / income[i] for i in range(3)]
        )
    learnt, part = learning(p, variant, knowledge, wage, shares(p, knowledge, wage))
    np.testing.assert_allclose(learnt / p.arrival, met, rtol=0.01)
    np.testing.assert_allclose(part.sum(axis=-1), 1, rtol=1e-14)


def test_the_path_of_one_country_is_a_bernoulli_equation():
    """In autarky detrended knowledge has (lambda^(1 - beta))' = (1 - beta) (b - g lambda^(1 - beta)): a closed form."""
    p = MECHANISM.parameters()
    before = MECHANISM.solve(p).value
    path = MECHANISM.transition(p).value
    speed, power = p.knowledge_growth, 1 - p.diffusion
    rest = path.end["knowledge"] ** power
    decay = np.exp(-power * speed * path.time)[:, np.newaxis]
    wanted = (rest + (before["knowledge"] ** power - rest) * decay) ** (1 / power)
    trend = np.exp(speed * path.time)[:, np.newaxis]
    np.testing.assert_allclose(path.paths["knowledge"] / trend, wanted, rtol=1e-8)
    # consumption equivalents from this closed form, by an integrator of their own
    for i in range(3):
        start, end = float(before["knowledge"][i] ** power), float(rest[i])
        found = solve_ivp(
            lambda t, _, a=start, b=end: [
                np.exp(-p.discount_rate * t)
                * (np.log(b + (a - b) * np.exp(-power * speed * t)) / power / p.trade_elasticity + path.end.growth * t)
            ],
            (0, 1500),
            [0.0],
            rtol=1e-10,
            atol=1e-12,
        )
        assert path.lifetime_utility[i] == pytest.approx(found.y[0, -1], rel=1e-4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_paths_start_at_the_static_level_and_end_in_balanced_growth(variant):
    p, changed = MECHANISM.parameters(), {"trade_cost": 1.2}
    before = MECHANISM.solve(p, variant=variant).value
    path = MECHANISM.transition(p, changed, variant=variant).value
    start = MECHANISM.static_consumption(before, p.replace(**changed))
    np.testing.assert_allclose(path.paths["consumption"][0], start, rtol=1e-10)
    end = path.end["consumption"] * np.exp(path.end.growth * path.time[-1])
    np.testing.assert_allclose(path.paths["consumption"][-1], end, rtol=1e-8)


@settings(deadline=None, max_examples=40)
@given(p=worlds(), variant=st.sampled_from(VARIANTS))
def test_it_solves_and_trade_moves_levels_alone(p, variant):
    solution = MECHANISM.solve(p, variant=variant)
    assert solution.ok
    closed = MECHANISM.solve(p, variant=variant, regime="autarky").value
    assert solution.value.growth == closed.growth
    if variant == "sellers":
        return  # a rich country may learn less: see below
    # home's producers who serve others are better than the mean, in every country
    assert np.all(solution.value["knowledge"] >= closed["knowledge"] * (1 - 1e-10))


@settings(deadline=None, max_examples=30)
@given(p=worlds(), variant=st.sampled_from(VARIANTS))
def test_no_diffusion_is_the_static_theory(p, variant):
    p = p.replace(diffusion=0.0)
    point = MECHANISM.solve(p, variant=variant).value
    closed = MECHANISM.solve(p, variant=variant, regime="autarky").value
    gain = point["home_share"] ** (-1 / p.trade_elasticity)
    np.testing.assert_allclose(point["consumption"] / closed["consumption"], gain, rtol=1e-9)


def test_a_rich_country_learns_less_from_sellers_of_a_large_poor_one():
    """Cheap is not productive: home's knowledge falls below autarky, and it gains less than with its knowledge as it was."""
    p = MECHANISM.parameters(
        labour=(1.0, 10.0), arrival=(1.0, 0.1), relative_trade_costs=np.ones((2, 2)), trade_cost=np.inf
    )
    sellers, producers = (MECHANISM.counterfactual(p, {"trade_cost": 1.2}, variant=v) for v in VARIANTS)
    assert sellers.counterfactual.home("knowledge") < 0.8 * sellers.baseline.home("knowledge")
    assert sellers.welfare_steady_state < sellers.static_gain
    assert sellers.why.startswith("worse ideas")
    assert producers.counterfactual.home("knowledge") > producers.baseline.home("knowledge")
    assert producers.welfare_steady_state > producers.static_gain


def test_claims():
    assert {claim.name: claim.verdict for claim in MECHANISM.claims()} == {
        "trade-is-the-vehicle": "holds only if",
        "levels-not-growth": "holds",
        "diffusion-multiplies-gains": "holds",
    }


def test_sweeps_batch_arrays_of_countries():
    p = MECHANISM.parameters()
    arrivals = np.array([[1.0, 1.0, 0.5], [2.0, 1.0, 0.5]])
    swept = MECHANISM.sweep(p, arrival=arrivals)
    one = MECHANISM.solve(p.replace(arrival=arrivals[1])).value
    np.testing.assert_allclose(swept["knowledge"][1], one["knowledge"], rtol=1e-10)


def test_liberalise():
    p = MECHANISM.calibrate(Facts())
    assert MECHANISM.solve(p).value.home_share == pytest.approx(0.8937, abs=1e-12)
    assert MECHANISM.solve(MECHANISM.liberalise(p, 0.7)).value.home_share == pytest.approx(0.7, abs=1e-9)


def test_bad_input():
    with pytest.raises(InputError, match="one number a country and a square matrix"):
        MECHANISM.parameters(labour=(1.0, 1.0))
    with pytest.raises(InputError, match=r"diffusion is 1\.0"):
        MECHANISM.parameters(diffusion=1.0)
    with pytest.raises(InputError, match="3 countries cannot become 2"):
        MECHANISM.transition(MECHANISM.parameters(), symmetric(2))
    with pytest.raises(InputError, match="home share lie between"):
        MECHANISM.calibrate(Facts(home_share=0.05))
