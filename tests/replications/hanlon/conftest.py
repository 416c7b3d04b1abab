"""The replication of Hanlon (2012), run once for all tests that look at it."""

from __future__ import annotations

import pytest

from tradewinds.replications import replicate
from tradewinds.replications.hanlon import run as runner
from tradewinds.report import read_scoreboard


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Run the replication once, through the command's own function; keep what was solved."""
    kept = {"worlds": {}}
    solve, general = runner.solve_world, runner.judge_general

    def keep(sigma):
        kept["worlds"][f"{sigma:.3f}"] = solve(sigma)
        return kept["worlds"][f"{sigma:.3f}"]

    def keep_general():
        kept["general"], kept["propositions"] = general()
        return kept["general"], kept["propositions"]

    out = tmp_path_factory.mktemp("hanlon") / "replication"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "solve_world", keep)
        patch.setattr(runner, "judge_general", keep_general)
        seen = []
        kept["outcome"] = replicate(["hanlon"], out, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (5, 5) and [done for done, _ in seen] == [1, 2, 3, 4, 5]
    return kept


@pytest.fixture(scope="session")
def board(made):
    return read_scoreboard(made["outcome"].folder / "scoreboard.csv").astype({"computed": float, "difference": float})


@pytest.fixture(scope="session")
def middle(made):
    """The figures' economies at an elasticity of two."""
    return made["worlds"]["2.000"]
