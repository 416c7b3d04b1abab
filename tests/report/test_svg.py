"""Figures set into a page: their ids are their own, and nothing in them runs or reaches out."""

from __future__ import annotations

import re

import pytest

from tradewinds.errors import InputError
from tradewinds.report.svg import inline_svg


def svg(inside: str = "", attributes: str = 'viewBox="0 0 9 9"') -> str:
    return (
        f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>'
        f"{inside}</svg>"
    )


def inline(inside: str = "", attributes: str = 'viewBox="0 0 9 9"') -> str:
    return str(inline_svg(svg(inside, attributes), prefix="figure-1", label="A line"))


def test_ids_and_everything_that_refers_to_them_get_the_prefix(sound):
    html = inline(
        '<defs><clipPath id="c"><rect width="1" height="1"/></clipPath><g id="m"/></defs>'
        '<use xlink:href="#m"/><use href="#m"/><g clip-path="url(#c)"/><g style="fill: url( \'#c\' )"/>'
        '<g aria-labelledby="m c"/>'
    )
    page = sound(html)
    assert set(page.ids()) == {"figure-1-svg", "figure-1-c", "figure-1-m"}
    assert sorted(page.references()) == sorted(["figure-1-m"] * 3 + ["figure-1-c"] * 3)


def test_a_style_sheet_stays_within_its_figure():
    html = inline("<style>/* url(x) */ * { fill: none } .a, #b > g { clip-path: url(#c) }</style>")
    assert (
        "<style>#figure-1-svg *{fill: none}#figure-1-svg .a,#figure-1-svg #figure-1-b &gt; g{clip-path: url(#figure-1-c)}"
        in html
    )


def test_two_matplotlib_figures_share_no_id(drawing, sound):
    first, second = (str(inline_svg(drawing, prefix=f"figure-{number}", label="A chart")) for number in (1, 2))
    page = sound(f"<div>{first}{second}</div>")
    assert len(page.ids()) > 40
    assert "metadata" not in page.tags()
    assert "http" not in first


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<script>alert(1)</script>", "holds <script>"),
        ("<SCRIPT>alert(1)</SCRIPT>", "holds <SCRIPT>"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>', "holds <script>"),
        ("<g><foreignObject/></g>", "holds <foreignObject>"),
        ('<animate attributeName="href" values="javascript:alert(1)"/>', "holds <animate>"),
        ('<set attributeName="href" to="https://example.org"/>', "holds <set>"),
        ('<iframe src="#a"/>', "holds <iframe>"),
        ('<meta http-equiv="refresh" content="0;url=https://example.org"/>', "holds <meta>"),
        ('<img srcset="https://example.org/a.png 2x"/>', "holds <img>"),
        ("<div>out of the drawing</div>", "holds <div>"),
        ('<g onload="alert(1)"/>', r"holds a script \(onload\)"),
        ('<g ONCLICK="alert(1)"/>', r"holds a script \(ONCLICK\)"),
        ('<image xlink:href="https://example.org/a.png"/>', r"another file \(https://example.org/a.png\)"),
        ('<image href="a.png"/>', "draw it inside the figure"),
        ('<a href="javascript:alert(1)"/>', "another file"),
        ('<use href="other.svg#a"/>', "another file"),
        ('<g style="fill: URL(https://example.org/a)"/>', "another file"),
        ('<g fill="url( //example.org/a )"/>', "another file"),
        ("<style>@import 'https://example.org/a.css';</style>", "holds @import; write plain rules"),
        ("<style>@media print { g { fill: red } }</style>", "holds @media"),
        ("<style>g { fill: url(data:text/html,x) }</style>", "another file"),
    ],
)
def test_what_could_run_or_reach_out_is_refused(inside, message):
    with pytest.raises(InputError, match=f"figure-1: .*{message}"):
        inline(inside)


def test_a_picture_inside_the_figure_is_kept():
    assert 'href="data:image/png;base64,AA=="' in inline('<image xlink:href="data:image/png;base64,AA=="/>')


@pytest.mark.parametrize(
    ("text", "message"),
    [("no drawing", "is not SVG"), ("<svg><g></svg>", "is not SVG"), ("<html/>", "is <html>, expected <svg>")],
)
def test_what_is_no_drawing_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        inline_svg(text, prefix="figure-1", label="")


@pytest.mark.parametrize(
    ("attributes", "style", "box"),
    [
        (
            'width="518.4pt" height="316.8pt" viewBox="0 0 518.4 316.8"',
            "max-width:min(518.4pt,var(--measure))",
            "0 0 518.4 316.8",
        ),
        ('width="800" height="600"', "max-width:600pt", "0 0 800 600"),
        ('width="7.2in" height="4in" viewBox="0 0 1 1"', "max-width:min(518.4pt,var(--measure))", "0 0 1 1"),
        ('width="100%" viewBox="0 0 2 1"', None, "0 0 2 1"),
    ],
)
def test_a_figure_shrinks_with_the_page_and_never_grows(attributes, style, box):
    root = re.match(r"<svg[^>]*>", inline("", attributes))[0]
    assert f'viewBox="{box}"' in root
    assert (f'style="{style}"' in root) if style else ("style" not in root)
    assert not re.search(r"\b(width|height)=", root)


@pytest.mark.parametrize("attributes", ["", 'width="9"', 'width="100%" height="100%"', 'width="1.2.3" height="3"'])
def test_a_figure_without_a_size_is_refused(attributes):
    with pytest.raises(InputError, match="neither a viewBox nor a width and a height"):
        inline("", attributes)


def test_the_label_is_escaped(sound):
    html = str(inline_svg(svg(), prefix="figure-1", label='"><script>'))
    page = sound(html)
    assert page.elements[0][1]["aria-label"] == '"><script>'
