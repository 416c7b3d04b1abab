"""Perpetual inventory against loops, against numbers worked by hand and against its own algebra."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import AlignmentError, BenchmarkWarning, ConvergenceError, InputError
from tradewinds.measure import INVENTORY_VARIANTS, implied_flow, perpetual_inventory
from tradewinds.solvers import Status

#: Keller (1997), Appendix C, in the order CAN FRA DEU ITA JPN SWE GBR USA.
KELLER_DEPRECIATION = np.array([0.0851, 0.1739, 0.174, 0.119, 0.066, 0.077, 0.0819, 0.1331])


def flows(seed: int = 0, shape: tuple[int, ...] = (8, 6, 22)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.exp(np.cumsum(rng.normal(0.04, 0.08, shape), axis=-1) + rng.normal(3, 1, (*shape[:-1], 1)))


def quiet(*args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BenchmarkWarning)
        return perpetual_inventory(*args, **options)


# ---------------------------------------------------------------- twins


@pytest.mark.parametrize("timing", ["start", "end"])
@pytest.mark.parametrize("growth", ["log", "arithmetic"])
@pytest.mark.parametrize("growth_of", ["flow", "stock"])
@pytest.mark.parametrize("add", [0.0, 0.1])
@pytest.mark.parametrize("window", [None, (2, 17)])
def test_every_combination_of_choices_equals_the_loop(twins, timing, growth, growth_of, add, window):
    flow = flows(shape=(3, 22))
    made = quiet(
        flow,
        depreciation=0.07,
        timing=timing,
        growth=growth,
        growth_of=growth_of,
        benchmark_add=add,
        growth_window=window,
    )
    for k in range(3):
        stock, mean = twins.inventory(
            flow[k], 0.07, growth_of=growth_of, kind=growth, window=window, add=add, timing=timing
        )
        np.testing.assert_allclose(made.stock[k], stock, rtol=1e-10)
        assert made.benchmark_growth[k] == pytest.approx(mean, abs=1e-11)


def test_keller_b1_is_that_of_the_paper(twins):
    flow = flows()
    made = quiet(flow, variant="keller-b1")
    for i, j in np.ndindex(8, 6):
        stock, _ = twins.inventory(flow[i, j], 0.05, growth_of="stock", kind="log", window=(0, 19), add=0.1)
        np.testing.assert_allclose(made.stock[i, j], stock, rtol=1e-10)
    assert made.solution.ok
    assert made.solution.residual.norm <= 1e-12
    assert made.citation_keys == ("keller1997",)


def test_keller_c1_takes_one_depreciation_rate_a_country(twins):
    flow = flows(1)
    made = perpetual_inventory(flow, variant="keller-c1", depreciation=KELLER_DEPRECIATION[:, None])
    for i, j in np.ndindex(8, 6):
        stock, _ = twins.inventory(flow[i, j], KELLER_DEPRECIATION[i], kind="log", window=(0, 21))
        np.testing.assert_allclose(made.stock[i, j], stock, rtol=1e-12)


def test_coe_helpman_is_beginning_of_period_at_five_per_cent(twins):
    flow = flows(2, (21,))
    made = perpetual_inventory(flow, variant="coe-helpman")
    stock, _ = twins.inventory(flow, 0.05, kind="log")
    np.testing.assert_allclose(made.stock, stock, rtol=1e-12)
    assert made.timing == "start"


def test_research_of_a_year_enters_the_stock_of_the_next():
    """Bayoumi, Coe and Helpman (1996): the 1996 shock leaves the 1996 stock as it was."""
    flow = np.full(10, 100.0)
    shocked = flow.copy()
    shocked[4] += 1.0
    window = {"depreciation": 0.05, "growth_window": (0, 3)}
    change = perpetual_inventory(shocked, **window).stock - perpetual_inventory(flow, **window).stock
    np.testing.assert_allclose(change, [0, 0, 0, 0, 0, 1, 0.95, 0.95**2, 0.95**3, 0.95**4], atol=1e-10)


# ---------------------------------------------------------------- numbers worked by hand


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # rates .5 and 0, mean .25; S1 = 100/(.25 + .15) = 250; S2 = .85*250 + 100 = 312.5; S3 = .85*312.5 + 150
        ({"growth": "arithmetic"}, [250.0, 312.5, 415.625]),
        # S1 = 100*1.25/.4 = 312.5; S2 = .85*312.5 + 150 = 415.625; S3 = .85*415.625 + 150 = 503.28125
        ({"growth": "arithmetic", "timing": "end"}, [312.5, 415.625, 503.28125]),
        # S1 = 100/(.25 + .15 + .1) = 200; S2 = 170 + 100 = 270; S3 = 229.5 + 150 = 379.5
        ({"growth": "arithmetic", "benchmark_add": 0.1}, [200.0, 270.0, 379.5]),
        # growth over the last two years is zero: S1 = 100/.15
        ({"growth": "log", "growth_window": (1, 2)}, [2000 / 3, 2000 / 3, 1950 / 3 + 200 / 3]),
        # mean log growth is ln(1.5)/2 = .2027326; S1 = 100/.3527326
        ({"growth": "log"}, [283.5009, 340.9757, 439.8294]),
    ],
)
def test_flows_100_150_150(options, expected):
    made = quiet([100.0, 150.0, 150.0], depreciation=0.15, **options)
    np.testing.assert_allclose(made.stock, expected, rtol=1e-6)


def test_fixed_point_by_hand():
    """100, 65 with depreciation .1 and the added .1 grow at 20 per cent, by construction.

    g = .2: S1 = 100/(.2 + .1 + .1) = 250; S2 = 225 + 100 = 325 (30%); S3 = 292.5 + 65 = 357.5 (10%): mean 20%.
    """
    made = quiet([100.0, 65.0, 70.0], depreciation=0.1, growth_of="stock", growth="arithmetic", benchmark_add=0.1)
    assert made.benchmark_growth == pytest.approx(0.2, abs=1e-11)
    np.testing.assert_allclose(made.stock, [250.0, 325.0, 357.5], rtol=1e-10)


# ---------------------------------------------------------------- algebra


rates = st.floats(0.01, 0.3)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(1.0, 1e4), min_size=3, max_size=25),
    rates,
    st.sampled_from(["start", "end"]),
    st.floats(0.0, 0.2),
)
def test_implied_flow_inverts(flow, rate, timing, add):
    # a window that repeats one flow keeps g + d positive whatever Hypothesis draws
    flow = [flow[0], flow[0], *flow[1:]]
    made = quiet(flow, depreciation=rate, timing=timing, benchmark_add=add, growth_window=(0, 1))
    back = implied_flow(made.stock, rate, timing)
    expected = flow[:-1] if timing == "start" else flow[1:]
    np.testing.assert_allclose(back, expected, rtol=1e-9, atol=1e-12 * float(made.stock.max()))


@settings(deadline=None, max_examples=40)
@given(st.floats(-0.04, 0.3), st.floats(0.05, 0.3), st.sampled_from(["start", "end"]))
def test_steady_flows_give_a_stock_that_grows_as_they_do(growth, rate, timing):
    flow = 7.0 * (1 + growth) ** np.arange(22)
    stock = perpetual_inventory(flow, depreciation=rate, timing=timing, growth="arithmetic").stock
    np.testing.assert_allclose(stock[1:] / stock[:-1] - 1, growth, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.floats(0.0, 0.3), st.floats(0.03, 0.3))
def test_steady_flows_are_a_fixed_point_of_the_growth_of_the_stock(growth, rate):
    flow = (1 + growth) ** np.arange(22)
    made = perpetual_inventory(flow, depreciation=rate, growth="arithmetic", growth_of="stock")
    assert made.benchmark_growth == pytest.approx(growth, abs=1e-9)


def test_log_growth_in_the_benchmark_starts_a_steady_series_slightly_too_high():
    made = perpetual_inventory(1.05 ** np.arange(22), depreciation=0.05)
    first = made.stock[1] / made.stock[0] - 1
    assert first == pytest.approx(math.log(1.05), abs=1e-14)  # 4.88 per cent instead of 5
    assert made.stock[-1] / made.stock[-2] - 1 == pytest.approx(0.05, abs=2e-4)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(1e-6, 1e6))
def test_units_scale_the_stock_and_leave_its_growth(seed, unit):
    flow = flows(seed, (3, 12))
    options = {"variant": "keller-b1", "growth_window": (0, 11)}
    plain, scaled = quiet(flow, **options), quiet(unit * flow, **options)
    np.testing.assert_allclose(scaled.stock, unit * plain.stock, rtol=1e-9)
    np.testing.assert_allclose(scaled.benchmark_growth, plain.benchmark_growth, atol=1e-11)


def test_permuting_countries_permutes_stocks():
    flow = flows(3)
    order = np.random.default_rng(0).permutation(8)
    plain = quiet(flow, variant="keller-b1", depreciation=KELLER_DEPRECIATION[:, None])
    moved = quiet(flow[order], variant="keller-b1", depreciation=KELLER_DEPRECIATION[order][:, None])
    np.testing.assert_allclose(moved.stock, plain.stock[order], rtol=1e-12)


# ---------------------------------------------------------------- Keller's 0.1 (research note C.1)


@pytest.mark.parametrize("growth", ["log", "arithmetic"])
@pytest.mark.parametrize("growth_of", ["flow", "stock"])
def test_added_tenth_sets_first_year_growth(growth, growth_of):
    """S2/S1 - 1 = -d + R1/S1 = g + 0.1 for any flows, in arithmetic growth whichever kind g is."""
    made = quiet(flows(4), variant="keller-b1", growth=growth, growth_of=growth_of)
    first = made.stock[..., 1] / made.stock[..., 0] - 1
    np.testing.assert_allclose(first, made.benchmark_growth + 0.1, atol=1e-13)
    # not in log growth, where it falls short: log(1 + g + .1) < g + .1
    assert np.all(np.log1p(first) < made.benchmark_growth + 0.1 - 0.003)


def test_added_tenth_at_the_end_of_the_year_adds_it_for_steady_flows_only():
    flow = 1.05 ** np.arange(22)
    made = quiet(flow, depreciation=0.05, growth="arithmetic", benchmark_add=0.1, timing="end")
    assert made.stock[1] / made.stock[0] - 1 == pytest.approx(0.15, abs=1e-13)
    uneven = quiet([100.0, 150.0, 150.0], depreciation=0.15, growth="arithmetic", benchmark_add=0.1, timing="end")
    # S1 = 125/.5 = 250, S2 = 212.5 + 150 = 362.5: 45 per cent, not 35
    assert uneven.stock[1] / uneven.stock[0] - 1 == pytest.approx(0.45, abs=1e-13)


def test_added_tenth_at_growth_of_28_per_mille():
    """R&D that grows 2.8 per cent a year: 35% of the steady level, then 13.1% (log) or 14.0% growth in 1970-74."""
    growth = 0.028
    flow = (1 + growth) ** np.arange(22)
    made = quiet(flow, variant="keller-b1")
    steady = flow[0] / (growth + 0.05)
    assert made.stock[0] / steady == pytest.approx(0.3465, abs=5e-4)
    assert math.log(made.stock[4] / made.stock[0]) / 4 == pytest.approx(0.1307, abs=5e-4)
    assert (made.stock[4] / made.stock[0]) ** 0.25 - 1 == pytest.approx(0.1396, abs=5e-4)
    assert made.benchmark_growth == pytest.approx(0.0751, abs=5e-4)  # nearly three times growth of the flow


@pytest.mark.parametrize("growth", ["log", "arithmetic"])
@pytest.mark.parametrize("rate", [-0.05, 0.0, 0.028, 0.0364, 0.11, 0.1188, 0.2])
def test_kellers_fixed_point_takes_15_to_20_iterations(growth, rate):
    made = quiet(np.exp(rate * np.arange(22)), variant="keller-b1", growth=growth)
    assert 15 <= made.solution.iterations <= 20


@pytest.mark.parametrize("seed", range(3))
def test_without_the_tenth_the_fixed_point_takes_longer(seed):
    made = perpetual_inventory(flows(seed), variant="keller-b1", benchmark_add=0.0, throw=False)
    assert made.solution.iterations > 20


def test_warning_is_issued_and_kept():
    with pytest.warns(
        BenchmarkWarning, match=r"first-year growth S\[2\]/S\[1\] - 1 of every stock to exactly g \+ 0.1"
    ):
        made = perpetual_inventory(flows(shape=(22,)), variant="keller-b1")
    assert len(made.warnings) == 1
    with pytest.warns(BenchmarkWarning, match="adds about 0.1"):
        perpetual_inventory(flows(shape=(22,)), depreciation=0.05, timing="end", benchmark_add=0.1)
    assert perpetual_inventory(flows(shape=(22,)), depreciation=0.05).warnings == ()


# ---------------------------------------------------------------- variants and windows


def test_variants_are_those_of_the_papers():
    assert set(INVENTORY_VARIANTS) == {"standard", "coe-helpman", "keller-b1", "keller-c1"}
    b1 = INVENTORY_VARIANTS["keller-b1"]
    assert (b1.depreciation, b1.timing, b1.growth_of, b1.growth_window, b1.benchmark_add) == (
        0.05,
        "start",
        "stock",
        (0, 19),
        0.1,
    )
    c1 = INVENTORY_VARIANTS["keller-c1"]
    assert (c1.depreciation, c1.timing, c1.growth_of, c1.benchmark_add) == (None, "start", "flow", 0.0)


def test_window_in_years_is_the_window_in_positions():
    flow = flows(shape=(22,))
    by_year = perpetual_inventory(flow, depreciation=0.05, years=range(1970, 1992), growth_window=(1972, 1987))
    by_position = perpetual_inventory(flow, depreciation=0.05, growth_window=(2, 17))
    from_the_end = perpetual_inventory(flow, depreciation=0.05, growth_window=(2, -5))
    np.testing.assert_array_equal(by_year.stock, by_position.stock)
    np.testing.assert_array_equal(from_the_end.stock, by_position.stock)


def test_years_of_a_labelled_array_are_read_and_checked():
    data = xr.DataArray(flows(shape=(2, 22)), dims=("country", "year"), coords={"year": np.arange(1970, 1992)})
    assert perpetual_inventory(data, depreciation=0.05).years == tuple(range(1970, 1992))
    with pytest.raises(AlignmentError, match=r"carries the years 1970\.\.\.1991, but years = 1971"):
        perpetual_inventory(data, depreciation=0.05, years=range(1971, 1993))
    with pytest.raises(InputError, match="last one must be year"):
        perpetual_inventory(data.T, depreciation=0.05)


# ---------------------------------------------------------------- what is refused


GOOD = [100.0, 110.0, 121.0]


@pytest.mark.parametrize(
    ("flow", "options", "message"),
    [
        (GOOD, {}, 'depreciation is missing: variant "standard" has no rate'),
        (GOOD, {"variant": "keller-c1"}, 'depreciation is missing: variant "keller-c1"'),
        (GOOD, {"variant": "keler-b1"}, 'Did you mean "keller-b1"'),
        (GOOD, {"depreciation": 0.05, "timing": "middle"}, "timing is 'middle'.*Allowed: start, end"),
        (GOOD, {"depreciation": 0.05, "growth": "logs"}, 'Did you mean "log"'),
        (GOOD, {"depreciation": 0.05, "growth_of": "stocks"}, 'Did you mean "stock"'),
        (GOOD, {"depreciation": 5}, "depreciation is 5; it must be a fraction a year between 0 and 1"),
        (GOOD, {"depreciation": float("nan")}, "depreciation is nan"),
        ([GOOD, GOOD], {"depreciation": [0.05, -0.1]}, r"depreciation of series \(1,\) is -0.1"),
        ([GOOD, GOOD], {"depreciation": [0.05, 0.1, 0.2]}, "depreciation has shape .3,., which does not fit series"),
        (GOOD, {"depreciation": 0.05, "benchmark_add": float("nan")}, "benchmark_add is nan"),
        ([100.0, -1.0, 3.0], {"depreciation": 0.05}, "flow at position 1 is -1; it must be zero or positive"),
        ([100.0, float("nan"), 3.0], {"depreciation": 0.05}, "flow at position 1 is nan"),
        ([[1.0, 2.0], [1.0, -2.0]], {"depreciation": 0.05, "years": [1970, 1971]}, r"series \(1\), year 1971 is -2"),
        ([100.0], {"depreciation": 0.05}, r"flow has 1 year\(s\) on its last axis; at least 2"),
        (100.0, {"depreciation": 0.05}, r"flow has 0 year\(s\)"),
        ([0.0, 1.0, 2.0], {"depreciation": 0.05}, "positive, because its log growth is undefined at zero"),
        ([1.0, 0.0, 2.0], {"depreciation": 0.05, "growth": "arithmetic"}, "its arithmetic growth is undefined"),
        ([0.0, 1.0, 2.0], {"depreciation": 0.05, "growth_of": "stock"}, "growth of a stock that starts at zero"),
        ([100.0, 80.0, 64.0], {"depreciation": 0.05}, "no benchmark stock exists: growth is -0.2231 a year"),
        ([GOOD, [100.0, 80.0, 64.0]], {"depreciation": 0.05}, r"growth of series \(1,\) is -0.2231"),
        (GOOD, {"variant": "keller-b1"}, 'that of variant "keller-b1".*but the flow has 3 years'),
        (GOOD, {"depreciation": 0.05, "growth_window": (2, 1)}, "growth_window is .2, 1."),
        (GOOD, {"depreciation": 0.05, "years": [1, 2, 3], "growth_window": (1, 9)}, "9 is not among the years 1 to 3"),
        (GOOD, {"depreciation": 0.05, "years": [1970, 1972, 1973]}, "years must be consecutive"),
        (GOOD, {"depreciation": 0.05, "years": [1970, 1971]}, "3 years on its last axis, but 2 labels"),
        (GOOD, {"depreciation": 0.05, "growth_of": "stock", "growth_window": (0, 1)}, "g is not determined"),
        ([[1.0, 2.0], [3.0]], {"depreciation": 0.05}, "rectangular"),
        (["a", "b"], {"depreciation": 0.05}, "flow must be numbers"),
    ],
)
def test_bad_input_is_named(flow, options, message):
    with pytest.raises(InputError, match=message):
        quiet(flow, **options)


def test_a_data_frame_is_refused():
    import pandas as pd

    with pytest.raises(InputError, match="does not say which axis is years"):
        perpetual_inventory(pd.DataFrame([GOOD]), depreciation=0.05)


@pytest.mark.parametrize(
    ("stock", "options", "message"),
    [
        ([1.0], {"depreciation": 0.1}, "stock has 1 year"),
        ([1.0, float("nan")], {"depreciation": 0.1}, "stock at position 1 is nan"),
        ([1.0, 2.0], {"depreciation": 1.1}, "depreciation is 1.1"),
        ([1.0, 2.0], {"depreciation": None}, "depreciation is missing. Give"),
        ([1.0, 2.0], {"depreciation": 0.1, "timing": "begin"}, "timing is 'begin'"),
    ],
)
def test_implied_flow_refuses(stock, options, message):
    with pytest.raises(InputError, match=message):
        implied_flow(stock, **options)


# ---------------------------------------------------------------- where there is no fixed point


@pytest.mark.parametrize("growth", ["log", "arithmetic"])
def test_falling_flows_have_no_benchmark_without_the_tenth(growth):
    """Arithmetic growth would drift to g = -d, where the stock is infinite: that is no solution."""
    flow = 0.9 ** np.arange(22)
    options = {"depreciation": 0.05, "growth_of": "stock", "growth": growth}
    with pytest.raises(ConvergenceError, match="flows that fall may allow none: try benchmark_add") as raised:
        perpetual_inventory(flow, **options)
    assert raised.value.solution.status is Status.NOT_FINITE
    made = perpetual_inventory(flow, **options, throw=False)
    assert not made.solution.ok
    assert np.isnan(made.stock).all()
    assert np.isnan(made.benchmark_growth)
    assert "none exists" in made.summary()
    assert quiet(flow, **options, benchmark_add=0.1).solution.ok


def test_one_series_without_a_benchmark_leaves_the_others_solved():
    flow = np.stack([1.05 ** np.arange(22), 0.8 ** np.arange(22), 1.1 ** np.arange(22)])
    options = {"depreciation": 0.05, "growth_of": "stock"}
    made = perpetual_inventory(flow, **options, throw=False)
    assert made.solution.status is Status.NOT_FINITE
    assert made.solution.residual.worst[0][0] == "growth of series (1,)"
    for k in (0, 2):
        np.testing.assert_allclose(made.stock[k], perpetual_inventory(flow[k], **options).stock, rtol=1e-10)
    assert np.isnan(made.stock[1]).all()


# ---------------------------------------------------------------- what comes back


def test_tidy_and_summary():
    made = quiet(flows(shape=(2, 22)), variant="keller-b1")
    frame = made.tidy({"country": ["CAN", "USA"], "year": range(1970, 1992)})
    assert list(frame.columns) == ["variable", "value", "unit", "country", "year"]
    assert frame.query("country == 'USA' and year == 1975")["value"].item() == made.stock[1, 5]
    with pytest.raises(AlignmentError, match="do not fit stock of shape"):
        made.tidy({"country": ["CAN"], "year": range(1970, 1992)})
    text = made.summary()
    assert "variant keller-b1: 2 series of 22 years" in text
    assert "fixed point: converged" in text
    assert "warning: benchmark_add" in text
    single = perpetual_inventory(GOOD, depreciation=0.05, years=[1970, 1971, 1972])
    assert single.tidy()["year"].tolist() == [1970, 1971, 1972]
