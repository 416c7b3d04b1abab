r"""Real income of a path at the nodes of a quadrature, so that it can be discounted at many rates.

Log real income is smooth between a path's kinks. It is evaluated once, on panels that end at every kink and are halved until
it is a polynomial on each; then a discounted sum at any rate of a range is one product of arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import log_sum
from tradewinds.clusters.parameters import ClusterParameters

__all__ = [
    "IncomeProfile",
    "Path",
    "duration",
    "income_profile",
    "log_equivalent_consumption",
    "steepest",
    "tail_error",
]

Array = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_TO_COEFFICIENTS = np.linalg.inv(np.polynomial.legendre.legvander(_NODES, 15))
_SMOOTH = 1e-11  # size of the last Legendre coefficients of log income at which a panel is fine enough
_LAGUERRE = np.polynomial.laguerre.laggauss(60)


class Path(Protocol):
    """What welfare needs of a path."""

    parameters: ClusterParameters
    horizon: float

    @property
    def breakpoints(self) -> Any:
        """Dates at which real income may have a kink or a jump."""

    def real_income_per_worker(self, times: Array) -> Array:
        """Return D / L, shape (2, T)."""

    def technology_at(self, time: float) -> Array:
        """Return technology, shape (2, n)."""


@dataclass(frozen=True, eq=False)
class IncomeProfile:
    """Log real income per worker at the nodes of a quadrature that is fine enough for a range of discount rates.

    Attributes
    ----------
    policy : str
    horizon : float
    edges : ndarray, shape (P + 1,)
        Panels; kinks of the path are among them.
    log_income : ndarray, shape (2, P, 16)
    last : ndarray, shape (2,)
        Log real income per worker at the end.
    lowest : ndarray, shape (2,)
        What it cannot fall below after the end.
    ceiling : ndarray, shape (n,), and steepest : ndarray, shape (n,)
        Best technology at the end, and the most that each industry can learn per unit of time.
    scale : ndarray, shape (2,)
        Workers of the world over workers of the country.
    sigma : float
    """

    policy: str
    horizon: float
    edges: Array
    log_income: Array = field(repr=False)
    last: Array
    lowest: Array = field(repr=False)
    ceiling: Array = field(repr=False)
    steepest: Array = field(repr=False)
    scale: Array = field(repr=False)
    sigma: float

    @property
    def times(self) -> Array:
        """Nodes, shape (P, 16)."""
        half = np.diff(self.edges)[:, np.newaxis] / 2
        return np.asarray(self.edges[:-1, np.newaxis] + half * (1 + _NODES))

    def discounted(self, discount_rate: float, values: Array) -> Array:
        r"""Return :math:`\int e^{-\varrho t} v\,dt` over the path for values at the nodes, shape (..., P, 16)."""
        half = np.diff(self.edges)[:, np.newaxis] / 2
        return np.asarray((values * np.exp(-discount_rate * self.times) * half * _WEIGHTS).sum(axis=(-2, -1)))

    def highest(self, later: Array) -> Array:
        """Return a bound of log real income per worker so long after the end, shape (2, ...)."""
        best = self.ceiling + np.multiply.outer(later, self.steepest)
        log_index = log_sum((self.sigma - 1) * np.log(best)) / (self.sigma - 1)
        return np.asarray(np.add.outer(np.log(self.scale), log_index))


def income_profile(path: Any, *, highest_rate: float = 1.0) -> IncomeProfile:
    """Return log real income of a path at the nodes of a quadrature for any discount rate in a range.

    Panels are split at the path's kinks, fine next to time 0, where high rates look, coarser later; and halved until log
    real income is a polynomial to eleven digits on each.

    Parameters
    ----------
    path : ClusterPath, or Solution that holds one
    """
    path = getattr(path, "value", path)
    horizon, parameters = float(path.horizon), path.parameters
    kinks = np.array([time for time in np.asarray(path.breakpoints, dtype=float) if 0 < time < horizon])
    panels = [0.0]
    while panels[-1] < horizon:
        panels.append(min(1.2 * panels[-1] + 2 / highest_rate, horizon))
    edges, log_income = _refined(path, np.unique(np.concatenate([panels, kinks])))
    end = path.technology_at(horizon)
    power = parameters.sigma - 1
    migrating = getattr(path, "policy", "") == "free_migration"
    return IncomeProfile(
        policy=str(getattr(path, "policy", "path")),
        horizon=horizon,
        edges=edges,
        log_income=log_income,
        last=np.log(path.real_income_per_worker(np.array([horizon])))[:, 0],
        lowest=log_sum(power * np.log(end)) / power,
        ceiling=end.max(axis=0),
        steepest=steepest(parameters),
        scale=np.ones(2) if migrating else parameters.labour.sum() / parameters.labour,
        sigma=parameters.sigma,
    )


def duration(discount_rate: float, horizon: float) -> float:
    """Return the integral of the discount factor."""
    if np.isinf(horizon):
        return 1 / discount_rate
    return horizon if discount_rate == 0 else float(-np.expm1(-discount_rate * horizon) / discount_rate)


def log_equivalent_consumption(
    profile: IncomeProfile, discount_rate: float, risk_aversion: float, horizon: float, tail: Array | None = None
) -> Array:
    """Return the log of equivalent consumption, shape (2,).

    ``tail`` is log income after the end at the nodes of Laguerre, shape (2, 60); None holds it at its last value.
    """
    curvature, span = 1 - risk_aversion, duration(discount_rate, horizon)
    middle = profile.discounted(discount_rate, profile.log_income) / duration(discount_rate, profile.horizon)
    deviation = profile.log_income - middle[:, np.newaxis, np.newaxis]
    after = (profile.last[:, np.newaxis] if tail is None else tail) - middle[:, np.newaxis]

    def utility(log_ratio: Array) -> Array:  # that of consumption over the middle, zero at the middle
        return log_ratio if curvature == 0 else np.expm1(curvature * log_ratio) / curvature

    mean = profile.discounted(discount_rate, utility(deviation)) / span
    if np.isinf(horizon):
        worth = np.broadcast_to(utility(after), (2, len(_LAGUERRE[0]))) @ _LAGUERRE[1]
        mean = mean + np.exp(-discount_rate * profile.horizon) * worth
    return np.asarray(middle + (mean if curvature == 0 else np.log1p(curvature * mean) / curvature))


def tail_error(profile: IncomeProfile, discount_rate: float, risk_aversion: float) -> float:
    """Return the most that income after the end can change the log of equivalent consumption."""
    lowest = np.broadcast_to(profile.lowest[:, np.newaxis], (2, len(_LAGUERRE[0])))
    highest = profile.highest(_LAGUERRE[0] / discount_rate)
    taken, *bounds = (
        log_equivalent_consumption(profile, discount_rate, risk_aversion, np.inf, tail)
        for tail in (None, lowest, highest)
    )
    return float(max(np.abs(bound - taken).max() for bound in bounds))


def steepest(parameters: ClusterParameters) -> Array:
    """Return the most that each industry can learn: all workers of the world send the strongest spillover it receives."""
    return np.asarray(parameters.labour.sum() * parameters.tau.max(axis=0))


def _refined(path: Any, edges: Array) -> tuple[Array, Array]:
    """Return edges, and log income at the nodes between them, halving panels on which it is not yet a polynomial."""
    done: list[tuple[float, float, Array]] = []
    open_panels = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    for _ in range(12):
        low, high = np.array(open_panels).T
        times = low[:, np.newaxis] + (high - low)[:, np.newaxis] * (1 + _NODES) / 2
        # nodes are inside panels, so that at a kink each side has its own value
        values = np.log(path.real_income_per_worker(times.ravel())).reshape(2, *times.shape)
        coefficients = values @ _TO_COEFFICIENTS.T
        rough = np.abs(coefficients[..., -2:]).max(axis=(0, 2)) > _SMOOTH
        done += [(low[p], high[p], values[:, p]) for p in np.flatnonzero(~rough)]
        if not rough.any():
            break
        middle = (low + high) / 2
        open_panels = [half for p in np.flatnonzero(rough) for half in ((low[p], middle[p]), (middle[p], high[p]))]
    else:
        done += [(low[p], high[p], values[:, p]) for p in np.flatnonzero(rough)]
    done.sort(key=lambda panel: panel[0])
    return np.array([done[0][0], *(panel[1] for panel in done)]), np.stack([panel[2] for panel in done], axis=1)
