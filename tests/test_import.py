"""Importing is light: a heavy library loads when something that needs it is used."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import tradewinds

HEAVY = ["pandas", "matplotlib", "scipy", "xarray"]


def loaded(code: str, *names: str) -> list[str]:
    """Return which of the libraries are loaded after running code in a fresh interpreter."""
    script = f"{code}\nimport json, sys\nprint(json.dumps([n for n in {list(names)!r} if n in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_the_check_can_fail():
    assert loaded("import json", "json", "pandas") == ["json"]


def test_import_loads_nothing_heavy():
    assert loaded("import tradewinds", *HEAVY, "numpy", "jinja2", "pydantic") == []


@pytest.mark.parametrize("room", ["labels", "errors", "citations", "plotting", "solvers", "measure"])
def test_lower_floors_load_nothing_heavy(room):
    assert loaded(f"import tradewinds.{room}", *HEAVY) == []


def test_measuring_needs_numpy_only():
    code = "from tradewinds.measure import perpetual_inventory as f; f([1.0, 1.1], depreciation=0.05)"
    assert loaded(code, *HEAVY) == []


def test_public_names_are_found_and_others_are_not():
    for name in tradewinds.__all__:
        assert getattr(tradewinds, name) is not None
    assert dir(tradewinds) == sorted(tradewinds.__all__)
    with pytest.raises(AttributeError, match="module 'tradewinds' has no attribute 'nonsense'"):
        _ = tradewinds.nonsense


def test_every_kind_of_study_is_begun_where_no_extra_is_installed(tmp_path):
    extras = ["asdex", "duckdb", "jax", "linearmodels", "maketables", "pyfixest", "pypardiso", "statsmodels"]
    code = f"import sys; sys.modules.update(dict.fromkeys({extras!r}))\n"  # as if they were not there
    code += "from tradewinds.study import KINDS, read_study, write_starter\n"
    code += f"print(*(read_study(write_starter(kind, {str(tmp_path)!r} + '/' + kind)[0]).kind for kind in KINDS))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {"spillovers", "world", "clusters", "firms", "plants"} <= set(done.stdout.split())
