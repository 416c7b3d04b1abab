"""Show equations as MathML, which browsers draw by themselves: the pages need no script and no network.

An equation labelled ``eq-4-10`` carries the number (4.10): the paper's, not a count of our own.
"""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml


def _inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(f'<span class="math">{tex2mathml(node.astext())}</span>')
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.math_block) -> None:
    formula = tex2mathml(node.astext(), as_block=True)
    label = ""
    if node.get("label"):
        number = node["label"].removeprefix("eq-").replace("-", ".")
        label = f'<span class="eqno">({html.escape(number)})</span>'
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    writer.body.append(f"{formula}{label}</div>\n")
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Offer the renderer ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
