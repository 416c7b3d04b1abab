"""The family of errors and warnings: who is whose child, what they carry, and that they survive a trip."""

from __future__ import annotations

import pickle

import pytest

import tradewinds.errors as errors
from tradewinds.errors import (
    ConvergenceError,
    DataError,
    InputError,
    TradewindsError,
    did_you_mean,
    require_option,
)
from tradewinds.solvers import Status, fixed_point

ERRORS = [getattr(errors, name) for name in errors.__all__ if name.endswith("Error")]
WARNINGS = [getattr(errors, name) for name in errors.__all__ if name.endswith("Warning")]


def test_every_error_and_warning_has_the_common_base():
    assert len(ERRORS) == 9
    assert len(WARNINGS) == 7
    assert all(issubclass(error, TradewindsError) for error in ERRORS)
    assert all(issubclass(warning, errors.TradewindsWarning) for warning in WARNINGS)


def test_bad_input_and_failed_solves_are_told_apart():
    """The command line answers the first with exit code 2 and the second with 1."""
    bad = {error for error in ERRORS if issubclass(error, InputError)}
    assert {error.__name__ for error in bad} == {
        "InputError",
        "AlignmentError",
        "WeightsError",
        "DataError",
        "StudyError",
        "OutputError",
    }
    assert not issubclass(ConvergenceError, InputError)
    assert issubclass(InputError, ValueError)
    assert issubclass(ConvergenceError, RuntimeError)
    assert issubclass(errors.MissingDependencyError, ImportError)


def test_data_error_lists_every_problem():
    error = DataError("panel.csv", ["row 3: year missing", "row 9: country 'XX' unknown"])
    assert str(error).splitlines() == [
        "panel.csv: 2 problems found",
        "  - row 3: year missing",
        "  - row 9: country 'XX' unknown",
    ]
    assert error.problems == ("row 3: year missing", "row 9: country 'XX' unknown")
    assert str(DataError("a.csv", ["one"])).startswith("a.csv: 1 problem found")


def unsolved() -> None:
    fixed_point(lambda x: x + 1.0, [0.0], max_iterations=3, what="a walk")


def test_errors_survive_pickling():
    back = pickle.loads(pickle.dumps(DataError("panel.csv", ["row 3: year missing"])))
    assert (back.source, back.problems) == ("panel.csv", ("row 3: year missing",))
    assert str(back) == "panel.csv: 1 problem found\n  - row 3: year missing"
    with pytest.raises(ConvergenceError) as raised:
        unsolved()
    again = pickle.loads(pickle.dumps(raised.value))
    assert str(again) == str(raised.value)
    assert again.solution.status is Status.MAX_ITERATIONS


def test_did_you_mean():
    assert did_you_mean("specfication", ["specification", "seed"]) == ' Did you mean "specification"?'
    assert did_you_mean("zzz", ["specification", "seed"]) == ""
    assert did_you_mean("x", []) == ""


def test_an_option_is_one_of_its_names():
    require_option("timing", "end", ("start", "end"))
    with pytest.raises(InputError, match=r"^timing is 'strt'\. Did you mean \"start\"\? Allowed: start, end\.$"):
        require_option("timing", "strt", iter(("start", "end")))
    for value in (None, 1, ["start"]):
        with pytest.raises(InputError, match="Allowed: start, end"):
            require_option("timing", value, ("start", "end"))
