"""When to open: dates and incomes of the paper's Figures 6 and 7, ties on the day of opening, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import random_economy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradewinds.clusters import (
    POLICIES,
    ClusterParameters,
    cluster_change,
    opening_builds_clusters,
    paper_economy,
    policies,
    simulate,
    solve_partial_trade,
    solve_trade,
)
from tradewinds.errors import InputError

ROOT = np.sqrt(7)


def path_of(economy, **options):
    solution = simulate(economy, **options)
    assert solution.residual.norm < 1e-9
    return solution.value


def opening(path):
    (event,) = (event for event in path.events if event.event == "cluster_building")
    return event.time


@pytest.mark.parametrize(
    ("figure", "sigma", "policy", "date"),
    [
        (6, 4 / 3, "delayed", 46.937626),
        (6, 2, "delayed", 14.058809),
        (7, 4 / 3, "delayed", 122.461495),
        (7, 2, "delayed", 32.009389),
        (6, 4 / 3, "gradual", 8.874925),
        (6, 2, "gradual", 7.349370),
        (7, 4 / 3, "gradual", 18.077353),
        (7, 2, "gradual", 15.373638),
    ],
)
def test_when_opening_builds_clusters(figure, sigma, policy, date):
    """Research notes on Hanlon (2012), section 4.6: home's industries 2 and 3 are level."""
    first = {"open_first": [1, 4]} if policy == "gradual" else {}
    path = path_of(paper_economy(figure, sigma), policy=policy, horizon=150, **first)
    assert opening(path) == pytest.approx(date, abs=6e-7)
    assert path.equilibrium_at(opening(path)).industries_of("home") == (1, 2)
    before = path.equilibrium_at(np.nextafter(opening(path), 0))
    assert before.industries_of("home") == ((1, 2, 3) if first else (1, 2, 3, 4))
    assert path.opening_dates() == tuple(0 if first and i in (1, 4) else opening(path) for i in range(1, 5))


def test_delay_in_figure_6_in_closed_form():
    """At sigma = 2: D = 21 + t/5 in autarky; on the day all of home's technologies are (4, 2, 2, 1) root 7."""
    path = path_of(paper_economy(6), policy="delayed")
    date = 45 * ROOT - 105
    assert opening(path) == pytest.approx(date, abs=1e-9)
    np.testing.assert_allclose(path.technology_at(opening(path))[0], ROOT * np.array([4, 2, 2, 1]), rtol=1e-10)
    times = np.array([0, 7, 14, 14.1, 20, 50, 100])
    income = np.where(times < date, 21 + times / 5, 12 * ROOT + (times - date) * 0.4)
    np.testing.assert_allclose(path.real_income(times), [income, income], rtol=1e-9)
    np.testing.assert_allclose(income[[4, 5, 6]], [34.12, 46.12, 66.12], atol=6e-3)  # research notes


def test_gradual_opening_in_figure_6_in_closed_form():
    """2 A_1^2 - A_2^2 stays at 184 and A_3 at 5, so A_1 is the root of 104.5 on the day; D is 2 (A_1 + A_2), then grows by 0.4.

    The research notes print D a little lower after opening: 31.50526, 47.50526 and 67.50526.
    """
    path = path_of(paper_economy(6), policy="gradual", open_first=[1, 4])
    day, root = opening(path), np.sqrt(104.5)
    np.testing.assert_allclose(path.technology_at(day)[0], [root, 5, 5, 2], rtol=1e-10)
    times = np.array([10, 50, 100])
    income = path.real_income([0, *times])
    np.testing.assert_allclose(income[:, 0], 29, rtol=1e-12)
    np.testing.assert_allclose(income[:, 1:], [2 * (root + 5) + 0.4 * (times - day)] * 2, rtol=1e-10)
    np.testing.assert_allclose(income[0, 1:], [31.50530, 47.50530, 67.50530], atol=6e-6)


def test_immediate_opening_of_figure_6_ends_growth():
    np.testing.assert_allclose(path_of(paper_economy(6)).real_income([0, 50, 100]), 30, rtol=1e-12)


@pytest.mark.parametrize("first", [[], [1, 4]])
def test_opening_that_never_builds_clusters_leaves_things_closed(first):
    """Without links between industries there is nothing to build."""
    options = {"policy": "gradual", "open_first": first} if first else {"policy": "delayed"}
    path = path_of(paper_economy(2), **options)
    assert not [event for event in path.events if event.event == "cluster_building"]
    assert "opening does not become cluster building up to 100; what was closed stays closed" in path.summary()
    assert path.opening_dates() == tuple(0.0 if i in first else np.inf for i in range(1, 5))
    closed = simulate(paper_economy(2), policy="schedule", open_at=path.opening_dates()).value
    np.testing.assert_allclose(path.real_income([0, 100]), closed.real_income([0, 100]), rtol=1e-12)


def test_opening_that_builds_clusters_at_once_is_trade():
    delayed, trade = path_of(paper_economy(3), policy="delayed"), path_of(paper_economy(3))
    assert opening(delayed) == 0
    np.testing.assert_allclose(delayed.real_income([0, 60]), trade.real_income([0, 60]), rtol=1e-12)
    assert len(delayed.segments) == len(trade.segments) == 1


def test_gradual_opening_of_nothing_is_delay():
    dates = [
        opening(path_of(paper_economy(6), policy=policy, **first))
        for policy, first in (("delayed", {}), ("gradual", {"open_first": []}))
    ]
    assert dates[0] == pytest.approx(dates[1], abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_the_first_date_is_the_first(seed):
    """Contact between related industries falls somewhere by opening on every earlier date, and nowhere just after."""
    economy = random_economy(seed, n=5)
    path = path_of(economy, policy="delayed", horizon=60)
    dates = [event.time for event in path.events if event.event == "cluster_building"]
    end = dates[0] if dates else 60
    closed = path_of(economy, policy="autarky", horizon=61)

    def change(time):
        now = economy.replace(technology=closed.technology_at(time))
        return cluster_change(solve_partial_trade(now, []).value, solve_trade(now).value)

    for time in np.linspace(0, end, 40, endpoint=False)[1:] - 1e-6:
        assert change(time).min() < 0 or change(time).max() <= 0
    if dates:
        after = change(end + 1e-6)
        assert after.min() >= 0
        assert after.max() > 0


def test_a_short_spell_of_cluster_building_is_not_missed(monkeypatch):
    """A change in who would make what is followed up between two looks; here opening builds clusters for a moment after one."""
    date = opening(path_of(paper_economy(6), policy="delayed"))
    judge = policies._builds

    def for_a_moment(parameters, before, after):
        found = judge(parameters, before, after)
        return found._replace(
            builds=found.builds and bool(parameters.technology[0, 1] < parameters.technology[0, 2] + 1e-3)
        )

    monkeypatch.setattr(policies, "_builds", for_a_moment)
    assert opening(path_of(paper_economy(6), policy="delayed")) == pytest.approx(date, abs=1e-8)


def test_the_verdict_on_opening():
    assert opening_builds_clusters(paper_economy(3))
    assert not opening_builds_clusters(paper_economy(4))
    assert not opening_builds_clusters(paper_economy(2))  # nobody teaches another industry
    assert not opening_builds_clusters(paper_economy(6), open_industries=[1, 4])
    strong = paper_economy(6).replace(technology=[[10, 5.1, 5, 2], [2, 5, 5.1, 10]])
    assert opening_builds_clusters(strong, already_open=[1, 4])


@pytest.mark.parametrize("ties", ["equal", "inertia"])
def test_opening_on_the_day_of_a_tie_lets_learning_decide(ties):
    """On the very day, industries 2 and 3 are tied: industry 2 learns from 1, which is at home, and 3 from nobody."""
    date = 45 * ROOT - 105
    path = path_of(paper_economy(6), policy="schedule", open_at=[date] * 4, ties=ties)
    assert path.equilibrium_at(date + 1).industries_of("home") == (1, 2)
    tied = paper_economy(6).replace(technology=[[4, 2, 2, 1], [1, 2, 2, 4]])
    assert path_of(tied, ties=ties).equilibrium_at(0).industries_of("home") == (1, 2)
    assert opening(path_of(tied, policy="delayed")) == 0


def test_tied_industries_that_learn_alike_stay_tied():
    """The same country twice: everything is made in both halves of the world, as in autarky."""
    economy = paper_economy(2).replace(technology=[[9, 7, 5, 3]] * 2)
    path, closed = path_of(economy), path_of(economy, policy="autarky")
    np.testing.assert_allclose(path.employment([0, 80]), closed.employment([0, 80]), rtol=1e-9)
    assert path.equilibrium_at(50).shared == (1, 2, 3, 4)


def test_a_tie_between_unequal_countries_that_learn_apart_is_parted():
    """Twice the workers learn twice as fast in all industries, but from 3 nobody learns: home's lead grows elsewhere."""
    economy = ClusterParameters(technology=[[5, 5, 5]] * 2, labour=[2, 1], sigma=2, spillovers=np.diag([0.2, 0.2, 0.0]))
    path = path_of(economy, horizon=20)
    point = path.equilibrium_at(1)
    assert point.industries_of("foreign") == (3,)
    assert point.industries_of("home") == (1, 2)


def test_inertia_keeps_what_a_country_made_before():
    """Industry 2 opened first and is made by home; when its twin 3 opens, nothing tells them apart but the past."""
    economy = ClusterParameters(technology=[[4, 2, 2, 1], [1, 2, 2, 4]], labour=[1.2, 1], sigma=2)
    shares = {}
    for ties in ("equal", "inertia"):
        path = path_of(economy, policy="schedule", open_at=[0, 0, 10, 0], ties=ties)
        before, after = (path.equilibrium_at(time) for time in (9, 11))
        np.testing.assert_allclose(after.real_income, solve_trade(economy).value.real_income, rtol=1e-12)
        shares[ties] = after.home_share
        assert before.home_share[1] > before.home_share[2]
    assert shares["equal"][1] == pytest.approx(shares["equal"][2], rel=1e-12)
    assert shares["inertia"][1] > shares["inertia"][2] + 0.1
    assert shares["inertia"].sum() == pytest.approx(shares["equal"].sum(), rel=1e-12)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from(["trade", "gradual", "free_migration"]), st.sampled_from([0, 0.5, 1]))
@example(82, "free_migration", 0.0)
@example(372, "trade", 1.0)
def test_economies_full_of_ties_find_their_way(seed, policy, inactive):
    """Technologies and links that are whole numbers: many industries are tied at once, some of which learn alike for an instant."""
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 8))
    economy = ClusterParameters(
        technology=random.integers(1, 4, (2, n)),
        spillovers=0.1 * random.integers(0, 2, (n, n)),
        sigma=random.choice([1.5, 2, 3]),
        inactive_learning=inactive,
    )
    first = {"open_first": [1, n]} if policy == "gradual" else {}
    for ties in ("equal", "inertia"):
        path = path_of(economy, policy=policy, horizon=20, ties=ties, **first)
        assert path.unfinished == 0
        assert np.all(np.diff(path.breakpoints) > 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"policy": "tade"}, "policy is 'tade'. Did you mean \"trade\""),
        ({"ties": "none"}, "ties is 'none'.* Allowed: equal, inertia"),
        ({"policy": "gradual"}, "policy gradual needs open_first"),
        ({"policy": "delayed", "open_first": [1]}, "open_first belongs to policy gradual, not delayed"),
        ({"policy": "gradual", "open_first": [5]}, "open_first has 5; industries are numbered from 1 to 4"),
        ({"policy": "schedule"}, "policy schedule needs open_at"),
        ({"open_at": [0, 0, 0, 0]}, "open_at belongs to policy schedule, not trade"),
        ({"policy": "schedule", "open_at": [0, 1]}, r"open_at has shape \(2,\) but there are 4 industries"),
        ({"policy": "schedule", "open_at": [0, 1, -1, 0]}, "open_at of industry 3 is -1; it must be at least 0"),
        ({"policy": "schedule", "open_at": "soon"}, "open_at must be numbers, inf for never; found 'soon'"),
        ({"policy": "schedule", "open_at": [0, np.nan, 1, 0]}, "open_at of industry 2 is nan"),
        ({"horizon": -1}, "horizon is -1; it must be above 0"),
        ({"times": ["now"]}, "times must be numbers"),
        ({"times": [0, 200]}, "times must be a rising list of numbers from 0 to the horizon, 100"),
    ],
)
def test_bad_arguments(options, words):
    with pytest.raises(InputError, match=words):
        simulate(paper_economy(6), **options)


@pytest.mark.parametrize("value", [-0.1, 1.1, np.nan, "half"])
def test_inactive_learning_is_a_fraction(value):
    with pytest.raises(InputError, match=r"inactive_learning is .*; it must be a number from 0 to 1"):
        paper_economy(6).replace(inactive_learning=value)


def test_every_policy_is_one_of_the_study_files():
    assert set(POLICIES) == {"autarky", "trade", "free_migration", "delayed", "gradual", "schedule"}
