"""Our paths against Dynare's, on three models written for both. The stored paths come from ``make crosscheck``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import xarray

HERE = Path(__file__).parent

#: Largest difference allowed, relative to the largest level of the variable over the path.
TOLERANCE = 1e-8


def load_models() -> ModuleType:
    specification = importlib.util.spec_from_file_location("crosscheck_models", HERE / "models.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


def differences(ours: xarray.Dataset, theirs: pd.DataFrame) -> pd.Series:
    """Return the largest difference of each of Dynare's variables, relative to its level."""
    found = {}
    for name, column in theirs.items():
        variable, _, country = str(name).rpartition("_")
        here = ours.sel(year=theirs.index)
        regional = str(name) not in here
        path = here[variable].sel(country=country) if regional else here[str(name)]
        level = np.abs(column).max() or 1.0
        found[str(name)] = float(np.abs(path.values - column.values).max() / level)
    return pd.Series(found)


def names(models: ModuleType, name: str) -> set[str]:
    """Return the model's unknowns as the ``.mod`` file names them."""
    model = getattr(models, f"{name}_model")()
    return {label.rstrip("]").replace("[", "_") for label in model.unknown_labels}


@pytest.mark.parametrize(("name", "moves"), [("growth", "capital"), ("trade", "bonds_H"), ("world", "tfp_R1")])
def test_paths_agree_with_dynare(name: str, moves: str) -> None:
    theirs = pd.read_csv(HERE / "reference" / f"{name}.csv", index_col="year")
    assert np.ptp(theirs[moves]) > 0.01  # the experiment does something
    models = load_models()
    ours = getattr(models, f"{name}_scenario")()
    apart = differences(ours, theirs)
    assert set(apart.index) == names(models, name)
    assert apart.max() < TOLERANCE, apart.nlargest(5)
