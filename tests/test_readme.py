"""What the README shows is what the code does: its session, its study file, its commands, its figure."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tradewinds.study import parse_study

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_session_prints_what_it_shows():
    text = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
    assert len(test.examples) == 4
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(test).failed == 0


def test_the_study_file_is_valid():
    (study,) = blocks("toml")
    assert parse_study(study).spillovers.draws == 1000


def test_commands_and_files_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z]+)`?", README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
    for link in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_figure_is_the_one_the_session_draws():
    """Text of the figure is paths, so compare what the drawing says of itself: its size and its groups."""
    pytest.importorskip("matplotlib")
    from tradewinds.data import keller1997_calibrated
    from tradewinds.plotting import to_svg
    from tradewinds.spillovers import run_experiment

    drawn = to_svg(run_experiment(keller1997_calibrated(), draws=1000, seed=1).plot())
    shown = (ROOT / "docs" / "figures" / "experiment.svg").read_text(encoding="utf-8")
    pick = re.compile(r'<g id="([^"]+)"|<!-- (.*?) -->')
    assert pick.findall(shown) == pick.findall(drawn)
