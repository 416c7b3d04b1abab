"""What mechanisms say where something is wrong: advice that users can follow, and bounds that are where they are said to be."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.growth import mechanisms


def test_equations_that_do_not_hold_give_advice_that_users_can_follow(monkeypatch):
    mechanism = mechanisms["quality-ladders"]
    monkeypatch.setattr(type(mechanism), "residual", lambda self, values, p, variant: {"labour": 1.0})
    with pytest.raises(ConvergenceError, match="toward the standard calibration, or change less at once") as caught:
        mechanism.solve()
    assert "iterations" not in str(caught.value)
    assert "starting point" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in mechanisms
        if mechanisms[name].has_transition and name not in ("young", "perla-tonetti-waugh", "sampson")
    ],
)
def test_so_do_paths(name, monkeypatch):
    """Graded by a judge whose residual is never within its tolerance."""
    import sys

    from tradewinds.solvers import judge

    mechanism = mechanisms[name]
    before = mechanism.parameters()
    mechanism.transition(before)  # modules of paths are imported inside
    heard = []

    def strict(value, residual, **options):
        if "transition" in options["what"]:
            heard.append(options["what"])
            return judge(value, lambda at: 1.0 + 0 * np.ravel(residual(at)), **{**options, "names": None})
        return judge(value, residual, **options)

    for module in [m for key, m in sys.modules.items() if key.startswith("tradewinds.growth.") and hasattr(m, "judge")]:
        monkeypatch.setattr(module, "judge", strict)
    with pytest.raises(ConvergenceError, match="toward the standard calibration, or change less at once") as caught:
        mechanism.transition(before)
    assert heard
    assert "iterations" not in str(caught.value)


@pytest.mark.parametrize("name", mechanisms)
def test_a_calibration_to_what_is_not_facts_is_refused(name):
    for wrong in ({"growth": 0.01}, {}, 0.02):
        with pytest.raises(InputError, match=rf"{name} is calibrated to Facts, got (dict|float); give Facts\("):
            mechanisms[name].calibrate(wrong)


@pytest.mark.parametrize("name", ["partial-spillovers", "buera-oberfield"])
def test_a_border_within_a_country_is_refused(name):
    """It was ignored in silence; a sweep is checked too."""
    mechanism = mechanisms[name]
    wrong = np.array([[1, 1.2, 1.5], [1.1, 1.3, 1.3], [1.4, 1, 1]])
    right = np.where(np.eye(3), 1.0, wrong)
    message = r"relative_trade_costs of country 2 with itself is 1\.3; it must be 1"
    with pytest.raises(InputError, match=message):
        mechanism.parameters(relative_trade_costs=wrong)
    with pytest.raises(InputError, match=message):
        mechanism.sweep(relative_trade_costs=[right, wrong])
    assert mechanism.sweep(relative_trade_costs=[right, np.ones((3, 3))]).admissible.all()
