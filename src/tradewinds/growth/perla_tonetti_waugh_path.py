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

**Nobody enters.** A large liberalisation leaves more firms than there is room for, and no faster way out than to die: :math:`E = 0`
until enough have, and an entrant is worth less than the cost of entry. Then :math:`v(1) = E v - \zeta` alone links the two values,

.. math::
    \tilde r = (E \pi - \pi(1)) / \zeta - S, \qquad \dot v(1) = \tilde r\, v(1) - \pi(1), \qquad \dot\Omega / \Omega = -\delta ,

with :math:`S` from the labour market. The spell is traced backward too, from the point of the stable arm at which entry is nil.
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


def date(p: P, log_profit: Any, log_varieties: Any, idle: Any = False) -> dict[str, Any]:
    """Return everything at a date, given the profit of the least productive firm at home and the mass of firms.

    ``idle`` dates are those without entry.
    """
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
    least, earned = least_profit(p, profit, cutoff), (profit * sold - exporting) / p.adoption_cost
    making = power * profit * varieties * sold
    left = ((1 - making) / varieties - exporting) / p.adoption_cost  # for adoption and entry
    discount = np.where(idle, earned - least / p.adoption_cost - left, chi * least / (p.adoption_cost * (1 - chi)))
    adoption = np.where(idle, left, earned - discount / chi)
    entry = np.where(idle, 0.0, chi * (left - adoption))
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
        "discount": discount,
        "least": least,
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
        If the path does not lead back to the baseline, as where too many firms are to leave and none dies.
    """
    gap = float(np.log(start.home("varieties") / end.home("varieties")))
    rest = np.log([end.home("profit_minimum"), end.home("varieties")])
    if p.exit_rate == 0 and gap > 1e-9:
        raise InputError(
            f"perla-tonetti-waugh: the new balanced growth path has {-np.expm1(-gap):.3g} fewer firms as a share of those there "
            "are, and firms never die: let firms die (exit_rate is 0), or compare balanced growth paths"
        )
    root, slope = _arm(p, end)
    if abs(gap) < 1e-9:  # on the arm's straight part; its utility differs by less than can be told
        time = np.linspace(
            0, min(200, 600 / max(end.growth, 1.0)), 401
        )  # beyond, consumption is larger than any number
        off = gap * np.exp(root * time)
        inside, nothing = np.zeros(time.size, dtype=bool), np.zeros(time.size)
        path = (rest[0] + slope * off, rest[1] + off, end.growth * time, end.welfare)
        return _wrapped(p, end, time, *path, inside, nothing)

    first = 1e-9 * gap
    worth = p.adoption_cost * (1 - p.adoption_entry_ratio) / p.adoption_entry_ratio
    begin = np.array([rest[0] + slope * first, rest[1] + first, 0.0, end.welfare, worth])
    log_start = float(np.log(start.home("varieties")))

    def arrives(_: float, y: Array) -> float:
        return float((y[1] - log_start) / gap)

    def stops(_: float, y: Array) -> float:
        return float(date(p, y[0], y[1])["entry_rate"])

    arm, length, kinks, halted = _backward(p, begin, gap, (arrives, stops), idle=False)
    a_year = max(4, int(np.ceil(-40 * root)))  # cubics between dates must follow the arm, however fast
    time = _dates(length, length - kinks, a_year)
    y, idle = arm(length - time), np.zeros(time.size, dtype=bool)
    if halted:
        spell, waits, kinks, _ = _backward(p, arm(length), gap, (arrives,), idle=True)
        before = _dates(waits, waits - kinks, 4 * a_year)[:-1]
        y = np.concatenate([spell(waits - before), y], axis=1)
        idle = np.concatenate([np.ones(before.size, dtype=bool), idle])
        time = np.concatenate([before, waits + time])
    return _wrapped(
        p, end, time, y[0], y[1], y[2, 0] - y[2], float(y[3, 0]), idle, 1 - (y[4] + p.adoption_cost) * worth_rate(p)
    )


def _dates(length: float, kinks: Array, a_year: int) -> Array:
    """Return dates from 0 to a length, with every kink between two that are next to each other."""
    even = np.linspace(0, length, 2 + int(np.ceil(a_year * length)))
    near = (kinks[:, np.newaxis] + 1e-9 * np.array([-1.0, 1.0])).ravel()
    return np.unique(np.concatenate([even, near[(near > 0) & (near < length)]]))


def worth_rate(p: P) -> float:
    """Return one over the cost of entry."""
    return p.adoption_entry_ratio / p.adoption_cost


def _backward(p: P, begin: Array, gap: float, events: tuple[Any, ...], *, idle: bool) -> tuple[Any, float, Array, bool]:
    """Trace the path backward until one of the events.

    Returns
    -------
    path : callable
        Of time before its end.
    length : float
    kinks : ndarray
        When exporting starts to be, or to be no longer, for everybody.
    halted : bool
        Whether the last of two events ended it.
    """
    from scipy.integrate import solve_ivp

    rho = p.discount_rate

    def back(_: float, y: Array) -> Array:
        now = date(p, y[0], y[1], idle)
        growth = now["innovation"]
        flow = np.log(now["detrended"]) + growth / rho
        value = now["least"] - now["discount"] * y[4] if idle else 0.0
        return np.concatenate([-now["slopes"], [growth, flow - rho * y[3], value]])

    def everybody(_: float, y: Array) -> float:
        return float(
            p.trade_cost * (p.export_fixed_cost / np.exp(y[0])) ** (1 / (p.elasticity_of_substitution - 1)) - 1
        )

    for event in events:
        event.terminal = True
    scale = np.array([1e-12 * abs(gap), 1e-12 * abs(gap), 1e-12, 1e-12, 1e-12])
    found: Any = solve_ivp(
        back, (0, 5000), begin, "DOP853", rtol=1e-11, atol=scale, events=(*events, everybody), dense_output=True
    )
    if found.status != 1 or not np.all(np.isfinite(found.y[:, -1])):
        raise InputError(
            "perla-tonetti-waugh: the path does not reach the mass of firms of the baseline; change less at once"
        )
    return found.sol, float(found.t[-1]), found.t_events[-1], len(events) > 1 and bool(found.t_events[1].size)


def _wrapped(
    p: P,
    end: BalancedGrowth,
    time: Array,
    log_profit: Array,
    log_varieties: Array,
    trend: Array,
    utility: float,
    idle: Array,
    loss: Array,
) -> Transition:
    along = date(p, log_profit, log_varieties, idle)
    for name in ("slopes", "discount", "least"):
        along.pop(name)
    if np.min(along["entry_rate"]) < -1e-12 or np.min(along["adoption_rate"]) < 0 or np.min(loss) < -1e-8:
        raise InputError(
            f"perla-tonetti-waugh: on the way entry falls to {np.min(along['entry_rate']):.4g} and adoption to "
            f"{np.min(along['adoption_rate']):.4g} a year; change less at once, or compare balanced growth paths"
        )
    along["entry_loss"] = np.where(idle, loss, 0.0)
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
    idle, value = path.paths["entry_rate"] == 0, (1 - path.paths["entry_loss"]) / worth_rate(p) - p.adoption_cost
    now = date(p, logs[0], logs[1], idle)
    change = np.where(idle, now["discount"] * value - now["least"], 0.0)
    spline = CubicHermiteSpline(path.time, logs, now["slopes"], axis=1)
    length, middle = np.diff(path.time), (path.time[1:] + path.time[:-1]) / 2
    between = spline(middle)
    half = date(p, between[0], between[1], idle[:-1])
    slopes = spline.derivative()(middle) - half["slopes"]
    worth = CubicHermiteSpline(path.time, value, change)
    values = worth.derivative()(middle) - np.where(idle[:-1], half["discount"] * worth(middle) - half["least"], 0.0)
    rest = np.log([path.end.home("profit_minimum"), path.end.home("varieties")])
    ends = [logs[1, 0] - np.log(start.home("varieties"))], logs[:, -1] - rest
    return np.concatenate([(length * slopes).ravel(), length * values / p.adoption_cost, *ends])
