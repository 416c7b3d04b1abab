"""A path whose patterns follow each other on one date for ever stops, and is judged unsolved."""

from __future__ import annotations

import numpy as np

from tradewinds.clusters import paper_economy, policies, simulate
from tradewinds.clusters.flow import Segment


def test_a_path_that_gets_nowhere_ends(monkeypatch):
    """Every pattern ends at once, and the same one follows."""
    followed = []

    def follow(pattern, technology, start, *_):
        followed.append(start)
        return Segment(start, start, pattern, np.array([start]), "pattern", lambda _: technology.ravel())

    monkeypatch.setattr(policies, "follow", follow)
    monkeypatch.setattr(policies, "next_pattern", lambda pattern, technology: pattern)
    solution = simulate(paper_economy(3), throw=False)
    assert len(followed) < 100
    assert not solution.ok
    assert solution.value.unfinished == 1
