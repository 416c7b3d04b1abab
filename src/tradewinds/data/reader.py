"""Read a user's own panel: from a long table to the arrays that regressions use.

The format is that of :func:`~tradewinds.data.layout.format_table`. Whatever is computed on the way is said in the panel's
notes, whatever a reader must know in its warnings.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.data.cells import CONSTANT
from tradewinds.data.files import Table, open_table
from tradewinds.data.layout import ONE_INDUSTRY, RAW_PRODUCTIVITY, VARIABLES
from tradewinds.data.measurement import Measurement, Recorder, fill_gaps, index_warning, productivity, research_stock
from tradewinds.data.panel import STAND_IN_NOTE, SpilloverPanel
from tradewinds.data.validate import validate_frame
from tradewinds.errors import DataError
from tradewinds.labels import country_code
from tradewinds.measure import ImportWeights, bilateral_import_shares
from tradewinds.measure.weights import ROUNDING

__all__ = ["read_panel"]

Array = NDArray[np.float64]

#: Shares that differ by more from those of the flows beside them are worth a warning.
SAME_SHARE = 1e-4


def read_panel(
    path_or_frame: Table,
    *,
    name: str | None = None,
    measurement: Measurement | None = None,
    countries: Sequence[str] | None = None,
) -> SpilloverPanel:
    """Read a panel of productivity, R&D and trade from a long table, and build what it does not hold.

    Parameters
    ----------
    path_or_frame : path, DataFrame, mapping of columns, or a frame with ``to_pandas()``
        CSV (UTF-8, commas) or Parquet file, or a frame of pandas, polars or pyarrow, with the columns ``variable,
        country, partner, industry, year, value``; see :func:`~tradewinds.data.layout.format_table`. An industry that is
        empty everywhere makes a panel of one industry, labelled ``total``.
    name : str, optional
        Name of the panel in reports; default: the file's name without its ending.
    measurement : Measurement, optional
        How raw series become stocks and productivity.
    countries : sequence of str, optional
        The countries to keep, in this order; default: all, sorted. Shares are computed anew among those kept.

    Returns
    -------
    SpilloverPanel

    Raises
    ------
    InputError
        If there is no such file.
    DataError
        With every problem of the table, and the rows concerned.
    MissingDependencyError
        If a Parquet file needs a library that is not installed.

    Examples
    --------
    >>> from tradewinds.data.template import template_frame
    >>> panel = read_panel(template_frame(), name="example")
    >>> panel.shape, panel.countries
    ((4, 2, 13), ('CAN', 'DEU', 'JPN', 'USA'))
    >>> print(panel.notes[2])
    R&D stocks: perpetual inventory of rnd_expenditure, variant standard, depreciation 0.05, stock at the start of the year,
    first stock from log growth of the flow.
    """
    options = measurement or Measurement()
    frame, source = open_table(path_or_frame, name=name)
    long = validate_frame(frame, source, measurement=options, countries=countries)
    record = _axes(long, source, options, countries)
    parts = {str(key): part for key, part in long.groupby("variable", sort=False)}
    series = {key: _array(key, parts[key], record, options) for key in VARIABLES if key in parts}
    tfp = _productivity(series, options, record)
    stock = _rnd_stock(series, options, record)
    weights, flows = _weights(series, record)
    warning = index_warning(stock, record.years)
    label = name or Path(source).stem
    overall = series.get("import_share")
    return SpilloverPanel(
        name=label,
        countries=record.countries,
        industries=record.industries,
        years=record.years,
        tfp=tfp,
        rnd_stock=stock,
        weights=weights,
        import_share=None if overall is None else _spread_industries("import_share", overall, record),
        gdp=series["gdp"][:, 0] if "gdp" in series else None,
        bilateral_imports=flows,
        stand_in=_stand_in(frame),
        notes=tuple(record.notes),
        warnings=tuple(dict.fromkeys([*record.warnings, *([warning] if warning else [])])),
        citation_keys=tuple(dict.fromkeys(record.citation_keys)),
    )


def _stand_in(frame: pd.DataFrame) -> str:
    """Return the sentence of a table whose notes mark it as stand-in data, or an empty string."""
    column = next((name for name in frame.columns if str(name).strip().lower() == "note"), None)
    if column is None:
        return ""
    marked = sorted({str(text) for text in frame[column].unique() if str(text).startswith(STAND_IN_NOTE)})
    return " ".join(text.removeprefix(STAND_IN_NOTE) for text in marked)


def _axes(long: pd.DataFrame, source: str, options: Measurement, countries: Sequence[str] | None) -> Recorder:
    """Return the labels of the panel, with a first note on where it comes from."""
    order = sorted(set(long["country"])) if countries is None else [country_code(label) for label in countries]
    industries = sorted(set(long["industry"]) - {""}) or [ONE_INDUSTRY]
    years = sorted(set(long["year"]) - {CONSTANT})
    if options.interpolate and years:
        years = list(range(years[0], years[-1] + 1))
    record = Recorder(source, tuple(order), tuple(industries), tuple(map(int, years)))
    record.notes.append(
        f"Read from {source}: {len(order)} countries, {len(industries)} "
        f"{'industry' if len(industries) == 1 else 'industries'}, {years[0]} to {years[-1]}."
    )
    left_out = long.attrs.get("left_out", ())
    if left_out:
        record.notes.append(f"Left out on request: {', '.join(left_out)}. Import shares are among the rest.")
    return record


def _array(name: str, part: pd.DataFrame, record: Recorder, options: Measurement) -> Array:
    """Return a variable as an array, shape (V[, V], J or 1[, T]); gaps are filled where that is asked for."""
    partners = VARIABLES[name].partner
    by_industry, by_year = bool(part["industry"].iloc[0]), bool(part["year"].iloc[0] != CONSTANT)
    labels: dict[str, Sequence[str]] = {"country": record.countries}
    labels |= {"partner": record.countries} if partners else {}
    labels |= {"industry": record.industries if by_industry else ("",)}
    index = [pd.Categorical(part[column], categories=list(axis)).codes for column, axis in labels.items()]
    shape = [len(axis) for axis in labels.values()]
    if by_year:
        index.append(np.searchsorted(record.years, part["year"].to_numpy()))
        shape.append(len(record.years))
    values = np.full(shape, np.nan)
    values[tuple(index)] = part["value"].to_numpy()
    if partners:
        own = np.arange(len(record.countries))
        values[own, own] = 0.0
    if by_year and options.interpolate:
        names = _series_names(labels)
        flat = fill_gaps(name, values.reshape(-1, len(record.years)), names, options.interpolate, record)
        values = flat.reshape(values.shape)
    return values


def _series_names(labels: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the name of every series in the order of an array; that of a country with itself is empty."""
    names = []
    for country, partner, industry in itertools.product(
        labels["country"], labels.get("partner", ("",)), labels["industry"]
    ):
        words = f"{country} from {partner}" if partner else str(country)
        names.append("" if country == partner else words + (f", industry {industry}" if industry else ""))
    return names


def _spread_industries(name: str, values: Array, record: Recorder, *, axis: int = 1) -> Array:
    """Return a variable with an industry axis as long as the panel's; one value for all is recorded."""
    count = len(record.industries)
    if values.shape[axis] == count:
        return values
    record.notes.append(f"{name} is given without industry: every industry of a country has the same.")
    return np.repeat(values, count, axis=axis)


def _weights(series: Mapping[str, Array], record: Recorder) -> tuple[ImportWeights, Array | None]:
    """Return import weights, and the flows where they are given."""
    labels = (record.countries, record.industries)
    flows = series.get("bilateral_imports")
    if flows is not None:
        flows = _spread_industries("bilateral_imports", flows, record, axis=2)
        of_flows = bilateral_import_shares(
            flows, *labels, record.years if flows.ndim == 4 else None, orientation="importer_partner"
        )
        if "bilateral_import_share" not in series:
            record.notes.append("Bilateral import shares are computed from bilateral_imports.")
            return of_flows, flows
    share = _spread_industries("bilateral_import_share", series["bilateral_import_share"], record, axis=2)
    total = share.sum(axis=1, keepdims=True)
    if np.any(np.abs(total - 1) > ROUNDING):  # they did sum to one, before countries were left out
        if np.any(total <= 0):
            country = record.countries[int(np.argwhere(total <= 0)[0][0])]
            raise DataError(record.source, [f"{country} imports nothing from the countries that were chosen"])
        share = share / total
    if flows is not None and share.ndim == flows.ndim:
        apart = float(np.abs(share - of_flows.values).max())
        if apart > SAME_SHARE:
            record.warnings.append(
                f"bilateral_import_share and the shares of bilateral_imports differ by up to {apart:.2g}; the given shares "
                "are used as weights, the flows only for Lichtenberg-van Pottelsberghe weights."
            )
    return ImportWeights(share, *labels, record.years if share.ndim == 4 else None), flows


def _rnd_stock(series: Mapping[str, Array], options: Measurement, record: Recorder) -> Array:
    """Return R&D stocks as given or built from expenditure."""
    if "rnd_stock" in series:
        record.notes.append("R&D stocks are taken as given.")
        return _spread_industries("rnd_stock", series["rnd_stock"], record)
    return research_stock(series["rnd_expenditure"], series.get("rnd_industry_share"), options, record)


def _productivity(series: Mapping[str, Array], options: Measurement, record: Recorder) -> Array:
    """Return TFP as given or computed from raw series, all brought to the axes of output."""
    if "tfp" in series:
        record.notes.append("TFP is taken as given.")
        return series["tfp"]
    shape = series["output"].shape
    raw = {}
    for name in RAW_PRODUCTIVITY:
        if name in series:
            values = series[name] if series[name].ndim == 3 else series[name][:, :, None]
            wide = (*shape[:2], 1) if name == "capital_depreciation" else shape
            raw[name] = np.broadcast_to(values, wide)
    return productivity(raw, options, record)
