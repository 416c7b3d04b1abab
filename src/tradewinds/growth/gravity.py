r"""Wages of many countries that trade varieties at iceberg costs, every trade balanced (Krugman 1980; Armington).

A country with ``M_c`` varieties, wage :math:`w_c` and sales :math:`Y_c = w_c X_c` (up to a factor that all share) sells in
``d`` the share :math:`\lambda_{cd} \propto M_c (w_c \tau_{cd})^{1-\sigma}`, and wages solve
:math:`Y_c = \sum_d \lambda_{cd} Y_d`. Everything is vectorised over batches: axes of the batch first.
"""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError

__all__ = [
    "balance",
    "log_wage_of_two",
    "newton_step",
    "price_index",
    "require_free_at_home",
    "trade_costs",
    "trade_shares",
    "wage_of_two",
    "wages",
]

Array = NDArray[np.float64]


def require_free_at_home(relative: Any) -> None:
    """Raise InputError unless the diagonal of relative trade costs, source by destination, is one."""
    own = np.diagonal(np.asarray(relative, dtype=float), axis1=-2, axis2=-1)
    bad = np.argwhere(own != 1)
    if len(bad):
        index, country = tuple(int(i) for i in bad[0]), int(bad[0][-1]) + 1
        raise InputError(
            f"relative_trade_costs of country {country} with itself is {own[index]:g}; it must be 1: what a country buys at home "
            "crosses no border. Costs within countries are not in this mechanism; put 1 on the diagonal"
        )


def trade_costs(common: Any, relative: Any) -> Array:
    """Return iceberg costs, source by destination: common times relative, and one at home; sweeps are checked here."""
    require_free_at_home(relative)
    costs = np.asarray(common, dtype=float)[..., np.newaxis, np.newaxis] * np.asarray(relative, dtype=float)
    diagonal = np.eye(costs.shape[-1], dtype=bool)
    return np.where(diagonal, 1.0, costs)


def trade_shares(wage: Array, varieties: Array, costs: Array, sigma: Any) -> Array:
    """Return the share of destination d's spending on goods of c, shape (..., c, d); columns sum to one."""
    power = 1 - np.asarray(sigma, dtype=float)[..., np.newaxis, np.newaxis]
    weight = varieties[..., :, np.newaxis] * (wage[..., :, np.newaxis] * costs) ** power
    return np.asarray(weight / np.sum(weight, axis=-2, keepdims=True))


def price_index(wage: Array, varieties: Array, costs: Array, sigma: Any) -> Array:
    """Return the CES price index of each destination, shape (..., d), of goods sold at cost."""
    power = 1 - np.asarray(sigma, dtype=float)
    weight = varieties[..., :, np.newaxis] * (wage[..., :, np.newaxis] * costs) ** power[..., np.newaxis, np.newaxis]
    return np.asarray(np.sum(weight, axis=-2) ** (1 / power[..., np.newaxis]))


def balance(wage: Array, labour: Array, varieties: Array, costs: Array, sigma: Any) -> Array:
    """Return the logarithm of sales over income of each country; zero where trade balances."""
    income = wage * labour
    sales = np.einsum("...cd,...d->...c", trade_shares(wage, varieties, costs, sigma), income)
    return np.asarray(np.log(sales / income))


def wages(labour: Array, varieties: Array, costs: Array, sigma: Any, iterations: int = 100) -> Array:
    """Return wages at which every trade balances; the first country's is one, and all are one where no border is open.

    Newton in logarithms with its exact derivative; steps are no longer than one, which is enough because goods are gross
    substitutes. Whether it converged is for the caller to judge, by :func:`balance`.
    """
    count = np.shape(labour)[-1]
    batch = np.broadcast_shapes(np.shape(labour)[:-1], np.shape(varieties)[:-1], np.shape(costs)[:-2], np.shape(sigma))
    labour, varieties = (np.broadcast_to(x, (*batch, count)) for x in (labour, varieties))
    log_wage = np.zeros((*batch, count))
    closed = np.all(np.isinf(costs) | np.eye(count, dtype=bool), axis=(-1, -2))
    if count == 1 or np.all(closed):
        return np.ones(labour.shape)
    power = 1 - np.asarray(sigma, dtype=float)[..., np.newaxis, np.newaxis]
    identity = np.eye(count)
    for _ in range(iterations):
        wage = np.exp(log_wage)
        shares = trade_shares(wage, varieties, costs, sigma)
        sold = shares * (wage * labour)[..., np.newaxis, :]
        sales = np.sum(sold, axis=-1)
        gap = np.log(sales / (wage * labour))
        destination = sold / sales[..., np.newaxis]
        slope = power * (identity - destination @ np.swapaxes(shares, -1, -2)) + destination - identity
        slope = np.where(closed[..., np.newaxis, np.newaxis], identity, slope)
        step = newton_step(slope[..., 1:, 1:], gap[..., 1:])
        log_wage[..., 1:] += step
        if not np.any(np.abs(step) >= 1e-9):  # convergence is quadratic: what is left is rounding
            break
    return np.exp(log_wage)


def newton_step(slope: Array, gap: Array) -> Array:
    """Return Newton's steps, none longer than one; NaN where a slope has no inverse, which spoils no other of the batch."""
    try:
        step = np.linalg.solve(slope, -gap[..., np.newaxis])[..., 0]
    except np.linalg.LinAlgError:
        size = slope.shape[-1]
        step = np.full(gap.shape, np.nan)
        for each, matrix, vector in zip(
            step.reshape(-1, size), slope.reshape(-1, size, size), gap.reshape(-1, size), strict=True
        ):
            with contextlib.suppress(np.linalg.LinAlgError):
                each[:] = np.linalg.solve(matrix, -vector)
    return np.asarray(step / np.maximum(1.0, np.max(np.abs(step), axis=-1, keepdims=True)))


def wage_of_two(labour: Array, varieties: Array, freeness: Any, sigma: Any) -> Array:
    r"""Return the second of two countries' wage over the first's, at any freeness of trade :math:`\phi`, zero included.

    With :math:`m_i = n_i w_i^{1-\sigma}` trade balances where
    :math:`m_1 Y_2 / (m_2 + \phi m_1) = m_2 Y_1 / (m_1 + \phi m_2)`, since :math:`\phi` cancels. In logarithms the slope lies
    between :math:`\sigma` and :math:`2\sigma - 1`, so Newton's steps always contract.
    """
    return np.asarray(np.exp(log_wage_of_two(np.log(labour), np.log(varieties), freeness, sigma)))


def log_wage_of_two(labour: Array, varieties: Array, freeness: Any, sigma: Any) -> Array:
    """Return the logarithm of :func:`wage_of_two` for logarithms of labour and varieties: a laggard may have next to none."""
    sigma = np.asarray(sigma, dtype=float)
    with np.errstate(divide="ignore"):  # a closed border is a freeness of zero
        phi = np.log(np.asarray(freeness, dtype=float))
    odds, work = varieties[..., 1] - varieties[..., 0], labour[..., 1] - labour[..., 0]
    x = (odds - work) / sigma  # exact where trade is free
    for _ in range(100):
        ratio = odds + (1 - sigma) * x
        foreign, home = np.logaddexp(ratio, phi), np.logaddexp(0.0, phi + ratio)
        gap = x + work - ratio - foreign + home
        slope = 1 + (sigma - 1) * (np.exp(ratio - foreign) + np.exp(-home))
        step = gap / slope
        x = x - step
        if not np.any(np.abs(step) >= 1e-15 * np.maximum(1.0, np.abs(x))):
            break
    return np.asarray(x)
