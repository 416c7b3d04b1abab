"""Turn raw series of a panel into stocks and productivity, keeping a sentence about every step.

The arithmetic is that of :mod:`tradewinds.measure`; here it is told which series it works on. Its kernels return warnings
without issuing them, and these are kept for the panel: no filter of warnings is touched, so threads do not meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradewinds.data.options import Measurement
from tradewinds.errors import DataError, InputError
from tradewinds.measure import INVENTORY_VARIANTS, Inventory, common_index_base, labour_cost_share, tfp_index, user_cost
from tradewinds.measure.cost_shares import build_revenue_labour_share
from tradewinds.measure.interpolation import CAUTION, build_interpolated
from tradewinds.measure.inventory import build_inventory

__all__ = ["Measurement", "Recorder", "fill_gaps", "index_warning", "productivity", "research_stock"]

Array = NDArray[np.float64]
Result = TypeVar("Result")


@dataclass
class Recorder:
    """What is said about a panel while it is built.

    Attributes
    ----------
    source : str
        File or table, for messages.
    countries, industries : tuple of str
    years : tuple of int
    notes, warnings, citation_keys : list of str
    """

    source: str
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    citation_keys: list[str] = field(default_factory=list)

    @property
    def cells(self) -> list[str]:
        """Names of countries and industries, industries fastest."""
        return [f"{country}, industry {industry}" for country in self.countries for industry in self.industries]

    def call(
        self, what: str, series: Sequence[str], function: Callable[..., Result], *args: Any, **options: Any
    ) -> Result:
        """Call a measure function on arrays of shape (series, year).

        Raises
        ------
        DataError
            What the function says is wrong, with the name of the series in the place of its position.
        """
        try:
            return function(*args, **options)
        except InputError as error:
            raise DataError(self.source, [f"{what}: {_named(str(error), series)}"]) from None

    def warn(self, what: str, series: Sequence[str], texts: Sequence[str]) -> None:
        """Keep warnings of a measure function, with the names of its series."""
        self.warnings += [f"{what}: {_named(text, series)}" for text in texts]


def _named(message: str, series: Sequence[str]) -> str:
    """Return a message of a measure function with positions of series replaced by their names.

    Examples
    --------
    >>> _named("flow at series (1), year 1970 is -2", ["CAN", "USA"]), _named("growth of series (0,) is 1", ["CAN"])
    ('flow at USA, year 1970 is -2', 'growth of CAN is 1')
    """
    return re.sub(r"series \((\d+),?\)", lambda found: series[int(found[1])], message)


def fill_gaps(name: str, values: Array, series: Sequence[str], method: str, record: Recorder) -> Array:
    """Return series with gaps filled, shape (series, year); what was filled is recorded.

    Shares are always filled linearly, which keeps their sum at one.

    Raises
    ------
    DataError
        If a series starts or ends with a gap or cannot be filled by the method.
    """
    missing: NDArray[np.bool_] = np.isnan(values)
    gaps = np.any(missing, axis=1)
    if not gaps.any():
        return values
    used: Any = "linear" if name == "bilateral_import_share" else method
    names = [label for label, gap in zip(series, gaps, strict=True) if gap]
    filled = values.copy()
    of_gaps = record.call(name, names, build_interpolated, values[gaps], method=used, years=record.years)
    filled[gaps] = of_gaps.values
    # The share is that of all series, not only of those with gaps; a country's trade with itself has no name and is none.
    observed = np.array([bool(label) for label in series])
    note = replace(of_gaps, values=filled[observed], interpolated=missing[observed]).note
    linear = "" if used == method else " Shares are filled linearly, so that they still sum to one."
    record.notes.append(f"{name}: {note}{linear}")
    record.warnings.append(f"{name}: {note} {CAUTION}")
    return filled


def research_stock(spending: Array, share: Array | None, options: Measurement, record: Recorder) -> Array:
    """Build R&D stocks from expenditure by the perpetual inventory (Keller 1997, B.1).

    Parameters
    ----------
    spending : ndarray, shape (V, J, T), or (V, 1, T) for national expenditure
    share : ndarray or None, shape (V, J)
        Constant share of each industry in national R&D (Keller 1997, footnote 9).
    options : Measurement
    record : Recorder

    Returns
    -------
    ndarray, shape (V, J, T)
    """
    countries, given, years = spending.shape
    industries = len(record.industries)
    series = record.cells if given == industries else list(record.countries)
    settings: dict[str, Any] = {
        "depreciation": options.rnd_depreciation,
        "variant": options.rnd_inventory,
        "timing": options.timing,
        "growth": options.growth,
        "benchmark_add": options.benchmark_add,
        "years": record.years,
    }
    window = INVENTORY_VARIANTS[options.rnd_inventory].growth_window
    if window is not None and window[1] >= years:
        settings["growth_window"] = (record.years[0], record.years[-1])
        record.notes.append(
            f"Benchmark growth is that of the whole sample: {options.rnd_inventory} averages {window[1] + 1} years, and the "
            f"panel has {years}."
        )
    flat = spending.reshape(countries * given, years)
    inventory = record.call("rnd_expenditure", series, build_inventory, flat, **settings)
    record.warn("rnd_expenditure", series, inventory.warnings)
    _note_inventory("R&D stocks", "rnd_expenditure", inventory, record)
    stock = inventory.stock.reshape(spending.shape)
    if share is not None and given != industries:
        record.notes.append(
            "National R&D stocks are split by the constant rnd_industry_share (Keller 1997, footnote 9)."
        )
        return stock * share[:, :, None]
    if given != industries:
        record.notes.append(
            "R&D is national and no rnd_industry_share is given: every industry of a country has the same R&D stock."
        )
    return np.repeat(stock, industries, axis=1) if given != industries else stock


def _note_inventory(what: str, source: str, inventory: Inventory, record: Recorder) -> None:
    used = inventory.settings
    add = f", {used.benchmark_add:g} added to its denominator" if used.benchmark_add else ""
    record.notes.append(
        f"{what}: perpetual inventory of {source}, variant {used.name}, depreciation "
        f"{inventory.depreciation_in_words}, stock at the {used.timing} of the year, first stock from {used.growth} "
        f"growth of the {used.growth_of}{add}."
    )
    record.citation_keys += inventory.citation_keys


def productivity(raw: dict[str, Array], options: Measurement, record: Recorder) -> Array:
    """Compute the TFP index from raw series (Keller 1997, C.1 to C.5).

    Parameters
    ----------
    raw : dict of ndarray, shape (V, J, T), or (V, J) for ``capital_depreciation``
        Raw variables of :data:`~tradewinds.data.layout.RAW_PRODUCTIVITY` that are given.
    options : Measurement
    record : Recorder

    Returns
    -------
    ndarray, shape (V, J, T)
    """
    shape = raw["output"].shape
    flat = {name: values.reshape(shape[0] * shape[1], -1) for name, values in raw.items()}
    loss = flat["capital_depreciation"][:, 0] if "capital_depreciation" in flat else None
    if "capital" in flat:
        capital = flat["capital"]
    else:
        settings: dict[str, Any] = {"depreciation": loss, "variant": options.capital_inventory, "years": record.years}
        inventory = record.call("investment", record.cells, build_inventory, flat["investment"], **settings)
        record.warn("investment", record.cells, inventory.warnings)
        _note_inventory("Capital", "investment", inventory, record)
        capital = inventory.stock
    _note_unused(raw, options, record)
    share = _labour_share(flat, capital, loss, options, record)
    inputs = (flat["output"], flat["labour"], capital, share)
    index = record.call("tfp", record.cells, tfp_index, *inputs, base=options.tfp_base)
    record.citation_keys += index.citation_keys
    record.notes.append(
        f"TFP: output growth less Törnqvist growth of labour and capital (Keller 1997, C.5), {options.tfp_base:g} in "
        f"{record.years[0]} everywhere, so that only growth can be compared."
    )
    return index.index.reshape(shape)


def _note_unused(raw: Mapping[str, Array], options: Measurement, record: Recorder) -> None:
    """Record series that the options leave without use."""
    cost = options.labour_share == "cost"
    idle = ["value_added"] if cost else ["user_cost", "real_interest", "inflation", "tax_rate"]
    if "investment" not in raw and not (cost and options.add_depreciation):
        idle.append("capital_depreciation")
    found = [name for name in idle if name in raw]
    if found:
        record.notes.append(f"Not used with these options: {', '.join(found)}.")


def _labour_share(
    flat: dict[str, Array], capital: Array, loss: Array | None, options: Measurement, record: Recorder
) -> Array:
    """Return labour's share, shape (series, year)."""
    wages = flat["labour_cost"]
    if options.labour_share == "revenue":
        record.notes.append("Labour share: labour cost over value added, right only without market power (Hall 1990).")
        share, texts = record.call("labour share", record.cells, build_revenue_labour_share, wages, flat["value_added"])
        record.warn("labour share", record.cells, texts)
        return share
    if "user_cost" in flat:
        price, how = flat["user_cost"], "the given user cost of capital"
    else:
        rates = [flat[name] for name in ("real_interest", "inflation", "tax_rate")]
        extra: dict[str, Any] = {}
        if options.add_depreciation and loss is not None:
            extra = {"depreciation": loss[:, None], "add_depreciation": True}
        price = record.call("user cost", record.cells, user_cost, *rates, **extra)
        plus = ", depreciation added" if extra else ", depreciation left out as printed"
        how = f"user cost (interest + inflation) / (1 - tax) (Keller 1997, C.3){plus}"
    record.notes.append(f"Labour share: labour cost over the cost of labour and capital (Keller 1997, C.4), {how}.")
    return record.call("labour share", record.cells, labour_cost_share, wages, price, capital)


def index_warning(stock: Array, years: Sequence[int]) -> str:
    """Return the warning for R&D stocks that look like index numbers, or an empty string.

    Parameters
    ----------
    stock : ndarray, shape (V, J, T)
    years : sequence of int
    """
    base = common_index_base(stock, years)
    if base is None:
        return ""
    return (
        f"R&D stocks are the same in every country in {base}: these are index numbers. Sums over partners treat all countries "
        "as equally large in that year (indexation bias); multiply each stock by its level in one currency first. "
        "Regressions with one elasticity a partner are not concerned."
    )
