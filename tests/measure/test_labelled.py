"""Labelled arrays meet by their labels: reordered where these agree, refused where they differ, never by position."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tradewinds.errors import AlignmentError, InputError, WeightsError
from tradewinds.measure import (
    ImportWeights,
    bilateral_import_shares,
    common_index_base,
    equal_weights,
    foreign_rnd_stock,
    implied_flow,
    interpolate_gaps,
    labour_cost_share,
    output_from_tfp,
    perpetual_inventory,
    tfp_index,
    tornqvist_input_growth,
    user_cost,
)
from tradewinds.measure.arrays import tidy_array
from tradewinds.measure.labelled import read_series

YEARS = list(range(1970, 1978))
RATE = {"CAN": 0.05, "FRA": 0.1, "USA": 0.2}


def table(countries="CAN FRA USA", *, seed=0, years=YEARS, **others) -> xr.DataArray:
    """Positive numbers that are the same for a country and a year, whatever the order they are asked for in."""
    names = countries.split()
    rows = [np.exp(np.cumsum(np.random.default_rng([seed, *map(ord, name)]).normal(0.05, 0.02, 100))) for name in names]
    values = np.stack(rows)[:, [year - 1960 for year in years]]
    return xr.DataArray(values, dims=("country", "year"), coords={"country": names, "year": years}, **others)


# ---------------------------------------------------------------- depreciation and flows


@pytest.mark.parametrize(
    "rates",
    [
        xr.DataArray([0.2, 0.05, 0.1], dims="country", coords={"country": ["USA", "CAN", "FRA"]}),
        pd.Series({"USA": 0.2, "CAN": 0.05, "FRA": 0.1}),
        pd.Series({"USA": 0.2, "CAN": 0.05, "FRA": 0.1}).rename_axis("country"),
        {"USA": 0.2, "CAN": 0.05, "FRA": 0.1},
    ],
)
def test_depreciation_in_another_order_reaches_its_country(rates):
    made = perpetual_inventory(table(), depreciation=rates)
    np.testing.assert_array_equal(made.depreciation, list(RATE.values()))
    for k, (country, rate) in enumerate(RATE.items()):
        alone = perpetual_inventory(table(country).values[0], depreciation=rate)
        np.testing.assert_array_equal(made.stock[k], alone.stock)
    back = implied_flow(xr.DataArray(made.stock, dims=("country", "year"), coords={"country": list(RATE)}), rates)
    np.testing.assert_allclose(back, table().values[:, :-1], rtol=1e-12)


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ({"CAN": 0.05, "FRA": 0.1}, "country labels differ: depreciation lacks USA"),
        ({"CAN": 0.05, "FRA": 0.1, "JPN": 0.2}, "depreciation lacks USA; flow lacks JPN"),
        (pd.Series([0.1, 0.1, 0.1], ["CAN", "CAN", "FRA"]), "depreciation .labels.: label.s. occur twice: CAN"),
        (
            xr.DataArray([0.1, 0.1, 0.1], dims="industry"),
            "depreciation has the axis industry, but those of flow are country",
        ),
    ],
)
def test_depreciation_of_other_countries_is_refused(rates, message):
    with pytest.raises(AlignmentError, match=message):
        perpetual_inventory(table(), depreciation=rates)


def test_rates_by_country_meet_flows_by_country_and_industry_by_name():
    flow = xr.concat([table(seed=1), table(seed=2)], dim=pd.Index(["31", "32"], name="industry"))
    rates = xr.DataArray(list(RATE.values()), dims="country", coords={"country": list(RATE)})
    made = perpetual_inventory(flow, depreciation=rates)  # industry comes first in the flow
    np.testing.assert_array_equal(made.depreciation, np.tile(list(RATE.values()), (2, 1)))
    assert made.labels == {"industry": ("31", "32"), "country": tuple(RATE), "year": tuple(YEARS)}


def test_plain_flows_take_the_labels_of_the_rates():
    made = perpetual_inventory(table().values, depreciation=RATE, years=YEARS)
    assert list(made.labels.values()) == [("CAN", "FRA", "USA"), tuple(YEARS)]


# ---------------------------------------------------------------- years of a pandas Series


@pytest.mark.parametrize(
    "index",
    [
        [1970, 1971, 1972],
        [1970.0, 1971.0, 1972.0],
        pd.RangeIndex(1970, 1973, name="year"),
        pd.period_range("1970", "1972", freq="Y"),
        pd.date_range("1970-12-31", periods=3, freq="YE"),
    ],
)
def test_years_come_from_the_index_of_a_series(index):
    flow = pd.Series([100.0, 110.0, 125.0], index=index)
    assert perpetual_inventory(flow, depreciation=0.05).years == (1970, 1971, 1972)
    with pytest.raises(AlignmentError, match="carries the years 1970, 1971, 1972, but years = 1980"):
        perpetual_inventory(flow, depreciation=0.05, years=[1980, 1981, 1982])


def test_the_default_index_of_a_series_says_nothing():
    flow = pd.Series([100.0, 110.0, 125.0])
    assert perpetual_inventory(flow, depreciation=0.05).years is None
    assert perpetual_inventory(flow, depreciation=0.05, years=[1970, 1971, 1972]).years == (1970, 1971, 1972)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([1972, 1971, 1970], "flow: years must be consecutive and increase, got 1972, 1971, 1970"),
        ([1970, 1972, 1973], "years must be consecutive"),
        (["CAN", "FRA", "USA"], "labels of its last axis must be years such as 1970, got 'CAN'"),
        (pd.period_range("1970Q1", periods=3, freq="Q"), "occur twice: 1970"),
    ],
)
@pytest.mark.parametrize("function", [interpolate_gaps, lambda flow: perpetual_inventory(flow, depreciation=0.05)])
def test_years_backwards_or_no_years_are_refused(index, message, function):
    with pytest.raises(InputError, match=message.removeprefix("flow: ")):
        function(pd.Series([100.0, 110.0, 125.0], index=index))


def test_a_backwards_xarray_is_refused():
    with pytest.raises(InputError, match="years must be consecutive and increase, got 1977"):
        perpetual_inventory(table()[:, ::-1], depreciation=0.05)


def test_a_mapping_by_year_is_a_series():
    assert read_series({1970: 1.0, 1971: 2.0}, what="flow").years == (1970, 1971)
    with pytest.raises(InputError, match="one number a label"):
        read_series({1970: [1.0, 2.0]}, what="flow")


# ---------------------------------------------------------------- several arrays at once


def test_productivity_does_not_depend_on_the_order_of_its_inputs():
    labour, capital, share = table(seed=2), table(seed=3), 0.5 + 0 * table()
    share[1] = 0.7
    plain = tfp_index(table(seed=1), labour, capital, share)
    other = ["USA", "CAN", "FRA"]
    mixed = tfp_index(
        table(seed=1),
        table("FRA USA CAN", seed=2),
        capital.sel(country=other).transpose("year", "country").transpose("country", "year"),
        share.sel(country=other).transpose("year", "country"),
    )
    np.testing.assert_array_equal(mixed.index, plain.index)
    np.testing.assert_allclose(
        plain.index[1], tfp_index(*(x.values[1] for x in (table(seed=1), labour, capital, share))).index
    )
    growth = tornqvist_input_growth(labour, capital.sel(country=other), share)
    np.testing.assert_array_equal(growth, plain.input_growth)
    first = pd.Series({country: float(table(country, seed=1)[0, 0]) for country in other}).rename_axis("country")
    tfp = xr.DataArray(plain.index, coords=labour.coords)
    np.testing.assert_allclose(output_from_tfp(tfp, labour, capital, share, first), table(seed=1).values, rtol=1e-12)


@pytest.mark.parametrize(
    ("labour", "message"),
    [
        (table("CAN FRA JPN"), "country labels differ: labour lacks USA; output lacks JPN"),
        (table("CAN FRA"), "labour lacks USA"),
        (table(years=range(1971, 1979)), "year labels differ: labour lacks 1970; output lacks 1978"),
        (table().rename(country="industry"), "labour has the axis industry, but those of output are country, year"),
    ],
)
def test_inputs_of_other_countries_or_years_are_refused(labour, message):
    with pytest.raises(AlignmentError, match=message):
        tfp_index(table(), labour, table(), 0.7)
    with pytest.raises(
        AlignmentError,
        match=message.replace("output", "labour_cost")
        .replace("labour has", "capital has")
        .replace("labour lacks", "capital lacks"),
    ):
        labour_cost_share(table(), 0.2, labour)


def test_an_array_without_labels_between_two_orders_is_refused():
    labour, capital = table(), table("USA CAN FRA")
    with pytest.raises(
        AlignmentError, match="output has no country labels, while arrays beside it carry theirs in different"
    ):
        tfp_index(table().values, labour, capital, 0.7)
    assert tfp_index(table().values, labour, table(seed=4), 0.7).labels["country"] == ("CAN", "FRA", "USA")


def test_rates_of_user_cost_meet_by_country():
    inflation = table()
    tax = xr.DataArray([0.3, 0.4, 0.5], dims="country", coords={"country": ["USA", "CAN", "FRA"]})
    expected = (0.1 + inflation.values) / (1 - np.array([[0.4], [0.5], [0.3]]))
    np.testing.assert_allclose(user_cost(0.1, inflation, tax), expected, rtol=1e-14)


# ---------------------------------------------------------------- trade


ABC = ("CAN", "FRA", "USA")


def flows(order=ABC, dims=("importer", "partner", "industry")) -> xr.DataArray:
    values = np.random.default_rng(3).uniform(1, 9, (3, 3, 1)) * (1 - np.eye(3))[:, :, None]
    coords = {dims[0]: list(ABC), dims[1]: list(ABC), dims[2]: ["31"]}
    made = xr.DataArray(values, dims=dims, coords=coords)
    return made.sel({dims[0]: list(order), dims[1]: list(order[::-1])})


def test_flows_and_shares_are_brought_into_the_order_of_their_labels():
    plain = bilateral_import_shares(flows(), ABC, ["31"], orientation="importer_partner")
    mixed = bilateral_import_shares(flows(("USA", "CAN", "FRA")), ABC, ["31"], orientation="importer_partner")
    np.testing.assert_array_equal(mixed.values, plain.values)
    own = xr.DataArray(plain.values, dims=("importer", "partner", "industry"), coords={"partner": list(ABC)})
    np.testing.assert_array_equal(ImportWeights(own[:, ::-1], ABC, ("31",)).values, plain.values)
    with pytest.raises(AlignmentError, match="flows lacks JPN; the labels given lacks USA"):
        bilateral_import_shares(flows(), ("CAN", "FRA", "JPN"), ["31"], orientation="importer_partner")


def test_axes_that_contradict_the_orientation_are_refused():
    with pytest.raises(
        WeightsError, match=r'flows have the axes importer, partner.*not orientation = "exporter_importer"'
    ):
        bilateral_import_shares(flows(), ABC, ["31"], orientation="exporter_importer")
    with pytest.raises(WeightsError, match="axes exporter, importer"):
        turned = flows(dims=("exporter", "importer", "industry"))
        bilateral_import_shares(turned, ABC, ["31"], orientation="importer_partner")


def test_gdp_and_imports_of_foreign_research_are_aligned():
    stock = table().expand_dims(industry=["31"], axis=1)
    weights = equal_weights(ABC, ["31"])
    options = {"method": "lichtenberg-van-pottelsberghe"}
    plain = foreign_rnd_stock(stock, weights, gdp=table(seed=5), bilateral_imports=flows(), **options)
    mixed = foreign_rnd_stock(
        stock, weights, gdp=table("USA FRA CAN", seed=5), bilateral_imports=flows(ABC[::-1]), **options
    )
    np.testing.assert_array_equal(mixed.values, plain.values)
    with pytest.raises(AlignmentError, match="gdp lacks 1970"):
        foreign_rnd_stock(stock, weights, gdp=table(years=range(1971, 1979)), bilateral_imports=flows(), **options)
    with pytest.raises(WeightsError, match="importer on its first axis"):
        turned = flows(dims=("exporter", "importer", "industry"))
        foreign_rnd_stock(stock, weights, gdp=table(seed=5), bilateral_imports=turned, **options)


def test_the_base_year_of_a_labelled_index_is_a_year():
    stock = table() / table().sel(year=1973)
    assert common_index_base(stock) == 1973


# ---------------------------------------------------------------- labels reach the results


def test_results_keep_their_labels():
    gaps = table().copy()
    gaps[1, 3] = np.nan
    with pytest.warns(UserWarning, match="interpolated"):
        filled = interpolate_gaps(gaps)
    results = [
        perpetual_inventory(table(), depreciation=0.05),
        filled,
        tfp_index(table(seed=1), table(seed=2), table(seed=3), 0.7),
    ]
    for result in results:
        assert result.years == tuple(YEARS)
        frame = result.tidy()
        assert list(frame.columns[3:5]) == ["country", "year"]
        assert frame["country"].unique().tolist() == list(ABC)
        assert frame["year"].tolist() == YEARS * 3
        assert set(result.plot().axes[-1].get_legend_handles_labels()[1]) >= set(ABC)
    assert "1970 = 100" in results[-1].plot().axes[0].get_ylabel()


def test_years_alone_are_kept_too():
    plain = [table(seed=k).values for k in range(3)]
    made = tfp_index(*plain, 0.7, years=YEARS)
    assert list(made.tidy().columns[3:]) == ["axis_0", "year"]
    with pytest.raises(InputError, match=r"labour at series .1., year 1972 is -1"):
        bad = plain[1].copy()
        bad[1, 2] = -1.0
        tfp_index(plain[0], bad, plain[2], 0.7, years=YEARS)


# ---------------------------------------------------------------- tidy rows and equality


def test_tidy_rows_pass_the_checks_of_tidy_frames():
    frame = tidy_array("stock", np.arange(6.0).reshape(2, 3), "1", {"country": ["CAN", "USA"], "year": [1, 2, 3]})
    assert frame["value"].tolist() == [0, 1, 2, 3, 4, 5]
    assert frame["country"].tolist() == ["CAN"] * 3 + ["USA"] * 3
    assert frame["year"].tolist() == [1, 2, 3] * 2
    with pytest.raises(InputError, match="both stock, CAN"):
        tidy_array("stock", np.ones(2), "1", {"country": ["CAN", "CAN"]})
    with pytest.raises(InputError, match="country must be one line of text"):
        tidy_array("stock", np.ones(2), "1", {"country": ["CAN", "U\nSA"]})


def test_results_with_arrays_can_be_compared():
    first, second = (perpetual_inventory(table(), depreciation=0.05) for _ in range(2))
    weights = equal_weights(ABC, ["31"])
    index = tfp_index(table(), table(), table(), 0.7)
    foreign = foreign_rnd_stock(table().expand_dims(industry=["31"], axis=1), weights, method="equal")
    for result in (first, weights, index, foreign, first.settings, interpolate_gaps(table())):
        assert result in [object(), result]
        assert len({result, result}) == 1
    assert first != second and first.settings != second.settings


def test_weights_are_a_read_only_copy():
    values = equal_weights(ABC, ["31"]).values.copy()
    weights = ImportWeights(values, ABC, ("31",))
    values[0, 1] = 9.0
    assert weights.values[0, 1] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        weights.values[0, 1] = 9.0
