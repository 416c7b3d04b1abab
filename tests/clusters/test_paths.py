"""Paths across events: numbers of the paper and the research notes, a slow twin of small steps, and what holds on any path."""

from __future__ import annotations

import dataclasses

import clusters_twin
import numpy as np
import pytest
from clusters_economies import random_economy
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.clusters import (
    ClusterParameters,
    learn,
    paper_economy,
    simulate,
    solve_autarky,
    solve_partial_trade,
    solve_trade,
)
from tradewinds.errors import ConvergenceError, InputError

SIGMAS = (4 / 3, 2.0, 4.0)
FEW = settings(deadline=None, max_examples=10)


def path_of(economy, **options):
    solution = simulate(economy, **options)
    assert solution.residual.norm < 1e-9
    return solution.value


def happened(path, *kinds):
    return [(event.event, event.industry, event.country) for event in path.events if event.event in kinds]


@pytest.mark.parametrize(
    ("figure", "policy", "sigma", "home", "foreign"),
    [
        (2, "autarky", 4 / 3, (461.678652, 623.424137, 784.647498), None),
        (3, "autarky", 2, (30, 40, 50), None),
        (2, "autarky", 4, (13.103707, 18.731173, 24.710733), None),
        (2, "trade", 4 / 3, (640, 960, 1280), None),
        (3, "trade", 2, (40, 60, 80), None),
        (3, "trade", 4, (15.874011, 23.811016, 31.748021), None),
        (4, "autarky", 4 / 3, (461.678652, 628.894345, 792.403922), None),
        (4, "autarky", 2, (30, 40, 50), None),
        (4, "autarky", 4, (13.103707, 16.083514, 19.887917), None),
        (4, "trade", 4 / 3, (640, 640, 640), None),
        (4, "trade", 2, (40, 40, 40), None),
        (4, "trade", 4, (15.874011, 15.874011, 15.874011), None),
        (5, "autarky", 4 / 3, (461.678652, 633.726650, 795.767022), (461.678652, 670.946344, 860.180024)),
        (5, "autarky", 2, (30, 48.460901, 69.155609), (30, 40.572549, 54.964841)),
        (5, "autarky", 4, (13.103707, 27.831412, 43.420468), (13.103707, 13.996379, 18.532672)),
        (5, "trade", 4 / 3, (640, 1078.887743, 1452.554253), (640, 880.908154, 1061.977587)),
        (5, "trade", 2, (40, 75, 107.416574), (40, 50, 57.416574)),
        (5, "trade", 4, (15.874011, 32.767199, 49.222736), (15.874011, 17.836204, 19.235998)),
    ],
)
def test_real_income_of_the_figures(figure, policy, sigma, home, foreign):
    """Research notes on Hanlon (2012), section 4.6, all numbers printed there."""
    income = path_of(paper_economy(figure, sigma), policy=policy).real_income([0, 50, 100])
    np.testing.assert_allclose(income, [home, home if foreign is None else foreign], atol=6e-7)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_figure_5_in_closed_form(sigma):
    path = path_of(paper_economy(5, sigma))
    times = np.linspace(0, 100, 7)
    home, foreign = 2 * (10 + 0.25 * times) ** (sigma - 1), 2 * 10 ** (sigma - 1)
    wage = (1 + 0.025 * times) ** ((sigma - 1) / sigma)
    income = (foreign * (1 + (home / foreign) ** (1 / sigma))) ** (1 / (sigma - 1))
    np.testing.assert_allclose(path.relative_wage(times), wage, rtol=1e-10)
    np.testing.assert_allclose(path.real_income(times), [wage * income, income], rtol=1e-9)
    np.testing.assert_allclose(path.technology(times)[0, :2], [10 + 0.25 * times] * 2, rtol=1e-10)


@pytest.mark.parametrize("figure", [2, 3])
@pytest.mark.parametrize("sigma", SIGMAS)
def test_figures_2_and_3_in_closed_form(figure, sigma):
    times = np.linspace(0, 100, 7)
    income = path_of(paper_economy(figure, sigma)).real_income(times)
    np.testing.assert_allclose(income, [4 ** (1 / (sigma - 1)) * (10 + 0.1 * times)] * 2, rtol=1e-9)


@pytest.mark.parametrize(
    ("seed", "open_at", "inactive", "kinds"),
    [
        (5, [0, 0, 10, np.inf], 0.0, {"shared", "closes"}),
        (14, [0] * 4, 0.0, {"shared", "closes"}),
        (5, [0] * 4, 0.5, {"moves", "closes"}),
        (24, [0] * 4, 0.5, {"shared", "closes"}),
        (9, [0] * 4, 1.0, {"shared", "closes"}),  # ends with three industries tied
    ],
)
def test_a_walk_in_small_steps_ends_in_the_same_place(seed, open_at, inactive, kinds):
    """Euler with the instant solved by bisection and no idea of patterns: its error falls with its step, over all events."""
    economy = random_economy(seed, n=4).replace(inactive_learning=inactive)
    path = path_of(economy, policy="schedule", open_at=open_at, horizon=40)
    assert {event.event for event in path.events} - {"opens"} == kinds
    coarse, fine = (
        np.abs(np.array(clusters_twin.walk(economy, open_at, 40, steps)) / path.technology_at(40) - 1).max()
        for steps in (100, 400)
    )
    assert fine < 5e-3
    assert fine < 0.5 * coarse


@pytest.mark.parametrize("seed", range(12))
def test_every_instant_is_the_solved_equilibrium(seed):
    economy = random_economy(seed)
    path = path_of(economy, policy="schedule", open_at=[0, 30, 0, 30, np.inf, 0])
    for segment in path.segments:
        for part in (0.01, 0.5, 0.99):
            time = segment.start + part * (segment.end - segment.start)
            point = path.equilibrium_at(time)
            solved = solve_partial_trade(point.parameters, segment.open_industries).value
            if segment.pattern.shared.sum() < 2:
                np.testing.assert_allclose(point.employment, solved.employment, atol=1e-8)
                np.testing.assert_array_equal(point.active, solved.active)
            np.testing.assert_allclose(point.real_income, solved.real_income, rtol=1e-9)
            np.testing.assert_allclose(path.real_income([time])[:, 0], point.real_income, rtol=1e-12)
            np.testing.assert_allclose(point.employment.sum(axis=1), economy.labour, rtol=1e-10)


def test_industries_that_cross_back_and_forth_stay_tied():
    """Both countries keep two industries, in shares at which neither gets ahead; every date satisfies eq. 9 as it stands."""
    path = path_of(random_economy(12, n=4).replace(inactive_learning=0.5), horizon=40)
    last = path.segments[-1]
    tied = np.flatnonzero(last.pattern.shared)
    assert len(tied) == 2
    for time in np.linspace(last.start, last.end, 5):
        point = path.equilibrium_at(time)
        technology = point.parameters.technology
        np.testing.assert_allclose((technology[0] / technology[1])[tied], point.relative_wage, rtol=1e-10)
        assert np.all((point.home_share[tied] > 0) & (point.home_share[tied] < 1))
        pace = point.employment @ point.parameters.tau / technology
        assert np.ptp((pace[0] - pace[1])[tied]) < 1e-10


def test_an_industry_moves_when_two_countries_swap():
    """Mirror economies swap industries 2 and 3 at one date: the lead of home in 3 is lost when 2 has learned enough from 1."""
    tau = np.zeros((4, 4))
    tau[0, 1] = tau[3, 2] = 0.5
    economy = ClusterParameters(
        technology=[[10, 4, 4.1, 1], [1, 4.1, 4, 10]], sigma=2, spillovers=tau, inactive_learning=0.5
    )
    path = path_of(economy)
    assert happened(path, "moves") == [("moves", 2, "home"), ("moves", 3, "foreign")]
    (date,) = {event.time for event in path.events if event.event == "moves"}
    # until then home has 10 / 14.1 of its workers in 1, who teach 2 half of 0.5 each; nobody else learns
    assert date == pytest.approx(0.1 / (0.25 * 10 / 14.1), rel=1e-9)
    assert path.equilibrium_at(date).industries_of("home") == (1, 2)
    assert path.equilibrium_at(np.nextafter(date, 0)).industries_of("home") == (1, 3)


def test_the_first_event_is_that_of_learn():
    economy = random_economy(4)
    path, first = path_of(economy), learn(economy).value
    assert path.events[6:][: len(first.events)] == first.events
    assert len(path.segments) > 1


def test_a_schedule_that_never_opens_is_autarky_and_one_that_opens_all_at_once_is_trade():
    for seed in range(3):
        economy = random_economy(seed)
        times = [0, 30, 100]
        for policy, dates in (("trade", 0.0), ("autarky", np.inf)):
            income = path_of(economy, policy="schedule", open_at=[dates] * 6).real_income(times)
            np.testing.assert_allclose(income, path_of(economy, policy=policy).real_income(times), rtol=1e-12)


@FEW
@given(st.integers(0, 10_000), st.floats(-3, 3), st.floats(-2, 2), st.permutations(range(4)))
def test_units_labels_and_names_of_countries_do_not_matter(seed, decades, clock, order):
    economy = random_economy(seed, n=4)
    dates = np.array([0, 10, 0, 25.0])
    base = path_of(economy, policy="schedule", open_at=dates, horizon=60)
    unit, pace = 10.0**decades, 10.0**clock
    options = {"spillovers": economy.tau * unit * pace, "allow_large_spillovers": True}
    scaled = path_of(
        economy.replace(technology=economy.technology * unit, **options),
        policy="schedule",
        open_at=dates / pace,
        horizon=60 / pace,
    )
    relabelled = path_of(
        economy.replace(technology=economy.technology[:, order], spillovers=economy.tau[np.ix_(order, order)]),
        policy="schedule",
        open_at=dates[order],
        horizon=60,
    )
    swapped = path_of(economy.swap(), policy="schedule", open_at=dates, horizon=60)
    times = np.linspace(0, 60, 9)
    income = base.real_income(times)
    np.testing.assert_allclose(scaled.real_income(times / pace), income * unit, rtol=1e-7)
    np.testing.assert_allclose(relabelled.real_income(times), income, rtol=1e-7)
    np.testing.assert_allclose(swapped.real_income(times), income[::-1], rtol=1e-7)
    np.testing.assert_allclose(np.array(scaled.breakpoints) * pace, base.breakpoints, atol=1e-5)


@FEW
@given(st.integers(0, 10_000), st.sampled_from(["trade", "autarky", "delayed", "free_migration"]))
def test_mirror_economies_mirror(seed, policy):
    random = np.random.default_rng(seed)
    tau = random.uniform(0, 0.3, (4, 4)) * (random.random((4, 4)) < 0.5)
    home = random.uniform(1, 10, 4)
    economy = ClusterParameters(
        technology=[home, home[::-1]], sigma=random.uniform(1.2, 6), spillovers=(tau + tau[::-1, ::-1]) / 2
    )
    path = path_of(economy, policy=policy, horizon=40)
    times = np.linspace(0, 40, 5)
    np.testing.assert_allclose(path.technology(times)[0], path.technology(times)[1, ::-1], rtol=1e-8)
    np.testing.assert_allclose(*path.real_income(times), rtol=1e-8)


def test_at_a_breakpoint_the_new_regime_is_in_force():
    path = path_of(paper_economy(6), policy="schedule", open_at=[20] * 4)
    assert path.breakpoints == (0.0, 20.0, 100.0)
    assert path.equilibrium_at(20).regime == "trade"
    assert path.equilibrium_at(np.nextafter(20, 0)).regime == "autarky"
    assert path.segment_at(100) is path.segments[-1]
    assert path.opening_dates() == (20.0,) * 4


def test_frames_and_words():
    path = path_of(paper_economy(6), policy="schedule", open_at=[0, 20, 20, 0], times=[0, 20])
    frame = path.tidy()
    assert set(frame["variable"]) == {
        "technology", "employment", "real_income", "real_income_per_worker", "relative_wage", "home_share_of_industry",
        "labour",
    }  # fmt: skip
    assert frame["time"].unique().tolist() == [0, 20]
    events = path.events_frame()
    assert events.columns.tolist() == ["time", "event", "industry", "country"]
    assert events["industry"].tolist() == [1, 4, 2, 3]
    assert set(events["event"]) == {"opens"}
    assert "at 20: industry 3 opens to trade" in path.summary()
    assert path.citation_keys == ("hanlon2012",)


def test_arrays_along_the_path_are_those_of_the_instants():
    path = path_of(random_economy(7))
    times = np.array([0.0, 13.0, 77.0, 100.0])
    for k, time in enumerate(times.tolist()):
        point = path.equilibrium_at(time)
        np.testing.assert_allclose(path.employment(times)[..., k], point.employment, rtol=1e-12)
        np.testing.assert_allclose(path.technology(times)[..., k], point.parameters.technology, rtol=1e-14)
        np.testing.assert_allclose(path.labour(times)[:, k], point.labour)
        np.testing.assert_allclose(path.real_income_per_worker(times)[:, k], point.real_income_per_worker, rtol=1e-12)
    with pytest.raises(InputError, match="time is 101; the path runs from 0 to 100"):
        path.real_income([5, 101])


def test_an_event_passed_over_is_found_by_the_exam(monkeypatch):
    monkeypatch.setattr("tradewinds.clusters.flow._end_of", lambda *_: None)
    with pytest.raises(ConvergenceError, match="the path of clusters under trade did not converge"):
        simulate(random_economy(4))


def test_a_path_cut_short_says_so(monkeypatch):
    monkeypatch.setattr("tradewinds.clusters.policies._MOST_SEGMENTS", 1)
    solution = simulate(random_economy(4), throw=False)
    assert solution.status.name == "MAX_ITERATIONS"
    assert "before its horizon of 100" in solution.value.summary()


def test_segments_that_do_not_join_are_found():
    from tradewinds.clusters.path_checks import path_residual

    path = path_of(random_economy(4))
    assert np.abs(path_residual(path)).max() < 1e-9
    broken = dataclasses.replace(path, segments=(path.segments[0], *path.segments[2:]))
    assert np.abs(path_residual(broken)).max() > 1e-6


def test_inactive_industries_learn_the_stated_part():
    """Figure 4 under trade, where industries that teach each other are in different countries."""
    for part in (0.0, 0.25, 1.0):
        path = path_of(paper_economy(4).replace(inactive_learning=part), horizon=1)
        # home has half of its workers in each of industries 1 and 3; they teach 2 and 4, where home is idle
        np.testing.assert_allclose(path.technology_at(1)[0], [10, 5 + 0.1 * part, 10, 5 + 0.1 * part], rtol=1e-10)


def test_trade_at_the_start_of_a_path_is_free_trade():
    economy = paper_economy(7)
    np.testing.assert_allclose(path_of(economy).real_income([0])[:, 0], solve_trade(economy).value.real_income)
    closed = path_of(economy, policy="autarky").real_income([0])[:, 0]
    np.testing.assert_allclose(closed, solve_autarky(economy).value.real_income)


# With close substitutes, shares run from one end to the other in an instant, and some industries have hardly any sales.


def test_a_share_that_runs_through_in_an_instant():
    """Home takes industry 1 over within 5e-7 units of time: dates must be finer than that by far, and past the end."""
    economy = ClusterParameters(
        technology=[[1, 4, 3], [1, 1, 4]],
        labour=[9, 17],
        sigma=10,
        spillovers=[[0.08, 0, 0], [0, 0, 0.6], [0.12, 0.75, 1]],
    )
    solution = simulate(economy, horizon=50)
    assert solution.residual.norm < 1e-9
    moves = [event for event in solution.value.events if event.event != "opens"]
    assert [(event.event, event.industry, event.country) for event in moves] == [
        ("shared", 1, "home"),
        ("closes", 1, "foreign"),
    ]
    assert 0 < moves[1].time - moves[0].time < 1e-5


def test_an_industry_alone_in_trade_stays_in_both_countries():
    """If one good alone is traded, nobody has another to pay with, however small home's share of it."""
    economy = ClusterParameters(
        technology=[[2, 2, 3, 5], [5, 3, 2, 2]], sigma=30, spillovers=np.full((4, 4), 0.1) + np.diag([0, 0, 0.8, 0])
    )
    solution = simulate(economy, policy="schedule", open_at=[0, np.inf, np.inf, np.inf], horizon=10)
    assert solution.residual.norm < 1e-9
    for segment in solution.value.segments:
        assert segment.pattern.shared.tolist() == [True, False, False, False]
    wage, technology = (function([0.0, 10.0]) for function in (solution.value.relative_wage, solution.value.technology))
    np.testing.assert_allclose(wage, technology[0, 0] / technology[1, 0], rtol=1e-12)


@pytest.mark.parametrize(
    ("sigma", "seed"), [(30, 5), (30, 11), (30, 36), (30, 37), (30, 60), (50, 17), (50, 62), (50, 68)]
)
def test_close_substitutes_and_tiny_industries(sigma, seed):
    """A share of next to no sales is known to few digits, and is shared for less than a step; neither must end the path."""
    random = np.random.default_rng(seed)
    economy = ClusterParameters(
        technology=random.uniform(1, 5, (2, 4)),
        sigma=sigma,
        spillovers=random.uniform(0, 1, (4, 4)),
        inactive_learning=1,
    )
    assert simulate(economy, horizon=30).residual.norm < 1e-9
