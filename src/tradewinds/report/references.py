"""A reference list that people can read, from the BibTeX that stands behind a result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["format_reference"]

_FIELD = re.compile(r"(\w+)\s*=\s*")


def format_reference(bibtex: str) -> Markup:
    """Return one entry in the style of a reference list.

    Parameters
    ----------
    bibtex : str
        One BibTeX entry whose values stand in braces (names of months may stand bare).

    Examples
    --------
    >>> from tradewinds.citations import cite
    >>> print(format_reference(cite("diewert1976")).striptags())
    Diewert, W. Erwin (1976). “Exact and Superlative Index Numbers.” Journal of Econometrics 4(2): 115–145.
    """
    from markupsafe import Markup, escape

    kind, fields = _parse(bibtex)
    people = _people(fields.get("author", ""))
    editors = _people(fields.get("editor", ""))
    if not people and editors:
        people = f"{editors} ({'eds.' if ' and ' in fields['editor'] else 'ed.'})"
    title = fields.get("title", "")
    whole = kind in ("book", "proceedings")
    quoted = Markup("<em>{}</em>.").format(title) if whole else Markup("“{}”").format(_stop(title))
    dated = f"{people} ({fields['year']})." if "year" in fields else _stop(people)
    return Markup(" ").join(part for part in (escape(dated), quoted, _where(kind, fields)) if part)


def _parse(bibtex: str) -> tuple[str, dict[str, str]]:
    """Return the kind of an entry and its fields in plain text."""
    head = re.match(r"\s*@(\w+)\s*\{[^,]*,", bibtex)
    if head is None:
        return "misc", {"title": bibtex.strip()}
    fields: dict[str, str] = {}
    position = head.end()
    while match := _FIELD.search(bibtex, position):
        start = match.end()
        end = _closing(bibtex, start) if bibtex.startswith("{", start) else _bare_end(bibtex, start)
        fields[match[1].lower()] = bibtex[start:end]
        position = end
    return head[1].lower(), {
        name: value if name in ("author", "editor") else _text(value) for name, value in fields.items()
    }


def _closing(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    return len(text)


def _bare_end(text: str, start: int) -> int:
    match = re.search(r"[,}\n]", text[start:])
    return start + match.start() if match else len(text)


def _text(value: str) -> str:
    plain = re.sub(r"\\([&%$#_])", r"\1", value).replace("--", "–")
    return re.sub(r"\s+", " ", re.sub(r"[{}\"]", "", plain)).strip()


def _people(value: str, *, inverted: bool = True) -> str:
    """Return names as "Last, First, First Last and First Last", or all of them as "First Last"."""
    outer = value.strip()
    inner = outer[1:-1] if outer.startswith("{") and _closing(outer, 0) == len(outer) else outer
    people = [_text(part) for part in re.split(r"\s+and\s+", inner) if part.strip()]
    if not people:
        return ""
    names = [name if inverted and not place else _turned(name) for place, name in enumerate(people)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _turned(name: str) -> str:
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else last


def _stop(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."


def _where(kind: str, fields: dict[str, str]) -> Markup:
    """Return journal, volume and pages; or series and institution; or book and publisher."""
    from markupsafe import Markup

    pages = fields.get("pages", "")
    if kind == "article":
        issue = fields.get("volume", "") + (f"({fields['number']})" if "number" in fields else "")
        rest = issue + (f": {pages}" if pages else "")
        return Markup("<em>{}</em>{}.").format(fields.get("journal", ""), f" {rest}" if rest else "")
    house = ": ".join(fields[name] for name in ("address", "publisher") if name in fields)
    if kind == "incollection" or kind == "inproceedings":
        editors = _people(fields.get("editor", ""), inverted=False)
        edited = f", edited by {editors}" if editors else ""
        numbered = f", {pages}" if pages else ""
        return Markup("In <em>{}</em>{}{}. {}").format(fields.get("booktitle", ""), edited, numbered, _stop(house))
    series = " ".join(fields[name] for name in ("type", "number") if name in fields)
    bodies = ("institution", "organization", "howpublished", "school", "note")
    named = [fields[name] for name in bodies if name in fields]
    parts = [part for part in (series, *named, house) if part]
    return Markup("{}").format(_stop(", ".join(parts)))
