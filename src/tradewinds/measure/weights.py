"""Import weights as a type: what the numbers are, which way they point and what they add up to.

Most errors with trade weights are errors of orientation or normalisation, and none of them stops a regression from
running. :class:`ImportWeights` therefore states importer before partner, shares that sum to one over partners and a
zero diagonal, and checks it when built (Keller 1997, Section 4.1 and Tables A-1 to A-6).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import WeightsError
from tradewinds.labels import require_unique
from tradewinds.measure.arrays import tidy_array
from tradewinds.measure.labelled import read_labelled, read_ordered

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ImportWeights", "bilateral_import_shares", "equal_weights"]

#: Largest departure of a sum of shares from one that counts as rounding.
ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class ImportWeights:
    """Bilateral import shares ``m[i, w, j]``: share of partner ``w`` in country ``i``'s imports for industry ``j``.

    Attributes
    ----------
    values : ndarray, shape (country, country, industry) or (country, country, industry, year)
        First axis importer, second axis partner. Shares of each importer sum to one over partners; the diagonal
        is zero (an own weight is a property of a specification, not of trade). A read-only copy of what is
        given, so that no panel changes the weights of another.
    countries, industries : tuple of str
        Labels of the axes.
    years : tuple of int or None
        Labels of the last axis; None if shares do not vary over time.
    kind : str
        What the numbers are, for tables and messages.
    citation_keys : tuple of str
        Sources, as keys of ``references.bib``; none for a user's own flows.
    """

    values: NDArray[np.float64]
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...] | None = None
    kind: str = "bilateral import share"
    citation_keys: tuple[str, ...] = ()

    orientation = "importer by partner"
    normalisation = "sum over partners is one"

    def __post_init__(self) -> None:
        for name in ("countries", "industries", "years"):
            labels = getattr(self, name)
            object.__setattr__(self, name, None if labels is None else tuple(labels))
        own = (self.countries, self.countries, self.industries, self.years)
        object.__setattr__(self, "values", np.array(read_ordered(self.values, own, what="weights")))
        self.values.flags.writeable = False
        require_unique(self.countries, what="countries of weights")
        require_unique(self.industries, what="industries of weights")
        require_unique(self.years or (), what="years of weights")
        size = (len(self.countries), len(self.countries), len(self.industries))
        expected = size if self.years is None else (*size, len(self.years))
        if self.values.shape != expected:
            raise WeightsError(
                f"weights have shape {self.values.shape}, expected {expected}: (importer, partner, industry[, year])"
            )
        problems = [*self._bad_cells(), *self._bad_sums()]
        if problems:
            more = f" ... and {len(problems) - 10} more" if len(problems) > 10 else ""
            raise WeightsError(f"{self.kind}: " + "; ".join(problems[:10]) + more)

    def _label(self, importer: int, industry: int, year: int | None) -> str:
        text = f"importer {self.countries[importer]}, industry {self.industries[industry]}"
        return text if year is None or self.years is None else f"{text}, year {self.years[year]}"

    def _bad_cells(self) -> list[str]:
        problems = []
        for index in np.argwhere(~np.isfinite(self.values) | (self.values < 0)):
            importer, partner, industry, *year = (int(k) for k in index)
            where = self._label(importer, industry, year[0] if year else None)
            problems.append(f"{where}: share of {self.countries[partner]} is {self.values[tuple(index)]:g}")
        own = np.einsum("iij...->ij...", self.values)
        for index in np.argwhere(own != 0):
            importer, industry, *year = (int(k) for k in index)
            where = self._label(importer, industry, year[0] if year else None)
            problems.append(f"{where}: own share is {own[tuple(index)]:g}, the diagonal must be zero")
        return problems

    def _bad_sums(self) -> list[str]:
        sums = self.values.sum(axis=1)
        problems = []
        for index in np.argwhere(np.abs(sums - 1) > ROUNDING):
            importer, industry, *year = (int(k) for k in index)
            where = self._label(importer, industry, year[0] if year else None)
            problems.append(f"{where}: shares sum to {sums[tuple(index)]:.6g}, they must sum to one")
        return problems

    @property
    def vary_over_time(self) -> bool:
        """Whether the shares have a year axis."""
        return self.years is not None

    def partners_of(self, importer: int) -> NDArray[np.intp]:
        """Return positions of the partners of an importer (every country but itself)."""
        return np.delete(np.arange(len(self.countries)), importer)

    def tidy(self) -> pd.DataFrame:
        """Return one row a share, labelled by importer, partner, industry and, if shares vary, year."""
        labels: dict[str, Sequence[Hashable]] = {
            "importer": self.countries,
            "partner": self.countries,
            "industry": self.industries,
        }
        if self.years is not None:
            labels["year"] = self.years
        return tidy_array(self.kind.replace(" ", "_"), self.values, "fraction of the importer's imports", labels)

    def summary(self) -> str:
        """Return size, orientation, the largest share and how concentrated imports are, as text.

        An importer has ``1 / sum_w m[w]^2`` effective partners: all of them with equal shares, one if it imports from
        one country only.
        """
        count = len(self.countries)
        years = "" if self.years is None else f", {len(self.years)} year{'s' * (len(self.years) > 1)}"
        sectors = f"{len(self.industries)} industr{'y' if len(self.industries) == 1 else 'ies'}"
        importer, partner, industry, *year = (int(k) for k in np.unravel_index(self.values.argmax(), self.values.shape))
        largest = self._label(importer, industry, year[0] if year else None)
        by_partner = self.values.sum(axis=0).reshape(count, -1).mean(axis=1) / (count - 1)
        main = int(by_partner.argmax())
        effective = 1.0 / (self.values**2).sum(axis=1)
        return "\n".join(
            [
                f"Import weights ({self.kind}): {count} countries, {sectors}{years}",
                f"  {self.orientation}, {self.normalisation}, own share zero",
                f"  largest share {self.values.max():.3f}: {self.countries[partner]} ({largest})",
                f"  main partner {self.countries[main]}, with {by_partner[main]:.3f} of others' imports on average",
                f"  effective partners {effective.mean():.2f} on average, of {count - 1}",
            ]
        )

    def plot(self, *, industry: str | None = None, year: int | None = None, source: str = "") -> Figure:
        """Return a grey map of shares, of one industry and year or the mean over all."""
        from tradewinds.measure.figures import plot_weights

        return plot_weights(self, industry=industry, year=year, source=source)


def bilateral_import_shares(
    flows: ArrayLike,
    countries: Sequence[str],
    industries: Sequence[str],
    years: Sequence[int] | None = None,
    *,
    orientation: str,
) -> ImportWeights:
    """Turn bilateral flows into import shares, ``m[i, w] = M[i, w] / sum_w M[i, w]``.

    Parameters
    ----------
    flows : array_like, shape (country, country, industry[, year])
        Trade in value, one currency. Diagonal must be zero or missing. Of an ``xarray.DataArray`` the coordinates
        are brought into the order of the labels below.
    countries, industries, years : sequences
        Labels.
    orientation : {"importer_partner", "exporter_importer"}
        What the first two axes are. Keller's Tables A-1 to A-6 are printed from (exporter) in rows to (importer) in
        columns, that is ``"exporter_importer"``. There is no default: a wrong guess transposes world trade.

    Raises
    ------
    WeightsError
        Naming importer, partner, industry and year: a flow is negative or missing, the diagonal is not zero, or a
        country imports nothing; or the orientation is unknown, contradicts the names of the axes, or shapes do
        not fit.
    AlignmentError
        If the flows carry labels that differ from those given.

    Examples
    --------
    >>> weights = bilateral_import_shares(
    ...     [[[0.0], [30.0]], [[10.0], [0.0]]], ["CAN", "USA"], ["31"], orientation="importer_partner"
    ... )
    >>> weights.values[:, :, 0]
    array([[0., 1.],
           [1., 0.]])
    """
    if orientation not in ("importer_partner", "exporter_importer"):
        raise WeightsError(
            f'orientation is {orientation!r}; allowed: "importer_partner" (rows import) or "exporter_importer" '
            "(rows export, as printed in Keller 1997, Tables A-1 to A-6)"
        )
    _refuse_axes([axis.name for axis in read_labelled(flows, what="flows").axes], orientation)
    trade = np.array(read_ordered(flows, (countries, countries, industries, years), what="flows"))
    size = len(countries)
    expected = (size, size, len(industries), *(() if years is None else (len(years),)))
    if trade.shape != expected:
        raise WeightsError(
            f"flows have shape {trade.shape}, expected {expected}: ({orientation.replace('_', ', ')}, "
            f"industry{'' if years is None else ', year'})"
        )
    if orientation == "exporter_importer":
        trade = np.swapaxes(trade, 0, 1)
    own = np.arange(size)
    diagonal = trade[own, own]
    trade[own, own] = np.where(np.isnan(diagonal), 0.0, diagonal)
    labels = (countries, countries, industries, years)
    _refuse(trade[own, own] != 0, trade[own, own], "own imports", "zero: leave domestic sales out", labels, "ijt")
    _refuse(np.isnan(trade), trade, "imports", "known: a missing flow is not a zero flow, say which it is", labels)
    _refuse(~np.isfinite(trade) | (trade < 0), trade, "imports", "finite and not negative", labels)
    total = trade.sum(axis=1)
    _refuse(total <= 0, total, "imports from all partners", "positive: shares are not defined", labels, "ijt")
    return ImportWeights(
        trade / total[:, None], tuple(countries), tuple(industries), None if years is None else tuple(years)
    )


def _refuse_axes(names: Sequence[str | None], orientation: str) -> None:
    """Raise :class:`WeightsError` if named axes say that the flows point the other way."""
    exporter = ("exporter", "partner")
    wrong = [("importer",), exporter] if orientation == "exporter_importer" else [exporter, ("importer",)]
    if any(name in against for name, against in zip(names, wrong, strict=False)):
        raise WeightsError(
            f'flows have the axes {", ".join(map(str, names))}, which is not orientation = "{orientation}": give the '
            "other orientation, or transpose them"
        )


def _refuse(
    bad: NDArray[np.bool_], values: NDArray[np.float64], what: str, need: str, labels: Any, axes: str = "iwjt"
) -> None:
    """Raise :class:`WeightsError` naming the labels of the first bad value."""
    found = np.argwhere(bad)
    if not len(found):
        return
    index = tuple(int(k) for k in found[0])
    codes = dict(zip("iwjt", labels, strict=True))
    words = dict(zip("iwjt", ("importer", "partner", "industry", "year"), strict=True))
    where = ", ".join(f"{words[axis]} {codes[axis][k]}" for axis, k in zip(axes, index, strict=False))
    more = f" ({len(found)} such values)" if len(found) > 1 else ""
    raise WeightsError(f"{what} at {where} is {values[index]:g}; it must be {need}{more}")


def equal_weights(
    countries: Sequence[str], industries: Sequence[str], years: Sequence[int] | None = None
) -> ImportWeights:
    """Return the same share for every partner, ``1 / (V - 1)`` (Keller 1997, Section 5.1).

    Examples
    --------
    >>> equal_weights(["CAN", "FRA", "USA"], ["31"]).values[0, :, 0]
    array([0. , 0.5, 0.5])
    """
    size = len(countries)
    if size < 2:
        raise WeightsError(f"equal weights need at least two countries, got {size}")
    share = (1.0 - np.eye(size)) / (size - 1)
    shape = (size, size, len(industries), *(() if years is None else (len(years),)))
    values = np.broadcast_to(share.reshape(size, size, *(1,) * (len(shape) - 2)), shape).copy()
    dates = None if years is None else tuple(years)
    return ImportWeights(
        values, tuple(countries), tuple(industries), dates, kind="equal share", citation_keys=("keller1997",)
    )
