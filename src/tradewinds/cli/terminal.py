"""What the command line prints: tables to standard output, messages and progress to standard error."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

import typer

__all__ = ["prepare_streams", "progress_bar", "put", "say", "show_table", "warn"]


def prepare_streams() -> None:
    """Let any text be written: what an encoding lacks is escaped, and the bytes of a file's name pass as they are."""
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="surrogateescape" if out.encoding.lower() == "utf-8" else "backslashreplace")


def put(text: str) -> None:
    """Write a result to standard output; if its reader has left, as ``head`` does, end quietly."""
    try:
        typer.echo(text)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def say(text: str) -> None:
    """Write a message to standard error, without characters that would steer the terminal."""
    plain = "".join(letter if letter.isprintable() or letter in "\n\t" else repr(letter)[1:-1] for letter in text)
    with contextlib.suppress(OSError):  # nobody listens; the exit code tells
        typer.echo(plain, err=True)


def warn(text: str) -> None:
    """Write a warning to standard error."""
    say(f"warning: {text}")


def _on_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table: ruled on a terminal, tab-separated in a pipe."""
    if not _on_terminal(sys.stdout):
        put("\n".join("\t".join(row) for row in (columns, *rows)))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function of work done and work wanted that draws a bar, on a terminal only."""
    if not _on_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
