"""Inputs at the edge that users give: empty lists, small discount rates, blocks of knowledge, slopes without an inverse."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.growth import Facts, gravity, mechanisms

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
    result = mechanism.counterfactual(mechanism.parameters(discount_rate=1e-6), {"trade_cost": 1.2})
    usual = mechanism.transition(changed={"trade_cost": 1.2}).value
    assert result.path.time[-1] == usual.time[-1]  # or it would take hours
    assert result.welfare_transition == pytest.approx(result.welfare_steady_state, rel=1e-4)
    assert result.welfare_transition != result.welfare_steady_state


@pytest.mark.parametrize(
    ("fact", "value", "message"),
    [
        ("growth", -0.01, "growth is -0.01; it must be above 0"),
        ("growth", 0.0, "growth is 0.0; it must be above 0"),
        ("growth", np.nan, "growth is nan"),
        ("growth", "2 %", "growth is '2 %'; it must be a number"),
        ("home_share", 1.2, "home_share is 1.2; it must lie between 0 and 1"),
        ("trade_elasticity", -5.0, "trade_elasticity is -5.0; it must be above 0"),
        ("trade_elasticity", np.inf, "trade_elasticity is inf; it must be above 0 and finite"),
        ("interest_rate", True, "interest_rate is True; it must be a number"),
        ("countries", 1, "countries is 1; it must be a whole number, 2 or more"),
        ("countries", 2.5, "countries is 2.5; it must be a whole number"),
    ],
)
def test_facts_that_nothing_can_meet_are_refused(fact, value, message):
    with pytest.raises(InputError, match=message):
        Facts(**{fact: value})


@pytest.mark.parametrize("name", [name for name in mechanisms if name != "perla-tonetti-waugh"])
def test_facts_at_their_edges_are_met_or_refused(name):
    """No share, elasticity or number of countries makes anything but a calibration or a message."""
    mechanism = mechanisms[name]
    for changes in (
        {"countries": 2, "home_share": 0.3},
        {"home_share": 1.0},
        {"trade_elasticity": 0.5},
        {"interest_rate": 0.001},
    ):
        for variant in mechanism.variants:
            try:
                p = mechanism.calibrate(Facts(**changes), variant=variant)
            except InputError:
                continue
            assert mechanism.solve(p, variant=variant).value.growth == pytest.approx(Facts().growth, rel=1e-8)


def test_a_laggard_whose_share_vanishes_still_has_a_welfare():
    """Far ahead the slower country has next to no varieties; its wage falls with them, and home's welfare tends to that alone."""
    mechanism = mechanisms["feenstra"]
    p = mechanism.parameters(
        "financial-autarky", discount_rate=0.016, home_labour=3.6, foreign_labour=1.5, home_rnd_cost=2.4
    )
    gains = [
        mechanism.counterfactual(p, {"foreign_labour": x}, variant="financial-autarky").welfare_transition
        for x in (1.4, 1.1, 0.8)
    ]
    assert np.all(np.isfinite(gains))
    assert gains[0] > gains[1] > gains[2]
    patient = p.replace(discount_rate=1e-5)
    alone = mechanism.counterfactual(patient, {"foreign_labour": 1.1}, variant="financial-autarky")
    assert abs(alone.welfare_transition) < 0.1


def test_log_wages_of_two_are_those_in_levels():
    labour, varieties = np.array([2.0, 0.7]), np.array([0.9, 0.1])
    for freeness in (0.0, 0.3, 1.0):
        level = gravity.wage_of_two(labour, varieties, freeness, 4.0)
        log = gravity.log_wage_of_two(np.log(labour), np.log(varieties), freeness, 4.0)
        assert np.exp(log) == pytest.approx(level, rel=1e-14)
        if freeness:
            costs = freeness ** (1 / (1 - 4.0)) * (1 - np.eye(2)) + np.eye(2)
            shares = gravity.trade_shares(np.array([1.0, level]), varieties, costs, 4.0)
            income = np.array([1.0, level]) * labour
            np.testing.assert_allclose(shares @ income, income, rtol=1e-12)


def test_a_calibration_that_misses_its_fact_is_refused():
    """With so little competition research stops before growth is as low as the fact: no cost of research gives it."""
    mechanism = mechanisms["national-spillovers"]
    with pytest.raises(InputError, match="no cost of research at which growth is"):
        mechanism.calibrate(Facts(trade_elasticity=0.5))
    p = mechanism.parameters(elasticity_of_substitution=1.5, discount_rate=0.0204)
    rates = np.array([mechanism.solve(p.replace(rnd_cost=c)).value.growth for c in np.linspace(20, 32, 49)])
    assert np.all((rates > 0.009) | (rates == 0))


def test_a_gain_beyond_all_numbers_gives_the_bound_of_the_discount_rate():
    mechanism = mechanisms["baldwin-robert-nicoud"]
    with pytest.raises(InputError, match="must be at least about") as caught:
        mechanism.counterfactual(mechanism.parameters(discount_rate=1e-6))
    bound = float(str(caught.value).split("at least about ")[1].split()[0])
    fine = mechanism.counterfactual(mechanism.parameters(discount_rate=1.05 * bound))
    assert np.isfinite(fine.welfare_steady_state)
    assert fine.welfare_steady_state > 1e200
    with pytest.raises(InputError, match="must be at least about"):
        mechanism.counterfactual(mechanism.parameters(discount_rate=0.9 * bound))


def test_a_static_gain_of_all_consumption_leaves_an_infinite_rest():
    result = mechanisms["variety-expansion"].counterfactual(changed={"idea_flow": 0.6})
    assert dataclasses.replace(result, static_gain=-100.0).dynamic_gain == np.inf


@pytest.mark.parametrize(
    ("name", "variant", "changes"),
    [
        ("variety-expansion", "romer-1990", {"inverse_ies": 0.05, "rnd_cost": 1.0}),
        (
            "sampson",
            "dynamic-selection",
            {"intertemporal_elasticity": 40.0, "population_growth": 0.0, "discount_rate": 1e-4},
        ),
        (
            "sampson",
            "dynamic-selection",
            {"population_growth": 0.03, "intertemporal_elasticity": 3.0, "discount_rate": 0.02},
        ),
    ],
)
def test_the_bound_of_the_discount_rate_is_where_welfare_becomes_finite(name, variant, changes):
    """Growth falls in the discount rate, so that growth at the rate refused would give a bound that is too high."""
    mechanism = mechanisms[name]
    p = mechanism.parameters(variant, **changes)
    with pytest.raises(InputError, match="lifetime utility is infinite: discount_rate must exceed") as caught:
        mechanism.solve(p, variant=variant)
    bound = float(str(caught.value).split("must exceed ")[1].split(",")[0])
    assert np.isfinite(
        mechanism.solve(p.replace(discount_rate=bound * 1.001), variant=variant).value["lifetime_utility"]
    )
    with pytest.raises(InputError, match="lifetime utility is infinite"):
        mechanism.solve(p.replace(discount_rate=bound * 0.999), variant=variant)


def test_firms_that_leave_no_workers_have_no_static_gain():
    """A third of home's workers gone, its firms and their research still there: said, not a root without a bracket."""
    mechanism = mechanisms["peretto-valente"]
    p = mechanism.parameters(
        "substitutes", elasticity_of_substitution=2.03, home_labour=0.387, foreign_labour=0.19, resource=0.716,
        resource_share=0.934,
        processing_elasticity=1.18, processing_scale=0.122, materials_share=0.825, fixed_labour=0.0493, research_productivity=3.08,
    )  # fmt: skip
    with pytest.raises(InputError, match=r"the firms of home, .* take more workers than are left"):
        mechanism.counterfactual(p, {"home_labour": 0.267}, variant="substitutes")
    fewer = mechanism.counterfactual(p, {"home_labour": 0.38}, variant="substitutes")
    assert np.isfinite(fewer.static_gain)


def test_paths_of_idea_flows_reach_as_far_as_numbers_and_say_where_they_end():
    """A patient world looks far ahead, where costs are next to nothing."""
    mechanism = mechanisms["alvarez-buera-lucas"]
    with pytest.raises(InputError, match=r"must be at least 0\.00288 for a path") as caught:
        mechanism.transition(mechanism.parameters(discount_rate=1e-6))
    assert "solve() gives both ends" in str(caught.value)
    gains = [
        mechanism.counterfactual(mechanism.parameters(discount_rate=x)).welfare_transition for x in (0.03, 0.01, 0.004)
    ]
    assert 0 > gains[0] > gains[1] > gains[2] > -100  # autarky halves growth, which the patient mind more


TRADED = [
    (name, "costly-trade" if name == "quality-ladders" else "no-shocks" if name == "perla-tonetti-waugh" else None)
    for name in mechanisms
    if "trade_cost" in mechanisms[name].definitions
]


@pytest.mark.parametrize(("name", "variant"), TRADED)
def test_home_shares_that_are_none_are_refused_and_one_closes_the_border(name, variant):
    mechanism = mechanisms[name]
    p = mechanism.parameters(variant)
    for share in (np.nan, "0.8", None, 0.0, 1.5, True):
        with pytest.raises(InputError, match="it must be a share of spending above 0 and at most 1"):
            mechanism.liberalise(p, share, variant=variant)
    assert mechanism.liberalise(p, 1.0, variant=variant).trade_cost == np.inf
    with pytest.raises(InputError, match=r"no trade cost gives a home share of 0\.001"):
        mechanism.liberalise(p, 0.001, variant=variant)


@pytest.mark.parametrize("name", mechanisms)
def test_numbers_and_names_that_are_none_are_refused(name):
    mechanism = mechanisms[name]
    with pytest.raises(InputError, match="discount_rate is larger than any number"):
        mechanism.parameters(discount_rate=10**400)
    with pytest.raises(InputError, match="discount_rate is empty; a sweep needs at least one value"):
        mechanism.sweep(discount_rate=[])
    with pytest.raises(InputError, match="there is no parameter '1'"):
        mechanism.counterfactual(changed={1: 2.0})


@pytest.mark.parametrize("skill", [5.0, 14.0])
def test_very_able_researchers_are_no_failure_of_the_equations(skill):
    """Growth is absurd and the equations hold: their residuals are free of units."""
    solution = PARTIAL.solve(PARTIAL.parameters("heterogeneous", research_skill=skill), variant="heterogeneous")
    assert solution.ok
    assert solution.value.growth > 0.5


@pytest.mark.parametrize(
    ("variant", "changes"),
    [
        ("producers", {
            "trade_elasticity": 0.82, "trade_cost": 3.7, "labour": (0.54, 0.49, 7.0), "arrival": (0.6, 1.94, 0.268),
        }),
        ("producers", {"diffusion": 0.9, "trade_elasticity": 3.7, "trade_cost": 1.4, "arrival": (0.137, 2.04, 0.14)}),
        ("sellers", {"diffusion": 0.957, "trade_elasticity": 2.3, "trade_cost": 2.0, "arrival": (2.2, 0.6, 0.21)}),
    ],
)  # fmt: skip
def test_countries_far_apart_in_knowledge_are_solved(variant, changes):
    """Newton started from equal wages sent the knowledge of one of them to zero, or had too few steps."""
    mechanism = mechanisms["buera-oberfield"]
    solution = mechanism.solve(mechanism.parameters(variant, **changes), variant=variant)
    assert solution.ok
    assert np.all(solution.value["knowledge"] > 0)


@pytest.mark.parametrize(
    "name", ["heckscher-ohlin-innovation", "national-spillovers", "feenstra", "baldwin-robert-nicoud"]
)
def test_research_that_takes_more_workers_than_there_are_has_no_static_gain(name):
    """It was not a number, a loss of more than everything, or a root without a bracket."""
    mechanism = mechanisms[name]
    p = mechanism.parameters()
    labour = "labour" if "labour" in mechanism.definitions else "home_labour"
    with pytest.raises(InputError, match="there is no static gain, as the change leaves fewer workers"):
        mechanism.counterfactual(p, {labour: 0.05 * getattr(p, labour)})
    smaller = mechanism.counterfactual(p, {labour: 0.8 * getattr(p, labour)})
    assert -100 < smaller.static_gain < 100


def test_a_path_is_shown_as_far_as_consumption_is_a_number():
    mechanism = mechanisms["peretto-valente"]
    p = mechanism.parameters(
        "cobb-douglas", discount_rate=0.0225, home_labour=2.31, foreign_labour=1.01, processing_scale=0.142, fixed_labour=0.133,
        knowledge_elasticity=0.227, research_productivity=4.71, entry_cost=0.681,
    )  # fmt: skip
    path = mechanism.counterfactual(p, variant="cobb-douglas").path
    assert np.all(np.isfinite(path.paths["consumption"]))
    assert path.time[-1] > 100
