"""Redundant equations and what they leave undetermined, by name.

Equations are redundant in every period if ``A / root + B + C root`` is singular whatever the root; it is enough to look at two
arbitrary numbers. At a root of one this matrix is that of the steady state: where it alone is singular the model has a unit root,
which is no error: history decides where it comes to rest. Last, the system of all periods with its terminal condition may be
singular though no period is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tradewinds.solvers.perfect_foresight.diagnostics.blocks import Structure
from tradewinds.solvers.perfect_foresight.diagnostics.combination import Combination, Where
from tradewinds.solvers.perfect_foresight.diagnostics.nullspace import NullSpace, null_space
from tradewinds.solvers.perfect_foresight.diagnostics.terminal import Linearised, equilibrate
from tradewinds.solvers.perfect_foresight.linear import StackedPattern
from tradewinds.solvers.perfect_foresight.linear.superlu import SuperLU

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Redundancy", "redundancy_of"]

Array = NDArray[np.float64]

#: Two numbers that are no root of any model, as far as one can tell.
ARBITRARY = (-0.9137, 1.2391)


@dataclass(frozen=True, eq=False)
class Redundancy:
    """What is redundant and what is not determined.

    Attributes
    ----------
    combinations : tuple of Combination
    unnamed : tuple of str
        Systems found singular whose null vectors could not be had.
    """

    combinations: tuple[Combination, ...]
    unnamed: tuple[Where, ...] = ()

    @property
    def ok(self) -> bool:
        """True if the equations of all periods determine their unknowns; unit roots are no fault."""
        return not self.unnamed and all(item.where == "steady state" for item in self.combinations)

    def find(self, of: str, where: Where) -> tuple[Combination, ...]:
        """Return the combinations of ``equations`` or ``unknowns`` of one kind."""
        return tuple(item for item in self.combinations if item.of == of and item.where == where)

    def summary(self) -> str:
        """Return what was found as text."""
        if self.ok and not self.combinations:
            return "Redundant equations: none; the steady state is determined as well"
        lines = ["Redundant equations: none" if self.ok else "Redundant equations: the model cannot be solved as it is"]
        for where, (equations, unknowns) in _WORDS.items():
            for heading, of in ((equations, "equations"), (unknowns, "unknowns")):
                found = self.find(of, where)
                lines += [f"  {heading}:"] if found else []
                lines += [f"    {item}" for item in found]
        lines += [
            f"  the system of {where} is singular; which equations are concerned is not known" for where in self.unnamed
        ]
        return "\n".join(lines)

    def tidy(self) -> pd.DataFrame:
        """Return one row a term of a combination."""
        import pandas as pd

        rows = [
            (name, weight, "weight", number, item.of, item.where, item.block)
            for number, item in enumerate(self.combinations, start=1)
            for name, weight in item.terms
        ]
        return pd.DataFrame(rows, columns=["variable", "value", "unit", "combination", "of", "where", "block"])


_WORDS: dict[Where, tuple[str, str]] = {
    "every period": (
        "equations that follow from others in every period (drop one of each line)",
        "unknowns that no equation pins down (add an equation for each line)",
    ),
    "all periods": (
        "equations that follow from others over the horizon with its terminal condition",
        "unknowns that can move over the horizon without any equation noticing",
    ),
    "steady state": (
        "unit roots, no error: in the steady state these say the same",
        "unit roots, no error: history, not the steady state, decides the level of",
    ),
}


def redundancy_of(
    structure: Structure, linear: Linearised, values: Array, slope: Array, years: Sequence[int]
) -> Redundancy:
    """Return what is redundant at the terminal state and over the horizon.

    Parameters
    ----------
    structure : Structure
    linear : Linearised
    values : ndarray, shape (T, nnz)
        Derivatives in all periods.
    slope : ndarray, shape (n,)
        Of the terminal condition.
    years : sequence of int
        Of the horizon.
    """
    first, second = (_scaled_null(linear, number) for number in ARBITRARY)
    if not (first[0].known and second[0].known):
        return Redundancy((), ("every period",))
    if first[0].nullity and second[0].nullity:
        return Redundancy(_combinations(structure, linear, first, "every period"))
    found: tuple[Combination, ...] = ()
    steady = _scaled_null(linear, 1.0)
    if steady[0].nullity:
        found = _combinations(structure, linear, steady, "steady state")
    whole = _horizon(structure, values, slope, years)
    return Redundancy(found, ("all periods",)) if whole is None else Redundancy((*whole, *found))


def _scaled_null(linear: Linearised, root: float) -> tuple[NullSpace, Array, Array]:
    """Return null vectors of ``A / root + B + C root`` with the factors it was scaled by, to those of the equations."""
    matrix, rows, columns = equilibrate(linear.at(root))
    return null_space(matrix), rows * linear.rows, columns * linear.columns


def _combinations(
    structure: Structure, linear: Linearised, found: tuple[NullSpace, Array, Array], where: Where
) -> tuple[Combination, ...]:
    null, rows, columns = found
    model = structure.model
    owner = {
        equation: u
        for block in structure.over_time
        for equation, u in zip(block.equations, block.unknowns, strict=True)
    }
    out = []
    for vector in null.left:
        scaled = vector * rows / linear.rows
        within = max(float(np.abs(linear.block(slot).T @ scaled).max()) for slot in (-1, 0, 1))
        block = structure.block_of([owner[int(k)] for k in np.flatnonzero(vector)])
        dynamic = where == "every period" and within > 1e-7 * float(np.abs(scaled).max())
        out.append(
            Combination("equations", where, _terms(vector * rows, vector, model.equation_labels), block, dynamic)
        )
    for vector in null.right:
        block = structure.block_of(np.flatnonzero(vector).tolist())
        own = {model.unknown_labels[k] for k in structure.over_time[block - 1].unknowns}
        terms = _terms(vector * columns, vector, model.unknown_labels)
        terms = (*(term for term in terms if term[0] in own), *(term for term in terms if term[0] not in own))
        followers = sum(term[0] not in own for term in terms)
        out.append(Combination("unknowns", where, terms, block, followers=followers))
    return tuple(out)


def _terms(weights: Array, sizes: Array, labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return names and weights of what counts by its scaled size: the largest weight first, then as they are declared."""
    chosen = [int(k) for k in np.flatnonzero(np.abs(sizes) > 1e-6 * np.abs(sizes).max())]
    top = max(chosen, key=lambda k: abs(weights[k]))
    order = [top, *(k for k in chosen if k != top)]
    return tuple((labels[k], float(weights[k] / weights[top])) for k in order)


def _horizon(structure: Structure, values: Array, slope: Array, years: Sequence[int]) -> tuple[Combination, ...] | None:
    """Return null vectors of the stacked system; None if it is singular and they are not known."""
    stacked = StackedPattern(structure.pattern, len(values))
    matrix, rows, columns = equilibrate(csr_array(stacked.matrix(values, slope)))
    engine = SuperLU()  # for its order of a period's equations and unknowns
    engine.analyse(stacked, values)
    order = (engine._rows, engine._columns) if engine.ordering == "time" else None
    null = null_space(matrix, order)
    if not null.known:
        return None
    model, n = structure.model, structure.pattern.size
    equations = [f"{label} in {year}" for year in years for label in model.equation_labels]
    unknowns = [f"{label} in {year}" for year in years for label in model.unknown_labels]
    out = []
    for vectors, factor, labels, of in (
        (null.left, rows, equations, "equations"),
        (null.right, columns, unknowns, "unknowns"),
    ):
        for vector in vectors:
            places = np.unique(np.flatnonzero(vector) % n)
            out.append(_over_years(of, _terms(vector * factor, vector, labels), structure, places))
    return tuple(out)


def _over_years(
    of: str, terms: tuple[tuple[str, float], ...], structure: Structure, places: NDArray[np.intp]
) -> Combination:
    if of == "unknowns":
        return Combination("unknowns", "all periods", terms, structure.block_of(places.tolist()), True)
    chosen = set(places.tolist())
    block = next(k for k, item in enumerate(structure.over_time, start=1) if chosen & set(item.equations))
    return Combination("equations", "all periods", terms, block, True)
