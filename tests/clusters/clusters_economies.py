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
