"""Who makes what with two factors: the allocations of :mod:`tradewinds.growth.heckscher_ohlin_innovation`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from tradewinds.growth.factor_parameters import HeckscherOhlinInnovationParameters

__all__ = ["Allocation", "Sectors", "allocate", "integrated", "price_index", "sectors", "short_run", "world"]

Array = NDArray[np.float64]
_EDGE = 1e-13


@dataclass(frozen=True)
class Sectors:
    """Costs that each part of the world's spending (1) pays to human capital and labour, and what places a firm.

    Attributes
    ----------
    advanced, simple : ndarray, shape (2,)
        Payments to human capital and labour of all research and varieties, and of the homogeneous good.
    placing, homogeneous : ndarray, shape (2,)
        Elasticities of what places varieties, and of the homogeneous good's cost, to the two factor prices.
    """

    advanced: Array
    simple: Array
    placing: Array
    homogeneous: Array


@dataclass(frozen=True)
class Allocation:
    """Home's shares of varieties and of the homogeneous good, and factor prices (country, factor)."""

    varieties: float
    simple: float
    prices: Array
    equalised: bool


def sectors(p: HeckscherOhlinInnovationParameters, growth: float) -> Sectors:
    """Return what factors are paid where varieties grow at a rate."""
    s, sigma = p.differentiated_share, p.elasticity_of_substitution
    research = s / sigma * growth / (p.discount_rate + growth)
    intensity = np.array([[x, 1 - x] for x in (p.research_intensity, p.variety_intensity, p.homogeneous_intensity)])
    advanced = research * intensity[0] + s * (1 - 1 / sigma) * intensity[1]
    return Sectors(advanced, (1 - s) * intensity[2], intensity[0] + (sigma - 1) * intensity[1], intensity[2])


def integrated(p: HeckscherOhlinInnovationParameters, endowment: Array) -> tuple[float, Array]:
    """Return growth of varieties and factor prices of one economy with an endowment, its spending 1; growth may be zero."""
    intensity = np.array([p.research_intensity, 1 - p.research_intensity])
    target = p.differentiated_share / p.elasticity_of_substitution

    def prices(g: float) -> Array:
        parts = sectors(p, g)
        return np.asarray((parts.advanced + parts.simple) / endowment)

    def gap(g: float) -> float:
        return float(np.log(p.rnd_cost * (p.discount_rate + g) / target) + intensity @ np.log(prices(g)))

    return _rate(gap), prices(_rate(gap))


def _rate(gap: Callable[[float], float]) -> float:
    """Return the growth at which a blueprint costs what it is worth, or zero where it costs more."""
    if gap(0.0) >= 0:
        return 0.0
    high = 1.0
    while gap(high) < 0:
        high *= 4
    return float(brentq(gap, 0.0, high, xtol=1e-16, rtol=1e-15, maxiter=300))


def world(p: HeckscherOhlinInnovationParameters) -> tuple[float, Allocation]:
    """Return growth of varieties and the allocation with trade; factor prices are equalised where they can be."""
    endowment = p.endowment
    g, prices = integrated(p, endowment.sum(axis=0))
    found = _equalised(sectors(p, g), endowment, prices)
    if found is not None:
        return g, found
    intensity = np.array([p.research_intensity, 1 - p.research_intensity])
    target = p.differentiated_share / p.elasticity_of_substitution

    def gap(g: float) -> float:
        here = allocate(sectors(p, g), endowment)
        shares = np.array([here.varieties, 1 - here.varieties])
        return float(
            np.log(p.rnd_cost * (p.discount_rate + g) / target)
            - np.log(np.sum(shares * np.exp(-np.log(here.prices) @ intensity)))
        )

    g = _rate(gap)
    return g, allocate(sectors(p, g), endowment)


def _equalised(parts: Sectors, endowment: Array, prices: Array) -> Allocation | None:
    """Return the allocation that reproduces the integrated economy, or None outside the equalisation set."""
    matrix = np.stack([parts.advanced, parts.simple], axis=1)
    shares = np.linalg.solve(matrix, prices * endowment[0])
    if np.any(shares < 0) or np.any(shares > 1):
        return None
    return Allocation(float(shares[0]), float(shares[1]), np.stack([prices, prices]), True)


def allocate(parts: Sectors, endowment: Array) -> Allocation:
    """Return the allocation at given spending on sectors outside the equalisation set: a country lacks at least one sector.

    Each kind is placed where it costs less: in both countries where it costs the same. As costs rise with the shares of a
    country, each candidate is one root of an increasing function; the one whose idle sectors would not pay is the equilibrium.
    """

    def prices(x: float, z: float) -> Array:
        paid = np.stack([x * parts.advanced + z * parts.simple, (1 - x) * parts.advanced + (1 - z) * parts.simple])
        return np.asarray(paid / endowment)

    def gaps(x: float, z: float) -> Array:
        logs = np.log(np.maximum(prices(x, z), 1e-300))
        both = np.stack([parts.placing, parts.homogeneous])
        return np.asarray(both @ (logs[0] - logs[1]))

    best: tuple[float, float, float] | None = None
    for x, z in _candidates(gaps):
        at = gaps(x, z)
        # an idle sector at home must cost more there, a complete one less
        wrong = max(_wrong(at[0], x), _wrong(at[1], z))
        if best is None or wrong < best[0]:
            best = (wrong, x, z)
    assert best is not None
    return Allocation(best[1], best[2], prices(best[1], best[2]), False)


def _wrong(gap: float, share: float) -> float:
    """Return by how much a share breaks its condition: cost gap >= 0 at share 0, <= 0 at share 1, else 0."""
    if share <= 0:
        return max(0.0, -gap)
    return max(0.0, gap) if share >= 1 else abs(gap)


def _candidates(gaps: Callable[[float, float], Array]) -> list[tuple[float, float]]:
    """Return allocations in which at least one sector is in one country only."""
    found = [(1.0, 0.0), (0.0, 1.0)]
    for whole in (0.0, 1.0):
        for kind in (0, 1):

            def gap(share: float, kind: int = kind, whole: float = whole) -> float:
                return float(gaps(share, whole)[0] if kind == 0 else gaps(whole, share)[1])

            if gap(_EDGE) < 0 < gap(1 - _EDGE):
                share = float(brentq(gap, _EDGE, 1 - _EDGE, xtol=1e-16, rtol=1e-15))
                found.append((share, whole) if kind == 0 else (whole, share))
    return found


def short_run(p: HeckscherOhlinInnovationParameters, endowment: Array, number: Array) -> Allocation:
    """Return the allocation with given varieties and given factors in production; research is outside.

    Varieties stay where they are: home's share of spending on them is that of demand.
    """
    s, sigma = p.differentiated_share, p.elasticity_of_substitution
    make = np.array([p.variety_intensity, 1 - p.variety_intensity])
    simple = np.array([p.homogeneous_intensity, 1 - p.homogeneous_intensity])
    parts = Sectors(s * (1 - 1 / sigma) * make, (1 - s) * simple, (sigma - 1) * make, simple)

    def prices(x: float, z: float) -> Array:
        paid = np.stack([x * parts.advanced + z * parts.simple, (1 - x) * parts.advanced + (1 - z) * parts.simple])
        return np.asarray(np.maximum(paid, 1e-300) / endowment)

    def demand(z: float) -> float:
        if np.min(number) <= 0:
            return float(number[0] > 0)

        def gap(x: float) -> float:
            logs = np.log(prices(x, z))
            return float(np.log(x / (1 - x)) - np.log(number[0] / number[1]) + parts.placing @ (logs[0] - logs[1]))

        return float(brentq(gap, 1e-14, 1 - 1e-14, xtol=1e-16, rtol=1e-15))

    def cost(z: float) -> float:
        logs = np.log(prices(demand(z), z))
        return float(simple @ (logs[0] - logs[1]))

    if cost(0.0) >= 0:
        z = 0.0
    elif cost(1.0) <= 0:
        z = 1.0
    else:
        z = float(brentq(cost, 0.0, 1.0, xtol=1e-16, rtol=1e-15))
    return Allocation(demand(z), z, prices(demand(z), z), False)


def price_index(p: HeckscherOhlinInnovationParameters, prices: Any, number: Array, makes_simple: Array) -> float:
    """Return the price index of a market that buys varieties of all countries and the cheapest homogeneous good."""
    s, sigma = p.differentiated_share, p.elasticity_of_substitution
    logs = np.log(np.maximum(prices, 1e-300))
    variety = logs @ np.array([p.variety_intensity, 1 - p.variety_intensity])
    simple = logs @ np.array([p.homogeneous_intensity, 1 - p.homogeneous_intensity])
    on = number > 0
    index = np.log(np.sum(number[on] * np.exp((1 - sigma) * variety[on]))) / (1 - sigma) - np.log1p(-1 / sigma)
    return float(
        np.exp(s * index + (1 - s) * np.min(simple[makes_simple > 0]) - s * np.log(s) - (1 - s) * np.log1p(-s))
    )
