"""Determinacy: is there one bounded path from any state, none, or many? Counted at the terminal state.

A model has one bounded path if as many roots lie outside the unit circle as there are jumps (Blanchard and Kahn 1980, Econometrica
48(5)) *and* bounded paths can start from any state. The count can be right where the second, the rank condition, fails: one part
of the model has a root too many outside, another one too few. Unit roots count as stable: history, or what the terminal
condition says, decides where such a path ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight.diagnostics.blocks import by_name
from tradewinds.solvers.perfect_foresight.model import Model

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Determinacy", "Root", "RootKind", "Verdict", "kind_of", "same_root"]

Verdict = Literal["determinate", "unanchored", "indeterminate", "unstable", "rank", "singular"]
RootKind = Literal["stable", "unit", "unstable"]

#: Roots this close to the unit circle lie on it.
UNIT = 1e-6
#: A drift of scaled coefficients beyond this is worth a sentence.
DRIFT = 1e-4


@dataclass(frozen=True)
class Root:
    """A root, or several that coincide, with the unknowns that move most along it.

    Attributes
    ----------
    value : complex
        Factor by which deviations from the path grow a period.
    kind : {"stable", "unit", "unstable"}
    count : int
        How often it occurs.
    unknowns : tuple of str
        Largest first; empty where they were not asked for.
    """

    value: complex
    kind: RootKind
    count: int = 1
    unknowns: tuple[str, ...] = ()

    def __str__(self) -> str:
        value = "infinite" if not np.isfinite(self.value) else f"{abs(self.value):.6g}"
        pair = f" (complex pair, angle {abs(np.angle(self.value)):.3f})" if abs(self.value.imag) > 1e-9 else ""
        times = self.count // 2 if pair else self.count
        often = f", {times} times" if times > 1 else ""
        return f"{value}{pair}{often}: {by_name(self.unknowns, 4)}"


@dataclass(frozen=True, eq=False)
class Determinacy:
    """Roots of a model at its terminal state against the number of jumps.

    Attributes
    ----------
    model : Model
    year : int
        Last year of the horizon, about which the model is linearised.
    verdict : {"determinate", "unanchored", "indeterminate", "unstable", "rank", "singular"}
        One bounded path; one but for unit roots; many; none from most states; the count may be right but some states have none
        and some jumps are free; or equations that are not independent.
    roots : ndarray of complex
        By modulus; roots of zero from static equations are left out.
    stable, unit, unstable : int
        Roots inside the unit circle, on it, and outside.
    states, jumps : tuple of str
        Unknowns read with a lag, and with a lead.
    explosive, free : tuple of tuple of str
        For each state direction without a bounded path the states in it, and for each free movement of jumps these.
    smallest : float
        Smallest singular value of the rows of states; zero where the rank condition fails.
    named : tuple of Root
        Unit roots, and those nearest to the circle on each side, with the unknowns that move along them.
    drift : float
        Change of the model's coefficients in the last year; where it is not small the end is no balanced path.
    """

    model: Model
    year: int
    verdict: Verdict
    roots: NDArray[np.complex128]
    stable: int
    unit: int
    unstable: int
    states: tuple[str, ...]
    jumps: tuple[str, ...]
    explosive: tuple[tuple[str, ...], ...]
    free: tuple[tuple[str, ...], ...]
    smallest: float
    named: tuple[Root, ...]
    drift: float

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources of the method: the count of roots, and the ordered Schur form."""
        return ("blanchard-kahn1980", "klein2000")

    @property
    def ok(self) -> bool:
        """True if there is exactly one bounded path from any state."""
        return self.verdict == "determinate"

    @property
    def sentence(self) -> str:
        """The verdict, with what it rests on and what to look at."""
        if self.verdict == "singular":
            return "singular: its equations are not independent, so no roots can be counted; see redundant equations"
        return f"{self.headline}: {self._count()}{self._detail()}"

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return _HEADLINES[self.verdict]

    def _count(self) -> str:
        roots = "root" if self.unstable == 1 else "roots"
        jumps = "jump" if len(self.jumps) == 1 else "jumps"
        return f"{self.unstable} {roots} outside the unit circle for {len(self.jumps)} {jumps}"

    def _detail(self) -> str:
        parts = []
        if self.verdict == "unanchored":
            parts.append(f"unit roots move {_together(self.free)}, which end where the terminal condition puts them")
        elif self.free:
            parts.append(f"nothing pins down {_first_values(self.free)}")
        if self.explosive:
            conditions = f"{len(self.explosive)} condition" + ("s" if len(self.explosive) > 1 else "")
            parts.append(f"no path stays bounded unless the initial {_together(self.explosive)} meet {conditions}")
        if self.verdict == "rank":
            parts.insert(0, "a root too many in one part of the model makes up for one too few in another")
        return "; " + "; ".join(parts) if parts else ""

    def summary(self) -> str:
        """Return verdict, counts and the roots nearest to the unit circle as text."""
        lines = [f"Determinacy at {self.year}: {self.sentence}"]
        if self.verdict == "singular":
            return lines[0]
        lines.append(f"  roots: {self.stable} inside the unit circle, {self.unit} on it, {self.unstable} outside")
        lines.append(f"  states: {len(self.states)}, jumps: {len(self.jumps)}")
        lines.append(f"  rank condition: smallest singular value {self.smallest:.2g}")
        words = {"stable": "largest stable", "unit": "unit", "unstable": "smallest unstable"}
        lines += [f"  {words[root.kind]} root {root}" for root in self.named]
        if self.explosive:
            lines.append(
                "  note: a state that grows by itself does no harm where it starts at zero and no shock moves it"
            )
        if self.drift > DRIFT:
            lines.append(
                f"  note: coefficients still change by {self.drift:.1e} in the last year, so this is no balanced path; "
                "roots are those of the last year"
            )
        return "\n".join(lines)

    def tidy(self) -> pd.DataFrame:
        """Return one row a root: its modulus, real and imaginary part, its kind and, where named, what moves along it."""
        import pandas as pd

        kinds = [kind_of(root) for root in self.roots]
        moves = ["; ".join(named.unknowns) if (named := self._named(root)) else "" for root in self.roots]
        return pd.DataFrame(
            {
                "variable": "root",
                "value": np.abs(self.roots),
                "unit": "modulus",
                "real": self.roots.real,
                "imaginary": self.roots.imag,
                "kind": kinds,
                "moves": moves,
            }
        )

    def _named(self, root: complex) -> Root | None:
        return next((named for named in self.named if same_root(named.value, root)), None)

    def require(self) -> Determinacy:
        """Return this, or raise if there is not exactly one bounded path.

        Raises
        ------
        InputError
            With the verdict, and what to try.
        """
        if self.ok:
            return self
        raise InputError(
            f"model {self.model.name} at its terminal state, {self.year}, is {self.sentence}. {_TRY[self.verdict]}"
        )


_HEADLINES = {
    "determinate": "determinate",
    "unanchored": "determinate only by its terminal condition",
    "indeterminate": "indeterminate, too few roots outside the unit circle",
    "unstable": "unstable, too many roots outside the unit circle",
    "rank": "neither stable nor determinate, the rank condition fails",
    "singular": "singular",
}
_TRY = {
    "unanchored": "Anchor them, by a rule that looks at their level, or accept that results depend on the last year.",
    "indeterminate": "Look for a rule that reacts too little, or for a lead where the model needs a lag.",
    "unstable": "Look for an accumulation that nothing slows down, or for a lag where the model needs a lead.",
    "rank": "Look at each of the two parts named: one needs a jump, the other has one too many.",
    "singular": "inspect() names the equations.",
}


def _first_values(groups: tuple[tuple[str, ...], ...]) -> str:
    """Return what is free: values, or fewer combinations of them than there are."""
    values = len({label for group in groups for label in group})
    free = "" if values == len(groups) else f"{len(groups)} combination{'s' if len(groups) > 1 else ''} of "
    return f"{free}the first {'value' if values == 1 else 'values'} of {_together(groups)}"


def _together(groups: Iterable[tuple[str, ...]]) -> str:
    return by_name(list(dict.fromkeys(label for group in groups for label in group)), 6)


def kind_of(root: complex) -> RootKind:
    """Return on which side of the unit circle a root lies."""
    return "unit" if abs(abs(root) - 1.0) <= UNIT else "stable" if abs(root) < 1.0 else "unstable"


def same_root(one: complex, other: complex) -> bool:
    """Whether two roots, or a root and the conjugate of the other, coincide."""
    if not (np.isfinite(one) and np.isfinite(other)):
        return not np.isfinite(one) and not np.isfinite(other)
    return bool(min(abs(one - other), abs(one - np.conj(other))) <= 1e-6 * max(1.0, abs(one)))
