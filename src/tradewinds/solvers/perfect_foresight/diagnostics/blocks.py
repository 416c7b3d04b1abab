"""How a model hangs together: states and jumps, and the blocks in which it can be solved one after the other.

Each equation is matched with an unknown, of its own period where possible. Unknowns that need one another form a block (strongly
connected components: the fine decomposition of Dulmage and Mendelsohn 1958). Within a period, lags and leads are given and blocks
follow one another; over time, a block holds whole paths, and only those with leads have to be solved for all periods at once.

Source: Pothen and Fan (1990, ACM Transactions on Mathematical Software 16(4)).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.structure import Pattern, pattern_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Component", "Structure", "structure_of"]

Index = NDArray[np.intp]
Kind = Literal["static", "backward", "forward", "two-sided"]
Part = Literal["prologue", "core", "epilogue"]


@dataclass(frozen=True)
class Component:
    """Equations that have to be solved together.

    Attributes
    ----------
    equations, unknowns : tuple of int
        Numbers, matched one to one.
    kind : {"static", "backward", "forward", "two-sided"}
        Which of its own unknowns it reads: this period's only, lags, leads, or both.
    part : {"prologue", "core", "epilogue"}
        Before all blocks that look ahead, among them, or after them.
    """

    equations: tuple[int, ...]
    unknowns: tuple[int, ...]
    kind: Kind
    part: Part

    @property
    def size(self) -> int:
        """Number of equations."""
        return len(self.equations)


@dataclass(frozen=True, eq=False)
class Structure:
    """Roles of unknowns, and blocks within a period and over time, each in the order in which it can be solved.

    Attributes
    ----------
    model : Model
    pattern : Pattern
    lagged, led : ndarray of bool, shape (n,)
        Whether some equation reads the unknown with a lag, or with a lead.
    within, over_time : tuple of Component
    elsewhere : tuple of int
        Unknowns that no equation of their own period is left to determine, so that a neighbouring one does.
    """

    model: Model
    pattern: Pattern
    lagged: NDArray[np.bool_]
    led: NDArray[np.bool_]
    within: tuple[Component, ...]
    over_time: tuple[Component, ...]
    elsewhere: tuple[int, ...]

    @property
    def roles(self) -> dict[str, str]:
        """Role of each unknown: ``state`` (read with a lag), ``jump`` (with a lead), ``both`` or ``static``."""
        names = np.array(["static", "state", "jump", "both"])[self.lagged + 2 * self.led.astype(int)]
        return dict(zip(self.model.unknown_labels, names.tolist(), strict=True))

    @property
    def largest(self) -> Component:
        """The largest block over time."""
        return max(self.over_time, key=lambda component: component.size)

    def block_of(self, unknowns: Sequence[int]) -> int:
        """Return the number, from 1, of the first block over time that holds one of these unknowns."""
        chosen = set(unknowns)
        return next(k for k, block in enumerate(self.over_time, start=1) if chosen & set(block.unknowns))

    def tidy(self) -> pd.DataFrame:
        """Return one row an unknown: its block over time, the size of it, its role and its equation."""
        import pandas as pd

        unknowns, equations, roles = self.model.unknown_labels, self.model.equation_labels, self.roles
        rows = []
        for number, block in enumerate(self.over_time, start=1):
            for equation, unknown in zip(block.equations, block.unknowns, strict=True):
                name, _, country = unknowns[unknown].rstrip("]").partition("[")
                rows.append(
                    {
                        "variable": name,
                        "value": number,
                        "unit": "block",
                        "country": country,
                        "role": roles[unknowns[unknown]],
                        "equation": equations[equation],
                        "block_size": block.size,
                        "block_kind": block.kind,
                        "part": block.part,
                    }
                )
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Return roles and blocks as text."""
        lines = [f"Structure: {self.model.size} equations a period"]
        words = (("state", "read with a lag"), ("jump", "read with a lead"), ("both", "read with a lag and a lead"))
        for role, meaning in (*words, ("static", "read in their own period only")):
            chosen = [label for label, found in self.roles.items() if found == role]
            lines.append(f"  {len(chosen)} {meaning}: {by_name(chosen)}" if chosen else f"  none {meaning}")
        simultaneous = [block.size for block in self.within if block.size > 1]
        lines.append(
            f"  within a period: {_blocks(len(self.within))}, "
            + (
                f"{len(simultaneous)} simultaneous, the largest of {max(simultaneous)}"
                if simultaneous
                else "none simultaneous"
            )
        )
        sizes = {
            part: sum(b.size for b in self.over_time if b.part == part) for part in ("prologue", "core", "epilogue")
        }
        lines.append(
            f"  over time: {_blocks(len(self.over_time))}, the largest of {self.largest.size} ({self.largest.kind}); "
            f"prologue {sizes['prologue']}, core {sizes['core']}, epilogue {sizes['epilogue']} equations"
        )
        if self.elsewhere:
            names = by_name([self.model.unknown_labels[k] for k in self.elsewhere])
            lines.append(
                f"  no equation of their own period is left to determine {names}: a neighbouring period's does"
            )
        return "\n".join(lines)


def structure_of(model: Model) -> Structure:
    """Return how a model hangs together, from its equations alone."""
    pattern = pattern_of(model)
    n, here = pattern.size, pattern.slots == 0
    partner, elsewhere = _match(pattern)  # the equation of each unknown
    owner = np.empty(n, dtype=np.intp)
    owner[partner] = np.arange(n)
    needs = owner[pattern.rows]
    alone = np.arange(n)
    lagged, led = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    lagged[pattern.columns_in(-1)], led[pattern.columns_in(1)] = True, True
    within, _ = ordered_components(np.append(needs[here], alone), np.append(pattern.columns[here], alone), partner)
    groups, labels = ordered_components(needs, pattern.columns, partner)
    kinds = [_kind(pattern, needs, labels, k) for k in range(len(groups))]
    parts = _parts(labels[needs], labels[pattern.columns], kinds)
    return Structure(
        model,
        pattern,
        lagged,
        led,
        tuple(_component(group, partner, "static", "core") for group in within),
        tuple(_component(group, partner, kind, part) for group, kind, part in zip(groups, kinds, parts, strict=True)),
        elsewhere,
    )


def _component(group: Index, partner: Index, kind: Kind, part: Part) -> Component:
    return Component(tuple(partner[group].tolist()), tuple(group.tolist()), kind, part)


def _match(pattern: Pattern) -> tuple[Index, tuple[int, ...]]:
    """Return the equation of each unknown, with as many as possible of the same period, and the unknowns where none is."""
    n = pattern.size
    cost = np.where(pattern.slots == 0, 1.0, n + 1.0)
    code = pattern.rows * n + pattern.columns
    places, inverse = np.unique(code, return_inverse=True)
    cheapest = np.full(places.size, np.inf)
    np.minimum.at(cheapest, inverse, cost)
    graph = csr_array(coo_array((cheapest, (places // n, places % n)), shape=(n, n)))
    rows, columns = min_weight_full_bipartite_matching(graph)
    partner = np.empty(n, dtype=np.intp)
    partner[columns] = rows
    away = np.asarray(graph[rows, columns]).ravel() > 1.0
    return partner, tuple(sorted(int(k) for k in columns[away]))


def ordered_components(needs: Index, needed: Index, rank: Index) -> tuple[list[Index], Index]:
    """Return strongly connected components in an order in which each needs earlier ones only, and the number of each node's.

    Parameters
    ----------
    needs, needed : ndarray of int
        Edges: a node, and one it depends on.
    rank : ndarray of int, shape (n,)
        Where the order is open, the smallest comes first.
    """
    n = rank.size
    graph = coo_array((np.ones(needs.size), (needs, needed)), shape=(n, n)).tocsr()
    count, labels = connected_components(graph, directed=True, connection="strong")
    first = np.full(count, n)
    np.minimum.at(first, labels, rank)
    edges = np.unique(np.stack([labels[needs], labels[needed]]), axis=1)
    edges = edges[:, edges[0] != edges[1]]
    waiting = np.bincount(edges[0], minlength=count)
    users: list[list[int]] = [[] for _ in range(count)]
    for user, used in edges.T:
        users[used].append(int(user))
    ready = [(int(first[k]), k) for k in range(count) if waiting[k] == 0]
    heapq.heapify(ready)
    place = np.empty(count, dtype=np.intp)
    for position in range(count):
        _, k = heapq.heappop(ready)
        place[k] = position
        for user in users[k]:
            waiting[user] -= 1
            if waiting[user] == 0:
                heapq.heappush(ready, (int(first[user]), user))
    number = place[labels]
    order = np.lexsort((rank, number))
    return np.split(order, np.flatnonzero(np.diff(number[order])) + 1), number


def _kind(pattern: Pattern, needs: Index, labels: Index, number: int) -> Kind:
    """Return which of its own unknowns a block reads."""
    own = (labels[needs] == number) & (labels[pattern.columns] == number)
    back, ahead = bool(np.any(pattern.slots[own] == -1)), bool(np.any(pattern.slots[own] == 1))
    return "two-sided" if back and ahead else "backward" if back else "forward" if ahead else "static"


def _parts(needs: Index, needed: Index, kinds: Sequence[Kind]) -> list[Part]:
    """Return for each block whether it comes before all that look ahead, among them or after them."""
    looks = np.array([kind in ("forward", "two-sided") for kind in kinds])
    edges = np.unique(np.stack([needs, needed]), axis=1)
    after, before = looks.copy(), looks.copy()  # blocks are in order, so one pass each way is enough
    for user, used in edges[:, np.argsort(edges[0], kind="stable")].T:
        after[user] |= after[used]
    for user, used in edges[:, np.argsort(-edges[0], kind="stable")].T:
        before[used] |= before[user]
    return ["prologue" if not a else "core" if b else "epilogue" for a, b in zip(after, before, strict=True)]


def _blocks(count: int) -> str:
    return f"{count} block" + ("" if count == 1 else "s")


def by_name(labels: Sequence[str], most: int = 12) -> str:
    """Return labels such as ``capital[home]`` gathered by variable: ``capital (home, foreign)``, or ``capital (12)``."""
    found: dict[str, list[str]] = {}
    for label in labels:
        name, _, country = label.rstrip("]").partition("[")
        found.setdefault(name, []).extend([country] if country else [])
    parts = [
        name if not where else f"{name} ({', '.join(where)})" if len(where) <= 3 else f"{name} ({len(where)} countries)"
        for name, where in found.items()
    ]
    rest = len(parts) - most
    return ", ".join(parts[:most]) + (f" and {rest} more" if rest > 0 else "")
