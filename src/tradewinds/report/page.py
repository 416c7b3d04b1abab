"""What a page of the report is made of: sections, prose, figures, equations; and how each becomes HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError
from tradewinds.report.environment import equation_text, render_template, scripts
from tradewinds.report.svg import inline_svg
from tradewinds.report.tables import Table

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markupsafe import Markup

__all__ = ["Equation", "Figure", "Heading", "Page", "Section", "markdown"]


@dataclass(frozen=True)
class Figure:
    """A figure of a report.

    Attributes
    ----------
    title : str
        Caption; the number ("Figure 1") is added where the figure is set.
    svg : str
        A whole SVG document, such as :func:`tradewinds.plotting.to_svg` returns.
    alt : str
        What the figure shows, in words, for readers who cannot see it.
    note, source : str
        As in :class:`~tradewinds.report.tables.Table`.
    stand_in : bool or None
        Whether it rests on stand-in data; None means as the report says.
    """

    title: str
    svg: str
    alt: str
    note: str = ""
    source: str = ""
    stand_in: bool | None = None


@dataclass(frozen=True)
class Equation:
    """A displayed equation in plain Unicode; ``x_{ij}`` and ``x^{d}`` are set as indices.

    Attributes
    ----------
    text : str
        One line of the equation a line.
    label : str
        Its number, such as ``(4.10)``.
    """

    text: str
    label: str = ""


@dataclass(frozen=True)
class Section:
    """A section of a report.

    Attributes
    ----------
    heading : str
        Plain text.
    content : sequence of str, Table, Figure, Equation or Section
        What it holds, in the order it is read. Text is Markdown (tables allowed, HTML not); a section within
        a section is set one level lower.
    """

    heading: str
    content: Sequence[str | Table | Figure | Equation | Section] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", (self.content,) if isinstance(self.content, str) else tuple(self.content))


@dataclass(frozen=True)
class Heading:
    """One line of the table of contents."""

    text: str
    identifier: str
    below: list[Heading] = field(default_factory=list)


class Page:
    """Numbers the tables and figures of one page and keeps its ids apart."""

    def __init__(self, *, stand_in: bool = False, numbered: bool = True) -> None:
        self.stand_in = stand_in
        self.numbered = numbered
        self._used = {"content", "contents", "top"}
        self._counts: dict[str, int] = {}

    def identifier(self, text: str) -> str:
        """Return an id that is not yet on the page, made from the text."""
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "section"
        if slug[0].isdigit() or re.fullmatch(r"(table|figure|status)(-.*)?", slug):
            slug = f"section-{slug}"  # "table-3" and "figure-3" belong to the exhibits
        number, candidate = 1, slug
        while candidate in self._used:
            number += 1
            candidate = f"{slug}-{number}"
        self._used.add(candidate)
        return candidate

    def section(self, section: Section, level: int = 2) -> tuple[Markup, Heading]:
        """Return a section as HTML, with its line of the table of contents."""
        from markupsafe import Markup

        heading = Heading(section.heading, self.identifier(section.heading))
        blocks = []
        for item in section.content:
            if isinstance(item, Section):
                block, below = self.section(item, min(level + 1, 6))
                heading.below.append(below)
            else:
                block = self.block(item, level)
            blocks.append(block)
        html = render_template("section.html.j2", heading=heading, level=level, body=Markup("\n").join(blocks))
        return html, heading

    def block(self, item: Any, level: int = 2) -> Markup:
        """Return one block of a section as HTML; ``level`` is that of the heading it stands under."""
        if isinstance(item, str):
            return markdown(item, level=level)
        if isinstance(item, Table):
            label = self._next("Table")
            shown = label if self.numbered else ""
            return item.to_html(identifier=_anchor(label), label=shown, stand_in=self.stand_in)
        if isinstance(item, Figure):
            label = self._next("Figure")
            image = inline_svg(item.svg, prefix=_anchor(label), label=item.alt or item.title)
            marked = self.stand_in if item.stand_in is None else item.stand_in
            return render_template(
                "figure.html.j2",
                figure=item,
                image=image,
                identifier=_anchor(label),
                label=label if self.numbered else "",
                stand_in=marked,
            )
        if isinstance(item, Equation):
            return render_template("equation.html.j2", label=item.label, body=equation_text(item.text))
        raise InputError(
            f"a section holds text, Table, Figure, Equation or Section, got {type(item).__name__} {item!r:.60}"
        )

    def _next(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind} {self._counts[kind]}"


def _anchor(label: str) -> str:
    return label.lower().replace(" ", "-")


def markdown(text: str, *, level: int = 1) -> Markup:
    r"""Return Markdown as HTML that reaches nowhere outside the page's own folder.

    HTML in the text is shown as text, images become their descriptions, and links to other hosts are spelled
    out. The highest heading of the text is set one level below ``level``.

    Examples
    --------
    >>> str(markdown("[the data](https://example.org/data), <b>S^{d}</b>"))
    '<p>the data (https://example.org/data), &lt;b&gt;S<sup>d</sup>&lt;/b&gt;</p>\n'
    """
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["html_inline", "html_block"])
    tokens = parser.parse(text)
    _demote(tokens, level)
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "plain")
        if token.children:
            token.children = _spell_out(token.children)
    rules = parser.renderer.rules  # type: ignore[attr-defined]
    rules["text"] = lambda tokens, index, options, env: str(scripts(tokens[index].content))
    rules["image"] = lambda tokens, index, options, env: str(scripts(tokens[index].content))
    html = parser.renderer.render(tokens, parser.options, {})
    framed = html.replace("<table", '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table')
    return Markup(framed.replace("</table>", "</table></div>"))


def _demote(tokens: list[Token], level: int) -> None:
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + level + 1, 6)}"


def _spell_out(tokens: list[Token]) -> list[Token]:
    """Replace links to other hosts by their text and address; keep those within the page and its folder."""
    from markdown_it.token import Token as NewToken

    kept: list[Token] = []
    outside: list[tuple[bool, str, int]] = []
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
            leaves = re.match(r"[a-zA-Z][a-zA-Z0-9+.\-]*:|//|\\", address) is not None
            outside.append((leaves, address, len(kept)))
            if not leaves:
                kept.append(token)
        elif token.type == "link_close":
            leaves, address, start = outside.pop()
            shown = "".join(part.content for part in kept[start:])
            if not leaves:
                kept.append(token)
            elif shown != address:
                kept.append(NewToken("text", "", 0, content=f" ({address})"))
        else:
            kept.append(token)
    return kept
