"""Scenarios of a small growth model: known answers, and properties that hold for every shock."""

from __future__ import annotations

import numpy as np
import pytest
from growth_model import (
    ALPHA,
    BETA,
    DELTA,
    balanced_growth,
    growth_model,
    linear_model,
    steady_baseline,
    steady_state,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_models import at_rest, small

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers.perfect_foresight import Shock, check, make_databank, residual_adjusted, simulate

MODEL, LINEAR = growth_model(), linear_model()
BASE = steady_baseline(MODEL)
FLAT = make_databank(LINEAR, range(2000, 2022), {"price": 0.0, "wage": 0.0, "demand": 0.0})
few = settings(max_examples=12, deadline=None)
sizes = st.floats(-0.2, 0.2, allow_subnormal=False)


def values(simulation, name):
    return simulation.databank[name].values


def same(one, other, tolerance=1e-9):
    for variable in one.model.variables:
        np.testing.assert_allclose(values(one, variable.name), values(other, variable.name), rtol=0, atol=tolerance)


def test_closed_form_steady_state_solves_the_model():
    assert max(float(abs(part).max()) for part in check(MODEL, BASE).values()) < 1e-15


def test_permanent_shock_leads_to_the_new_steady_state():
    base = steady_baseline(MODEL, range(2000, 2252))
    done = simulate(MODEL, base, [Shock("tfp", 0.1, 2001, countries=("home",))], terminal="growth")
    new = steady_state(1.1)
    for name, value in new.items():
        assert float(done.databank[name].sel(year=2250, country="home")) == pytest.approx(value, rel=1e-9)
        np.testing.assert_allclose(done.databank[name].sel(country="foreign"), base[name].sel(country="foreign"))
    assert done.ok
    assert done.notes == ()


def test_terminal_values_give_the_same_path_as_terminal_growth():
    base = steady_baseline(MODEL, range(2000, 2252))
    new = steady_state(np.array([1.1, 1.0]))
    shock = [Shock("tfp", 0.1, 2001, countries=("home",))]
    fixed = simulate(MODEL, base, shock, terminal=new | {"world_output": new["output"].sum()})
    free = simulate(MODEL, base, shock, terminal="growth")
    same(fixed, free, 1e-7)


def test_first_year_of_a_permanent_shock_obeys_the_equations_by_hand():
    done = simulate(MODEL, BASE, [Shock("tfp", 0.05, 2010)])
    k, c, y = (values(done, name)[:, 0] for name in ("capital", "consumption", "output"))
    tfp = values(done, "tfp")[:, 0]
    np.testing.assert_allclose(y[1:-1], tfp[1:-1] * k[:-2] ** ALPHA, rtol=1e-10)
    np.testing.assert_allclose(k[1:-1], (1 - DELTA) * k[:-2] + y[1:-1] - c[1:-1], rtol=1e-10)
    gross = 1 - DELTA + ALPHA * tfp[2:] * k[1:-1] ** (ALPHA - 1)
    np.testing.assert_allclose(c[2:], BETA * gross * c[1:-1], rtol=1e-9)


def test_temporary_shock_dies_out():
    base = steady_baseline(MODEL, range(2000, 2202))
    done = simulate(MODEL, base, [Shock("tfp", 0.1, 2001, 2003)])
    deviations = done.deviations()["output"].sel(country="home")
    assert float(deviations.sel(year=2003)) > 10.0
    assert abs(float(deviations.sel(year=2200))) < 1e-6


def test_announced_shock_moves_consumption_before_it_comes():
    foreseen = simulate(MODEL, BASE, [Shock("tfp", 0.1, 2010, 2012)]).deviations()["consumption"]
    surprise = simulate(MODEL, BASE, [Shock("tfp", 0.1, 2010, 2012, announced=2010)]).deviations()["consumption"]
    assert float(foreseen.sel(year=2005, country="home")) > 0.1
    assert np.all(surprise.sel(year=slice(2000, 2009)).values == 0.0)


def test_surprise_is_solved_again_by_hand_from_its_date_with_history_kept():
    early, late = Shock("tfp", 0.05, 2001, 2020), Shock("tfp", -0.1, 2012, 2020, announced=2010)
    together = simulate(MODEL, BASE, [early, late])
    assert len(together.solutions) == 2
    before = simulate(MODEL, BASE, [early])
    for name in ("capital", "consumption", "output"):
        np.testing.assert_array_equal(
            together.databank[name].sel(year=slice(2000, 2009)), before.databank[name].sel(year=slice(2000, 2009))
        )
    rest = before.databank.sel(year=slice(2009, None))
    by_hand = simulate(MODEL, rest, [Shock("tfp", -0.1, 2012, 2020)])
    for name in ("capital", "consumption", "output", "world_output"):
        np.testing.assert_allclose(
            together.databank[name].sel(year=slice(2009, None)), by_hand.databank[name], rtol=1e-9
        )


def test_news_of_a_shock_foreseen_anyway_changes_nothing_after_it():
    whole = simulate(MODEL, BASE, [Shock("tfp", 0.05, 2001), Shock("transfer", 0.3, 2020, 2021, announced=2010)])
    np.testing.assert_allclose(
        values(whole, "capital"), values(simulate(MODEL, BASE, [Shock("tfp", 0.05, 2001)]), "capital")
    )


def test_balanced_growth_is_kept_in_levels_and_shifts_in_parallel():
    base = balanced_growth(MODEL, years=range(2000, 2252))
    assert max(float(abs(part).max()) for part in check(MODEL, base).values()) < 1e-12
    assert simulate(MODEL, base, terminal="growth").solutions[0].iterations == 0
    done = simulate(MODEL, base, [Shock("tfp", 0.1, 2001, relative=True)], terminal="growth")
    expected = 100 * (1.1 ** (1 / (1 - ALPHA)) - 1)
    found = done.deviations().sel(year=[2245, 2250])
    for name in ("capital", "consumption", "output"):
        np.testing.assert_allclose(found[name], expected, rtol=1e-6)


@pytest.mark.parametrize("size", [1.0, 1e9])
def test_rounding_around_zero_does_not_grow(size):
    """The ratio of one rounding error to another is no growth factor."""
    model = linear_model(("home",))
    years, noise = range(2000, 2042), size * 1e-16 * np.random.default_rng(0).uniform(0.1, 1.0, (42, 1))
    noise[0] += size  # how large it once was
    results = [
        simulate(
            model,
            make_databank(model, years, {"price": price, "wage": 0.0, "demand": 0.0}),
            [Shock("demand", 1.0, 2005)],
            initial={"price": 0.0},
            terminal="growth",
        ).databank["price"][-10:]
        for price in (np.zeros((42, 1)), noise)
    ]
    np.testing.assert_allclose(results[1], results[0], rtol=1e-9)


def test_distinct_initial_and_terminal_states():
    """From the steady state of low productivity to that of high: Newton's start need not solve anything."""
    low, high = steady_state(0.9), steady_state(1.0)
    base = steady_baseline(MODEL, range(2000, 2202))
    done = simulate(MODEL, base, initial={"capital": low["capital"]})
    assert float(done.databank["capital"].sel(year=2000, country="home")) == low["capital"]
    path = done.databank["capital"].sel(country="home").values
    assert np.all(np.diff(path[:100]) > 0)
    assert path[150] == pytest.approx(high["capital"], rel=1e-4)
    one_side = simulate(MODEL, base, initial={"capital": [low["capital"], high["capital"]]})
    np.testing.assert_allclose(one_side.databank["capital"].sel(country="foreign"), high["capital"], rtol=1e-9)


def test_horizon_of_one_period():
    base = steady_baseline(MODEL, range(2000, 2003))
    done = simulate(MODEL, base, [Shock("tfp", 0.1, 2001, 2001)])
    k0, c2 = steady_state()["capital"], steady_state()["consumption"]
    k, c, y = (
        float(done.databank[name].sel(year=2001, country="home")) for name in ("capital", "consumption", "output")
    )
    assert y == pytest.approx(1.1 * k0**ALPHA, rel=1e-10)
    assert k == pytest.approx((1 - DELTA) * k0 + y - c, rel=1e-10)
    assert c2 == pytest.approx(BETA * (1 - DELTA + ALPHA * k ** (ALPHA - 1)) * c, rel=1e-10)
    assert simulate(MODEL, base, [Shock("tfp", 0.1, 2001)], terminal="growth").ok


def test_residual_adjusted_reproduces_any_databank():
    rng = np.random.default_rng(1)
    noisy = BASE * (1 + 0.05 * rng.standard_normal((62, 1)) * (BASE["output"] > 0))
    noisy = BASE.assign({name: noisy[name] for name in ("capital", "consumption", "output")})
    adjusted = residual_adjusted(MODEL, noisy)
    assert simulate(MODEL, adjusted).solutions[0].iterations == 0
    assert float(abs(adjusted["euler_add"]).max()) > 1e-3


@few
@given(st.integers(2001, 2050), st.sampled_from(["tfp", "transfer", "euler_add", "production_add"]))
def test_zero_shock_zero_deviation(start, name):
    done = simulate(MODEL, BASE, [Shock(name, 0.0, start)])
    for variable in MODEL.variables:
        assert np.all(done.deviations("points")[variable.name].values == 0.0)


@few
@given(sizes, sizes, st.integers(2001, 2030))
def test_permuting_countries_permutes_results(home, foreign, start):
    shocks = [Shock("tfp", home, start, start + 5, ("home",)), Shock("tfp", foreign, start, start + 9, ("foreign",))]
    swapped = [Shock("tfp", home, start, start + 5, ("foreign",)), Shock("tfp", foreign, start, start + 9, ("home",))]
    one, other = simulate(MODEL, BASE, shocks), simulate(MODEL, BASE, swapped)
    for name in ("capital", "consumption", "output"):
        np.testing.assert_allclose(values(one, name), values(other, name)[:, ::-1], rtol=1e-9)
    np.testing.assert_allclose(values(one, "world_output"), values(other, "world_output"), rtol=1e-9)


@few
@given(sizes, st.floats(0, 1), st.integers(2001, 2020), st.integers(0, 20))
def test_a_shock_split_into_two_anticipated_parts_equals_the_whole(size, share, start, length):
    whole = [Shock("tfp", size, start, start + length)]
    parts = [Shock("tfp", share * size, start, start + length), Shock("tfp", (1 - share) * size, start, start + length)]
    middle = start + length // 2
    in_time = [Shock("tfp", size, start, middle)]
    in_time += [Shock("tfp", size, middle + 1, start + length)] if middle < start + length else []
    same(simulate(MODEL, BASE, whole), simulate(MODEL, BASE, parts))
    same(simulate(MODEL, BASE, whole), simulate(MODEL, BASE, in_time))


@few
@given(st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3), st.integers(2001, 2020))
def test_a_linear_model_is_solved_in_one_newton_step(size, start):
    done = simulate(LINEAR, FLAT, [Shock("demand", size, start)])
    assert done.solutions[0].iterations == 1
    double = simulate(LINEAR, FLAT, [Shock("demand", 2 * size, start)])
    np.testing.assert_allclose(values(double, "price"), 2 * values(done, "price"), rtol=1e-9, atol=1e-12)


def test_bad_input_says_what_is_allowed():
    with pytest.raises(InputError, match="terminal is 'growht'; allowed: fixed, growth"):
        simulate(MODEL, BASE, terminal="growht")
    with pytest.raises(
        InputError, match=r"initial state: model growth determines no 'capitl'\. Did you mean .capital."
    ):
        simulate(MODEL, BASE, initial={"capitl": 1.0})
    with pytest.raises(InputError, match=r"terminal state of capital is .*nan.*; give one finite number, or 2 of them"):
        simulate(MODEL, BASE, terminal={"capital": float("nan")})


def test_a_start_that_solves_is_returned_though_others_would_too():
    """Two equations that say the same: with nothing to do no Jacobian is factored; with something to do it is, and is singular."""

    def block(now, lag, lead, exogenous, p):
        total = now.left + now.right - exogenous.total
        return {"left": total, "right": 2.0 * total}

    model = small(block, "left right", exogenous="total")
    start = at_rest(model, left=0.25, right=0.75, total=1.0)
    done = simulate(model, start)
    assert done.ok and done.solutions[0].iterations == 0
    np.testing.assert_array_equal(done.databank["left"], start["left"])
    with pytest.raises(ConvergenceError, match="singular"):
        simulate(model, start, [Shock("total", 0.1, 2002)])
