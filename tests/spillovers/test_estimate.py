"""Regressions against slow twins and against independent packages' definitions; the paper's rules about weights."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.data.panel import SpilloverPanel
from tradewinds.errors import InputError
from tradewinds.measure.weights import ImportWeights
from tradewinds.spillovers import Specification, build_design, estimate, general_and_trade
from tradewinds.spillovers.equations import average_growth, break_years
from tradewinds.spillovers.regression import least_squares


def loop_regressors(panel, specification, weights="observed"):
    """Equations (4.1), (4.2), (4.9), (4.10) and (5.1) written out row by row."""
    countries, industries, years = panel.shape
    share = panel.weights.values
    rows, outcomes = [], []
    if specification.kind == "growth":
        breaks = break_years(panel, specification)
        steps = [(panel.years.index(a), panel.years.index(b)) for a, b in itertools.pairwise(breaks)]
    else:
        steps = [(t, t) for t in range(years)]
    for i in range(countries):
        for j in range(industries):
            for start, stop in steps:
                row = []
                for v in range(countries):
                    stock = panel.rnd_stock[v, j]
                    z = (
                        np.log(stock[stop] / stock[start]) / (panel.years[stop] - panel.years[start])
                        if stop > start
                        else np.log(stock[start])
                    )
                    if v == i:
                        row.append(z)
                        continue
                    weight = share[i, v, j] if weights == "observed" else 1 / (countries - 1)
                    m = panel.import_share[i, j] if specification.import_share else 1.0
                    row.append(m * weight * z)
                rows.append(row)
                f = panel.tfp[i, j]
                outcomes.append(
                    np.log(f[stop] / f[start]) / (panel.years[stop] - panel.years[start])
                    if stop > start
                    else np.log(f[start])
                )
    return np.array(rows), np.array(outcomes)


@pytest.mark.parametrize("weights", ["observed", "equal"])
@pytest.mark.parametrize("import_share", [True, False])
@pytest.mark.parametrize("kind", ["growth", "level"])
def test_design_is_the_equation_written_out(panel_factory, kind, import_share, weights):
    panel = panel_factory(4, 2, 9)
    specification = Specification(kind=kind, import_share=import_share, periods=None)
    expected, outcomes = loop_regressors(panel, specification, weights)
    design = build_design(panel, specification)
    np.testing.assert_allclose(design.regressors(design.observed if weights == "observed" else design.equal), expected)
    np.testing.assert_allclose(design.outcome.ravel(), outcomes)


def test_keller_sizes(random_panel):
    """n = 1056 with 21 coefficients in levels, 240 with 9 in growth (Keller 1997, Tables 1 and 3)."""
    level = estimate(random_panel, Specification(kind="level", import_share=False))
    growth = estimate(random_panel)
    assert (level.fit.rows, level.fit.regressors) == (1056, 21)
    assert (growth.fit.rows, growth.fit.regressors) == (240, 9)
    assert (growth.equation, level.equation) == ("4.10", "4.1")
    assert general_and_trade(random_panel).fit.regressors == 17


def test_own_deviation_is_zero(random_panel):
    """(5.2): the own term is in the general part only; with 6/7 its errors would be many times the published ones."""
    design = build_design(random_panel, Specification())
    deviation = design.deviation(design.observed)
    assert np.all(deviation[np.arange(48), design.own] == 0.0)
    np.testing.assert_allclose(deviation.sum(axis=1), 0.0, atol=1e-14)
    both = general_and_trade(random_panel)
    general = estimate(random_panel, weights="equal")
    wrong = design.observed - design.equal.mean()  # own weight 1 minus 1/7-like constant in every row
    wrong[np.arange(48), design.own] = 6 / 7
    x = np.column_stack([design.dummies, design.regressors(design.equal), design.regressors(wrong)])
    y = design.outcome.ravel()
    b, *_ = np.linalg.lstsq(x, y, rcond=None)
    wrong_error = np.sqrt(np.diag(np.linalg.inv(x.T @ x))[1:9] * np.sum((y - x @ b) ** 2) / (240 - 17))
    assert np.all(both.std_errors[:8] < 2.0 * general.std_errors)
    assert np.median(wrong_error / both.std_errors[:8]) > 3


def test_covariances_against_definitions(random_panel):
    specification = Specification(kind="level")
    design = build_design(random_panel, specification)
    x = np.column_stack([design.dummies, design.regressors(design.observed)])
    y = design.outcome.ravel()
    n, k = x.shape
    bread = np.linalg.inv(x.T @ x)
    e = y - x @ (bread @ x.T @ y)
    country = np.repeat(np.arange(8), 6 * 22)
    cell = np.repeat(np.arange(48), 22)

    def sandwich(groups, factor):
        meat = np.zeros((k, k))
        for group in np.unique(groups):
            score = x[groups == group].T @ e[groups == group]
            meat += np.outer(score, score)
        return np.sqrt(np.diag(factor * bread @ meat @ bread))[-8:]

    expected = {
        "iid": np.sqrt(np.diag(bread) * (e @ e) / (n - k))[-8:],
        "hc1": sandwich(np.arange(n), n / (n - k)),
        "cluster_country": sandwich(country, 8 / 7 * (n - 1) / (n - k)),
        "cluster_cell": sandwich(cell, 48 / 47 * (n - 1) / (n - k)),
    }
    for name, errors in expected.items():
        fit = estimate(random_panel, specification, covariance=name)
        np.testing.assert_allclose(fit.std_errors, errors, rtol=1e-8)
    assert estimate(random_panel, specification, covariance="cluster_country").fit.freedom == 7


def test_jackknife_leaves_out_one_importer_at_a_time(random_panel):
    specification = Specification()
    design = build_design(random_panel, specification)
    x = np.column_stack([design.dummies, design.regressors(design.observed)])
    y = design.outcome.ravel()
    country = np.repeat(np.arange(8), 6 * 5)
    full = np.linalg.lstsq(x, y, rcond=None)[0][-8:]
    changes = [np.linalg.lstsq(x[country != g], y[country != g], rcond=None)[0][-8:] - full for g in range(8)]
    expected = np.sqrt(7 / 8 * np.sum(np.square(changes), axis=0))
    fit = estimate(random_panel, specification, covariance="jackknife_country")
    np.testing.assert_allclose(fit.std_errors, expected, rtol=1e-8)


def test_adjusted_r_squared_and_p_values(random_panel):
    from scipy import stats

    fit = estimate(random_panel)
    r2 = fit.r_squared
    assert fit.adjusted_r_squared == pytest.approx(1 - (1 - r2) * 239 / 231)
    t = fit.coefficients / fit.std_errors
    np.testing.assert_allclose(fit.p_values, 2 * stats.t.sf(np.abs(t), 231))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 100))
def test_order_of_countries_does_not_matter(seed):
    panel = _permutable()
    order = np.random.default_rng(seed).permutation(8)
    labels = tuple(panel.countries[k] for k in order)
    shuffled = SpilloverPanel(
        "shuffled",
        labels,
        panel.industries,
        panel.years,
        panel.tfp[order],
        panel.rnd_stock[order],
        panel.weights,
        panel.import_share[order],
    )
    before, after = estimate(panel), estimate(shuffled)
    for country in labels:
        assert after[country] == pytest.approx(before[country], rel=1e-8)


def _permutable():
    rng = np.random.default_rng(5)
    labels = ("CAN", "FRA", "DEU", "ITA", "JPN", "SWE", "GBR", "USA")
    shares = rng.random((8, 8, 2))
    shares[np.arange(8), np.arange(8)] = 0
    shares /= shares.sum(axis=1, keepdims=True)
    return SpilloverPanel(
        "p",
        labels,
        ("31", "32"),
        tuple(range(1970, 1992)),
        np.exp(rng.normal(size=(8, 2, 22))),
        np.exp(rng.normal(size=(8, 2, 22))),
        ImportWeights(shares, labels, ("31", "32")),
        rng.uniform(0.1, 0.4, (8, 2)),
    )


def test_growth_is_unit_free_and_levels_are_not(random_panel):
    bigger = replace(random_panel, rnd_stock=random_panel.rnd_stock * 1000.0, tfp=random_panel.tfp / 7)
    np.testing.assert_allclose(estimate(bigger).coefficients, estimate(random_panel).coefficients, rtol=1e-8)
    level = Specification(kind="level")
    assert np.max(np.abs(estimate(bigger, level).coefficients - estimate(random_panel, level).coefficients)) > 1e-3


def test_known_coefficients_are_recovered_without_noise(random_panel):
    """Outcome built from the design itself comes back to rounding error."""
    truth = np.linspace(0.1, 0.8, 8)
    design = build_design(random_panel, Specification())
    growth = (design.regressors(design.observed) @ truth - 0.001).reshape(8, 6, 5)
    spans = np.diff((1970, 1974, 1978, 1982, 1986, 1991))
    level = np.concatenate([np.zeros((8, 6, 1)), np.cumsum(growth * spans, axis=2)], axis=2)
    years = np.array((1970, 1974, 1978, 1982, 1986, 1991))
    tfp = np.empty((8, 6, 22))
    for index in np.ndindex(8, 6):
        tfp[index] = np.exp(np.interp(np.arange(1970, 1992), years, level[index]))
    fit = estimate(replace(random_panel, tfp=tfp))
    np.testing.assert_allclose(fit.coefficients, truth, rtol=1e-9)
    assert fit.r_squared == pytest.approx(1.0)


def test_average_growth_log_and_arithmetic():
    values = np.array([100.0, 110.0, 99.0, 120.0])
    years = (2000, 2001, 2002, 2003)
    log = average_growth(values, years, (2000, 2003), "log")
    arithmetic = average_growth(values, years, (2000, 2003), "arithmetic")
    assert log[0] == pytest.approx(np.log(1.2) / 3)
    assert arithmetic[0] == pytest.approx((0.1 - 0.1 + 120 / 99 - 1) / 3)


def test_break_years_of_other_samples(panel_factory):
    panel = panel_factory(3, 1, 10)
    assert break_years(panel, Specification()) == (1970, 1974, 1979)
    with pytest.raises(InputError, match="no year 1995"):
        break_years(panel, Specification(periods=(1970, 1995)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "levels"}, 'Did you mean "level"'),
        ({"effects": ("contry",)}, 'Did you mean "country"'),
        ({"periods": (1980, 1970)}, "increasing"),
        ({"share_main_effects": True}, "no unit"),
        (
            {"kind": "level", "foreign_rnd": "coe-helpman", "import_share": False, "share_main_effects": True},
            "m, which",
        ),
    ],
)
def test_bad_specifications(changes, message):
    with pytest.raises(InputError, match=message):
        Specification(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"effects": ["country", "country"]}, "effects names country more than once"),
        ({"effects": "country"}, r'effects is .country.; it is a list, even of one: effects = \["country"\]'),
        ({"effects": 3}, "effects is 3; it is a list"),
        ({"periods": "1970"}, "periods is .1970.; it is a list"),
        ({"periods": (1970, 1980.5)}, "periods is 1980.5; it must be a whole number"),
        ({"periods": (1970, True)}, "periods is True; it must be a whole number"),
        ({"periods": (1970,)}, "two or more"),
    ],
)
def test_effects_and_periods_are_lists_of_distinct_members(changes, message):
    with pytest.raises(InputError, match=message):
        Specification(**changes)


def test_lists_in_a_specification_become_tuples():
    specification = Specification(kind="level", effects=["country"], periods=list(np.array([1970, 1980])))
    assert specification == Specification(kind="level", effects=("country",), periods=(1970, 1980))
    assert all(type(year) is int for year in specification.periods)
    assert hash(specification)


@pytest.mark.parametrize("effects", [("country", "industry", "cell"), ("cell", "country"), ("cell",)])
def test_effects_inside_cell_effects_do_not_count_twice(random_panel, effects):
    fit = estimate(random_panel, Specification(kind="level", effects=effects))
    alone = estimate(random_panel, Specification(kind="level", effects=("cell",)))
    np.testing.assert_array_equal(fit.coefficients, alone.coefficients)
    assert fit.fit.regressors == 48 + 8


def test_collinear_fixed_regressors_are_refused(random_panel):
    """A repeated dummy adds a direction of rounding error to an orthonormal basis, and moves every estimate."""
    design = build_design(random_panel, Specification(kind="level"))
    twice = np.column_stack([design.dummies, design.dummies[:, 3]])
    codes = {"countries": np.repeat(np.arange(8), 132), "cells": np.repeat(np.arange(48), 22)}
    regressors = design.regressors(design.observed)
    with pytest.raises(InputError, match="column 14 of 14 is a combination"):
        least_squares(design.outcome.ravel(), regressors, twice, terms=design.terms, **codes)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_named(random_panel, bad):
    design = build_design(random_panel, Specification())
    codes = {"countries": np.repeat(np.arange(8), 30), "cells": np.repeat(np.arange(48), 5)}
    parts = {
        "outcome": design.outcome.ravel().copy(),
        "regressors": design.regressors(design.observed),
        "fixed": design.dummies.copy(),
    }
    for name, said in (("outcome", "outcome"), ("regressors", "regressor DEU"), ("fixed", "fixed regressors")):
        array = parts[name].copy()
        array[(6, 2) if name == "regressors" else 6] = bad
        with pytest.raises(
            InputError, match=f"{said} is (nan|inf) in row 7 of 240; every value must be a finite number"
        ):
            least_squares(**(parts | {name: array}), terms=design.terms, **codes)


def test_bad_requests(random_panel):
    with pytest.raises(InputError, match="weights is 'random'"):
        estimate(random_panel, weights="random")
    with pytest.raises(InputError, match="outcome is 0 in every row"):
        estimate(replace(random_panel, tfp=np.ones((8, 6, 22))))
    with pytest.raises(InputError, match="Allowed: iid"):
        estimate(random_panel, covariance="hc0")
    with pytest.raises(InputError, match="NIS"):
        estimate(replace(random_panel, import_share=None))
    with pytest.raises(InputError, match="by_partner"):
        general_and_trade(random_panel, Specification(kind="level", foreign_rnd="coe-helpman"))
    with pytest.raises(InputError, match="effects"):
        general_and_trade(random_panel, Specification(kind="level", share_main_effects=True))
    with pytest.raises(InputError, match="gdp"):
        estimate(
            replace(random_panel, gdp=None), Specification(kind="level", foreign_rnd="lichtenberg-van-pottelsberghe")
        )


def test_collinear_terms_are_named(random_panel):
    same = np.repeat(random_panel.rnd_stock[:1], 8, axis=0)
    with pytest.raises(InputError, match="collinear"):
        estimate(replace(random_panel, rnd_stock=np.ones_like(same)), Specification(kind="growth"))
    with pytest.raises(InputError, match="weight:"):
        estimate(random_panel, Specification(kind="level", share_main_effects=True, effects=("cell",)))


def test_results_present_themselves(random_panel):
    fit = general_and_trade(random_panel)
    frame = fit.tidy()
    assert list(frame.columns) == ["variable", "value", "unit", "specification", "weights", "term"]
    assert set(frame["variable"]) >= {"estimate", "std_error", "p_value", "r_squared", "adjusted_r_squared"}
    value = frame.query("variable == 'estimate' and term == 'trade:USA'")["value"].item()
    assert value == fit["trade:USA"]
    with pytest.raises(InputError, match=r"^no term 'trade:US'\. Did you mean .trade:USA.\? Terms: general:CAN, "):
        fit["trade:US"]
    assert "(5.2)" in fit.summary()
    figure = fit.plot()
    assert len(figure.axes) == 2
    assert "(5.2)" in figure.get_suptitle()


def test_estimates_make_a_journal_table(random_panel):
    maketables = pytest.importorskip("maketables")
    table = maketables.ETable([estimate(random_panel), estimate(random_panel, weights="equal")])
    text = table.make(type="tex")
    assert "CAN" in str(text)
