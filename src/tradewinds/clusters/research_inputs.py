"""Numbers by industry, read strictly: shares that sum to one, positive rates, mappings aligned by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.labels import align

__all__ = ["by_industry", "link_shares", "positive", "shares"]

Array = NDArray[np.float64]

#: Largest departure of a sum of shares from one that counts as rounding.
ROUNDING = 1e-6


def positive(name: str, value: Any) -> float:
    """Return a number above 0."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} is {value!r}; it must be a number above 0, such as 0.05") from None
    if not 0 < number < np.inf:
        raise InputError(f"{name} is {number}; it must be above 0 and finite")
    return number


def by_industry(name: str, value: Any, labels: Sequence[str]) -> Array:
    """Return numbers of at least 0, one an industry, in the order of the labels."""
    if isinstance(value, Mapping):
        keys = [str(key) for key in value]
        order = align(list(labels), keys, what="industry", left_name="the network", right_name=name)
        numbers = list(value.values())
        value = [numbers[i] for i in order]
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be numbers, one an industry; found {value!r}") from None
    if array.shape != (len(labels),):
        raise InputError(f"{name} has shape {array.shape}; it must have shape {(len(labels),)}, one number an industry")
    bad = np.flatnonzero(~(np.isfinite(array) & (array >= 0)))
    if len(bad):
        raise InputError(f"{name} of {labels[bad[0]]} is {array[bad[0]]}; it must be at least 0 and finite")
    array.setflags(write=False)
    return array


def shares(array: Array, name: str, labels: Sequence[str]) -> None:
    """Raise unless numbers are shares that sum to one."""
    by_industry(name, array, labels)
    if abs(array.sum() - 1) > ROUNDING:
        raise InputError(f"{name} sums to {array.sum():.6g}; shares must sum to 1")


def link_shares(value: Any, n: int) -> Array:
    """Return shares between 0 and 1 by link, shape (n, n): from one number, one a learner, or one a link."""
    array = np.asarray(value, dtype=float)
    if array.shape not in ((), (n,), (n, n)):
        raise InputError(f"own_knowledge has shape {array.shape}; give one number, {n} (one a learner), or {(n, n)}")
    if not np.all((array >= 0) & (array <= 1)):
        raise InputError(
            "own_knowledge must lie between 0 and 1 everywhere; 1 is what is learnt from the own country alone"
        )
    full = np.array(np.broadcast_to(array[:, np.newaxis] if array.ndim == 1 else array, (n, n)))
    full.setflags(write=False)
    return full
