"""The replication of Melitz and Trefler (2012), run once for all tests that look at it."""

from __future__ import annotations

import pytest

from tradewinds.replications import replicate
from tradewinds.replications.melitz_trefler import economies, stand_ins
from tradewinds.report import read_scoreboard


@pytest.fixture(scope="session")
def outcome(tmp_path_factory):
    """Run the replication once, through the command's own function."""
    out = tmp_path_factory.mktemp("melitz-trefler") / "replication"
    seen = []
    found = replicate(["melitz-trefler"], out, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    return found


@pytest.fixture(scope="session")
def board(outcome):
    return read_scoreboard(outcome.folder / "scoreboard.csv").astype({"computed": float, "difference": float})


@pytest.fixture(scope="session")
def drawn():
    """A few of the economies."""
    return economies.economies(6)


@pytest.fixture(scope="session")
def made():
    return stand_ins.make_stand_ins()
