"""Growth of real income by spillover, against differences of solved equilibria."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tradewinds.clusters import ClusterParameters, learn, paper_economy, solve_autarky, solve_partial_trade, solve_trade
from tradewinds.clusters.income_growth import growth_by_spillover, income_elasticities
from tradewinds.errors import InputError


def solve(economy, mask):
    return solve_partial_trade(economy, np.flatnonzero(mask) + 1).value


@given(economies(most=5, decades=0.5), st.integers(0, 31))
@settings(max_examples=60, deadline=None)
def test_elasticities_are_differences(economy, bits):
    n = economy.industries
    mask = np.array([bits >> i & 1 for i in range(n)], dtype=bool)
    point = solve(economy, mask)
    assume((mask & point.active.all(axis=0)).sum() < 2)
    step = 1e-5

    def moved(c, i, by):
        technology = np.array(economy.technology)
        technology[c, i] *= np.exp(by)
        return solve(economy.replace(technology=technology), mask)

    around = {(c, i): (moved(c, i, step), moved(c, i, -step)) for c in range(2) for i in range(n)}
    for pair in around.values():  # a change of pattern nearby has no derivative
        assume(all(np.array_equal(other.active, point.active) for other in pair))
    found = income_elasticities(point, mask)
    for (c, i), (up, down) in around.items():
        slope = (np.log(up.real_income) - np.log(down.real_income)) / (2 * step)
        np.testing.assert_allclose(found[:, c, i], slope, atol=2e-7)


@pytest.mark.parametrize("sigma", [4 / 3, 2.0, 4.0])
@pytest.mark.parametrize("regime", ["autarky", "trade"])
@pytest.mark.parametrize("figure", [2, 3, 4, 5, 6])
def test_growth_is_that_of_the_path(figure, regime, sigma):
    economy = paper_economy(figure, sigma)
    path = learn(economy, regime=regime, horizon=2.0).value
    later, point = path.equilibrium_at(1 + 1e-4), path.equilibrium_at(1.0)
    earlier = path.equilibrium_at(1 - 1e-4)
    growth = growth_by_spillover(point, np.full(4, regime == "trade")).sum(axis=(1, 2, 3))
    slope = (np.log(later.real_income) - np.log(earlier.real_income)) / 2e-4
    np.testing.assert_allclose(growth, slope, atol=1e-9)


def test_growth_with_an_industry_in_both_countries():
    economy = ClusterParameters(
        technology=[[10, 5, 5], [5, 5, 10]], labour=[1.25, 1], spillovers=[[0.1, 0.2, 0], [0, 0.1, 0.2], [0.3, 0, 0.1]]
    )
    assert solve_trade(economy).value.shared == (2,)
    path = learn(economy, horizon=0.2).value
    point = path.equilibrium_at(0.1)
    growth = growth_by_spillover(point, np.ones(3, dtype=bool)).sum(axis=(1, 2, 3))
    around = [np.log(path.equilibrium_at(0.1 + by).real_income) for by in (1e-4, -1e-4)]
    np.testing.assert_allclose(growth, (around[0] - around[1]) / 2e-4, atol=1e-9)


def test_closed_form_of_figure_5():
    """Real income D* = S*[1 + (S/S*)^(1/2)] at sigma = 2, with S = 20 + 0.5 t: growth of foreign is 1/160 at time 0."""
    growth = growth_by_spillover(solve_trade(paper_economy(5)).value, np.ones(4, dtype=bool)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(growth, [3 / 160, 1 / 160], rtol=1e-13)


def test_nobody_learns_from_abroad_in_autarky():
    growth = growth_by_spillover(solve_autarky(paper_economy(3)).value, np.zeros(4, dtype=bool))
    assert np.all(growth[0, 1] == 0)
    assert np.all(growth[1, 0] == 0)


def test_ties_are_refused():
    tied = ClusterParameters(technology=[[10, 5, 5, 4], [4, 5, 5, 10]])
    with pytest.raises(InputError, match="industries 2, 3 are tied at the relative wage"):
        income_elasticities(solve_trade(tied).value, np.ones(4, dtype=bool))
