"""Welfare and break-even rates: closed forms of linear incomes, an independent account of Figure 6, bounds of the tail."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import exp1, gammaincc
from scipy.special import gamma as gamma_function

from tradewinds.clusters import ClusterParameters, paper_economy, simulate
from tradewinds.clusters.break_even import _zeros, break_even_rates
from tradewinds.clusters.income_profile import income_profile, log_equivalent_consumption
from tradewinds.clusters.welfare import consumption_gain, discounted_welfare, welfare_horizon
from tradewinds.errors import InputError


@dataclasses.dataclass
class LinearPath:
    """Income per worker start + slope t, in pieces; the technology of one industry is the same."""

    pieces: tuple
    horizon: float = 4000.0
    policy: str = "linear"

    @property
    def breakpoints(self):
        return tuple(piece[0] for piece in self.pieces)

    @property
    def parameters(self):
        return ClusterParameters(technology=[[10.0], [10.0]], spillovers=[[0.5]])

    def real_income_per_worker(self, times):
        starts = np.array([piece[0] for piece in self.pieces])
        which = np.searchsorted(starts, times, side="right") - 1
        level, slope = np.array([piece[1:] for piece in self.pieces])[which].T
        value = level + slope * times
        return np.stack([value, 2 * value])

    def technology_at(self, time):
        return self.real_income_per_worker(np.array([time]))


def log_utility(level, slope, rate, low=0.0, high=np.inf):
    """Integral of exp(-rate t) ln(level + slope t)."""

    def primitive(t):
        return (
            -np.exp(-rate * t) * np.log(level + slope * t) / rate
            - np.exp(level * rate / slope) * exp1(rate * (level + slope * t) / slope) / rate
        )

    return (0.0 if np.isinf(high) else primitive(high)) - primitive(low)


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.7])
@pytest.mark.parametrize("slope", [0.01, 0.3])
def test_log_utility_of_linear_growth(rate, slope):
    found = discounted_welfare(LinearPath(((0.0, 10.0, slope),)), discount_rate=rate)
    wanted = log_utility(10, slope, rate)
    np.testing.assert_allclose(found.utility, [wanted, wanted + np.log(2) / rate], rtol=1e-11)
    np.testing.assert_allclose(np.log(found.equivalent_consumption), rate * found.utility, rtol=1e-12)


@pytest.mark.parametrize("theta", [0.0, 0.5, 2.0, 3.5])
def test_power_utility_of_linear_growth(theta):
    """int exp(-r t) (a + b t)**(1 - theta) dt = exp(ra/b) (b/r)**(1 - theta) Gamma(2 - theta, ra/b) / r."""
    rate, level, slope = 0.05, 10.0, 0.3
    found = discounted_welfare(LinearPath(((0.0, level, slope),)), discount_rate=rate, risk_aversion=theta)
    x = rate * level / slope
    upper = _upper_gamma(2 - theta, x)
    integral = np.exp(x) * (slope / rate) ** (1 - theta) * upper / rate
    assert found.utility[0] == pytest.approx(integral / (1 - theta), rel=1e-10)
    assert found.equivalent_consumption[0] == pytest.approx((rate * integral) ** (1 / (1 - theta)), rel=1e-10)


def _upper_gamma(s, x):
    """Upper incomplete gamma function, by recursion where s is not positive."""
    if s == 0:
        return exp1(x)
    if s > 0:
        return gammaincc(s, x) * gamma_function(s)
    return (_upper_gamma(s + 1, x) - x**s * np.exp(-x)) / s


def test_risk_aversion_near_one_is_log_utility():
    path = LinearPath(((0.0, 10.0, 0.3),))
    logs = discounted_welfare(path, discount_rate=0.05).equivalent_consumption
    for theta in (1 - 1e-9, 1 + 1e-9):
        near = discounted_welfare(path, discount_rate=0.05, risk_aversion=theta).equivalent_consumption
        np.testing.assert_allclose(near, logs, rtol=1e-8)


def test_a_constant_income_is_worth_itself():
    for rate in (0.01, 0.2):
        for horizon in (30.0, np.inf):
            found = discounted_welfare(
                LinearPath(((0.0, 7.0, 0.0),)), discount_rate=rate, risk_aversion=3, horizon=horizon
            )
            np.testing.assert_allclose(found.equivalent_consumption, [7, 14], rtol=1e-12)


@pytest.mark.parametrize("rate", [0.0, -0.02, 0.05])
def test_finite_horizon_with_a_jump(rate):
    path = LinearPath(((0.0, 10.0, 0.1), (13.7, 25.0, 0.4)))
    found = discounted_welfare(path, discount_rate=rate, horizon=40.0)
    parts = [
        quad(lambda t, a=a, b=b: np.exp(-rate * t) * np.log(a + b * t), low, high, epsabs=1e-13, epsrel=1e-13)[0]
        for low, high, a, b in [(0, 13.7, 10, 0.1), (13.7, 40, 25, 0.4)]
    ]
    assert found.utility[0] == pytest.approx(sum(parts), rel=1e-12)
    assert found.tail_error == 0


def test_the_bound_of_the_tail_holds_and_shrinks():
    """A path cut off early differs from the whole by less than the bound says."""
    economy = paper_economy(6)
    whole = income_profile(simulate(economy, policy="delayed", horizon=900))
    true = log_equivalent_consumption(whole, 0.05, 1.0, np.inf)
    errors = []
    for horizon in (60, 120, 240):
        found = discounted_welfare(
            simulate(economy, policy="delayed", horizon=horizon), discount_rate=0.05, tolerance=np.inf
        )
        gap = np.abs(np.log(found.equivalent_consumption) - true).max()
        assert 1e-9 < gap <= found.tail_error
        errors.append(found.tail_error)
    assert errors[0] > 10 * errors[1] > 100 * errors[2]


def test_horizon_is_long_enough_and_not_much_longer():
    economy = paper_economy(6)
    horizon = welfare_horizon(economy, 0.1)
    path = simulate(economy, policy="gradual", open_first=[1, 4], horizon=horizon)
    assert discounted_welfare(path, discount_rate=0.1).tail_error <= 1e-8
    short = simulate(economy, policy="gradual", open_first=[1, 4], horizon=horizon * 0.6)
    with pytest.raises(InputError, match=r"the path of gradual ends at .* Simulate to about"):
        discounted_welfare(short, discount_rate=0.1)


# Figure 6, sigma = 2, log utility, by an independent account: real income is 30 under trade for ever; closed 21 + 0.2 t;
# 4 (A1 + A2)/2 + 0.4 (t - T) once opening builds clusters at T


def _delay(rate):
    """Welfare of delay less that of trade."""
    date, level = 45 * np.sqrt(7) - 105, 12 * np.sqrt(7)
    start = level - 0.4 * date
    return log_utility(21, 0.2, rate, 0, date) + log_utility(start, 0.4, rate, date) - np.log(30) / rate


def _gradual(rate):
    """The same with industries 1 and 4 open: home has workers in proportion to 2 A1, A2, A3, real income is their sum."""

    def slope(time, state):
        a1, a2, _ = state
        total = 2 * a1 + a2 + 5
        return [0.2 * a2 / total, 0.4 * a1 / total, np.exp(-rate * time) * np.log(total)]

    def tie(_, state):
        return state[1] - 5

    tie.terminal = True
    found = solve_ivp(slope, (0, 50), [10, 4, 0], events=tie, rtol=1e-12, atol=1e-12)
    date, (a1, a2, worth) = found.t[-1], found.y[:, -1]
    start = 2 * (a1 + a2) - 0.4 * date
    return worth + log_utility(start, 0.4, rate, date) - np.log(30) / rate


@pytest.mark.parametrize(
    ("policy", "options", "account", "notes"),
    [("delayed", {}, _delay, 0.0466), ("gradual", {"open_first": [1, 4]}, _gradual, 0.22775)],
)
def test_break_even_rates_of_figure_6(policy, options, account, notes):
    economy = paper_economy(6)
    horizon = welfare_horizon(economy, 0.03)
    waiting, at_once = simulate(economy, policy=policy, horizon=horizon, **options), simulate(economy, horizon=horizon)
    found = break_even_rates(waiting, at_once, lowest=0.03)
    wanted = brentq(account, 0.03, 1.0, xtol=1e-14)
    assert wanted == pytest.approx(notes, abs=5e-6 if policy == "delayed" else 3e-6)
    np.testing.assert_allclose(found.rates, [[wanted], [wanted]], rtol=1e-7)
    assert found.most == (1, 1)
    assert found.complete == (True, True)
    assert found.residual < 1e-12
    patient, hasty = (
        consumption_gain(*(discounted_welfare(path, discount_rate=rate) for path in (waiting, at_once)))
        for rate in (wanted * 0.9, wanted * 1.1)
    )
    assert np.all(patient > 0)
    assert np.all(hasty < 0)


def test_gains_are_in_consumption():
    """A path with 5 per cent more at every date is worth 5 per cent more, whatever the curvature."""
    one, more = LinearPath(((0.0, 10.0, 0.3),)), LinearPath(((0.0, 10.5, 0.315),))
    for theta in (0.0, 1.0, 4.0):
        worth = [discounted_welfare(path, discount_rate=0.05, risk_aversion=theta) for path in (more, one)]
        np.testing.assert_allclose(consumption_gain(*worth), 0.05, rtol=1e-10)


def test_two_rates_break_even_where_income_is_lower_early_and_late():
    """Log income differs by -1, a, -b and 0 in turn, each for 5: f is (1 - x)/r times -1 + a x - b x^2, where x = exp(-5 r)."""
    e = np.e
    roots = np.exp(-5 * np.array([0.05, 0.2]))
    a, b = roots.sum() / roots.prod(), 1 / roots.prod()  # -1 + a x - b x^2 has these roots
    pieces = ((0.0, 10 * e**-1, 0.0), (5.0, 10 * e**a, 0.0), (10.0, 10 * e**-b, 0.0), (15.0, 10.0, 0.0))
    found = break_even_rates(LinearPath(pieces), LinearPath(((0.0, 10.0, 0.0),)), lowest=0.03)
    np.testing.assert_allclose(found.rates, [[0.05, 0.2]] * 2, rtol=1e-9)
    assert found.most == (2, 2)
    close = np.exp(-5 * np.array([0.1, 0.1001]))  # nearer to each other than the grid's rates
    a, b = close.sum() / close.prod(), 1 / close.prod()
    pieces = ((0.0, 10 * e**-1, 0.0), (5.0, 10 * e**a, 0.0), (10.0, 10 * e**-b, 0.0), (15.0, 10.0, 0.0))
    found = break_even_rates(LinearPath(pieces), LinearPath(((0.0, 10.0, 0.0),)), lowest=0.03)
    np.testing.assert_allclose(found.rates, [[0.1, 0.1001]] * 2, rtol=1e-5)


def test_zeros_at_grid_points_and_of_nothing():
    grid = np.linspace(1, 3, 5)
    assert _zeros(lambda x: x - 2, grid, grid - 2) == (2.0,)
    assert _zeros(lambda x: 0.0, grid, 0 * grid) == ()


def test_a_path_never_breaks_even_with_itself():
    path = simulate(paper_economy(6), horizon=900)
    found = break_even_rates(path, path, lowest=0.03)
    assert found.rates == ((), ())
    assert found.complete == (True, True)
    assert found.summary().splitlines() == [
        f"{country} is indifferent from 0.03 to 1" for country in ("home", "foreign")
    ]


def test_results_can_be_shown():
    economy = paper_economy(6)
    delayed, trade = (simulate(economy, policy=policy, horizon=900) for policy in ("delayed", "trade"))
    found = break_even_rates(delayed, trade, lowest=0.03)
    assert "home prefers delayed from 0.03 to 0.0466045, trade from 0.0466045 to 1" in found.summary()
    frame = found.tidy()
    assert frame.loc[frame["variable"] == "break_even_rate", "value"].to_list() == pytest.approx(
        [0.0466045] * 2, abs=1e-6
    )
    assert "delayed against trade" in found.plot().axes[0].get_title(loc="left")
    worth = discounted_welfare(delayed, discount_rate=0.05)
    assert "delayed, for ever, discount rate 0.05" in worth.summary()
    assert list(worth.tidy()["variable"]) == ["equivalent_consumption", "discounted_utility"] * 2


def test_bad_requests_are_refused():
    path = simulate(paper_economy(6), horizon=50)
    with pytest.raises(InputError, match="without end it must be above 0, since utility diverges"):
        discounted_welfare(path, discount_rate=0.0)
    with pytest.raises(InputError, match="risk_aversion is -1"):
        discounted_welfare(path, discount_rate=0.1, risk_aversion=-1)
    with pytest.raises(InputError, match="horizon is 0; it must be above 0"):
        discounted_welfare(path, discount_rate=0.1, horizon=0)
    with pytest.raises(InputError, match=r"horizon is 60 but the path of trade ends at 50"):
        discounted_welfare(path, discount_rate=0.1, horizon=60)
    with pytest.raises(InputError, match=r"lowest is 0.2 and highest 0.1"):
        break_even_rates(path, path, lowest=0.2, highest=0.1)
    with pytest.raises(InputError, match=r"tolerance is -1; it must be above 0, such as 1e-08"):
        welfare_horizon(paper_economy(6), 0.1, tolerance=-1)
    one, other = (discounted_welfare(path, discount_rate=rate, horizon=50) for rate in (0.1, 0.2))
    with pytest.raises(InputError, match=r"discount_rate is 0.1 for trade and 0.2 for trade"):
        consumption_gain(one, other)


def test_paths_of_different_economies_have_no_break_even_rate():
    paths = [simulate(paper_economy(figure), policy="trade", horizon=50) for figure in (6, 7)]
    with pytest.raises(InputError, match="differ in technology"):
        break_even_rates(*paths, horizon=50)
