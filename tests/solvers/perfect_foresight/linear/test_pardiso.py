"""With the library where it is installed, and everywhere with another in its place that has the same calls."""

import sys
import types

import numpy as np
import pytest
from scipy.sparse.linalg import splu

from tradewinds.solvers.perfect_foresight import Shock, make_databank, simulate
from tradewinds.solvers.perfect_foresight.linear import (
    Pardiso,
    ReusedFactor,
    SingularSystemError,
    StackedPattern,
    SuperLU,
)
from tradewinds.solvers.perfect_foresight.structure import Pattern


class PyPardisoError(Exception):
    pass


class StandIn:
    """Has the calls of ``pypardiso.PyPardisoSolver`` that are used."""

    freed = 0
    spoils = 1.0

    def factorize(self, matrix):
        try:
            self.lu = splu(matrix.tocsc())
        except RuntimeError:
            raise PyPardisoError("The Pardiso solver failed with error code -4. See its documentation.") from None

    def solve(self, matrix, right):
        return self.spoils * self.lu.solve(right)

    def free_memory(self, everything):
        StandIn.freed += everything


@pytest.fixture
def stand_in(monkeypatch):
    module = types.ModuleType("pypardiso")
    module.PyPardisoSolver = StandIn
    module.pardiso_wrapper = types.SimpleNamespace(PyPardisoError=PyPardisoError)
    monkeypatch.setitem(sys.modules, "pypardiso", module)
    monkeypatch.setattr(StandIn, "freed", 0)
    return StandIn


@pytest.fixture(params=["stand-in", "library"])
def installed(request):
    if request.param == "library":
        pytest.importorskip("pypardiso")
    else:
        request.getfixturevalue("stand_in")


def solver_for(make, pattern, values, terminal=None):
    solver = make()
    solver.analyse(StackedPattern(pattern, len(values)), values)
    solver.factor(values, terminal)
    return solver


@pytest.mark.usefixtures("installed")
def test_solutions_are_those_of_the_sparse_lu(world):
    pattern, values = world(periods=8)
    right, terminal = np.random.default_rng(3).normal(size=(8 * pattern.size, 3)), np.linspace(0.9, 1.0, pattern.size)
    solver = solver_for(Pardiso, pattern, values, terminal)
    expected = solver_for(SuperLU, pattern, values, terminal).solve(right)
    np.testing.assert_allclose(solver.solve(right), expected, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(solver.solve(right[:, 1]), expected[:, 1], rtol=1e-9, atol=1e-10)
    assert not solver.notes


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("distance", [0.0, 1e-14])
def test_singular_systems_are_refused_with_names(distance):
    pattern = Pattern(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 2, 2]), np.array([0, 0, 0, 0, 0, -1]), 3)
    values = np.tile([1.0, 2.0, 1.0, 2.0 + distance, 1.0, -0.9], (5, 1))
    with pytest.raises(SingularSystemError, match="singular") as error:
        solver_for(Pardiso, pattern, values)
    assert {unknown for _, unknown in error.value.unknowns} == {0, 1}


@pytest.mark.usefixtures("installed")
def test_a_scenario_is_solved_by_name(two_countries, levels):
    baseline = make_databank(two_countries, range(22), levels | {"tfp": 1.0})
    shock = [Shock("tfp", 0.1, 3, 9, countries=("home",))]
    run, expected = (simulate(two_countries, baseline, shock, solver=name) for name in ("pardiso", "superlu"))
    assert not run.notes
    level = np.abs(expected.databank.to_array()).max("year")
    assert float((np.abs(run.databank - expected.databank).to_array() / level.where(level > 0, 1.0)).max()) < 1e-9


def test_without_it_another_is_used_and_every_scenario_says_so(two_countries, levels, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypardiso", None)
    baseline = make_databank(two_countries, range(12), levels | {"tfp": 1.0})
    solver = ReusedFactor(Pardiso)
    for size in (0.01, 0.02):
        [note] = simulate(two_countries, baseline, [Shock("tfp", size, 3, 5)], solver=solver).notes
        assert "pypardiso is not installed" in note and "tradewinds[pardiso]" in note and "block elimination" in note
    assert solver.factors == 1
    [again] = simulate(two_countries, baseline, [Shock("tfp", 0.03, 3, 5)], solver="pardiso").notes
    assert again == note


def test_a_bad_factor_is_noticed_by_its_backward_error(world, stand_in, monkeypatch):
    pattern, values = world(periods=6)
    solver, right = solver_for(Pardiso, pattern, values), np.ones(6 * pattern.size)
    expected = solver.solve(right)
    monkeypatch.setattr(stand_in, "spoils", 5.0)
    np.testing.assert_allclose(solver.solve(right), expected, rtol=1e-9, atol=1e-10)
    assert "backward error" in solver.notes[0] and "PARDISO; block elimination is used" in solver.notes[0]


def test_memory_that_is_not_pythons_is_freed(world, stand_in):
    pattern, values = world(periods=3)
    solver = solver_for(Pardiso, pattern, values)
    assert stand_in.freed == 0
    del solver
    assert stand_in.freed == 1
