"""Innovation in the paper's model: the rule, the exact gain, the equilibrium, and firms that differ in two ways."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uniform_twin import Twin, profit

from tradewinds.errors import InputError
from tradewinds.firms.uniform import UniformParameters, behaviour, liberalise, required_reduction, select, solve_uniform
from tradewinds.firms.uniform.innovation import innovation_residual

INNOVATION = {"innovation_cost": 0.02, "innovation_cost_reduction": 0.05}
MANY = settings(deadline=None, max_examples=80)


def solved(t, **changes):
    return solve_uniform(UniformParameters(trade_cost=t, **{**INNOVATION, **changes})).value


@pytest.mark.parametrize(
    ("t", "rule", "exact"), [(1.0, 0.2, 0.225), (0.5, 0.315239, 0.340239), (0.0, 0.393701, 0.418701)]
)
def test_reference_cutoffs(t, rule, exact):
    """Research notes, section 5.1: the exact gain adds half the fall of cost to the cutoff of the rule."""
    values = solved(t).values()
    assert values["innovation_cutoff_rule"] == pytest.approx(rule, abs=5e-7)
    assert values["innovation_cutoff_exact"] == pytest.approx(exact, abs=5e-7)


@pytest.mark.parametrize("t", [0.0, 0.5, 0.97, math.inf])
def test_equilibrium_against_a_grid_of_firms(t):
    twin, values = Twin(t, innovation=(0.02, 0.05), points=400_001), solved(t).values()
    assert values["cost_cutoff_with_innovation"] == pytest.approx(twin.choke, rel=1e-7)
    assert values["entrants_with_innovation"] == pytest.approx(twin.entrants, rel=3e-5)
    assert values["domestic_sellers_with_innovation"] == pytest.approx(twin.domestic_sellers, rel=3e-5)
    assert values["foreign_sellers_with_innovation"] == pytest.approx(twin.foreign_sellers, rel=1e-4, abs=1e-9)
    assert values["import_share_with_innovation"] == pytest.approx(twin.import_share, rel=1e-4, abs=1e-12)
    assert values["output_weighted_cost_with_innovation"] == pytest.approx(twin.output_weighted_cost, rel=1e-4)


def test_equilibrium_of_the_research_notes_floors_costs_at_zero():
    """The notes print .998415, .957685, .782708 for t = 1, .5, 0: true only if no cost may fall below zero.

    Then the best firms gain nothing and do not innovate. We let costs fall, and so cutoffs are lower.
    """
    c = (np.arange(400_001) + 0.5) * 1.5 / 400_001
    for t, printed in ((1.0, 0.998415), (0.5, 0.957685), (0.0, 0.782708)):
        floored = np.maximum(profit(c, printed, t), profit(np.maximum(c - 0.05, 0), printed, t) - 0.02).mean()
        assert floored == pytest.approx(1 / 18, rel=3e-6)
        assert solved(t).innovation.cost_cutoff < printed - 5e-4


@MANY
@given(
    st.floats(0, 1.2),
    st.floats(0.001, 0.2),
    st.floats(0.01, 0.3),
)
def test_cutoffs_are_where_innovation_pays(t, cost, fall):
    parameters = UniformParameters(
        trade_cost=t, maximum_cost=3, entry_cost=1 / 36, innovation_cost=cost, innovation_cost_reduction=fall
    )
    try:
        point = solve_uniform(parameters).value
    except InputError as error:
        assert "so cheap" in str(error)
        return
    found, c = point.innovation, np.linspace(1e-4, 1.2, 301)
    gain = profit(c - fall, point.cost_cutoff, t) - profit(c, point.cost_cutoff, t) - cost
    np.testing.assert_array_equal(
        c < found.innovation_cutoff_exact - 1e-9, (gain > 0) & (c < found.innovation_cutoff_exact - 1e-9)
    )
    assert not np.any(gain[c > found.innovation_cutoff_exact + 1e-9] > 1e-12)
    rule = point.output(c) * fall > cost
    np.testing.assert_array_equal(rule, c < found.innovation_cutoff_rule)
    assert found.innovation_cutoff_rule <= found.innovation_cutoff_exact + 1e-12
    assert found.cost_cutoff <= point.cost_cutoff * (1 + 1e-12)
    assert np.max(np.abs(innovation_residual(found))) < 1e-9


def test_lower_trade_costs_bring_innovators():
    for name in ("innovation_cutoff_rule", "innovation_cutoff_exact", "innovation_cutoff_equilibrium"):
        path = [solved(float(t)).values()[name] for t in np.linspace(0, 0.75, 16)]
        assert np.all(np.diff(path) < 0), name


def test_who_starts_to_export_and_innovate():
    change = liberalise(
        UniformParameters(trade_cost=0.8, **INNOVATION), UniformParameters(trade_cost=0.5, **INNOVATION), "exact"
    )
    ((low, high),) = change.switchers("domestic", "exports and innovates")
    assert low == pytest.approx(change.before.innovation.innovation_cutoff_exact)
    assert high == pytest.approx(change.after.innovation.innovation_cutoff_exact)
    c = np.linspace(0.001, 1.1, 500)
    for point, status in ((change.before, "before"), (change.after, "after")):
        acts = behaviour(point, "exact")
        for r in change.ranges:
            inside = c[(c > r.low) & (c < r.high)]
            assert np.all(acts.innovates(inside) == ("innovates" in getattr(r, status)))


def test_existing_exporters_may_be_tipped_over():
    """The paper: for some exporters the rise of output tips the balance. Here the marginal innovator exports before."""
    few = {"innovation_cost": 0.03, "innovation_cost_reduction": 0.05}
    change = liberalise(UniformParameters(trade_cost=0.4, **few), UniformParameters(trade_cost=0.1, **few), "rule")
    assert change.switchers("exports", "exports and innovates")


def test_nobody_innovates_when_it_costs_too_much():
    values = solved(0.5, innovation_cost=5.0).values()
    assert values["innovation_cutoff_exact"] == values["innovation_cutoff_equilibrium"] == 0
    assert values["cost_cutoff_with_innovation"] == pytest.approx(values["cost_cutoff"], rel=1e-14)
    assert values["innovator_share_with_innovation"] == 0


def test_innovation_that_everybody_would_make_is_refused():
    with pytest.raises(InputError, match="so cheap that firms of every cost"):
        solved(0.5, innovation_cost=1e-6, innovation_cost_reduction=1.0)


def test_the_check_notices_a_wrong_equilibrium():
    point = solved(0.5)
    for field in ("innovation_cutoff_equilibrium", "cost_cutoff", "entrants"):
        wrong = dataclasses.replace(point.innovation, **{field: getattr(point.innovation, field) * 1.001})
        assert np.max(np.abs(innovation_residual(wrong))) > 1e-5, field


@MANY
@given(st.floats(0.001, 0.3), st.floats(0, 1.5), st.lists(st.floats(0, 1.4), min_size=1, max_size=5))
def test_required_reduction_leaves_the_firm_indifferent(cost, t, costs):
    c = np.array(costs)
    fall = required_reduction(c, 0.9, t, 4 * cost)
    gain = profit(c - fall, 0.9, t) - profit(c, 0.9, t)
    np.testing.assert_allclose(gain, cost, rtol=1e-9)


def test_negative_selection_against_drawn_firms():
    old, new = UniformParameters(trade_cost=0.8), UniformParameters(trade_cost=0.4)
    found = select(old, new, innovation_cost=0.02, largest_reduction=0.2)
    rng = np.random.default_rng(3)
    c0, c1 = solve_uniform(old).value.cost_cutoff, solve_uniform(new).value.cost_cutoff
    c = rng.uniform(c0 - 0.8, c0, 2_000_000)
    fall = rng.uniform(0, 0.2, c.size)
    before = profit(c - fall, c0, 0.8) - profit(c, c0, 0.8) > 0.02
    after = (profit(c - fall, c1, 0.4) - profit(c, c1, 0.4) > 0.02) & (c - fall < c1 - 0.4)
    switch = after & ~before
    assert found.switcher_share == pytest.approx(switch.mean(), rel=0.01)
    assert found.correlation == pytest.approx(np.corrcoef(-c[switch], fall[switch])[0, 1], abs=0.01)
    assert found.correlation < -0.5
    means = found.mean_reduction()
    assert means[1] > means[0]
    frame = found.tidy()
    assert frame[frame["variable"] == "selection_correlation"]["value"].item() == found.correlation
    assert "correlation" in found.summary() and found.citation_keys[0] == "lileeva-trefler2010"


def test_selection_refuses_what_it_cannot_compare():
    old = UniformParameters(trade_cost=0.5)
    with pytest.raises(InputError, match="only trade_cost differs"):
        select(old, old.replace(trade_cost=0.8), innovation_cost=0.02, largest_reduction=0.2)
    with pytest.raises(InputError, match="largest_reduction"):
        select(old, old.replace(trade_cost=0.2), innovation_cost=0.02, largest_reduction=0)


@pytest.mark.parametrize("fall", [1e-3, 1e-6, 1e-9])
def test_small_innovations_are_solved_too(fall):
    """The rule becomes exact: what is gained on new units vanishes beside what is saved on the old."""
    point = solved(0.5, innovation_cost=0.4 * fall, innovation_cost_reduction=fall)
    found = point.innovation
    assert found.innovation_cutoff_exact - found.innovation_cutoff_rule == pytest.approx(fall / 2, rel=1e-6)
    assert np.max(np.abs(innovation_residual(found))) < 1e-9
