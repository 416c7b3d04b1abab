"""Sparse LU of the stacked Jacobian, ordered so that it stays sparse: the robust reference.

SciPy's default ordering knows nothing of time and fills the factor in. Here each equation is first matched with an unknown of
its own period whose derivative is large in every period, which puts a safe diagonal in place; then a period's unknowns are ordered
by minimum degree on the graph that elimination in time leaves behind, unknowns with leads last; and periods follow one another.
SuperLU still pivots across periods, so a period whose own block is singular does not stop it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array, diags_array, eye_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from scipy.sparse.linalg import splu

from tradewinds.solvers.perfect_foresight.linear.scaling import ACCEPTED_ERROR, ScaledSystem, one_thread
from tradewinds.solvers.perfect_foresight.linear.system import SingularSystemError, StackedPattern
from tradewinds.solvers.perfect_foresight.structure import Pattern

__all__ = ["SuperLU"]

Array = NDArray[np.float64]


class SuperLU:
    """Analyse, factor and solve with SuperLU.

    Attributes
    ----------
    ordering : str
        ``time`` (matching and window order) or ``colamd`` (SciPy's default, where no matching exists).
    notes : list of str
        What was tried and given up, in order.
    """

    def __init__(self) -> None:
        self.ordering = ""
        self.notes: list[str] = []

    def analyse(self, stacked: StackedPattern, values: Array) -> None:
        """Choose an ordering from the pattern and typical values, shape (T, nnz)."""
        self.stacked = stacked
        pattern = stacked.pattern
        matched = _match(pattern, values)
        if matched is None:
            self.ordering = "colamd"
            self.notes.append("equations and unknowns of one period cannot be matched; SciPy's column ordering is used")
            return
        self.ordering = "time"
        order = _window_order(pattern, matched)
        periods = np.arange(stacked.periods)[:, None] * pattern.size
        self._columns = (periods + order).ravel()
        self._rows = (periods + matched[order]).ravel()

    def factor(self, values: Array, terminal: Array | None = None) -> None:
        """Factor the Jacobian with these values; see :meth:`StackedPattern.matrix`.

        Raises
        ------
        SingularSystemError
            If it is singular, or nearly so, under every ordering; it names unknowns that are not determined.
        """
        self._system = ScaledSystem(self.stacked, values, terminal)
        if self.ordering == "time":
            try:
                self._factor, self._permuted = self._factor_in_time(), True
            except RuntimeError:
                self.notes.append("the time ordering met a singular pivot; SciPy's column ordering is used")
                self._factor_by_columns()
        else:
            self._factor_by_columns()
        self._system.check_growth(self.approximate)

    def _factor_in_time(self) -> Any:
        permuted = csc_array(self._system.matrix[self._rows][:, self._columns])
        permuted.sort_indices()
        return splu(permuted, permc_spec="NATURAL", diag_pivot_thresh=0.01, options={"SymmetricMode": True})

    def _factor_by_columns(self) -> None:
        matrix = csc_array(self._system.matrix)
        self._permuted = False
        try:
            self._factor = splu(matrix, permc_spec="COLAMD")
        except RuntimeError:
            raise SingularSystemError("the stacked Jacobian is exactly singular", self._null_unknowns(matrix)) from None

    def _null_unknowns(self, matrix: csc_array) -> tuple[tuple[int, int], ...]:
        """Return unknowns of a null vector, found with the matrix made regular by a small perturbation."""
        random = np.random.default_rng(0)
        size = matrix.shape[0]
        matrix = csc_array(matrix + 1e-10 * csc_array(diags_array(random.uniform(1.0, 2.0, size))))
        try:
            null = splu(matrix, permc_spec="COLAMD").solve(random.uniform(-1.0, 1.0, size))
        except RuntimeError:
            return ()
        return self._system.most_loose(null)

    def solve(self, right: Array, tolerance: float | None = None) -> Array:
        """Return the solution, refined, or raise if its backward error is too large.

        Parameters
        ----------
        right : ndarray, shape (T n,) or (T n, k)
        tolerance : float, optional
            Unused: a direct solution is as good as it gets.

        Raises
        ------
        SingularSystemError
            If the norm-wise backward error of the scaled system stays above ``ACCEPTED_ERROR``.
        """
        system = self._system
        scaled = system.scaled(right)
        with one_thread():
            solution, error = system.refined(self.approximate, scaled)
            if not error <= ACCEPTED_ERROR and self._permuted:
                self.notes.append(f"backward error {error:.1e} in the time ordering; SciPy's column ordering is used")
                self._factor_by_columns()
                solution, error = system.refined(self.approximate, scaled)
        if not error <= ACCEPTED_ERROR:
            raise SingularSystemError(
                f"the stacked Jacobian is near-singular: backward error {error:.1e}", system.most_loose(solution)
            )
        return system.unscaled(solution)

    def approximate(self, right: Array) -> Array:
        """Return a solution of the scaled system as the factor gives it, neither refined nor checked."""
        if not self._permuted:
            return np.asarray(self._factor.solve(right))
        solution = np.empty_like(right)
        solution[self._columns] = self._factor.solve(right[self._rows])
        return solution


def _match(pattern: Pattern, values: Array) -> NDArray[np.intp] | None:
    """Return the equation matched with each unknown, by derivatives that are large in every period; None if there is none."""
    now = pattern.slots == 0
    magnitude = np.abs(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0))
    smallest = magnitude[:, now].min(axis=0)
    weight = np.maximum(smallest, 1e-12 * max(float(magnitude.max()), np.finfo(float).tiny))
    logs = coo_array(
        (np.log(weight), (pattern.rows[now], pattern.columns[now])), shape=(pattern.size, pattern.size)
    ).tocsr()
    best = np.full(pattern.size, -np.inf)
    np.maximum.at(best, pattern.columns[now], np.log(weight))
    cost = csr_array((best[logs.indices] - logs.data + 30.0, logs.indices, logs.indptr), shape=logs.shape)
    try:
        rows, columns = min_weight_full_bipartite_matching(cost)
    except ValueError:
        return None
    matched = np.empty(pattern.size, dtype=np.intp)
    matched[columns] = rows
    return matched


def _window_order(pattern: Pattern, matched: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return an order of a period's unknowns: minimum degree on what elimination in time leaves behind, leads last."""
    n = pattern.size
    unknown_of = np.empty(n, dtype=np.intp)
    unknown_of[matched] = np.arange(n)
    leads, lags = pattern.columns_in(1), pattern.columns_in(-1)
    position = {int(column): n + k for k, column in enumerate(leads)}
    here = unknown_of[pattern.rows]
    now, ahead = pattern.slots == 0, pattern.slots == 1
    edges = [(here[now], pattern.columns[now])]
    edges.append((here[ahead], np.array([position[int(column)] for column in pattern.columns[ahead]], dtype=np.intp)))
    backward = np.unique(here[pattern.slots == -1])
    extra = np.arange(n, n + leads.size)
    for left, right in ((backward, leads), (extra, extra), (lags, extra)):
        edges.append((np.repeat(left, right.size), np.tile(right, left.size)))
    rows = np.concatenate([left for left, _ in edges])
    columns = np.concatenate([right for _, right in edges])
    total = n + leads.size
    graph = csc_array(coo_array((np.ones(rows.size), (rows, columns)), shape=(total, total)))
    graph = csc_array(((graph + graph.T) != 0).astype(float) + (total + 1.0) * eye_array(total))
    options = {"SymmetricMode": True}
    order = np.argsort(splu(graph, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options).perm_c)
    order = order[order < n]
    has_lead = np.isin(order, leads)
    return np.concatenate([order[~has_lead], order[has_lead]])
