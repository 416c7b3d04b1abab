"""Parameters of the clusters: what is accepted, what is refused and in which words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tradewinds.citations import cite
from tradewinds.clusters import DEFINITIONS, PAPER_FIGURES, ClusterParameters, paper_economy, solve_trade
from tradewinds.errors import InputError

GOOD = {"technology": {"home": [10, 4], "foreign": [2, 5]}, "sigma": 2, "labour": {"home": 1, "foreign": 2}}


def test_mappings_arrays_and_frames_say_the_same():
    mapped = ClusterParameters(**GOOD)
    array = ClusterParameters(technology=np.array([[10, 4], [2, 5]]), sigma=2, labour=[1, 2])
    frame = ClusterParameters(technology=pd.DataFrame([[10, 4], [2, 5]]), sigma=2, labour=pd.Series([1, 2]))
    turned = ClusterParameters(**GOOD | {"technology": {"foreign": [2, 5], "home": [10, 4]}})
    for other in (array, frame, turned):
        np.testing.assert_array_equal(mapped.technology, other.technology)
        np.testing.assert_array_equal(mapped.labour, other.labour)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sigma": 1.0}, r"sigma is 1\.0; it must be above 1"),
        ({"sigma": float("nan")}, r"sigma is nan; it must be above 1"),
        ({"sigma": "two"}, r"sigma is 'two'; it must be a number above 1"),
        (
            {"technology": {"home": [1, -4], "foreign": [1, 1]}},
            r"technology of home in industry 2 is -4\.0; .* above 0",
        ),
        ({"technology": {"home": [1, 4], "foreign": [np.inf, 1]}}, r"technology of foreign in industry 1 is inf"),
        ({"technology": {"home": [1, 4], "foreign": [1]}}, r"technology: home has shape \(2,\) and foreign \(1,\)"),
        ({"technology": {"home": [1, 4]}}, r"technology lacks foreign"),
        ({"technology": {"home": [1], "foriegn": [1]}}, r'no country \'foriegn\'. Did you mean "foreign"\?'),
        ({"technology": [1, 2]}, r"technology has shape \(2,\); it must have shape \(2, n\)"),
        ({"technology": [[], []]}, r"technology has no industry"),
        ({"technology": [["a", "b"], [1, 2]]}, r"technology is not a rectangle of numbers"),
        ({"labour": [1, 0]}, r"labour of foreign is 0\.0; it must be above 0"),
        ({"labour": [1, 1, 1]}, r"labour has shape \(3,\); it must have shape \(2,\)"),
        (
            {"spillovers": np.zeros((3, 3))},
            r"shape \(3, 3\) but technology has 2 industries: it must have shape \(2, 2\)",
        ),
        ({"spillovers": [[0, 1.5], [0, 0]]}, r"from industry 1 to industry 2 is 1\.5; it must be between 0 and 1"),
        ({"spillovers": [[0, -0.1], [0, 0]], "allow_large_spillovers": True}, r"is -0\.1; it must be at least 0"),
    ],
)
def test_bad_input_is_refused_by_name(changes, words):
    with pytest.raises(InputError, match=words):
        ClusterParameters(**GOOD | changes)


def test_large_spillovers_pass_with_the_flag():
    economy = ClusterParameters(**GOOD, spillovers=[[0, 1.5], [0, 0]], allow_large_spillovers=True)
    assert economy.tau[0, 1] == 1.5


def test_parameters_cannot_be_changed_from_outside():
    technology = np.array([[10.0, 4.0], [2.0, 5.0]])
    economy = ClusterParameters(technology=technology)
    technology[0, 0] = 99
    assert economy.technology[0, 0] == 10
    with pytest.raises(ValueError, match="read-only"):
        economy.technology[0, 0] = 99


def test_every_parameter_is_described():
    assert set(DEFINITIONS) == set(ClusterParameters.__dataclass_fields__) - {"allow_large_spillovers"}
    for definition in DEFINITIONS.values():
        assert all((definition.symbol, definition.unit, definition.bounds, "Hanlon" in definition.source))


def test_figures_are_mirror_economies_in_which_every_industry_is_named():
    for figure in PAPER_FIGURES:
        economy = paper_economy(figure)
        np.testing.assert_array_equal(economy.technology[0], economy.technology[1, ::-1])
        np.testing.assert_array_equal(economy.tau, economy.tau.T)  # so row and column cannot be told apart in the paper
    with pytest.raises(InputError, match="figure is 9; the paper has economies under Figures 2 to 8"):
        paper_economy(9)


def test_results_cite_the_paper():
    assert "Industry Clusters, Trade, and Growth" in cite(solve_trade(paper_economy(2)).value)
