r"""The way to a new balanced growth path without shocks: few or many firms, and entry that corrects it.

Without shocks the distribution stays Pareto, and free entry and adoption pin the values :math:`E v` and :math:`v(1)` at every date.
So the interest rate follows the profit of the least productive firm, and two numbers move: the mass of firms
:math:`\Omega`, which is given, and the workers :math:`x = 1 - \tilde L` who make goods, which jump:

.. math::
    \tilde r &= \frac{\chi\, \pi(1)}{\zeta (1 - \chi)}, \qquad \dot x / x = \tilde r - \rho - \delta \\
    S &= E \pi / \zeta - \tilde r / \chi, \qquad g = \mu + S / \theta \\
    \dot \Omega / \Omega &= E - \delta, \qquad 1 - x = \Omega\, [(N-1) \kappa (1 - F(\hat z)) + \zeta (S + E / \chi)]

The balanced growth path is a saddle; its stable arm is traced backward from its end, where it attracts. What is traced is the
logarithm of :math:`\pi_{min}`, of which all the rest is explicit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.perla_tonetti_waugh_closed import least_profit
from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_static import moment, tail
from tradewinds.growth.results import BalancedGrowth, Transition

__all__ = ["eigenvalues", "path_residual", "saddle_path"]

P = PerlaTonettiWaughParameters
Array = NDArray[np.float64]


def date(p: P, log_profit: Any, log_varieties: Any) -> dict[str, Any]:
    """Return everything at a date, given the profit of the least productive firm at home and the mass of firms."""
    profit, varieties = np.exp(log_profit), np.exp(log_varieties)
    power, theta, chi, others = (
        p.elasticity_of_substitution - 1,
        p.pareto_shape,
        p.adoption_entry_ratio,
        p.countries - 1,
    )
    cutoff = np.maximum(p.trade_cost * (p.export_fixed_cost / profit) ** (1 / power), 1.0)
    if np.isinf(p.trade_cost) or others == 0:
        cutoff = np.full_like(profit, np.inf)
    at_home = moment(theta, np.inf, power)
    abroad = others * p.trade_cost**-power * tail(theta, np.inf, cutoff, power)
    sold, exporters = at_home + abroad, tail(theta, np.inf, cutoff, 0.0)
    exporting = others * p.export_fixed_cost * exporters
    discount = chi * least_profit(p, profit, cutoff) / (p.adoption_cost * (1 - chi))
    adoption = (profit * sold - exporting) / p.adoption_cost - discount / chi
    making = power * profit * varieties * sold
    entry = chi * (((1 - making) / varieties - exporting) / p.adoption_cost - adoption)
    # makers per firm are profit * sold: its elasticity with respect to profit turns one growth rate into the other
    elasticity = 1 + np.where(cutoff > 1, abroad / sold * (theta - power) / power, 0.0)
    moves = discount - p.discount_rate - p.exit_rate - (entry - p.exit_rate)
    return {
        "profit_minimum": profit,
        "varieties": varieties,
        "export_cutoff": cutoff,
        "home_share": at_home / sold,
        "innovation": p.drift + adoption / theta,
        "adoption_rate": adoption,
        "entry_rate": entry,
        "detrended": making * (varieties * sold) ** (1 / power),
        "slopes": np.stack([moves / elasticity, entry - p.exit_rate]),
    }


def _jacobian(p: P, end: BalancedGrowth) -> Array:
    """Return derivatives of the two slopes at the balanced growth path."""
    point = np.log([end.home("profit_minimum"), end.home("varieties")])
    step = 1e-6
    columns = []
    for i in range(2):
        move = step * np.eye(2)[i]
        up, down = (date(p, *(point + sign * move))["slopes"] for sign in (1, -1))
        columns.append((up - down) / (2 * step))
    return np.stack(columns, axis=1)


def eigenvalues(p: P, end: BalancedGrowth) -> Array:
    """Return the two roots around a balanced growth path, the stable one first."""
    return np.asarray(np.sort(np.linalg.eigvals(_jacobian(p, end)).real))


def _arm(p: P, end: BalancedGrowth) -> tuple[float, float]:
    """Return the stable root, and how far log profit is off for each log point of the mass of firms."""
    roots, vectors = np.linalg.eig(_jacobian(p, end))
    if np.iscomplexobj(roots) or not (np.min(roots) < 0 < np.max(roots)):
        raise InputError(
            f"perla-tonetti-waugh: the balanced growth path is not a saddle (roots {roots}); no path leads to it"
        )
    stable = int(np.argmin(roots))
    return float(roots[stable]), float(vectors[0, stable] / vectors[1, stable])


def saddle_path(p: P, start: BalancedGrowth, end: BalancedGrowth) -> Transition:
    """Return the path from the mass of firms of one regime to the balanced growth path of another.

    Raises
    ------
    InputError
        If nobody would enter on the way: the mass of firms then falls by exit alone, which is not solved.
    """
    from scipy.integrate import solve_ivp

    gap = float(np.log(start.home("varieties") / end.home("varieties")))
    rest = np.log([end.home("profit_minimum"), end.home("varieties")])
    root, slope = _arm(p, end)
    rho = p.discount_rate
    if abs(gap) < 1e-9:  # on the arm's straight part; its utility differs by less than can be told
        time = np.linspace(0, 200, 401)
        off = gap * np.exp(root * time)
        return _wrapped(p, end, time, rest[0] + slope * off, rest[1] + off, end.growth * time, end.welfare)

    def back(_: float, y: Array) -> Array:
        now = date(p, rest[0] + y[0], rest[1] + y[1])
        growth = now["innovation"]
        flow = np.log(now["detrended"]) + growth / rho
        return np.concatenate([-now["slopes"], [growth, flow - rho * y[3]]])

    def arrives(_: float, y: Array) -> float:
        return float(y[1] / gap - 1)

    arrives.terminal = True  # type: ignore[attr-defined]
    first = 1e-8 * gap
    begin = np.array([slope * first, first, 0.0, end.welfare])
    scale = np.array([1e-12 * abs(gap), 1e-12 * abs(gap), 1e-12, 1e-12])
    found: Any = solve_ivp(back, (0, 5000), begin, "DOP853", rtol=1e-11, atol=scale, events=arrives, dense_output=True)
    if not found.t_events[0].size:
        raise InputError(
            "perla-tonetti-waugh: the stable arm does not reach the mass of firms of the baseline; change less at once"
        )
    last = float(found.t_events[0][0])
    time = np.linspace(0, last, 1 + int(np.ceil(4 * last)))
    y = found.sol(last - time)
    return _wrapped(p, end, time, rest[0] + y[0], rest[1] + y[1], y[2, 0] - y[2], float(y[3, 0]))


def _wrapped(
    p: P, end: BalancedGrowth, time: Array, log_profit: Array, log_varieties: Array, trend: Array, utility: float
) -> Transition:
    along = date(p, log_profit, log_varieties)
    along.pop("slopes")
    if np.min(along["entry_rate"]) < 0:
        raise InputError(
            f"perla-tonetti-waugh: entry would be negative ({np.min(along['entry_rate']):.4g} a year) on the way: the change "
            "is too large for firms to exit at exit_rate; change less at once, or compare balanced growth paths"
        )
    consumption = np.exp(trend) * along.pop("detrended")
    way = (log_varieties - log_varieties[0]) / (np.log(end.home("varieties")) - log_varieties[0] or 1.0)
    half = float(np.interp(0.5, way, time)) if np.ptp(way) > 0.5 else 0.0
    return Transition(
        mechanism=end.mechanism,
        variant=end.variant,
        regime=end.regime,
        parameters=p,
        time=time,
        paths={"consumption": consumption, **along},
        end=end,
        lifetime_utility=utility,
        half_life=half,
        units=end.units,
        citation_keys=end.citation_keys,
    )


def path_residual(path: Transition, p: P, start: BalancedGrowth) -> Array:
    """Return what a path misses: its slopes between dates, its start, and how far its end is from the balanced growth path."""
    from scipy.interpolate import CubicHermiteSpline

    logs = np.log(np.stack([path.paths["profit_minimum"], path.paths["varieties"]]))
    spline = CubicHermiteSpline(path.time, logs, date(p, *logs)["slopes"], axis=1)
    middle = (path.time[1:] + path.time[:-1]) / 2
    slopes = spline.derivative()(middle) - date(p, *spline(middle))["slopes"]
    rest = np.log([path.end.home("profit_minimum"), path.end.home("varieties")])
    return np.concatenate([slopes.ravel(), [logs[1, 0] - np.log(start.home("varieties"))], logs[:, -1] - rest])
