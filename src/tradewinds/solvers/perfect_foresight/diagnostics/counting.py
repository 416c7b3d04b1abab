"""Count the roots of a model at the end of a databank, and name what moves along them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.solvers.perfect_foresight.databank import Paths, read_databank
from tradewinds.solvers.perfect_foresight.diagnostics.determinacy import (
    UNIT,
    Determinacy,
    Root,
    Verdict,
    kind_of,
    same_root,
)
from tradewinds.solvers.perfect_foresight.diagnostics.pencil import (
    Pencil,
    SingularPencilError,
    bounded_paths,
    reduce_to_dynamics,
)
from tradewinds.solvers.perfect_foresight.diagnostics.terminal import Linearised, linearise, require_finite
from tradewinds.solvers.perfect_foresight.linear.scaling import one_thread
from tradewinds.solvers.perfect_foresight.model import Model

if TYPE_CHECKING:
    import xarray

    from tradewinds.solvers.perfect_foresight.stacked import Stacked

__all__ = ["determinacy_of", "remark", "require_determinate"]

#: Most states and jumps for which a failed solve counts roots: a second or two.
MOST = 600
#: Roots named on each side of the unit circle.
NAMED = 3


def require_determinate(
    model: Model, databank: xarray.Dataset, parameters: Mapping[str, ArrayLike] | None = None
) -> Determinacy:
    """Return the determinacy of a model at the end of a databank, or raise if it has not exactly one bounded path.

    Parameters
    ----------
    model : Model
    databank : Dataset
        Its last three years are the terminal state: at rest, or on a balanced path.
    parameters : mapping, optional

    Raises
    ------
    InputError
        If it is unstable, indeterminate or singular: with the unknowns concerned and what to try.
    """
    from tradewinds.solvers.perfect_foresight.simulate import compiled

    paths = read_databank(model, databank)
    stacked, constants = compiled(model), model.read_parameters(parameters)
    _, values = stacked.derivatives(paths.unknowns, paths.exogenous, paths.add, constants)
    require_finite(model, stacked.pattern, values, paths.horizon)
    return determinacy_of(model, linearise(stacked.pattern, paths.unknowns, values), paths.horizon[-1]).require()


def remark(stacked: Stacked, paths: Paths, constants: Mapping[str, NDArray[np.float64]], most: int = MOST) -> str:
    """Return a sentence for a solve that failed: what is wrong at the terminal state; empty if nothing is, or it costs too much."""
    pattern = stacked.pattern
    if pattern.columns_in(-1).size + pattern.columns_in(1).size > most:
        return ""
    _, values = stacked.derivatives(paths.unknowns, paths.exogenous, paths.add, constants)
    if not np.all(np.isfinite(values)):
        return ""
    try:
        found = determinacy_of(stacked.model, linearise(pattern, paths.unknowns, values), paths.horizon[-1])
    except (ValueError, np.linalg.LinAlgError):  # the roots could not be had
        return ""
    return "" if found.ok else f"at the end of the baseline the model is {found.sentence}; inspect() says more"


def determinacy_of(model: Model, linear: Linearised, year: int) -> Determinacy:
    """Return the determinacy of a linearised model."""
    with one_thread():
        return _count(model, linear, year)


def _count(model: Model, linear: Linearised, year: int) -> Determinacy:
    labels = np.array(model.unknown_labels)
    empty = np.zeros(0, dtype=complex)
    try:
        pencil = reduce_to_dynamics(linear)
        found = bounded_paths(pencil, 1.0 + UNIT)
        strict = bounded_paths(pencil, 1.0 - UNIT) if len(found.free) else found
    except SingularPencilError:
        return Determinacy(model, year, "singular", empty, 0, 0, 0, (), (), (), (), 0.0, (), linear.drift)
    verdict: Verdict = "determinate"
    if len(found.free) and len(found.explosive):
        verdict = "rank"
    elif len(found.explosive):
        verdict = "unstable"
    elif len(found.free):
        verdict = "indeterminate" if len(strict.free) else "unanchored"
    kinds = [kind_of(root) for root in found.roots]
    return Determinacy(
        model,
        year,
        verdict,
        found.roots,
        kinds.count("stable"),
        kinds.count("unit"),
        kinds.count("unstable"),
        tuple(labels[pencil.states].tolist()),
        tuple(labels[pencil.jumps].tolist()),
        tuple(_largest(np.abs(row), labels[pencil.states]) for row in found.explosive),
        tuple(_largest(np.abs(row), labels[pencil.jumps]) for row in found.free),
        found.smallest,
        _name_roots(pencil, found.roots, labels),
        linear.drift,
    )


def _largest(weights: NDArray[np.float64], labels: NDArray[np.str_], most: int = 6) -> tuple[str, ...]:
    """Return the names of the largest weights, largest first, each once."""
    order = [k for k in np.argsort(-weights, kind="stable") if weights[k] > 0.1 * weights.max()]
    return tuple(dict.fromkeys(str(labels[k]) for k in order))[:most]


def _name_roots(pencil: Pencil, roots: NDArray[np.complex128], labels: NDArray[np.str_]) -> tuple[Root, ...]:
    """Return all unit roots and the nearest ones on both sides, each with the unknowns that move along it."""
    groups: list[list[complex]] = []
    for root in (complex(value) for value in roots if np.isfinite(value) and abs(value) > 1e-9):
        if groups and same_root(groups[-1][0], root):
            groups[-1].append(root)
        else:
            groups.append([root])
    inside = [group for group in groups if kind_of(group[0]) == "stable"][-NAMED:]
    on = [group for group in groups if kind_of(group[0]) == "unit"]
    outside = [group for group in groups if kind_of(group[0]) == "unstable"][:NAMED]
    unknowns = labels[np.concatenate([pencil.states, pencil.jumps])]
    return tuple(
        Root(group[0], kind_of(group[0]), len(group), _largest(np.abs(pencil.direction(group[0])), unknowns))
        for group in (*reversed(inside), *on, *outside)
    )
