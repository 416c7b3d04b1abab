"""The printed tables of Bayoumi, Coe and Helpman (1996): complete, and as consistent with each other as printing allows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import InputError
from tradewinds.replications import read_targets
from tradewinds.replications.bch.printed import (
    DASH,
    SCENARIOS,
    members,
    printed_import_shares,
    printed_tables,
    text_against_tables,
)
from tradewinds.world.files import read_calibration

#: A number printed to one decimal is off by at most half of it; so are the two or three that add up to it.
HALF = 0.05 + 1e-9
YEARS = [1996, 2000, 2010, 2030, 2050, 2075]
DEVELOPING = ["AF", "NI", "WH", "OD"]


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return printed_tables()


@pytest.fixture(scope="module")
def paths(cells: pd.DataFrame) -> pd.DataFrame:
    """Rows of Tables 1, 3 and 4 by year."""
    by_year = cells[cells["table"] != "Table 2"]
    return by_year.pivot(index=["table", "region", "variable"], columns="year", values="published")


def panel(cells: pd.DataFrame, variable: str) -> pd.DataFrame:
    rows = cells[(cells["table"] == "Table 2") & (cells["variable"] == variable)]
    return rows.pivot(index="region", columns="scenario", values="published")


def test_every_printed_cell_is_there(cells):
    assert cells["table"].value_counts().to_dict() == {"Table 1": 186, "Table 2": 182, "Table 3": 120, "Table 4": 156}
    assert len(read_targets("bch")) == 740
    assert not cells.duplicated(["table", "scenario", "region", "variable", "year"]).any()
    assert set(cells["scenario"]) == set(SCENARIOS)
    assert sorted(cells.loc[cells["table"] != "Table 2", "year"].unique()) == YEARS
    # Sums of what was compared with the paper cell by cell: an edit of a number shows.
    sums = cells.groupby("table")["published"].sum().round(1).to_dict()
    assert sums == {"Table 1": 562.4, "Table 2": 383.5, "Table 3": 1020.7, "Table 4": 777.4}


def test_dashes_are_zeros_that_can_be_told_apart(cells):
    assert cells.groupby("table")["dash"].sum().to_dict() == {"Table 1": 36, "Table 2": 0, "Table 3": 8, "Table 4": 0}
    assert (cells["dash"] == (cells["published"] == 0)).all()
    targets = read_targets("bch")
    dashes = targets[targets["note"] == DASH]
    assert dashes["exhibit"].value_counts().to_dict() == {"Table 1": 36, "Table 3": 8, "Appendix table": 7}
    # Printed digits decide what is exact: a dash must not count as a whole number.
    assert set(dashes["published"]) == {"0.0", "0.00"}


def test_tolerances_are_those_promised():
    targets = read_targets("bch")
    targets = targets[targets["exhibit"] != "Appendix table"]
    size = targets["published"].astype(float).abs()
    variable = targets["row"].str.split(" ").str[1]
    wide = variable.isin(["capital", "investment", "consumption", "manufactures_imports_gdp"])
    expected = np.where(wide, np.maximum(0.6, 0.15 * size), np.maximum(0.3, 0.1 * size))
    in_table_2 = targets["exhibit"] == "Table 2"
    ni_and_japan = in_table_2 & targets["row"].str.startswith("NI ") & (targets["column"] == "JA")
    expected = np.where(in_table_2, np.where(ni_and_japan, 1.5, 1.0), expected)
    given = variable == "rnd_gdp"  # the shock itself: nothing but the printed digits counts
    assert targets.loc[given, "tolerance"].eq("").all() and given.sum() == 18
    np.testing.assert_allclose(targets.loc[~given, "tolerance"].astype(float), expected[~given], atol=1e-9)


def test_rnd_rises_by_half_a_point_of_gdp_where_the_shock_is(paths):
    ratio = paths.xs("rnd_gdp", level="variable")
    np.testing.assert_array_equal(ratio.loc[[("Table 1", "US"), ("Table 3", "industrial")]], 0.5)
    np.testing.assert_array_equal(ratio.loc[("Table 1", "other_industrial")], 0.0)


def test_units(cells):
    assert cells.groupby("variable")["unit"].agg(lambda units: "/".join(sorted(set(units)))).to_dict() == {
        "potential_output": "percent",
        "capital": "percent",
        "investment": "percent",
        "consumption": "percent",
        "domestic_rnd_stock": "percent",
        "foreign_rnd_stock": "percent",
        "tfp": "100 log",
        "tfp_domestic_rnd": "100 log",
        "tfp_foreign_rnd": "100 log",
        "tfp_trade": "100 log",
        "rnd_gdp": "percentage points",
        "manufactures_imports_gdp": "percentage points",
    }


def test_productivity_from_us_research_is_a_log_of_the_printed_stock(paths):
    stock = paths.loc["Table 1", "US", "domestic_rnd_stock"] / 100
    printed = paths.loc["Table 1", "US", "tfp_domestic_rnd"]
    as_log = 23.4 * np.log1p(stock)
    as_percent = 100 * np.expm1(as_log / 100)
    assert (as_log - printed).abs().drop(2075).max() < HALF
    assert (as_percent - printed).abs().drop(1996).min() < 0.1 < (as_percent - printed).abs().max()
    assert (as_percent - printed).abs()[[2030, 2050, 2075]].min() > 0.15
    # 7.5 is printed in 2075, where the stock, and total less foreign part, give 7.4.
    assert as_log[2075] == pytest.approx(7.40, abs=0.01)
    us = paths.loc["Table 1", "US"][2075]
    assert us["tfp"] - us["tfp_foreign_rnd"] == pytest.approx(7.4)
    targets = read_targets("bch").set_index(["exhibit", "row", "column"])
    assert "7.4" in targets.loc[("Table 1", "US tfp_domestic_rnd", "2075"), "note"]


def test_productivity_is_the_sum_of_its_parts(paths):
    checked = 0
    for (table, region), rows in paths.groupby(level=["table", "region"]):
        rows = rows.droplevel(["table", "region"])
        parts = rows[rows.index.str.startswith("tfp_")]
        if len(parts):
            gap = (rows.loc["tfp"] - parts.sum()).abs()
            assert gap.max() <= (1 + len(parts)) * HALF, (table, region)
            checked += 1
    assert checked == 6


def test_direct_effect_of_trade_follows_from_import_shares(paths):
    rows = paths.loc["Table 4", "developing_except_NI"]
    np.testing.assert_allclose(
        0.248 * rows.loc["manufactures_imports_gdp"], rows.loc["tfp_trade"], atol=0.248 * HALF + HALF
    )


def test_output_follows_from_productivity_and_capital_where_one_country_is_printed(paths):
    """With TFP in logs, one capital share, .287, fits the US and the regions of Table 4 at all dates."""
    for key in [("Table 1", "US"), ("Table 4", "AF"), ("Table 4", "WH"), ("Table 4", "OD")]:
        rows = paths.loc[key]
        output, capital = (100 * np.log1p(rows.loc[name] / 100) for name in ("potential_output", "capital"))
        assert (output - rows.loc["tfp"] - 0.287 * capital).abs().max() < 0.13, key


def test_group_rows_lie_between_their_members(cells, paths):
    table = paths.loc["Table 4"]
    assert members("developing_except_NI") == ("AF", "WH", "OD")
    for variable in ("potential_output", "tfp", "capital", "investment", "consumption", "manufactures_imports_gdp"):
        group = table.loc["developing_except_NI", variable]
        inside = table.loc[[(code, variable) for code in members("developing_except_NI")]]
        assert ((inside.min() <= group) & (group <= inside.max())).all(), variable
    for variable in ("potential_output", "consumption"):
        rows = panel(cells, variable)
        inside = rows.loc[list(members("developing"))]
        assert ((inside.min() <= rows.loc["developing"]) & (rows.loc["developing"] <= inside.max())).all(), variable
        others = rows.loc[list(members("other_industrial")), "US"]
        assert others.min() < paths.loc[("Table 1", "other_industrial", variable), 2075] < others.max()


def test_one_set_of_weights_gives_group_rows_and_equal_weights_do_not(cells, paths):
    """Rounding of a mean and of its members leaves 0.1."""
    table = paths.loc["Table 4"].stack().unstack("region")
    _check_weights(table[["AF", "WH", "OD"]], table["developing_except_NI"])
    rows = pd.concat([panel(cells, name).T for name in ("potential_output", "consumption")])
    _check_weights(rows[DEVELOPING], rows["developing"])


def _check_weights(parts: pd.DataFrame, whole: pd.Series) -> None:
    complete = parts.notna().all(axis=1)
    parts, whole = parts[complete], whole[complete]
    last = parts.iloc[:, -1]
    free, *_ = np.linalg.lstsq(parts.iloc[:, :-1].sub(last, axis=0), whole - last, rcond=None)
    weights = np.append(free, 1 - free.sum())
    assert (weights > 0).all() and weights.argmax() == len(weights) - 1
    assert np.abs(parts.to_numpy() @ weights - whole).max() < 0.1 + 1e-9
    assert np.abs(parts.mean(axis=1) - whole).max() > 0.2


def test_tables_1_and_2_print_the_same_simulation(cells, paths):
    for region in ("US", "developing"):
        for variable in ("potential_output", "consumption"):
            assert panel(cells, variable).loc[region, "US"] == paths.loc[("Table 1", region, variable), 2075]


def test_weighting_is_stated_for_groups_alone(cells):
    alone = cells["region"].map(lambda region: len(members(region)) == 1)
    assert (alone == (cells["weighting"] == "none")).all()
    groups = cells[~alone].set_index(["table", "variable"])["weighting"]
    assert groups.loc["Table 3", "domestic_rnd_stock"].eq("level").all()
    assert groups.loc["Table 3", "tfp"].eq("simple").all() and groups.loc["Table 4", "tfp"].eq("gdp").all()


def test_import_shares_sum_to_one_but_for_three_rows():
    shares = printed_import_shares()
    assert shares.shape == (12, 8)
    assert shares.columns.tolist() == list(members("industrial")) and shares.index.tolist() == [
        *members("industrial"),
        *DEVELOPING,
    ]
    sums = shares.sum(axis=1).round(2)
    assert sums[sums != 1].to_dict() == {"AF": 1.02, "NI": 1.02, "OD": 1.01}
    own = {code: shares.loc[code, code] for code in members("g7")}
    assert set(own.values()) == {0.0} and shares.loc["SI", "SI"] == 0.28


def test_import_shares_and_targets_are_the_same_numbers():
    targets = read_targets("bch").query("exhibit == 'Appendix table'")
    shares = printed_import_shares()
    assert len(targets) == shares.size == 96
    for cell in targets.to_dict("records"):
        importer, exporter = cell["row"].removeprefix("to "), cell["column"].removeprefix("from ")
        assert float(cell["published"]) == shares.loc[importer, exporter]
        assert (cell["note"] == DASH) == (importer == exporter != "SI")


def test_the_calibration_of_the_paper_uses_the_printed_shares():
    shares = read_calibration("bayoumi-coe-helpman-1996").rnd_import_shares
    pd.testing.assert_frame_equal(
        shares, printed_import_shares(), check_names=False, check_index_type=False, check_column_type=False
    )


def test_what_the_text_says_that_the_tables_do_not():
    claims = text_against_tables()
    assert len(claims) == 20
    disagree = claims[~claims["agrees"]]
    assert dict(zip(disagree["claim"], disagree["tables"].round(2), strict=True)) == {
        "All R&D up: output of industrial countries, per cent": 18.7,
        "All R&D up: output of developing countries, per cent": 14.1,
        "Capital share of developing countries: Table 4 (without NI) against Table 3": 0.19,
        "Regions that gain more output from R&D of another country than of the US": 1,
        "All R&D up: TFP from domestic R&D is .234 log of its stock (same weights)": 10.9,
        "All R&D up: foreign R&D stock of developing countries, per cent": 44.4,
        "US R&D up: consumption over output in other industrial countries": 1.15,
        "Any R&D up: regions abroad whose consumption rises by less than output": 3,
    }


def test_an_unknown_region_is_named():
    with pytest.raises(InputError, match=r"'developping' is none of .*developing"):
        members("developping")
