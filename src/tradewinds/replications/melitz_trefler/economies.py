"""Economies drawn at random, in which the paper's claims are tried: closed, doubled, before and after trade gets cheaper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.firms import (
    Liberalisation,
    UniformEquilibrium,
    UniformParameters,
    integrate_markets,
    liberalise,
    solve,
)

__all__ = ["COLUMN", "ECONOMIES", "PARAMETERS", "SEED", "Economy", "build", "economies"]

Array = NDArray[np.float64]

ECONOMIES, SEED = 30, 2012
COLUMN = f"{ECONOMIES} economies"
#: Of the figures: without trade firms survive up to a cost of one; innovation as in the study of the documentation.
PARAMETERS = UniformParameters(innovation_cost=0.02, innovation_cost_reduction=0.05)


@dataclass(frozen=True)
class Economy:
    """One economy.

    Attributes
    ----------
    closed, doubled : UniformEquilibrium
        Without trade, and as one market twice as large: Figure 3.
    high, low : UniformEquilibrium
        Two countries at a higher and a lower trade cost, at both of which there is trade: Figure 4.
    """

    closed: UniformEquilibrium
    doubled: UniformEquilibrium
    high: UniformEquilibrium
    low: UniformEquilibrium

    @property
    def integration(self) -> Liberalisation:
        """What integration does to firms of each cost."""
        return liberalise(self.closed, self.doubled)

    @property
    def opening(self) -> Liberalisation:
        """What the fall of the trade cost does to firms of each cost."""
        return liberalise(self.high, self.low)


def costs(point: UniformEquilibrium, count: int = 101) -> Array:
    """Return costs of firms that sell at home, evenly spaced from the best to nearly the worst."""
    return np.linspace(0.0, 0.999, count) * point.cost_cutoff


def build(parameters: UniformParameters, high: float, low: float) -> Economy:
    """Return an economy of these parameters at two trade costs."""
    closed = parameters.replace(trade_cost=float("inf"))
    cases = (closed, integrate_markets(closed, 2), closed.replace(trade_cost=high), closed.replace(trade_cost=low))
    return Economy(*(solve(case).value for case in cases))


def economies(count: int = ECONOMIES) -> list[Economy]:
    """Draw economies: sizes over two orders of magnitude, any fall of the trade cost at which there is trade before."""
    return [_draw(np.random.default_rng(seed)) for seed in np.random.SeedSequence(SEED).spawn(count)]


def _draw(random: np.random.Generator) -> Economy:
    size, slope, entry = np.exp(random.uniform(-2, 2, 3))
    bound = np.sqrt(12 * entry / (size * slope))  # from here on costs do not end below the cutoff
    maximum = float(bound * random.uniform(1.02, 3))
    base = UniformParameters(market_size=size, price_sensitivity=slope, entry_cost=entry, maximum_cost=maximum)
    unit = base.autarky_cutoff
    fall = unit * random.uniform(0.02, 0.1)
    units_at_the_margin = size * slope / 2 * unit * random.uniform(0.3, 1.2)
    base = base.replace(innovation_cost_reduction=fall, innovation_cost=fall * units_at_the_margin)
    high = random.uniform(0.3, 0.97) * unit
    return build(base, high, high * random.uniform(0.0, 0.9))
