"""Foreign R&D by every method against explicit loops, and what may and may not change it."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import AlignmentError, IndexationWarning, InputError, WeightsError
from tradewinds.measure import (
    FOREIGN_METHODS,
    ImportWeights,
    bilateral_import_shares,
    common_index_base,
    equal_weights,
    foreign_rnd_stock,
)

V, J, T = 4, 2, 5
COUNTRIES = ("CAN", "FRA", "JPN", "USA")
INDUSTRIES = ("31", "32")
YEARS = tuple(range(1970, 1975))
LVP = "lichtenberg-van-pottelsberghe"
METHODS = tuple(FOREIGN_METHODS)


class Case:
    """Random stocks, flows, weights and GDP."""

    def __init__(self, seed: int = 0, *, varying: bool = False) -> None:
        rng = np.random.default_rng(seed)
        self.stock = rng.lognormal(3, 1, (V, J, T))
        self.flows = rng.exponential(size=(V, V, J, T) if varying else (V, V, J))
        self.flows[np.arange(V), np.arange(V)] = 0.0
        self.years = YEARS if varying else None
        self.weights = bilateral_import_shares(
            self.flows, COUNTRIES, INDUSTRIES, self.years, orientation="importer_partner"
        )
        self.gdp = rng.uniform(50, 500, (V, T))

    def solve(self, method: str, **options):
        extra = {"gdp": self.gdp, "bilateral_imports": self.flows} if method == LVP else {}
        return foreign_rnd_stock(self.stock, self.weights, method=method, **extra, **options)


def by_loop(case: Case, method: str) -> np.ndarray:
    """Every method as the papers write it, one number at a time."""
    partner_by_partner = method == "keller"
    made = np.zeros((V, V, J, T) if partner_by_partner else (V, J, T))
    for i in range(V):
        for j in range(J):
            for t in range(T):
                trade = case.flows[i, :, j] if case.years is None else case.flows[i, :, j, t]
                total = sum(trade[w] for w in range(V) if w != i)
                for w in range(V):
                    stock = case.stock[w, j, t]
                    if partner_by_partner:
                        made[i, w, j, t] = (1.0 if w == i else trade[w] / total) * math.log(stock)
                    elif w != i:
                        made[i, j, t] += {
                            "coe-helpman": trade[w] / total * stock,
                            LVP: trade[w] * stock / case.gdp[w, t],
                            "equal": stock / (V - 1),
                            "equal-sum": stock,
                        }[method]
    return made


@pytest.mark.parametrize("varying", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_equals_the_loop(method, varying):
    case = Case(1, varying=varying)
    made = case.solve(method)
    np.testing.assert_allclose(made.values, by_loop(case, method), rtol=1e-12)
    assert made.citation_keys == FOREIGN_METHODS[method]


def test_three_countries_by_hand():
    """Canada takes .25 from France and .75 from the USA: .25*8 + .75*100 = 77."""
    shares = np.array([[0.0, 0.25, 0.75], [0.25, 0.0, 0.75], [0.6, 0.4, 0.0]])[:, :, None]
    weights = ImportWeights(shares, ("CAN", "FRA", "USA"), ("31",))
    stock = [[[4.0]], [[8.0]], [[100.0]]]
    ch = foreign_rnd_stock(stock, weights, method="coe-helpman").values[:, 0, 0]
    np.testing.assert_allclose(ch, [77.0, 1 + 75, 2.4 + 3.2])
    keller = foreign_rnd_stock(stock, weights, method="keller").values[..., 0, 0]
    np.testing.assert_allclose(keller[0], [math.log(4), 0.25 * math.log(8), 0.75 * math.log(100)])
    # imports of Canada 20 from France (GDP 40) and 60 from the USA (GDP 600): 20*8/40 + 60*100/600 = 14
    flows = np.array([[0.0, 20, 60], [10, 0, 30], [60, 40, 0]])[:, :, None]
    lvp = foreign_rnd_stock(stock, weights, method=LVP, gdp=[[10.0], [40.0], [600.0]], bilateral_imports=flows)
    assert lvp.values[0, 0, 0] == pytest.approx(14.0)
    assert foreign_rnd_stock(stock, weights, method="equal").values[0, 0, 0] == 54.0
    assert foreign_rnd_stock(stock, weights, method="equal-sum").values[0, 0, 0] == 108.0


def test_coe_helpman_with_equal_weights_is_the_mean():
    case = Case(2)
    even = equal_weights(COUNTRIES, INDUSTRIES)
    ch = foreign_rnd_stock(case.stock, even, method="coe-helpman").values
    np.testing.assert_allclose(ch, case.solve("equal").values, rtol=1e-13)
    np.testing.assert_allclose((V - 1) * ch, case.solve("equal-sum").values, rtol=1e-13)


# ---------------------------------------------------------------- symmetries


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.sampled_from(METHODS), st.booleans())
def test_permuting_countries_permutes_results(seed, method, varying):
    case = Case(seed, varying=varying)
    order = np.random.default_rng(seed).permutation(V)
    plain = case.solve(method).values
    both = np.ix_(order, order)
    moved = Case(seed, varying=varying)
    moved.stock, moved.gdp, moved.flows = case.stock[order], case.gdp[order], case.flows[both]
    labels = tuple(COUNTRIES[k] for k in order)
    # the weights stay in the old order: they are brought to that of the stocks by their labels
    made = moved.solve(method, countries=labels)
    np.testing.assert_allclose(made.values, plain[both] if method == "keller" else plain[order], rtol=1e-12)
    assert made.countries == labels


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.sampled_from(METHODS), st.floats(1e-3, 1e3))
def test_unit_of_the_stock(seed, method, unit):
    """Sums scale with it; Keller's regressors shift by share times log unit, which estimates do notice."""
    case = Case(seed)
    plain = case.solve(method).values
    case.stock = unit * case.stock
    scaled = case.solve(method).values
    if method == "keller":
        own = np.eye(V)[:, :, None]
        shift = ((case.weights.values + own) * math.log(unit))[..., None]
        np.testing.assert_allclose(scaled, plain + shift, atol=1e-9)
    else:
        np.testing.assert_allclose(scaled, unit * plain, rtol=1e-12)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_currency_does_not_matter_where_imports_are_divided(seed, currency):
    """Shares are free of the currency; LvP divides imports by GDP of the partner, in the same currency."""
    case = Case(seed)
    plain = {method: case.solve(method).values for method in ("coe-helpman", LVP)}
    case.flows, case.gdp = currency * case.flows, currency * case.gdp
    case.weights = bilateral_import_shares(case.flows, COUNTRIES, INDUSTRIES, orientation="importer_partner")
    for method, values in plain.items():
        np.testing.assert_allclose(case.solve(method).values, values, rtol=1e-11)


# ---------------------------------------------------------------- index numbers


def indexed(base: int = 3) -> np.ndarray:
    stock = Case(3).stock
    return stock / stock[..., base : base + 1]


@pytest.mark.parametrize("method", [m for m in METHODS if m != "keller"])
def test_index_numbers_are_noticed(method):
    case = Case(3)
    case.stock = indexed()
    with pytest.warns(IndexationWarning, match="same in every country in 1973.*indexation bias"):
        made = case.solve(method, years=YEARS)
    assert len(made.warnings) == 1
    assert "warning: rnd_stock is the same" in made.summary()


def test_keller_does_not_sum_and_does_not_warn():
    case = Case(3)
    case.stock = indexed()
    assert case.solve("keller").warnings == ()


def test_index_base_without_years_is_a_position():
    case = Case(3)
    case.stock = indexed()
    with pytest.warns(IndexationWarning, match="at position 3"):
        case.solve("coe-helpman")


def test_common_index_base():
    assert common_index_base(indexed(2), YEARS) == 1972
    assert common_index_base(100 * indexed(2)) == 2
    assert common_index_base(Case(3).stock) is None
    assert common_index_base(np.ones((3, 4))) is None  # the same series everywhere is no index
    assert common_index_base([[1.0, 2.0]]) is None  # one country
    assert common_index_base([[0.0, 2.0], [0.0, 3.0]]) is None  # nothing known anywhere is no base year
    one_industry = Case(3).stock
    one_industry[:, 0] = indexed()[:, 0]
    assert common_index_base(one_industry) is None
    with pytest.raises(InputError, match=r"expected .country, year"):
        common_index_base([1.0, 2.0])
    with pytest.raises(AlignmentError, match="2 years on its last axis, but 1 labels"):
        common_index_base([[1.0, 2.0], [1.0, 3.0]], [1970])


def test_indexation_bias_by_hand():
    """France knows 10 and 20, the USA 1000 and 1100; half of Canada's imports come from each.

    Money: 505 and 560, growth 10.9%. Indexed to year 1: 1 and (2 + 1.1)/2 = 1.55, growth 55%.
    """
    weights = equal_weights(("CAN", "FRA", "USA"), ("31",))
    stock = np.array([[[5.0, 7.0]], [[10.0, 20.0]], [[1000.0, 1100.0]]])
    money = foreign_rnd_stock(stock, weights, method="coe-helpman").values[0, 0]
    np.testing.assert_allclose(money, [505.0, 560.0])
    with pytest.warns(IndexationWarning):
        index = foreign_rnd_stock(stock / stock[..., :1], weights, method="coe-helpman").values[0, 0]
    np.testing.assert_allclose(index, [1.0, 1.55])


# ---------------------------------------------------------------- alignment


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"countries": ("CAN", "FRA", "DEU", "USA")}, "country labels differ: weights lacks DEU; rnd_stock lacks JPN"),
        ({"industries": ("31", "341")}, "industry labels differ: weights lacks 341; rnd_stock lacks 32"),
        ({"countries": ("CAN", "CAN", "JPN", "USA")}, "CAN"),
        ({"countries": COUNTRIES[:3]}, r"shape \(4, 2, 5\), but its labels say \(3, 2, 5\)"),
        ({"years": YEARS[:4]}, r"but its labels say \(4, 2, 4\)"),
    ],
)
def test_labels_that_differ_are_named(labels, message):
    with pytest.raises(AlignmentError, match=message):
        Case(4).solve("coe-helpman", **labels)


def test_years_of_varying_weights_must_be_those_of_the_stock():
    with pytest.raises(AlignmentError, match="year labels differ: weights lacks 1975; rnd_stock lacks 1970"):
        Case(4, varying=True).solve("coe-helpman", years=range(1971, 1976))


def test_a_labelled_array_brings_its_labels():
    case = Case(5)
    order = [3, 1, 0, 2]
    data = xr.DataArray(
        case.stock[order],
        dims=("country", "industry", "year"),
        coords={"country": [COUNTRIES[k] for k in order], "industry": list(INDUSTRIES), "year": list(YEARS)},
    )
    made = foreign_rnd_stock(data, case.weights, method="coe-helpman")
    np.testing.assert_allclose(made.values, case.solve("coe-helpman").values[order], rtol=1e-13)
    assert (made.countries, made.years) == (tuple(COUNTRIES[k] for k in order), YEARS)
    with pytest.raises(AlignmentError, match="labels given differ from those rnd_stock carries"):
        foreign_rnd_stock(data, case.weights, method="coe-helpman", countries=COUNTRIES)
    with pytest.raises(InputError, match=r"expected .country, industry, year.: transpose"):
        foreign_rnd_stock(data.transpose("year", "country", "industry"), case.weights, method="coe-helpman")


# ---------------------------------------------------------------- what is refused


def with_stock(value: float) -> Case:
    case = Case(6)
    case.stock[1, 0, 2] = value
    return case


@pytest.mark.parametrize(
    ("value", "method", "message"),
    [
        (np.nan, "coe-helpman", "rnd_stock at FRA, 31, position 2 is nan"),
        (-1.0, "equal", "rnd_stock at FRA, 31, position 2 is -1; it must be zero or positive"),
        (0.0, "keller", "is 0; it must be positive, because its log is taken"),
    ],
)
def test_bad_stocks_are_named(value, method, message):
    with pytest.raises(InputError, match=message):
        with_stock(value).solve(method)


def test_a_zero_stock_may_be_summed():
    assert np.isfinite(with_stock(0.0).solve("coe-helpman").values).all()


@pytest.mark.parametrize("varying", [False, True])
def test_bad_flows_and_gdp_are_named(varying):
    when = ", 1972" if varying else ""
    for value, words in ((np.nan, "nan"), (-2.0, "-2")):
        case = Case(6, varying=varying)
        case.flows[(0, 2, 1, 2) if varying else (0, 2, 1)] = value
        with pytest.raises(InputError, match=f"bilateral_imports at CAN, JPN, 32{when} is {words}"):
            case.solve(LVP)
    case = Case(6, varying=varying)
    case.flows[1, 1] = 3.0
    with pytest.raises(WeightsError, match="bilateral_imports of FRA from itself are not zero"):
        case.solve(LVP)
    case = Case(6)
    case.gdp[3, 1] = 0.0
    with pytest.raises(InputError, match="gdp at USA, position 1 is 0; it must be positive"):
        case.solve(LVP)


def test_missing_own_flows_are_zero_and_the_callers_array_stays():
    case = Case(7)
    plain = case.solve(LVP).values
    case.flows[np.arange(V), np.arange(V)] = np.nan
    np.testing.assert_array_equal(case.solve(LVP).values, plain)
    assert np.isnan(case.flows[0, 0]).all()


def test_arguments_that_a_method_needs_or_leaves_out():
    case = Case(8)
    with pytest.raises(InputError, match="needs gdp and bilateral_imports"):
        foreign_rnd_stock(case.stock, case.weights, method=LVP)
    with pytest.raises(InputError, match="needs gdp"):
        foreign_rnd_stock(case.stock, case.weights, method=LVP, bilateral_imports=case.flows)
    with pytest.raises(InputError, match='not used by method "equal"'):
        foreign_rnd_stock(case.stock, case.weights, method="equal", gdp=case.gdp)
    with pytest.raises(InputError, match='Did you mean "coe-helpman"'):
        foreign_rnd_stock(case.stock, case.weights, method="coe-helpmann")
    with pytest.raises(InputError, match=r"rnd_stock has shape \(4, 5\), expected"):
        foreign_rnd_stock(case.stock[:, 0], case.weights, method="equal")
    with pytest.raises(AlignmentError, match=r"gdp has shape \(4,\), expected \(4, 5\)"):
        foreign_rnd_stock(case.stock, case.weights, method=LVP, gdp=case.gdp[:, 0], bilateral_imports=case.flows)
    with pytest.raises(AlignmentError, match="bilateral_imports has shape"):
        foreign_rnd_stock(case.stock, case.weights, method=LVP, gdp=case.gdp, bilateral_imports=case.flows[:3])


# ---------------------------------------------------------------- what comes back


def test_tidy_and_summary():
    made = Case(9).solve("coe-helpman", years=YEARS)
    frame = made.tidy()
    assert list(frame.columns) == ["variable", "value", "unit", "country", "industry", "year"]
    assert len(frame) == V * J * T
    chosen = frame.query("country == 'FRA' and industry == '32' and year == 1973")
    assert chosen["value"].item() == made.values[1, 1, 3]
    keller = Case(9).solve("keller").tidy()
    assert list(keller.columns[3:]) == ["country", "partner", "industry", "position"]
    assert "imports over GDP" in Case(9).solve(LVP).tidy()["unit"].iloc[0]
    assert made.summary() == "Foreign R&D, coe-helpman: 4 countries, 2 industries, 5 years"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Case(9).solve("equal")
