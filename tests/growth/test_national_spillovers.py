"""National spillovers: reference values, a shooting twin, budgets, and innovation apart from welfare."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.leadership import relative_wage, saddle_path, static_trade
from tradewinds.growth.national_paths import start

MECHANISM = mechanisms["national-spillovers"]
SOME = settings(deadline=None, max_examples=40)


def solve(p, **options):
    return MECHANISM.solve(p, **options).value


def path_of(p):
    return saddle_path(*start(p, solve(p)))


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
    assert found.growth[0] == pytest.approx(growth, abs=5e-9)
    if share == 0.5:
        assert found.spending[0] == pytest.approx(2.23848335, abs=5e-9)


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
        solve_ivp(motion, (0, found.time[6]), [found.spending[0] * (1 + e), 0.6], rtol=1e-12, atol=1e-14).y[0, -1]
        for e in (-1e-6, 0, 1e-6)
    ]
    wanted = found.spending[6]
    assert ends[1] == pytest.approx(wanted, abs=1e-6)
    assert ends[0] < wanted - 1e-5 < wanted + 1e-5 < ends[2]


@pytest.mark.parametrize("changes", [{}, {"home_labour": 0.5, "home_varieties": 0.8}, {"foreign_labour": 1.5}])
def test_budgets_of_both_countries_add_up(changes):
    """Spending is chosen by the Euler equation; that lifetime resources pay for it is a check of the whole path."""
    found = path_of(MECHANISM.parameters(**changes))
    budgets, slopes = found.residual()
    assert abs(budgets) < 1e-9
    assert slopes < 1e-7


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


def test_relative_wage_clears_the_common_good():
    p = MECHANISM.parameters(home_labour=0.5)
    _, rest, world = start(p, solve(p))
    wage = relative_wage(rest, 1.0, world)
    assert wage == pytest.approx(1 / solve(p)["wage"][1], rel=1e-10)
    assert wage * rest * 0.5 == pytest.approx(world.laggard, rel=1e-10)


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


@SOME
@given(
    st.floats(0.3, 3), st.floats(0.3, 3), st.floats(0.5, 6), st.floats(0.01, 0.06), st.floats(0.05, 0.95),
    st.floats(1.5, 8),
)  # fmt: skip
def test_the_laggard_never_innovates(home, foreign, cost, rho, varieties, sigma):
    assume(abs(varieties - 0.5) > 1e-6)
    p = MECHANISM.parameters(
        home_labour=home, foreign_labour=foreign, rnd_cost=cost, discount_rate=rho, home_varieties=varieties,
        elasticity_of_substitution=sigma,
    )  # fmt: skip
    point = solve(p)
    laggard = 1 if varieties > 0.5 else 0
    assert point["innovation"][laggard] == 0
    assert point["growth"][0] == point["growth"][1]
    swapped = p.replace(home_labour=foreign, foreign_labour=home, home_varieties=1 - varieties)
    np.testing.assert_allclose(solve(swapped)["consumption"], point["consumption"][::-1], rtol=1e-9)


def test_innovation_and_welfare_are_apart():
    """The laggard stops, its consumption grows faster, and it gains more than the leader."""
    p = MECHANISM.parameters(home_varieties=0.4)
    result = MECHANISM.counterfactual(p.replace(trade=0), {"trade": 1})
    assert result.counterfactual["innovation"][0] == 0 < result.baseline["innovation"][0]
    assert result.growth_change > 0
    assert result.welfare_transition > result.extra["welfare_transition_foreign"] > 0
    assert result.welfare_transition < result.welfare_steady_state  # varieties have yet to be invented


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


def test_a_regime_that_is_not_solved_is_refused():
    with pytest.raises(InputError, match="would innovate too"):
        MECHANISM.path(MECHANISM.parameters(home_labour=0.3, foreign_labour=3, home_varieties=0.55, rnd_cost=0.5))


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {
        "history-matters": "holds",
        "laggard-stops": "holds",
        "laggard-grows-slower": "holds only if",
    }
