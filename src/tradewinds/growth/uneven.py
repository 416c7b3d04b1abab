r"""The path of two countries without spillovers when capital is mobile: two prices jump, one ratio of varieties moves.

Used by :mod:`tradewinds.growth.feenstra`. A is the country that grows faster. With :math:`q = \theta_B/\theta_A` the ratio of sales
and :math:`u_i = \theta_i / (a_i w_i)`,

.. math::
    \hat w_i = \rho + L_i/a_i - u_i, \quad g_i = L_i/a_i - \alpha u_i, \quad
    \hat q = g_B - g_A - (\sigma - 1)(\hat w_B - \hat w_A), \quad
    \hat u_A = -\theta_B\hat q - \hat w_A, \quad \hat u_B = \theta_A\hat q - \hat w_B ,

a saddle with one stable direction, followed backwards from :math:`q = 0` with :math:`\ln q` in place of time. Varieties tell when
the start is reached: :math:`q^\sigma = (n_B/n_A)\,(a_A u_A / (a_B u_B))^{1-\sigma}`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError

__all__ = ["Pair", "UnevenPath", "uneven_path"]

Array = NDArray[np.float64]

#: Ratio of sales at which the path is its own tangent to rounding.
LAST = 1e-7


@dataclass(frozen=True)
class Pair:
    """Faster and slower country: sigma, discount rate, workers and cost of a blueprint of each, shape (2,)."""

    sigma: float
    rho: float
    labour: Array
    cost: Array


@dataclass(frozen=True)
class UnevenPath:
    """The path; columns are the faster and the slower country.

    Attributes
    ----------
    time : ndarray, shape (T,)
    sales, wage, growth : ndarray, shape (T, 2)
        Shares of world sales; wages, world spending being one; growth of varieties.
    spending : ndarray, shape (2,)
        Shares of world spending, constant.
    lifetime : float
        Discounted integral of minus the log of the price index, but for what varieties of the faster country at time 0 give.
    residual : callable
        Evaluates, at the path: world resources over world spending, less one; the largest gap of the equations between dates.
    """

    time: Array
    sales: Array
    wage: Array
    growth: Array
    spending: Array
    lifetime: float
    residual: Callable[[], Array]


def _motion(q: Any, u: Any, pair: Pair) -> tuple[Any, Any, Any, Any]:
    """Return growth of q, of u, of wages, and of varieties; last axis A, B."""
    sigma = pair.sigma
    reach = pair.labour / pair.cost
    wage = pair.rho + reach - u
    growth = reach - (1 - 1 / sigma) * u
    moving = growth[..., 1] - growth[..., 0] - (sigma - 1) * (wage[..., 1] - wage[..., 0])
    sales = np.stack([1 / (1 + q), q / (1 + q)], axis=-1)
    using = np.stack([-sales[..., 1] * moving, sales[..., 0] * moving], axis=-1) - wage
    return moving, using, wage, growth


def uneven_path(varieties: Array, rest: Array, pair: Pair, points: int = 201) -> UnevenPath:
    """Solve the path from given varieties of both (shape (2,)) to the long run, where ``u`` is ``rest``.

    Raises
    ------
    InputError
        If research stops in a country on the way, which is not solved.
    """
    from scipy.integrate import solve_ivp

    sigma, rho = pair.sigma, pair.rho
    target = np.log(varieties[0] / varieties[1])

    def ratio(x: float, u: Array) -> float:
        return float((1 - sigma) * np.log(pair.cost[0] * u[0] / (pair.cost[1] * u[1])) - sigma * x)

    def right_side(x: float, state: Array) -> Array:
        moving, using, _, _ = _motion(np.exp(x), state[:2], pair)
        present = rho * state[3:] - _flows(x, state[:2], pair)
        return np.concatenate([using * state[:2], [1.0], present]) / moving

    def reached(x: float, state: Array) -> float:
        return ratio(x, state[:2]) - target

    reached.terminal = True  # type: ignore[attr-defined]
    u = rest + _tangent(rest, pair) * LAST
    begin = np.concatenate([u, [0.0], _flows(np.log(LAST), u, pair) / rho])
    # stiff where countries are nearly equal: the path is then much slower than what leads off it
    found = solve_ivp(
        right_side,
        (np.log(LAST), 60.0),
        begin,
        method="LSODA",
        rtol=1e-11,
        atol=1e-12,
        dense_output=True,
        events=reached,
    )
    if found.t_events is None or found.sol is None or not len(found.t_events[0]):
        raise InputError(
            "feenstra: no path leads from these varieties to the long run; choose home_varieties nearer to a half"
        )
    x = _dates(found.sol, float(found.t_events[0][0]), points)
    states = found.sol(x)
    sales = np.stack([1 / (1 + np.exp(x)), 1 / (1 + np.exp(-x))], axis=-1)
    wage = sales / (pair.cost * states[:2].T)
    growth = _motion(np.exp(x), states[:2].T, pair)[3]
    if np.min(growth) < 0:
        raise InputError(
            "feenstra: on the way research stops in a country for a time, which is not solved; raise its labour, lower its "
            "rnd_cost, or choose home_varieties nearer to a half"
        )
    spending = rho * (states[3:5, 0] + pair.cost * wage[0])
    return UnevenPath(
        time=states[2] - states[2, 0],
        sales=sales,
        wage=wage,
        growth=growth,
        spending=spending,
        lifetime=float(states[5, 0]),
        residual=lambda: np.array([np.sum(spending) - 1, _slope_gap(x, found.sol, pair)]),
    )


def _dates(sol: Any, first: float, points: int) -> Array:
    """Return values of ln q whose dates are dense over 300 years and reach the end, or 3,000 years."""
    fine = np.linspace(first, np.log(LAST), 2001)
    time = sol(fine)[2] - sol(first)[2]
    near, far = min(300.0, time[-1] / 2), min(3000.0, time[-1])
    dates = np.concatenate([np.linspace(0, near, points // 2), np.geomspace(near, far, points - points // 2 + 1)[1:]])
    return np.asarray(np.interp(dates, time, fine))


def _flows(x: Any, u: Array, pair: Pair) -> Array:
    """Return wages of both, and what prices give to utility apart from the varieties of A at time 0."""
    sales = np.array([1 / (1 + np.exp(x)), 1 / (1 + np.exp(-x))])
    wage = sales / (pair.cost * u)
    growth = pair.labour[0] / pair.cost[0] - (1 - 1 / pair.sigma) * u[0]
    prices = -np.log(wage[0]) - np.log(sales[0]) / (pair.sigma - 1)
    return np.array([*(wage * pair.labour), prices + growth / (pair.rho * (pair.sigma - 1))])


def _tangent(rest: Array, pair: Pair) -> Array:
    """Return du / dq on the stable direction at q = 0."""
    step = 1e-6

    def drift(q: float, u: Array) -> Array:
        return np.asarray(_motion(np.float64(q), u, pair)[1] * u)

    jacobian = np.stack([(drift(0, rest + e) - drift(0, rest - e)) / (2 * step) for e in step * np.eye(2)], axis=1)
    by_sales = (-3 * drift(0, rest) + 4 * drift(step, rest) - drift(2 * step, rest)) / (2 * step)
    speed = _motion(np.float64(0), rest, pair)[0]
    return np.linalg.solve(jacobian - speed * np.eye(2), -by_sales)


def _slope_gap(x: Array, sol: Any, pair: Pair) -> float:
    step = 1e-3
    middle = np.linspace(x[0], np.log(LAST), 42)[1:-1]
    around = [np.log(sol(middle + k * step)[:2]) for k in (-2, -1, 1, 2)]
    slope = (around[0] - 8 * around[1] + 8 * around[2] - around[3]) / (12 * step)
    moving, using, _, _ = _motion(np.exp(middle), sol(middle)[:2].T, pair)
    return float(np.max(np.abs(slope.T * moving[:, np.newaxis] - using)))
