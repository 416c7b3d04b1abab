"""What a firm of any cost does in a market of given toughness: sell, export, innovate; and what it earns.

Everything here takes the choke price as given, so that one description serves the equilibrium without innovation, firms that
innovate in it, and the equilibrium in which their innovation makes competition tougher.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Behaviour", "exact_cutoff", "required_reduction", "rule_cutoff"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def rule_cutoff(choke: float, trade_cost: float, units: float) -> float:
    r"""Return the cost below which the paper's rule says innovate, :math:`q \Delta c > f_I`; 0 if nobody does.

    Parameters
    ----------
    choke, trade_cost : float
    units : float
        :math:`2 f_I / (S b \Delta c)`: the least output that pays, in units of Sb/2.
    """
    alone = choke - units
    if units > min(trade_cost, choke):  # the marginal innovator exports
        return max((2 * choke - trade_cost - units) / 2, 0.0) if trade_cost < choke else 0.0
    return max(alone, 0.0)


def exact_cutoff(choke: float, trade_cost: float, reduction: float, squares: float) -> float:
    r"""Return the cost below which innovation raises profit, and may also start exporting or rescue the firm; 0 if nobody does.

    With :math:`y = c^* - c + \Delta c`, it solves :math:`y^2 + (y-t)_+^2 - (y-\Delta c)_+^2 - (y-t-\Delta c)_+^2 = 4 f_I/(Sb)`,
    whose left-hand side rises with y: a quadratic or a line in each of the pieces between the kinks.

    Parameters
    ----------
    choke, trade_cost, reduction : float
    squares : float
        :math:`4 f_I / (S b)`.
    """

    def gain(z: float) -> float:
        """Return z^2 less (z - reduction)^2, parts above zero, as a product where both are there."""
        return reduction * (2 * z - reduction) if z > reduction else max(z, 0.0) ** 2

    kinks = sorted(kink for kink in (reduction, trade_cost, trade_cost + reduction) if kink < math.inf)
    low = max((kink for kink in [0.0, *kinks] if gain(kink) + gain(kink - trade_cost) <= squares), default=0.0)
    # coefficients in y of what is gained at home and abroad, in the piece that begins at the last kink below the root
    home = (0.0, 2 * reduction, -(reduction**2)) if low >= reduction else (1.0, 0.0, 0.0)
    away = (0.0, 0.0, 0.0)
    if low >= trade_cost + reduction:
        away = (0.0, 2 * reduction, -reduction * (2 * trade_cost + reduction))
    elif low >= trade_cost:
        away = (1.0, -2 * trade_cost, trade_cost**2)
    quadratic, linear, constant = (here + there for here, there in zip(home, away, strict=True))
    constant -= squares
    if quadratic == 0:
        y = -constant / linear
    else:
        y = (-linear + math.sqrt(max(linear**2 - 4 * quadratic * constant, 0.0))) / (2 * quadratic)
    return max(choke + reduction - y, 0.0)


def required_reduction(cost: ArrayLike, choke: float, trade_cost: float, squares: float) -> Array:
    r"""Return the smallest fall of marginal cost that pays for an innovation, by initial cost.

    It solves :math:`y^2 + (y-t)_+^2 = 4 f_I/(Sb) + (c^*-c)_+^2 + (c^*-t-c)_+^2` for :math:`y = c^* - c + \Delta c`, and rises with
    cost: a firm with smaller sales needs a larger fall.

    Parameters
    ----------
    cost : array_like
    choke, trade_cost : float
    squares : float
        :math:`4 f_I / (S b)`.
    """
    below = choke - np.asarray(cost, dtype=float)
    total = squares + np.maximum(below, 0) ** 2 + np.maximum(below - trade_cost, 0) ** 2
    y = np.sqrt(total)
    if trade_cost < math.inf:
        exports = (trade_cost + np.sqrt(np.maximum(2 * total - trade_cost**2, 0))) / 2
        y = np.where(y > trade_cost, exports, y)
    return np.asarray(y - below)


@dataclass(frozen=True)
class Behaviour:
    """Decisions and profits by initial cost.

    Attributes
    ----------
    choke, trade_cost : float
    scale : float
        S b.
    innovation_cutoff, reduction, innovation_cost : float
        Initial costs below the cutoff innovate; zeros where nobody can.
    """

    choke: float
    trade_cost: float
    scale: float
    innovation_cutoff: float = 0.0
    reduction: float = 0.0
    innovation_cost: float = 0.0

    @property
    def export_choke(self) -> float:
        """Choke price less the trade cost: production costs below it export."""
        return self.choke - self.trade_cost

    @property
    def export_cutoff(self) -> float:
        """Initial cost below which firms export, innovating or not; 0 if nobody does."""
        x = self.export_choke
        return max(x, min(self.innovation_cutoff, x + self.reduction), 0.0)

    @property
    def survival_cutoff(self) -> float:
        """Initial cost below which firms sell: the choke price, unless innovation rescues some above it."""
        return max(self.choke, self.innovation_cutoff)

    def segments(self) -> tuple[tuple[str, float, float, float, float], ...]:
        """Return who sells where: market, low and high initial cost, fall of cost, and trade cost."""
        c, x, i, d = self.choke, self.export_choke, self.innovation_cutoff, self.reduction
        found = [("domestic", 0.0, i, d, 0.0), ("domestic", i, c, 0.0, 0.0)]
        if self.trade_cost < math.inf:
            t = self.trade_cost
            found += [("export", 0.0, min(i, x + d), d, t), ("export", i, x, 0.0, t)]
        return tuple(piece for piece in found if piece[2] > piece[1])

    def breakpoints(self) -> list[float]:
        """Return the costs above zero at which a firm's decisions change."""
        found = (self.choke, self.export_choke, self.innovation_cutoff, self.export_choke + self.reduction)
        return sorted({value for value in found if 0 < value < math.inf})

    def innovates(self, cost: ArrayLike) -> Flags:
        """Return which firms innovate."""
        return np.asarray(cost, dtype=float) < self.innovation_cutoff

    def cost_after(self, cost: ArrayLike) -> Array:
        """Return marginal cost once innovations are made."""
        initial = np.asarray(cost, dtype=float)
        return initial - self.reduction * self.innovates(initial)

    def sells(self, cost: ArrayLike) -> Flags:
        """Return which firms sell at home."""
        return self.cost_after(cost) < self.choke

    def exports(self, cost: ArrayLike) -> Flags:
        """Return which firms export."""
        return self.cost_after(cost) < self.export_choke

    def output(self, cost: ArrayLike) -> Array:
        """Return units sold, at home and abroad."""
        after = self.cost_after(cost)
        return np.asarray(
            self.scale / 2 * (np.maximum(self.choke - after, 0) + np.maximum(self.export_choke - after, 0))
        )

    def profit(self, cost: ArrayLike) -> Array:
        """Return operating profit, less what innovation costs."""
        after = self.cost_after(cost)
        squares = np.maximum(self.choke - after, 0) ** 2 + np.maximum(self.export_choke - after, 0) ** 2
        return np.asarray(self.scale / 4 * squares - self.innovation_cost * self.innovates(cost))

    def gain(self, cost: ArrayLike, reduction: float) -> Array:
        """Return what an innovation adds to operating profit, before its cost, at this choke price.

        Differences of squares as products, so that no digits are lost where the fall of cost is small.
        """
        initial = np.asarray(cost, dtype=float)
        added = np.zeros(initial.shape)
        for market in (self.choke, self.export_choke):
            gap = market - initial
            added += np.where(gap > 0, reduction * (2 * gap + reduction), np.maximum(gap + reduction, 0) ** 2)
        return np.asarray(self.scale / 4 * added)
