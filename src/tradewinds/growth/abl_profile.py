r"""The stationary profile of costs when managers learn from those who sell to their country.

The equations are in :mod:`tradewinds.growth.alvarez_buera_lucas`. With :math:`x = \ln y`, :math:`d = \ln\delta` and
:math:`\Phi = e^{L}`, they are :math:`L' = -H / n` and
:math:`(\ln H)' = K = \frac{1}{n} \Phi(x) [\Phi(x+d)^{n-1} + (n-1) \Phi(x-d) \Phi(x)^{n-2}]` with :math:`H \to n e^x` and
:math:`L \to -e^x` on the left: what a seller's rivals do enters at a cost lower and one higher by :math:`d`, so this is no initial
value problem. It is solved as one system, by Newton, on Chebyshev nodes in :math:`t(x) \propto \sum_k \sinh^{-1}((x - c_k) / w)`:
functions of a scaled cost are analytic in a strip of half-width :math:`\pi` around where sellers change, near :math:`c_k` from
:math:`d` to :math:`-d`, and smoother the further out, so nodes are dense there only. A hundred do what an even density needs
four hundred for.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

__all__ = ["Grid", "Profile", "one_thread", "own_sales", "rivals", "sales", "stationary"]

Array = NDArray[np.float64]

#: Logarithms of scaled costs beyond which terms of second order are below rounding.
_LEFT, _RIGHT = 31.0, 32.0

#: Width of the densest part of a grid, and the largest distance between its centres.
_WIDTH, _APART = 3.0, 2.5


@functools.cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> Any:
    """Return a context in which linear algebra has one thread: systems are small, and threads only wait for each other."""
    return _threads().limit(limits=1, user_api="blas")


@functools.lru_cache(maxsize=32)
def _cosines(count: int) -> tuple[Array, Array, Array]:
    """Return nodes, the matrix from values to coefficients, and that from values to integrals from the left end."""
    angle = np.pi * (np.arange(count)[::-1] + 0.5) / count
    # polynomials as cosines: their recurrence loses digits at the ends
    polynomials = np.cos(angle[:, np.newaxis] * np.arange(count + 1))
    to_coefficients = 2 / count * polynomials[:, :-1].T
    to_coefficients[0] /= 2
    integrals = chebyshev.chebint(np.eye(count), lbnd=-1, axis=0)
    return np.cos(angle), to_coefficients, polynomials @ integrals @ to_coefficients


def _cosine_series(angle: Array, count: int) -> Array:
    """Return cos(k angle), k last: from sums of angles, a tenth of the cosines."""
    small, large = np.arange(12), 12 * np.arange(-(-count // 12))
    a, b = (angle[..., np.newaxis] * k for k in (large, small))
    product = np.cos(a)[..., np.newaxis] * np.cos(b)[..., np.newaxis, :]
    product -= np.sin(a)[..., np.newaxis] * np.sin(b)[..., np.newaxis, :]
    return np.asarray(product.reshape(*angle.shape, -1)[..., :count])


@dataclass(frozen=True, eq=False)
class Grid:
    """Chebyshev nodes on an interval, mapped to be dense around the centres, and the matrices that act on values there."""

    low: float
    high: float
    centres: Array
    ends: tuple[float, float]
    nodes: Array
    speed: Array
    to_coefficients: Array
    integrate: Array

    @classmethod
    @functools.lru_cache(maxsize=64)
    def make(cls, low: float, high: float, first: float, last: float, share: float = 1.0) -> Grid:
        """Return a grid whose interpolants of functions that change between two points are exact to rounding.

        With a ``share`` of its nodes a grid is good enough for a first guess.
        """
        count = int(np.ceil(share * (110 + 5 * max(0.0, last - first - 6))))
        centres = np.linspace(first, last, 1 + int(np.ceil((last - first) / _APART)))
        unit, to_coefficients, integrals = _cosines(count)
        ends = tuple(float(np.sum(np.arcsinh((end - centres) / _WIDTH))) for end in (low, high))
        x = np.linspace(low, high, 4 * count)
        x = np.interp(unit, cls._mapped(x, centres, ends), x)
        for _ in range(6):
            x = np.clip(x - (cls._mapped(x, centres, ends) - unit) / cls._slope(x, centres, ends), low, high)
        speed = 1 / cls._slope(x, centres, ends)
        return cls(low, high, centres, (ends[0], ends[1]), x, speed, to_coefficients, integrals * speed)

    @staticmethod
    def _mapped(x: Array, centres: Array, ends: tuple[float, ...]) -> Array:
        raw = np.sum(np.arcsinh((x[..., np.newaxis] - centres) / _WIDTH), axis=-1)
        return np.asarray(2 * (raw - ends[0]) / (ends[1] - ends[0]) - 1)

    @staticmethod
    def _slope(x: Array, centres: Array, ends: tuple[float, ...]) -> Array:
        raw = np.sum(1 / np.hypot(x[..., np.newaxis] - centres, _WIDTH), axis=-1)
        return np.asarray(2 * raw / (ends[1] - ends[0]))

    def polynomials(self, x: Any) -> Array:
        """Return the Chebyshev polynomials at points, those outside moved to the nearest end."""
        unit = self._mapped(np.clip(np.asarray(x, dtype=float), self.low, self.high), self.centres, self.ends)
        return _cosine_series(np.arccos(np.clip(unit, -1, 1)), len(self.nodes))

    def at(self, x: Any) -> Array:
        """Return the matrix that interpolates at points."""
        return np.asarray(self.polynomials(x) @ self.to_coefficients)

    @functools.cached_property
    def weights(self) -> Array:
        """Weights of the integral over the whole interval."""
        orders = np.arange(0, len(self.nodes), 2)
        return np.asarray((2 / (1 - orders**2.0)) @ self.to_coefficients[::2] * self.speed)

    def total(self, values: Array) -> Any:
        """Return the integral over the whole interval, along the last axis."""
        return values @ self.weights

    def panels(self, count: int = 20, points: int = 12) -> tuple[Array, Array, Array]:
        """Return Gauss-Legendre nodes and weights on panels that are short where the grid is dense, and the ends of the panels."""
        nodes, weights = np.polynomial.legendre.leggauss(points)
        fine = np.linspace(self.low, self.high, 400)
        ends = np.interp(np.linspace(-1, 1, count + 1), self._mapped(fine, self.centres, self.ends), fine)
        half = np.diff(ends)[:, np.newaxis] / 2
        return (ends[:-1] + ends[1:])[:, np.newaxis] / 2 + half * nodes, half * weights, ends


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

    @functools.cached_property
    def coefficients(self) -> Array:
        """Coefficients of log_ratio, log_right, log_met and sellers, a column each."""
        values = np.stack([self.log_ratio, self.log_right, self.log_met, self.sellers], axis=1)
        return np.asarray(self.grid.to_coefficients @ values)

    def shares(self, x: Any) -> tuple[Array, Array]:
        """Return the logarithm of the share of goods with a scaled cost above exp(x), and the share of sellers below."""
        x = np.asarray(x, dtype=float)
        ratio, log_right, log_met, sellers = np.moveaxis(self.grid.polynomials(x) @ self.coefficients, -1, 0)
        left = np.minimum(x, 0.0)
        tail = -np.exp(left + np.where(x < self.grid.low, 0.0, ratio))
        # beyond the right end nearly every seller is better, so the share falls by 1 / n
        bulk = log_right - np.maximum(x - self.grid.high, 0.0) / self.countries
        met = np.exp(left + np.where(x < self.grid.low, np.log(self.countries), log_met))
        return np.where(x < 0, tail, bulk), np.where(x < 0, met, sellers)

    def log_share(self, x: Any) -> Array:
        """Return the logarithm of the share of goods with a scaled cost above exp(x)."""
        return self.shares(x)[0]

    def seller_share(self, x: Any) -> Array:
        """Return the share of sellers with a scaled cost below exp(x)."""
        return self.shares(x)[1]

    @functools.cached_property
    def tested(self) -> Tested:
        """The profile at points that the solver did not use."""
        x, weights, ends = self.grid.panels()
        here, met = self.shares(x)
        home, foreign = rivals(self.countries, here, self.log_share(x + self.shift), self.log_share(x - self.shift))
        at_ends = self.shares(ends)
        return Tested(x, weights, np.exp(here) * met, met, home, foreign, ends[0], *at_ends)

    def misses(self, rate: float) -> dict[str, Any]:
        """Return what the profile leaves of its equations, integrated over panels, where managers meet so many sellers."""
        t = self.tested
        return {
            "learning": np.diff(t.log_share_ends) + rate * np.sum(t.weights * t.met, axis=1),
            "sellers": np.diff(t.seller_share_ends) - rate * np.sum(t.weights * t.known * (t.home + t.foreign), axis=1),
            "all goods are sold": t.seller_share_ends[-1] - 1,
        }


@dataclass(frozen=True, eq=False)
class Tested:
    """A profile at nodes of panels: goods known times sellers met, sellers met, who has no rival; and shares at the ends."""

    x: Array
    weights: Array
    known: Array
    met: Array
    home: Array
    foreign: Array
    low: float
    log_share_ends: Array
    seller_share_ends: Array


def rivals(countries: int, here: Array, lower: Array, higher: Array) -> tuple[Array, Array]:
    """Return the chance that a seller of each cost has no better rival, at home and abroad (all foreign countries together).

    The arguments are logarithms of the share of goods with a cost above: the seller's, that times delta, and that over delta.
    """
    if countries == 1:
        return np.ones_like(here), np.zeros_like(here)
    home = np.exp((countries - 1) * lower)
    return home, (countries - 1) * np.exp(higher + (countries - 2) * here)


def _grid(countries: int, shift: float, share: float = 1.0) -> Grid:
    """Return the grid of a profile: sellers change at the cost of the best of all countries, a trade cost below and above."""
    first = shift - float(np.log(countries))
    return Grid.make(first - _LEFT, _RIGHT - shift, first, -shift, share)


class _System:
    """The equations of a profile on a grid."""

    def __init__(self, countries: int, shift: float, grid: Grid) -> None:
        x = grid.nodes
        self.n, self.x = countries, x
        self.growing = grid.integrate + grid.at(grid.low)  # adds what lies left, where the integrand grows like exp(x)
        self.down, self.up = grid.at(x + shift), grid.at(x - shift)
        outside = x + shift < grid.low
        self.down[outside] = 0.0
        self.left = np.where(outside, -np.exp(x + shift), 0.0)
        self.above = np.maximum(x - shift - grid.high, 0.0) / countries

    def sellers(self, share: Array) -> tuple[Array, Array, Array, Array]:
        """Return log sellers over exp(x), goods over n, and who has no rival, at home and abroad."""
        home, foreign = rivals(self.n, share, self.left + self.down @ share, self.up @ share - self.above)
        here = np.exp(share) / self.n
        return np.log(self.n) + self.growing @ (here * (home + foreign) - 1), here, home, foreign

    def solve(self, share: Array, tolerance: float) -> Array:
        """Return the logarithm of the share of goods with a cost above, by Newton."""
        from scipy.linalg import lu_factor, lu_solve

        n, growing, identity, largest, factors = self.n, self.growing, np.eye(len(self.x)), np.inf, None
        for _ in range(60):
            log_met, here, home, foreign = self.sellers(share)
            sellers = np.exp(self.x + log_met)
            if factors is None or largest > 0.03:  # close by, the last Jacobian is good enough
                slope = (here * home * (n - 1))[:, np.newaxis] * self.down + (here * foreign)[:, np.newaxis] * self.up
                slope[np.diag_indices(len(self.x))] += here * (home + foreign * (n - 1))
                factors = lu_factor(identity + growing @ (sellers[:, np.newaxis] * (growing @ slope)) / n)
            step = lu_solve(factors, -share - growing @ sellers / n)
            largest = float(np.max(np.abs(step)))
            share = np.minimum(share + step / max(1.0, largest / 3), 0.0)
            if largest < tolerance:  # the next step would be rounding
                break
        return share


def _guess(countries: int, shift: float, x: Array) -> Array:
    """Return a first guess: free trade, or the profile at a smaller trade cost on a coarse grid."""
    if shift >= -6:
        return np.asarray(-np.log1p(countries * np.exp(x)) / countries)
    near = shift / 1.3
    grid = _grid(countries, near, 0.6)
    share = _System(countries, near, grid).solve(_guess(countries, near, grid.nodes), 1e-3)
    return np.asarray(np.minimum(grid.at(x) @ share - np.maximum(x - grid.high, 0.0) / countries, 0.0))


@functools.lru_cache(maxsize=512)
def stationary(countries: int, shift: float) -> Profile:
    """Return the stationary profile of countries at the logarithm of delta; whether it solves is for the caller to judge."""
    with one_thread():
        grid = _grid(countries, shift)
        x, system = grid.nodes, _System(countries, shift, grid)
        share = system.solve(_guess(countries, shift, x), 1e-11)
        log_met = system.sellers(share)[0]
        # -L / y is the mean of H / (n y) below y, with weights y
        mean = np.linalg.solve(np.eye(len(x)) + grid.integrate, system.growing @ np.exp(log_met)) / countries
        ratio = np.log(np.where(x < 0, mean, -share * np.exp(-x)))
    return Profile(countries, shift, grid, share, ratio, log_met)


def sales(profile: Profile, countries: int, shift: float, power: Any) -> Any:
    r"""Return the integral of p^(1 - eta) over goods, where countries with a given profile trade at given costs.

    With :math:`S(x) = \Phi(x) \Phi(x + d)^{n-1}` the share of goods whose cheapest offer costs more, and
    :math:`\epsilon = \theta (\eta - 1)`, it is :math:`\epsilon \int e^{-\epsilon x} (1 - S)\,dx`. An array of powers
    :math:`\epsilon` gives an array.
    """
    own = profile.grid
    grid = (
        Grid.make(own.low, own.high - shift, min(shift, profile.shift) - np.log(countries), -min(shift, profile.shift))
        if shift
        else own
    )
    x, e = grid.nodes, np.asarray(power, dtype=float)
    log_dearer = profile.log_share(x) + (countries - 1) * (profile.log_share(x + shift) if countries > 1 else 0.0)
    inside = e * grid.total(-np.exp(-e[..., np.newaxis] * x) * np.expm1(log_dearer))
    tail = 1 + (countries - 1) * np.exp(shift) if countries > 1 else 1.0
    total = inside + e / (1 - e) * tail * np.exp((1 - e) * grid.low) + np.exp(-e * grid.high)
    return total if total.ndim else float(total)


def own_sales(profile: Profile, power: Any) -> Any:
    """Return the part of sales of home's own goods, where the profile is stationary."""
    grid, n, e = profile.grid, profile.countries, np.asarray(power, dtype=float)
    own = np.exp(profile.log_right + (n - 1) * profile.log_share(grid.nodes + profile.shift)) * profile.sellers / n
    total = grid.total(np.exp(-e[..., np.newaxis] * grid.nodes) * own) + np.exp((1 - e) * grid.low) / (1 - e)
    return total if total.ndim else float(total)
