"""Plans: targets hit by instruments, what simulating the instruments gives, and what comes back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray
from growth_model import ALPHA, balanced_growth, growth_model, linear_model, steady_baseline, steady_state
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import AlignmentError, InputError
from tradewinds.solvers.perfect_foresight import (
    Plan,
    Shock,
    check,
    make_databank,
    residual_adjusted,
    simulate,
    solve_plan,
)
from tradewinds.solvers.perfect_foresight.simulate import prepare
from tradewinds.solvers.perfect_foresight.swap import read_plan

MODEL, LINEAR = growth_model(), linear_model()
BASE = steady_baseline(MODEL)
FLAT = make_databank(LINEAR, range(2000, 2022), {"price": 0.0, "wage": 0.0, "demand": 0.0})
few = settings(max_examples=12, deadline=None)


def hits(plan, baseline=BASE, shocks=(), model=MODEL, announced=None, **keywords):
    """Solve a plan, put its instruments through ``simulate``, and check that the targets are hit and the paths are the same."""
    done = solve_plan(model, baseline, plan, shocks, announced=announced, **keywords)
    again = simulate(model, baseline, [*shocks, *done.instruments], **keywords)
    for cell, goal in zip(done.swap.targets, done.swap.goals, strict=True):
        found = again.databank[cell.name].sel(year=cell.year)
        found = found.sel(country=cell.country) if cell.country else found
        assert float(found) == pytest.approx(float(goal), rel=1e-9, abs=1e-9)
    for item in (*model.variables, *model.exogenous):
        np.testing.assert_allclose(done.simulation.databank[item.name], again.databank[item.name], rtol=1e-9, atol=1e-9)
    assert done.ok
    return done


# Targets are hit.


def test_inversion_finds_the_shock_that_made_the_path():
    shock = Shock("tfp", (0.02, 0.05, -0.03, 0.01), 2004, 2007, ("home",))
    path = simulate(MODEL, BASE, [shock]).databank["output"]
    plan = Plan().target("output", path, kind="levels", countries="home", years=range(2004, 2008))
    done = hits(plan.instrument("tfp", countries="home", years=range(2004, 2008)))
    [found] = done.instruments
    assert (found.variable, found.start, found.end, found.countries) == ("tfp", 2004, 2007, ("home",))
    np.testing.assert_allclose(found.size, shock.size, atol=1e-11)
    np.testing.assert_allclose(done.simulation.databank["output"], path, rtol=1e-11)


def test_only_the_countries_and_years_named_are_touched():
    plan = Plan().target("output", 2.0, kind="percent", countries="home", years=[2003, 2007])
    done = hits(plan.instrument("tfp", countries=["home"], years=[2003, 2007]))
    change = done.simulation.databank["tfp"] - BASE["tfp"]
    assert np.all(change.sel(country="foreign") == 0.0)
    assert [int(year) for year in change["year"][(change.sel(country="home") != 0.0).values]] == [2003, 2007]
    deviation = done.simulation.deviations()["output"]
    np.testing.assert_allclose(deviation.sel(country="home", year=[2003, 2007]), 2.0, atol=1e-12)
    np.testing.assert_allclose(deviation.sel(country="foreign"), 0.0, atol=1e-12)


def test_instrument_by_hand_where_capital_is_given():
    """Output of the first year is productivity times given capital, so one per cent of one is one per cent of the other."""
    done = hits(Plan().target("output", 1.0, kind="percent", years=2001).instrument("tfp", years=2001))
    np.testing.assert_allclose([shock.size[0] for shock in done.instruments], 0.01, rtol=1e-10)
    later = hits(Plan().target("output", 1.0, kind="percent", years=2002).instrument("accumulation_add", years=2001))
    capital = later.simulation.databank["capital"].sel(year=2001)
    np.testing.assert_allclose(capital, 1.01 ** (1 / ALPHA) * steady_state()["capital"], rtol=1e-10)


def test_several_instruments_for_variables_of_countries_and_of_the_world():
    years = range(2002, 2006)
    plan = Plan().target("output", [1.0, 2.0, 1.0, 0.5], kind="percent", countries="home", years=years)
    plan = plan.target("consumption", 0.01, kind="points", countries="foreign", years=years)
    plan = plan.target("world_output", 3.2, kind="levels", years=2010)
    plan = plan.instrument("tfp", countries="home", years=years)
    plan = plan.instrument("euler_add", countries="foreign", years=years).instrument("transfer", years=2010)
    done = hits(plan)
    assert {(shock.variable, shock.countries) for shock in done.instruments} == {
        ("tfp", ("home",)),
        ("euler_add", ("foreign",)),
        ("transfer", ()),
    }
    residuals = check(MODEL, done.simulation.databank)
    assert max(float(abs(part).max()) for part in residuals.values()) < 1e-12


@pytest.mark.parametrize("terminal", ["fixed", "growth"])
@pytest.mark.parametrize("variable", ["output", "consumption"])
def test_first_and_last_year_are_hit(terminal, variable):
    plan = Plan().target(variable, 1.0, kind="percent", countries="home", years=(2001, 2060))
    hits(plan.instrument("tfp", countries="home", years=(2001, 2060)), terminal=terminal)


def test_the_whole_horizon_is_hit_on_a_growing_baseline():
    base = balanced_growth(MODEL)
    wave = np.sin(np.arange(30.0))[:, None] * [1.0, -2.0]
    plan = Plan().target("output", wave, kind="percent").instrument("tfp")
    done = hits(plan, base, terminal="growth")
    np.testing.assert_allclose(done.simulation.deviations()["output"].values[1:-1], wave, atol=1e-9)


def test_horizon_of_one_period():
    base = steady_baseline(MODEL, range(2000, 2003))
    hits(Plan().target("consumption", -1.0, kind="percent").instrument("euler_add"), base)


def test_initial_state_terminal_values_and_parameters_are_those_of_simulate():
    low, other = steady_state(0.9), steady_state(1.02)
    plan = (
        Plan().target("output", 1.5, kind="levels", years=range(2003, 2006)).instrument("tfp", years=range(2003, 2006))
    )
    done = hits(
        plan,
        initial={"capital": low["capital"]},
        terminal={"consumption": other["consumption"]},
        parameters={"delta": 0.11},
    )
    assert float(done.simulation.databank["capital"].sel(year=2000, country="home")) == low["capital"]


def test_baselines_that_solve_the_model_with_add_factors_or_not_at_all():
    noise = 1 + 0.02 * np.random.default_rng(3).standard_normal((62, 2))
    rough = BASE.assign(capital=BASE["capital"] * noise)
    plan = Plan().target("output", 1.0, kind="percent", countries="home", years=range(2003, 2008))
    plan = plan.instrument("production_add", countries="home", years=range(2003, 2008))
    adjusted = residual_adjusted(MODEL, rough)
    done = hits(plan, adjusted)
    table = done.tidy().query("role == 'instrument' or role == 'change'")
    levels = table.pivot_table(index="year", columns="role", values="value")
    before = adjusted["production_add"].sel(country="home", year=range(2003, 2008))
    np.testing.assert_allclose(levels["instrument"] - levels["change"], before, atol=1e-14)
    assert float(abs(before).max()) > 1e-3
    np.testing.assert_allclose(done.simulation.deviations()["output"].sel(country="foreign"), 0.0, atol=1e-9)
    hits(plan, rough)


def test_years_at_the_ends_may_lack_what_no_equation_reads():
    base = BASE.copy(deep=True)
    for name, end in (("consumption", 0), ("output", 0), ("output", -1), ("capital", -1)):
        base[name][end] = np.nan
    plan = Plan().target("output", 1.0, kind="percent", years=2004).instrument("tfp", years=2004)
    for year in (None, 2003):
        hits(plan, base, announced=year)


def test_kinds_of_targets_say_the_same():
    level = 1.02 * steady_state()["output"]
    asked = {"percent": 2.0, "points": 0.02 * steady_state()["output"], "levels": level}
    found = []
    for kind, value in asked.items():
        plan = Plan().target("output", value, kind=kind, years=2005).instrument("tfp", years=2005)
        found.append(hits(plan).instruments[0].size)
    np.testing.assert_allclose(found[1:], found[:-1], rtol=1e-10)


def test_labelled_values_are_aligned_by_their_labels():
    years, numbers = [2003, 2004], np.array([[1.0, 2.0], [3.0, 4.0]])
    frame = pd.DataFrame(numbers, index=years, columns=["home", "foreign"])
    array = xarray.DataArray(numbers, {"year": years, "country": ["home", "foreign"]}, ("year", "country"))
    same = [numbers, frame, frame.loc[::-1, ["foreign", "home"]], array, array.T.sel(country=["foreign", "home"])]
    for values in same:
        plan = Plan().target("output", values, kind="percent", years=years).instrument("tfp", years=years)
        np.testing.assert_array_equal(swap_of(plan).goals, swap_of_numbers(numbers))
    series = frame["home"][::-1]
    plan = Plan().target("output", series, kind="percent", countries="home", years=years)
    swap = swap_of(plan.instrument("tfp", countries="home", years=years))
    np.testing.assert_array_equal(swap.goals, swap_of_numbers(numbers[:, 0]))
    for row in ({"foreign": 2.0, "home": 1.0}, array[0].drop_vars("year").sel(country=["foreign", "home"])):
        plan = Plan().target("output", row, kind="percent", years=years).instrument("tfp", years=years)
        np.testing.assert_array_equal(swap_of(plan).goals, swap_of_numbers(numbers[[0, 0]]))
    short = Plan().target("output", frame, kind="percent", years=[2003, 2005]).instrument("tfp", years=years)
    with pytest.raises(AlignmentError, match="target output lacks year 2005"):
        swap_of(short)
    lacking = Plan().target("output", frame[["home"]], kind="percent", years=years).instrument("tfp", years=years)
    with pytest.raises(AlignmentError, match="target output lacks country foreign"):
        swap_of(lacking)


def swap_of(plan):
    return read_plan(plan, MODEL, prepare(MODEL, BASE, None, None, "fixed").paths, 2001)


def swap_of_numbers(percent):
    return (float(BASE["output"][0, 0]) * (1.0 + percent / 100.0)).ravel()


# Shocks beside the plan, and news.


def test_shocks_hold_beside_the_plan_and_may_meet_its_instruments():
    shocks = [Shock("tfp", 0.03, 2002, 2010, relative=True), Shock("transfer", 0.2, 2005)]
    plan = Plan().target("output", 0.0, kind="percent", countries="home", years=range(2002, 2011))
    done = hits(plan.instrument("tfp", countries="home", years=range(2002, 2011)), shocks=shocks)
    np.testing.assert_allclose(done.instruments[0].size, -0.03, atol=1e-10)
    assert done.simulation.shocks == (*shocks, *done.instruments)


def test_a_plan_that_comes_as_news_leaves_history_as_it_was():
    early = [Shock("tfp", 0.05, 2003, countries=("home",)), Shock("transfer", 0.1, 2012, announced=2008)]
    plan = Plan().target("output", [7.0, 8.0], kind="percent", countries="home", years=(2012, 2013))
    plan = plan.instrument("tfp", countries="home", years=(2012, 2013))
    done = hits(plan, shocks=early, announced=2010)
    assert all(shock.announced == 2010 for shock in done.instruments)
    before = simulate(MODEL, BASE, early).databank["consumption"].sel(country="home")
    found = done.simulation.databank["consumption"].sel(country="home")
    np.testing.assert_allclose(found.sel(year=slice(2000, 2009)), before.sel(year=slice(2000, 2009)), rtol=1e-9)
    assert abs(float(found.sel(year=2010) / before.sel(year=2010)) - 1) > 1e-4
    assert len(done.simulation.solutions) == 3
    foreseen = hits(plan, shocks=early[:1])
    assert float(abs(foreseen.simulation.databank["consumption"] / found - 1).sel(year=2005, country="home")) > 1e-4


def test_news_after_the_plan_is_refused():
    plan = Plan().target("output", 1.0, kind="percent", years=2012).instrument("tfp", years=2012)
    late = [Shock("tfp", 0.05, 2012, announced=2010)]
    with pytest.raises(InputError, match=r"announced in 2010, after the plan \(2001\).*announce the plan in 2010"):
        solve_plan(MODEL, BASE, plan, late)
    with pytest.raises(InputError, match="the plan is announced in 1999; the horizon is 2001 to 2060"):
        solve_plan(MODEL, BASE, plan, announced=1999)
    with pytest.raises(InputError, match="target output names the year 2012; the plan covers 2015 to 2060"):
        solve_plan(MODEL, BASE, plan, announced=2015)


# Properties.


@few
@given(
    st.sampled_from(
        [("output", "tfp"), ("output", "production_add"), ("consumption", "euler_add"), ("capital", "tfp")]
    ),
    st.lists(st.floats(-8, 8, allow_subnormal=False), min_size=1, max_size=8),
    st.integers(2001, 2050),
    st.sampled_from(["home", "foreign", ("foreign", "home")]),
)
def test_inversion_then_simulation_returns_the_target(pair, percent, start, countries):
    years = range(start, start + len(percent))
    plan = Plan().target(pair[0], percent, kind="percent", countries=countries, years=years)
    hits(plan.instrument(pair[1], countries=countries, years=years))


@few
@given(st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3), st.integers(2001, 2017))
def test_a_linear_model_is_inverted_in_one_newton_step(size, start):
    years = range(start, start + 4)
    plan = Plan().target("price", size, kind="levels", countries="home", years=years)
    done = hits(plan.instrument("demand", countries="home", years=years), FLAT, model=LINEAR)
    assert done.simulation.solutions[0].iterations == 1


@few
@given(st.sampled_from([("output", "tfp"), ("consumption", "euler_add")]), st.integers(2001, 2060))
def test_a_target_that_is_the_baseline_changes_nothing(pair, year):
    done = hits(Plan().target(pair[0], 0.0, kind="points", years=year).instrument(pair[1], years=year))
    assert done.simulation.solutions[0].iterations == 0
    assert [shock.size for shock in done.instruments] == [(0.0,), (0.0,)]
    assert 1.0 <= done.condition_number < 10.0


# What comes back.


def test_tables_text_and_figure():
    plan = Plan().target("output", 1.0, kind="percent", countries="home", years=(2003, 2004))
    plan = plan.target("world_output", 3.1, kind="levels", years=2005)
    done = solve_plan(
        MODEL,
        BASE,
        plan.instrument("production_add", countries="home", years=(2003, 2004)).instrument("transfer", years=2005),
    )
    table = done.tidy()
    assert list(table.columns) == ["variable", "value", "unit", "role", "country", "year"]
    assert len(table) == 12
    wide = table.pivot_table(index=["variable", "country", "year"], columns="role", values="value", dropna=False)
    np.testing.assert_allclose(wide["target"].dropna(), wide["reached"].dropna(), rtol=1e-12)
    np.testing.assert_array_equal(wide["change"].dropna(), wide["instrument"].dropna())  # from a baseline of zero
    assert table.query("variable == 'transfer' and role == 'change'")["value"].item() == done.instruments[1].size[0]
    text = done.summary()
    assert text.startswith("plan: 3 target(s) and as many instruments, condition number ")
    assert "largest miss: " in text
    assert done.citation_keys == done.simulation.citation_keys
    panels = {axis.get_title(loc="left") or axis.get_title(): axis for axis in done.plot().axes}
    assert set(panels) == {
        "output",
        "world output",
        "production add (change of instrument)",
        "transfer (change of instrument)",
    }
    drawn = panels["transfer (change of instrument)"].lines[0].get_ydata()
    assert drawn[5] == done.instruments[1].size[0]
    assert np.count_nonzero(drawn) == 1
    assert len(done.plot(countries=["foreign"]).axes) == 2  # those for the world
    with pytest.raises(InputError, match="has no country 'hom'"):
        done.plot(countries=["hom"])


def test_contributions_of_instruments_add_up():
    plan = Plan().target("output", 3.0, kind="percent", countries="home", years=(2003, 2004))
    done = solve_plan(
        MODEL, BASE, plan.instrument("tfp", countries="home", years=(2003, 2004)), [Shock("tfp", 0.01, 2002)]
    )
    parts = done.simulation.contributions()["output"]
    np.testing.assert_allclose(parts.sum("shock"), done.simulation.deviations()["output"], atol=1e-9)
