"""The templates of the report, and the small typography they share."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

__all__ = ["environment", "equation_text", "render_template", "scripts"]

_SCRIPT = re.compile(r"([_^])\{([^{}]*)\}")
#: A letter that stands alone is a variable; words such as "ln" or "exp" are operators and stay upright.
_VARIABLE = re.compile(r"(?<![A-Za-zα-ω])([A-Za-zα-ω])(?![A-Za-zα-ω])")
_WORD = re.compile(r"([A-Za-zα-ω]+)")


@functools.cache
def environment() -> jinja2.Environment:
    """Return the Jinja environment: everything is escaped, and a name that is not there is an error."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("tradewinds.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["scripts"] = scripts
    return made


def render_template(name: str, **values: object) -> Markup:
    """Render one template to text that is safe to set into another."""
    from markupsafe import Markup

    return Markup(environment().get_template(name).render(**values))


def scripts(text: object) -> Markup:
    """Return escaped text with ``x_{ij}`` and ``x^{d}`` set as lower and upper indices.

    Examples
    --------
    >>> str(scripts("S^{d}_{wj} < 1"))
    'S<sup>d</sup><sub>wj</sub> &lt; 1'
    """
    from markupsafe import Markup, escape

    def index(match: re.Match[str]) -> str:
        tag = "sub" if match[1] == "_" else "sup"
        return f"<{tag}>{match[2]}</{tag}>"

    return Markup(_SCRIPT.sub(index, str(escape(text))))


def equation_text(text: str) -> Markup:
    """Return an equation with indices set and single letters in italics.

    Examples
    --------
    >>> str(equation_text("ln F_{ij} = α + β"))
    'ln <i>F</i><sub><i>ij</i></sub> = <i>α</i> + <i>β</i>'
    """
    from markupsafe import Markup

    made = []
    for part in re.split(r"([_^]\{[^{}]*\})", text):
        if match := _SCRIPT.fullmatch(part):
            tag = "sub" if match[1] == "_" else "sup"
            made.append(Markup(f"<{tag}>{_slanted(match[2], _WORD)}</{tag}>"))
        else:
            made.append(_slanted(part, _VARIABLE))
    return Markup("").join(made)


def _slanted(text: str, letters: re.Pattern[str]) -> Markup:
    """Return escaped text with what the pattern finds in italics."""
    from markupsafe import Markup, escape

    pieces = letters.split(text)  # every second one was found
    return Markup("").join(
        Markup("<i>{}</i>").format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )
