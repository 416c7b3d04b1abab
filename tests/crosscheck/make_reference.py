"""Run the models in Dynare and store their paths as text: ``python make_reference.py [--check] [NAME ...]``.

With ``--check`` nothing is stored: the new paths are compared with the stored ones. Needs Octave and Dynare; where they are not
installed, it says so and does nothing. ``DYNARE`` in the environment names the folder of Dynare's ``matlab`` files.
"""

# ruff: noqa: T201  # a script that prints

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"
MODELS = tuple(sorted(path.stem for path in HERE.glob("*.mod")))

#: Largest difference of two runs of Dynare, relative to the largest level of a variable: its own stopping rule allows as much.
TOLERANCE = 1e-10


def dynare_folder() -> Path | None:
    """Return where Dynare's ``matlab`` files are, or None where it or Octave is not installed."""
    places = [os.environ.get("DYNARE", ""), "/usr/lib/dynare/matlab", "/opt/homebrew/lib/dynare/matlab"]
    found = [Path(place) for place in places if place and (Path(place) / "dynare.m").is_file()]
    return found[0] if found and shutil.which("octave") else None


def run_dynare(dynare: Path, name: str, folder: Path, *defines: str) -> tuple[pd.DataFrame, float, str]:
    """Run a model in ``folder``; return its paths, the seconds of the whole process and what Dynare printed.

    Raises
    ------
    RuntimeError
        If no path was written, with the end of what Dynare printed.
    """
    for source in (*HERE.glob("*.m"), HERE / f"{name}.mod"):
        shutil.copy(source, folder)
    call = " ".join(["dynare", f"{name}.mod", "nolog", *defines])
    command = ["octave", "--no-gui", "--quiet", "--eval", f"addpath('{dynare}'); {call}"]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    written = folder / f"{name}.csv"
    if not written.is_file():
        raise RuntimeError(f"Dynare wrote no path of {name}:\n{(done.stdout + done.stderr)[-2000:]}")
    return pd.read_csv(written, index_col="year"), seconds, done.stdout


def version(dynare: Path) -> str:
    """Return the versions of Dynare and Octave in a line."""
    call = f"addpath('{dynare}'); addpath(dynare_config()); printf('Dynare %s, Octave %s', dynare_version(), version())"
    done = subprocess.run(["octave", "--no-gui", "--quiet", "--eval", call], capture_output=True, text=True, check=True)
    match = re.search(r"Dynare [^\n]+", done.stdout)
    return match.group() if match else "Dynare and Octave of unknown versions"


def distance(path: pd.DataFrame, stored: pd.DataFrame) -> float:
    """Return the largest difference relative to the level of its variable; infinite where the tables differ in shape."""
    if not (path.index.equals(stored.index) and path.columns.equals(stored.columns)):
        return float("inf")
    level = stored.abs().max().replace(0.0, 1.0)
    return float(((path - stored).abs().max() / level).max())


def main(arguments: list[str] | None = None) -> int:
    """Store or compare the paths of the models named, or of all; return how many differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(MODELS), metavar="NAME", help=", ".join(MODELS))
    parser.add_argument("--check", action="store_true", help="compare with the stored paths instead of storing")
    options = parser.parse_args(arguments)
    dynare = dynare_folder()
    if dynare is None:
        print(
            "Dynare or Octave is not installed; the stored paths stand. Set DYNARE to the folder of its matlab files."
        )
        return 0
    versions, failed = version(dynare), 0
    print(versions)
    for name in options.names:
        with tempfile.TemporaryDirectory() as folder:
            path, seconds, _ = run_dynare(dynare, name, Path(folder))
            if not options.check:
                shutil.copy(Path(folder) / f"{name}.csv", REFERENCE)
                print(f"{name:<10}{seconds:7.1f} s   stored")
                continue
        apart = distance(path, pd.read_csv(REFERENCE / f"{name}.csv", index_col="year"))
        failed += not apart < TOLERANCE
        print(f"{name:<10}{seconds:7.1f} s   apart from the stored paths by {apart:.1e} of the level")
    if not options.check:
        (REFERENCE / "VERSION").write_text(versions + "\n", encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
