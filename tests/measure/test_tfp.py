"""Cost shares and productivity against loops, hand-worked numbers and their own inverse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import AlignmentError, InputError, TradewindsWarning
from tradewinds.measure import (
    labour_cost_share,
    output_from_tfp,
    perpetual_inventory,
    revenue_labour_share,
    tfp_index,
    tornqvist_input_growth,
    user_cost,
)

#: Keller (1997), Appendix C, in the order CAN FRA DEU ITA JPN SWE GBR USA.
KELLER_DEPRECIATION = np.array([0.0851, 0.1739, 0.174, 0.119, 0.066, 0.077, 0.0819, 0.1331])


def draw(seed: int, shape: tuple[int, ...] = (8, 6, 22)) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    path = lambda: np.exp(np.cumsum(rng.normal(0.02, 0.05, shape), axis=-1))  # noqa: E731
    return path(), path(), path(), rng.uniform(0.3, 0.9, shape)


# ---------------------------------------------------------------- user cost (C.2, C.3)


def test_user_cost_by_hand():
    # rho = .1 + .06 = .16; p_k = .16/.64 = .25; the wedge (C.2) is (.25 - .16)/.25 = .36
    price = user_cost(0.1, 0.06, 0.36)
    assert price == pytest.approx(0.25, abs=1e-15)
    assert (price - 0.16) / price == pytest.approx(0.36, abs=1e-15)
    assert user_cost(0.1, 0.06, 0.36, depreciation=0.1331, add_depreciation=True) == pytest.approx(0.3831)
    assert user_cost(0.1, 0.06, -0.25) == pytest.approx(0.128)  # a subsidy lowers it: .16/1.25


def test_user_cost_spreads_numbers_over_arrays():
    inflation = np.array([[0.02, 0.04], [0.06, 0.08]])
    price = user_cost(0.1, inflation, np.array([[0.5], [0.2]]))
    np.testing.assert_allclose(price, [[0.24, 0.28], [0.2, 0.225]])


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0.1, 0.05, 1.0), {}, r"tax_rate at its only value is 1; it must be below one \(0.4 is 40 per cent\)"),
        ((0.1, 0.05, [0.3, 40.0]), {}, "tax_rate at position 1 is 40"),
        ((0.1, -0.2, 0.3), {}, "user_cost .* must be positive: is real_interest . inflation"),
        ((0.1, float("nan"), 0.3), {}, "inflation at its only value is nan"),
        ((0.1, 0.05, 0.3), {"add_depreciation": True}, "add_depreciation = True needs depreciation"),
        ((0.1, 0.05, 0.3), {"depreciation": 0.1}, "leaves the given depreciation out"),
        ((0.1, 0.05, 0.3), {"depreciation": 13.3, "add_depreciation": True}, "depreciation at its only value is 13.3"),
    ],
)
def test_user_cost_refuses(arguments, options, message):
    with pytest.raises(InputError, match=message):
        user_cost(*arguments, **options)


# ---------------------------------------------------------------- shares (C.4)


def test_cost_share_by_hand():
    # 60/(60 + .25*160) = .6; with depreciation .1331 capital costs 61.296 and labour's share is .4946583
    assert labour_cost_share(60.0, 0.25, 160.0) == pytest.approx(0.6, abs=1e-15)
    assert labour_cost_share(60.0, 0.3831, 160.0) == pytest.approx(60 / 121.296, abs=1e-15)


def test_leaving_depreciation_out_raises_labours_share():
    share = labour_cost_share(60.0, user_cost(0.1, 0.05, 0.4), 160.0)
    whole = labour_cost_share(60.0, user_cost(0.1, 0.05, 0.4, depreciation=0.1, add_depreciation=True), 160.0)
    assert share > whole


def test_revenue_share_differs_by_the_mark_up():
    # price = 1.25 cost: revenue 125, cost 100, wages 60: share of cost .6, of revenue .48
    assert labour_cost_share(60.0, 0.25, 160.0) / revenue_labour_share(60.0, 125.0) == pytest.approx(1.25)


def test_revenue_share_above_one_warns():
    with pytest.warns(
        TradewindsWarning, match=r"exceeds value_added in 1 case\(s\), first at series \(1\), position 0"
    ):
        share = revenue_labour_share([[50.0, 60.0], [120.0, 60.0]], 100.0)
    assert share[1, 0] == 1.2


@pytest.mark.parametrize("call", [lambda x: labour_cost_share(x, 0.2, 100.0), lambda x: revenue_labour_share(x, 100.0)])
@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_shares_refuse_what_is_not_positive(call, bad):
    with pytest.raises(InputError, match=f"labour_cost at position 1 is {bad:g}; it must be positive"):
        call([10.0, bad])


def test_axes_are_never_lined_up_from_the_right():
    """Eight countries are not eight industries: numpy would broadcast them."""
    with pytest.raises(AlignmentError, match="same number of axes"):
        labour_cost_share(np.ones((8, 8, 22)), np.ones((8, 22)), 1.0)
    with pytest.raises(AlignmentError, match="shapes do not fit each other"):
        labour_cost_share(np.ones((8, 22)), np.ones((7, 22)), 1.0)


# ---------------------------------------------------------------- Törnqvist (C.5)


def test_tornqvist_equals_the_loop(twins):
    labour, capital, _, share = draw(0)
    made = tornqvist_input_growth(labour, capital, share)
    for index in np.ndindex(8, 6):
        np.testing.assert_allclose(
            made[index], twins.tornqvist(labour[index], capital[index], share[index]), atol=1e-14
        )


def test_tornqvist_by_hand():
    # share (.5 + .7)/2 = .6: .6 ln 1.1 + .4 ln 1.2 = .0571861 + .0729286
    made = tornqvist_input_growth([100.0, 110.0], [50.0, 60.0], [0.5, 0.7])
    assert made[0] == pytest.approx(0.1301147, abs=1e-7)


def test_tornqvist_reversed_in_time_changes_sign():
    labour, capital, _, share = draw(1, (22,))
    forward = tornqvist_input_growth(labour, capital, share)
    backward = tornqvist_input_growth(labour[::-1], capital[::-1], share[::-1])
    np.testing.assert_allclose(backward, -forward[::-1], atol=1e-14)


# ---------------------------------------------------------------- TFP


@pytest.mark.parametrize(("base", "position"), [(100.0, 0), (1.0, 15), (100.0, -1)])
def test_tfp_equals_the_loop(twins, base, position):
    labour, capital, output, share = draw(2, (3, 2, 22))
    made = tfp_index(output, labour, capital, share, base=base, base_year_position=position)
    for index in np.ndindex(3, 2):
        expected = twins.tfp(
            output[index], labour[index], capital[index], share[index], base=base, base_year=position % 22
        )
        np.testing.assert_allclose(made.index[index], expected, rtol=1e-12)
    np.testing.assert_allclose(made.index[..., position], base, rtol=1e-15)
    np.testing.assert_allclose(made.growth, np.diff(np.log(made.index)), atol=1e-12)
    np.testing.assert_allclose(made.output_growth, np.diff(np.log(output)), atol=1e-13)


def test_tfp_by_hand():
    # inputs grow by 1.1^.6 1.2^.4 = 1.0588514 * 1.0756542 = 1.1389588 (above); output by 1.3: 1.3/1.1389588 = 1.1413931
    made = tfp_index([100.0, 130.0], [100.0, 110.0], [50.0, 60.0], [0.5, 0.7])
    np.testing.assert_allclose(made.index, [100.0, 114.13931], rtol=1e-7)


shapes = st.tuples(st.integers(1, 3), st.integers(2, 22))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), shapes, st.floats(1e-3, 1e6), st.integers(0, 1))
def test_inputs_to_tfp_to_output_and_back(seed, shape, first, position):
    labour, capital, output, share = draw(seed, shape)
    output = first * output
    tfp = tfp_index(output, labour, capital, share, base_year_position=position)
    back = output_from_tfp(tfp.index, labour, capital, share, output[:, 0])
    np.testing.assert_allclose(back, output, rtol=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_of_output_and_inputs_do_not_matter(seed, of_output, of_labour, of_capital):
    labour, capital, output, share = draw(seed, (2, 12))
    plain = tfp_index(output, labour, capital, share)
    scaled = tfp_index(of_output * output, of_labour * labour, of_capital * capital, share)
    np.testing.assert_allclose(scaled.index, plain.index, rtol=1e-11)


def test_doubling_inputs_and_output_leaves_tfp():
    made = tfp_index([100.0, 200.0], [10.0, 20.0], [30.0, 60.0], 0.4)
    np.testing.assert_allclose(made.index, 100.0, rtol=1e-14)


def test_chain_of_the_calibrated_panel():
    """From l, inv, alpha and TFP to the raw data of Keller's Appendix C, and through (C.1) to (C.5) back."""
    rng = np.random.default_rng(1997)
    shape = (8, 6, 22)
    labour, investment, tfp, _ = draw(5)
    tfp = 100 * tfp / tfp[..., :1]
    share = rng.uniform(0.4, 0.8, shape)
    rates = KELLER_DEPRECIATION[:, None]
    capital = perpetual_inventory(investment, variant="keller-c1", depreciation=rates).stock
    output = output_from_tfp(tfp, labour, capital, share, rng.uniform(10, 1000, (8, 6)))
    tax, inflation = rng.uniform(0.2, 0.6, (8, 1, 22)), rng.uniform(0.01, 0.12, (8, 1, 22))
    wages = share / (1 - share) * user_cost(0.1, inflation, tax) * capital

    measured_capital = perpetual_inventory(investment, variant="keller-c1", depreciation=rates).stock
    measured_share = labour_cost_share(wages, user_cost(0.1, inflation, tax), measured_capital)
    measured = tfp_index(output, labour, measured_capital, measured_share)
    np.testing.assert_allclose(measured_share, share, rtol=1e-12)
    np.testing.assert_allclose(measured.index, tfp, rtol=1e-10)
    # a user cost with depreciation is another share, and another TFP
    loss = np.broadcast_to(rates[..., None], (8, 1, 1))
    dear = user_cost(0.1, inflation, tax, depreciation=loss, add_depreciation=True)
    other = tfp_index(output, labour, measured_capital, labour_cost_share(wages, dear, measured_capital))
    assert np.abs(other.index / tfp - 1).max() > 1e-3


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([100.0, 0.0], [1.0, 1.0], [1.0, 1.0], 0.5), {}, "output at position 1 is 0; it must be positive"),
        (([1.0, 1.0], [1.0, -1.0], [1.0, 1.0], 0.5), {}, "labour at position 1 is -1"),
        (([1.0, 1.0], [1.0, 1.0], [1.0, float("nan")], 0.5), {}, "capital at position 1 is nan"),
        (([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], 60), {}, "labour_share .* is 60; it must be a fraction between 0 and 1"),
        (([1.0], [1.0], [1.0], 0.5), {}, r"output has 1 year\(s\) on its last axis; at least 2"),
        (([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], 0.5), {"base_year_position": 2}, "base_year_position is 2; .* 0 to 1"),
        (([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], 0.5), {"base": 0.0}, "base is 0.0; it must be a positive number"),
        (([1.0, 1.0, 1.0], [1.0, 1.0], [1.0, 1.0], 0.5), {}, "shapes do not fit each other"),
        (([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.5, 0.5, 0.5]), {}, "labour_share has shape"),
    ],
)
def test_tfp_refuses(arguments, options, message):
    with pytest.raises(InputError, match=message):
        tfp_index(*arguments, **options)


def test_output_from_tfp_refuses():
    with pytest.raises(InputError, match=r"initial_output .* is -1"):
        output_from_tfp([100.0, 110.0], [1.0, 1.0], [1.0, 1.0], 0.5, -1.0)
    with pytest.raises(AlignmentError, match="initial_output has shape"):
        output_from_tfp(np.ones((2, 3)), np.ones((2, 3)), np.ones((2, 3)), 0.5, [1.0, 2.0, 3.0])


def test_tidy_and_summary():
    labour, capital, output, share = draw(3, (2, 3))
    made = tfp_index(output, labour, capital, share)
    frame = made.tidy({"country": ["CAN", "USA"], "year": [1970, 1971, 1972]})
    assert frame["unit"].unique().tolist() == ["index, 100 in the base year"]
    assert frame.query("country == 'USA' and year == 1972")["value"].item() == made.index[1, 2]
    text = made.summary()
    assert "2 series of 3 years" in text
    assert f"{np.mean(made.growth):+.4f}" in text
    assert made.citation_keys == ("keller1997", "hall1990", "diewert1976")
    assert math.isclose(made.output_growth.mean(), made.growth.mean() + made.input_growth.mean())
