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


PERETTO = mechanisms["peretto-valente"]


def said(changes):
    with pytest.raises(InputError, match="free entry: ") as caught:
        PERETTO.solve(PERETTO.parameters(**changes))
    return str(caught.value)


def below(text, parameter):
    return float(text.split(f"{parameter} must be below ")[1].split()[0].rstrip(",."))


@pytest.mark.parametrize(
    ("changes", "words", "parameter"),
    [
        ({"entry_cost": 3.0}, "so that no firm enters and growth is 0", "entry_cost"),
        (
            {"knowledge_elasticity": 0.5},
            "would pay without bound at any growth, which would be infinite",
            "knowledge_elasticity",
        ),
        (
            {"knowledge_elasticity": 0.5, "research_productivity": 0.3},
            "and not at all below, so that growth would be 0 or infinite",
            "knowledge_elasticity",
        ),
    ],
)
def test_free_entry_says_which_way_it_fails_and_where(changes, words, parameter):
    text = said(changes)
    assert words in text
    bound = below(text, parameter)
    assert PERETTO.solve(PERETTO.parameters(**{**changes, parameter: bound * (1 - 1e-3)})).ok
    said({**changes, parameter: bound * (1 + 1e-3)})


@pytest.mark.parametrize(
    "name",
    ["research_productivity", "fixed_labour", "knowledge_elasticity", "entry_cost", "exit_rate", "discount_rate"],
)
def test_sweeps_mask_what_single_solves_refuse(name):
    p = PERETTO.parameters(knowledge_elasticity=0.35)
    values = getattr(p, name) * np.array([0.2, 1.0, 2.8])
    fine = []
    for value in values:
        try:
            fine.append(PERETTO.solve(p.replace(**{name: value})).ok)
        except InputError:
            fine.append(False)
    assert PERETTO.sweep(p, **{name: values}).admissible.tolist() == fine


def test_both_bounds_are_told_where_one_is_not_enough():
    changes = {"entry_cost": 3.0, "knowledge_elasticity": 0.5}
    text = said(changes)
    entry, knowledge = below(text, "entry_cost"), float(text.split("knowledge_elasticity below ")[1])
    assert "would pay without bound" in said({**changes, "entry_cost": 0.999 * entry})
    assert "would never pay" in said({**changes, "entry_cost": 1.001 * entry})
    assert PERETTO.solve(PERETTO.parameters(entry_cost=0.0, knowledge_elasticity=0.999 * knowledge)).ok
    said({"entry_cost": 0.0, "knowledge_elasticity": 1.001 * knowledge})


def test_research_pays_above_the_growth_that_is_told():
    """From primitives: with entry free, the return to a firm's research over what is asked, at growth below, at and above."""
    changes = {"knowledge_elasticity": 0.5, "research_productivity": 0.3}
    p = PERETTO.parameters(**changes)
    least = float(said(changes).split("at growth above ")[1].split()[0])
    assert least > 0

    def excess(growth):
        z, sigma = growth / p.knowledge_elasticity, p.elasticity_of_substitution
        asked = p.discount_rate + p.exit_rate
        size = (p.fixed_labour + z / p.research_productivity) / (1 / sigma - asked * p.entry_cost)
        return p.research_productivity * p.knowledge_elasticity * (1 - 1 / sigma) * size - z - asked

    assert excess(0.99 * least) < 0 < excess(1.01 * least)


@pytest.mark.parametrize(
    "changes", [{}, {"trade": 0}, {"home_human_capital": 3.0, "foreign_human_capital": 0.2, "foreign_labour": 3.0}]
)
def test_the_cost_of_research_named_in_the_corner_is_where_it_begins(changes):
    mechanism = mechanisms["heckscher-ohlin-innovation"]
    p = mechanism.parameters(**changes, rnd_cost=60.0)
    corner = mechanism.solve(p).value.corner
    bound = float(corner.split("rnd_cost must be below ")[1].split(";")[0])
    for factor, begins in ((1.002, False), (0.998, True)):
        assert (np.max(mechanism.solve(p.replace(rnd_cost=factor * bound)).value["innovation"]) > 0) == begins


#: Not the shape of productivity, and not how designs make output: those are technology.
LIKED = {"elasticity_of_substitution", "differentiated_share"}


@pytest.mark.parametrize("name", [name for name in mechanisms if name not in ("young", "perla-tonetti-waugh")])
def test_two_tastes_are_not_compared(name):
    mechanism = mechanisms[name]
    variant = "two-sector" if name == "variety-expansion" else mechanism.variants[0]
    p = mechanism.parameters(variant)
    liked = LIKED & set(mechanism.definitions)
    assert liked <= set(mechanism.tastes)
    for key in liked:
        for ask in (mechanism.counterfactual, mechanism.transition)[: 1 + mechanism.has_transition]:
            with pytest.raises(InputError, match=f"{key} is .* welfare cannot compare two tastes"):
                ask(p, {key: 0.98 * getattr(p, key)}, variant=variant)
        both = p.replace(**{key: 0.98 * getattr(p, key)})
        assert mechanism.counterfactual(both, variant=variant).summary()


def test_technology_may_differ():
    romer = mechanisms["variety-expansion"]
    p = romer.parameters("romer-1990")
    moved = romer.counterfactual(p, {"intermediate_share": 0.98 * p.intermediate_share}, variant="romer-1990")
    assert moved.why == "labour, its cost in research or its share in output moved the reward of research"
    ladders = mechanisms["quality-ladders"]
    assert ladders.counterfactual(changed={"quality_step": 1.3}).summary()
