"""Commands and exit codes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tradewinds.cli.terminal import progress_bar, say, show_table, warn
from tradewinds.errors import ConvergenceError, TradewindsError

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

        typer.echo(f"tradewinds {tradewinds.__version__}")
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
    study: Annotated[Path, typer.Argument(help="Study file (TOML).", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the results; default: the study's name with -results.")
    ] = None,
) -> None:
    """Run one study: results, figures, report and provenance."""
    from tradewinds.study import read_study, run_study

    settings = read_study(study)
    folder = out if out is not None else Path(f"{study.stem}-results")
    with progress_bar("random trade patterns") as progress:
        outcome = run_study(settings, folder, study_file=study, progress=progress)
    for warning in outcome.warnings:
        warn(warning)
    say(outcome.headline)
    typer.echo(str(outcome.folder / "report.html"))
    if outcome.failed_checks:
        for check in outcome.failed_checks:
            warn(f"check failed: {check}")
        raise typer.Exit(FAILED)


@app.command()
def replicate(
    papers: Annotated[list[str] | None, typer.Argument(help="Papers; default all.", metavar="[PAPER ...]")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the pages and the scoreboard.")] = Path("replication"),
) -> None:
    """Reproduce the papers' exhibits beside the published numbers."""
    from tradewinds.replications import replicate as replicate_papers

    with progress_bar("exhibits") as progress:
        outcome = replicate_papers(tuple(papers or ()), out, progress=progress)
    say(outcome.headline)
    typer.echo(str(out / "index.html"))
    if outcome.failed_checks:
        for check in outcome.failed_checks:
            warn(f"check failed: {check}")
        raise typer.Exit(FAILED)


@data_app.command("list")
def data_list() -> None:
    """List the bundled data."""
    from tradewinds.data import datasets

    rows = [(entry.name, entry.kind, entry.title) for entry in datasets()]
    show_table(("name", "kind", "title"), rows)


@data_app.command("show")
def data_show(
    name: Annotated[str, typer.Argument(help="Name, as in: tradewinds data list.", show_default=False)],
    csv: Annotated[bool, typer.Option("--csv", help="Print the rows as CSV and nothing else.")] = False,
    rows: Annotated[int, typer.Option("--rows", min=1, help="How many rows to show.")] = 12,
) -> None:
    """Show one dataset: source, unit, licence, checksum and its first rows."""
    from tradewinds.data import dataset, load_frame

    entry = dataset(name)
    frame = load_frame(name)
    if csv:
        typer.echo(frame.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    for label, value in entry.describe():
        typer.echo(f"{label:<10}{value}")
    typer.echo("")
    shown = frame.head(rows).astype(object).where(frame.head(rows).notna(), "")
    show_table(tuple(map(str, frame.columns)), [tuple(map(str, row)) for row in shown.itertuples(index=False)])
    if len(frame) > rows:
        say(f"{rows} of {len(frame):,} rows; all of them with --csv")


@app.command()
def schema() -> None:
    """Print the JSON schema of study files."""
    from tradewinds.study import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="Kind of study: spillovers.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="Folder to write into.")] = Path(),
) -> None:
    """Write a commented starter study, with an example of the data it reads."""
    from tradewinds.study import write_starter

    study, *others = write_starter(kind, out)
    for path in (study, *others):
        typer.echo(str(path))
    say(f"Next: tradewinds run {study}")


def main() -> None:
    """Run the command line and exit with its code; bad input never ends in a traceback."""
    try:
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else DONE)
    except typer.Exit as error:
        sys.exit(error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        warn("interrupted; nothing was written")
        sys.exit(INTERRUPTED)
    except ConvergenceError as error:
        _stop(error, FAILED)
    except TradewindsError as error:
        _stop(error, BAD_INPUT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output has left
        sys.exit(DONE)
    except Exception as error:
        if os.environ.get("TRADEWINDS_DEBUG"):
            raise
        _usage_or_bug(error)


def _stop(error: Exception, code: int) -> None:
    say(f"error: {error}")
    sys.exit(code)


def _usage_or_bug(error: Exception) -> None:
    """Show a usage error as the command line does, and anything else as what it is: a bug."""
    show = getattr(error, "show", None)
    if callable(show):  # click's usage errors know how to print themselves
        show()
        sys.exit(BAD_INPUT)
    say(
        f"error: {type(error).__name__}: {error}\nThis is a bug in tradewinds. Set TRADEWINDS_DEBUG=1 to see where it happened, "
        "and report it with the study file."
    )
    sys.exit(FAILED)
