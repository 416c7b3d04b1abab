"""Checks that several files of this room share: whole numbers, finite columns, independent columns."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError

__all__ = ["SAME", "orthonormal_basis", "positive_number", "require_finite", "whole_number"]

Array = NDArray[np.float64]

#: Share of a column's length that must remain once other columns are taken out; less counts as collinear.
SAME = 1e-5


def whole_number(name: str, value: object, *, at_least: int | None = None, why: str = "") -> int:
    """Return a whole number as an int, or raise :class:`InputError`.

    Examples
    --------
    >>> whole_number("draws", np.int64(20), at_least=2)
    20
    """
    bound = "" if at_least is None else f", at least {at_least}"
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or (at_least is not None and int(value) < at_least):  # type: ignore[call-overload]
        raise InputError(f"{name} is {value!r}; it must be a whole number{bound}{why}")
    return int(value)  # type: ignore[call-overload]


def positive_number(name: str, value: object) -> float:
    """Return a finite number above zero as a float, or raise :class:`InputError`."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) < float("inf"):
        raise InputError(f"{name} is {value!r}; it must be a finite number above zero")
    return float(value)


def require_finite(name: str, values: Array, *, places: Sequence[str] = ()) -> None:
    """Raise :class:`InputError` naming what is not a finite number, and where.

    Parameters
    ----------
    name : str
        What the values are.
    values : ndarray, shape (n, ...)
        First axis rows.
    places : sequence of str, optional
        Names of the columns, for values of shape (n, K).
    """
    bad = np.argwhere(~np.isfinite(values))
    if not bad.size:
        return
    row, *rest = (int(k) for k in bad[0])
    what = f"{name} {places[rest[0]]}" if places else name
    found = float(values[tuple(bad[0])])
    raise InputError(
        f"{what} is {found:g} in row {row + 1} of {len(values)}; every value must be a finite number. Fill or leave out what "
        "is missing, and look for a zero whose log or ratio was taken."
    )


def orthonormal_basis(fixed: Array) -> Array:
    """Return an orthonormal basis of the regressors common to all fits, shape (n, F).

    Raises
    ------
    InputError
        If one of them is a combination of those before it. A basis of such columns holds directions that are none of
        theirs, and estimates would be wrong without a word.
    """
    basis, triangle = np.linalg.qr(fixed)
    collinear = np.abs(np.diag(triangle)) <= SAME * np.linalg.norm(fixed, axis=0)
    if np.any(collinear):
        raise InputError(
            f"fixed effects or common regressors are collinear: column {int(np.argmax(collinear)) + 1} of "
            f"{fixed.shape[1]} is a combination of those before it; leave one of them out"
        )
    return basis
