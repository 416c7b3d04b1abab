"""The economies of Figures 2 to 8 under every policy that the paper speaks of, solved once an elasticity.

The paper states the elasticity of substitution for Figure 8 only. What it says about the others is therefore tried at three, of
which two are those of Figure 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters import ClusterPath, paper_economy, simulate

__all__ = ["HORIZON", "POLICIES", "SIGMAS", "World", "solve_world", "times"]

Array = NDArray[np.float64]

#: Name in tables -> elasticity of substitution.
SIGMAS: Mapping[str, float] = {"sigma = 4/3": 4 / 3, "sigma = 2": 2.0, "sigma = 4": 4.0}

#: Units of time that are drawn and judged. The paper's figures have no scale; Figure 7 opens after 122 units where sigma is 4/3.
HORIZON = 150.0

#: Figure -> policies it is about; Figure 7 opens industries 1 and 4 first.
POLICIES: Mapping[int, tuple[str, ...]] = {
    2: ("autarky", "trade", "free_migration"),
    3: ("autarky", "trade", "free_migration"),
    4: ("autarky", "trade", "free_migration"),
    5: ("autarky", "trade"),
    6: ("autarky", "trade", "delayed", "gradual"),
    7: ("autarky", "trade", "delayed", "gradual"),
    8: ("free_migration",),
}
_FIRST = (
    1,
    4,
)  # Section 4: "the industries in which Home and Foreign (respectively) have the strongest comparative advantage"


@dataclass(frozen=True)
class World:
    """All paths at one elasticity.

    Attributes
    ----------
    sigma : float
    paths : mapping
        ``(figure, policy)`` -> path.
    """

    sigma: float
    paths: Mapping[tuple[int, str], ClusterPath]

    def income(self, figure: int, policy: str, at: Array | None = None) -> Array:
        """Return real income of home and foreign, shape (2, T)."""
        return self.paths[figure, policy].real_income(times() if at is None else at)

    def income_per_worker(self, figure: int, policy: str, at: Array | None = None) -> Array:
        """Return real income a worker of home and foreign, shape (2, T)."""
        return self.paths[figure, policy].real_income_per_worker(times() if at is None else at)


def times() -> Array:
    """Return the dates at which paths are compared, shape (301,)."""
    return np.linspace(0.0, HORIZON, 301)


def solve_world(sigma: float) -> World:
    """Solve every figure's economy under its policies.

    Raises
    ------
    ConvergenceError
        If a path does not satisfy its equations.
    """
    return World(
        sigma,
        {
            (figure, policy): simulate(
                paper_economy(figure, sigma),
                policy=policy,
                open_first=_FIRST if policy == "gradual" else None,
                horizon=HORIZON,
            ).value
            for figure, policies in POLICIES.items()
            for policy in policies
        },
    )
