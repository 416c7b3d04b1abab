"""The bibliography: complete for the code, readable, and right where the papers let it be checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tradewinds
from tradewinds.citations import Bibliography, Citable, cite, entries
from tradewinds.errors import InputError
from tradewinds.measure import FOREIGN_METHODS, INVENTORY_VARIANTS, tfp_index
from tradewinds.report.references import format_reference

SOURCE = Path(tradewinds.__file__).parent
KEY = re.compile(r"""["']([a-z]+(?:-[a-z]+)*(?:18|19|20)\d\d)["']""")


def keys_in_the_source() -> dict[str, set[str]]:
    """Return every quoted string that looks like a key, with the files it is in."""
    found: dict[str, set[str]] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.toml")]):
        for key in KEY.findall(path.read_text(encoding="utf-8")):
            found.setdefault(key, set()).add(path.relative_to(SOURCE).as_posix())
    return found


def test_every_key_in_the_source_has_an_entry():
    used = keys_in_the_source()
    assert "coe-helpman1995" in used  # the search finds something
    missing = {key: sorted(files) for key, files in used.items() if key not in entries()}
    assert missing == {}


def test_keys_of_objects_have_entries():
    keys = {key for variant in INVENTORY_VARIANTS.values() for key in variant.citation_keys}
    keys |= {key for method in FOREIGN_METHODS.values() for key in method}
    assert keys <= set(entries())


def test_every_entry_parses():
    text = (SOURCE / "references.bib").read_text(encoding="utf-8")
    assert len(entries()) == text.count("\n@") + 1
    for key, entry in entries().items():
        assert entry.count("{") == entry.count("}")
        shown = str(format_reference(entry).striptags())
        year = re.search(r"year\s*=\s*\{(\d{4})\}", entry)
        assert year is not None
        assert key.endswith(year.group(1))
        assert f"({year.group(1)})" in shown
        assert not re.search(r"[{}\\]|--", shown), shown
        assert "author" in entry or "editor" in entry
        assert re.search(r"title\s*=", entry)


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        # Keller (1997), title page and list of references; Bayoumi, Coe and Helpman (1996), list of references
        ("keller1997", ["How Trade Patterns and Technology Flows Affect Productivity Growth", "1831", "sep"]),
        ("coe-helpman1995", ["European Economic Review", "39", "859--887", "Spillovers"]),
        ("hall1990", ["Invariance Properties of {Solow's} Productivity Residual", "MIT Press", "71--112", "Diamond"]),
        ("jorgenson-landau1993", ["Tax Reform and the Cost of Capital", "Brookings Institution", "Washington, DC"]),
        # Keller's reference 15, the working paper of this article, has the same title
        ("keller1998", ["pillovers Trade-Related? {A}nalyzing Spillovers among Randomly Matched Trade Partners"]),
    ],
)
def test_facts_printed_in_the_papers(key, facts):
    for fact in facts:
        assert fact in entries()[key]


def test_title_of_halls_book_is_the_real_one():
    """Keller's list prints "Growth/Productivity/Employment"; the book is on unemployment."""
    assert "Growth/Productivity/Unemployment" in entries()["hall1990"]


def test_cite_takes_objects_and_keys_and_repeats_nothing():
    result = tfp_index([100.0, 110.0], [1.0, 1.0], [1.0, 1.0], 0.5)
    assert isinstance(result, Citable)
    text = cite(result, "hall1990", "keller1998")
    assert re.findall(r"@\w+\{([^,]+),", text) == ["keller1997", "hall1990", "diewert1976", "keller1998"]
    assert isinstance(text, Bibliography)
    assert repr(text) == str(text)
    assert tradewinds.cite is cite


def test_cite_says_what_is_wrong():
    with pytest.raises(InputError, match=r"unknown citation key 'keler1998'\. Did you mean .keller1998."):
        cite("keler1998")
    with pytest.raises(InputError, match="list carries no citation; pass a result of tradewinds or a key"):
        cite(["keller1998"])


def test_entries_cannot_be_changed():
    with pytest.raises(TypeError):
        entries()["keller1998"] = ""
