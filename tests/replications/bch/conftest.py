"""The replication of Bayoumi, Coe and Helpman, run once for all tests that look at it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tradewinds.replications import replicate
from tradewinds.replications.bch import exhibits, unfitted
from tradewinds.report import read_scoreboard

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Run the replication once, through the command's own function; keep what was simulated."""
    kept = {}
    simulate = exhibits.simulate_all

    def keep(world, step):
        kept["simulated"] = simulate(world, step)
        return kept["simulated"]

    without_fit = unfitted.simulate_unfitted

    def keep_unfitted():
        kept["unfitted"] = without_fit()
        return kept["unfitted"]

    out = tmp_path_factory.mktemp("bch") / "replication"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exhibits, "simulate_all", keep)
        patch.setattr(unfitted, "simulate_unfitted", keep_unfitted)
        seen = []
        kept["outcome"] = replicate(["bch"], out, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] and [done for done, _ in seen] == sorted({done for done, _ in seen})
    return kept


@pytest.fixture(scope="session")
def simulated(made):
    return made["simulated"]


@pytest.fixture(scope="session")
def board(made):
    return read_scoreboard(made["outcome"].folder / "scoreboard.csv").astype({"computed": float, "difference": float})
