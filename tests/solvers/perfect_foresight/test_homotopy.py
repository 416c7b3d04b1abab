"""Homotopy on the shock size, and what is said where even that fails."""

from __future__ import annotations

import numpy as np
import pytest
from growth_model import growth_model, steady_baseline

from tradewinds.errors import ConvergenceError
from tradewinds.solvers.perfect_foresight import Model, Shock, Variable, check, make_databank, simulate
from tradewinds.solvers.perfect_foresight.homotopy import SMALLEST_STEP, between, follow
from tradewinds.solvers.perfect_foresight.shocks import apply_shocks
from tradewinds.solvers.perfect_foresight.simulate import prepare
from tradewinds.solvers.solution import judge

MODEL = growth_model()
BASE = steady_baseline(MODEL)
LARGE = [Shock("tfp", 20.0, 2005, 2010)]


def root(now, lag, lead, exogenous, parameters):
    """A square with no root below zero, near which Newton from afar is slow."""
    return {"root": now.level**2 - exogenous.target}


ROOT = Model(
    "root",
    countries=("home",),
    variables=[Variable("level", "level")],
    blocks=[root],
    exogenous=[Variable("target", "its square")],
)
ONE = make_databank(ROOT, range(2000, 2005), {"level": 1.0, "target": 1.0})


def test_homotopy_starts_by_itself_and_says_so():
    done = simulate(MODEL, BASE, LARGE)
    assert done.ok
    [note] = done.notes
    assert note.startswith("Newton failed from the start given; homotopy on the shock size reached it by way of ")
    assert max(float(abs(part).max()) for part in check(MODEL, done.databank).values()) < 1e-9
    small = simulate(MODEL, BASE, [Shock("tfp", -0.1, 2005, 2010)])
    assert small.notes == ()


def test_homotopy_reaches_what_newton_reaches_with_more_iterations():
    shock = [Shock("target", 99.0, 2001, 2003)]
    plain, stepped = simulate(ROOT, ONE, shock, max_iterations=40), simulate(ROOT, ONE, shock, max_iterations=4)
    assert plain.notes == ()
    assert len(stepped.notes) == 1
    np.testing.assert_allclose(stepped.databank["level"], plain.databank["level"], rtol=1e-9)
    assert float(plain.databank["level"].sel(year=2002).squeeze()) == pytest.approx(np.sqrt(100.0), rel=1e-12)


def test_the_road_begins_where_the_start_solves_and_ends_at_the_problem():
    """Also from a baseline that solves nothing, and to another initial state."""
    off = BASE.assign(capital=0.7 * BASE["capital"])
    old, new = (prepare(MODEL, off, None, state, "fixed") for state in (None, {"capital": 1.0}))
    start = old.paths.unknowns[1:-1]
    origin = old.problem(old.paths, 1, old.paths.unknowns)
    target = new.problem(apply_shocks(MODEL, new.paths, LARGE), 1, new.paths.unknowns)
    at = between(origin, target, start)
    assert np.abs(origin.residuals(start)).max() > 0.1
    np.testing.assert_allclose(at(0.0).residuals(start), 0.0, atol=1e-14)
    assert at(1.0) is target
    np.testing.assert_allclose(at(0.25).before, 0.75 * origin.before + 0.25 * target.before, rtol=1e-14)
    np.testing.assert_allclose(at(0.25).exogenous[5:11, :2], 1 + 0.25 * 20.0)


def test_final_failure_names_worst_equations_by_country_and_year_with_values():
    with pytest.raises(ConvergenceError) as caught:
        simulate(MODEL, BASE, [Shock("tfp", -3.0, 2005, 2010, ("home",))])
    message = str(caught.value)
    assert "homotopy on the shock size solved up to" in message
    assert "Worst equations, with the values reached:" in message
    lines = [line for line in message.splitlines() if line.startswith("  ")]
    assert len(lines) == 5
    assert "[home] in 20" in lines[0]
    assert not caught.value.solution.ok


def test_values_in_the_diagnosis_are_those_of_the_equation():
    done = simulate(ROOT, ONE, [Shock("target", -2.0, 2002, 2002)], throw=False)
    assert not done.ok
    worst = done.worst[0]
    assert (worst.equation, worst.year) == ("root[home]", 2002)
    level = float(done.databank["level"].sel(year=2002).squeeze())
    assert dict(worst.values) == {"level[home]": level, "target[home]": -1.0}
    assert worst.residual == pytest.approx(level**2 + 1.0, rel=1e-12)
    growth = simulate(MODEL, BASE, [Shock("tfp", -3.0, 2005, 2010)], throw=False).worst
    names = {equation.equation.split("[")[0]: {name for name, _ in equation.values} for equation in growth}
    expected = {
        "euler": {"consumption", "consumption(+1)", "capital", "tfp(+1)"},
        "accumulation": {"capital", "capital(-1)", "output", "consumption"},
        "production": {"output", "capital(-1)", "tfp"},
    }
    for equation, found in names.items():
        assert {name.replace("[home]", "").replace("[foreign]", "") for name in found} == expected[equation]


def test_best_iterate_is_returned_on_request_and_flagged():
    done = simulate(ROOT, ONE, [Shock("target", -2.0, 2002, 2002)], throw=False)
    assert done.solutions[-1].status.name in ("NOT_CONVERGED", "MAX_ITERATIONS")
    assert np.all(np.isfinite(done.databank["level"]))
    assert float(done.databank["level"].sel(year=2001).squeeze()) == pytest.approx(1.0)
    assert "solved up to" in done.notes[0]
    assert "unsolved: root[home] in 2002" in done.summary()
    assert "NOT SOLVED" in done.plot().get_supxlabel()


def test_news_after_a_failure_is_not_built_on_it():
    shocks = [Shock("target", -2.0, 2002, 2002), Shock("target", 1.0, 2003, 2003, announced=2003)]
    done = simulate(ROOT, ONE, shocks, throw=False)
    assert len(done.solutions) == 1 and not done.ok
    [told] = [note for note in done.notes if "left out" in note]
    assert told == "it is not solved from 2001 on, so that the news of 2003 were left out"
    assert told in done.summary()
    alone = simulate(ROOT, ONE, shocks[:1], throw=False)
    assert not any("left out" in note for note in alone.notes)


def test_steps_adapt_and_all_iterations_are_counted():
    """A solver that manages at most .3 at a time from where it stands."""
    tried = []

    def attempt(share, start):
        tried.append(share)
        solves = abs(share - float(start[0])) <= 0.3
        return judge(np.array([share if solves else 99.0]), lambda x: x - share, tolerance=1e-12, iterations=2)

    solution, note = follow(attempt, np.zeros(1))
    assert solution.ok
    assert tried[:3] == [1.0, 0.5, 0.25]
    assert tried[-1] == 1.0
    assert solution.iterations == 2 * len(tried)
    assert note.endswith(f"({len(tried)} solves)")


def test_a_wall_ends_the_search_near_it():
    def attempt(share, start):
        return judge(np.array([share if share < 0.6 else 99.0]), lambda x: x - share, tolerance=1e-12, iterations=1)

    solution, note = follow(attempt, np.zeros(1))
    assert not solution.ok
    reached = float(note.split("up to ")[1].split(" per cent")[0]) / 100
    assert 0.6 - 2 * SMALLEST_STEP < reached < 0.6
