"""Tests from published numbers, nested fits and randomised trade patterns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.spillovers import (
    Specification,
    analyse,
    estimate,
    f_from_adjusted_r_squared,
    f_test,
    general_and_trade,
    randomisation_p_value,
)


def test_table_5_has_no_significant_trade_part():
    """Keller (1997), Table 5: adjusted R2 0.078 and 0.096 with n = 240 and 9 and 17 coefficients."""
    test = f_from_adjusted_r_squared(0.078, 0.096, observations=240, coefficients=(9, 17))
    assert (test.restrictions, test.freedom) == (8, 223)
    assert test.statistic == pytest.approx(1.574, abs=0.001)
    assert test.p_value == pytest.approx(0.134, abs=0.001)
    bounds = [
        f_from_adjusted_r_squared(a, b, observations=240, coefficients=(9, 17)).p_value
        for a, b in ((0.0785, 0.0955), (0.0775, 0.0965))
    ]
    assert max(bounds) < 0.15 and min(bounds) > 0.12  # rounding of the printed numbers does not change the verdict


def test_f_test_agrees_with_its_recovery_from_adjusted_r_squared(random_panel):
    general = estimate(random_panel, weights="equal")
    both = general_and_trade(random_panel)
    direct = f_test(general.fit, both.fit)
    recovered = f_from_adjusted_r_squared(
        general.adjusted_r_squared, both.adjusted_r_squared, observations=240, coefficients=(9, 17)
    )
    assert direct.statistic == pytest.approx(recovered.statistic, rel=1e-9)
    assert direct.p_value == pytest.approx(recovered.p_value, rel=1e-9)


def test_f_test_against_statsmodels_definition(random_panel):
    """A likelihood-ratio identity: n log(RSS_r/RSS_u) = n log(1 + q F / (n - k))."""
    general, both = estimate(random_panel, weights="equal").fit, general_and_trade(random_panel).fit
    test = f_test(general, both)
    left = np.log(general.residual_sum / both.residual_sum)
    assert left == pytest.approx(np.log1p(8 * test.statistic / 223), rel=1e-10)


def test_f_test_refuses_fits_that_are_not_nested(random_panel):
    fit = estimate(random_panel).fit
    with pytest.raises(InputError, match="more coefficients"):
        f_test(fit, fit)
    with pytest.raises(InputError, match="coefficients must rise"):
        f_from_adjusted_r_squared(0.1, 0.2, observations=10, coefficients=(3, 3))


def test_randomisation_p_values_by_hand():
    draws = [1.0, 2.0, 3.0, 6.0]  # mean 3
    assert randomisation_p_value(5.0, draws) == 3 / 5  # |1-3| and |6-3| are at least |5-3|
    assert randomisation_p_value(5.0, draws, tail="upper") == 2 / 5
    assert randomisation_p_value(100.0, draws) == 1 / 5  # never zero
    with pytest.raises(InputError, match="two-sided"):
        randomisation_p_value(1.0, draws, tail="lower")


@pytest.mark.parametrize("tail", ["two-sided", "upper"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_statistics_that_are_not_finite_have_no_p_value(tail, bad):
    """Every comparison with what is not a number is false, which would be the smallest p-value there is."""
    with pytest.raises(InputError, match=r"observed statistic is (nan|inf)"):
        randomisation_p_value(bad, [1.0, 2.0, 3.0], tail=tail)
    with pytest.raises(InputError, match=r"drawn statistic is (nan|inf) in row 2 of 3"):
        randomisation_p_value(2.0, [1.0, bad, 3.0], tail=tail)
    with pytest.raises(InputError, match="no draw"):
        randomisation_p_value(2.0, [], tail=tail)


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=30), st.floats(-5, 5))
def test_p_values_are_probabilities_in_steps(draws, observed):
    p = randomisation_p_value(observed, draws, tail="upper")
    assert 1 / (len(draws) + 1) <= p <= 1
    assert round(p * (len(draws) + 1)) == pytest.approx(p * (len(draws) + 1))


def test_contribution_of_trade_is_the_papers_arithmetic(random_panel):
    result = analyse(random_panel, experiment="equal")
    general, both = result.general.adjusted_r_squared, result.both.adjusted_r_squared
    if both > 0:
        assert result.trade_contribution == pytest.approx((both - general) / both)
    else:
        assert np.isnan(result.trade_contribution)


def test_small_samples_say_why_trade_was_not_separated(panel_factory):
    panel = panel_factory(4, 1, 9)
    result = analyse(panel, Specification(periods=(1970, 1973, 1978)), experiment="equal")
    assert result.both is None
    assert any("not separated" in note for note in result.warnings)
