"""Many countries: against two countries without dispersion, closed forms, a twin by a root finder, and bad input."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import root

from tradewinds.clusters import ClusterParameters, paper_economy, solve_autarky, solve_trade
from tradewinds.clusters.many import ManyParameters, simulate_many, solve_many
from tradewinds.errors import ConvergenceError, InputError


def random_world(seed, count=4, n=5, **changes):
    random = np.random.default_rng(seed)
    cost = np.where(np.eye(count, dtype=bool)[:, :, np.newaxis], 1.0, random.uniform(1, 2.5, (count, count, n)))
    return ManyParameters(
        **{
            "technology": np.exp(random.normal(0, 0.6, (count, n))) * 5,
            "labour": random.uniform(0.3, 3, count),
            "sigma": random.uniform(1.2, 4),
            "trade_elasticity": random.uniform(3.2, 9),
            "trade_cost": cost,
            "spillovers": random.uniform(0, 0.2, (n, n)) * (random.random((n, n)) < 0.5),
        }
        | changes
    )


def twin_sales(p, technology, wages, cost):
    """The equations in levels, by loops."""
    count, n = technology.shape
    phi = np.zeros((count, n))
    for buyer in range(count):
        for k in range(n):
            phi[buyer, k] = sum(
                (technology[i, k] / (wages[i] * cost[buyer, i, k])) ** p.trade_elasticity for i in range(count)
            )
    prices = phi ** (-1 / p.trade_elasticity)
    index = (prices ** (1 - p.sigma)).sum(axis=1) ** (1 / (1 - p.sigma))
    bill = np.zeros((count, n))
    for buyer in range(count):
        for i in range(count):
            for k in range(n):
                odds = (technology[i, k] / (wages[i] * cost[buyer, i, k])) ** p.trade_elasticity / phi[buyer, k]
                spent = (prices[buyer, k] / index[buyer]) ** (1 - p.sigma) * wages[buyer] * p.labour[buyer]
                bill[i, k] += odds * spent
    return bill, index


def twin(p, technology=None, cost=None):
    """Wages by a root finder on the loops."""
    technology = p.technology if technology is None else technology
    cost = p.trade_cost if cost is None else cost

    def gap(logs):
        wages = np.exp(np.concatenate([[0.0], logs]))
        return (twin_sales(p, technology, wages, cost)[0].sum(axis=1) / (wages * p.labour) - 1)[1:]

    wages = np.exp(np.concatenate([[0.0], root(gap, np.zeros(len(p.countries) - 1), tol=1e-13).x]))
    wages *= p.labour.sum() / (wages @ p.labour)
    bill, index = twin_sales(p, technology, wages, cost)
    return wages, bill / wages[:, np.newaxis], wages * p.labour / index


@pytest.mark.parametrize("seed", range(5))
def test_against_the_twin(seed):
    p = random_world(seed)
    point = solve_many(p).value
    wages, employment, income = twin(p)
    np.testing.assert_allclose(point.wages, wages, rtol=1e-10)
    np.testing.assert_allclose(point.employment, employment, rtol=1e-9)
    np.testing.assert_allclose(point.real_income, income, rtol=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_gains_from_trade_follow_from_the_home_shares(seed):
    """Hat algebra of nested tastes, closed form: D / D_autarky from a country's own shares and employment alone."""
    p = random_world(seed)
    point, alone = solve_many(p).value, solve_many(p.replace(trade_cost=np.inf)).value
    own = np.einsum("cck->ck", point.trade_shares)
    prices = (own ** (1 / p.trade_elasticity)) ** (1 - p.sigma) * alone.spending_shares
    np.testing.assert_allclose(
        point.real_income / alone.real_income, prices.sum(axis=1) ** (1 / (p.sigma - 1)), rtol=1e-12
    )
    assert np.all(point.real_income > alone.real_income)


def test_armington_closed_form():
    """Where theta is sigma - 1, every good is as close to every other: two mirror countries split spending by costs alone."""
    p = ManyParameters(technology=[[4, 4], [4, 4]], sigma=3, trade_elasticity=2, trade_cost=1.5)
    np.testing.assert_allclose(solve_many(p).value.home_share, 1 / (1 + 1.5**-2), rtol=1e-13)


def test_closed_to_trade_is_autarky():
    economy = paper_economy(5, 2.5)
    point = solve_many(ManyParameters(technology=economy.technology, sigma=2.5, trade_cost=np.inf)).value
    alone = solve_autarky(economy).value
    np.testing.assert_allclose(point.real_income, alone.real_income, rtol=1e-12)
    np.testing.assert_allclose(point.employment, alone.employment, rtol=1e-12)


def errors_of_dispersion(seed, thetas):
    """Largest errors of log incomes and of employment over labour against two countries without dispersion."""
    random = np.random.default_rng(seed)
    economy = ClusterParameters(
        technology=random.uniform(1, 10, (2, 6)), labour=random.uniform(0.5, 2, 2), sigma=random.uniform(1.5, 4)
    )
    exact = solve_trade(economy).value
    errors = []
    for theta in thetas:
        p = ManyParameters(
            technology=economy.technology, labour=economy.labour, sigma=economy.sigma, trade_elasticity=theta
        )
        point = solve_many(p).value
        income = np.abs(np.log(point.real_income / exact.real_income))
        errors.append(
            (np.max(income), np.max(np.abs(point.employment - exact.employment) / economy.labour[:, np.newaxis]))
        )
    return exact.shared, np.array(errors)


@pytest.mark.parametrize("seed", [3, 4, 7, 13])
def test_with_a_shared_industry_errors_fall_as_one_over_theta(seed):
    """Its share is pinned down by a difference of costs of that size."""
    thetas = np.array([10.0, 30.0, 100.0, 300.0, 3000.0])
    shared, errors = errors_of_dispersion(seed, thetas)
    assert len(shared) == 1
    rates = -np.diff(np.log(errors), axis=0) / np.diff(np.log(thetas))[:, np.newaxis]
    assert np.all(np.diff(errors, axis=0) < 0)
    np.testing.assert_allclose(rates[-1], 1, atol=0.1)


@pytest.mark.parametrize("seed", [1, 5, 6, 10])
def test_without_a_shared_industry_errors_fall_exponentially(seed):
    shared, errors = errors_of_dispersion(seed, [10, 30, 100, 300])
    assert shared == ()
    assert np.all(np.diff(errors[:3], axis=0) < 0)
    assert np.all(errors[1] < errors[0] ** 1.5)
    assert np.all(errors[3] < 1e-9)


@pytest.mark.parametrize(
    ("figure", "technology"),
    [
        (3, [[15, 15, 5, 5], [5, 5, 15, 15]]),  # trade builds clusters
        (4, [[10, 5, 10, 5], [5, 10, 5, 10]]),  # and destroys them: idle industries do not learn from busy ones
        (5, [[22.5, 22.5, 5, 5], [5, 5, 10, 10]]),  # home has the industries that grow
    ],
)
def test_paper_economies_as_dispersion_vanishes(figure, technology):
    """Closed forms after 50 years at theta = 300: no industry is near the margin, so nothing but rounding is left."""
    economy = paper_economy(figure)
    p = ManyParameters(technology=economy.technology, sigma=2, trade_elasticity=300, spillovers=economy.tau)
    path = simulate_many(p, horizon=50, times=[0, 50]).value
    np.testing.assert_allclose(path.technology[-1], technology, rtol=1e-9)
    exact = solve_trade(economy.replace(technology=technology)).value
    np.testing.assert_allclose(path.real_income[-1], exact.real_income, rtol=1e-9)


def test_path_against_the_twin():
    p = random_world(7, count=3, n=3, international_learning=0.3, adoption_share=0.02)
    shape = p.technology.shape

    def learning(_, flat):
        technology = flat.reshape(shape)
        employment = twin(p, technology)[1]
        taken = 1 - np.exp(-employment / p.labour[:, np.newaxis] / 0.02)
        taught = [sum(p.international_learning[b, c] * employment[b] for b in range(3)) @ p.tau for c in range(3)]
        return (taken * np.array(taught)).ravel()

    slow = solve_ivp(learning, (0, 30), p.technology.ravel(), rtol=1e-9, atol=1e-9).y[:, -1].reshape(shape)
    solution = simulate_many(p, horizon=30, times=[30])
    assert solution.residual.norm < 1e-7
    np.testing.assert_allclose(solution.value.technology[0], slow, rtol=1e-7)
    np.testing.assert_allclose(solution.value.real_income[0], twin(p, slow)[2], rtol=1e-7)


def test_error_falls_with_the_fourth_power_of_the_step():
    p = random_world(3, adoption_share=0.0)
    errors = [simulate_many(p, horizon=40, times=[40], steps=steps, tolerance=1).value.error for steps in (10, 20, 40)]
    assert np.all(np.abs(np.log2(np.array(errors[:-1]) / errors[1:]) - 4) < 0.5)


def test_too_few_steps_are_judged():
    p = random_world(3).replace(trade_elasticity=40)
    with pytest.raises(ConvergenceError, match="learning by many countries did not converge"):
        simulate_many(p, horizon=400, times=[400], steps=1)


def test_opening_at_a_date():
    p = random_world(2, trade_cost=np.inf)
    path = simulate_many(p, horizon=20, times=[0, 9.99, 10, 20], trade_cost_path={10: 1.2}, changes="at once").value
    np.testing.assert_allclose(path.home_share[:2], 1, rtol=1e-12)
    after = solve_many(p.replace(technology=path.technology[2], trade_cost=1.2)).value
    np.testing.assert_allclose(path.real_income[2], after.real_income, rtol=1e-9)
    alone = simulate_many(p, horizon=10, times=[10]).value
    np.testing.assert_allclose(path.technology[2], alone.technology[0], rtol=1e-7)


def test_gradual_opening_is_linear_in_logs():
    p = random_world(2, trade_cost=2.0)
    path = simulate_many(p, horizon=20, times=[0, 5, 10, 20], trade_cost_path={10: 1.2}).value
    np.testing.assert_allclose(path.trade_cost[:, 0, 1, 0], [2, np.sqrt(2.4), 1.2, 1.2], rtol=1e-12)
    point = solve_many(path.parameters_at(1)).value
    np.testing.assert_allclose(path.real_income[1], point.real_income, rtol=1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.floats(0.1, 10))
def test_relabelling_and_units(seed, factor):
    p = random_world(seed, count=3, n=4)
    point = solve_many(p).value
    order = np.random.default_rng(seed).permutation(3)
    moved = p.replace(
        technology=factor * p.technology[order],
        labour=p.labour[order],
        trade_cost=p.trade_cost[order][:, order],
        countries=[p.countries[c] for c in order],
    )
    again = solve_many(moved).value
    np.testing.assert_allclose(again.real_income, factor * point.real_income[order], rtol=1e-10)
    np.testing.assert_allclose(again.employment, point.employment[order], rtol=1e-9)


@pytest.mark.parametrize(("sigma", "theta"), [(1.05, 60.0), (50.0, 60.0), (2.0, 3000.0)])
def test_numbers_stay_finite_over_twelve_orders_of_magnitude(sigma, theta):
    technology = 10.0 ** np.random.default_rng(0).uniform(-6, 6, (6, 8))
    solution = solve_many(ManyParameters(technology=technology, sigma=sigma, trade_elasticity=theta))
    assert solution.ok
    assert np.all(np.isfinite(solution.value.real_income))


def test_a_wrong_point_is_not_passed():
    import dataclasses

    from tradewinds.clusters.many.checks import market_residual

    point = solve_many(random_world(1)).value
    for name in ("wages", "trade_shares", "employment", "prices", "real_income"):
        wrong = dataclasses.replace(point, **{name: getattr(point, name) * 1.001})
        assert np.max(np.abs(market_residual(wrong))) > 1e-4


def test_results_can_be_read():
    p = random_world(1, countries=["A", "B", "C", "D"])
    point = solve_many(p).value
    frame = point.tidy()
    assert set(frame["variable"]) >= {"technology", "employment", "wage", "real_income", "home_share"}
    chosen = frame[(frame["variable"] == "employment") & (frame["country"] == "B") & (frame["industry"] == 3)]
    assert chosen["value"].item() == point.employment[1, 2]
    assert len(point.tidy_trade()) == point.trade_shares.size
    assert "A: wage" in point.summary()
    path = simulate_many(p, horizon=10, times=[0, 10]).value
    assert "growth a year" in path.summary()
    assert set(path.tidy()["time"]) == {0, 10}
    for figure in (point.plot(), path.plot()):
        assert figure.axes[0].get_title(loc="left")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"technology": [1.0, 2.0]}, r"technology has shape \(2,\)"),
        ({"technology": [[1.0, -2.0], [1.0, 1.0]]}, "technology of country 1 in industry 2 is -2.0"),
        ({"technology": {"A": [1.0], "B": [2.0]}, "labour": {"A": 1.0, "C": 1.0}}, "labour has no country 'C'"),
        ({"labour": [1.0, 1.0, 1.0]}, r"labour has shape \(3,\) but technology has shape \(2, 2\)"),
        ({"sigma": 1.0}, "sigma is 1.0"),
        ({"sigma": 6.0}, "trade_elasticity is 4.0; it must be sigma - 1 = 5"),
        ({"trade_cost": 0.9}, "trade_cost from country 2 to country 1 in industry 1 is 0.9"),
        ({"trade_cost": np.full((2, 2), 1.5)}, "trade_cost within country 1 in industry 1 is 1.5"),
        ({"trade_cost": np.ones((3, 3))}, r"trade_cost has shape \(3, 3\) but technology has shape \(2, 2\)"),
        ({"spillovers": np.ones((3, 3))}, r"spillovers has shape \(3, 3\)"),
        ({"spillovers": [[0, 2], [0, 0]]}, "spillovers from industry 1 to industry 2 is 2.0"),
        ({"international_learning": 1.5}, "international_learning from country 1 to country 2 is 1.5"),
        ({"international_learning": np.zeros((2, 2))}, "international_learning within country 1 is 0.0"),
        ({"adoption_share": -1}, "adoption_share is -1.0"),
        ({"countries": ["A", "A"]}, "countries names 'A' twice"),
        ({"countries": ["A"]}, "countries has 1 names"),
    ],
)
def test_bad_parameters(changes, message):
    with pytest.raises(InputError, match=message):
        ManyParameters(**{"technology": [[10, 5], [5, 10]], **changes})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"horizon": -1}, "horizon is -1"),
        ({"times": [3, 2]}, "times must be a rising list"),
        ({"trade_cost_path": {-1: 2}}, "trade_cost_path has the date -1"),
        ({"trade_cost_path": {5: 0.5}}, "trade_cost_path at 5 from country 2 to country 1"),
        ({"changes": "slowly"}, "changes is 'slowly'"),
        ({"steps": 0}, "steps is 0"),
        ({"tolerance": 0}, "tolerance is 0"),
    ],
)
def test_bad_paths(options, message):
    with pytest.raises(InputError, match=message):
        simulate_many(ManyParameters(technology=[[10, 5], [5, 10]]), **options)


def test_parameters_are_read_without_jax():
    code = "import sys, tradewinds.clusters.many as m; m.ManyParameters(technology=[[1, 2], [2, 1]]); print('jax' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )


def test_steps_are_short_where_a_path_bends():
    """A burst of learning while industries are adopted: steps graded by their error reach a tolerance that equal ones miss."""
    p = random_world(5, adoption_share=0.01).replace(trade_elasticity=20)
    exact = simulate_many(p, horizon=100, times=[100], tolerance=1e-10).value.technology[0]
    graded = simulate_many(p, horizon=100, times=[100]).value
    equal = simulate_many(p, horizon=100, times=[100], steps=graded.steps, throw=False).value
    errors = [np.max(np.abs(path.technology[0] / exact - 1)) for path in (graded, equal)]
    assert graded.error < 1e-7
    assert errors[0] < 1e-7
    assert errors[1] > 3 * errors[0]
