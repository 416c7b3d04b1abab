"""Scenarios of a world solved side by side are what they are alone."""

import numpy as np
import pytest

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.world import WorldShock, simulate_many_worlds
from tradewinds.world.variables import MEASURES

YEARS = {"first_year": 2025, "last_year": 2050, "beyond": 60}
PLAN = {
    "research": (WorldShock("rnd_spending", 0.005, ("HOME",), start=2025),),
    "trade": (WorldShock("extra_trade", 0.05, ("SOUTH",), start=2025),),
    "news": (
        WorldShock("government", 0.01, ("HOME",), start=2025, end=2027),
        WorldShock("government", 0.02, ("HOME",), start=2035, announced=2030),
    ),
    "nothing": (),
}


def test_a_batch_equals_its_scenarios_one_by_one(small, run):
    batch = simulate_many_worlds(small, PLAN, **YEARS)
    assert list(batch) == list(PLAN)
    for name, shocks in PLAN.items():
        alone = run(*shocks)
        assert batch[name].name == name and batch[name].shocks == shocks
        assert batch[name].simulation.notes == alone.simulation.notes
        for variable in MEASURES:
            for ours, theirs in zip(batch[name].levels(variable), alone.levels(variable), strict=True):
                scale = np.max(np.abs(theirs)) or 1.0
                np.testing.assert_allclose(ours / scale, theirs / scale, rtol=0, atol=1e-9, err_msg=variable)


def test_no_scenario_is_no_result_and_wrong_years_are_refused(small):
    assert simulate_many_worlds(small, {}) == {}
    with pytest.raises(InputError, match="2025 to 2024"):
        simulate_many_worlds(small, PLAN, first_year=2025, last_year=2024)


def test_a_scenario_that_does_not_solve_is_named_or_flagged(small):
    plan = {"fine": PLAN["research"], "wild": (WorldShock("other_productivity", -40.0, ("HOME",), start=2025),)}
    with pytest.raises(ConvergenceError, match="scenario wild"):
        simulate_many_worlds(small, plan, **YEARS)
    flagged = simulate_many_worlds(small, plan, throw=False, **YEARS)
    assert [result.ok for result in flagged.values()] == [True, False]
