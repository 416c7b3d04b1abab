"""Indices, equations and the reference list."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from tradewinds.citations import entries
from tradewinds.report.environment import environment, equation_text, scripts
from tradewinds.report.references import format_reference


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("x_{ij}", "x<sub>ij</sub>"),
        ("S^{d}_{w} & T", "S<sup>d</sup><sub>w</sub> &amp; T"),
        ("x_{R&D}", "x<sub>R&amp;D</sub>"),
        ("x_ij, x_{", "x_ij, x_{"),
        (3, "3"),
    ],
)
def test_indices(text, html):
    assert str(scripts(text)) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("ln F = α + β S", "ln <i>F</i> = <i>α</i> + <i>β</i> <i>S</i>"),
        ("exp(-λ t)", "exp(-<i>λ</i> <i>t</i>)"),
        ("ΔF/F_{ijt}", "Δ<i>F</i>/<i>F</i><sub><i>ijt</i></sub>"),
        (
            "Σ_{v} β_{v} m^{i}_{vj}",
            "Σ<sub><i>v</i></sub> <i>β</i><sub><i>v</i></sub> <i>m</i><sup><i>i</i></sup><sub><i>vj</i></sub>",
        ),
        ("x_{t-1} + x_{i,2}", "<i>x</i><sub><i>t</i>-1</sub> + <i>x</i><sub><i>i</i>,2</sub>"),
        ("a < b & c > d", "<i>a</i> &lt; <i>b</i> &amp; <i>c</i> &gt; <i>d</i>"),
        ("x_{a<b}", "<i>x</i><sub><i>a</i>&lt;<i>b</i></sub>"),
        ("Y_{R&D}", "<i>Y</i><sub><i>R</i>&amp;<i>D</i></sub>"),
        ('f\' = "g"', "<i>f</i>&#39; = &#34;<i>g</i>&#34;"),
        ("2x", "2<i>x</i>"),
        ("", ""),
        ("a\nb", "<i>a</i>\n<i>b</i>"),
    ],
)
def test_equations(text, html):
    assert str(equation_text(text)) == html


@given(st.text(st.sampled_from("abαΔ_^{}<>&\"' ;#39"), max_size=30))
def test_setting_an_equation_changes_no_character_of_it(parse, text):
    for made in (equation_text(text), scripts(text)):
        page = parse(f"<p>{made}</p>")
        assert page.problems == []
        assert page.tags() <= {"p", "i", "sub", "sup"}
        bare = unescape(re.sub(r"</?(i|sub|sup)>", "", str(made)))
        assert bare == re.sub(r"[_^]\{([^{}]*)\}", r"\1", text)


def test_a_name_missing_from_a_template_is_an_error():
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nowhere }}").render()


@pytest.mark.parametrize("key", sorted(entries()))
def test_every_reference_can_be_read(key, parse):
    reference = format_reference(entries()[key])
    text = reference.striptags()
    year = re.search(r"year\s*=\s*\{(\d{4})\}", entries()[key])[1]
    assert f"({year})." in text
    assert text.endswith(".")
    assert not re.search(r"[{}\\]|--|\.\.|,,| ,|\s\s|\(\)|None| \.", text), text
    assert text[0].isupper() or text[0].isdigit() or text.startswith("van ")
    assert parse(f"<li>{reference}</li>").problems == []
    people = re.search(r"(?:author|editor)\s*=\s*\{(.*)\}", entries()[key])[1]
    for person in people.split(" and "):
        assert re.sub(r"[{}]", "", person.split(",")[0]) in text


@pytest.mark.parametrize(
    ("bibtex", "shown"),
    [
        (
            "@article{a, author={A, B. and C, D. and E, F.}, title={Why? {R\\&D}}, journal={J}, "
            "volume={1}, pages={2--3}, year={2000}}",
            "A, B., D. C and F. E (2000). “Why? R&D.” J 1: 2–3.",
        ),
        ("@techreport{a, author={{World Bank}}, title={T}, type={Paper}, number={7}, institution={WB}, year={1999}}",
         "World Bank (1999). “T.” Paper 7, WB."),
        ("@book{a, editor={A, B. and C, D.}, title={T}, publisher={P}, year={1993}}", "A, B. and D. C (eds.) (1993). T. P."),
        ("@book{a, editor={A, B.}, title={T}, publisher={P}, address={X}, year={1993}}", "A, B. (ed.) (1993). T. X: P."),
        ("@incollection{a, author={A, B.}, title={T}, booktitle={Book}, editor={C, D.}, publisher={P}, pages={1--2}, year={1990}}",
         "A, B. (1990). “T.” In Book, edited by D. C, 1–2. P."),
        ("@misc{a, title={Data}, year={2020}, month = sep, howpublished={Web}}", "(2020). “Data.” Web."),
        ("no entry at all", "“no entry at all.”"),
        ("@article{a, author={<script>, B.}, title={<b>T</b>}, journal={J & K}, year={2000}}",
         "<script>, B. (2000). “<b>T</b>.” J & K."),
    ],
)  # fmt: skip
def test_kinds_of_reference(bibtex, shown, parse):
    assert " ".join(parse(f"<li>{format_reference(bibtex)}</li>").text().split()) == shown
