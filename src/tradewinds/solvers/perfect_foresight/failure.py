"""Where a model does not solve: the worst equations by country and year, with the values of all that is in them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.newton import Problem

__all__ = ["WorstEquation", "explain", "worst_equations"]


@dataclass(frozen=True)
class WorstEquation:
    """An equation that does not hold.

    Attributes
    ----------
    equation : str
        With its country, such as ``euler[home]``.
    year : int
    residual : float
        As the equation is written, add factor included.
    scaled : float
        Relative to the largest term of the equation; compared with the tolerance.
    values : tuple of (str, float)
        Variables and exogenous variables in it, with (-1) and (+1) for the years before and after.
    """

    equation: str
    year: int
    residual: float
    scaled: float
    values: tuple[tuple[str, float], ...]

    @property
    def detail(self) -> str:
        """Residual, and the values of all that is in the equation, as text."""
        values = ", ".join(f"{name} = {value:.6g}" for name, value in self.values)
        return f"residual {self.residual:.3g} (scaled {self.scaled:.3g}) at {values}"

    def __str__(self) -> str:
        return f"{self.equation} in {self.year}: {self.detail}"


def worst_equations(
    problem: Problem, point: NDArray[np.float64], scaled: NDArray[np.float64], years: Sequence[int], count: int = 5
) -> tuple[WorstEquation, ...]:
    """Return the equations with the largest scaled residual, worst first.

    Parameters
    ----------
    problem : Problem
    point, scaled : ndarray, shape (T, n)
        Unknowns, and scaled residuals at them.
    years : sequence of int
        Labels of the periods.
    count : int
        How many.
    """
    model, pattern = problem.stacked.model, problem.stacked.pattern
    path, plain = problem.path(point), problem.residuals(point)
    given = exogenous_pattern(model)
    unknown_labels = model.unknown_labels
    exogenous_labels = model.labels(model.exogenous)
    size = np.where(np.isfinite(scaled), np.abs(scaled), np.inf)
    out = []
    for cell in np.argsort(-size.ravel(), kind="stable")[:count]:
        period, row = divmod(int(cell), model.size)
        entries = np.flatnonzero(pattern.rows == row)
        values = [
            (
                unknown_labels[pattern.columns[k]] + _SHIFT[pattern.slots[k]],
                path[period + 1 + pattern.slots[k], pattern.columns[k]],
            )
            for k in entries
        ]
        values += [
            (exogenous_labels[column] + _SHIFT[slot], problem.exogenous[period + 1 + slot, column])
            for slot, column in given[row]
        ]
        named = tuple((name, float(value)) for name, value in values)
        out.append(
            WorstEquation(
                model.equation_labels[row],
                int(years[period]),
                float(plain[period, row]),
                float(scaled[period, row]),
                named,
            )
        )
    return tuple(out)


_SHIFT = {-1: "(-1)", 0: "", 1: "(+1)"}


@functools.lru_cache(maxsize=16)
def exogenous_pattern(model: Model) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return for each equation of a period the (slot, column) of the exogenous values in it."""
    import asdex

    size, width = model.size, model.exogenous_size
    if not width:
        return ((),) * size
    sparsity = asdex.jacobian_sparsity(
        lambda given, point, parameters: model.residuals(
            point[:size], point[size : 2 * size], point[2 * size :], given.reshape(3, width), parameters
        ),
        np.zeros(3 * width),
        np.zeros(3 * size),
        model.read_parameters(),
    )
    found: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for row, column in zip(np.asarray(sparsity.rows), np.asarray(sparsity.cols), strict=True):
        found[int(row)].append((int(column) // width - 1, int(column) % width))
    return tuple(tuple(sorted(entries)) for entries in found)


def explain(message: str, notes: Sequence[str], worst: Sequence[WorstEquation | str]) -> str:
    """Return the message of a solve that failed: what Newton said, what was tried, and where it fails."""
    lines = [f"{note[0].upper()}{note[1:]}." for note in notes]
    return "\n".join([message, *lines, "Worst equations, with the values reached:", *(f"  {item}" for item in worst)])
