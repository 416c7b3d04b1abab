"""Parameters of research in a network: who learns from whom, what is consumed, how fast ideas spread (Liu and Ma 2021)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.research_inputs import by_industry, link_shares, positive, shares
from tradewinds.errors import InputError

__all__ = ["ResearchParameters"]

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class ResearchParameters:
    r"""An economy whose industries learn from each other by research.

    Parameters
    ----------
    learning_shares : array of shape (n, n)
        :math:`\Omega`: row learns, column teaches, rows sum to one; see :meth:`SpilloverNetwork.learning_shares`.
    utility_weights : mapping by industry, or n numbers
        :math:`\beta`, shares of consumption; they sum to one.
    discount_rate : float
        :math:`\rho`, a year.
    diffusion_rate : float
        :math:`\lambda`, speed at which new ideas enter the stock of knowledge, a year.
    knowledge_elasticity : float
        :math:`\psi`, per cent of consumption for one per cent of knowledge in every industry.
    research_spending : mapping by industry, or n numbers, optional
        Research as it is, in any unit: only shares matter. None: no gain is reported.
    own_knowledge : float, n numbers, or array of shape (n, n)
        Share of what the row learns from the column that comes from the own country, one number for all, one a learner or one a
        link. 1 is a closed economy. Knowledge abroad takes its own course.
    industries : sequence of str, optional
        Labels; default: numbers from one.

    Raises
    ------
    InputError
        If shapes disagree, shares do not sum to one, or a number is out of bounds.
    AlignmentError
        If a mapping does not name the same industries.
    """

    learning_shares: Array = field(repr=False)
    utility_weights: Array
    discount_rate: float
    diffusion_rate: float
    knowledge_elasticity: float = 1.0
    research_spending: Array | None = None
    own_knowledge: Array = field(default_factory=lambda: np.array(1.0), repr=False)
    industries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        omega = np.array(self.learning_shares, dtype=float)
        if omega.ndim != 2 or omega.shape[0] != omega.shape[1] or not omega.size:
            raise InputError(
                f"learning_shares has shape {omega.shape}; it must be square, one row an industry that learns"
            )
        n = len(omega)
        labels = tuple(str(label) for label in self.industries) or tuple(str(i + 1) for i in range(n))
        if len(labels) != n:
            raise InputError(f"industries has {len(labels)} labels, but learning_shares has {n} industries")
        for i, label in enumerate(labels):
            shares(omega[i], f"learning_shares of {label}", labels)
        for name in ("discount_rate", "diffusion_rate", "knowledge_elasticity"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))
        weights = by_industry("utility_weights", self.utility_weights, labels)
        shares(weights, "utility_weights", labels)
        spending = None
        if self.research_spending is not None:
            spending = by_industry("research_spending", self.research_spending, labels)
            if not spending.sum() > 0:
                raise InputError("research_spending is 0 everywhere; at least one industry must do research")
        omega.setflags(write=False)
        object.__setattr__(self, "learning_shares", omega)
        object.__setattr__(self, "utility_weights", weights)
        object.__setattr__(self, "research_spending", spending)
        object.__setattr__(self, "own_knowledge", link_shares(self.own_knowledge, n))
        object.__setattr__(self, "industries", labels)

    @property
    def research_shares(self) -> Array | None:
        """Research as it is, as shares s that sum to one; None where it is not given."""
        return None if self.research_spending is None else self.research_spending / self.research_spending.sum()

    @property
    def own_learning(self) -> Array:
        r"""What is learnt from the own country, shape (n, n): own-knowledge shares times :math:`\Omega`."""
        return np.asarray(self.own_knowledge * self.learning_shares)

    def replace(self, **changes: object) -> ResearchParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]
