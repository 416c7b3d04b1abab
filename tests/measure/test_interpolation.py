"""Gaps are filled between observations, never beyond them, and never silently."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError, InterpolationWarning
from tradewinds.measure import interpolate_gaps

NAN = float("nan")


def quiet(*args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterpolationWarning)
        return interpolate_gaps(*args, **options)


@pytest.mark.parametrize(
    ("series", "method", "expected"),
    [
        # 10 to 40 in three steps of ten; then 40 to 20 in two
        ([10.0, NAN, NAN, 40.0, NAN, 20.0], "linear", [10.0, 20.0, 30.0, 40.0, 30.0, 20.0]),
        # factor 8 in three years is 2 a year; a quarter in two is one half
        ([1.0, NAN, NAN, 8.0, NAN, 2.0], "geometric", [1.0, 2.0, 4.0, 8.0, 4.0, 2.0]),
        ([-1.0, NAN, 1.0], "linear", [-1.0, 0.0, 1.0]),
    ],
)
def test_worked_by_hand(series, method, expected):
    np.testing.assert_allclose(quiet(series, method=method).values, expected, rtol=1e-14, atol=1e-15)


def loop(row, method):
    """Between the observed neighbours of each gap, as the docstring says."""
    filled = list(row)
    for t, value in enumerate(row):
        if not np.isnan(value):
            continue
        before = max(s for s in range(t) if not np.isnan(row[s]))
        after = min(s for s in range(t, len(row)) if not np.isnan(row[s]))
        weight = (t - before) / (after - before)
        if method == "linear":
            filled[t] = (1 - weight) * row[before] + weight * row[after]
        else:
            filled[t] = row[before] ** (1 - weight) * row[after] ** weight
    return filled


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.floats(0.0, 0.8), st.sampled_from(["linear", "geometric"]))
def test_equals_the_loop_and_keeps_what_was_observed(seed, missing, method):
    rng = np.random.default_rng(seed)
    series = np.exp(rng.normal(size=(2, 3, 15)))
    gone = rng.random(series.shape) < missing
    gone[..., [0, -1]] = False
    series[gone] = NAN
    untouched = series.copy()
    made = quiet(series, method=method)
    np.testing.assert_array_equal(series, untouched)  # the caller's array
    np.testing.assert_array_equal(made.values[~gone], series[~gone])  # to the last bit
    np.testing.assert_array_equal(made.interpolated, gone)
    assert made.share == pytest.approx(gone.mean())
    for index in np.ndindex(2, 3):
        np.testing.assert_allclose(made.values[index], loop(series[index], method), rtol=1e-12)


def test_survey_pattern_of_keller():
    """Britain every third year and Germany every second: the share filled is recorded (Appendix B: about 25%)."""
    series = np.ones((8, 22))
    series[6, [t for t in range(22) if t % 3]] = NAN
    series[2, [t for t in range(1, 21) if t % 2]] = NAN
    with pytest.warns(InterpolationWarning, match=r"24 of 176 values \(13.6%\) were interpolated linearly"):
        made = interpolate_gaps(series)
    assert made.share == 24 / 176
    assert len(made.warnings) == 1
    assert "serially correlated" in made.warnings[0]
    assert made.summary() == made.note


def test_complete_series_are_returned_without_a_warning():
    made = interpolate_gaps([1.0, 2.0, 3.0])
    assert made.share == 0.0
    assert made.warnings == ()
    assert made.note == "No value was interpolated."


def test_max_gap():
    series = [1.0, NAN, NAN, 4.0, NAN, 6.0]
    np.testing.assert_allclose(quiet(series, max_gap=2).values, [1, 2, 3, 4, 5, 6])
    with pytest.raises(InputError, match="2 missing years in a row from year 1971; max_gap = 1"):
        interpolate_gaps(series, max_gap=1, years=range(1970, 1976))
    with pytest.raises(InputError, match=r"1 missing years in a row from series \(1\), position 1"):
        interpolate_gaps([[1.0, 2.0, 3.0], [1.0, NAN, 3.0]], max_gap=0)


@pytest.mark.parametrize(
    ("series", "options", "message"),
    [
        ([NAN, 1.0, 2.0], {"years": [1970, 1971, 1972]}, "missing at year 1970, its first year; nothing is extra"),
        ([1.0, 2.0, NAN], {}, "missing at position 2, its last year"),
        ([[1.0, 2.0], [1.0, NAN]], {}, r"missing at series \(1\), position 1, its last year"),
        ([NAN, NAN], {}, "its first year"),
        ([1.0, np.inf, 2.0], {}, "series at position 1 is inf; it must be finite"),
        (
            [1.0, 0.0, NAN, 2.0],
            {"method": "geometric"},
            'position 1 is 0; it must be positive for method = "geometric"',
        ),
        ([1.0, NAN, 2.0], {"method": "lineer"}, 'Did you mean "linear"'),
        ([1.0, NAN, 2.0], {"max_gap": -1}, "max_gap is -1"),
        ([], {}, r"series has 0 year\(s\)"),
        ([1.0, NAN, 2.0], {"years": [1970, 1975, 1980]}, "years must be consecutive"),
    ],
)
def test_refused(series, options, message):
    with pytest.raises(InputError, match=message):
        interpolate_gaps(series, **options)


def test_tidy_marks_what_was_filled():
    made = quiet([1.0, NAN, 3.0], years=[1970, 1971, 1972])
    frame = made.tidy()
    assert frame["interpolated"].tolist() == [False, True, False]
    assert frame["year"].tolist() == [1970, 1971, 1972]
    labelled = quiet([[1.0, NAN, 3.0]]).tidy({"country": ["CAN"], "year": [1970, 1971, 1972]})
    assert labelled.loc[1, "value"] == 2.0
