"""Commands and exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tradewinds.cli.stops import Stopped, stops_on_signals
from tradewinds.cli.terminal import prepare_streams, progress_bar, put, say, show_table, warn
from tradewinds.errors import ConvergenceError, InputError, TradewindsError

__all__ = ["app", "main"]

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="tradewinds",
    help="A laboratory of trade, knowledge and growth.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(help="List and show the bundled data, with their sources.", no_args_is_help=True)
app.add_typer(data_app, name="data")


def _version(value: bool) -> None:
    if value:
        import tradewinds

        put(f"tradewinds {tradewinds.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Hold options that come before the command."""


@app.command()
def run(
    study: Annotated[
        Path,
        typer.Argument(
            help="Study file (TOML), or a study that ships with tradewinds: tradewinds new --list.",
            metavar="STUDY",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the results; default: the study's name with -results.")
    ] = None,
) -> None:
    """Run one study: results, figures, report and provenance."""
    from tradewinds.study import read_study, run_study

    settings = read_study(study)
    folder = out if out is not None else Path(f"{study.stem}-results")
    with progress_bar("working") as progress:
        outcome = run_study(settings, folder, study_file=study, progress=progress)
    say(outcome.headline)
    for warning in outcome.warnings:
        warn(warning)
    _finish(outcome.folder / "report.html", outcome.failed_checks)


@app.command()
def replicate(
    papers: Annotated[list[str] | None, typer.Argument(help="Papers; default all.", metavar="PAPER")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the pages and the scoreboard.")] = Path("replication"),
) -> None:
    """Reproduce the papers' exhibits beside the published numbers."""
    from tradewinds.replications import replicate as replicate_papers

    with progress_bar("exhibits") as progress:
        outcome = replicate_papers(tuple(papers or ()), out, progress=progress)
    say(outcome.headline)
    _finish(outcome.folder / "index.html", outcome.failed_checks)


@app.command()
def compare(
    study: Annotated[
        Path,
        typer.Argument(help="Study file (TOML) of the kind compare; default: the one that ships.", metavar="[STUDY]"),
    ] = Path("same-shock"),
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the results; default: the study's name with -results.")
    ] = None,
) -> None:
    """Put the same shock through every mechanism of growth, and through the models that stand beside them."""
    from tradewinds.study import read_study, run_study

    settings = read_study(study)
    if settings.kind != "compare":
        raise InputError(
            f"{study} is a study of {settings.kind}, and compare needs a table [compare]. Run it with: tradewinds run {study}; "
            "start a comparison with: tradewinds new compare"
        )
    folder = out if out is not None else Path(f"{study.stem}-results")
    with progress_bar("models") as progress:
        outcome = run_study(settings, folder, study_file=study, progress=progress)
    say(outcome.headline)
    for warning in outcome.warnings:
        warn(warning)
    _finish(outcome.folder / "report.html", outcome.failed_checks)


@data_app.command("list")
def data_list() -> None:
    """List the bundled data."""
    from tradewinds.data import datasets

    rows = [(entry.name, entry.kind, entry.title) for entry in datasets()]
    show_table(("name", "kind", "title"), rows)


@data_app.command("show")
def data_show(
    name: Annotated[str, typer.Argument(help="Name, as in: tradewinds data list.", metavar="NAME", show_default=False)],
    csv: Annotated[bool, typer.Option("--csv", help="Print the rows as CSV and nothing else.")] = False,
    rows: Annotated[int, typer.Option("--rows", min=1, help="How many rows to show.")] = 12,
) -> None:
    """Show one dataset: source, unit, licence, checksum and its first rows."""
    from tradewinds.data import dataset, load_frame

    entry = dataset(name)
    frame = load_frame(name)
    if csv:
        put(frame.to_csv(index=False, lineterminator="\n").rstrip("\n"))
        return
    for label, value in entry.describe():
        put(f"{label:<10}{value}")
    put("")
    shown = frame.head(rows).astype(object).where(frame.head(rows).notna(), "")
    show_table(tuple(map(str, frame.columns)), [tuple(map(str, row)) for row in shown.itertuples(index=False)])
    if len(frame) > rows:
        say(f"{rows} of {len(frame):,} rows; all of them with --csv")


@app.command()
def schema() -> None:
    """Print the JSON schema of study files."""
    from tradewinds.study import json_schema

    put(json.dumps(json_schema(), indent=2))


@app.command()
def new(
    kind: Annotated[
        str,
        typer.Argument(
            help="Kind of study: spillovers, world, clusters, firms, growth, plants, compare.",
            metavar="KIND",
            show_default=False,
        ),
    ] = "",
    out: Annotated[Path, typer.Option("--out", help="Folder to write into.")] = Path(),
    study: Annotated[
        str, typer.Option("--study", help="A study that ships with tradewinds, to change it.", metavar="NAME")
    ] = "",
    listing: Annotated[bool, typer.Option("--list", help="List the studies that ship with tradewinds.")] = False,
) -> None:
    """Write a commented starter study with an example of what it reads, or a copy of a study that ships with tradewinds."""
    from tradewinds.study import KINDS, list_studies, parse_study, study_text, write_starter, write_study

    if listing:
        rows = [(name, (found := parse_study(study_text(name))).kind, found.title) for name in list_studies()]
        show_table(("name", "kind", "title"), rows)
        return
    if not kind:
        raise InputError(f"name a kind of study: {', '.join(KINDS)}; or list what ships with tradewinds: --list")
    written = (write_study(study, kind, out),) if study else write_starter(kind, out)
    for path in written:
        put(str(path))
    say(f"Next: tradewinds run {written[0]}")


def _finish(page: Path, failed_checks: Sequence[str]) -> None:
    """Say which checks failed and, last of all, where the results are."""
    for check in failed_checks:
        warn(f"check failed: {check}")
    put(str(page))
    if failed_checks:
        raise typer.Exit(FAILED)


def main() -> None:
    """Run the command line and exit with its code; bad input never ends in a traceback."""
    prepare_streams()
    with stops_on_signals():
        code = _run()
    if code == INTERRUPTED:
        warn("interrupted; no half-written results are left, and earlier ones are as they were")
    sys.exit(code)


def _run() -> int:
    """Run the command and return the exit code."""
    try:
        code = app(standalone_mode=False)
        return code if isinstance(code, int) else DONE
    except typer.Exit as error:
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Stopped as error:
        return error.code
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # the reader of a help page has left
            return DONE
        return error.code if isinstance(error.code, int) else FAILED if error.code else DONE
    except ConvergenceError as error:
        return _stop(str(error), FAILED)
    except TradewindsError as error:
        return _stop(str(error), BAD_INPUT)
    except Exception as error:
        if os.environ.get("TRADEWINDS_DEBUG"):
            raise
        return _usage_or_bug(error)


def _stop(message: str, code: int) -> int:
    say(f"error: {message}")
    return code


def _usage_or_bug(error: Exception) -> int:
    """Show a usage error as the command line does, say what the machine refused, and call the rest what it is: a bug."""
    show = getattr(error, "show", None)
    if callable(show):  # click's usage errors know how to print themselves
        show()
        return BAD_INPUT
    debug = "Set TRADEWINDS_DEBUG=1 to see where it happened"
    if isinstance(error, OSError) and error.strerror:
        named = f": {error.filename}" if error.filename else ""
        return _stop(f"the machine refused: {error.strerror.lower()}{named}. {debug}.", BAD_INPUT)
    if isinstance(error, MemoryError):
        return _stop("not enough memory; ask for fewer draws, or for none to be kept (keep_draws = false)", BAD_INPUT)
    return _stop(
        f"{type(error).__name__}: {error}\nThis is a bug in tradewinds. {debug}, and report it with the study file.",
        FAILED,
    )
