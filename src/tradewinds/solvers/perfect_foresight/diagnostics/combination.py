"""A combination of equations or unknowns, as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tradewinds.solvers.perfect_foresight.diagnostics.blocks import by_name

__all__ = ["Combination", "Where"]

Where = Literal["every period", "all periods", "steady state"]
Term = tuple[str, float]

#: Terms written with their weight; more are gathered by name.
SHOWN = 8
#: So many terms of one variable with one weight are written as a sum.
SUMMED = 3


@dataclass(frozen=True)
class Combination:
    """A weighted sum of equations that holds by itself, or a movement of unknowns that no equation notices.

    Attributes
    ----------
    of : {"equations", "unknowns"}
    where : {"every period", "all periods", "steady state"}
        Of each period by itself; only of the whole horizon with its terminal condition; only where nothing changes.
    terms : tuple of (str, float)
        Names and weights, of which the largest is one.
    block : int
        Number of the first block over time that is concerned.
    dynamic : bool
        Whether it holds across periods rather than within each.
    followers : int
        How many of the last terms lie in later blocks, where they only follow.
    """

    of: Literal["equations", "unknowns"]
    where: Where
    terms: tuple[Term, ...]
    block: int
    dynamic: bool = False
    followers: int = 0

    def __str__(self) -> str:
        across = ", across periods" if self.dynamic else ""
        return f"{self._text()} (block {self.block}{across})"

    def _text(self) -> str:
        if self.where == "all periods":
            labels, years = zip(*(name.rsplit(" in ", 1) for name, _ in self.terms), strict=True)
            span = min(years) if min(years) == max(years) else f"{min(years)} to {max(years)}"
            return f"{by_name(list(dict.fromkeys(labels)))} in {span}"
        own = self.terms[: len(self.terms) - self.followers]
        if self.of == "equations":
            return _identity(own)
        follow = f", with {self.followers} that follow" if self.followers else ""
        if len(own) > SHOWN:
            return by_name([name for name, _ in own], SHOWN) + follow
        return ", ".join(f"{name} {weight:+.4g}" for name, weight in own) + follow


def _identity(terms: Sequence[Term]) -> str:
    """Return a combination solved for its first equation, with equal terms of several countries as a sum."""
    (first, scale), *others = terms
    if not others:
        return f"{first} vanishes by itself"
    groups: dict[tuple[str, float], list[str]] = {}
    for name, weight in others:
        groups.setdefault((name.partition("[")[0], round(-weight / scale, 4)), []).append(name)
    parts = []
    for (_, weight), names in groups.items():
        whole = [f"sum of {by_name(names)}"] if len(names) >= SUMMED else names
        size = "" if abs(weight) == 1.0 else f"{abs(weight):.4g} "
        parts += [f"{'-' if weight < 0 else '+'} {size}{name}" for name in whole]
    more = f" and {len(parts) - SHOWN} more" if len(parts) > SHOWN else ""
    return f"{first} = {' '.join(parts[:SHOWN]).removeprefix('+ ')}{more}"
