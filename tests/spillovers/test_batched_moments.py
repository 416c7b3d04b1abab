"""The batched fits agree with one least-squares fit a draw: coefficients, errors, R2 and the joint F."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.spillovers import LOTTERIES, Specification, assign, build_moments, fit_batch, run_experiment
from tradewinds.spillovers.models import PartnerModel, build_model

SPECIFICATIONS = [
    Specification(),
    Specification(import_share=False),
    Specification(growth="arithmetic"),
    Specification(kind="level"),
    Specification(kind="level", import_share=False),
    Specification(kind="level", effects=("cell", "period")),
    Specification(kind="level", share_main_effects=True),
    Specification(kind="level", foreign_rnd="coe-helpman", import_share=False),
    Specification(kind="level", foreign_rnd="coe-helpman", share_main_effects=True),
    Specification(kind="growth", foreign_rnd="coe-helpman"),
    Specification(kind="level", foreign_rnd="lichtenberg-van-pottelsberghe", import_share=False),
]


def least_squares_twin(outcome, fixed, regressors):
    """The slow, obvious version: one regression on everything."""
    everything = np.column_stack([fixed, regressors])
    coefficients, *_ = np.linalg.lstsq(everything, outcome, rcond=None)
    residuals = outcome - everything @ coefficients
    variance = residuals @ residuals / (outcome.size - everything.shape[1])
    errors = np.sqrt(np.diag(np.linalg.inv(everything.T @ everything)) * variance)
    named = regressors.shape[1]
    r_squared = 1 - residuals @ residuals / np.sum((outcome - outcome.mean()) ** 2)
    return coefficients[-named:], errors[-named:], r_squared, residuals @ residuals


#: One pooled stock has no own weight to exchange, so exchange_all is for partner-by-partner specifications.
CASES = [
    (specification, kind)
    for specification in SPECIFICATIONS
    for kind in LOTTERIES
    if kind != "exchange_all" or specification.foreign_rnd == "by_partner"
]


@pytest.mark.parametrize("varying", [False, True], ids=["constant", "varying"])
@pytest.mark.parametrize(
    ("specification", "kind"),
    CASES,
    ids=[f"{s.label}-{s.growth}-{s.effects}-{s.share_main_effects}-{k}" for s, k in CASES],
)
def test_every_draw_equals_its_own_regression(request, specification, kind, varying):
    panel = request.getfixturevalue("varying_panel" if varying else "random_panel")
    model = build_model(panel, specification, kind)
    weights = assign(model.values, model.own, kind, seed=3, draws=5)
    batch = model.fit(weights)
    for draw in range(5):
        twin = least_squares_twin(model.outcome, model.fixed, model.regressors(weights[draw]))
        scale = np.abs(twin[1])  # a standard error is the yardstick of a coefficient
        assert np.max(np.abs(batch.coefficients[draw, :, 0] - twin[0]) / scale) < 1e-10
        np.testing.assert_allclose(batch.std_errors[draw, :, 0], twin[1], rtol=1e-10)
        np.testing.assert_allclose(batch.r_squared[draw, 0], twin[2], atol=1e-12)


def test_joint_f_is_the_f_of_nested_regressions(random_panel):
    specification = Specification()
    model = PartnerModel(random_panel, specification)
    general = np.column_stack([model.fixed, model.regressors(model.equal())])
    deviation = model.design.deviation(model.values)
    batch = fit_batch(model.moments(fixed=general), model.batch_weights(deviation[None]))
    full = least_squares_twin(model.outcome, general, model.regressors(deviation))[3]
    reduced = least_squares_twin(model.outcome, model.fixed, model.regressors(model.equal()))[3]
    expected = ((reduced - full) / 8) / (full / (240 - 17))
    assert batch.joint_f[0, 0] == pytest.approx(expected, rel=1e-10)


@settings(max_examples=25, deadline=None)
@given(cells=st.integers(6, 12), dates=st.integers(2, 5), regressors=st.integers(1, 3), seed=st.integers(0, 10**6))
def test_any_series_and_weights(cells, dates, regressors, seed):
    rng = np.random.default_rng(seed)
    series = rng.normal(size=(cells, dates, regressors))
    outcomes = rng.normal(size=(cells, dates, 2))
    fixed = np.column_stack([np.ones(cells * dates), rng.normal(size=cells * dates)])
    weights = rng.uniform(0.1, 1, size=(4, cells, regressors))
    batch = fit_batch(build_moments(series, outcomes, fixed), weights)
    for draw in range(4):
        x = (weights[draw][:, None, :] * series).reshape(-1, regressors)
        for outcome in range(2):
            twin = least_squares_twin(outcomes.reshape(-1, 2)[:, outcome], fixed, x)
            np.testing.assert_allclose(batch.coefficients[draw, :, outcome], twin[0], rtol=1e-7, atol=1e-9)
            np.testing.assert_allclose(batch.residual_sum[draw, outcome], twin[3], rtol=1e-8)


def test_collinear_draws_are_refused():
    series = np.ones((6, 3, 2))
    fixed = np.ones((18, 1))
    outcome = np.arange(18.0).reshape(6, 3)
    moments = build_moments(np.random.default_rng(0).normal(size=(6, 3, 1)) * series, outcome, fixed)
    with pytest.raises(InputError, match="collinear"):
        fit_batch(moments, np.ones((2, 6, 2)))


def test_regressors_inside_the_fixed_effects_are_refused():
    fixed = np.ones((18, 1))
    moments = build_moments(np.ones((6, 3, 1)), np.arange(18.0).reshape(6, 3), fixed)
    with pytest.raises(InputError, match="collinear"):
        fit_batch(moments, np.ones((2, 6, 1)))


def test_collinear_fixed_regressors_and_too_few_rows_are_refused():
    series = np.random.default_rng(0).normal(size=(6, 3, 1))
    with pytest.raises(InputError, match="collinear"):
        build_moments(series, np.zeros((6, 3)), np.ones((18, 2)))
    with pytest.raises(InputError, match="observations"):
        build_moments(series[:1], np.zeros((1, 3)), np.random.default_rng(1).normal(size=(3, 3)))


def test_what_is_not_finite_is_refused_and_not_fitted():
    rng = np.random.default_rng(0)
    series, outcome, fixed = rng.normal(size=(6, 3, 2)), rng.normal(size=(6, 3)), np.ones((18, 1))
    weights = np.ones((2, 6, 2))
    weights[1, 4, 0] = np.nan
    with pytest.raises(InputError, match="weights is nan in row 2 of 2"):
        fit_batch(build_moments(series, outcome, fixed), weights)
    outcome[0, 1] = np.nan
    with pytest.raises(InputError, match="outcome is nan in row 2 of 18"):
        build_moments(series, outcome, fixed)


def test_a_pooled_stock_inside_the_controls_is_refused(random_panel):
    """With the same research everywhere and no import share, foreign research is own research over again."""
    same = np.repeat(random_panel.rnd_stock[:1], 8, axis=0)
    specification = Specification(kind="level", foreign_rnd="coe-helpman", import_share=False)
    model = build_model(replace(random_panel, rnd_stock=same), specification)
    with pytest.raises(InputError, match="foreign R&D stock is collinear"):
        model.fit(assign(model.values, model.own, "exchange_partners", seed=1, draws=2))


def test_streaming_does_not_change_results(random_panel, monkeypatch):
    """Blocks bound memory; they must not be visible in the numbers."""
    whole = run_experiment(random_panel, draws=40, keep_draws=True)
    monkeypatch.setattr("tradewinds.spillovers.experiments.BLOCK", 7)
    blocks = run_experiment(random_panel, draws=40, keep_draws=True)
    np.testing.assert_allclose(whole.draws.coefficients, blocks.draws.coefficients, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(whole.draws.trade_f, blocks.draws.trade_f, rtol=1e-9)
