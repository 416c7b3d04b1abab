"""Grubel-Lloyd and marginal intra-industry trade: against loops, with identities, and what bad flows are told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import DataError, InputError
from tradewinds.firms.measurement import aggregation_bias, grubel_lloyd, marginal_intra_industry_trade

money = st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def flows(draw) -> pd.DataFrame:
    rows = [
        {"year": year, "product": f"{major}{minor}", "exports": draw(money), "imports": draw(money)}
        for year in (1, 2)
        for major in "12"
        for minor in range(draw(st.integers(1, 4)))
    ]
    return pd.DataFrame(rows)


def twin(rows: list[tuple[str, float, float]], digits: int) -> float:
    """Sum to industries in a dictionary, then the textbook formula."""
    exports: dict[str, float] = {}
    imports: dict[str, float] = {}
    for code, x, m in rows:
        exports[code[:digits]] = exports.get(code[:digits], 0) + x
        imports[code[:digits]] = imports.get(code[:digits], 0) + m
    trade = sum(exports.values()) + sum(imports.values())
    return 1 - sum(abs(exports[i] - imports[i]) for i in exports) / trade if trade else float("nan")


@settings(deadline=None, max_examples=40)
@given(flows(), st.sampled_from([1, 2]))
def test_the_index_is_the_formula_written_out(frame, digits):
    found = grubel_lloyd(frame, by=["year"], level=digits).index.set_index("year")["grubel_lloyd"]
    for year, rows in frame.groupby("year"):
        expected = twin(list(rows[["product", "exports", "imports"]].itertuples(index=False, name=None)), digits)
        np.testing.assert_allclose(found[year], expected, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(flows())
def test_aggregation_never_lowers_the_index_and_the_bias_is_what_cancels(frame):
    table = aggregation_bias(frame, [2, 1, "total"], by=["year"]).table.dropna()
    assert (table["bias"] >= -1e-9).all()
    for year, rows in table.groupby("year"):
        part = frame[frame["year"] == year]
        gap = part["exports"] - part["imports"]
        inside = gap.abs().sum() - gap.groupby(part["product"].str[0]).sum().abs().sum()
        np.testing.assert_allclose(rows.set_index("level").loc["1 digits", "cancelled"], inside, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(flows())
def test_an_index_is_the_trade_weighted_mean_of_its_industries(frame):
    result = grubel_lloyd(frame, by=["year"])
    for _, row in result.index.dropna().iterrows():
        parts = result.industries[result.industries["year"] == row["year"]]
        mean = (parts["weight"] * parts["grubel_lloyd"].fillna(0)).sum()
        np.testing.assert_allclose(mean, row["grubel_lloyd"], atol=1e-9)


def test_units_do_not_matter_and_freight_does():
    frame = pd.DataFrame({"product": ["11", "12"], "exports": [3.0, 1.0], "imports": [2.0, 5.0]})
    index = grubel_lloyd(frame).index["grubel_lloyd"][0]
    scaled = frame.assign(exports=frame["exports"] * 7, imports=frame["imports"] * 7)
    assert grubel_lloyd(scaled).index["grubel_lloyd"][0] == pytest.approx(index, abs=1e-14)
    assert grubel_lloyd(frame, cif_fob_ratio=1.1).index["grubel_lloyd"][0] != pytest.approx(index, abs=1e-3)


def test_adjustments_for_an_overall_imbalance():
    # X = 10, 10; M = 5, 5: everything that could be matched is matched, so both adjustments give one
    frame = {"product": ["1", "2"], "exports": [10.0, 10.0], "imports": [5.0, 5.0]}
    assert grubel_lloyd(frame).index["grubel_lloyd"][0] == pytest.approx(2 / 3)
    assert grubel_lloyd(frame, adjustment="grubel-lloyd").index["grubel_lloyd"][0] == pytest.approx(1)
    assert grubel_lloyd(frame, adjustment="aquino").index["grubel_lloyd"][0] == pytest.approx(1)
    # with surpluses and deficits, by hand: X = 8, 2, M = 1, 4; |gaps| 7 + 2 of 15; Aquino: X*.75, M*1.5 -> 4.5, 4.5
    frame = {"product": ["1", "2"], "exports": [8.0, 2.0], "imports": [1.0, 4.0]}
    assert grubel_lloyd(frame, adjustment="grubel-lloyd").index["grubel_lloyd"][0] == pytest.approx(6 / 10)
    assert grubel_lloyd(frame, adjustment="aquino").index["grubel_lloyd"][0] == pytest.approx(6 / 15)


def test_partners_are_kept_apart_when_named():
    frame = {"product": ["1", "1"], "partner": ["A", "B"], "exports": [4.0, 0.0], "imports": [0.0, 4.0]}
    assert list(grubel_lloyd(frame, by=["partner"]).index["grubel_lloyd"]) == [0, 0]
    with pytest.raises(DataError, match=r"2 rows repeat a product: rows 1, 2"):
        grubel_lloyd(frame)


@settings(deadline=None, max_examples=40)
@given(flows())
def test_marginal_trade_is_the_formula_written_out(frame):
    result = marginal_intra_industry_trade(frame, 1, 2)
    matched = size = 0.0
    for code in sorted(set(frame["product"])):
        change = []
        for column in ("exports", "imports"):
            by_year = [frame[(frame["product"] == code) & (frame["year"] == year)][column].sum() for year in (1, 2)]
            change.append(by_year[1] - by_year[0])
        big, gap = abs(change[0]) + abs(change[1]), abs(change[0] - change[1])
        matched, size = matched + big - gap, size + big
        if big > 0:
            row = result.industries.set_index("industry").loc[code]
            np.testing.assert_allclose([row["a"], abs(row["b"])], [1 - gap / big, gap / big], atol=1e-9)
    if size > 0:
        np.testing.assert_allclose(result.index["a"][0], matched / size, atol=1e-9)


def test_a_rising_index_need_not_be_two_way_growth():
    # exports grow towards balance and imports do not: the index rises, none of the change is matched
    frame = {"year": [1, 2], "product": ["1", "1"], "exports": [1.0, 4.0], "imports": [5.0, 5.0]}
    levels = grubel_lloyd(frame, by=["year"]).index["grubel_lloyd"]
    assert levels[1] > levels[0]
    result = marginal_intra_industry_trade(frame, 1, 2)
    assert result.index["a"][0] == 0 and result.industries["b"][0] == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"exports": [-1.0, 2.0]}, r"exports: 1 values are below 0, such as -1: row 1"),
        ({"imports": [None, 2.0]}, r"imports: 1 cells are empty: row 1"),
        ({"imports": ["x", "2"]}, r"imports: 1 cells are not numbers, such as 'x': row 1"),
        ({"product": ["1", "1"]}, r"2 rows repeat a product"),
    ],
)
def test_bad_flows_are_named_with_rows(change, message):
    frame = {"product": ["1", "2"], "exports": [1.0, 2.0], "imports": [1.0, 2.0]} | change
    with pytest.raises(DataError, match=message):
        grubel_lloyd(frame)


def test_bad_levels_and_options():
    frame = {"product": ["011", "12"], "exports": [1.0, 2.0], "imports": [1.0, 2.0], "coarse": ["a", "b"]}
    with pytest.raises(InputError, match="1 codes are shorter, such as 12"):
        grubel_lloyd(frame, level=3)
    with pytest.raises(InputError, match="the mapping lacks 1 products, such as 12"):
        grubel_lloyd(frame, level={"011": "x"})
    with pytest.raises(InputError, match='Did you mean "aquino"'):
        grubel_lloyd(frame, adjustment="aquin")
    with pytest.raises(InputError, match="not nested"):
        aggregation_bias(frame, {"wide": "total", "fine": None})
    with pytest.raises(InputError, match=r"no column 'coarze'\. Did you mean"):
        grubel_lloyd(frame, level="coarze")
    with pytest.raises(InputError, match="no row is of 3"):
        marginal_intra_industry_trade({"year": [1, 2]} | frame, 1, 3)
    with pytest.raises(InputError, match="cif_fob_ratio"):
        grubel_lloyd(frame, cif_fob_ratio=0)


def test_no_trade_has_no_index_and_says_so():
    result = grubel_lloyd({"product": ["1"], "exports": [0.0], "imports": [0.0]})
    assert np.isnan(result.index["grubel_lloyd"][0])
    assert "1 of 1 groups" in result.summary() and "1 of 1 rows have no trade" in result.summary()


def test_results_speak():
    frame = pd.DataFrame(
        {"year": [1, 1, 2, 2], "product": ["11", "12", "11", "12"], "exports": [4, 0, 5, 2], "imports": [0, 3, 1, 3]}
    )
    bias = aggregation_bias(frame, [2, 1], by=["year"])
    assert set(bias.tidy()["variable"]) == {"grubel_lloyd", "bias"}
    tidy = grubel_lloyd(frame, by=["year"]).tidy()
    assert list(tidy.columns) == ["variable", "value", "unit", "year", "industry", "level"] and len(tidy) == 6
    marginal = marginal_intra_industry_trade(frame, 1, 2)
    assert {"marginal_intra_industry_trade_a"} <= set(marginal.tidy()["variable"])
    assert "Brülhart" in marginal.summary()
    for result in (bias, grubel_lloyd(frame, by=["year"]), grubel_lloyd(frame.iloc[:2]), marginal):
        figure = result.plot()
        assert figure.axes[0].get_title(loc="left") and figure.axes[0].get_legend() is not None
