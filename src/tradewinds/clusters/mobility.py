r"""Free migration: workers follow wages until they are equal everywhere (Hanlon 2012, Section 5).

With equal wages every good is made where its technology is best: absolute advantage decides, not comparative. Workers are spread
over industries as in one economy with the best technologies, and each country has the workers of the industries it holds:

.. math:: L_i \propto \max_c A_{ci}^{\sigma-1}, \qquad
    \frac{D}{L} = \Big(\sum_i \max_c A_{ci}^{\sigma-1}\Big)^{1/(\sigma-1)} .
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import log_price_index
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.patterns import Pattern, State
from tradewinds.clusters.results import Equilibrium
from tradewinds.solvers import Solution, judge

__all__ = ["MobilePattern", "migration_names", "migration_residual", "mobile_pattern", "solve_free_migration"]

Array = NDArray[np.float64]

_TIED = 1e-12  # as in free trade
_TOLERANCE = 1e-9


class MobilePattern(Pattern):
    """Who makes what where workers are free to move; every industry trades and the relative wage is one."""

    @property
    def regime(self) -> str:
        """What the equilibrium is called."""
        return "free migration"

    @property
    def possible(self) -> bool:
        """Always: workers may leave a country."""
        return True

    def log_wage(self, log_technology: Array) -> Array:
        """Return zero: wages are equal."""
        return np.zeros(log_technology.shape[:-2])

    def apart(self, advantage: Array) -> Array:
        """Return how far shared industries are from being as good in both countries."""
        return np.asarray(advantage[..., self._tied])

    def population(self, state: State) -> Array:
        """Return the workers of each country, those of its industries."""
        return np.maximum(state.employment, 0.0).sum(axis=-1)

    def separated(self, technology: Array, growth: Array) -> Pattern:
        """Return the pattern in which shared industries go where technology grows faster; without a difference they stay."""
        rises, falls = self.shared & (growth > 0), self.shared & (growth < 0)
        return replace(self, home=self.home | rises, foreign=self.foreign | falls, shared=self.shared & ~rises & ~falls)

    def _share(self, technology: Array, wages: Array, spending: Array, sales: Array) -> Array:
        share = np.empty(sales.shape)
        share[...] = self.home
        if not len(self._tied):
            return share
        share[..., self._tied] = self.anchor[self._tied]
        if self.by_flow:  # shares at which technologies stay equal, near those of the rule
            for place in np.ndindex(sales.shape[:-1]):
                start = share[place][self._tied]
                rate, slope = self._apart(technology[place], wages[place], spending[place], start)
                size = float(np.abs(slope).max()) or 1.0
                share[place][self._tied] = start - np.linalg.lstsq(slope / size, rate / size, rcond=1e-10)[0]
        return share


def mobile_pattern(parameters: ClusterParameters, previous: Array | None = None) -> MobilePattern:
    """Return who makes what at the instant; industries as good in both countries are halved, or stay as ``previous``."""
    advantage = np.log(parameters.technology[0]) - np.log(parameters.technology[1])
    tied = np.abs(advantage) <= _TIED
    anchor = np.full(len(tied), 0.5) if previous is None else previous
    return MobilePattern(parameters, (advantage > 0) & ~tied, (advantage < 0) & ~tied, tied, anchor, by_flow=False)


def solve_free_migration(parameters: ClusterParameters, *, throw: bool = True) -> Solution:
    """Solve trade where workers move to the higher wage.

    Parameters
    ----------
    parameters : ClusterParameters
        Only the sum of its labour matters.

    Returns
    -------
    Solution
        Its value is an :class:`~tradewinds.clusters.Equilibrium` with the population of each country. Industries that are as good
        in both countries are halved between them.

    Raises
    ------
    ConvergenceError
        If ``throw`` and the equations do not hold at the point found.

    References
    ----------
    Hanlon (2012), Section 5. The paper does not write the conditions out.

    Examples
    --------
    Figure 8 of the paper when it starts: both countries have two industries and half of the workers.

    >>> from tradewinds.clusters import paper_economy
    >>> point = solve_free_migration(paper_economy(8)).value
    >>> point.labour.tolist(), point.real_income_per_worker.round(9).tolist()
    ([1.0, 1.0], [40.0, 40.0])
    """
    return judge(
        mobile_pattern(parameters).equilibrium(parameters.technology),
        migration_residual,
        tolerance=_TOLERANCE,
        iterations=0,
        names=migration_names(parameters.industries),
        what="clusters with free migration",
        throw=throw,
    )


def migration_names(n: int) -> list[str]:
    """Return one name an equation, in the order of the residual."""
    goods = [f"industry {i + 1}" for i in range(n)]
    return [
        "labour adds up",
        "wages are equal",
        *(f"population of {country}" for country in ("home", "foreign")),
        *(f"real income of {country}" for country in ("home", "foreign")),
        *(f"{good}: demand is output" for good in goods),
        *(f"{good} of {country}: at work only where it is best" for country in ("home", "foreign") for good in goods),
    ]


def migration_residual(point: Equilibrium) -> Array:
    """Return the residuals of free migration, free of units."""
    parameters, total = point.parameters, float(point.parameters.labour.sum())
    log_technology = np.log(parameters.technology)
    log_prices = -log_technology.max(axis=0)
    log_index = log_price_index(log_prices, parameters.sigma)
    demand = np.exp((1 - parameters.sigma) * (log_prices - log_index))
    behind = -log_prices - log_technology
    return np.concatenate(
        [
            [point.employment.sum() / total - 1, point.relative_wage - 1],
            (point.employment.sum(axis=1) - point.labour) / total,
            point.real_income * np.exp(log_index) / total - point.labour / total,
            point.employment.sum(axis=0) / total - demand,
            np.minimum(point.employment / total, behind).ravel(),
        ]
    )
