"""Thousands of least-squares fits that differ in their weights only, from moments computed once.

A regressor is ``weight[c, k] * series[c, t, k]`` in cell ``c`` and date ``t``. Its cross-products over all rows are sums over
cells of products of weights times cross-products of series over dates::

    x_k'x_l = sum_c w[c,k] w[c,l] (sum_t s[c,t,k] s[c,t,l])
    x_k'y   = sum_c w[c,k]        (sum_t s[c,t,k] y[c,t])
    q_f'x_k = sum_c w[c,k]        (sum_t q[c,t,f] s[c,t,k])

The brackets do not depend on the weights. A draw of weights therefore costs a few vector products over cells, whatever the
number of dates, instead of a regression over all rows. Fixed effects and any other regressors common to all draws enter as
an orthonormal basis ``q`` and are projected out (Frisch-Waugh-Lovell).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.spillovers.checks import SAME, orthonormal_basis, require_finite
from tradewinds.spillovers.threads import one_blas_thread

__all__ = ["BatchFit", "Moments", "build_moments", "fit_batch"]

Array = NDArray[np.float64]

#: Draws handled at once: the products of weights then stay in the processor's cache.
CHUNK = 250
#: Share of a regressor's sum of squares that must remain once the others are taken out.
TOLERANCE = SAME**2


@dataclass(frozen=True, eq=False)
class Moments:
    """Cross-products of the series over dates, by cell, ready for any weights.

    Attributes
    ----------
    gram : ndarray, shape (K, K, C)
        ``sum_t s[c,t,k] s[c,t,l]``.
    with_outcome : ndarray, shape (K, C, S)
        ``sum_t s[c,t,k] y[c,t]`` for each of ``S`` outcomes.
    with_basis : ndarray, shape (K, C, F)
        ``sum_t s[c,t,k] q[c,t,f]``.
    basis_outcome : ndarray, shape (F, S)
        ``q'y``.
    residual_sum : ndarray, shape (S,)
        ``y'y - y'q q'y``: residual sum of squares without the weighted regressors.
    total_sum : ndarray, shape (S,)
        Sum of squared deviations of ``y`` from its mean.
    rows : int
        Number of observations.
    """

    gram: Array
    with_outcome: Array
    with_basis: Array
    basis_outcome: Array
    residual_sum: Array
    total_sum: Array
    rows: int


@dataclass(frozen=True, eq=False)
class BatchFit:
    """Least squares of every draw ``b`` and outcome ``s``.

    Attributes
    ----------
    coefficients : ndarray, shape (B, K, S)
    std_errors : ndarray, shape (B, K, S)
        With one error variance for all rows.
    residual_sum : ndarray, shape (B, S)
        Residual sum of squares.
    r_squared : ndarray, shape (B, S)
        Overall R2, dummies included.
    joint_f : ndarray, shape (B, S)
        F statistic of all ``K`` weighted regressors together, given the basis.
    """

    coefficients: Array
    std_errors: Array
    residual_sum: Array
    r_squared: Array
    joint_f: Array


@one_blas_thread()
def build_moments(series: Array, outcomes: Array, fixed: Array) -> Moments:
    """Compute moments from series (C, P, K), outcomes (C, P) or (C, P, S) and fixed regressors (C * P, F).

    Parameters
    ----------
    series : ndarray, shape (C, P, K)
    outcomes : ndarray, shape (C, P) or (C, P, S)
        One or several left-hand sides.
    fixed : ndarray, shape (C * P, F)
        Regressors common to all draws: constant, dummies, general spillover.

    Raises
    ------
    InputError
        If a value is not finite, or the fixed regressors are collinear or leave no degrees of freedom.
    """
    cells, dates, regressors = series.shape
    rows = cells * dates
    y = outcomes.reshape(rows, -1)
    if fixed.shape[1] + regressors >= rows:
        raise InputError(
            f"{fixed.shape[1] + regressors} coefficients and {rows} observations: fewer effects, more years or more "
            "countries are needed"
        )
    require_finite("outcome", y)
    require_finite("series", series.reshape(rows, regressors))
    require_finite("fixed regressors", fixed)
    basis = orthonormal_basis(fixed)
    basis_outcome = basis.T @ y
    total = np.sum((y - y.mean(axis=0)) ** 2, axis=0)
    left = np.sum((y - basis @ basis_outcome) ** 2, axis=0)
    q = basis.reshape(cells, dates, -1)
    return Moments(
        gram=np.ascontiguousarray(np.einsum("ctk,ctl->klc", series, series)),
        with_outcome=np.ascontiguousarray(
            np.einsum("ctk,cts->kcs", series, y.reshape(cells, dates, -1), optimize=True)
        ),
        with_basis=np.ascontiguousarray(np.einsum("ctk,ctf->kcf", series, q, optimize=True)),
        basis_outcome=basis_outcome,
        residual_sum=left,
        total_sum=total,
        rows=rows,
    )


def _cross_products(moments: Moments, weights: Array) -> tuple[Array, Array]:
    """Return ``X'MX`` (B, K, K) and ``X'My`` (B, K, S) for weights (K, B, C), with ``M`` the annihilator of the basis."""
    regressors, draws, _ = weights.shape
    gram = np.empty((draws, regressors, regressors))
    for k in range(regressors):
        for other in range(k + 1):
            gram[:, k, other] = gram[:, other, k] = (weights[k] * weights[other]) @ moments.gram[k, other]
    basis = np.stack([weights[k] @ moments.with_basis[k] for k in range(regressors)], axis=1)  # B, K, F
    outcome = np.stack([weights[k] @ moments.with_outcome[k] for k in range(regressors)], axis=1)
    gram -= basis @ basis.transpose(0, 2, 1)
    outcome -= basis @ moments.basis_outcome
    return gram, outcome


def _invert(gram: Array, raw: Array) -> Array:
    """Invert normalised cross-products, refusing those that are singular for practical purposes.

    ``raw`` is each regressor's sum of squares before anything was projected out: what remains must not be rounding.
    """
    size = np.sqrt(np.einsum("bkk->bk", gram).clip(min=np.finfo(float).tiny))
    scaled = gram / (size[:, :, None] * size[:, None, :])
    try:
        pivots = np.diagonal(np.linalg.cholesky(scaled), axis1=1, axis2=2)
    except np.linalg.LinAlgError:
        pivots = np.zeros_like(size)
    # written so that a pivot or size that is not a number is refused too
    if not (np.all(pivots**2 > TOLERANCE) and np.all(size**2 > TOLERANCE * raw)):
        raise InputError(
            "weighted R&D regressors are collinear with each other or with the fixed effects: drop an effect, or use a "
            "specification with fewer terms"
        )
    return np.linalg.inv(scaled) / (size[:, :, None] * size[:, None, :])


@one_blas_thread()
def fit_batch(moments: Moments, weights: Array) -> BatchFit:
    """Fit every draw of weights by least squares.

    Parameters
    ----------
    moments : Moments
    weights : ndarray, shape (B, C, K)
        Weights of each draw, finite.

    Returns
    -------
    BatchFit

    Raises
    ------
    InputError
        If some weight is not finite or some draw's regressors are collinear.
    """
    require_finite("weights", weights)
    draws, _, regressors = weights.shape
    outcomes = moments.total_sum.size
    freedom = moments.rows - moments.with_basis.shape[2] - regressors
    coefficients = np.empty((draws, regressors, outcomes))
    variances = np.empty((draws, regressors))
    explained = np.empty((draws, outcomes))
    by_regressor = np.moveaxis(weights, 2, 0)
    for start in range(0, draws, CHUNK):
        part = slice(start, min(start + CHUNK, draws))
        block = np.ascontiguousarray(by_regressor[:, part])
        gram, outcome = _cross_products(moments, block)
        raw = np.stack([(block[k] ** 2) @ moments.gram[k, k] for k in range(regressors)], axis=1)
        inverse = _invert(gram, raw)
        coefficients[part] = inverse @ outcome
        variances[part] = np.einsum("bkk->bk", inverse)
        explained[part] = np.einsum("bks,bks->bs", coefficients[part], outcome)
    residual_sum = moments.residual_sum - explained
    variance = residual_sum / freedom
    return BatchFit(
        coefficients=coefficients,
        std_errors=np.sqrt(variances[:, :, None] * variance[:, None, :].clip(min=0)),
        residual_sum=residual_sum,
        r_squared=1.0 - residual_sum / moments.total_sum,
        joint_f=(explained / regressors) / variance,
    )
