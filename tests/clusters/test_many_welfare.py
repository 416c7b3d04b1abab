"""Welfare of many countries: against the path it integrates, and gradients against differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import simpson

from tradewinds.clusters import ManyParameters, simulate_many, welfare_function
from tradewinds.errors import InputError


def world(**changes):
    random = np.random.default_rng(4)
    cost = np.where(np.eye(3, dtype=bool)[:, :, np.newaxis], 1.0, random.uniform(1.1, 2, (3, 3, 2)))
    return ManyParameters(
        **{
            "technology": random.uniform(3, 9, (3, 2)),
            "labour": [1.0, 0.5, 2.0],
            "sigma": 2.5,
            "trade_elasticity": 6.0,
            "trade_cost": cost,
            "spillovers": [[0.1, 0.05], [0.0, 0.15]],
            "international_learning": 0.2,
            "adoption_share": 0.05,
        }
        | changes
    )


@pytest.mark.parametrize("risk_aversion", [0.0, 1.0, 3.0])
def test_welfare_is_the_integral_along_the_path(risk_aversion):
    p = world()
    times = np.linspace(0, 30, 241)
    path = simulate_many(p, horizon=30, times=times, tolerance=1e-9).value
    x = path.real_income_per_worker
    utility = np.log(x) if risk_aversion == 1 else x ** (1 - risk_aversion) / (1 - risk_aversion)
    integral = simpson(np.exp(-0.04 * times)[:, np.newaxis] * utility, x=times, axis=0)
    welfare = welfare_function(p, horizon=30, discount_rate=0.04, risk_aversion=risk_aversion, steps=240)
    np.testing.assert_allclose(welfare(), integral, rtol=1e-8)


def differences(function, point, step=1e-4):
    """Central differences of a scalar function by every entry of an array."""
    found = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        ends = []
        for sign in (1, -1):
            moved = np.array(point)
            moved[index] += sign * step
            ends.append(float(function(moved)))
        found[index] = (ends[0] - ends[1]) / (2 * step)
    return found


@pytest.mark.parametrize(
    "lever",
    [
        "trade_cost",
        "technology",
        *(
            pytest.param(lever, marks=pytest.mark.slow)
            for lever in ("labour", "spillovers", "international_learning", "sigma", "trade_elasticity")
        ),
    ],
)
def test_gradients_against_differences(lever):
    import jax

    p = world()
    welfare = welfare_function(p, horizon=20, steps=8)

    def own(value):
        return welfare(**{lever: value})[0]

    point = np.asarray(getattr(p, lever), dtype=float)
    exact = np.asarray(jax.grad(own)(point))
    assert np.max(np.abs(exact)) > 1e-2
    np.testing.assert_allclose(exact, differences(own, point), rtol=1e-6, atol=1e-6 * np.max(np.abs(exact)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"horizon": 0}, "horizon is 0, discount_rate 0.05"),
        ({"risk_aversion": -1}, "risk_aversion -1"),
        ({"discount_rate": "low"}, "discount_rate is 'low'"),
        ({"dates": [1, 2]}, "dates must be rising numbers, the first 0"),
        ({"steps": 0}, "steps is 0"),
        ({"changes": "never"}, "changes is 'never'"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(InputError, match=message):
        welfare_function(world(), **options)


def test_bad_levers():
    with pytest.raises(InputError, match=r"welfare does not take 'tecnology'\. Did you mean .technology."):
        welfare_function(world())(tecnology=1)
    with pytest.raises(
        InputError, match=r"trade_cost has shape \(3, 3, 2\) but there are 2 dates; it must have shape \(2, 3, 3, 2\)"
    ):
        welfare_function(world(), dates=[0, 10])(trade_cost=world().trade_cost)
