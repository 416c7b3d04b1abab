r"""Innovation in two dimensions: firms differ in cost and in how much an innovation would lower it (Lileeva and Trefler 2010).

Each firm draws a cost c and, independently and uniformly, the fall :math:`\Delta c` that an innovation would bring.
A less productive firm sells less, so only a larger fall pays for it. Among firms that a fall of the trade cost makes export
and innovate, those that were less productive therefore gain more: negative selection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.numbers import positive
from tradewinds.firms.uniform.behaviour import required_reduction
from tradewinds.firms.uniform.liberalisation import _equilibrium
from tradewinds.firms.uniform.results import UniformEquilibrium
from tradewinds.firms.uniform.selection_equilibrium import solve_selection
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Selection", "select"]

Array = NDArray[np.float64]

_POINTS = 4000


@dataclass(frozen=True, eq=False)
class Selection:
    """Firms that did not export and that a lower trade cost makes export and innovate.

    Attributes
    ----------
    before, after : UniformEquilibrium
    innovation_cost, largest_reduction : float
    choke_before, choke_after : float
        Choke prices: without innovation, or of the long run in which firms innovate.
    cost : ndarray
        Initial costs, evenly spaced, of firms that sold at home and did not export.
    required_before, required_after : ndarray
        Fall of cost from which innovation pays, before and after.
    low, high : ndarray
        Falls of cost of those who switch, by initial cost; ``low == high`` where nobody does.
    """

    before: UniformEquilibrium
    after: UniformEquilibrium
    innovation_cost: float
    largest_reduction: float
    choke_before: float
    choke_after: float
    cost: Array = field(repr=False)
    required_before: Array = field(repr=False)
    required_after: Array = field(repr=False)
    low: Array = field(repr=False)
    high: Array = field(repr=False)

    @property
    def scenario(self) -> str:
        """Name of the change."""
        return f"{self.before.scenario} to {self.after.scenario}"

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("lileeva-trefler2010", *self.before.citation_keys)

    @property
    def residual(self) -> float:
        """Largest residual of either equilibrium."""
        return max(self.before.residual, self.after.residual)

    @property
    def export_cutoff_after(self) -> float:
        """Cost below which firms export without innovation, after."""
        return max(self.choke_after - self.after.parameters.trade_cost, 0.0)

    @property
    def mass(self) -> Array:
        """Switchers by initial cost, as a share of the firms of that cost."""
        return (self.high - self.low) / self.largest_reduction

    @property
    def switcher_share(self) -> float:
        """Switchers as a share of the firms that sold at home and did not export."""
        return float(np.mean(self.mass))

    @property
    def correlation(self) -> float:
        """Correlation among switchers of initial productivity (minus cost) and the fall of cost; NaN where nobody switches."""
        weight = self.mass / max(float(np.sum(self.mass)), 1e-300)
        middle, spread = (self.low + self.high) / 2, (self.high - self.low) ** 2 / 12
        mean_cost, mean_fall = weight @ self.cost, weight @ middle
        variances = (weight @ (self.cost - mean_cost) ** 2) * (weight @ ((middle - mean_fall) ** 2 + spread))
        if not variances > 0:
            return float("nan")
        return float(-(weight @ ((self.cost - mean_cost) * (middle - mean_fall))) / np.sqrt(variances))

    def mean_reduction(self, quantiles: int = 4) -> Array:
        """Return the mean fall of cost of switchers by quantile of initial cost of all who did not export, lowest cost first."""
        parts = zip(
            np.array_split(self.mass, quantiles), np.array_split((self.low + self.high) / 2, quantiles), strict=True
        )
        return np.array([m @ fall / np.sum(m) if np.sum(m) > 0 else np.nan for m, fall in parts])

    def tidy(self) -> pd.DataFrame:
        """Return share, correlation, and mean fall and share of switchers by quartile of initial cost (1: most productive)."""
        rows = [
            {
                "variable": "switcher_share",
                "value": self.switcher_share,
                "unit": "share of non-exporters",
                "quartile": None,
            },
            {"variable": "selection_correlation", "value": self.correlation, "unit": "1", "quartile": None},
        ]
        for number, (fall, mass) in enumerate(
            zip(self.mean_reduction(), np.array_split(self.mass, 4), strict=True), start=1
        ):
            rows.append({"variable": "mean_cost_reduction", "value": float(fall), "unit": "price", "quartile": number})
            unit = "share of non-exporters"
            rows.append({"variable": "switcher_share", "value": float(np.mean(mass)), "unit": unit, "quartile": number})
        return tidy_frame([{**row, "scenario": self.scenario} for row in rows], ["scenario", "quartile"])

    def summary(self) -> str:
        """Return the selection as text."""
        falls = ", ".join(f"{value:.4g}" for value in self.mean_reduction())
        return (
            f"{self.scenario}: {self.switcher_share:.2%} of the firms that did not export start to export and innovate\n"
            f"correlation of initial productivity and fall of cost among them {self.correlation:.3f}\n"
            f"mean fall by quartile of initial cost, most productive first: {falls}"
        )

    def plot(self) -> Figure:
        """Return the plane of initial cost and fall of cost, with those who switch."""
        from tradewinds.firms.figures import plot_selection

        return plot_selection(self)


def select(
    before: object, after: object, *, innovation_cost: float, largest_reduction: float, equilibrium: bool = False
) -> Selection:
    r"""Find who starts to export and innovate when firms differ in cost and in the fall that innovation brings.

    Parameters
    ----------
    before, after : UniformParameters or UniformEquilibrium
        Equal but for the trade cost, which falls.
    innovation_cost : float
        :math:`f_I`, in the unit of profits.
    largest_reduction : float
        :math:`\Delta c` is uniform from 0 to this.
    equilibrium : bool
        Competition is that of the equilibria given, in which innovation is not counted; if true, that of the long run in which
        entry pays for it (:func:`solve_selection`).

    Raises
    ------
    InputError
        If a number is out of bounds or anything but the trade cost differs, or the trade cost does not fall.

    Examples
    --------
    >>> from tradewinds.firms.uniform import UniformParameters
    >>> found = select(
    ...     UniformParameters(trade_cost=0.8),
    ...     UniformParameters(trade_cost=0.4),
    ...     innovation_cost=0.02,
    ...     largest_reduction=0.2,
    ... )
    >>> bool(found.correlation < 0)
    True
    """
    old, new = _equilibrium(before), _equilibrium(after)
    cost_of_it, most = positive("innovation_cost", innovation_cost), positive("largest_reduction", largest_reduction)
    p = old.parameters
    if p.replace(trade_cost=new.parameters.trade_cost) != new.parameters or new.parameters.trade_cost >= p.trade_cost:
        raise InputError(
            "select compares two equilibria of which only trade_cost differs, lower after than before; found "
            f"{old.scenario} and {new.scenario}"
        )
    squares = 4 * cost_of_it / (p.market_size * p.price_sensitivity)
    chokes = [old.cost_cutoff, new.cost_cutoff]
    if equilibrium:
        chokes = [
            solve_selection(point.parameters, innovation_cost=cost_of_it, largest_reduction=most).value.cost_cutoff
            for point in (old, new)
        ]
    exporters = max(chokes[0] - p.trade_cost, 0.0)
    cost = exporters + (chokes[0] - exporters) * (np.arange(_POINTS) + 0.5) / _POINTS
    first = required_reduction(cost, chokes[0], p.trade_cost, squares)
    second = required_reduction(cost, chokes[1], new.parameters.trade_cost, squares)
    # a firm switches if innovation pays now, did not before, and leaves its cost low enough to export
    exporting = cost - (chokes[1] - new.parameters.trade_cost)
    low = np.clip(np.maximum(second, exporting), 0, most)
    high = np.maximum(np.clip(first, 0, most), low)
    return Selection(old, new, cost_of_it, most, chokes[0], chokes[1], cost, first, second, low, high)
