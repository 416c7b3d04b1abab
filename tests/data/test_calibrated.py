"""The calibrated panel: what it fits, what it knows, what it says about itself."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tradewinds.data
import tradewinds.measure
from tradewinds.data import NOISE, keller1997_calibrated, keller_import_weights, read_panel, rnd_stock_moments
from tradewinds.data.options import Measurement
from tradewinds.data.template import template_frame
from tradewinds.errors import InputError
from tradewinds.spillovers import Specification, estimate, general_and_trade


@pytest.fixture(scope="module")
def panel():
    return keller1997_calibrated()


def test_moments_of_table_a7_are_fitted_by_country(panel):
    for position, country in enumerate(panel.countries):
        stock = panel.rnd_stock[position]
        assert (stock.mean(), stock.std(ddof=1)) == pytest.approx(rnd_stock_moments().country[country], rel=1e-9)


def test_growth_of_stocks_is_footnote_15s(panel):
    growth = np.log(panel.rnd_stock[:, 0, -1] / panel.rnd_stock[:, 0, 0]) / 21
    assert growth[panel.countries.index("CAN")] == pytest.approx(0.0364, abs=1e-9)
    assert growth[panel.countries.index("ITA")] == pytest.approx(0.1188, abs=1e-9)


def test_industries_of_a_country_grow_alike(panel):
    """Keller's footnote 10: constant employment shares split national stocks."""
    growth = np.diff(np.log(panel.rnd_stock), axis=2)
    np.testing.assert_allclose(growth, np.broadcast_to(growth[:, :1], growth.shape), atol=1e-12)


def test_shares_are_the_papers(panel):
    np.testing.assert_array_equal(panel.weights.values, keller_import_weights().values)


def test_it_says_it_is_a_stand_in_and_knows_the_truth(panel):
    assert "stand-in" in panel.stand_in and "not public" in panel.stand_in
    assert panel.truth["general"] == pytest.approx((0.426, 0.513, 0.252, 0.156, 0.167, 0.185, 0.508, 0.173))
    assert not panel.truth["trade"].any()
    assert any("benchmark" in warning for warning in panel.warnings)


def test_without_noise_the_regressions_recover_the_truth(monkeypatch):
    """The generating equation is (5.2): with no noise both parts come back to rounding."""
    from tradewinds.data import calibrated

    silent = calibrated.CalibratedNoise(cell=0.0, cycle=0.0, year=0.0, independent=0.0)
    monkeypatch.setattr(calibrated, "NOISE", {"silent": silent})
    panel = keller1997_calibrated(noise="silent", trade_effect=3.0)
    fit = general_and_trade(panel, Specification())
    np.testing.assert_allclose(fit.coefficients[:8], panel.truth["general"], rtol=1e-8)
    np.testing.assert_allclose(fit.coefficients[8:], panel.truth["trade"], rtol=1e-8)
    assert fit.fit.r_squared == pytest.approx(1.0)
    general_only = estimate(keller1997_calibrated(noise="silent"), weights="equal")
    np.testing.assert_allclose(general_only.coefficients, panel.truth["general"], rtol=1e-8)


def test_seed_and_options_change_what_they_should(panel):
    again, other = keller1997_calibrated(), keller1997_calibrated(seed=5)
    np.testing.assert_array_equal(panel.tfp, again.tfp)
    assert not np.array_equal(panel.tfp, other.tfp)
    persistent = keller1997_calibrated(noise="persistent")
    np.testing.assert_array_equal(panel.rnd_stock, persistent.rnd_stock)
    assert not np.array_equal(panel.tfp, persistent.tfp)


def test_thinned_surveys_interpolate_two_countries_only(panel):
    thin = keller1997_calibrated(thin_surveys=True)
    changed = ~np.isclose(thin.rnd_stock, panel.rnd_stock).all(axis=(1, 2))
    assert [country for country, is_changed in zip(thin.countries, changed, strict=True) if is_changed] == [
        "DEU",
        "GBR",
    ]
    assert any("interpolated" in note for note in thin.notes)


@pytest.mark.parametrize("seed", range(0, 60, 7))
def test_many_seeds_can_be_fitted(seed):
    for noise in NOISE:
        assert keller1997_calibrated(seed=seed, noise=noise).shape == (8, 6, 22)


def test_unknown_noise_names_the_nearest():
    with pytest.raises(InputError, match='Did you mean "cyclical"'):
        keller1997_calibrated(noise="cyclic")


def test_the_mark_of_a_stand_in_survives_a_file(panel, tmp_path):
    """Exported and read back, the panel still says what it is; real data get no mark."""
    panel.to_frame().to_csv(tmp_path / "mine.csv", index=False)
    again = read_panel(tmp_path / "mine.csv", countries=panel.countries)
    assert again.stand_in == panel.stand_in
    np.testing.assert_allclose(again.tfp, panel.tfp, rtol=1e-15)
    assert "note" not in replace(panel, stand_in="").to_frame()
    assert read_panel(replace(panel, stand_in="").to_frame(), name="real").stand_in == ""


def test_panels_built_on_threads_touch_no_warning_filter():
    """``catch_warnings`` is global: on threads, filters were left behind and warnings leaked (here they would be errors)."""
    raw = template_frame()
    options = Measurement(rnd_inventory="keller-b1")
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        panels = [pool.submit(keller1997_calibrated, seed=seed, thin_surveys=True) for seed in range(12)]
        read = [pool.submit(read_panel, raw, measurement=options) for _ in range(12)]
        made = [future.result() for future in panels]
        assert any("benchmark_add" in text for text in read[0].result().warnings)
        assert len({future.result().warnings for future in read}) == 1
    assert warnings.filters == before
    np.testing.assert_array_equal(made[3].tfp, keller1997_calibrated(seed=3, thin_surveys=True).tfp)


def test_nothing_in_these_rooms_catches_warnings():
    for room in (tradewinds.data, tradewinds.measure):
        for file in Path(room.__path__[0]).glob("*.py"):
            assert ".catch_warnings(" not in file.read_text(encoding="utf-8"), file.name


def test_weights_brought_into_the_order_of_a_panel_keep_their_source(panel):
    turned = replace(
        panel, countries=panel.countries[::-1], tfp=panel.tfp[::-1], rnd_stock=panel.rnd_stock[::-1], import_share=None
    )
    np.testing.assert_array_equal(turned.weights.values, panel.weights.values[::-1, ::-1])
    assert turned.weights.citation_keys == ("keller1997",)
