"""What a path of bounded learning misses: budgets, and knowledge that is not what has been learnt.

Learning is smooth only as long as every country buys the same pieces of the line of goods and the day stays in one corner or
inside. Where a country begins to buy a piece, or what both countries could make comes to be bought, the second derivative of
learning jumps; where a corner begins or ends the first one does, and learning itself where the lead changes hands. Quadrature
across such a date is off by more than the path, so it stops there and begins again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.growth.young_parameters import YoungParameters
from tradewinds.growth.young_paths import Walk, ordered

__all__ = ["bought", "kinks", "missed"]

Array = NDArray[Any]

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(6)

#: Cells into which the bracket of a kink is cut, how often, and the most kinks that are looked for between two dates.
_CELLS, _CUTS, _MOST = 16, 9, 8


def bought(taken: Walk, order: Array) -> Array:
    """Return a number for each date that is the same as long as days change smoothly.

    Its digits say which country's best goods each country buys, whether it buys the good that both could make, which corner the
    day is in, and who leads.
    """
    days, knowledge = taken.days, taken.knowledge[:, order]
    wages = np.stack([np.zeros_like(days.relative), days.relative], axis=-1)
    both = wages.mean(axis=-1) - knowledge.min(axis=-1)  # cost of the good that both could make
    costs = np.concatenate([wages - knowledge, both[:, np.newaxis]], axis=-1)
    digits = (days.cutoff[:, :, np.newaxis] > costs[:, np.newaxis]).reshape(len(knowledge), -1)
    digits = np.concatenate([digits, (knowledge[:, :1] > knowledge[:, 1:])], axis=-1)
    return np.asarray(digits @ 2 ** np.arange(digits.shape[1]) + 2 ** digits.shape[1] * days.regime)


def kinks(pieces: Callable[[Array], Array], time: Array, between: Array) -> Array:
    """Return dates just before and just after every kink: where ``pieces`` of a date changes, to the last digits.

    Parameters
    ----------
    pieces : callable
        From dates to numbers, :func:`bought`.
    time, between : ndarray
        Dates, and other dates among them; a change between any two that is undone before the next of them is not seen.

    Examples
    --------
    >>> before, after = kinks(lambda date: np.floor(date), np.array([0.0, 1.5]), np.array([0.5]))
    >>> bool(before < 1 <= after < before + 1e-9)
    True
    """
    share = np.linspace(0, 1, _CELLS + 1)
    edges, found, least = np.union1d(time, between), np.empty(0), 1e-11 * float(np.ptp(time))
    for _ in range(_MOST):
        now = pieces(edges)
        split = (now[1:] != now[:-1]) & (np.diff(edges) > least)
        if not np.any(split):
            break
        low, high, first = edges[:-1][split], edges[1:][split], now[:-1][split]
        for _ in range(_CUTS):
            dates = low[:, np.newaxis] + (high - low)[:, np.newaxis] * share
            changed = pieces(dates.ravel()).reshape(dates.shape) != first[:, np.newaxis]
            changed[:, 0], changed[:, -1] = False, True
            after = np.argmax(changed, axis=1)
            rows = np.arange(low.size)
            low, high = dates[rows, after - 1], dates[rows, after]
            if np.all(high - low <= least):
                break
        found = np.union1d(found, np.concatenate([low, high]))
        edges = np.union1d(edges, found)
    return found


def missed(p: YoungParameters, path: Callable[[Array], Walk], time: Array, knowledge: Array) -> Array:
    """Return what a path misses: budgets, and knowledge between dates less what is learnt, by quadrature at other dates.

    Parameters
    ----------
    p : YoungParameters
    path : callable
        From dates to their days, :func:`tradewinds.growth.young_paths.along`; days are solved again at every date.
    time : ndarray, shape (T,)
    knowledge : ndarray, shape (T, 2)
        Home first.
    """
    days, order = path(time).days, ordered(p)
    income = np.exp(np.stack([np.zeros_like(days.relative), days.relative], axis=-1)) if p.trade else 1.0
    budgets = np.sum(days.spending, axis=-1) / income - 1
    edges = np.asarray(time)
    if p.trade:
        edges = np.union1d(edges, kinks(lambda dates: bought(path(dates), order), edges, _inside(edges).ravel()))
    inside = _inside(edges)
    learning = path(inside.ravel()).days.learning[:, order].reshape(*inside.shape, 2)
    gained = np.diff(edges)[:, np.newaxis] / 2 * np.einsum("k,tkc->tc", _WEIGHTS, learning)
    gained = np.add.reduceat(gained, np.searchsorted(edges, time[:-1]), axis=0)
    return np.concatenate([budgets.ravel(), (np.diff(knowledge, axis=0) - gained).ravel()])


def _inside(edges: Array) -> Array:
    """Return nodes of quadrature between edges, shape (edges - 1, nodes)."""
    return np.asarray(edges[:-1, np.newaxis] + np.diff(edges)[:, np.newaxis] / 2 * (1 + _POINTS))
