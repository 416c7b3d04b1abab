"""The command line as a user meets it, in a process of its own, and inside this one where many calls are wanted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tradewinds.cli import main
from tradewinds.data import template_frame

STUDY = 'schema = 1\n[spillovers]\npanel = "keller1997-calibrated"\ndraws = 20\n'


class Finished(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Finished]:
    """Run the command line in a process whose working folder is tmp_path; nothing may end in a traceback."""

    def call(*arguments: str | Path, **environment: str) -> Finished:
        done = subprocess.run(
            [sys.executable, "-m", "tradewinds", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=os.environ | environment,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        assert "bug in tradewinds" not in done.stderr
        return Finished(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run the command line inside this process, in tmp_path."""
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals() & {15, 1}}
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Finished:
        monkeypatch.setattr(sys, "argv", ["tradewinds", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Finished(ended.value.code, *capsys.readouterr())

    yield call
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of the calibrated panel with few draws."""
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture
def own_study(tmp_path: Path) -> Path:
    """A study of a user's CSV, in a folder whose name has a space and letters beyond ASCII."""
    home = tmp_path / "my data – é"
    home.mkdir()
    template_frame().to_csv(home / "pañel 1.csv", index=False)
    path = home / "étude 1.toml"
    text = STUDY.replace("keller1997-calibrated", "pañel 1.csv") + 'experiment = "observed"\n'
    path.write_text(text + "[spillovers.measurement]\nrnd_depreciation = 0.1\n", encoding="utf-8")
    return path


def tree(folder: Path) -> Sequence[str]:
    """Return every file and folder below a folder, hidden ones too."""
    return sorted(str(item.relative_to(folder)) for item in folder.rglob("*"))


@pytest.fixture(name="tree")
def tree_fixture() -> Callable[[Path], Sequence[str]]:
    return tree
