"""Plans: how targets respond to instruments, and what is said of plans that cannot be asked or solved."""

from __future__ import annotations

import numpy as np
import pytest
from growth_model import growth_model, linear_model, steady_baseline

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers.perfect_foresight import Model, Parameter, Plan, Variable, make_databank, solve_plan
from tradewinds.solvers.perfect_foresight import response as responses
from tradewinds.solvers.perfect_foresight.bordered import Bordered
from tradewinds.solvers.perfect_foresight.linear import BlockElimination
from tradewinds.solvers.perfect_foresight.response import instrument_columns
from tradewinds.solvers.perfect_foresight.simulate import prepare
from tradewinds.solvers.perfect_foresight.swap import read_plan

MODEL, LINEAR = growth_model(), linear_model()
BASE = steady_baseline(MODEL)
FLAT = make_databank(LINEAR, range(2000, 2022), {"price": 0.0, "wage": 0.0, "demand": 0.0})


# The linear algebra of the border.


def shifted(now, lag, lead, exogenous, parameters):
    """An exogenous variable with lag and lead, beside one for the world; one weight is zero unless it is given."""
    surprise = exogenous.lead.news**2 - parameters.weight * exogenous.lag.news * now.level * exogenous.world
    return {"level": now.level - 0.3 * lag.level - 0.4 * lead.level - surprise * (1 + exogenous.news)}


def test_columns_of_instruments_are_their_derivatives():
    model = Model(
        "shifted",
        countries=("home", "foreign"),
        variables=[Variable("level", "level")],
        exogenous=[Variable("news", "news"), Variable("world", "world", dimension="global")],
        parameters=[Parameter("weight", 0.0, "of past news")],
        blocks=[shifted],
    )
    rng = np.random.default_rng(0)
    random = {"level": rng.normal(size=(8, 2)), "news": rng.normal(size=(8, 2)), "world": rng.normal(size=8)}
    base = make_databank(model, range(2000, 2008), random)
    years = range(2001, 2007)
    plan = Plan().target("level", 0.0, kind="levels", years=years)
    plan = plan.instrument("news", countries="foreign", years=years).instrument(
        "level_add", countries="home", years=(2002, 2006)
    )
    plan = plan.instrument("world", years=(2001, 2003, 2005, 2006))
    case = prepare(model, base, {"weight": 0.5}, None, "fixed")
    bordered = Bordered(
        case.problem(case.paths, 1, case.paths.unknowns), read_plan(plan, model, case.paths, 2001), 2001
    )
    inside, step = case.paths.unknowns[1:-1], 1e-6
    found = instrument_columns(bordered.problem, inside, bordered.instrument_places).toarray()
    for k, unit in enumerate(np.eye(12)):
        up, down = (bordered.at(sign * step * unit).residuals(inside) for sign in (1, -1))
        np.testing.assert_allclose(found[:, k], (up - down).ravel() / (2 * step), atol=1e-8)
    assert np.count_nonzero(found[:, 1]) == 3  # in the year, the one before and the one after


def test_responses_do_not_depend_on_parts_or_solver(monkeypatch):
    plan = Plan().target("output", 1.0, kind="percent").instrument("tfp")
    whole = solve_plan(MODEL, BASE, plan)
    blocks = solve_plan(MODEL, BASE, plan, solver=BlockElimination())
    monkeypatch.setattr(responses, "CHUNK", 1)
    parts = solve_plan(MODEL, BASE, plan)
    for other in (blocks, parts):
        assert other.condition_number == pytest.approx(whole.condition_number, rel=1e-9)
        np.testing.assert_allclose(other.instruments[0].size, whole.instruments[0].size, atol=1e-11)


def alike(now, lag, lead, exogenous, parameters):
    """Two variables that two instruments move almost alike; the second one in a unit of its own."""
    p = parameters
    return {
        "first": now.first - exogenous.a - exogenous.b - 1,
        "second": now.second - p.unit * (exogenous.a + (1 + p.apart) * exogenous.b + 1),
    }


def pair_model(apart, unit=1.0):
    model = Model(
        "pair",
        countries=("US", "JA"),
        variables=[Variable("first", "first"), Variable("second", "second")],
        exogenous=[Variable("a", "a"), Variable("b", "b")],
        parameters=[
            Parameter("apart", apart, "difference of the instruments"),
            Parameter("unit", unit, "of the second"),
        ],
        blocks=[alike],
    )
    return model, make_databank(model, range(2000, 2005), {"first": 1.0, "second": unit, "a": 0.0, "b": 0.0})


PAIR = Plan().target("first", 1.01, kind="levels", countries="US", years=2003)
PAIR_INSTRUMENTS = (
    Plan().instrument("a", countries="US", years=2003).instrument("b", countries="US", years=2003).instruments
)


def both(percent):
    plan = PAIR.target("second", percent, kind="percent", countries="US", years=2003)
    return Plan(plan.targets, PAIR_INSTRUMENTS)


@pytest.mark.parametrize("unit", [1.0, 1e-7, 1e6])
def test_condition_number_is_that_of_the_responses_whatever_the_unit(unit):
    model, base = pair_model(0.5, unit)
    done = solve_plan(model, base, both(3.0))
    a, b = (shock.size[0] for shock in done.instruments)
    assert (a + b, a + 1.5 * b) == (pytest.approx(0.01, rel=1e-9), pytest.approx(0.03, rel=1e-9))
    reference = solve_plan(*pair_model(0.5), both(3.0)).condition_number
    assert done.condition_number == pytest.approx(reference, rel=1e-6)
    assert 5.0 < reference < 15.0
    assert done.simulation.notes == ()


def test_instruments_that_do_much_the_same_are_noted_and_those_that_do_the_same_refused():
    done = solve_plan(*pair_model(1e-9), both(1.0))
    [note] = done.simulation.notes
    assert note.startswith("instruments +1.00 ")
    assert " together hardly move targets " in note
    assert note.endswith("(condition number 4e+09)")
    with pytest.raises(InputError) as caught:
        solve_plan(*pair_model(0.0), both(1.0))
    assert str(caught.value).startswith("the plan of model pair cannot be solved: instruments +1.00 ")
    for cell in ("a[US] in 2003", "b[US] in 2003", "first[US] in 2003", "second[US] in 2003"):
        assert cell in str(caught.value)


def test_an_instrument_that_does_not_move_the_target_is_named():
    model, base = pair_model(0.5)
    plan = Plan().target("second", 1.5, kind="levels", countries="JA", years=2003)
    with pytest.raises(InputError, match=r"instrument a\[US\] in 2003 does not move target second\[JA\] in 2003"):
        solve_plan(model, base, plan.instrument("a", countries="US", years=2003))
    twice = PAIR.target("first", 1.5, kind="levels", countries="US", years=2002)
    twice = twice.instrument("a", countries="US", years=2003)
    with pytest.raises(InputError, match=r"no instrument moves target first\[US\] in 2002\. Free another instrument"):
        solve_plan(model, base, twice.instrument("b", countries="US", years=2003))
    with pytest.raises(InputError, match=r"instrument a\[US\] in 2001 does not move target first\[US\] in 2002"):
        wrong = twice.instrument("a", countries="US", years=2001)
        solve_plan(model, base, wrong)


# What cannot be asked.


def test_counts_that_differ_are_told_with_what_is_left_over():
    target = Plan().target("output", 1.0, kind="percent", years=range(2001, 2005))
    with pytest.raises(InputError) as caught:
        solve_plan(MODEL, BASE, target.instrument("tfp", years=(2001, 2002, 2004)))
    assert str(caught.value) == (
        "the plan has 8 target(s) and 6 instrument(s); it needs one for one. "
        "No instrument for output[home] in 2003; output[foreign] in 2003"
    )
    with pytest.raises(
        InputError, match=r"8 target\(s\) and 14 .* No target for tfp\[home\] in 2005-2007; tfp\[foreign\] in 2005-2007"
    ):
        solve_plan(MODEL, BASE, target.instrument("tfp", years=range(2001, 2008)))
    with pytest.raises(
        InputError, match=r"Targets: output\[home\] in 2001-2004; .* Instruments: tfp\[home\] in 2010, 2012"
    ):
        solve_plan(MODEL, BASE, target.instrument("tfp", countries="home", years=(2010, 2012)))


def test_names_that_are_unknown_come_with_the_nearest():
    def ask(*target, instrument="tfp", **keywords):
        plan = Plan().target(*target, kind="percent", **keywords).instrument(instrument)
        solve_plan(MODEL, BASE, plan)

    with pytest.raises(InputError, match=r"target outptu: model growth determines no such .* Did you mean .output."):
        ask("outptu", 1.0)
    with pytest.raises(InputError, match="It is exogenous: give its path as a shock"):
        ask("tfp", 1.0)
    with pytest.raises(InputError, match=r"'eulr_add' is no exogenous .* Did you mean .euler_add."):
        ask("output", 1.0, instrument="eulr_add")
    with pytest.raises(InputError, match="determined by the model: as instrument take the add factor of its equation"):
        ask("output", 1.0, instrument="capital")
    with pytest.raises(InputError, match=r"target output: no country 'hom'\. Did you mean .home."):
        ask("output", 1.0, countries="hom")
    with pytest.raises(InputError, match="target output names the year 2061; the plan covers 2001 to 2060"):
        ask("output", 1.0, years=2061)
    with pytest.raises(InputError, match="target world_output: it is one for the world, so name no countries"):
        ask("world_output", 1.0, countries="home")


def test_values_that_cannot_be_targets_are_refused():
    def ask(values, kind="percent", variable="output"):
        solve_plan(MODEL, BASE, Plan().target(variable, values, kind=kind, years=(2003, 2004)).instrument("tfp"))

    with pytest.raises(InputError, match=r"target output\[foreign\] in 2004 is nan; name only the years and countries"):
        ask([[1.0, 1.0], [1.0, float("nan")]])
    with pytest.raises(InputError, match=r"target output\[home\] in 2003 is inf \(4 such values\)"):
        ask(float("inf"))
    with pytest.raises(InputError, match=r"shape \(3,\); give one number, one for each of 2 year"):
        ask([1.0, 2.0, 3.0])
    with pytest.raises(InputError, match=r"target world_output has values of shape .*; give one number"):
        ask(BASE["output"], kind="levels", variable="world_output")
    with pytest.raises(InputError, match="value of target output is 'much'; expected numbers"):
        ask("much")
    with pytest.raises(InputError, match="year '2003-05' is no whole number"):
        Plan().instrument("tfp", years="2003-05")
    with pytest.raises(InputError, match=r"the plan is a str; write it as Plan\(\)"):
        solve_plan(MODEL, BASE, "output")
    with pytest.raises(InputError, match="kind is 'per cent'; allowed: levels, percent, points"):
        ask(1.0, kind="per cent")
    with pytest.raises(InputError, match=r"target price\[home\] in 2001: a per cent of a baseline of zero"):
        solve_plan(LINEAR, FLAT, Plan().target("price", 1.0, kind="percent").instrument("demand"))


def test_what_is_missing_or_named_twice_is_said():
    with pytest.raises(InputError, match=r"the plan has no target; add one with Plan\.target"):
        solve_plan(MODEL, BASE, Plan().instrument("tfp"))
    target = Plan().target("output", 1.0, kind="percent")
    with pytest.raises(InputError, match=r"the plan has no instrument; add one with Plan\.instrument"):
        solve_plan(MODEL, BASE, target)
    with pytest.raises(InputError, match=r"the plan names the target output\[home\] in 2003-2004 twice"):
        twice = target.target("output", 1.0, kind="levels", countries="home", years=(2003, 2004))
        solve_plan(MODEL, BASE, twice.instrument("tfp"))
    with pytest.raises(InputError, match=r"the plan names the instrument tfp\[home\] in 2003 twice"):
        solve_plan(MODEL, BASE, target.instrument("tfp").instrument("tfp", countries="home", years=2003))


# What cannot be solved.


def root(now, lag, lead, exogenous, parameters):
    return {"root": now.level**2 - exogenous.target, "cube": now.cube - now.level**3}


ROOT = Model(
    "root",
    countries=("home",),
    variables=[Variable("level", "level"), Variable("cube", "its cube")],
    blocks=[root],
    exogenous=[Variable("target", "its square")],
)
ONE = make_databank(ROOT, range(2000, 2005), {"level": 1.0, "cube": 1.0, "target": 1.0})


def test_targets_far_away_are_reached_in_steps_and_it_is_said():
    plan = Plan().target("cube", 1e6, kind="levels", years=2002).instrument("target", years=2002)
    [plain, stepped] = [solve_plan(ROOT, ONE, plan, max_iterations=most) for most in (30, 8)]
    assert plain.simulation.notes == ()
    [note] = stepped.simulation.notes
    assert note.startswith("Newton failed from the start given; homotopy on the plan size reached it by way of ")
    for done in (plain, stepped):
        assert done.instruments[0].size[0] == pytest.approx(1e4 - 1, rel=1e-9)


NEGATIVE = (
    Plan()
    .target("consumption", -0.5, kind="levels", countries="home", years=2005)
    .instrument("tfp", countries="home", years=2005)
)


def test_a_target_out_of_reach_names_it_and_the_worst_equations():
    with pytest.raises(ConvergenceError) as caught:
        solve_plan(MODEL, BASE, NEGATIVE, name="austerity")
    message = str(caught.value)
    assert message.startswith("the plan of model growth, scenario austerity did not converge")
    assert "target consumption[home] in 2005: -0.5 asked, " in message
    assert "homotopy on the plan size solved up to" in message
    assert "Worst equations, with the values reached:" in message
    assert caught.value.solution.value.shape == (60, 7)


def test_the_best_iterate_comes_back_on_request():
    done = solve_plan(MODEL, BASE, NEGATIVE, throw=False)
    assert not done.ok
    assert not done.simulation.ok
    assert len(done.simulation.worst) == 5
    assert done.simulation.worst[0].equation.endswith("[home]")
    assert "unsolved" in done.summary()
    assert np.isfinite(done.simulation.databank["output"]).all()


def test_a_figure_of_countries_that_the_plan_leaves_alone_is_refused():
    done = solve_plan(*pair_model(0.5), both(3.0))
    with pytest.raises(InputError, match="the plan has no target and no instrument in JA"):
        done.plot(countries=["JA"])
