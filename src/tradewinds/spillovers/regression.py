"""Least squares of one specification, with the error variances that go with it.

Small-sample corrections are stated by name, because packages differ by default:

``iid``
    ``s2 (X'X)^-1`` with ``s2 = RSS / (n - k)``; the paper's.
``hc1``
    White's with ``n / (n - k)`` (MacKinnon and White 1985).
``cluster_country``, ``cluster_cell``
    Sums of scores by country of the importer, or by country and industry, with ``G / (G - 1) * (n - 1) / (n - k)`` and
    ``G - 1`` degrees of freedom (Liang and Zeger 1986, as Stata computes it). With eight countries it is too small.
``jackknife_country``
    Leave out one importing country at a time (CRV3 of MacKinnon and White 1985): safer with few clusters.

Partner by partner (Keller), each coefficient rests almost on one country's own rows. Then clustering by country gives errors far
too small (the country's score sums to nearly zero) and the jackknife errors far too large (without it nothing is left): cluster
by cell instead. With one pooled foreign stock (Coe and Helpman) both mean what they say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.spillovers.checks import SAME, orthonormal_basis, require_finite
from tradewinds.spillovers.parameters import COVARIANCES
from tradewinds.spillovers.threads import one_blas_thread

__all__ = ["Fit", "least_squares"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fit:
    """Least squares of ``n`` rows on ``F`` fixed and ``K`` named regressors.

    Attributes
    ----------
    coefficients : ndarray, shape (K,)
    covariance : ndarray, shape (K, K)
    residuals : ndarray, shape (n,)
    rows, regressors : int
        ``n`` and ``k = F + K``.
    freedom : int
        Degrees of freedom of t statistics.
    residual_sum, within_sum, total_sum : float
        Sum of squares of residuals, of the outcome given the fixed regressors, and of the outcome about its mean.
    """

    coefficients: Array
    covariance: Array
    residuals: Array
    rows: int
    regressors: int
    freedom: int
    residual_sum: float
    within_sum: float
    total_sum: float

    @property
    def r_squared(self) -> float:
        """Overall R2, dummies included (the paper's)."""
        return 1.0 - self.residual_sum / self.total_sum

    @property
    def adjusted_r_squared(self) -> float:
        """``1 - (1 - R2) (n - 1) / (n - k)``."""
        return 1.0 - (1.0 - self.r_squared) * (self.rows - 1) / (self.rows - self.regressors)

    @property
    def within_r_squared(self) -> float:
        """Share of what the constant and fixed effects leave unexplained."""
        return 1.0 - self.residual_sum / self.within_sum


def _cluster_sum(scores: Array, groups: NDArray[np.intp]) -> Array:
    """Return the sum over groups of the outer products of summed scores, shape (K, K)."""
    sums = np.zeros((int(groups.max()) + 1, scores.shape[1]))
    np.add.at(sums, groups, scores)
    return sums.T @ sums


def _freedom(covariance: str, rows: int, count: int, groups: NDArray[np.intp]) -> int:
    """Return degrees of freedom of t statistics: rows less coefficients, or groups less one."""
    if covariance in ("iid", "hc1"):
        return rows - count
    clusters = int(groups.max()) + 1
    if clusters < 2:
        raise InputError(f"{covariance} needs at least two groups")
    return clusters - 1


def _sandwich(covariance: str, x: Array, residuals: Array, bread: Array, count: int, groups: NDArray[np.intp]) -> Array:
    """Return the error variance ``bread meat bread`` of coefficients, shape (K, K), ``iid``, ``hc1`` or by cluster."""
    rows = residuals.size
    if covariance == "iid":
        return bread * (float(residuals @ residuals) / (rows - count))
    scores = x * residuals[:, None]
    if covariance == "hc1":
        return rows / (rows - count) * bread @ (scores.T @ scores) @ bread
    clusters = int(groups.max()) + 1
    correction = clusters / (clusters - 1) * (rows - 1) / (rows - count)
    return correction * bread @ _cluster_sum(scores, groups) @ bread


def _jackknife(outcome: Array, everything: Array, named: int, estimate: Array, groups: NDArray[np.intp]) -> Array:
    """CRV3: ``(G - 1) / G`` times the sum of squared changes when one group is left out."""
    count = int(groups.max()) + 1
    total = np.zeros((named, named))
    for group in range(count):
        keep = groups != group
        left_out, *_ = np.linalg.lstsq(everything[keep], outcome[keep], rcond=None)
        change = left_out[-named:] - estimate
        total += np.outer(change, change)
    return (count - 1) / count * total


@one_blas_thread()
def least_squares(
    outcome: Array,
    regressors: Array,
    fixed: Array,
    *,
    terms: tuple[str, ...],
    covariance: str = "iid",
    countries: NDArray[np.intp],
    cells: NDArray[np.intp],
) -> Fit:
    """Regress an outcome on named regressors and fixed ones.

    Parameters
    ----------
    outcome : ndarray, shape (n,)
    regressors : ndarray, shape (n, K)
        Columns whose coefficients are reported.
    fixed : ndarray, shape (n, F)
        Constant and dummies.
    terms : tuple of str
        Names of the K columns, used when one is collinear or not finite.
    covariance : str
        One of :data:`~tradewinds.spillovers.COVARIANCES`.
    countries, cells : ndarray of int, shape (n,)
        Cluster codes from zero.

    Raises
    ------
    InputError
        If the covariance is unknown, a value is not finite, the outcome is one constant, a regressor or fixed effect is
        collinear, or there are too few rows or clusters.
    """
    require_option("covariance", covariance, COVARIANCES)
    rows, named = regressors.shape
    count = fixed.shape[1] + named
    if count >= rows:
        raise InputError(f"{count} coefficients and {rows} observations; more data or fewer terms are needed")
    _refuse_bad_values(outcome, regressors, fixed, terms)
    basis = orthonormal_basis(fixed)
    x = regressors - basis @ (basis.T @ regressors)  # Frisch-Waugh-Lovell
    y = outcome - basis @ (basis.T @ outcome)
    _refuse_collinear(x, regressors, terms)
    orthogonal, triangle = np.linalg.qr(x)
    estimate = np.linalg.solve(triangle, orthogonal.T @ y)
    residuals = y - x @ estimate
    groups = cells if covariance == "cluster_cell" else countries
    freedom = _freedom(covariance, rows, count, groups)
    if covariance == "jackknife_country":
        variance = _jackknife(outcome, np.column_stack([fixed, regressors]), named, estimate, groups)
    else:
        inverse_triangle = np.linalg.inv(triangle)
        bread = inverse_triangle @ inverse_triangle.T
        variance = _sandwich(covariance, x, residuals, bread, count, groups)
    return Fit(
        coefficients=estimate,
        covariance=variance,
        residuals=residuals,
        rows=rows,
        regressors=count,
        freedom=freedom,
        residual_sum=float(residuals @ residuals),
        within_sum=float(y @ y),
        total_sum=float(np.sum((outcome - outcome.mean()) ** 2)),
    )


def _refuse_bad_values(outcome: Array, regressors: Array, fixed: Array, terms: tuple[str, ...]) -> None:
    """Name what is not finite, and refuse an outcome that does not vary."""
    require_finite("outcome", outcome)
    require_finite("regressor", regressors, places=terms)
    require_finite("fixed regressors", fixed)
    if np.ptp(outcome) == 0:
        raise InputError(f"the outcome is {outcome[0]:g} in every row; there is nothing to explain")


def _refuse_collinear(x: Array, raw: Array, terms: tuple[str, ...]) -> None:
    """Name the regressors that the others, or the fixed effects, already span."""
    size = np.linalg.norm(x, axis=0)
    absorbed = size <= SAME * np.linalg.norm(raw, axis=0)
    if not np.any(absorbed):
        _, triangle = np.linalg.qr(x / size)
        absorbed = np.abs(np.diag(triangle)) <= SAME
    if np.any(absorbed):
        names = ", ".join(term for term, bad in zip(terms, absorbed, strict=True) if bad)
        raise InputError(
            f"collinear regressor(s): {names}. The other regressors or the fixed effects already span them; drop an "
            "effect, or use a specification with fewer terms."
        )
