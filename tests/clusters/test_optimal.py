"""The best schedule of opening: against brute force over grids, mirror images, and economies where the answer is known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tradewinds.clusters import (
    ClusterParameters,
    consumption_gain,
    discounted_welfare,
    optimal_opening,
    paper_economy,
    simulate,
    welfare_horizon,
)
from tradewinds.clusters.openings import partial_point
from tradewinds.clusters.optimal import schedule_value
from tradewinds.clusters.schedule_value import Objective
from tradewinds.clusters.screening import batch_equilibrium, screen
from tradewinds.errors import InputError


def random_economy(seed, n):
    random = np.random.default_rng(seed)
    return ClusterParameters(
        technology=random.uniform(1, 10, (2, n)),
        labour=random.uniform(0.5, 2, 2),
        sigma=random.uniform(1.3, 4),
        spillovers=random.uniform(0, 1, (n, n)) * (random.random((n, n)) < 0.5),
    )


def goal_of(value, objective, weight=0.5):
    n = value.parameters.industries
    return Objective(objective, weight, value.risk_aversion, value(np.full(n, np.inf)))


def brute_force(value, goal, dates):
    """Return the best score over every combination of dates, each followed exactly."""
    n = value.parameters.industries
    return max(float(goal.score(value(np.array(each)))) for each in itertools.product(dates, repeat=n))


@pytest.mark.parametrize("seed", range(5))
def test_batch_of_economies_is_each_solved_alone(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(1, 7))
    economy = random_economy(seed, n)
    technology, is_open = random.uniform(1, 10, (40, 2, n)), random.random((40, n)) < 0.7
    log_income, employment, active = batch_equilibrium(economy, technology, is_open)
    for k in range(40):
        point = partial_point(economy.replace(technology=technology[k]), is_open[k])
        np.testing.assert_allclose(log_income[k], np.log(point.real_income_per_worker), atol=3e-6)
        np.testing.assert_allclose(employment[k], point.employment, atol=3e-6)
        np.testing.assert_array_equal(active[k], point.active)


@pytest.mark.parametrize("theta", [0.5, 1.0, 3.0])
def test_value_is_that_of_the_simulated_path(theta):
    economy, rate = random_economy(7, 4), 0.1
    value = schedule_value(economy, rate, theta, np.inf)
    horizon = welfare_horizon(economy, rate, risk_aversion=theta)
    for dates in ([0, 3, 7, np.inf], [0, 3, 9, 1], [5, 5, 5, 5]):
        path = simulate(economy, policy="schedule", open_at=dates, horizon=horizon)
        worth = discounted_welfare(path, discount_rate=rate, risk_aversion=theta)
        utility = value(np.array(dates, dtype=float))
        ratio = utility if theta == 1 else np.log1p((1 - theta) * utility) / (1 - theta)
        np.testing.assert_allclose(ratio + value.reference, np.log(worth.equivalent_consumption), atol=5e-9)


def test_coarse_steps_rank_schedules_nearly_as_exact_ones_do():
    economy = paper_economy(6)
    value = schedule_value(economy, 0.05, 1.0, np.inf)
    dates = np.array(list(itertools.product([0, 5, 20, np.inf], repeat=4)))[::13]
    exact = np.array([value(each) for each in dates])
    errors = []
    for count in (20, 80):
        base = np.unique([0, *np.geomspace(1, value.simulated, count)])
        errors.append(np.abs(screen(value, dates, base) - exact))
    assert np.median(errors[0]) < 1e-4
    assert errors[0].max() < 1e-2  # where an industry moves within a step
    assert errors[1].mean() < errors[0].mean() / 3


def test_shared_beginnings_change_nothing():
    economy = random_economy(3, 3)
    value = schedule_value(economy, 0.1, 1.0, np.inf)
    schedules = [np.array(each) for each in ([0, 4, 8], [0, 4, 9], [0, 4, np.inf], [4, 0, 8])]
    together = [value(each) for each in schedules]
    for each, known in zip(schedules, together, strict=True):
        np.testing.assert_array_equal(schedule_value(economy, 0.1, 1.0, np.inf)(each), known)


@pytest.mark.parametrize(
    ("seed", "n", "objective"),
    [
        (2, 2, "nash"),
        pytest.param(0, 2, "weighted", marks=pytest.mark.slow),
        pytest.param(103, 2, "foreign", marks=pytest.mark.slow),
        pytest.param(1, 3, "home", marks=pytest.mark.slow),
    ],
)
def test_no_schedule_on_a_grid_is_better(seed, n, objective):
    economy, rate = random_economy(seed, n), 0.15
    solution = optimal_opening(economy, discount_rate=rate, objective=objective)
    assert solution.ok
    value = schedule_value(economy, rate, 1.0, np.inf)
    grid = [0, 0.7, 2, 4, 6.5, 10, 16, np.inf] if n == 2 else [0, 1.5, 6, np.inf]
    assert brute_force(value, goal_of(value, objective), grid) <= solution.value.score + 1e-9


@pytest.fixture(scope="module")
def figure_6():
    return optimal_opening(paper_economy(6), discount_rate=0.05, objective="nash")


def test_figure_6_waits_in_two_industries_until_opening_builds_clusters(figure_6):
    """That is the paper's gradual policy; no better schedule is found, on a grid of dates or nearby."""
    found = figure_6.value
    assert figure_6.ok
    np.testing.assert_allclose(found.open_at, [0, 7.34937, 7.34937, 0], atol=2e-4)
    assert found.waiting_time == pytest.approx(7.34937, abs=2e-4)
    value = schedule_value(paper_economy(6), 0.05, 1.0, np.inf)
    goal = goal_of(value, "nash")
    assert brute_force(value, goal, [0, 7.34938, np.inf]) <= found.score + 1e-8
    gradual = simulate(paper_economy(6), policy="gradual", open_first=[1, 4], horizon=value.simulated)
    worth = discounted_welfare(gradual, discount_rate=0.05)
    np.testing.assert_allclose(found.welfare.equivalent_consumption, worth.equivalent_consumption, rtol=1e-6)
    np.testing.assert_allclose(found.gain_over_immediate, consumption_gain(worth, found.immediate), rtol=1e-5)
    np.testing.assert_allclose((1 + found.gain_over_immediate) * (1 - found.loss_from_immediate), 1, rtol=1e-12)


def test_results_can_be_shown(figure_6):
    found = figure_6.value
    assert "industry 1 at once, industry 2 at 7.349" in found.summary()
    frame = found.tidy()
    assert frame.loc[frame["variable"] == "open_at", "value"].to_list() == found.open_at.tolist()
    assert [axis.get_title(loc="left") for axis in found.plot().axes] == ["home", "foreign"]


def test_who_is_impatient_opens_at_once():
    economy = paper_economy(6)  # gradual opening breaks even at 0.2278
    found = optimal_opening(economy, discount_rate=3.0, objective="nash").value
    np.testing.assert_array_equal(found.open_at, 0)
    np.testing.assert_allclose(found.loss_from_immediate, 0, atol=1e-12)
    assert found.waiting_time == 0


def test_mirrors_mirror():
    """What is best for home is best for foreign where countries change names; nothing is assumed about that."""
    economy = random_economy(11, 2)
    home = optimal_opening(economy, discount_rate=0.2, objective="home").value
    foreign = optimal_opening(economy.swap(), discount_rate=0.2, objective="foreign").value
    assert home.score == pytest.approx(foreign.score, abs=1e-9)


def test_a_single_good_may_open_whenever():
    economy = ClusterParameters(technology=[[2.0], [3.0]], spillovers=[[0.1]])
    found = optimal_opening(economy, discount_rate=0.1).value
    assert found.indifferent == (1,)
    np.testing.assert_allclose(found.loss_from_immediate, 0, atol=1e-9)


def test_a_finite_horizon_and_a_start_of_ones_own():
    economy = random_economy(4, 2)
    found = optimal_opening(economy, discount_rate=0.0, horizon=15.0, start_at=[[1.0, 2.0]]).value
    value = schedule_value(economy, 0.0, 1.0, 15.0)
    assert brute_force(value, goal_of(value, "weighted"), [0, 1, 2, 5, 8, 12, np.inf]) <= found.score + 1e-9
    assert found.welfare.horizon == 15


def test_nash_counts_both():
    goal = Objective("nash", 0.5, 1.0, np.zeros(2))
    scores = goal.score(np.array([[0.04, 0.09], [0.2, -0.01], [0.0, 0.0]]))
    np.testing.assert_allclose(scores, [0.06, -0.01, 0.0])


def test_bad_requests_are_refused():
    economy = paper_economy(6)
    with pytest.raises(InputError, match="objective"):
        optimal_opening(economy, discount_rate=0.1, objective="world")
    with pytest.raises(InputError, match="home_weight is 2"):
        optimal_opening(economy, discount_rate=0.1, home_weight=2)
    with pytest.raises(InputError, match="utility diverges"):
        optimal_opening(economy, discount_rate=0.0)
    with pytest.raises(InputError, match="each must be 4 dates"):
        optimal_opening(economy, discount_rate=0.1, start_at=[[0, 1]])
