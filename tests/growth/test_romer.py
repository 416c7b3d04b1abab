"""Romer's designs for intermediates: his growth rate, a twin from primitives, and neutrality of goods trade."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import fsolve, minimize_scalar

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms

MECHANISM = mechanisms["variety-expansion"]
VARIANT = "romer-1990"


def solve(p, **options):
    return MECHANISM.solve(p, variant=VARIANT, **options).value


def test_growth_by_hand():
    """Closed country, delta H = 1/5, alpha = .2, gamma = .6: Lambda = .2 / .24 = 5/6; theta 2, rho .03: (.2 - .025) / (8/3)."""
    p = MECHANISM.parameters(VARIANT, countries=1, rnd_cost=5.0)
    assert solve(p).growth == pytest.approx(0.175 * 3 / 8, abs=1e-15)


def test_a_slow_twin_from_primitives():
    """Monopolists choose prices, final producers choose intermediates, human capital moves: nothing of the closed form."""
    p = MECHANISM.parameters(VARIANT, trade_cost=1.3)
    alpha, gamma, rho, theta, kappa = 0.2, 0.6, 0.03, 2.0, 1.5

    def profit(price, cost, skill):
        bought = (gamma * skill**alpha / price) ** (1 / (1 - gamma))
        return (price - cost) * bought

    def equations(x):
        growth, skill = x
        earned = 0.0
        for cost in (1.0, 1.3):
            best = minimize_scalar(
                lambda q, c=cost: -profit(q, c, skill), bounds=(cost, 5 * cost), options={"xatol": 1e-11}
            )
            earned -= best.fun
        prices = np.array([1.0, 1.3]) / gamma
        output = np.sum(skill**alpha * (gamma * skill**alpha / prices) ** (gamma / (1 - gamma)))
        value = earned / (rho + theta * growth)
        return [alpha * output / skill - kappa / p.rnd_cost * value, kappa / p.rnd_cost * (1 - skill) - growth]

    growth, skill = fsolve(equations, [0.03, 0.7], xtol=1e-12)
    point = solve(p)
    assert point.growth == pytest.approx(growth, rel=1e-6)
    assert point["rnd_labour_share"] == pytest.approx(1 - skill, rel=1e-6)


@settings(deadline=None, max_examples=50)
@given(
    st.floats(0.1, 0.8), st.floats(0.02, 0.15), st.floats(1, 4), st.floats(1, 3), st.integers(1, 6), st.floats(0, 1),
    st.floats(1, 20),
)  # fmt: skip
def test_goods_trade_moves_the_level_alone(gamma, alpha, theta, cost, countries, flow, rnd):
    p = MECHANISM.parameters(
        VARIANT, intermediate_share=gamma, human_capital_share=alpha, inverse_ies=theta, trade_cost=cost,
        countries=countries, idea_flow=flow, rnd_cost=rnd, discount_rate=0.05,
    )  # fmt: skip
    result = MECHANISM.counterfactual(p, {"trade_cost": 1.05}, variant=VARIANT)
    assert result.growth_change == 0
    ratio = result.baseline.home_share / result.counterfactual.home_share
    assert result.static_gain == pytest.approx(100 * (ratio - 1), abs=1e-9)
    assert result.welfare_transition == pytest.approx(result.static_gain, abs=1e-7)


def test_bad_input():
    with pytest.raises(InputError, match="must be below 1"):
        MECHANISM.parameters(VARIANT, intermediate_share=0.7, human_capital_share=0.4)
    with pytest.raises(InputError, match="use variant = 'romer-1990'"):
        MECHANISM.solve(MECHANISM.parameters(inverse_ies=2.0))
    with pytest.raises(InputError, match=r"discount_rate must exceed 0\.3272\d*, where it is \(1 - inverse_ies\)"):
        MECHANISM.solve(MECHANISM.parameters(VARIANT, inverse_ies=0.2, rnd_cost=2.0), variant=VARIANT)
