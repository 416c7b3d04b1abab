"""Figures of measured series: stocks, filled gaps, productivity, foreign research and import weights.

Up to eight series get a line each; more become a band, because more cannot be told apart in black and white. A
result knows neither where its data come from nor their currency: give ``source`` to say so under the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.measure.arrays import require_option
from tradewinds.measure.benchmark import flow_behind
from tradewinds.measure.drawing import (
    add_sources,
    draw_observed,
    draw_series,
    label_time,
    level_scale,
    put_legend,
    put_title,
    series_names,
    time_axis,
)
from tradewinds.measure.variants import INVENTORY_VARIANTS, InventoryVariant
from tradewinds.plotting import COLOURS, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tradewinds.measure.foreign import ForeignStock
    from tradewinds.measure.interpolation import Interpolated
    from tradewinds.measure.inventory import Inventory
    from tradewinds.measure.tfp import TFPIndex
    from tradewinds.measure.weights import ImportWeights

__all__ = ["plot_foreign_stock", "plot_interpolated", "plot_inventory", "plot_tfp", "plot_weights"]

Array = NDArray[np.float64]

#: Where each way of weighing foreign research comes from, for source lines.
METHOD_SOURCES = {
    "coe-helpman": "Coe and Helpman (1995)",
    "lichtenberg-van-pottelsberghe": "Lichtenberg and van Pottelsberghe (1998)",
    "keller": "Keller (1997), equation (4.1)",
    "equal": "mean over partners, Keller (1997), Section 5.1",
    "equal-sum": "sum over partners, Keller (1997), Section 5.1",
}

#: Most countries whose shares are printed in the cells of a heat map.
PRINTED_COUNTRIES = 12


def plot_inventory(result: Inventory, *, labels: Sequence[str] | None = None, source: str = "") -> Figure:
    """Plot growth of the stock beside growth of the flow, year by year.

    Levels would not show what the benchmark does: a first stock that is too small looks like any other rising line.
    Growth shows it. Growth of a stock follows that of its flow slowly and smoothly, so first years that are high in
    every series and then decay, while flows do nothing of the kind, come from the benchmark and not from the data,
    as with the 0.1 of Keller (1997, B.1).

    Parameters
    ----------
    result : Inventory
        Its flows are those implied by the stock, one year fewer.
    labels : sequence of str, optional
        One name a series, leading axes flattened; those that the data carried without.
    source : str
        Where the data come from.

    Raises
    ------
    AlignmentError
        If labels do not fit.
    """
    from matplotlib.figure import Figure

    stock, flow = _growth_of_stock_and_flow(result)
    years, axis_name = time_axis(result.years, stock.shape[-1] + 1)
    names = series_names(labels, result.stock.shape[:-1], result.labels)
    names = [
        name if np.isfinite(row).any() else f"{name} (no benchmark)" for name, row in zip(names, stock, strict=True)
    ]
    late = 1 if result.timing == "start" else 2
    used = result.settings
    with style():
        figure = Figure(figsize=(7.8, 4.2))
        left, right = figure.subplots(1, 2, sharey=True)
        draw_series(left, years[1:], stock, names)
        draw_series(right, years[late : late + flow.shape[-1]], flow, names)
        forced = f": first year set by\nbenchmark_add = {used.benchmark_add:g}" if used.benchmark_add else ""
        for axis, title in ((left, f"stock{forced}"), (right, "flow")):
            axis.set_title(title, fontweight="normal", fontsize=9)
            axis.axhline(0, color="#666666", linewidth=0.8)
            label_time(axis, axis_name)
            axis.set_xlim(years[0], years[-1])
        if len(stock) == 1 and np.isfinite(result.benchmark_growth).all():
            growth = 100 * float(result.benchmark_growth.ravel()[0])
            left.axhline(growth, color="#666666", linestyle=":", label=f"benchmark g = {growth:.1f}")
        left.set_ylabel(f"{used.growth} growth (per cent a year)")
        put_legend(right, *left.get_legend_handles_labels())
        put_title(figure, f"Growth of the stock beside growth of its flow: {used.name}")
        add_sources(figure, source, used.source + _changes(used))
    return figure


def plot_interpolated(result: Interpolated, *, labels: Sequence[str] | None = None, source: str = "") -> Figure:
    """Plot series with observed values as filled markers and interpolated ones as hollow markers.

    For more than eight series the band of all values stands over bars that count the interpolated ones of each year.

    Parameters
    ----------
    result : Interpolated
    labels : sequence of str, optional
        One name a series, leading axes flattened; those that the data carried without.
    source : str
        Where the data come from.

    Raises
    ------
    AlignmentError
        If labels do not fit.
    """
    from matplotlib.figure import Figure

    size = result.values.shape[-1]
    years, axis_name = time_axis(result.years, size)
    names = series_names(labels, result.values.shape[:-1], result.labels)
    rows, filled = result.values.reshape(-1, size), result.interpolated.reshape(-1, size)
    with style():
        figure = Figure()
        if len(rows) > len(COLOURS):
            axis, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
            draw_series(axis, years, rows, names)
            lower.bar(years, filled.sum(axis=0), color="white", edgecolor="black", linewidth=0.8)
            lower.set_ylabel("interpolated\n(number)")
            lower.yaxis.get_major_locator().set_params(integer=True)
        else:
            axis = lower = figure.subplots()
            for index, name in enumerate(names):
                draw_observed(axis, years, rows[index], filled[index], name, index)
            axis.plot([], [], "o", color="black", ms=5, label="observed")
            axis.plot([], [], "o", color="black", markerfacecolor="white", ms=5, label="interpolated")
        scale = level_scale(axis, rows)
        axis.set_ylabel(f"value (unit of the series{scale})")
        put_title(figure, f"Observed and interpolated values: {result.share:.1%} interpolated ({result.method})")
        label_time(lower, axis_name)
        put_legend(axis)
        add_sources(figure, source, result.note)
    return figure


def plot_tfp(
    result: TFPIndex,
    *,
    labels: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    source: str = "",
) -> Figure:
    """Plot the index of total factor productivity.

    Series meet in the base year by construction: compare how they grow, not how high they stand.

    Parameters
    ----------
    result : TFPIndex
    labels : sequence of str, optional
        One name a series, leading axes flattened; those that the data carried without.
    years : sequence of int, optional
        Labels of the last axis; those that the data carried, or else positions, without.
    source : str
        Where the data come from.

    Raises
    ------
    AlignmentError
        If labels or years do not fit.
    """
    from matplotlib.figure import Figure

    size = result.index.shape[-1]
    years = result.years if years is None else years
    dates, axis_name = time_axis(years, size)
    names = series_names(labels, result.index.shape[:-1], result.labels)
    with style():
        figure = Figure()
        axis = figure.subplots()
        axis.axhline(result.base, color="#666666", linewidth=0.8)
        draw_series(axis, dates, result.index.reshape(-1, size), names)
        base = dates[result.base_year_position]
        when = f"{base}" if years is not None else f"position {base}"
        axis.set_ylabel(f"TFP (index, {when} = {result.base:g}{level_scale(axis, result.index)})")
        put_title(figure, "Total factor productivity")
        label_time(axis, axis_name)
        put_legend(axis)
        add_sources(figure, source, "Output less Törnqvist index of inputs: Keller (1997), Appendix C")
    return figure


def plot_foreign_stock(result: ForeignStock, *, industry: str | None = None, source: str = "") -> Figure:
    """Plot foreign R&D by receiving country.

    Parameters
    ----------
    result : ForeignStock
        Of ``keller``, which has one value a partner, the sum over partners is shown: the share-weighted mean of their
        log stocks, without the country's own.
    industry : str, optional
        One industry; the mean over industries without.
    source : str
        Where the data come from.

    Raises
    ------
    InputError
        If the industry is not among those of the result.
    """
    from matplotlib.figure import Figure

    rows = result.values
    if rows.ndim == 4:
        partners = 1.0 - np.eye(len(result.countries))
        rows = np.einsum("iw,iwjt->ijt", partners, rows)
    picked, which = _pick(industry, result.industries, "industry")
    rows = rows[:, picked].mean(axis=1)
    years, axis_name = time_axis(result.years, rows.shape[-1])
    with style():
        figure = Figure()
        axis = figure.subplots()
        draw_series(axis, years, rows, list(result.countries))
        unit = "share-weighted log stocks" if result.values.ndim == 4 else result.unit
        axis.set_ylabel(f"foreign R&D ({unit}{level_scale(axis, rows)})", fontsize=9)
        put_title(figure, f"Foreign R&D by receiving country: {result.method}, {which}")
        label_time(axis, axis_name)
        put_legend(axis)
        caution = ". Caution: stocks are index numbers, which biases their sums" if result.warnings else ""
        add_sources(figure, source, f"Method: {METHOD_SOURCES[result.method]}{caution}")
    return figure


def plot_weights(
    result: ImportWeights, *, industry: str | None = None, year: int | None = None, source: str = ""
) -> Figure:
    """Plot import shares as a grey map, importers in rows and partners in columns.

    Shares are printed in the cells for up to twelve countries. Rows sum to one.

    Parameters
    ----------
    result : ImportWeights
    industry, year : optional
        One industry and one year; the mean over all without.
    source : str
        Where the data come from.

    Raises
    ------
    InputError
        If industry or year is not among those of the weights.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    share, which = _mean_share(result, industry, year)
    size = len(result.countries)
    shown = np.ma.masked_array(share, mask=np.eye(size, dtype=bool))
    with style():
        figure = Figure(figsize=(max(5.6, 2.6 + 0.42 * size), max(4.0, 2.0 + 0.34 * size)))
        axis = figure.subplots()
        axis.grid(visible=False)
        axis.patch.set(hatch="/////", edgecolor="#BBBBBB", facecolor="white")
        image = axis.imshow(shown, cmap="Greys", vmin=0, vmax=float(share.max()), aspect="auto")
        axis.set_xticks(range(size), result.countries, rotation=90 if size > PRINTED_COUNTRIES else 0)
        axis.set_yticks(range(size), result.countries)
        axis.set_xlabel("partner, from which is imported")
        axis.set_ylabel("importer")
        if size <= PRINTED_COUNTRIES:
            _print_cells(axis, share)
        figure.colorbar(image, label="share of the importer's imports (fraction)")
        own = Patch(facecolor="white", edgecolor="#BBBBBB", hatch="/////", label="own country: not a partner")
        axis.legend(handles=[own], loc="lower right", bbox_to_anchor=(1.02, 1.0))
        put_title(figure, f"{result.kind[:1].upper()}{result.kind[1:]}, {which}")
        add_sources(figure, source, f"{result.orientation.capitalize()}, {result.normalisation}")
    return figure


def _growth_of_stock_and_flow(result: Inventory) -> tuple[Array, Array]:
    """Return growth in per cent of stocks, shape (series, T - 1), and of implied flows, shape (series, T - 2)."""
    stock = result.stock
    flow = flow_behind(stock, np.broadcast_to(result.depreciation, stock.shape[:-1]))
    # A flow of zero comes back as rounding error of the stock; its growth is undefined, not huge.
    flow = np.where(flow > 1e-12 * stock[..., 1:], flow, np.nan)
    stock = np.where(stock > 0, stock, np.nan)

    def growth(path: Array) -> Array:
        ratio = path[..., 1:] / path[..., :-1]
        change = np.log(ratio) if result.settings.growth == "log" else ratio - 1.0
        return np.asarray(100 * change.reshape(-1, path.shape[-1] - 1))

    return growth(stock), growth(flow)


def _changes(used: InventoryVariant) -> str:
    """Return words for the settings that are not those of the paper the variant is named after."""
    paper = INVENTORY_VARIANTS[used.name]
    names = ("timing", "growth_of", "growth", "growth_window", "benchmark_add")
    changed = [name for name in names if getattr(used, name) != getattr(paper, name)]
    if paper.depreciation is not None and np.any(used.depreciation != np.asarray(paper.depreciation)):
        changed.append("depreciation")
    return f"; set here: {', '.join(changed)}" if changed else ""


def _mean_share(result: ImportWeights, industry: str | None, year: int | None) -> tuple[Array, str]:
    """Return shares of shape (country, country) and words for what they are the mean over."""
    picked, which = _pick(industry, result.industries, "industry")
    share = result.values[:, :, picked].mean(axis=2)
    if result.years is None:
        if year is not None:
            raise InputError(f"year is {year!r}, but these weights do not vary over time: leave it out")
        return share, which
    dates, when = _pick(year, result.years, "year")
    return share[..., dates].mean(axis=-1), f"{which}, {when}"


def _print_cells(axis: Axes, share: Array) -> None:
    for (row, column), value in np.ndenumerate(share):
        if row != column:
            ink = "white" if value > 0.55 * share.max() else "black"
            axis.text(column, row, f"{value:.2f}", ha="center", va="center", color=ink, fontsize=8)


def _pick(chosen: object, allowed: Sequence[object], what: str) -> tuple[slice, str]:
    """Return the positions of one label, or of all, and words for them."""
    if chosen is not None:
        # Years compare as years whether given as 1990 or "1990"; industries are text.
        texts = [str(label) for label in allowed]
        require_option(what, str(chosen), texts)
        position = texts.index(str(chosen))
        return slice(position, position + 1), str(chosen) if what == "year" else f"{what} {chosen}"
    if len(allowed) == 1:
        return slice(None), str(allowed[0]) if what == "year" else f"{what} {allowed[0]}"
    plural = {"industry": "industries", "year": "years"}[what]
    return slice(None), f"mean over {len(allowed)} {plural}"
