"""The path with shocks: grids, what was not imposed, rest, the limit without shocks, and the spell in which nobody enters."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.errors import InputError
from tradewinds.growth import consumption_equivalent, mechanisms
from tradewinds.growth.perla_tonetti_waugh_shocks import ShockPath, shock_path

PTW = mechanisms["perla-tonetti-waugh"]


def solved(variant, **changes):
    return PTW.solve(PTW.parameters(variant, **changes), variant=variant).value


def shocked(nodes, dates, horizon=200.0):
    """Return the welfare of the standard cut in trade costs, in per cent, the problem and the solved path."""
    start, end = solved("corrected"), solved("corrected", trade_cost=2.8434437486978048)
    problem = ShockPath(start, end, nodes, dates, horizon)
    unknown, _ = problem.solve()
    utility = shock_path(problem, unknown).lifetime_utility
    return consumption_equivalent(utility, start.welfare, start.parameters.discount_rate), problem, unknown


def test_welfare_converges_on_finer_grids():
    """An apart implementation on another grid gave 6.94 per cent on coarse dates; here 6.956 is the limit."""
    coarse, middle, fine = (shocked(nodes, 24)[0] for nodes in (100, 200, 400))
    assert abs(fine - middle) < 0.5 * abs(middle - coarse)
    assert fine == pytest.approx(6.956, abs=2e-3)
    assert shocked(200, 48)[0] == pytest.approx(middle, abs=2e-3)
    assert shocked(200, 24, 300.0)[0] == pytest.approx(middle, abs=2e-3)


def test_along_the_path_what_was_not_imposed_holds():
    """Adoption from the flow at the threshold is adoption from the integrated Bellman equation; the density is one."""
    _, problem, unknown = shocked(400, 36)
    left, path = problem.evaluate(unknown)
    assert np.max(np.abs(left)) < 1e-9
    p = problem.p
    integrated = path["profits"] / p.adoption_cost - path["discount"] / p.adoption_entry_ratio
    assert np.max(np.abs(integrated - path["adoption"])[4:] / path["adoption"][4:]) < 1e-3
    density = problem.density + path["density"]
    assert np.min(density) > -1e-10
    mass = density @ problem.quadrature + density[:, -1] / p.pareto_shape
    np.testing.assert_allclose(mass, mass[0], rtol=0, atol=1e-5)
    assert np.min(path["entry"]) > 0
    assert path["varieties"][-1] == pytest.approx(problem.end["varieties"], rel=1e-5)


def test_at_rest_the_path_stays():
    start = solved("corrected")
    problem = ShockPath(start, start, 100, 20)
    unknown, count = problem.solve()
    assert count == 0
    path = shock_path(problem, unknown)
    assert path.lifetime_utility == pytest.approx(start.welfare, abs=1e-4)
    np.testing.assert_allclose(path.paths["varieties"], start["varieties"], rtol=1e-12)
    np.testing.assert_allclose(path.paths["adoption_rate"], start["adoption_rate"], rtol=1e-10)


def test_with_small_shocks_the_path_is_that_without():
    p = PTW.parameters("no-shocks")
    cut = {"trade_cost": 0.97 * p.trade_cost}
    plain = PTW.counterfactual(p, cut, variant="no-shocks")
    gaps = []
    for volatility in (0.014, 0.007):
        shocks = p.replace(volatility=volatility)
        result = PTW.counterfactual(shocks, cut, variant="corrected")
        gaps.append(abs(result.welfare_transition - plain.welfare_transition))
    assert gaps[1] < 0.5 * gaps[0]
    assert gaps[1] < 0.002


def test_welfare_with_shocks_and_transition():
    p = PTW.parameters("corrected")
    result = PTW.counterfactual(p, {"trade_cost": 2.8434437486978048}, variant="corrected")
    assert result.welfare_transition == pytest.approx(6.956, abs=2e-3)
    assert result.welfare_steady_state == pytest.approx(6.932, abs=1e-3)
    assert result.path.plot().axes


def test_a_table_of_grids():
    found = PTW.grid_convergence(grids=((100, 12), (200, 24)))
    assert found.welfare == pytest.approx([shocked(n, d)[0] for n, d in ((100, 12), (200, 24))], abs=1e-9)
    assert found.limit == pytest.approx(found.welfare[1] + np.diff(found.welfare)[0] / 3)
    assert list(found.table()["nodes"]) == [100, 200]
    assert np.max(found.residual) < 1e-9
    assert set(found.tidy()["variable"]) == {"welfare_transition", "error", "residual"}
    assert "limit" in found.summary()
    assert found.plot().axes
    with pytest.raises(InputError, match="each twice the pair before"):
        PTW.grid_convergence(grids=((100, 12), (300, 24)))
    with pytest.raises(InputError, match="has no path on a grid"):
        PTW.grid_convergence(variant="no-shocks")


@pytest.mark.slow
def test_grids_converge_at_second_order():
    found = PTW.grid_convergence()
    assert found.order == pytest.approx(2, abs=0.3)
    assert found.limit == pytest.approx(6.956, abs=3e-4)
    result = PTW.counterfactual(changed={"trade_cost": 2.8434437486978048})
    assert abs(result.welfare_transition - found.limit) / 100 < 1e-4


# ---------------------------------------------------------------------- nobody enters


def test_dates_without_entry_are_found():
    start, end = solved("corrected"), solved("corrected", trade_cost=2.0)
    problem = ShockPath(start, end, 200, 24)
    unknown, _ = problem.solve()
    left, found = problem.evaluate(unknown)
    assert np.max(np.abs(left)) < 1e-9
    idle = np.append(problem.idle, False)
    assert idle[0]
    assert not idle[-2]
    assert np.max(np.abs(found["entry"][idle])) < 1e-9
    assert np.min(found["entry"]) > -1e-9
    assert np.min(found["loss"][idle]) > 0
    assert np.max(np.abs(found["loss"][~idle][:-1])) < 1e-9
    path = shock_path(problem, unknown)
    assert path.paths["entry_loss"][0] > 0.05
    gain = consumption_equivalent(path.lifetime_utility, start.welfare, start.parameters.discount_rate)
    assert 0 < gain < consumption_equivalent(end.welfare, start.welfare, start.parameters.discount_rate)


def test_the_spell_is_that_without_shocks():
    """Two ways that share no line: a grid with small shocks, and an arm traced backward without any."""
    p, cut = PTW.parameters("no-shocks"), {"trade_cost": 2.0}
    plain = PTW.counterfactual(p, cut, variant="no-shocks")
    shocks = p.replace(volatility=0.007)
    start, end = (PTW.solve(q, variant="corrected").value for q in (shocks, shocks.replace(**cut)))
    problem = ShockPath(start, end, 400, 36)
    path = shock_path(problem, problem.solve()[0])
    gain = consumption_equivalent(path.lifetime_utility, start.welfare, p.discount_rate)
    assert gain == pytest.approx(plain.welfare_transition, rel=3e-3)
    waits = plain.path.time[np.argmax(plain.path.paths["entry_rate"] > 0)]
    assert path.time[np.argmax(path.paths["entry_rate"] > 0)] == pytest.approx(waits, rel=0.15)
