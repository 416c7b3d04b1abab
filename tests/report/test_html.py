"""The page: sound HTML that loads nothing, says what it rests on, and shows hostile text as text."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import DataError, InputError
from tradewinds.report import (
    Column,
    DatasetRecord,
    Equation,
    Figure,
    PaperPage,
    ParameterRecord,
    Report,
    Section,
    Table,
    provenance,
    render,
    render_index,
)
from tradewinds.report.index import summary_sentence
from tradewinds.report.page import Page, markdown

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="a"/></svg>'
NASTY = "<script>alert('R&D')</script> <img src=https://example.org/x> \"quoted\" Côte d'Ivoire </style></title>"


def everywhere(text: str) -> Report:
    """Return a report with the text wherever text can stand."""
    parameters = [ParameterRecord(text, text, text, text, text)]
    datasets = [DatasetRecord(text, "0" * 64, text, text)]
    content = [
        text,
        Table(text, [Column(text, text)], [(text,)], note=text, source=text),
        Figure(text, DRAWING, text, text, text),
        Equation(text, text),
        Section(text, text),
    ]
    return Report(
        text,
        subtitle=text,
        abstract=text,
        stand_in=text,
        failed_checks=[text],
        sections=[Section(text, content)],
        parameters=parameters,
        warnings=[text],
        provenance=provenance(wall_time=0, study={text: text}, study_file=text, datasets=datasets),
    )


def test_the_report_is_sound_and_its_contents_lead_to_its_sections(report, sound):
    page = sound(render(report))
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    for identifier in (
        "the-regression",
        "results",
        "sensitivity",
        "warnings",
        "parameters",
        "provenance",
        "references",
    ):
        assert f"#{identifier}" in links
    assert "#table-1" in links  # written in the prose
    assert [identifier for identifier in page.ids() if re.fullmatch(r"(table|figure)-\d", identifier)] == [
        "table-1", "figure-1", "table-2", "figure-2", "table-3",
    ]  # fmt: skip


def test_the_index_is_sound(papers, scoreboard, report, sound):
    page = sound(index(papers, scoreboard, report))
    assert "Of 25 published results, 12 are reproduced exactly, 4 are close" in page.text()
    assert [a["href"] for tag, a in page.elements if tag == "a" and not a["href"].startswith("#")] == [
        "keller/report.html"
    ] * 2


def index(papers, scoreboard, report, **options):
    return render_index(
        "Replications", papers, scoreboard, provenance=report.provenance, citation_keys=["keller1997"], **options
    )


def test_a_policy_forbids_what_the_page_does_not_need(report, sound):
    page = sound(render(report))
    policy = next(a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def test_the_same_report_is_the_same_page_whatever_the_wall_time(report):
    other = dataclasses.replace(report, provenance={**report.provenance, "wall_time_seconds": 99.0})
    assert render(report) == render(other)


def test_stand_in_data_are_marked_at_the_top_and_beside_every_exhibit(report, sound):
    page = sound(render(report))
    assert [a["aria-label"] for a in page.with_class("banner")] == ["Failed checks", "Stand-in data"]
    assert len(page.with_class("mark")) == 4  # Table 1, both figures, the dataset; Table 2 says it is not
    real = dataclasses.replace(report, stand_in="", failed_checks=[])
    page = sound(render(real))
    assert page.with_class("banner") == []
    assert len(page.with_class("mark")) == 1


def test_failed_checks_stand_before_everything_else(report, sound):
    text = sound(render(report)).text()
    assert text.index("A check failed.") < text.index("The mean of the drawn estimates") < text.index("Stand-in data.")
    assert "marked: a check failed" in text


def test_hostile_text_is_shown_and_nothing_of_it_becomes_markup(sound):
    page = sound(render(everywhere(NASTY)))
    assert page.text().count("<script>alert(") >= 25
    assert "Côte d'Ivoire" in page.text()


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("<>&\"'/=#[](){}`*_!|:-\\ \nab1\u00e9"), min_size=1, max_size=25))
def test_no_text_breaks_the_page(sound, text):
    sound(re.sub(r'href="#[^"]*"', 'href="#content"', render(everywhere(text))))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>"),
        ("[data](https://example.org)", "<p>data (https://example.org)</p>"),
        ("[*the* data](//example.org)", "<p><em>the</em> data (//example.org)</p>"),
        ("<https://example.org>", "<p>https://example.org</p>"),
        ("[mail](mailto:a@example.org)", "<p>mail (mailto:a@example.org)</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[t](#table-1) [r](keller/report.html)", '<p><a href="#table-1">t</a> <a href="keller/report.html">r</a></p>'),
        ("![a plot](https://example.org/a.png)", "<p>a plot</p>"),
        ("[![a plot](a.png)](https://example.org)", "<p>a plot (https://example.org)</p>"),
        ("m_{wj} in `m_{wj}`", "<p>m<sub>wj</sub> in <code>m_{wj}</code></p>"),
        ("    <table>", "<pre><code>&lt;table&gt;\n</code></pre>"),
        ("# A\n\n## B", "<h2>A</h2>\n<h3>B</h3>"),
        ("### A\n\n# B", "<h4>A</h4>\n<h2>B</h2>"),
        ("&lt;i&gt; &amp; &copy;", "<p>&lt;i&gt; &amp; ©</p>"),
    ],
)  # fmt: skip
def test_markdown_reaches_nowhere_outside(text, html, sound):
    made = str(markdown(text)).strip()
    assert made == html
    sound(made.replace('href="#table-1"', ""))


def test_a_markdown_table_can_be_scrolled(sound):
    html = str(markdown("| a | b |\n|---|--:|\n| 1 | 2 |"))
    sound(html)
    assert html.startswith('<div class="scroll" tabindex="0" role="region" aria-label="Table"><table class="plain">')
    assert html.endswith("</table></div>\n")


def test_ids_are_kept_apart():
    page = Page()
    made = [
        page.identifier(text)
        for text in (
            "Results",
            "Results",
            "results 2",
            "Table 1",
            "Figure",
            "3 tests",
            "日本",
            "",
            "content",
            "Côte d'Ivoire",
        )
    ]
    assert made == [
        "results", "results-2", "results-2-2", "section-table-1", "section-figure", "section-3-tests", "section", "section-2",
        "content-2", "cote-d-ivoire",
    ]  # fmt: skip


def test_sections_nest_to_the_sixth_level_and_no_further(sound):
    section = Section("deepest", "text")
    for level in range(8):
        section = Section(f"level {level}", [section])
    page = sound(render(Report("T", sections=[section])))
    assert sorted(tag for tag in page.tags() if re.fullmatch(r"h\d", tag)) == ["h1", "h2", "h3", "h4", "h5", "h6"]


def test_exhibits_without_numbers_keep_their_anchors(sound):
    page = sound(
        render(Report("T", sections=[Section("S", [Table("Table 3, part A", ["a"], [(1,)])])], numbered=False))
    )
    assert "table-1" in page.ids()
    assert page.with_class("label") == []


def test_what_a_section_cannot_hold_is_named():
    with pytest.raises(InputError, match="a section holds text, Table, Figure, Equation or Section, got int 3"):
        render(Report("T", sections=[Section("S", [3])]))
    with pytest.raises(InputError, match="figure-1: the figure is not SVG"):
        render(Report("T", sections=[Section("S", [Figure("F", "no", "")])]))
    with pytest.raises(InputError, match="unknown citation key 'keler1997'"):
        render(Report("T", citation_keys=["keler1997"]))


def test_references_are_sorted_and_listed_once(sound):
    text = sound(render(Report("T", citation_keys=["keller1997", "diewert1976", "keller1997"]))).text()
    assert text.count("How Trade Patterns and Technology Flows") == 2  # in the list and in its BibTeX
    assert text.index("Diewert, W. Erwin (1976)") < text.index("Keller, Wolfgang (1997)")


def test_published_numbers_stand_as_printed_and_ours_with_a_digit_more(papers, scoreboard, report):
    html = index(papers, scoreboard, report)
    assert '<td class="number">0.503</td><td class="number">0.5034</td><td class="number">+0.0004</td>' in html
    mixed = scoreboard.head(2).assign(published=["0.130", "12"], computed=[0.13, 12.0], difference=0.0, status="exact")
    html = render_index("T", papers, mixed)
    assert '<td class="number">0.130</td><td class="number">0.1300</td>' in html
    assert '<td class="number">12</td><td class="number">12.0000</td>' in html


def test_the_bar_is_drawn_to_scale(papers, scoreboard, report, sound):
    page = sound(index(papers, scoreboard, report))
    widths = [float(a["width"][:-1]) for tag, a in page.elements if tag == "rect" and a.get("height") == "100%"]
    assert widths[:5] == pytest.approx([48, 16, 16, 16, 4])
    assert sum(widths) == pytest.approx(300, abs=0.01)  # the whole, and two papers


def test_an_index_names_what_it_cannot_place(papers, scoreboard):
    with pytest.raises(InputError, match=r"names paper 'kellr', which has no page here. Did you mean \"keller\""):
        render_index("T", papers, scoreboard.replace({"paper": {"keller": "kellr"}}))
    with pytest.raises(DataError, match="none of exact"):
        render_index("T", papers, scoreboard.assign(status="fine"))


def test_an_index_marks_failed_checks_and_says_when_there_is_nothing(papers, scoreboard, sound):
    page = sound(render_index("T", papers, scoreboard, failed_checks=["Table 3, Sweden: exact became close"]))
    assert [a["aria-label"] for a in page.with_class("failed")] == ["Failed checks"]
    text = sound(render_index("T", [], scoreboard.head(0))).text()
    assert "No published result has been compared." in text


def test_an_index_escapes_what_papers_and_scoreboards_say(sound):
    row = ("k", NASTY, NASTY, NASTY, "1", 1.0, 0.0, 0.1, "not reproduced", NASTY)
    board = pd.DataFrame(
        [row],
        columns=[
            "paper",
            "exhibit",
            "row",
            "column",
            "published",
            "computed",
            "difference",
            "tolerance",
            "status",
            "note",
        ],
    )
    page = sound(
        render_index(
            NASTY,
            [PaperPage("k", NASTY, "k/report.html", NASTY, NASTY, NASTY)],
            board,
            subtitle=NASTY,
            introduction=NASTY,
            failed_checks=[NASTY],
        )
    )
    assert page.text().count("<script>alert(") >= 14


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "No published result has been compared."),
        ({"exact": 1}, "Of 1 published result, 1 is reproduced exactly."),
        (
            {"close": 1200, "data unavailable": 1},
            "Of 1,201 published results, 1,200 are close and 1 is out of reach because the data are unavailable.",
        ),
    ],
)
def test_counts_read_as_a_sentence(counts, sentence):
    assert summary_sentence(counts) == sentence


def luminance(colour: str) -> float:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("#1a1a1a", "#ffffff"),
        ("#4d5256", "#ffffff"),
        ("#17416b", "#ffffff"),
        ("#6b4500", "#fdf6e7"),
        ("#8c1d10", "#fdf1ef"),
    ],
)
def test_text_stands_out_from_its_ground(report, ink, ground):
    """Web Content Accessibility Guidelines 2.2, success criterion 1.4.6: contrast of at least 7 to 1."""
    assert ink in render(report)
    assert ground.replace("#ffffff", "#fff") in render(report)
    lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 7
