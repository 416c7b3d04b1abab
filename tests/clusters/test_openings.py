"""Trade in some industries: its limits, the paper's gradual opening, and what must hold in every economy."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.clusters import (
    ClusterParameters,
    learning,
    paper_economy,
    solve_autarky,
    solve_partial_trade,
    solve_trade,
)
from tradewinds.clusters.checks import names, partial_residual
from tradewinds.errors import InputError

MANY = settings(deadline=None, max_examples=100)


def partial(economy, industries):
    return solve_partial_trade(economy, industries).value


@st.composite
def openings(draw):
    economy = draw(economies())
    return economy, draw(st.sets(st.integers(1, economy.industries)))


@MANY
@given(economies())
def test_all_open_is_free_trade_and_none_is_autarky(economy):
    for industries, solve in ((range(1, economy.industries + 1), solve_trade), ((), solve_autarky)):
        point, limit = partial(economy, industries), solve(economy).value
        np.testing.assert_allclose(point.relative_wage, limit.relative_wage, rtol=1e-11)
        np.testing.assert_allclose(point.employment, limit.employment, atol=1e-9)
        np.testing.assert_allclose(point.real_income, limit.real_income, rtol=1e-11)


@MANY
@given(openings())
def test_every_condition_holds_and_both_gain(drawn):
    economy, industries = drawn
    solution = solve_partial_trade(economy, industries)
    assert solution.residual.norm < 1e-10
    point = solution.value
    np.testing.assert_allclose(point.employment.sum(axis=1), economy.labour, rtol=1e-9)
    assert np.all(point.employment >= 0)
    assert np.all(point.real_income >= solve_autarky(economy).value.real_income * (1 - 1e-11))


@MANY
@given(openings(), st.floats(-6, 6), st.randoms(use_true_random=False))
def test_units_labels_and_names_of_countries_do_not_matter(drawn, decades, random):
    economy, industries = drawn
    base = partial(economy, industries)
    unit = 10.0**decades
    scaled = partial(economy.replace(technology=economy.technology * unit, labour=economy.labour * unit), industries)
    np.testing.assert_allclose(scaled.employment / unit, base.employment, atol=1e-8)
    np.testing.assert_allclose(scaled.real_income, base.real_income * unit**2, rtol=1e-10)
    swapped = partial(economy.swap(), industries)
    np.testing.assert_allclose(swapped.employment, base.employment[::-1], atol=1e-8)
    order = list(range(economy.industries))
    random.shuffle(order)
    relabelled = partial(
        economy.replace(technology=economy.technology[:, order]), [order.index(i - 1) + 1 for i in industries]
    )
    np.testing.assert_allclose(relabelled.employment, base.employment[:, order], atol=1e-8)


@pytest.mark.parametrize("sigma", [4 / 3, 2, 4])
def test_first_and_last_industry_of_mirror_economies(sigma):
    """Wages are equal, and L1 : L2 : L3 = 2 A1 : A2 : A3, to the power sigma - 1."""
    point = partial(paper_economy(6, sigma), [1, 4])
    weight = np.array([2, 1, 1, 0]) * np.array([10, 4, 5, 2]) ** (sigma - 1)
    assert point.relative_wage == pytest.approx(1, rel=1e-13)
    np.testing.assert_allclose(point.employment[0], weight / weight.sum(), rtol=1e-12)
    np.testing.assert_allclose(point.employment[1], point.employment[0, ::-1], rtol=1e-12)


@pytest.mark.parametrize(
    ("figure", "sigma", "date"), [(6, 4 / 3, 8.874925), (6, 2, 7.349370), (7, 4 / 3, 18.077353), (7, 2, 15.373638)]
)
def test_when_gradual_opening_becomes_cluster_building(figure, sigma, date):
    """Learning with 1 and 4 open, by Runge-Kutta: home's industries 2 and 3 meet at the date of the research notes."""
    economy = paper_economy(figure, sigma)

    def rates(technology):
        return learning(partial(economy.replace(technology=technology), [1, 4]).employment, economy.tau)

    steps = 60
    step, technology = date / steps, economy.technology
    for _ in range(steps):
        one = rates(technology)
        two = rates(technology + step / 2 * one)
        three = rates(technology + step / 2 * two)
        technology = technology + step / 6 * (one + 2 * two + 2 * three + rates(technology + step * three))
    pace = rates(technology)[0, 1] - rates(technology)[0, 2]
    assert abs(technology[0, 1] - technology[0, 2]) / pace < 6e-7  # in units of time


def test_real_income_of_gradual_opening_in_figure_6():
    """29 = 10 + 10 + 4 + 5 at once, against 21 in autarky and 30 if all open."""
    np.testing.assert_allclose(partial(paper_economy(6), [1, 4]).real_income, 29, rtol=1e-13)


def test_shared_open_industry():
    """Only the middle good trades, and neither country has anything else to sell: it stays made in both."""
    economy = ClusterParameters(technology=[[10, 5, 5], [5, 5, 10]], labour=[1.25, 1], sigma=2)
    point = partial(economy, [2])
    assert point.relative_wage == 1
    assert point.shared == (1, 2, 3)
    np.testing.assert_allclose(point.real_income, solve_autarky(economy).value.real_income, rtol=1e-13)


def test_the_check_finds_a_wrong_answer():
    economy, is_open = paper_economy(6), np.array([True, False, False, True])
    good = partial(economy, [1, 4])
    labels = names("trade", 4)

    def broken(**changes):
        values = partial_residual(type(good)(**{**vars(good), **changes}), is_open)
        return {label for label, value in zip(labels, values, strict=True) if abs(value) > 1e-6}

    assert broken() == set()
    assert "real income of home" in broken(real_income=good.real_income * [1.01, 1])
    assert "labour of foreign adds up" in broken(employment=good.employment * [[1], [1.1]])
    assert "trade balances" in broken(relative_wage=1.1)
    moved = good.employment + np.array([[-0.1, 0, 0, 0.1], [0, 0, 0, 0]])
    assert "industry 4 of home: at work only where it is cheapest" in broken(employment=moved)
    closed = good.employment + np.array([[0, -0.1, 0.1, 0], [0, 0.1, -0.1, 0]])
    assert {"industry 2: demand is output", "industry 3: demand is output"} <= broken(employment=closed)


@pytest.mark.parametrize("sigma", [1.05, 2, 50])
@pytest.mark.parametrize("seed", range(5))
def test_numbers_stay_finite_over_twelve_decades(sigma, seed):
    random = np.random.default_rng(seed)
    economy = ClusterParameters(technology=10.0 ** random.uniform(-6, 6, (2, 12)), labour=[3, 1], sigma=sigma)
    solution = solve_partial_trade(economy, [1, 2, 3, 7])
    assert solution.residual.norm < 1e-9
    assert np.all(np.isfinite(solution.value.real_income) & (solution.value.real_income > 0))


@pytest.mark.parametrize("industries", [[0], [5], [1.5], [True], ["1"]])
def test_an_industry_that_does_not_exist_is_refused(industries):
    with pytest.raises(InputError, match=r"open_industries has .*; industries are numbered from 1 to 4"):
        solve_partial_trade(paper_economy(6), industries)


def test_one_industry_is_a_list_too():
    with pytest.raises(InputError, match=r"open_industries is 1; it must be a list of industries, such as \[1\]"):
        solve_partial_trade(paper_economy(6), 1)
