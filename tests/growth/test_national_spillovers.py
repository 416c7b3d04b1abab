"""National spillovers: reference values, a shooting twin, budgets, and innovation apart from welfare."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.leadership import static_trade
from tradewinds.growth.national_paths import saddle_path
from tradewinds.growth.national_regimes import threshold, wins
from tradewinds.growth.rivalry import slacks

MECHANISM = mechanisms["national-spillovers"]
SOME = settings(deadline=None, max_examples=40)


def solve(p, **options):
    return MECHANISM.solve(p, **options).value


def path_of(p):
    return saddle_path(p, solve(p))


def test_reference_values():
    """L = 1 each, s = .5, sigma = 4, a = 2, rho = .05 (research notes, section 2.2)."""
    p = MECHANISM.parameters()
    np.testing.assert_allclose(solve(p, regime="autarky")["innovation"], 0.01875, atol=1e-15)
    np.testing.assert_allclose(solve(p)["innovation"], [0.08125, 0], atol=1e-15)
    assert solve(p).growth == pytest.approx(0.01354, abs=5e-6)
    assert solve(p, regime="autarky").growth == pytest.approx(0.003125, abs=1e-15)


@pytest.mark.parametrize(("share", "growth"), [(0.5, 0.02066353), (0.75, 0.05275797), (0.9, 0.07029841)])
def test_reference_values_on_the_path(share, growth):
    found = path_of(MECHANISM.parameters(home_varieties=share))
    assert found.growth[0, 0] == pytest.approx(growth, abs=5e-9)
    if share == 0.5:
        assert 1 / found.wage[0, 0] == pytest.approx(2.23848335, abs=5e-9)


def test_the_path_against_shooting():
    """From the initial spending found, the printed differential equations follow the path and leave it beside."""
    p = MECHANISM.parameters(home_varieties=0.6)
    found = path_of(p)
    beta, s, a, rho = 0.25, 0.5, 2.0, 0.05

    def motion(t, y):
        spending, share = y
        growth = (2 - (1 - s * beta) * spending) / a
        return [spending * (beta * s * spending * share / a - growth - rho), share * (1 - share) * growth]

    ends = [
        solve_ivp(motion, (0, found.time[8]), [(1 + e) / found.wage[0, 0], 0.6], rtol=1e-12, atol=1e-14).y[0, -1]
        for e in (-1e-6, 0, 1e-6)
    ]
    wanted = 1 / found.wage[8, 0]
    assert ends[1] == pytest.approx(wanted, abs=1e-6)
    assert ends[0] < wanted - 1e-5 < wanted + 1e-5 < ends[2]


OVERTAKEN = {
    "foreign_labour": 4.0,
    "differentiated_share": 0.7,
    "elasticity_of_substitution": 3.0,
    "discount_rate": 0.03,
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"home_labour": 0.5, "home_varieties": 0.8},
        {"foreign_labour": 1.5},
        OVERTAKEN,
        OVERTAKEN | {"home_varieties": 0.996},
    ],
)
def test_budgets_of_both_countries_add_up(changes):
    """Spending is chosen by the Euler equation; that lifetime resources pay for it is a check of the whole path."""
    found = path_of(MECHANISM.parameters(**changes))
    budgets, _, slopes, conditions = found.residual()
    assert abs(budgets) < 1e-9
    assert slopes < 1e-7
    assert conditions < 1e-9


def test_welfare_of_the_path_by_quadrature():
    p = MECHANISM.parameters()
    path = MECHANISM.path(p).value
    for i in range(2):
        logs = np.log(path.paths["consumption"][:, i])

        def utility(t, logs=logs):
            return np.exp(-0.05 * t) * np.interp(t, path.time, logs)

        horizon = path.time[-1]
        body = sum(quad(utility, a, a + 5, limit=200)[0] for a in np.arange(0, 165, 5.0))
        last = float(np.interp(165, path.time, logs))
        tail = np.exp(-0.05 * 165) * (last / 0.05 + path.end.growth / 0.05**2)
        assert horizon > 165
        assert path.lifetime_utility[i] == pytest.approx(body + tail, abs=2e-3)


def test_the_leader_may_specialise():
    """A leader with half of the labour: it makes varieties alone and its growth is beta L / a - alpha rho = .025."""
    point = solve(MECHANISM.parameters(home_labour=0.5))
    np.testing.assert_allclose(point["innovation"], [0.5 * 0.25 / 2 - 0.75 * 0.05, 0], atol=1e-15)
    assert point["wage"][1] < 1
    assert "makes varieties alone" in point.corner
    path = MECHANISM.path(MECHANISM.parameters(home_labour=0.5, home_varieties=0.8)).value
    assert path.paths["wage"][-1, 1] == pytest.approx(point["wage"][1], abs=1e-5)


@SOME
@given(st.floats(0.2, 2), st.floats(0.2, 2), st.floats(0.05, 0.95), st.floats(0.1, 0.9), st.floats(1.5, 8))
def test_static_trade_clears_all_markets(home, foreign, varieties, share, sigma):
    made, held = np.array([home, foreign]), np.array([varieties, 1 - varieties])
    wage, spending = static_trade(made, held, share, sigma)
    total = np.sum(spending)
    weights = held * wage ** (1 - sigma)
    sales = share * total * weights / np.sum(weights)
    common = made - (1 - 1 / sigma) * sales / wage  # workers left for the common good
    assert np.all(common > -1e-9)
    assert np.min(wage) == 1
    assert np.sum(common[wage < 1 + 1e-12]) == pytest.approx((1 - share) * total, rel=1e-9)
    np.testing.assert_allclose(spending, sales + np.where(wage < 1 + 1e-12, common, 0), rtol=1e-9)


worlds = st.builds(
    lambda **changes: MECHANISM.parameters(**changes),
    home_labour=st.floats(0.3, 3),
    foreign_labour=st.floats(0.3, 3),
    rnd_cost=st.floats(0.5, 6),
    discount_rate=st.floats(0.01, 0.06),
    home_varieties=st.floats(0.05, 0.95),
    elasticity_of_substitution=st.floats(1.5, 8),
    differentiated_share=st.floats(0.2, 0.9),
)


@SOME
@given(worlds)
def test_one_country_innovates_in_the_end_and_swapping_swaps(p):
    assume(abs(p.home_varieties - 0.5) > 1e-6)
    point = solve(p)
    assert np.min(point["innovation"]) == 0
    assert point["growth"][0] == point["growth"][1]
    labour = {"home_labour": p.foreign_labour, "foreign_labour": p.home_labour}
    swapped = solve(p.replace(**labour, home_varieties=1 - p.home_varieties))
    np.testing.assert_allclose(swapped["consumption"], point["consumption"][::-1], rtol=1e-9)


@settings(deadline=None, max_examples=15)
@given(worlds)
def test_a_path_leads_to_the_long_run_that_is_told(p):
    """In every regime: from the varieties of time 0, with complementary slackness at every date."""
    assume(abs(p.home_varieties - 0.5) > 0.01 and np.max(solve(p)["innovation"]) > 1e-3)
    keeps = threshold(p)[0 if p.home_varieties > 0.5 else 1]
    assume(abs(max(p.home_varieties, 1 - p.home_varieties) - keeps) > 1e-3)
    path = path_of(p)
    assert np.max(np.abs(path.residual())) < 1e-7
    np.testing.assert_allclose(np.minimum(path.growth, 1 - path.value), 0, atol=1e-7)


@pytest.mark.parametrize(("share", "overtakes"), [(0.9942, True), (0.9945, False)])
def test_the_threshold_of_overtaking(share, overtakes):
    """W = .7 * 3 / (.3 * 1.06) - 1 = 5.60377, and 5.60377^3 / (1 + 5.60377^3) = .994349, by hand."""
    p = MECHANISM.parameters(**OVERTAKEN, home_varieties=share)
    assert threshold(p)[0] == pytest.approx(0.994349, abs=5e-7)
    assert wins(p) != overtakes
    path = path_of(p)
    assert path.modes[0][1].active == (True, True)  # both innovate at first, nearly alike
    assert path.growth[0, 0] - path.growth[0, 1] < 0.01
    assert ("overtakes" in solve(p).corner) == overtakes
    assert solve(p)["innovation"][1 if overtakes else 0] > 0


def test_both_grow_alike_at_the_threshold():
    """At the unstable point all conditions hold with both inventing, by the equations of the module."""
    p = MECHANISM.parameters(**OVERTAKEN)
    share, a, s, sigma, rho = threshold(p)[0], 2.0, 0.7, 3.0, 0.03
    g = 1 / (sigma * a) - (1 - 1 / sigma) * rho
    w_b = (1 - s) / 3
    w_a = w_b * (share / (1 - share)) ** (1 / sigma)
    sold = np.array([share * w_a ** (1 - sigma), (1 - share) * w_b ** (1 - sigma)])
    sold /= sold.sum()
    wage = np.array([w_a, w_b])
    made = (1 - 1 / sigma) * s * sold / wage
    np.testing.assert_allclose(a * g + made + [0, (1 - s) / w_b], [1, 4], rtol=1e-12)
    np.testing.assert_allclose(s * sold / (sigma * a * wage), rho + g, rtol=1e-12)


def test_regimes_meet_where_they_change():
    """Welfare is continuous in the size of the laggard while it starts to innovate on the path."""
    base = OVERTAKEN | {"home_varieties": 0.9, "home_labour": 2.0}
    first = [MECHANISM.regimes(MECHANISM.parameters(**base | {"foreign_labour": x}))[0][1] for x in (2.6, 3.0)]
    edge = brentq(
        lambda x: path_of(MECHANISM.parameters(**base | {"foreign_labour": x})).value[0, 1] - 1 + 1e-9, 2.6, 3.0
    )
    sizes = edge + np.array([-1e-4, 1e-4])
    utility = [
        MECHANISM.path(MECHANISM.parameters(**base | {"foreign_labour": x})).value.lifetime_utility for x in sizes
    ]
    assert first == ["home invents; foreign makes the common good", "both invent; foreign makes the common good"]
    np.testing.assert_allclose(utility[0], utility[1], atol=0.002)


def test_an_idle_laggard_too_small_for_its_varieties():
    """It makes no common good and has the higher wage, at rest and on the path."""
    p = MECHANISM.parameters(foreign_labour=0.2, home_varieties=0.55)
    assert [text for _, text in MECHANISM.regimes(p)] == [
        "home invents; home makes the common good",
        "home invents; both make the common good",
    ]
    still = solve(p.replace(rnd_cost=30.0))
    assert still["wage"][1] > 1
    assert "foreign makes varieties alone" in still.corner
    assert "no research in home and foreign: rnd_cost must be below" in still.corner


def test_the_bound_of_the_corner_is_where_research_starts():
    p = MECHANISM.parameters(rnd_cost=30.0)
    bound = MECHANISM._bound(p)
    below, above = (solve(p.replace(rnd_cost=bound * x)) for x in (1 - 1e-6, 1 + 1e-6))
    assert np.all(above["innovation"] == 0) and np.max(below["innovation"]) > 0
    # growth takes off slowly from there, but then knowledge grows: the long run jumps, lifetime utility does not
    there, beyond = (MECHANISM.path(p.replace(rnd_cost=bound * x)).value for x in (1 - 1e-6, 1 + 1e-6))
    assert np.max(there.paths["innovation"][0]) < 1e-4
    np.testing.assert_allclose(there.lifetime_utility, beyond.lifetime_utility, atol=0.02)


def test_conditions_of_a_wrong_mode_are_broken():
    """The shared check can fail: at the end of the path the laggard must not be said to innovate."""
    path = path_of(MECHANISM.parameters())
    state = np.array([np.log(path.ratio[-1]), *np.log(path.wage[-1]), *path.value[-1]])
    year, mode = path.modes[-1]
    assert year == 0
    from tradewinds.growth.national_paths import Mode, Rivals

    world = Rivals(4.0, 0.05, 0.5, (1.0, 1.0), (2.0, 2.0))
    assert min(slacks(state, mode, world)) >= -1e-9
    assert min(slacks(state, Mode((True, True), (True, True)), world)) < -0.01


def test_innovation_and_welfare_are_apart():
    """The laggard stops, its consumption grows faster, and it gains more than the leader."""
    p = MECHANISM.parameters(home_varieties=0.4)
    result = MECHANISM.counterfactual(p.replace(trade=0), {"trade": 1})
    assert result.counterfactual["innovation"][0] == 0 < result.baseline["innovation"][0]
    assert result.growth_change > 0
    assert result.welfare_transition > result.extra["welfare_transition_foreign"] > 0
    assert result.welfare_transition < result.welfare_steady_state  # varieties have yet to be invented


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_the_static_gain_is_home_s_whoever_leads(share):
    """Equal wages and researchers: spending is what is made and profits of own varieties; prices fall with those of the world."""
    p = MECHANISM.parameters(home_varieties=share, trade=0)
    made = 1 - 2 * 0.01875
    total = 2 * made / (1 - 0.125)
    spending = (made + 0.125 * share * total) / (made / (1 - 0.125))
    gain = spending * share ** (-0.5 / 3)
    assert MECHANISM.counterfactual(p, {"trade": 1}).static_gain == pytest.approx(100 * (gain - 1), rel=1e-10)


def test_opening_and_closing_are_inverse():
    p = MECHANISM.parameters()
    opened = MECHANISM.counterfactual(p.replace(trade=0), {"trade": 1})
    closed = MECHANISM.counterfactual(p)
    product = (1 + opened.welfare_transition / 100) * (1 + closed.welfare_transition / 100)
    assert product == pytest.approx(1, abs=1e-9)


def test_too_little_knowledge_to_start():
    """Each varieties' profit is thin when the leader's knowledge alone has to pay: no research at all, named as a corner."""
    point = solve(MECHANISM.parameters(rnd_cost=3.2, home_varieties=0.51))
    assert np.all(point["innovation"] == 0)
    np.testing.assert_allclose(point["varieties"], [0.51, 0.49])
    assert "no research in home and foreign" in point.corner
    assert solve(MECHANISM.parameters(rnd_cost=3.2, home_varieties=0.9)).growth > 0


def test_no_trade_cost():
    with pytest.raises(InputError, match="no trade cost"):
        MECHANISM.liberalise(MECHANISM.parameters(), 0.8)


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {
        "lesser-industries-for-the-laggard": "holds",
        "leader-does-more": "holds",
        "history-matters": "holds",
        "laggard-stops": "holds",
        "laggard-grows-slower": "holds only if",
    }
