"""What holds in every economy drawn at random: free entry, markets that clear, both limits of trade, gains, symmetry.

Integrals are taken by SciPy over firms one by one, and the models' own closed forms are not used.
"""

from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from tradewinds.errors import InputError
from tradewinds.firms import ChaneyParameters, HatParameters, ParetoParameters, TradeTables, UniformParameters
from tradewinds.firms.chaney import solve_chaney
from tradewinds.firms.hat import example_tables, solve_hat
from tradewinds.firms.pareto import solve_pareto
from tradewinds.firms.uniform import demand, integrate_markets, solve_uniform

MANY = settings(deadline=None, max_examples=40)
NAMES = ("a", "b", "c", "d")
sizes = st.floats(0.1, 10)


@st.composite
def uniform_worlds(draw):
    """Draw two identical countries with trade."""
    size, slope, entry = draw(sizes), draw(sizes), draw(sizes)
    highest = math.sqrt(12 * entry / (size * slope)) * draw(st.floats(1.01, 4))
    base = UniformParameters(market_size=size, price_sensitivity=slope, entry_cost=entry, maximum_cost=highest)
    return base.replace(trade_cost=base.autarky_cutoff * draw(st.floats(0.01, 0.99)))


@MANY
@given(uniform_worlds())
def test_uniform_entry_just_pays_and_the_market_clears(p):
    """Profits and sales firm by firm: every firm sells what demand at its price says, and all of it adds up to S."""
    point = solve_uniform(p).value
    kinks = [point.export_cutoff, point.cost_cutoff]
    kept = quad(lambda c: float(point.operating_profit(c)), 0, p.maximum_cost, points=kinks)[0] / p.maximum_cost
    assert math.isclose(kept, p.entry_cost, rel_tol=1e-9)
    density = point.entrants / p.maximum_cost
    prices = [
        density * quad(lambda c, market=market: float(point.price(c, market)), 0, cutoff)[0]
        for market, cutoff in (("domestic", point.cost_cutoff), ("export", point.export_cutoff))
    ]
    sellers = density * (point.cost_cutoff + point.export_cutoff)
    mean = sum(prices) / sellers
    sold = density * sum(
        quad(
            lambda c, market=market: float(
                demand(point.price(c, market), mean, sellers, p.market_size, p.price_sensitivity)
            ),
            0,
            cutoff,
        )[0]
        for market, cutoff in (("domestic", point.cost_cutoff), ("export", point.export_cutoff))
    )
    assert math.isclose(sold, p.market_size, rel_tol=1e-9)


@MANY
@given(uniform_worlds())
def test_uniform_limits_are_autarky_and_one_market_twice_as_large(p):
    closed = solve_uniform(p.replace(trade_cost=math.inf)).value.values()
    doubled = solve_uniform(integrate_markets(p, 2)).value.values()
    near_closed = solve_uniform(p.replace(trade_cost=p.autarky_cutoff * (1 - 1e-7))).value.values()
    near_free = solve_uniform(p.replace(trade_cost=p.autarky_cutoff * 1e-9)).value.values()
    for name in ("cost_cutoff", "entrants", "sellers", "output_weighted_cost", "mean_price"):
        assert math.isclose(near_closed[name], closed[name], rel_tol=3e-7), name
        # entrants of the one market come from both countries
        count = 2 if name == "entrants" else 1
        assert math.isclose(count * near_free[name], doubled[name], rel_tol=1e-7), name
    assert near_closed["import_share"] < 1e-9 and math.isclose(near_free["import_share"], 0.5, rel_tol=1e-6)
    here = solve_uniform(p).value.values()
    assert doubled["cost_cutoff"] < here["cost_cutoff"] < closed["cost_cutoff"]
    assert doubled["productivity"] > here["productivity"] > closed["productivity"]


@st.composite
def pareto_worlds(draw):
    """Draw one to four countries with a trade cost for every pair."""
    n = draw(st.integers(1, 4))
    costs = np.array(draw(st.lists(st.floats(1.02, 4), min_size=n * n, max_size=n * n))).reshape(n, n)
    np.fill_diagonal(costs, 1.0)
    return ParetoParameters(
        countries=NAMES[:n],
        market_size=draw(st.lists(st.floats(0.5, 1.5), min_size=n, max_size=n)),
        pareto_shape=draw(st.floats(1.2, 5)),
        maximum_cost=3.0,
        demand_substitution=2.0,
        trade_cost=costs,
    )


def pareto_point(p):
    try:
        return solve_pareto(p).value
    except InputError:  # nobody would enter, or everybody would survive: tested elsewhere
        assume(False)


@MANY
@given(pareto_worlds())
def test_pareto_entry_just_pays_or_nobody_enters(p):
    point, k = pareto_point(p), p.pareto_shape
    for i, entrants in enumerate(point.entrants):
        earned = 0.0
        for j, choke in enumerate(point.cost_cutoff):
            highest, tau = choke / p.trade_cost[i, j], p.trade_cost[i, j]
            scale = p.market_size[j] / (4 * p.product_differentiation)
            chance = k / 3.0**k
            # by u = c^k, so that the density is flat
            earned += (
                scale
                * chance
                / k
                * quad(lambda u, choke=choke, tau=tau: (choke - tau * u ** (1 / k)) ** 2, 0, highest**k)[0]
            )
        if entrants > 0:
            assert math.isclose(earned, p.entry_cost[i], rel_tol=1e-7)
        else:
            assert earned <= p.entry_cost[i] * (1 + 1e-9)


@MANY
@given(pareto_worlds())
def test_pareto_everybody_gains_from_trade(p):
    """Free entry at home alone bounds the cutoff by that of autarky, whoever enters."""
    point = pareto_point(p)
    alone = pareto_point(p.replace(trade_cost=math.inf))
    assert np.all(point.cost_cutoff <= alone.cost_cutoff * (1 + 1e-9))
    assert np.all(point.welfare >= alone.welfare - 1e-12)
    np.testing.assert_allclose(point.trade_shares.sum(axis=0), 1, rtol=1e-12)


@MANY
@given(st.integers(2, 4), st.floats(1.0, 4), st.floats(1.2, 5), st.floats(0.3, 2))
def test_pareto_matrix_of_equal_costs_is_the_symmetric_closed_form(n, tau, k, size):
    matrix = np.full((n, n), tau)
    np.fill_diagonal(matrix, 1.0)
    p = ParetoParameters(
        countries=NAMES[:n],
        market_size=size,
        pareto_shape=k,
        trade_cost=matrix,
        maximum_cost=4.0,
        demand_substitution=2.0,
    )
    point = pareto_point(p)
    phi = 2 * (k + 1) * (k + 2) * 4.0**k * 0.01
    expected = (phi / (size * (1 + (n - 1) * tau**-k))) ** (1 / (k + 2))
    assume(expected < 2)
    np.testing.assert_allclose(point.cost_cutoff, expected, rtol=1e-9)
    far, near = (pareto_point(p.replace(trade_cost=cost)) for cost in (1e9, 1 + 1e-12))
    alone = pareto_point(
        p.replace(countries=("one",), market_size=size, maximum_cost=4.0, entry_cost=0.01, trade_cost=1)
    )
    whole = pareto_point(
        p.replace(countries=("one",), market_size=n * size, maximum_cost=4.0, entry_cost=0.01, trade_cost=1)
    )
    np.testing.assert_allclose(far.welfare, alone.welfare[0], rtol=1e-9)
    np.testing.assert_allclose(near.welfare, whole.welfare[0], rtol=1e-9)


@st.composite
def chaney_worlds(draw):
    """Draw two to four countries, with fixed costs high enough that not everybody sells."""
    n = draw(st.integers(2, 4))
    costs = np.array(draw(st.lists(st.floats(1.02, 3), min_size=n * n, max_size=n * n))).reshape(n, n)
    np.fill_diagonal(costs, 1.0)
    sigma = draw(st.floats(2, 6))
    return ChaneyParameters(
        countries=NAMES[:n],
        labour=draw(st.lists(st.floats(10, 200), min_size=n, max_size=n)),
        elasticity_of_substitution=sigma,
        pareto_shape=sigma - 1 + draw(st.floats(0.4, 4)),
        minimum_productivity=draw(st.lists(st.floats(0.3, 1), min_size=n, max_size=n)),
        entry_cost=0.02,
        export_fixed_cost=draw(st.floats(2, 8)),
        trade_cost=costs,
    )


def chaney_point(p):
    try:
        return solve_chaney(p).value
    except InputError:  # everybody would survive: tested elsewhere
        assume(False)


@MANY
@given(chaney_worlds())
def test_chaney_entry_labour_and_trade_add_up(p):
    """Profits and work firm by firm, from demand at the price of each, with the price index by adding up firms."""
    point = chaney_point(p)
    sigma, theta, n = p.elasticity_of_substitution, p.pareto_shape, len(p.countries)
    income = point.wage * p.labour
    markup = sigma / (sigma - 1)
    # mean of productivity^(sigma - 1) above a cutoff, by u = (b / productivity)^theta, which is uniform
    power = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            b, cut = p.minimum_productivity[i], point.productivity_cutoffs[i, j]
            power[i, j] = quad(lambda u, b=b: (b * u ** (-1 / theta)) ** (sigma - 1), 0, (b / cut) ** theta, limit=200)[
                0
            ]
    price = (markup * point.wage[:, np.newaxis] * p.trade_cost) ** (1 - sigma)
    index = (point.entrants[:, np.newaxis] * price * power).sum(axis=0)
    revenue = price * power / index * income  # an entrant, by market
    fixed = p.selling_costs * (p.minimum_productivity[:, np.newaxis] / point.productivity_cutoffs) ** theta
    profit = (revenue / sigma - point.wage[:, np.newaxis] * fixed).sum(axis=1) / point.wage
    np.testing.assert_allclose(profit, p.entry_cost, rtol=1e-5)
    work = point.entrants * ((revenue / markup / point.wage[:, np.newaxis] + fixed).sum(axis=1) + p.entry_cost)
    np.testing.assert_allclose(work, p.labour, rtol=1e-5)
    np.testing.assert_allclose((point.entrants[:, np.newaxis] * revenue).sum(axis=1), income, rtol=1e-5)


@MANY
@given(chaney_worlds())
def test_chaney_everybody_gains_by_what_the_home_share_says(p):
    point, alone = chaney_point(p), chaney_point(p.replace(trade_cost=math.inf))
    assert np.all(point.gains_from_trade > 0)
    np.testing.assert_allclose(point.real_wage / alone.real_wage - 1, point.gains_from_trade, rtol=1e-7, atol=1e-12)
    far = chaney_point(p.replace(trade_cost=1e12))
    np.testing.assert_allclose(far.real_wage, alone.real_wage, rtol=1e-9)


@MANY
@given(st.integers(2, 4), st.floats(1.5, 6), st.floats(0.3, 4), st.floats(1, 3), st.floats(1, 4))
def test_chaney_matrix_of_equal_costs_is_the_symmetric_closed_form(n, sigma, extra, tau, export_fixed):
    theta = sigma - 1 + extra
    matrix = np.full((n, n), tau)
    np.fill_diagonal(matrix, 1.0)
    p = ChaneyParameters(
        countries=NAMES[:n], elasticity_of_substitution=sigma, pareto_shape=theta, entry_cost=0.01, trade_cost=matrix,
        export_fixed_cost=export_fixed, minimum_productivity=0.1,
    )  # fmt: skip
    point = chaney_point(p)
    x = (n - 1) * tau**-theta * export_fixed ** (1 - theta / (sigma - 1))
    np.testing.assert_allclose(point.home_share, 1 / (1 + x), rtol=1e-10)
    np.testing.assert_allclose(point.wage, 1, rtol=1e-10)
    own = 0.1 * (1 / 0.01 * (sigma - 1) / (theta - sigma + 1) * (1 + x)) ** (1 / theta)
    np.testing.assert_allclose(np.diag(point.productivity_cutoffs), own, rtol=1e-10)


@MANY
@given(st.floats(2, 6), st.floats(0.3, 4), st.integers(2, 4))
def test_chaney_free_trade_with_equal_fixed_costs_is_one_country(sigma, extra, n):
    common = {
        "elasticity_of_substitution": sigma, "pareto_shape": sigma - 1 + extra, "entry_cost": 0.01, "export_fixed_cost": 1.0,
        "minimum_productivity": 0.1, "trade_cost": 1.0,
    }  # fmt: skip
    many = chaney_point(ChaneyParameters(countries=NAMES[:n], labour=50.0, **common))
    # each market has its own fixed cost, so that n markets are as one with n times the workers and n times the fixed cost
    one = chaney_point(ChaneyParameters(countries=("one",), labour=50.0 * n, **(common | {"fixed_cost": float(n)})))
    np.testing.assert_allclose(many.real_wage, one.real_wage[0], rtol=1e-9)
    np.testing.assert_allclose(many.home_share, 1 / n, rtol=1e-9)


@MANY
@given(st.integers(2, 4), st.integers(1, 3), st.integers(0, 10_000), st.floats(0.7, 1.4), st.floats(0, 0.3))
def test_hat_world_income_is_world_spending_and_trade_is_balanced(n, sectors, seed, cost, tariff):
    tables = example_tables(n, sectors, seed=seed)
    point = solve_hat(HatParameters(tables=tables, tariffs=tariff, trade_cost_change=cost)).value
    flows, world = point.flows_after, float(tables.value_added.sum())
    assert math.isclose(float(point.wage @ tables.value_added), world, rel_tol=1e-9)
    deficit = flows.sum(axis=(0, 2)) - flows.sum(axis=(1, 2))
    np.testing.assert_allclose(deficit, tables.deficit, atol=1e-8 * world)
    # final spending is income, country by country
    use = np.einsum("njk,nk->nj", tables.input_shares, flows.sum(axis=1))
    np.testing.assert_allclose((point.spending_after - use).sum(axis=1), point.income_after, rtol=1e-8)


@MANY
@given(st.integers(2, 4), st.integers(1, 3), st.integers(0, 10_000))
def test_hat_real_wages_without_trade_are_lower(n, sectors, seed):
    tables = example_tables(n, sectors, seed=seed)
    closed = solve_hat(HatParameters(tables=tables, trade_cost_change=math.inf, deficits="zero")).value
    assert np.all(closed.real_wage < 0)
    np.testing.assert_allclose(-closed.real_wage / 100, tables.gains_from_trade(convention="loss"), rtol=1e-7)


@MANY
@given(st.integers(2, 5), st.floats(2, 9), st.floats(0.02, 0.9), st.floats(0.5, 1.5))
def test_hat_identical_countries_have_a_closed_form(n, theta, abroad, cost):
    """One sector, no inputs, n identical countries: the price moves as [home + (1 - home) d^(-theta)]^(-1 / theta)."""
    flows = np.full((n, n, 1), abroad / (n - 1))
    flows[np.arange(n), np.arange(n)] = 1 - abroad
    tables = TradeTables(
        countries=NAMES[:n] if n <= 4 else (*NAMES, "e"), sectors=("all",), flows=flows, input_shares=np.zeros((n, 1, 1)),
        trade_elasticities=[theta],
    )  # fmt: skip
    point = solve_hat(HatParameters(tables=tables, trade_cost_change=cost)).value
    price = (1 - abroad + abroad * cost**-theta) ** (-1 / theta)
    np.testing.assert_allclose(point.real_wage, 100 * (1 / price - 1), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(point.welfare_exact, point.real_wage, rtol=1e-8, atol=1e-9)
