"""The report on Grossman and Helpman (2015): an index, the survey sentence by sentence, a section a mechanism, printed numbers."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence

import pandas as pd

from tradewinds.replications.grossman_helpman.claims import Answered
from tradewinds.replications.grossman_helpman.decomposition import MARGIN
from tradewinds.replications.grossman_helpman.failures import Moved
from tradewinds.replications.grossman_helpman.numbers import ADOPTION, MOMENTS, PATH, SAMPSON, TEST, Opening
from tradewinds.replications.grossman_helpman.tables import (
    calibration_table,
    claim_table,
    failure_table,
    index_table,
    opening_table,
    printed_tables,
    statement_tables,
    unanswered_table,
)
from tradewinds.replications.grossman_helpman.words import WORDS
from tradewinds.report import Equation, Figure, Report, Section, Table

__all__ = ["TITLE", "abstract", "build_report", "differences", "keys"]

TITLE = "Grossman and Helpman (2015): Globalization and Growth"


def differences() -> str:
    """Return the list of what keeps the printed statements and numbers and ours apart, in Markdown."""
    return importlib.resources.files(__package__).joinpath("differences.md").read_text(encoding="utf-8")


def keys(answered: Sequence[Answered]) -> tuple[str, ...]:
    """Return the citation keys of the survey and of every mechanism."""
    return tuple(
        dict.fromkeys(["grossman-helpman2015", *(k for each in answered for k in each.mechanism.citation_keys)])
    )


def abstract(answered: Sequence[Answered]) -> str:
    """Return what is asked and what came out, in a few sentences."""
    claims = [claim for each in answered for claim in each.claims]
    counts = {
        verdict: sum(c.verdict == verdict for c in claims) for verdict in ("holds", "holds only if", "fails as worded")
    }
    fails = counts["fails as worded"]
    return (
        "Does globalisation make economies grow faster? The survey tells what each mechanism of the literature says, in words. "
        f"Here all {len(answered)} are solved, and {len(claims)} statements about them are put to the solved models. "
        f"{counts['holds']} hold as worded, {counts['holds only if']} hold only on a condition, which is named and shown to matter"
        + (f", {fails} fail{'s' if fails == 1 else ''} as worded" if fails else "")
        + ". Of the numbers in print, those of Perla, Tonetti and Waugh (2021) for balanced growth paths come out exactly with "
        "their equations as published, the one with transition has a slip; with the equations corrected, a cut of trade costs "
        "by 10 per cent raises welfare by 6.9 instead of 11.2 per cent."
    )


def build_report(
    answered: Sequence[Answered],
    moved: Mapping[tuple[str, str], Moved],
    board: pd.DataFrame,
    drawn: Mapping[str, Figure],
    opened: Opening,
    compared: Section,
    failed: Sequence[str],
) -> Report:
    """Return the report of the replication.

    Parameters
    ----------
    answered : sequence of Answered
    moved : mapping
        Where claims fail, by mechanism and claim.
    board : DataFrame
    drawn : mapping
        Figures by name: one a mechanism, ``correction`` and ``dynamic-selection``.
    opened : Opening
    compared : Section
        The same shock through every mechanism.
    failed : sequence of str
        What goes into the report as it is.
    """
    return Report(
        title=TITLE,
        subtitle="Every mechanism solved, every statement asked of it",
        abstract=abstract(answered),
        failed_checks=failed,
        sections=[
            Section("Mechanisms", [_lead(), index_table(answered, moved)]),
            Section("What the survey says", [_verdicts(), *statement_tables(answered), unanswered_table()]),
            *(_mechanism(each, moved, drawn[each.name]) for each in answered),
            compared,
            Section(
                "Numbers in print",
                [
                    *printed_tables(board, [ADOPTION, MARGIN, MOMENTS, TEST, PATH]),
                    drawn["correction"],
                    *printed_tables(board, [SAMPSON]),
                    opening_table(opened),
                    drawn["dynamic-selection"],
                ],
            ),
            Section("Differences and their reasons", differences()),
        ],
        warnings=(
            "Apart from the survey the papers were not at hand. Equations were derived again; what is from memory is "
            "named with each mechanism.",
        ),
        citation_keys=keys(answered),
        numbered=False,
    )


def _lead() -> str:
    return (
        "The survey sorts the literature by what globalisation acts upon: the flow of ideas, the size of markets and "
        "the rivals in them, prices of inputs, and diffusion. Each mechanism below has a section with its key "
        "equations, its figure, its claims, its standard calibration, and the data that would discipline it."
    )


def _verdicts() -> str:
    return (
        "*Holds*: true in every economy tried. *Holds only if*: true where the condition is met, and false in some "
        "economy that meets the words of the statement alone. *Fails as worded*: false where it ought to be true."
    )


def _mechanism(each: Answered, moved: Mapping[tuple[str, str], Moved], figure: Figure) -> Section:
    words, model = WORDS[each.name], each.mechanism
    content: list[str | Table | Figure | Equation] = [
        f"{words.text} *Survey: {words.place}.* Name: `{each.name}`; variants: {', '.join(model.variants)}.",
        Equation(words.equation),
        f"Equations: {model.provenance}",
        figure,
        claim_table(each),
    ]
    failure = failure_table(each, moved)
    content += [failure] if failure else []
    content += [
        calibration_table(each),
        "What data would discipline it:\n\n" + "\n".join(f"- {sentence}" for sentence in model.discipline),
    ]
    return Section(model.title, content)
