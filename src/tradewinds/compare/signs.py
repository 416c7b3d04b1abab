"""Where mechanisms disagree in sign, and which parameter decides.

Every mechanism is put through the shock again with one parameter at a time changed, others as calibrated, over an interval around
its value. Where growth rises on one side and falls on the other, the value at which it turns is bracketed and solved for. Nothing
here knows the answer beforehand.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.compare.calibrated import has_trade_cost, reach, regimes, with_ideas
from tradewinds.compare.members import Member
from tradewinds.compare.shock import TradeShock
from tradewinds.errors import TradewindsError
from tradewinds.growth import BalancedGrowth, Facts, mechanisms

__all__ = ["NEUTRAL", "SPREAD", "Deciding", "Turn", "sign_of", "turning_points"]

#: A change of growth below this is none, a year.
NEUTRAL = 1e-9
#: Parameters are moved from their value over this to it times this, within their bounds.
SPREAD = 4.0
_POINTS = 9


@dataclass(frozen=True)
class Turn:
    """A value of a parameter at which the shock's effect on growth changes its sign.

    Attributes
    ----------
    parameter, symbol, meaning : str
    calibrated, value : float
        Where it is, and where growth stops to move; others are as calibrated.
    below, above : int
        Sign of the change of growth on either side of the value: 1 or -1.
    country : str
        ``home`` or ``abroad``, whose growth it is.
    corner : str
        The corner that the economy is in just beyond the value, where it is in none as calibrated; empty elsewhere.
    """

    parameter: str
    symbol: str
    meaning: str
    calibrated: float
    value: float
    below: int
    above: int
    country: str
    corner: str = ""


@dataclass(frozen=True)
class Deciding:
    """What decides the sign of the shock's effect on growth in one mechanism.

    Attributes
    ----------
    member : Member
    sign, sign_abroad : int
        1, 0 or -1 as calibrated.
    turns : tuple of Turn
        Nearest to the calibrated values first.
    tried : tuple of str
        Parameters that were moved.
    solved : int
        Economies that were put through the shock for it.
    largest : float
        Largest change of growth, up or down, among them.
    reason : str
        Why nothing was tried; empty where something was.
    """

    member: Member
    sign: int
    sign_abroad: int
    turns: tuple[Turn, ...] = ()
    tried: tuple[str, ...] = ()
    solved: int = 0
    largest: float = 0.0
    reason: str = ""


def sign_of(change: float) -> int:
    """Return 1, 0 or -1; what is below :data:`NEUTRAL` is rounding.

    Examples
    --------
    >>> sign_of(0.001), sign_of(-1e-15), sign_of(-0.001)
    (1, 0, -1)
    """
    return 0 if abs(change) < NEUTRAL else int(np.sign(change))


def turning_points(member: Member, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Deciding:
    """Return what decides the sign of the effect on growth, by sweeping each parameter of a mechanism.

    Raises
    ------
    InputError
        If the mechanism cannot have these facts, or not this shock.
    """
    sweep = _Sweep(member, facts, shock, given)
    base = sweep.changes(sweep.before)
    turns: list[Turn] = []
    tried = []
    largest = max(map(abs, base))
    for name, values in sweep.grids():
        tried.append(name)
        found = [(value, change) for value in values if (change := sweep.at(name, value)) is not None]
        largest = max([largest, *(max(map(abs, change)) for _, change in found)])
        for place, country in enumerate(("home", "abroad")):
            turns += sweep.turn(name, [(value, change[place]) for value, change in found], country)
    alike = np.allclose(base[0], base[1], rtol=1e-12, atol=0)
    kept = [turn for turn in turns if turn.country == "home" or not alike]  # countries that are alike turn together
    kept.sort(key=lambda turn: abs(np.log(turn.value / turn.calibrated)))
    return Deciding(member, sign_of(base[0]), sign_of(base[1]), tuple(kept), tuple(tried), sweep.solved, largest)


class _Sweep:
    """One mechanism, at the calibrated parameters but for one."""

    def __init__(self, member: Member, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> None:
        self.mechanism: Any = mechanisms[member.name]
        self.variant = member.variant
        before, after, _ = regimes(self.mechanism, self.variant, facts, shock, given)
        self.costs = has_trade_cost(self.mechanism, before)
        self.opens = getattr(after, "trade", 1) > getattr(before, "trade", 0)
        self.before = before
        self.ratio = shock.ratio(facts)
        self.ideas = shock.idea_flow
        self.solved = 0

    def pair(self, p: Any) -> tuple[BalancedGrowth, BalancedGrowth]:
        """Return the economy with these parameters before and after the shock."""
        if self.costs:
            start: BalancedGrowth = self.mechanism.solve(p, variant=self.variant).value
            wanted = start.home_share * self.ratio
            q, _ = with_ideas(self.mechanism, p, self.ideas)
            q = reach(self.mechanism, q, wanted, self.variant) if wanted < 1 else q.replace(trade_cost=np.inf)
            return start, self.mechanism.solve(q, variant=self.variant).value
        opened, closed = (
            self.mechanism.solve(q, variant=self.variant).value
            for q in (p.replace(trade=1), p.replace(**self.mechanism.autarky))
        )
        return (closed, opened) if self.opens else (opened, closed)

    def changes(self, p: Any) -> tuple[float, float]:
        """Return the change of growth at home and abroad that the shock brings at these parameters."""
        self.solved += 1
        before, after = (np.ravel(np.asarray(point["growth"], dtype=float)) for point in self.pair(p))
        moved = after - before
        return float(moved[0]), float(moved[min(1, len(moved) - 1)])

    def at(self, name: str, value: float) -> tuple[float, float] | None:
        """Return the changes with one parameter changed; None where there is no such economy."""
        try:
            return self.changes(self.before.replace(**{name: value}))
        except TradewindsError:
            return None

    def grids(self) -> Iterator[tuple[str, list[float]]]:
        """Yield each parameter that is one number, not the shock itself and not zero, with values around it."""
        for name, definition in self.mechanism.definitions.items():
            value = getattr(self.before, name)
            if definition.axes or definition.whole or name in ("trade", "trade_cost", "countries"):
                continue
            if not (np.isfinite(value) and value > 0):
                continue
            values = value * np.geomspace(1 / SPREAD, SPREAD, _POINTS)
            yield name, [float(v) for v in values if bool(definition.inside(v))]

    def turn(self, name: str, found: list[tuple[float, float]], country: str) -> Iterator[Turn]:
        """Yield where the sign changes between neighbours, found by bisection."""
        from scipy.optimize import brentq

        place = 0 if country == "home" else 1
        definition = self.mechanism.definitions[name]

        def change(value: float) -> float:
            moved = self.changes(self.before.replace(**{name: value}))
            return moved[place]

        for (low, below), (high, above) in itertools.pairwise(found):
            if sign_of(below) * sign_of(above) >= 0:
                continue
            try:
                value = float(brentq(change, low, high, xtol=1e-7 * high, rtol=1e-7))
            except TradewindsError:  # no such economy between the two: they are not neighbours
                continue
            if abs(change(value)) < 1e-3 * max(abs(below), abs(above)):  # a jump is no turn
                calibrated = float(getattr(self.before, name))
                corner = self.corner(name, value + 0.02 * ((low if value < calibrated else high) - value))
                yield Turn(
                    name, definition.symbol, definition.meaning, calibrated, value,
                    sign_of(below), sign_of(above), country, corner,
                )  # fmt: skip

    def corner(self, name: str, value: float) -> str:
        """Return the corner that the economy is in, before the shock or after, unless it is in one as calibrated."""
        here, there = (
            next((point.corner for point in self.pair(p) if point.corner), "")
            for p in (self.before, self.before.replace(**{name: value}))
        )
        return "" if here else there
