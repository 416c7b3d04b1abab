"""The bundled data: what there is, where each number comes from, and a checksum that says it is still what was typed.

Tables are CSV files beside ``registry.toml``, which names source, unit and licence of each. A panel that is simulated is listed
too and named a stand-in.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewinds.errors import DataError, InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset", "checksum", "dataset", "datasets", "load_frame"]

#: Columns that hold codes or printed text, never numbers to calculate with.
_TEXT = ("table", "isic", "commodity", "exporter", "importer", "country", "label", "equation", "term", "stars")


@dataclass(frozen=True)
class Dataset:
    """One entry of the registry.

    Attributes
    ----------
    name, kind, title : str
        Name used everywhere, ``table`` or ``stand-in panel``, and a line that says what it is.
    source, unit, licence, note : str
        Where it comes from, in what it is measured, what may be done with it, and what to know before using it.
    citation_keys : tuple of str
        Keys of ``references.bib``.
    file, sha256 : str
        Name and checksum of its file; empty for a panel that is simulated.
    """

    name: str
    kind: str
    title: str
    source: str
    unit: str
    licence: str
    note: str
    citation_keys: tuple[str, ...]
    file: str = ""
    sha256: str = ""

    def describe(self) -> list[tuple[str, str]]:
        """Return pairs of label and text, in reading order."""
        pairs = [
            ("name", self.name),
            ("kind", self.kind),
            ("title", self.title),
            ("source", self.source),
            ("unit", self.unit),
            ("licence", self.licence),
            ("note", self.note),
            ("cite", ", ".join(self.citation_keys)),
            ("file", self.file),
            ("sha256", self.sha256),
        ]
        return [(label, text) for label, text in pairs if text]


@functools.cache
def _registry() -> Mapping[str, Dataset]:
    text = importlib.resources.files("tradewinds.data").joinpath("bundled/registry.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["dataset"]
    made = (Dataset(**{**entry, "citation_keys": tuple(entry["citation_keys"])}) for entry in entries)
    return {entry.name: entry for entry in made}


def datasets() -> tuple[Dataset, ...]:
    """Return every bundled dataset.

    Examples
    --------
    >>> [entry.name for entry in datasets() if entry.kind == "stand-in panel"]
    ['keller1997-calibrated']
    """
    return tuple(_registry().values())


def dataset(name: str) -> Dataset:
    """Return one entry of the registry.

    Raises
    ------
    InputError
        If there is none of that name; the message names the nearest.
    """
    known = _registry()
    if name not in known:
        raise InputError(f"no dataset {name!r}.{did_you_mean(name, known)} There are: {', '.join(known)}.")
    return known[name]


def checksum(name: str) -> str:
    """Return the SHA-256 checksum of a bundled file, 64 hexadecimal digits."""
    return dataset(name).sha256


def load_frame(name: str) -> pd.DataFrame:
    """Return a dataset as a frame.

    Parameters
    ----------
    name : str
        As in :func:`datasets`. A stand-in panel comes with its default options, in the long format of a user's panel.

    Raises
    ------
    InputError
        If there is none of that name.
    DataError
        If the file is not the one that was released.

    Examples
    --------
    >>> load_frame("keller1997-depreciation").set_index("country").loc["DEU", "depreciation"].item()
    0.174
    """
    import pandas as pd

    entry = dataset(name)
    if not entry.file:
        from tradewinds.data.calibrated import keller1997_calibrated

        return keller1997_calibrated().to_frame()
    content = importlib.resources.files("tradewinds.data").joinpath("bundled", entry.file).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise DataError(
            entry.file,
            [f"its checksum is {found}, expected {entry.sha256}: the file was changed; install tradewinds again"],
        )
    return pd.read_csv(io.BytesIO(content), dtype=dict.fromkeys(_TEXT, str), keep_default_na=False)
