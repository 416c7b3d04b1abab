"""The published path: the printed gain of 10.8 per cent, what it is made of, and the path of its equations on an exact grid.

The printed path is the one stored with the authors' public code, at eight of its dates (research notes, section 1.2).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from tradewinds.growth import consumption_equivalent, lifetime_utility, mechanisms
from tradewinds.growth.perla_tonetti_waugh_published import printed_gain, resting

PTW = mechanisms["perla-tonetti-waugh"]
CUT = {"trade_cost": 2.82024354291634}

TIME = np.array([0, 1, 5, 10, 20, 40, 75.0])
GROWTH = np.array([0.00898344, 0.00901742, 0.00915142, 0.00931498, 0.00963068, 0.01015741, 0.01025616])
CONSUMPTION = np.array([0.90067604, 0.89910743, 0.89321730, 0.88668870, 0.87620921, 0.86506543, 0.86379824])
FIRMS = np.array([0.68524226, 0.68400106, 0.67927056, 0.67386184, 0.66458907, 0.65261599, 0.65081393])
ENTRY = np.array([0.01586390, 0.01604914, 0.01674611, 0.01751839, 0.01873963, 0.01990227, 0.02])


@pytest.fixture(scope="module")
def result():
    return PTW.counterfactual(PTW.parameters("published"), CUT, variant="published")


def test_the_printed_gain_has_a_slip_at_its_end():
    """10.80 per cent where growth after 75 years starts from T g(T), 10.17 where it starts from what best practice has become."""
    rho, last = PTW.parameters("published").discount_rate, TIME[-1]
    growth = PchipInterpolator(TIME, GROWTH)
    level = growth.antiderivative()
    t = np.linspace(0, last, 20_001)
    flow = np.exp(-rho * t) * (np.log(PchipInterpolator(TIME, CONSUMPTION)(t)) + level(t))
    until = np.trapezoid(flow, t)
    before = lifetime_utility(0.87150492, 0.00792017, rho)
    gains = []
    for start in (last * GROWTH[-1], float(level(last))):
        after = np.exp(-rho * last) * ((np.log(CONSUMPTION[-1]) + start) / rho + GROWTH[-1] / rho**2)
        gains.append(consumption_equivalent(until + after, before, rho))
    assert gains == pytest.approx([10.8021, 10.1748], abs=0.02)


def test_the_printed_path_is_rough():
    """Firms fall at about half the rate at which, on the same path, they enter and die."""
    fallen = np.log(FIRMS[2] / FIRMS[0])
    implied = (PchipInterpolator(TIME, ENTRY).antiderivative()(5.0)) - 0.02 * 5
    assert fallen / implied == pytest.approx(0.47, abs=0.03)


def test_the_path_of_the_published_equations(result):
    assert result.welfare_steady_state == pytest.approx(11.18, abs=0.005)
    assert result.welfare_transition == pytest.approx(10.4075, abs=5e-4)
    assert printed_gain(result.path, result.baseline) == pytest.approx(10.908, abs=2e-3)
    paths = result.path.paths
    slope = np.gradient(np.log(paths["varieties"]), result.path.time)
    late = result.path.time > 1
    np.testing.assert_allclose(slope[late][:-1], (paths["entry_rate"] - 0.02)[late][:-1], atol=2e-4)


def test_ends_of_the_path_solve_the_integrated_bellman_equation(result):
    """Which the published balanced growth path does not: see the kink."""
    start = resting(result.baseline)
    assert start.growth == pytest.approx(0.00798596, abs=5e-9)
    assert result.path.end.growth == pytest.approx(0.01034192, abs=5e-9)
    gain = consumption_equivalent(result.path.end.welfare, start.welfare, start.parameters.discount_rate)
    assert gain == pytest.approx(11.2754, abs=5e-5)


def test_a_grid_without_end(result):
    found = PTW.grid_convergence(variant="published", grids=((200, 24), (400, 48)))
    assert result.welfare_transition == pytest.approx(found.limit, abs=2e-4)


def test_doing_nothing_is_worth_nothing():
    result = PTW.counterfactual(changed={}, variant="published")
    assert result.welfare_transition == pytest.approx(0, abs=1e-6)
