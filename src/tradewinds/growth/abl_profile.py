r"""The stationary profile of costs when managers learn from those who sell to their country.

The equations are in :mod:`tradewinds.growth.alvarez_buera_lucas`. With :math:`x = \ln y`, :math:`d = \ln\delta` and
:math:`\Phi = e^{L}`, they are :math:`L' = -H / n` and
:math:`(\ln H)' = K = \frac{1}{n} \Phi(x) [\Phi(x+d)^{n-1} + (n-1) \Phi(x-d) \Phi(x)^{n-2}]` with :math:`H \to n e^x` and
:math:`L \to -e^x` on the left: what a seller's rivals do enters at a cost lower and one higher by :math:`d`, so this is no initial
value problem. It is solved as one system, by Newton, on Chebyshev nodes in :math:`x`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

__all__ = ["Grid", "Profile", "rivals", "sales", "stationary"]

Array = NDArray[np.float64]

#: Logarithms of scaled costs beyond which terms of second order are below rounding.
_LEFT, _RIGHT = 31.0, 32.0


@dataclass(frozen=True, eq=False)
class Grid:
    """Chebyshev nodes on an interval, and the matrices that act on values there."""

    low: float
    high: float
    nodes: Array
    to_coefficients: Array
    integrate: Array

    @classmethod
    @functools.lru_cache(maxsize=64)
    def make(cls, low: float, high: float) -> Grid:
        """Return a grid whose interpolants of functions analytic in a strip of half-width pi are exact to rounding."""
        count = int(np.ceil(5.6 * (high - low)))
        angle = np.pi * (np.arange(count)[::-1] + 0.5) / count
        # polynomials as cosines: their recurrence loses digits at the ends
        polynomials = np.cos(angle[:, np.newaxis] * np.arange(count + 1))
        to_coefficients = 2 / count * polynomials[:, :-1].T
        to_coefficients[0] /= 2
        integrals = chebyshev.chebint(np.eye(count), lbnd=-1, axis=0)
        integrate = (high - low) / 2 * polynomials @ integrals @ to_coefficients
        unit = np.cos(angle)
        return cls(low, high, low + (high - low) * (unit + 1) / 2, to_coefficients, integrate)

    def polynomials(self, x: Any) -> Array:
        """Return the Chebyshev polynomials at points, those outside moved to the nearest end."""
        unit = 2 * (np.clip(x, self.low, self.high) - self.low) / (self.high - self.low) - 1
        return np.asarray(np.cos(np.arange(len(self.nodes)) * np.arccos(unit)[..., np.newaxis]))

    def at(self, x: Any) -> Array:
        """Return the matrix that interpolates at points."""
        return np.asarray(self.polynomials(x) @ self.to_coefficients)

    def total(self, values: Array) -> float:
        """Return the integral over the whole interval."""
        orders = np.arange(0, len(self.nodes), 2)
        weights = (self.high - self.low) / (1 - orders**2.0)
        return float(weights @ (self.to_coefficients @ values)[::2])


@dataclass(frozen=True, eq=False)
class Profile:
    """Share of goods with a cost above exp(x), and share of sellers with one below, on a grid.

    Attributes
    ----------
    log_right : ndarray
        Logarithm of the share of goods with a cost above.
    log_ratio, log_met : ndarray
        Logarithms of that (negative) over -exp(x), and of the share of sellers below over exp(x): precise in the left tail.
    """

    countries: int
    shift: float
    grid: Grid
    log_right: Array
    log_ratio: Array
    log_met: Array

    @property
    def sellers(self) -> Array:
        """Share of sellers with a lower cost, at the nodes."""
        return np.asarray(np.exp(self.grid.nodes + self.log_met))

    def log_share(self, x: Any) -> Array:
        """Return the logarithm of the share of goods with a scaled cost above exp(x)."""
        x = np.asarray(x, dtype=float)
        at = self.grid.polynomials(x)
        ratio, log_right = (at @ (self.grid.to_coefficients @ values) for values in (self.log_ratio, self.log_right))
        tail = -np.exp(np.minimum(x, 0.0) + np.where(x < self.grid.low, 0.0, ratio))
        # beyond the right end nearly every seller is better, so the share falls by 1 / n
        bulk = log_right - np.maximum(x - self.grid.high, 0.0) / self.countries
        return np.where(x < 0, tail, bulk)

    def seller_share(self, x: Any) -> Array:
        """Return the share of sellers with a scaled cost below exp(x)."""
        x = np.asarray(x, dtype=float)
        at = self.grid.polynomials(x)
        log_met, sellers = (at @ (self.grid.to_coefficients @ values) for values in (self.log_met, self.sellers))
        tail = np.exp(np.minimum(x, 0.0) + np.where(x < self.grid.low, np.log(self.countries), log_met))
        return np.where(x < 0, tail, sellers)


def rivals(countries: int, here: Array, lower: Array, higher: Array) -> tuple[Array, Array]:
    """Return the chance that a seller of each cost has no better rival, at home and abroad (all foreign countries together).

    The arguments are logarithms of the share of goods with a cost above: the seller's, that times delta, and that over delta.
    """
    if countries == 1:
        return np.ones_like(here), np.zeros_like(here)
    home = np.exp((countries - 1) * lower)
    return home, (countries - 1) * np.exp(higher + (countries - 2) * here)


@functools.lru_cache(maxsize=512)
def stationary(countries: int, shift: float) -> Profile:
    """Return the stationary profile of countries at the logarithm of delta; whether it solves is for the caller to judge."""
    grid = Grid.make(-_LEFT + shift, _RIGHT - shift)
    x, n = grid.nodes, countries
    start = grid.at(grid.low)
    growing = grid.integrate + start  # adds what lies left of the grid, where the integrand grows like exp(x)
    down, up = grid.at(x + shift), grid.at(x - shift)
    below, above = (x + shift < grid.low)[:, np.newaxis], np.maximum(x - shift - grid.high, 0.0) / n
    # from free trade, or from a smaller trade cost
    share = -np.log1p(n * np.exp(x)) / n if shift >= -6 else stationary(n, shift / 1.3).log_share(x)
    identity = np.eye(len(x))
    for _ in range(40):
        lower = np.where(below[:, 0], -np.exp(x + shift), down @ share)
        higher = up @ share - above
        home, foreign = rivals(n, share, lower, higher)
        here = np.exp(share) / n
        intensity = here * (home + foreign)
        sellers = np.exp(x + np.log(n) + growing @ (intensity - 1))
        gap = share + growing @ sellers / n
        slope = np.diag(intensity + here * foreign * (n - 2))
        slope += (here * home * (n - 1))[:, np.newaxis] * np.where(below, 0.0, down) + (here * foreign)[
            :, np.newaxis
        ] * up
        step = np.linalg.solve(identity + growing @ (sellers[:, np.newaxis] * (growing @ slope)) / n, -gap)
        largest = float(np.max(np.abs(step)))
        share = np.minimum(share + step / max(1.0, largest / 3), 0.0)
        if largest < 1e-11:  # convergence is quadratic: what is left is rounding
            break
    lower = np.where(below[:, 0], -np.exp(x + shift), down @ share)
    home, foreign = rivals(n, share, lower, up @ share - above)
    log_met = np.log(n) + growing @ (np.exp(share) / n * (home + foreign) - 1)
    # -L / y is the mean of H / (n y) below y, with weights y
    mean = np.linalg.solve(identity + grid.integrate, growing @ np.exp(log_met)) / n
    ratio = np.log(np.where(x < 0, mean, -share * np.exp(-x)))
    return Profile(n, shift, grid, share, ratio, log_met)


def sales(profile: Profile, countries: int, shift: float, power: float) -> float:
    r"""Return the integral of p^(1 - eta) over goods, where countries with a given profile trade at given costs.

    With :math:`S(x) = \Phi(x) \Phi(x + d)^{n-1}` the share of goods whose cheapest offer costs more, and
    :math:`\epsilon = \theta (\eta - 1)`, it is :math:`\epsilon \int e^{-\epsilon x} (1 - S)\,dx`.
    """
    grid = Grid.make(profile.grid.low, profile.grid.high - shift) if shift else profile.grid
    x = grid.nodes
    log_dearer = profile.log_share(x) + (countries - 1) * (profile.log_share(x + shift) if countries > 1 else 0.0)
    inside = power * grid.total(-np.exp(-power * x) * np.expm1(log_dearer))
    tail = 1 + (countries - 1) * np.exp(shift) if countries > 1 else 1.0
    left = power / (1 - power) * tail * np.exp((1 - power) * grid.low)
    return float(inside + left + np.exp(-power * grid.high))
