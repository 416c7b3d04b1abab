"""Fixed points of small maps, element by element."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers import Status, fixed_point

DOTTIE = 0.7390851332151607  # the fixed point of cos


def test_cosine():
    solution = fixed_point(np.cos, [0.5])
    assert solution.ok
    assert solution.value[0] == pytest.approx(DOTTIE, abs=1e-12)
    assert solution.residual.norm <= 1e-12
    assert len(solution.history) == solution.iterations
    assert list(solution.history) == sorted(solution.history, reverse=True)


def test_a_number_stays_a_number():
    assert fixed_point(np.cos, 0.5).value.shape == ()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(-0.9, 0.9), st.floats(-5, 5)), min_size=1, max_size=6))
def test_affine_vector(pairs):
    """x = a x + b has the solution b / (1 - a)."""
    slope, shift = np.array(pairs).T
    solution = fixed_point(lambda x: slope * x + shift, np.zeros(len(pairs)))
    assert solution.ok
    np.testing.assert_allclose(solution.value, shift / (1 - slope), atol=1e-10)


def test_coupled_vector():
    matrix, shift = np.array([[0.2, 0.3], [0.1, 0.4]]), np.array([1.0, 2.0])
    solution = fixed_point(lambda x: matrix @ x + shift, [0.0, 0.0])
    np.testing.assert_allclose(solution.value, np.linalg.solve(np.eye(2) - matrix, shift), atol=1e-11)


def test_history_is_the_true_error_of_a_halving_map():
    # x <- x/2 from 1: the gap is 1/2, 1/4, ...; at most .01 after 1/128 on the 7th evaluation
    solution = fixed_point(lambda x: x / 2, [1.0], tolerance=0.01)
    assert solution.history == tuple(0.5**k for k in range(1, 8))
    assert solution.iterations == 7


def test_limit():
    with pytest.raises(
        ConvergenceError, match=r"the slow map did not converge after 5 iterations\. The iteration limit"
    ):
        fixed_point(np.cos, [0.5], max_iterations=5, what="the slow map")
    solution = fixed_point(np.cos, [0.5], max_iterations=5, throw=False)
    assert solution.status is Status.MAX_ITERATIONS
    assert solution.residual.norm > 1e-12


def test_one_element_without_a_solution_leaves_the_others_solved():
    def mixed(x):
        return np.array([np.cos(x[0]), np.log(x[1])])  # log leaves the positive numbers: log x < x

    solution = fixed_point(mixed, [0.5, 2.0], names=["cosine", "logarithm"], throw=False)
    assert solution.status is Status.NOT_FINITE
    assert solution.residual.worst[0][0] == "logarithm"
    assert solution.value[0] == pytest.approx(DOTTIE, abs=1e-11)
    assert np.isfinite(solution.value).all()
    assert np.isfinite(solution.history).all()


def test_divergence_is_reported_without_numpy_warnings():
    solution = fixed_point(lambda x: np.exp(x) + 1, [1.0], throw=False)
    assert solution.status is Status.NOT_FINITE


def test_a_start_that_solves_takes_one_evaluation():
    assert fixed_point(lambda x: x * 1.0, [3.0]).iterations == 1


def test_shape_is_kept():
    with pytest.raises(InputError, match=r"maps shape \(2,\) to \(1,\)"):
        fixed_point(lambda x: x[:1], [1.0, 2.0])
