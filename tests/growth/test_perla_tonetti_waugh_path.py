"""The path without shocks: reference numbers, its residual, and the spell in which nobody enters."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms, path_utility
from tradewinds.growth.perla_tonetti_waugh_path import eigenvalues, path_residual
from tradewinds.growth.perla_tonetti_waugh_static import moment, tail

PTW = mechanisms["perla-tonetti-waugh"]


def test_transition_numbers():
    """Impact, and welfare with the path: 3.2007 per cent against 2.6632 between balanced growth paths."""
    p = PTW.parameters("no-shocks")
    result = PTW.counterfactual(p, {"trade_cost": 2.82049007147551}, variant="no-shocks")
    assert result.welfare_steady_state == pytest.approx(2.66316, abs=5e-6)
    assert result.welfare_transition == pytest.approx(3.2007, abs=1e-4)
    paths = result.path.paths
    assert paths["innovation"][0] == pytest.approx(0.00820745, abs=5e-9)
    assert paths["consumption"][0] == pytest.approx(1.486543, abs=1e-6)
    assert paths["entry_rate"][0] == pytest.approx(0.016944, abs=5e-7)
    assert np.interp(10, result.path.time, paths["innovation"]) == pytest.approx(0.008348, abs=1e-6)
    np.testing.assert_allclose(eigenvalues(result.path.parameters, result.path.end), [-0.0649923, 0.0853303], atol=1e-7)


def test_the_utility_of_a_path_is_that_of_its_consumption():
    path = PTW.transition(PTW.parameters("no-shocks"), {"trade_cost": 2.5}, variant="no-shocks").value
    slow = path_utility(path.time, np.log(path.paths["consumption"]), path.end.growth, PTW.parameters().discount_rate)
    assert path.lifetime_utility == pytest.approx(slow, abs=1e-4)


def test_a_wrong_path_is_refused():
    p = PTW.parameters("no-shocks")
    start = PTW.solve(p, variant="no-shocks").value
    path = PTW.transition(p, {"trade_cost": 2.5}, variant="no-shocks").value
    path.paths["profit_minimum"][:] *= 1.001
    assert np.max(np.abs(path_residual(path, path.parameters, start))) > 1e-6


def test_variants_without_a_path_say_so():
    with pytest.raises(InputError, match="inverse_ies = 1"):
        PTW.transition(PTW.parameters("corrected", inverse_ies=1.5), variant="corrected")
    with pytest.raises(InputError, match="the economy jumps"):
        PTW.transition(variant="fixed-mass-labour-cost")
    p = PTW.parameters("published", inverse_ies=1.5)
    result = PTW.counterfactual(p, {"trade_cost": 2.9}, variant="published")
    assert result.path is None
    assert "no path is solved" in result.why


# ---------------------------------------------------------------------- nobody enters


@pytest.fixture(scope="module", params=[1.8, 1.3])
def spell(request):
    """Paths on which nobody enters for a while; from a trade cost of 1.3 on, every firm exports in the end."""
    p = PTW.parameters("no-shocks")
    return p, PTW.transition(p, {"trade_cost": request.param}, variant="no-shocks")


def test_a_large_liberalisation_stops_entry_for_a_while(spell):
    p, solution = spell
    assert solution.ok
    path = solution.value
    idle = path.paths["entry_rate"] == 0
    loss = path.paths["entry_loss"]
    assert idle[0]
    assert np.all(np.diff(idle.astype(int)) <= 0)  # one spell, at the start
    assert np.all(np.diff(loss[idle]) < 0)
    assert loss[0] > 0.1
    assert np.all(loss[~idle] == 0)
    firms = np.log(path.paths["varieties"])
    np.testing.assert_allclose(firms[idle], firms[0] - p.exit_rate * path.time[idle], atol=1e-10)
    assert np.min(path.paths["entry_rate"]) >= -1e-12


def test_in_the_spell_values_solve_the_integrated_bellman_equation(spell):
    """Mean value from the loss of entrants, interest from consumption: neither is what the path was traced by."""
    p, solution = spell
    path = solution.value
    idle = path.paths["entry_rate"] == 0
    time, paths = path.time[idle], {n: v[idle] for n, v in path.paths.items()}
    power, theta = p.elasticity_of_substitution - 1, p.pareto_shape
    cost, q = p.adoption_cost, path.parameters
    worth = (1 - paths["entry_loss"]) * cost / p.adoption_entry_ratio
    sold = moment(theta, np.inf, power) / paths["home_share"]
    exporters = tail(theta, np.inf, paths["export_cutoff"], 0.0)
    profits = paths["profit_minimum"] * sold - 9 * q.export_fixed_cost * exporters
    making = power * paths["profit_minimum"] * paths["varieties"] * sold
    workers = making + paths["varieties"] * (9 * q.export_fixed_cost * exporters + cost * paths["adoption_rate"])
    np.testing.assert_allclose(workers, 1, rtol=1e-12)
    discount = p.discount_rate + p.exit_rate + np.gradient(np.log(making), time)
    rise = np.gradient(worth, time)
    gap = rise - discount * worth + profits - cost * paths["adoption_rate"]
    kink = np.append(np.diff(time) < 1e-8, True) | np.append(True, np.diff(time) < 1e-8)
    assert np.max(np.abs(gap[~kink][2:-2])) < 2e-4 * np.max(profits)


def test_the_spell_begins_where_entry_would_turn_negative():
    """Just before, the path is that of free entry; just after, the two are alike."""
    p = PTW.parameters("no-shocks")
    low, high = 1.8, 2.6
    for _ in range(12):
        middle = (low + high) / 2
        entry = PTW.transition(p, {"trade_cost": middle}, variant="no-shocks").value.paths["entry_rate"]
        low, high = (middle, high) if entry[0] <= 0 else (low, middle)
    gains = [PTW.counterfactual(p, {"trade_cost": d}, variant="no-shocks").welfare_transition for d in (low, high)]
    assert gains[0] == pytest.approx(gains[1], rel=2e-3)
    assert 2.2 < low < 2.4


def test_a_counterfactual_says_that_nobody_enters():
    p = PTW.parameters("no-shocks")
    large, small = (PTW.counterfactual(p, {"trade_cost": d}, variant="no-shocks") for d in (1.8, 2.8))
    assert "nobody enters for 31 years" in large.why
    assert "nobody enters" not in small.why


def test_firms_that_never_die_cannot_leave():
    p = PTW.parameters("no-shocks", exit_rate=0.0)
    with pytest.raises(InputError, match="let firms die"):
        PTW.transition(p, {"trade_cost": 2.5}, variant="no-shocks")
