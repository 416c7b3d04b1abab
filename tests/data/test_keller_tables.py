"""Tables of Keller (1997): orientation, sector numbers, and facts that the printed numbers must satisfy."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds import cite
from tradewinds.data import (
    keller1997_calibrated,
    keller_capital_depreciation,
    keller_import_weights,
    keller_imports,
    rnd_stock_moments,
    tfp_growth_moments,
)
from tradewinds.labels import KELLER_COUNTRIES, KELLER_INDUSTRIES


def share(importer: str, exporter: str, industry: str) -> float:
    weights = keller_import_weights()
    return float(
        weights.values[
            weights.countries.index(importer), weights.countries.index(exporter), weights.industries.index(industry)
        ]
    )


def test_rows_export_and_columns_import():
    """Table A-1: Canada buys 63,235 from the USA out of 82,564; the USA buys 4,141 from Canada out of 72,256."""
    assert share("CAN", "USA", "31") == pytest.approx(63235 / 82564)
    assert share("USA", "CAN", "31") == pytest.approx(4141 / 72256)


def test_table_a5_feeds_metal_products_and_a6_minerals():
    """Section 3: SITC 736 and 737 (A-5) go to ISIC 381, SITC Rev. 1 7184 and 7185 (A-6) to ISIC 36 and 37."""
    imports, sectors = keller_imports(), list(KELLER_INDUSTRIES)
    usa, canada = KELLER_COUNTRIES.index("USA"), KELLER_COUNTRIES.index("CAN")
    assert imports[usa, canada, sectors.index("381")] == 608480
    assert imports[usa, canada, sectors.index("36&37")] == 644606


def test_imports_are_complete_and_cannot_be_changed():
    imports = keller_imports()
    assert np.isfinite(imports).all() and not imports[np.eye(8, dtype=bool)].any()
    with pytest.raises(ValueError, match="read-only"):
        imports[0, 1, 0] = 1.0


def test_what_is_read_once_cannot_be_changed():
    """Writing to the weights of one calibrated panel changed those of every later one."""
    with pytest.raises(ValueError, match="read-only"):
        keller1997_calibrated().weights.values[0, 1, 0] = 0.5
    for mapping in (
        rnd_stock_moments().country,
        rnd_stock_moments().industry,
        tfp_growth_moments().country,
        keller_capital_depreciation(),
    ):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["CAN"] = 0.0


def test_weights_know_their_source():
    assert cite(keller_import_weights()) == cite("keller1997")


def test_concentration_of_partners():
    """Partners account for 52 per cent of the squared deviation of shares from 1/7, importer-partner pairs for 86."""
    partner = ~np.eye(8, dtype=bool)
    deviation = np.where(partner[:, :, None], keller_import_weights().values - 1 / 7, 0.0)
    total = (deviation**2).sum()
    by_partner = np.array([deviation[partner[:, v], v].mean() for v in range(8)])
    assert by_partner[KELLER_COUNTRIES.index("DEU")] == pytest.approx(0.26, abs=0.005)
    assert by_partner[KELLER_COUNTRIES.index("USA")] == pytest.approx(0.15, abs=0.005)
    assert (42 * by_partner**2).sum() / total == pytest.approx(0.52, abs=0.005)
    assert 6 * (deviation.mean(axis=2) ** 2).sum() / total == pytest.approx(0.86, abs=0.005)


def test_moments_printed_twice_agree_or_do_not():
    """A-8's two groups are of the same 48 averages; A-7's are not (the means differ by 1.7 per cent)."""
    growth, stocks = tfp_growth_moments(), rnd_stock_moments()
    means = [np.mean([mean for mean, _ in group.values()]) for group in (growth.country, growth.industry)]
    assert means[0] == pytest.approx(means[1], rel=0.001)
    totals = []
    for group in (growth.country, growth.industry):
        inside = 48 // len(group)
        values = np.array(list(group.values()))
        between = inside * ((values[:, 0] - values[:, 0].mean()) ** 2).sum()
        totals.append(((inside - 1) * (values[:, 1] ** 2).sum() + between) / 47)
    assert totals[0] == pytest.approx(totals[1], rel=0.005)
    stock_means = [np.mean([mean for mean, _ in group.values()]) for group in (stocks.country, stocks.industry)]
    assert stock_means[1] / stock_means[0] - 1 == pytest.approx(0.017, abs=0.0005)
