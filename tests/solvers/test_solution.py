"""The solver contract: the shared check decides, and says what happened."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers import Status, judge


def square(x):
    return np.asarray(x, dtype=float) ** 2 - 4.0


def test_a_solver_that_lies_is_not_believed():
    """It claims a residual of zero in its history; the check evaluates the point."""
    solution = judge(3.0, square, tolerance=1e-8, iterations=1, history=[0.0])
    assert solution.status is Status.NOT_CONVERGED
    assert not solution.ok
    assert solution.residual.norm == 5.0


def test_a_good_point_is_converged_even_at_the_limit():
    solution = judge(2.0, square, tolerance=1e-8, iterations=9, limit_reached=True)
    assert solution.status is Status.CONVERGED
    assert solution.ok
    assert judge(1.0, square, tolerance=1e-8, iterations=9, limit_reached=True).status is Status.MAX_ITERATIONS


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_not_finite_is_never_within_a_tolerance(bad):
    solution = judge([0.0, bad], lambda x: np.asarray(x), tolerance=1e300, iterations=1, names=["fine", "broken"])
    assert solution.status is Status.NOT_FINITE
    assert solution.residual.norm == np.inf
    assert solution.residual.worst[0][0] == "broken"


def test_worst_equation_comes_first_with_its_sign():
    values = np.array([[1.0, -7.0, 2.0], [0.5, 3.0, -0.1]])
    solution = judge(values, lambda x: x, tolerance=0.1, iterations=1, names=[f"e{k}" for k in range(6)])
    assert solution.residual.worst == (("e1", -7.0), ("e4", 3.0), ("e2", 2.0), ("e0", 1.0), ("e3", 0.5))
    plain = judge(values, lambda x: x, tolerance=0.1, iterations=1)
    assert plain.residual.worst[0] == ("equation 2", -7.0)
    assert plain.residual.values.shape == (2, 3)


def test_throw_carries_the_solution_worst_first():
    with pytest.raises(ConvergenceError) as raised:
        judge(
            np.array([1.0, 0.0, -20.0]),
            lambda x: x,
            tolerance=1e-6,
            iterations=12,
            limit_reached=True,
            names=["goods", "labour", "capital"],
            what="the toy economy",
            throw=True,
        )
    text = str(raised.value)
    assert text.startswith("the toy economy did not converge after 12 iterations. The iteration limit was reached")
    assert "Largest residual 20 against a tolerance of 1e-06; worst first: capital: -20; goods: 1; labour: 0." in text
    assert raised.value.solution.status is Status.MAX_ITERATIONS
    assert raised.value.solution.value[2] == -20.0


def test_throw_returns_what_converged():
    assert judge(2.0, square, tolerance=1e-8, iterations=3, history=(1.0, 0.0), throw=True).history == (1.0, 0.0)


def test_statuses_are_sentences_and_only_one_is_good():
    assert [status for status in Status if status.ok] == [Status.CONVERGED]
    for status in Status:
        assert status.value[0].isupper()
        assert status.value.endswith(".")
        assert status.ok or "Try" in status.value or "Raise" in status.value or "Check" in status.value


@pytest.mark.parametrize("tolerance", [0.0, -1.0, float("nan")])
def test_a_tolerance_is_positive(tolerance):
    with pytest.raises(InputError, match="it must be a positive number"):
        judge(2.0, square, tolerance=tolerance, iterations=1)


def test_names_fit_the_equations():
    with pytest.raises(InputError, match=r"the toy has 2 equation\(s\) but 1 name\(s\)"):
        judge([0.0, 0.0], np.asarray, tolerance=1e-8, iterations=1, names=["one"], what="the toy")


def test_a_system_without_equations_is_solved():
    assert judge(np.array([]), lambda x: x, tolerance=1e-8, iterations=0).ok


def test_solutions_travel_between_processes():
    solution = judge(3.0, square, tolerance=1e-8, iterations=1)
    back = pickle.loads(pickle.dumps(solution))
    assert back.status is solution.status
    assert back.residual.worst == solution.residual.worst


def test_advice_of_the_caller_takes_the_place_of_the_status():
    """Whoever cannot set iterations is not told to raise them; the verdict is the same."""
    said = {"tolerance": 1e-8, "iterations": 3, "what": "a closed form", "throw": True}
    with pytest.raises(ConvergenceError) as raised:
        judge(3.0, square, advice="Change less at once.", **said)
    assert str(raised.value).startswith(
        "a closed form did not converge. Change less at once. Largest residual 5 against"
    )
    assert raised.value.solution.status is Status.NOT_CONVERGED
    assert "iterations" not in str(raised.value)
