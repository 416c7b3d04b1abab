r"""The exam of a path: technology is what learning adds up to, and every instant is an equilibrium.

Both are looked at in dates that the integrator did not use. Learning is integrated by Gauss-Legendre quadrature over
each of its steps; employment, wage and income at every node must satisfy all conditions of the model at that instant,
written without using who makes what (:mod:`~tradewinds.clusters.checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.checks import autarky_residual, partial_residual
from tradewinds.clusters.equations import learning
from tradewinds.clusters.flow import Segment
from tradewinds.clusters.mobility import migration_residual
from tradewinds.clusters.results import Equilibrium

__all__ = ["PATH_TOLERANCE", "Path", "path_residual"]

Array = NDArray[np.float64]

#: Largest error of a path, relative to technology, that counts as solved.
PATH_TOLERANCE = 1e-8

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


class Path(Protocol):
    """What the exam needs to know of a path."""

    @property
    def segments(self) -> Sequence[Segment]:
        """Parts on which one pattern holds."""

    @property
    def start_technology(self) -> Array:
        """Technology at time 0, shape (2, n)."""

    @property
    def unfinished(self) -> float:
        """Part of the horizon that is missing."""


def path_residual(path: Path) -> Array:
    """Return, step by step, the largest relative error of learning and that of any condition of the equilibrium.

    The first is how much of the time asked for is missing; then how far segments are from joining.
    """
    joints, before = [0.0], path.start_technology
    for segment in path.segments:
        joints.append(float(np.abs(segment.technology_at(segment.start) / before - 1).max()))
        before = segment.technology_at(segment.end)
    return np.array([path.unfinished, max(joints), *(error for segment in path.segments for error in _errors(segment))])


def _errors(segment: Segment) -> Iterator[float]:
    edges = segment.technology_at(segment.steps)
    for k, (low, high) in enumerate(zip(segment.steps[:-1], segment.steps[1:], strict=True)):
        half = (high - low) / 2
        technology = segment.technology_at(low + half * (1 + _NODES))
        gained = np.zeros_like(edges[0])
        for node, weight in zip(technology, _WEIGHTS, strict=True):
            point = segment.pattern.equilibrium(node)
            active, tau = point.active, point.parameters.tau
            gained += half * weight * learning(point.employment, tau, active, point.parameters.inactive_learning)
            yield instant_error(point, ~segment.pattern.closed)
        yield float(np.abs((edges[k + 1] - edges[k] - gained) / edges[k + 1]).max())


def instant_error(point: Equilibrium, is_open: NDArray[np.bool_]) -> float:
    """Return the largest residual of an equilibrium, and of who is said to be at work."""
    if point.regime == "free migration":
        residual = migration_residual(point)
    elif point.regime == "autarky":
        residual = autarky_residual(point)
    else:
        residual = partial_residual(point, is_open)
    idle = point.employment[~point.active] / point.labour.sum()
    wage = 1.0 if np.isnan(point.relative_wage) else point.relative_wage
    cost = np.log([[wage], [1.0]]) - np.log(point.parameters.technology)
    dear = np.where(point.active & is_open, cost - cost.min(axis=0), 0.0)
    return float(max(np.abs(residual).max(), dear.max(), idle.max(initial=0.0)))
