"""Distributions of productivity: masses, medians, who counts as an entrant, and the shift that a median can hide."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import InputError
from tradewinds.firms.measurement import (
    distributions_before_and_after,
    distributions_of_entrants,
    distributions_of_exporters,
    plot_distributions,
    read_plants,
)


def frame(shift: float = 0.4) -> pd.DataFrame:
    random = np.random.default_rng(5)
    rows = []
    for year in range(4):
        for plant in range(300):
            born = plant % 4 if plant >= 150 else 0
            if year >= born:
                rows.append((plant, year, f"i{plant % 3}", plant % 3 + shift * year / 3 + random.normal(0, 0.5)))
    table = pd.DataFrame(rows, columns=["plant", "year", "industry", "productivity"])
    table["weight"] = random.integers(1, 50, len(table)).astype(float)
    return table.assign(
        exporter=(table["productivity"] > table.groupby("industry")["productivity"].transform("median")) * 1
    )


@pytest.fixture(scope="module")
def panel():
    return read_plants(frame(), exporter="exporter")


@pytest.mark.parametrize("smooth", [True, False])
def test_masses_and_moments(panel, smooth):
    result = distributions_before_and_after(panel, 0, 3, smooth=smooth, limits=(-6, 6))
    np.testing.assert_allclose(result.shares.sum(), 1, atol=1e-6)
    assert (result.shares >= 0).all(axis=None)
    moments = result.shares.mul(result.shares.index, axis=0).sum()
    np.testing.assert_allclose(moments, result.statistics["mean"], atol=0.03)


def test_medians_are_what_they_say(panel):
    found = {
        name: distributions_before_and_after(panel, 0, 3, median=name, smooth=False).statistics["mean"]
        for name in ("pooled", "first", "own")
    }
    # all industries shift by 0.4, which medians of each year take away
    assert found["first"]["3"] - found["first"]["0"] == pytest.approx(0.4, abs=0.1)
    assert found["pooled"]["3"] - found["pooled"]["0"] == pytest.approx(
        found["first"]["3"] - found["first"]["0"], abs=0.01
    )
    assert abs(found["own"]["3"] - found["own"]["0"]) < 0.1
    # by hand: one industry, first year's median is 0.5
    table = {"plant": [1, 2, 3, 1], "year": [1, 1, 1, 2], "industry": ["a"] * 4}
    small = read_plants(table | {"productivity": [0.0, 0.5, 2.0, 3.0], "weight": [1.0, 1.0, 2.0, 1.0]})
    result = distributions_before_and_after(small, 1, 2, median="first", smooth=False, width=0.5, limits=(-1, 3))
    assert result.statistics.loc["1", "mean"] == pytest.approx((-0.5 + 0 + 2 * 1.5) / 4)
    assert result.statistics.loc["1", "below_median"] == pytest.approx(0.25)
    assert result.shares["1"].loc[1.75] == pytest.approx(0.5)


def test_entrants_are_those_never_seen_before(panel):
    result = distributions_of_entrants(panel, [(0, 1), (1, 3)])
    births = panel.frame.groupby("plant")["year"].min()
    assert result.statistics["plants"].tolist() == [(births == 1).sum(), births.between(2, 3).sum()]
    assert list(result.statistics.index) == ["entered 1 to 1", "entered 2 to 3"]
    with pytest.raises(InputError, match="its first year must be in the panel, which begins in 0"):
        distributions_of_entrants(panel, [(-1, 1)])
    with pytest.raises(InputError, match="no plant with weight among entered 1 to 1"):
        distributions_of_entrants(read_plants(frame()[lambda table: table["plant"] < 150]), [(0, 1)])


def test_exporters_stand_to_the_right(panel):
    statistics = distributions_of_exporters(panel, 3).statistics
    assert statistics.loc["exporters", "p10"] > statistics.loc["non-exporters", "p50"]
    with pytest.raises(InputError, match="export status is unknown"):
        distributions_of_exporters(read_plants(frame()), 3)


def test_weights_count_and_their_unit_does_not(panel):
    base = distributions_before_and_after(panel, 0, 3)
    scaled = read_plants(frame().assign(weight=lambda table: table["weight"] * 1000), exporter="exporter")
    pd.testing.assert_frame_equal(base.shares, distributions_before_and_after(scaled, 0, 3).shares)
    equal = read_plants(frame().assign(weight=1.0))
    assert not np.allclose(base.shares, distributions_before_and_after(equal, 0, 3).shares, atol=1e-4)


def test_bad_options(panel):
    with pytest.raises(InputError, match="9 is not a year of the panel; years are 0, 1, 2, 3"):
        distributions_before_and_after(panel, 0, 9)
    with pytest.raises(InputError, match="width is 0"):
        distributions_before_and_after(panel, 0, 3, width=0)
    with pytest.raises(InputError, match="median is 'mean'"):
        distributions_before_and_after(panel, 0, 3, median="mean")
    with pytest.raises(InputError, match="give the lower first"):
        distributions_before_and_after(panel, 0, 3, limits=(1, -1))


def test_results_speak_and_the_three_panels_stand_side_by_side(panel):
    panels = [
        distributions_before_and_after(panel, 0, 3),
        distributions_of_entrants(panel, [(0, 1), (1, 3)]),
        distributions_of_exporters(panel, 3),
    ]
    figure = plot_distributions(panels)
    assert len(figure.axes) == 3 and all(axis.get_legend() is not None for axis in figure.axes)
    for result in panels:
        assert {"density_share", "p50"} <= set(result.tidy()["variable"])
        assert "median" in result.summary()
        assert result.plot().axes[0].get_title(loc="left") == result.title


@pytest.mark.realdata
def test_chilean_exporters_are_more_productive(chile):
    active = chile[(chile["d_e"] >= 0) & (chile["rY"] > chile["rM"])]
    table = active.assign(productivity=np.log((active["rY"] - active["rM"]) / active["L"]))
    plants = read_plants(table, plant="padron", industry="ciiu", weight="L", exporter="d_e")
    statistics = distributions_of_exporters(plants, 96).statistics
    assert statistics.loc["exporters", "mean"] - statistics.loc["non-exporters", "mean"] > 0.3
    shift = distributions_before_and_after(plants, 90, 96).statistics["mean"]
    assert shift["96"] > shift["90"]
