"""Parameters, spectral radius and trade block of partial spillovers.

The equations are in the documentation of :mod:`tradewinds.growth.partial_spillovers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth import gravity
from tradewinds.growth.parameters import GrowthParameters, parameter
from tradewinds.growth.sorting import Equal, Sorted, Workforce

__all__ = [
    "PartialSpilloversParameters",
    "idle_root",
    "idle_varieties",
    "last",
    "leading_block",
    "perron",
    "trade_block",
    "workers_of",
    "workforce",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class PartialSpilloversParameters(GrowthParameters):
    """Parameters of partial spillovers; countries in one order throughout, home first."""

    elasticity_of_substitution: float = parameter(
        3.0,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of one half, the upper end of the usual range of 20 to 50 per cent",
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2.7 per cent, a real interest rate of 5.7 per cent",
    )
    labour: Any = parameter(
        (1.0, 2.0, 0.5),
        symbol="L_c",
        meaning="workers",
        unit="workers",
        bounds="(0, inf)",
        axes=("country",),
        source="a small world of round numbers",
    )
    rnd_cost: Any = parameter(
        (8.0, 10.0, 12.0),
        symbol="a_c",
        meaning="workers a blueprint takes, per unit of knowledge",
        unit="workers",
        bounds="(0, inf)",
        axes=("country",),
        source="a small world of round numbers",
    )
    spillovers: Any = parameter(
        ((1.0, 0.3, 0.1), (0.2, 1.0, 0.4), (0.1, 0.2, 1.0)),
        symbol="Omega_jc",
        meaning="part of the research experience of the source (row) that is of use in the receiver (column)",
        unit="share",
        bounds="[0, 1]",
        axes=("source", "receiver"),
        source="a small world of round numbers",
    )
    trade_cost: float = parameter(
        1.5,
        symbol="tau",
        meaning="units shipped over a border for one to arrive; inf closes all",
        unit="1",
        bounds="[1, inf]",
        source="within the range of estimated barriers between rich countries",
    )
    relative_trade_costs: Any = parameter(
        ((1.0,) * 3,) * 3,
        symbol="tau_cd / tau",
        meaning="cost of a border (source by destination) over the common one; 1 on the diagonal",
        unit="1",
        bounds="[1, inf)",
        axes=("source", "destination"),
        source="all borders alike",
    )
    complexity_low: float = parameter(
        0.2,
        symbol="varphi_0",
        meaning="return to ability with the simplest technology (variant heterogeneous)",
        unit="1",
        bounds="[0, inf)",
        source="an illustration: no estimate was at hand",
    )
    complexity_high: float = parameter(
        1.0,
        symbol="varphi_1",
        meaning="return to ability with the most complex technology (variant heterogeneous)",
        unit="1",
        bounds="(0, inf)",
        source="an illustration: no estimate was at hand",
    )
    research_skill: float = parameter(
        1.5, symbol="eta", meaning="return to ability in research (variant heterogeneous)", unit="1", bounds="(0, inf)",
        source="an illustration: highest wage 2.1 times the lowest",
    )  # fmt: skip

    def check(self) -> None:
        """Require one number a country, and a pair of countries, in one order."""
        count = len(self.labour)
        wanted = {"rnd_cost": (count,), "spillovers": (count, count), "relative_trade_costs": (count, count)}
        for name, shape in wanted.items():
            found = getattr(self, name).shape
            if found != shape:
                raise InputError(
                    f"{name} has shape {found} but labour has {count} countries: it must have shape {shape}. Give all of "
                    "labour, rnd_cost, spillovers and relative_trade_costs for the same countries."
                )
        gravity.require_free_at_home(self.relative_trade_costs)
        if not self.complexity_low < self.complexity_high < self.research_skill:
            raise InputError(
                f"complexity_low, complexity_high and research_skill are {self.complexity_low}, {self.complexity_high} and "
                f"{self.research_skill}; each must be above the one before, so that the ablest do research"
            )


def perron(p: PartialSpilloversParameters) -> tuple[Any, Any]:
    """Return the spectral radius of diag(L / a) Omega' and its vector, which sums to one."""
    matrix = (p.labour / p.rnd_cost)[..., np.newaxis] * np.swapaxes(p.spillovers, -1, -2)
    roots, vectors = np.linalg.eig(matrix)
    first = np.argmax(roots.real, axis=-1)[..., np.newaxis]
    root = np.take_along_axis(roots.real, first, axis=-1)[..., 0]
    vector = np.abs(np.take_along_axis(vectors.real, first[..., np.newaxis, :], axis=-1)[..., 0])
    return root, vector / np.sum(vector, axis=-1, keepdims=True)


def idle_root(p: PartialSpilloversParameters, variant: str) -> Any:
    """Return the spectral radius up to which nobody does research."""
    return (p.elasticity_of_substitution - 1) * p.discount_rate / workforce(p, variant).idle()


def idle_varieties(p: PartialSpilloversParameters, root: Any, varieties: Any, variant: str) -> Any:
    r"""Return shares of varieties of a world without research: the Perron vector, or others where that has zeros.

    With :math:`A = \mathrm{diag}(L/a)\,\Omega'` and the bound s of its spectral radius, :math:`M = (s I - A)^{-1} 1` is
    positive and :math:`A M < s M`: research pays nowhere.
    """
    bound = np.asarray(idle_root(p, variant), dtype=float)
    without = (root < bound) & (np.min(varieties, axis=-1) <= 1e-12)
    if not np.any(without):
        return varieties
    matrix = (p.labour / p.rnd_cost)[..., np.newaxis] * np.swapaxes(p.spillovers, -1, -2)
    count = matrix.shape[-1]
    safe = np.where(without, bound, 2 * root + 1)[..., np.newaxis, np.newaxis] * np.eye(count) - matrix
    other = np.linalg.solve(safe, np.ones((*safe.shape[:-1], 1)))[..., 0]
    return np.where(without[..., np.newaxis], other / np.sum(other, axis=-1, keepdims=True), varieties)


def workers_of(p: PartialSpilloversParameters) -> Sorted:
    """Return the workers and technologies of the variant heterogeneous."""
    return Sorted(p.elasticity_of_substitution, p.complexity_low, p.complexity_high, p.research_skill)


def workforce(p: PartialSpilloversParameters, variant: str) -> Workforce:
    """Return the workers and technologies of a variant."""
    return workers_of(p) if variant == "heterogeneous" else Equal()


def trade_block(p: PartialSpilloversParameters, varieties: Any, production: Any, cost: Any = 1.0) -> dict[str, Any]:
    """Return wages (of the least able), shares and consumption a head.

    Parameters
    ----------
    varieties : ndarray
    production : ndarray
        Wage bill of production over the wage of the least able: workers in production, where all are alike.
    cost : float or ndarray
        Cost index of production over that wage.
    """
    sigma = p.elasticity_of_substitution
    costs = gravity.trade_costs(p.trade_cost, p.relative_trade_costs)
    mark_up = last(sigma) / (last(sigma) - 1)
    varieties = varieties * np.asarray(cost) ** (1 - last(sigma))  # cheap varieties count as more of them
    wage = gravity.wages(production, varieties, costs, sigma)
    shares = np.diagonal(gravity.trade_shares(wage, varieties, costs, sigma), axis1=-2, axis2=-1)
    price = mark_up * gravity.price_index(wage, varieties, costs, sigma)
    consumption = mark_up * wage * production / (price * p.labour)
    return {"home_share": shares, "import_share": 1 - shares, "consumption": consumption, "wage": wage}


def last(value: Any) -> Any:
    """Return values of the world with a last axis of length one, to meet those of countries."""
    return np.asarray(value)[..., np.newaxis]


def leading_block(p: PartialSpilloversParameters, variant: str) -> str:
    """Name the block with the largest root, and its growth."""
    from scipy.sparse.csgraph import connected_components

    matrix = (p.labour / p.rnd_cost)[:, np.newaxis] * p.spillovers.T
    _, block = connected_components(matrix > 0, directed=True, connection="strong")
    roots = {b: np.max(np.abs(np.linalg.eigvals(matrix[np.ix_(block == b, block == b)]))) for b in np.unique(block)}
    best = max(roots, key=lambda b: float(roots[b]))
    members = ", ".join(str(i + 1) for i in np.flatnonzero(block == best))
    sigma, root = p.elasticity_of_substitution, float(roots[best])
    if variant == "heterogeneous":
        growth = workers_of(p).equilibrium(root, p.discount_rate).research * root
    else:
        growth = max((root - (sigma - 1) * p.discount_rate) / sigma, 0.0)
    return f"the block of countries {members} leads, with innovation of {growth:.4g} a year of its own"
