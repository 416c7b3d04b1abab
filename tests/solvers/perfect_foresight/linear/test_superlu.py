import numpy as np
import pytest
from scipy.linalg import eigvals
from scipy.sparse import csc_array
from scipy.sparse.linalg import spsolve

from tradewinds.solvers.perfect_foresight import Model, Parameter, Variable
from tradewinds.solvers.perfect_foresight.linear import SingularSystemError, StackedPattern, SuperLU
from tradewinds.solvers.perfect_foresight.stacked import Stacked
from tradewinds.solvers.perfect_foresight.structure import Pattern, coloured_pattern


def solved(pattern, values, right, terminal=None):
    solver = SuperLU()
    solver.analyse(StackedPattern(pattern, len(values)), values)
    solver.factor(values, terminal)
    return solver.solve(right), solver


def dense(pattern, values, period):
    blocks = np.zeros((3, pattern.size, pattern.size))
    np.add.at(blocks, (pattern.slots + 1, pattern.rows, pattern.columns), values[period])
    return blocks


@pytest.mark.parametrize("slopes", [False, True])
def test_the_stacked_jacobian_is_that_of_finite_differences(growth_problem, slopes):
    problem, inside = growth_problem(slopes)
    _, data = problem.derivatives(inside)
    exact = StackedPattern(problem.stacked.pattern, 10).matrix(data, problem.terminal.slope).toarray()
    numeric = np.empty_like(exact)
    for k in range(inside.size):
        step = np.zeros(inside.size)
        step[k] = 1e-6
        move = step.reshape(inside.shape)
        numeric[:, k] = (problem.residuals(inside + move) - problem.residuals(inside - move)).ravel() / 2e-6
    np.testing.assert_allclose(exact, numeric, rtol=1e-7, atol=1e-8)
    tied = problem.stacked.pattern.columns_in(1)
    assert slopes == bool(np.any(problem.terminal.slope[tied]))


def test_derivatives_are_forward_unless_an_equation_of_all_countries_makes_that_dear():
    def block(now, lag, lead, ex, p):
        return {"part": now.part**2 - p.weight, "total": now.total - 1 + now.part.sum() ** 2}

    modes = {}
    for count in (2, 40):
        model = Model(
            "sum",
            countries=[f"c{k}" for k in range(count)],
            variables=[Variable("part", "part"), Variable("total", "total", dimension="global")],
            parameters=[Parameter("weight", 1.0 / count, "weight")],
            blocks=[block],
        )
        stacked, point = Stacked(model), np.linspace(0.1, 0.2, count + 1)
        path, none = np.tile(point, (3, 1)), np.zeros((3, 0))
        _, data = stacked.derivatives(path, none, np.zeros((1, count + 1)), model.read_parameters())
        expected = np.diag(np.append(2 * point[:-1], 1.0))
        expected[-1, :-1] = 2 * point[:-1].sum()
        matrix = StackedPattern(stacked.pattern, 1).matrix(data).toarray()
        np.testing.assert_allclose(matrix, expected, rtol=1e-14)
        modes[count] = coloured_pattern(model).mode
    assert modes == {2: "fwd", 40: "rev"}


def test_without_a_slope_what_lies_beyond_the_horizon_is_given(world):
    pattern, values = world(periods=3)
    stacked = StackedPattern(pattern, 3)
    np.testing.assert_array_equal(
        stacked.matrix(values).toarray(), stacked.matrix(values, np.zeros(pattern.size)).toarray()
    )
    assert np.any(stacked.matrix(values, np.ones(pattern.size)).toarray() != stacked.matrix(values).toarray())


def test_the_random_world_is_saddle_path_stable(world):
    pattern, values = world(noise=0.0)
    lag, now, lead = dense(pattern, values, 0)
    n, eye, none = pattern.size, np.eye(pattern.size), np.zeros((pattern.size, pattern.size))
    left, right = np.block([[none, eye], [-lag, -now]]), np.block([[eye, none], [none, lead]])
    alpha, beta = eigvals(left, right, homogeneous_eigvals=True)
    assert np.count_nonzero(np.abs(alpha) < np.abs(beta)) == n


@pytest.mark.parametrize("periods", [1, 2, 25])
@pytest.mark.parametrize("tied", [False, True])
def test_superlu_agrees_with_scipy(world, periods, tied):
    pattern, values = world(periods=periods)
    terminal = np.full(pattern.size, 1.02) if tied else None
    right = np.random.default_rng(3).normal(size=pattern.size * periods)
    solution, solver = solved(pattern, values, right, terminal)
    matrix = StackedPattern(pattern, periods).matrix(values, terminal)
    np.testing.assert_allclose(solution, spsolve(matrix, right), rtol=1e-9, atol=1e-11)
    assert solver.ordering == "time" and not solver.notes


def test_a_period_whose_own_block_is_singular_is_solved(world):
    pattern, values = world()
    lagged = pattern.columns_in(-1)[0]
    own = (pattern.slots == 0) & (pattern.columns == lagged)
    values[4, own] = 0.0  # it acts only a year later
    assert np.linalg.matrix_rank(dense(pattern, values, 4)[1]) < pattern.size
    right = np.ones(values.shape[0] * pattern.size)
    solution, _ = solved(pattern, values, right)
    matrix = StackedPattern(pattern, len(values)).matrix(values)
    assert np.abs(matrix @ solution - right).max() < 1e-9


def test_an_equation_repeated_is_exactly_singular_and_its_unknowns_are_named():
    pattern = Pattern(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 2, 2]), np.array([0, 0, 0, 0, 0, -1]), 3)
    values = np.tile([1.0, 2.0, 1.0, 2.0, 1.0, -0.9], (5, 1))
    with pytest.raises(SingularSystemError, match="singular") as error:
        solved(pattern, values, np.ones(15))
    assert {unknown for _, unknown in error.value.unknowns} == {0, 1}


@pytest.mark.parametrize("distance", [1e-13, 1e-15])
def test_a_near_singular_system_is_not_solved_in_silence(distance):
    pattern = Pattern(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 2, 2]), np.array([0, 0, 0, 0, 0, -1]), 3)
    values = np.tile([1.0, 2.0, 1.0, 2.0 + distance, 1.0, -0.9], (5, 1))
    with pytest.raises(SingularSystemError, match=r"singular") as error:
        solved(pattern, values, np.tile([3.0, 3.0, 1.0], 5))  # a right-hand side that both equations agree on
    assert {unknown for _, unknown in error.value.unknowns} == {0, 1}


def test_an_inaccurate_factor_is_noticed_by_its_backward_error(world):
    pattern, values = world()
    solver = SuperLU()
    solver.analyse(StackedPattern(pattern, len(values)), values)
    solver.factor(values)
    exact = solver._factor

    class Wrong:
        def solve(self, right):
            return 5.0 * exact.solve(right)

    solver._factor = Wrong()
    right = np.ones(values.shape[0] * pattern.size)
    solution = solver.solve(right)
    assert "backward error" in solver.notes[0] and "column ordering" in solver.notes[0]
    matrix = StackedPattern(pattern, len(values)).matrix(values)
    np.testing.assert_allclose(solution, spsolve(matrix, right), rtol=1e-9, atol=1e-11)


def test_what_is_missing_or_not_finite_is_said(world):
    pattern, values = world(periods=4)
    empty = values.copy()
    empty[2, pattern.rows == 5] = 0.0
    with pytest.raises(SingularSystemError, match="an equation contains no unknown") as error:
        solved(pattern, empty, np.ones(4 * pattern.size))
    assert error.value.equations == ((2, 5),)
    broken = values.copy()
    broken[1, 7] = np.nan
    with pytest.raises(SingularSystemError, match="not finite"):
        solved(pattern, broken, np.ones(4 * pattern.size))


def test_entries_of_one_place_are_added(world):
    pattern, values = world(periods=6)
    twice = Pattern(
        *(np.concatenate([part, part]) for part in (pattern.rows, pattern.columns, pattern.slots)), pattern.size
    )
    right = np.random.default_rng(5).normal(size=6 * pattern.size)
    once, _ = solved(pattern, values, right)
    again, _ = solved(twice, np.concatenate([0.25 * values, 0.75 * values], axis=1), right)
    np.testing.assert_allclose(again, once, rtol=1e-11, atol=1e-13)


def test_the_pattern_survives_what_splu_does_to_its_indices(world):
    pattern, values = world(periods=6)
    stacked = StackedPattern(pattern, 6)
    before = csc_array(stacked.matrix(values)).toarray()
    solver = SuperLU()
    solver.analyse(stacked, values)
    right = np.ones(6 * pattern.size)
    solver.factor(values)
    first = solver.solve(right)
    solver.factor(2.0 * values)
    np.testing.assert_allclose(solver.solve(right), first / 2, rtol=1e-12)
    np.testing.assert_array_equal(stacked.matrix(values).toarray(), before)


def test_units_of_equations_and_unknowns_do_not_matter(world):
    pattern, values = world(periods=6)
    random = np.random.default_rng(8)
    rows, columns = 10.0 ** random.uniform(-6, 6, pattern.size), 10.0 ** random.uniform(-6, 6, pattern.size)
    right = random.normal(size=(6, pattern.size))
    plain, _ = solved(pattern, values, right.ravel())
    other, _ = solved(pattern, values * rows[pattern.rows] * columns[pattern.columns], (right * rows).ravel())
    np.testing.assert_allclose(other.reshape(6, -1) * columns, plain.reshape(6, -1), rtol=1e-10, atol=1e-12)


def test_equations_that_match_only_across_periods_are_solved_by_columns():
    pattern = Pattern(np.array([0, 0]), np.array([0, 0]), np.array([-1, 1]), 1)
    values = np.tile([1.0, 0.5], (4, 1))
    solution, solver = solved(pattern, values, np.array([0.5, 2.0, 2.0, 3.0]))
    assert solver.ordering == "colamd" and "cannot be matched" in solver.notes[0]
    matrix = StackedPattern(pattern, 4).matrix(values)
    np.testing.assert_allclose(matrix @ solution, [0.5, 2.0, 2.0, 3.0], rtol=1e-13)
