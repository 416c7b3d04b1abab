"""The end of a pattern: no event is stepped over."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.clusters.flow import _end_of, follow
from tradewinds.clusters.openings import static_pattern
from tradewinds.clusters.paper import paper_economy


class Slack:
    """A pattern of one industry whose slack is a given function of time."""

    closed = np.array([False])

    def __init__(self, function):
        self.function = function

    def slack(self, technology):
        return np.atleast_1d(self.function(technology[..., 0, 0]))[..., np.newaxis].reshape(*technology.shape[:-2], 1)


def at(time):
    return np.reshape(np.asarray(time, dtype=float), (*np.shape(time), 1, 1))


@pytest.mark.parametrize("centre", [0.31, 0.4321, 0.5, 0.77])
@pytest.mark.parametrize("depth", [1e-3, 1e-6])
def test_a_dip_between_two_looks_is_seen(centre, depth):
    """The slack is below zero for a small part of the step only, within two neighbouring looks or around one."""

    def dip(time):
        return (time - centre) ** 2 - depth**2

    found = _end_of(Slack(dip), at, 0.0, 1.0, np.zeros(1))
    assert found == pytest.approx(centre - depth, abs=1e-10)


def test_a_dip_that_stays_above_zero_is_none():
    assert _end_of(Slack(lambda time: (time - 0.4321) ** 2 + 1e-9), at, 0.0, 1.0, np.zeros(1)) is None


def test_the_first_of_two_crossings_is_found():
    found = _end_of(Slack(lambda time: np.cos(9 * time)), at, 0.0, 1.0, np.zeros(1))
    assert found == pytest.approx(np.pi / 18, abs=1e-12)


def test_segment_of_figure_3():
    economy = paper_economy(3)
    pattern = static_pattern(economy, np.ones(4, dtype=bool))
    segment = follow(pattern, economy.technology, 5.0, 25.0, 1.0)
    assert (segment.start, segment.end, segment.ended_by, segment.regime) == (5, 25, "stop", "trade")
    assert segment.open_industries == (1, 2, 3, 4)
    np.testing.assert_allclose(segment.technology_at(25)[0], [12, 12, 5, 5], rtol=1e-12)
    assert segment.technology_at(np.array([5.0, 15.0])).shape == (2, 2, 4)
