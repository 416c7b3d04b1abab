"""Quality ladders: reference values, a simulated race, and what must hold in every pair of countries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms

MECHANISM = mechanisms["quality-ladders"]
MANY = settings(deadline=None, max_examples=60)

pairs = st.builds(
    lambda **changes: MECHANISM.parameters("divided", **changes),
    quality_step=st.floats(1.05, 2),
    discount_rate=st.floats(0.005, 0.1),
    home_labour=st.floats(0.5, 3),
    foreign_labour=st.floats(0.5, 3),
    rnd_cost=st.floats(0.5, 20),
    home_products=st.floats(0.1, 0.9),
)


def solve(p, **options):
    return MECHANISM.solve(p, **options).value


def test_reference_values():
    """L = 1, a = 2, lambda = 1.25, rho = .05: (1 - .8) / 2 - .04 = .06; with two countries .16 (research notes, section 2)."""
    p = MECHANISM.parameters(rnd_cost=2.0, discount_rate=0.05)
    alone, world = solve(p, regime="autarky"), solve(p)
    np.testing.assert_allclose(alone["innovation"], 0.06, atol=1e-15)
    np.testing.assert_allclose(world["innovation"], 0.16, atol=1e-15)
    assert alone.growth == pytest.approx(0.0133886, abs=5e-8)
    assert world.growth == pytest.approx(0.0357030, abs=5e-8)


def test_growth_of_a_simulated_ladder():
    """Steps arrive at rate iota on each of 4,000 goods for 50 years; the mean of log quality grows as computed."""
    point = solve(MECHANISM.parameters())
    steps = np.random.default_rng(7).poisson(50 * point["innovation"][0], size=4000)
    simulated = np.mean(steps) * np.log(1.25) / 50
    error = np.std(steps) * np.log(1.25) / 50 / np.sqrt(4000)
    assert abs(simulated - point.growth) < 3 * error
    assert abs(simulated - 0.9 * point.growth) > 3 * error  # the check can fail


@MANY
@given(pairs)
def test_opening_raises_growth_in_both(p):
    for variant in ("international", "divided"):
        opened, closed = solve(p, variant=variant), solve(p, variant=variant, regime="autarky")
        if np.any(opened["innovation"] > 0):
            assert np.all(opened["growth"] >= closed["growth"])
            assert opened["growth"][0] > np.min(closed["growth"])
        assert opened["growth"][0] == opened["growth"][1]


@MANY
@given(pairs)
def test_who_leads_what_decides_wages_and_not_growth(p):
    """Where both do research, growth with divided ladders is that of international ones."""
    parted, joined = solve(p, variant="divided"), solve(p)
    if np.all(parted["innovation"] > 0):
        assert parted.growth == pytest.approx(joined.growth, abs=1e-14)
    np.testing.assert_allclose(joined["wage"], 1, rtol=1e-13)


@MANY
@given(pairs)
def test_swapping_countries_swaps_results(p):
    q = p.replace(home_labour=p.foreign_labour, foreign_labour=p.home_labour, home_products=1 - p.home_products)
    for variant in ("international", "divided"):
        one, other = solve(p, variant=variant), solve(q, variant=variant)
        for name in ("growth", "consumption", "innovation", "spending"):
            np.testing.assert_allclose(one[name], other[name][::-1], rtol=1e-9, atol=1e-15)


def test_trade_balances_with_spending_of_each_country():
    """Spending is wages and interest; sales of a country's goods less its research pay for the same."""
    point = solve(MECHANISM.parameters("divided", home_products=0.7), variant="divided")
    share, wage = point["product_share"], 1 / (1.25 * (1 / point["product_share"] - 3.52 * point["innovation"]))
    research = wage * point["rnd_labour_share"]
    np.testing.assert_allclose(
        point["spending"], share - research + share * point["innovation"] * 3.52 * wage, rtol=1e-12
    )
    np.testing.assert_allclose(point["spending"], share, rtol=1e-12)  # balanced trade


def test_static_gain_is_that_of_output_with_given_researchers():
    """Home leads 70 % of goods: world prices of 1 / output of each good; by hand."""
    p = MECHANISM.parameters("divided", home_products=0.7)
    result = MECHANISM.counterfactual(p.replace(trade=0), {"trade": 1}, variant="divided")
    made = 1 - result.baseline["rnd_labour_share"]
    wages = np.array([0.7, 0.3]) / (1.25 * made)
    price = 1.25 * wages[0] ** 0.7 * wages[1] ** 0.3
    assert result.static_gain == pytest.approx(100 * (0.7 / price / made[0] - 1), rel=1e-10)
    assert (
        result.static_gain
        > 0
        > MECHANISM.counterfactual(p.replace(trade=0, home_products=0.3), {"trade": 1}, variant="divided").static_gain
    )


def test_corners_are_solved_and_named():
    point = solve(MECHANISM.parameters("divided", home_products=0.99, rnd_cost=9.0), variant="divided")
    assert point["innovation"][0] == 0 < point["innovation"][1]
    assert point.corner.startswith("no research in home")
    assert solve(MECHANISM.parameters(rnd_cost=1e4)).growth == 0


def test_a_closed_country_does_not_trade():
    with pytest.raises(InputError, match="closed is home alone"):
        MECHANISM.solve(MECHANISM.parameters(), variant="closed")
    with pytest.raises(InputError, match="no trade cost"):
        MECHANISM.liberalise(MECHANISM.parameters(), 0.8)


worlds = st.builds(
    lambda **changes: MECHANISM.parameters("costly-trade", **changes),
    quality_step=st.floats(1.05, 2),
    discount_rate=st.floats(0.005, 0.05),
    home_labour=st.floats(0.2, 3),
    foreign_labour=st.floats(0.2, 3),
    rnd_cost=st.floats(0.5, 20),
    elasticity_of_substitution=st.floats(1.5, 8),
    trade_cost=st.floats(1, 4),
)


@MANY
@given(worlds, st.floats(1, 4))
def test_a_border_cost_is_neutral_between_countries_of_any_size(p, cost):
    one, other = (solve(q, variant="costly-trade") for q in (p, p.replace(trade_cost=cost)))
    np.testing.assert_array_equal(one["growth"], other["growth"])
    cheap, dear = (one, other) if p.trade_cost < cost else (other, one)
    assert np.all(cheap["home_share"] <= dear["home_share"] + 1e-12)
    assert np.all(cheap["consumption"] >= dear["consumption"] * (1 - 1e-12))
    # the larger country has the higher wage where the border costs something
    assert (other["wage"][1] - 1) * (p.foreign_labour - p.home_labour) >= -1e-9


def test_costly_trade_by_adding_up_goods():
    """4,000 goods whose qualities climb a random ladder for 60 years: growth, and prices good by good."""
    p = MECHANISM.parameters("costly-trade", foreign_labour=0.5, trade_cost=1.4)
    point = solve(p, variant="costly-trade")
    steps = np.random.default_rng(3).poisson(60 * point["innovation"][0], size=40000)
    quality = np.mean(1.25 ** (3.0 * steps)) ** (1 / 3)
    spread = np.std(1.25 ** (3.0 * steps)) / 200 / np.mean(1.25 ** (3.0 * steps)) / 3
    assert abs(np.log(quality) - 60 * point.growth) < 3 * spread
    assert abs(np.log(quality) - 0.9 * 60 * point.growth) > 3 * spread  # the check can fail
    # workers a unit of sales: income of each country is its wage bill of production with the mark-up, trade balances
    share, wage, made = point["product_share"], point["wage"], [1, 0.5] * (1 - point["rnd_labour_share"])
    price = 4 / 3 * wage[:, np.newaxis] * np.array([[1, 1.4], [1.4, 1]])  # source, destination
    index = np.sum(share[:, np.newaxis] * price**-3, axis=0) ** (-1 / 3)
    spending = 4 / 3 * wage * made
    sales = share[:, np.newaxis] * (price / index) ** -3 * spending
    np.testing.assert_allclose(sales.sum(axis=1), spending, rtol=1e-12)
    np.testing.assert_allclose(point["consumption"], spending / index / [1, 0.5], rtol=1e-12)


def test_costly_trade_tends_to_the_international_ladder():
    """Free trade, goods nearly spread evenly: growth of consumption is that of a ladder with the same margin of profit."""
    p = MECHANISM.parameters("costly-trade", trade_cost=1.0, elasticity_of_substitution=1.001, rnd_cost=3.52)
    point = solve(p, variant="costly-trade")
    entry = (2 / 3.52 - 0.001 * 0.03) / 1.001
    np.testing.assert_allclose(point["growth"], entry * np.log(1.25), rtol=1e-3)
    np.testing.assert_allclose(point["wage"], 1, rtol=1e-14)


def test_in_divided_ladders_a_border_cost_moves_prices_alone():
    p = MECHANISM.parameters("divided", home_products=0.7)
    free, costly = (solve(p.replace(trade_cost=x), variant="divided") for x in (1.0, 1.5))
    np.testing.assert_array_equal(free["growth"], costly["growth"])
    np.testing.assert_array_equal(free["home_share"], costly["home_share"])
    np.testing.assert_allclose(costly["consumption"] / free["consumption"], 1.5 ** -np.array([0.3, 0.7]), rtol=1e-12)
    result = MECHANISM.counterfactual(p, {"trade_cost": 1.5}, variant="divided")
    assert result.welfare_transition == pytest.approx(result.static_gain, rel=1e-9)


def test_liberalisation():
    p = MECHANISM.calibrate(variant="costly-trade")
    q = MECHANISM.liberalise(p, 0.8, variant="costly-trade")
    result = MECHANISM.counterfactual(p, q, variant="costly-trade")
    assert result.counterfactual.home_share == pytest.approx(0.8, abs=1e-10)
    assert result.growth_change == 0
    assert result.static_gain == pytest.approx(100 * ((0.8937 / 0.8) ** 0.2 - 1), rel=1e-9)  # trade elasticity of 5
    assert "wages and levels move" in result.why


def test_borders_that_a_variant_does_not_know():
    for variant, cost in (("international", 1.5), ("divided", np.inf)):
        with pytest.raises(InputError, match=r"trade = 0$"):
            MECHANISM.solve(MECHANISM.parameters(trade_cost=cost), variant=variant)
    shut = solve(MECHANISM.parameters("costly-trade", trade_cost=np.inf), variant="costly-trade")
    np.testing.assert_array_equal(shut["home_share"], 1)
    assert (
        shut.growth == solve(MECHANISM.parameters("costly-trade"), variant="costly-trade").growth
    )  # ideas still cross
    point = solve(MECHANISM.parameters("costly-trade", rnd_cost=1e3), variant="costly-trade")
    assert point.corner == "no research in home and foreign: labour of the world must exceed 90"


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {
        "upgrading-on-world-research": "holds",
        "larger-stage": "holds",
    }


def test_closing_costly_trade_loses_goods_and_not_ideas():
    """Ideas go on to flow, so growth stays; consumption falls by what the home share says (Arkolakis et al.)."""
    found = MECHANISM.counterfactual(variant="costly-trade")
    p = found.baseline.parameters
    assert found.counterfactual.growth == pytest.approx(found.baseline.growth, rel=1e-12)
    assert found.counterfactual["home_share"][0] == 1
    share = found.baseline["home_share"][0]
    expected = 100 * (share ** (1 / (p.elasticity_of_substitution - 1)) - 1)
    assert found.static_gain == pytest.approx(expected, rel=1e-9)
    assert found.welfare_steady_state == pytest.approx(expected, rel=1e-9)
    alone = MECHANISM.solve(variant="costly-trade", regime="autarky").value
    assert alone.home_share == 1 and alone.growth == pytest.approx(found.baseline.growth, rel=1e-12)
