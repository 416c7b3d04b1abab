r"""Who works where: workers of different ability, technologies of different complexity, research on top.

Used by the variant ``heterogeneous`` of :mod:`tradewinds.growth.partial_spillovers`. Ability :math:`a` is uniform on
[0, 1]; complexity :math:`\varphi` of a new variety's technology is uniform on :math:`[\varphi_0, \varphi_1]` and known only after
its invention. A worker makes :math:`e^{\varphi a}` units with a technology, or :math:`e^{\eta a}` units of research,
:math:`\eta > \varphi_1`: abilities above a cutoff :math:`a_R` do research, the others are matched with technologies positively,
:math:`a = m(\varphi)`. The choice of a firm, :math:`w'(a)/w(a) = \varphi`, and labour demand
:math:`\propto w^{-\sigma} e^{(\sigma - 1)\varphi m}` make

.. math:: \ln m'(\varphi) = c + \sigma \int m - \varphi\,m, \qquad m(\varphi_0) = 0, \quad m(\varphi_1) = a_R .

Two numbers carry all that matters for growth: research per worker :math:`H(a_R) = \int_{a_R}^1 e^{\eta a}\,da`, and production in
units of what a researcher at the cutoff earns, :math:`D(a_R) = e^{\eta a_R}\int_0^{a_R} \frac{w(a)}{w(a_R)}\,da`. With equal
workers and technologies :math:`H = 1 - D`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError

__all__ = ["Equal", "Match", "Sorted", "Workforce"]

Array = NDArray[np.float64]

#: Chebyshev points of the matching function; it is analytic, so these give all digits.
POINTS = 24


class Workforce(Protocol):
    """What growth needs to know of workers and technologies."""

    def research(self, production: Any) -> Any:
        """Return H for given D."""

    def idle(self) -> float:
        """Return D if nobody does research."""

    def efficiency(self, production: Any) -> tuple[Any, Any, Any]:
        """Return the wage bill of production a worker (lowest wage one), the CES cost index, the share of researchers."""


class Equal:
    """Workers and technologies that do not differ."""

    def research(self, production: Any) -> Any:
        """Return H for given D."""
        return 1 - production

    def idle(self) -> float:
        """Return D if nobody does research."""
        return 1.0

    def efficiency(self, production: Any) -> tuple[Any, Any, Any]:
        """Return wage bill, cost index and share of researchers."""
        return production, 1.0 + 0 * production, 1 - production


@dataclass(frozen=True)
class Match:
    """Workers matched with technologies, given who does research.

    Attributes
    ----------
    complexity, ability, log_wage, log_slope : ndarray
        At the Chebyshev points; the lowest wage is one; log_slope is that of the matching function.
    cutoff, production, research : float
        :math:`a_R`, D, H.
    wage_bill, cost_index : float
        Of production a worker; CES index of ``wage / productivity``.
    wage_ratio : float
        Highest wage over lowest.
    log_wage_deviation : float
        Standard deviation of log wages over all workers.
    """

    complexity: Array
    ability: Array
    log_wage: Array
    log_slope: Array
    cutoff: float
    production: float
    research: float
    wage_bill: float
    cost_index: float
    wage_ratio: float
    log_wage_deviation: float


@functools.lru_cache(maxsize=4)
def _chebyshev(points: int) -> tuple[Array, Array]:
    """Return points on [0, 1] and the matrix that integrates from 0 to each of them."""
    from numpy.polynomial import chebyshev

    nodes = (1 - np.cos(np.pi * np.arange(points) / (points - 1))) / 2
    values = chebyshev.chebvander(2 * nodes - 1, points - 1)
    integrals = np.stack(
        [chebyshev.chebval(2 * nodes - 1, chebyshev.chebint(e, lbnd=-1)) / 2 for e in np.eye(points)], axis=1
    )
    return nodes, np.asarray(np.linalg.solve(values.T, integrals.T).T, dtype=float)


@dataclass(frozen=True)
class Sorted:
    """Workers and technologies that differ; see the module."""

    sigma: float
    low: float
    high: float
    skill: float

    def match(self, cutoff: float, start: Match | None = None) -> Match:
        """Match the workers below a cutoff with all technologies; a match nearby is a start.

        Raises
        ------
        InputError
            If the cutoff is not in (0, 1], or Newton's method fails.
        """
        if not 0 < cutoff <= 1:
            raise InputError(f"the cutoff of ability is {cutoff!r}; it must lie in (0, 1]")
        nodes, matrix = _chebyshev(POINTS)
        width = self.high - self.low
        phi, integrate = self.low + width * nodes, width * matrix
        constant = np.log(cutoff / width)
        log_slope = np.full(POINTS, constant)
        if start is not None:
            log_slope, constant = start.log_slope + np.log(cutoff / start.cutoff), start.log_slope[0]
        for _ in range(60):
            slope = np.exp(log_slope)
            ability = integrate @ slope
            gap = np.append(
                log_slope - constant - self.sigma * (integrate @ ability) + phi * ability, ability[-1] - cutoff
            )
            step = np.linalg.solve(self._jacobian(phi, integrate, slope), -gap)
            step /= max(1.0, float(np.max(np.abs(step))))
            log_slope, constant = log_slope + step[:-1], constant + step[-1]
            if np.max(np.abs(step)) < 1e-10:
                break
        else:
            raise InputError(
                f"partial-spillovers: workers cannot be matched with technologies below ability {cutoff:.4g}"
            )
        return self._valued(phi, integrate, log_slope, cutoff)

    def _jacobian(self, phi: Array, integrate: Array, slope: Array) -> Array:
        jacobian = np.zeros((POINTS + 1, POINTS + 1))
        by_slope = integrate * slope
        jacobian[:-1, :-1] = phi[:, np.newaxis] * by_slope - self.sigma * (integrate @ by_slope)
        jacobian[np.arange(POINTS), np.arange(POINTS)] += 1
        jacobian[:-1, -1] = -1
        jacobian[-1, :-1] = by_slope[-1]
        return jacobian

    def _valued(self, phi: Array, integrate: Array, log_slope: Array, cutoff: float) -> Match:
        slope, weights = np.exp(log_slope), integrate[-1]
        ability = integrate @ slope
        log_wage = integrate @ (phi * slope)
        top = log_wage[-1]
        bill = float(weights @ (np.exp(log_wage) * slope))
        costs = float(weights @ np.exp((1 - self.sigma) * (log_wage - phi * ability))) / (self.high - self.low)
        rest = 1 - cutoff  # researchers, whose log wages are a line
        mean = float(weights @ (log_wage * slope)) + rest * (top + self.skill * rest / 2)
        square = float(weights @ (log_wage**2 * slope)) + rest * (
            top**2 + top * self.skill * rest + (self.skill * rest) ** 2 / 3
        )
        return Match(
            complexity=phi,
            ability=ability,
            log_wage=log_wage,
            log_slope=log_slope,
            cutoff=cutoff,
            production=float(np.exp(self.skill * cutoff - top)) * bill,
            research=float(np.exp(self.skill * cutoff) * np.expm1(self.skill * rest)) / self.skill,
            wage_bill=bill,
            cost_index=costs ** (1 / (1 - self.sigma)),
            wage_ratio=float(np.exp(top + self.skill * rest)),
            log_wage_deviation=float(np.sqrt(max(square - mean**2, 0.0))),
        )

    def equilibrium(self, root: float, rho: float) -> Match:
        r"""Return the match at which research and production are equally rewarded; nobody does research if it never is.

        The condition is :math:`D\,r = (\sigma - 1)(\rho + H\,r)` with the spectral radius r, by bracketing in the cutoff.
        """
        from scipy.optimize import brentq

        top = self.match(1.0)

        def excess(cutoff: float) -> float:
            match = self.match(cutoff, top)
            return match.production * root / ((self.sigma - 1) * (rho + match.research * root)) - 1

        if excess(1.0) <= 0:
            return top
        return self.match(float(brentq(excess, 1e-3, 1.0, xtol=1e-15, rtol=8.9e-16)))

    def at_growth(self, growth: float, rho: float) -> Match:
        """Return the match at which innovation is a given number; the spectral radius is then ``growth / research``."""
        from scipy.optimize import brentq

        wanted = (self.sigma - 1) * (rho + growth) / growth

        def excess(cutoff: float) -> float:
            match = self.match(cutoff)
            return match.production - wanted * match.research

        return self.match(float(brentq(excess, 1e-3, 1.0, xtol=1e-15, rtol=8.9e-16)))

    def idle(self) -> float:
        """Return D if nobody does research."""
        return self.match(1.0).production

    def research(self, production: Any) -> Any:
        """Return H for given D, by a spline through exact points."""
        return _table(self)[0](production)

    def efficiency(self, production: Any) -> tuple[Any, Any, Any]:
        """Return wage bill, cost index and share of researchers for given D, by splines through exact points."""
        bill, cost, cutoff = (f(production) for f in _table(self)[1:])
        return bill, cost, 1 - cutoff


@functools.lru_cache(maxsize=8)
def _table(workers: Sorted) -> tuple[Any, ...]:
    """Return H, wage bill, cost index and cutoff as splines in D."""
    from scipy.interpolate import CubicSpline

    matches = [workers.match(float(c)) for c in np.linspace(0.02, 1, 99)]
    names = ("research", "wage_bill", "cost_index", "cutoff")
    production = [m.production for m in matches]
    return tuple(CubicSpline(production, [getattr(m, n) for m in matches]) for n in names)
