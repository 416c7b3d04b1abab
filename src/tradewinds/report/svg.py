"""Set several SVG figures into one page.

Figures drawn by one program use the same ids and one style sheet, so that a second figure on a page borrows
the clip paths and markers of the first. Here each gets its own prefix, and whatever could run or reach out is
refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from tradewinds.errors import InputError

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["inline_svg"]

#: What draws. Anything else is refused: inside a page a browser would take it for HTML or run it.
_DRAWS = re.compile(
    "svg|g|defs|symbol|use|switch|title|desc|style|a|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath|"
    "image|clipPath|mask|pattern|marker|linearGradient|radialGradient|stop|filter|"
    "fe(Blend|ColorMatrix|ComponentTransfer|Composite|DropShadow|Flood|Func[ABGR]|GaussianBlur|Merge|MergeNode|Morphology|"
    "Offset|Tile)"
)
_DROPPED = frozenset({"metadata"})
_LOCAL_URL = re.compile(r"url\(\s*(['\"]?)#([^'\")\s]+)\1\s*\)")
_ANY_URL = re.compile(r"url\((?!\s*['\"]?(?:#|data:image/))", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(pt|px|in|cm|mm)?\s*")
#: Figures up to this width (8 inches, in points) are set as wide as the text.
_USUAL_WIDTH = 576
_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, None: 0.75}


def inline_svg(text: str, *, prefix: str, label: str) -> Markup:
    """Return an SVG image as markup for the body of a page.

    Parameters
    ----------
    text : str
        A whole SVG document.
    prefix : str
        Put before every id of the image, so that ids are unique on the page.
    label : str
        What the figure shows, for readers who cannot see it.

    Returns
    -------
    Markup
        One ``<svg>`` element: no declaration, no metadata, no namespace, as wide as its container at most.

    Raises
    ------
    InputError
        If the text is not SVG, or holds scripts, elements that do not draw or references to other files.

    Examples
    --------
    >>> drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="a"/></svg>'
    >>> str(inline_svg(drawing, prefix="figure-1", label="Nothing"))
    '<svg viewBox="0 0 9 9" role="img" aria-label="Nothing" id="figure-1-svg"><g id="figure-1-a" /></svg>'
    """
    from markupsafe import Markup

    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise InputError(f"{prefix}: the figure is not SVG ({error})") from error
    if _local(root.tag) != "svg":
        raise InputError(f"{prefix}: the figure is <{_local(root.tag)}>, expected <svg>")
    for parent in root.iter():
        for child in [child for child in parent if _local(child.tag) in _DROPPED]:
            parent.remove(child)
    for element in root.iter():
        _clean(element, prefix)
    _fit(root, prefix)
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("id", f"{prefix}-svg")
    root.tail = None
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _local(name: str) -> str:
    """Return a tag or attribute name without its namespace."""
    return name.rpartition("}")[2]


def _clean(element: ElementTree.Element, prefix: str) -> None:
    tag = _local(element.tag)
    if not _DRAWS.fullmatch(tag):
        raise InputError(f"{prefix}: the figure holds <{tag}>, which a report may not carry")
    attributes = {_local(name): value for name, value in element.attrib.items()}
    element.tag = tag
    element.attrib.clear()
    for name, value in attributes.items():
        element.set(name, _clean_attribute(name, value, prefix))
    if tag == "style":
        element.text = _scope(element.text or "", prefix)


def _clean_attribute(name: str, value: str, prefix: str) -> str:
    if name.lower().startswith("on"):
        raise InputError(f"{prefix}: the figure holds a script ({name})")
    if name == "id":
        return f"{prefix}-{value}"
    if name in ("href", "src"):
        if value.startswith("#"):
            return f"#{prefix}-{value[1:]}"
        if not value.startswith("data:image/"):
            raise InputError(f"{prefix}: the figure refers to another file ({value}); draw it inside the figure")
        return value
    if name in ("aria-labelledby", "aria-describedby"):
        return " ".join(f"{prefix}-{part}" for part in value.split())
    return _clean_urls(value, prefix)


def _clean_urls(value: str, prefix: str) -> str:
    if _ANY_URL.search(value):
        raise InputError(f"{prefix}: the figure refers to another file ({value.strip()[:60]})")
    return _LOCAL_URL.sub(rf"url(#{prefix}-\2)", value)


def _scope(sheet: str, prefix: str) -> str:
    """Limit a style sheet to its figure: inside a page it would apply to all of them."""
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    if match := re.search(r"@[\w-]+", plain):
        raise InputError(f"{prefix}: the figure's style sheet holds {match[0]}; write plain rules")
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", plain)
    scoped = []
    for selectors, body in rules:
        each = (re.sub(r"#([\w-]+)", rf"#{prefix}-\1", part.strip()) for part in selectors.split(","))
        scoped.append(f"{','.join(f'#{prefix}-svg {part}' for part in each)}{{{_clean_urls(body.strip(), prefix)}}}")
    return "".join(scoped)


def _fit(root: ElementTree.Element, prefix: str) -> None:
    """Let the figure shrink with the page but never grow beyond the size it was drawn at."""
    size = {name: _LENGTH.fullmatch(root.attrib.pop(name, "")) for name in ("width", "height")}
    width, height = size["width"], size["height"]
    if "viewBox" not in root.attrib:
        if not (width and height):
            raise InputError(f"{prefix}: the figure has neither a viewBox nor a width and a height")
        root.set("viewBox", f"0 0 {width[1]} {height[1]}")
    if width:
        points = float(width[1]) * _POINTS[width[2]]
        usual = points <= _USUAL_WIDTH
        root.set("style", f"max-width:min({points:g}pt,var(--measure))" if usual else f"max-width:{points:g}pt")
