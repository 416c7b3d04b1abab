r"""Lifetime utility and consumption equivalents, the one currency in which the mechanisms are compared.

Utility is :math:`\int_0^\infty e^{-\rho t} u(C_t)\,dt` with :math:`u = \ln C`, or :math:`(C^{1-\gamma}-1)/(1-\gamma)` where a
mechanism states :math:`\gamma \ne 1`; the logarithm is the limit. A consumption equivalent is the per cent by which consumption of
the baseline would have to be higher at every date to be as good as the alternative.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError

__all__ = ["consumption_equivalent", "lifetime_utility", "path_utility"]

Array = NDArray[np.float64]

#: Logarithm of the largest ratio of consumption that is still a number in per cent.
_LARGEST = 700.0


def lifetime_utility(consumption: Any, growth: Any, discount_rate: Any, risk_aversion: Any = 1.0) -> Any:
    r"""Return lifetime utility when consumption grows at a constant rate for ever.

    .. math::
        U = \frac{\ln C_0}{\rho} + \frac{g}{\rho^2}, \qquad
        U = \frac{1}{1-\gamma}\left[\frac{C_0^{1-\gamma}}{\rho - (1-\gamma) g} - \frac1\rho\right] \quad (\gamma \ne 1)

    Parameters
    ----------
    consumption : array_like
        Consumption at time 0.
    growth, discount_rate : array_like
        A year, as fractions.
    risk_aversion : array_like
        Inverse of the intertemporal elasticity of substitution.

    Returns
    -------
    float or ndarray
        Utils; NaN where the integral does not exist, that is where ``discount_rate <= (1 - risk_aversion) * growth``.

    Examples
    --------
    >>> round(float(lifetime_utility(1.0, 0.02, 0.05)), 12)
    8.0
    """
    consumption, growth, rho = (np.asarray(x, dtype=float) for x in (consumption, growth, discount_rate))
    power = 1 - np.asarray(risk_aversion, dtype=float)
    effective = rho - power * growth
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log = np.log(consumption)
        # expm1(power log C) / power is log C where power is zero, and keeps its digits near there
        curved = np.where(power == 0, log, np.expm1(power * log) / np.where(power == 0, 1.0, power))
        value = (curved + growth / rho) / effective
    result = np.where(effective > 0, value, np.nan)
    return result if result.ndim else float(result)


def path_utility(
    time: ArrayLike, log_consumption: ArrayLike, final_growth: float, discount_rate: float, risk_aversion: float = 1.0
) -> float:
    r"""Return lifetime utility along a path that goes on growing at a constant rate after its last date.

    Between dates the logarithm of consumption is taken as a straight line and the integral of each piece is exact, so the error
    is that of the interpolation alone: of second order in the step.

    Parameters
    ----------
    time : array_like, shape (T,)
        Increasing, from 0.
    log_consumption : array_like, shape (T,)
    final_growth : float
        Growth of consumption after the last date.

    Examples
    --------
    >>> round(path_utility([0, 10, 40], [0, 0.2, 0.8], 0.02, 0.05), 12)
    8.0
    """
    t, c = np.asarray(time, dtype=float), np.asarray(log_consumption, dtype=float)
    if t.ndim != 1 or t.shape != c.shape or t.size < 2 or np.any(np.diff(t) <= 0):
        raise InputError(f"time has shape {t.shape} and must increase; log_consumption has shape {c.shape}")
    slope = np.append(np.diff(c) / np.diff(t), final_growth)
    start = np.append(t[:-1], t[-1])
    length = np.append(np.diff(t), np.inf)
    if risk_aversion == 1:
        # integral over a piece of e^(-rho u) (c + m u), u from 0 to h
        decay = np.exp(-discount_rate * length)
        held = np.where(np.isinf(length), 0.0, length) * decay
        piece = c * (1 - decay) / discount_rate + slope * ((1 - decay) / discount_rate - held) / discount_rate
        return float(np.sum(np.exp(-discount_rate * start) * piece))
    power = 1 - risk_aversion
    rate = discount_rate - power * slope
    if rate[-1] <= 0:
        raise InputError(f"lifetime utility is infinite: discount_rate must exceed {power * final_growth:.6g}")
    # of -expm1(-x h) / x the limit at x = 0 is h
    flat = np.abs(rate) < 1e-300
    safe = np.where(flat, 1.0, rate)
    piece = np.where(flat, length, -np.expm1(-safe * length) / safe)
    return float(np.sum(np.exp(power * c - discount_rate * start) * piece) - 1 / discount_rate) / power


def consumption_equivalent(utility: Any, baseline: Any, discount_rate: Any, risk_aversion: float = 1.0) -> Any:
    r"""Return the per cent of consumption, at every date, that makes the baseline as good as the alternative.

    .. math::
        100\,\left(e^{\rho (U' - U)} - 1\right), \qquad
        100\,\left(\left[\frac{1 + (1-\gamma)\rho U'}{1 + (1-\gamma)\rho U}\right]^{1/(1-\gamma)} - 1\right) \quad (\gamma \ne 1)

    Raises
    ------
    InputError
        If the gain is beyond all numbers; the message says at which discount rate it is not.

    Examples
    --------
    >>> round(float(consumption_equivalent(8.0 + 20 * 0.01, 8.0, 0.05)), 6)
    1.005017
    """
    utility, baseline = np.asarray(utility, dtype=float), np.asarray(baseline, dtype=float)
    scale = (1 - risk_aversion) * np.asarray(discount_rate, dtype=float)
    if risk_aversion == 1:
        logs = np.asarray(discount_rate) * (utility - baseline)
    else:
        logs = (np.log1p(scale * utility) - np.log1p(scale * baseline)) / (1 - risk_aversion)
    most = float(np.max(logs, initial=0.0))
    if most > _LARGEST:
        rate = float(np.max(discount_rate)) * most / _LARGEST
        raise InputError(
            f"faster growth for ever is worth more than any number to whom discounts so little: discount_rate is {discount_rate} "
            f"and must be at least about {rate:.3g} for a consumption equivalent of these regimes"
        )
    result = np.asarray(100 * np.expm1(logs))
    return result if result.ndim else float(result)
