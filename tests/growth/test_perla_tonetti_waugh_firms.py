"""Firms that search and firms that export: the value of a firm against its Bellman equation, and what claims rest on."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.growth import mechanisms
from tradewinds.growth.perla_tonetti_waugh_firms import claims, value

PTW = mechanisms["perla-tonetti-waugh"]


@pytest.fixture(scope="module")
def found():
    return {claim.name: claim for claim in claims(PTW)}


@pytest.mark.parametrize("cost", [2.2, 3.048, 4.0])
def test_the_value_of_a_firm_solves_its_bellman_equation(cost):
    """By differences, on both sides of the export cutoff; smooth at the cutoff, flat at the threshold, worth Ev - zeta there."""
    p = PTW.parameters(trade_cost=cost)
    point = PTW.solve(p).value
    cutoff, power = point["export_cutoff"], p.elasticity_of_substitution - 1
    h = 1e-4

    def v(log_z):
        return value(p, point.growth, np.exp(log_z))

    logs = np.concatenate([np.linspace(0.05, np.log(cutoff) - 0.05, 9), np.log(cutoff) + np.linspace(0.05, 2, 9)])
    slope, bend = (v(logs + h) - v(logs - h)) / (2 * h), (v(logs + h) - 2 * v(logs) + v(logs - h)) / h**2
    domestic = point["profit_minimum"] * np.exp(power * logs)
    exports = (p.countries - 1) * np.maximum(domestic * p.trade_cost**-power - p.export_fixed_cost, 0)
    discount = p.discount_rate + (p.inverse_ies - 1) * point.growth + p.exit_rate
    right = domestic + exports + (p.drift - point.growth) * slope + p.volatility**2 / 2 * bend
    np.testing.assert_allclose(discount * v(logs), right, rtol=1e-5)
    edge = np.log(cutoff)
    assert float(v(edge + 1e-9)) == pytest.approx(float(v(edge - 1e-9)), rel=1e-7)
    assert float((v(edge + h) - v(edge)) / (v(edge) - v(edge - h))) == pytest.approx(1, abs=2e-3)
    assert abs(float(v(h) - v(0.0))) < 1e-3 * h
    assert float(v(0.0)) == pytest.approx(p.adoption_cost / p.adoption_entry_ratio - p.adoption_cost, rel=1e-9)


def test_profits_of_the_weakest_fall_only_with_a_fixed_mass_of_firms(found):
    numbers = found["weak-firms-face-competition"].numbers
    fixed, free = (
        [v for k, v in numbers.items() if variant in k] for variant in ("fixed-mass-labour-cost", "corrected")
    )
    assert fixed[1] < fixed[0] and free[1] > free[0]
    calm = PTW.sweep(variant="no-shocks", trade_cost=[2.2, 4.0])["profit_minimum"]
    p = PTW.parameters("no-shocks")
    least = (p.discount_rate + p.exit_rate) * p.adoption_cost * (1 / p.adoption_entry_ratio - 1)
    np.testing.assert_allclose(calm, least, rtol=1e-12)


def test_wages_rise_on_the_day_and_fall_behind_best_practice_later(found):
    numbers = found["opening-raises-the-real-wage"].numbers
    assert numbers["real wage on the day of opening over the day before, no-shocks"] > 1
    fixed, free = (
        [v for k, v in numbers.items() if f", {variant}, " in k] for variant in ("fixed-mass-labour-cost", "corrected")
    )
    assert fixed[1] > fixed[0] and free[1] < free[0]


def test_adoption_alone_sustains_growth(found):
    """Closed form without trade: see the module."""
    p = PTW.parameters("no-shocks", trade_cost=np.inf)
    theta, power, chi = p.pareto_shape, p.elasticity_of_substitution - 1, p.adoption_entry_ratio
    growth = (p.discount_rate + p.exit_rate) / (chi * theta) * ((1 - chi) * theta / (theta - power) - 1) + p.drift
    assert found["diffusion-sustains-growth"].numbers["growth, trade_cost inf"] == pytest.approx(growth, rel=1e-12)
    assert p.drift == 0 and growth > 0
