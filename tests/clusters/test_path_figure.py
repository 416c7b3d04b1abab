"""The figure of a path: both panels of employment show the same industries, because they share a legend."""

from __future__ import annotations

import numpy as np

from tradewinds.clusters import ClusterParameters, simulate


def test_panels_of_many_industries_share_a_legend():
    """Home is best in the first six of twelve, foreign in the others."""
    random = np.random.default_rng(2)
    technology = random.uniform(1, 2, (2, 12)) + 3 * np.repeat(np.eye(2), 6, axis=1)
    path = simulate(ClusterParameters(technology=technology), horizon=10).value
    home, foreign = path.plot().axes[1:]
    labels = [line.get_label() for line in home.get_lines() if not line.get_label().startswith("_")]
    assert len(labels) == 8
    assert labels[-1] == "all others"
    assert [line.get_label() for line in foreign.get_lines() if not line.get_label().startswith("_")] == labels
    for axis, workers in ((home, path.employment([0.0])[0, :, 0]), (foreign, path.employment([0.0])[1, :, 0])):
        for line in axis.get_lines()[:7]:
            assert line.get_ydata()[0] == workers[int(line.get_label().split()[1]) - 1]
