r"""Who learns from whom, from data: citations, input-output tables, flows of workers.

A table of flows between industries does not say by itself who teaches whom, nor how much is learnt. Both are stated here, never
assumed. A citation from i to j means that i learns from j; a worker who goes from i to j takes along what i knows; a sale may
teach the seller or the buyer, and the literature has found both. Inside, the teacher is always the row and the learner the
column, as in the tables of Hanlon (2012), so that :math:`dA/dt = \tau^\top L`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.network_table import read_table, table_flows
from tradewinds.errors import DataError, InputError, require_option
from tradewinds.labels import align, require_unique
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["NETWORK_KINDS", "NORMALISATIONS", "TEACHERS", "SpilloverNetwork", "read_network", "spillover_network"]

Array = NDArray[np.float64]

#: What a table counts -> which end of a flow teaches; empty where the user must say.
NETWORK_KINDS: Mapping[str, str] = {"citations": "to", "labour_flows": "from", "input_output": "", "spillovers": "from"}

#: Ends of a flow.
TEACHERS: tuple[str, ...] = ("from", "to")

#: What is made one by dividing: all that an industry teaches (row) or learns (column), the sum of all links, the largest, nothing.
NORMALISATIONS: tuple[str, ...] = ("row", "column", "total", "largest", "none")


@dataclass(frozen=True, eq=False)
class SpilloverNetwork:
    """Flows of knowledge between industries, as counted.

    Attributes
    ----------
    flows : ndarray, shape (n, n)
        Row teaches, column learns; in the unit of the table.
    industries : tuple of str
    kind : {"citations", "labour_flows", "input_output", "spillovers"}
        What was counted.
    teacher : {"from", "to"}
        Which end of a flow of the table teaches.
    source : str
        Where it comes from, for figures.

    Raises
    ------
    InputError
        If shapes disagree, a label occurs twice, or a flow is negative or not finite.
    """

    flows: Array = field(repr=False)
    industries: tuple[str, ...]
    kind: str = "spillovers"
    teacher: str = "from"
    source: str = ""

    def __post_init__(self) -> None:
        require_option("kind", self.kind, NETWORK_KINDS)
        require_option("teacher", self.teacher, TEACHERS)
        object.__setattr__(self, "industries", tuple(str(label) for label in self.industries))
        flows = np.array(self.flows, dtype=float)
        n = len(self.industries)
        if flows.shape != (n, n):
            raise InputError(
                f"flows has shape {flows.shape}, but there are {n} industries: it must have shape {(n, n)}"
            )
        require_unique(self.industries, what="industries of the network")
        bad = np.argwhere(~(np.isfinite(flows) & (flows >= 0)))
        if len(bad):
            i, j = (int(k) for k in bad[0])
            raise InputError(f"{self._link(i, j)} is {flows[i, j]}; it must be at least 0 and finite")
        flows.setflags(write=False)
        object.__setattr__(self, "flows", flows)

    def learning_rates(self, *, normalise: str, diagonal: bool = True, scale: float = 1.0) -> Array:
        r"""Return spillovers for :class:`~tradewinds.clusters.ClusterParameters`: row sends, column receives.

        Parameters
        ----------
        normalise : {"row", "column", "total", "largest", "none"}
            Flows are divided so that this becomes one: all that each industry teaches (``row``), all that each learns
            (``column``), the sum of all flows (``total``), the largest flow (``largest``), or nothing is (``none``).
        diagonal : bool
            Whether industries learn from themselves. Without, the diagonal is zero before anything is divided.
        scale : float
            What one stands for after that: goods a worker, per worker and unit of time.

        Returns
        -------
        ndarray, shape (n, n)

        Raises
        ------
        InputError
            If an industry has nothing to be divided by, the scale is not positive, or an entry exceeds 1.

        Examples
        --------
        >>> network = SpilloverNetwork(np.array([[6.0, 2.0], [1.0, 1.0]]), ("steel", "toys"))
        >>> network.learning_rates(normalise="row", scale=0.2).tolist()
        [[0.15000000000000002, 0.05], [0.1, 0.1]]
        """
        require_option("normalise", normalise, NORMALISATIONS)
        if not 0 < scale < np.inf:
            raise InputError(f"scale is {scale!r}; it must be above 0 and finite, such as 0.2")
        flows = self._flows(diagonal)
        rates = scale * flows / self._divisor(flows, normalise)
        if rates.max() > 1 + 1e-12:
            i, j = (int(k) for k in np.unravel_index(rates.argmax(), rates.shape))
            raise InputError(
                f"{self._link(i, j)} becomes a learning rate of {rates[i, j]:.6g}; rates lie between 0 and 1. Make scale at most "
                f'{scale / rates[i, j]:.6g}, or choose another way to normalise, such as "largest" (now {normalise!r})'
            )
        return np.asarray(np.minimum(rates, 1.0))

    def learning_shares(self, *, diagonal: bool = True) -> Array:
        r"""Return Liu and Ma's :math:`\Omega`: row learns, column teaches, and rows sum to one.

        Raises
        ------
        InputError
            If an industry learns from nobody.

        Examples
        --------
        >>> network = SpilloverNetwork(np.array([[6.0, 2.0], [2.0, 2.0]]), ("steel", "toys"))
        >>> network.learning_shares().tolist()
        [[0.75, 0.25], [0.5, 0.5]]
        """
        flows = self._flows(diagonal)
        return np.asarray((flows / self._divisor(flows, "column")).T)

    def _flows(self, diagonal: bool) -> Array:
        flows = self.flows if diagonal else self.flows * (1 - np.eye(len(self.industries)))
        if not flows.any():
            raise InputError(
                "no industry teaches another; there is no network" + ("" if diagonal else " off the diagonal")
            )
        return flows

    def _divisor(self, flows: Array, normalise: str) -> Array:
        if normalise == "none":
            return np.array(1.0)
        if normalise in ("total", "largest"):
            return np.asarray(flows.sum() if normalise == "total" else flows.max())
        sums = flows.sum(axis=1 if normalise == "row" else 0)
        idle = [self.industries[int(i)] for i in np.flatnonzero(sums == 0)]
        if idle:
            does = "teach nobody" if normalise == "row" else "learn from nobody"
            raise InputError(
                f"industries that {does}, so that shares cannot sum to one: {', '.join(idle)}. Leave them out of the table, or "
                'normalise by "total" or "largest"'
            )
        return np.asarray(sums[:, np.newaxis] if normalise == "row" else sums)

    def _link(self, i: int, j: int) -> str:
        return f"what {self.industries[j]} learns from {self.industries[i]}"

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography: none, for a user's own table."""
        return ()

    def tidy(self) -> pd.DataFrame:
        """Return one flow a row: variable, value, unit, teacher, learner."""
        unit = self.kind.replace("_", " ")
        rows = [
            {"variable": "knowledge_flow", "value": float(flow), "unit": unit, "teacher": teacher, "learner": learner}
            for teacher, row in zip(self.industries, self.flows, strict=True)
            for learner, flow in zip(self.industries, row, strict=True)
        ]
        return tidy_frame(rows, ["teacher", "learner"])

    def summary(self) -> str:
        """Return size, direction, and the largest links as text."""
        n, total = len(self.industries), float(self.flows.sum())
        order = np.argsort(-self.flows, axis=None, kind="stable")[: min(5, n * n)]
        links = [tuple(int(k) for k in np.unravel_index(place, self.flows.shape)) for place in order]
        end = "origin" if self.teacher == "from" else "target"
        within = float(np.trace(self.flows)) / total if total else 0.0
        lines = [
            f"{self.kind.replace('_', ' ')} between {n} industries; the {end} of a flow teaches",
            f"  {total:,.6g} in all, {within:.1%} within industries; {np.mean(self.flows > 0):.1%} of pairs linked",
        ]
        lines += [f"  {self._link(i, j)}: {self.flows[i, j]:,.6g}" for i, j in links if self.flows[i, j] > 0]
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return a grey map of what each industry learns from each, as shares of all it learns."""
        from tradewinds.clusters.network_figures import plot_network

        return plot_network(self)


def spillover_network(
    table: pd.DataFrame | Mapping[str, ArrayLike],
    *,
    kind: str,
    teacher: str | None = None,
    industries: Sequence[str] | None = None,
    missing: str = "error",
    source: str = "",
) -> SpilloverNetwork:
    """Return a network from a table of flows between industries.

    Parameters
    ----------
    table : DataFrame or mapping
        A square table, whose index and columns are the industries and whose cells flow from the row to the column; or a long one,
        with columns ``from``, ``to`` and ``value``.
    kind : {"citations", "labour_flows", "input_output", "spillovers"}
        What is counted: ``from`` cites ``to``; workers go from ``from`` to ``to``; ``from`` sells to ``to``; ``from``
        teaches ``to``.
    teacher : {"from", "to"}, optional
        Which end of a flow teaches. It is the cited one for citations, and ``from`` for workers and spillovers. For input-output
        tables it must be given: ``from`` if buyers learn from suppliers, ``to`` if suppliers learn from buyers.
    industries : sequence of str, optional
        The order wanted. Table and list must name the same industries.
    missing : {"error", "zero"}
        What an empty cell, or a pair that a long table does not list, means.
    source : str
        Where the numbers come from, for figures.

    Raises
    ------
    DataError
        If the table is neither, or a cell is not a number of at least 0; all problems are named at once.
    AlignmentError
        If rows, columns and the list do not name the same industries.
    InputError
        If an option is not allowed, or the teacher of an input-output table is not stated.

    Examples
    --------
    Toys cite steel twice as often as steel cites toys:

    >>> import pandas as pd
    >>> long = pd.DataFrame({"from": ["toys", "steel"], "to": ["steel", "toys"], "value": [20, 10]})
    >>> network = spillover_network(long, kind="citations", missing="zero")
    >>> network.industries, network.flows.tolist()
    (('toys', 'steel'), [[0.0, 10.0], [20.0, 0.0]])
    """
    import pandas as pd

    teacher = _teacher(kind, teacher)
    require_option("missing", missing, ("error", "zero"))
    labels, flows, problems = table_flows(pd.DataFrame(table), missing)
    if problems:
        raise DataError(source or "table of flows", problems)
    if industries is not None:
        order = align(
            [str(label) for label in industries],
            labels,
            what="industry",
            left_name="industries",
            right_name="the table",
        )
        labels, flows = tuple(labels[i] for i in order), flows[np.ix_(order, order)]
    return SpilloverNetwork(flows if teacher == "from" else flows.T, labels, kind, teacher, source)


def read_network(
    path: str | Path,
    *,
    kind: str,
    teacher: str | None = None,
    industries: Sequence[str] | None = None,
    missing: str = "error",
) -> SpilloverNetwork:
    """Read a network from a CSV file.

    Parameters
    ----------
    path : str or Path
        A square table, whose first column and first row name the industries; or a long one, with columns ``from``, ``to`` and
        ``value``. Labels are text: ``01`` stays ``01``.
    kind, teacher, industries, missing
        As in :func:`spillover_network`.

    Raises
    ------
    DataError
        If the file cannot be read or is not such a table.
    InputError
        As in :func:`spillover_network`.
    """
    _teacher(kind, teacher)  # before a file is read
    file = Path(path)
    return spillover_network(
        read_table(file), kind=kind, teacher=teacher, industries=industries, missing=missing, source=file.name
    )


def _teacher(kind: str, teacher: str | None) -> str:
    require_option("kind", kind, NETWORK_KINDS)
    known = teacher or NETWORK_KINDS[kind]
    if not known:
        raise InputError(
            'kind = "input_output" needs teacher: "from" if buyers learn from their suppliers, "to" if suppliers learn from their '
            "buyers. Both have been found; the table does not say"
        )
    require_option("teacher", known, TEACHERS)
    return known
