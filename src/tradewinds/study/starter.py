"""Commented starter studies with what they read beside them, and the studies that ship with the package."""

from __future__ import annotations

import importlib.resources
import secrets
import shutil
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from tradewinds.errors import InputError, OutputError, did_you_mean
from tradewinds.study.fields import KINDS
from tradewinds.study.plants_example import EXAMPLE_FILE

__all__ = ["list_studies", "starter_text", "study_text", "write_starter", "write_study"]

#: Name of the example panel written beside the study of spillovers.
PANEL_FILE = "spillovers-panel.csv"
#: Name of the calibration written beside the study of the world.
WORLD_FOLDER = "my-world"
#: Name of the example table of citations written beside the study of clusters.
CITATIONS_FILE = "clusters-citations.csv"


def starter_text(kind: str) -> str:
    """Return the text of the starter study of a kind.

    Raises
    ------
    InputError
        If there is no such kind.

    Examples
    --------
    >>> starter_text("spillovers").splitlines()[0].startswith("#")
    True
    """
    if kind not in KINDS:
        raise InputError(f"no study of kind {kind!r}.{did_you_mean(kind, KINDS)} Kinds: {', '.join(KINDS)}.")
    return _starters().joinpath(f"{kind}.toml").read_text(encoding="utf-8")


def starter_file(name: str) -> bytes:
    """Return the bytes of a file that ships beside the starter studies."""
    return _starters().joinpath(name).read_bytes()


def _starters() -> Traversable:
    return importlib.resources.files("tradewinds.study").joinpath("starters")


def write_starter(kind: str, folder: str | Path = ".") -> tuple[Path, ...]:
    """Write the starter study of a kind and what it reads, if anything: a panel, a calibration, a table of citations.

    Parameters
    ----------
    kind : str
        One of :data:`~tradewinds.study.KINDS`.
    folder : str or Path
        Where to write; made when missing. What exists is never overwritten.

    Returns
    -------
    tuple of Path
        The study first.

    Raises
    ------
    InputError
        If there is no such kind.
    OutputError
        If a file of that name exists.
    """
    from tradewinds.report.output import write_text

    text = starter_text(kind)
    home = Path(folder)
    study = home / f"{kind}.toml"
    names = {
        "spillovers": PANEL_FILE, "world": WORLD_FOLDER, "clusters": CITATIONS_FILE, "plants": EXAMPLE_FILE,
    }  # fmt: skip
    if kind not in names:
        _require_free(study)
        write_text(study, text)
        return (study,)
    beside = home / names[kind]
    _require_free(study, beside)
    if kind == "spillovers":
        from tradewinds.data import template_frame

        write_text(beside, template_frame().to_csv(index=False, lineterminator="\n"))
    elif kind in ("clusters", "plants"):
        write_text(beside, starter_file(names[kind]).decode("utf-8"))
    else:
        from tradewinds.world.template import template_files

        _write_folder(beside, template_files(name=WORLD_FOLDER))
    try:
        write_text(study, text)
    except BaseException:  # nothing is left of what cannot be had whole
        shutil.rmtree(beside) if beside.is_dir() else beside.unlink()
        raise
    return study, beside


def _require_free(*targets: Path) -> None:
    for target in targets:
        if target.exists() or target.is_symlink():
            raise OutputError(
                f"{target} exists and is not overwritten. Move it, or name another folder with --out DIR."
            )


def _write_folder(target: Path, files: Mapping[str, str]) -> None:
    """Write files into a new folder, whole or not at all."""
    from tradewinds.report.output import write_text

    partial = target.with_name(f".{target.name}.partial-{secrets.token_hex(4)}")
    try:
        for name, text in files.items():
            write_text(partial / name, text)
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _shipped() -> Traversable:
    return importlib.resources.files("tradewinds.study").joinpath("shipped")


def list_studies() -> tuple[str, ...]:
    """Return names of the studies that ship with the package.

    Examples
    --------
    >>> "us-rnd" in list_studies()
    True
    """
    return tuple(
        sorted(item.name.removesuffix(".toml") for item in _shipped().iterdir() if item.name.endswith(".toml"))
    )


def study_text(name: str) -> str:
    """Return the text of a study that ships with the package.

    Raises
    ------
    InputError
        If there is no such study.
    """
    known = list_studies()
    if name not in known:
        raise InputError(
            f"no study called {name!r} ships with the package.{did_you_mean(name, known)} "
            f"There are {len(known)}: tradewinds new --list"
        )
    return _shipped().joinpath(f"{name}.toml").read_text(encoding="utf-8")


def write_study(name: str, kind: str, folder: str | Path = ".") -> Path:
    """Write a study that ships with the package, to change it.

    Parameters
    ----------
    name : str
        One of :func:`list_studies`.
    kind : str
        Which it must be of.
    folder : str or Path
        Where to write; made when missing. What exists is never overwritten.

    Raises
    ------
    InputError
        If there is no such study.
    OutputError
        If a file of that name exists.
    """
    from tradewinds.report.output import write_text
    from tradewinds.study.reader import parse_study

    text = study_text(name)
    found = parse_study(text, source=name).kind
    if found != kind:
        raise InputError(f"study {name!r} is of kind {found}: tradewinds new {found} --study {name}")
    target = Path(folder) / f"{name}.toml"
    _require_free(target)
    write_text(target, text)
    return target
