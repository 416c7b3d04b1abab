"""How targets respond to instruments, to first order, and in words where they do not.

``E``, the residuals' columns of the instruments, is exact: an add factor has a unit column, and an exogenous variable enters the
equations of its own year, of the year after (as a lag) and of the year before (as a lead), each by a derivative in one
direction. ``X`` in ``J X = E`` is solved for in parts, and only its rows of targets, ``V'X``, are kept.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from tradewinds.solvers.perfect_foresight.cache import Kept
from tradewinds.solvers.perfect_foresight.failure import exogenous_pattern
from tradewinds.solvers.perfect_foresight.linear import SingularSystemError
from tradewinds.solvers.perfect_foresight.linear.scaling import one_thread
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.newton import LinearSolver, Problem
from tradewinds.solvers.perfect_foresight.stacked import _in_blocks
from tradewinds.solvers.perfect_foresight.structure import _one_period
from tradewinds.solvers.perfect_foresight.swap import Cell, Swap, named

__all__ = ["LARGEST_CONDITION", "Response", "instrument_columns", "respond"]

Array = NDArray[np.float64]
Places = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]

#: Numbers of a part of X held at once.
CHUNK = 2**22
#: Responses, relative to the largest one to their instrument, that are rounding.
ROUNDING = 1e-13
#: Condition number of the scaled V'X from which on the weakest direction is told, and the largest that is accepted.
NOTED_CONDITION, LARGEST_CONDITION = 1e8, 1e12


@dataclass(frozen=True, eq=False)
class Response:
    """Responses of targets to instruments, scaled: ``V'X = diag(rows) matrix diag(columns)``.

    Attributes
    ----------
    matrix : ndarray, shape (k, k)
        Targets in units of their size, columns and then rows brought to length one.
    rows, columns : ndarray, shape (k,)
    condition : float
        Of ``matrix``; infinite where an instrument moves no target, or a target is moved by none.
    weakest : str
        What moves what least, where the condition number is large; otherwise empty.
    """

    matrix: Array
    rows: Array
    columns: Array
    condition: float
    weakest: str

    @property
    def weak(self) -> bool:
        """Whether what is said of the weakest is no better than rounding."""
        return not self.condition <= LARGEST_CONDITION

    def solve(self, misses: Array) -> Array:
        """Return the changes ``du`` of the instruments in ``(V'X) du = misses``."""
        with one_thread():
            return np.linalg.solve(self.matrix, misses / self.rows) / self.columns


@functools.lru_cache(maxsize=16)
def _push(model: Model) -> Kept:
    """Return the compiled derivative of some periods' residuals in one direction of the exogenous values, shape (3, m)."""
    import jax
    import jax.numpy as jnp

    function = _one_period(model)

    def windows(path: Any) -> Any:
        return jnp.stack([path[:-2], path[1:-1], path[2:]], axis=1)

    def push(path: Any, exogenous: Any, parameters: Any, direction: Any) -> Any:
        def one(point: Any, given: Any) -> Any:
            return jax.jvp(lambda values: function(point, values, parameters), (given,), (direction,))[1]

        return jax.vmap(one)(windows(path).reshape(path.shape[0] - 2, -1), windows(exogenous))

    return Kept(push, "instruments")


def _slopes(problem: Problem, path: Array, slot: int, column: int) -> Array:
    """Return the derivatives of each period's residuals, shape (T, n), by an exogenous value of the period ``slot`` after."""
    model = problem.stacked.model
    direction = np.zeros((3, model.exogenous_size))
    direction[slot + 1, column] = 1.0
    given = dict(problem.parameters), direction
    [slopes] = _in_blocks(lambda *block: [_push(model)(*block, *given)], path, problem.exogenous)
    return slopes


def instrument_columns(problem: Problem, inside: Array, places: Places) -> csc_array:
    """Return the derivatives of all residuals with respect to the instruments, ``E``, shape (T n, k).

    Parameters
    ----------
    problem : Problem
    inside : ndarray, shape (T, n)
    places : tuple of ndarray
        Period, from 0, column, and whether it is an add factor, of each instrument.

    Raises
    ------
    SingularSystemError
        If a derivative is not finite.
    """
    periods, columns, is_add = places
    length, size = inside.shape
    rows, entries = [periods[is_add] * size + columns[is_add]], [np.flatnonzero(is_add)]
    values = [np.ones(int(is_add.sum()))]
    model, path = problem.stacked.model, problem.path(inside)
    used = {place for row in exogenous_pattern(model) for place in row}
    wanted = set(columns[~is_add].tolist())
    for slot, column in sorted(place for place in used if place[1] in wanted):
        slopes = _slopes(problem, path, slot, column)
        which = np.flatnonzero(~is_add & (columns == column) & (periods - slot >= 0) & (periods - slot < length))
        found, equations = np.nonzero(slopes[periods[which] - slot])
        at = periods[which][found] - slot
        if not np.all(np.isfinite(slopes[at, equations])):
            label = model.labels(model.exogenous)[column]
            raise SingularSystemError(f"a derivative with respect to instrument {label} is not finite")
        rows.append(at * size + equations)
        entries.append(which[found])
        values.append(slopes[at, equations])
    places_of = np.concatenate(rows), np.concatenate(entries)
    return csc_array(coo_array((np.concatenate(values), places_of), shape=(length * size, periods.size)))


def respond(
    columns: csc_array,
    solver: LinearSolver,
    swap: Swap,
    targets: tuple[NDArray[np.intp], NDArray[np.intp]],
    inside: Array,
    goal_size: Array,
) -> Response:
    """Return how the targets respond to the instruments, with the solver's last factor.

    Parameters
    ----------
    columns : csc_array, shape (T n, k)
        ``E``.
    solver : LinearSolver
    swap : Swap
    targets : tuple of ndarray
        Period, from 0, and unknown of each target.
    inside : ndarray, shape (T, n)
    goal_size : ndarray, shape (k,)
        Size in which each target is measured.
    """
    size = np.abs(inside).max(axis=0)
    size = np.tile(np.where(size > 1e-8, size, 1.0), inside.shape[0])[:, None]
    at = targets[0] * inside.shape[1] + targets[1]
    width = max(1, CHUNK // inside.size)
    effects, largest = [], []
    for start in range(0, columns.shape[1], width):
        part = solver.solve(columns[:, start : start + width].toarray())
        effects.append(part[at])
        largest.append(np.abs(part / size).max(axis=0))
    effect, most = np.concatenate(effects, axis=1), np.concatenate(largest)
    return _scaled(effect, goal_size, most, swap)


def _scaled(effect: Array, goal_size: Array, most: Array, swap: Swap) -> Response:
    """Return responses scaled and judged; ``most`` is the largest response of anything to each instrument."""
    plain = effect / goal_size[:, None]
    share = np.abs(plain) / np.where(most > 0, most, 1.0)
    still = share.max(axis=0) <= ROUNDING, share.max(axis=1) <= ROUNDING
    if still[0].any() or still[1].any():
        ones = np.ones(len(swap.goals))
        return Response(plain, ones, ones, float("inf"), _unmoved(swap, *still))
    columns = np.linalg.norm(plain, axis=0)
    rows = np.linalg.norm(plain / columns, axis=1)
    matrix = plain / columns / rows[:, None]
    with one_thread():
        left, sizes, right = np.linalg.svd(matrix)
    condition = float(sizes[0] / sizes[-1]) if sizes[-1] > 0 else float("inf")
    told = "" if condition <= NOTED_CONDITION else _weakest(swap, left[:, -1], right[-1], condition)
    return Response(matrix, goal_size * rows, columns, condition, told)


def _unmoved(swap: Swap, idle: NDArray[np.bool_], still: NDArray[np.bool_]) -> str:
    """Return what does not move what."""
    instruments = named(cell for cell, flag in zip(swap.instruments, idle, strict=True) if flag)
    targets = named(cell for cell, flag in zip(swap.targets, still, strict=True) if flag)
    if instruments and targets:
        return f"instrument {instruments} does not move target {targets}"
    return f"instrument {instruments} moves no target" if instruments else f"no instrument moves target {targets}"


def _weakest(swap: Swap, left: Array, right: Array, condition: float) -> str:
    """Return the combination of instruments that moves the targets least, and the one of targets that is moved least."""
    instruments, targets = _leading(swap.instruments, right), _leading(swap.targets, left)
    hardly = condition <= LARGEST_CONDITION
    if len(instruments) == len(targets) == 1:
        verb = "hardly moves" if hardly else "does not move"
        pair = f"instrument {instruments[0][0]} {verb} target {targets[0][0]}"
    else:
        verb = "hardly move" if hardly else "do not move"
        pair = f"instruments {_combination(instruments)} together {verb} targets {_combination(targets)}"
    return f"{pair} (condition number {condition:.0e})"


def _leading(cells: Sequence[Cell], direction: Array, most: int = 4) -> list[tuple[Cell, float]]:
    """Return the cells that weigh most in a direction, with their weights."""
    order = np.argsort(-np.abs(direction), kind="stable")[:most]
    weights = direction / direction[order[0]]
    return [(cells[k], float(weights[k])) for k in order if abs(weights[k]) > 0.3]


def _combination(parts: Sequence[tuple[Cell, float]]) -> str:
    return ", ".join(f"{weight:+.2f} {cell}" for cell, weight in parts)
