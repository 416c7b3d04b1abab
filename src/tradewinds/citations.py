"""Citations of what stands behind a result: models, estimators and data, as BibTeX.

Results carry ``citation_keys``; the entries are in ``references.bib``, which the documentation shares.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from tradewinds.errors import InputError, did_you_mean

__all__ = ["Bibliography", "Citable", "cite", "entries"]


@runtime_checkable
class Citable(Protocol):
    """Anything that knows its sources."""

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of ``references.bib``."""


class Bibliography(str):
    """BibTeX text that an interactive session shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@functools.cache
def entries() -> Mapping[str, str]:
    """Return BibTeX entries by key, read once and not to be changed."""
    text = importlib.resources.files("tradewinds").joinpath("references.bib").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=@)", text.strip())
    return MappingProxyType(
        {match.group(1): block.strip() for block in blocks if (match := re.match(r"@\w+\{([^,]+),", block))}
    )


def cite(*sources: Citable | str) -> Bibliography:
    """Return the BibTeX of every source behind results, panels or keys.

    Parameters
    ----------
    *sources : object or str
        Results and panels of tradewinds, or keys of ``references.bib``.

    Raises
    ------
    InputError
        If a key is unknown or an object carries no citation.

    Examples
    --------
    >>> print(cite("keller1998").splitlines()[0])
    @article{keller1998,
    """
    keys: list[str] = []
    for source in sources:
        if isinstance(source, str):
            keys.append(source)
        elif isinstance(source, Citable):
            keys.extend(source.citation_keys)
        else:
            raise InputError(f"{type(source).__name__} carries no citation; pass a result of tradewinds or a key.")
    known = entries()
    for key in keys:
        if key not in known:
            raise InputError(f"unknown citation key {key!r}.{did_you_mean(key, known)}")
    return Bibliography("\n\n".join(known[key] for key in dict.fromkeys(keys)))
