"""Workers and technologies that differ: a boundary-value twin, market clearing, and growth, trade and inequality."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_bvp
from scipy.interpolate import BarycentricInterpolator

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.partial_block import perron
from tradewinds.growth.sorting import Sorted

MECHANISM = mechanisms["partial-spillovers"]
VARIANT = "heterogeneous"


def solve(p):
    return MECHANISM.solve(p, variant=VARIANT).value


def test_matching_against_a_boundary_value_solver():
    """The equations as differential equations: m' = e^l, l' = (sigma - 1) m - phi m', log wage' = phi m'."""
    workers = Sorted(3.0, 0.2, 1.0, 1.5)
    match = workers.match(0.8)
    grid = np.linspace(0.2, 1, 50)
    twin = solve_bvp(
        lambda x, y: np.array([np.exp(y[1]), 2 * y[0] - x * np.exp(y[1]), x * np.exp(y[1])]),
        lambda a, b: np.array([a[0], b[0] - 0.8, a[2]]),
        grid,
        np.array([grid - 0.2, 0 * grid, (grid - 0.2) / 2]),
        tol=1e-10,
        max_nodes=20000,
    )
    np.testing.assert_allclose(match.ability, twin.sol(match.complexity)[0], atol=1e-10)
    np.testing.assert_allclose(match.log_wage, twin.sol(match.complexity)[2], atol=1e-10)


def test_every_technology_finds_its_workers():
    """Labour demand l = A w^-sigma psi^(sigma - 1) at each technology, added up from below, is the workers it is matched with."""
    match = Sorted(4.0, 0.1, 1.2, 1.6).match(0.7)
    ability = BarycentricInterpolator(match.complexity, match.ability)
    wage = BarycentricInterpolator(match.complexity, match.log_wage)

    def demand(x):
        return float(np.exp(3 * x * ability(x) - 4 * wage(x)))

    whole = quad(demand, 0.1, 1.2, epsabs=1e-13)[0]
    for x in (0.3, 0.6, 1.0):
        assert quad(demand, 0.1, x, epsabs=1e-13)[0] / whole == pytest.approx(float(ability(x)) / 0.7, abs=1e-9)


def test_firms_prefer_the_workers_they_get():
    """Cost of a unit, log w(a) - phi a, is lowest at the worker matched."""
    match = Sorted(3.0, 0.2, 1.0, 1.5).match(0.8)
    for i in (3, 12, 20):
        cost = match.log_wage - match.complexity[i] * match.ability
        assert np.argmin(cost) == i


def test_moments_by_quadrature():
    workers = Sorted(3.0, 0.2, 1.0, 1.5)
    match = workers.match(0.8)
    wage = BarycentricInterpolator(match.ability, match.log_wage)
    bill = quad(lambda a: float(np.exp(wage(a))), 0, 0.8, epsabs=1e-12)[0]
    assert match.wage_bill == pytest.approx(bill, rel=1e-9)
    top = match.log_wage[-1]
    assert match.production == pytest.approx(np.exp(1.2) * bill / np.exp(top), rel=1e-9)
    assert match.research == pytest.approx(quad(lambda a: np.exp(1.5 * a), 0.8, 1)[0], rel=1e-12)

    def log_wage(a):
        return float(wage(a)) if a < 0.8 else top + 1.5 * (a - 0.8)

    mean = quad(log_wage, 0, 1, points=[0.8])[0]
    square = quad(lambda a: log_wage(a) ** 2, 0, 1, points=[0.8])[0]
    assert match.log_wage_deviation == pytest.approx(np.sqrt(square - mean**2), rel=1e-8)


def test_workers_alike_are_the_limit():
    """With returns to ability near zero everywhere, the variant is the homogeneous one."""
    base = MECHANISM.parameters()
    almost = base.replace(complexity_low=0.0, complexity_high=1e-7, research_skill=2e-7)
    np.testing.assert_allclose(solve(almost)["innovation"], MECHANISM.solve(base).value["innovation"], rtol=1e-5)
    np.testing.assert_allclose(solve(almost)["consumption"], MECHANISM.solve(base).value["consumption"], rtol=1e-5)


def test_default_growth_is_that_of_the_homogeneous_world():
    point = solve(MECHANISM.parameters(VARIANT))
    np.testing.assert_allclose(point["innovation"], 0.05349251329700, atol=1e-12)


@settings(deadline=None, max_examples=15)
@given(st.floats(1, 3), st.floats(1, 3))
def test_trade_moves_neither_growth_nor_inequality(one, other):
    a, b = (solve(MECHANISM.parameters(VARIANT, trade_cost=c)) for c in (one, other))
    for name in ("growth", "wage_ratio", "log_wage_deviation", "research_cutoff"):
        np.testing.assert_allclose(a[name], b[name], rtol=0, atol=1e-13)


def test_spillovers_raise_growth_and_inequality():
    p = MECHANISM.parameters(VARIANT)
    more = np.array(p.spillovers)
    more[2, 0] += 0.3
    low, high = solve(p), solve(p.replace(spillovers=more))
    assert np.all(high["growth"] > low["growth"])
    assert high["research_cutoff"] < low["research_cutoff"]
    assert high["wage_ratio"] > low["wage_ratio"]


def test_the_path_reaches_its_end():
    p = MECHANISM.parameters(VARIANT)
    path = MECHANISM.transition(p, {"spillovers": [[1, 0.5, 0.1], [0.2, 1, 0.4], [0.3, 0.2, 1]]}, variant=VARIANT).value
    np.testing.assert_allclose(path.paths["innovation"][-1], path.end["innovation"], rtol=1e-6)
    np.testing.assert_allclose(path.paths["rnd_labour_share"][-1], path.end["rnd_labour_share"], rtol=1e-6)
    np.testing.assert_allclose(path.paths["varieties"][-1], path.end["varieties"], rtol=1e-6)


def test_nobody_researches_where_it_never_pays():
    p = MECHANISM.parameters(VARIANT)
    point = solve(p.replace(rnd_cost=30 * p.rnd_cost))
    assert np.all(point["growth"] == 0)
    assert point["research_cutoff"] == 1
    assert perron(p)[0] > 0


def test_bad_input():
    with pytest.raises(InputError, match="each must be above the one before"):
        MECHANISM.parameters(VARIANT, research_skill=0.5)
    with pytest.raises(InputError, match=r"must lie in \(0, 1\]"):
        Sorted(3.0, 0.2, 1.0, 1.5).match(0.0)
