"""Every model under the shock: zero shock, larger shocks, the facts, the benchmark's closed form."""

import functools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradewinds.compare import TradeShock, default_members, find_members, known_members
from tradewinds.compare.lines import UNITS, ninety
from tradewinds.compare.members import run_member
from tradewinds.growth import Facts, mechanisms

FACTS = Facts()
SHOCK = TradeShock(home_share=0.8556)
#: Models of which a run takes seconds; they have tests of their own.
HEAVY = ("world", "clusters: related-at-home", "clusters: related-abroad", "feenstra: capital-mobility")
QUICK = [member for member in known_members() if member.label not in HEAVY]
#: Models of which a run takes about a second.
LONG = (
    "young",
    "perla-tonetti-waugh: corrected",
    "perla-tonetti-waugh: published",
    "national-spillovers",
    "alvarez-buera-lucas",
)


def cases(members):
    """Cases of a test by model; the long ones are run when asked for."""
    slow = {member for member in members if member.name in LONG or member.label in LONG}
    return [
        pytest.param(member, id=member.label, marks=pytest.mark.slow if member in slow else ()) for member in members
    ]


MECHANISMS = [member for member in QUICK if member.kind == "mechanism"]
GAINS = ("static_gain", "dynamic_gain", "welfare_steady_state", "welfare_transition", "growth_change")


def run(member, facts=FACTS, shock=SHOCK, given=None):
    line = run_member(member, facts, shock, given or {})
    assert not line.failure, line.failure
    return line


@functools.cache
def line_of(label):
    return run(next(member for member in QUICK if member.label == label))


def test_every_mechanism_of_the_survey_is_compared():
    assert {member.name for member in default_members() if member.kind == "mechanism"} == set(mechanisms)
    assert {member.name for member in default_members()} - set(mechanisms) == {
        "acr", "melitz-chaney", "melitz-ottaviano-pareto", "clusters", "world"
    }  # fmt: skip


@pytest.mark.parametrize("member", cases(QUICK))
def test_no_shock_no_gain(member):
    line = run(member, shock=TradeShock(home_share=FACTS.home_share))
    for variable in GAINS:
        value = line.get(variable)
        assert value is None or abs(value) < 1e-7, variable


@pytest.mark.parametrize("member", cases(QUICK))
def test_more_trade_gives_a_larger_static_gain(member):
    small = run(member, shock=TradeShock(home_share=0.875))
    first, second = small.get("static_gain"), line_of(member.label).get("static_gain")
    if member.name == "young":  # today's goods are made as well in autarky: all of the gain is in what is learnt
        assert abs(first) < 1e-9
        assert abs(second) < 1e-9
    else:
        assert 0 < first < second


@pytest.mark.parametrize("member", cases(MECHANISMS))
def test_economy_before_the_shock_has_the_facts(member):
    line = line_of(member.label)
    assert line.get("growth", "baseline") == pytest.approx(FACTS.growth, rel=1e-7)
    ratio = line.get("home_share") / line.get("home_share", "baseline")
    assert ratio == pytest.approx(SHOCK.after(FACTS) / FACTS.home_share, rel=1e-6)
    if "no trade cost" not in " ".join(line.notes):
        assert line.get("home_share", "baseline") == pytest.approx(FACTS.home_share, rel=1e-9)
        assert line.get("interest_rate", "baseline") == pytest.approx(FACTS.interest_rate, rel=1e-9)


@pytest.mark.parametrize("member", cases(QUICK))
def test_no_number_is_missing_without_a_reason(member):
    line = line_of(member.label)
    for variable in UNITS:
        present = line.get(variable) is not None
        assert present or line.reason(variable)
        assert not (present and line.reason(variable))
    assert line.why
    assert line.shock
    assert line.citation_keys
    assert all(used.source for used in line.parameters)


@pytest.mark.parametrize("member", cases(MECHANISMS))
def test_gains_multiply(member):
    line = line_of(member.label)
    static, dynamic, total = (line.get(name) for name in ("static_gain", "dynamic_gain", "welfare_transition"))
    assert (1 + static / 100) * (1 + dynamic / 100) == pytest.approx(1 + total / 100, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.3, 0.99), st.floats(0.2, 1.0), st.floats(1.5, 12))
def test_benchmark_is_its_closed_form(before, after, elasticity):
    facts = Facts(home_share=before, trade_elasticity=elasticity)
    line = run(find_members(["acr"])[0], facts, TradeShock(home_share=after))
    expected = 100 * ((after / before) ** (-1 / elasticity) - 1)
    assert line.get("static_gain") == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert line.get("welfare_transition") == line.get("static_gain")
    assert line.get("growth") is None


@settings(max_examples=10, deadline=None)
@given(st.floats(0.55, 0.95), st.floats(0.8, 0.99), st.floats(2, 9))
def test_firms_with_pareto_productivity_gain_as_the_benchmark(before, ratio, elasticity):
    facts = Facts(home_share=before, trade_elasticity=elasticity)
    shock = TradeShock(home_share=before * ratio)
    chaney, acr = (run(find_members([name])[0], facts, shock) for name in ("melitz-chaney", "acr"))
    assert chaney.get("static_gain") == pytest.approx(acr.get("static_gain"), rel=1e-9)


@pytest.mark.parametrize("name", ["variety-expansion: one-sector", "partial-spillovers", "sampson", "buera-oberfield"])
def test_static_gain_of_one_elasticity_is_the_benchmark(name):
    label = find_members([name])[0].label
    assert line_of(label).get("static_gain") == pytest.approx(line_of("acr").get("static_gain"), rel=1e-9)


def test_closing_is_a_loss():
    for name in (
        "acr",
        "variety-expansion",
        "sampson",
        "heckscher-ohlin-innovation",
        "peretto-valente",
        "quality-ladders: costly-trade",
    ):
        line = run(find_members([name])[0], shock=TradeShock(home_share=1.0))
        assert line.get("home_share") == pytest.approx(1)
        assert line.get("static_gain") < 0
        assert line.get("welfare_transition") < 0


def test_a_cut_of_trade_costs_is_the_other_way_to_say_it():
    member = find_members(["perla-tonetti-waugh: corrected"])[0]
    line = run(member, shock=TradeShock(trade_cost_cut=0.1))
    costs = [float(text) for text in line.shock.split() if text.replace(".", "").isdigit()]
    assert costs[1] - 1 == pytest.approx(0.9 * (costs[0] - 1), abs=2e-3)
    assert line.get("home_share") == pytest.approx(0.8556, abs=2e-3)  # Perla, Tonetti and Waugh: .8937 to .8556


def test_gravity_gives_the_share_after_a_cut():
    shock = TradeShock(trade_cost_cut=0.1)
    sampson = run(find_members(["sampson"])[0], shock=shock)
    assert sampson.get("home_share") == pytest.approx(shock.after(FACTS), rel=1e-9)


def test_published_numbers_of_perla_tonetti_and_waugh():
    """At their own trade elasticity (4.99) growth rises from .79 to 1.03 per cent and welfare by 11.2 (AER 2021, Table 4)."""
    facts = Facts(trade_elasticity=4.98897658793826, home_share=0.893708728295, growth=0.007913401963163)
    line = run(find_members(["perla-tonetti-waugh: published"])[0], facts, TradeShock(home_share=0.855571358671))
    assert line.get("growth") == pytest.approx(0.0103, abs=5e-5)
    assert line.get("welfare_steady_state") == pytest.approx(11.2, abs=0.05)


def test_parameters_held_stay_and_the_facts_hold():
    member = find_members(["baldwin-robert-nicoud: efficiency-linked"])[0]
    line = run(member, given={"efficiency_link": 4.0})
    used = {parameter.name: parameter for parameter in line.parameters}
    # the calibration scales the link with the trade elasticity, which is the tail index here
    assert used["efficiency_link"].source == "study"
    assert line.get("growth", "baseline") == pytest.approx(FACTS.growth)
    assert line.get("growth_change") < 0 < run(member).get("growth_change")


def test_ninety_per_cent_of_an_exponential_and_of_a_jump():
    years = np.linspace(0, 500, 5001)
    slow = ninety(years, np.exp(0.01 * years + 0.1 * np.exp(-0.05 * years)), 0.01)
    assert slow == pytest.approx(np.log(10) / 0.05, rel=1e-3)
    assert ninety(years, np.exp(0.01 * years), 0.01) == 0


CLOSED_FORMS = (
    "variety-expansion", "quality-ladders", "partial-spillovers", "baldwin-robert-nicoud", "sampson", "peretto-valente"
)  # fmt: skip
FAST = [
    member
    for member in MECHANISMS
    if member.name
    in (
        "variety-expansion",
        "quality-ladders",
        "partial-spillovers",
        "baldwin-robert-nicoud",
        "sampson",
        "peretto-valente",
    )
    or member.label.startswith(("perla-tonetti-waugh: no", "perla-tonetti-waugh: fixed", "feenstra: financial"))
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FAST), st.floats(0.003, 0.02), st.floats(0.01, 0.05), st.floats(0.65, 0.97), st.floats(3, 9),
    st.floats(0.9, 0.99),
)  # fmt: skip
@example(next(m for m in FAST if m.label == "peretto-valente: complements"), 0.015625, 0.048828125, 0.75, 8.0, 0.9375)
def test_over_random_facts(member, growth, patience, share, elasticity, ratio):
    """The facts hold or the line says why not; no shock, no gain; a larger one gains more at once."""
    facts = Facts(growth=growth, interest_rate=growth + patience, home_share=share, trade_elasticity=elasticity)
    shares = (share, share * (1 + ratio) / 2, share * ratio)
    still, small, large = (run_member(member, facts, TradeShock(home_share=after), {}) for after in shares)
    if large.failure:
        assert member.name in large.failure
        return
    assert large.get("growth", "baseline") == pytest.approx(growth, rel=1e-6)
    if not still.failure:
        assert abs(still.get("static_gain")) < 1e-6
        assert abs(still.get("welfare_transition")) < 1e-6
    if not small.failure:
        assert -1e-9 <= small.get("static_gain") <= large.get("static_gain") + 1e-9


@pytest.mark.parametrize("name", ["variety-expansion", "partial-spillovers", "baldwin-robert-nicoud: lab-equipment"])
def test_flows_of_ideas_are_a_shock_of_their_own(name):
    """Without any change in goods trade, growth rises where research learns from abroad (survey, section I)."""
    member = find_members([name])[0]
    line = run(member, shock=TradeShock(home_share=FACTS.home_share, idea_flow=0.2))
    assert line.get("home_share") == pytest.approx(FACTS.home_share, rel=1e-9)
    assert abs(line.get("static_gain")) < 1e-6
    if member.variant == "lab-equipment":  # research buys equipment, ideas or not
        assert line.get("growth_change") == pytest.approx(0, abs=1e-12)
    else:
        assert line.get("growth_change") > 0
        assert "flow of ideas" in line.shock or "spillovers" in line.shock


def test_models_without_a_flow_of_ideas_say_so():
    line = run(find_members(["sampson"])[0], shock=TradeShock(home_share=0.8556, idea_flow=0.2))
    assert line.get("growth_change") == line_of("sampson: dynamic-selection").get("growth_change")
    assert "no flow of ideas" in " ".join(line.notes)
