"""Workers by industry under trade as the paper writes them (eq. 12), in the corrected and in the printed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import FORMS, log_sum
from tradewinds.errors import InputError, require_option

__all__ = ["trade_employment"]

Array = NDArray[np.float64]


def trade_employment(z: float, technology: Array, labour: Array, sigma: float, form: str = "corrected") -> Array:
    r"""Return workers of each industry if home makes the first ``z`` industries (eq. 12), shape (2, n).

    .. math:: L_i = \frac{m_i A_i^{\sigma-1}}{\sum_{j \le \lfloor z \rfloor} A_j^{\sigma-1}
        + (z - \lfloor z \rfloor) A_{\hat z}^{\sigma-1}}\,L ,
        \qquad L^*_i = \frac{(1 - m_i) A_i^{*\,\sigma-1}}{\sum_{k > \hat z} A_k^{*\,\sigma-1}
        + (\hat z - z) A_{\hat z}^{*\,\sigma-1}}\,L^* ,

    where m is 1 up to :math:`\lfloor z \rfloor`, the fraction :math:`z - \lfloor z \rfloor` for the marginal industry
    :math:`\hat z = \lfloor z \rfloor + 1`, and 0 after it. The paper prints the expression for the industries before the marginal
    one only, and says that foreign's is similar; the denominator of Appendix A counts foreign's part of the marginal industry
    once in full and once in part. So ``form="printed"`` leaves workers idle: at home those of the marginal industry, abroad the
    part that was counted twice.

    Parameters
    ----------
    z, technology, labour, sigma
        As in :func:`~tradewinds.clusters.balanced_trade`.
    form : {"corrected", "printed"}

    Raises
    ------
    InputError
        If the form is unknown or z is not between 0 and n.

    References
    ----------
    Hanlon (2012), eq. 12 and Appendix A.

    Examples
    --------
    Home makes the first of three goods and half of the second:

    >>> technology = np.array([[10.0, 5.0, 5.0], [5.0, 5.0, 10.0]])
    >>> trade_employment(1.5, technology, np.ones(2), 2.0).round(4).tolist()
    [[0.8, 0.2, 0.0], [0.0, 0.2, 0.8]]
    >>> trade_employment(1.5, technology, np.ones(2), 2.0, form="printed").sum(axis=1).round(4).tolist()
    [0.8, 0.8571]
    """
    require_option("form", form, FORMS)
    n = technology.shape[1]
    if not 0 <= z <= n:
        raise InputError(f"z is {z}; it must be between 0 and the number of industries, {n}")
    made = np.clip(z - np.arange(n), 0, 1)
    at_work = np.stack([made, 1 - made])
    counted = at_work.copy()
    if form == "printed":
        at_work = np.stack([made == 1, made < 1]).astype(float)  # home before the marginal industry, foreign from it on
        counted[1, int(np.floor(z)) :][:1] += 1
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # logs of zero; a country that makes nothing has no workers at work
        weight = (sigma - 1) * np.log(technology)
        shares = np.exp(np.log(at_work) + weight - log_sum(np.log(counted) + weight)[:, np.newaxis])
    return np.asarray(labour[:, np.newaxis] * np.nan_to_num(shares))
