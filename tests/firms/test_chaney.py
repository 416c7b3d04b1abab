"""The Melitz model with Pareto productivity: closed forms of symmetric countries, many countries, and what is refused."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.firms import solve_scenarios
from tradewinds.firms.chaney import ChaneyParameters, solve_chaney
from tradewinds.firms.chaney.checks import names, residual

MANY = settings(deadline=None, max_examples=60)


def solved(**changes):
    return solve_chaney(ChaneyParameters(**changes)).value


def test_reference_numbers():
    """Research notes, section 5.4: sigma 4, theta 5, f 1, f_x 1.5, f_e 2, b 1, L 100, in autarky and at tau 1.5.

    Their cutoff, .944, is below the lowest productivity, so it is no equilibrium: with f_e = 2 every entrant survives. Cutoffs and
    real wages are proportional to f_e^(-1/theta), and shares and sellers do not depend on it: f_e = 1 brings 2^(1/5) times theirs.
    """
    closed, opened = solved(trade_cost=math.inf), solved(trade_cost=1.5)
    up = 2 ** (1 / 5)
    np.testing.assert_allclose(np.diag(closed.productivity_cutoffs), 0.9440875113 * up, rtol=1e-9)
    np.testing.assert_allclose(closed.sellers_by_pair, np.diag([10, 10]), rtol=1e-12)
    np.testing.assert_allclose(closed.real_wage, 2.0703964721 * up, rtol=1e-9)
    np.testing.assert_allclose(np.diag(opened.productivity_cutoffs), 0.9623431518 * up, rtol=1e-9)
    np.testing.assert_allclose(opened.productivity_cutoffs[0, 1], 1.6524118682 * up, rtol=1e-9)
    np.testing.assert_allclose(opened.home_share, 0.9086810320, rtol=1e-9)
    np.testing.assert_allclose(np.diag(opened.sellers_by_pair), 9.0868103205, rtol=1e-9)
    np.testing.assert_allclose(opened.real_wage / closed.real_wage, 1.0193368097, rtol=1e-9)
    with pytest.raises(InputError, match="every entrant of home would sell in home: the cutoff 0"):
        solved(entry_cost=2.0)


@MANY
@given(st.floats(1.5, 6), st.floats(0.2, 5), st.floats(1, 3), st.floats(0.3, 4), st.integers(2, 5))
def test_symmetric_countries_by_closed_form(sigma, extra, tau, export_fixed, n):
    theta, f, f_e, b, size = sigma - 1 + extra, 1.3, 2.0, 0.01, 70.0
    found = solved(
        countries=tuple("abcde"[:n]), labour=size, elasticity_of_substitution=sigma, pareto_shape=theta, fixed_cost=f,
        entry_cost=f_e, minimum_productivity=b, export_fixed_cost=export_fixed, trade_cost=tau,
    ) if _selects(theta, sigma, f, export_fixed, f_e, tau, n) else None  # fmt: skip
    if found is None:
        return
    x = (n - 1) * tau**-theta * (export_fixed / f) ** (1 - theta / (sigma - 1))
    own = b * (f / f_e * (sigma - 1) / (theta - sigma + 1) * (1 + x)) ** (1 / theta)
    np.testing.assert_allclose(found.home_share, 1 / (1 + x), rtol=1e-9)
    np.testing.assert_allclose(np.diag(found.productivity_cutoffs), own, rtol=1e-9)
    np.testing.assert_allclose(
        found.productivity_cutoffs[0, 1], tau * (export_fixed / f) ** (1 / (sigma - 1)) * own, rtol=1e-9
    )
    np.testing.assert_allclose(
        np.diag(found.sellers_by_pair), size * (theta - sigma + 1) / (1 + x) / (sigma * f * theta), rtol=1e-9
    )
    np.testing.assert_allclose(found.wage, 1)


def _selects(theta, sigma, f, export_fixed, f_e, tau, n):
    x = (n - 1) * tau**-theta * (export_fixed / f) ** (1 - theta / (sigma - 1))
    ratio = (f / f_e * (sigma - 1) / (theta - sigma + 1) * (1 + x)) ** (1 / theta)
    return min(ratio, ratio * tau * (export_fixed / f) ** (1 / (sigma - 1))) > 1


def world(seed, n):
    rng = np.random.default_rng(seed)
    tau = rng.uniform(1, 3, (n, n))
    np.fill_diagonal(tau, 1)
    return {
        "countries": tuple(f"c{i}" for i in range(n)), "labour": rng.uniform(10, 200, n), "trade_cost": tau,
        "minimum_productivity": rng.uniform(0.2, 1.0, n), "entry_cost": rng.uniform(0.01, 0.05, n),
        "fixed_cost": rng.uniform(1, 2, n), "export_fixed_cost": rng.uniform(4, 9, (n, n)),
    }  # fmt: skip


@pytest.mark.parametrize("n", [2, 3, 8, 20])
def test_many_unequal_countries(n):
    drawn = world(n, n)
    found = solved(**drawn)
    assert found.residual < 1e-9
    closed = solved(**{**drawn, "trade_cost": np.where(np.eye(n) > 0, 1, np.inf)})
    np.testing.assert_allclose(found.real_wage / closed.real_wage, found.home_share ** (-1 / 5), rtol=1e-9)
    np.testing.assert_allclose(1 - closed.real_wage / found.real_wage, found.losses_from_autarky, rtol=1e-8)
    np.testing.assert_allclose(found.wage @ drawn["labour"], drawn["labour"].sum())
    # prices of all firms, evenly by the fifth root of their rank because most of spending is on a few; no formula of theirs
    sigma, root = 4.0, (np.arange(400_000) + 0.5) / 400_000
    power = 0.0
    for i in range(n):
        productivity = drawn["minimum_productivity"][i] / root
        sells = productivity > found.productivity_cutoffs[i, 0]
        prices = sigma / (sigma - 1) * found.wage[i] * found.parameters.trade_cost[i, 0] / productivity[sells]
        power += found.entrants[i] * (prices ** (1 - sigma)) @ (5 * root[sells] ** 4) / root.size
    assert found.wage[0] * power ** (1 / (sigma - 1)) == pytest.approx(found.real_wage[0], rel=1e-5)


def test_order_and_units_do_not_matter():
    drawn, order = world(3, 4), np.array([2, 0, 3, 1])
    found = solved(**drawn)
    turned = solved(
        **{
            k: np.array(v)[np.ix_(order, order)] if np.ndim(v) == 2 else tuple(np.array(v)[order])
            for k, v in drawn.items()
        }
    )
    np.testing.assert_allclose(turned.real_wage, found.real_wage[order], rtol=1e-10)
    bigger = solved(**{**drawn, "labour": 3 * drawn["labour"]})
    np.testing.assert_allclose(bigger.home_share, found.home_share, rtol=1e-10)
    np.testing.assert_allclose(bigger.real_wage, found.real_wage * 3 ** (1 / 3), rtol=1e-10)


@pytest.mark.parametrize("field", ["wage", "trade_shares", "productivity_cutoffs", "entrants"])
def test_the_check_notices_a_wrong_point(field):
    point = solved()
    value = np.array(getattr(point, field))
    value[..., 0] *= 1.001
    assert np.max(np.abs(residual(dataclasses.replace(point, **{field: value})))) > 1e-4
    assert len(names(point.parameters)) == len(residual(point))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pareto_shape": 3.0}, "pareto_shape is 3.0; it must be above 3"),
        ({"elasticity_of_substitution": 1.0}, "above 1"),
        ({"export_fixed_cost": 0.0}, "export_fixed_cost from home to home is 0.0; it must be above 0"),
        ({"labour": [1, -1]}, "labour of foreign is -1.0"),
        ({"trade_cost": 0.5}, "must be at least 1"),
        ({"trade_cost": [[1, 2], [math.inf, 1]]}, "foreign: every route on which to sell to others is closed"),
        ({"trade_cost": [[1, 2], [2, 1], [2, 2]]}, "trade_cost has shape (3, 2)"),
        ({"trade_cost": [[1, 2], [2]]}, "row 2 has 1 of them, and row 1 has 2"),
        ({"trade_cost": [[1, "dear"], [2, 1]]}, "row 1, column 2 is 'dear'"),
        ({"trade_cost": [[1, 2], [2, 1.5]]}, "trade_cost from foreign to itself is 1.5; it must be 1"),
    ],
)
def test_bad_input(changes, words):
    with pytest.raises(InputError) as caught:
        solved(**changes)
    assert words in str(caught.value)


def test_groups_of_countries_that_do_not_trade_with_each_other():
    """Two pairs apart are two worlds of two; a ring, in which each sells to the next only, is balanced too."""
    apart = np.full((4, 4), math.inf)
    np.fill_diagonal(apart, 1.0)
    ring = apart.copy()
    apart[0, 1] = apart[1, 0] = apart[2, 3] = apart[3, 2] = 1.5
    names_ = ("a", "b", "c", "d")
    labour = [100.0, 50.0, 80.0, 10.0]
    found = solved(countries=names_, labour=labour, trade_cost=apart, minimum_productivity=0.5)
    pair = solved(countries=("a", "b"), labour=labour[:2], trade_cost=1.5, minimum_productivity=0.5)
    np.testing.assert_allclose(found.real_wage[:2], pair.real_wage, rtol=1e-9)
    for i in range(4):
        ring[i, (i + 1) % 4] = 1.3
    circle = solved(countries=names_, trade_cost=ring, minimum_productivity=0.5)
    assert circle.residual < 1e-9 and np.ptp(circle.real_wage) < 1e-9 and np.all(circle.home_share < 1)
    ring[3, 0] = math.inf
    with pytest.raises(InputError, match=r"(a: every route on which to buy|d: every route on which to sell)"):
        solved(countries=names_, trade_cost=ring, minimum_productivity=0.5)


def test_scenarios_by_trade_cost():
    found = solve_scenarios(ChaneyParameters(), trade_cost=[math.inf, 2.0, 1.5])
    gains = found.tidy().query("variable == 'gains_from_trade' and country == 'home'")["value"].to_numpy()
    assert gains[0] == 0 and np.all(np.diff(gains) > 0)
    assert len(found.results[0].bilateral()) == 4
