"""Free migration: Figure 8 of the paper, its limits, and its conditions."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from tradewinds.clusters import (
    ClusterParameters,
    cluster_contacts,
    paper_economy,
    simulate,
    solve_free_migration,
    solve_trade,
)
from tradewinds.clusters.mobility import migration_names, migration_residual


def test_contact_is_among_the_people_who_are_there():
    """Home has the two best industries, hence most people: its contact is 2 (.2) L_1 L_2 over those, not over the one it had."""
    economy = ClusterParameters(
        technology=[[9, 9, 1], [1, 1, 3]], sigma=2, spillovers=[[0, 0.2, 0], [0.2, 0, 0], [0, 0, 0.5]]
    )
    point = solve_free_migration(economy).value
    np.testing.assert_allclose(point.labour, [2 * 18 / 21, 2 * 3 / 21], rtol=1e-12)
    by_country = cluster_contacts(point).sum(axis=(1, 2))
    np.testing.assert_allclose(by_country, [2 * 0.2 * (2 * 9 / 21) ** 2 / (2 * 18 / 21), 0], rtol=1e-12)
    empty = solve_free_migration(economy.replace(technology=[[9, 9, 9], [1, 1, 3]])).value
    assert cluster_contacts(empty)[1].tolist() == [[0.0] * 3] * 3


def path_of(economy, **options):
    solution = simulate(economy, policy="free_migration", **options)
    assert solution.residual.norm < 1e-9
    return solution.value


@pytest.mark.parametrize(
    ("sigma", "population", "income"),
    [
        (4 / 3, (0.5, 0.570697, 0.610050), (640, 1011.10779, 1349.15552)),
        (4, (0.5, 0.966072, 0.994078), (15.87401, 38.91844, 69.64041)),
    ],
)
def test_figure_8(sigma, population, income):
    """Research notes on Hanlon (2012), section 4.6."""
    path = path_of(paper_economy(8, sigma))
    np.testing.assert_allclose(path.labour([0, 50, 100])[0] / 2, population, atol=6e-7)
    np.testing.assert_allclose(path.real_income_per_worker([0, 50, 100]), [income, income], atol=6e-6)
    assert path.events == ()


@pytest.mark.parametrize(
    ("sigma", "learned"),
    [
        (4, lambda a: a - 10 + 500 * (0.01 - a**-2)),
        (4 / 3, lambda a: a - 10 + 1.5 * 10 ** (1 / 3) * (a ** (2 / 3) - 10 ** (2 / 3))),
    ],
)
def test_figure_8_in_closed_form(sigma, learned):
    """Home's share of workers is h, each of its industries has h of them and sends itself 0.5: dA / h = dt / 2."""
    path = path_of(paper_economy(8, sigma))
    for time in (10, 50, 100):
        technology = brentq(lambda a, time=time: learned(a) - time / 2, 9, 100, xtol=1e-13)
        np.testing.assert_allclose(path.technology_at(time)[0, :2], technology, rtol=1e-9)
        share = technology ** (sigma - 1) / (technology ** (sigma - 1) + 10 ** (sigma - 1))
        assert path.labour([time])[0, 0] / 2 == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("figure", [2, 3, 4])
def test_where_absolute_and_comparative_advantage_agree_migration_changes_nothing(figure):
    """Section 5 of the paper says so of Figures 2 to 4."""
    economy = paper_economy(figure)
    times = [0, 40, 100]
    np.testing.assert_allclose(
        path_of(economy).real_income(times), simulate(economy).value.real_income(times), rtol=1e-11
    )


@settings(deadline=None, max_examples=100)
@given(economies())
def test_every_condition_holds_and_workers_gain_from_moving(economy):
    solution = solve_free_migration(economy)
    assert solution.residual.norm < 1e-10
    point = solution.value
    best = point.parameters.technology.max(axis=0)
    power = economy.sigma - 1
    np.testing.assert_allclose(point.real_income_per_worker, (best**power).sum() ** (1 / power), rtol=1e-10)
    apart = solve_trade(economy).value.real_income.sum() / economy.labour.sum()
    assert np.all(point.real_income_per_worker >= apart * (1 - 1e-11))


def test_a_country_without_an_advantage_is_left():
    point = solve_free_migration(ClusterParameters(technology=[[4, 3], [2, 1]])).value
    assert point.labour.tolist() == [2, 0]
    assert point.industries_of("foreign") == ()
    np.testing.assert_allclose(point.real_income_per_worker, 7, rtol=1e-14)
    assert "home has 1 of all workers" in point.summary()


def test_industries_as_good_in_both_countries_are_halved_and_stay_so():
    economy = paper_economy(2).replace(technology=[[9, 7, 5, 3]] * 2)
    path = path_of(economy)
    np.testing.assert_allclose(path.labour([0, 100]), 1, rtol=1e-12)
    assert path.equilibrium_at(70).shared == (1, 2, 3, 4)


def test_an_industry_as_good_in_both_goes_where_it_learns():
    """Industry 2 learns from 1, which is at home."""
    economy = ClusterParameters(technology=[[5, 3, 1], [1, 3, 5]], spillovers=[[0, 0.1, 0], [0] * 3, [0] * 3])
    assert path_of(economy).equilibrium_at(0).industries_of("home") == (1, 2)


def test_an_idle_industry_that_learns_enough_moves():
    """Home's 1 teaches 2, which learns half of it though idle; at sigma = 2, 6 / 11 of two workers are in 1 throughout."""
    economy = ClusterParameters(
        technology=[[6, 4], [1, 5]], sigma=2, spillovers=[[0, 0.2], [0, 0]], inactive_learning=0.5
    )
    path = path_of(economy)
    (event,) = path.events
    assert (event.event, event.industry, event.country) == ("moves", 2, "home")
    assert event.time == pytest.approx(1 / (0.1 * 12 / 11), rel=1e-9)
    assert path.labour([event.time, np.nextafter(event.time, 0)])[0] == pytest.approx([2, 12 / 11])


def test_a_tie_that_learns_alike_for_an_instant_is_parted():
    """Both halves of industry 2 learn as much when the path starts, from 1 at home and 3 abroad; but 3 grows and draws workers."""
    tau = np.zeros((3, 3))
    tau[0, 1] = tau[2, 1] = tau[2, 2] = 0.1
    economy = ClusterParameters(technology=[[5, 3, 1], [1, 3, 5]], spillovers=tau, sigma=3)
    point = path_of(economy).equilibrium_at(1e-6)
    assert point.industries_of("home") == (1,)
    assert point.industries_of("foreign") == (2, 3)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000))
def test_relabelling_and_swapping(seed):
    random = np.random.default_rng(seed)
    economy = ClusterParameters(
        technology=random.uniform(1, 10, (2, 4)), spillovers=random.uniform(0, 0.3, (4, 4)), inactive_learning=0.3
    )
    order = random.permutation(4)
    other = economy.replace(technology=economy.technology[::-1, order], spillovers=economy.tau[np.ix_(order, order)])
    times = np.linspace(0, 30, 5)
    base, swapped = path_of(economy, horizon=30), path_of(other, horizon=30)
    np.testing.assert_allclose(swapped.real_income(times), base.real_income(times)[::-1], rtol=1e-8)
    np.testing.assert_allclose(base.labour(times).sum(axis=0), 2, rtol=1e-12)


def test_the_check_finds_a_wrong_answer():
    good = solve_free_migration(paper_economy(8)).value

    def broken(**changes):
        values = migration_residual(type(good)(**{**vars(good), **changes}))
        return {name for name, value in zip(migration_names(4), values, strict=True) if abs(value) > 1e-6}

    assert broken() == set()
    assert "wages are equal" in broken(relative_wage=1.1)
    assert "real income of home" in broken(real_income=good.real_income * [1.01, 1])
    assert "population of foreign" in broken(population=np.array([1.0, 1.1]))
    moved = good.employment + np.array([[-0.1, 0, 0, 0], [0.1, 0, 0, 0]])
    assert "industry 1 of foreign: at work only where it is best" in broken(employment=moved)
    assert "industry 1: demand is output" in broken(employment=good.employment * [1.1, 1, 1, 1])
