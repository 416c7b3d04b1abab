"""Arithmetic of production functions with a proxy for productivity: stages, polynomials, roots."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError

__all__ = [
    "Fit",
    "Inputs",
    "ackerberg_caves_frazer",
    "least_squares",
    "olley_pakes_survival",
    "two_stage",
    "wooldridge",
    "wooldridge_single",
]

Array = NDArray[np.float64]

#: Elasticities from which second stages start; the best or every distinct solution is kept.
STARTS = (0.05, 0.2, 0.4, 0.7)


class Inputs(NamedTuple):
    """Logs of output, free inputs, state and proxy; codes of plants, row of the year before, not the last year."""

    y: Array
    F: Array
    K: Array
    m: Array
    plant: NDArray[np.int_]
    lag: NDArray[np.int_]
    observed_after: NDArray[np.bool_]

    def take(self, pieces: Sequence[NDArray[np.int_]]) -> Inputs:
        """Return the rows of some plants, each as a plant of its own."""
        rows = np.concatenate(pieces)
        sizes = np.array([len(piece) for piece in pieces])
        where = np.empty(len(self.y), dtype=int)
        lag = np.empty(len(rows), dtype=int)
        for piece, start in zip(pieces, np.cumsum(sizes) - sizes, strict=True):
            where[piece] = start + np.arange(len(piece))
            before = self.lag[piece]
            lag[start : start + len(piece)] = np.where(before >= 0, where[before], -1)
        plant = np.repeat(np.arange(len(pieces)), sizes)
        return Inputs(self.y[rows], self.F[rows], self.K[rows], self.m[rows], plant, lag, self.observed_after[rows])


class Fit(NamedTuple):
    """Elasticities, and what the solver found."""

    free: Array
    state: Array
    std_errors: Array | None
    roots: Array
    residual: float


def polynomial(columns: Array, degree: int) -> Array:
    """Return a constant and all products up to a degree, of columns made standard so that high powers stay apart.

    Examples
    --------
    >>> polynomial(np.array([[1.0, 2.0], [3.0, 5.0], [2.0, 2.0]]), 2).shape
    (3, 6)
    """
    spread = columns.std(axis=0)
    x = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    terms: dict[tuple[int, ...], Array] = {(): np.ones(len(x))}
    for power in range(1, degree + 1):
        for chosen in itertools.combinations_with_replacement(range(x.shape[1]), power):
            terms[chosen] = terms[chosen[:-1]] * x[:, chosen[-1]]
    return np.column_stack(list(terms.values()))


def _solve(X: Array, y: Array, what: str) -> Array:
    if len(y) <= X.shape[1]:
        raise InputError(f"{what}: {len(y)} rows are too few for {X.shape[1]} terms; take lower degrees or more data")
    return np.asarray(np.linalg.lstsq(X, y, rcond=None)[0])


def _project(X: Array, y: Array) -> Array:
    """Return fitted values by normal equations, which standard columns allow; a solver calls this hundreds of times."""
    if len(y) <= X.shape[1]:
        raise InputError(
            f"second stage: {len(y)} rows are too few for {X.shape[1]} terms; take lower degrees or more data"
        )
    return np.asarray(X @ np.linalg.solve(X.T @ X, X.T @ y))


def least_squares(inputs: Inputs, degree: int, productivity_degree: int) -> Fit:
    """Fit by least squares with a constant: the biased benchmark."""
    X = np.column_stack([inputs.F, inputs.K, np.ones(len(inputs.y))])
    beta = _solve(X, inputs.y, "least squares")
    f, k = inputs.F.shape[1], inputs.K.shape[1]
    cov = _clustered(X, np.linalg.inv(X.T @ X), inputs.y - X @ beta, inputs.plant)
    return Fit(beta[:f], beta[f : f + k], np.sqrt(np.diag(cov))[: f + k], beta[None, : f + k], 0.0)


def two_stage(inputs: Inputs, degree: int, productivity_degree: int) -> Fit:
    """Fit free inputs in the first stage and the state by the innovation of productivity in the second."""
    return _two_stage(inputs, degree, productivity_degree, None)


def olley_pakes_survival(inputs: Inputs, degree: int, productivity_degree: int) -> Fit:
    """Fit as Olley and Pakes with the probability of staying, a probit on the polynomial in state and proxy."""
    from tradewinds.firms.measurement.starting import probit

    rows = np.flatnonzero(inputs.observed_after)
    stays = np.zeros(len(inputs.y))
    stays[inputs.lag[inputs.lag >= 0]] = 1.0
    if stays[rows].all():
        raise InputError("no plant leaves before the last year; survival=False is the same and needs no probit")
    X = polynomial(np.column_stack([inputs.K, inputs.m]), degree)
    beta, _ = probit(stays[rows], X[rows])
    from scipy.stats import norm

    return _two_stage(inputs, degree, productivity_degree, norm.cdf(X @ beta))


def _two_stage(inputs: Inputs, degree: int, productivity_degree: int, staying: Array | None) -> Fit:
    from scipy.optimize import least_squares as minimise

    f = inputs.F.shape[1]
    X = np.column_stack([inputs.F, polynomial(np.column_stack([inputs.K, inputs.m]), degree)])
    beta = _solve(X, inputs.y, "first stage")
    phi = X[:, f:] @ beta[f:]
    now = np.flatnonzero(inputs.lag >= 0)
    before = inputs.lag[now]
    target = inputs.y[now] - inputs.F[now] @ beta[:f]

    def innovation(state: Array) -> Array:
        omega = phi[before] - inputs.K[before] @ state
        columns = omega[:, None] if staying is None else np.column_stack([omega, staying[before]])
        g = polynomial(columns, productivity_degree)
        # g is fitted to productivity without the noise of output, as the published numbers are
        expected = _project(g, phi[now] - inputs.K[now] @ state)
        return np.asarray(target - inputs.K[now] @ state - expected)

    starts = itertools.product(STARTS, repeat=inputs.K.shape[1])
    found = [minimise(innovation, np.array(start), method="lm", xtol=1e-12, ftol=1e-14, gtol=1e-14) for start in starts]
    best = min(found, key=lambda solution: float(solution.cost))
    gradient = float(np.abs(best.grad).max() / max(float(best.cost), 1e-300))
    return Fit(beta[:f], best.x, None, _distinct([solution.x for solution in found]), gradient)


def ackerberg_caves_frazer(inputs: Inputs, degree: int, productivity_degree: int) -> Fit:
    """Fit all elasticities by moments of the innovation with lagged free inputs and the state.

    Every distinct root from a grid of starts is kept. Where there are several, negative elasticities come last, and
    the one at which productivity is most persistent comes first: if free inputs follow productivity, there is a second
    root that takes productivity out of output and leaves the slips of hiring, which do not persist, and its
    innovations are the smaller.
    """
    from scipy.optimize import root

    X = polynomial(np.column_stack([inputs.F, inputs.K, inputs.m]), degree)
    phi = X @ _solve(X, inputs.y, "first stage")
    now = np.flatnonzero(inputs.lag >= 0)
    before = inputs.lag[now]
    both = np.column_stack([inputs.F, inputs.K])
    Z = np.column_stack([inputs.F[before], inputs.K[now]])
    Z = (Z - Z.mean(axis=0)) / Z.std(axis=0)

    def innovation(beta: Array) -> Array:
        omega = phi - both @ beta
        g = polynomial(omega[before][:, None], productivity_degree)
        return np.asarray(omega[now] - _project(g, omega[now]))

    def persistence(beta: Array) -> float:
        omega = phi - both @ beta
        return float(np.corrcoef(omega[before], omega[now])[0, 1])

    def moments(beta: Array) -> Array:
        return np.asarray(Z.T @ innovation(beta) / len(now))

    plain = least_squares(inputs, degree, productivity_degree)
    starts = [np.concatenate([plain.free, plain.state])]
    starts += [np.array(start) for start in itertools.product(STARTS, repeat=both.shape[1])]
    found = [solution.x for solution in (root(moments, start, tol=1e-12) for start in starts) if solution.success]
    roots = [x for x in _distinct(found) if np.abs(moments(x)).max() < 1e-8 and np.abs(x).max() < 10]
    if not roots:
        raise InputError(
            "the moments of Ackerberg, Caves and Frazer have no root from any start; take a lower productivity_degree"
        )
    roots.sort(key=lambda x: (bool((x < 0).any()), -persistence(x)))
    f = inputs.F.shape[1]
    return Fit(roots[0][:f], roots[0][f:], None, np.array(roots), float(np.abs(moments(roots[0])).max()))


def wooldridge(inputs: Inputs, degree: int, productivity_degree: int) -> Fit:
    """Fit both equations at once by stacked 2SLS, errors clustered by plant."""
    f, k = inputs.F.shape[1], inputs.K.shape[1]
    now = np.flatnonzero(inputs.lag >= 0)
    before = inputs.lag[now]
    P = polynomial(np.column_stack([inputs.K, inputs.m]), degree)
    p, n1, n2 = P.shape[1], len(inputs.y), len(now)
    X, Z = np.zeros((n1 + n2, f + k + 2 * p)), np.zeros((n1 + n2, 2 * f + k + 2 * p))
    X[:n1, :f], X[:n1, f + k : f + k + p] = inputs.F, P
    X[n1:, :f], X[n1:, f : f + k], X[n1:, f + k + p :] = inputs.F[now], inputs.K[now], P[before]
    Z[:n1, :f], Z[:n1, 2 * f + k : 2 * f + k + p] = inputs.F, P
    Z[n1:, f : 2 * f], Z[n1:, 2 * f : 2 * f + k], Z[n1:, 2 * f + k + p :] = inputs.F[before], inputs.K[now], P[before]
    y = np.concatenate([inputs.y, inputs.y[now]])
    return _two_stage_least_squares(X, Z, y, np.concatenate([inputs.plant, inputs.plant[now]]), f, k)


def wooldridge_single(inputs: Inputs, degree: int, productivity_degree: int) -> Fit:
    """Fit the second equation alone by 2SLS: right also where free inputs have no variation given state and proxy."""
    f, k = inputs.F.shape[1], inputs.K.shape[1]
    now = np.flatnonzero(inputs.lag >= 0)
    before = inputs.lag[now]
    P = polynomial(np.column_stack([inputs.K, inputs.m]), degree)[before]
    X = np.column_stack([inputs.F[now], inputs.K[now], P])
    Z = np.column_stack([inputs.F[before], inputs.K[now], P])
    return _two_stage_least_squares(X, Z, inputs.y[now], inputs.plant[now], f, k)


def _two_stage_least_squares(X: Array, Z: Array, y: Array, plant: NDArray[np.int_], f: int, k: int) -> Fit:
    fitted = Z @ np.linalg.lstsq(Z, X, rcond=None)[0]
    beta = _solve(fitted, y, "two-stage least squares")
    error = y - X @ beta
    cov = _clustered(fitted, np.linalg.pinv(fitted.T @ fitted), error, np.unique(plant, return_inverse=True)[1])
    gap = float(np.abs(fitted.T @ error).max() / len(y))
    return Fit(beta[:f], beta[f : f + k], np.sqrt(np.diag(cov))[: f + k], beta[None, : f + k], gap)


def _clustered(X: Array, bread: Array, error: Array, plant: NDArray[np.int_]) -> Array:
    from tradewinds.firms.measurement.instruments import robust_meat

    count = int(plant.max()) + 1
    return np.asarray(count / (count - 1) * bread @ robust_meat(X * error[:, None], plant) @ bread)


def _distinct(points: Sequence[Array]) -> Array:
    """Return points that differ by more than a ten-thousandth, in the order found."""
    kept: list[Array] = []
    for point in points:
        if not any(np.abs(point - other).max() < 1e-4 for other in kept):
            kept.append(point)
    return np.array(kept)
