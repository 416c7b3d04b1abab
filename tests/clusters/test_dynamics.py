"""Learning between events: closed forms, numbers of the research notes, and a slow twin of small steps."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from clusters_economies import economies, random_economy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from tradewinds.clusters import ClusterParameters, learn, learning, paper_economy, solve_trade
from tradewinds.clusters.openings import static_pattern
from tradewinds.clusters.path_checks import path_residual
from tradewinds.errors import ConvergenceError, InputError

SIGMAS = (4 / 3, 2.0, 4.0)


def path_of(economy, **options):
    solution = learn(economy, **options)
    assert solution.ok
    return solution.value


# Closed forms, to eight digits: Figures 2 and 3 (each industry has half of a country's workers, who send 0.2), Figure 4 (the links
# are cut), Figure 5 (0.5), Figure 4 in autarky at sigma = 2 (A1 A2 moves with its sum).


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize(("figure", "slope"), [(2, 0.1), (3, 0.1), (5, 0.25)])
def test_technology_under_trade(figure, slope, sigma):
    path = path_of(paper_economy(figure, sigma), times=[0, 50, 100])
    assert path.events == ()
    for time in path.times:
        technology = path.technology_at(time)
        np.testing.assert_allclose(technology[0], [10 + slope * time, 10 + slope * time, 5, 5], rtol=1e-8)
        abroad = 10.0 if figure == 5 else 10 + slope * time
        np.testing.assert_allclose(technology[1], [5, 5, abroad, abroad], rtol=1e-8)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_trade_that_destroys_clusters_ends_learning(sigma):
    path = path_of(paper_economy(4, sigma))
    np.testing.assert_array_equal(path.technology_at(100), paper_economy(4).technology)


@pytest.mark.parametrize("time", [0.0, 33.3, 100.0])
def test_figure_4_in_autarky_at_sigma_2(time):
    technology = path_of(paper_economy(4), regime="autarky").technology_at(time)
    half = 15 + 0.1 * time
    np.testing.assert_allclose(technology[0, :2], [(half + 75 / half) / 2, (half - 75 / half) / 2], rtol=1e-8)


@pytest.mark.parametrize(
    ("figure", "regime", "sigma", "home", "foreign"),
    [
        (2, "autarky", 4 / 3, (623.424137, 784.647498), None),
        (3, "autarky", 2, (40, 50), None),
        (3, "autarky", 4, (18.731173, 24.710733), None),
        (3, "trade", 4 / 3, (960, 1280), None),
        (2, "trade", 4, (23.811016, 31.748021), None),
        (4, "autarky", 4 / 3, (628.894345, 792.403922), None),
        (4, "autarky", 4, (16.083514, 19.887917), None),
        (5, "autarky", 4 / 3, (633.726650, 795.767022), (670.946344, 860.180024)),
        (5, "autarky", 2, (48.460901, 69.155609), (40.572549, 54.964841)),
        (5, "autarky", 4, (27.831412, 43.420468), (13.996379, 18.532672)),
        (5, "trade", 4 / 3, (1078.887743, 1452.554253), (880.908154, 1061.977587)),
        (5, "trade", 2, (75, 107.416574), (50, 57.416574)),
        (5, "trade", 4, (32.767199, 49.222736), (17.836204, 19.235998)),
    ],
)
def test_real_income_after_fifty_and_a_hundred_years(figure, regime, sigma, home, foreign):
    """Research notes on Hanlon (2012), section 4.6; countries of Figures 2 to 4 are alike."""
    path = path_of(paper_economy(figure, sigma), regime=regime)
    income = np.array([path.equilibrium_at(time).real_income for time in (50, 100)])
    np.testing.assert_allclose(income.T, [home, home if foreign is None else foreign], atol=6e-7)


@pytest.mark.parametrize(
    ("figure", "sigma", "date"),
    [(6, 4 / 3, 46.937626), (6, 2, 45 * np.sqrt(7) - 105), (7, 4 / 3, 122.461495), (7, 2, 32.009389)],
)
def test_when_opening_becomes_cluster_building(figure, sigma, date):
    """In autarky, home's industry 2 overtakes its industry 3; from then on trade joins industries 1 and 2."""
    path = path_of(paper_economy(figure, sigma), regime="autarky", horizon=150)

    def lead(time):
        technology = path.technology_at(time)
        return technology[0, 1] - technology[0, 2]

    found = brentq(lead, 0, 150, xtol=1e-13)
    assert found == pytest.approx(date, abs=6e-7)
    just_after = paper_economy(figure, sigma).replace(technology=path.technology_at(found + 1e-6))
    assert solve_trade(just_after).value.industries_of("home") == (1, 2)


def test_state_of_figure_6_when_opening_becomes_cluster_building():
    technology = path_of(paper_economy(6), regime="autarky", horizon=20).technology_at(45 * np.sqrt(7) - 105)
    np.testing.assert_allclose(technology[0], np.sqrt(7) * np.array([4, 2, 2, 1]), rtol=1e-8)


@pytest.mark.parametrize(
    ("seed", "event", "industry", "country", "shared"),
    [
        (4, "closes", 3, "home", (3,)),
        (7, "closes", 2, "foreign", (2,)),
        (27, "shared", 2, "foreign", ()),
        (32, "shared", 2, "home", ()),
    ],
)
def test_events_agree_with_small_steps(seed, event, industry, country, shared):
    """Runge-Kutta with free trade solved at every stage, and no idea of patterns, until who makes what changes."""
    economy = random_economy(seed)
    path = path_of(economy)
    (found,) = path.events
    assert (found.event, found.industry, found.country) == (event, industry, country)
    assert path.equilibrium_at(0).shared == shared
    assert found.time == path.end

    def rates(technology):
        return learning(solve_trade(economy.replace(technology=technology)).value.employment, economy.tau)

    step, technology, steps = path.end / 100, economy.technology, 0
    active = rates_active(economy, technology)
    while True:
        one = rates(technology)
        two = rates(technology + step / 2 * one)
        three = rates(technology + step / 2 * two)
        four = rates(technology + step * three)
        after = technology + step / 6 * (one + 2 * two + 2 * three + four)
        if not np.array_equal(rates_active(economy, after), active):
            break
        technology, steps = after, steps + 1
        if steps < 100:
            np.testing.assert_allclose(path.technology_at(steps * step), technology, rtol=1e-7)
    assert 99 <= steps <= 100  # rounding decides on which side of the event the last step lies
    after = rates_active(economy, path.technology_at(path.end) + 1e-4 * rates(technology))
    changed = np.argwhere(after != active)
    assert changed.tolist() == [[("home", "foreign").index(country), industry - 1]]


def rates_active(economy, technology):
    return solve_trade(economy.replace(technology=technology)).value.employment > 0


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.floats(-3, 3), st.permutations(range(4)))
def test_units_and_labels_do_not_matter(seed, decades, order):
    """Goods in another unit scale technology and spillovers alike; relabelling and swapping change labels alone."""
    economy = random_economy(seed, n=4)
    base = path_of(economy, horizon=30)
    unit = 10.0**decades
    scaled = path_of(
        economy.replace(
            technology=economy.technology * unit, spillovers=economy.tau * unit, allow_large_spillovers=True
        ),
        horizon=30,
    )
    relabelled = path_of(
        economy.replace(technology=economy.technology[:, order], spillovers=economy.tau[np.ix_(order, order)]),
        horizon=30,
    ).technology_at
    swapped = path_of(economy.swap(), horizon=30)
    assert scaled.end == pytest.approx(base.end, rel=1e-7)
    assert swapped.end == pytest.approx(base.end, rel=1e-7)
    time = 0.99 * base.end
    np.testing.assert_allclose(scaled.technology_at(time), base.technology_at(time) * unit, rtol=1e-8)
    np.testing.assert_allclose(relabelled(time), base.technology_at(time)[:, order], rtol=1e-8)
    np.testing.assert_allclose(swapped.technology_at(time), base.technology_at(time)[::-1], rtol=1e-8)


@settings(deadline=None, max_examples=30)
@given(economies(most=4, decades=0.5))
def test_without_spillovers_nothing_happens(economy):
    path = path_of(economy, regime="autarky")
    np.testing.assert_array_equal(path.technology_at(100), economy.technology)


def test_the_check_finds_a_path_of_another_economy_and_an_event_passed_over():
    economy = random_economy(4)
    path = path_of(economy)
    assert np.abs(path_residual(path)).max() < 1e-10
    (segment,) = path.segments

    def with_pattern(pattern):
        return dataclasses.replace(path, segments=(dataclasses.replace(segment, pattern=pattern),))

    faster = dataclasses.replace(segment.pattern, parameters=economy.replace(spillovers=economy.tau * 1.001))
    assert np.abs(path_residual(with_pattern(faster))).max() > 1e-6
    closed = static_pattern(economy, np.zeros(6, dtype=bool))
    assert np.abs(path_residual(with_pattern(closed))).max() > 1e-6


def test_an_unsolved_path_raises(monkeypatch):
    monkeypatch.setattr("tradewinds.clusters.flow._RELATIVE_ERROR", 1.0)
    monkeypatch.setattr("tradewinds.clusters.dynamics.STEPS", 1)
    economy = paper_economy(7, 4).replace(spillovers=paper_economy(7).tau * 5)
    with pytest.raises(ConvergenceError, match="learning by clusters did not converge"):
        learn(economy, regime="autarky", horizon=1000)
    assert not learn(economy, regime="autarky", horizon=1000, throw=False).ok


@pytest.mark.parametrize("sigma", [1.05, 2, 50])
@pytest.mark.parametrize("regime", ["autarky", "trade"])
def test_industries_too_small_for_floating_point_still_learn(regime, sigma):
    """Twelve decades of technology: the workers of most industries underflow, and the equation still holds."""
    random = np.random.default_rng(1)
    economy = ClusterParameters(
        technology=10.0 ** random.uniform(-6, 6, (2, 12)), sigma=sigma, spillovers=random.uniform(0, 1, (12, 12))
    )
    path = path_of(economy, regime=regime, horizon=10)
    active = path.equilibrium_at(0).active
    gained = path.technology_at(path.end) > economy.technology * (1 + 1e-9)
    assert np.all(active | ~gained)
    if regime == "autarky":
        assert np.all(active)
        assert gained.mean() > 0.5


def test_times_after_the_event_are_left_out():
    path = path_of(random_economy(27), times=[0, 1, 2, 3])
    assert 1 < path.end < 2
    assert path.times.tolist() == [0, 1]
    frame = path.tidy()
    assert sorted(frame["time"].unique()) == [0, 1]
    assert len(frame) == 2 * len(path.equilibrium_at(0).tidy())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"regime": "free"}, "regime is 'free'.* Allowed: autarky, trade"),
        ({"horizon": 0}, "horizon is 0; it must be above 0"),
        ({"horizon": float("inf")}, "horizon is inf; it must be above 0 and finite"),
        ({"times": [0, 200]}, "times must be a rising list of numbers from 0 to the horizon, 100"),
        ({"times": [2, 1]}, "times must be a rising list"),
    ],
)
def test_bad_arguments(options, words):
    with pytest.raises(InputError, match=words):
        learn(paper_economy(3), **options)


def test_a_time_outside_the_path_is_refused():
    with pytest.raises(InputError, match=r"time is 101; the path runs from 0 to 100"):
        path_of(paper_economy(3)).technology_at(101)


def test_ties_that_learn_are_refused():
    economy = paper_economy(2).replace(technology=[[4, 2, 2, 1], [1, 2, 2, 4]])
    with pytest.raises(InputError, match="industries 2, 3 are tied at the relative wage"):
        learn(economy)
