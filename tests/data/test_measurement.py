"""Stocks and productivity of a user's panel are those of the measure functions, and every step is said."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from tradewinds.data.measurement import Measurement
from tradewinds.data.reader import read_panel
from tradewinds.data.template import template_frame
from tradewinds.errors import BenchmarkWarning, DataError, InputError
from tradewinds.measure import labour_cost_share, perpetual_inventory, tfp_index, user_cost
from tradewinds.study.fields import MeasurementOptions

COUNTRIES, INDUSTRIES, YEARS = ("CAN", "DEU", "JPN"), ("31", "32"), tuple(range(1980, 1990))
SHAPE = (3, 2, 10)


def long(name, values, *axes):
    labels = {"country": COUNTRIES, "partner": COUNTRIES, "industry": INDUSTRIES, "year": YEARS}
    index = pd.MultiIndex.from_product([labels[axis] for axis in axes], names=axes)
    frame = pd.DataFrame({"value": np.asarray(values, dtype=float).ravel()}, index=index).reset_index()
    frame = frame.assign(variable=name).reindex(columns=["variable", "country", "partner", "industry", "year", "value"])
    return frame[frame["country"] != frame["partner"]].astype(object).where(frame.notna(), "")


CELL = ("country", "industry", "year")


@pytest.fixture
def raw():
    """Raw series by name, and how each is labelled."""
    rng = np.random.default_rng(8)
    growing = np.exp(0.03 * np.arange(10) + np.cumsum(rng.normal(scale=0.02, size=(7, *SHAPE)), axis=-1))
    names = ("output", "labour", "labour_cost", "investment", "capital", "value_added", "rnd_expenditure")
    scale = (100.0, 20.0, 40.0, 12.0, 150.0, 80.0, 5.0)
    series = {name: (size * path, CELL) for name, size, path in zip(names, scale, growing, strict=True)}
    series["capital_depreciation"] = (np.array([0.08, 0.1, 0.17]), ("country",))
    series["real_interest"] = (np.full(3, 0.1), ("country",))
    series["inflation"] = (rng.uniform(0.01, 0.08, size=(3, 10)), ("country", "year"))
    series["tax_rate"] = (rng.uniform(0.2, 0.5, size=(3, 10)), ("country", "year"))
    flows = rng.lognormal(size=(3, 3, 2))
    series["bilateral_imports"] = (flows, ("country", "partner", "industry"))
    return series


def table(raw, *without, **extra):
    chosen = {name: entry for name, entry in raw.items() if name not in without} | extra
    return pd.concat([long(name, values, *axes) for name, (values, axes) in chosen.items()], ignore_index=True)


def slow_inventory(flow, rate):
    """Stock at the start of each year from one series, written out (Keller 1997, C.1)."""
    growth = (np.log(flow[-1]) - np.log(flow[0])) / (len(flow) - 1)
    stock = [flow[0] / (growth + rate)]
    for spending in flow[:-1]:
        stock.append((1 - rate) * stock[-1] + spending)
    return np.array(stock)


def slow_tfp(raw, capital, add):
    """TFP of every cell, written out (Keller 1997, C.2 to C.5)."""
    result = np.empty(SHAPE)
    for i, j in np.ndindex(SHAPE[:2]):
        output, labour, wages = (raw[name][0][i, j] for name in ("output", "labour", "labour_cost"))
        price = (raw["real_interest"][0][i] + raw["inflation"][0][i]) / (1 - raw["tax_rate"][0][i]) + add[i]
        alpha = wages / (wages + price * capital[i, j])
        level = 100.0
        result[i, j, 0] = level
        for t in range(1, 10):
            mean = (alpha[t] + alpha[t - 1]) / 2
            inputs = mean * np.log(labour[t] / labour[t - 1])
            inputs += (1 - mean) * np.log(capital[i, j, t] / capital[i, j, t - 1])
            level *= output[t] / output[t - 1] / np.exp(inputs)
            result[i, j, t] = level
    return result


def test_measurement_has_the_keys_of_study_files():
    fields = {field.name: field.default for field in dataclasses.fields(Measurement)}
    assert fields == {name: field.default for name, field in MeasurementOptions.model_fields.items()}
    assert Measurement(**MeasurementOptions().model_dump()) == Measurement()


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("rnd_inventory", "keller-b2", "rnd_inventory is 'keller-b2'. Did you mean \"keller-b1\"?"),
        ("capital_inventory", None, "capital_inventory is None. Allowed: keller-c1, standard"),
        ("interpolate", "cubic", "interpolate is 'cubic'. Allowed: linear, geometric"),
        ("timing", "middle", "timing is 'middle'. Allowed: start, end"),
        ("labour_share", "profit", "Allowed: cost, revenue"),
        ("rnd_depreciation", 5, "rnd_depreciation is 5; it must be a fraction a year"),
        ("rnd_depreciation", float("nan"), "rnd_depreciation is nan"),
        ("benchmark_add", -0.1, "benchmark_add is -0.1; it must be zero or positive"),
        ("tfp_base", 0, "tfp_base is 0; it must be a positive number"),
    ],
)
def test_wrong_options(option, value, message):
    with pytest.raises(InputError) as caught:
        Measurement(**{option: value})
    assert message in str(caught.value)


def test_tfp_from_raw_series_with_investment(raw):
    panel = read_panel(table(raw, "capital", "value_added"))
    capital = np.array(
        [
            [slow_inventory(raw["investment"][0][i, j], raw["capital_depreciation"][0][i]) for j in range(2)]
            for i in range(3)
        ]
    )
    np.testing.assert_allclose(panel.tfp, slow_tfp(raw, capital, np.zeros(3)), rtol=1e-12)
    notes = " ".join(panel.notes)
    assert "Capital: perpetual inventory of investment, variant keller-c1, depreciation 0.08 to 0.17" in notes
    assert "depreciation left out as printed" in notes
    assert "100 in 1980 everywhere" in notes
    assert {"keller1997", "hall1990", "diewert1976"} <= set(panel.citation_keys)


def test_tfp_from_raw_series_with_capital_and_depreciation_added(raw):
    panel = read_panel(table(raw, "investment", "value_added"), measurement=Measurement(add_depreciation=True))
    expected = slow_tfp(raw, raw["capital"][0], raw["capital_depreciation"][0])
    np.testing.assert_allclose(panel.tfp, expected, rtol=1e-12)
    assert "depreciation added" in " ".join(panel.notes)


def test_tfp_with_given_user_cost_equals_the_measure_functions(raw):
    rates = [raw[name][0] for name in ("inflation", "tax_rate")]
    price = user_cost(np.full((3, 10), 0.1), *rates)
    frame = table(
        raw, "investment", "value_added", "real_interest", "inflation", "tax_rate", "capital_depreciation",
        user_cost=(price, ("country", "year")),
    )  # fmt: skip
    panel = read_panel(frame, measurement=Measurement(tfp_base=1.0))
    capital = raw["capital"][0]
    share = labour_cost_share(raw["labour_cost"][0], np.broadcast_to(price[:, None], SHAPE), capital)
    expected = tfp_index(raw["output"][0], raw["labour"][0], capital, share, base=1.0).index
    np.testing.assert_allclose(panel.tfp, expected, rtol=1e-14)


def test_tfp_with_shares_of_revenue(raw):
    frame = table(raw, "investment", "capital_depreciation")
    panel = read_panel(frame, measurement=Measurement(labour_share="revenue"))
    share = raw["labour_cost"][0] / raw["value_added"][0]
    expected = tfp_index(raw["output"][0], raw["labour"][0], raw["capital"][0], share).index
    np.testing.assert_allclose(panel.tfp, expected, rtol=1e-14)
    assert "Not used with these options: real_interest, inflation, tax_rate." in panel.notes


def test_a_year_of_losses_is_named(raw):
    raw["value_added"][0][1, 0, 4] = 1.0
    frame = table(raw, "investment", "capital_depreciation")
    with pytest.raises(DataError, match=r"labour_share at DEU, industry 31, position 4 is \d+"):
        read_panel(frame, measurement=Measurement(labour_share="revenue"))


def with_tfp(raw, **extra):
    """A table with ready-made TFP, so that only R&D is measured."""
    chosen = {name: raw[name] for name in ("bilateral_imports", "rnd_expenditure")} | {"tfp": raw["output"]} | extra
    return pd.concat([long(name, values, *axes) for name, (values, axes) in chosen.items()], ignore_index=True)


def test_rnd_stock_is_the_perpetual_inventory(raw):
    flow = raw["rnd_expenditure"][0]
    panel = read_panel(with_tfp(raw))
    np.testing.assert_array_equal(panel.rnd_stock, perpetual_inventory(flow, depreciation=0.05).stock)
    expected = [[slow_inventory(flow[i, j], 0.05) for j in range(2)] for i in range(3)]
    np.testing.assert_allclose(panel.rnd_stock, expected, rtol=1e-13)
    assert panel.warnings == ()


def test_every_option_of_rnd_reaches_the_inventory(raw):
    options = Measurement(
        rnd_depreciation=0.15, rnd_inventory="coe-helpman", timing="end", growth="arithmetic", benchmark_add=0.1
    )
    panel = read_panel(with_tfp(raw), measurement=options)
    with pytest.warns(BenchmarkWarning):
        expected = perpetual_inventory(
            raw["rnd_expenditure"][0],
            depreciation=0.15,
            variant="coe-helpman",
            timing="end",
            growth="arithmetic",
            benchmark_add=0.1,
        )
    np.testing.assert_array_equal(panel.rnd_stock, expected.stock)
    assert any("stock at the end of the year" in note and "0.1 added" in note for note in panel.notes)
    (warning,) = panel.warnings
    assert "benchmark_add = 0.1" in warning


def test_kellers_benchmark_on_a_panel_shorter_than_his(raw):
    panel = read_panel(with_tfp(raw), measurement=Measurement(rnd_inventory="keller-b1"))
    with pytest.warns(BenchmarkWarning):
        expected = perpetual_inventory(raw["rnd_expenditure"][0], variant="keller-b1", growth_window=(0, -1))
    np.testing.assert_allclose(panel.rnd_stock, expected.stock, rtol=1e-12)
    assert any("Benchmark growth is that of the whole sample" in note for note in panel.notes)


def test_national_rnd_is_split_by_constant_shares(raw):
    national = raw["rnd_expenditure"][0].sum(axis=1)
    share = np.array([[0.2, 0.1], [0.3, 0.05], [0.15, 0.25]])
    frame = with_tfp(raw, rnd_expenditure=(national, ("country", "year")), rnd_industry_share=(share, CELL[:2]))
    panel = read_panel(frame)
    stock = perpetual_inventory(national, depreciation=0.05).stock
    np.testing.assert_allclose(panel.rnd_stock, share[:, :, None] * stock[:, None, :], rtol=1e-14)
    # Splitting before or after cumulating is the same.
    flows = share[:, :, None] * national[:, None, :]
    np.testing.assert_allclose(panel.rnd_stock, perpetual_inventory(flows, depreciation=0.05).stock, rtol=1e-12)
    assert any("split by the constant rnd_industry_share" in note for note in panel.notes)


def test_national_rnd_without_shares_serves_every_industry(raw):
    national = raw["rnd_expenditure"][0].sum(axis=1)
    panel = read_panel(with_tfp(raw, rnd_expenditure=(national, ("country", "year"))))
    stock = perpetual_inventory(national, depreciation=0.05).stock
    for industry in range(2):
        np.testing.assert_array_equal(panel.rnd_stock[:, industry], stock)
    assert any("every industry of a country has the same R&D stock" in note for note in panel.notes)


def test_interpolated_expenditure_is_cumulated(raw):
    frame = with_tfp(raw)
    survey = (
        (frame["variable"] == "rnd_expenditure")
        & (frame["country"] == "DEU")
        & frame["year"].isin(range(1981, 1989, 2))
    )
    panel = read_panel(frame[~survey], measurement=Measurement(interpolate="geometric"))
    flow = raw["rnd_expenditure"][0].copy()
    for t in range(1, 9, 2):
        flow[1, :, t] = np.sqrt(flow[1, :, t - 1] * flow[1, :, t + 1])
    np.testing.assert_allclose(panel.rnd_stock, perpetual_inventory(flow, depreciation=0.05).stock, rtol=1e-12)
    assert any("rnd_expenditure: 8 of 60 values (13.3%) were interpolated" in text for text in panel.warnings)


def test_a_flow_without_benchmark_is_named(raw):
    raw["rnd_expenditure"][0][2, 1] = 100.0 * 0.5 ** np.arange(10)
    with pytest.raises(DataError, match="rnd_expenditure: no benchmark stock exists: growth of JPN, industry 32 is"):
        read_panel(with_tfp(raw))
    raw["rnd_expenditure"][0][2, 1] = 0.0
    with pytest.raises(DataError, match="rnd_expenditure: flow at JPN, industry 32, year 1980 is 0"):
        read_panel(with_tfp(raw))


def test_the_unit_of_expenditure_only_scales_stocks():
    frame = template_frame()
    rnd = frame["variable"] == "rnd_expenditure"
    larger = frame.assign(value=frame["value"].where(~rnd, frame["value"] * 1000))
    np.testing.assert_allclose(read_panel(larger).rnd_stock, 1000 * read_panel(frame).rnd_stock, rtol=1e-12)


def test_raw_series_need_every_year(raw):
    frame = with_tfp(raw)
    biennial = frame[frame["year"].map(lambda year: year == "" or year % 2 == 0)]
    with pytest.raises(DataError, match="no variable has the year 1981, 1983, 1985, 1987, between 1980 and 1988"):
        read_panel(biennial)
    one = frame[frame["year"].map(lambda year: year in ("", 1980))]
    with pytest.raises(DataError, match="there is one year, 1980; stocks and growth need at least two"):
        read_panel(one)
