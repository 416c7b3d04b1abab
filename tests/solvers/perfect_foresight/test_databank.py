"""What a databank may lack at its ends and nowhere else, and what the state beyond the horizon is taken from."""

from __future__ import annotations

import numpy as np
import pytest
from growth_model import balanced_growth, growth_model, steady_baseline, steady_state

from tradewinds.errors import DataError, InputError
from tradewinds.solvers.perfect_foresight import (
    Model,
    Plan,
    Shock,
    Variable,
    check,
    make_databank,
    read_databank,
    residual_adjusted,
    simulate,
    simulate_many,
    solve_plan,
)

MODEL = growth_model()
YEARS = range(2000, 2032)
#: What the growth model never reads with a lag, and never with a lead.
NO_LAG, NO_LEAD = (
    ("consumption", "output", "world_output", "tfp", "transfer"),
    ("capital", "output", "world_output", "transfer"),
)


def holes(bank, first=(), last=()):
    """Return a databank without some values of its first and last year."""
    out = bank.copy(deep=True)
    for names, row in ((first, 0), (last, -1)):
        for name in names:
            out[name][row] = np.nan
    return out


def test_a_model_knows_what_its_equations_read():
    assert [name for name in ("capital", *NO_LAG) if MODEL.reads(name, -1)] == ["capital"]
    assert [name for name in ("consumption", "tfp", *NO_LEAD) if MODEL.reads(name, 1)] == ["consumption", "tfp"]
    assert all(MODEL.reads(name, 0) for name in ("capital", "consumption", "output", "world_output", "tfp", "transfer"))


@pytest.mark.parametrize("terminal", ["fixed", "growth"])
def test_what_no_equation_reads_may_be_missing_at_the_ends(terminal):
    whole, shock = steady_baseline(MODEL, YEARS), [Shock("tfp", 0.05, 2003, countries=("home",))]
    partial = holes(whole, NO_LAG, NO_LEAD)
    assert max(float(abs(part).max()) for part in check(MODEL, partial).values()) < 1e-14
    one, other = (simulate(MODEL, bank, shock, terminal=terminal) for bank in (whole, partial))
    inside = {"year": slice(2001, 2030)}
    for item in MODEL.variables:
        np.testing.assert_array_equal(one.databank[item.name].sel(inside), other.databank[item.name].sel(inside))
    assert np.isnan(other.databank["output"].sel(year=2000)).all()  # what is not known is not made up
    assert "output" in other.summary()
    assert "nan" not in other.summary()
    assert one.summary() == other.summary()
    assert len(other.tidy()) == len(one.tidy())
    assert simulate(MODEL, residual_adjusted(MODEL, partial)).solutions[0].iterations == 0


def test_a_surprise_needs_no_more_than_that():
    shocks = [Shock("tfp", 0.05, 2003), Shock("transfer", 0.1, 2010, 2012, announced=2008)]
    whole = steady_baseline(MODEL, YEARS)
    one, other = (simulate(MODEL, bank, shocks).databank for bank in (whole, holes(whole, NO_LAG, NO_LEAD)))
    np.testing.assert_array_equal(
        one["capital"].sel(year=slice(2000, 2030)), other["capital"].sel(year=slice(2000, 2030))
    )


@pytest.mark.parametrize("announced", [None, 2005])
def test_plans_and_contributions_need_no_more_than_that(announced):
    whole, years = steady_baseline(MODEL, YEARS), range(2006, 2009)
    partial = holes(whole, NO_LAG, NO_LEAD)
    plan = Plan().target("output", [1.0, 1.5, 2.0], kind="percent", countries="home", years=years)
    plan = plan.instrument("tfp", countries="home", years=years)
    one, other = (solve_plan(MODEL, bank, plan, announced=announced).simulation.databank for bank in (whole, partial))
    np.testing.assert_array_equal(one["tfp"].sel(year=slice(2001, 2030)), other["tfp"].sel(year=slice(2001, 2030)))
    parts = simulate(MODEL, partial, [Shock("tfp", 0.02, 2003), Shock("transfer", 0.1, 2005)]).contributions("points")
    total = parts["world_output"].sum("shock").sel(year=2010)
    change = simulate(MODEL, whole, [Shock("tfp", 0.02, 2003), Shock("transfer", 0.1, 2005)]).deviations("points")
    assert float(total) == pytest.approx(float(change["world_output"].sel(year=2010)), rel=1e-9)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (
            ["capital"],
            [],
            r"capital is nan at home, 2000 \(2 such values\): equations of the next year read it with a lag",
        ),
        (
            [],
            ["consumption"],
            r"consumption is nan at home, 2031 \(2 such values\): .* read it with a lead; give it, or terminal=",
        ),
        ([], ["tfp"], r"tfp is nan at home, 2031 \(2 such values\): equations of the year before read it with a lead$"),
    ],
)
def test_what_is_read_is_named_with_who_reads_it(first, last, message):
    with pytest.raises(DataError, match=message):
        simulate(MODEL, holes(steady_baseline(MODEL, YEARS), first, last))


def test_in_between_everything_is_needed():
    bank = steady_baseline(MODEL, YEARS)
    bank["output"][1, 1] = np.nan
    with pytest.raises(DataError, match=r"output is nan at foreign, 2001$"):
        read_databank(MODEL, bank)
    bank = holes(steady_baseline(MODEL, YEARS), ["output"])
    bank["output"][5, 0] = np.nan
    with pytest.raises(DataError, match=r"output is nan at home, 2005$"):
        read_databank(MODEL, bank)


def test_only_what_is_missing_may_be_missing():
    bank = steady_baseline(MODEL, YEARS)
    bank["output"][0, 1] = np.inf
    with pytest.raises(DataError, match="output is inf at foreign, 2000"):
        read_databank(MODEL, bank)


def test_a_country_without_history_is_named():
    bank = steady_baseline(MODEL, YEARS)
    bank["capital"][0, 1] = np.nan
    with pytest.raises(
        DataError, match=r"capital is nan at foreign, 2000: equations of the next year read it with a lag"
    ):
        check(MODEL, bank)


def test_add_factors_of_the_ends_are_never_read():
    bank = steady_baseline(MODEL, YEARS)
    add = np.zeros((len(YEARS), 2))
    add[[0, -1]] = np.nan
    bank["euler_add"] = (("year", "country"), add)
    assert simulate(MODEL, bank).solutions[0].iterations == 0
    bank["euler_add"][3, 1] = np.nan
    with pytest.raises(DataError, match="euler_add is nan at foreign, 2003"):
        simulate(MODEL, bank)


def test_states_given_to_simulate_fill_what_is_read():
    whole, state = steady_baseline(MODEL, YEARS), steady_state()
    partial = holes(whole, ("capital", *NO_LAG), ("consumption", *NO_LEAD))
    given = {"initial": {"capital": 0.9 * state["capital"]}, "terminal": {"consumption": state["consumption"]}}
    one, other = (simulate(MODEL, bank, **given).databank for bank in (whole, partial))
    for item in MODEL.variables:
        np.testing.assert_array_equal(
            one[item.name].sel(year=slice(2001, 2030)), other[item.name].sel(year=slice(2001, 2030))
        )
    with pytest.raises(DataError, match=r"capital is nan at home, 2000"):
        simulate(MODEL, partial, terminal=given["terminal"])
    with pytest.raises(DataError, match=r"consumption is nan at home, 2031"):
        simulate(MODEL, partial, initial=given["initial"], terminal={"capital": 1.0})
    with pytest.raises(InputError, match=r"terminal state: model growth determines no 'consumtion'"):
        simulate(MODEL, whole, terminal={"consumtion": 1.0})


def test_terminal_growth_without_a_last_year_goes_on_as_before_it():
    """On a balanced path growth is the same a year earlier, so all is as with the whole databank."""
    whole = balanced_growth(MODEL, 0.02, YEARS)
    partial = holes(whole, NO_LAG, ("consumption", *NO_LEAD))
    assert simulate(MODEL, partial, terminal="growth").solutions[0].iterations == 0
    shock = [Shock("tfp", 0.05, 2003, relative=True)]
    one, other = (simulate(MODEL, bank, shock, terminal="growth") for bank in (whole, partial))
    for item in MODEL.variables:
        np.testing.assert_allclose(
            one.databank[item.name].sel(year=slice(2001, None)),
            other.databank[item.name].sel(year=slice(2001, None)),
            rtol=1e-9,
        )


def test_terminal_growth_uses_the_last_year_where_there_is_one():
    whole = balanced_growth(MODEL, 0.02, YEARS)
    bent = whole.copy(deep=True)
    bent["consumption"][-1] *= 1.01
    given = holes(bent, last=NO_LEAD)
    found = simulate(MODEL, given, terminal="growth").databank["consumption"]
    ratio = float(found[-1, 0] / found[-2, 0])
    assert ratio == pytest.approx(1.02 * 1.01, rel=1e-9)
    kept = simulate(MODEL, holes(whole, last=["consumption"]), terminal="growth").databank["consumption"]
    assert float(kept[-1, 0] / kept[-2, 0]) == pytest.approx(1.02, rel=1e-9)


def test_terminal_growth_needs_two_years():
    short = holes(steady_baseline(MODEL, range(2000, 2003)), ["consumption"], ["consumption"])
    with pytest.raises(DataError, match=r"consumption is read with a lead, and missing in 2002 and in 2000"):
        simulate(MODEL, short, terminal="growth")
    with pytest.raises(DataError, match="tfp is nan at home, 2002"):  # what is given to a model does not grow by itself
        simulate(MODEL, holes(steady_baseline(MODEL, range(2000, 2003)), last=["tfp"]), terminal="growth")


@pytest.mark.parametrize("terminal", ["fixed", "growth"])
def test_a_horizon_of_one_period_with_the_least_that_it_reads(terminal):
    whole = steady_baseline(MODEL, range(2000, 2003), tfp=[1.0, 1.2])
    partial = holes(whole, NO_LAG, NO_LEAD)
    shocks = {"tfp": [Shock("tfp", 0.1, 2001, 2001)], "surprise": [Shock("transfer", 0.1, 2001, announced=2001)]}
    one, other = (simulate_many(MODEL, bank, shocks, terminal=terminal) for bank in (whole, partial))
    for name in shocks:
        for item in MODEL.variables:
            np.testing.assert_array_equal(
                one[name].databank[item.name].sel(year=2001), other[name].databank[item.name].sel(year=2001)
            )
    assert float(one["tfp"].deviations()["output"].sel(year=2001, country="home")) == pytest.approx(10.0)
    assert float(one["surprise"].deviations("points")["world_output"].sel(year=2001)) == pytest.approx(0.1)


@pytest.mark.parametrize("solver", ["SuperLU", "BlockElimination"])
def test_a_horizon_of_one_period_with_each_solver(solver):
    from tradewinds.solvers.perfect_foresight import linear

    base = steady_baseline(MODEL, range(2000, 2003))
    shock = [Shock("tfp", 0.1, 2001, countries=("home",))]
    reference = simulate(MODEL, base, shock).databank
    found = simulate(MODEL, base, shock, solver=getattr(linear, solver)()).databank
    for item in MODEL.variables:
        np.testing.assert_allclose(found[item.name], reference[item.name], rtol=1e-10)
    with pytest.raises(InputError, match="three or more in a row"):
        make_databank(MODEL, range(2000, 2002), {})


def test_an_exogenous_variable_that_nothing_reads_is_refused():
    def block(now, lag, lead, ex, p):
        return {"level": now.level - ex.target}

    declared = {"variables": [Variable("level", "level")], "blocks": [block], "countries": ("A", "B")}
    with pytest.raises(
        InputError, match="model idle: no equation reads exogenous bonus, malus; leave it out, or read it"
    ):
        Model("idle", exogenous=[Variable(name, "") for name in ("target", "bonus", "malus")], **declared)


def test_a_switch_counts_as_read():
    """It has no derivative anywhere, so it is in no pattern."""
    import jax.numpy as jnp

    def block(now, lag, lead, ex, p):
        rule = jnp.where(ex.lead.switch > 0, 0.5 * lag.level, ex.target)
        return {"level": now.level - rule}

    model = Model(
        "switch",
        countries=("A",),
        variables=[Variable("level", "level")],
        exogenous=[Variable("target", ""), Variable("switch", "")],
        blocks=[block],
    )
    bank = make_databank(model, range(6), {"level": 1.0, "target": 1.0, "switch": 0.0})
    done = simulate(model, bank, [Shock("switch", 1.0, 3, 4)]).databank["level"].values[:, 0]
    np.testing.assert_allclose(done[:5], [1.0, 1.0, 0.5, 0.25, 1.0])
    with pytest.raises(DataError, match=r"switch is nan at A, 5: .*with a lead"):
        simulate(model, holes(bank, last=["switch"]))
    simulate(model, holes(bank, ["switch"]))
