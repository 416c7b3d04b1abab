"""What can be defended of the 23-country OECD panel, where ``../shared/data`` holds it (it may not be bundled)."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import IndexationWarning
from tradewinds.labels import COUNTRY_NAMES
from tradewinds.measure import bilateral_import_shares, common_index_base, foreign_rnd_stock

FOLDER = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not (FOLDER / "oecd23_bilateral_1971_2020.csv").exists(), reason="../shared/data is absent"),
]
LVP = "lichtenberg-van-pottelsberghe"


@pytest.fixture(scope="module")
def oecd() -> SimpleNamespace:
    """Arrays by importer, exporter and year; 2020 left out, for which the file has no GDP."""
    long = pd.read_csv(FOLDER / "oecd23_bilateral_1971_2020.csv").query("year < 2020")
    panel = pd.read_csv(FOLDER / "oecd23_panel_1971_2020.csv").query("year < 2020")
    countries, years = sorted(long["exporter"].unique()), sorted(long["year"].unique())
    pairs = pd.MultiIndex.from_product([countries, countries])
    flows = long.set_index(["importer", "exporter", "year"])["imports_musd"].unstack("year").reindex(pairs)
    levels = pd.read_csv(FOLDER / "oecd23_rd_level_weights_derived.csv", index_col="country").iloc[:, 0]

    def by_country(column: str) -> np.ndarray:
        return panel.pivot_table(index="country", columns="year", values=column).loc[countries, years].to_numpy()

    exporter = long.drop_duplicates(["exporter", "year"])
    gdp = exporter.pivot_table(index="exporter", columns="year", values="gdp_exporter_musd").loc[countries, years]
    index = by_country("sd")
    return SimpleNamespace(
        countries=countries,
        years=years,
        importers_with_gaps=set(long.loc[long["imports_musd"].isna(), "importer"]),
        # imports of Korea, Mexico, Norway and Turkey from some partners; taken as zero for these checks only
        flows=np.nan_to_num(flows.to_numpy().reshape(23, 23, 1, len(years))),
        gdp=gdp.to_numpy(),
        index=index[:, None, :],
        levels=index[:, None, :] * levels.loc[countries].to_numpy()[:, None, None],
        archived={"coe-helpman": by_country("ch"), LVP: by_country("lp")},
    )


@pytest.fixture(scope="module")
def weights(oecd):
    return bilateral_import_shares(oecd.flows, oecd.countries, ["all"], oecd.years, orientation="importer_partner")


def foreign(oecd, weights, stock: np.ndarray, method: str) -> np.ndarray:
    """Foreign stock by country and year, 2015 = 1."""
    extra = {"gdp": oecd.gdp, "bilateral_imports": oecd.flows} if method == LVP else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IndexationWarning)
        values = foreign_rnd_stock(stock, weights, method=method, **extra).values[:, 0]
    return values / values[:, [oecd.years.index(2015)]]


def test_weights_from_real_flows_sum_to_one(oecd, weights):
    assert set(oecd.countries) <= set(COUNTRY_NAMES)
    assert oecd.importers_with_gaps == {"KOR", "MEX", "NOR", "TUR"}
    np.testing.assert_allclose(weights.values.sum(axis=1), 1.0, atol=1e-12)
    largest = weights.values[oecd.countries.index("CAN"), :, 0].argmax(axis=0)
    assert {oecd.countries[k] for k in largest} == {"USA"}  # in every year: the orientation is right


def test_archived_stocks_are_index_numbers(oecd, weights):
    assert common_index_base(oecd.index, oecd.years) == 2015
    with pytest.warns(IndexationWarning, match="same in every country in 2015"):
        foreign_rnd_stock(oecd.index, weights, method="coe-helpman")
    assert common_index_base(oecd.levels, oecd.years) is None


@pytest.mark.parametrize(("method", "bias"), [("coe-helpman", 0.119), (LVP, 0.151)])
def test_size_of_the_indexation_bias(oecd, weights, method, bias):
    gap = foreign(oecd, weights, oecd.index, method) / foreign(oecd, weights, oecd.levels, method) - 1
    assert np.median(np.abs(gap)) == pytest.approx(bias, abs=0.002)


@pytest.mark.parametrize(("method", "from_index", "from_levels"), [("coe-helpman", 0.119, 0.033), (LVP, 0.153, 0.015)])
def test_archived_foreign_stocks_were_built_from_money(oecd, weights, method, from_index, from_levels):
    """The archived columns are not the sums of the archived indices; with relative levels they nearly are."""
    archived = oecd.archived[method]
    for stock, expected in ((oecd.index, from_index), (oecd.levels, from_levels)):
        gap = np.median(np.abs(foreign(oecd, weights, stock, method) / archived - 1))
        assert gap == pytest.approx(expected, abs=0.002)
