"""The replication index: one page from which anyone can see what was reproduced and what was not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError, did_you_mean
from tradewinds.report.environment import render_template
from tradewinds.report.html import frame, provenance_section, reference_section
from tradewinds.report.page import Heading, Page, Section
from tradewinds.report.scoreboard import (
    STATUS_MEANINGS,
    STATUSES,
    as_number,
    check_scoreboard,
    count_fitted,
    count_statuses,
)
from tradewinds.report.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

__all__ = ["PaperPage", "render_index", "summary_sentence"]

_WORDS = {
    "exact": "reproduced exactly",
    "close": "close",
    "qualitative": "right in sign only",
    "not reproduced": "not reproduced",
    "data unavailable": "out of reach because the data are unavailable",
}


@dataclass(frozen=True)
class PaperPage:
    """A paper on the replication index.

    Attributes
    ----------
    key : str
        Its name in the scoreboard's column ``paper``.
    title : str
        Author, year and title as shown.
    link : str
        Its own report, relative to the index (``keller/report.html``); empty if there is none.
    stand_in : str
        Empty for real data; otherwise what its data stand in for.
    introduction : str
        A few sentences in Markdown, before its exhibits.
    differences : str
        Its ``differences.md``, after its exhibits.
    exhibits : mapping
        Scoreboard name of an exhibit -> its title as shown; the name itself where there is none.
    """

    key: str
    title: str
    link: str = ""
    stand_in: str = ""
    introduction: str = ""
    differences: str = ""
    exhibits: Mapping[str, str] | None = None


def render_index(
    title: str,
    papers: Sequence[PaperPage],
    scoreboard: pd.DataFrame,
    *,
    subtitle: str = "",
    introduction: str = "",
    failed_checks: Sequence[str] = (),
    provenance: Mapping[str, Any] | None = None,
    citation_keys: Sequence[str] = (),
) -> str:
    """Return the replication index as the text of one self-contained HTML file.

    Parameters
    ----------
    title, subtitle : str
        Plain text.
    papers : sequence of PaperPage
        In the order shown; one a value of the scoreboard's column ``paper``.
    scoreboard : DataFrame
        Columns :data:`~tradewinds.report.scoreboard.SCOREBOARD_COLUMNS`.
    introduction : str
        Markdown, before the summary.
    failed_checks : sequence of str
        One sentence a check that failed, such as a downgrade.
    provenance, citation_keys
        As in :class:`~tradewinds.report.html.Report`.

    Raises
    ------
    DataError
        If the scoreboard is not one.
    InputError
        If it names a paper that has no page.
    """
    board = check_scoreboard(scoreboard)
    known = [paper.key for paper in papers]
    for key in dict.fromkeys(board["paper"]):
        if key not in known:
            raise InputError(
                f"the scoreboard names paper {key!r}, which has no page here.{did_you_mean(key, known)} "
                f"Papers are {', '.join(known)}."
            )
    page = Page(numbered=False)
    lead, _ = _summary(page, papers, board)
    made = [_paper(page, paper, board[board["paper"] == paper.key]) for paper in papers]
    if provenance is not None:
        made.append(provenance_section(page, provenance))
    if citation_keys:
        made.append(reference_section(page, citation_keys))
    return frame(
        title=title,
        subtitle=subtitle,
        abstract=introduction,
        stand_in=_stand_ins(papers),
        failed_checks=failed_checks,
        made=made,
        lead=lead,
    )


def summary_sentence(counts: Mapping[str, int], fitted: int = 0) -> str:
    """Return the counts of a scoreboard, of numbers and of statements, in words, and how many of them parameters were fitted to.

    Examples
    --------
    >>> summary_sentence({"exact": 3, "close": 1, "not reproduced": 1})
    'Of 5 published results, 3 are reproduced exactly, 1 is close and 1 is not reproduced.'
    >>> summary_sentence({"close": 5}, fitted=5)
    'Of 5 published results, 5 are close. Parameters were fitted to 5 of them; agreement with those is no evidence.'
    """
    total = sum(counts.values())
    if total == 0:
        return "No published result has been compared."
    parts = [
        f"{counts[status]:,} {'is' if counts[status] == 1 else 'are'} {_WORDS[status]}"
        for status in STATUSES
        if counts.get(status)
    ]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    told = f"Of {total:,} published result{'' if total == 1 else 's'}, {listed}."
    if not fitted:
        return told
    return f"{told} Parameters were fitted to {fitted:,} of them; agreement with those is no evidence."


def _stand_ins(papers: Sequence[PaperPage]) -> str:
    """Return the sentence at the top of the index; what stands in for what is said at each paper."""
    named = [paper.title for paper in papers if paper.stand_in]
    if not named:
        return ""
    return f"The data of {len(named)} of {len(papers)} papers are not to be had in full: {'; '.join(named)}."


def _summary(page: Page, papers: Sequence[PaperPage], board: pd.DataFrame) -> tuple[Markup, Heading]:
    heading = Heading("Summary", page.identifier("Summary"))
    counts = count_statuses(board)
    rows = []
    for paper in papers:
        each = count_statuses(board[board["paper"] == paper.key])
        rows.append({"paper": paper, "counts": each, "total": sum(each.values()), "bar": _segments(each)})
    html = render_template(
        "summary.html.j2",
        heading=heading,
        sentence=summary_sentence(counts, count_fitted(board)),
        counts=counts,
        meanings=STATUS_MEANINGS,
        total=len(board),
        bar=_segments(counts),
        papers=rows,
        classes=_classes(),
    )
    return html, heading


def _paper(page: Page, paper: PaperPage, board: pd.DataFrame) -> tuple[Markup, Heading]:
    """Return one paper: its score, its exhibits number by number, its differences."""
    from markupsafe import Markup

    heading = Heading(paper.title, page.identifier(paper.key))
    parts: list[Markup] = []
    if paper.introduction:
        parts.append(page.block(paper.introduction, level=2))
    names = dict(paper.exhibits or {})
    for exhibit in dict.fromkeys(board["exhibit"]):
        rows = board[board["exhibit"] == exhibit]
        section = Section(names.get(exhibit, exhibit), [_exhibit(rows, bool(paper.stand_in))])
        html, below = page.section(section, level=3)
        parts.append(html)
        heading.below.append(below)
    if paper.differences.strip():
        html, below = page.section(Section("Differences and their reasons", paper.differences), level=3)
        parts.append(html)
        heading.below.append(below)
    counts = count_statuses(board)
    html = render_template(
        "paper.html.j2",
        heading=heading,
        paper=paper,
        sentence=summary_sentence(counts, count_fitted(board)),
        body=Markup("\n").join(parts),
    )
    return html, heading


def _exhibit(rows: pd.DataFrame, stand_in: bool) -> Table:
    """Return an exhibit's numbers; ours show one digit more than the paper prints."""
    printed = max((_decimals(value) for value in rows["published"]), default=0)
    finer = f".{min(printed + 1, 6)}f"
    columns = (
        Column("Row"),
        Column("Column"),
        Column("Published", format=f".{printed}f"),
        Column("Computed", format=finer),
        Column("Difference", format=f"+{finer}"),
        Column("Tolerance", format="g"),
        Column("Status"),
        Column("Note"),
    )
    cells = [
        (
            row["row"],
            row["column"],
            row["published"] if isinstance(row["published"], str) else _number(row["published"]),  # as it is printed
            *(_number(row[name]) for name in ("computed", "difference", "tolerance")),
            render_template("status_cell.html.j2", status=row["status"], kind=_classes()[row["status"]]),
            row["note"],
        )
        for row in rows.to_dict("records")
    ]
    unavailable = stand_in and bool((rows["status"] == "data unavailable").any())
    return Table("Published and computed", columns, cells, stand_in=unavailable)


def _number(value: object) -> float | None:
    """Return what a table shows: a number, or None for an empty cell."""
    number = as_number(value)
    return None if number is None or math.isnan(number) else number


def _decimals(value: object) -> int:
    """Return how many decimals a number was printed with."""
    number = _number(value)
    if number is None:
        return 0
    text = value if isinstance(value, str) else f"{number:.6f}".rstrip("0")
    return min(len(text.partition(".")[2]), 6)


def _segments(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the pieces of a status bar in per cent of its length, in rank order."""
    total = sum(counts.values())
    pieces, start = [], 0.0
    for status in STATUSES:
        if counts.get(status):
            width = 100 * counts[status] / total
            pieces.append({"status": status, "start": f"{start:.3f}", "width": f"{width:.3f}"})
            start += width
    return pieces


def _classes() -> dict[str, str]:
    return {status: status.replace(" ", "-") for status in STATUSES}
