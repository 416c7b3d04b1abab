import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight import Shock, make_databank, simulate, simulate_many
from tradewinds.solvers.perfect_foresight.linear import (
    BlockElimination,
    ReusedFactor,
    SingularSystemError,
    StackedPattern,
    SuperLU,
    choose_solver,
)
from tradewinds.solvers.perfect_foresight.linear.gmres import MOST_STEPS, gmres
from tradewinds.solvers.perfect_foresight.structure import Pattern


def solve(solver, stacked, values, right, tolerance=1e-9, start=True):
    if start:
        solver.analyse(stacked, values)
    solver.factor(values)
    return solver.solve(right, tolerance)


def far_from(pattern, values):
    """Return regular derivatives for which a factor of the given ones is of no use."""
    random = np.random.default_rng(11)
    own = (pattern.slots == 0) & (pattern.rows == pattern.columns)
    return np.where(own, values * random.uniform(0.5, 8.0, values.shape), values)


def solves(stacked, values, solution, right, tolerance):
    missed = stacked.matrix(values) @ solution - right
    return bool(np.linalg.norm(missed) < tolerance * np.linalg.norm(right))


class TestGmres:
    def test_an_exact_inverse_takes_one_step(self):
        matrix = np.random.default_rng(0).normal(size=(50, 50))
        right = np.ones(50)
        solution, steps, met = gmres(lambda x: matrix @ x, lambda x: np.linalg.solve(matrix, x), right, 1e-10)
        assert met and steps == 1
        np.testing.assert_allclose(matrix @ solution, right, atol=1e-10)

    def test_the_residual_is_the_smallest_of_the_krylov_space(self):
        random = np.random.default_rng(1)
        matrix, right = np.eye(60) + 0.1 * random.normal(size=(60, 60)), random.normal(size=60)
        solution, steps, met = gmres(lambda x: matrix @ x, lambda x: x, right, 1e-12)
        assert not met and steps == MOST_STEPS
        space = np.linalg.qr(np.column_stack([np.linalg.matrix_power(matrix, k) @ right for k in range(steps)]))[0]
        best = space @ np.linalg.lstsq(matrix @ space, right, rcond=None)[0]
        np.testing.assert_allclose(solution, best, rtol=1e-6, atol=1e-9)

    def test_it_stops_at_the_tolerance(self):
        random = np.random.default_rng(2)
        matrix, right = np.eye(60) + 0.03 * random.normal(size=(60, 60)), random.normal(size=60)
        loose = gmres(lambda x: matrix @ x, lambda x: x, right, 1e-2)
        tight = gmres(lambda x: matrix @ x, lambda x: x, right, 1e-5)
        assert loose[1] < tight[1] and loose[2] and tight[2]
        assert np.linalg.norm(matrix @ loose[0] - right) < 1.1e-2 * np.linalg.norm(right)

    def test_nothing_asked_is_nothing_done_and_what_cannot_be_is_not_met(self):
        assert gmres(lambda x: x, lambda x: x, np.zeros(3), 1e-8)[1:] == (0, True)
        singular = np.diag([1.0, 1.0, 0.0])
        assert not gmres(lambda x: singular @ x, lambda x: x, np.ones(3), 1e-8)[2]
        assert not gmres(lambda x: x, lambda x: x * np.nan, np.ones(3), 1e-8)[2]


def test_one_factor_serves_jacobians_near_it(world):
    pattern, values = world(periods=20)
    stacked, random = StackedPattern(pattern, 20), np.random.default_rng(5)
    solver = ReusedFactor()
    for change in (0.0, 0.01, 0.02):
        near = values * (1 + change * random.normal(size=values.shape))
        right = random.normal(size=20 * pattern.size)
        assert solves(stacked, near, solve(solver, stacked, near, right, start=change != 0.01), right, 1e-8)
    assert solver.factors == 1 and 4 < solver.steps < 40 and not solver.notes


def test_a_far_jacobian_is_factored_for_its_scenario_only(world):
    pattern, values = world(periods=20)
    stacked, far = StackedPattern(pattern, 20), far_from(pattern, values)
    right, solver = np.random.default_rng(6).normal(size=20 * pattern.size), ReusedFactor()
    solve(solver, stacked, values, right)
    assert solves(stacked, far, solve(solver, stacked, far, right, start=False), right, 1e-8)
    assert solver.factors == 2  # the far one
    assert solves(stacked, far, solve(solver, stacked, far, right, start=True), right, 1e-8)
    assert solver.factors == 2  # it is at hand for a homotopy that goes on from here
    assert solves(stacked, values, solve(solver, stacked, values, right), right, 1e-8)
    assert solver.factors == 2  # the next scenario starts with the factor of the baseline
    solve(solver, stacked, far, right, start=False)
    assert solver.factors == 3  # and knows nothing of the one before


def test_what_a_jacobian_left_unfit_found_is_the_start_of_what_follows(world, monkeypatch):
    pattern, values = world(periods=20)
    stacked, far = StackedPattern(pattern, 20), far_from(pattern, values)
    right, solver = np.random.default_rng(6).normal(size=20 * pattern.size), ReusedFactor()
    solve(solver, stacked, values, right)
    asked = []
    whole = ReusedFactor._iterate

    def watched(self, tasks, *more):
        [(_, right, tolerance)] = tasks
        asked.append((float(np.linalg.norm(right)), tolerance))
        return whole(self, tasks, *more)

    monkeypatch.setattr(ReusedFactor, "_iterate", watched)
    solve(solver, stacked, far, right, tolerance=1e-3, start=False)
    assert solver.factors == 2 and len(asked) == 2
    assert asked[1][1] > 1.5 * asked[0][1]


def test_factors_of_other_horizons_are_kept_up_to_a_number(world):
    pattern, values = world(periods=20)
    solver = ReusedFactor(keep=2)
    counts = []
    for periods in (20, 19, 20, 19, 18, 19, 20):
        part = values[-periods:]
        right = np.ones(periods * pattern.size)
        stacked = StackedPattern(pattern, periods)
        assert solves(stacked, part, solve(solver, stacked, part, right), right, 1e-8)
        counts.append(solver.factors)
    assert counts == [1, 2, 2, 2, 3, 3, 4]


def test_the_same_equations_in_another_object_find_the_factor_and_others_do_not(world):
    pattern, values = world(periods=6)
    again = Pattern(pattern.rows.copy(), pattern.columns.copy(), pattern.slots.copy(), pattern.size)
    right, solver = np.ones(6 * pattern.size), ReusedFactor()
    solve(solver, StackedPattern(pattern, 6), values, right)
    solve(solver, StackedPattern(again, 6), values, right)
    assert solver.factors == 1
    other, numbers = world(periods=6, seed=1)
    solve(solver, StackedPattern(other, 6), numbers, right)
    assert solver.factors == 2


def test_without_a_tolerance_or_for_several_columns_the_solution_is_direct(world):
    pattern, values = world(periods=6)
    stacked, random = StackedPattern(pattern, 6), np.random.default_rng(7)
    near, right = values * (1 + 0.01 * random.normal(size=values.shape)), random.normal(size=(6 * pattern.size, 2))
    solver = ReusedFactor()
    solve(solver, stacked, values, right[:, 0])
    expected = np.linalg.solve(stacked.matrix(near).toarray(), right)
    np.testing.assert_allclose(solve(solver, stacked, near, right), expected, rtol=1e-9, atol=1e-10)
    assert solver.factors == 2
    np.testing.assert_allclose(solver.solve(right[:, 1]), expected[:, 1], rtol=1e-9, atol=1e-10)
    assert solver.factors == 2


def twins(distance):
    """Return two equations that are the same but for a distance, and one of a stock."""
    pattern = Pattern(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 2, 2]), np.array([0, 0, 0, 0, 0, -1]), 3)
    return pattern, np.tile([1.0, 2.0, 1.0, 2.0 + distance, 1.0, -0.9], (5, 1))


@pytest.mark.parametrize("distance", [0.0, 1e-14])
@pytest.mark.parametrize("start", [True, False])
@pytest.mark.parametrize("agreed", [True, False])
def test_a_regular_factor_does_not_hide_a_jacobian_that_is_singular(distance, start, agreed):
    pattern, regular = twins(0.5)
    singular = twins(distance)[1]
    stacked, solver = StackedPattern(pattern, 5), ReusedFactor()
    solve(solver, stacked, regular, np.ones(15))
    with pytest.raises(SingularSystemError, match="singular") as error:  # also where both equations ask for the same
        solve(solver, stacked, singular, np.tile([3.0, 3.0 if agreed else 2.0, 1.0], 5), 1e-6, start)
    assert {unknown for _, unknown in error.value.unknowns} == {0, 1}
    assert np.isfinite(solve(solver, stacked, regular, np.ones(15))).all()  # and goes on to serve others


def test_a_singular_block_falls_back_and_every_scenario_says_so():
    # In period 2 the stock 1 acts only through the year after: regular as a whole, but not block by block.
    rows, columns, slots = np.array([0, 0, 1, 1, 1, 0]), np.array([0, 1, 0, 1, 1, 0]), np.array([0, 0, 0, 0, -1, 1])
    pattern = Pattern(rows, columns, slots, 2)
    values = np.tile([1.0, 1.0, 0.5, 1.0, 0.7, 0.3], (6, 1))
    values[1, [1, 3]] = 0.0
    right, stacked, solver = np.arange(12.0), StackedPattern(pattern, 6), ReusedFactor()
    for scenario in (1, 2):
        assert solves(stacked, values, solve(solver, stacked, values, right), right, 1e-8)
        assert len(solver.notes) == scenario and "block" in solver.notes[-1] and "sparse LU" in solver.notes[-1]
    assert solver.factors == 1


def test_where_even_its_own_factor_does_not_serve_the_direct_solution_does(world):
    random = np.random.default_rng(3)

    class Poor(BlockElimination):
        def approximate(self, right):
            return random.normal(size=right.shape)

    pattern, values = world(periods=6)
    right, stacked, solver = np.ones(6 * pattern.size), StackedPattern(pattern, 6), ReusedFactor(Poor)
    solve(solver, stacked, values, right)
    assert solves(stacked, 2 * values, solve(solver, stacked, 2 * values, right, 1e-3, start=False), right, 1e-9)
    assert solver.factors == 2 and MOST_STEPS <= solver.steps <= 2 * MOST_STEPS


def test_the_jacobian_that_was_factored_is_solved_directly(world):
    pattern, values = world(periods=6)
    stacked, right, solver = StackedPattern(pattern, 6), np.ones(6 * pattern.size), ReusedFactor()
    for scenario in range(2):
        solution = solve(solver, stacked, values + 0.0, right, 1e-2)
        assert solves(stacked, values, solution, right, 1e-12), scenario
    assert (solver.factors, solver.steps) == (1, 0)


class TestScenarios:
    @pytest.fixture
    def baseline(self, two_countries, levels):
        return make_databank(two_countries, range(42), levels | {"tfp": 1.0})

    def test_scenario_after_scenario_uses_one_factor(self, two_countries, baseline):
        shocks = {f"{size}": [Shock("tfp", size, 3, 9, countries=("home",))] for size in (0.01, -0.02, 0.03, 0.04)}
        solver = ReusedFactor()
        batch = simulate_many(two_countries, baseline, shocks, solver=solver)
        assert solver.factors == 1 and all(one.solutions[0].iterations > 1 for one in batch.values())
        for name, listed in shocks.items():
            alone = simulate(two_countries, baseline, listed, solver="superlu")
            xarray.testing.assert_allclose(batch[name].databank, alone.databank, rtol=1e-9, atol=1e-9)

    def test_a_large_shock_needs_another_factor_on_its_way(self, two_countries, baseline):
        solver, large = ReusedFactor(), [Shock("tfp", 1.0, 3, countries=("home",))]
        small = [Shock("tfp", 0.01, 3, 9, countries=("home",))]
        simulate(two_countries, baseline, small, solver=solver)
        assert solver.factors == 1
        run = simulate(two_countries, baseline, large, solver=solver)
        count = solver.factors
        assert count > 1 and not run.notes
        direct = simulate(two_countries, baseline, large, solver="blocks")
        xarray.testing.assert_allclose(run.databank, direct.databank, rtol=1e-9, atol=1e-9)
        simulate(two_countries, baseline, small, solver=solver)
        assert solver.factors == count  # that of the baseline is still there

    def test_surprises_that_come_again_find_the_factor_of_their_horizon(self, two_countries, baseline):
        solver = ReusedFactor()
        for size, factors in ((0.01, 2), (0.02, 2)):
            news = [Shock("tfp", size, 1, 4), Shock("tfp", size, 8, 12, announced=6)]
            assert simulate(two_countries, baseline, news, solver=solver).ok
            assert solver.factors == factors

    def test_each_scenario_has_its_own_notes(self, two_countries, baseline):
        class Noting(SuperLU):
            def factor(self, values, terminal=None):
                super().factor(values, terminal)
                self.notes.append("it rained")

        solver, shock = Noting(), [Shock("tfp", 0.01, 3, 9)]
        assert simulate(two_countries, baseline, shock, solver=solver).notes == ("it rained",)
        assert simulate(two_countries, baseline, [], solver=solver).notes == ()
        assert simulate(two_countries, baseline, shock, solver=solver).notes == ("it rained",)


class TestChoice:
    def test_names_and_objects_are_understood(self):
        kinds = {
            None: ReusedFactor,
            "reused": ReusedFactor,
            "blocks": BlockElimination,
            "superlu": SuperLU,
            "pardiso": ReusedFactor,
        }
        assert {name: type(choose_solver(name)) for name in kinds} == kinds
        solver = SuperLU()
        assert choose_solver(solver) is solver

    @pytest.mark.parametrize("wrong", ["superlou", SuperLU, 3.0])
    def test_other_things_are_refused_with_what_is_allowed(self, wrong, two_countries, levels):
        baseline = make_databank(two_countries, range(5), levels | {"tfp": 1.0})
        for run in (simulate, lambda *these, **more: simulate_many(*these, {"one": []}, **more)):
            with pytest.raises(
                InputError, match=r"solver is .*reused, blocks, superlu, pardiso.*analyse, factor and solve"
            ) as error:
                run(two_countries, baseline, solver=wrong)
            assert ("superlu" in str(error.value).rpartition("mean")[2]) or not isinstance(wrong, str)


def test_all_agree_on_the_world_of_the_cross_check():
    place = Path(__file__).parents[3] / "crosscheck" / "models.py"
    specification = importlib.util.spec_from_file_location("world_of_the_cross_check", place)
    models = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = models  # dataclasses look their module up
    specification.loader.exec_module(models)
    model = models.world_model()
    baseline = models.world_baseline(model, 12)
    shocks = [Shock("research_shock", 0.005, 1, countries=("R1",)), Shock("tfp_shock", 0.05, 4, countries=("R3",))]
    paths = {}
    for name in ("superlu", "blocks", "reused"):
        run = simulate(model, baseline, shocks, solver=name, tolerance=1e-12)
        assert not run.notes and run.solutions[0].iterations > 2
        paths[name] = run.databank.to_array()
    for name in ("blocks", "reused"):
        level = np.abs(paths["superlu"]).max("year")
        assert float((np.abs(paths[name] - paths["superlu"]) / level.where(level > 0, 1.0)).max()) < 1e-9
