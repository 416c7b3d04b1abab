"""What users get wrong: each is said before anything is solved, with what is allowed and what to try; nothing is lost."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
import xarray
from growth_model import growth_model, steady_baseline

from tradewinds.errors import AlignmentError, ConvergenceError, DataError, InputError
from tradewinds.solvers.perfect_foresight import (
    Model,
    Parameter,
    Shock,
    Variable,
    check,
    inspect,
    longer,
    make_databank,
    read_databank,
    require_determinate,
    residual_adjusted,
    simulate,
    simulate_many,
    steady_state,
)

MODEL = growth_model()
BASE = steady_baseline(MODEL, range(2000, 2012))


def changed(**changes):
    given = {
        "countries": MODEL.countries,
        "variables": MODEL.variables,
        "exogenous": MODEL.exogenous,
        "parameters": MODEL.parameters,
        "blocks": MODEL.blocks,
    }
    return Model("growth", **(given | changes))


def with_block(block):
    return changed(blocks=(*MODEL.blocks[:2], block))


def extra(now, lag, lead, exogenous, parameters):
    return {"extra": now.capital - lag.capital}


def one_argument(now):
    return {"world": now.world_output}


def branches(now, lag, lead, exogenous, parameters):
    return {"world": now.world_output - exogenous.transfer if now.output[0] > 1 else now.world_output}


def numpy_function(now, lag, lead, exogenous, parameters):
    return {"world": now.world_output - np.log(now.output).sum() - exogenous.transfer}


def math_function(now, lag, lead, exogenous, parameters):
    return {"world": math.log(now.world_output) - exogenous.transfer}


def lists(now, lag, lead, exogenous, parameters):
    return {"world": [now.world_output - exogenous.transfer]}


def numbered(now, lag, lead, exogenous, parameters):
    return {1: now.world_output - exogenous.transfer}


def named_country(now, lag, lead, exogenous, parameters):
    return {"country": now.world_output - exogenous.transfer}


def complex_residual(now, lag, lead, exogenous, parameters):
    return {"world": 1j * now.world_output - exogenous.transfer}


COUNT = "model growth has 9 equations and 7 unknowns a period; no unknown is left for extra[home], extra[foreign]"
FORMULAS = "needs the number behind a variable, and equations are formulas: use jax.numpy instead of numpy or math"
FIVE = "block one_argument does not take the five arguments of a block; write it as def block(now, lag, lead, exogenous"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: changed(blocks=(*MODEL.blocks, extra)), COUNT),
        (lambda: changed(blocks=MODEL.blocks[1:]), "no equation is left to determine consumption[home], consumption"),
        (lambda: changed(variables=(*MODEL.variables, Variable("idle", ""))), "no equation contains idle[home], idle"),
        (
            lambda: changed(exogenous=(*MODEL.exogenous, Variable("idle", ""))),
            "no equation reads exogenous idle; leave",
        ),
        (lambda: changed(variables=("capital",)), "must be a sequence of Variable; one of them is 'capital'"),
        (lambda: changed(parameters=Parameter("alpha", 0.3, "")), "such as [Parameter(...)], got a Parameter"),
        (lambda: changed(countries="home"), "countries of model growth are one text; write ['home']"),
        (
            lambda: changed(variables=(*MODEL.variables[:3], Variable("world_output", "", dimension="globl"))),
            "dimension of world_output is 'globl'. Did you mean \"global\"? Allowed: country, global.",
        ),
        (
            lambda: with_block({"world": 1}),
            "a block of equations is {'world': 1}; write it as def block(now, lag, lead",
        ),
        (lambda: changed(blocks=extra), "blocks of model growth are one function; write [extra]"),
        (lambda: changed(countries=2), "countries of model growth: 2 is no name; give one name, or several"),
        (
            lambda: changed(variables=(*MODEL.variables, Variable("year", ""))),
            "'year' cannot be the name of a variable",
        ),
        (lambda: changed(variables=(*MODEL.variables, Variable(7, ""))), "7 cannot be the name of a variable"),
        (lambda: with_block(named_country), "'country' cannot be the name of an equation: it means the countries"),
        (lambda: with_block(complex_residual), "equation 'world' has a residual of complex128; expected real numbers"),
        (
            lambda: longer("capital", lag=2),
            "what longer() shifts must be a sequence of Variable; one of them is 'capital'",
        ),
        (lambda: longer(MODEL.variables[0], lag=2.0), "longest lag and lead of capital are 2.0 and 1; both must be"),
        (
            lambda: changed(parameters=[Parameter("alpha", 0.3, "", bounds=(1, 0))]),
            "bounds of parameter alpha are (1, 0)",
        ),
        (
            lambda: changed(parameters=[Parameter("alpha", 0.3, "", bounds="01")]),
            "bounds of parameter alpha are '01'; give",
        ),
        (lambda: with_block(one_argument), FIVE),
        (lambda: with_block(branches), f"block branches {FORMULAS}"),
        (lambda: with_block(numpy_function), f"block numpy_function {FORMULAS}"),
        (lambda: with_block(math_function), f"block math_function {FORMULAS}"),
        (lambda: with_block(lists), "equation 'world' in block lists is a list; expected a number or array"),
        (lambda: with_block(numbered), "block numbered names an equation 1; names are text"),
    ],
)
def test_what_cannot_be_a_model(build, message):
    with pytest.raises(InputError, match=re.escape(message)):
        build()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.2, "parameter alpha is 1.2; it must lie between 0 and 1, ends excluded (share of capital)"),
        ([0.3, -0.1], "parameter alpha[foreign] is -0.1; it must lie between 0 and 1"),
        (float("nan"), "parameter alpha is nan; it must lie between 0 and 1"),
        ([0.3, 0.3, 0.3], "parameter alpha has shape (3,); give one number, or one for each of home, foreign"),
        ("a third", "parameter alpha is 'a third'; expected numbers"),
        (0.3 + 0.1j, "parameter alpha is (0.3+0.1j); expected numbers"),
        ({"home": 0.3}, "parameter alpha lacks foreign"),
        ({"home": 0.3, "abroad": 0.4}, "parameter alpha lacks foreign and names abroad, which the model lacks"),
    ],
)
def test_parameters(value, message):
    with pytest.raises(InputError, match=re.escape(message)):
        simulate(MODEL, BASE, parameters={"alpha": value})


def test_parameters_by_country_are_put_in_order():
    for value in ({"foreign": 0.4, "home": 0.3}, pd.Series({"foreign": 0.4, "home": 0.3})):
        assert MODEL.read_parameters({"alpha": value})["alpha"].tolist() == [0.3, 0.4]
    pairs = Parameter("share", ((0.0, 1.0), (1.0, 0.0)), "trade", pairs=True)
    frame = pd.DataFrame([[4.0, 3.0], [2.0, 1.0]], index=["b", "a"], columns=["b", "a"])
    assert pairs.read(frame, ("a", "b")).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(AlignmentError, match="parameter share names a country twice"):
        pairs.read(frame.set_axis(["a", "a"]), ("a",))


def broken(**cells):
    bank = BASE.copy(deep=True)
    for name, (place, value) in cells.items():
        bank[name][place] = value
    return bank


def test_numbers_that_are_missing_are_named_with_their_place():
    bank = broken(capital=((3, 1), np.nan), tfp=((5, 0), np.inf)).drop_vars("consumption")
    for use in (check, residual_adjusted, simulate):
        with pytest.raises(DataError) as caught:
            use(MODEL, bank)
        assert [problem.split(" (")[0] for problem in caught.value.problems] == [
            "capital is nan at foreign, 2003",
            "consumption is missing",
            "tfp is inf at home, 2005",
        ]


def test_a_lead_in_the_last_period_needs_a_terminal_condition():
    """The year beyond the horizon has no consumption, which the Euler equation reads."""
    bank = broken(consumption=(-1, np.nan))
    with pytest.raises(DataError) as caught:
        simulate(MODEL, bank, [Shock("tfp", 0.01, 2003)])
    [problem] = caught.value.problems
    assert problem.startswith("consumption is nan at home, 2011")
    assert "terminal=\"growth\" or terminal={'consumption': value}" in problem
    assert simulate(MODEL, bank, [Shock("tfp", 0.01, 2003)], terminal="growth").ok
    last = BASE["consumption"].values[-1]
    assert simulate(MODEL, bank, [Shock("tfp", 0.01, 2003, 2004)], terminal={"consumption": last}).ok


@pytest.mark.parametrize(
    ("bank", "message"),
    [
        (
            {"capital": 1.0},
            "baseline is a dict; expected an xarray.Dataset, such as make_databank(model, years, values)",
        ),
        (pd.DataFrame({"capital": [1.0]}), "baseline is a DataFrame; expected an xarray.Dataset"),
        (BASE.isel(year=[0, 1]), "years must be three or more in a row"),
        (BASE.isel(year=[0, 1, 3, 4]), "years must be three or more in a row"),
        (BASE.assign_coords(year=BASE["year"].values + 0.5), "year 2000.5 is no whole number; label years by numbers"),
        (
            BASE.assign_coords(year=pd.date_range("2000", "2011", freq="YS")),
            "is no whole number; label years by numbers",
        ),
        (BASE.assign_coords(year=[str(year) for year in range(2000, 2012)]), "year '2000' is no whole number"),
        (BASE.isel(country=0), "baseline has lost its dimension country; keep it by sel(country=['home'])"),
        (BASE.drop_vars("year"), "baseline has no coordinate year"),
        (BASE.isel(country=[0]), "countries of baseline: it lacks foreign"),
        (BASE.isel(country=[0, 0]), "countries of baseline: it lacks foreign"),
        (BASE.assign(capital=BASE["capital"].astype(object).where(False, "x")), "capital is an array of object"),
        (BASE.assign(capital=BASE["capital"] + 1j), "capital is an array of complex128; expected numbers"),
        (BASE.assign(euler_add=("year", np.zeros(12))), "euler_add has dimensions year; expected year, country"),
        (BASE.assign(eulr_add=BASE["tfp"]), 'eulr_add is no equation\'s add factor. Did you mean "euler_add"?'),
    ],
)
def test_what_cannot_be_a_baseline(bank, message):
    with pytest.raises(InputError, match=re.escape(message)):
        simulate(MODEL, bank)


def test_what_is_no_model():
    for use in (simulate, check, residual_adjusted, inspect, require_determinate):
        with pytest.raises(InputError, match="the model is a str; write it as Model"):
            use("growth", BASE)
    with pytest.raises(InputError, match="the model is a str; write it as Model"):
        make_databank("growth", range(2000, 2004), {})
    with pytest.raises(InputError, match="the model is a str; write it as Model"):
        steady_state("growth")


def test_other_variables_of_a_databank_are_left_alone():
    assert simulate(MODEL, BASE.assign(population=BASE["tfp"])).ok


def test_equations_that_have_no_value_cannot_be_adjusted():
    """A negative stock of capital to a fractional power."""
    bank = broken(capital=((4, 1), -1.0))
    with pytest.raises(
        DataError, match=r"equation euler\[foreign\] is nan in 2004 \(2 such values\): look for logarithms"
    ):
        residual_adjusted(MODEL, bank)
    assert np.isnan(check(MODEL, bank)["euler"].sel(year=2004, country="foreign"))  # a check shows it in its place


def values(**changes):
    given = {"capital": 1.0, "consumption": 1.0, "output": 1.0, "world_output": 1.0, "tfp": 1.0, "transfer": 0.0}
    return make_databank(MODEL, range(2000, 2004), given | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"captial": 1.0}, "model growth knows no 'captial'. Did you mean \"capital\"?"),
        ({"capital": "much"}, "capital is 'much'; expected numbers"),
        ({"capital": [1.0, 2.0, 3.0]}, "capital has shape (3,); expected a number or (4, 2), (year, country)"),
        ({"capital": {"home": 1.0}}, "capital lacks foreign"),
        ({"transfer": {"home": 1.0, "foreign": 1.0}}, "transfer is given by country; it is one number for the world"),
        ({"capital": pd.Series({2000: 1.0, 2001: 1.0})}, "capital lacks year 2002"),
        (
            {"capital": xarray.DataArray([1.0], dims="sector")},
            "capital has the dimension sector; expected year, country",
        ),
    ],
)
def test_what_cannot_be_put_into_a_databank(changes, message):
    with pytest.raises(InputError, match=re.escape(message)):
        values(**changes)


def test_labels_decide_the_order_of_what_is_put_into_a_databank():
    frame = pd.DataFrame(
        {"foreign": [4.0, 3.0, 2.0, 1.0], "home": [40.0, 30.0, 20.0, 10.0]}, index=range(2003, 1999, -1)
    )
    labels = {"country": ["foreign", "home"], "year": list(frame.index)}
    array = xarray.DataArray(frame.to_numpy().T, labels, ("country", "year"))
    for given in (frame, array):
        assert values(capital=given)["capital"].values.tolist() == [[10.0, 1.0], [20.0, 2.0], [30.0, 3.0], [40.0, 4.0]]
    assert values(capital={"foreign": 2.0, "home": 1.0})["capital"].values.tolist() == [[1.0, 2.0]] * 4
    yearly = values(capital=frame["home"], transfer=frame["foreign"])
    assert yearly["capital"].values.tolist() == [[10.0, 10.0], [20.0, 20.0], [30.0, 30.0], [40.0, 40.0]]
    assert yearly["transfer"].values.tolist() == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("shocks", "message"),
    [
        (Shock("tfp", 0.1, 2001), "shocks must be a sequence of Shock, such as [Shock(...)], got a Shock"),
        (["tfp"], "shocks must be a sequence of Shock; one of them is 'tfp'"),
        ([Shock("tfp", "much", 2001)], "size of the shock to tfp is 'much'; expected numbers"),
        ([Shock("tfp", (), 2001)], "shock to tfp has 0 sizes for 10 years"),
        ([Shock("tfp", pd.Series({2005: 0.1, 2006: 0.1}), 2001, 2002)], "size of the shock to tfp lacks year 2001"),
        (
            [Shock("transfer", 0.1, 2001, relative=True)],
            "transfer from 2001 is relative to a baseline of zero, of which",
        ),
        (
            [Shock("euler_add", 0.1, 2001, relative=True)],
            "relative to a baseline of zero, of which any fraction is nothing",
        ),
        ([Shock(5, 0.1, 2001)], "5 is no exogenous variable or add factor of model growth"),
        ([Shock("tfp", 0.1, 2001, countries=[5])], "shock to tfp: no country '5'"),
    ],
)
def test_what_cannot_be_shocks(shocks, message):
    with pytest.raises(InputError, match=re.escape(message)):
        simulate(MODEL, BASE, shocks)


def test_a_shock_reads_years_and_one_country_as_people_write_them():
    plain = Shock("tfp", 0.1, 2001, 2003, countries=("home",))
    assert Shock("tfp", 0.1, np.int64(2001), 2003.0, countries="home") == plain
    for wrong in (2001.5, "soon", "2001", True, None):
        with pytest.raises(InputError, match="is no whole number"):
            Shock("tfp", 0.1, wrong)
    with pytest.raises(InputError, match="countries of the shock to tfp: 5 is no name; give one name, or several"):
        Shock("tfp", 0.1, 2001, countries=5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"terminal": None}, "terminal is None; allowed: fixed, growth, or values by variable"),
        ({"terminal": {"capital": "much"}}, "terminal state of capital is 'much'; expected numbers"),
        ({"terminal": {"capital": {"home": 1.0}}}, "terminal state of capital lacks foreign"),
        ({"initial": [1.0]}, "initial state is a list; give values by name: {name: value}"),
        ({"initial": pd.Series({"capital": 3.0})}, "initial state is a Series; give values by name: {name: value}"),
        (
            {"initial": {"consumption": 9.0}},
            "initial state of consumption: no equation reads it with a lag, so that it",
        ),
        ({"terminal": {"capital": 9.0}}, "terminal state of capital: no equation reads it with a lead, so that it"),
        ({"parameters": [0.3]}, "parameters is a list; give values by name: {name: value}"),
        (
            {"parameters": {"alpha": xarray.DataArray([0.3, 0.4], dims="year")}},
            "parameter alpha is given by year; give one number, or one a country",
        ),
        ({"tolerance": 0.0}, "tolerance is 0.0; it must be a positive number such as 1e-10"),
        ({"tolerance": None}, "tolerance is None; it must be a positive number"),
        ({"tolerance": float("inf")}, "tolerance is inf; it must be a positive number"),
        ({"max_iterations": "many"}, "max_iterations is 'many'; it must be a whole number such as 30"),
        ({"max_iterations": 2.5}, "max_iterations is 2.5; it must be a whole number such as 30"),
        ({"solver": "superly"}, 'Did you mean "superlu"?'),
    ],
)
def test_settings(settings, message):
    with pytest.raises(InputError, match=re.escape(message)):
        simulate(MODEL, BASE, [Shock("tfp", 0.1, 2001)], **settings)


def test_scenarios_have_names():
    for wrong in ({}, [[Shock("tfp", 0.1, 2001)]]):
        with pytest.raises(InputError, match="simulate_many needs at least one scenario by name"):
            simulate_many(MODEL, BASE, wrong)


def test_a_failed_simulation_loses_nothing():
    """Everything that was reached comes back on request, and travels with the error otherwise."""
    impossible = [Shock("tfp", -5.0, 2001)]
    with pytest.raises(ConvergenceError) as caught:
        simulate(MODEL, BASE, impossible)
    kept = simulate(MODEL, BASE, impossible, throw=False)
    assert not kept.ok
    assert kept.worst
    assert np.array_equal(caught.value.solution.value, kept.solutions[-1].value)
    assert np.isfinite(read_databank(MODEL, kept.databank).unknowns).all()
