import os
import subprocess
import sys

import numpy as np
import pytest

from tradewinds.solvers.perfect_foresight.linear import BlockElimination, SingularSystemError, StackedPattern, SuperLU
from tradewinds.solvers.perfect_foresight.linear.blocks import MANY_COLUMNS
from tradewinds.solvers.perfect_foresight.linear.condense import PIVOT_SHARE, Condensation
from tradewinds.solvers.perfect_foresight.structure import Pattern


def solver_for(make, pattern, values, terminal=None):
    solver = make()
    solver.analyse(StackedPattern(pattern, len(values)), values)
    solver.factor(values, terminal)
    return solver


def single():
    return BlockElimination(np.float32)


def test_the_core_is_the_schur_complement_of_the_static_unknowns(world):
    pattern, values = world(periods=4)
    condensation = Condensation(pattern, values)
    slots, core, n = condensation.condense(values), condensation.core, pattern.size
    gone = np.setdiff1d(np.arange(n), core.unknowns)
    assert gone.size and not np.intersect1d(gone, pattern.columns[pattern.slots != 0]).size
    used = np.setdiff1d(np.arange(n), core.equations)
    for period in range(4):
        full = np.zeros((n, 3, n))
        full[pattern.rows, pattern.slots + 1, pattern.columns] = values[period]
        solved = np.linalg.solve(full[used][:, 1, gone], full[used][:, :, core.unknowns].reshape(used.size, -1))
        schur = full[core.equations][:, :, core.unknowns].reshape(core.equations.size, -1)
        schur = (schur - full[core.equations][:, 1, gone] @ solved).reshape(core.equations.size, 3, -1)
        ours = np.zeros_like(schur)
        ours[core.rows, core.slots + 1, core.columns] = slots[core.places, period]
        np.testing.assert_allclose(ours, schur, rtol=1e-9, atol=1e-12)


def with_definitions(periods, seed=0, largest=1.0):
    """Return a pattern in which unknowns 3 to 5 are defined by 0 to 2 of their period and occur with lags; 0 has a lead.

    Unknown 6 is defined by 7, which no period but its own contains, so that its lag has to stay. There are eight such countries.
    """
    cells = [(row, column, 0) for row in range(3) for column in range(8)]
    cells += [(row, column, -1) for row in range(3) for column in (0, 1, 2, 3, 4, 5, 6)]
    cells += [(row, 0, 1) for row in range(3)]
    cells += [(row, column, 0) for row in (3, 4, 5) for column in (0, 1, 2, row)]
    cells += [(6, 6, 0), (6, 7, 0), (7, 7, 0), (7, 0, 0), (7, 1, -1)]
    cells = [(row + 8 * at, column + 8 * at, slot) for at in range(8) for row, column, slot in cells]
    rows, columns, slots = (np.array(part) for part in zip(*cells, strict=True))
    values = np.random.default_rng(seed).uniform(0.1, 0.4, (periods, rows.size))
    values[:, (rows == columns) & (slots == 0)] += 2.0
    values[:, (columns % 8 == 4) & (slots == -1)] *= largest
    return Pattern(rows, columns, slots, 64), values


def test_lags_that_definitions_replace_are_not_in_the_core():
    pattern, values = with_definitions(periods=5)
    condensation = Condensation(pattern, values)
    condensation.condense(values)
    assert np.unique(condensation.core.unknowns % 8).tolist() == [0, 1, 2, 6]
    assert condensation.largest_multiplier <= 1 / PIVOT_SHARE
    pattern, values = with_definitions(
        periods=5, largest=1e4
    )  # a lag that dwarfs its definition stays; 2 goes by it instead
    assert np.unique(Condensation(pattern, values).core.unknowns % 8).tolist() == [0, 1, 4, 6]


@pytest.mark.parametrize("make", [BlockElimination, single])
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("periods", [1, 2, 3, 40])
def test_lags_replaced_by_definitions_leave_the_solution_as_it_is(make, periods, tied):
    pattern, values = with_definitions(periods, seed=periods)
    terminal = np.linspace(0.9, 1.05, pattern.size) if tied else None
    right = np.random.default_rng(3).normal(size=(pattern.size * periods, 2))
    solver = solver_for(make, pattern, values, terminal)
    dense = StackedPattern(pattern, periods).matrix(values, terminal).toarray()
    np.testing.assert_allclose(solver.solve(right), np.linalg.solve(dense, right), rtol=0, atol=1e-9)
    again = solver.like()  # the same pivots, for other values
    again.factor(values * 1.01, terminal)
    np.testing.assert_allclose(again.solve(right), np.linalg.solve(dense * 1.01, right), rtol=0, atol=1e-9)
    assert not solver.notes and not again.notes


@pytest.mark.parametrize("make", [BlockElimination, single])
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("periods", [1, 2, 3, 40])
def test_elimination_agrees_with_the_sparse_lu(world, make, periods, tied):
    pattern, values = world(periods=periods, seed=periods)
    terminal = np.linspace(0.9, 1.05, pattern.size) if tied else None
    right = np.random.default_rng(3).normal(size=pattern.size * periods)
    solver = solver_for(make, pattern, values, terminal)
    expected = solver_for(SuperLU, pattern, values, terminal).solve(right)
    np.testing.assert_allclose(solver.solve(right), expected, rtol=1e-9, atol=1e-9)
    assert not solver.notes


@pytest.mark.parametrize("make", [BlockElimination, single])
@pytest.mark.parametrize("periods", [1, 2, 30])
def test_after_many_solutions_inverses_give_the_same(world, make, periods):
    pattern, values = world(periods=periods, seed=periods)
    right = np.random.default_rng(3).normal(size=(pattern.size * periods, MANY_COLUMNS))
    solver = solver_for(make, pattern, values, np.linspace(0.9, 1.05, pattern.size))
    before = solver.solve(right[:, :3])
    assert len(solver._blocks._lu) == periods and not solver._blocks._inverses
    after = solver.solve(right)[:, :3]
    assert not solver._blocks._lu and len(solver._blocks._inverses) == periods
    np.testing.assert_allclose(after, before, rtol=1e-11, atol=1e-12)
    assert not solver.notes
    solver.factor(1.1 * values)  # makes them stale
    np.testing.assert_allclose(solver.stacked.matrix(1.1 * values) @ solver.solve(right), right, atol=1e-10)


@pytest.mark.parametrize("periods", [1, 2, 5])
@pytest.mark.parametrize("tied", [False, True])
def test_the_stacked_matrix_is_that_of_its_entries(periods, tied):
    """Also where an entry is given in parts, and where a lead meets another entry in the last period, or none."""
    rows, columns, slots = np.array([[0, 0, 0], [1, 1, 0], [1, 1, -1], [1, 0, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0]]).T
    pattern, random = Pattern(rows, columns, slots, 2), np.random.default_rng(0)
    values, terminal = random.normal(size=(periods, 7)), np.array([0.5, 2.0]) if tied else None
    expected = np.zeros((periods, 2, periods + 2, 2))
    for period in range(periods):
        for row, column, slot, value in zip(rows, columns, slots, values[period], strict=True):
            expected[period, row, period + 1 + slot, column] += value
    if tied:
        expected[-1, :, periods] += expected[-1, :, periods + 1] * terminal
    expected = expected[:, :, 1:-1].reshape(2 * periods, 2 * periods)
    stacked = StackedPattern(pattern, periods)
    for _ in range(2):  # nothing is left of the first
        np.testing.assert_allclose(stacked.matrix(values, terminal).toarray(), expected, atol=1e-15)


@pytest.mark.parametrize("make", [SuperLU, BlockElimination, single])
@pytest.mark.parametrize("periods", [1, 12])
def test_right_hand_sides_are_solved_together_as_one_by_one(world, make, periods):
    pattern, values = world(periods=periods)
    terminal = np.linspace(0.9, 1.05, pattern.size)
    right = np.random.default_rng(4).normal(size=(pattern.size * periods, 3)) * [1.0, 1e-6, 1e6]
    right[:, 1] *= np.arange(right.shape[0]) == 7
    solver = solver_for(make, pattern, values, terminal)
    together = solver.solve(right)
    assert together.shape == right.shape and not solver.notes
    for one, column in zip(together.T, right.T, strict=True):
        np.testing.assert_allclose(one, solver.solve(column), rtol=1e-9, atol=1e-9 * np.abs(one).max())
    matrix = StackedPattern(pattern, periods).matrix(values, terminal)
    assert np.all(np.abs(matrix @ together - right).max(axis=0) < 1e-9 * np.abs(right).max(axis=0))
    assert solver.solve(right[:, :0]).shape == (right.shape[0], 0)


def test_one_bad_column_is_noticed_among_good_ones(world):
    pattern, values = world(periods=6)
    solver = solver_for(BlockElimination, pattern, values)
    system = solver._system
    right = np.ones((6 * pattern.size, 2))
    solution = np.column_stack([np.linalg.solve(system.matrix.toarray(), right[:, 0])] * 2)
    assert system.error(right - system.matrix @ solution, right, solution) < 1e-14
    solution[3, 1] += 1e-3
    assert system.error(right - system.matrix @ solution, right, solution) > 1e-5
    solution[3, 1] = np.nan
    assert not system.error(right - system.matrix @ solution, right, solution) < np.inf


def test_tangled_static_equations_stay_in_the_blocks(world):
    pattern, values = world(size=12, periods=5, tangled=True)
    right = np.ones(5 * pattern.size)
    solver = solver_for(BlockElimination, pattern, values)
    np.testing.assert_allclose(
        solver.solve(right), solver_for(SuperLU, pattern, values).solve(right), rtol=1e-9, atol=1e-9
    )
    linked = np.unique(pattern.columns[pattern.slots != 0]).size
    assert linked < solver._condensation.core.unknowns.size < pattern.size


def test_a_model_without_leads_and_lags_is_solved():
    pattern = Pattern(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.zeros(4, dtype=int), 2)
    values = np.array([[2.0, 1.0, 1.0, 3.0], [1.0, 0.5, 0.2, 1.0]])
    solution = solver_for(BlockElimination, pattern, values).solve(np.array([3.0, 4.0, 1.5, 1.2]))
    np.testing.assert_allclose(solution, np.ones(4), rtol=1e-14)


@pytest.mark.parametrize("make", [BlockElimination, single])
def test_entries_of_one_place_are_added(world, make):
    pattern, values = world(countries=3, periods=6)
    twice = Pattern(
        *(np.concatenate([part, part]) for part in (pattern.rows, pattern.columns, pattern.slots)), pattern.size
    )
    right = np.random.default_rng(5).normal(size=6 * pattern.size)
    again = solver_for(make, twice, np.concatenate([0.25 * values, 0.75 * values], axis=1)).solve(right)
    np.testing.assert_allclose(again, solver_for(SuperLU, pattern, values).solve(right), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("make", [BlockElimination, single])
@pytest.mark.parametrize("size", [0.0, 1e-14])
def test_a_period_with_a_singular_block_of_its_own_falls_back_and_says_so(make, size):
    # In period 2 the stock 1 acts only through the year after: regular as a whole, but not block by block.
    rows, columns, slots = np.array([0, 0, 1, 1, 1, 0]), np.array([0, 1, 0, 1, 1, 0]), np.array([0, 0, 0, 0, -1, 1])
    pattern = Pattern(rows, columns, slots, 2)
    values = np.tile([1.0, 1.0, 0.5, 1.0, 0.7, 0.3], (6, 1))
    values[1, [1, 3]] = size
    right, matrix = np.arange(12.0), StackedPattern(pattern, 6).matrix(values).toarray()
    assert np.linalg.cond(matrix) < 1e4
    solver = solver_for(make, pattern, values)
    np.testing.assert_allclose(solver.solve(right), np.linalg.solve(matrix, right), rtol=1e-10)
    assert "block" in solver.notes[0] and "sparse LU" in solver.notes[0]


def test_stale_pivots_are_chosen_again(world):
    pattern, values = world(periods=6)
    solver = solver_for(BlockElimination, pattern, values)
    first = solver._condensation
    later = values.copy()
    static = np.setdiff1d(np.arange(pattern.size), first.core.unknowns)
    for unknown in static[:5]:
        later[:, (pattern.columns == unknown) & (pattern.rows == unknown) & (pattern.slots == 0)] *= 1e-7
    solver.factor(later)
    right = np.ones(6 * pattern.size)
    np.testing.assert_allclose(
        solver.solve(right), solver_for(SuperLU, pattern, later).solve(right), rtol=1e-8, atol=1e-8
    )
    assert "chosen again" in solver.notes[0] and solver._condensation is not first


@pytest.mark.parametrize("make", [BlockElimination, single])
@pytest.mark.parametrize("distance", [0.0, 1e-14])
def test_singular_systems_are_refused_with_names(make, distance):
    pattern = Pattern(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 2, 2]), np.array([0, 0, 0, 0, 0, -1]), 3)
    values = np.tile([1.0, 2.0, 1.0, 2.0 + distance, 1.0, -0.9], (5, 1))
    with pytest.raises(SingularSystemError, match="singular") as error:
        solver_for(make, pattern, values)
    assert {unknown for _, unknown in error.value.unknowns} == {0, 1}


def test_a_bad_factor_is_noticed_by_its_backward_error(world):
    pattern, values = world(periods=6)
    solver = solver_for(BlockElimination, pattern, values)
    right = np.ones(6 * pattern.size)
    expected = solver.solve(right)
    lu, pivots = solver._blocks._lu[2]
    solver._blocks._lu[2] = 0.1 * lu, pivots
    np.testing.assert_allclose(solver.solve(right), expected, rtol=1e-9, atol=1e-10)
    assert "backward error" in solver.notes[0] and "sparse LU" in solver.notes[0]


SCRIPT = """
import runpy, sys, numpy as np
from tradewinds.solvers.perfect_foresight.linear import BlockElimination, StackedPattern
world = runpy.run_path(sys.argv[1])["random_world"]
pattern, values = world(size=12, periods=10)
solver = BlockElimination()
solver.analyse(StackedPattern(pattern, 10), values)
solver.factor(values)
print(solver.solve(np.ones(10 * pattern.size)).tobytes().hex()[:4000])
"""


def test_threads_of_blas_in_the_environment_change_nothing():
    here = os.path.join(os.path.dirname(__file__), "conftest.py")  # noqa: PTH118, PTH120
    results = []
    for threads in "12":
        environment = dict(os.environ, OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads, MKL_NUM_THREADS=threads)
        command = [sys.executable, "-c", SCRIPT, here]
        results.append(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    assert results[0] == results[1] and len(results[0]) > 1000
