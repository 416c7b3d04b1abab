"""Experiments: means near the general spillover, p-values of the right size, warnings where they belong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tradewinds.data import keller1997_calibrated
from tradewinds.errors import InputError, UnitDependenceWarning
from tradewinds.spillovers import (
    Specification,
    analyse,
    assign,
    estimate,
    run_experiment,
    size_and_power,
    unit_dependence,
    unit_sensitivity,
)
from tradewinds.spillovers.models import PartnerModel


def test_summary_statistics_are_those_of_the_draws(random_panel):
    result = run_experiment(random_panel, draws=60, seed=5, keep_draws=True)
    draws = result.draws.coefficients
    np.testing.assert_allclose(result.mean, draws.mean(axis=0))
    np.testing.assert_allclose(result.sd, draws.std(axis=0, ddof=1))
    observed = result.observed.coefficients
    for k in range(8):
        center = np.append(draws[:, k], observed[k]).mean()
        extreme = np.abs(draws[:, k] - center) >= abs(observed[k] - center)
        assert result.p_values[k] == (1 + extreme.sum()) / 61
    fits = (result.draws.r_squared >= result.observed.r_squared).sum()
    assert result.r_squared_p_value == (1 + fits) / 61
    assert result.trade_f_p_value == (1 + (result.draws.trade_f >= result.trade_f).sum()) / 61
    assert run_experiment(random_panel, draws=60, seed=5).draws is None


def test_prefix_of_more_draws(random_panel):
    """More draws extend the sequence; they do not start another one."""
    few = run_experiment(random_panel, draws=10, seed=2, keep_draws=True)
    many = run_experiment(random_panel, draws=30, seed=2, keep_draws=True)
    np.testing.assert_allclose(few.draws.coefficients, many.draws.coefficients[:10], rtol=1e-10, atol=1e-13)
    other = run_experiment(random_panel, draws=10, seed=3, keep_draws=True)
    assert np.max(np.abs(other.draws.coefficients - few.draws.coefficients)) > 1e-6


@pytest.mark.parametrize("follows", ["every_slot", "slot", "value"])
def test_where_the_overall_share_goes_when_all_are_exchanged(random_panel, follows):
    """Keller (1997), equation (4.5), in the three readings of it, written out for one draw."""
    specification = Specification(kind="level", share_follows=follows)
    model = PartnerModel(random_panel, specification, "exchange_all")
    weights = assign(model.values, model.own, "exchange_all", seed=9)[0]
    regressors = model.regressors(weights).reshape(8, 6, 22, 8)
    observed = np.moveaxis(random_panel.weights.values, 1, -1).copy()
    for i, j in ((0, 0), (3, 5), (7, 2)):
        m = random_panel.import_share[i, j]
        shares = observed[i, j].copy()
        shares[i] = 1.0
        # the permutation behind this draw, from the drawn values themselves
        base = model.values.reshape(8, 6, 8)[i, j]
        order = [int(np.argwhere(base == value)[0, 0]) for value in weights.reshape(8, 6, 8)[i, j]]
        for v in range(8):
            share = shares[order[v]]
            if follows == "every_slot":
                scale = m
            elif follows == "slot":
                scale = 1.0 if v == i else m
            else:
                scale = 1.0 if order[v] == i else m
            expected = scale * share * np.log(random_panel.rnd_stock[v, j])
            np.testing.assert_allclose(regressors[i, j, :, v], expected)


def test_mean_over_draws_is_near_the_general_spillover(random_panel):
    """Section 5.1 and Appendix D: within a standard error of (5.1) in growth rates."""
    result = run_experiment(random_panel, draws=400)
    general = estimate(random_panel, weights="equal")
    assert np.max(np.abs(result.mean - general.coefficients) / general.std_errors) < 0.1


def test_drawn_and_equal(random_panel):
    drawn = run_experiment(random_panel, kind="drawn", draws=50)
    assert "coe-hoffmaister1999" in drawn.citation_keys
    result = analyse(random_panel, experiment="equal")
    assert result.experiment is None
    assert result.general.equation == "5.1"
    assert analyse(random_panel, experiment="observed").general is None


def test_bad_requests(random_panel):
    with pytest.raises(InputError, match='Did you mean "exchange_partners"'):
        run_experiment(random_panel, kind="exchange_partner")
    with pytest.raises(InputError, match=r"draws is 1; .* at least 2 for a spread, and 999 for a p-value"):
        run_experiment(random_panel, draws=1)
    for changes in ({"draws": 20.0}, {"seed": -1}, {"seed": 0.5}, {"sparsity": np.nan}, {"sparsity": -2.0}):
        with pytest.raises(InputError, match=f"{next(iter(changes))} is .*; it must be a"):
            run_experiment(random_panel, kind="drawn", **({"draws": 20} | changes))
    with pytest.raises(InputError, match="by_partner"):
        run_experiment(random_panel, Specification(kind="level", foreign_rnd="coe-helpman"), "exchange_all")
    with pytest.raises(InputError, match="Allowed: observed"):
        analyse(random_panel, experiment="none")


def test_progress_is_reported_to_the_end(random_panel):
    seen = []
    run_experiment(random_panel, draws=2_500, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1000, 2500), (2000, 2500), (2500, 2500)]


def test_tidy_has_the_contracts_columns_and_variables(random_panel):
    frame = analyse(random_panel, draws=20).tidy()
    assert {"variable", "value", "unit", "specification", "weights", "term"} == set(frame.columns)
    assert {"estimate", "std_error", "p_value", "mc_mean", "mc_sd", "r_squared"} <= set(frame["variable"])
    assert not frame.duplicated(["specification", "weights", "term", "variable"]).any()
    units = frame.set_index("variable")["unit"].to_dict()
    assert units["r_squared"] == "fraction" and units["r_squared_randomisation_p_value"] == "probability"


def test_level_specifications_warn_about_units_and_name_the_mend(random_panel):
    level = Specification(kind="level")
    with pytest.warns(UnitDependenceWarning, match="share_main_effects"):
        result = analyse(random_panel, level, experiment="observed")
    assert any("unit of the R&D stocks" in note for note in result.warnings)
    assert unit_dependence(random_panel, Specification()) == ""


@pytest.mark.parametrize(
    "specification",
    [
        Specification(kind="level"),
        Specification(kind="level", import_share=False),
        Specification(kind="level", foreign_rnd="coe-helpman", effects=("country", "industry")),
    ],
    ids=lambda s: s.label,
)
def test_the_warning_is_right_and_so_is_the_mend(random_panel, specification):
    def spread(spec):
        table = unit_sensitivity(random_panel, spec).loc[lambda t: ~t.index.str.contains("weight|import")]
        return float((table.max(axis=1) - table.min(axis=1)).max())

    assert unit_dependence(random_panel, specification)
    assert spread(specification) > 1e-3
    for mend in ({"share_main_effects": True}, {"effects": ("cell",)}):
        mended = specification.replace(**mend)
        assert unit_dependence(random_panel, mended) == ""
        assert spread(mended) < 1e-7


def test_cell_effects_do_not_mend_weights_that_vary(varying_panel):
    cell = Specification(kind="level", effects=("cell",))
    assert unit_dependence(varying_panel, cell)


def test_size_of_the_randomisation_test(random_panel):
    """With shares assigned at random and no trade effect, rejections are near the nominal level."""
    report = size_and_power(random_panel, trade_multiples=(0.0,), simulations=400, draws=99, seed=11)
    rate = report.table.query("shares == 'randomly assigned' and test == 'f_randomisation'")["rejection_rate"].item()
    assert 0.02 <= rate <= 0.085  # 0.05 plus and minus three simulation errors


def test_power_rises_with_the_effect(random_panel):
    report = size_and_power(random_panel, trade_multiples=(0.0, 200.0), simulations=60, draws=39, seed=1)
    wide = report.table.pivot_table(index="trade_multiple", columns=["shares", "test"], values="rejection_rate")
    joint = [column for column in wide.columns if column[1].startswith("f_")]  # the R2 comparison has little power
    assert (wide.loc[200.0, joint] > wide.loc[0.0, joint] + 0.3).all()
    tidy = report.tidy()
    assert set(tidy["unit"]) == {"fraction"}
    assert len(tidy) == 2 * len(report.table)


@pytest.mark.parametrize(
    "changes",
    [
        {"noise": "pink"},
        {"level": 0.0},
        {"level": np.nan},
        {"draws": 5},
        {"draws": 19.5},
        {"simulations": 1},
        {"seed": -3},
        {"trade_multiples": ()},
        {"trade_multiples": (0.0, np.nan)},
        {"trade_multiples": 5.0},
        {"general": [np.nan] * 8},
    ],
)
def test_bad_power_requests(random_panel, changes):
    with pytest.raises(InputError, match=f"^{next(iter(changes))} is "):
        size_and_power(random_panel, **changes)


def test_power_in_blocks_is_power_at_once(random_panel, monkeypatch):
    """Patterns are fitted on their own outcomes, a block at a time, and progress counts every data set."""
    from tradewinds.spillovers import power

    plain, sizes = power.fit_batch, []

    def watched(moments, weights):
        sizes.append((len(weights), moments.total_sum.size))
        return plain(moments, weights)

    monkeypatch.setattr(power, "fit_batch", watched)
    requests = {"trade_multiples": (0.0, 50.0), "simulations": 23, "draws": 39, "seed": 4}
    monkeypatch.setattr(power, "BLOCK", 1_000)
    whole = size_and_power(random_panel, **requests).table
    sizes.clear()
    monkeypatch.setattr(power, "BLOCK", 5)
    seen = []
    blocks = size_and_power(random_panel, **requests, progress=lambda done, total: seen.append((done, total))).table
    pd.testing.assert_frame_equal(whole, blocks)
    assert {outcomes for _, outcomes in sizes} == {5, 3} and {patterns for patterns, _ in sizes} == {1, 3, 5, 39}
    assert seen[:6] == [(5, 92), (10, 92), (15, 92), (20, 92), (23, 92), (28, 92)] and seen[-1] == (92, 92)
    assert whole["rejection_rate"].between(0, 1).all() and whole["rejection_rate"].nunique() > 2


def test_power_on_outcomes_of_a_known_process(random_panel):
    rng = np.random.default_rng(0)
    seen = []
    report = size_and_power(
        random_panel,
        trade_multiples=np.array([0, 2]),
        simulations=20,
        draws=19,
        outcomes=lambda multiple, count: rng.normal(size=(240, count)),
        progress=lambda *counts: seen.append(counts),
    )
    assert set(report.table["shares"]) == {"actual"} and seen == [(20, 40), (40, 40)]
    with pytest.raises(InputError, match=r"shape \(20, 240\); one row an observation is needed: \(240, 20\)"):
        size_and_power(random_panel, simulations=20, outcomes=lambda multiple, count: np.zeros((count, 240)))


def test_draws_that_are_not_kept_give_the_same_numbers(random_panel):
    kept = run_experiment(random_panel, draws=30, seed=3, keep_draws=True)
    lost = run_experiment(random_panel, draws=30, seed=3)
    assert kept.draws.std_errors.shape == kept.draws.coefficients.shape == (30, 8)
    for name in ("mean", "sd", "p_values", "p_values_upper", "share_positive"):
        np.testing.assert_array_equal(getattr(kept, name), getattr(lost, name))
    assert (kept.trade_f, kept.trade_f_p_value, kept.r_squared_p_value, kept.mean_within_r_squared) == (
        lost.trade_f,
        lost.trade_f_p_value,
        lost.r_squared_p_value,
        lost.mean_within_r_squared,
    )


def test_figures_have_titles_units_and_source(random_panel):
    experiment = run_experiment(random_panel, draws=20)
    power = size_and_power(random_panel, trade_multiples=(0.0, 5.0), simulations=5, draws=19)
    for figure in (experiment.plot(), power.plot(), estimate(random_panel).plot()):
        texts = [text.get_text() for text in figure.findobj(lambda item: hasattr(item, "get_text"))]
        assert any("tradewinds" in text for text in texts)
        assert all(axis.get_xlabel() for axis in figure.axes)


def test_stand_in_is_named_in_results(random_panel):
    panel = replace(random_panel, stand_in="Invented for a test.")
    assert "STAND-IN: Invented" in estimate(panel).summary()


def test_power_from_known_elasticities():
    """With Table 4's elasticities b_v g_v is alike for all, so trade is harder to find than estimated ones suggest."""
    panel = keller1997_calibrated()
    rates = {}
    for name, general in (("estimated", None), ("true", panel.truth["general"])):
        report = size_and_power(panel, trade_multiples=(0.0, 20.0), simulations=60, draws=39, general=general)
        rates[name] = report.wide().loc[("actual", 20.0), "f_iid"]
    assert rates["true"] < rates["estimated"] - 0.1
    with pytest.raises(InputError, match="one a country in the order CAN, FRA"):
        size_and_power(panel, general=[0.1, 0.2])


def test_the_observed_pattern_counts_however_it_is_computed(panel_factory):
    """Three countries have eight patterns: one draw in eight is the observed one, and its statistics tie."""
    panel = panel_factory(3, 1, 40)
    specification = Specification(kind="level", effects=("country",))
    result = run_experiment(panel, specification, draws=400, seed=2, keep_draws=True)
    identity = np.isclose(result.draws.coefficients, result.observed.coefficients, rtol=1e-6).all(axis=1)
    assert 0.05 < identity.mean() < 0.25
    least = (1 + identity.sum()) / 401
    assert result.p_values.min() >= least and result.p_values_upper.min() >= least
    assert result.r_squared_p_value >= least and result.trade_f_p_value >= least


def test_no_p_value_where_the_observed_regression_is_not_drawn(random_panel):
    """(4.5) puts the overall share on own research too, (4.2) does not; the other placements contain (4.2)."""
    level = Specification(kind="level")
    silent = run_experiment(random_panel, level, "exchange_all", draws=20)
    assert np.isnan(silent.p_values).all() and np.isnan(silent.r_squared_p_value)
    for placement in ("slot", "value"):
        spoken = run_experiment(random_panel, level.replace(share_follows=placement), "exchange_all", draws=20)
        assert np.isfinite(spoken.p_values).all()
    assert np.isfinite(
        run_experiment(random_panel, level.replace(import_share=False), "exchange_all", draws=20).p_values
    ).all()
    with pytest.warns(UnitDependenceWarning):
        result = analyse(random_panel, level, experiment="exchange_all", draws=20)
    assert any("no p-values" in note for note in result.warnings)


def test_drawn_shares_come_with_a_note(random_panel):
    assert any("law of their own" in note for note in analyse(random_panel, experiment="drawn", draws=20).warnings)


def test_cell_effects_mend_a_pooled_stock_whose_weights_vary(varying_panel):
    """Only m multiplies a pooled stock: constant in a cell, it is absorbed, whatever the bilateral shares do."""
    specification = Specification(kind="level", foreign_rnd="coe-helpman", effects=("cell",))
    assert unit_dependence(varying_panel, specification) == ""
    table = unit_sensitivity(varying_panel, specification)
    assert float((table.max(axis=1) - table.min(axis=1)).max()) < 1e-7
