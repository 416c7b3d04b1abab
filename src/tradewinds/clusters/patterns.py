r"""A pattern of who makes what, held fixed while technology moves: wages, employment, and how far it is from ending.

Every industry is closed, made at home alone, abroad alone, or shared. Given that, the economy at one instant needs no search.
Write :math:`b_i, b^*_i` for the shares of home's and foreign's income :math:`y, y^*` spent on good i (eq. 4). Trade balances if

.. math:: \sum_{i\,open} s_i \,(y\, b_i + y^* b^*_i) = y \sum_{i\,open} b_i .

Where an industry is shared, :math:`\omega = A_i / A^*_i` and the condition gives its share :math:`s_i`; else it gives
:math:`\omega`. All functions take technology of shape ``(..., 2, n)``, so that a whole path is evaluated at once.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import learning
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.results import Equilibrium
from tradewinds.clusters.specialisation import balancing_log_wage, cut_open, spread

__all__ = ["Pattern", "State", "static_pattern"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Logs of advantage of tied industries that differ by more have come apart.
_APART = 1e-9


class State(NamedTuple):
    """Both economies under a pattern.

    Attributes
    ----------
    log_wage : ndarray, shape (...)
    sales : ndarray, shape (..., n)
        What the world spends on each good, in foreign wages.
    share : ndarray, shape (..., n)
        Home's share of sales of each open good; of no meaning where closed.
    employment : ndarray, shape (..., 2, n)
    log_index : ndarray, shape (..., 2)
        Log of the price index (eq. 2).
    """

    log_wage: Array
    sales: Array
    share: Array
    employment: Array
    log_index: Array


@dataclass(frozen=True, eq=False)
class Pattern:
    """Who makes what.

    Attributes
    ----------
    parameters : ClusterParameters
        Their technology is not used.
    home, foreign : ndarray of bool, shape (n,)
        Open industries that one country makes alone.
    shared : ndarray of bool, shape (n,)
        Open industries made in both. The others are closed.
    anchor : ndarray, shape (n,)
        Home's share of tied industries, as the rule for ties has it.
    by_flow : bool
        Whether several shared industries have the shares at which they stay tied as they learn, the nearest to the rule's; else
        those of the rule.
    """

    parameters: ClusterParameters
    home: Mask
    foreign: Mask
    shared: Mask
    anchor: Array
    by_flow: bool = True

    @cached_property
    def closed(self) -> Mask:
        """Industries that do not trade."""
        return ~(self.home | self.foreign | self.shared)

    @property
    def regime(self) -> str:
        """What the equilibrium is called."""
        if not self.closed.any():
            return "trade"
        return "autarky" if self.closed.all() else "partial trade"

    @property
    def possible(self) -> bool:
        """Whether both countries have something to sell, or neither."""
        return bool(self.shared.any() or self.home.any() == self.foreign.any())

    @cached_property
    def active(self) -> Mask:
        """Where somebody works, shape (2, n)."""
        return np.stack([~self.foreign, ~self.home])

    @cached_property
    def _tied(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.shared)

    @cached_property
    def _at_home_cost(self) -> Mask:
        """Whether the price in each country is home's cost, shape (2, n)."""
        return np.stack([self.home | self.closed, self.home])

    def log_wage(self, log_technology: Array) -> Array:
        """Return the log of the relative wage; zero in autarky, where nothing compares the two."""
        if len(self._tied):
            return np.asarray((log_technology[..., 0, :] - log_technology[..., 1, :])[..., self._tied].mean(axis=-1))
        if not self.home.any():
            return np.zeros(log_technology.shape[:-2])
        power = (self.parameters.sigma - 1) * log_technology

        def total(country: int, mask: Mask) -> Array:
            return np.asarray(np.logaddexp.reduce(power[..., country, :][..., mask], axis=-1))

        labour = np.log(self.parameters.labour)
        traded = total(0, self.home), total(1, self.foreign)
        made = (total(0, ~self.foreign), total(1, ~self.home)) if self.closed.any() else traded
        return balancing_log_wage(traded, made, float(labour[0] - labour[1]), self.parameters.sigma)

    def state(self, technology: Array) -> State:
        """Return wage, sales, who makes which part of them, and employment; smooth also a little beyond the end."""
        log_technology = np.log(technology)
        log_wage = self.log_wage(log_technology)
        power = self.parameters.sigma - 1
        logs = power * log_technology  # of costs to the power 1 - sigma
        logs[..., 0, :] -= power * log_wage[..., np.newaxis]
        logs = np.where(self._at_home_cost, logs[..., :1, :], logs[..., 1:, :])  # of prices in each country
        largest = logs.max(axis=-1, keepdims=True)
        weight = np.exp(logs - largest)
        total = weight.sum(axis=-1, keepdims=True)
        log_index = (largest + np.log(total))[..., 0] / -power
        wages = np.ones((*log_wage.shape, 2))
        wages[..., 0] = np.exp(log_wage)
        spending = weight * ((wages * self.parameters.labour)[..., np.newaxis] / total)
        sales = spending[..., 0, :] + spending[..., 1, :]
        share = self._share(technology, wages, spending, sales)
        employment = np.empty_like(spending)
        employment[..., 0, :] = share * sales
        employment[..., 1, :] = (1 - share) * sales
        np.copyto(employment, spending, where=self.closed)
        employment /= wages[..., np.newaxis]
        return State(log_wage, sales, share, employment, log_index)

    def rates(self, technology: Array) -> Array:
        """Return dA/dt (eq. 9)."""
        return self._learning(self.state(technology).employment)

    def slack(self, technology: Array) -> Array:
        """Return how far each industry is from ending the pattern: positive while it holds, shape (..., n).

        The log of advantage over the relative wage, for those made in one country; the smaller share of a shared one, unless it is
        no longer tied.
        """
        state = self.state(technology)
        advantage = np.log(technology[..., 0, :] / technology[..., 1, :]) - state.log_wage[..., np.newaxis]
        slack = np.where(self.home, advantage, -advantage)
        slack = np.where(self.shared, np.minimum(state.share, 1 - state.share), slack)
        apart = np.abs(self.apart(advantage))
        slack[..., self._tied] = np.where(apart > _APART, -apart, slack[..., self._tied])
        return np.where(self.closed, np.inf, slack)

    def share_rounding(self, technology: Array) -> Array:
        """Return how far rounding of the wage moves the share of each shared industry: the further the less of it is sold."""
        sales = self.state(technology).sales
        unit = 8 * self.parameters.sigma * np.finfo(float).eps * sales.sum()
        return np.where(self.shared, np.minimum(unit / np.maximum(sales, unit), 1e-3), 0.0)

    def apart(self, advantage: Array) -> Array:
        """Return how far shared industries are from being tied, given logs of advantage, or their growth, of all."""
        tied = advantage[..., self._tied]
        return np.asarray(tied - tied.mean(axis=-1, keepdims=True)) if len(self._tied) else tied

    def population(self, state: State) -> Array:
        """Return workers of each country, shape (..., 2)."""
        return np.broadcast_to(self.parameters.labour, state.log_index.shape)

    def income_per_worker(self, state: State) -> Array:
        """Return D / L (eq. 3), shape (..., 2)."""
        log_wages = np.stack([state.log_wage, np.zeros_like(state.log_wage)], axis=-1)
        with np.errstate(over="ignore"):  # an infinite income is judged not finite
            return np.asarray(np.exp(log_wages - state.log_index))

    def home_share(self, technology: Array, state: State) -> Array:
        """Return home's share of the world's output of each good, shape (..., n)."""
        share = np.clip(state.share, 0.0, 1.0)
        if not self.closed.any():
            return share
        output = technology * state.employment
        total = output.sum(axis=-2)
        part = np.divide(output[..., 0, :], total, out=np.full(total.shape, 0.5), where=total > 0)
        return np.where(self.closed, part, share)

    def equilibrium(self, technology: Array) -> Equilibrium:
        """Return the economy at one instant."""
        state = self.state(technology)
        wage = float("nan") if self.regime == "autarky" else float(np.exp(state.log_wage))
        population = self.population(state)
        return Equilibrium(
            regime=self.regime,
            parameters=self.parameters.at(technology),
            relative_wage=wage,
            home_share=self.home_share(technology, state),
            employment=np.maximum(state.employment, 0.0),
            real_income=self.income_per_worker(state) * population,
            active=self.active,
            population=population if self.regime == "free migration" else None,
        )

    def separated(self, technology: Array, growth: Array) -> Pattern:
        """Return the pattern in which industries now shared are told apart by the growth of home's advantage in them.

        Those whose advantage grows most are made at home, up to what balances trade.
        """
        state = self.state(technology)
        home, foreign, shared = self.home.copy(), self.foreign.copy(), np.zeros_like(self.shared)
        left = float((state.share * state.sales)[self.shared].sum())
        near = 1e-9 * np.abs(growth).max()
        order = self._tied[np.argsort(-growth[self._tied], kind="stable")]
        starts = np.concatenate([[0], np.flatnonzero(np.diff(growth[order]) < -near) + 1, [len(order)]])
        rounding = 1e-9 * float(state.sales[self._tied].sum())
        for low, high in itertools.pairwise(starts.tolist()):
            group = order[low:high]
            whole = float(state.sales[group].sum())
            (home if left >= whole - rounding else foreign if left <= rounding else shared)[group] = True
            left -= min(whole, max(left, 0.0))
        return replace(self, home=home, foreign=foreign, shared=shared)

    def _learning(self, employment: Array) -> Array:
        return learning(employment, self.parameters.tau, self.active, self.parameters.inactive_learning)

    def _share(self, technology: Array, wages: Array, spending: Array, sales: Array) -> Array:
        """Return home's share of each open good."""
        share = np.empty(sales.shape)
        share[...] = self.home
        if not len(self._tied):
            return share
        left = np.where(self.closed, 0.0, spending[..., 0, :]).sum(axis=-1) - (self.home * sales).sum(axis=-1)
        if len(self._tied) == 1:
            tied = sales[..., self._tied[0]]
            share[..., self._tied[0]] = np.divide(left, tied, out=np.full(tied.shape, 0.5), where=tied > 0)
            return share
        for place in np.ndindex(sales.shape[:-1]):
            share[place][self._tied] = self._split(technology[place], wages[place], spending[place], float(left[place]))
        return share

    def _split(self, technology: Array, wages: Array, spending: Array, left: float) -> Array:
        """Return home's shares of several shared industries: those at which they all stay tied, near the rule's.

        Who makes which is not determined at the instant. It is over time: if advantages grew apart, the industries would not
        be tied a moment later.
        """
        tied, sales = self._tied, spending.sum(axis=0)
        start = spread(left, sales[tied], self.anchor[tied])
        if not self.by_flow:
            return start
        rate, slope = self._apart(technology, wages, spending, start)
        centre = np.eye(len(tied)) - 1 / len(tied)
        conditions = np.vstack([centre @ slope, sales[tied] / sales[tied].sum()])
        wanted = np.append(-centre @ rate, 0.0)
        size = np.abs(slope).max()
        conditions[:-1] /= size or 1.0
        wanted[:-1] /= size or 1.0
        return np.asarray(start + np.linalg.lstsq(conditions, wanted, rcond=1e-10)[0])

    def _apart(self, technology: Array, wages: Array, spending: Array, share: Array) -> tuple[Array, Array]:
        """Return d ln(A / A*) / dt of the shared industries at these shares, and its derivatives by the shares."""
        tied, sales, tau = self._tied, spending.sum(axis=0), self.parameters.tau
        at_home = self.home.astype(float)
        at_home[tied] = share
        sold = np.where(self.closed, spending, np.stack([at_home * sales, (1 - at_home) * sales]))
        pace = (sold / wages[:, np.newaxis] @ tau)[:, tied] / technology[:, tied]
        moved = tau[np.ix_(tied, tied)].T * sales[tied]  # receivers down, senders across
        slope = moved / wages[0] / technology[0, tied][:, np.newaxis] + moved / technology[1, tied][:, np.newaxis]
        return pace[0] - pace[1], slope


def static_pattern(parameters: ClusterParameters, is_open: NDArray[np.bool_], previous: Array | None = None) -> Pattern:
    """Return who makes what at the instant; tied industries have equal shares, or stay near ``previous``."""
    home = tied = np.zeros_like(is_open)
    if is_open.any():
        technology, labour = np.log(parameters.technology), np.log(parameters.labour)
        home, tied = cut_open(technology, labour, parameters.sigma, is_open)
    anchor = np.full(len(is_open), 0.5) if previous is None else previous
    return Pattern(parameters, home, is_open & ~home & ~tied, tied, anchor, by_flow=False)
