"""Hard paths: close substitutes whose shares run through in no time, and technologies over five orders of magnitude."""

from __future__ import annotations

import numpy as np

from tradewinds.clusters import ClusterParameters, simulate


def economy(technology, links, **options):
    """Return an economy whose spillovers are named by sender and receiver, counted from one."""
    n = len(technology[0])
    spillovers = np.zeros((n, n))
    for (sender, receiver), strength in links.items():
        spillovers[sender - 1, receiver - 1] = strength
    return ClusterParameters(technology=technology, spillovers=spillovers, **options)


def test_a_shared_industry_closes_soon_after():
    """With close substitutes, industry 2 is shared for two thousandths of a year on its way abroad; then two others move."""
    solution = simulate(
        economy(
            [[0.6802, 1.5123, 1.5386, 1.2047, 1.4766, 0.9809], [1.6254, 1.3087, 0.7002, 1.1287, 1.2408, 0.6634]],
            {(1, 1): 0.073, (1, 3): 0.001, (1, 4): 0.47, (2, 2): 0.029, (2, 5): 0.382, (3, 1): 0.071, (3, 3): 0.257,
             (4, 2): 0.073, (5, 4): 0.234, (5, 5): 0.406, (6, 3): 0.106},
            sigma=20,
            labour=[1, 1],
        ),
        ties="inertia",
    )  # fmt: skip
    assert solution.residual.norm < 1e-10
    assert solution.value.unfinished == 0
    moves = [(event.event, event.industry, event.country) for event in solution.value.events if event.event != "opens"]
    assert moves == [
        ("shared", 2, "foreign"),
        ("closes", 2, "home"),
        ("moves", 6, "foreign"),
        ("moves", 3, "foreign"),
    ]


def test_industries_open_one_by_one_over_five_orders_of_magnitude():
    """Learning once was off by 5e-6 on a step of this path."""
    solution = simulate(
        economy(
            [[264.3293, 0.0049, 0.9158, 172.4306], [4.3268, 0.0014, 0.1259, 0.0488]],
            {(1, 2): 0.499, (2, 3): 0.273, (3, 1): 0.101, (4, 1): 0.153, (4, 2): 0.198},
            sigma=5,
            labour=[1, 4],
        ),
        policy="schedule",
        open_at=[46, 28, 14, 35],
    )
    assert solution.residual.norm < 1e-10
    regimes = [segment.regime for segment in solution.value.segments]
    assert (regimes[0], regimes[-1]) == ("autarky", "trade")
    assert [event.time for event in solution.value.events if event.event == "opens"] == [14, 28, 35, 46]
