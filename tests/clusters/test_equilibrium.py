"""Autarky and free trade: the paper's economies, a slow twin, and what must hold in every economy."""

from __future__ import annotations

import clusters_twin as twin
import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tradewinds.clusters import ClusterParameters, paper_economy, solve_autarky, solve_trade
from tradewinds.clusters.checks import autarky_residual, names, trade_residual
from tradewinds.errors import InputError
from tradewinds.solvers import Status

MANY = settings(deadline=None, max_examples=100)


def autarky(economy):
    return solve_autarky(economy).value


def trade(economy, **options):
    return solve_trade(economy, **options).value


def made(point):
    """Return the share of each country's workers in each industry."""
    return point.employment / point.parameters.labour[:, np.newaxis]


# The paper's economies, at time 0. Real incomes of mirror economies under trade are 10 * 4**(1 / (sigma - 1)): each country makes
# its two best goods, at 10. The research notes give the same numbers.


@pytest.mark.parametrize("figure", [2, 3, 4, 5, 8])
@pytest.mark.parametrize(
    ("sigma", "closed", "opened"), [(4 / 3, 461.678652, 640), (2, 30, 40), (4, 13.103707, 15.874011)]
)
def test_real_income_of_figures_2_to_5(figure, sigma, closed, opened):
    economy = paper_economy(figure, sigma)
    np.testing.assert_allclose(autarky(economy).real_income, closed, atol=5e-7)
    point = trade(economy)
    np.testing.assert_allclose(point.real_income, opened, atol=5e-7)
    assert point.relative_wage == pytest.approx(1, abs=1e-14)
    assert point.shared == ()


@pytest.mark.parametrize(
    ("figure", "home"), [(2, (1, 2)), (3, (1, 2)), (4, (1, 3)), (5, (1, 2)), (6, (1, 3)), (7, (1, 3))]
)
def test_who_makes_what_in_the_figures(figure, home):
    """Figure 3 builds clusters; Figures 4, 6 and 7 destroy them when they open at once."""
    assert trade(paper_economy(figure)).industries_of("home") == home


def test_figure_6_at_sigma_2():
    """Autarky: 10 + 4 + 5 + 2. Trade: both countries make goods at 10 and 5, so the index is 2 (10 + 5)."""
    economy = paper_economy(6)
    np.testing.assert_allclose(autarky(economy).real_income, 21, rtol=1e-14)
    np.testing.assert_allclose(trade(economy).real_income, 30, rtol=1e-14)


@pytest.mark.parametrize(
    ("sigma", "wage", "home", "foreign"),
    [(4 / 3, 1.224745, 1078.887743, 880.908154), (2, 1.5, 75, 50), (4, 1.837117, 32.767199, 17.836204)],
)
def test_figure_5_after_fifty_years(sigma, wage, home, foreign):
    """Home's industries 1 and 2 have grown to 22.5 = 10 + 0.25 * 50."""
    point = trade(paper_economy(5, sigma).replace(technology=[[22.5, 22.5, 5, 5], [5, 5, 10, 10]]))
    assert point.relative_wage == pytest.approx(wage, abs=5e-7)
    np.testing.assert_allclose(point.real_income, [home, foreign], atol=5e-7)


def test_shared_industry_by_hand():
    """Sigma = 2, technology (10, 5, 5) and (5, 5, 10), labour 5/4 and 1: the middle good has r = 1, so wages are equal.

    Workers stand to technology as 5/4 (home) and 1 (foreign): (10 + 5 s) / (15 - 5 s) = 5/4, so s = 7/9.
    """
    economy = ClusterParameters(technology=[[10, 5, 5], [5, 5, 10]], labour=[1.25, 1], sigma=2)
    point = trade(economy)
    assert point.relative_wage == 1
    np.testing.assert_allclose(point.home_share, [1, 7 / 9, 0], rtol=1e-14)
    np.testing.assert_allclose(point.employment, [[0.9, 0.35, 0], [0, 0.1, 0.9]], rtol=1e-13)
    np.testing.assert_allclose(point.real_income, [31.25, 25], rtol=1e-14)


@MANY
@given(economies(decades=0.7))
def test_free_trade_agrees_with_the_slow_twin(economy):
    advantage = np.sort(np.log(economy.technology[0] / economy.technology[1]))
    assume(np.all(np.diff(advantage) > 1e-6))  # the twin knows no ties
    point = trade(economy)
    wage, share, home, foreign, *income = twin.trade(
        economy.technology.tolist(), economy.labour.tolist(), economy.sigma
    )
    assert point.relative_wage == pytest.approx(wage, rel=1e-9)
    spent = np.add(home, foreign)
    np.testing.assert_allclose(point.home_share * spent, np.multiply(share, spent), atol=1e-8)
    np.testing.assert_allclose(point.employment, [home, foreign], atol=1e-8)
    np.testing.assert_allclose(point.real_income, income, rtol=1e-8)


@MANY
@given(economies())
def test_autarky_agrees_with_the_slow_twin(economy):
    point = autarky(economy)
    for c in range(2):
        workers, income = twin.autarky(economy.technology[c].tolist(), float(economy.labour[c]), economy.sigma)
        np.testing.assert_allclose(point.employment[c], workers, rtol=1e-9)
        assert point.real_income[c] == pytest.approx(income, rel=1e-9)


@MANY
@given(economies(most=12, decades=3, highest_sigma=20))
def test_every_condition_holds(economy):
    for solution in (solve_autarky(economy), solve_trade(economy)):
        assert solution.ok
        assert solution.residual.norm < 1e-10
        np.testing.assert_allclose(solution.value.employment.sum(axis=1), economy.labour, rtol=1e-12)
        assert np.all(solution.value.employment >= 0)
        assert np.all((solution.value.home_share >= 0) & (solution.value.home_share <= 1))


@MANY
@given(economies(most=12, decades=3))
def test_both_gain_from_opening_at_once(economy):
    assert np.all(trade(economy).real_income >= autarky(economy).real_income * (1 - 1e-12))


@MANY
@given(economies())
def test_at_most_one_industry_is_shared_where_none_are_tied(economy):
    advantage = np.sort(np.log(economy.technology[0] / economy.technology[1]))
    assume(np.all(np.diff(advantage) > 1e-6))
    assert len(trade(economy).shared) <= 1


@MANY
@given(economies(), st.randoms(use_true_random=False))
def test_relabelling_industries_relabels_the_answer(economy, random):
    order = list(range(economy.industries))
    random.shuffle(order)
    shuffled = economy.replace(technology=economy.technology[:, order])
    for solve in (autarky, trade):
        before, after = solve(economy), solve(shuffled)
        np.testing.assert_allclose(after.employment, before.employment[:, order], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(after.real_income, before.real_income, rtol=1e-12)


@MANY
@given(economies())
def test_swapping_countries_swaps_the_answer(economy):
    before, after = trade(economy), trade(economy.swap())
    assert after.relative_wage == pytest.approx(1 / before.relative_wage, rel=1e-12)
    # not home_share itself: of a good on which hardly anything is spent, rounding decides it
    np.testing.assert_allclose(made(after), made(before)[::-1], atol=1e-9)


@MANY
@given(economies(), st.floats(-6, 6), st.floats(-6, 6), st.floats(-6, 6))
def test_units_do_not_matter(economy, goods, people, efficiency):
    """Units of goods and of people scale income; better technology of home alone scales the relative wage."""
    base = trade(economy)
    goods, people, efficiency = 10.0**goods, 10.0**people, 10.0**efficiency
    scaled = trade(economy.replace(technology=economy.technology * goods, labour=economy.labour * people))
    assert scaled.relative_wage == pytest.approx(base.relative_wage, rel=1e-11)
    np.testing.assert_allclose(made(scaled), made(base), atol=1e-9)
    np.testing.assert_allclose(scaled.real_income, base.real_income * goods * people, rtol=1e-11)
    efficient = trade(
        economy.replace(
            technology=economy.technology * np.array([[efficiency], [1]]),
            labour=economy.labour * np.array([1 / efficiency, 1]),
        )
    )
    assert efficient.relative_wage == pytest.approx(base.relative_wage * efficiency, rel=1e-11)
    np.testing.assert_allclose(efficient.real_income, base.real_income, rtol=1e-11)


def test_countries_that_are_equally_good_at_everything_have_nothing_to_gain():
    economy = ClusterParameters(technology=[[4, 2, 6], [2, 1, 3]], labour=[1, 3], sigma=3)
    point = trade(economy)
    assert point.relative_wage == pytest.approx(2, rel=1e-14)
    np.testing.assert_allclose(point.real_income, autarky(economy).real_income, rtol=1e-14)
    np.testing.assert_allclose(point.home_share, 0.4, rtol=1e-14)  # income 2 * 1 against 3


def test_inertia_keeps_who_makes_what_as_far_as_the_sum_allows():
    economy = ClusterParameters(technology=[[4, 2, 6], [2, 1, 3]], labour=[1, 3], sigma=2)
    before = np.array([0.0, 1.0, 0.3])  # (0 * 4 + 1 * 2 + 0.3 * 6) / 12 = 0.3167, and trade balances at 0.4
    solution = solve_trade(economy, ties="inertia", previous_share=before)
    assert solution.ok
    share = solution.value.home_share
    np.testing.assert_allclose(share @ [4, 2, 6] / 12, 0.4, rtol=1e-14)
    np.testing.assert_allclose(
        (1 - share) / (1 - before + 1e-300), [(1 - 0.4) / (1 - 3.8 / 12)] * 3 * np.array([1, 0, 1]), atol=1e-12
    )
    again = trade(economy, ties="inertia", previous_share=share)
    np.testing.assert_allclose(again.home_share, share, rtol=1e-13)
    fewer = trade(economy, ties="inertia", previous_share=[1, 1, 0.5])
    np.testing.assert_allclose(fewer.home_share, np.array([1, 1, 0.5]) * 0.4 / 0.75, rtol=1e-13)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ties": "equl"}, "ties is 'equl'. Did you mean \"equal\""),
        ({"ties": "inertia"}, "needs previous_share"),
        ({"ties": "inertia", "previous_share": [1, 0]}, r"shape \(2,\); it must have shape \(4,\)"),
        ({"ties": "inertia", "previous_share": [1, 0, 2, 0]}, "between 0 and 1 in every industry"),
    ],
)
def test_bad_rules_for_ties_are_refused(options, words):
    with pytest.raises(InputError, match=words):
        solve_trade(paper_economy(2), **options)


@pytest.mark.parametrize("sigma", [1.05, 2, 50])
@pytest.mark.parametrize("seed", range(5))
def test_numbers_stay_finite_over_twelve_decades(sigma, seed):
    random = np.random.default_rng(seed)
    economy = ClusterParameters(technology=10.0 ** random.uniform(-6, 6, (2, 40)), labour=[3, 1], sigma=sigma)
    for solution in (solve_autarky(economy), solve_trade(economy)):
        assert solution.ok
        assert np.all(np.isfinite(solution.value.real_income) & (solution.value.real_income > 0))
        np.testing.assert_allclose(solution.value.employment.sum(axis=1), economy.labour, rtol=1e-12)


@pytest.mark.parametrize("regime", ["autarky", "trade"])
def test_the_check_finds_a_wrong_answer(regime):
    """Every kind of condition notices the mistake that it is there for."""
    solve, residual = {"autarky": (solve_autarky, autarky_residual), "trade": (solve_trade, trade_residual)}[regime]
    economy = ClusterParameters(technology=[[10, 5, 5], [5, 5, 10]], labour=[1.25, 1], sigma=2)
    good = solve(economy).value
    labels = names(regime, 3)

    def broken(**changes):
        values = residual(type(good)(**{**vars(good), **changes}))
        return {label for label, value in zip(labels, values, strict=True) if abs(value) > 1e-6}

    assert broken() == set()
    assert "labour of home adds up" in broken(employment=good.employment * [[1.1], [1]])
    assert broken(real_income=good.real_income * [1, 1.01]) == {"real income of foreign"}
    if regime == "trade":
        assert broken(home_share=np.array([1, 0.5, 0])) == {"trade balances"}
        assert "industry 3 of home: at work only where it is cheapest" in broken(
            employment=good.employment - [[0.1, 0, -0.1], [0, 0, 0]]
        )
        assert "industry 1: demand is output" in broken(relative_wage=1.1)


def test_an_economy_beyond_floating_point_is_not_called_solved():
    economy = ClusterParameters(technology=[[1e300, 1e300], [1, 1]], sigma=1.001)
    solution = solve_autarky(economy, throw=False)
    assert solution.status is Status.NOT_FINITE


def test_tidy_and_summary():
    point = trade(paper_economy(6))
    frame = point.tidy(time=3)
    assert list(frame.columns) == ["variable", "value", "unit", "country", "industry", "time"]
    assert len(frame) == 2 * (4 + 4 + 3) + 4 + 1
    wage = frame[frame["variable"] == "relative_wage"]
    assert wage["value"].item() == 1
    assert wage["industry"].isna().all()
    workers = frame[(frame["variable"] == "employment") & (frame["country"] == "home")]
    np.testing.assert_allclose(workers["value"], [2 / 3, 0, 1 / 3, 0], rtol=1e-14)
    assert "home: real income 30, makes 1, 3" in point.summary()
    assert "made in both: none" in point.summary()
