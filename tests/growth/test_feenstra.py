"""Uneven growth: reference values, a forward twin, budgets, and the capital market that decides the sign."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from tradewinds.growth import mechanisms
from tradewinds.growth.feenstra_paths import balanced_trade, mobile_capital
from tradewinds.growth.rivalry import Mode, Rivals
from tradewinds.growth.rivalry_paths import rival_path

MECHANISM = mechanisms["feenstra"]
MANY = settings(deadline=None, max_examples=50)

pairs = st.builds(
    lambda **changes: MECHANISM.parameters(**changes),
    elasticity_of_substitution=st.floats(1.5, 8),
    discount_rate=st.floats(0.01, 0.06),
    home_labour=st.floats(0.5, 2),
    foreign_labour=st.floats(0.5, 2),
    home_rnd_cost=st.floats(0.5, 5),
    foreign_rnd_cost=st.floats(0.5, 5),
    home_varieties=st.floats(0.1, 0.9),
)


def solve(p, **options):
    return MECHANISM.solve(p, **options).value


def test_reference_values():
    """sigma = 4, rho = .03, a = 1, L = (.9, .7) (research notes, section 2.3)."""
    p = MECHANISM.parameters(home_labour=0.9, foreign_labour=0.7, home_rnd_cost=1, foreign_rnd_cost=1)
    np.testing.assert_allclose(solve(p, regime="autarky")["innovation"], [0.2025, 0.1525], atol=1e-15)
    np.testing.assert_allclose(solve(p)["innovation"], [0.2025, 0.14096154], atol=5e-9)


def test_the_path_against_the_equations_in_levels():
    """Wages and numbers of varieties, integrated forwards from the initial wages found, stay on the path for ten years."""
    p = MECHANISM.parameters()
    path, residual = mobile_capital(p, solve(p))
    assert np.max(np.abs(residual())) < 1e-8
    sigma, rho = 4.0, 0.03
    # initial wages in units of world spending, from goods markets: w X sigma / (sigma - 1) = share of sales
    made = p.labour - p.rnd_cost * path.paths["innovation"][0]
    weights = p.varieties * path.paths["wage"][0] ** (1 - sigma)
    first = weights / np.sum(weights) * (sigma - 1) / sigma / made

    def motion(t, y):
        wage, number = np.exp(y[:2]), np.exp(y[2:])
        sales = number * wage ** (1 - sigma)
        x = sales / np.sum(sales) * (sigma - 1) / sigma / wage
        g = (p.labour - x) / p.rnd_cost
        return np.concatenate([rho - x / ((sigma - 1) * p.rnd_cost) + g, g])

    date = path.time[4]
    end = solve_ivp(motion, (0, date), np.log([*first, 0.5, 0.5]), rtol=1e-12, atol=1e-13).y[:, -1]
    assert date > 5
    share = path.paths["varieties"][4, 0]
    assert np.exp(end[2] - end[3]) == pytest.approx(share / (1 - share), rel=1e-6)
    assert np.exp(end[1] - end[0]) == pytest.approx(path.paths["wage"][4, 1], rel=1e-6)


@pytest.mark.parametrize("cost", [1.0, 1.5])
def test_financial_autarky_by_quadrature(cost):
    p = MECHANISM.parameters(home_varieties=0.3, trade_cost=cost)
    path = balanced_trade(p, solve(p, variant="financial-autarky"))
    g, sigma = path.end["innovation"], 4.0
    made = p.labour - p.rnd_cost * g

    def log_consumption(t, i):
        number, phi = p.varieties * np.exp(g * t), cost**-3

        def sold(log_wage):  # home's sales over its income, less one, at the foreign wage
            wage = np.array([1.0, np.exp(log_wage)])
            own = number * wage ** (1 - sigma)
            part = wage * made / (own + phi * own[::-1])
            return own[0] * (part[0] + phi * part[1]) / made[0] - 1

        wage = np.array([1.0, np.exp(brentq(sold, -40, 40, xtol=1e-15))])
        own = number * wage ** (1 - sigma)
        return np.log(wage[i] * made[i] * (own[i] + phi * own[1 - i]) ** (1 / (sigma - 1)) / p.labour[i])

    for i in (0, 1):
        wanted = sum(
            quad(lambda t, i=i: np.exp(-0.03 * t) * log_consumption(t, i), a, a + 50, epsabs=1e-12)[0]
            for a in range(0, 1500, 50)
        )
        assert path.lifetime_utility[i] == pytest.approx(wanted, rel=1e-9)
        assert np.log(path.paths["consumption"][40, i]) == pytest.approx(log_consumption(40.0, i), rel=1e-12)


@MANY
@given(pairs)
def test_the_capital_market_decides(p):
    """With balanced trade innovation is that of autarky; with mobile capital the slower country's is lower."""
    closed, opened = solve(p, regime="autarky"), solve(p)
    np.testing.assert_allclose(
        solve(p, variant="financial-autarky")["innovation"], closed["innovation"], rtol=0, atol=1e-15
    )
    fast = int(np.argmax(closed["innovation"]))
    slow = 1 - fast
    assume(closed["innovation"][fast] - closed["innovation"][slow] > 1e-6 and closed["innovation"][slow] > 0)
    assert opened["innovation"][fast] == pytest.approx(closed["innovation"][fast], abs=1e-15)
    assert opened["innovation"][slow] < closed["innovation"][slow]
    # and yet its consumption grows faster than alone
    assert opened["growth"][slow] > closed["growth"][slow]
    assert opened["output_growth"][slow] < opened["output_growth"][fast]


@MANY
@given(pairs)
def test_swapping_countries_swaps_results(p):
    q = p.replace(
        home_labour=p.foreign_labour, foreign_labour=p.home_labour, home_rnd_cost=p.foreign_rnd_cost,
        foreign_rnd_cost=p.home_rnd_cost, home_varieties=1 - p.home_varieties,
    )  # fmt: skip
    for variant in MECHANISM.variants:
        one, other = solve(p, variant=variant), solve(q, variant=variant)
        for name in ("innovation", "growth", "consumption", "home_share", "wage_growth"):
            np.testing.assert_allclose(one[name], other[name][::-1], rtol=1e-9, atol=1e-15)


def test_equal_countries_are_in_the_long_run_at_once():
    p = MECHANISM.parameters(foreign_labour=1.0)
    result = MECHANISM.counterfactual(p.replace(trade=0), {"trade": 1})
    assert result.growth_change == pytest.approx(0, abs=1e-16)
    assert result.static_gain == pytest.approx(100 * (2 ** (1 / 3) - 1), rel=1e-12)
    assert result.welfare_transition == pytest.approx(result.static_gain, rel=1e-9)


def test_nearly_equal_countries_are_near_that():
    """The path with mobile capital has no jump in the limit of equal countries."""
    p = MECHANISM.parameters(foreign_labour=0.999)
    equal = MECHANISM.counterfactual(MECHANISM.parameters(foreign_labour=1.0, trade=0), {"trade": 1})
    near = MECHANISM.counterfactual(p.replace(trade=0), {"trade": 1})
    assert near.welfare_transition == pytest.approx(equal.welfare_transition, abs=0.1)


def test_a_slow_country_may_stop():
    p = MECHANISM.parameters(foreign_labour=0.36)
    point = solve(p)
    assert solve(p, regime="autarky")["innovation"][1] > 0
    assert point["innovation"][1] == 0
    assert point.corner.startswith("no research in foreign in the long run: labour over rnd_cost must exceed 0.135")
    assert MECHANISM.counterfactual(p, variant="financial-autarky").welfare_transition < 0


def test_the_bound_of_the_corner_is_where_research_starts():
    bound = 3 * (0.03 + 0.06 / 4) / 0.33
    below, above = (
        solve(MECHANISM.parameters(foreign_labour=bound * x))["innovation"][1] for x in (1 - 1e-9, 1 + 1e-9)
    )
    assert below == 0 < above < 1e-9


def test_research_stops_on_the_way():
    """A country that stops in the end innovates for eleven years; where it is idle its firms are worth less than their cost."""
    p = MECHANISM.parameters(foreign_labour=0.38)
    world = Rivals(4.0, 0.03, 1.0, tuple(p.labour), tuple(p.rnd_cost))
    path = rival_path(world, 0.0, tuple(solve(p)["innovation"]), Mode((False, False), (True, False)))
    assert [mode.active for _, mode in path.modes] == [(True, True), (True, False)]
    date = path.modes[1][0]
    assert 5 < date < 20
    idle = path.time > date + 1
    assert np.all(path.growth[idle, 1] == 0)
    assert np.all(path.value[idle, 1] < 1)
    assert np.all(path.growth[path.time < date - 0.1, 1] > 0)
    np.testing.assert_allclose(path.value[path.time <= date], 1, atol=1e-9)
    assert np.max(np.abs(path.residual())) < 1e-8
    # the value of a firm, by quadrature of its profits, against its cost
    later = path.time >= path.time[5]
    profit = path.sales[:, 1] / (4.0 * np.exp(path.varieties[:, 1]))
    worth = np.trapezoid((np.exp(-0.03 * path.time) * profit)[later], path.time[later]) * np.exp(0.03 * path.time[5])
    cost = p.rnd_cost[1] * path.wage[5, 1] / np.exp(path.varieties[5, 1])
    assert worth == pytest.approx(cost, rel=2e-3)


def test_paths_are_continuous_where_research_stops_for_ever():
    """Welfare does not jump at the labour where the long run has a corner."""
    bound = 3 * (0.03 + 0.06 / 4) / 0.33
    gains = [
        MECHANISM.counterfactual(MECHANISM.parameters(foreign_labour=bound * x, trade=0), {"trade": 1}).extra[
            "welfare_transition_foreign"
        ]
        for x in (1 - 1e-6, 1 + 1e-6)
    ]
    assert gains[0] == pytest.approx(gains[1], abs=1e-3)


@MANY
@given(pairs, st.floats(1, 4))
def test_trade_costs_move_wages_and_not_innovation(p, cost):
    for variant in MECHANISM.variants:
        free, costly = solve(p, variant=variant), solve(p.replace(trade_cost=cost), variant=variant)
        for name in ("innovation", "growth", "output_growth"):
            np.testing.assert_array_equal(free[name], costly[name])
        assert np.all(costly["home_share"] >= free["home_share"] - 1e-12)
        assert np.all(costly["consumption"] <= free["consumption"] * (1 + 1e-12))


def test_a_dear_border_is_nearly_closed():
    """Levels and paths with a trade cost lead from free trade to autarky."""
    p = MECHANISM.parameters(home_varieties=0.4)
    for variant in MECHANISM.variants:
        free, one, shut, closed = (
            MECHANISM.path(p.replace(**c), variant=variant).value.lifetime_utility
            for c in ({}, {"trade_cost": 1 + 1e-9}, {"trade_cost": 50.0}, {"trade": 0})
        )
        np.testing.assert_allclose(one, free, rtol=1e-6)
        # B is never quite closed: in the end it lives from A's market
        np.testing.assert_allclose(shut, closed, rtol=0, atol=0.05)
    assert solve(p.replace(trade_cost=np.inf))["home_share"][0] == 1


def test_the_path_with_a_trade_cost_against_the_equations_in_levels():
    """As above, markets apart: sales of each country in each, at the spending that budgets give."""
    p = MECHANISM.parameters(trade_cost=1.4)
    path, residual = mobile_capital(p, solve(p))
    assert np.max(np.abs(residual())) < 1e-8
    sigma, rho, phi = 4.0, 0.03, 1.4**-3
    price = path.paths["consumption"][0] * p.labour  # spending over the price index
    made = p.labour - p.rnd_cost * path.paths["innovation"][0]
    own = p.varieties * path.paths["wage"][0] ** (1 - sigma)
    market = own + phi * own[::-1]
    spending = price / market ** (1 / (sigma - 1))
    spending /= spending.sum()

    def sales(wage, number):
        own = number * wage ** (1 - sigma)
        part = spending / (own + phi * own[::-1])
        return own * (part + phi * part[::-1])

    first = path.paths["wage"][0]
    first = first * 0.75 / np.sum(first * made)  # wages are three quarters of world spending
    np.testing.assert_allclose(sales(first, p.varieties) * 0.75, first * made, rtol=1e-9)

    def motion(t, y):
        wage, number = np.exp(y[:2]), np.exp(y[2:])
        x = sales(wage, number) * 0.75 / wage
        g = (p.labour - x) / p.rnd_cost
        return np.concatenate([rho - x / ((sigma - 1) * p.rnd_cost) + g, g])

    date = path.time[6]
    end = solve_ivp(motion, (0, date), np.log([*first, 0.5, 0.5]), rtol=1e-12, atol=1e-13).y[:, -1]
    share = path.paths["varieties"][6, 0]
    assert np.exp(end[2] - end[3]) == pytest.approx(share / (1 - share), rel=1e-6)
    assert np.exp(end[1] - end[0]) == pytest.approx(path.paths["wage"][6, 1], rel=1e-6)


def test_liberalisation():
    p = MECHANISM.calibrate()
    q = MECHANISM.liberalise(p, 0.8)
    assert solve(q).home_share == pytest.approx(0.8, abs=1e-10)
    result = MECHANISM.counterfactual(p, q)
    assert result.growth_change == 0
    assert result.welfare_transition > 0


def test_verdicts():
    claims = {c.name: c for c in MECHANISM.claims()}
    assert {name: c.verdict for name, c in claims.items()} == {
        "gap-widens": "holds only if",
        "profitability-of-the-slower-falls": "holds only if",
    }
    numbers = claims["profitability-of-the-slower-falls"].numbers
    p = MECHANISM.parameters()
    # by hand: the wage falls by the gap over sigma
    g = MECHANISM.solve(p).value["innovation"]
    lost = p.discount_rate - numbers["return at the pace of autarky, capital mobile"]
    assert lost == pytest.approx((g[0] - g[1]) / p.elasticity_of_substitution, rel=1e-9)
    rise = (
        numbers["profit over cost of a blueprint, capital mobile"] - numbers["profit over cost of a blueprint, autarky"]
    )
    alone = MECHANISM.solve(p, regime="autarky").value["innovation"][1]
    assert rise == pytest.approx((alone - g[1]) / (p.elasticity_of_substitution - 1), rel=1e-9)


def test_calibration_reproduces_the_home_share():
    for variant in MECHANISM.variants:
        assert solve(MECHANISM.calibrate(variant=variant), variant=variant).home_share == pytest.approx(
            0.8937, abs=1e-9
        )
