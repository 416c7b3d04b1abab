"""Lifetime utility and consumption equivalents against quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from tradewinds.errors import InputError
from tradewinds.growth import consumption_equivalent, lifetime_utility, path_utility


def integral(consumption, rho, gamma):
    def utility(t):
        c = consumption(t)
        return np.exp(-rho * t) * (np.log(c) if gamma == 1 else (c ** (1 - gamma) - 1) / (1 - gamma))

    return sum(quad(utility, a, a + 20, epsabs=1e-13)[0] for a in range(0, 1200, 20))


@pytest.mark.parametrize("gamma", [0.5, 1, 2])
def test_constant_growth(gamma):
    wanted = integral(lambda t: 1.3 * np.exp(0.02 * t), 0.05, gamma)
    assert lifetime_utility(1.3, 0.02, 0.05, gamma) == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize("gamma", [0.5, 1, 2])
def test_a_path_that_bends(gamma):
    time = np.array([0.0, 5.0, 30.0])
    logs = np.array([0.1, 0.05, 0.9])

    def consumption(t):
        return np.exp(np.interp(t, time, logs) + 0.02 * max(t - 30, 0))

    # quadrature over pieces of 20 years; the bend at 5 costs it digits
    assert path_utility(time, logs, 0.02, 0.05, gamma) == pytest.approx(integral(consumption, 0.05, gamma), rel=1e-6)


@pytest.mark.parametrize("gamma", [0.5, 1, 2])
def test_the_equivalent_undoes_a_scaling(gamma):
    low, high = lifetime_utility(1.0, 0.02, 0.05, gamma), lifetime_utility(1.07, 0.02, 0.05, gamma)
    assert consumption_equivalent(high, low, 0.05, gamma) == pytest.approx(7, rel=1e-10)


@pytest.mark.parametrize("gamma", [1 - 1e-9, 1 + 1e-9, 1 + 2.3e-16])
def test_the_logarithm_is_the_limit(gamma):
    low, high = (lifetime_utility(c, 0.02, 0.05, gamma) for c in (1.0, 1.07))
    assert low == pytest.approx(8, rel=1e-7)
    assert consumption_equivalent(high, low, 0.05, gamma) == pytest.approx(7, rel=1e-6)


def test_infinite_utility_is_not_a_number():
    assert np.isnan(lifetime_utility(1.0, 0.1, 0.04, 0.5))
    with pytest.raises(InputError, match=r"discount_rate must exceed 0\.05"):
        path_utility([0, 1], [0, 0], 0.1, 0.04, 0.5)


def test_paths_must_go_forward():
    with pytest.raises(InputError, match="must increase"):
        path_utility([0, 0], [0, 0], 0.02, 0.05)
