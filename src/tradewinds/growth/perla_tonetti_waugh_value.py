r"""Balanced growth with productivity shocks: the value of a firm, and the rate of growth at which entry breaks even.

Everything is in units of the wage, relative to the least productive firm. With :math:`e_1 < 0 < e_2` the roots of
:math:`D e^2 + (\mu - g) e - R = 0`, :math:`R = \rho + (\gamma - 1) g + \delta`, :math:`D = \upsilon^2 / 2` and
:math:`p = \sigma - 1`, a firm is worth

.. math::
    v &= A z^p + c_1 z^{e_1} + c_2 z^{e_2} && z \le \hat z \\
    v &= A \left(1 + (N-1) d^{-p}\right) z^p - \frac{(N-1)\kappa}{R} + c_3 z^{e_1} && z \ge \hat z

with :math:`A = \pi_{min} / [R - p (\mu - g) - p^2 D]`. The published algebra has :math:`c_2 = 0` and a kink at :math:`\hat z`.
Arrays of parameters pass through, and growth is then bracketed in all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_static import markets, moment, tail, two_powers

__all__ = ["Firm", "ParetoFirm", "entry_gap", "highest_growth", "lowest_growth", "solve_growth", "with_shocks"]

P = PerlaTonettiWaughParameters


@dataclass(frozen=True)
class Firm:
    """What a firm faces at a rate of growth, in the published or the corrected form; parameters and growth may be arrays."""

    p: P
    growth: Any
    corrected: bool

    @property
    def discount(self) -> Any:
        """Interest net of wage growth, plus the rate of exit."""
        return self.p.discount_rate + (self.p.inverse_ies - 1) * self.growth + self.p.exit_rate

    @property
    def diffusion(self) -> Any:
        """Half the variance of shocks."""
        return self.p.volatility**2 / 2

    @property
    def roots(self) -> tuple[Any, Any]:
        """The negative and the positive root of the characteristic equation."""
        centre = (self.growth - self.p.drift) / (2 * self.diffusion)
        reach = np.sqrt(centre**2 + self.discount / self.diffusion)
        # the negative root without cancellation, from the product of the two
        return -self.discount / self.diffusion / (centre + reach), centre + reach

    @property
    def second_tail(self) -> Any:
        """The second tail index of the distribution; infinite in the published form, which is Pareto."""
        if not self.corrected:
            return float("inf")
        return (self.growth - self.p.drift) / self.diffusion - self.p.pareto_shape

    @property
    def adoption_rate(self) -> Any:
        """Adopters a year as a share of firms."""
        return self.p.pareto_shape * (self.growth - self.p.drift - self.p.pareto_shape * self.diffusion)

    @property
    def per_profit(self) -> Any:
        """Value of domestic sales that never leave the market, per unit of profit of the least productive firm."""
        power = self.p.elasticity_of_substitution - 1
        return 1 / (self.discount - power * (self.p.drift - self.growth) - power**2 * self.diffusion)

    def option(self) -> Any:
        """Return ``c_2`` times the cutoff to the power ``e_2``: the hope to export of a firm at the cutoff, from C0 and C1."""
        if not self.corrected:
            return 0.0
        low, high = self.roots
        power, a = self.p.elasticity_of_substitution - 1, self.per_profit
        fixed = (self.p.countries - 1) * self.p.export_fixed_cost
        return fixed * (power * a - low * (a - 1 / self.discount)) / (high - low)

    def market(self) -> tuple[Any, Any]:
        """Return the profit of the least productive firm at which it is indifferent to adopt, and the export cutoff."""
        p, (low, high) = self.p, self.roots
        power, cost = p.elasticity_of_substitution - 1, np.asarray(p.trade_cost, dtype=float)
        worth = self.per_profit * (1 - power / low)  # of its sales at home, over profit
        total = p.adoption_cost * (1 - p.adoption_entry_ratio) / p.adoption_entry_ratio
        scale = p.export_fixed_cost * cost**power
        with np.errstate(all="ignore"):  # where everybody, or nobody, exports, this is not used
            second = self.option() * (1 - high / low) * np.exp(-high / power * np.log(scale))
            some = two_powers(worth, second, high / power, total)
            cutoff = (scale / some) ** (1 / power)
        fixed = (p.countries - 1) * p.export_fixed_cost
        everybody = (total + fixed / self.discount) / (worth * (1 + (p.countries - 1) * cost**-power))
        nobody = (np.asarray(p.countries) == 1) | np.isinf(cost)
        selected = (np.asarray(p.export_fixed_cost) > 0) & (some < scale)
        profit = np.where(nobody, total / worth, np.where(selected, some, everybody))
        return _plain(profit), _plain(np.where(nobody, np.inf, np.where(selected, cutoff, 1.0)))

    def least(self, profit: Any, cutoff: Any) -> Any:
        """Return the value of the least productive firm."""
        p, (low, high) = self.p, self.roots
        power = p.elasticity_of_substitution - 1
        worth, fixed = self.per_profit * profit * (1 - power / low), (p.countries - 1) * p.export_fixed_cost
        served = 1 + (p.countries - 1) * np.asarray(p.trade_cost, dtype=float) ** -power
        some = worth + self.option() * np.exp(-high * np.log(cutoff)) * (1 - high / low)
        return _plain(np.where(np.asarray(cutoff) == 1, worth * served - fixed / self.discount, some))

    def mean(self, profit: Any, cutoff: Any) -> Any:
        """Return the mean value of firms, term by term."""
        p, (low, high), xi, theta = self.p, self.roots, self.second_tail, self.p.pareto_shape
        power, all_, log = p.elasticity_of_substitution - 1, np.asarray(cutoff) == 1, np.log(cutoff)
        worth, fixed = self.per_profit * profit, (p.countries - 1) * p.export_fixed_cost
        abroad = worth * (p.countries - 1) * np.asarray(p.trade_cost, dtype=float) ** -power
        option = np.where(all_, 0.0, self.option())
        hope = option * np.exp(-high * log)
        exit_term = -(power * (worth + np.where(all_, abroad, 0.0)) + high * hope) / low
        value = worth * moment(theta, xi, power) + exit_term * moment(theta, xi, low)
        above = abroad * tail(theta, xi, cutoff, power) - fixed / self.discount * tail(theta, xi, cutoff, 0.0)
        # continuity at the cutoff: what the power e_1 adds to the value of an exporter
        pasted = option - fixed * (self.per_profit - 1 / self.discount)
        with np.errstate(all="ignore"):  # where nobody exports
            added = pasted * np.exp(-low * log) * tail(theta, xi, cutoff, low) + option * self._below(cutoff)
        above = np.where(np.isinf(cutoff), 0.0, above + np.where(all_, 0.0, added))
        return _plain(value + above)

    def _below(self, cutoff: Any) -> Any:
        """Return the integral of ``(z / cutoff) ** e_2`` over firms below the cutoff."""
        if not self.corrected:
            return 0.0
        theta, high, xi = self.p.pareto_shape, self.roots[1], self.second_tail
        log = np.log(cutoff)
        pull = -np.expm1(-(xi - theta) * log) / (xi - theta)
        shape = theta * xi / ((high - theta) * (high - xi))
        return shape * (np.exp(-high * log) - np.exp(-theta * log) * (1 - (high - theta) * pull))


def _plain(value: Any) -> Any:
    """Return a number where there is one only."""
    return value if np.ndim(value) else float(value)


class ParetoFirm(Firm):
    """A firm that counts on exporting, among firms that are distributed as Pareto: where the published path rests."""

    @property
    def second_tail(self) -> float:
        """The density does not vanish at the threshold."""
        return float("inf")

    def _below(self, cutoff: Any) -> Any:
        theta, high, log = self.p.pareto_shape, self.roots[1], np.log(cutoff)
        # e_2 = theta is a removable point that growth would have to hit exactly
        return theta / (high - theta) * (np.exp(-theta * log) - np.exp(-high * log))


def entry_gap(firm: Firm) -> Any:
    """Return the mean value of firms relative to the cost of entry, less one."""
    profit, cutoff = firm.market()
    return firm.mean(profit, cutoff) * firm.p.adoption_entry_ratio / firm.p.adoption_cost - 1


def lowest_growth(p: P, corrected: bool) -> Any:
    """Return the rate of growth that must be exceeded: second tail index above the first, or adoption above zero."""
    diffusion = p.volatility**2 / 2
    return p.drift + p.pareto_shape * diffusion * (2 if corrected else 1)


def highest_growth(p: P) -> Any:
    """Return the rate of growth up to which firms discount, if utility has less curvature than the logarithm."""
    with np.errstate(divide="ignore"):
        bound = (p.discount_rate + p.exit_rate) / np.maximum(1 - np.asarray(p.inverse_ies, dtype=float), 0.0)
    return (1 - 1e-9) * bound


def solve_growth(p: P, corrected: bool, kind: type[Firm] = Firm) -> Any:
    """Return the rate of growth at which entry breaks even, or NaN where there is none; by bracketing, to the last digit."""
    shape = np.broadcast_shapes(*(np.shape(value) for value in p.items().values()))
    if shape:
        return _solve_many(p, corrected, kind, shape)
    from scipy.optimize import brentq

    low = lowest_growth(p, corrected and kind is Firm)
    start = low + 1e-9 + 1e-9 * abs(low)

    def gap(growth: float) -> float:
        return float(entry_gap(kind(p, growth, corrected)))

    if not (kind(p, start, corrected).discount > 0 and start < highest_growth(p) and gap(start) > 0):
        return float("nan")
    step, highest = 0.01, float(highest_growth(p))
    while gap(min(low + step, highest)) > 0:
        step *= 2
        if step > 100:
            return float("nan")
    return float(brentq(gap, start, min(low + step, highest), xtol=1e-18, rtol=8.9e-16))


def _solve_many(p: P, corrected: bool, kind: type[Firm], shape: tuple[int, ...]) -> Any:
    """Return what :func:`solve_growth` does for arrays of parameters."""
    from scipy.optimize import elementwise

    values = {name: np.broadcast_to(np.asarray(v, dtype=float), shape).ravel() for name, v in p.items().items()}

    def gap(growth: Any, /, *which: Any) -> Any:
        (index,) = which
        some, _ = p.spread({name: v[index] for name, v in values.items()})
        return entry_gap(kind(some, growth, corrected))

    low = np.broadcast_to(lowest_growth(p, corrected and kind is Firm), shape).ravel()
    start, step, every = low + 1e-9 + 1e-9 * np.abs(low), np.full(low.size, 0.01), np.arange(low.size)
    highest = np.broadcast_to(highest_growth(p), shape).ravel()
    with np.errstate(all="ignore"):
        discount = np.broadcast_to(kind(p, low.reshape(shape), corrected).discount, shape).ravel()
        open_ = (values["volatility"] > 0) & (discount > 0) & (start < highest)
        open_[open_] = gap(start[open_], every[open_]) > 0
        rising = open_.copy()
        while np.any(rising):
            rising[rising] = gap(np.minimum(low + step, highest)[rising], every[rising]) > 0
            step[rising] *= 2
            open_ &= step <= 100
            rising &= open_
        growth = np.full(low.size, np.nan)
        if np.any(open_):
            tolerances: Any = {"xatol": 1e-18, "xrtol": 8.9e-16, "fatol": 0.0, "frtol": 0.0}
            bracket = (start[open_], np.minimum(low + step, highest)[open_])
            growth[open_] = elementwise.find_root(gap, bracket, args=(every[open_],), tolerances=tolerances).x
    return growth.reshape(shape)


def with_shocks(p: P, corrected: bool, kind: type[Firm] = Firm) -> tuple[Any, Any, Any, dict[str, Any]]:
    """Return growth, the mass of firms, no goods spent on adoption, and what markets settle."""
    if not np.any(np.asarray(p.volatility) > 0):  # a condition says so
        nothing = np.full(np.shape(p.volatility), np.nan)
        return nothing, nothing, 0.0, markets(p, nothing, nothing, nothing)
    growth = solve_growth(p, corrected, kind)
    firm = kind(p, growth, corrected)
    profit, cutoff = firm.market()
    power, theta, xi, others = p.elasticity_of_substitution - 1, p.pareto_shape, firm.second_tail, p.countries - 1
    weight = np.asarray(p.trade_cost, dtype=float) ** -power
    sold = moment(theta, xi, power) + others * weight * tail(theta, xi, cutoff, power)
    exporting = others * p.export_fixed_cost * tail(theta, xi, cutoff, 0.0)
    research = p.adoption_cost * (firm.adoption_rate + p.exit_rate / p.adoption_entry_ratio)
    varieties = 1 / (power * profit * sold + exporting + research)
    return growth, varieties, 0.0, markets(p, varieties, 1 - varieties * research, cutoff, xi)
