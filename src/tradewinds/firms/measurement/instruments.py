r"""Are the instruments strong, and what can be said if they are not?

With one endogenous regressor d, outcome y and instruments Z, all less their projections on the controls:

- **Effective F** of Montiel Olea and Pflueger: :math:`F = \hat\pi' Z'Z \hat\pi / \text{tr}(\hat W_2)` with instruments
made orthonormal and
  :math:`W_2` the robust covariance of the first stage. Compare it with the critical value for the bias one accepts;
  with one instrument it is the robust F, and the usual F under homoskedasticity is the wrong number for clustered data.
- **Anderson-Rubin set**: all :math:`\beta` for which Z does not explain :math:`y - \beta d`. Right whatever the
strength; it can be all
  numbers, which says that the data do not know, or none, which says that instruments contradict one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["EffectiveF", "anderson_rubin_set", "effective_f", "orthonormal", "robust_meat"]

Array = NDArray[np.float64]

#: Accepted worst-case bias of 2SLS, as a share of the bias of a completely weak instrument.
BIASES = (0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class EffectiveF:
    """The effective F, its effective degrees of freedom, and critical values at 5 per cent by accepted bias."""

    value: float
    degrees: float
    critical: dict[float, float]


class ReducedForm(NamedTuple):
    """Coefficients of y and d on orthonormal instruments and their joint covariance, in blocks of k."""

    pi_y: Array
    pi_d: Array
    covariance: Array


def orthonormal(Z: Array) -> Array:
    """Return instruments that span the same space with Z'Z = I."""
    return np.linalg.qr(Z)[0]


def robust_meat(scores: Array, clusters: NDArray[np.int_] | None) -> Array:
    """Return the sum of outer products of scores, summed within clusters first where there are some."""
    if clusters is not None:
        sums = np.zeros((clusters.max() + 1, scores.shape[1]))
        np.add.at(sums, clusters, scores)
        scores = sums
    return np.asarray(scores.T @ scores)


def reduced_form(y: Array, d: Array, Q: Array, clusters: NDArray[np.int_] | None, correction: float) -> ReducedForm:
    """Return the regressions of y and d on orthonormal instruments with their robust covariance."""
    pi_y, pi_d = Q.T @ y, Q.T @ d
    scores = np.hstack([Q * (y - Q @ pi_y)[:, None], Q * (d - Q @ pi_d)[:, None]])
    return ReducedForm(pi_y, pi_d, correction * robust_meat(scores, clusters))


def effective_f(form: ReducedForm) -> EffectiveF:
    """Return the effective F and simplified critical values for 2SLS.

    References
    ----------
    Montiel Olea and Pflueger (2013), Sections 2.3 and 3.
    """
    from scipy.stats import ncx2

    k = len(form.pi_d)
    W = form.covariance[k:, k:]
    value = float(form.pi_d @ form.pi_d / np.trace(W))
    roots, trace = np.linalg.eigvalsh(W), float(np.trace(W))
    critical, degrees = {}, np.nan
    for bias in BIASES:
        x = 1 / bias
        # Patnaik's approximation: a noncentral chi-square with effective degrees of freedom
        degrees = trace**2 * (1 + 2 * x) / (float((W * W).sum()) + 2 * x * trace * roots[-1])
        critical[bias] = float(ncx2.ppf(0.95, degrees, degrees * x) / degrees)
        if bias == 0.1:
            shown = degrees
    return EffectiveF(value, float(shown), critical)


def anderson_rubin(form: ReducedForm, beta: Array) -> Array:
    """Return the Anderson-Rubin statistic, chi-square with k degrees of freedom at the true coefficient."""
    k = len(form.pi_d)
    V = form.covariance
    yy, yd, dd = V[:k, :k], V[:k, k:] + V[k:, :k], V[k:, k:]
    b = np.atleast_1d(beta)[:, None, None]
    gap = form.pi_y - np.atleast_1d(beta)[:, None] * form.pi_d
    return np.einsum("bi,bi->b", gap, np.linalg.solve(yy - b * yd + b**2 * dd, gap[..., None])[..., 0])


def anderson_rubin_set(form: ReducedForm, level: float = 0.95) -> tuple[tuple[float, float], ...]:
    """Return the intervals of coefficients that the Anderson-Rubin test does not reject; ends may be infinite.

    The line is mapped onto (-pi/2, pi/2), so that unbounded sets are found; ends are then solved for.
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2

    limit = float(chi2.ppf(level, len(form.pi_d)))
    centre = float(form.pi_d @ form.pi_y / (form.pi_d @ form.pi_d))
    k = len(form.pi_d)
    spread = float(np.sqrt(np.trace(form.covariance[:k, :k]) / (form.pi_d @ form.pi_d))) or 1.0

    def excess(angle: float) -> float:
        return float(anderson_rubin(form, np.array([centre + spread * np.tan(angle)]))[0] - limit)

    edge = np.pi / 2 - 1e-7
    angles = np.linspace(-edge, edge, 4001)
    inside = anderson_rubin(form, centre + spread * np.tan(angles)) <= limit
    turns = np.flatnonzero(inside[1:] != inside[:-1])
    ends = [centre + spread * np.tan(brentq(excess, angles[t], angles[t + 1], xtol=1e-14)) for t in turns]
    ends = [*([-np.inf] if inside[0] else []), *ends, *([np.inf] if inside[-1] else [])]
    return tuple(zip(ends[::2], ends[1::2], strict=True))
