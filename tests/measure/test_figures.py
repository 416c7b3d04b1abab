"""Figures show the numbers of their results, and say what they are, in which unit and from where."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from tradewinds.data import keller_import_weights
from tradewinds.errors import AlignmentError, InputError
from tradewinds.measure import (
    FOREIGN_METHODS,
    bilateral_import_shares,
    equal_weights,
    foreign_rnd_stock,
    interpolate_gaps,
    perpetual_inventory,
    tfp_index,
)
from tradewinds.measure.figures import METHOD_SOURCES
from tradewinds.plotting import to_svg

ABC = ("CAN", "FRA", "USA")
YEARS = tuple(range(1970, 1992))


def quietly(function, *args, **kwargs):
    """Call without warnings, which other tests check."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


def flows(*shape: int) -> np.ndarray:
    """Flows of 22 years that grow unevenly."""
    rng = np.random.default_rng(7)
    return 100 * np.exp(np.cumsum(rng.normal(0.06, 0.04, (*shape, len(YEARS))), axis=-1))


def lines(axis) -> dict[str, np.ndarray]:
    """Labelled lines of an axis by label."""
    return {line.get_label(): line.get_ydata() for line in axis.get_lines() if not line.get_label().startswith("_")}


def legend(figure: Figure) -> list[str]:
    return [
        text.get_text()
        for axis in figure.axes
        if (found := axis.get_legend()) is not None
        for text in found.get_texts()
    ]


def result_figures() -> dict[str, tuple[Figure, str]]:
    """One figure a result, with words that its source line must carry."""
    years = {"years": YEARS}
    flow = flows(3)
    gaps = flow.copy()
    gaps[1, 3:6] = np.nan
    weights = equal_weights(ABC, ["31", "32"])
    stock = np.stack([flow, 2 * flow], axis=1)
    return {
        "inventory": (quietly(perpetual_inventory, flow, variant="keller-b1", **years).plot(source="own"), "(B.1)"),
        "interpolated": (quietly(interpolate_gaps, gaps, **years).plot(source="own"), "3 of 66 values"),
        "tfp": (tfp_index(flow, flow**0.3, flow**0.5, 0.7).plot(source="own", **years), "Appendix C"),
        "foreign": (foreign_rnd_stock(stock, weights, method="equal", **years).plot(source="own"), "Section 5.1"),
        "weights": (weights.plot(source="own"), "Importer by partner"),
    }


@pytest.mark.parametrize("name", ["inventory", "interpolated", "tfp", "foreign", "weights"])
def test_every_figure_has_title_axes_legend_and_source(name):
    figure, words = result_figures()[name]
    assert figure.get_suptitle()
    assert figure.axes[0].get_ylabel()
    assert any(axis.get_xlabel() for axis in figure.axes)
    assert legend(figure)
    source = figure.get_supxlabel()
    assert source.startswith("Data: own. ")
    assert words in source
    assert source.endswith("tradewinds.")
    svg = to_svg(figure)
    assert svg.lstrip().startswith("<?xml")
    assert svg == to_svg(result_figures()[name][0])


@pytest.mark.parametrize("timing", ["start", "end"])
@pytest.mark.parametrize("growth", ["log", "arithmetic"])
def test_inventory_shows_growth_of_the_stock_and_of_the_flow_it_was_made_from(timing, growth):
    flow = flows(3)
    inventory = perpetual_inventory(flow, depreciation=0.05, timing=timing, growth=growth, years=YEARS)
    left, right = inventory.plot(labels=ABC).axes
    change = {"log": lambda path: np.diff(np.log(path)), "arithmetic": lambda path: path[1:] / path[:-1] - 1}[growth]
    first = 0 if timing == "start" else 1
    for index, country in enumerate(ABC):
        np.testing.assert_allclose(lines(left)[country], 100 * change(inventory.stock[index]))
        known = flow[index, first : first + len(YEARS) - 1]
        np.testing.assert_allclose(lines(right)[country], 100 * change(known), rtol=1e-9, atol=1e-9)
    assert list(left.get_lines()[0].get_xdata()) == list(YEARS[1:])
    # Growth in 1971 is from the flow of 1970 to that of 1971; a stock at the end of the year hides the flow of 1970.
    assert next(iter(right.get_lines())).get_xdata()[0] == YEARS[1 + first]
    assert left.get_ylabel() == f"{growth} growth (per cent a year)"


def test_the_distortion_of_b1_is_in_the_picture():
    """Every stock starts at g + 0.1 and falls, though flows grow no faster at first."""
    flow = 100 * 1.05 ** np.arange(22.0)
    inventory = quietly(perpetual_inventory, flow, variant="keller-b1", years=YEARS)
    left, right = inventory.plot().axes
    stock, growth = lines(left)["series"], float(inventory.benchmark_growth)
    assert stock[0] == pytest.approx(100 * np.log(1 + growth + 0.1))
    assert np.all(np.diff(stock) < 0)
    np.testing.assert_allclose(lines(right)["series"], 100 * np.log(1.05))
    assert "benchmark_add = 0.1" in left.get_title(loc="left")
    np.testing.assert_allclose(lines(left)[f"benchmark g = {100 * growth:.1f}"], 100 * growth)


def test_inventory_source_names_settings_that_are_not_the_papers():
    flow = flows(2)
    asis = perpetual_inventory(flow, variant="coe-helpman").plot()
    assert "set here" not in asis.get_supxlabel()
    own = perpetual_inventory(flow, variant="coe-helpman", depreciation=0.15, timing="end").plot()
    assert "set here: timing, depreciation" in own.get_supxlabel()


def test_flows_of_zero_leave_a_hole_and_not_a_huge_rate():
    flow = flows(1)[0]
    flow[9:11] = 0.0
    right = perpetual_inventory(flow, depreciation=0.05).plot().axes[1]
    drawn = lines(right)["series"]
    assert np.flatnonzero(np.isnan(drawn)).tolist() == [8, 9, 10]
    assert np.nanmax(np.abs(drawn)) < 30


def test_a_series_without_benchmark_is_named_as_such():
    flow = np.array([100 * 1.05 ** np.arange(8.0), 100 * 0.7 ** np.arange(8.0)])
    inventory = perpetual_inventory(flow, depreciation=0.05, growth_of="stock", throw=False)
    assert np.isnan(inventory.stock[1]).all()
    assert legend(inventory.plot(labels=["up", "down"])) == ["up", "down (no benchmark)"]


def test_hollow_markers_are_the_interpolated_values():
    gaps = flows(2)
    gaps[0, [3, 4, 9]] = np.nan
    gaps[1, 1:20:2] = np.nan
    result = quietly(interpolate_gaps, gaps, method="geometric", years=YEARS)
    axis = result.plot(labels=["GBR", "DEU"]).axes[0]
    points = [line for line in axis.get_lines() if line.get_linestyle() == "None" and len(line.get_xdata())]
    hollow = [line for line in points if to_hex(line.get_markerfacecolor()) == "#ffffff"]
    solid = [line for line in points if to_hex(line.get_markerfacecolor()) != "#ffffff"]
    assert len(hollow) == len(solid) == 2
    years = np.array(YEARS)
    for index in range(2):
        filled = result.interpolated[index]
        np.testing.assert_array_equal(hollow[index].get_xdata(), years[filled])
        np.testing.assert_array_equal(hollow[index].get_ydata(), result.values[index, filled])
        np.testing.assert_array_equal(solid[index].get_xdata(), years[~filled])
        np.testing.assert_array_equal(solid[index].get_ydata(), gaps[index, ~filled])
    np.testing.assert_array_equal(lines(axis)["DEU"], result.values[1])
    assert legend(axis.figure) == ["GBR", "DEU", "observed", "interpolated"]


def test_many_interpolated_series_count_what_was_filled_a_year():
    gaps = flows(3, 4)
    gaps[0, :, 5] = np.nan
    gaps[2, 1, 5:8] = np.nan
    result = quietly(interpolate_gaps, gaps, years=YEARS)
    upper, lower = result.plot().axes
    heights = [bar.get_height() for bar in lower.patches]
    assert heights == [0] * 5 + [5, 1, 1] + [0] * 14
    np.testing.assert_allclose(lines(upper)["median"], np.median(result.values.reshape(12, -1), axis=0))


def test_tfp_lines_are_the_index():
    flow = flows(2, 3)
    result = tfp_index(flow, flow**0.3, flow**0.5, 0.7, base_year_position=5)
    axis = result.plot(years=YEARS).axes[0]
    drawn = lines(axis)
    assert list(drawn) == [f"series {i}, {j}" for i in range(2) for j in range(3)]
    np.testing.assert_array_equal(drawn["series 1, 2"], result.index[1, 2])
    assert axis.get_ylabel() == "TFP (index, 1975 = 100)"
    assert result.plot().axes[0].get_ylabel() == "TFP (index, position 5 = 100)"


def test_eight_series_are_lines_and_nine_a_band():
    def figure(count: int) -> Figure:
        flow = flows(count)
        return tfp_index(flow, flow**0.3, flow**0.5, 0.7).plot(years=YEARS)

    drawn = figure(8).axes[0]
    assert len(lines(drawn)) == 8
    looks = {(line.get_linestyle(), line.get_marker()) for line in drawn.get_lines()[1:]}
    assert len(looks) == 8, "lines must differ by more than colour"
    assert legend(figure(9)) == ["range of 9 series", "middle half", "median"]


def test_the_band_is_range_quartiles_and_median():
    flow = flows(9)
    result = tfp_index(flow, flow**0.3, flow**0.5, 0.7)
    axis = result.plot().axes[0]
    outer, inner = (area.get_paths()[0].vertices for area in axis.collections)
    for vertices, (low, high) in ((outer, (0, 100)), (inner, (25, 75))):
        for position in range(len(YEARS)):
            heights = vertices[vertices[:, 0] == position, 1]
            np.testing.assert_allclose(heights.min(), np.percentile(result.index[:, position], low))
            np.testing.assert_allclose(heights.max(), np.percentile(result.index[:, position], high))
    np.testing.assert_allclose(lines(axis)["median"], np.median(result.index, axis=0))


def test_levels_that_differ_much_are_on_a_log_scale_and_say_so():
    near = interpolate_gaps(flows(2)).plot().axes[0]
    far = interpolate_gaps(flows(2) * np.array([[1.0], [100.0]])).plot().axes[0]
    assert (near.get_yscale(), far.get_yscale()) == ("linear", "log")
    assert "log scale" in far.get_ylabel()
    assert "log scale" not in near.get_ylabel()


def test_foreign_stock_is_the_mean_over_industries_or_one_of_them():
    stock = np.stack([flows(3), 3 * flows(3) ** 1.1], axis=1)
    result = foreign_rnd_stock(stock, equal_weights(ABC, ["31", "32"]), method="coe-helpman", years=YEARS)
    mean, one = result.plot(), result.plot(industry="32")
    for index, country in enumerate(ABC):
        np.testing.assert_allclose(lines(mean.axes[0])[country], result.values[index].mean(axis=0))
        np.testing.assert_array_equal(lines(one.axes[0])[country], result.values[index, 1])
    assert mean.get_suptitle().endswith("coe-helpman, mean over 2 industries")
    assert one.get_suptitle().endswith("coe-helpman, industry 32")
    with pytest.raises(InputError, match=r"industry is '33'.*Allowed: 31, 32"):
        result.plot(industry="33")


def test_kellers_foreign_stock_is_summed_over_partners_without_the_own_one():
    stock = np.stack([flows(3), 2 * flows(3)], axis=1)
    weights = equal_weights(ABC, ["31", "32"])
    result = foreign_rnd_stock(stock, weights, method="keller", years=YEARS)
    drawn = lines(result.plot(industry="31").axes[0])
    np.testing.assert_allclose(drawn["CAN"], 0.5 * (np.log(stock[1, 0]) + np.log(stock[2, 0])))


def test_foreign_stock_of_index_numbers_says_so_under_the_figure():
    stock = flows(3)[:, None, :]
    indices = stock / stock[..., 5:6]
    result = quietly(foreign_rnd_stock, indices, equal_weights(ABC, ["31"]), method="equal", years=YEARS)
    assert "index numbers" in result.plot().get_supxlabel()


def test_every_foreign_method_has_a_source_line():
    assert set(METHOD_SOURCES) == set(FOREIGN_METHODS)


def test_the_heat_map_shows_importers_in_rows_and_prints_their_shares():
    weights = keller_import_weights()
    figure = weights.plot(industry=weights.industries[2])
    axis = figure.axes[0]
    (image,) = axis.images
    share = weights.values[:, :, 2]
    shown = image.get_array()
    assert np.array_equal(shown.mask, np.eye(8, dtype=bool))
    np.testing.assert_array_equal(shown.data, share)
    assert [label.get_text() for label in axis.get_yticklabels()] == list(weights.countries)
    assert [label.get_text() for label in axis.get_xticklabels()] == list(weights.countries)
    printed = {text.get_position(): text.get_text() for text in axis.texts}
    assert len(printed) == 56
    canada, states = (weights.countries.index(code) for code in ("CAN", "USA"))
    # x is the column, the partner; what Canada imports from the USA is by far its largest share.
    assert printed[states, canada] == f"{share[canada, states]:.2f}"
    assert share[canada, states] > 0.5
    assert figure.get_suptitle() == f"Bilateral import share, industry {weights.industries[2]}"
    np.testing.assert_allclose(weights.plot().axes[0].images[0].get_array().data, weights.values.mean(axis=2))


def test_numbers_in_cells_stop_at_twelve_countries():
    def texts(count: int) -> int:
        return len(equal_weights([f"C{k}" for k in range(count)], ["31"]).plot().axes[0].texts)

    assert (texts(12), texts(13)) == (12 * 11, 0)


def test_weights_by_year_are_picked_or_averaged():
    rng = np.random.default_rng(3)
    trade = rng.uniform(1, 9, (3, 3, 2, 2)) * (1 - np.eye(3))[:, :, None, None]
    weights = bilateral_import_shares(trade, ABC, ["31", "32"], [1990, 1991], orientation="importer_partner")
    one = weights.plot(industry="32", year=1991)
    np.testing.assert_array_equal(one.axes[0].images[0].get_array().data, weights.values[:, :, 1, 1])
    assert one.get_suptitle().endswith("industry 32, 1991")
    mean = weights.plot()
    np.testing.assert_allclose(mean.axes[0].images[0].get_array().data, weights.values.mean(axis=(2, 3)))
    assert mean.get_suptitle().endswith("mean over 2 industries, mean over 2 years")
    with pytest.raises(InputError, match=r"year is '1995'.*1990, 1991"):
        weights.plot(year=1995)
    with pytest.raises(InputError, match="do not vary over time"):
        equal_weights(ABC, ["31"]).plot(year=1990)


@pytest.mark.parametrize("labels", [["CAN"], "CAN", list("abcd")])
def test_labels_that_do_not_fit_are_refused(labels):
    result = tfp_index(flows(3), flows(3) ** 0.3, flows(3) ** 0.5, 0.7)
    with pytest.raises(AlignmentError, match="there are 3 series"):
        result.plot(labels=labels)
    with pytest.raises(AlignmentError, match="22 years on the last axis, but 2 labels"):
        result.plot(years=[1970, 1971])


def test_measuring_does_not_load_matplotlib():
    code = "import sys, tradewinds.measure; assert not {'matplotlib', 'pandas'} & set(sys.modules), 'heavy import'"
    subprocess.run([sys.executable, "-c", code], check=True)
