"""Import weights: which way they point, what they add up to, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.data import keller_import_weights
from tradewinds.errors import AlignmentError, InputError, WeightsError
from tradewinds.measure import ImportWeights, bilateral_import_shares, equal_weights

ABC = ("CAN", "FRA", "USA")

#: As Keller's Tables A-1 to A-6 are printed: exporter in rows, importer in columns.
PRINTED = np.array(
    [
        # to CAN, FRA, USA
        [0.0, 10.0, 60.0],  # from CAN
        [20.0, 0.0, 40.0],  # from FRA
        [60.0, 30.0, 0.0],  # from USA
    ]
)[:, :, None]


def test_shares_of_a_printed_table_are_column_shares():
    """Canada imports 20 + 60 = 80: a quarter from France; France 40: a quarter from Canada; the USA 100: .6 and .4."""
    weights = bilateral_import_shares(PRINTED, ABC, ["31"], orientation="exporter_importer")
    expected = [[0.0, 0.25, 0.75], [0.25, 0.0, 0.75], [0.6, 0.4, 0.0]]
    np.testing.assert_allclose(weights.values[:, :, 0], expected)


def test_the_other_orientation_is_the_transposed_table():
    as_printed = bilateral_import_shares(PRINTED, ABC, ["31"], orientation="exporter_importer")
    turned = bilateral_import_shares(np.swapaxes(PRINTED, 0, 1), ABC, ["31"], orientation="importer_partner")
    np.testing.assert_array_equal(as_printed.values, turned.values)
    misread = bilateral_import_shares(PRINTED, ABC, ["31"], orientation="importer_partner")
    assert np.abs(misread.values - as_printed.values).max() > 0.1  # and it passes every check of the type


def test_bundled_weights_of_keller_sum_to_one():
    weights = keller_import_weights()
    np.testing.assert_allclose(weights.values.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_array_equal(np.einsum("iij->ij", weights.values), 0.0)
    assert weights.orientation == "importer by partner"
    # Canada buys most of its food machinery in the USA, and little of the USA's comes from Canada
    can, usa = weights.countries.index("CAN"), weights.countries.index("USA")
    assert weights.values[can, usa, 0] > 0.5 > weights.values[usa, can, 0]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 3), st.integers(0, 3), st.floats(1e-6, 1e9))
def test_shares_sum_to_one_whatever_the_unit(seed, size, industries, years, unit):
    rng = np.random.default_rng(seed)
    flows = rng.exponential(size=(size, size, industries, *((years,) if years else ())))
    own = np.arange(size)
    flows[own, own] = 0.0
    labels = ([f"C{k}" for k in range(size)], [str(k) for k in range(industries)], range(years) if years else None)
    weights = bilateral_import_shares(flows, *labels, orientation="importer_partner")
    scaled = bilateral_import_shares(unit * flows, *labels, orientation="importer_partner")
    np.testing.assert_allclose(weights.values.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(scaled.values, weights.values, rtol=1e-12)
    assert weights.vary_over_time is bool(years)
    order = rng.permutation(size)
    moved = bilateral_import_shares(
        flows[np.ix_(order, order)], [labels[0][k] for k in order], *labels[1:], orientation="importer_partner"
    )
    np.testing.assert_allclose(moved.values, weights.values[np.ix_(order, order)], rtol=1e-13)


def test_missing_diagonal_is_zero_and_the_callers_flows_stay():
    flows = PRINTED.copy()
    flows[1, 1] = np.nan
    weights = bilateral_import_shares(flows, ABC, ["31"], orientation="exporter_importer")
    assert weights.values[1, 1, 0] == 0.0
    assert np.isnan(flows[1, 1, 0])


def changed(place: tuple[int, int], value: float) -> np.ndarray:
    flows = PRINTED.copy()
    flows[place] = value
    return flows


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        (changed((0, 1), np.nan), "imports at importer FRA, partner CAN, industry 31 is nan; .*not a zero flow"),
        (
            changed((0, 1), -5.0),
            "imports at importer FRA, partner CAN, industry 31 is -5; it must be finite and not neg",
        ),
        (changed((0, 1), np.inf), "importer FRA, partner CAN, industry 31 is inf"),
        (changed((1, 1), 7.0), "own imports at importer FRA, industry 31 is 7; it must be zero"),
        (PRINTED * [[[0.0], [1.0], [1.0]]], "from all partners at importer CAN, industry 31 is 0; .* not defined"),
        (PRINTED[:, :2], r"flows have shape \(3, 2, 1\), expected \(3, 3, 1\): \(exporter, importer, industry\)"),
        (PRINTED[:, :, 0], "flows have shape"),
    ],
)
def test_flows_refused(flows, message):
    with pytest.raises(WeightsError, match=message):
        bilateral_import_shares(flows, ABC, ["31"], orientation="exporter_importer")


def test_the_year_of_a_bad_flow_is_named():
    flows = np.repeat(PRINTED[..., None], 2, axis=-1)
    flows[2, 0, 0, 1] = -1
    with pytest.raises(WeightsError, match="importer CAN, partner USA, industry 31, year 1971 is -1"):
        bilateral_import_shares(flows, ABC, ["31"], [1970, 1971], orientation="exporter_importer")


def test_orientation_has_no_default_and_is_checked():
    with pytest.raises(TypeError, match="orientation"):
        bilateral_import_shares(PRINTED, ABC, ["31"])
    with pytest.raises(WeightsError, match=r'orientation is .rows.; allowed: "importer_partner"'):
        bilateral_import_shares(PRINTED, ABC, ["31"], orientation="rows")


GOOD = np.array([[0.0, 0.25, 0.75], [0.25, 0.0, 0.75], [0.6, 0.4, 0.0]])[:, :, None]


def with_row(*row: float) -> np.ndarray:
    shares = GOOD.copy()
    shares[1, :, 0] = row
    return shares


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (with_row(0.3, 0.0, 0.75), "importer FRA, industry 31: shares sum to 1.05, they must sum to one"),
        (with_row(0.2, 0.05, 0.75), "importer FRA, industry 31: own share is 0.05, the diagonal must be zero"),
        (with_row(-0.25, 0.0, 1.25), "importer FRA, industry 31: share of CAN is -0.25"),
        (with_row(np.nan, 0.0, 0.75), "importer FRA, industry 31: share of CAN is nan"),
        (GOOD[:2], r"weights have shape \(2, 3, 1\), expected \(3, 3, 1\)"),
    ],
)
def test_weights_refused(shares, message):
    with pytest.raises(WeightsError, match=message):
        ImportWeights(shares, ABC, ("31",))


def test_many_problems_are_counted():
    with pytest.raises(WeightsError, match=r"year 0: shares sum to 0.*and 23 more"):
        ImportWeights(np.zeros((3, 3, 1, 11)), ABC, ("31",), tuple(range(11)))


def test_rounded_shares_pass_and_labels_may_be_lists():
    weights = ImportWeights(GOOD * (1 + 5e-7), list(ABC), ["31"])
    assert weights.countries == ABC
    assert ImportWeights(GOOD.tolist(), ABC, ("31",)).values.shape == (3, 3, 1)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ((("CAN", "CAN", "USA"), ("31",), None), "countries of weights: .*CAN"),
        ((ABC, ("31", "31"), None), "industries of weights: .*31"),
        ((ABC, ("31",), (1970, 1970)), "years of weights: .*1970"),
    ],
)
def test_labels_occur_once(labels, message):
    with pytest.raises(AlignmentError, match=message):
        ImportWeights(GOOD, *labels)


def test_equal_weights():
    weights = equal_weights(ABC, ["31", "32"], [1970, 1971])
    assert weights.values.shape == (3, 3, 2, 2)
    assert set(np.unique(weights.values)) == {0.0, 0.5}
    assert weights.kind == "equal share"
    assert equal_weights([f"C{k}" for k in range(8)], ["31"]).values[0, 1, 0] == 1 / 7
    with pytest.raises(WeightsError, match="at least two countries, got 1"):
        equal_weights(["CAN"], ["31"])


def test_partners_are_everyone_else():
    weights = ImportWeights(GOOD, ABC, ("31",))
    np.testing.assert_array_equal(weights.partners_of(1), [0, 2])


def test_ragged_flows_are_refused():
    with pytest.raises(InputError, match="flows must be numbers in a rectangular array"):
        bilateral_import_shares([[[1.0], [2.0]], [[1.0]]], ["CAN", "USA"], ["31"], orientation="importer_partner")


def test_weights_come_as_tidy_rows_that_pivot_to_the_matrix():
    weights = keller_import_weights()
    frame = weights.tidy()
    assert list(frame.columns) == ["variable", "value", "unit", "importer", "partner", "industry"]
    assert set(frame["variable"]) == {"bilateral_import_share"}
    part = frame[frame["industry"] == weights.industries[1]]
    matrix = part.pivot(index="importer", columns="partner", values="value")
    matrix = matrix.loc[list(weights.countries), list(weights.countries)]
    np.testing.assert_array_equal(matrix.to_numpy(), weights.values[:, :, 1])
    by_year = equal_weights(ABC, ["31"], [1990, 1991]).tidy()
    assert list(by_year.columns[3:]) == ["importer", "partner", "industry", "year"]
    assert set(by_year["variable"]) == {"equal_share"}
    assert len(by_year) == 18


def test_summary_says_orientation_largest_share_and_concentration():
    weights = bilateral_import_shares(PRINTED, ABC, ["31"], orientation="exporter_importer")
    text = weights.summary()
    assert "3 countries, 1 industries" not in text
    assert "Import weights (bilateral import share): 3 countries, 1 industry" in text
    assert "importer by partner, sum over partners is one" in text
    assert "largest share 0.750: USA (importer CAN, industry 31)" in text
    assert "main partner USA, with 0.750 of others' imports on average" in text
    # Canada and France: 1 / (1/16 + 9/16) = 1.6; the USA: 1 / (.36 + .16) = 1.923.
    assert f"effective partners {(1.6 + 1.6 + 1 / 0.52) / 3:.2f} on average, of 2" in text
    assert "2 years" in equal_weights(ABC, ["31"], [1990, 1991]).summary()
