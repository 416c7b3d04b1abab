"""Gains from variety and the formulas that need only shares: the paper's example, twins by search, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from tradewinds.errors import InputError
from tradewinds.firms import solve_scenarios
from tradewinds.firms.gains import gains_by_sector, gains_from_trade, variety_gains
from tradewinds.firms.variety import WidgetParameters, solve_widgets

MANY = settings(deadline=None, max_examples=80)


def solved(**changes):
    return solve_widgets(WidgetParameters(**changes)).value


def test_the_widget_example():
    """Melitz and Trefler (2012), p. 95: plans A and B, and 4 + 4 with trade, preferred to either."""
    found = solved()
    a, b = found.of("autarky")
    assert (a.varieties, a.units) == (1, 8) and (b.varieties, b.units) == (2, 2)
    traded = found.of("trade")[0]
    assert (traded.produced, traded.run, traded.varieties, traded.units) == (1, 8, 2, 4)
    assert traded.beats(a) and traded.beats(b)
    assert traded.total == a.total and traded.varieties > a.varieties  # same units, more varieties
    assert traded.varieties == b.varieties and traded.units > b.units  # same varieties, more of each
    assert not a.beats(b) and not b.beats(a)
    assert all(plan.regime == "trade" for plan in found.undominated)


@MANY
@given(st.floats(1, 100), st.floats(0.02, 0.95), st.floats(0.1, 5), st.integers(1, 6))
@example(71.0, 1 / 3, 1.0, 1)  # three overheads take all labour but for rounding
def test_plans_use_all_labour_and_trade_beats_autarky(labour, share, unit, countries):
    found = solved(labour=labour, overhead=share * labour, unit_labour=unit, countries=countries)
    for plan in found.plans:
        assert plan.produced * (share * labour + unit * plan.run) == pytest.approx(labour)
        assert plan.units > 0
    for plan in found.of("autarky"):
        assert bool(found.better(plan)) == (countries > 1)
    assert found.residual < 1e-9


def test_a_plan_without_units_is_none():
    assert [plan.produced for plan in solved(labour=12, overhead=4).of("autarky")] == [1, 2]
    assert [plan.produced for plan in solved(labour=13, overhead=4).of("autarky")] == [1, 2, 3]


@pytest.mark.parametrize("sigma", [1.5, 3.0, 6.0])
def test_krugmans_market_against_the_best_plan_with_fractions(sigma):
    """Among identical countries the market makes the varieties that a planner would: search for them."""
    found = solved(labour=50.0, overhead=2.0, unit_labour=0.5, elasticity_of_substitution=sigma)
    best = minimize_scalar(
        lambda m: -(m ** (1 / (sigma - 1))) * (50 - 2 * m) / 0.5, bounds=(1e-6, 25), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    assert found.market["varieties_made"] == pytest.approx(best.x, rel=1e-5)
    assert found.market["run"] * 0.5 * best.x + 2 * best.x == pytest.approx(50, rel=1e-5)
    assert found.market["real_wage_autarky"] * 50 == pytest.approx(-best.fun, rel=1e-9)
    assert found.market["gains_from_variety"] == pytest.approx(2 ** (1 / (sigma - 1)) - 1)
    whole = found.best("autarky")
    assert abs(whole.produced - best.x) <= 1 and whole.utility(sigma) <= -best.fun


def test_market_gains_are_those_of_the_home_share_and_of_new_varieties():
    found = solved(elasticity_of_substitution=4.0, trade_cost=1.3, countries=3).market
    assert found["gains_from_variety"] == pytest.approx(float(gains_from_trade(found["home_share"], 3.0)), rel=1e-12)
    assert found["gains_from_variety"] == pytest.approx(float(variety_gains(1.0, found["home_share"], 4.0)), rel=1e-12)
    assert 1 / found["home_share"] == pytest.approx(1 + 2 * 1.3**-3)


def test_reference_gains():
    """Research notes, section 5.4: home share .93, elasticity 5."""
    assert 100 * gains_from_trade(0.93, 5, "loss") == pytest.approx(1.4409, abs=5e-5)
    assert 100 * gains_from_trade(0.93, 5, "gain") == pytest.approx(1.4620, abs=5e-5)
    np.testing.assert_allclose(gains_from_trade([1.0, 0.5], [3, 1]), [0, 1])


@MANY
@given(st.lists(st.tuples(st.floats(0.05, 1), st.floats(0.05, 1), st.floats(0.5, 10)), min_size=1, max_size=6))
def test_sectors_without_inputs_are_a_product(rows):
    share, beta, elasticity = (np.array(column) for column in zip(*rows, strict=True))
    beta /= beta.sum()
    product = np.prod(share ** (-beta / elasticity))
    assert gains_by_sector(share, beta, elasticity) == pytest.approx(product - 1, rel=1e-9, abs=1e-12)
    assert gains_by_sector(share, beta, elasticity, convention="loss") == pytest.approx(
        1 - 1 / product, rel=1e-9, abs=1e-12
    )
    same = gains_by_sector(share, beta, elasticity, market_structure="monopolistic", revenue_share=beta)
    assert same == pytest.approx(product - 1, rel=1e-9, abs=1e-12)


def test_inputs_by_rounds_of_production():
    """The Leontief inverse against the sum of its rounds."""
    rng = np.random.default_rng(1)
    inputs = rng.uniform(0, 0.2, (4, 4))
    share, beta, elasticity = rng.uniform(0.5, 1, 4), np.full(4, 0.25), rng.uniform(2, 8, 4)
    first = np.log(share) / elasticity
    total, step = first.copy(), first.copy()
    for _ in range(500):
        step = inputs.T @ step
        total += step
    assert gains_by_sector(share, beta, elasticity, input_shares=inputs) == pytest.approx(
        np.expm1(-beta @ total), rel=1e-12
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: WidgetParameters(overhead=12), "overhead is 12 and labour 12"),
        (lambda: WidgetParameters(countries=1.5), "whole number"),
        (lambda: WidgetParameters(elasticity_of_substitution=1.0), "above 1"),
        (lambda: WidgetParameters(trade_cost=1.2), "trade_cost is given without"),
        (lambda: WidgetParameters(labour=1e6, overhead=1), "too many plans"),
        (lambda: solved().best("trade"), "give elasticity_of_substitution"),
        (lambda: gains_from_trade(1.2, 5), "home_share is 1.2; it must be above 0 and at most 1"),
        (lambda: gains_from_trade(0.9, -1), "trade_elasticity is -1.0"),
        (lambda: gains_from_trade(0.9, 5, "percent"), "convention is 'percent'"),
        (lambda: gains_by_sector([0.9, 0.8], [0.5, 0.4], [5, 5]), "sums to 0.9"),
        (lambda: gains_by_sector([0.9, 0.8], [0.5, 0.5], [5]), "one number a sector"),
        (lambda: gains_by_sector([0.9], [1], [5], input_shares=[[1.0]]), "sum to less than 1"),
        (lambda: gains_by_sector([0.9], [1], [5], market_structure="monopolistic"), "needs revenue_share"),
        (lambda: variety_gains(1, 0.5, 1.0), "elasticity_of_substitution is 1.0; it must be above 1"),
    ],
)  # fmt: skip
def test_bad_input(call, words):
    with pytest.raises(InputError) as caught:
        call()
    assert words in str(caught.value)


def test_scenarios_by_number_of_countries():
    found = solve_scenarios(WidgetParameters(elasticity_of_substitution=3), countries=[1, 2, 4])
    frame = found.tidy()
    market = frame[(frame["plan"] == "market") & (frame["variable"] == "gains_from_variety")]
    np.testing.assert_allclose(market["value"], [0, 2**0.5 - 1, 1])


def test_a_market_that_does_not_trade_has_its_own_varieties():
    closed, near = (solved(elasticity_of_substitution=3, countries=4, trade_cost=cost).market for cost in (np.inf, 1e9))
    assert closed["varieties_consumed"] == closed["varieties_made"] == pytest.approx(1.0)
    assert closed["home_share"] == 1 and closed["gains_from_variety"] == 0
    assert closed["real_wage"] == closed["real_wage_autarky"] == pytest.approx(near["real_wage"], rel=1e-12)
