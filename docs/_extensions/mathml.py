"""Show equations as MathML, which browsers draw by themselves: the pages need no script and no network.

An equation labelled ``eq-4-10`` carries the number (4.10): the paper's, not a count of our own.
"""

from __future__ import annotations

import html
import re
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

_SPACE = "http://www.w3.org/1998/Math/MathML"
_ACCENTS = "\u02d9\u02c6\u02c9\u02dc~\u00af"  # dot, hat, bars, tildes

ElementTree.register_namespace("", _SPACE)


def formula(source: str, *, block: bool = False) -> str:
    """Return an equation as MathML, with the index of a letter beside it and not below, also where it has a dot or a hat."""
    # names of characters that HTML knows and XML does not
    markup = re.sub(r"&(?!lt;|gt;|amp;)\w+;", lambda name: html.unescape(name[0]), tex2mathml(source, as_block=block))
    tree = ElementTree.fromstring(markup)
    for node in list(tree.iter(f"{{{_SPACE}}}munderover")):
        letter, index, accent = node
        if accent.text and accent.text in _ACCENTS:
            above = ElementTree.Element(f"{{{_SPACE}}}mover", accent="true")
            above.extend([letter, accent])
            node.tag = f"{{{_SPACE}}}msub"
            node[:] = [above, index]
    return ElementTree.tostring(tree, encoding="unicode")


def _inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(f'<span class="math">{formula(node.astext())}</span>')
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.math_block) -> None:
    shown = formula(node.astext(), block=True)
    label = ""
    if node.get("label"):
        number = node["label"].removeprefix("eq-").replace("-", ".")
        label = f'<span class="eqno">({html.escape(number)})</span>'
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    writer.body.append(f"{shown}{label}</div>\n")
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Offer the renderer ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
