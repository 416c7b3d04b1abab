"""Statements of the survey about a mechanism, and the verdict that solving the mechanism gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tradewinds.errors import InputError

__all__ = ["VERDICTS", "Claim", "grade"]

#: What a claim may turn out to be.
VERDICTS = ("holds", "holds only if", "fails as worded")

SURVEY = "Grossman and Helpman (2015)"


@dataclass(frozen=True)
class Claim:
    """A statement about a mechanism and what solving the mechanism says about it.

    Attributes
    ----------
    name : str
        Short and stable, such as ``spillovers-raise-growth``.
    text : str
        What is stated.
    source : str
        Where.
    verdict : str
        One of :data:`VERDICTS`.
    condition : str
        When it holds, for ``holds only if``; what fails, for ``fails as worded``.
    numbers : mapping of str to float
        What was solved for, by name.
    explanation : str
        Why, in a sentence or two.
    """

    name: str
    text: str
    source: str
    verdict: str
    condition: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    explanation: str = ""

    def summary(self) -> str:
        """Return the claim in two or three lines."""
        head = f"{self.verdict}{': ' + self.condition if self.condition else ''}"
        shown = "; ".join(f"{name} = {value:.6g}" for name, value in self.numbers.items())
        return "\n".join(line for line in (f"{self.text} [{self.source}]", head, shown) if line)


def grade(
    name: str,
    text: str,
    source: str,
    *,
    within: Iterable[Any],
    outside: Iterable[Any] = (),
    condition: str = "",
    numbers: Mapping[str, float] | None = None,
    explanation: str = "",
) -> Claim:
    """Return a claim with the verdict that its cases give it.

    Parameters
    ----------
    within : iterable of bool
        Whether the statement is true, in cases that meet the condition (in all cases, where there is none).
    outside : iterable of bool
        Whether it is true in cases that meet the words of the statement but not the condition.

    Returns
    -------
    Claim
        ``holds`` if true everywhere; ``holds only if`` if true within and not everywhere outside; else ``fails as worded``.

    Raises
    ------
    InputError
        If no case was tried, or cases outside were tried without a condition.

    Examples
    --------
    >>> grade("a", "Growth rises.", "a survey", within=[True, True], outside=[False], condition="ideas flow").verdict
    'holds only if'
    """
    inside, beyond = [bool(x) for x in within], [bool(x) for x in outside]
    if not inside:
        raise InputError(f"claim {name}: no case was tried")
    if beyond and not condition:
        raise InputError(f"claim {name}: cases outside a condition need the condition in words")
    verdict = "fails as worded" if not all(inside) else "holds" if all(beyond) else "holds only if"
    return Claim(name, text, source, verdict, "" if verdict == "holds" else condition, dict(numbers or {}), explanation)
