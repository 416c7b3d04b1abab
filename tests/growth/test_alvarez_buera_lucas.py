"""Idea flows: closed forms, managers drawn by lot, reference numbers, and what the survey states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from tradewinds.errors import InputError
from tradewinds.growth import Facts, mechanisms, path_utility
from tradewinds.growth.abl_profile import stationary

MECHANISM = mechanisms["alvarez-buera-lucas"]


def solve(**changes):
    return MECHANISM.solve(MECHANISM.parameters(**changes)).value


def test_closed_forms_of_the_profile():
    x = np.linspace(-20, 20, 81)
    autarky, free = stationary(1, 0.0), stationary(3, 0.0)
    np.testing.assert_allclose(autarky.log_share(x), -np.log1p(np.exp(x)), rtol=1e-12)
    np.testing.assert_allclose(free.log_share(x), -np.log1p(3 * np.exp(x)) / 3, rtol=1e-12)
    np.testing.assert_allclose(free.seller_share(x), 1 / (1 + np.exp(-x) / 3), rtol=1e-11)


def test_levels_by_quadrature():
    """Free trade and autarky: the cheapest offer has the share 1 / (1 + n y) of goods above y."""
    power = 0.4
    for point, n in ((solve(trade_cost=1.0), 2), (solve(trade_cost=np.inf), 1)):
        total = quad(lambda x, n=n: np.exp((1 - power) * x) * n / (1 + n * np.exp(x)) ** 2, -60, 60, epsabs=1e-13)[0]
        assert point.consumption == pytest.approx(total**0.5, rel=1e-10)
        assert point.home_share == pytest.approx(1 / n, abs=1e-12)


@pytest.mark.parametrize(
    ("kappa", "total", "static"),
    [(0.99, 0.995018, 0.995037), (0.95, 0.975324, 0.975806), (0.8, 0.905103, 0.913671), (0.5, 0.771088, 0.841501)],
)
def test_reference_values(kappa, total, static):
    """Real income over free trade, n = 2, theta = 0.2, eta = 3: found apart by a damped iteration on a grid, good to 1e-5."""
    free = solve(trade_cost=1.0)
    p = MECHANISM.parameters(trade_cost=1 / kappa)
    assert MECHANISM.solve(p).value.consumption / free.consumption == pytest.approx(total, abs=1e-5)
    assert MECHANISM.static_consumption(free, p) / free.consumption == pytest.approx(static, abs=1e-5)


def test_managers_drawn_by_lot():
    """Many goods, meetings at random: the best of both countries spread at the rate n alpha, or alpha in autarky."""
    rng = np.random.default_rng(7)
    goods, dt, years, rate = 100_000, 0.5, 60, 0.05
    delta = 0.8**5

    def run(trade):
        z = 1 / rng.uniform(size=(2, goods)) - 1
        for _ in range(int(years / dt)):
            sellers = []
            for i in range(2):
                foreign = z[1 - i] < delta * z[i]
                sellers.append(np.where(foreign, z[1 - i], z[i]) if trade else z[i])
            for i in range(2):
                meets = rng.uniform(size=goods) < -np.expm1(-rate * dt)
                met = sellers[i][rng.integers(goods, size=goods)]
                z[i] = np.where(meets, np.minimum(z[i], met), z[i])
        return z

    traded, closed = run(True), run(False)
    growth = [np.log(np.median(1 / z)) / years for z in (traded[0], closed[0])]
    assert growth[1] == pytest.approx(rate, rel=0.05)
    assert growth[0] > 1.5 * growth[1]


def test_the_path_to_autarky_is_logistic():
    """Without trade the odds of each cost fall at alpha: consumption by quadrature of that closed form."""
    p = MECHANISM.parameters()
    path = MECHANISM.transition(p).value
    profile, power = p.profile(), p.power
    for i in (40, 120, 200):
        decay = np.exp(-p.meeting_rate * path.time[i])

        def better(x, decay=decay):
            log_share = float(profile.log_share(np.array([x]))[0])
            below = -np.expm1(log_share)
            return power * np.exp(-power * x) * below / (below + np.exp(log_share) * decay)

        middle = np.log(decay)
        total = quad(better, middle - 70, middle, epsabs=0, limit=200)[0]
        total += quad(better, middle, 60, epsabs=1e-12, limit=200)[0] + np.exp(-power * 60)
        assert path.paths["consumption"][i] == pytest.approx(total**0.5, rel=1e-7)


def test_welfare_of_the_path_to_autarky_is_that_of_the_closed_form():
    """Consumption of logistic costs by a sum over a million goods' worth of costs, utility by fine trapezoids."""
    p = MECHANISM.parameters()
    path = MECHANISM.transition(p).value
    time = np.linspace(0, 900, 18_001)
    x = np.linspace(-90, 60, 6001)
    log_share = p.profile().log_share(x)
    below, weight = -np.expm1(log_share), p.power * np.exp(-p.power * x) * (x[1] - x[0])
    log_consumption = []
    for chunk in np.array_split(np.exp(-p.meeting_rate * time), 60):
        odds = np.exp(log_share) * chunk[:, np.newaxis]
        total = (below / (below + odds)) @ weight + np.exp(-p.power * x[-1])
        log_consumption.append(np.log(total) / (p.elasticity_of_substitution - 1))
    slow = path_utility(time, np.concatenate(log_consumption), path.end.growth, p.discount_rate)
    assert p.discount_rate * (path.lifetime_utility - slow) == pytest.approx(0, abs=2e-6)


def test_a_counterfactual_says_that_steady_states_mislead():
    p = MECHANISM.parameters()
    opened = MECHANISM.counterfactual(p.replace(trade_cost=np.inf), {"trade_cost": 1.25})
    cheaper = MECHANISM.counterfactual(p, {"trade_cost": 1.0})
    assert opened.welfare_steady_state < opened.welfare_transition
    assert cheaper.welfare_steady_state > cheaper.welfare_transition
    for result in (opened, cheaper):
        assert f"read the gain with transition, {result.welfare_transition:.2f} per cent" in result.why
        assert f"not the {result.welfare_steady_state:.2f} between steady states" in result.why
    assert "steady states" not in MECHANISM.counterfactual(p, {"meeting_rate": 0.06}).why


@pytest.mark.parametrize(
    ("countries", "shift"), [(2, -1.1), (10, -4.3), (3, -7.0), (10, -10.0), (5, -14.9), (200, -3.0)]
)
def test_profiles_solve_their_equations_on_panels(countries, shift):
    """Between points that the solver used, also where trade is rare or countries are many."""
    profile = stationary(countries, shift)
    assert max(np.max(np.abs(v)) for v in profile.misses(1 / countries).values()) < 1e-12


def test_a_grid_twice_as_fine_changes_nothing():
    from tradewinds.growth.abl_profile import _grid, _guess, _System

    grid = _grid(10, -4.3, 2.0)
    fine = _System(10, -4.3, grid).solve(_guess(10, -4.3, grid.nodes), 1e-11)
    np.testing.assert_allclose(stationary(10, -4.3).log_share(grid.nodes), fine, rtol=0, atol=1e-12)


def test_a_sweep_shares_profiles_and_leaves_out_what_is_infinite():
    p = MECHANISM.parameters()
    swept = MECHANISM.sweep(
        p, trade_cost=np.array([1.0, 2.0, 1e6, np.inf])[:, np.newaxis], elasticity_of_substitution=[2.0, 3.0, 7.0]
    )
    np.testing.assert_array_equal(swept.admissible, [[1, 1, 0], [1, 1, 0], [0, 0, 0], [1, 1, 0]])
    for i, cost in enumerate((1.0, 2.0)):
        one = solve(trade_cost=cost)
        for name in ("consumption", "home_share", "growth", "lifetime_utility"):
            assert swept[name][i, 1] == pytest.approx(one[name], rel=1e-12)


def test_paths_start_at_the_static_level_and_end_in_balanced_growth():
    p = MECHANISM.parameters()
    for changed in ({"trade_cost": 1.0}, {"trade_cost": 2.0}):
        path = MECHANISM.transition(p, changed).value
        before = MECHANISM.solve(p).value
        start = MECHANISM.static_consumption(before, p.replace(**changed))
        assert path.paths["consumption"][0] == pytest.approx(start, rel=1e-8)
        end = path.end.consumption * np.exp(path.end.growth * path.time[-1])
        assert path.paths["consumption"][-1] == pytest.approx(end, rel=1e-7)
        assert path.paths["home_share"][-1] == pytest.approx(path.end.home_share, abs=1e-7)


@settings(deadline=None, max_examples=5)
@given(
    cost=st.floats(1.0, 1.8),
    theta=st.floats(0.15, 0.3),
    countries=st.integers(2, 12),
    rate=st.floats(0.001, 0.1),
    eta=st.floats(1.5, 3.5),
)
def test_any_trade_multiplies_growth_and_costs_lower_levels(cost, theta, countries, rate, eta):
    p = MECHANISM.parameters(
        trade_cost=cost,
        cost_elasticity=theta,
        countries=countries,
        meeting_rate=rate,
        elasticity_of_substitution=eta,
    )
    solution = MECHANISM.solve(p)
    assert solution.ok
    closed = MECHANISM.solve(p, regime="autarky").value
    assert solution.value.growth == pytest.approx(countries * closed.growth, rel=1e-12)
    dearer = MECHANISM.solve(p.replace(trade_cost=1.1 * cost)).value
    assert dearer.growth == solution.value.growth
    assert dearer.consumption < solution.value.consumption
    assert dearer.home_share > solution.value.home_share


def test_claims():
    claims = MECHANISM.claims()
    assert {claim.name: claim.verdict for claim in claims} == {
        "autarky-learns-from-home": "holds",
        "trade-improves-sources": "holds",
        "any-trade-raises-growth": "holds",
        "small-costs-second-order": "holds",
    }


def test_calibration_and_liberalisation():
    p = MECHANISM.calibrate(Facts())
    assert MECHANISM.solve(p).value.home_share == pytest.approx(0.8937, abs=1e-9)
    assert MECHANISM.solve(MECHANISM.liberalise(p, 0.7)).value.home_share == pytest.approx(0.7, abs=1e-9)


def test_bad_input():
    with pytest.raises(InputError, match="must be below 1"):
        MECHANISM.solve(MECHANISM.parameters(elasticity_of_substitution=6.0))
    with pytest.raises(InputError, match="imports are lost in rounding"):
        MECHANISM.parameters(trade_cost=1000.0)
    with pytest.raises(InputError, match=r"no trade cost gives a home share of 0\.3"):
        MECHANISM.liberalise(MECHANISM.parameters(), 0.3)
