r"""Balanced growth with productivity shocks: the value of a firm, and the rate of growth at which entry breaks even.

Everything is in units of the wage, relative to the least productive firm. With :math:`e_1 < 0 < e_2` the roots of
:math:`D e^2 + (\mu - g) e - R = 0`, :math:`R = \rho + (\gamma - 1) g + \delta`, :math:`D = \upsilon^2 / 2` and
:math:`p = \sigma - 1`, a firm is worth

.. math::
    v &= A z^p + c_1 z^{e_1} + c_2 z^{e_2} && z \le \hat z \\
    v &= A \left(1 + (N-1) d^{-p}\right) z^p - \frac{(N-1)\kappa}{R} + c_3 z^{e_1} && z \ge \hat z

with :math:`A = \pi_{min} / [R - p (\mu - g) - p^2 D]`. The published algebra has :math:`c_2 = 0` and a kink at :math:`\hat z`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_static import markets, moment, tail, two_powers

__all__ = ["Firm", "ParetoFirm", "entry_gap", "lowest_growth", "solve_growth", "with_shocks"]

P = PerlaTonettiWaughParameters


@dataclass(frozen=True)
class Firm:
    """What a firm faces at a rate of growth, in the published or the corrected form."""

    p: P
    growth: float
    corrected: bool

    @property
    def discount(self) -> float:
        """Interest net of wage growth, plus the rate of exit."""
        return self.p.discount_rate + (self.p.inverse_ies - 1) * self.growth + self.p.exit_rate

    @property
    def diffusion(self) -> float:
        """Half the variance of shocks."""
        return self.p.volatility**2 / 2

    @property
    def roots(self) -> tuple[float, float]:
        """The negative and the positive root of the characteristic equation."""
        centre = (self.growth - self.p.drift) / (2 * self.diffusion)
        reach = float(np.sqrt(centre**2 + self.discount / self.diffusion))
        # the negative root without cancellation, from the product of the two
        return -self.discount / self.diffusion / (centre + reach), centre + reach

    @property
    def second_tail(self) -> float:
        """The second tail index of the distribution; infinite in the published form, which is Pareto."""
        if not self.corrected:
            return float("inf")
        return (self.growth - self.p.drift) / self.diffusion - self.p.pareto_shape

    @property
    def adoption_rate(self) -> float:
        """Adopters a year as a share of firms."""
        return self.p.pareto_shape * (self.growth - self.p.drift - self.p.pareto_shape * self.diffusion)

    @property
    def per_profit(self) -> float:
        """Value of domestic sales that never leave the market, per unit of profit of the least productive firm."""
        power = self.p.elasticity_of_substitution - 1
        return 1 / (self.discount - power * (self.p.drift - self.growth) - power**2 * self.diffusion)

    def option(self) -> float:
        """Return ``c_2`` times the cutoff to the power ``e_2``: the hope to export of a firm at the cutoff, from C0 and C1."""
        if not self.corrected:
            return 0.0
        low, high = self.roots
        power, a = self.p.elasticity_of_substitution - 1, self.per_profit
        fixed = (self.p.countries - 1) * self.p.export_fixed_cost
        return fixed * (power * a - low * (a - 1 / self.discount)) / (high - low)

    def market(self) -> tuple[float, float]:
        """Return the profit of the least productive firm at which it is indifferent to adopt, and the export cutoff."""
        p, (low, high) = self.p, self.roots
        power, a = p.elasticity_of_substitution - 1, self.per_profit
        total = p.adoption_cost * (1 - p.adoption_entry_ratio) / p.adoption_entry_ratio
        if p.countries == 1 or np.isinf(p.trade_cost):
            return total / (a * (1 - power / low)), float("inf")
        if p.export_fixed_cost > 0:
            scale = p.export_fixed_cost * p.trade_cost**power
            with np.errstate(over="ignore", invalid="ignore"):  # then everybody exports, and this is not used
                second = self.option() * (1 - high / low) * np.exp(-high / power * np.log(scale))
            profit = float(two_powers(a * (1 - power / low), second, high / power, total))
            if profit < scale:
                return profit, float((scale / profit) ** (1 / power))
        fixed = (p.countries - 1) * p.export_fixed_cost
        served = 1 + (p.countries - 1) * p.trade_cost**-power
        return (total + fixed / self.discount) / (a * (1 - power / low) * served), 1.0

    def least(self, profit: float, cutoff: float) -> float:
        """Return the value of the least productive firm."""
        p, (low, high) = self.p, self.roots
        power = p.elasticity_of_substitution - 1
        worth = self.per_profit * profit
        if cutoff == 1:
            served = 1 + (p.countries - 1) * p.trade_cost**-power
            return worth * served * (1 - power / low) - (p.countries - 1) * p.export_fixed_cost / self.discount
        return worth * (1 - power / low) + self.option() * float(np.exp(-high * np.log(cutoff))) * (1 - high / low)

    def mean(self, profit: float, cutoff: float) -> float:
        """Return the mean value of firms, term by term."""
        p, (low, high), xi, theta = self.p, self.roots, self.second_tail, self.p.pareto_shape
        power = p.elasticity_of_substitution - 1
        worth, fixed = self.per_profit * profit, (p.countries - 1) * p.export_fixed_cost
        abroad = worth * (p.countries - 1) * p.trade_cost**-power
        option = self.option() if cutoff > 1 else 0.0
        hope = option * float(np.exp(-high * np.log(cutoff)))
        exit_term = -(power * (worth + (abroad if cutoff == 1 else 0.0)) + high * hope) / low
        value = worth * moment(theta, xi, power) + exit_term * moment(theta, xi, low)
        if np.isinf(cutoff):
            return float(value)
        above = abroad * tail(theta, xi, cutoff, power) - fixed / self.discount * tail(theta, xi, cutoff, 0.0)
        if cutoff == 1:
            return float(value + above)
        # continuity at the cutoff: what the power e_1 adds to the value of an exporter
        pasted = option - fixed * (self.per_profit - 1 / self.discount)
        above += pasted * np.exp(-low * np.log(cutoff)) * tail(theta, xi, cutoff, low)
        return float(value + above + option * self._below(cutoff))

    def _below(self, cutoff: float) -> float:
        """Return the integral of ``(z / cutoff) ** e_2`` over firms below the cutoff."""
        if not self.corrected:
            return 0.0
        theta, high, xi = self.p.pareto_shape, self.roots[1], self.second_tail
        log = np.log(cutoff)
        pull = -np.expm1(-(xi - theta) * log) / (xi - theta)
        shape = theta * xi / ((high - theta) * (high - xi))
        return float(shape * (np.exp(-high * log) - np.exp(-theta * log) * (1 - (high - theta) * pull)))


class ParetoFirm(Firm):
    """A firm that counts on exporting, among firms that are distributed as Pareto: where the published path rests."""

    @property
    def second_tail(self) -> float:
        """The density does not vanish at the threshold."""
        return float("inf")

    def _below(self, cutoff: float) -> float:
        theta, high, log = self.p.pareto_shape, self.roots[1], np.log(cutoff)
        # e_2 = theta is a removable point that growth would have to hit exactly
        return float(theta / (high - theta) * (np.exp(-theta * log) - np.exp(-high * log)))


def entry_gap(firm: Firm) -> float:
    """Return the mean value of firms relative to the cost of entry, less one."""
    profit, cutoff = firm.market()
    return firm.mean(profit, cutoff) * firm.p.adoption_entry_ratio / firm.p.adoption_cost - 1


def lowest_growth(p: P, corrected: bool) -> float:
    """Return the rate of growth that must be exceeded: second tail index above the first, or adoption above zero."""
    diffusion = p.volatility**2 / 2
    return float(p.drift + p.pareto_shape * diffusion * (2 if corrected else 1))


def solve_growth(p: P, corrected: bool, kind: type[Firm] = Firm) -> float:
    """Return the rate of growth at which entry breaks even, or NaN where there is none."""
    from scipy.optimize import brentq

    low = lowest_growth(p, corrected and kind is Firm)
    start = low + 1e-9 + 1e-9 * abs(low)

    def gap(growth: float) -> float:
        return entry_gap(kind(p, growth, corrected))

    if not kind(p, start, corrected).discount > 0 or not gap(start) > 0:
        return float("nan")
    step = 0.01
    while gap(low + step) > 0:
        step *= 2
        if step > 100:
            return float("nan")
    return float(brentq(gap, start, low + step, xtol=1e-18, rtol=8.9e-16))


def with_shocks(p: P, corrected: bool, kind: type[Firm] = Firm) -> tuple[Any, Any, Any, dict[str, Any]]:
    """Return growth, the mass of firms, no goods spent on adoption, and what markets settle."""
    if not p.volatility > 0:  # a condition says so
        nothing = float("nan")
        return nothing, nothing, 0.0, markets(p, nothing, nothing, nothing)
    growth = solve_growth(p, corrected, kind)
    firm = kind(p, growth, corrected)
    profit, cutoff = firm.market()
    power, theta, xi, others = p.elasticity_of_substitution - 1, p.pareto_shape, firm.second_tail, p.countries - 1
    sold = moment(theta, xi, power) + others * p.trade_cost**-power * tail(theta, xi, cutoff, power)
    exporting = others * p.export_fixed_cost * tail(theta, xi, cutoff, 0.0)
    research = p.adoption_cost * (firm.adoption_rate + p.exit_rate / p.adoption_entry_ratio)
    varieties = 1 / (power * profit * sold + exporting + research)
    return growth, varieties, 0.0, markets(p, varieties, 1 - varieties * research, cutoff, xi)
