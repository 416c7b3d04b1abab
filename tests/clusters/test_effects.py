"""When trade builds clusters, and what opening does to growth: the paper's statements, the notes' dates, loops by hand."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.clusters import ClusterParameters, learn, paper_economy, solve_autarky, solve_partial_trade, solve_trade
from tradewinds.clusters.effects import cluster_building, cluster_change, cluster_contacts
from tradewinds.errors import InputError


def opening(economy):
    return solve_autarky(economy).value, solve_trade(economy).value


def test_contacts_are_those_of_a_loop():
    random = np.random.default_rng(3)
    economy = ClusterParameters(
        technology=random.uniform(1, 5, (2, 5)), labour=[2.0, 3.0], sigma=2.5, spillovers=random.uniform(0, 1, (5, 5))
    )
    for point in opening(economy):
        contacts = cluster_contacts(point)
        for c in range(2):
            for i in range(5):
                for j in range(5):
                    workers = point.employment[c]
                    wanted = 0.0 if i == j else economy.tau[i, j] * workers[i] * workers[j] / economy.labour[c]
                    assert contacts[c, i, j] == pytest.approx(wanted, rel=1e-13)


# Propositions 2 and 3 on mirror economies drawn at random: home is best at 1 and 2, or at 1 and 3


@given(st.lists(st.floats(0.1, 10), min_size=4, max_size=4), st.floats(1.1, 8))
@settings(max_examples=100, deadline=None)
def test_who_keeps_a_whole_cluster_builds_it(levels, sigma):
    a, b, c, d = levels
    tau = np.zeros((4, 4))
    tau[0, 1] = tau[1, 0] = tau[2, 3] = tau[3, 2] = 0.3
    home = np.array([max(a, d) * 1.01, max(b, c) * 1.01, min(b, c), min(a, d)])
    building = ClusterParameters(technology=[home, home[::-1]], sigma=sigma, spillovers=tau)
    assert cluster_building(*opening(building)).all()
    parted = building.replace(technology=building.technology[:, [0, 2, 1, 3]])  # home is best at 1 and 3
    assert not cluster_building(*opening(parted)).any()
    before, after = opening(parted)
    assert cluster_contacts(after).sum() == 0 < cluster_contacts(before).sum()


@pytest.mark.parametrize(
    ("figure", "sigma", "delay"), [(6, 4 / 3, 46.937626), (6, 2, 14.058809), (7, 4 / 3, 122.461495), (7, 2, 32.009389)]
)
def test_opening_becomes_cluster_building_when_the_notes_say(figure, sigma, delay):
    path = learn(paper_economy(figure, sigma), regime="autarky", horizon=150).value

    def building(time):
        return cluster_building(*opening(path.equilibrium_at(time).parameters))

    assert not any(building(time).any() for time in np.linspace(0, delay - 1e-5, 8))
    assert all(building(time).all() for time in np.linspace(delay + 1e-5, 150, 8))


def test_no_links_between_industries_is_neither():
    economy = paper_economy(2)
    np.testing.assert_array_equal(cluster_change(*opening(economy)), [0, 0])


@given(economies(), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_nothing_changes_where_nothing_opens_and_mirrors_mirror(economy, seed):
    n = economy.industries
    random = np.random.default_rng(seed)
    economy = economy.replace(spillovers=random.uniform(0, 1, (n, n)))
    autarky, trade = opening(economy)
    np.testing.assert_array_equal(cluster_change(autarky, solve_partial_trade(economy, []).value), 0)
    swapped = cluster_change(*opening(economy.swap()))
    scale = cluster_contacts(autarky).sum() + cluster_contacts(trade).sum()
    np.testing.assert_allclose(swapped[::-1], cluster_change(autarky, trade), rtol=0, atol=1e-9 * scale)


def test_equilibria_of_different_economies_are_refused():
    economy = paper_economy(3)
    autarky, trade = opening(economy)
    with pytest.raises(InputError, match="before has 4 industries and after 1"):
        cluster_change(autarky, solve_trade(ClusterParameters(technology=[[1], [2]])).value)
    with pytest.raises(InputError, match="different spillovers"):
        cluster_building(solve_autarky(economy.replace(spillovers=economy.tau / 2)).value, trade)
