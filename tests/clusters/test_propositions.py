"""Propositions 1 to 3 of Hanlon (2012) on mirror economies drawn at random; Proposition 3 is false as worded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.clusters import ClusterParameters, learn, paper_economy, solve_trade

FEW = settings(deadline=None, max_examples=20)
WITHIN, ACROSS = paper_economy(2).tau, paper_economy(3).tau


@st.composite
def mirror_economies(draw, spillovers, home):
    """Mirror economies in which home makes the two industries named when trade opens."""
    technology = np.empty(4)
    for i in home:  # ahead of the industry that mirrors it
        technology[4 - i] = draw(st.floats(1, 10))
        technology[i - 1] = technology[4 - i] * draw(st.floats(1.01, 5))
    return ClusterParameters(
        technology=[technology, technology[::-1]], sigma=draw(st.floats(1.2, 6)), spillovers=spillovers
    )


@FEW
@given(mirror_economies(WITHIN, (1, 2)), st.floats(0, 60))
def test_proposition_1_concentration_raises_income_at_every_date(economy, time):
    opened, closed = (learn(economy, regime=regime, horizon=60).value for regime in ("trade", "autarky"))
    assert opened.events == ()
    assert np.all(opened.equilibrium_at(time).real_income > closed.equilibrium_at(time).real_income)


@FEW
@given(mirror_economies(ACROSS, (1, 2)), st.floats(0.1, 60))
def test_proposition_2_building_clusters_beats_autarky_in_every_industry_and_either_country(economy, time):
    opened, closed = (learn(economy, regime=regime, horizon=60).value for regime in ("trade", "autarky"))
    assert opened.events == ()
    assert np.all(opened.technology_at(time).max(axis=0) > closed.technology_at(time).max(axis=0))


@FEW
@given(mirror_economies(ACROSS, (1, 3)), st.floats(0.1, 60))
def test_proposition_3_holds_for_the_better_country(economy, time):
    """Destroying clusters freezes technology, and autarky's better country overtakes it at once."""
    opened, closed = (learn(economy, regime=regime, horizon=60).value for regime in ("trade", "autarky"))
    used = np.where(
        solve_trade(economy).value.home_share > 0.5, opened.technology_at(time)[0], opened.technology_at(time)[1]
    )
    np.testing.assert_array_equal(opened.technology_at(time), economy.technology)
    assert np.all(used < closed.technology_at(time).max(axis=0))


@FEW
@given(mirror_economies(ACROSS, (1, 3)))
def test_proposition_3_fails_in_the_other_country(economy):
    """The paper says "in either location"; in the country that trade would have spared, autarky starts behind."""
    soon = learn(economy, regime="autarky", horizon=1e-4).value.technology_at(1e-4)
    under_trade = np.where(solve_trade(economy).value.home_share > 0.5, *economy.technology)
    assert np.all(soon.min(axis=0) < under_trade)


def test_how_long_proposition_3_fails_in_figure_4():
    """At sigma = 2 the lagging industry is (s - 75 / s) / 2 with s = 15 + t / 10: it reaches 10 when s = 10 + sqrt(175)."""
    date = 10 * (10 + np.sqrt(175)) - 150
    assert date == pytest.approx(82.288, abs=5e-4)
    path = learn(paper_economy(4), regime="autarky").value
    np.testing.assert_allclose(path.technology_at(date).min(axis=0), 10, rtol=1e-8)
    assert np.all(path.technology_at(date - 1).min(axis=0) < 10)
