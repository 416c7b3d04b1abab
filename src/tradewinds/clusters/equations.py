r"""Equations of Hanlon (2012): prices, employment, balanced trade and learning.

Powers ``A**(sigma - 1)`` overflow where technologies differ much or goods are close substitutes, so sums of them are taken
in logs. Arrays have the last axis over industries; home comes before foreign. The foreign wage is the unit of account.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, require_option

__all__ = [
    "FORMS",
    "autarky_income",
    "autarky_shares",
    "balanced_trade",
    "learning",
    "log_price_index",
    "log_sum",
]

Array = NDArray[np.float64]

#: Forms of the balanced-trade condition (10): ours, and as the paper prints it.
FORMS: tuple[str, ...] = ("corrected", "printed")


def log_sum(logs: Array) -> Array:
    """Return the log of the sum of exponentials over the last axis; minus infinity counts as zero."""
    return np.asarray(np.logaddexp.reduce(logs, axis=-1), dtype=float)


def log_price_index(log_prices: Array, sigma: float) -> Array:
    r"""Return :math:`\ln P`, with :math:`P = (\sum_j p_j^{1-\sigma})^{1/(1-\sigma)}` (eq. 2).

    Parameters
    ----------
    log_prices : ndarray, shape (..., n)
    sigma : float

    References
    ----------
    Hanlon (2012), eq. 2.
    """
    return log_sum((1 - sigma) * log_prices) / (1 - sigma)


def autarky_shares(technology: Array, sigma: float) -> Array:
    r"""Return the share of workers in each industry, :math:`L_i/L = A_i^{\sigma-1} / \sum_j A_j^{\sigma-1}` (eq. 8).

    Examples
    --------
    >>> autarky_shares(np.array([10.0, 10.0, 5.0, 5.0]), sigma=2.0).round(4).tolist()
    [0.3333, 0.3333, 0.1667, 0.1667]
    """
    weight = (sigma - 1) * np.log(technology)
    return np.asarray(np.exp(weight - log_sum(weight)[..., np.newaxis]))


def autarky_income(technology: Array, labour: Array, sigma: float) -> Array:
    r"""Return real income, :math:`D = L\,(\sum_i A_i^{\sigma-1})^{1/(\sigma-1)}` (eqs. 2, 3 and 6).

    Examples
    --------
    >>> round(float(autarky_income(np.array([10.0, 10.0, 5.0, 5.0]), np.array(1.0), sigma=2.0)), 12)
    30.0
    """
    with np.errstate(over="ignore"):  # an infinite income is judged not finite
        return np.asarray(np.exp(np.log(labour) - log_price_index(-np.log(technology), sigma)))


def balanced_trade(z: float, technology: Array, labour: Array, sigma: float, form: str = "corrected") -> float:
    r"""Return the relative wage :math:`\omega(z)` at which trade balances if home makes the first ``z`` industries (eq. 10).

    .. math:: \omega(z) = \left[\frac{L^*}{L}\,
        \frac{\sum_{j \le \lfloor z \rfloor} A_j^{\sigma-1} + (z - \lfloor z \rfloor) A_{\hat z}^{\sigma-1}}
        {\sum_{k > \hat z} A_k^{*\,\sigma-1} + (\hat z - z) A_{\hat z}^{*\,\sigma-1}}\right]^{1/\sigma},
        \qquad \hat z = \lfloor z \rfloor + 1 .

    The paper starts the sum below the line at :math:`k = \hat z`, so that the marginal industry counts once in full and
    once in part. Its own derivation (Appendix A: home makes the fraction :math:`z - \lfloor z \rfloor` of that good,
    foreign the rest) gives the form above, which is the default; ``form="printed"`` is the paper's. That one is not
    continuous in z, stays finite as z goes to n, and gives mirror economies different wages. Its sum above the line
    from j = 0 is read as from 1.

    Parameters
    ----------
    z : float
        From 0 to n; the fraction belongs to the industry after the last whole one.
    technology : ndarray, shape (2, n)
        In the order of falling comparative advantage of home.
    labour : ndarray, shape (2,)
    sigma : float
    form : {"corrected", "printed"}

    Raises
    ------
    InputError
        If z is not between 0 and n, or industries are not in that order.

    References
    ----------
    Hanlon (2012), eq. 10 and Appendix A.

    Examples
    --------
    Mirror economies, home making the first two of four goods:

    >>> mirror = np.array([[10.0, 10.0, 5.0, 5.0], [5.0, 5.0, 10.0, 10.0]])
    >>> round(balanced_trade(2, mirror, np.ones(2), 2.0), 12)
    1.0
    >>> round(balanced_trade(2, mirror, np.ones(2), 2.0, form="printed"), 6)
    0.816497
    """
    require_option("form", form, FORMS)
    home, foreign = technology
    n = len(home)
    if not 0 <= z <= n:
        raise InputError(f"z is {z}; it must be between 0 and the number of industries, {n}")
    if np.any(np.diff(np.log(home) - np.log(foreign)) > 1e-12):
        raise InputError("technology must be in the order of falling comparative advantage of home, A_i / A*_i")
    made_at_home = np.clip(z - np.arange(n), 0, 1)
    made_abroad = 1 - made_at_home
    if form == "printed" and z < n:
        made_abroad[int(np.floor(z))] += 1
    with np.errstate(divide="ignore"):  # the log of a share of zero
        log_ratio = log_sum(np.log(made_at_home) + (sigma - 1) * np.log(home)) - log_sum(
            np.log(made_abroad) + (sigma - 1) * np.log(foreign)
        )
    return float(np.exp((np.log(labour[1]) - np.log(labour[0]) + log_ratio) / sigma))


def learning(
    employment: Array, spillovers: Array, active: NDArray[np.bool_] | None = None, inactive: float = 0.0
) -> Array:
    r"""Return :math:`dA_i/dt = \sum_j \tau^{ji} L_j` where :math:`L_i > 0`, and zero elsewhere (eq. 9).

    Parameters
    ----------
    employment : ndarray, shape (..., n)
    spillovers : ndarray, shape (n, n)
        Row sends, column receives.
    active : ndarray of bool, shape (..., n), optional
        Where somebody works; None takes it from employment.
    inactive : float
        Part of it that an industry without workers learns; the paper has 0.

    References
    ----------
    Hanlon (2012), eq. 9.

    Examples
    --------
    The second industry would learn from the first, but nobody works there:

    >>> learning(np.array([1.0, 0.0]), np.array([[0.1, 0.2], [0.0, 0.0]])).tolist()
    [0.1, 0.0]
    """
    received = employment @ spillovers
    return np.where(employment > 0 if active is None else active, received, inactive * received)
