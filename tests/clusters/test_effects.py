"""When trade builds clusters, and what opening does to growth: the paper's statements, the notes' dates, sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tradewinds.clusters import (
    ClusterParameters,
    cluster_building,
    cluster_change,
    cluster_contacts,
    effects_of_opening,
    learn,
    paper_economy,
    solve_autarky,
    solve_partial_trade,
    solve_trade,
)
from tradewinds.clusters.effects import split_spillovers
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


# Trade adds about the share of home's workers in industries 3 and 4. It is least at the corner of the first examples,
# 20.2^-7 = 7e-10, which rounding (1e-12) does not hide; levels further apart, or more sigma, would be hidden.
@example([10.0, 0.5, 0.5, 0.5], 8.0)
@example([0.5, 10.0, 0.5, 0.5], 8.0)
@example([10.0, 10.0, 0.5, 0.5], 8.0)
@given(st.lists(st.floats(0.5, 10), min_size=4, max_size=4), st.floats(1.1, 8))
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


# The three effects on growth. By hand at sigma = 2: a country in autarky has 30 of income, growing by 0.2 (Figures 2 to 4);
# trade gives 40, growing by 0.4 (Figures 2, 3) or nothing (Figure 4).


@pytest.mark.parametrize(
    ("figure", "after", "concentration", "spillovers"),
    [(2, 0.01, 1 / 300, 0), (3, 0.01, 0, 1 / 300), (4, 0, 0, -1 / 150)],
)
def test_figures_with_one_effect_have_that_effect(figure, after, concentration, spillovers):
    effects = effects_of_opening(paper_economy(figure))
    np.testing.assert_allclose(effects.static_gain, 4 / 3, rtol=1e-13)
    np.testing.assert_allclose(effects.growth_before, 1 / 150, rtol=1e-13)
    np.testing.assert_allclose(effects.growth_after, after, rtol=1e-13)
    np.testing.assert_allclose(effects.concentration, concentration, atol=1e-16)
    np.testing.assert_allclose(effects.spillovers, spillovers, atol=1e-16)
    np.testing.assert_allclose(effects.composition, 0, atol=1e-16)


def test_figure_5_is_concentration_for_both_and_composition_for_one_against_the_other():
    """Mean own spillovers 1/4: growth 1/120 in autarky, 1/80 under trade; the rest of 3/160 - 1/90 and 1/160 - 1/180."""
    effects = effects_of_opening(paper_economy(5))
    np.testing.assert_allclose(effects.growth_before, [1 / 90, 1 / 180], rtol=1e-13)
    np.testing.assert_allclose(effects.growth_after, [3 / 160, 1 / 160], rtol=1e-13)
    np.testing.assert_allclose(effects.concentration, 1 / 240, rtol=1e-13)
    np.testing.assert_allclose(effects.composition, [1 / 288, -1 / 288], rtol=1e-12)
    np.testing.assert_allclose(effects.spillovers, 0, atol=1e-16)
    assert effects.verdict == ("neither", "neither")


@given(economies(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_effects_add_up_to_the_change_in_growth_and_so_do_links(economy, seed):
    n = economy.industries
    random = np.random.default_rng(seed)
    economy = economy.replace(spillovers=random.uniform(0, 1, (n, n)) * (random.random((n, n)) < 0.5))
    assume(len(solve_trade(economy).value.shared) < 2)  # who of them learns is not determined
    effects = effects_of_opening(economy)
    scale = np.abs([effects.growth_before, effects.growth_after]).max() + 1e-300
    total = effects.concentration + effects.spillovers + effects.composition
    np.testing.assert_allclose(total, effects.change_in_growth, rtol=0, atol=1e-11 * scale)
    assert effects.residual < 1e-11
    by_link = np.array([[link.growth_home, link.growth_foreign] for link in effects.links]).reshape(-1, 2).sum(axis=0)
    np.testing.assert_allclose(by_link, effects.change_in_growth, rtol=0, atol=1e-11 * scale)
    for c, country in enumerate(("home", "foreign")):
        change = sum(link.after - link.before for link in effects.links_of(country))
        assert change == pytest.approx(effects.cluster_change[c], abs=1e-10 * cluster_contacts(effects.before).sum())
    assert np.all(effects.static_gain >= 1 - 1e-12)


@given(st.integers(1, 6), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_split_adds_up_and_composition_sends_nothing_on_average(n, seed):
    tau = np.random.default_rng(seed).uniform(0, 1, (n, n))
    concentration, across, composition = split_spillovers(tau)
    np.testing.assert_allclose(concentration + across + composition, tau, rtol=1e-12)
    sent = np.where(np.eye(n), 0, across).sum(axis=1)
    np.testing.assert_allclose(sent, sent.mean(), rtol=1e-9)  # what all send to others is equal
    np.testing.assert_allclose([composition.sum(), np.trace(composition)], 0, atol=1e-12)


def test_reasons_name_the_links():
    effects = effects_of_opening(paper_economy(6), open_industries=[1, 4])
    assert effects.opened == (1, 4)
    assert {(link.sender, link.receiver) for link in effects.links_of("home", "cut")} == {(3, 4), (4, 3)}
    assert {(link.sender, link.receiver) for link in effects.links_of("home", "joined")} == {(1, 2), (2, 1)}
    assert effects.verdict == ("cluster destroying", "cluster destroying")
    # home's workers are 20, 4, 5, 0 of 29 after and 10, 4, 5, 2 of 21 before
    (link, *_) = (link for link in effects.links_of("home") if (link.sender, link.receiver) == (1, 2))
    assert link.before == pytest.approx(0.2 * 10 * 4 / 21**2)
    assert link.after == pytest.approx(0.2 * 20 * 4 / 29**2)
    assert effects.cluster_change[0] == pytest.approx(0.4 * (80 / 29**2 - 50 / 21**2))


def test_the_rest_opens_after_a_first_step():
    economy = paper_economy(6)
    effects = effects_of_opening(economy, already_open=[1, 4])
    assert effects.opened == (2, 3)
    np.testing.assert_allclose(effects.static_gain, 30 / 29, rtol=1e-13)  # D at time 0 in the notes, section 4.6
    assert effects_of_opening(economy, open_industries=[]).opened == ()


def test_results_can_be_shown():
    effects = effects_of_opening(paper_economy(6))
    frame = effects.tidy()
    row = frame[(frame["variable"] == "contact_before") & (frame["country"] == "home") & (frame["sender"] == 1)]
    assert row["value"].item() == pytest.approx(0.2 * 40 / 441)
    assert "cluster destroying" in effects.summary()
    figure = effects.plot()
    assert [axis.get_title(loc="left") for axis in figure.axes][1:] == ["Links in home", "Links in foreign"]
    assert effects_of_opening(paper_economy(2)).plot().axes[1].get_title(loc="left") == "No link changes in home"


def test_bad_requests_are_refused():
    economy = paper_economy(6)
    with pytest.raises(InputError, match="industries are numbered from 1 to 4"):
        effects_of_opening(economy, open_industries=[5])
    with pytest.raises(InputError, match="industry 2 is in already_open but not in open_industries"):
        effects_of_opening(economy, already_open=[2], open_industries=[1])
