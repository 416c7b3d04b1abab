"""Distributions of productivity inside industries, weighted by employment: before and after, entrants, exporters.

The three panels of Figure 5 of Melitz and Trefler (2012). A plant's log productivity is taken less the median of its
industry, so that spread is within industries, and plants count with their weight, so that tiny plants do not fill the
figure. Whose median is a choice: with each year's own, no shift of an industry can be seen.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.firms.measurement.panel import PlantPanel
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "MEDIANS",
    "ProductivityDistributions",
    "distributions_before_and_after",
    "distributions_of_entrants",
    "distributions_of_exporters",
]

Array = NDArray[np.float64]

#: Whose median is an industry's zero.
MEDIANS: Mapping[str, str] = {
    "pooled": "of all plants of the industry in the years compared",
    "first": "of the first year compared (of all years where the industry has no plant in it)",
    "own": "of each year, which hides any shift of an industry",
}


@dataclass(frozen=True, eq=False)
class ProductivityDistributions:
    """Distributions on one grid.

    Attributes
    ----------
    shares : DataFrame
        Index ``productivity`` (middle of a bin, less the industry's median), one column a group; shares of the group's
        weight. With ``outside`` of the statistics each column sums to one.
    statistics : DataFrame
        One row a group: weighted ``mean, p10, p50, p90``, ``below_median`` (share of weight below the industry's
        median), ``outside`` (share beyond the grid), ``plants``.
    title, median, smoothing : str
    notes : tuple of str
    source : str
    """

    shares: pd.DataFrame = field(repr=False)
    statistics: pd.DataFrame
    title: str
    median: str
    smoothing: str
    notes: tuple[str, ...]
    source: str

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("melitz-trefler2012",)

    def tidy(self) -> pd.DataFrame:
        """Return shares and statistics, one number a row."""
        labels = ["group", "productivity"]
        curves = self.shares.reset_index().melt("productivity", var_name="group")
        numbers = self.statistics.rename_axis("group").reset_index().melt("group")
        units = {"plants": "plants", "below_median": "share of weight", "outside": "share of weight"}
        frame = pd.concat(
            [
                curves.assign(variable="density_share", unit="share of weight"),
                numbers.assign(productivity=np.nan, unit=numbers["variable"].map(units).fillna("log points")),
            ]
        )
        frame["productivity"] = frame["productivity"].round(10)
        return tidy_frame(frame[["variable", "value", "unit", *labels]], labels)

    def summary(self) -> str:
        """Return the statistics as text."""
        table = self.statistics.to_string(float_format=lambda value: f"{value:.3f}")
        lines = [self.title, f"less the median {MEDIANS[self.median]}; {self.smoothing}", table]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def plot(self, *, source: str = "") -> Figure:
        """Return the figure of this panel."""
        from tradewinds.firms.measurement.density_figures import plot_distributions

        return plot_distributions([self], source)


def distributions_before_and_after(
    panel: PlantPanel, before: int, after: int, **options: Any
) -> ProductivityDistributions:
    """Return the distributions of two years (panel A).

    Parameters
    ----------
    panel : PlantPanel
        Productivity in logs.
    before, after : int
    **options
        ``median`` (see :data:`MEDIANS`), ``width`` of a bin, ``limits`` of the grid, ``smooth`` (a Gaussian kernel of
        scipy; else bins).

    Raises
    ------
    InputError
        If a year is not in the panel or a group has no weight.

    Examples
    --------
    >>> from tradewinds.firms.measurement import read_plants
    >>> panel = read_plants(
    ...     {
    ...         "plant": [1, 2, 3] * 2,
    ...         "year": [1] * 3 + [2] * 3,
    ...         "industry": ["a"] * 6,
    ...         "productivity": [0.0, 0.5, 1.0, 0.3, 0.8, 1.3],
    ...         "weight": [1, 1, 2, 1, 1, 2],
    ...     }
    ... )
    >>> found = distributions_before_and_after(panel, 1, 2, median="first", smooth=False)
    >>> [round(float(value), 3) for value in found.statistics["mean"]]
    [0.125, 0.425]
    """
    frame = _years(panel, (before, after))
    groups = {str(year): frame["year"] == year for year in (before, after)}
    return _build(panel, frame, groups, f"Productivity of plants, {before} and {after}", **options)


def distributions_of_entrants(
    panel: PlantPanel, periods: Sequence[tuple[int, int]], **options: Any
) -> ProductivityDistributions:
    """Return the distributions of plants that entered in each period, at its end (panel B).

    An entrant of a period is in its last year, and in no year up to its first. Options are those of
    :func:`distributions_before_and_after`; medians are of all plants of the years that end the periods.

    Raises
    ------
    InputError
        If a period begins before the panel, so that entrants cannot be told, or has none.
    """
    frame = _years(panel, [last for _, last in periods])
    seen = panel.frame.groupby("plant")["year"].min()
    seen = pd.concat([seen, panel.gaps.groupby("plant")["year"].min()]).groupby(level=0).min()
    first_seen = frame["plant"].map(seen)
    groups = {}
    for first, last in periods:
        if first < panel.years[0] or first >= last:
            raise InputError(
                f"period {first} to {last}: its first year must be in the panel, which begins in {panel.years[0]}, and before its "
                "last; who was there before the panel cannot be told from an entrant"
            )
        groups[f"entered {first + 1} to {last}"] = (frame["year"] == last) & (first_seen > first)
    return _build(panel, frame, groups, "Productivity of entrants", **options)


def distributions_of_exporters(panel: PlantPanel, year: int, **options: Any) -> ProductivityDistributions:
    """Return the distributions of exporters and of other plants in a year (panel C).

    Options are those of :func:`distributions_before_and_after`.

    Raises
    ------
    InputError
        If export status is unknown.
    """
    if not panel.has_exporters:
        raise InputError('export status is unknown; read the plants with exporter="name of the column"')
    frame = _years(panel, (year,))
    groups = {"exporters": frame["exporter"], "non-exporters": ~frame["exporter"]}
    return _build(panel, frame, groups, f"Productivity of exporters and other plants, {year}", **options)


def _years(panel: PlantPanel, years: Sequence[int]) -> pd.DataFrame:
    for year in years:
        if year not in panel.years:
            raise InputError(f"{year} is not a year of the panel; years are {', '.join(map(str, panel.years))}")
    return panel.frame[panel.frame["year"].isin(list(years))].reset_index(drop=True)


def _build(
    panel: PlantPanel,
    frame: pd.DataFrame,
    groups: Mapping[str, pd.Series[bool]],
    title: str,
    *,
    median: str = "pooled",
    width: float = 0.1,
    limits: tuple[float, float] | None = None,
    smooth: bool = True,
) -> ProductivityDistributions:
    require_option("median", median, MEDIANS)
    if not width > 0:
        raise InputError(f"width is {width!r}; the width of a bin must be positive")
    scaled = (frame["productivity"] - _medians(frame, median)).to_numpy()
    weights = frame["weight"].to_numpy()
    edges = _grid(scaled, width, limits)
    curves, rows = {}, {}
    for name, members in groups.items():
        inside = members.to_numpy(dtype=bool)
        values, weight = scaled[inside], weights[inside]
        if not weight.sum() > 0:
            raise InputError(f"{title}: there is no plant with weight among {name}")
        curves[name] = _curve(values, weight / weight.sum(), edges, smooth)
        rows[name] = _statistics(values, weight / weight.sum(), edges)
    middle = pd.Index((edges[1:] + edges[:-1]) / 2, name="productivity")
    words = "Gaussian kernel, Scott's bandwidth" if smooth else f"bins of {width:g}"
    statistics = pd.DataFrame.from_dict(rows, orient="index").astype({"plants": int})
    return ProductivityDistributions(
        pd.DataFrame(curves, index=middle), statistics, title, median, words, panel.notes, panel.source
    )


def _medians(frame: pd.DataFrame, median: str) -> pd.Series[float]:
    pooled = frame.groupby("industry")["productivity"].transform("median")
    if median == "own":
        return frame.groupby(["industry", "year"])["productivity"].transform("median")
    if median == "first":
        first = frame[frame["year"] == frame["year"].min()]
        return frame["industry"].map(first.groupby("industry")["productivity"].median()).fillna(pooled)
    return pooled


def _grid(values: Array, width: float, limits: tuple[float, float] | None) -> Array:
    """Return edges of bins, multiples of the width; without limits they hold all but a thousandth of plants at each end."""
    low, high = limits if limits is not None else np.quantile(values, [0.001, 0.999])
    if not low <= high:
        raise InputError(f"limits are {limits!r}; give the lower first")
    first, last = np.floor(low / width), np.ceil(high / width)
    return np.arange(first, max(last, first + 1) + 1) * width


def _curve(values: Array, share: Array, edges: Array, smooth: bool) -> Array:
    if not smooth:
        return np.histogram(values, edges, weights=share)[0]
    from scipy.stats import gaussian_kde

    if len(np.unique(values[share > 0])) < 2:
        raise InputError(
            "a group has a single value of productivity, which a kernel cannot smooth; choose smooth=False"
        )
    kernel = gaussian_kde(values, weights=share)
    return np.array([kernel.integrate_box_1d(low, high) for low, high in itertools.pairwise(edges)])


def _statistics(values: Array, share: Array, edges: Array) -> dict[str, float]:
    order = np.argsort(values)
    cumulated = np.cumsum(share[order])
    low, middle, high = (
        values[order][min(int(np.searchsorted(cumulated, level)), len(values) - 1)] for level in (0.1, 0.5, 0.9)
    )
    beyond = (values < edges[0]) | (values > edges[-1])
    return {
        "mean": float(share @ values),
        "p10": low,
        "p50": middle,
        "p90": high,
        "below_median": float(share[values < 0].sum()),
        "outside": float(share[beyond].sum()),
        "plants": len(values),
    }
