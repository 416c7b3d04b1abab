"""A pattern of who makes what, held fixed while technology moves: employment under it, and how far it is from ending."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import log_sum
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.results import Equilibrium
from tradewinds.clusters.specialisation import tied_share
from tradewinds.errors import InputError

__all__ = ["Pattern", "pattern_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pattern:
    """Who makes what.

    Attributes
    ----------
    alone : ndarray of bool, shape (n,)
        Industries that home makes alone.
    tied : int or None
        The industry made in both countries, counted from zero.
    """

    alone: NDArray[np.bool_]
    tied: int | None

    @property
    def active(self) -> NDArray[np.bool_]:
        """Where somebody works, shape (2, n)."""
        active = np.stack([self.alone, ~self.alone])
        if self.tied is not None:
            active[:, self.tied] = True
        return active

    def log_wage(self, log_technology: Array, parameters: ClusterParameters) -> float:
        """Return the log of the relative wage: the shared industry's advantage, or what balances trade."""
        if self.tied is not None:
            return float(log_technology[0, self.tied] - log_technology[1, self.tied])
        made, left, relative_labour = self._sums(log_technology, parameters)
        return (made - left - relative_labour) / parameters.sigma

    def share(self, log_technology: Array, parameters: ClusterParameters) -> Array:
        """Return home's share of each industry; that of the shared one leaves 0 to 1 when the pattern has ended."""
        share = self.alone.astype(float)
        if self.tied is not None:
            made, left, relative_labour = self._sums(log_technology, parameters)
            power = np.asarray((parameters.sigma - 1) * log_technology[0, self.tied])
            log_r = self.log_wage(log_technology, parameters)
            share[self.tied] = tied_share(made, left, power, log_r, relative_labour, parameters.sigma)
        return share

    def employment(self, log_technology: Array, parameters: ClusterParameters) -> Array:
        """Return workers (eq. 12), shape (2, n); smooth in technology, also a little beyond the end of the pattern."""
        share = self.share(log_technology, parameters)
        power = (parameters.sigma - 1) * log_technology
        largest = np.max(power, axis=1, where=self.active, initial=-np.inf)
        weight = np.stack([share, 1 - share]) * np.exp(np.where(self.active, power - largest[:, np.newaxis], 0.0))
        return np.asarray(parameters.labour[:, np.newaxis] * weight / weight.sum(axis=1, keepdims=True))

    def slack(self, log_technology: Array, parameters: ClusterParameters) -> Array:
        """Return how far each industry is from ending the pattern: positive while it holds, shape (n,).

        The log of advantage over the relative wage, for those made in one country; the smaller share of the shared one.
        """
        advantage = log_technology[0] - log_technology[1] - self.log_wage(log_technology, parameters)
        slack = np.where(self.alone, advantage, -advantage)
        if self.tied is not None:
            share = self.share(log_technology, parameters)[self.tied]
            slack[self.tied] = min(share, 1 - share)
        return slack

    def _sums(self, log_technology: Array, parameters: ClusterParameters) -> tuple[float, float, float]:
        """Return logs of S_k, S*_k (the shared industry among these) and L / L*."""
        power = (parameters.sigma - 1) * log_technology
        made, left = float(log_sum(power[0, self.alone])), float(log_sum(power[1, ~self.alone]))
        return made, left, float(np.log(parameters.labour[0]) - np.log(parameters.labour[1]))


def pattern_of(point: Equilibrium) -> Pattern:
    """Return the pattern of an equilibrium under trade.

    Raises
    ------
    InputError
        If several industries are shared, because who of them learns is not determined.
    """
    shared = np.flatnonzero((point.home_share > 0) & (point.home_share < 1))
    if len(shared) > 1:
        named = ", ".join(str(i + 1) for i in shared)
        raise InputError(
            f"industries {named} are tied at the relative wage, so that who makes and learns what is not determined; change "
            "technology a little to say who is ahead"
        )
    alone = point.home_share == 1
    return Pattern(alone, int(shared[0]) if len(shared) else None)
