"""The verdicts as data: a row a claim as it is worded, and one more on its condition where that is what it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from tradewinds.growth import Claim, mechanisms
from tradewinds.replications.grossman_helpman.survey import section_of
from tradewinds.replications.targets import Computed

if TYPE_CHECKING:
    from tradewinds.growth import Mechanism

__all__ = ["CONDITION", "WORDED", "Answered", "answer_all", "claim_frame", "claim_numbers"]

Key = tuple[str, str, str]

WORDED, CONDITION = "as worded", "on condition"


@dataclass(frozen=True)
class Answered:
    """A mechanism and its claims, solved.

    Attributes
    ----------
    name : str
    mechanism : Mechanism
    claims : tuple of Claim
    """

    name: str
    mechanism: Mechanism[Any]
    claims: tuple[Claim, ...]

    def count(self, verdict: str) -> int:
        """Return how many claims have a verdict."""
        return sum(claim.verdict == verdict for claim in self.claims)


def answer_all() -> tuple[Answered, ...]:
    """Solve the claims of every mechanism, in the order of the survey."""
    return tuple(Answered(name, mechanism, mechanism.claims()) for name, mechanism in mechanisms.items())


def claim_key(mechanism: str, claim: Claim, case: str) -> Key:
    """Return the target of a claim."""
    return section_of(claim.source), f"{claim.name.replace('-', ' ')} ({mechanism})", case


def claim_numbers(answered: Sequence[Answered]) -> dict[Key, Computed]:
    """Return every claim as numbers: 1 where it holds, 0 where it does not."""
    found: dict[Key, Computed] = {}
    for each in answered:
        for claim in each.claims:
            holds, fails = claim.verdict == "holds", claim.verdict == "fails as worded"
            remembered = "the statement is from memory" if "from memory" in claim.source else ""
            note = "" if holds else f"{claim.verdict}: {claim.condition}"
            note = "; ".join(text for text in (note, remembered) if text)
            found[claim_key(each.name, claim, WORDED)] = Computed(float(holds), note=note)
            if not holds and not fails:
                found[claim_key(each.name, claim, CONDITION)] = Computed(1.0, note=remembered)
    return found


def claim_frame(answered: Sequence[Answered]) -> pd.DataFrame:
    """Return a row a number of a claim, with its text, source and verdict."""
    rows: list[Mapping[str, Any]] = [
        {
            "mechanism": each.name,
            "claim": claim.name,
            "text": claim.text,
            "source": claim.source,
            "verdict": claim.verdict,
            "condition": claim.condition,
            "number": name,
            "value": float(value),
        }
        for each in answered
        for claim in each.claims
        for name, value in claim.numbers.items()
    ]
    return pd.DataFrame(rows)
