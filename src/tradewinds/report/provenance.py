"""Where numbers come from: versions, study, parameters with sources, data with checksums, seed.

The record is what an editor's replication check asks for. It is the same on every run of the same study but
for the wall time, and says nothing about the person or the machine: no host name, no user name, no folder.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import json
import math
import numbers
import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import tradewinds
from tradewinds.citations import cite
from tradewinds.errors import InputError

__all__ = [
    "COMPLETE",
    "MARKED",
    "PROVENANCE_FILE",
    "DatasetRecord",
    "ParameterRecord",
    "file_checksum",
    "provenance",
    "to_json",
]

#: Name of the record inside an output folder.
PROVENANCE_FILE = "provenance.json"
COMPLETE = "complete"
MARKED = "marked: a check failed"

#: Absolute paths inside a sentence: at its start or after a blank, a quote, a bracket or a sign between words.
_POSIX_PATH = re.compile(r"(?<![^\s\"'(\[=<,;:|])/(?:[^\s/\"'<>]+/)+(?=[^\s/])")
_WINDOWS_PATH = re.compile(r"(?<![^\s\"'(\[=<,;:|])[A-Za-z]:\\(?:[^\s\\\"'<>]+\\)*(?=[^\s\\])")


@dataclass(frozen=True)
class ParameterRecord:
    """One parameter as it was used.

    Attributes
    ----------
    name : str
        Public name, as in a study file.
    value : object
        Number, text, list, or a mapping of numbers by country.
    symbol : str
        As the paper prints it; ``x_{ij}`` and ``x^{d}`` are set as indices in reports.
    unit : str
        Unit, empty for a pure number.
    source : str
        Where the value comes from: paper and page, dataset, or "study file".
    bounds : str
        Which values it may have, in words; empty where none are stated.
    """

    name: str
    value: object
    symbol: str = ""
    unit: str = ""
    source: str = ""
    bounds: str = ""


@dataclass(frozen=True)
class DatasetRecord:
    """One dataset as it was read.

    Attributes
    ----------
    name : str
        Name in the registry, or the name of the file.
    sha256 : str
        Checksum of the file's bytes (:func:`file_checksum`), 64 hexadecimal digits.
    source : str
        Who published it and where it is described.
    stand_in : str
        Empty for real data; otherwise what it stands in for.
    """

    name: str
    sha256: str
    source: str
    stand_in: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise InputError(f"dataset {self.name}: sha256 must be 64 hexadecimal digits, got {self.sha256!r}")


def file_checksum(path: str | Path) -> str:
    """Return the SHA-256 checksum of a file, as 64 hexadecimal digits."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def provenance(
    *,
    wall_time: float,
    study: Mapping[str, Any] | None = None,
    study_file: str | Path = "",
    parameters: Iterable[ParameterRecord] = (),
    datasets: Iterable[DatasetRecord] = (),
    seed: int | None = None,
    warnings: Iterable[str] = (),
    failed_checks: Iterable[str] = (),
    citation_keys: Sequence[str] = (),
    libraries: Sequence[str] = ("numpy", "scipy", "pandas"),
) -> dict[str, Any]:
    """Return the record of one run, ready for :func:`to_json`.

    Parameters
    ----------
    wall_time : float
        Seconds the run took; the only entry that differs between two runs of one study.
    study : mapping, optional
        Content of the study file as parsed.
    study_file : str or Path
        Its name; the folder is left out.
    parameters, datasets : iterables of ParameterRecord, DatasetRecord
        What the numbers rest on.
    seed : int, optional
        Seed of the random draws, if any were made.
    warnings : iterable of str
        What a reader must know before using a number.
    failed_checks : iterable of str
        One sentence a check that failed; any of them marks the run.
    citation_keys : sequence of str
        Keys of ``references.bib``.
    libraries : sequence of str
        Distributions whose version matters to the numbers.

    Raises
    ------
    InputError
        If a citation key is unknown or a value cannot be written as JSON.

    Examples
    --------
    >>> record = provenance(wall_time=1.5, seed=1, study_file="runs/keller.toml", citation_keys=["keller1997"])
    >>> record["status"], record["seed"], record["study"]["file"]
    ('complete', 1, 'keller.toml')
    """
    cite(*citation_keys)
    failures = list(failed_checks)
    record = {
        "tradewinds": tradewinds.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: _version(name) for name in libraries},
        "study": {"file": PureWindowsPath(study_file).name, "content": dict(study or {})},
        "parameters": [asdict(parameter) for parameter in parameters],
        "datasets": [asdict(dataset) for dataset in datasets],
        "seed": seed,
        "wall_time_seconds": round(float(wall_time), 3),
        "warnings": list(warnings),
        "failed_checks": failures,
        "status": MARKED if failures else COMPLETE,
        "citation_keys": list(dict.fromkeys(citation_keys)),
    }
    plain: dict[str, Any] = _plain(record, "provenance")
    return plain


def to_json(record: Mapping[str, Any]) -> str:
    """Return a record as JSON text: sorted keys, two blanks of indent, a final line break."""
    return json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _plain(value: Any, where: str) -> Any:
    """Return what JSON knows: numpy numbers and arrays, dates and paths become plain values."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _without_folders(value)
    if isinstance(value, Path):
        return value.name
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else str(float(value))
    if hasattr(value, "tolist"):  # numpy arrays and scalars, without importing numpy
        return _plain(value.tolist(), where)
    if isinstance(value, Sequence):
        return [_plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
    raise InputError(f"{where} is a {type(value).__name__}; provenance holds numbers, text, dates, lists and tables")


def _own_folders() -> Iterator[tuple[Path, str]]:
    """Yield the folder one is in and the home folder, where there are such, with their short names."""
    with contextlib.suppress(OSError):  # it was deleted meanwhile
        yield Path.cwd(), "."
    with contextlib.suppress(RuntimeError):  # HOME is not set and the user has no account, as in some containers
        yield Path.home(), "~"


def _without_folders(text: str) -> str:
    """Return the text with absolute paths cut to their last part; the rest tells who ran it where."""
    for folder, short in _own_folders():
        if folder.name:
            text = re.sub(rf"{re.escape(str(folder))}[\\/]", "", text)
            text = re.sub(rf"{re.escape(str(folder))}(?![\w-])", short, text)  # its last part is often the user's name
    if not re.search(r"\s", text) and (PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()):
        return PureWindowsPath(text).name
    return _WINDOWS_PATH.sub("", _POSIX_PATH.sub("", text))
