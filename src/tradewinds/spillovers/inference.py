"""Tests: from fits, from published adjusted R2 alone, and from randomised trade patterns.

Keller (1997) compares adjusted R2 without (0.078) and with (0.096) eight trade regressors and calls the difference the
contribution of trade. :func:`f_from_adjusted_r_squared` recovers the F statistic those two numbers imply.

The spread of estimates over randomised trade patterns is not a standard error: it says how much estimates move when the
weights move, at the same data. It belongs in :func:`randomisation_p_value`, which asks how many random patterns do at least
as well as the observed one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tradewinds.errors import InputError, require_option
from tradewinds.spillovers.checks import require_finite
from tradewinds.spillovers.regression import Fit

__all__ = ["FTest", "f_from_adjusted_r_squared", "f_test", "randomisation_p_value", "ties"]

#: Relative difference within which two statistics are the same number.
TIE = 1e-9


@dataclass(frozen=True)
class FTest:
    """F test of nested regressions.

    Attributes
    ----------
    statistic, p_value : float
    restrictions, freedom : int
        Degrees of freedom of numerator and denominator.
    """

    statistic: float
    p_value: float
    restrictions: int
    freedom: int

    def __str__(self) -> str:
        return f"F({self.restrictions}, {self.freedom}) = {self.statistic:.2f}, p = {self.p_value:.3f}"


def _f(statistic: float, restrictions: int, freedom: int) -> FTest:
    from scipy import stats

    return FTest(float(statistic), float(stats.f.sf(statistic, restrictions, freedom)), restrictions, freedom)


def f_test(restricted: Fit, unrestricted: Fit) -> FTest:
    """Test the restrictions that turn one fit into the other, with one error variance for all rows.

    ``F = ((RSS_r - RSS_u) / q) / (RSS_u / (n - k_u))``.
    """
    restrictions = unrestricted.regressors - restricted.regressors
    if restrictions <= 0 or unrestricted.rows != restricted.rows:
        raise InputError("f_test needs the same rows and more coefficients in the unrestricted fit")
    freedom = unrestricted.rows - unrestricted.regressors
    gain = (restricted.residual_sum - unrestricted.residual_sum) / restrictions
    return _f(gain / (unrestricted.residual_sum / freedom), restrictions, freedom)


def f_from_adjusted_r_squared(
    restricted: float, unrestricted: float, *, observations: int, coefficients: tuple[int, int]
) -> FTest:
    """Recover the F test of nested regressions from their adjusted R2.

    Parameters
    ----------
    restricted, unrestricted : float
        Adjusted R2 of the two regressions.
    observations : int
    coefficients : tuple of int
        Number of coefficients of each, the constant included.

    Examples
    --------
    Table 5 of Keller (1997): eight trade regressors raise adjusted R2 from 0.078 to 0.096.

    >>> print(f_from_adjusted_r_squared(0.078, 0.096, observations=240, coefficients=(9, 17)))
    F(8, 223) = 1.57, p = 0.133
    """
    unexplained = [
        (1.0 - adjusted) * (observations - count) / (observations - 1)
        for adjusted, count in zip((restricted, unrestricted), coefficients, strict=True)
    ]
    restrictions = coefficients[1] - coefficients[0]
    freedom = observations - coefficients[1]
    if restrictions <= 0 or freedom <= 0:
        raise InputError(
            "coefficients must rise from the restricted to the unrestricted regression, below observations"
        )
    gain = (unexplained[0] - unexplained[1]) / restrictions
    return _f(gain / (unexplained[1] / freedom), restrictions, freedom)


def ties(*values: ArrayLike) -> float:
    """Return how far two statistics may lie apart and still be the same number.

    With few partners the observed pattern is drawn again and again. Computed along another path, or in another batch, its
    statistic differs in the last bits, and a plain ``>=`` would not count it.
    """
    return TIE * max(float(np.max(np.abs(np.asarray(value, dtype=float)), initial=0.0)) for value in values)


def randomisation_p_value(observed: float, draws: ArrayLike, *, tail: str = "two-sided") -> float:
    """Return the randomisation p-value of a statistic: how many random trade patterns are at least as extreme.

    ``(1 + #{draws as extreme}) / (B + 1)``: the observed pattern counts among the possible ones, so the p-value is never
    zero. Two-sided compares distances from the mean over draws and observed, because coefficients are positive under any
    weights. Statistics that agree to nine digits count as equal.

    It is the probability of so extreme a statistic if the observed pattern was drawn like the others. Where partners are not
    exchangeable (big research countries have big shares in every importer) single coefficients reject far too often.

    Parameters
    ----------
    observed : float
    draws : array_like, shape (B,)
    tail : {"two-sided", "upper"}

    Raises
    ------
    InputError
        If a statistic is not finite, there is no draw, or the tail is unknown.

    Examples
    --------
    >>> randomisation_p_value(3.0, [0.0, 1.0, 2.0, 4.0], tail="upper")
    0.4
    """
    require_option("tail", tail, ("two-sided", "upper"))
    values = np.asarray(draws, dtype=float).ravel()
    if not values.size:
        raise InputError(
            "draws holds no draw; a randomisation p-value compares the observed statistic with draws of it"
        )
    require_finite("observed statistic", np.array([observed], dtype=float))
    require_finite("drawn statistic", values)  # comparisons with what is not a number are false: the smallest p-value
    margin = ties(values, observed)
    if tail == "upper":
        extreme = values >= observed - margin
    else:
        center = (values.sum() + observed) / (values.size + 1)
        extreme = np.abs(values - center) >= abs(observed - center) - margin
    return float((1 + np.count_nonzero(extreme)) / (values.size + 1))
