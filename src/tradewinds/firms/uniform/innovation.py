r"""Innovation in the paper's model: who pays :math:`f_I` to lower marginal cost by :math:`\Delta c`.

Three answers. The paper's rule compares the cost with what is saved on the output sold before, :math:`q \Delta c > f_I`. The
exact gain also counts the units that lower cost makes worth selling, :math:`q \Delta c + \tfrac{Sb}{4} \Delta c^2` a market, so
more firms innovate. In equilibrium innovators are tougher competitors, entry pays for the innovation to come, and the cutoffs move.
Costs may fall below zero: only differences between costs matter here, and zero is the best first draw. (Were they cut off at
zero, the best firms of all would have nothing to gain and would not innovate, against the paper's "only firms with large volumes".)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.firms.results import Quantity
from tradewinds.firms.uniform.behaviour import Behaviour, exact_cutoff, rule_cutoff
from tradewinds.firms.uniform.checks import integrate
from tradewinds.firms.uniform.parameters import UniformParameters
from tradewinds.firms.uniform.totals import INNOVATION_UNITS, excess_profit, innovation_totals

__all__ = [
    "DECISIONS",
    "INNOVATION_NAMES",
    "InnovationEquilibrium",
    "behaviour",
    "innovation_point",
    "innovation_residual",
]

Array = NDArray[np.float64]

#: How firms decide on innovation: not at all, by the paper's rule, by the exact gain, or exactly and in equilibrium.
DECISIONS: tuple[str, ...] = ("none", "rule", "exact", "equilibrium")

INNOVATION_NAMES: tuple[str, ...] = (
    "expected profit pays for entry and innovation",
    "innovation pays exactly at its cutoff",
    "nobody buys at the cutoff, with innovation",
)


@dataclass(frozen=True, eq=False)
class InnovationEquilibrium:
    """Innovation without and with its effect on competition.

    Attributes
    ----------
    parameters : UniformParameters
    innovation_cutoff_rule, innovation_cutoff_exact : float
        Initial cost below which firms innovate, by the paper's rule and by the exact gain, with the cutoffs of the
        equilibrium without innovation; 0 where nobody does.
    innovation_cutoff_equilibrium : float
        The same once competition, entry and innovation agree.
    cost_cutoff, entrants : float
        Choke price and entrants of that equilibrium.
    """

    parameters: UniformParameters
    innovation_cutoff_rule: float
    innovation_cutoff_exact: float
    innovation_cutoff_equilibrium: float
    cost_cutoff: float
    entrants: float

    @property
    def behaviour(self) -> Behaviour:
        """What firms do in the equilibrium with innovation."""
        return _behaviour(self.parameters, self.cost_cutoff, self.innovation_cutoff_equilibrium)

    def quantities(self) -> Iterator[Quantity]:
        """Yield every number."""
        for name in ("innovation_cutoff_rule", "innovation_cutoff_exact", "innovation_cutoff_equilibrium"):
            yield Quantity(name, getattr(self, name), "price")
        for name, value in self.totals.items():
            yield Quantity(name, value, INNOVATION_UNITS[name])

    @property
    def totals(self) -> dict[str, float]:
        """Cutoffs, firms, trade and average cost of the equilibrium with innovation, by public name."""
        p = self.parameters
        assert p.innovation_cost_reduction is not None  # there is no such equilibrium without
        found = innovation_totals(
            self.cost_cutoff,
            self.innovation_cutoff_equilibrium,
            p.trade_cost,
            p.innovation_cost_reduction,
            p.price_sensitivity,
            p.maximum_cost,
        )
        # entrants are kept as they were found, so that a check sees them
        scale = self.entrants / found["entrants_with_innovation"]
        firms = ("entrants", "domestic_sellers", "foreign_sellers")
        return {name: float(value * (scale if name.startswith(firms) else 1)) for name, value in found.items()}


def _behaviour(parameters: UniformParameters, choke: float, cutoff: float) -> Behaviour:
    p = parameters
    assert p.innovation_cost is not None and p.innovation_cost_reduction is not None  # callers ask only then
    scale = p.market_size * p.price_sensitivity
    return Behaviour(choke, p.trade_cost, scale, cutoff, p.innovation_cost_reduction, p.innovation_cost)


def behaviour(point: object, decision: str = "none") -> Behaviour:
    """Return what firms do in an equilibrium under one rule of innovation.

    Raises
    ------
    InputError
        If the decision is unknown, or asks for innovation where the parameters have none.
    """
    from tradewinds.firms.uniform.results import UniformEquilibrium

    assert isinstance(point, UniformEquilibrium)
    require_option("decision", decision, DECISIONS)
    p = point.parameters
    if decision == "none":
        return Behaviour(point.cost_cutoff, p.trade_cost, p.market_size * p.price_sensitivity)
    if point.innovation is None:
        raise InputError(
            f"decision is {decision!r} but {point.scenario} has no innovation: give innovation_cost and "
            "innovation_cost_reduction, or use decision = 'none'"
        )
    cutoff = getattr(point.innovation, f"innovation_cutoff_{decision}")
    choke = point.innovation.cost_cutoff if decision == "equilibrium" else point.cost_cutoff
    return _behaviour(p, choke, cutoff)


def innovation_point(parameters: UniformParameters, base_cutoff: float) -> InnovationEquilibrium:
    """Return innovation at the cutoff without it, and the equilibrium with it, ungraded.

    Raises
    ------
    InputError
        If innovation is so cheap that firms of the highest cost would survive by it.
    """
    from scipy.optimize import brentq

    p = parameters
    assert p.innovation_cost is not None and p.innovation_cost_reduction is not None
    scale, fall = p.market_size * p.price_sensitivity, p.innovation_cost_reduction
    squares = 4 * p.innovation_cost / scale

    def cutoff_at(choke: float) -> float:
        return exact_cutoff(choke, p.trade_cost, fall, squares)

    def excess(choke: float) -> float:
        c_i = min(cutoff_at(choke), p.maximum_cost)
        entry = 4 * p.entry_cost * p.maximum_cost / scale
        return float(excess_profit(choke, c_i, p.trade_cost, fall, squares, entry))

    # at the old cutoff the option to innovate makes entry pay too well, and at none of a market it does not pay
    low = -fall  # choke prices below the best first draw are possible when innovation is cheap
    choke = (
        base_cutoff if excess(base_cutoff) <= 0 else float(brentq(excess, low, base_cutoff, xtol=1e-300, rtol=1e-15))
    )
    found = _behaviour(p, choke, cutoff_at(choke))
    if choke <= 0 or found.survival_cutoff > p.maximum_cost:
        raise InputError(
            f"innovation_cost is {p.innovation_cost:g} for a fall of {fall:g}: so cheap that firms of every cost up to "
            f"maximum_cost = {p.maximum_cost:g} would survive by it; raise innovation_cost or maximum_cost"
        )
    totals = innovation_totals(choke, found.innovation_cutoff, p.trade_cost, fall, p.price_sensitivity, p.maximum_cost)
    return InnovationEquilibrium(
        parameters=p,
        innovation_cutoff_rule=rule_cutoff(base_cutoff, p.trade_cost, squares / (2 * fall)),
        innovation_cutoff_exact=cutoff_at(base_cutoff),
        innovation_cutoff_equilibrium=found.innovation_cutoff,
        cost_cutoff=choke,
        entrants=float(totals["entrants_with_innovation"]),
    )


def innovation_residual(point: InnovationEquilibrium) -> Array:
    """Return the residuals of :data:`INNOVATION_NAMES`; every firm takes the better of its two profits."""
    p, acts = point.parameters, point.behaviour
    assert p.innovation_cost is not None and p.innovation_cost_reduction is not None
    still, fall = Behaviour(acts.choke, acts.trade_cost, acts.scale), acts.reduction

    def best(cost: Array) -> Array:
        return np.maximum(still.profit(cost), still.profit(cost - fall) - acts.innovation_cost)

    edges = {0.0, p.maximum_cost, *acts.breakpoints(), acts.choke + fall}
    places = sorted(edge for edge in edges if 0 <= edge <= p.maximum_cost)
    expected = sum(integrate(best, low, high) for low, high in itertools.pairwise(places)) / p.maximum_cost
    margin = float(acts.gain(point.innovation_cutoff_equilibrium, fall)) / acts.innovation_cost - 1
    nobody = point.innovation_cutoff_equilibrium == 0
    n = mean = 0.0
    for _, low, high, cut, away in acts.segments():
        n += high - low
        mean += integrate(lambda c, cut=cut, away=away: (acts.choke + c - cut + away) / 2, low, high)  # type: ignore[misc]
    sellers = point.entrants / p.maximum_cost * n
    return np.array(
        [
            expected / p.entry_cost - 1,
            max(margin, 0.0) if nobody else margin,
            (mean / n + 1 / (p.price_sensitivity * sellers)) / acts.choke - 1,
        ]
    )
