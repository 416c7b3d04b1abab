"""Premia, exits, starts and instrumented effects: against libraries and dummies, by hand, and on Chilean plants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm

from tradewinds.errors import DataError, InputError
from tradewinds.firms.measurement import (
    effect_of_exporting,
    exit_regression,
    exporter_premium,
    read_plants,
    starting_to_export,
)
from tradewinds.firms.measurement.instruments import ReducedForm, anderson_rubin, anderson_rubin_set, effective_f


def plants(seed: int = 0, number: int = 400, years: int = 5) -> pd.DataFrame:
    """Exporters are 0.3 better and become 0.1 better when they start; the unproductive leave."""
    random = np.random.default_rng(seed)
    rows = []
    for plant in range(number):
        industry, quality, starts = plant % 4, random.normal(), random.integers(0, 2 * years)
        for year in range(years):
            exports = int(year >= starts)
            phi = industry + 0.05 * year + quality + 0.3 * (starts < years) + 0.1 * exports + random.normal(0, 0.1)
            rows.append((plant, year, f"i{industry}", phi, exports, random.integers(5, 90), random.random()))
            if random.random() < norm.cdf(-1.5 - 0.5 * quality):
                break
    return pd.DataFrame(rows, columns=["plant", "year", "industry", "productivity", "exporter", "weight", "cut"])


@pytest.fixture(scope="module")
def panel():
    frame = plants().assign(log_weight=lambda table: np.log(table["weight"]))
    return read_plants(frame, exporter="exporter", keep=["cut", "log_weight"])


def dummies(frame: pd.DataFrame, *columns: str) -> np.ndarray:
    return np.column_stack([pd.get_dummies(frame[column], dtype=float) for column in columns])


@pytest.mark.parametrize(
    ("effects", "columns"), [("industry-year", ["cell"]), ("plant", ["plant", "year"]), ("year", ["year"])]
)
def test_the_premium_is_that_of_dummies(panel, effects, columns):
    frame = panel.frame.assign(cell=panel.frame["industry"] + panel.frame["year"].astype(str))
    X = np.column_stack([frame["exporter"].astype(float), frame["log_weight"], dummies(frame, *columns)])
    beta = np.linalg.lstsq(X, frame["productivity"].to_numpy(), rcond=None)[0]
    result = exporter_premium(panel, effects=effects, controls=["log_weight"])
    assert result["exporter"]["estimate"] == pytest.approx(beta[0], abs=1e-7)
    assert result["log_weight"]["estimate"] == pytest.approx(beta[1], abs=1e-7)
    per_cent = result["exporter, per cent"]
    assert per_cent["estimate"] == pytest.approx(100 * (np.exp(beta[0]) - 1), abs=1e-5)
    assert per_cent["low"] == pytest.approx(100 * (np.exp(result["exporter"]["low"]) - 1))


def test_plant_effects_leave_what_exporting_changes(panel):
    between, within = (exporter_premium(panel, effects=name)["exporter"] for name in ("industry-year", "plant"))
    assert within["low"] < 0.1 < within["high"] and within["std_error"] < 0.03
    assert between["estimate"] > 0.2


@pytest.mark.realdata
def test_chilean_premia_are_those_found_independently(chile):
    active = chile[chile["d_e"] >= 0]
    frame = active.assign(productivity=np.log(active["rY"] / active["L"]), log_labour=np.log(active["L"]))
    panel = read_plants(
        frame, plant="padron", industry="ciiu", weight="L", exporter="d_e", keep=["log_labour"], source="Chilean plants"
    )
    raw = exporter_premium(panel)["exporter"]
    assert (round(raw["estimate"], 3), round(raw["std_error"], 3)) == (0.572, 0.024)
    assert round(exporter_premium(panel)["exporter, per cent"]["estimate"]) == 77
    assert round(exporter_premium(panel, controls=["log_labour"])["exporter"]["estimate"], 3) == 0.392
    within = exporter_premium(panel, effects="plant")["exporter"]
    assert (round(within["estimate"], 3), round(within["std_error"], 3)) == (0.059, 0.013)
    # the theory's order on the same plants: exporters leave less; starters come from the upper quartiles
    assert exit_regression(panel)["exporter"]["high"] < 0
    starts = starting_to_export(panel, 90, 96).estimates["estimate"]
    assert starts.iloc[3] > 1.5 * starts.iloc[0]


@pytest.mark.parametrize("reentry", ["leave-out", "count"])
def test_exits_are_counted_by_hand(reentry):
    rows = [(1, year) for year in range(4)] + [(2, 0), (2, 1), (3, 0), (3, 2), (3, 3), (4, 0), (4, 1), (4, 2), (4, 3)]
    frame = pd.DataFrame(rows, columns=["plant", "year"]).assign(industry="a", weight=1.0)
    frame["productivity"] = np.arange(len(frame)) % 5 / 3.0
    frame["exporter"] = frame["plant"] % 2
    result = exit_regression(read_plants(frame, exporter="exporter"), effects="none", reentry=reentry)
    # plant 2 leaves after 1; plant 3 after 0, and comes back
    assert result.sample["exits"] == (2 if reentry == "count" else 1)
    assert result.sample["come back"] == 1 and result.sample["last years left out"] == 3
    assert result.sample["observations"] == (10 if reentry == "count" else 9)


def test_unproductive_plants_leave(panel):
    linear = exit_regression(panel)
    probit = exit_regression(panel, model="probit", effects="year")
    assert linear["productivity"]["high"] < 0 and probit["productivity"]["high"] < 0
    frame = panel.frame[panel.frame["year"] < 4]
    there = set(zip(panel.frame["plant"], panel.frame["year"], strict=True))
    y = np.array([(p, t + 1) not in there for p, t in zip(frame["plant"], frame["year"], strict=True)], dtype=float)
    X = np.column_stack([frame["productivity"], frame["exporter"].astype(float), dummies(frame, "year")])
    fit = sm.Probit(y, X).fit(disp=0)
    effects = fit.get_margeff(at="overall", dummy=True).margeff[:2]
    np.testing.assert_allclose(probit.estimates["estimate"], effects, rtol=1e-5)


def test_starting_to_export_by_quartile():
    """A probit whose truth is known: the upper half reacts to the shock."""
    random = np.random.default_rng(2)
    n = 6000
    quality, cut = random.normal(size=n), random.random(n)
    upper = (pd.Series(quality).groupby(np.arange(n) % 3).rank(pct=True) > 0.5).to_numpy()
    starts = random.random(n) < norm.cdf(-1 + 1.5 * cut * upper)
    base = {"industry": [f"i{i % 3}" for i in range(n)], "weight": 1.0, "plant": range(n), "cut": cut}
    frame = pd.concat(
        [
            pd.DataFrame(base).assign(year=1, productivity=quality, exporter=0),
            pd.DataFrame(base).assign(year=2, productivity=quality, exporter=starts.astype(int)),
        ]
    )
    result = starting_to_export(read_plants(frame, exporter="exporter", keep=["cut"]), 1, 2, shock="cut")
    truth = norm.cdf(-1 + 1.5 * cut) - norm.cdf(-1)
    for q, expected in enumerate([0, 0, truth.mean(), truth.mean()], start=1):
        row = result[f"quantile {q}: starts because of the shock"]
        assert abs(row["estimate"] - expected) < 3.5 * row["std_error"] and row["std_error"] < 0.03
        slope = result[f"quantile {q}: marginal effect of the shock"]["estimate"]
        assert abs(slope) < 0.1 if q <= 2 else slope > 0.3
    # a saturated probit predicts what was observed
    plain = starting_to_export(read_plants(frame, exporter="exporter"), 1, 2)
    assert plain.estimates["estimate"].mean() == pytest.approx(starts.mean(), abs=1e-6)
    share = starts[~upper].mean()
    assert plain.estimates["estimate"].iloc[:2].mean() == pytest.approx(share, abs=1e-3)
    assert plain.estimates["std_error"].iloc[0] == pytest.approx(np.sqrt(share * (1 - share) / (n / 4)), rel=0.05)


def test_who_is_at_risk_of_starting():
    rows = [(1, 1, 1), (1, 2, 0), (1, 3, 1), (2, 2, 0), (3, 2, 0), (3, 3, 0), (4, 2, 0), (4, 3, 1)]
    frame = pd.DataFrame(rows, columns=["plant", "year", "exporter"]).assign(industry="a", weight=1.0)
    frame["productivity"] = 1.0 * frame["plant"]
    result = starting_to_export(read_plants(frame, exporter="exporter"), 2, 3, quantiles=1)
    assert dict(result.sample) == {"observations": 2, "exported before": 1, "gone by the last year": 1}
    assert result.estimates["estimate"].iloc[0] == pytest.approx(0.5)
    with pytest.raises(InputError, match="nobody of quantile 1 starts"):
        starting_to_export(read_plants(frame, exporter="exporter"), 2, 3, quantiles=2)


def experiment(seed: int = 0, n: int = 3000, strength: float = 1.0, instruments: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    table = pd.DataFrame({f"z{i}": random.normal(size=n) for i in range(instruments)})
    table["x"], table["g"] = random.normal(size=n), random.integers(0, 50, n)
    hidden = random.normal(size=n)
    table["d"] = strength * table.filter(like="z").sum(axis=1) + 0.5 * table["x"] + hidden + random.normal(size=n)
    table["y"] = 0.15 * table["d"] + table["x"] - hidden + random.normal(size=n)
    return table


def test_two_stages_are_the_formula():
    table = experiment(instruments=2)
    result = effect_of_exporting(table, outcome="y", exporting="d", instruments=["z0", "z1"], controls=["x"])
    one = np.ones((len(table), 1))
    X, Z = (np.column_stack([one, table["x"], table[names]]) for names in (["d"], ["z0", "z1"]))
    P = Z @ np.linalg.solve(Z.T @ Z, Z.T)
    bread = np.linalg.inv(X.T @ P @ X)
    beta = bread @ X.T @ P @ table["y"].to_numpy()
    scores = (P @ X) * (table["y"].to_numpy() - X @ beta)[:, None]  # residuals with the actual d
    cov = bread @ scores.T @ scores @ bread
    row = result.effect["two-stage"]
    assert row["estimate"] == pytest.approx(beta[-1], abs=1e-10)
    assert row["std_error"] == pytest.approx(np.sqrt(cov[-1, -1]), rel=1e-8)
    ordinary = np.linalg.lstsq(X, table["y"].to_numpy(), rcond=None)[0][-1]
    assert result.effect["least squares"]["estimate"] == pytest.approx(ordinary, abs=1e-10)
    assert row["low"] < 0.15 < row["high"] and not result.weak
    ((low, high),) = result.anderson_rubin
    assert low < 0.15 < high and result.overidentification > 0.01


def test_walds_ratio():
    random = np.random.default_rng(1)
    z = random.integers(0, 2, 800)
    d = (random.random(800) < 0.2 + 0.5 * z).astype(int)
    y = 0.153 * d + random.normal(size=800)
    result = effect_of_exporting({"y": y, "d": d, "z": z}, outcome="y", exporting="d", instruments="z")
    ratio = (y[z == 1].mean() - y[z == 0].mean()) / (d[z == 1].mean() - d[z == 0].mean())
    assert result.effect["two-stage"]["estimate"] == pytest.approx(ratio, abs=1e-12)
    step = result.first_stage["z"]
    assert step["estimate"] == pytest.approx(d[z == 1].mean() - d[z == 0].mean())
    assert result.effective_f.value == pytest.approx(step["statistic"] ** 2, rel=1e-10)  # one instrument: the robust F


def test_absorbed_effects_are_dummies_and_clusters_matter():
    table = experiment(3, 1000)
    table["y"] += table["g"] / 10
    options = {"outcome": "y", "exporting": "d", "instruments": "z0"}
    absorbed = effect_of_exporting(table, absorb="g", **options)
    with_dummies = table.join(pd.get_dummies(table["g"], prefix="g", dtype=float).iloc[:, 1:])
    names = [name for name in with_dummies if name.startswith("g_")]
    dummied = effect_of_exporting(with_dummies, controls=names, **options)
    for term in ("two-stage", "least squares"):
        for what in ("estimate", "std_error"):
            assert absorbed.effect[term][what] == pytest.approx(dummied.effect[term][what], rel=1e-8)
    assert absorbed.effective_f.value == pytest.approx(dummied.effective_f.value, rel=1e-8)
    doubled = pd.concat([table.assign(id=table.index)] * 2)
    robust, clustered = (
        effect_of_exporting(doubled, cluster=cluster, **options).effect["two-stage"]["std_error"]
        for cluster in (None, "id")
    )
    assert clustered == pytest.approx(robust * np.sqrt(2), rel=1e-3)


def test_critical_values_of_the_effective_f_are_the_published_ones():
    form = ReducedForm(np.ones(1), np.ones(1), np.eye(2))
    critical = effective_f(form).critical
    # one instrument; the values that everybody quotes from Montiel Olea and Pflueger (2013)
    expected = {0.05: 37.42, 0.1: 23.11, 0.2: 15.06}
    assert {bias: round(critical[bias], 2) for bias in expected} == expected


@pytest.mark.parametrize(("strength", "shape"), [(1.0, "interval"), (0.01, "unbounded")])
def test_anderson_rubin_sets(strength, shape):
    result = effect_of_exporting(experiment(7, 400, strength), outcome="y", exporting="d", instruments="z0")
    ends = np.array(result.anderson_rubin).ravel()
    assert np.isfinite(ends).all() == (shape == "interval")
    assert result.weak == (shape == "unbounded")
    form = ReducedForm(np.array([1.0, 0.3]), np.array([0.8, 0.1]), np.diag([0.02, 0.03, 0.01, 0.02]))
    for low, high in anderson_rubin_set(form):
        np.testing.assert_allclose(anderson_rubin(form, np.array([low, high])), 5.991464547, rtol=1e-6)
    contradicting = ReducedForm(np.array([1.0, -1.0]), np.array([1.0, 1.0]), np.eye(4) * 1e-4)
    assert anderson_rubin_set(contradicting) == ()


def test_anderson_rubin_sets_cover_with_weak_instruments():
    covered = [
        any(
            low <= 0.15 <= high
            for low, high in effect_of_exporting(
                experiment(seed, 200, 0.05, 2), outcome="y", exporting="d", instruments=["z0", "z1"]
            ).anderson_rubin
        )
        for seed in range(120)
    ]
    assert 0.88 <= np.mean(covered) <= 0.99


def test_bad_input(panel):
    silent = read_plants(plants()[["plant", "year", "industry", "productivity", "weight"]])
    for call in (exporter_premium, exit_regression):
        with pytest.raises(InputError, match="export status is unknown"):
            call(silent)
    with pytest.raises(InputError, match="exporter: without variation"):
        exporter_premium(read_plants(plants().assign(exporter=1), exporter="exporter"))
    with pytest.raises(InputError, match="has no column 'capital'"):
        exporter_premium(panel, controls=["capital"])
    with pytest.raises(InputError, match=r"effects is 'plants'\. Did you mean"):
        exporter_premium(panel, effects="plants")
    with pytest.raises(InputError, match="horizon is 0"):
        exit_regression(panel, horizon=0)
    with pytest.raises(InputError, match="no year of the panel has another 9 years later"):
        exit_regression(panel, horizon=9)
    table = experiment(0, 50)
    options = {"outcome": "y", "exporting": "d"}
    with pytest.raises(InputError, match="instruments is empty"):
        effect_of_exporting(table, instruments=[], **options)
    with pytest.raises(InputError, match="c: without variation"):
        effect_of_exporting(table.assign(c=1.0), instruments="c", **options)
    with pytest.raises(InputError, match="x, x2 are collinear"):
        effect_of_exporting(table.assign(x2=2 * table["x"]), instruments=["x", "x2"], **options)
    with pytest.raises(DataError, match="y: 1 cells are empty: row 1"):
        effect_of_exporting(table.assign(y=table["y"].where(table.index > 0)), instruments="z0", **options)


def test_results_speak(panel):
    effect = effect_of_exporting(
        experiment(0, 300, 1, 2), outcome="y", exporting="d", instruments=["z0", "z1"], cluster="g"
    )
    for result in (
        exporter_premium(panel),
        exit_regression(panel),
        starting_to_export(panel, 0, 4, quantiles=2),
        effect,
    ):
        assert {"estimate", "std_error"} <= set(result.tidy()["variable"])
        assert "standard errors" in result.summary()
        assert result.plot().axes[0].get_legend() is not None
    assert "Anderson-Rubin 95 per cent set" in effect.summary()
