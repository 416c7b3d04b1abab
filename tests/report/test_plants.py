"""The report of a study of plants: findings in words with their signs, cautions, tables for every kind of panel, checks."""

from __future__ import annotations

import dataclasses
import types

import numpy as np
import pandas as pd
import pytest

from tradewinds.firms.measurement import (
    aggregation_bias,
    decompose,
    decompose_years,
    exporter_premium,
    olley_pakes,
    pair_moments,
    read_plants,
)
from tradewinds.report.html import Report, render
from tradewinds.report.plants import PlantsResult, plants_page
from tradewinds.report.plants_results import LABELS
from tradewinds.report.plants_tables import component_table, premia_table
from tradewinds.report.plants_words import abstract, cautions, signed


def frame(years: int = 3, plants: int = 30, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {"plant": np.repeat(np.arange(plants), years), "year": np.tile(1990 + np.arange(years), plants)}
    )
    table["industry"] = (table["plant"] % 3).map({0: "a", 1: "b", 2: "c"})
    table["exporter"] = (table["plant"] % 4 == 0).astype(int)
    table["productivity"] = random.normal(size=len(table)) + table["exporter"]
    table["weight"] = random.integers(1, 50, len(table)).astype(float)
    return table[random.random(len(table)) > 0.2].reset_index(drop=True)


def result(table: pd.DataFrame, *, exporters: bool = True, methods: tuple[str, ...] = ("melitz-polanec",), **more):
    panel = read_plants(table, exporter="exporter" if exporters else None, source="made up")
    years = panel.years
    moments = pair_moments(panel, years[0], years[-1])
    counts = {"rows": len(table), "inactive": 0, "nonpositive": 0, "contradictory": 0, "missing": 0}
    return PlantsResult(
        source="made up",
        productivity="log of output over employment",
        weight="employment",
        years=years,
        first=years[0],
        last=years[-1],
        counts=counts,
        notes=(),
        functions={},
        static=olley_pakes(panel),
        decompositions=tuple(decompose(moments, method=method) for method in methods),
        **more,
    )


ALL = ("melitz-polanec", "foster-haltiwanger-krizan", "griliches-regev", "olley-pakes")


def test_the_change_and_its_direction_are_told():
    table = pd.DataFrame(
        {"plant": [1, 2, 1, 3], "year": [1, 1, 2, 2], "industry": "a", "exporter": 0, "weight": 1.0}
        | {"productivity": [1.0, 0.5, 1.2, 1.0]}
    )
    text = abstract(result(table))
    assert "From 1 to 2 aggregate productivity **rose by 0.350 log points** (+41.9 per cent)." in text
    # survivor 1.0 to 1.2; half the weight enters 0.2 below it, half left 0.5 below it
    assert "By Melitz and Polanec: plants' own growth +0.200, entry −0.100 and exit +0.250." in text
    fallen = abstract(result(table.assign(productivity=-table["productivity"])))
    assert "**fell by 0.350 log points** (−29.5 per cent)" in fallen
    assert "-0" not in fallen


def test_methods_that_disagree_on_a_sign_are_named():
    table = pd.DataFrame(
        {"plant": [1, 2, 1, 3], "year": [1, 1, 2, 2], "industry": "a", "exporter": 0, "weight": 1.0}
        | {"productivity": [1.0, 1.0, 2.0, 1.5]}
    )
    text = abstract(result(table, methods=ALL))
    # the entrant is below the survivor of its year and above everybody of the year before
    assert (
        "Methods disagree on the sign of entry: −0.250 by Melitz and Polanec and +0.250 by Foster, Haltiwanger and Krizan."
        in text
    )
    assert "disagree" not in abstract(result(table))


def test_a_negative_premium_is_told_as_less():
    table = frame().assign(productivity=lambda d: d["productivity"] - 3 * d["exporter"])
    panel = read_plants(table, exporter="exporter")
    premia = (("productivity", "industry-year", exporter_premium(panel)),)
    made = result(table, premia=premia)
    share = 100 * -np.expm1(premia[0][2]["exporter"]["estimate"])
    assert (
        f"Exporters are {share:.1f} per cent less productive than other plants of their industry and year (95 per cent: −"
        in abstract(made)
    )
    assert len(premia_table(made).rows) == 1


def test_controls_and_the_static_parts_are_named():
    table = frame().assign(size=lambda d: np.log(d["weight"]))
    panel = read_plants(table, exporter="exporter", keep=["size"])
    premia = (("productivity", "year", exporter_premium(panel, effects="year", controls=["size"])),)
    text = abstract(result(table, methods=("olley-pakes",), premia=premia))
    assert "By Olley and Pakes: the mean of all plants " in text
    assert " and the covariance with size " in text
    assert "more productive than other plants of their year, given size (95 per cent: " in text


def test_a_thin_year_and_many_missing_rows_are_cautioned():
    table = frame(years=3, plants=40)
    thin = table[(table["year"] != 1991) | (table["plant"] < 12)]
    assert not list(cautions(result(table)))
    (text,) = cautions(result(thin))
    assert text.startswith("1991 has ")
    lacking = dataclasses.replace(result(table), counts={"rows": 100, "inactive": 50, "missing": 10})
    assert any("20 per cent of the rows of operating plants" in text for text in cautions(lacking))


def test_a_component_that_a_method_lacks_is_a_dash():
    rows = component_table(result(frame(), methods=ALL)).cells()
    cells = {row[0]: row for row in rows if row[0]}
    assert cells["Melitz and Polanec"][4] == "–"
    assert cells["Foster, Haltiwanger and Krizan"][4] != "–"
    assert cells["Olley and Pakes"][4:7] == ("–", "–", "–")


@pytest.mark.parametrize("exporters", [True, False])
def test_the_page_has_what_the_panel_has(exporters):
    table = frame()
    panel = read_plants(table)
    yearly = decompose_years(panel)
    page = plants_page(result(table, exporters=exporters, methods=ALL, yearly=yearly))
    text = render(Report("t", abstract=page.abstract, sections=page.sections, citation_keys=page.citation_keys))
    assert ("Parts of exporters and others" in text) is exporters
    assert ("exporters" in page.figures) is exporters
    assert {"levels", "decompositions", "yearly"} <= set(page.figures)
    assert list(page.results.columns) == ["variable", "value", "unit", *LABELS]
    assert set(page.tables) == {"industries.csv"}
    assert len(page.tables["industries.csv"]) == 3 * len(ALL)
    assert page.failed_checks == ()


def test_intra_industry_trade_is_told_from_the_finest_to_the_widest():
    flows = {"product": ["7811", "7812", "2222"], "exports": [6.0, 2.0, 4.0], "imports": [2.0, 6.0, 0.0]}
    made = result(frame(), trade=aggregation_bias(flows, [4, 3]))
    assert "Of trade, 40 per cent is two-way at 4 digits and 80 per cent at 3 digits" in abstract(made)
    page = plants_page(made)
    assert "trade" in page.figures
    assert len(page.tables["intra-industry-trade.csv"]) == 2


def test_parts_that_do_not_add_up_are_a_failed_check():
    made = result(frame())
    assert made.failed_checks == ()
    whole = made.decompositions[0]
    wrong = types.MappingProxyType({**whole.components, "entry": whole.components["entry"] + 1e-6})
    broken = dataclasses.replace(made, decompositions=(dataclasses.replace(whole, components=wrong),))
    (text,) = broken.failed_checks
    assert text.startswith("the decomposition melitz-polanec does not add up")
    assert plants_page(broken).failed_checks == (text,)


def test_nothing_reached_is_an_empty_page():
    page = plants_page(None)
    assert page.results.empty
    assert list(page.results.columns) == ["variable", "value", "unit", *LABELS]


def test_signs():
    assert [signed(value) for value in (0.1234, -0.1234)] == ["+0.123", "−0.123"]
