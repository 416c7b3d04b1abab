"""Static condensation: eliminate what need not link periods.

Within each period that is the unknowns which no neighbouring period contains. An unknown with a lag goes too where an equation
without lags and leads determines it from others that are in the links anyway: that equation holds in the period before as well, so
that it replaces the lag by theirs. What remains, the core, links periods.

The order of elimination is chosen once, by Gaussian elimination on dictionaries with the values of a few sampled periods, and
recorded as operations on numbered slots; each later Jacobian replays them for all periods at once. Operations of one level touch
different rows, so a level is a few NumPy statements.

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
#: The lag of an unknown is eliminated where no equation multiplies it by more than this, relative to its pivot.
LARGEST_LAG = 100.0
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
        static = np.setdiff1d(np.arange(pattern.size), pattern.columns[pattern.slots != 0])
        elimination.run(static, within=True)
        elimination.run(np.setdiff1d(pattern.columns_in(-1), pattern.columns_in(1)), within=True)
        elimination.run(static)
        self._entry_places = elimination.entry_places
        self._count = elimination.count
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
                worst = level.now.carry_out(slots, 0), level.late.carry_out(slots, 1)
                self.largest_multiplier = max(self.largest_multiplier, *worst)
        return slots

    def reduce(self, slots: Array, right: Array) -> Array:
        """Return right-hand sides, shape (n, k, T), after elimination, which takes place in them."""
        for level in self._levels:
            level.late.reduce(slots, right, 1)
            level.now.reduce(slots, right, 0)
        return right

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
class _Operations:
    """Operations that touch different rows: ``multipliers /= pivots``, then ``targets -= left * right``."""

    multipliers: Index
    pivots: Index
    rows: Index
    sources: Index
    targets: Index
    left: Index
    right: Index

    def carry_out(self, slots: Array, lag: int) -> float:
        """Carry them out, with pivots and ``right`` of so many periods before, and return the largest multiplier."""
        here, there = slice(lag, None), slice(None, slots.shape[1] - lag)
        if not self.multipliers.size:
            return 0.0
        multipliers = slots[self.multipliers, here] / slots[self.pivots, there]
        slots[self.multipliers, here] = multipliers
        slots[self.targets, here] -= slots[self.left, here] * slots[self.right, there]
        worst = float(np.abs(multipliers).max(initial=0.0))
        return worst if np.isfinite(worst) else np.inf

    def reduce(self, slots: Array, right: Array, lag: int) -> None:
        """Carry them out in right-hand sides, shape (n, k, T)."""
        if self.multipliers.size:
            here, there = slice(lag, None), slice(None, slots.shape[1] - lag)
            right[self.rows, :, here] -= slots[self.multipliers, None, here] * right[self.sources, :, there]


@dataclass(frozen=True, eq=False)
class _Level:
    """Operations of a level: within periods, and those that put an equation of the period before into this one."""

    now: _Operations
    late: _Operations


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
        self.late: list[set[int]] = [set() for _ in range(n)]  # rows that hold its lag
        self._outside = [0] * n  # lags and leads of a row
        self.values = np.zeros((2 * pattern.rows.size, len(sample)))
        self.count = 0
        self.entry_places = np.empty(pattern.rows.size, dtype=np.intp)
        block = np.choose(pattern.slots + 1, [n, 0, 2 * n])
        for entry, (row, column) in enumerate(
            zip(pattern.rows.tolist(), (block + pattern.columns).tolist(), strict=True)
        ):
            place = self._place(row, column)
            self.values[place] += sample[:, entry]
            self.entry_places[entry] = place
        self._level = [0] * n
        self._used = [False] * n
        self._pivots: list[tuple[int, int, int]] = []  # unknown, row, place
        self._multipliers: list[tuple[int, int, int, int, int]] = []  # level, place, pivot place, row, pivot row
        self._updates: list[tuple[int, int, int, int]] = []  # level, target, left, right
        self._late_multipliers: list[tuple[int, int, int, int, int]] = []
        self._late_updates: list[tuple[int, int, int, int]] = []
        self._links = frozenset(np.unique(pattern.columns[pattern.slots != 0]).tolist())

    def _place(self, row: int, column: int) -> int:
        place = self.rows[row].get(column)
        if place is None:
            place = self.rows[row][column] = self.count
            self.count += 1
            if self.count > len(self.values):
                self.values = np.concatenate([self.values, np.zeros_like(self.values)])
            self._outside[row] += column >= self.pattern.size
            if column < 2 * self.pattern.size:
                where = self.holders if column < self.pattern.size else self.late
                where[column % self.pattern.size].add(row)
        return place

    def run(self, unknowns: Index, *, within: bool = False) -> None:
        """Eliminate unknowns, cheapest first, while that is cheaper than to leave them to the dense blocks.

        Parameters
        ----------
        unknowns : ndarray of int
            None of them with a lead.
        within : bool
            Only by equations without lags and leads; as those hold in the period before too, an unknown may then have lags.
        """
        leads = self.pattern.columns_in(1).size
        gone = [unknown for unknown, _, _ in self._pivots]
        heap = [(self._choose(v, within)[0], v) for v in np.setdiff1d(unknowns, gone).tolist()]
        heapq.heapify(heap)
        while heap:
            cost, unknown = heapq.heappop(heap)
            now, row = self._choose(unknown, within)
            if now > cost and heap and now > heap[0][0]:
                heapq.heappush(heap, (now, unknown))
            elif row >= 0:
                left = self.pattern.size - len(self._pivots)
                if now * UPDATE_COST > left * (2.0 * left + 4.0 * leads):
                    break
                self._eliminate(unknown, row)

    def _choose(self, unknown: int, within: bool) -> tuple[float, int]:
        """Return Markowitz cost and row of the best safe pivot; row -1 where none is usable."""
        rows = [row for row in self.holders[unknown] if not self._used[row]]
        late = [row for row in self.late[unknown] if not self._used[row]]
        usable = [row for row in rows if not within or self._stays_within(row, bool(late))]
        if not usable:
            return np.inf, -1
        n = self.pattern.size
        size = np.abs(self.values[[self.rows[row][unknown] for row in rows]])
        largest = size.max(axis=0)
        share = (size / np.where(largest > 0, largest, 1.0)).min(axis=1)
        best = float(share.max())
        if not best > 0:  # zero in some period: left to the core
            return np.inf, -1
        lags = np.abs(self.values[[self.rows[row][unknown + n] for row in late]]).max(axis=0, initial=0.0)
        good = (share >= min(PIVOT_SHARE, best)) & np.all(lags <= LARGEST_LAG * size, axis=1)
        safe = {row for row, chosen in zip(rows, good.tolist(), strict=True) if chosen}
        length, row = min(((len(self.rows[row]), row) for row in usable if row in safe), default=(0, -1))
        return ((length - 1.0) * (len(rows) - 1.0 + len(late)), row) if row >= 0 else (np.inf, -1)

    def _stays_within(self, row: int, late: bool) -> bool:
        """Return whether an equation has neither lags nor leads and, of an unknown with lags, gives none to one without."""
        if self._outside[row]:
            return False
        return not late or self.rows[row].keys() <= self._links

    def _eliminate(self, unknown: int, pivot_row: int) -> None:
        n = self.pattern.size
        pivot = self.rows[pivot_row][unknown]
        now = [row for row in self.holders[unknown] if row != pivot_row and not self._used[row]]
        late = [row for row in self.late[unknown] if not self._used[row]]
        level = max([self._level[pivot_row], *(self._level[row] for row in (*now, *late))])
        rest = [column for column in self.rows[pivot_row] if column != unknown]
        terms = [self.rows[pivot_row][column] for column in rest]
        for rows, shift, multipliers, updates in (
            (now, 0, self._multipliers, self._updates),
            (late, n, self._late_multipliers, self._late_updates),
        ):
            for row in rows:
                multiplier = self.rows[row].pop(unknown + shift)  # its place holds the multiplier from now on
                self._outside[row] -= shift > 0
                self.values[multiplier] /= self.values[pivot]
                multipliers.append((level, multiplier, pivot, row, pivot_row))
                targets = [self._place(row, column + shift) for column in rest]
                self.values[targets] -= self.values[multiplier] * self.values[terms]
                updates += [(level, target, multiplier, term) for target, term in zip(targets, terms, strict=True)]
                self._level[row] = level + 1
        self._used[pivot_row] = True
        self._pivots.append((unknown, pivot_row, pivot))

    def levels(self) -> list[_Level]:
        """Return operations by level."""
        found = []
        parts = (self._multipliers, self._updates), (self._late_multipliers, self._late_updates)
        tables = [
            (np.array(multipliers, dtype=np.intp).reshape(-1, 5), np.array(updates, dtype=np.intp).reshape(-1, 4))
            for multipliers, updates in parts
        ]
        for level in range(max(int(multipliers[:, 0].max(initial=-1)) for multipliers, _ in tables) + 1):
            now, late = (
                _Operations(*multipliers[multipliers[:, 0] == level, 1:].T, *updates[updates[:, 0] == level, 1:].T)
                for multipliers, updates in tables
            )
            found.append(_Level(now, late))
        return found

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
