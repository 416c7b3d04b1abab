r"""Which pattern of who makes what comes next, when one ends or an industry opens.

At the end of a pattern some industries have an advantage equal to the relative wage, and the flow of technology is not
continuous: an industry without workers does not learn. The pattern that follows is one whose own flow keeps it: just after,
every industry made in one country is cheapest there, and every shared one has a share between 0 and 1. A single industry that
crosses the wage always leaves one such pattern. Where two cross each other, either they part, or the flow on both sides leads
back and both stay tied at the relative wage, sharing so that they do. That is the one path which satisfies eq. 9 at every date.
A simulation in steps hops from one side to the other instead; where an industry without workers learns less, such hopping
learns less too, however small the steps, so the two differ unless ``inactive_learning`` is one.

At the start and when industries open there is no flow yet to follow, and a rule says who makes tied industries:
equal shares, or shares near those before. If industries learn alike under it they stay tied; else their learning parts them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import COUNTRIES
from tradewinds.clusters.patterns import Pattern

__all__ = ["Event", "changes", "first_pattern", "next_pattern"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Industries nearer than this to the relative wage, in logs, are tied when a pattern ends; also shares nearer to 0 or 1.
TIED = 1e-10

_STEP = 3e-5  # relative change of technology by which the flow is probed
_SHORTER = 1e-3  # part of that step by which shares are probed again
_ROUNDING = 1e-13
_MOST_TIED = 6  # up to here every pattern of tied industries is tried


@dataclass(frozen=True)
class Event:
    """A change in who makes or trades what.

    Attributes
    ----------
    time : float
    event : {"opens", "moves", "shared", "closes", "cluster_building"}
        An industry opens to trade; moves from one country to the other; is shared, so that from here both countries make it;
        or closes in one of them. Or the opening of all industries has become cluster building.
    industry : int or None
        Counted from one; None where the event concerns all.
    country : {"home", "foreign"} or None
        Where the industry moves to, opens or closes.
    """

    time: float
    event: str
    industry: int | None
    country: str | None


def first_pattern(rule: Pattern, technology: Array, before: Array | None = None) -> Pattern | None:
    """Return the pattern in which industries start, or go on after an opening; None if no pattern keeps itself.

    Parameters
    ----------
    rule : Pattern
        Of the instant; several industries tied at the relative wage are shared as the rule for ties has it.
    technology : ndarray, shape (2, n)
    before : ndarray, shape (2, n), optional
        dA/dt just before: industries that it parts are not tied. That opens at the later side of a tie.
    """
    is_open = ~rule.closed
    at_wage = is_open & (rule.slack(technology) <= TIED) | rule.shared
    if not at_wage.any():
        return replace(rule, by_flow=True)
    free = replace(rule, home=rule.home & ~at_wage, foreign=rule.foreign & ~at_wage, shared=at_wage)
    now = free.rates(technology)
    later = technology + _step(technology, now) * now
    for rates, where in ((before, technology), (now, technology), (free.rates(later), later)):
        part = None if rates is None else _separated(free, technology, _advantage_growth(where, rates))
        if part is not None and _keeps_itself(part, technology):
            return part
    return _search(replace(free, by_flow=True), technology, at_wage)


def next_pattern(pattern: Pattern, technology: Array) -> Pattern | None:
    """Return the pattern that follows where one ends; None if none keeps itself."""
    at_wage = ~pattern.closed & ((pattern.slack(technology) <= TIED) | pattern.shared)
    free = replace(pattern, home=pattern.home & ~at_wage, foreign=pattern.foreign & ~at_wage, shared=at_wage)
    growth = _advantage_growth(technology, pattern.rates(technology))
    part = _separated(replace(free, by_flow=False), technology, growth)
    return part if _keeps_itself(part, technology) else _search(pattern, technology, at_wage)


def changes(old: Pattern, new: Pattern, time: float) -> Iterator[Event]:
    """Yield an event for every open industry that starts or stops somewhere."""
    for i in np.flatnonzero(~old.closed):
        started, stopped = (
            np.flatnonzero(a[:, i] & ~b[:, i]) for a, b in ((new.active, old.active), (old.active, new.active))
        )
        if len(started):
            yield Event(time, "moves" if len(stopped) else "shared", int(i) + 1, COUNTRIES[started[0]])
        elif len(stopped):
            yield Event(time, "closes", int(i) + 1, COUNTRIES[stopped[0]])


def _advantage_growth(technology: Array, rates: Array) -> Array:
    """Return d ln(A / A*) / dt."""
    growth = rates / technology
    difference = growth[0] - growth[1]
    return np.where(np.abs(difference) <= 1e-12 * np.abs(growth).max(), 0.0, difference)


def _separated(free: Pattern, technology: Array, growth: Array) -> Pattern:
    return replace(free.separated(technology, growth), by_flow=True)


def _step(technology: Array, rates: Array) -> float:
    """Return a short time, in which the fastest technology grows by a small share."""
    fastest = float(np.abs(rates / technology).max())
    return _STEP / fastest if fastest > 0 else 0.0


def _keeps_itself(pattern: Pattern, technology: Array) -> bool:
    """Return whether the pattern holds at the instant and its flow does not end it at once."""
    if not pattern.possible:
        return False  # one country would sell nothing of what is open
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # a pattern may leave a country without work
        slack = pattern.slack(technology)
        rounding = pattern.share_rounding(technology)
        if not np.all(slack >= -10 * TIED - rounding):
            return False
        rates = pattern.rates(technology)
        step = _step(technology, rates)
        later = technology + step * rates
        for where, pace in ((technology, rates), (later, pattern.rates(later))):
            if np.abs(pattern.apart(_advantage_growth(where, pace))).max(initial=0.0) * step > 1e-8 * _STEP:
                return False  # shared industries come apart
        change, at_once = (
            pattern.slack(technology + h * rates) - pattern.slack(technology - h * rates)
            for h in (step, _SHORTER * step)
        )
        # a tiny industry is shared for less than a step
        change = np.where(pattern.shared, np.maximum(change, at_once), change)
    return bool(np.all((slack > 10 * TIED) | (change >= -_ROUNDING - rounding)))


def _search(pattern: Pattern, technology: Array, at_wage: Mask) -> Pattern | None:
    """Return the first pattern that keeps itself; those with the fewest shared industries come first."""
    return next(
        (option for option in _options(pattern, technology, at_wage) if _keeps_itself(option, technology)), None
    )


def _options(pattern: Pattern, technology: Array, at_wage: Mask) -> Iterator[Pattern]:
    tied = np.flatnonzero(at_wage)
    home, foreign, shared = (mask & ~at_wage for mask in (pattern.home, pattern.foreign, pattern.shared))
    if len(tied) > _MOST_TIED:  # too many to try: follow the flow until it agrees with itself
        for _ in range(50):
            growth = _advantage_growth(technology, pattern.rates(technology))
            pattern = replace(pattern, home=home, foreign=foreign, shared=shared | at_wage).separated(
                technology, growth
            )
            yield pattern
        return
    letters = sorted(itertools.product("HFS", repeat=len(tied)), key=lambda each: each.count("S"))
    for each in letters:
        masks = [mask.copy() for mask in (home, foreign, shared)]
        for i, letter in zip(tied, each, strict=True):
            masks["HFS".index(letter)][i] = True
        option = replace(pattern, home=masks[0], foreign=masks[1], shared=masks[2])
        if option.possible:
            yield option
