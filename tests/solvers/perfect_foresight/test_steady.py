"""Steady states and balanced growth against closed forms, and what is said where levels are open or equations break."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from growth_model import ALPHA, DELTA, balanced_growth, growth_model, steady_state
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers.perfect_foresight import Model, Parameter, Variable, check, longer, simulate
from tradewinds.solvers.perfect_foresight import steady_state as solve

sys.path.insert(0, str(Path(__file__).parents[2] / "crosscheck"))
from models import world_model, world_start

MODEL = growth_model()
GIVEN = {"tfp": 1.0, "transfer": 0.0}
GROWING = ("capital", "consumption", "output", "world_output")


def largest(residuals):
    return max(float(abs(part).max()) for part in residuals.values())


def test_growth_model_has_its_analytic_steady_state():
    found = solve(MODEL, {"tfp": [0.8, 1.3], "transfer": 0.5})
    expected = steady_state(np.array([0.8, 1.3]))
    for name, value in expected.items():
        np.testing.assert_allclose(found.values[name], value, rtol=1e-12)
    assert float(found.values["world_output"]) == pytest.approx(expected["output"].sum() + 0.5, rel=1e-12)
    assert found.ok
    assert found.residual.norm < 1e-14


@pytest.mark.parametrize("guess", [0.01, 0.1, 3.0, 100.0])
def test_poor_guesses_lead_to_the_same(guess):
    found = solve(MODEL, GIVEN, guess=dict.fromkeys(GROWING, guess))
    np.testing.assert_allclose(found.values["capital"], steady_state()["capital"], rtol=1e-11)


def test_parameters_by_country():
    beta = np.array([0.95, 0.97])
    found = solve(MODEL, GIVEN, {"beta": beta})
    expected = (ALPHA / (1 / beta - 1 + DELTA)) ** (1 / (1 - ALPHA))
    np.testing.assert_allclose(found.values["capital"], expected, rtol=1e-12)
    assert largest(check(MODEL, found.databank(range(5)), {"beta": beta})) < 1e-14


def ramsey(rate):
    rates = dict.fromkeys(GROWING, rate) | {"tfp": (1 + rate) ** (1 - ALPHA) - 1}
    return solve(MODEL, {"tfp": 1.0, "transfer": 0.0}, growth=rates)


def test_balanced_growth_is_the_closed_form():
    """Of the Ramsey model; the levels are those of the year in which productivity is one."""
    found = ramsey(0.02)
    bank = found.databank(range(2000, 2032), base=2001)
    expected = balanced_growth(MODEL, 0.02, range(2000, 2032))
    for name in (*GROWING, "tfp", "transfer"):
        np.testing.assert_allclose(bank[name], expected[name], rtol=1e-11)


@pytest.mark.parametrize(("years", "bound"), [(range(3), 1e-14), (range(2000, 2252), 1e-11)])
def test_a_databank_of_it_is_reproduced_exactly(years, bound):
    bank = ramsey(0.02).databank(years)
    assert largest(check(MODEL, bank)) < bound
    assert simulate(MODEL, bank, terminal="growth").solutions[0].iterations == 0
    assert simulate(MODEL, bank, terminal="fixed").solutions[0].iterations == 0


def test_solow_with_rates_by_country_and_a_logarithm_that_drifts():
    def solow(now, lag, lead, ex, p):
        import jax.numpy as jnp

        output = lag.capital**p.alpha * (ex.efficiency * ex.labour) ** (1 - p.alpha)
        return {
            "capital": now.capital - (1 - p.delta) * lag.capital - p.saving * output,
            "log_capital": now.log_capital - jnp.log(now.capital),
        }

    model = Model(
        "solow",
        countries=("A", "B"),
        variables=[Variable("capital", "capital"), Variable("log_capital", "its logarithm")],
        exogenous=[Variable("efficiency", "efficiency"), Variable("labour", "labour")],
        parameters=[Parameter("alpha", 0.3, "share"), Parameter("delta", 0.05, ""), Parameter("saving", 0.2, "")],
        blocks=[solow],
    )
    technology, people = np.array([0.01, 0.02]), np.array([0.005, -0.01])
    gross = (1 + technology) * (1 + people)
    found = solve(
        model,
        {"efficiency": 1.0, "labour": {"A": 2.0, "B": 1.0}},
        growth={"efficiency": technology, "labour": people, "capital": gross - 1},
        drift={"log_capital": np.log(gross)},
    )
    before = (0.2 / (gross - 1 + 0.05)) ** (1 / 0.7) * np.array(
        [2.0, 1.0]
    )  # capital over effective labour, times labour
    np.testing.assert_allclose(found.values["capital"], gross * before, rtol=1e-12)
    np.testing.assert_allclose(found.values["log_capital"], np.log(gross * before), rtol=1e-12)
    bank = found.databank(range(100), base=50)
    assert largest(check(model, bank)) < 1e-13
    np.testing.assert_allclose(bank["capital"].sel(year=50), gross * before, rtol=1e-12)
    assert "a period" in found.summary()


def test_what_breaks_balanced_growth_is_named():
    rates = dict.fromkeys(GROWING[:3], 0.02) | {"tfp": 1.02 ** (1 - ALPHA) - 1}
    with pytest.raises(
        ConvergenceError, match="in the first period do not hold later, world after 40 periods"
    ) as caught:
        solve(MODEL, GIVEN, growth=rates)
    assert "world after 7 periods: residual" in str(caught.value)
    assert "world_output = " in str(caught.value)
    flagged = solve(MODEL, GIVEN, growth=rates, throw=False)
    assert not flagged.ok
    assert "unsolved: world after 40 periods" in flagged.summary()


def test_a_rate_that_is_slightly_wrong_is_refused():
    rates = dict.fromkeys(GROWING, 0.02) | {"tfp": 1.02 ** (1 - ALPHA) - 1 + 1e-9}
    with pytest.raises(ConvergenceError, match="do not hold later"):
        solve(MODEL, GIVEN, growth=rates)


def test_longer_lags_grow_with_what_they_are_lags_of():
    orders = Variable("orders", "orders")
    added, shifts = longer(orders, lag=3)

    def plan(now, lag, lead, ex, p):
        return {"orders": now.orders - 0.5 * lag.orders_lag2 - ex.plan}

    model = Model(
        "orders", countries=("A",), variables=(orders, *added), exogenous=(Variable("plan", ""),), blocks=(plan, shifts)
    )
    rates = dict.fromkeys(("orders", "orders_lag1", "orders_lag2", "plan"), 0.1)
    found = solve(model, {"plan": 1.0}, growth=rates)
    assert float(found.values["orders"][0]) == pytest.approx(1 / (1 - 0.5 / 1.1**3), rel=1e-13)
    with pytest.raises(ConvergenceError, match=r"orders_lag1"):
        solve(model, {"plan": 1.0}, growth={"orders": 0.1, "plan": 0.1})


# A large model.


@pytest.fixture(scope="module")
def world():
    return world_model()


SHOCKS = {"research_shock": 0.0, "tfp_shock": 0.0}


@pytest.mark.parametrize("seed", range(3))
def test_world_model_from_a_perturbed_guess(world, seed):
    start, rng = world_start(world), np.random.default_rng(seed)
    values = {item.name: np.asarray(start[item.name], dtype=float) for item in world.variables}
    guess = {name: value * np.exp(0.15 * rng.standard_normal(value.shape)) for name, value in values.items()}
    found = solve(world, SHOCKS, guess=guess)
    for name, value in values.items():
        np.testing.assert_allclose(found.values[name], value, rtol=1e-9, atol=1e-11)


def test_world_model_from_ones(world):
    found = solve(world, SHOCKS)
    start = world_start(world)
    for item in world.variables:
        np.testing.assert_allclose(found.values[item.name], start[item.name], rtol=1e-9, atol=1e-11)


# Levels that are open.


def nominal(now, lag, lead, exogenous, parameters):
    return {
        "price": now.price / lag.price - exogenous.inflation,
        "wage": now.wage - 2 * now.price * now.real_wage,
        "real_wage": now.real_wage - 0.5 * lag.real_wage - 0.25,
    }


def price_model(countries=("home", "foreign")):
    return Model(
        "prices",
        countries=countries,
        variables=[Variable(name, name) for name in ("price", "wage", "real_wage")],
        exogenous=[Variable("inflation", "gross inflation", dimension="global")],
        blocks=[nominal],
    )


INFLATION = {"price": 0.02, "wage": 0.02}


def test_open_levels_are_named():
    with pytest.raises(InputError) as caught:
        solve(price_model(), {"inflation": 1.02}, growth=INFLATION)
    message = str(caught.value)
    assert "2 levels are left open, in which" in message
    for name in ("price[home]", "price[foreign]", "wage[home]", "wage[foreign]"):
        assert name in message
    assert "real_wage[" not in message
    assert "depend on each other: price[home], price[foreign]" in message
    assert 'Fix 2 of them, such as fixed={"' in message


def test_fixed_levels_close_the_model():
    found = solve(
        price_model(), {"inflation": 1.02}, growth=INFLATION, fixed={"price": {"home": 3.0}, "wage": {"foreign": 5.0}}
    )
    np.testing.assert_allclose(found.values["price"], [3.0, 5.0], rtol=1e-12)
    np.testing.assert_allclose(found.values["wage"], [3.0, 5.0], rtol=1e-12)
    np.testing.assert_allclose(found.values["real_wage"], 0.5, rtol=1e-12)
    assert found.fixed == ("price[home]", "wage[foreign]")
    assert found.ok
    assert largest(check(price_model(), found.databank(range(30)))) < 1e-13


def test_one_level_too_few_is_still_open():
    with pytest.raises(InputError, match=r"one level is left open, in which (price|wage)\[foreign\]"):
        solve(price_model(), {"inflation": 1.02}, growth=INFLATION, fixed={"price": {"home": 1.0}})


def test_open_levels_on_request():
    found = solve(price_model(), {"inflation": 1.02}, growth=INFLATION, throw=False)
    assert found.solution.ok
    assert not found.ok
    assert set(found.undetermined) == {"price[home]", "price[foreign]", "wage[home]", "wage[foreign]"}
    assert "left open: " in found.summary()


def test_no_equation_is_dropped_for_what_is_fixed():
    with pytest.raises(ConvergenceError, match=r"real_wage\[home\]") as caught:
        solve(price_model(), {"inflation": 1.02}, growth=INFLATION, fixed={"price": 1.0, "real_wage": [0.7, 0.5]})
    assert "all of them must hold" in str(caught.value)
    everything = {"price": 1.0, "real_wage": 0.5, "wage": 1.0}
    assert solve(price_model(), {"inflation": 1.02}, growth=INFLATION, fixed=everything).ok
    with pytest.raises(ConvergenceError, match=r"wage\[home\]"):
        solve(price_model(), {"inflation": 1.02}, growth=INFLATION, fixed=everything | {"wage": 1.1})


def test_a_redundant_equation_of_the_world_is_named():
    """Bonds without a premium: what countries own is open, and their budgets add up to that of the world."""

    def budgets(now, lag, lead, ex, p):
        return {
            "bonds": now.bonds - 1.04 * lag.bonds - now.exports,
            "exports": now.exports - ex.demand + ex.demand.mean() - 0.0 * now.bonds + 0.04 * lag.bonds,
        }

    model = Model(
        "bonds",
        countries=("A", "B", "C"),
        variables=[Variable("bonds", "bonds"), Variable("exports", "net exports")],
        exogenous=[Variable("demand", "demand")],
        blocks=[budgets],
    )
    with pytest.raises(InputError, match=r"3 levels are left open, in which bonds\[A\], bonds\[B\], bonds\[C\]"):
        solve(model, {"demand": 1.0})
    found = solve(model, {"demand": 1.0}, fixed={"bonds": [1.0, -2.0, 1.0]})
    np.testing.assert_allclose(found.values["exports"], [-0.04, 0.08, -0.04], atol=1e-14)
    with pytest.raises(ConvergenceError):
        solve(model, {"demand": [1.0, 1.1, 1.2]}, fixed={"bonds": 0.0})


def test_without_a_steady_state_the_worst_equation_comes_with_its_values():
    def impossible(now, lag, lead, ex, p):
        return {"level": now.level**2 + ex.floor}

    model = Model(
        "none",
        countries=("A",),
        variables=[Variable("level", "")],
        exogenous=[Variable("floor", "")],
        blocks=[impossible],
    )
    with pytest.raises(ConvergenceError, match="steady state of model none did not converge") as caught:
        solve(model, {"floor": 1.0})
    assert "level[A]: residual 1" in str(caught.value) or "level[A]: residual" in str(caught.value)
    assert "floor[A] = 1" in str(caught.value)
    best = solve(model, {"floor": 1.0}, throw=False)
    assert not best.ok
    assert abs(float(best.values["level"][0])) < 0.5


def linear_growth(now, lag, lead, ex, p):
    return {
        "capital": now.capital - 0.9 * lag.capital - 0.2 * now.output,
        "output": now.output - ex.productivity * lag.capital,
        "ratio": now.ratio - now.capital / lag.capital,
    }


LINEAR_GROWTH = Model(
    "linear growth",
    countries=("A", "B"),
    variables=[Variable(name, name) for name in ("capital", "output", "ratio")],
    exogenous=[Variable("productivity", "output over capital")],
    blocks=[linear_growth],
)


def test_growth_that_the_model_itself_makes_leaves_the_level_open():
    """Capital grows at 2 per cent if output over capital is .6, from any level."""
    rates = {"capital": 0.02, "output": 0.02}
    with pytest.raises(InputError, match=r"2 levels are left open, in which capital\[A\], capital\[B\], output\[A\]"):
        solve(LINEAR_GROWTH, {"productivity": 0.6}, growth=rates)
    found = solve(LINEAR_GROWTH, {"productivity": 0.6}, growth=rates, fixed={"capital": [1e6, 1e-6]})
    np.testing.assert_allclose(found.values["output"], np.array([1e6, 1e-6]) * 0.6 / 1.02, rtol=1e-13)
    with pytest.raises(ConvergenceError, match=r"capital\[A\]: residual -0.0192"):
        solve(LINEAR_GROWTH, {"productivity": 0.7}, growth=rates, fixed={"capital": 1.0})


def test_equations_that_hold_in_the_limit_only_are_no_steady_state():
    """At another productivity only capital of zero grows at that rate, where the ratio is not defined."""
    given = {"growth": {"capital": 0.02, "output": 0.02}}
    with pytest.raises(
        ConvergenceError, match=r"capital\[A\], capital\[B\] went to zero, where the equations hold in the limit"
    ):
        solve(LINEAR_GROWTH, {"productivity": 0.7}, **given)
    flagged = solve(LINEAR_GROWTH, {"productivity": 0.7}, throw=False, **given)
    assert flagged.vanished == ("capital[A]", "capital[B]")
    assert not flagged.ok
    assert "went to zero: capital[A], capital[B]" in flagged.summary()


def accumulation(now, lag, lead, ex, p):
    return {"capital": now.capital - 0.9 * lag.capital - 0.2 * ex.tfp * lag.capital**0.5}


def test_a_guess_at_which_derivatives_vanish():
    """At capital of one the derivative is zero: no step of Newton's, and from below they lead to zero."""
    model = Model(
        "solow",
        countries=("A",),
        variables=[Variable("capital", "")],
        exogenous=[Variable("tfp", "")],
        blocks=[accumulation],
    )
    for guess in (1.0, 0.5):
        found = solve(model, {"tfp": 1.0}, guess={"capital": guess})
        assert float(found.values["capital"][0]) == pytest.approx(4.0, rel=1e-12)
        assert found.notes == ("solved from 10 times the guess, from which it was not",)
        assert "note: solved from 10 times" in found.summary()


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e3])
def test_small_units_are_no_vanishing_levels(unit):
    found = solve(MODEL, {"tfp": unit, "transfer": 0.0})
    np.testing.assert_allclose(found.values["capital"], steady_state(unit)["capital"], rtol=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(3)), st.lists(st.floats(0.5, 2.0), min_size=3, max_size=3))
def test_permuting_countries_permutes_the_steady_state(order, tfp):
    names = np.array(["A", "B", "C"])
    straight, turned = (_three(tuple(countries)) for countries in (names, names[order]))
    one = solve(straight, {"tfp": tfp, "transfer": 0.1})
    other = solve(turned, {"tfp": np.array(tfp)[order], "transfer": 0.1})
    for name in ("capital", "consumption", "output"):
        np.testing.assert_allclose(other.values[name], one.values[name][order], rtol=1e-11)
    np.testing.assert_allclose(other.values["world_output"], one.values["world_output"], rtol=1e-11)


_MODELS = {}


def _three(countries):
    return _MODELS.setdefault(countries, growth_model(countries))


def test_results_as_tables_and_text():
    found = ramsey(0.02)
    frame = found.tidy()
    assert list(frame.columns) == ["variable", "value", "unit", "country"]
    capital = frame[(frame.variable == "capital") & (frame.country == "home")]
    assert float(capital.value.iloc[0]) == pytest.approx(float(found.values["capital"][0]))
    assert (frame[frame.variable == "world_output"].country == "").all()
    assert "growth, balanced growth, 2 countries" in found.summary()
    assert "+2 per cent a period" in found.summary()
    again = solve(MODEL, GIVEN, guess=solve(MODEL, GIVEN).values)
    assert again.solution.iterations <= 1


def test_a_figure_of_levels():
    found = ramsey(0.02)
    figure = found.plot()
    assert [axis.get_title("left") for axis in figure.axes] == ["capital", "consumption", "output", "world output"]
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    np.testing.assert_array_equal(heights, found.values["capital"])
    assert len(found.plot(["tfp"]).axes[0].patches) == 2
    with pytest.raises(InputError, match=r'no variable .capitl.\. Did you mean "capital"'):
        found.plot(["capitl"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"exogenous": {"tfp": 1.0}}, r"the level of transfer is missing"),
        ({"exogenous": {"tfp": {"home": 1.0}, "transfer": 0.0}}, r"the level of tfp\[foreign\] is missing"),
        ({"exogenous": GIVEN | {"tpf": 1.0}}, 'Did you mean "tfp"'),
        ({"exogenous": GIVEN | {"capital": 1.0}}, "The model determines it"),
        ({"exogenous": GIVEN | {"tfp": [1.0, np.nan]}}, "tfp is .*nan.*; give one finite number, or 2 of them"),
        ({"exogenous": GIVEN | {"tfp": "much"}}, "tfp is 'much'; give one finite number"),
        ({"guess": {"capital": [1.0, 2.0, 3.0]}}, r"guess of capital is \[1.0, 2.0, 3.0\]"),
        ({"guess": {"tfp": 1.0}}, "It is exogenous"),
        ({"growth": {"captial": 0.02}}, 'growth: .*Did you mean "capital"'),
        ({"growth": {"capital": -1.0}}, r"growth of capital\[home\] is -1; it must be above -1"),
        ({"growth": {"capital": 0.02}, "drift": {"capital": {"foreign": 1.0}}}, r"capital\[foreign\] has both"),
        ({"fixed": {"capital": {"hme": 1.0}}}, "no country 'hme'. Did you mean \"home\""),
        ({"fixed": {"world_output": {"home": 1.0}}}, "it is one number for the world"),
        ({"parameters": {"beta": 1.2}}, "parameter beta is 1.2"),
        ({"tolerance": 0.0}, "tolerance is 0.0"),
    ],
)
def test_bad_input_says_what_is_allowed(arguments, message):
    with pytest.raises(InputError, match=message):
        solve(MODEL, **({"exogenous": GIVEN} | arguments))


def test_a_guess_at_which_equations_do_not_exist_is_said_to_be_one():
    with pytest.raises(ConvergenceError, match="start from admissible values"):
        solve(MODEL, GIVEN, guess={"capital": -1.0})


def test_a_parameter_by_country_in_an_equation_of_the_world_is_refused():
    def fund(now, lag, lead, ex, p):
        return {"fund": now.fund - p.share * ex.income.sum()}

    model = Model(
        "fund",
        countries=("A", "B"),
        variables=[Variable("fund", "", dimension="global")],
        exogenous=[Variable("income", "")],
        parameters=[Parameter("share", 0.1, "")],
        blocks=[fund],
    )
    assert float(solve(model, {"income": 1.0}).values["fund"]) == pytest.approx(0.2)
    with pytest.raises(InputError, match=r"equation 'fund' has a residual of shape \(2,\) with these parameters"):
        solve(model, {"income": 1.0}, {"share": [0.1, 0.2]})
