"""What each shock of the world contributes: alone, whatever the order, with the interaction that is left."""

import numpy as np
import pytest

from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame
from tradewinds.world import WorldShock

RESEARCH = WorldShock("rnd_spending", 0.005, "HOME", start=2025)
TARIFF = WorldShock("tariff", 0.3, "HOME", start=2025, name="a trade war")
ANSWER = WorldShock("tariff", 0.3, ("ABROAD", "SMALL"), start=2028, announced=2027, name="a trade war")


@pytest.fixture(scope="module")
def joint(run):
    return run(RESEARCH, TARIFF, ANSWER, name="all at once")


@pytest.fixture(scope="module")
def frame(joint):
    return joint.contributions()


def test_contributions_add_up_to_every_deviation(joint, frame):
    assert list(frame.columns) == ["variable", "value", "unit", "country", "year", "shock"]
    assert list(frame["shock"].unique()) == ["rnd_spending[HOME] from 2025", "a trade war", "interaction"]
    tidy_frame(frame, ("country", "year", "shock"))  # raises where a number is there twice
    total = joint.tidy()
    added = frame.groupby(["variable", "country", "year"], sort=False)["value"].sum()
    np.testing.assert_allclose(added.to_numpy(), total["value"].to_numpy(), rtol=0, atol=1e-9)
    assert list(added.index) == list(total[["variable", "country", "year"]].itertuples(index=False, name=None))
    assert (frame["unit"].to_numpy().reshape(3, -1) == total["unit"].to_numpy()).all()


def test_a_shock_contributes_what_it_does_alone_and_those_of_one_name_go_together(joint, run):
    research, war = run(RESEARCH), run(TARIFF, ANSWER)
    for variable, where in (("potential_output", "HOME"), ("tfp", "industrial"), ("oil_price", ""), ("taxes", "SOUTH")):
        parts = joint.contribution(variable, where)
        assert list(parts.index) == list(range(2025, 2051))
        expected = [one.deviation(variable, where) for one in (research, war)]
        np.testing.assert_allclose(parts.iloc[:, :2].to_numpy().T, expected, rtol=0, atol=1e-7)
        np.testing.assert_allclose(parts.sum(axis=1), joint.deviation(variable, where), rtol=0, atol=1e-9)
    # protection lowers the imports that carry knowledge, so the two do less together than each by itself
    assert joint.contribution("tfp", "ABROAD")["interaction"].iloc[-1] < -0.01


def test_the_order_of_shocks_does_not_matter(joint, run):
    other = run(ANSWER, RESEARCH, TARIFF)
    ours, theirs = (one.contribution("consumption", "SOUTH") for one in (joint, other))
    np.testing.assert_allclose(theirs[ours.columns], ours, rtol=0, atol=1e-6)


def test_one_shock_is_all_there_is(research):
    parts = research.contribution("consumption", "HOME")
    assert list(parts.columns) == ["rnd_spending[HOME] from 2025", "interaction"]
    assert np.max(np.abs(parts["interaction"])) < 1e-7
    assert np.max(np.abs(parts.iloc[:, 0])) > 0.1


def test_equal_shocks_are_told_apart_by_number(run):
    half = WorldShock("rnd_spending", 0.0025, "HOME", start=2025)
    parts = run(half, half, last_year=2030).contribution("rnd_gdp", "HOME")
    assert list(parts.columns[:2]) == ["rnd_spending[HOME] from 2025 #1", "rnd_spending[HOME] from 2025 #2"]
    np.testing.assert_allclose(parts.iloc[:, :2], 0.25, rtol=0, atol=1e-9)


def test_labels_say_what_a_shock_is():
    assert WorldShock("import_preference", 0.1, ("industrial",), 2000, 2005, 1999, "JA").label == (
        "import_preference JA[industrial] 2000-2005, announced 1999"
    )
    assert WorldShock("real_oil_price", 0.1).label == "real_oil_price from 1996"
    assert TARIFF.label == "a trade war"


def test_the_summary_has_names(joint):
    assert "  shock: a trade war: tariff[HOME] from 2025, +0.3\n" in joint.summary()


@pytest.mark.parametrize("name", ["interaction", "without shocks", "two\nlines", None])
def test_names_that_a_shock_cannot_have(name):
    with pytest.raises(InputError, match=r"name of a shock|cannot be called"):
        WorldShock("tariff", 0.1, "HOME", name=name)


def test_a_path_that_solves_nothing_has_no_contributions(run):
    lost = run(RESEARCH, WorldShock("other_productivity", -40.0, ("HOME",), start=2025), last_year=2030, throw=False)
    with pytest.raises(InputError, match="need a simulation that is solved"):
        lost.contributions()


def test_the_figure_stacks_to_what_all_do_together(joint):
    figure = joint.plot_contributions(["HOME", "SOUTH"], "consumption")
    assert figure.get_suptitle() == "all at once: what each shock contributes to consumption"
    for axis, where in zip(figure.axes, ("HOME", "SOUTH"), strict=True):
        line = axis.lines[0] if axis.lines[0].get_label() == "together" else axis.lines[1]
        total = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
        np.testing.assert_allclose(list(total.values()), joint.deviation("consumption", where), rtol=0, atol=1e-9)
        assert axis.get_ylabel() == "per cent"
        assert len({bars[0].get_hatch() for bars in axis.containers}) == len(
            axis.containers
        )  # told apart without colour
        heights = {}
        for bars in axis.containers:
            for bar in bars:
                year = round(bar.get_x() + bar.get_width() / 2)
                heights[year] = heights.get(year, 0.0) + bar.get_height()
        assert len(heights) >= 5 and 2050 in heights
        for year, height in heights.items():
            assert height == pytest.approx(total[year], abs=1e-9)


def test_of_many_shocks_the_least_are_drawn_as_one(run, small):
    shocks = [WorldShock("tariff", 0.01, code, start=2025) for code in small.codes]
    shocks += [WorldShock("government", 0.001 * k, "HOME", start=2024 + k) for k in range(1, 6)]
    result = run(*shocks, last_year=2030)
    [axis] = result.plot_contributions("HOME").axes
    labels = axis.get_legend_handles_labels()[1]
    assert "4 other shocks" in labels and len(labels) == 6 + 3  # six shocks, the others, interaction, together
    bars = next(c for c in axis.containers if c.get_label() == "4 other shocks")
    rest = result.contribution("potential_output", "HOME").drop(
        columns=[x for x in labels if "[" in x] + ["interaction"]
    )
    assert rest.shape[1] == 4
    assert bars[-1].get_height() == pytest.approx(rest.sum(axis=1).iloc[-1], abs=1e-12)
