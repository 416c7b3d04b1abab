import numpy as np
import pytest

from tradewinds.errors import ConvergenceError
from tradewinds.solvers.perfect_foresight import Model, Variable
from tradewinds.solvers.perfect_foresight.linear import BlockElimination, SuperLU
from tradewinds.solvers.perfect_foresight.newton import Problem, Terminal, newton
from tradewinds.solvers.perfect_foresight.stacked import Stacked


def redundant(now, lag, lead, ex, p):
    return {"first": now.left - now.right - ex.drive, "second": 2.0 * now.left - 2.0 * now.right - ex.drive**2}


def test_a_singular_model_names_the_unknowns_that_are_not_determined():
    model = Model(
        "twins",
        countries=("home", "foreign"),
        variables=[Variable("left", "left"), Variable("right", "right")],
        exogenous=[Variable("drive", "drive")],
        blocks=[redundant],
    )
    point = np.array([3.0, 3.0, 1.0, 1.0])
    inside, drive = np.tile(point, (5, 1)), np.ones((7, 2))
    problem = Problem(Stacked(model), point, drive, np.zeros((5, 4)), {}, Terminal.fixed(point))
    with pytest.raises(
        ConvergenceError, match=r"twins .the stacked Jacobian is .*singular.*not determined: (lef|righ)t"
    ) as error:
        newton(problem, inside, SuperLU(), years=range(2001, 2006), what="twins")
    assert " in 200" in str(error.value).split("not determined")[1][:60]


def test_an_equation_that_no_unknown_moves_is_named():
    def idle(now, lag, lead, ex, p):
        return {"first": now.left - 1.0, "second": ex.drive * (now.right - 2.0)}

    model = Model(
        "idle",
        countries=("home", "foreign"),
        variables=[Variable("left", "left"), Variable("right", "right")],
        exogenous=[Variable("drive", "drive")],
        blocks=[idle],
    )
    drive = np.ones((5, 2))
    drive[2, 1] = 0.0  # in its second period the equation of the second country says nothing
    problem = Problem(Stacked(model), np.ones(4), drive, np.zeros((3, 4)), {}, Terminal.fixed(np.ones(4)))
    with pytest.raises(ConvergenceError, match=r"an equation contains no unknown; it is second\[foreign\] in 2002"):
        newton(problem, np.zeros((3, 4)), SuperLU(), years=range(2001, 2004), what="idle")


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize("slopes", [False, True])
def test_both_solvers_agree_on_a_model_that_is_not_linear(growth_problem, precision, slopes):
    problem, inside = growth_problem(slopes)
    expected = newton(problem, inside, SuperLU())
    solver = BlockElimination(precision)
    solution = newton(problem, inside, solver)
    assert solution.ok and solution.iterations > 1 and not solver.notes
    np.testing.assert_allclose(solution.value, expected.value, rtol=1e-9, atol=1e-9)
