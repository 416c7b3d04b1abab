"""Static condensation: within each period, eliminate the unknowns that no neighbouring period contains.

What remains, the core, links periods. The order of elimination is chosen once, by Gaussian elimination on dictionaries with the
values of a few sampled periods, and recorded as operations on numbered slots; each later Jacobian replays them for all periods at
once. Operations of one level touch different rows, so a level is two NumPy statements.

Source: Markowitz (1957, Management Science 3(3)) for the choice of pivots.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.structure import Pattern

__all__ = ["Condensation", "Core"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: A pivot is at least this share of the largest entry of its unknown, in every sampled period.
PIVOT_SHARE = 0.05
#: Number of periods sampled to choose pivots.
SAMPLES = 8
#: Multipliers above this say that pivots chosen earlier no longer suit the values.
LARGEST_MULTIPLIER = 1e4
#: Time of one update in the sparse elimination, in floating-point operations of the dense one that follows.
UPDATE_COST = 160


@dataclass(frozen=True, eq=False)
class Core:
    """The equations and unknowns left after condensation.

    Attributes
    ----------
    equations, unknowns : ndarray of int, shape (n_c,)
    rows, columns, slots, places : ndarray of int
        Position of each entry in the core, its period (-1, 0, 1) and its place among the condensed values.
    """

    equations: Index
    unknowns: Index
    rows: Index
    columns: Index
    slots: Index
    places: Index


class Condensation:
    """The order of elimination for a pattern, and its replay.

    Parameters
    ----------
    pattern : Pattern
    values : ndarray, shape (T, nnz)
        Scaled derivatives from which pivots are chosen.

    Attributes
    ----------
    core : Core
    largest_multiplier : float
        Of the last replay.
    """

    def __init__(self, pattern: Pattern, values: Array) -> None:
        self.size = pattern.size
        sample = np.unique(np.linspace(0, len(values) - 1, min(SAMPLES, len(values))).round().astype(int))
        elimination = _Elimination(pattern, values[sample])
        elimination.run(np.setdiff1d(np.arange(pattern.size), pattern.columns[pattern.slots != 0]))
        self._entry_places = elimination.entry_places
        self._count = len(elimination.values)
        self._levels = elimination.levels()
        self._backward = elimination.backward_levels()
        self.core = elimination.core()
        self.largest_multiplier = 0.0

    def condense(self, values: Array) -> Array:
        """Replay the elimination and return all slots, shape (slots, T); the places of :attr:`core` hold the core.

        Multipliers stay in their slots for :meth:`reduce` and :meth:`expand`.
        """
        slots = np.zeros((self._count, len(values)))
        np.add.at(slots, self._entry_places, values.T)
        self.largest_multiplier = 0.0
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for level in self._levels:
                slots[level.multipliers] /= slots[level.pivots]
                if level.multipliers.size:
                    worst = float(np.abs(slots[level.multipliers]).max())
                    self.largest_multiplier = max(self.largest_multiplier, worst if np.isfinite(worst) else np.inf)
                slots[level.targets] -= slots[level.left] * slots[level.right]
        return slots

    def reduce(self, slots: Array, right: Array) -> Array:
        """Return right-hand sides, shape (n, k, T), after elimination, which takes place in them."""
        reduced = right
        for level in self._levels:
            reduced[level.rows] -= slots[level.multipliers, None] * reduced[level.sources]
        return reduced

    def expand(self, slots: Array, reduced: Array, core: Array, beyond: Array) -> Array:
        """Return all unknowns, shape (n, k, T).

        Parameters
        ----------
        slots, reduced : ndarray
            From :meth:`condense` and :meth:`reduce`.
        core : ndarray, shape (n_c, k, T)
            Solutions of the core.
        beyond : ndarray, shape (n_c, k)
            Their values in the period after the last.
        """
        n = self.size
        known = np.zeros((3 * n, *core.shape[1:]), dtype=core.dtype)  # this period, the one before, the one after
        unknowns = self.core.unknowns
        known[unknowns] = core
        known[n + unknowns, :, 1:] = core[..., :-1]
        known[2 * n + unknowns, :, :-1] = core[..., 1:]
        known[2 * n + unknowns, :, -1] = beyond
        for step in self._backward:
            total = reduced[step.rows].copy()
            if step.columns.size:
                terms = slots[step.places, None] * known[step.columns]
                total[step.filled] -= np.add.reduceat(terms, step.starts, axis=0)
            known[step.unknowns] = total / slots[step.pivots, None]
        return known[:n]


@dataclass(frozen=True, eq=False)
class _Level:
    """Operations that touch different rows: ``multipliers /= pivots``, then ``targets -= left * right``."""

    multipliers: Index
    pivots: Index
    rows: Index
    sources: Index
    targets: Index
    left: Index
    right: Index


@dataclass(frozen=True, eq=False)
class _Step:
    """Unknowns that follow from others already known; terms are sorted by unknown, ``filled`` have some."""

    unknowns: Index
    rows: Index
    pivots: Index
    places: Index
    columns: Index
    starts: Index
    filled: Index


class _Elimination:
    """Gaussian elimination of static unknowns on dictionaries ``row -> {column: place}``; columns are now, lag, lead."""

    def __init__(self, pattern: Pattern, sample: Array) -> None:
        self.pattern, n = pattern, pattern.size
        self.rows: list[dict[int, int]] = [{} for _ in range(n)]
        self.holders: list[set[int]] = [set() for _ in range(n)]
        self.values: list[Array] = []
        self._zero = np.zeros(len(sample))
        self.entry_places = np.empty(pattern.rows.size, dtype=np.intp)
        block = np.choose(pattern.slots + 1, [n, 0, 2 * n])
        for entry, (row, column) in enumerate(
            zip(pattern.rows.tolist(), (block + pattern.columns).tolist(), strict=True)
        ):
            place = self._place(row, column)
            self.values[place] = self.values[place] + sample[:, entry]
            self.entry_places[entry] = place
        self._level = [0] * n
        self._used = [False] * n
        self._pivots: list[tuple[int, int, int]] = []  # unknown, row, place
        self._multipliers: list[tuple[int, int, int, int, int]] = []  # level, place, pivot place, row, pivot row
        self._updates: list[tuple[int, int, int, int]] = []  # level, target, left, right

    def _place(self, row: int, column: int) -> int:
        place = self.rows[row].get(column)
        if place is None:
            place = self.rows[row][column] = len(self.values)
            self.values.append(self._zero)
            if column < self.pattern.size:
                self.holders[column].add(row)
        return place

    def run(self, static: Index) -> None:
        """Eliminate unknowns, cheapest first, while that is cheaper than to leave them to the dense blocks."""
        leads = self.pattern.columns_in(1).size
        heap = [(self._choose(v)[0], v) for v in static.tolist()]
        heapq.heapify(heap)
        while heap:
            cost, unknown = heapq.heappop(heap)
            now, row = self._choose(unknown)
            if now > cost and heap and now > heap[0][0]:
                heapq.heappush(heap, (now, unknown))
            elif row >= 0:
                left = self.pattern.size - len(self._pivots)
                if now * UPDATE_COST > left * (2.0 * left + 4.0 * leads):
                    break
                self._eliminate(unknown, row)

    def _choose(self, unknown: int) -> tuple[float, int]:
        """Return Markowitz cost and row of the best safe pivot; row -1 where none is usable."""
        rows = [row for row in self.holders[unknown] if not self._used[row]]
        if not rows:
            return np.inf, -1
        size = np.abs(np.array([self.values[self.rows[row][unknown]] for row in rows]))
        largest = size.max(axis=0)
        share = (size / np.where(largest > 0, largest, 1.0)).min(axis=1)
        best = float(share.max())
        if not best > 0:  # zero in some period: left to the core
            return np.inf, -1
        safe = share >= min(PIVOT_SHARE, best)
        length, row = min((len(self.rows[row]), row) for row, good in zip(rows, safe, strict=True) if good)
        return (length - 1.0) * (len(rows) - 1.0), row

    def _eliminate(self, unknown: int, pivot_row: int) -> None:
        pivot = self.rows[pivot_row][unknown]
        others = [row for row in self.holders[unknown] if row != pivot_row and not self._used[row]]
        level = max([self._level[pivot_row], *(self._level[row] for row in others)])
        rest = [(column, place) for column, place in self.rows[pivot_row].items() if column != unknown]
        for row in others:
            multiplier = self.rows[row].pop(unknown)  # its place holds the multiplier from now on
            self.values[multiplier] = self.values[multiplier] / self.values[pivot]
            self._multipliers.append((level, multiplier, pivot, row, pivot_row))
            for column, place in rest:
                target = self._place(row, column)
                self.values[target] = self.values[target] - self.values[multiplier] * self.values[place]
                self._updates.append((level, target, multiplier, place))
            self._level[row] = level + 1
        self._used[pivot_row] = True
        self._pivots.append((unknown, pivot_row, pivot))

    def levels(self) -> list[_Level]:
        """Return operations by level."""
        multipliers = np.array(self._multipliers, dtype=np.intp).reshape(-1, 5)
        updates = np.array(self._updates, dtype=np.intp).reshape(-1, 4)
        levels = []
        for level in range(int(multipliers[:, 0].max(initial=-1)) + 1):
            m, u = multipliers[multipliers[:, 0] == level].T, updates[updates[:, 0] == level].T
            levels.append(_Level(m[1], m[2], m[3], m[4], u[1], u[2], u[3]))
        return levels

    def backward_levels(self) -> list[_Step]:
        """Return how eliminated unknowns follow from the core, in groups that do not depend on one another."""
        depth: dict[int, int] = {}
        groups: dict[int, list[tuple[int, int, int]]] = {}
        for unknown, row, pivot in reversed(self._pivots):
            depth[unknown] = 1 + max((depth.get(column, 0) for column in self.rows[row]), default=0)
            groups.setdefault(depth[unknown], []).append((unknown, row, pivot))
        return [self._step(groups[level]) for level in sorted(groups)]

    def _step(self, group: list[tuple[int, int, int]]) -> _Step:
        unknowns, rows, pivots = (np.array(part, dtype=np.intp) for part in zip(*group, strict=True))
        places: list[int] = []
        columns: list[int] = []
        starts, filled = [], []
        for k, (unknown, row, _) in enumerate(group):
            terms = [(place, column) for column, place in self.rows[row].items() if column != unknown]
            if terms:
                starts.append(len(places))
                filled.append(k)
            places += [place for place, _ in terms]
            columns += [column for _, column in terms]
        parts = (np.array(part, dtype=np.intp) for part in (places, columns, starts, filled))
        return _Step(unknowns, rows, pivots, *parts)

    def core(self) -> Core:
        """Return what is left."""
        n = self.pattern.size
        gone = {unknown for unknown, _, _ in self._pivots}
        equations = np.array([row for row in range(n) if not self._used[row]], dtype=np.intp)
        unknowns = np.array([unknown for unknown in range(n) if unknown not in gone], dtype=np.intp)
        position = {int(unknown): k for k, unknown in enumerate(unknowns)}
        entries = [
            (k, position[column % n], (0, -1, 1)[column // n], place)
            for k, row in enumerate(equations)
            for column, place in self.rows[row].items()
        ]
        table = np.array(entries, dtype=np.intp).reshape(-1, 4).T
        return Core(equations, unknowns, *table)
