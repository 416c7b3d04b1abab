"""Propositions 1 to 3 of Hanlon (2012) on mirror economies drawn at random, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.propositions import CLAIMS, PropositionCheck, judge_claim, paths
from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["PropositionCounts", "check_propositions", "draw_mirror_economy"]

Array = NDArray[np.float64]

#: Claims that are counted.
COUNTED: tuple[tuple[int, str], ...] = ((1, "corrected"), (2, "corrected"), (3, "printed"), (3, "corrected"))

_VERDICTS = ("holds", "fails", "too close")
_AHEAD = {1: (1, 2), 2: (1, 2), 3: (1, 3)}  # industries that home makes
_SPILLOVERS = {1: np.eye(4), 2: np.eye(4)[[1, 0, 3, 2]], 3: np.eye(4)[[1, 0, 3, 2]]}


@dataclass(frozen=True, eq=False)
class PropositionCounts:
    """How often each proposition held.

    Attributes
    ----------
    checks : mapping of (int, str) to sequence of PropositionCheck
        By proposition and form, one an economy.
    horizon : float
    seed : int
    """

    checks: Mapping[tuple[int, str], Sequence[PropositionCheck]] = field(repr=False)
    horizon: float
    seed: int

    def count(self, proposition: int, form: str = "corrected", verdict: str = "holds") -> int:
        """Return in how many economies a claim had a verdict."""
        if (proposition, form) not in self.checks:
            form = "corrected"  # the same words
        return sum(check.verdict == verdict for check in self.checks[proposition, form])

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: economies by proposition, form and verdict, and the smallest margin of each claim."""
        return tidy_frame(self._rows(), ["proposition", "form", "verdict"])

    def _rows(self) -> Iterator[dict[str, Any]]:
        for (proposition, form), checks in self.checks.items():
            labels = {"proposition": proposition, "form": form}
            for verdict in _VERDICTS:
                number = sum(check.verdict == verdict for check in checks)
                yield {"variable": "economies", "value": number, "unit": "number", **labels, "verdict": verdict}
            smallest = min(check.margin for check in checks)
            yield {"variable": "smallest_margin", "value": smallest, "unit": "log", **labels, "verdict": None}

    def summary(self) -> str:
        """Return a line a claim."""
        economies = len(next(iter(self.checks.values())))
        lines = [f"{economies} mirror economies a proposition, {self.horizon:g} years, seed {self.seed}"]
        for (proposition, form), checks in self.checks.items():
            wording = "" if proposition != 3 else " as worded" if form == "printed" else " corrected"
            held = self.count(proposition, form)
            lines.append(
                f"Proposition {proposition}{wording}: holds in {held} of {len(checks)} ({CLAIMS[proposition][form]})"
            )
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return the margins of every economy, a row a claim; a claim holds to the right of zero."""
        from matplotlib.figure import Figure

        from tradewinds.plotting import COLOURS, MARKERS, add_source, style

        with style():
            figure = Figure(figsize=(7.2, 3.2))
            axis = figure.subplots()
            names = []
            for row, ((proposition, form), checks) in enumerate(self.checks.items()):
                margins = np.array([check.margin for check in checks])
                spread = np.linspace(-0.25, 0.25, len(margins)) if len(margins) > 1 else np.zeros(1)
                axis.plot(margins, row + spread, MARKERS[row], color=COLOURS[row], markersize=3, fillstyle="none")
                wording = "" if proposition != 3 else ", as worded" if form == "printed" else ", corrected"
                names.append(
                    f"Proposition {proposition}{wording}\n{self.count(proposition, form)} of {len(checks)} hold"
                )
            axis.axvline(0, color=COLOURS[0], linewidth=1)
            axis.set_xscale("symlog", linthresh=1e-4)
            axis.set_yticks(range(len(names)), names)
            axis.invert_yaxis()
            axis.set_xlabel("smallest margin by which the claim holds, log (below zero: it fails)")
            axis.set_title("Propositions on economies drawn at random")
            add_source(figure, f"Hanlon (2012); {self.horizon:g} years, seed {self.seed}")
        return figure


def draw_mirror_economy(
    proposition: int, random: np.random.Generator, *, sigma: tuple[float, float] = (1.2, 6.0)
) -> ClusterParameters:
    """Draw mirror economies of which a proposition speaks.

    Home leads foreign in the industries that it makes by 1 to 400 per cent; technology behind is between 1 and 10, sigma is
    uniform, spillovers are between 0.05 and 1.

    Parameters
    ----------
    proposition : {1, 2, 3}
    random : numpy.random.Generator
    sigma : tuple of float
        Lowest and highest.
    """
    if proposition not in _AHEAD:
        raise InputError(f"proposition is {proposition!r}; the paper has propositions 1, 2 and 3")
    technology = np.empty(4)
    for industry in _AHEAD[proposition]:
        behind = random.uniform(1, 10)
        technology[4 - industry] = behind  # home in the industry in which foreign leads as home does in this one
        technology[industry - 1] = behind * random.uniform(1.01, 5)
    return ClusterParameters(
        technology=np.array([technology, technology[::-1]]),
        sigma=random.uniform(*sigma),
        spillovers=random.uniform(0.05, 1) * _SPILLOVERS[proposition],
    )


def check_propositions(count: int = 100, seed: int = 1, *, horizon: float = 100.0) -> PropositionCounts:
    """Hold Propositions 1 to 3 against economies drawn at random.

    Parameters
    ----------
    count : int
        Economies a proposition.
    seed : int
        Each economy has a stream of its own, so that the first ones stay the same if more are drawn.
    horizon : float
        Years; fifty dates are looked at.

    Raises
    ------
    InputError
        If the count is not at least 1.

    Examples
    --------
    >>> found = check_propositions(5, seed=1)
    >>> found.count(2), found.count(3), found.count(3, "printed")
    (5, 5, 0)
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"count is {count!r}; it must be a whole number of at least 1")
    streams = np.random.SeedSequence(seed).spawn(count)
    checks: dict[tuple[int, str], list[PropositionCheck]] = {claim: [] for claim in COUNTED}
    for stream in streams:
        random = np.random.default_rng(stream)
        for proposition in CLAIMS:
            opened, closed = paths(draw_mirror_economy(proposition, random), horizon)
            dates = np.linspace(0, horizon, 51)[(0 if proposition == 1 else 1) :]
            for claim in COUNTED:
                if claim[0] == proposition:
                    checks[claim].append(judge_claim(*claim, opened, closed, dates))
    return PropositionCounts(checks, float(horizon), seed)
