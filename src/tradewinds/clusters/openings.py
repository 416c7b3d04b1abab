r"""Trade in some industries while others stay closed: a step of gradual liberalisation (Hanlon 2012, Section 4).

Closed industries are made at home for home and abroad for foreign; open ones where they cost least. Balanced trade in the
open ones sets the relative wage. Closed industries absorb workers, so that there is no closed form between two industries:
home's excess of exports over imports falls with its wage, and its zero is bracketed by neighbours in the chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.checks import names, partial_residual
from tradewinds.clusters.equations import log_price_index
from tradewinds.clusters.equilibrium import TOLERANCE, solve_autarky
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.results import Equilibrium
from tradewinds.errors import InputError
from tradewinds.solvers import Solution, judge

__all__ = ["solve_partial_trade"]

Array = NDArray[np.float64]

_TIED = 1e-12  # as in free trade


@dataclass(frozen=True, eq=False)
class _Market:
    """Two economies and which industries are open, shape (n,)."""

    parameters: ClusterParameters
    open: NDArray[np.bool_]

    def log_prices(self, log_wage: float) -> Array:
        """Return prices in each country, shape (2, n): the lowest cost where open, else its own."""
        log_cost = np.array([[log_wage], [0.0]]) - np.log(self.parameters.technology)
        return np.where(self.open, log_cost.min(axis=0), log_cost)

    def spending(self, log_wage: float) -> tuple[Array, Array]:
        """Return what each country spends on each good, shape (2, n), in foreign wages, and the log price index of each."""
        log_prices = self.log_prices(log_wage)
        log_index = log_price_index(log_prices, self.parameters.sigma)
        share = np.exp((1 - self.parameters.sigma) * (log_prices - log_index[:, np.newaxis]))
        income = np.array([np.exp(log_wage), 1.0]) * self.parameters.labour
        return income[:, np.newaxis] * share, log_index

    def surplus(self, log_wage: float, share: Array) -> float:
        """Return home's exports less its imports over world income, if home makes ``share`` of each open good."""
        spending, _ = self.spending(log_wage)
        made, bought = spending[:, self.open].sum(axis=0) @ share[self.open], spending[0, self.open].sum()
        return float((made - bought) / spending.sum())

    def equilibrium(self, log_wage: float, share: Array) -> Equilibrium:
        """Return who makes what, with how many workers."""
        spending, log_index = self.spending(log_wage)
        world = spending.sum(axis=0)
        sales = np.where(self.open, np.stack([share * world, (1 - share) * world]), spending)
        wages = np.array([np.exp(log_wage), 1.0])
        employment = sales / wages[:, np.newaxis]
        output = self.parameters.technology * employment
        total = output.sum(axis=0)
        home_share = np.divide(output[0], total, out=np.full(len(total), 0.5), where=total > 0)
        active = ~self.open | (np.stack([share, 1 - share]) > 0)
        income = np.exp(np.log(wages * self.parameters.labour) - log_index)
        return Equilibrium("partial trade", self.parameters, float(wages[0]), home_share, employment, income, active)


def solve_partial_trade(
    parameters: ClusterParameters, open_industries: Iterable[int], *, throw: bool = True
) -> Solution:
    """Solve trade in some industries; the others are closed.

    Parameters
    ----------
    parameters : ClusterParameters
    open_industries : iterable of int
        Industries that trade, counted from one. All of them is free trade, none is autarky. Where several are tied at
        the relative wage, home has the same share of each.

    Returns
    -------
    Solution
        Its value is an :class:`Equilibrium`.

    Raises
    ------
    InputError
        If there is no such industry.
    ConvergenceError
        If ``throw`` and the equations do not hold at the point found.

    References
    ----------
    Hanlon (2012), Section 4, from eqs. 3 to 6 and balanced trade; the paper does not write the conditions out.

    Examples
    --------
    Figure 6 with industries 1 and 4 open. Wages are equal; home's first industry serves both countries:

    >>> from tradewinds.clusters import paper_economy
    >>> point = solve_partial_trade(paper_economy(6), [1, 4]).value
    >>> round(point.relative_wage, 12), (point.employment[0] * 29).round(9).tolist()
    (1.0, [20.0, 4.0, 5.0, 0.0])
    """
    is_open = _open(open_industries, parameters.industries)
    if not is_open.any():
        return solve_autarky(parameters, throw=throw)
    market = _Market(parameters, is_open)
    log_wage, share, iterations = _balance(market)
    return judge(
        market.equilibrium(log_wage, share),
        lambda point: partial_residual(point, is_open),
        tolerance=TOLERANCE,
        iterations=iterations,
        names=names("trade", parameters.industries),
        what="clusters in partial trade",
        throw=throw,
    )


def _open(industries: Iterable[int], n: int) -> NDArray[np.bool_]:
    mask = np.zeros(n, dtype=bool)
    for industry in industries:
        if isinstance(industry, bool) or industry not in range(1, n + 1):
            raise InputError(f"open_industries has {industry!r}; industries are numbered from 1 to {n}")
        mask[int(industry) - 1] = True
    return mask


def _balance(market: _Market) -> tuple[float, Array, int]:
    """Return the log of the relative wage, home's share of each open industry, and iterations."""
    from scipy.optimize import brentq

    advantage = np.log(market.parameters.technology[0]) - np.log(market.parameters.technology[1])
    share = np.zeros(len(advantage))  # home makes nothing; then class by class, the best first
    previous = np.inf
    for log_r in _classes(advantage[market.open]):
        tied = market.open & (np.abs(advantage - log_r) <= _TIED)
        with_it = np.where(tied, 1.0, share)
        low, high = market.surplus(log_r, share), market.surplus(log_r, with_it)
        if low > 0:  # home sells too much even without this class: its wage lies above
            root, report = brentq(
                market.surplus, log_r, previous, args=(share,), xtol=1e-15, rtol=1e-15, full_output=True
            )
            return float(root), share, int(report.iterations)
        if high >= 0:
            part = -low / (high - low) if high > low else 0.5  # a good on which nothing is spent may be made anywhere
            return float(log_r), np.where(tied, part, share), 0
        share, previous = with_it, log_r
    raise AssertionError("with every open industry at home, home's surplus is foreign's imports, which are positive")


def _classes(advantage: Array) -> Array:
    """Return the distinct advantages, falling; those within rounding of each other count once."""
    falling = np.sort(advantage)[::-1]
    return falling[np.concatenate([[True], np.diff(falling) < -_TIED])]
