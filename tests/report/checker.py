"""Read a page as a browser would: balanced tags, ids, links, what it loads."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
#: Elements that a paragraph cannot hold; a browser would close it before them.
BLOCKS = frozenset({"aside", "blockquote", "div", "dl", "figure", "h1", "h2", "h3", "h4", "nav", "ol", "p", "section", "table", "ul"})


class Page(HTMLParser):
    """One page, parsed; everything wrong with it is in :attr:`problems`."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[str] = []
        self.sheets: list[str] = []
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")
        if self.rawdata:
            self.problems.append(f"left unread: {self.rawdata[:60]}")

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"<{tag}> repeats an attribute: {names}")
        if tag in BLOCKS and "p" in self.open:
            self.problems.append(f"<{tag}> inside <p>")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        if "svg" not in [*self.open, tag] and tag not in VOID:
            self.problems.append(f"<{tag}/> does not close itself in HTML")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> at line {self.getpos()[0]} closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        (self.sheets if self.open[-1:] == ["style"] else self.pieces).append(data)

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def with_class(self, name: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]

    def references(self) -> list[str]:
        """Ids that the page refers to: links, labels, patterns and clip paths."""
        found = []
        for _, attributes in self.elements:
            if attributes.get("href", "").startswith("#"):
                found.append(attributes["href"][1:])
            for name in ("aria-labelledby", "aria-describedby"):
                found += attributes.get(name, "").split()
            for value in attributes.values():
                found += re.findall(r"url\(#([^)]+)\)", value)
        return found

    def loads(self) -> list[str]:
        """Everything the page would fetch, or send a reader to outside its own folder."""
        found = []
        for tag, attributes in self.elements:
            for name, value in attributes.items():
                outside = re.match(r"\s*([a-z][a-z0-9+.-]*:|//|\\)", value, re.IGNORECASE)
                if name in ("href", "src", "srcset", "data", "action", "poster", "xlink:href") and outside:
                    found.append(f"<{tag} {name}={value}>")
                if name.startswith("on"):
                    found.append(f"<{tag} {name}>")
                found += [f"<{tag} {name}={value}>" for url in _urls(value) if not url.startswith("#")]
        for sheet in self.sheets:
            found += [url for url in _urls(sheet) if not url.startswith("#")]
            found += re.findall(r"@import|@font-face", sheet)
        unwelcome = {"script", "link", "iframe", "object", "embed", "base", "form", "foreignobject", "img"}
        return found + sorted(self.tags() & unwelcome)


def _urls(text: str) -> list[str]:
    return re.findall(r"url\(\s*['\"]?([^'\")]*)", text)


def assert_sound(text: str) -> Page:
    """Parse a page; fail unless it is well formed, loads nothing and refers only to what is there."""
    page = Page(text)
    assert page.problems == []
    assert page.loads() == []
    ids = page.ids()
    assert sorted(ids) == sorted(set(ids))
    assert set(page.references()) <= set(ids)
    return page
