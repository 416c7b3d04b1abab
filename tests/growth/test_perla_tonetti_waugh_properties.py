"""What holds over random parameters of adoption with exporters, variant by variant, the fixed mass of firms included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms

PTW = mechanisms["perla-tonetti-waugh"]
CLOSED = ("no-shocks", "fixed-mass-labour-cost", "fixed-mass-goods-cost")


def solved(variant, **changes):
    return PTW.solve(PTW.parameters(variant, **changes), variant=variant).value


admissible = st.fixed_dictionaries(
    {
        "pareto_shape": st.floats(4.0, 8.0),
        "adoption_entry_ratio": st.floats(0.05, 0.25),
        "export_fixed_cost": st.floats(0.02, 0.2),
        "discount_rate": st.floats(0.01, 0.05),
    }
)


@given(admissible, st.floats(1.5, 3.5), st.sampled_from(("no-shocks", "corrected")))
@settings(max_examples=25, deadline=None)
def test_with_free_entry_cheaper_trade_never_slows_growth(changes, cost, variant):
    try:
        dear, cheap = (solved(variant, trade_cost=c, **changes).growth for c in (cost, 0.9 * cost))
    except InputError:
        return
    assert cheap >= dear - 1e-12


@given(admissible, st.floats(1.5, 3.5))
@settings(max_examples=25, deadline=None)
def test_with_a_fixed_mass_labour_cost_slows(changes, cost):
    try:
        dear, cheap = (solved("fixed-mass-labour-cost", trade_cost=c, **changes).growth for c in (cost, 0.9 * cost))
    except InputError:
        return
    assert cheap <= dear + 1e-12


@given(st.floats(1.5, 5.0), st.floats(0.2, 5.0), st.floats(0.001, 0.5), st.floats(0.1, 3.0))
@settings(max_examples=25, deadline=None)
def test_with_a_fixed_mass_goods_cost_speeds_up(sigma, gap, kappa, firms):
    """Also where every firm exports, and without positive growth."""
    p = PTW.parameters(
        "fixed-mass-goods-cost",
        elasticity_of_substitution=sigma, pareto_shape=sigma - 1 + gap, export_fixed_cost=kappa, varieties=firms,
    )  # fmt: skip
    swept = PTW.sweep(p, variant="fixed-mass-goods-cost", trade_cost=np.linspace(6.0, 1.0, 26))
    assert np.all(np.diff(swept["growth"][swept.admissible]) >= -1e-12)


@pytest.mark.parametrize("variant", ["published", "corrected", "no-shocks", "fixed-mass-labour-cost"])
def test_without_fixed_costs_trade_is_neutral(variant):
    growth = [solved(variant, export_fixed_cost=0.0, trade_cost=d).growth for d in (1.0, 1.7, 3.0)]
    np.testing.assert_allclose(growth, growth[0], rtol=0, atol=1e-13)


@pytest.mark.parametrize("variant", PTW.variants[:3])
def test_only_the_ratio_of_costs_matters(variant):
    """Scaling adoption and export costs together scales the mass of firms and nothing else that has a growth rate."""
    p = PTW.parameters(variant)
    one = solved(variant)
    other = solved(variant, adoption_cost=1.25, export_fixed_cost=1.25 * p.export_fixed_cost)
    for name in ("growth", "home_share", "export_cutoff", "rnd_labour_share"):
        assert other[name] == pytest.approx(one[name], rel=1e-10)
    assert other["varieties"] == pytest.approx(one["varieties"] / 1.25, rel=1e-10)


@pytest.mark.parametrize("variant", PTW.variants)
def test_where_everybody_exports_no_cutoff_binds(variant):
    point = PTW.solve(PTW.parameters(variant, export_fixed_cost=1e-5), variant=variant)
    assert point.residual.norm <= 1e-12
    assert point.value["export_cutoff"] == 1
    assert "every firm exports" in point.value.summary()


@pytest.mark.parametrize("variant", PTW.variants)
def test_calibration_gives_the_home_share(variant):
    from tradewinds.growth import Facts

    facts = Facts(growth=0.012, home_share=0.85)
    point = PTW.solve(PTW.calibrate(facts, variant=variant), variant=variant).value
    assert point.home_share == pytest.approx(0.85, rel=1e-10)
    assert point.growth == pytest.approx(0.012, rel=1e-8)


@pytest.mark.parametrize("variant", PTW.variants[:2])
def test_a_sweep_with_shocks_brackets_all_growth_rates_at_once(variant):
    """Against one solve at a time, in all regimes of exporting, and where there is no solution."""
    costs, fixed = np.array([1.0, 2.0, 3.0, np.inf]), np.array([0.0, 0.001, 0.1])
    ratios = np.array([0.15, 0.9])
    swept = PTW.sweep(
        variant=variant,
        trade_cost=costs[:, np.newaxis, np.newaxis],
        export_fixed_cost=fixed[:, np.newaxis],
        adoption_entry_ratio=ratios,
    )
    found = 0
    for i, j, k in np.ndindex(swept.admissible.shape):
        changes = {"trade_cost": costs[i], "export_fixed_cost": fixed[j], "adoption_entry_ratio": ratios[k]}
        try:
            one = solved(variant, **changes)
        except InputError:
            assert not swept.admissible[i, j, k]
            continue
        assert swept.admissible[i, j, k]
        found += 1
        for name, value in one.values.items():
            np.testing.assert_allclose(swept[name][i, j, k], value, rtol=1e-11, atol=1e-14)
    assert 8 < found < swept.admissible.size


def test_the_published_equations_have_no_cutoff_in_places():
    with pytest.raises(InputError, match="there is no export cutoff"):
        solved("published", trade_cost=1.5424, adoption_entry_ratio=0.1271)


@pytest.mark.parametrize("variant", CLOSED)
def test_a_sweep_of_a_closed_form_is_one_call(variant):
    swept = PTW.sweep(variant=variant, trade_cost=np.linspace(1.0, 5.0, 500))
    middle = PTW.solve(PTW.parameters(variant, trade_cost=swept.over["trade_cost"][200]), variant=variant).value
    assert swept.admissible[200]
    assert swept["growth"][200] == pytest.approx(middle.growth, rel=1e-13)
