"""Roots of a linearised model and the paths that stay bounded.

Static unknowns are eliminated first. With ``w[t]`` the states of last period and the jumps of this one, the rest reads
``D w[t+1] = E w[t]``. Its generalised Schur form, ordered with stable roots first, has an orthonormal basis of all bounded paths
in its first columns; the rows of states in it, ``Z``, say which initial states such a path can start from (the rank condition).

Source: Klein (2000, Journal of Economic Dynamics and Control 24); elimination as in Villemot (2011, Dynare working paper 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight.diagnostics.nullspace import echelon
from tradewinds.solvers.perfect_foresight.diagnostics.terminal import Linearised

__all__ = ["Paths", "Pencil", "SingularPencilError", "bounded_paths", "reduce_to_dynamics"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: Scaled numbers below this are zero: a pivot, or a singular value of the rows of states.
NOTHING = 1e-11
RANK = 1e-8


class SingularPencilError(ValueError):
    """Equations do not determine their unknowns whatever the roots, so there are none to count."""


@dataclass(frozen=True, eq=False)
class Pencil:
    """A model reduced to ``D w[t+1] = E w[t]``.

    Attributes
    ----------
    ahead, now : ndarray, shape (m, m)
        ``D`` and ``E``.
    states, jumps : ndarray of int
        Unknowns in ``w``: those read with a lag, then those read with a lead.
    """

    ahead: Array
    now: Array
    states: Index
    jumps: Index

    def direction(self, root: complex) -> NDArray[np.complex128]:
        """Return the path that grows by a root, by inverse iteration, largest entry one."""
        shifted = self.now - root * (1 + 1e-10) * self.ahead if np.isfinite(root) else self.ahead
        factor = scipy.linalg.lu_factor(shifted + 1e-13 * np.eye(len(shifted)), check_finite=False)
        vector: Any = np.random.default_rng(0).uniform(-1.0, 1.0, len(shifted)).astype(complex)
        for _ in range(3):
            vector = scipy.linalg.lu_solve(factor, (self.ahead if np.isfinite(root) else self.now) @ vector)
            vector = vector / vector[np.argmax(np.abs(vector))]
        return np.asarray(vector)


def reduce_to_dynamics(linear: Linearised) -> Pencil:
    """Return a model without its static unknowns.

    Raises
    ------
    SingularPencilError
        If the equations do not determine them.
    """
    lag, now, lead = (linear.block(slot).toarray() for slot in (-1, 0, 1))
    states, jumps = linear.pattern.columns_in(-1), linear.pattern.columns_in(1)
    static = np.setdiff1d(np.arange(linear.pattern.size), np.concatenate([states, jumps]))
    if static.size:
        rotation, triangle, _ = scipy.linalg.qr(now[:, static], pivoting=True)
        pivots = np.abs(np.diag(triangle))
        if pivots.min() < NOTHING * max(float(pivots.max()), 1.0):
            raise SingularPencilError("the equations of a period do not determine its static unknowns")
        rest = rotation[:, static.size :].T
        lag, now, lead = rest @ lag, rest @ now, rest @ lead
    both = np.intersect1d(states, jumps)
    inner = len(now)
    ahead, today = (np.zeros((inner + both.size, states.size + jumps.size)) for _ in range(2))
    only = ~np.isin(states, both)
    ahead[:inner, : states.size][:, only] = now[:, states[only]]
    ahead[:inner, states.size :] = lead[:, jumps]
    today[:inner, : states.size] = -lag[:, states]
    today[:inner, states.size :] = -now[:, jumps]
    extra = inner + np.arange(both.size)  # an unknown with lag and lead is in both parts of w
    ahead[extra, np.searchsorted(states, both)] = 1.0
    today[extra, states.size + np.searchsorted(jumps, both)] = 1.0
    return Pencil(ahead, today, states, jumps)


@dataclass(frozen=True, eq=False)
class Paths:
    """Roots, and what bounded paths can and cannot do.

    Attributes
    ----------
    roots : ndarray of complex
        By modulus; infinite where a jump follows from later periods alone.
    stable : int
        How many are counted as stable.
    explosive : ndarray, shape (e, n_states)
        Combinations of initial states that have to be zero for a path to stay bounded, in echelon form.
    free : ndarray, shape (f, n_jumps)
        Movements of jumps from which bounded paths start though all states are as given.
    smallest : float
        Smallest singular value of the rows of states; one without states.
    """

    roots: NDArray[np.complex128]
    stable: int
    explosive: Array
    free: Array
    smallest: float


def bounded_paths(pencil: Pencil, limit: float) -> Paths:
    """Return roots, and the paths whose roots are smaller than ``limit``.

    Raises
    ------
    SingularPencilError
        If every number is a root.
    InputError
        If the roots cannot be put in order.
    """
    size, count = len(pencil.now), pencil.states.size
    if size == 0:
        return Paths(np.zeros(0, dtype=complex), 0, np.zeros((0, 0)), np.zeros((0, 0)), 1.0)
    try:
        top, bottom, alpha, beta, _, right = scipy.linalg.ordqz(
            pencil.now, pencil.ahead, sort=lambda a, b: np.abs(a) < limit * np.abs(b), output="complex"
        )
    except (ValueError, scipy.linalg.LinAlgError) as error:
        raise InputError(
            f"roots at the terminal state cannot be put in order, as when several are almost the same near {limit:g} ({error})"
        ) from None
    scale = max(float(np.abs(np.diag(top)).max()), float(np.abs(np.diag(bottom)).max()))
    small = NOTHING * scale
    if np.any((np.abs(alpha) < small) & (np.abs(beta) < small)):
        raise SingularPencilError("every number is a root")
    with np.errstate(divide="ignore", invalid="ignore"):
        roots = np.where(np.abs(beta) < small, np.inf, alpha / np.where(beta == 0, 1.0, beta))
    stable = int(np.sum(np.abs(alpha) < limit * np.abs(beta)))
    basis = right[:, :stable]
    left, values, conjugate = scipy.linalg.svd(basis[:count])
    rank = int(np.sum(values > RANK))
    free = basis[count:] @ conjugate[rank:].conj().T
    return Paths(
        roots[np.argsort(np.abs(roots), kind="stable")],
        stable,
        echelon(left[:, rank:].conj().T),
        echelon(free.T),
        float(values.min(initial=1.0)) if count and stable else 1.0,
    )
