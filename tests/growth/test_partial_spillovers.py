"""Partial spillovers: the reference eigenvalue, neutrality, a slow twin for wages and for the path."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline
from scipy.optimize import fsolve

from tradewinds.errors import InputError
from tradewinds.growth import gravity, mechanisms
from tradewinds.growth.partial_block import perron
from tradewinds.growth.spillover_dynamics import motion

MECHANISM = mechanisms["partial-spillovers"]
MANY = settings(deadline=None, max_examples=40)

worlds = st.builds(
    lambda **changes: MECHANISM.parameters(**changes),
    elasticity_of_substitution=st.floats(1.5, 8),
    discount_rate=st.floats(0.005, 0.02),
    labour=arrays(float, 3, elements=st.floats(0.5, 3)),
    rnd_cost=arrays(float, 3, elements=st.floats(1, 4)),
    spillovers=arrays(float, (3, 3), elements=st.floats(0.05, 1)),
    trade_cost=st.floats(1, 3),
    relative_trade_costs=arrays(float, (3, 3), elements=st.floats(1, 2)).map(lambda x: np.where(np.eye(3), 1.0, x)),
)


def solve(p, **options):
    return MECHANISM.solve(p, **options).value


def test_reference_values():
    """Research notes, section 2.1."""
    point = MECHANISM.solve().value
    np.testing.assert_allclose(point["innovation"], 0.05349251329700, atol=5e-15)
    np.testing.assert_allclose(point["varieties"], [0.19998823, 0.72753893, 0.07247285], atol=5e-9)
    full = solve(MECHANISM.parameters(spillovers=np.ones((3, 3))))
    np.testing.assert_allclose(full["innovation"], 0.1022222, atol=5e-8)


def test_the_root_by_powers_of_the_matrix():
    p = MECHANISM.parameters()
    matrix = (p.labour / p.rnd_cost)[:, np.newaxis] * p.spillovers.T
    vector = np.ones(3)
    for _ in range(2000):
        vector = matrix @ vector / np.sum(matrix @ vector)
    root, varieties = perron(p)
    np.testing.assert_allclose(varieties, vector, rtol=1e-12)
    assert root == pytest.approx(np.sum(matrix @ vector), rel=1e-13)


@MANY
@given(worlds, st.floats(1, 5))
def test_trade_costs_are_neutral(p, cost):
    np.testing.assert_allclose(solve(p)["growth"], solve(p.replace(trade_cost=cost))["growth"], rtol=0, atol=1e-14)


@MANY
@given(worlds, st.integers(0, 2), st.integers(0, 2))
def test_any_spillover_raises_growth_everywhere(p, source, receiver):
    more = np.array(p.spillovers)
    more[source, receiver] *= 1.05
    more = more / 1.05  # keep within bounds: both matrices below are scaled alike
    less = p.spillovers / 1.05
    low, high = (solve(p.replace(spillovers=m, rnd_cost=p.rnd_cost / 1.05)) for m in (less, more))
    assert np.all(high["growth"] > low["growth"]) or (np.all(high["growth"] == 0) and high.corner)


@MANY
@given(worlds)
def test_permuting_countries_permutes_results(p):
    order = np.array([2, 0, 1])
    pair = np.ix_(order, order)
    q = p.replace(
        labour=p.labour[order], rnd_cost=p.rnd_cost[order], spillovers=p.spillovers[pair],
        relative_trade_costs=p.relative_trade_costs[pair],
    )  # fmt: skip
    one, other = solve(p), solve(q)
    for name in ("growth", "varieties", "consumption", "home_share"):
        np.testing.assert_allclose(one[name][order], other[name], rtol=1e-9)
    np.testing.assert_allclose(one["wage"][order] / one["wage"][2], other["wage"], rtol=1e-9)


def test_wages_against_a_general_root_finder():
    p = MECHANISM.parameters(relative_trade_costs=[[1, 1.2, 1.5], [1.1, 1, 1.3], [1.4, 1, 1]])
    point = solve(p)
    production = p.labour * (1 - point["rnd_labour_share"])
    sigma, tau = 3.0, 1.5 * p.relative_trade_costs
    np.fill_diagonal(tau := np.array(tau), 1.0)

    def excess(log_wage):
        w = np.exp(np.array([0.0, *log_wage]))
        sales = np.zeros(3)
        for d in range(3):
            weights = np.array([point["varieties"][c] * (w[c] * tau[c, d]) ** (1 - sigma) for c in range(3)])
            sales += weights / weights.sum() * w[d] * production[d]
        return (sales / (w * production) - 1)[1:]

    found = fsolve(excess, [0.0, 0.0], xtol=1e-13)
    np.testing.assert_allclose(point["wage"][1:], np.exp(found), rtol=1e-9)


def test_price_index_good_by_good():
    wage, varieties = np.array([1.0, 1.3]), np.array([2.0, 3.0])
    costs = gravity.trade_costs(1.4, np.ones((2, 2)))
    prices = np.array([1.0] * 2 + [1.3 * 1.4] * 3)
    assert gravity.price_index(wage, varieties, costs, 3.0)[0] == pytest.approx(np.sum(prices**-2.0) ** -0.5)


def test_a_path_that_moves_the_perron_vector():
    """The path is on the stable manifold: integrated backwards from its end, a twin comes back to its start."""
    change = {"spillovers": [[1, 0.5, 0.1], [0.2, 1, 0.4], [0.3, 0.2, 1]]}
    p = MECHANISM.parameters()
    q = p.replace(**change)
    path = MECHANISM.transition(p, change).value
    assert path.half_life > 1
    np.testing.assert_allclose(path.paths["varieties"][0], solve(p)["varieties"], rtol=1e-9)
    np.testing.assert_allclose(path.paths["varieties"][-1], solve(q)["varieties"], rtol=1e-6)
    i = int(np.searchsorted(path.time, 30.0))
    use = np.log((path.paths["innovation"] / path.paths["rnd_labour_share"]) - path.paths["innovation"])
    state = np.concatenate([np.log(path.paths["varieties"][i]), use[i]])
    back = solve_ivp(
        lambda t, y: np.concatenate(motion(y[:, np.newaxis], q))[:, 0], (path.time[i], 0), state, rtol=1e-11, atol=1e-12
    ).y[:, -1]
    shares = np.exp(back[:3]) / np.sum(np.exp(back[:3]))
    np.testing.assert_allclose(shares, path.paths["varieties"][0], rtol=1e-6)
    np.testing.assert_allclose(back[3:], use[0], atol=1e-6)


def test_trade_costs_move_nothing_but_wages_along_the_path():
    p = MECHANISM.parameters()
    change = {"spillovers": [[1, 0.5, 0.1], [0.2, 1, 0.4], [0.3, 0.2, 1]]}
    near, far = (MECHANISM.transition(p.replace(trade_cost=c), change).value for c in (1.1, 2.5))
    np.testing.assert_allclose(near.paths["varieties"], far.paths["varieties"], rtol=1e-10)
    np.testing.assert_allclose(near.paths["innovation"], far.paths["innovation"], atol=1e-10)


def test_where_only_trade_costs_change_the_economy_jumps():
    result = MECHANISM.counterfactual(changed={"trade_cost": 1.2})
    assert result.half_life == 0
    assert result.welfare_transition == pytest.approx(result.welfare_steady_state, abs=1e-6)
    assert result.welfare_transition == pytest.approx(result.static_gain, abs=1e-6)


def test_equal_countries_have_the_gain_of_the_home_share():
    p = MECHANISM.calibrate()
    result = MECHANISM.counterfactual(p, MECHANISM.liberalise(p, 0.8556))
    assert result.baseline.home_share == pytest.approx(0.8937, abs=1e-12)
    assert result.static_gain == pytest.approx(100 * ((0.8937 / 0.8556) ** 0.2 - 1), abs=1e-8)


def test_a_reducible_matrix_names_who_leads():
    with pytest.raises(InputError, match=r"reducible .* block of countries 2 leads, with innovation of 0\.04667"):
        MECHANISM.solve(MECHANISM.parameters(spillovers=np.eye(3)))
    leader_teaches = [[0.1, 0, 0], [0.2, 1, 0.4], [0, 0, 0.1]]  # reducible, but everybody learns from country 2
    np.testing.assert_allclose(
        solve(MECHANISM.parameters(spillovers=leader_teaches))["innovation"], 0.14 / 3, atol=1e-12
    )


def test_no_research_is_a_corner_with_its_bound():
    idle = MECHANISM.parameters(rnd_cost=[80, 100, 120])
    point = solve(idle)
    assert np.all(point["growth"] == 0)
    assert "must exceed 0.06" in point.corner
    result = MECHANISM.counterfactual(idle, {"trade_cost": 1.2})
    assert result.welfare_transition == pytest.approx(result.static_gain, abs=1e-9)
    assert result.static_gain > 1
    # research ends everywhere: varieties stay what they were, at rest from the first day
    ended = MECHANISM.transition(idle.replace(rnd_cost=[8, 10, 12]), {"rnd_cost": [80, 110, 120]}).value
    np.testing.assert_allclose(ended.paths["innovation"], 0, atol=1e-16)
    np.testing.assert_allclose(np.ptp(ended.paths["varieties"], axis=0), 0, atol=1e-15)
    with pytest.raises(InputError, match="it pays at first in country_"):
        MECHANISM.transition(
            idle.replace(rnd_cost=[8, 10, 12]), {"labour": [1.0, 0.01, 0.5], "rnd_cost": [40.0, 0.2, 40.0]}
        )


def test_a_country_may_be_idle_on_the_way():
    """Home has many more varieties than its new size supports: no research there at first, and a firm worth less than it costs.

    The value of all firms over the wage bill of production is the discounted integral of 1 / (sigma - 1) of it.
    """
    p = MECHANISM.parameters(spillovers=np.eye(3) * 0.9 + 0.1, labour=[2.0, 1.0, 0.5])
    solution = MECHANISM.transition(p, {"labour": [0.3, 1.0, 2.0]})
    path = solution.value
    assert solution.residual.norm < 1e-7
    idle = path.paths["innovation"][:, 0] == 0
    assert idle[0]
    assert not idle[-1]
    assert np.all(path.paths["rnd_labour_share"] >= 0)
    np.testing.assert_array_equal(path.paths["rnd_labour_share"][idle, 0], 0)
    assert np.min(path.paths["rnd_labour_share"][:, 1:]) > 0
    time, q = path.time, path.parameters
    rate = CubicSpline(time, 0.03 + path.paths["innovation"][:, 0]).antiderivative()(time)
    tail = np.exp(-rate[-1]) / (0.03 + path.end["innovation"][0])
    worth = (CubicSpline(time, np.exp(-rate)).integrate(0, time[-1]) + tail) / 2  # sigma - 1
    share = path.paths["varieties"][0]
    reach = q.labour[0] / q.rnd_cost[0] * (q.spillovers[:, 0] @ share) / share[0]
    assert worth * reach < 1  # of its cost, as all workers produce
    start = int(np.argmax(~idle))
    later = path.paths["varieties"][start]
    then = q.labour[0] / q.rnd_cost[0] * (q.spillovers[:, 0] @ later) / later[0]
    rest = time >= time[start]
    ahead = CubicSpline(time[rest], np.exp(rate[start] - rate[rest])).integrate(time[start], time[-1])
    value = (ahead + tail * np.exp(rate[start])) / 2
    assert value * then == pytest.approx(1, abs=0.02)  # entry begins where a firm is worth its cost


def test_shapes_must_agree():
    with pytest.raises(InputError, match=r"rnd_cost has shape \(3,\) but labour has 2 countries"):
        MECHANISM.parameters(labour=[1, 1])
    with pytest.raises(InputError, match="array over source, receiver"):
        MECHANISM.parameters(spillovers=[1, 2, 3])


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {
        "any-spillover-raises-growth-everywhere": "holds",
        "trade-costs-neutral": "holds",
    }


def test_a_leader_who_learns_from_nobody_grows_as_alone():
    (claim,) = [c for c in MECHANISM.claims() if c.name == "any-spillover-raises-growth-everywhere"]
    assert claim.numbers["smallest rise of growth, one spillover up by 0.1"] > 1e-5
    assert abs(claim.numbers["the same where home learns from nobody"]) < 1e-15
