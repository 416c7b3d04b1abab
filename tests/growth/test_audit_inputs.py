"""Inputs at the edge that users give: empty lists, small discount rates, blocks of knowledge, slopes without an inverse."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.growth import gravity, mechanisms

PARTIAL = mechanisms["partial-spillovers"]

#: Countries 1 and 2 learn from each other, country 3 from itself.
BLOCKS = ((0.5, 0.3, 0.0), (0.2, 0.5, 0.0), (0.0, 0.0, 0.4))


@pytest.mark.parametrize(
    ("name", "square"), [("partial-spillovers", "spillovers"), ("buera-oberfield", "relative_trade_costs")]
)
def test_no_countries_are_refused(name, square):
    known = mechanisms[name].definitions
    empty = {key: np.zeros((0,) * len(definition.axes)) for key, definition in known.items() if definition.axes}
    assert square in empty
    with pytest.raises(InputError, match="labour is empty; it needs at least one country"):
        mechanisms[name].parameters(**empty)


@pytest.mark.parametrize("variant", PARTIAL.variants)
def test_blocks_of_knowledge_stand_still_together_where_research_does_not_pay(variant):
    idle = PARTIAL.parameters(variant, spillovers=BLOCKS, rnd_cost=(800, 1000, 1200))
    point = PARTIAL.solve(idle, variant=variant).value
    assert np.all(point["growth"] == 0)
    assert np.all(point["varieties"] > 0.1)
    assert "research does not pay everywhere" in point.corner
    cheaper = PARTIAL.counterfactual(idle, {"trade_cost": 1.2}, variant=variant)
    assert cheaper.welfare_transition == pytest.approx(cheaper.static_gain, abs=1e-9)
    assert cheaper.static_gain > 1
    swept = PARTIAL.sweep(idle, variant=variant, rnd_cost=[(8.0, 10.0, 12.0), (800.0, 1000.0, 1200.0)])
    assert swept.admissible.tolist() == [False, True]
    np.testing.assert_allclose(swept["varieties"][1], point["varieties"], rtol=1e-12)


@pytest.mark.parametrize("variant", PARTIAL.variants)
def test_the_bound_named_in_the_corner_is_where_research_begins(variant):
    """The bound is that of the variant: raising the root just above it starts research, just below it does not."""
    p = PARTIAL.parameters(variant)
    corner = PARTIAL.solve(p.replace(rnd_cost=100 * p.rnd_cost), variant=variant).value.corner
    root, bound = (float(corner.split(word)[1].split()[0].rstrip(".")) for word in ("radius is ", "must exceed "))
    at = 100 * p.rnd_cost * root / bound
    for factor, begins in ((1.01, False), (0.99, True)):
        point = PARTIAL.solve(p.replace(rnd_cost=at * factor), variant=variant).value
        assert (point.growth > 0) == begins


@pytest.mark.parametrize("variant", PARTIAL.variants)
def test_the_growth_of_the_block_that_leads_is_that_of_its_own_world(variant):
    p = PARTIAL.parameters(variant, spillovers=np.eye(3))
    with pytest.raises(InputError, match="block of countries 2 leads") as caught:
        PARTIAL.solve(p, variant=variant)
    said = float(str(caught.value).split("innovation of ")[1].split()[0])
    alone = p.replace(labour=p.labour[1:2], rnd_cost=p.rnd_cost[1:2], spillovers=[[1.0]], relative_trade_costs=[[1.0]])
    assert PARTIAL.solve(alone, variant=variant).value["innovation"][0] == pytest.approx(said, rel=1e-3)


def test_a_country_without_any_knowledge_is_named():
    with pytest.raises(InputError, match="column of spillovers is 0"):
        PARTIAL.solve(PARTIAL.parameters(spillovers=((0, 0, 0), (0.2, 0, 0), (0.1, 0.3, 0))))


def test_a_slope_without_an_inverse_spoils_no_other_solution():
    slope = np.array([np.eye(2), np.zeros((2, 2)), 2 * np.eye(2)])
    step = gravity.newton_step(slope, np.array([[0.5, -0.5], [1.0, 1.0], [1.0, 0.2]]))
    np.testing.assert_allclose(step[[0, 2]], [[-0.5, 0.5], [-0.5, -0.1]])
    assert np.all(np.isnan(step[1]))
    with pytest.raises((ConvergenceError, InputError)):  # labour that no number can hold beside one
        PARTIAL.solve(PARTIAL.parameters(labour=(1e-300, 1, 1)))


def test_a_small_discount_rate_takes_no_longer_and_tends_to_the_long_run():
    """The path of knowledge does not depend on the discount rate; as that falls only the long run counts."""
    mechanism = mechanisms["buera-oberfield"]
    began = time.perf_counter()
    result = mechanism.counterfactual(mechanism.parameters(discount_rate=1e-6), {"trade_cost": 1.2})
    usual = mechanism.transition(changed={"trade_cost": 1.2}).value
    assert result.path.time[-1] == usual.time[-1]  # or it would take hours
    assert result.welfare_transition == pytest.approx(result.welfare_steady_state, rel=1e-4)
    assert result.welfare_transition != result.welfare_steady_state
