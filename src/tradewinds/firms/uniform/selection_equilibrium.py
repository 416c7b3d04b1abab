r"""The long run of an economy whose firms differ in cost and in how much an innovation would lower it.

Each entrant draws a cost c, and the fall :math:`\Delta c` that an innovation would bring, independent and uniform from 0 to a
largest fall D. Entry pays for both draws:

.. math:: \frac1D \int_0^D \mathrm{E}_c \max\{\pi(c),\ \pi(c-\Delta) - f_I\}\, d\Delta = f .

For each fall the mean over costs is the closed form of the model in which all have that fall; the check takes the mean the other
way round, over falls for each cost.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.numbers import positive
from tradewinds.firms.results import FirmResult, Quantity
from tradewinds.firms.uniform.behaviour import exact_cutoff, required_reduction
from tradewinds.firms.uniform.equations import cutoff
from tradewinds.firms.uniform.parameters import UniformParameters
from tradewinds.firms.uniform.totals import excess_profit, seller_sums
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SelectionEquilibrium", "solve_selection"]

Array = NDArray[np.float64]

_PANELS, _CHECK_PANELS = 60, 200
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)

_NAMES = ("expected profit pays for entry and innovation", "nobody buys at the cutoff")


def _points(edges: Array, panels: int) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss-Legendre quadrature on panels between edges."""
    cuts = np.unique(np.concatenate([np.linspace(a, b, panels + 1) for a, b in itertools.pairwise(edges) if b > a]))
    half = np.diff(cuts) / 2
    middle = (cuts[1:] + cuts[:-1]) / 2
    return (middle[:, np.newaxis] + half[:, np.newaxis] * _NODES).ravel(), (half[:, np.newaxis] * _WEIGHTS).ravel()


@dataclass(frozen=True, eq=False)
class SelectionEquilibrium(FirmResult):
    """One country of two identical ones, whose firms differ in two dimensions.

    Attributes
    ----------
    parameters : UniformParameters
    innovation_cost, largest_reduction : float
    scenario : str
    cost_cutoff : float
        Choke price: firms that cannot come below it by innovation do not sell.
    entrants : float
    """

    model: ClassVar[str] = "melitz-ottaviano-uniform, two draws"

    parameters: UniformParameters
    innovation_cost: float
    largest_reduction: float
    scenario: str
    cost_cutoff: float
    entrants: float

    @property
    def export_cutoff(self) -> float:
        """Cost below which firms export without innovation; 0 if nobody does."""
        return max(self.cost_cutoff - self.parameters.trade_cost, 0.0)

    def required(self, cost: Array) -> Array:
        """Return the smallest fall of cost that pays, by initial cost."""
        p = self.parameters
        squares = 4 * self.innovation_cost / (p.market_size * p.price_sensitivity)
        return required_reduction(cost, self.cost_cutoff, p.trade_cost, squares)

    def quantities(self) -> Iterator[Quantity]:
        """Yield every number of the equilibrium."""
        p, most = self.parameters, self.largest_reduction
        falls, weights, cutoffs = _falls(p, self.innovation_cost, most, self.cost_cutoff)
        sums = _mean_sums(p, falls, weights, cutoffs, self.cost_cutoff)
        innovators = float(weights @ cutoffs)
        sold = sums[1] + sums[2]
        yield Quantity("cost_cutoff", self.cost_cutoff, "price")
        yield Quantity("export_cutoff", self.export_cutoff, "price")
        yield Quantity("entrants", self.entrants, "firms")
        yield Quantity("import_share", float(sums[2] / sold), "share of units sold")
        yield Quantity("output_weighted_cost", float(sums[3] / sold), "price")
        yield Quantity("innovator_share", innovators / p.maximum_cost, "share of entrants")
        mean = float(weights @ (cutoffs * falls)) / innovators if innovators else math.nan
        yield Quantity("mean_cost_reduction", mean, "price, of innovators")

    @property
    def residual(self) -> float:
        """Largest residual of the conditions of the model, free of units."""
        return float(np.max(np.abs(_residual(self))))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("melitz-trefler2012", "lileeva-trefler2010")

    def plot(self) -> Figure:
        """Return the plane of initial cost and fall of cost, with those who innovate."""
        from tradewinds.firms.figures import plot_two_draws

        return plot_two_draws(self)


def _falls(p: UniformParameters, cost_of_it: float, most: float, choke: float) -> tuple[Array, Array, Array]:
    """Return falls of cost, their probabilities, and the cost below which firms with such a fall innovate."""
    squares = 4 * cost_of_it / (p.market_size * p.price_sensitivity)
    first = float(required_reduction(0.0, choke, p.trade_cost, squares))  # with less not even the best firm innovates
    edges = np.array([0.0, min(max(first, 0.0), most), most])
    falls, weights = _points(edges, _PANELS)
    cutoffs = np.array([exact_cutoff(choke, p.trade_cost, float(fall), squares) for fall in falls])
    return falls, weights / most, cutoffs


def _mean_sums(p: UniformParameters, falls: Array, weights: Array, cutoffs: Array, choke: float) -> Array:
    found = [seller_sums(choke, float(c), p.trade_cost, float(d)) for d, c in zip(falls, cutoffs, strict=True)]
    return np.asarray(weights @ np.array(found, dtype=float))


def solve_selection(
    parameters: UniformParameters, *, innovation_cost: float, largest_reduction: float, throw: bool = True
) -> Solution:
    """Solve the long run in which firms differ in cost and in the fall of cost that innovation brings.

    Parameters
    ----------
    parameters : UniformParameters
        Without innovation of its own.
    innovation_cost : float
        In the unit of profits.
    largest_reduction : float
        Falls of cost are uniform from 0 to this.
    throw : bool
        Raise if the conditions do not hold at the point found.

    Returns
    -------
    Solution
        Its value is a :class:`SelectionEquilibrium`.

    Raises
    ------
    InputError
        If a number is out of bounds, the parameters have innovation of their own, or innovation is so cheap that firms of every
        cost would survive by it.

    References
    ----------
    Melitz and Trefler (2012), "A New Dimension of Heterogeneity"; Lileeva and Trefler (2010).

    Examples
    --------
    Innovators are tougher competitors: the cutoff without them is .965239.

    >>> point = solve_selection(UniformParameters(trade_cost=0.5), innovation_cost=0.02, largest_reduction=0.2).value
    >>> round(point.cost_cutoff, 4)
    0.9053
    """
    from scipy.optimize import brentq

    p = parameters
    cost_of_it, most = positive("innovation_cost", innovation_cost), positive("largest_reduction", largest_reduction)
    if p.innovates:
        raise InputError(
            "the parameters have an innovation of their own; leave innovation_cost and innovation_cost_reduction out of them, and "
            "give innovation_cost and largest_reduction here"
        )
    scale = p.market_size * p.price_sensitivity
    squares, entry = 4 * cost_of_it / scale, 4 * p.entry_cost * p.maximum_cost / scale

    def excess(choke: float) -> float:
        falls, weights, cutoffs = _falls(p, cost_of_it, most, choke)
        each = [
            excess_profit(choke, min(float(c), p.maximum_cost), p.trade_cost, float(d), squares, entry)
            for d, c in zip(falls, cutoffs, strict=True)
        ]
        return float(weights @ np.array(each))

    high = cutoff(p.trade_cost, p.autarky_cutoff)
    choke = high if excess(high) <= 0 else float(brentq(excess, -most, high, xtol=1e-14 * high, rtol=1e-14))
    if choke <= 0 or exact_cutoff(choke, p.trade_cost, most, squares) > p.maximum_cost:
        raise InputError(
            f"innovation_cost is {cost_of_it:g} for falls up to {most:g}: so cheap that firms of every cost up to maximum_cost = "
            f"{p.maximum_cost:g} would survive by it; raise innovation_cost or maximum_cost"
        )
    falls, weights, cutoffs = _falls(p, cost_of_it, most, choke)
    below = _mean_sums(p, falls, weights, cutoffs, choke)[0]
    point = SelectionEquilibrium(
        p, cost_of_it, most, p.scenario, choke, float(p.maximum_cost / (p.price_sensitivity * below))
    )
    return judge(
        point, _residual, tolerance=1e-7, iterations=0, names=list(_NAMES), what="the model with two draws", throw=throw
    )


def _residual(point: SelectionEquilibrium) -> Array:
    """Return free entry and the choke price that demand implies, by the mean over falls for each cost.

    Profits and prices of those who innovate are integrated over falls from the one that just pays; costs by quadrature.
    """
    p, most, choke, t = point.parameters, point.largest_reduction, point.cost_cutoff, point.parameters.trade_cost
    scale = p.market_size * p.price_sensitivity
    markets = [choke] if math.isinf(t) else [choke, choke - t]
    kinks = {0.0, p.maximum_cost, *(m for m in markets if 0 < m < p.maximum_cost), min(choke + most, p.maximum_cost)}
    cost, weight = _points(np.array(sorted(kinks)), _CHECK_PANELS)
    least = np.minimum(point.required(cost), most)
    squares = 4 * point.innovation_cost / scale
    earned, below = -squares * (most - least) / most, np.zeros(cost.shape)
    for market in markets:
        gap = market - cost
        low, high = np.maximum(gap + least, 0.0), np.maximum(gap + most, 0.0)
        still = np.maximum(gap, 0.0)
        earned += still**2 * least / most + (high**3 - low**3) / (3 * most)
        below += still * least / most / 2 + (high**2 - low**2) / (4 * most)
    expected = scale / 4 * float(weight @ earned) / p.maximum_cost
    # the sum over sellers of choke price less price is 1 / b
    total = point.entrants / p.maximum_cost * float(weight @ below)
    return np.array([expected / p.entry_cost - 1, total * p.price_sensitivity - 1])
