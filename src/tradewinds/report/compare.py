"""A comparison as pages: the figure, what each model says, where they part and why, ranges, how the shock was put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewinds.compare import Comparison
from tradewinds.plotting import to_svg
from tradewinds.report.compare_tables import (
    draws_table,
    facts_table,
    gains_table,
    growth_table,
    put_table,
    reasons_table,
    turns_table,
)
from tradewinds.report.compare_words import abstract, disagreement, swept
from tradewinds.report.page import Figure, Section

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ComparePage", "compare_page"]


@dataclass(frozen=True)
class ComparePage:
    """What a comparison puts into its folder."""

    abstract: str
    sections: list[Section]
    figures: dict[str, Figure]
    tables: dict[str, pd.DataFrame]
    warnings: tuple[str, ...] = ()
    failed_checks: tuple[str, ...] = ()


def compare_page(found: Comparison) -> ComparePage:
    """Return the report and the tables of a comparison."""
    figure = Figure(
        "What each model says the shock is worth, and what it does to growth",
        to_svg(found.plot()),
        "A row a model. Left: a hollow dot for the static gain, a full one for the total, an arrow between them. "
        "Right: the change of "
        "growth. Models are in groups by what growth does.",
        note="Static gain: home's consumption if knowledge and what is spent on it stay. Total: the constant change "
        "of consumption worth "
        "as much as the whole path.",
    )
    sections = [
        Section("What each model says", [figure, gains_table(found), growth_table(found), *_reasons(found)]),
        Section("Where they disagree, and what decides", _signs(found)),
        Section("What was asked", [facts_table(found), put_table(found)]),
    ]
    if found.ensembles:
        sections.append(Section("Ranges", [_ranges(found), draws_table(found)]))
    tables = {"parameters.csv": _flat(found.parameters()), "words.csv": found.words()}
    if found.deciding:
        tables["turning-points.csv"] = found.turns()
    if found.ensembles:
        tables["attempts.csv"] = found.draws()
    return ComparePage(
        abstract(found),
        sections,
        {"comparison": figure},
        tables,
        warnings=tuple(f"{label} was not run. {reason}" for label, reason in found.failures.items()),
    )


def _reasons(found: Comparison) -> list[Any]:
    table = reasons_table(found)
    return [] if table is None else [table]


def _signs(found: Comparison) -> list[Any]:
    blocks: list[Any] = list(disagreement(found))
    if found.deciding:
        blocks.append(
            "To find what decides, each mechanism was put through the shock again with one parameter at a time "
            "between a quarter and four "
            "times its value, others as calibrated."
        )
        blocks += swept(found)
        table = turns_table(found)
        blocks += [] if table is None else [table]
    return blocks or ["No model in this comparison has growth."]


def _ranges(found: Comparison) -> str:
    boxes = "; ".join(f"`{name}` from {box.low:g} to {box.high:g}" for name, box in found.intervals.items())
    return (
        f"Drawn, evenly and independently: {boxes}. Every draw is calibrated anew and put through the shock of the "
        f"same proportion; ranges "
        f"hold the middle {100 * found.coverage:.0f} per cent of the draws that were solved. Facts drawn are the same "
        f"for every model."
    )


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return parameters with lists as text, which every reader of CSV takes."""
    return frame.assign(value=[str(value) for value in frame["value"]])
