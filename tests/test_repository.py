"""The house around the code: files that must agree with each other, and what must not stand in any of them."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml

import tradewinds
from tradewinds.study import parse_study

ROOT = Path(__file__).parents[1]
SOURCE = sorted((ROOT / "src").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def tracked_texts() -> list[tuple[str, str]]:
    """Return name and text of every tracked file that is text."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    texts = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if not path.is_file():  # deleted and not yet committed
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            texts.append((name, content.decode("utf-8")))
    return texts


def test_version_is_the_same_everywhere() -> None:
    assert yaml.safe_load(read("CITATION.cff"))["version"] == tradewinds.__version__
    assert tradewinds.__version__ in read("CHANGELOG.md")


def test_citation_file_has_what_the_format_needs() -> None:
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert citation["license"] == PROJECT["license"]
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in PROJECT["authors"]]


def test_constraints_are_names_and_versions_only() -> None:
    odd = [line for line in CONSTRAINTS if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.!]*", line)]
    assert not odd
    names = [normal(line.split("==")[0]) for line in CONSTRAINTS]
    assert len(names) == len(set(names))
    assert "tradewinds" not in names


def test_constraints_cover_every_dependency() -> None:
    pinned = {normal(line.split("==")[0]) for line in CONSTRAINTS}
    asked = [*PROJECT["dependencies"], *(name for extra in PROJECT["optional-dependencies"].values() for name in extra)]
    names = {normal(re.match(r"[A-Za-z0-9._-]+", requirement)[0]) for requirement in asked}  # type: ignore[index]
    assert names - {"tradewinds"} <= pinned


def test_installed_package_declares_the_extras() -> None:
    installed = metadata.metadata("tradewinds")
    assert set(installed.get_all("Provides-Extra") or []) == set(PROJECT["optional-dependencies"])
    assert installed["Version"] == tradewinds.__version__


@pytest.mark.parametrize("name", ["Makefile", ".ci/run"])
def test_packages_come_from_constraints_and_into_the_environment(name: str) -> None:
    for line in read(name).splitlines():
        if re.search(r"\bpip\b.*\binstall\b", line):
            assert "$(BIN)/python -m pip" in line and "--constraint constraints.txt" in line


def test_targets_named_for_contributors_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), flags=re.MULTILINE))
    texts = ["CONTRIBUTING.md", "README.md", ".ci/run", ".pre-commit-config.yaml"]
    texts += [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md"))]
    for name in texts:
        code = re.findall(r"(?:^\s*(?:step |entry: )?|`)make ([a-z][a-z-]*)", read(name), flags=re.MULTILINE)
        assert set(code) <= targets, name
    assert {"replicate", "test", "bench", "docs", "lint", "replicate-check", "clean", "help"} <= targets


def test_no_machine_path_and_no_registry_address() -> None:
    path = re.compile(r"(?<![\w.$~/-])/(?:work|farm|root|home/[a-z]\w*|Users/\w+)/")
    address = re.compile(r"https?://[^\s)\">]*(?:py" + "pi|pythonhos" + "ted|npm" + "js|deb" + r"ian)")
    found = [
        f"{name}: {match[0]}"
        for name, text in tracked_texts()
        for match in (*path.finditer(text), *address.finditer(text))
        if not name.endswith(".svg")
    ]
    assert not found


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_module_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module opens with a docstring"
    assert len(text.splitlines()) <= 400, "above 400 lines: could it be two rooms?"


def test_studies_in_the_documentation_are_valid() -> None:
    studies = [
        (path, block)
        for path in sorted((ROOT / "docs").rglob("*.md"))
        for block in re.findall(r"```toml\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    ]
    assert studies
    for path, block in studies:
        parse_study(block, source=path.name)
