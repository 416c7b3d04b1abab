"""Firms of the model with known truth: the sample is the model, and each tool finds or misses what it is said to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import InputError
from tradewinds.firms import UniformParameters
from tradewinds.firms.measurement import (
    STEPS,
    decompose,
    effect_of_exporting,
    exit_regression,
    exporter_premium,
    liberalisation_panel,
    recovery,
    starting_to_export,
)

INNOVATION = {"innovation_cost": 0.02, "innovation_cost_reduction": 0.05}


def market(trade_cost: float, innovates: bool = True) -> UniformParameters:
    return UniformParameters(trade_cost=trade_cost, **(INNOVATION if innovates else {}))


@pytest.fixture(scope="module")
def clean():
    return liberalisation_panel(market(0.9), market(0.3), draws=20_000)


@pytest.fixture(scope="module")
def still():
    return liberalisation_panel(market(0.9, False), market(0.3, False), draws=20_000)


@pytest.mark.parametrize("innovates", [True, False])
def test_many_firms_are_the_model(clean, still, innovates):
    synthetic = clean if innovates else still
    levels = synthetic.model_levels().loc["industry 1"]
    for year, expected in ((1, levels["before"]), (2, levels["after"])):
        rows = synthetic.latent[synthetic.latent["year"] == year]
        found = -np.average(rows["cost"], weights=rows["output"])
        # error of a mean of 20,000 draws, several times over
        assert found == pytest.approx(expected, abs=0.006)
    # the model's own quantity, where it has one
    point = synthetic.after[0]
    name = "output_weighted_cost_with_innovation" if innovates else "output_weighted_cost"
    frame = point.tidy().set_index("variable")["value"]
    assert -levels["after"] == pytest.approx(frame[name], rel=1e-8)


def test_steps_add_up_and_have_the_models_signs(clean):
    steps = clean.steps(1, 3)
    assert steps[list(STEPS)].sum() == pytest.approx(steps["change"], abs=1e-14)
    assert (steps[["selection", "reallocation", "innovation"]] > 0).all()
    one, two = (clean.latent[clean.latent["year"] == year].set_index("plant") for year in (1, 2))
    stay = one.index.intersection(two.index)
    # nobody's cost changes but by innovation, and the worst leave
    change = one.loc[stay, "cost"] - two.loc[stay, "cost"]
    innovators = two.loc[stay, "innovates"] > one.loc[stay, "innovates"]
    np.testing.assert_allclose(change[innovators], INNOVATION["innovation_cost_reduction"], atol=1e-12)
    np.testing.assert_allclose(change[~innovators], 0, atol=1e-12)
    assert not (one["cost"] > clean.after[0].innovation.cost_cutoff)[stay].any()


def test_without_innovation_melitz_and_polanec_find_every_step(still):
    result = recovery(still, tolerance=1e-9)
    assert result.found("melitz-polanec") == STEPS
    assert "selection" not in result.found("foster-haltiwanger-krizan")


def test_what_is_found_and_what_is_not(clean):
    result = recovery(clean, tolerance=1e-9)
    assert set(result.found("melitz-polanec")) == {"selection", "entry"}
    truth, table = result.table.loc["truth"], result.table
    # within is an unweighted mean; innovators are large: part of their gain is called reallocation
    lost = truth["innovation"] - table.loc["melitz-polanec", "innovation"]
    assert 0.2 < lost / truth["innovation"] < 0.5
    assert table.loc["melitz-polanec", "reallocation"] - truth["reallocation"] == pytest.approx(lost, abs=1e-12)
    # with no entry, survivors have all output afterwards: Foster, Haltiwanger and Krizan's within and cross are innovation
    fhk = table.loc["foster-haltiwanger-krizan"]
    assert fhk["innovation"] + fhk["cross"] == pytest.approx(truth["innovation"], rel=1e-9)
    # against everybody, leavers look better than against survivors, by their own share
    one = clean.latent[clean.latent["year"] == 1]
    gone = ~one["plant"].isin(clean.latent.loc[clean.latent["year"] == 3, "plant"])
    share = one.loc[gone, "output"].sum() / one["output"].sum()
    assert fhk["selection"] == pytest.approx((1 - share) * truth["selection"], rel=1e-9)
    assert table.loc["griliches-regev", "selection"] > 1.5 * truth["selection"]
    assert table.loc["olley-pakes", "innovation"] > 3 * truth["innovation"]  # the mean has selection in it


def test_turnover_and_noise_mislead_as_documented():
    churn = recovery(liberalisation_panel(market(0.9), market(0.3), draws=20_000, turnover=0.1, seed=1))
    truth = churn.table.loc["truth"]
    assert abs(truth["entry"]) < 0.02 * truth["change"]
    assert churn.table.loc["foster-haltiwanger-krizan", "entry"] > 0.07 * truth["change"]
    assert {"selection", "entry"} <= set(churn.found("melitz-polanec"))
    noisy = recovery(liberalisation_panel(market(0.9), market(0.3), draws=20_000, noise=0.2, seed=1))
    fhk, truth = noisy.table.loc["foster-haltiwanger-krizan"], noisy.table.loc["truth"]
    assert fhk["innovation"] < 0.3 * truth["innovation"] and fhk["cross"] > truth["innovation"]


def test_exporters_contribute_what_the_model_says(clean):
    parts = decompose(clean.panel, 1, 3, method="griliches-regev").contributions.loc["survivor"]
    # reallocation goes to those who export at last; innovation is theirs alone
    assert parts.loc["starts exporting", "between"] + parts.loc["exporter", "between"] > 0
    assert parts.loc["non-exporter", "within"] == pytest.approx(0, abs=1e-12)


@pytest.fixture(scope="module")
def two_industries():
    """Firms draw alike; one industry is liberalised."""
    same, open_ = market(0.7), market(0.3)
    return liberalisation_panel([same, same], [same, open_], draws=6000, noise=0.02, seed=4)


def test_the_instrumented_effect_is_the_gain_of_those_who_start(two_industries):
    frame, latent = two_industries.panel.frame, two_industries.latent
    one, two = (frame[frame["year"] == year].set_index("plant") for year in (1, 2))
    risk = one.index[~one["exporter"]].intersection(two.index)
    data = pd.DataFrame(
        {
            "growth": two.loc[risk, "productivity"] - one.loc[risk, "productivity"],
            "starts": two.loc[risk, "exporter"].astype(float),
            "cut": two.loc[risk, "liberalised"],
        }
    )
    result = effect_of_exporting(data, outcome="growth", exporting="starts", instruments="cut")
    starters = data.index[data["starts"] == 1]
    costs = latent.set_index(["plant", "year"])["cost"].unstack()
    truth = (costs[1] - costs[2])[starters].mean()
    row = result.effect["two-stage"]
    assert 0 < truth < INNOVATION["innovation_cost_reduction"]  # some start without innovating
    assert abs(row["estimate"] - truth) < 3 * row["std_error"] and row["std_error"] < 0.2 * truth
    assert not result.weak


def test_who_starts_who_leaves_and_who_is_better(two_industries):
    panel = two_industries.panel
    # the model is a sharp rule: of those who did not export, the better start, and none of the worst quarter does
    with pytest.raises(InputError, match="nobody of quantile 1 starts"):
        starting_to_export(panel, 1, 2)
    frame = panel.frame
    one, two = (frame[frame["year"] == year].set_index("plant") for year in (1, 2))
    once = set(frame.loc[frame["exporter"] & (frame["year"] <= 1), "plant"])
    risk = one.index.difference(pd.Index(once)).intersection(two.index)
    share = starting_to_export(panel, 1, 2, quantiles=1).estimates["estimate"].iloc[0]
    assert share == pytest.approx(two.loc[risk, "exporter"].mean(), abs=1e-8)
    assert one.loc[risk, "productivity"][two.loc[risk, "exporter"]].mean() > one.loc[risk, "productivity"].mean()
    premium = exporter_premium(panel)["exporter"]
    latent = two_industries.latent.assign(cell=lambda table: table["industry"] + table["year"].astype(str))
    demeaned = latent[["cost", "exporter"]] - latent.groupby("cell")[["cost", "exporter"]].transform("mean")
    truth = -(demeaned["cost"] @ demeaned["exporter"]) / (demeaned["exporter"] @ demeaned["exporter"])
    assert premium["low"] < truth < premium["high"]
    leave = exit_regression(panel, regressors=["productivity"], effects="none")
    assert leave["productivity"]["high"] < 0


def test_the_same_seed_gives_the_same_firms():
    one, two, other = (
        liberalisation_panel(market(0.9), market(0.3), draws=300, noise=0.1, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one.latent, two.latent)
    assert not one.latent["cost"].equals(other.latent["cost"])


def test_bad_input():
    with pytest.raises(InputError, match="before has 2 industries and after 1"):
        liberalisation_panel([market(0.9)] * 2, market(0.3))
    with pytest.raises(InputError, match="a firm keeps its draw"):
        liberalisation_panel(market(0.9), market(0.3, False))
    for options, message in (
        ({"draws": 0}, "draws is 0"),
        ({"turnover": 1}, "turnover is 1"),
        ({"noise": -1}, "noise is -1"),
    ):
        with pytest.raises(InputError, match=message):
            liberalisation_panel(market(0.9), market(0.3), **options)
    small = liberalisation_panel(market(0.9), market(0.3), draws=100)
    with pytest.raises(InputError, match="is not in the panel"):
        small.steps(1, 9)
    with pytest.raises(InputError, match="there is no method 'op'"):
        recovery(small).found("op")


def test_results_speak(clean):
    result = recovery(clean)
    assert "misses" in result.summary() and set(result.tidy()["method"]) >= {"truth", "melitz-polanec"}
    figure = result.plot()
    assert figure.axes[0].get_title(loc="left") and figure.axes[0].get_legend() is not None
    assert "trade costs fall in 2" in clean.summary()
