"""Give each attribute its own entry where a docstring describes several at once, as in ``mean, sd : ndarray``."""

from __future__ import annotations

import re
from typing import Any

_SEVERAL = re.compile(r"^(\w+(?:, \w+)+)( : .+)?$")


def _split(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    inside, position = False, 0
    while position < len(lines):
        if position + 1 < len(lines) and lines[position + 1].startswith("---"):
            inside = lines[position] == "Attributes"
        several = _SEVERAL.match(lines[position]) if inside else None
        if several:
            stop = position + 1
            while stop < len(lines) and lines[stop].startswith(" "):
                stop += 1
            description = lines[position + 1 : stop]
            entries = [[f"{name}{several[2] or ''}", *description] for name in several[1].split(", ")]
            lines[position:stop] = [line for entry in entries for line in entry]
        position += 1


def setup(app: Any) -> dict[str, bool]:
    """Run before napoleon reads the sections."""
    app.setup_extension("sphinx.ext.autodoc")  # which knows the event
    app.connect("autodoc-process-docstring", _split, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
