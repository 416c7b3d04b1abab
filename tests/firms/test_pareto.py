"""Melitz and Ottaviano (2008): reference numbers, closed forms, drawn firms, countries without entry, and what is refused."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.firms import solve_scenarios
from tradewinds.firms.pareto import ParetoParameters, solve_pareto
from tradewinds.firms.pareto.checks import names, residual
from tradewinds.firms.uniform import UniformParameters, solve_uniform

MANY = settings(deadline=None, max_examples=60)


def solved(**changes):
    return solve_pareto(ParetoParameters(**changes)).value


@pytest.mark.parametrize(
    ("changes", "cutoff", "sellers", "welfare"),
    [
        ({"countries": ("one",)}, 1.2619146890, 4.6791455397, 1.3655250328),
        ({"countries": ("one",), "market_size": 2.0}, 1.0985605433, 6.5645136242, 1.5053251290),
        ({"trade_cost": 1.5}, 1.1980891623, 5.35459873, 1.41760656),
        ({"trade_cost": 1.2}, 1.1517808940, 5.891531, 1.45743408),
        ({"trade_cost": math.inf}, 1.2619146890, 4.6791455397, 1.3655250328),
        ({"trade_cost": 1.0}, 1.0985605433, 6.5645136242, 1.5053251290),
    ],
)
def test_reference_numbers(changes, cutoff, sellers, welfare):
    """Research notes, section 5.3; free trade is one market of twice the size, infinite costs are autarky."""
    point = solved(**changes)
    np.testing.assert_allclose(point.cost_cutoff, cutoff, atol=6e-11)
    np.testing.assert_allclose(point.sellers, sellers, rtol=1e-7)
    np.testing.assert_allclose(point.welfare, welfare, atol=5e-9)


def test_two_countries_by_closed_form():
    """Unilateral liberalisation: c_D of l is [gamma phi / L (1 - rho_h) / (1 - rho_l rho_h)]^(1/(k+2)), rho_h on what enters h."""
    size, into = np.array([1.0, 1.3]), np.array([1.4, 1.25])  # cost of selling in home, in foreign
    tau = np.array([[1, into[1]], [into[0], 1]])
    point = solved(market_size=size, trade_cost=tau)
    rho = into**-3.0
    base = 2 * 4 * 5 * 2.0**3 * 0.01
    expected = [(base / size[j] * (1 - rho[1 - j]) / (1 - rho[0] * rho[1])) ** 0.2 for j in (0, 1)]
    np.testing.assert_allclose(point.cost_cutoff, expected, rtol=1e-12)
    opened = solved(market_size=size, trade_cost=np.array([[1, into[1]], [1.35, 1]]))
    assert opened.cost_cutoff[0] > point.cost_cutoff[0] and opened.cost_cutoff[1] < point.cost_cutoff[1]
    assert opened.welfare[0] < point.welfare[0]  # in the long run firms leave the country that opens alone


def test_shape_one_is_the_closed_economy_of_the_paper():
    """Pareto costs of shape 1 are uniform, and L / gamma plays the part of S b."""
    linear = solved(countries=("one",), market_size=0.8, product_differentiation=1.6, pareto_shape=1.0, entry_cost=0.01)
    uniform = solve_uniform(
        UniformParameters(market_size=0.8, price_sensitivity=1 / 1.6, maximum_cost=2.0, entry_cost=0.01)
    ).value
    assert linear.cost_cutoff[0] == pytest.approx(uniform.cost_cutoff, rel=1e-12)
    assert linear.mean_price[0] == pytest.approx(uniform.totals["mean_price"], rel=1e-12)
    assert linear.output_weighted_cost[0] == pytest.approx(uniform.totals["output_weighted_cost"], rel=1e-12)


def test_against_drawn_firms():
    """Utility, spending, prices and costs by summing over firms drawn from the distribution, with no formula of theirs."""
    tau = np.array([[1, 1.3, 1.6], [1.2, 1, 1.5], [1.5, 1.4, 1]])
    point = solved(countries=("a", "b", "c"), market_size=[1, 0.9, 0.8], trade_cost=tau)
    p, k = point.parameters, 3.0
    u = (np.arange(400_000) + 0.5) / 400_000
    cost = 2.0 * u ** (1 / k)
    for h in range(3):
        prices, weights = [], []
        for l in range(3):
            delivered = cost * tau[l, h]
            sells = delivered < point.cost_cutoff[h]
            prices.append((delivered[sells] + point.cost_cutoff[h]) / 2)
            weights.append(np.full(sells.sum(), point.entrants[l] / len(u)))
        price, weight = np.concatenate(prices), np.concatenate(weights)
        n = weight.sum()
        mean = weight @ price / n
        variance = weight @ (price - mean) ** 2 / n
        utility = 1 + 0.5 * (2 - mean) ** 2 / (1 + 1 / n) + 0.5 * n * variance
        assert point.welfare[h] == pytest.approx(utility, rel=1e-5)
        assert point.sellers[h] == pytest.approx(n, rel=1e-4) and point.mean_price[h] == pytest.approx(mean, rel=1e-5)
        q = point.cost_cutoff[h] - price
        assert 1 - point.numeraire_consumption[h] == pytest.approx(weight @ (price * q), rel=1e-4)
        home = weights[h] @ (prices[h] * (point.cost_cutoff[h] - prices[h]))
        assert point.trade_shares[h, h] == pytest.approx(home / (weight @ (price * q)), rel=1e-4)
        # the country's own production, at home and abroad
        made, spent = 0.0, 0.0
        for d in range(3):
            sold = np.maximum(point.cost_cutoff[d] - cost * tau[h, d], 0) / 2 * p.market_size[d]
            made, spent = made + sold.sum(), spent + (sold * cost).sum()
        assert point.output_weighted_cost[h] == pytest.approx(spent / made, rel=1e-5)


@MANY
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.tuples(
            st.lists(st.floats(0.3, 1.5), min_size=n, max_size=n),
            st.lists(st.floats(1.0, 4.0), min_size=n * n, max_size=n * n),
            st.floats(1.2, 6),
        )
    )
)
def test_any_world_solves_or_says_why(drawn):
    size, costs, k = drawn
    n = len(size)
    tau = np.array(costs).reshape(n, n)
    np.fill_diagonal(tau, 1.0)
    codes = tuple("abcd"[:n])
    world = {"pareto_shape": k, "maximum_cost": 3.0, "demand_substitution": 2.0}
    try:
        point = solved(countries=codes, market_size=size, trade_cost=tau, **world)
    except InputError as error:  # in an empty market even the first firm earns too little: check by hand
        assert "nobody would enter" in str(error)
        assert np.all((tau * 3.0) ** -k @ size * 2.0 ** (k + 2) <= 2 * (k + 1) * (k + 2) * 0.01 * (1 + 1e-12))
        return
    assert point.residual < 1e-8 and np.all(point.entrants >= 0)
    np.testing.assert_allclose(point.trade_shares.sum(axis=0), 1)
    order = np.random.default_rng(0).permutation(n)
    names_turned, size_turned = tuple(codes[i] for i in order), np.array(size)[order]
    turned = solved(countries=names_turned, market_size=size_turned, trade_cost=tau[np.ix_(order, order)], **world)
    np.testing.assert_allclose(turned.cost_cutoff, point.cost_cutoff[order], rtol=1e-7)


def test_short_run_against_long_run_of_opening_alone():
    """Nobody enters: imports make home tougher and leave foreign as it is. With entry both signs turn."""
    before, costs = solved(trade_cost=1.5), np.array([[1, 1.5], [1.3, 1]])
    np.testing.assert_allclose(before.cutoffs_without_entry(1.5), before.cost_cutoff, rtol=1e-12)
    short, long_run = before.cutoffs_without_entry(costs), solved(trade_cost=costs).cost_cutoff
    assert short[0] < before.cost_cutoff[0] < long_run[0]
    assert short[1] == pytest.approx(before.cost_cutoff[1], rel=1e-12) and long_run[1] < before.cost_cutoff[1]
    # the choke price that demand implies at these entrants, by the check's quadrature
    after = dataclasses.replace(before, parameters=before.parameters.replace(trade_cost=costs), cost_cutoff=short)
    np.testing.assert_allclose(residual(after)[2:], 0, atol=1e-10)
    with pytest.raises(InputError, match="trade_cost from foreign to home is 0"):
        before.cutoffs_without_entry([[1, 1], [0, 1]])


def test_a_country_may_leave_the_industry_to_another():
    """A small country beside a large one with cheap trade has no entrants: the closed form would have a negative number of them."""
    point = solved(countries=("large", "small"), market_size=[2.0, 0.05], trade_cost=1.05, demand_substitution=3.0)
    assert point.entrants[1] == 0 and point.entrants[0] > 0
    assert point.trade_shares[0, 1] == 1 and point.residual < 1e-9
    assert point.cost_cutoff[1] == pytest.approx(point.cost_cutoff[0], rel=0.1)
    frame = point.tidy()
    assert frame[(frame["variable"] == "import_share") & (frame["country"] == "small")]["value"].item() == 1


@pytest.mark.parametrize("field", ["cost_cutoff", "entrants"])
def test_the_check_notices_a_wrong_point(field):
    point = solved()
    wrong = dataclasses.replace(point, **{field: getattr(point, field) * np.array([1.001, 1])})
    assert np.max(np.abs(residual(wrong))) > 1e-5
    assert len(names(point.parameters)) == len(residual(point))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trade_cost": 0.9}, "trade_cost from home to home is 0.9; it must be at least 1"),
        ({"trade_cost": [[1, 2], [2, 1.1]]}, "trade_cost from foreign to itself is 1.1"),
        ({"trade_cost": [[1, 2, 3], [2, 1, 3]]}, "shape"),
        ({"market_size": [1, 0]}, "market_size of foreign is 0.0; it must be above 0"),
        ({"market_size": [1, 2, 3]}, "market_size has shape (3,)"),
        ({"countries": ("a", "a")}, "occur twice: a"),
        ({"countries": ()}, "at least one"),
        ({"pareto_shape": 0}, "pareto_shape"),
        ({"maximum_cost": 1.0, "entry_cost": 0.1}, "maximum_cost of home is 1, below the cost"),
        ({"demand_intercept": 6.0}, "none on the numeraire"),
    ],
)
def test_bad_input(changes, words):
    with pytest.raises(InputError) as caught:
        solved(**changes)
    assert words in str(caught.value)


def test_scenarios_by_trade_cost():
    found = solve_scenarios(ParetoParameters(), trade_cost=[2.0, 1.5, 1.0])
    welfare = found.tidy().query("variable == 'welfare' and country == 'home'")["value"].to_numpy()
    assert np.all(np.diff(welfare) > 0)
    assert len(found.results[0].bilateral()) == 4
    assert solved(trade_cost=[[1, 2], [3, 1]]).scenario == "trade_cost by pair"
