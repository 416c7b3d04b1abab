"""Find the line of a TOML file on which a key is set, so that a message can point at it.

Python's TOML reader gives values without lines. A valid file is cut here into statements (a header, or a key with its value,
which may run over several lines), and each is read by itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["key_lines"]

#: Names from the outermost table inwards; in a list of tables, the number of the table follows its name.
Key = tuple[str | int, ...]

#: Strings and comments whole, so that brackets and line ends inside them are not taken for structure.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|#[^\n]*|[\[\]{}]|\n", re.DOTALL
)


def key_lines(text: str) -> dict[Key, int]:
    r"""Return the line on which every key is set, and every table begins.

    Parameters
    ----------
    text : str
        A valid TOML file.

    Returns
    -------
    dict
        Names from the outermost table inwards, with numbers where there is a list of tables -> line, counted from 1.

    Examples
    --------
    >>> key_lines("schema = 1\n[spillovers]\npower = { level = 0.1 }")[("spillovers", "power", "level")]
    3
    """
    lines: dict[Key, int] = {}
    table: Key = ()
    begun: dict[Key, int] = {}
    for line, statement in _statements(text):
        content = tomllib.loads(statement)
        if statement.startswith("["):
            table = _header(content, begun)
            for depth in range(len(table)):
                lines.setdefault(table[: depth + 1], line)
        else:
            for key in _keys(content, table):
                lines.setdefault(key, line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every header and of every key with its value."""
    start, line, first, depth = 0, 1, 1, 0
    for token in _TOKEN.finditer(f"{text}\n"):
        word = token.group()
        if word == "\n" and depth == 0:
            statement = text[start : token.start()].strip()
            if statement and not statement.startswith("#"):
                yield first, statement
            start, first = token.end(), line + 1
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(word, 0)
        line += word.count("\n")


def _header(content: Any, begun: dict[Key, int]) -> Key:
    """Return the names in a header, of a table or of the next table in a list; ``begun`` counts those of each list."""
    path: Key = ()
    while content:
        ((name, content),) = content.items()
        path = (*path, name)
        if isinstance(content, list):
            begun[path] = begun.get(path, 0) + 1
            content = content[0]
        if path in begun:  # what stands in a list belongs to its last table
            path = (*path, begun[path] - 1)
    return path


def _keys(content: Mapping[str, Any], table: Key) -> Iterator[Key]:
    """Yield every key that a statement sets, with the tables on the way to it."""
    for name, value in content.items():
        yield (*table, name)
        if isinstance(value, Mapping):
            yield from _keys(value, (*table, name))
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, Mapping):
                yield (*table, name, number)
                yield from _keys(item, (*table, name, number))
