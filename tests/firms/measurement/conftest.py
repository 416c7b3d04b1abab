"""Modules beside these tests (the slow twin), and the Chilean plants where they are to be had."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

FOLDER = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def chile() -> pd.DataFrame:
    """Return the file of Chilean plants as it stands; the test is skipped where it is absent."""
    path = FOLDER / "chile_enia_exim_1990_1996.csv"
    if not path.exists():
        pytest.skip("../shared/data is absent")
    return pd.read_csv(path)
