"""Economies drawn at random."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tradewinds.clusters import ClusterParameters


@st.composite
def economies(draw, most=6, decades=1.0, highest_sigma=10.0):
    """Two countries, up to ``most`` industries, technologies over twice as many decades as given."""
    n = draw(st.integers(1, most))
    logs = draw(st.lists(st.floats(-decades, decades), min_size=2 * n, max_size=2 * n))
    labour = 10.0 ** np.array(draw(st.tuples(st.floats(-1, 1), st.floats(-1, 1))))
    technology = 10.0 ** np.reshape(logs, (2, n))
    return ClusterParameters(technology=technology, labour=labour, sigma=draw(st.floats(1.05, highest_sigma)))


def random_economy(seed, n=6):
    """Return an asymmetric economy with four links in ten."""
    random = np.random.default_rng(seed)
    return ClusterParameters(
        technology=random.uniform(1, 10, (2, n)),
        labour=random.uniform(0.5, 2, 2),
        sigma=random.uniform(1.2, 6),
        spillovers=random.uniform(0, 0.3, (n, n)) * (random.random((n, n)) < 0.4),
    )
