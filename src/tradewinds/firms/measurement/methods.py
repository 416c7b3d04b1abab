r"""The decompositions themselves, as arithmetic on cells of plants.

Aggregate productivity is :math:`\Phi_t = \sum_i s_{it} \varphi_{it}` with shares that sum to one. Every method writes
:math:`\Phi_2 - \Phi_1` as a sum over plants, so any group of plants (exporters, say) has its exact part in each component.

``olley-pakes``
    :math:`\Phi_t = \bar\varphi_t + \sum_i (s_{it} - \bar s_t)(\varphi_{it} - \bar\varphi_t)` in each year; the change
    of each term. Entry and exit are inside both. The second term is a sum, not a covariance over n - 1.
``melitz-polanec``
    The same for survivors alone, with their shares summing to one, and
    :math:`s_{E2}(\Phi_{E2} - \Phi_{S2}) + s_{X1}(\Phi_{S1} - \Phi_{X1})`: entrants and leavers against survivors of
    the same year.
``foster-haltiwanger-krizan``
    :math:`\sum_S s_1 \Delta\varphi + \sum_S \Delta s(\varphi_1 - \Phi_1) + \sum_S \Delta s \Delta\varphi + \sum_E
    s_2(\varphi_2 - \Phi_1) - \sum_X s_1(\varphi_1 - \Phi_1)`: everybody against the first year.
``griliches-regev``
    The same with means of the two years, so that there is no cross term:
    :math:`\sum_S \bar s \Delta\varphi + \sum_S \Delta s(\bar\varphi - \bar\Phi) + \sum_E s_2(\varphi_2 - \bar\Phi) -
    \sum_X s_1(\varphi_1 - \bar\Phi)`.

The sign of entry differs between methods and that of reallocation between weights: entrants below survivors may be above last
decade's average. Say which method a number comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["COMPONENTS", "METHODS", "Method", "levels", "parts"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Components in the order of tables; a method without one has zeros there.
COMPONENTS = ("within", "between", "cross", "entry", "exit")

#: Statuses of plants in the last year only, and in the first only.
ENTERING = ("entrant", "re-entrant")
LEAVING = ("exiter", "returns later")


class _Sums(NamedTuple):
    """Columns of cells as arrays, masks of who is in them, and the group whose decomposition a cell belongs to."""

    n: Array
    w1: Array
    w2: Array
    p1: Array
    p2: Array
    m1: Array
    m2: Array
    c12: Array
    c21: Array
    stays: Mask
    enters: Mask
    leaves: Mask
    group: NDArray[np.intp]

    def total(self, column: Array, inside: Mask | None = None) -> Array:
        """Return the sum of a column over the group of each cell, over some of its cells if asked."""
        values = column if inside is None else np.where(inside, column, 0.0)
        return np.asarray(np.bincount(self.group, values), dtype=np.float64)[self.group]


def levels(cells: pd.DataFrame) -> tuple[float, float]:
    """Return aggregate productivity of the first and last year."""
    return cells["p1"].sum() / cells["w1"].sum(), cells["p2"].sum() / cells["w2"].sum()


def parts(cells: pd.DataFrame, method: str, group: NDArray[np.intp] | None = None) -> pd.DataFrame:
    """Return the part of each cell in each component; a group's cells sum to the change of its aggregate productivity.

    Without groups all cells are one. A method that needs survivors has NaN in groups without them.
    """
    n, w1, w2, p1, p2, m1, m2, c12, c21 = (cells[name].to_numpy(dtype=float) for name in _Sums._fields[:9])
    status = cells["status"]
    stays, enters, leaves = (status.isin(names).to_numpy() for names in (["survivor"], ENTERING, LEAVING))
    codes = np.zeros(len(cells), dtype=np.intp) if group is None else group
    with np.errstate(invalid="ignore", divide="ignore"):
        found = METHODS[method].compute(_Sums(n, w1, w2, p1, p2, m1, m2, c12, c21, stays, enters, leaves, codes))
    return pd.DataFrame(dict(zip(COMPONENTS, found, strict=True)), index=cells.index)


def _covariance(c: _Sums, w: Array, p: Array, m: Array, inside: Mask) -> Array:
    """Sum of (s - mean s)(phi - mean phi) over plants of a cell, shares within ``inside`` summing to one."""
    plants, weight = c.total(c.n, inside), c.total(w, inside)
    mean = c.total(m, inside) / plants
    return np.where(inside, p / weight - m / plants - mean * (w / weight - c.n / plants), 0.0)


def _olley_pakes(c: _Sums) -> tuple[Array, ...]:
    now, then = c.stays | c.enters, c.stays | c.leaves
    zero = np.zeros_like(c.n)
    mean = np.where(now, c.m2 / c.total(c.n, now), 0.0) - np.where(then, c.m1 / c.total(c.n, then), 0.0)
    between = _covariance(c, c.w2, c.p2, c.m2, now) - _covariance(c, c.w1, c.p1, c.m1, then)
    return mean, between, zero, zero, zero


def _melitz_polanec(c: _Sums) -> tuple[Array, ...]:
    s = c.stays
    survivors1, survivors2 = c.total(c.p1, s) / c.total(c.w1, s), c.total(c.p2, s) / c.total(c.w2, s)
    mean = np.where(s, (c.m2 - c.m1) / c.total(c.n, s), 0.0)
    between = _covariance(c, c.w2, c.p2, c.m2, s) - _covariance(c, c.w1, c.p1, c.m1, s)
    entry = np.where(c.enters, (c.p2 - c.w2 * survivors2) / c.total(c.w2), 0.0)
    leaving = np.where(c.leaves, (c.w1 * survivors1 - c.p1) / c.total(c.w1), 0.0)
    return mean, between, np.zeros_like(mean), entry, leaving


def _foster_haltiwanger_krizan(c: _Sums) -> tuple[Array, ...]:
    total1, total2, s = c.total(c.w1), c.total(c.w2), c.stays
    phi1 = c.total(c.p1) / total1
    within = np.where(s, (c.c12 - c.p1) / total1, 0.0)
    between = np.where(s, c.c21 / total2 - c.p1 / total1 - phi1 * (c.w2 / total2 - c.w1 / total1), 0.0)
    cross = np.where(s, (c.p2 - c.c21) / total2 - (c.c12 - c.p1) / total1, 0.0)
    entry = np.where(c.enters, (c.p2 - c.w2 * phi1) / total2, 0.0)
    leaving = np.where(c.leaves, (c.w1 * phi1 - c.p1) / total1, 0.0)
    return within, between, cross, entry, leaving


def _griliches_regev(c: _Sums) -> tuple[Array, ...]:
    total1, total2, s = c.total(c.w1), c.total(c.w2), c.stays
    middle = (c.total(c.p1) / total1 + c.total(c.p2) / total2) / 2
    within = np.where(s, ((c.c12 - c.p1) / total1 + (c.p2 - c.c21) / total2) / 2, 0.0)
    gained = (c.c21 + c.p2) / 2 / total2 - (c.p1 + c.c12) / 2 / total1
    between = np.where(s, gained - middle * (c.w2 / total2 - c.w1 / total1), 0.0)
    entry = np.where(c.enters, (c.p2 - c.w2 * middle) / total2, 0.0)
    leaving = np.where(c.leaves, (c.w1 * middle - c.p1) / total1, 0.0)
    return within, between, np.zeros_like(within), entry, leaving


class Method(NamedTuple):
    """A decomposition: title, what its components mean, source, arithmetic."""

    title: str
    within: str
    between: str
    citation_key: str
    compute: Callable[[_Sums], tuple[Array, ...]]
    needs_survivors: bool


#: Name -> method.
METHODS: Mapping[str, Method] = {
    "olley-pakes": Method(
        "Olley and Pakes, change of the static decomposition",
        "change of the unweighted mean of all plants",
        "change of the covariance of share and productivity of all plants",
        "olley-pakes1996",
        _olley_pakes,
        False,
    ),
    "melitz-polanec": Method(
        "Melitz and Polanec (dynamic Olley-Pakes)",
        "change of the unweighted mean of survivors",
        "change of the covariance of share and productivity of survivors",
        "melitz-polanec2015",
        _melitz_polanec,
        True,
    ),
    "foster-haltiwanger-krizan": Method(
        "Foster, Haltiwanger and Krizan",
        "survivors' growth at first shares",
        "change of survivors' shares at first productivity, against the first aggregate",
        "foster-haltiwanger-krizan2001",
        _foster_haltiwanger_krizan,
        False,
    ),
    "griliches-regev": Method(
        "Griliches and Regev",
        "survivors' growth at mean shares",
        "change of survivors' shares at mean productivity, against the mean aggregate",
        "griliches-regev1995",
        _griliches_regev,
        False,
    ),
}
