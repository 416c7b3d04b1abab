"""Ensembles: streams, workers, failures."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewinds.ensembles import SCALES, Interval, draw_parameters, run_ensemble
from tradewinds.errors import InputError

BOX = {"a": Interval(0, 1), "b": Interval(2, 8, "log")}


def combine(values):
    """A function that has no answer in a corner of its domain."""
    if values["a"] > 0.8:
        raise InputError("a is too large")
    return {"sum": values["a"] + values["b"], "ratio": values["a"] / values["b"]}


def broken(values):
    raise KeyError("a bug")


def endless(values):
    return {"sum": np.inf if values["a"] > 0.5 else 1.0}


@pytest.fixture(scope="module")
def alone():
    return run_ensemble(combine, BOX, 40, seed=7)


def test_values_are_those_of_the_function_at_each_draw(alone):
    for parameters, found in zip(alone.parameters, alone.values, strict=True):
        if parameters["a"] > 0.8:
            assert found is None
        else:
            assert found == combine(parameters)


def test_failures_are_counted_and_explained(alone):
    lost = [draw for draw, values in enumerate(alone.parameters, start=1) if values["a"] > 0.8]
    assert 0 < len(lost) < 40
    assert [failure.draw for failure in alone.failures] == lost
    assert alone.reasons() == {"a is too large": len(lost)}
    assert f"{40 - len(lost)} of 40 draws solved" in alone.summary()
    assert f"{len(lost)} failed: a is too large" in alone.summary()
    assert np.isnan(alone["sum"]).sum() == len(lost)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_do_not_depend_on_workers(alone, workers):
    with ThreadPoolExecutor(workers) as pool:
        together = run_ensemble(combine, BOX, 40, seed=7, executor=pool)
    assert together.parameters == alone.parameters
    assert together.values == alone.values
    assert together.failures == alone.failures


def test_processes_give_the_same():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        apart = run_ensemble(dict, BOX, 10, seed=7, executor=pool)
    assert apart.values == run_ensemble(dict, BOX, 10, seed=7).values == draw_parameters(BOX, 10, 7)


def test_another_seed_gives_other_draws(alone):
    assert draw_parameters(BOX, 40, 8) != alone.parameters


def test_streams_of_draws_and_of_names_are_their_own():
    few, more = draw_parameters({"a": BOX["a"]}, 5, 3), draw_parameters(BOX, 9, 3)
    assert [draw["a"] for draw in few] == [draw["a"] for draw in more[:5]]
    reordered = draw_parameters(dict(reversed(BOX.items())), 9, 3)
    assert [dict(sorted(draw.items())) for draw in reordered] == [dict(sorted(draw.items())) for draw in more]
    assert len({draw["a"] for draw in more}) == 9


def test_draws_are_uniform_in_their_scale_and_independent():
    drawn = draw_parameters(BOX, 2000, 1)
    a = np.array([draw["a"] for draw in drawn])
    b = np.array([np.log(draw["b"] / 2) / np.log(4) for draw in drawn])
    for sample in (a, b):
        assert np.max(np.abs(np.sort(sample) - (np.arange(2000) + 0.5) / 2000)) < 1.63 / np.sqrt(2000)  # 1 % level
    assert abs(np.corrcoef(a, b)[0, 1]) < 2.58 / np.sqrt(2000)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1), st.sampled_from(SCALES))
def test_draws_stay_in_their_interval(low, width, fraction, scale):
    low = abs(low) + 1e-3 if scale == "log" else low
    interval = Interval(low, low + width, scale)
    margin = 1e-12 * (abs(low) + width)
    assert interval.low - margin <= interval.at(fraction) <= interval.high + margin


def test_range_is_that_of_the_draws_that_solved(alone):
    solved = sorted(found["sum"] for found in alone.values if found is not None)
    low, middle, high = alone.range("sum", coverage=1)
    assert (low, high) == (solved[0], solved[-1])
    assert middle == pytest.approx(np.median(solved))
    inner = alone.range("sum", coverage=0.5)
    assert low < inner[0] < inner[1] < inner[2] < high


def test_tidy_has_every_draw(alone):
    frame = alone.tidy()
    assert list(frame.columns) == ["variable", "value", "unit", "draw"]
    assert len(frame) == 40 * 4
    assert frame.loc[frame["variable"] == "sum", "value"].isna().sum() == len(alone.failures)


def test_what_is_not_finite_has_failed():
    found = run_ensemble(endless, BOX, 20)
    assert found.failures
    assert all("not a finite number" in failure.reason for failure in found.failures)


def test_a_bug_is_not_a_failed_draw():
    with pytest.raises(KeyError, match="a bug"):
        run_ensemble(broken, BOX, 3)
    with ThreadPoolExecutor(2) as pool, pytest.raises(KeyError, match="a bug"):
        run_ensemble(broken, BOX, 3, executor=pool)


def test_progress_ends_with_all():
    told = []
    run_ensemble(combine, BOX, 5, progress=lambda done, wanted: told.append((done, wanted)))
    assert told == [(n, 5) for n in range(1, 6)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Interval(6, 4), r"\[6, 4\] is reversed.*\[4, 6\]"),
        (lambda: Interval(0, np.inf), "high of an interval is inf"),
        (lambda: Interval(0, 1, "log"), "log scale must lie above 0"),
        (lambda: Interval(0, 1, "lin"), "scale is 'lin'"),
        (lambda: draw_parameters(BOX, 0, 1), "draws is 0; it must be a whole number, 1 or more"),
        (lambda: draw_parameters(BOX, 2.5, 1), "draws is 2.5"),
        (lambda: draw_parameters(BOX, 5, -1), "seed is -1"),
        (lambda: run_ensemble(combine, BOX, 3)["sun"], 'Did you mean "sum"'),
        (lambda: run_ensemble(combine, BOX, 3).range("sum", 0), r"coverage is 0; it must lie in \(0, 1\]"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(InputError, match=message):
        call()
