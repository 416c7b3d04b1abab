"""Decompositions against the slow twin, on random panels, on Chilean plants, and what bad panels are told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plants_twin import aggregate, as_dictionary, draw, mean_and_covariance, twin

from tradewinds.errors import DataError, InputError
from tradewinds.firms.measurement import (
    COMPONENTS,
    METHODS,
    REENTRY,
    decompose,
    decompose_years,
    olley_pakes,
    pair_moments,
    read_plants,
)

seeds = st.integers(0, 10_000)
methods = st.sampled_from(list(METHODS))
rules = st.sampled_from(["first", "last", "exit-and-entry"])


def comparable(frame: pd.DataFrame, first: int, last: int) -> bool:
    before, after = as_dictionary(frame, first), as_dictionary(frame, last)
    stay = before.keys() & after.keys()
    return bool(stay) and all(sum(group[i][1] for i in stay) > 0 for group in (before, after))


@settings(deadline=None, max_examples=30)
@given(seeds, methods)
def test_components_are_the_formulas_written_out(seed, method):
    frame = draw(seed)
    if not comparable(frame, 1990, 1992):
        return
    result = decompose(read_plants(frame, exporter="exporter"), 1990, 1992, method=method)
    expected = twin(as_dictionary(frame, 1990), as_dictionary(frame, 1992), method)
    for name in COMPONENTS:
        np.testing.assert_allclose(result.components[name], expected[name], atol=1e-12, err_msg=name)


@settings(deadline=None, max_examples=30)
@given(seeds, methods, rules)
def test_everything_adds_up_exactly(seed, method, switchers):
    frame = draw(seed)
    if not comparable(frame, 1990, 1993):
        return
    result = decompose(read_plants(frame, exporter="exporter"), 1990, 1993, method=method, switchers=switchers)
    direct = [
        np.average(rows["productivity"], weights=rows["weight"])
        for _, rows in frame[frame["year"].isin([1990, 1993])].groupby("year")
    ]
    assert result.change == pytest.approx(direct[1] - direct[0], abs=1e-12)
    assert sum(result.components.values()) == pytest.approx(result.change, abs=1e-12)
    assert sum(result.from_industries.values()) == pytest.approx(result.change, abs=1e-12)
    assert result.residual < 1e-11
    by_status = result.contributions[list(COMPONENTS)].sum()
    for name in COMPONENTS:
        assert by_status[name] == pytest.approx(result.components[name], abs=1e-12)


@settings(deadline=None, max_examples=15)
@given(seeds, methods, st.sampled_from(["first", "last"]))
def test_an_industry_is_decomposed_as_if_it_were_alone(seed, method, switchers):
    frame = draw(seed)
    if not comparable(frame, 1990, 1993):
        return
    result = decompose(read_plants(frame, exporter="exporter"), 1990, 1993, method=method, switchers=switchers)
    year = frame.set_index(["plant", "year"])["industry"].unstack()
    place = year[1990].fillna(year[1993]) if switchers == "first" else year[1993].fillna(year[1990])
    for industry, row in result.industries.iterrows():
        own = frame[frame["plant"].map(place) == industry]
        if comparable(own, 1990, 1993):
            expected = twin(as_dictionary(own, 1990), as_dictionary(own, 1993), method)
            for name in COMPONENTS:
                np.testing.assert_allclose(row[name], expected[name], atol=1e-12, err_msg=f"{industry} {name}")


@settings(deadline=None, max_examples=12)
@given(seeds, methods)
def test_permuting_plants_scaling_weights_and_shifting_productivity_change_nothing(seed, method):
    frame = draw(seed)
    if not comparable(frame, 1990, 1992):
        return
    base = decompose(read_plants(frame), 1990, 1992, method=method).components
    other = frame.sample(frac=1, random_state=seed)
    other = other.assign(
        plant=1000 - other["plant"], weight=other["weight"] * 1e3, productivity=other["productivity"] + 5
    )
    moved = decompose(read_plants(other), 1990, 1992, method=method).components
    for name in COMPONENTS:
        assert moved[name] == pytest.approx(base[name], abs=1e-10)


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_the_static_decomposition(seed):
    frame = draw(seed)
    frame["weight"] += 1
    result = olley_pakes(read_plants(frame, exporter="exporter"))
    for year, row in result.years.iterrows():
        mean, covariance = mean_and_covariance(as_dictionary(frame, year))
        np.testing.assert_allclose([row["mean"], row["covariance"]], [mean, covariance], atol=1e-12)
    assert result.residual < 1e-12
    np.testing.assert_allclose(result.industries["share"].groupby("year").sum(), 1)


@st.composite
def gappy_panels(draw_from) -> pd.DataFrame:
    """Any small panel: plants that are there in any subset of years, with any weights, industries and missing values.

    One plant survives, as without one there is nothing to decompose.
    """
    rows = [(-1, year, "a", draw_from(st.floats(-50, 50)), 1.0, 0) for year in (1991, 1993)]
    for plant in range(draw_from(st.integers(1, 10))):
        years = draw_from(st.sets(st.integers(1990, 1994), min_size=1))
        for year in sorted(years):
            missing = draw_from(st.integers(0, 11)) == 0
            weight = draw_from(st.integers(0, 5)) if draw_from(st.booleans()) else draw_from(st.floats(1e-3, 1e6))
            phi = None if missing else draw_from(st.floats(-50, 50))
            rows.append(
                (plant, year, draw_from(st.sampled_from("abc")), phi, float(weight), draw_from(st.integers(0, 1)))
            )
    return pd.DataFrame(rows, columns=["plant", "year", "industry", "productivity", "weight", "exporter"])


@settings(deadline=None, max_examples=40)
@given(gappy_panels(), st.sampled_from(["drop-row", "drop-plant"]), st.sampled_from(list(REENTRY)), rules)
def test_every_method_adds_up_on_any_panel_under_any_rule(frame, missing, reentry, switchers):
    """Plants enter, leave, come back, lack values and change industry; each sum is made again from the plants that are left."""
    panel = read_plants(frame, exporter="exporter", missing=missing, inactive="absent")
    left = left_in(frame, missing, reentry)
    for method in METHODS:
        result = decompose(panel, 1991, 1993, method=method, reentry=reentry, switchers=switchers)
        expected = twin(*left, method)
        scale = max(1.0, *(abs(phi) for group in left for phi, _ in group.values()))
        close = {"abs": 1e-10 * scale}
        change = aggregate(left[1]) - aggregate(left[0])
        assert result.change == pytest.approx(change, **close)
        assert sum(result.components.values()) == pytest.approx(change, **close)
        assert sum(result.from_industries.values()) == pytest.approx(change, **close)
        assert result.residual < 1e-10 * scale
        for name in COMPONENTS:
            assert result.components[name] == pytest.approx(expected[name], **close), (method, name)
            assert result.contributions[name].sum() == pytest.approx(expected[name], **close), (method, name)


def left_in(frame: pd.DataFrame, missing: str, reentry: str) -> tuple[dict, dict]:
    """Return plants of 1991 and 1993 that a comparison keeps, written out from the words of the rules."""
    operates = frame[~((frame["weight"] == 0) & frame["productivity"].isna())]
    seen = operates.groupby("plant")["year"].agg(["min", "max"])
    lacking = set(operates.loc[operates["productivity"].isna() & operates["year"].isin([1991, 1993]), "plant"])
    groups = [as_dictionary(frame.dropna(subset="productivity"), year) for year in (1991, 1993)]
    both = groups[0].keys() & groups[1].keys()
    for plant in groups[0].keys() | groups[1].keys():
        back = plant not in both and (
            seen.loc[plant, "min"] < 1991 if plant in groups[1] else seen.loc[plant, "max"] > 1993
        )
        if (missing == "drop-plant" and plant in lacking) or (reentry == "leave-out" and back):
            for group in groups:
                group.pop(plant, None)
    return groups[0], groups[1]


def test_the_random_panels_have_every_kind_of_plant():
    """The properties above would say nothing of returning plants if none ever returned."""
    counts = pd.DataFrame([decompose(read_plants(draw(seed)), 1991, 1992).counts for seed in range(8)]).sum()
    assert (counts[["survivor", "entrant", "re-entrant", "exiter", "returns later", "switchers"]] > 3).all()


def test_contributions_of_exporters_by_hand():
    # an exporter doubles its weight, a plant starts to export: one survivor each, no entry
    frame = pd.DataFrame(
        {
            "plant": [1, 2, 1, 2],
            "year": [1, 1, 2, 2],
            "industry": "a",
            "productivity": [2.0, 1.0, 2.0, 1.5],
            "weight": [1.0, 1.0, 3.0, 1.0],
            "exporter": [1, 0, 1, 1],
        }
    )
    result = decompose(read_plants(frame, exporter="exporter"), method="foster-haltiwanger-krizan")
    parts = result.contributions.loc["survivor"]
    assert parts.loc["exporter", "between"] == pytest.approx(0.25 * (2 - 1.5))
    assert parts.loc["starts exporting", "within"] == pytest.approx(0.5 * 0.5)
    assert parts.loc["starts exporting", "cross"] == pytest.approx(-0.25 * 0.5)


def returning() -> pd.DataFrame:
    """Plant 3 is absent in 2 and back in 3; plant 4 has no productivity in 2; plant 5 stops in 2."""
    rows = [(1, year, 1.0 + 0.1 * year, 10, 1) for year in (1, 2, 3)] + [(2, year, 0.5, 5, 0) for year in (1, 2, 3)]
    rows += [(3, 1, 0.7, 4, 0), (3, 3, 0.9, 4, 0), (4, 1, 0.8, 3, 0), (4, 2, None, 3, 0), (4, 3, 0.9, 3, 0)]
    rows += [(5, 1, 0.4, 2, 0), (5, 2, None, 0, -1)]
    return pd.DataFrame(rows, columns=["plant", "year", "productivity", "weight", "exporter"]).assign(industry="a")


def test_rules_of_missing_inactive_and_returning_plants():
    frame = returning()
    options = {"exporter": "exporter", "inactive": "absent"}
    row = decompose(read_plants(frame, missing="drop-row", **options), 1, 2)
    plant = decompose(read_plants(frame, missing="drop-plant", **options), 1, 2)
    # the plant whose value is missing is no leaver; the one that stopped is
    assert (row.counts["exiter"], row.counts["returns later"], row.counts["survivor"]) == (1, 2, 2)
    assert (plant.counts["exiter"], plant.counts["returns later"], plant.counts["left out, missing"]) == (1, 1, 1)
    assert any("1 plants with a missing value" in note for note in plant.notes)
    back = decompose(read_plants(frame, missing="drop-plant", **options), 2, 3)
    assert (back.counts["re-entrant"], back.counts["entrant"]) == (1, 0)
    out = decompose(read_plants(frame, missing="drop-plant", **options), 2, 3, reentry="leave-out")
    assert out.components["entry"] == 0 and out.counts["left out, returning"] == 1
    with pytest.raises(DataError, match=r"1 rows are of plants that did not operate .*: row 13"):
        read_plants(frame, exporter="exporter", missing="drop-row")
    with pytest.raises(DataError, match=r"1 rows lack productivity.*: row 10"):
        read_plants(frame, exporter="exporter", inactive="absent")


@pytest.mark.realdata
def test_chilean_plants_give_the_values_found_independently(chile):
    active = chile[(chile["d_e"] >= 0) & (chile["rY"] > chile["rM"])]
    frame = active.assign(productivity=np.log((active["rY"] - active["rM"]) / active["L"]))
    panel = read_plants(frame, plant="padron", industry="ciiu", weight="L", exporter="d_e")
    moments = pair_moments(panel, 90, 96)
    counts = moments.counts
    assert counts["survivor"] == 3263
    assert counts["entrant"] + counts["re-entrant"] == 2144
    assert counts["exiter"] + counts["returns later"] == 1242
    mp = decompose(moments, method="melitz-polanec")
    fhk = decompose(moments, method="foster-haltiwanger-krizan")
    assert mp.change == pytest.approx(0.448204, abs=5e-7)
    expected = {"within": 0.3995, "between": 0.0534, "entry": -0.1109, "exit": 0.1062}
    assert {name: round(mp.components[name], 4) for name in expected} == expected
    expected = {"within": 0.3640, "between": 0.0599, "cross": -0.1004, "entry": 0.0379, "exit": 0.0867}
    assert {name: round(fhk.components[name], 4) for name in expected} == expected
    assert max(mp.residual, fhk.residual) < 1e-10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": [1, -2, 1, 1]}, r"weight: 1 values are below 0, such as -2: row 2"),
        ({"plant": [1, 1, 1, 2]}, r"2 rows repeat a plant in a year, such as plant 1 in 1: rows 1, 2"),
        ({"productivity": [1, None, 1, 1]}, r"1 rows lack productivity.*: row 2"),
        ({"productivity": [1, np.inf, 1, 1]}, r"productivity: 1 values are infinite: row 2"),
        ({"productivity": ["x", 1, 1, 1]}, r"productivity: 1 cells are not numbers, such as 'x': row 1"),
        ({"industry": ["a", " ", "a", "a"]}, r"1 rows lack .*industry.*: row 2"),
        ({"year": [1, 1, 2, 2.5]}, r"year: 1 values are not whole: row 4"),
        ({"year": [1, 1, 2, None]}, r"year: 1 cells are empty: row 4"),
        ({"plant": [1, None, 1, 2]}, r"plant: 1 cells are empty: row 2"),
        ({"exporter": [1, 0, 2, 0]}, r"exporter: 1 values are not 0, 1 or -1, such as 2: row 3"),
        ({"exporter": [1, -1, 1, 0]}, r"did not operate .*: row 2"),
    ],
)
def test_bad_rows_are_named(change, message):
    frame = {
        "plant": [1, 2, 1, 2],
        "year": [1, 1, 2, 2],
        "industry": ["a"] * 4,
        "productivity": [1.0, 2.0, 1.0, 2.0],
        "weight": [1, 1, 1, 1],
        "exporter": [0, 0, 0, 0],
    }
    with pytest.raises(DataError, match=message):
        read_plants(frame | change, exporter="exporter")


def test_panels_that_cannot_be_compared():
    frame = pd.DataFrame({"plant": [1, 2], "year": [1, 2], "industry": "a", "productivity": 1.0, "weight": 1.0})
    with pytest.raises(InputError, match="no plant is in the panel in both 1 and 2"):
        decompose(read_plants(frame))
    with pytest.raises(InputError, match="the panel has one year, 1"):
        decompose(read_plants(frame[:1]), 1, 2)
    panel = read_plants(frame.assign(plant=1))
    with pytest.raises(InputError, match="last is 3, which is not a year of the panel; years are 1, 2"):
        decompose(panel, 1, 3)
    with pytest.raises(InputError, match="first must come before last"):
        decompose(panel, 2, 1)
    with pytest.raises(InputError, match='Did you mean "melitz-polanec"'):
        decompose(panel, method="melitz-polanek")
    with pytest.raises(InputError, match="switchers is 'mid'"):
        decompose(panel, switchers="mid")
    with pytest.raises(InputError, match="weights of 2 sum to zero"):
        decompose(read_plants(frame.assign(plant=1, weight=[1, 0])))
    with pytest.raises(InputError, match="give years and reentry when making them"):
        decompose(pair_moments(panel, 1, 2), 1, 3)
    with pytest.raises(InputError, match="no column 'prod'"):
        read_plants(frame, productivity="prod")


def test_an_industry_without_survivors_is_said_and_still_adds_up():
    frame = pd.DataFrame(
        {
            "plant": [1, 2, 1, 3, 4],
            "year": [1, 1, 2, 2, 2],
            "industry": ["a", "b", "a", "b", "c"],
            "productivity": [1.0, 0.5, 1.2, 0.9, 2.0],
            "weight": [2.0, 1.0, 2.0, 2.0, 1.0],
        }
    )
    result = decompose(read_plants(frame))
    assert result.from_industries["without_survivors"] == pytest.approx((1 / 3 + 2 / 5) / 2 * 0.4)
    assert result.residual < 1e-12
    assert any("2 industries have no survivor" in note and "b, c" in note for note in result.notes)


def test_results_speak():
    panel = read_plants(draw(3), exporter="exporter")
    result = decompose(panel, method="griliches-regev")
    tidy = result.tidy()
    pooled = tidy[tidy["scope"] == "pooled"].set_index("variable")["value"]
    assert pooled["change"] == pytest.approx(pooled.drop("change").sum())
    assert "Griliches and Regev" in result.summary() and "change" in result.summary()
    static = olley_pakes(panel)
    assert {"aggregate", "covariance_inside"} <= set(static.tidy()["variable"])
    assert olley_pakes(read_plants(draw(3))).exporting.empty
    for each in (result, static):
        figure = each.plot()
        assert figure.axes[0].get_title(loc="left") and figure.axes[0].get_legend() is not None
    chain = decompose_years(panel, method="griliches-regev")
    np.testing.assert_allclose(chain["change"].sum(), result.change, atol=1e-12)
