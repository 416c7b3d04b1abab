"""Write results so that a reader never meets half of them.

A run works in a hidden folder beside the one asked for and is renamed into place when all of it is there. If
it fails or is interrupted nothing is left behind and earlier results stay as they were. Only folders that
tradewinds wrote are ever replaced, and never one that holds files somebody else put there: what a run wrote is
listed in its ``provenance.json``, and a folder is ours when that list is there and names every file in it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from tradewinds.errors import OutputError
from tradewinds.report.provenance import PROVENANCE_FILE, to_json

__all__ = ["output_folder", "put", "write_text"]

#: Files that a desktop puts into any folder it shows.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})

#: The machine's refusals, as against mistakes in our own code.
_REFUSALS = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
        errno.EBUSY,
        errno.EIO,
    }
)


@contextlib.contextmanager
def output_folder(path: str | Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield an empty folder that becomes ``path`` when the block ends well, and vanishes otherwise.

    Earlier results at ``path`` are swapped out by renaming and removed only once the new ones are in place.
    The files of the run are listed under ``files`` in the ``provenance.json`` that the block writes; a later
    run replaces only a folder with that list and no other file, so notes kept beside results are safe.

    Parameters
    ----------
    path : str or Path
        Folder asked for; its parents are made when missing.
    overwrite : bool
        Whether earlier results may be replaced.

    Raises
    ------
    OutputError
        If ``path`` is a file, a folder that is not ours, or cannot be written. It is raised before the block
        runs where that can be known. If somebody puts foreign files at ``path`` during the run, the finished
        results are kept beside it under a name that the message gives.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with output_folder(Path(home) / "results") as folder:
    ...         _ = (folder / "provenance.json").write_text("{}")
    ...     [item.name for item in (Path(home) / "results").iterdir()]
    ['provenance.json']
    """
    target = Path(path).resolve()
    _require_replaceable(target, path, overwrite)
    made: list[Path] = []
    partial: Path | None = None
    try:
        made.extend(_make_parents(target))
        partial = _hidden_sibling(target, "partial")
        partial.mkdir()
        yield partial
        _list_files(partial)
        _put_in_place(partial, target, path, overwrite)
    except BaseException as error:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):  # not empty: the finished results are beside the target
                parent.rmdir()
        if isinstance(error, OSError) and _is_refusal(error, target):
            raise _refused(path, error) from error
        raise


def put(folder: Path, name: str, text: str) -> None:
    """Write one UTF-8 file with Unix line ends into a folder of a run; the same bytes on every system.

    Parameters
    ----------
    folder : Path
        As :func:`output_folder` yields it, or one inside it.
    name : str
        Name of the file, such as ``figures/power.svg``; its folder is made when missing.
    text : str
        Its whole content.
    """
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_text(path: str | Path, text: str) -> Path:
    """Write one UTF-8 file all at once; readers see the old text or the new, never a part.

    Parameters
    ----------
    path : str or Path
        File to write or replace; its parent folders are made when missing.
    text : str
        Its whole content.

    Raises
    ------
    OutputError
        If ``path`` is a folder or a device, or cannot be written.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise OutputError(f"cannot write {path}: it is a folder or a device. Give the name of a file.")
    partial = _hidden_sibling(target, "partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        if target.exists():
            shutil.copymode(target, partial)
        partial.replace(target)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    return target


def _require_replaceable(target: Path, path: str | Path, overwrite: bool) -> None:
    """Raise OutputError unless the target is free, empty or a results folder of ours that may be replaced."""
    elsewhere = "Choose another folder with --out"
    inside = f"choose a folder inside it, such as {Path(path) / 'results'}"
    if not target.name or target == Path.cwd() or target in Path.cwd().parents:
        raise OutputError(f"{path} is the folder you are in or one above it and cannot be replaced: {inside}.")
    try:
        if target.exists() and not target.is_dir():
            raise OutputError(f"{path} is a file, and results are a folder. {elsewhere}.")
        above = next(parent for parent in target.parents if parent.exists())
        if not above.is_dir():
            raise OutputError(f"{path} would lie below {above.name}, which is a file. {elsewhere}.")
        if not target.exists():
            return
        found = sorted(item.name for item in target.iterdir() if item.name not in _LITTER)
        if os.path.ismount(target):
            raise OutputError(f"{path} is a mount point and cannot be swapped for new results: {inside}.")
        if not found:
            return
        listed = _listed_files(target)
        if listed is None:
            raise OutputError(
                f"{path} is not empty and holds no results of tradewinds (a {PROVENANCE_FILE} that lists its files); "
                f"it stays as it is. {elsewhere}, or empty this one yourself."
            )
        if not overwrite:
            raise OutputError(f"{path} holds earlier results. {elsewhere}, or allow them to be replaced.")
        if foreign := sorted(set(_files_in(target)) - listed):
            raise OutputError(
                f"{path} holds earlier results and also {_name_some(foreign)}, "
                f"which tradewinds did not write; nothing is replaced. {elsewhere}, or move them away."
            )
    except OSError as error:
        raise _refused(path, error) from error


def _listed_files(folder: Path) -> set[str] | None:
    """Return the files that the folder's provenance lists as its own; None when it has no such list."""
    try:
        listed = json.loads((folder / PROVENANCE_FILE).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return {str(name) for name in listed} if isinstance(listed, list) else None


def _files_in(folder: Path) -> list[str]:
    items = (item for item in folder.rglob("*") if item.name not in _LITTER)
    return sorted(item.relative_to(folder).as_posix() for item in items if item.is_symlink() or not item.is_dir())


def _list_files(folder: Path) -> None:
    """Record in the folder's provenance which files are its own."""
    record = folder / PROVENANCE_FILE
    if not record.is_file():
        return
    content = json.loads(record.read_text(encoding="utf-8"))
    if isinstance(content, dict):
        put(folder, PROVENANCE_FILE, to_json(content | {"files": _files_in(folder)}))


def _put_in_place(partial: Path, target: Path, path: str | Path, overwrite: bool) -> None:
    """Swap the finished folder in; if it no longer may go there, keep it beside the target and say where."""
    try:
        _require_replaceable(target, path, overwrite)
        _swap(partial, target)
    except (OutputError, OSError) as error:
        reason = error if isinstance(error, OutputError) else _refused(path, error)
        kept = _free_sibling(target)
        partial.rename(kept)
        raise OutputError(f"{reason} The finished results are in {Path(path).with_name(kept.name)}.") from error


def _swap(partial: Path, target: Path) -> None:
    """Rename the finished folder to its target; what was there comes back if that fails half-way."""
    if not target.exists():
        partial.rename(target)
        return
    old = _hidden_sibling(target, "replaced")
    try:
        target.rename(old)
        partial.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    finally:
        if not partial.exists():
            shutil.rmtree(old, ignore_errors=True)


def _make_parents(target: Path) -> list[Path]:
    """Make the missing parents and return them, innermost first."""
    missing = [parent for parent in target.parents if not parent.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _hidden_sibling(target: Path, purpose: str) -> Path:
    return target.with_name(f".{target.name}.{purpose}-{secrets.token_hex(4)}")


def _free_sibling(target: Path) -> Path:
    number = 2
    while (sibling := target.with_name(f"{target.name}-{number}")).exists():
        number += 1
    return sibling


def _is_refusal(error: OSError, target: Path) -> bool:
    """Tell a full disk or a missing permission under the target from a fault elsewhere."""
    if error.errno not in _REFUSALS:
        return False
    return error.filename is None or Path(os.fsdecode(error.filename)).is_relative_to(target.parent)


def _refused(path: str | Path, error: OSError) -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(
        f"cannot write {path}: {reason}. Choose a place you may write to and that has room for the results."
    )


def _name_some(names: Sequence[str], most: int = 3) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
