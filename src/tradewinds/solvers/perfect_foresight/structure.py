"""Which equation determines which unknown: the sparsity of a model, and what is wrong where nothing can.

The pattern of derivatives is derived from the equations themselves, not from numbers, so it holds at every point. An equation and
an unknown can be paired if the equation contains the unknown of the same period, or where that fails of a neighbouring one.
"""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError

if TYPE_CHECKING:
    from tradewinds.solvers.perfect_foresight.model import Model

__all__ = ["Pattern", "check_structure", "coloured_pattern", "pattern_of"]

#: A colour of forward differentiation costs about this many times less than one of reverse, and compiles faster.
FORWARD_COLOURS = 4


@dataclass(frozen=True, eq=False)
class Pattern:
    """Where the derivatives of one period's equations can differ from zero.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (nnz,)
        Equation and unknown.
    slots : ndarray of int, shape (nnz,)
        Period of the unknown: -1 the one before, 0 this one, 1 the one after.
    size : int
        Equations, and unknowns, a period.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    slots: NDArray[np.intp]
    size: int

    def columns_in(self, slot: int) -> NDArray[np.intp]:
        """Return the unknowns that occur with a lag (-1), in the same period (0) or with a lead (1)."""
        return np.unique(self.columns[self.slots == slot])


def _one_period(model: Model) -> Any:
    """Return the residuals as a function of (lag, now, lead) in one vector, exogenous values and parameters."""
    size = model.size

    def function(point: Any, exogenous: Any, parameters: Any) -> Any:
        return model.residuals(point[:size], point[size : 2 * size], point[2 * size :], exogenous, parameters)

    return function


@functools.lru_cache(maxsize=64)
def coloured_pattern(model: Model) -> Any:
    """Return the sparsity of one period's Jacobian with its colouring, found once a model."""
    import asdex

    # Parameters are arguments, not constants: one that is zero, or a switch that is off, would hide what it leaves out.
    sparsity = asdex.jacobian_sparsity(
        _one_period(model),
        np.zeros(3 * model.size),  # only shapes matter
        np.zeros((3, model.exogenous_size)),
        model.read_parameters(),
    )
    # What is kept says nothing of their shapes, which may be others later: one number, or one a country.
    sparsity = asdex.SparsityPattern(sparsity.rows, sparsity.cols, sparsity.shape, sparsity.input_avals[:2])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", asdex.DenseColoringWarning)  # a small model may well be dense
        forward = asdex.jacobian_coloring_from_sparsity(sparsity, mode="fwd")
        reverse = asdex.jacobian_coloring_from_sparsity(sparsity, mode="rev")
    return forward if forward.num_colors <= FORWARD_COLOURS * reverse.num_colors else reverse


def pattern_of(model: Model) -> Pattern:
    """Return where a period's Jacobian can differ from zero."""
    sparsity = coloured_pattern(model).sparsity
    rows, columns = np.asarray(sparsity.rows, dtype=np.intp), np.asarray(sparsity.cols, dtype=np.intp)
    return Pattern(rows, columns % model.size, columns // model.size - 1, model.size)


def check_structure(model: Model) -> None:
    """Raise naming unused unknowns, and equations or unknowns that are one too many.

    Raises
    ------
    InputError
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    equations, unknowns = model.equation_labels, model.unknown_labels
    sparsity = coloured_pattern(model).sparsity
    rows, columns = np.asarray(sparsity.rows), np.asarray(sparsity.cols) % len(unknowns)
    unused = sorted(set(range(len(unknowns))) - set(columns.tolist()))
    if unused:
        raise InputError(f"model {model.name}: no equation contains {_some([unknowns[k] for k in unused])}")
    graph = coo_array((np.ones(rows.size), (rows, columns)), shape=(len(equations), len(unknowns))).tocsr()
    partner = maximum_bipartite_matching(graph, perm_type="column")
    free_equations = [equations[k] for k in np.flatnonzero(partner < 0)]
    free_unknowns = [unknowns[k] for k in sorted(set(range(len(unknowns))) - set(partner[partner >= 0].tolist()))]
    if free_equations or free_unknowns:
        count = f"model {model.name} has {len(equations)} equations and {len(unknowns)} unknowns a period"
        left = [f"no unknown is left for {_some(free_equations)}"] if free_equations else []
        left += [f"no equation is left to determine {_some(free_unknowns)}"] if free_unknowns else []
        raise InputError(f"{count}; {' and '.join(left)}")


def _some(names: list[str], most: int = 6) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
