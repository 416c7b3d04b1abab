r"""Foreign research as a country receives it: four ways of weighing what partners know.

With ``S[w,j,t]`` the R&D stock of partner ``w``, ``m[i,w,j]`` its share in country ``i``'s imports, ``M`` the
imports in value and ``Y[w,t]`` the partner's GDP:

=================================  =====================================  =========================
method                             foreign stock                          source
=================================  =====================================  =========================
``coe-helpman``                    ``sum_w m[i,w,j] S[w,j,t]``            Coe and Helpman (1995)
``lichtenberg-van-pottelsberghe``  ``sum_w M[i,w,j] S[w,j,t] / Y[w,t]``   Lichtenberg and v. P. (1998)
``keller`` (one a partner)         ``m[i,w,j] log S[w,j,t]``              Keller (1997), (4.1)
``equal``, ``equal-sum``           mean, sum over partners                Keller (1997), Section 5.1
=================================  =====================================  =========================

The sums add stocks of different countries, so these must be money in one currency and constant prices. Index
numbers (2015 = 1) sum as if every country knew equally much in the base year: Lichtenberg and van
Pottelsberghe's indexation bias. On a panel of 23 OECD countries it moves an indexed foreign stock by 12 per cent
(``coe-helpman``) and 15 per cent (``lichtenberg-van-pottelsberghe``) at the median.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import AlignmentError, IndexationWarning, InputError, WeightsError
from tradewinds.labels import align
from tradewinds.measure.arrays import require_option, tidy_array
from tradewinds.measure.labelled import read_labelled, read_ordered
from tradewinds.measure.weights import ImportWeights

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["FOREIGN_METHODS", "ForeignStock", "common_index_base", "foreign_rnd_stock"]

Array = NDArray[np.float64]
Method = Literal["coe-helpman", "lichtenberg-van-pottelsberghe", "keller", "equal", "equal-sum"]

#: Methods and the sources of each.
FOREIGN_METHODS: Mapping[str, tuple[str, ...]] = {
    "coe-helpman": ("coe-helpman1995",),
    "lichtenberg-van-pottelsberghe": ("lichtenberg-vanpottelsberghe1998",),
    "keller": ("keller1997",),
    "equal": ("keller1997",),
    "equal-sum": ("keller1997",),
}

#: Relative difference between countries that still counts as the same value in a base year.
SAME_VALUE = 1e-6


class _Axes(NamedTuple):
    """Labels of the stock."""

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...] | None


@dataclass(frozen=True, eq=False)
class ForeignStock:
    """Foreign R&D as each country receives it.

    Attributes
    ----------
    values : ndarray, shape (V, J, T), or (V, V, J, T) for ``keller``
        Receiving country first; for ``keller`` then research country, with the country's own log stock on the
        diagonal.
    method : str
    countries, industries : tuple of str
        Labels of the axes.
    years : tuple of int or None
    warnings : tuple of str
        What a reader must know before using the stock.
    citation_keys : tuple of str
    """

    values: Array
    method: str
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...] | None = None
    warnings: tuple[str, ...] = ()
    citation_keys: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """Unit of the values."""
        if self.method == "lichtenberg-van-pottelsberghe":
            return "unit of the R&D stock, times imports over GDP"
        return "share times log stock" if self.method == "keller" else "unit of the R&D stock"

    def tidy(self) -> pd.DataFrame:
        """Return one row a number, labelled by country, (partner,) industry and year."""
        labels: dict[str, Sequence[Hashable]] = {"country": self.countries}
        if self.values.ndim == 4:
            labels["partner"] = self.countries
        labels["industry"] = self.industries
        if self.years is None:
            labels["position"] = range(self.values.shape[-1])
        else:
            labels["year"] = self.years
        return tidy_array("foreign_rnd_stock", self.values, self.unit, labels)

    def summary(self) -> str:
        """Return method, size and warnings as text."""
        years = self.values.shape[-1]
        size = f"{len(self.countries)} countries, {len(self.industries)} industries, {years} years"
        return "\n".join([f"Foreign R&D, {self.method}: {size}", *(f"  warning: {text}" for text in self.warnings)])

    def plot(self, *, industry: str | None = None, source: str = "") -> Figure:
        """Return a figure by receiving country, of one industry or the mean over industries."""
        from tradewinds.measure.figures import plot_foreign_stock

        return plot_foreign_stock(self, industry=industry, source=source)


def foreign_rnd_stock(
    rnd_stock: ArrayLike,
    weights: ImportWeights,
    *,
    method: Method,
    gdp: ArrayLike | None = None,
    bilateral_imports: ArrayLike | None = None,
    countries: Sequence[str] | None = None,
    industries: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> ForeignStock:
    """Weigh the research of partners by trade.

    The own country never enters (``keller`` has it on the diagonal with weight one).

    Parameters
    ----------
    rnd_stock : array_like, shape (V, J, T)
        R&D stocks: constant prices and one currency; positive for ``keller``, whose log is taken.
    weights : ImportWeights
        Bilateral import shares, constant or by year. ``equal`` and ``lichtenberg-van-pottelsberghe`` use its
        labels only.
    method : str
        One of :data:`FOREIGN_METHODS`.
    gdp : array_like, shape (V, T), optional
        Of the partner, in the currency of the imports; for Lichtenberg-van Pottelsberghe.
    bilateral_imports : array_like, shape (V, V, J) or (V, V, J, T), optional
        Importer first; diagonal zero or missing; for Lichtenberg-van Pottelsberghe.
    countries, industries, years : sequences, optional
        Labels of ``rnd_stock``, ``gdp`` and ``bilateral_imports``. Weights are brought into their order.
        Without them arrays must be in the order of the weights. Labels of an ``xarray.DataArray`` with these
        dimensions (``country``, ``industry``, ``year``) are read from it; those of ``gdp`` and
        ``bilateral_imports`` are brought into the same order.

    Returns
    -------
    ForeignStock

    Raises
    ------
    AlignmentError
        If labels or shapes differ; nothing is dropped.
    InputError
        If a stock, a flow or GDP is missing or has the wrong sign, naming the place.
    WeightsError
        If imports have a diagonal that is not zero.

    Warns
    -----
    IndexationWarning
        If stocks are index numbers and the method sums them.

    Examples
    --------
    >>> from tradewinds.measure import bilateral_import_shares
    >>> flows = [[[0.0], [30.0], [10.0]], [[5.0], [0.0], [5.0]], [[1.0], [0.0], [0.0]]]
    >>> weights = bilateral_import_shares(flows, ["CAN", "FRA", "USA"], ["31"], orientation="importer_partner")
    >>> foreign_rnd_stock([[[4.0]], [[8.0]], [[100.0]]], weights, method="coe-helpman").values[:, 0, 0]
    array([31., 52.,  4.])
    """
    require_option("method", method, FOREIGN_METHODS)
    labels = _labels(rnd_stock, weights, countries, industries, years)
    stock = _stock(rnd_stock, labels, positive=method == "keller")
    share = _ordered(weights, labels)
    notes = () if method == "keller" else _warn_index(stock, labels.years)
    if method == "lichtenberg-van-pottelsberghe":
        flows, output = _trade_and_gdp(bilateral_imports, gdp, labels, stock.shape[-1])
        values = _sum_over_partners(flows, stock / output[:, None, :])
    else:
        if gdp is not None or bilateral_imports is not None:
            raise InputError(f'gdp and bilateral_imports are not used by method "{method}"; leave them out')
        values = _weigh(stock, share, method)
    return ForeignStock(values, method, *labels, notes, FOREIGN_METHODS[method])


def common_index_base(rnd_stock: ArrayLike, years: Sequence[int] | None = None) -> int | None:
    """Return the year in which all countries have the same stock, the mark of index numbers, or None.

    Stocks that agree in *every* year are the same series, not indices, and count as none. A base year outside
    the sample cannot be seen.

    Parameters
    ----------
    rnd_stock : array_like, shape (V, T) or (V, J, T)
        With several industries, each must agree across countries in that year, at any value.
    years : sequence of int, optional
        Labels of the last axis; those that the stock carries, or else positions, without.

    Examples
    --------
    >>> common_index_base([[0.8, 1.0, 1.1], [0.5, 1.0, 1.3]], years=[2014, 2015, 2016])
    2015
    """
    given = read_labelled(rnd_stock, what="rnd_stock")
    stock = given.values
    if stock.ndim not in (2, 3):
        raise InputError(f"rnd_stock has shape {stock.shape}, expected (country, year) or (country, industry, year)")
    size = stock.shape[-1]
    years = given.years if years is None else years
    if years is not None and len(years) != size:
        raise AlignmentError(f"rnd_stock has {size} years on its last axis, but {len(years)} labels")
    if stock.shape[0] < 2 or not stock.size:
        return None
    by_industry = stock.reshape(stock.shape[0], -1, size)
    largest = np.abs(by_industry).max(axis=0)
    gap = by_industry.max(axis=0) - by_industry.min(axis=0)
    same = np.all((gap <= SAME_VALUE * largest) & (largest > 0), axis=0)
    if same.all() or not same.any():
        return None
    position = int(np.flatnonzero(same)[0])
    return position if years is None else int(years[position])


def _labels(
    stock: Any,
    weights: ImportWeights,
    countries: Sequence[str] | None,
    industries: Sequence[str] | None,
    years: Sequence[int] | None,
) -> _Axes:
    """Return the labels of the stock: as given, else its own, else those of the weights."""
    axes = {axis.name: axis.labels for axis in read_labelled(stock, what="rnd_stock").axes}
    if hasattr(stock, "dims") and tuple(axes) != ("country", "industry", "year"):
        raise InputError(f"rnd_stock has dimensions {tuple(axes)}, expected (country, industry, year): transpose it")
    given = (("country", countries), ("industry", industries), ("year", years))
    found: list[Sequence[Any] | None] = []
    for name, labels in given:
        own = axes.get(name)
        if labels is not None and own is not None and tuple(labels) != own:
            raise AlignmentError(
                f"{name} labels given differ from those rnd_stock carries: {list(labels)} and {list(own)}"
            )
        found.append(own if labels is None else labels)
    dates = weights.years if found[2] is None else tuple(int(year) for year in found[2])
    return _Axes(
        weights.countries if found[0] is None else tuple(map(str, found[0])),
        weights.industries if found[1] is None else tuple(map(str, found[1])),
        dates,
    )


def _stock(rnd_stock: ArrayLike, labels: _Axes, *, positive: bool) -> Array:
    stock = read_labelled(rnd_stock, what="rnd_stock").values
    countries, industries, years = labels
    if stock.ndim != 3:
        raise InputError(f"rnd_stock has shape {stock.shape}, expected (country, industry, year)")
    shape = (len(countries), len(industries), stock.shape[-1] if years is None else len(years))
    if stock.shape != shape:
        raise AlignmentError(
            f"rnd_stock has shape {stock.shape}, but its labels say {shape}: (country, industry, year)"
        )
    bad = ~np.isfinite(stock) | ((stock <= 0) if positive else (stock < 0))
    need = "positive, because its log is taken" if positive else "zero or positive, and not missing"
    _refuse(bad, stock, "rnd_stock", need, labels)
    return stock


def _refuse(
    bad: NDArray[np.bool_],
    values: Array,
    what: str,
    need: str,
    labels: _Axes,
    axes: str = "cjt",
) -> None:
    """Raise naming the labels of the first bad value."""
    found = np.argwhere(bad)
    if not len(found):
        return
    index = tuple(int(k) for k in found[0])
    countries, industries, years = labels
    names: dict[str, Sequence[Any] | None] = {"c": countries, "j": industries, "t": years}
    words = []
    for axis, position in zip(axes, index, strict=True):
        codes = names[axis]
        words.append(f"position {position}" if codes is None else str(codes[position]))
    more = f" ({len(found)} such values)" if len(found) > 1 else ""
    raise InputError(f"{what} at {', '.join(words)} is {values[index]:g}; it must be {need}{more}")


def _ordered(weights: ImportWeights, labels: _Axes) -> Array:
    """Return shares in the order of the stock's labels, shape (V, V, J, T) or (V, V, J, 1)."""
    names = {"left_name": "rnd_stock", "right_name": "weights"}
    order = align(labels.countries, weights.countries, what="country", **names)
    sectors = align(labels.industries, weights.industries, what="industry", **names)
    share = weights.values[np.ix_(order, order, sectors)]
    if weights.years is None:
        return share[..., None]
    dates = weights.years if labels.years is None else labels.years
    return share[..., align(dates, weights.years, what="year", **names)]


def _weigh(stock: Array, share: Array, method: str) -> Array:
    if method == "coe-helpman":
        return _sum_over_partners(share, stock)
    if method == "keller":
        own = np.eye(stock.shape[0])[:, :, None, None]
        return np.asarray((share + own) * np.log(stock))
    partners = 1.0 - np.eye(stock.shape[0])[:, :, None, None]
    total = _sum_over_partners(np.broadcast_to(partners, share.shape), stock)
    return total if method == "equal-sum" else total / (stock.shape[0] - 1)


def _sum_over_partners(flows: Array, stock: Array) -> Array:
    """Return ``sum_w flows[i,w,j,t] stock[w,j,t]``; flows may have one year for all."""
    flows = np.broadcast_to(flows, (*flows.shape[:3], stock.shape[-1]))
    return np.asarray(np.einsum("iwjt,wjt->ijt", flows, stock))


def _trade_and_gdp(imports: ArrayLike | None, gdp: ArrayLike | None, labels: _Axes, length: int) -> tuple[Array, Array]:
    """Return flows (V, V, J, T or 1) with a zero diagonal and GDP (V, T), both checked."""
    if imports is None or gdp is None:
        missing = " and ".join(name for name, data in (("gdp", gdp), ("bilateral_imports", imports)) if data is None)
        raise InputError(f'method "lichtenberg-van-pottelsberghe" needs {missing}')
    countries, industries, years = labels
    names = [axis.name for axis in read_labelled(imports, what="bilateral_imports").axes]
    if {"exporter", "partner"} & set(names[:1]) or "importer" in names[1:]:
        raise WeightsError("bilateral_imports must have the importer on its first axis, the partner on its second")
    flows = np.array(read_ordered(imports, (countries, countries, industries, years), what="bilateral_imports"))
    output = read_ordered(gdp, (countries, years), what="gdp")
    size = (len(countries), len(countries), len(industries))
    if flows.shape not in (size, (*size, length)):
        raise AlignmentError(
            f"bilateral_imports has shape {flows.shape}, expected {size} or {(*size, length)}: importer first"
        )
    if output.shape != (len(countries), length):
        raise AlignmentError(f"gdp has shape {output.shape}, expected {(len(countries), length)}: (country, year)")
    by_year = flows.ndim == 4
    flows = flows.reshape(*size, -1)
    own = np.arange(len(countries))
    diagonal = np.nan_to_num(flows[own, own])
    if np.any(diagonal != 0):
        country = countries[int(np.argwhere(diagonal != 0)[0][0])]
        raise WeightsError(f"bilateral_imports of {country} from itself are not zero; leave domestic sales out")
    flows[own, own] = 0.0
    axes, checked = ("ccjt", flows) if by_year else ("ccj", flows[..., 0])
    need = "zero or positive; a missing flow is not a zero flow: say which it is"
    _refuse(~np.isfinite(checked) | (checked < 0), checked, "bilateral_imports", need, labels, axes)
    _refuse(~np.isfinite(output) | (output <= 0), output, "gdp", "positive, and not missing", labels, "ct")
    return flows, output


def _warn_index(stock: Array, years: tuple[int, ...] | None) -> tuple[str, ...]:
    base = common_index_base(stock, years)
    if base is None:
        return ()
    when = f"in {base}" if years is not None else f"at position {base}"
    text = (
        f"rnd_stock is the same in every country {when}: these are index numbers, and summing them treats "
        "all countries as equally large in that year (indexation bias). Multiply each by its level in one "
        "currency first."
    )
    warnings.warn(text, IndexationWarning, stacklevel=3)
    return (text,)
