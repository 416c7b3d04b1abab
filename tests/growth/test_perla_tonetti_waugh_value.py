"""The value of a firm and the distribution of firms, against slow twins that know nothing of roots, pasting or moments."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.growth import mechanisms
from tradewinds.growth.perla_tonetti_waugh_static import moment, tail, two_powers
from tradewinds.growth.perla_tonetti_waugh_value import Firm

PTW = mechanisms["perla-tonetti-waugh"]


def solved(variant, **changes):
    return PTW.solve(PTW.parameters(variant, **changes), variant=variant).value


@pytest.mark.parametrize("xi", [5.3, 20.0, np.inf])
@pytest.mark.parametrize("power", [-3.0, 0.0, 2.1])
def test_moments_are_integrals(xi, power):
    from scipy.integrate import quad

    theta, cutoff = 5.0, 1.7

    def density(z):
        if np.isinf(xi):
            return theta * z ** (-theta - 1)
        return theta * xi / (xi - theta) * (z ** (-theta - 1) - z ** (-xi - 1))

    for start, value in ((1.0, moment(theta, xi, power)), (cutoff, tail(theta, xi, cutoff, power))):
        slow = quad(lambda z: z**power * density(z), start, np.inf, epsabs=1e-13, epsrel=1e-12)[0]
        assert value == pytest.approx(slow, rel=1e-9)
    assert tail(theta, xi, 1.0, power) == pytest.approx(moment(theta, xi, power), rel=1e-14)


def test_moments_are_smooth_where_the_tails_meet():
    close, met = tail(5.0, 5.0 + 1e-9, 1.7, 2.0), tail(5.0, 5.0, 1.7, 2.0)
    assert close == pytest.approx(met, rel=1e-8)


def test_the_value_of_a_firm_solves_a_discretised_bellman_equation():
    """Upwind finite differences on a fine grid know nothing of roots, pasting or moments."""
    from scipy.sparse import diags
    from scipy.sparse.linalg import spsolve

    point = solved("corrected")
    p, g = point.parameters, point.growth
    firm = Firm(p, g, True)
    least, mean = [], []
    for n in (4000, 8000):
        x = np.linspace(0, 5, n + 1)
        h = x[1] - x[0]
        down, spread = (g - p.drift) / h, firm.diffusion / h**2
        power = p.elasticity_of_substitution - 1
        sales = point["profit_minimum"] * np.exp(power * x)
        profits = sales + (p.countries - 1) * np.maximum(p.trade_cost**-power * sales - p.export_fixed_cost, 0)
        lower, upper = np.full(n, down + spread), np.full(n, spread)
        main = np.full(n + 1, firm.discount + down + 2 * spread)
        main[0] = firm.discount + spread  # nobody drifts below the threshold: v' = 0 there
        # at the top the value goes with sales
        main[-1] -= spread * np.exp(power * h)
        value = spsolve(diags([-lower, main, -upper], [-1, 0, 1], format="csc"), profits)
        theta, xi = p.pareto_shape, firm.second_tail
        density = theta * xi / (xi - theta) * (np.exp(-theta * x) - np.exp(-xi * x))
        least.append(value[0])
        mean.append(np.trapezoid(value * density, x))
    worth = p.adoption_cost / p.adoption_entry_ratio
    # first order in the step: extrapolate
    assert 2 * least[1] - least[0] == pytest.approx(worth - p.adoption_cost, rel=1e-4)
    assert 2 * mean[1] - mean[0] == pytest.approx(worth, rel=1e-4)


def test_the_published_form_misses_the_integrated_bellman_equation():
    """The kink at the export cutoff in one number: mean profits do not quite pay for adoption and entry."""

    def gap(variant):
        point = solved(variant)
        p = point.parameters
        firm = Firm(p, point.growth, variant == "corrected")
        power, xi, z = p.elasticity_of_substitution - 1, firm.second_tail, point["export_cutoff"]
        sold = moment(p.pareto_shape, xi, power) + 9 * p.trade_cost**-power * tail(p.pareto_shape, xi, z, power)
        profits = point["profit_minimum"] * sold - 9 * p.export_fixed_cost * point["exporter_share"]
        needed = firm.discount / p.adoption_entry_ratio + firm.adoption_rate
        return profits / p.adoption_cost / needed - 1

    assert abs(gap("corrected")) < 1e-12
    assert gap("published") == pytest.approx(_kink(), rel=1e-9)


def test_the_two_forms_meet_without_shocks():
    base = PTW.parameters("no-shocks")
    limit = PTW.solve(base, variant="no-shocks").value.growth
    for variant in ("corrected", "published"):
        gaps = [abs(PTW.solve(base.replace(volatility=v), variant=variant).value.growth - limit) for v in (4e-3, 2e-3)]
        assert gaps[1] < gaps[0] < 1e-4
        assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.1)  # in the variance


def test_two_powers():
    grid = np.array([0.1, 1.0, 7.0])
    x = two_powers(grid, 2.0, 3.5, 1.3)
    np.testing.assert_allclose(grid * x + 2 * x**3.5, 1.3, rtol=1e-14)


def _kink():
    """Half the variance times density and jump of the slope at the cutoff, relative to what adoption and entry cost."""
    point = solved("published")
    p = point.parameters
    firm = Firm(p, point.growth, False)
    power, z = p.elasticity_of_substitution - 1, point["export_cutoff"]
    abroad = firm.per_profit * point["profit_minimum"] * 9 * (z / p.trade_cost) ** power
    jump = power * abroad - firm.roots[0] * (abroad - 9 * p.export_fixed_cost / firm.discount)
    density = p.pareto_shape * z**-p.pareto_shape
    return firm.diffusion * density * jump / (firm.discount / p.adoption_entry_ratio + firm.adoption_rate)
