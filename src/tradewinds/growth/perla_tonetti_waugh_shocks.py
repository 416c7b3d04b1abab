r"""The way to a new balanced growth path with shocks (corrected form): the distribution of firms moves, and so does everything.

With :math:`x = \ln z`, deviations :math:`\varphi` of the density and :math:`\omega` of the value from those of the new balanced
growth path (starred) follow

.. math::
    \varphi_t &= -(\mu - g) \varphi_x + D \varphi_{xx} + S \varphi + (g - g^*) f^*_x + (S - S^*) f^*, \qquad \varphi(0) = 0 \\
    \tilde r\, \omega &= \pi - \pi^* - (\tilde r - R) v^* + (g^* - g) v^*_x + (\mu - g) \omega_x + D \omega_{xx} + \omega_t

with :math:`\omega_x(0) = 0`, :math:`S` such that mass is kept, and :math:`\tilde r = \rho + \delta + \dot m / m`, :math:`m` the
workers who make goods. Growth and profits are the paths at which adoption and entry break even at every date:
:math:`\omega(0, t) = 0` and :math:`\int (f^* \omega + \varphi v^* + \varphi \omega)\,dx = 0`. Deviations are exact at rest, so the
error of a grid is in proportion to the change. Where a large change leaves more firms than there is room for, nobody enters for a
while: at those dates :math:`E = 0` takes the place of the second condition, the first is :math:`v(1) = E v - \zeta`, and the mean
value of firms is below the cost of entry. Which dates they are is found by trying.

With 800 nodes and 48 dates the welfare of the 10 per cent cut is 6.9555 per cent of consumption; on grids refined without end it is
6.956 (:mod:`tradewinds.growth.perla_tonetti_waugh_grids`).

Three points in space on a grid that is finest at the threshold, backward differences of second order in time on dates that are
finest at the change, Newton's method with the Jacobian of the first guess, and Broyden's updates.

On the day of the change adoption jumps, hence the slope of the density at the threshold: best practice moves with the square root
of time at first. Its growth has no value at time 0; its level and all else have.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_static import moment, tail
from tradewinds.growth.perla_tonetti_waugh_value import Firm
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.welfare import path_utility

__all__ = ["ShockPath", "shock_path"]

Array = NDArray[np.float64]

#: Where the grid ends, in logs of productivity; beyond it both tails are exact powers.
_TOP = 4.0

#: Logarithm of consumption beyond which a path is not shown: it is larger than any number. Welfare is from logarithms.
_LARGEST = 600.0


class ShockPath:
    """The problem of a path on a grid: what paths of growth and profits leave of the conditions of adoption and entry.

    Parameters
    ----------
    start, end : BalancedGrowth
        Of the variant ``corrected``, with logarithmic utility.
    nodes, dates : int
        Of the grid, in productivity and in time.
    horizon : float
        Years.
    """

    #: What firms are like; the published form has others.
    kind: ClassVar[type[Firm]] = Firm

    def __init__(
        self, start: BalancedGrowth, end: BalancedGrowth, nodes: int = 800, dates: int = 48, horizon: float = 200.0
    ) -> None:
        p: PerlaTonettiWaughParameters = end.parameters  # type: ignore[assignment]
        old: PerlaTonettiWaughParameters = start.parameters  # type: ignore[assignment]
        self.p, self.start, self.end, self.dates = p, start, end, dates
        self.firm, before = self.kind(p, end.growth, True), self.kind(old, start.growth, True)
        if not old.pareto_shape == p.pareto_shape:
            raise InputError(
                "perla-tonetti-waugh: pareto_shape cannot change on a path; the tail of the first day stays"
            )
        self.power, self.others = p.elasticity_of_substitution - 1, p.countries - 1
        self.fixed = self.others * p.export_fixed_cost
        self.weight = self.others * p.trade_cost**-self.power
        unit = np.linspace(0, 1, nodes + 1)
        self.x = _TOP * np.sinh(3 * unit) / np.sinh(3)
        self.z, self.step = np.exp(self.x), np.diff(self.x)
        left, right = self.step[:-1], self.step[1:]
        self.first = (
            -right / (left * (left + right)),
            (right - left) / (left * right),
            left / (right * (left + right)),
        )
        self.second = (2 / (left * (left + right)), -2 / (left * right), 2 / (right * (left + right)))
        self.quadrature = np.append(self.step, 0) / 2 + np.append(0, self.step) / 2
        self.density, self.density_slope = _density(p.pareto_shape, self.firm.second_tail, self.x)
        self.density_start = _density(p.pareto_shape, before.second_tail, self.x)[0] - self.density
        self.profit, self.cutoff = self.firm.market()
        self.value, self.value_slope = self._value()
        self.time = horizon * np.sinh(4 * np.linspace(0, 1, dates + 1)) / np.sinh(4)
        # backward differences are in steps of the mapped time; this is one over the length of a step at each date
        self.rate = dates * np.sinh(4) / (4 * horizon * np.cosh(4 * np.linspace(0, 1, dates + 1)))
        self.idle = np.zeros(dates, dtype=bool)
        self.rest = self._markets(
            np.zeros((1, nodes + 1)), np.array([self.firm.adoption_rate]), np.array([self.profit])
        )

    def _value(self) -> tuple[Array, Array]:
        """Return the value of a firm on the new balanced growth path and its slope in logs."""
        firm, z, power = self.firm, self.z, self.power
        low, high = firm.roots
        worth, discount = firm.per_profit * self.profit, firm.discount
        if self.cutoff == 1:
            sales = worth * (1 + self.weight)
            leave = -power * sales / low
            value = sales * z**power + leave * z**low - self.fixed / discount
            return value, power * sales * z**power + low * leave * z**low
        option = firm.option()
        leave = -(power * worth + high * option * np.exp(-high * np.log(self.cutoff))) / low
        value, slope = worth * z**power + leave * z**low, power * worth * z**power + low * leave * z**low
        if np.isinf(self.cutoff):
            return value, slope
        near = z <= self.cutoff
        hope = option * (np.minimum(z, self.cutoff) / self.cutoff) ** high
        abroad = worth * self.weight * z**power
        pasted = (option - self.fixed * (firm.per_profit - 1 / discount)) * (z / self.cutoff) ** low
        value = value + np.where(near, hope, abroad - self.fixed / discount + pasted)
        return value, slope + np.where(near, high * hope, power * abroad + low * pasted)

    def _profits(self, profit: float) -> Array:
        sales = profit * self.z**self.power
        return sales + np.maximum(self.weight * sales - self.fixed, 0.0)

    def _backward(self, level: Array, date: int, before: int) -> tuple[float, Any]:
        """Return the weight of today in a backward difference, and what earlier dates add."""
        rate = self.rate[date]
        if date == before + 1:
            return rate, rate * level[date - 1]
        return 1.5 * rate, rate * (2 * level[date - 1] - 0.5 * level[date - 2])

    def distribution(self, growth: Array) -> tuple[Array, Array]:
        """Return deviations of the density, shape (dates, nodes), and adopters a year as a share of firms."""
        from scipy.linalg import solve_banded

        n, firm = self.x.size, self.firm
        off = np.empty((self.dates + 1, n))
        off[0] = self.density_start
        adoption = np.full(self.dates + 1, firm.adoption_rate)
        mass = self.quadrature.copy()
        mass[-1] += 1 / self.p.pareto_shape
        band, right = np.zeros((3, n)), np.zeros((n, 2))
        band[1, 0] = band[1, -1] = 1.0
        right[1:-1, 1] = self.density[1:-1]
        for j in range(1, self.dates + 1):
            lead, past = self._backward(off, j, 0)
            lower, main, upper = self._operator(growth[j] - self.p.drift)
            band[0, 2:], band[2, :-2] = -upper, -lower
            band[1, 1:-1] = lead - main - adoption[j - 1]
            band[2, -2] = -np.exp(-self.p.pareto_shape * self.step[-1])  # the tail is a power
            right[1:-1, 0] = past[1:-1] + (growth[j] - firm.growth) * self.density_slope[1:-1]
            found = solve_banded((1, 1), band, right)
            more = -(mass @ found[:, 0]) / (mass @ found[:, 1])
            off[j] = found[:, 0] + more * found[:, 1]
            adoption[j] += more
        return off, adoption

    def _operator(self, speed: float) -> tuple[Array, Array, Array]:
        """Return the three diagonals of ``speed d/dx + D d2/dx2`` at interior nodes."""
        spread = self.firm.diffusion
        lower, main, upper = (speed * a + spread * b for a, b in zip(self.first, self.second, strict=True))
        return lower, main, upper

    def _whole(self, off: Array, power: float) -> Array:
        """Return what deviations add to the mean of ``z ** power``."""
        beyond = off[:, -1] * self.z[-1] ** power / (self.p.pareto_shape - power)
        return np.asarray(off @ (self.quadrature * self.z**power) + beyond)

    def _above(self, off: Array, power: float, cutoff: Array) -> Array:
        """Return what deviations add to the mean of ``z ** power`` over firms above a cutoff, one a date."""
        y, log = off * self.z**power, np.log(cutoff)
        inside = np.minimum(log, self.x[-1])
        pieces = (y[:, 1:] + y[:, :-1]) / 2 * self.step
        below = np.concatenate([np.zeros((len(y), 1)), np.cumsum(pieces, axis=1)], axis=1)
        i, rows = np.clip(np.searchsorted(self.x, inside) - 1, 0, self.x.size - 2), np.arange(len(y))
        part = inside - self.x[i]
        slope = (y[rows, i + 1] - y[rows, i]) / self.step[i]
        on_grid = below[:, -1] - below[rows, i] - y[rows, i] * part - slope * part**2 / 2
        distance = power - self.p.pareto_shape
        beyond = y[:, -1] / -distance * np.exp(distance * (np.maximum(log, self.x[-1]) - self.x[-1]))
        return np.asarray(on_grid + beyond)

    def _markets(self, off: Array, adoption: Array, profit: Array) -> dict[str, Any]:
        """Return sales and costs per firm of each date."""
        p, theta, xi = self.p, self.p.pareto_shape, self.firm.second_tail
        cutoff = np.maximum(p.trade_cost * (p.export_fixed_cost / profit) ** (1 / self.power), 1.0)
        if np.isinf(p.trade_cost) or self.others == 0:
            cutoff = np.full_like(profit, np.inf)
        at_home = moment(theta, xi, self.power) + self._whole(off, self.power)
        abroad = self.weight * (tail(theta, xi, cutoff, self.power) + self._above(off, self.power, cutoff))
        exporters = tail(theta, xi, cutoff, 0.0) + self._above(off, 0.0, cutoff)
        sold = at_home + abroad
        making = self.power * profit * sold
        return {
            "cutoff": cutoff,
            "home_share": at_home / sold,
            "sold": sold,
            "making": making,
            "exporters": exporters,
            "cost": making + self.fixed * exporters + p.adoption_cost * adoption,
            "profits": profit * sold - self.fixed * exporters,
        }

    def firms(self, cost: Array) -> tuple[Array, Array]:
        """Return firms of each date and entrants a year as their share, from the labour market."""
        p = self.p
        per_worker = p.adoption_entry_ratio / p.adoption_cost
        inverse = np.empty(self.dates + 1)
        inverse[0] = 1 / self.start.home("varieties")
        for j in range(1, self.dates + 1):
            lead, past = self._backward(inverse, j, 0)
            half = (lead - p.exit_rate - per_worker * cost[j]) / 2
            inverse[j] = (np.sqrt(half**2 + per_worker * past) - half) / per_worker
        return 1 / inverse, per_worker * (inverse - cost)

    def values(self, growth: Array, profit: Array, workers: Array) -> tuple[Array, Array]:
        """Return deviations of the value, shape (dates, nodes), and the rate at which firms discount, backward from the end."""
        from scipy.linalg import solve_banded

        n, firm, spread = self.x.size, self.firm, self.firm.diffusion
        log = np.append(np.log(workers), np.full(2, np.log(self.rest["making"][0] * self.end.home("varieties"))))
        off, discount = np.zeros((self.dates + 3, n)), np.empty(self.dates + 1)
        still = self._profits(self.profit)
        band, right = np.zeros((3, n)), np.empty(n)
        for j in range(self.dates, -1, -1):
            rate = self.rate[j]
            discount[j] = firm.discount + rate * (-1.5 * log[j] + 2 * log[j + 1] - 0.5 * log[j + 2])
            lower, main, upper = self._operator(self.p.drift - growth[j])
            lead = 1.5 * rate + discount[j]
            band[0, 2:], band[1, 1:-1], band[2, :-2] = -upper, lead - main, -lower
            band[1, 0], band[0, 1] = lead + 2 * spread / self.step[0] ** 2, -2 * spread / self.step[0] ** 2
            band[1, -1], band[2, -2] = 1.0, -np.exp(self.power * self.step[-1])  # at the top value goes with sales
            right[:] = rate * (2 * off[j + 1] - 0.5 * off[j + 2]) + self._profits(profit[j]) - still
            right += (firm.discount - discount[j]) * self.value + (firm.growth - growth[j]) * self.value_slope
            right[-1] = 0.0
            off[j] = solve_banded((1, 1), band, right)
        return off[: self.dates + 1], discount

    def evaluate(self, unknown: Array) -> tuple[Array, dict[str, Any]]:
        """Return what is left of adoption and entry at each date but the last, and everything along the path.

        ``unknown`` holds deviations of growth, then of log profits, at the same dates.
        """
        k = self.dates
        growth = self.firm.growth + np.append(unknown[:k], 0.0)
        profit = self.profit * np.exp(np.append(unknown[k:], 0.0))
        off, adoption = self.distribution(growth)
        market = self._markets(off, adoption, profit)
        varieties, entry = self.firms(market["cost"])
        workers = market["making"] * varieties
        value, discount = self.values(growth, profit, workers)
        w, gap = self.quadrature, self.p.pareto_shape - self.power
        mean = value @ (w * self.density) + off @ (w * self.value) + (off * value) @ w
        mean += (self.density[-1] * value[:, -1] + off[:, -1] * (self.value[-1] + value[:, -1])) / gap
        adoption, entry = self._first_day(adoption, entry, market["profits"], discount, mean)
        path = {"growth": growth, "profit": profit, "density": off, "adoption": adoption, "discount": discount}
        path |= market | {"varieties": varieties, "entry": entry, "workers": workers}
        cost = self.p.adoption_cost
        path["loss"] = -mean * self.p.adoption_entry_ratio / cost  # of an entrant, over what entry costs
        # adoption; entry where firms enter; entry where they do not
        adopts, enters = (value[:k, 0] - mean[:k]) / cost, mean[:k] / cost
        path["left"] = np.concatenate([adopts, enters, entry[:k] / self.p.adoption_entry_ratio])
        return path["left"][self._kept()], path

    def _kept(self) -> NDArray[np.intp]:
        """Return which of the conditions apply: that of entry changes with the dates without any."""
        k = self.dates
        return np.concatenate([np.arange(k), k * (1 + self.idle) + np.arange(k)])

    def _first_day(
        self, adoption: Array, entry: Array, profits: Array, discount: Array, mean: Array
    ) -> tuple[Array, Array]:
        """Return adoption and entry with those of the day of the change, when the grid has only what was before.

        Adoption is what the integrated Bellman equation says.
        """
        p, rate = self.p, self.rate[0]
        adoption, entry = adoption.copy(), entry.copy()
        value = p.adoption_cost / p.adoption_entry_ratio + mean[:3]
        rise = rate * (-1.5 * value[0] + 2 * value[1] - 0.5 * value[2])
        today = (profits[0] + rise - discount[0] * value[0]) / p.adoption_cost
        entry[0] -= p.adoption_entry_ratio * (today - adoption[0])
        adoption[0] = today
        return adoption, entry

    def solve(self, *, tolerance: float = 1e-10, max_iterations: int = 60) -> tuple[Array, int]:
        """Return the unknown paths and the number of iterations; dates without entry are tried until they are right."""
        at, count = np.zeros(2 * self.dates), 0
        left = self.evaluate(at)[1]["left"]
        if np.max(np.abs(left[self._kept()])) <= tolerance:
            return at, count
        moves = 1e-6 * np.eye(at.size)
        jacobian = np.stack([(self.evaluate(at + m)[1]["left"] - left) / 1e-6 for m in moves], axis=1)
        for _ in range(20):
            at, left, more = self._broyden(at, left, jacobian, tolerance, max_iterations)
            count += more
            path = self.evaluate(at)[1]
            entry, loss = path["entry"][: self.dates], path["loss"][: self.dates]
            right = np.where(self.idle, loss > -1e-9, entry < -1e-9)
            if np.array_equal(right, self.idle):
                break
            self.idle = right
        return at, count

    def _broyden(
        self, at: Array, left: Array, jacobian: Array, tolerance: float, max_iterations: int
    ) -> tuple[Array, Array, int]:
        """Return the unknown paths at given dates without entry; the Jacobian, of all conditions, is updated in place."""
        kept, iteration = self._kept(), 0
        while np.max(np.abs(left[kept])) > tolerance and iteration < max_iterations:
            iteration += 1
            move = -np.linalg.solve(jacobian[kept], left[kept])
            size = 1.0
            trial = self.evaluate(at + move)[1]["left"]
            while not np.linalg.norm(trial[kept]) < np.linalg.norm(left[kept]) and size > 1e-3:
                size /= 2
                trial = self.evaluate(at + size * move)[1]["left"]
            move = size * move
            jacobian += np.outer(trial - left - jacobian @ move, move) / (move @ move)
            at, left = at + move, trial
        return at, left, iteration

    def best_practice(self, growth: Array) -> Array:
        """Return the log of the lowest productivity, zero at the change."""
        from scipy.interpolate import CubicSpline

        more = CubicSpline(self.time, growth - self.firm.growth).antiderivative()(self.time)
        return np.asarray(self.firm.growth * self.time + more)


def _density(theta: float, xi: float, x: Array) -> tuple[Array, Array]:
    """Return the density of log productivity on a balanced growth path, and its slope."""
    scale = theta / (1 - theta / xi)
    slow, fast = np.exp(-theta * x), np.exp(-xi * x) if np.isfinite(xi) else np.zeros_like(x)
    return scale * (slow - fast), scale * ((xi * fast if np.isfinite(xi) else 0.0) - theta * slow)


def shock_path(problem: ShockPath, unknown: Array) -> Transition:
    """Return a solved path as a Transition.

    Raises
    ------
    InputError
        If no path without negative entry is found, or the horizon is too short.
    """
    from scipy.interpolate import CubicSpline

    _, found = problem.evaluate(unknown)
    p, end, time = problem.p, problem.end, problem.time
    entry, loss = found["entry"], np.append(np.where(problem.idle, found["loss"][:-1], 0.0), 0.0)
    if np.min(entry) < -1e-6:
        raise InputError(
            f"perla-tonetti-waugh: on the way entry falls to {np.min(entry):.4g} a year; no dates without entry are found "
            "that mend it: change less at once, or compare balanced growth paths"
        )
    late = abs(np.log(found["varieties"][-1] / end.home("varieties")))
    if late > 1e-3:
        raise InputError(
            f"perla-tonetti-waugh: the mass of firms is still {late:.2g} log points off; lengthen the horizon"
        )
    level = problem.best_practice(found["growth"])
    log = level + np.log(found["workers"] * (found["varieties"] * found["sold"]) ** (1 / problem.power))
    unit = np.linspace(0, 1, log.size)
    fine = np.linspace(0, 1, 40 * (log.size - 1) + 1)
    dense = time[-1] * np.sinh(4 * fine) / np.sinh(4)
    between = CubicSpline(unit, log - end.growth * time)(fine) + end.growth * dense
    utility = path_utility(dense, between, end.growth, p.discount_rate)
    firms = np.log(found["varieties"])
    way = (firms - firms[0]) / (np.log(end.home("varieties")) - firms[0] or 1.0)
    paths = {
        "consumption": np.exp(np.minimum(log, _LARGEST)),
        "best_practice": level,
        "adoption_rate": found["adoption"],
        "varieties": found["varieties"],
        "entry_rate": np.where(np.append(problem.idle, False), 0.0, entry),
        "entry_loss": loss,
        "export_cutoff": found["cutoff"],
        "home_share": found["home_share"],
        "profit_minimum": found["profit"],
    }
    shown = log < _LARGEST
    return Transition(
        mechanism=end.mechanism,
        variant=end.variant,
        regime=end.regime,
        parameters=p,
        time=time[shown],
        paths={name: values[shown] for name, values in paths.items()},
        end=end,
        lifetime_utility=utility,
        half_life=float(np.interp(0.5, way, time)) if np.ptp(way) > 0.5 else 0.0,
        units=end.units,
        citation_keys=end.citation_keys,
    )
