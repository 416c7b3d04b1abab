r"""Thousands of schedules of opening at once, in coarse steps: which of them deserve a closer look.

All economies of a batch are solved together, instant by instant. Each has its own steps, which end at its own dates, so that
the worth of a schedule moves smoothly with its dates. What comes out ranks schedules; it is never reported as their worth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import learning, log_sum
from tradewinds.clusters.income_profile import duration
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.schedule_value import ScheduleValue, utility_over

__all__ = ["batch_equilibrium", "screen"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_BATCH = 2048  # schedules at a time, to bound memory
_ROOT_STEPS = 9
_BALANCED = 1e-9  # surplus over world income


def screen(value: ScheduleValue, open_at: Array, base: Array) -> Array:
    r"""Return average discounted utility of each country for many schedules, shape (B, 2).

    Steps are of Runge and Kutta's method of order 4.

    Parameters
    ----------
    value : ScheduleValue
        The economy, and how utility counts.
    open_at : ndarray, shape (B, n)
        Infinity is never.
    base : ndarray, shape (S,)
        Dates at which steps end, from 0 to the last that counts; each schedule adds its own.
    """
    parts = [_screen(value, open_at[low : low + _BATCH], base) for low in range(0, len(open_at), _BATCH)]
    return np.concatenate(parts) / duration(value.discount_rate, value.horizon)


def _screen(value: ScheduleValue, open_at: Array, base: Array) -> Array:
    parameters, rate = value.parameters, value.discount_rate
    count, last = len(open_at), base[-1]
    own = np.sort(
        np.concatenate([np.broadcast_to(base, (count, len(base))), np.minimum(open_at, last)], axis=1), axis=1
    )
    technology = np.broadcast_to(parameters.technology, (count, *parameters.technology.shape)).copy()
    worth = np.zeros((count, 2))
    utilities = [worth]
    for low, high in zip(own.T[:-1], own.T[1:], strict=True):
        step = high - low
        is_open = open_at <= low[:, np.newaxis]
        h = step[:, np.newaxis, np.newaxis]
        first, slope = _flow(parameters, technology, is_open)
        _, slope_2 = _flow(parameters, technology + h / 2 * slope, is_open)
        middle, slope_3 = _flow(parameters, technology + h / 2 * slope_2, is_open)
        log_income, slope_4 = _flow(parameters, technology + h * slope_3, is_open)
        technology = technology + h / 6 * (slope + 2 * slope_2 + 2 * slope_3 + slope_4)
        utilities = [utility_over(each - value.reference, value.risk_aversion) for each in (first, middle, log_income)]
        worth += _discounted_parabola(utilities, low[:, np.newaxis], step[:, np.newaxis], rate)
    if np.isinf(value.horizon):
        worth += utilities[-1] * np.exp(-rate * last) / rate
    return worth


def _discounted_parabola(values: list[Array], low: Array, step: Array, rate: float) -> Array:
    """Integrate exp(-rate t) times the parabola through three values at the ends and the middle of a step."""
    nodes, weights = np.polynomial.legendre.leggauss(4)
    total = np.zeros_like(values[0])
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        left, middle, right = (1 - node) * (1 - 2 * node), 4 * node * (1 - node), node * (2 * node - 1)
        value = left * values[0] + middle * values[1] + right * values[2]
        total += weight * np.exp(-rate * (low + node * step)) * value
    return step * total


def _flow(parameters: ClusterParameters, technology: Array, is_open: Mask) -> tuple[Array, Array]:
    """Return log real income per worker, shape (B, 2), and dA/dt, shape (B, 2, n)."""
    log_income, employment, active = batch_equilibrium(parameters, technology, is_open)
    return log_income, learning(employment, parameters.tau, active, parameters.inactive_learning)


def batch_equilibrium(parameters: ClusterParameters, technology: Array, is_open: Mask) -> tuple[Array, Array, Mask]:
    """Return log real income per worker (B, 2), employment (B, 2, n) and who is active (B, 2, n) of many economies.

    Industries tied at the relative wage are made by home one after the other.
    """
    logs = np.log(technology)
    advantage = np.where(is_open, logs[:, 0] - logs[:, 1], -np.inf)
    order = np.argsort(-advantage, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    rows = np.arange(len(logs))
    wage_at = np.take_along_axis(advantage, order, axis=1)  # candidates for the log wage, falling
    wages = np.where(np.isfinite(wage_at), wage_at, 0.0)
    made = rank[:, np.newaxis, :] < np.arange(logs.shape[2])[:, np.newaxis]  # by home, short of each candidate
    spending = _spending(parameters, logs[:, np.newaxis], is_open[:, np.newaxis], wages)
    total = spending.sum(axis=(2, 3))
    low = _surplus(spending, made, is_open[:, np.newaxis])
    own = np.take_along_axis(spending.sum(axis=2), order[:, :, np.newaxis], axis=2)[:, :, 0] / total
    high = low + np.where(np.isfinite(wage_at), own, np.inf)
    k = np.argmax(high >= 0, axis=1)
    log_wage, share = wages[rows, k], made[rows, k].astype(float)
    tied = is_open.any(axis=1) & (low[rows, k] <= 0)
    part = -low[rows, k] / np.where(own[rows, k] > 0, own[rows, k], 1.0)
    share[rows[tied], order[rows, k][tied]] = np.clip(part[tied], 0.0, 1.0)
    inner = np.flatnonzero(is_open.any(axis=1) & ~tied)
    if len(inner):
        bracket = (
            (wages[inner, k[inner]], low[inner, k[inner]]),
            (wages[inner, k[inner] - 1], high[inner, k[inner] - 1]),
        )
        log_wage[inner] = _root(parameters, logs[inner], is_open[inner], share[inner], bracket)
    spent = _spending(parameters, logs, is_open, log_wage)
    sales = spent.sum(axis=1)
    made_open = np.stack([share * sales, (1 - share) * sales], axis=1)
    value = np.where(is_open[:, np.newaxis], made_open, spent)
    wage = np.stack([np.exp(log_wage), np.ones_like(log_wage)], axis=1)
    active = ~is_open[:, np.newaxis] | (np.stack([share, 1 - share], axis=1) > 0)
    log_prices = _log_prices(logs, is_open, log_wage)
    log_income = np.log(wage) - log_sum((1 - parameters.sigma) * log_prices) / (1 - parameters.sigma)
    return log_income, value / wage[:, :, np.newaxis], active


def _log_prices(logs: Array, is_open: Mask, log_wage: Array) -> Array:
    """Return prices in each country, shape (..., 2, n)."""
    cost = np.stack(
        [
            log_wage[..., np.newaxis] - logs[..., 0, :],
            np.broadcast_to(-logs[..., 1, :], (*log_wage.shape, logs.shape[-1])),
        ],
        axis=-2,
    )
    return np.where(is_open[..., np.newaxis, :], cost.min(axis=-2, keepdims=True), cost)


def _spending(parameters: ClusterParameters, logs: Array, is_open: Mask, log_wage: Array) -> Array:
    """Return what each country spends on each good, shape (..., 2, n)."""
    weight = (1 - parameters.sigma) * _log_prices(logs, is_open, log_wage)
    weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
    income = np.stack([np.exp(log_wage), np.ones_like(log_wage)], axis=-1) * parameters.labour
    return np.asarray(income[..., np.newaxis] * weight / weight.sum(axis=-1, keepdims=True))


def _surplus(spending: Array, share: Array | Mask, is_open: Mask) -> Array:
    """Return home's exports less imports over world income."""
    sold = np.where(is_open, share * spending.sum(axis=-2), 0.0).sum(axis=-1)
    bought = np.where(is_open, spending[..., 0, :], 0.0).sum(axis=-1)
    return np.asarray((sold - bought) / spending.sum(axis=(-2, -1)))


def _root(
    parameters: ClusterParameters,
    logs: Array,
    is_open: Mask,
    share: Array,
    bracket: tuple[tuple[Array, Array], tuple[Array, Array]],
) -> Array:
    """Return the log wage at which trade balances, by false position with Illinois' rule."""
    (a, at_a), (b, at_b) = bracket
    x = a
    for _ in range(_ROOT_STEPS):
        gap = np.where(at_a == at_b, 1.0, at_a - at_b)
        x = np.clip(a + (b - a) * at_a / gap, np.minimum(a, b), np.maximum(a, b))
        at_x = _surplus(_spending(parameters, logs, is_open, x), share, is_open)
        if np.abs(at_x).max() < _BALANCED:
            break
        crossed = at_x * at_b < 0
        a, at_a = np.where(crossed, b, a), np.where(crossed, at_b, at_a / 2)
        b, at_b = x, at_x
    return np.asarray(x)
