"""A commented starter study, with a small example panel beside it that shows the format of a user's own data."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from tradewinds.errors import InputError, OutputError, did_you_mean
from tradewinds.study.fields import KINDS

__all__ = ["starter_text", "write_starter"]

#: Name of the example panel written beside the study.
PANEL_FILE = "spillovers-panel.csv"


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
    folder = importlib.resources.files("tradewinds.study").joinpath("starters")
    return folder.joinpath(f"{kind}.toml").read_text(encoding="utf-8")


def write_starter(kind: str, folder: str | Path = ".") -> tuple[Path, ...]:
    """Write the starter study of a kind and the example panel it reads.

    Parameters
    ----------
    kind : str
        One of :data:`~tradewinds.study.KINDS`.
    folder : str or Path
        Where to write; made when missing. Existing files are never overwritten.

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
    from tradewinds.data import template_frame
    from tradewinds.report.output import write_text

    text = starter_text(kind)
    home = Path(folder)
    targets = (home / f"{kind}.toml", home / PANEL_FILE)
    for target in targets:
        if target.exists():
            raise OutputError(
                f"{target} exists and is not overwritten. Move it, or name another folder with --out DIR."
            )
    panel = template_frame().to_csv(index=False, lineterminator="\n")
    write_text(targets[1], panel)
    write_text(targets[0], text)
    return targets
