"""The printed tables of Keller (1997) in the shape that models use.

Three things in them are easily read wrong. The tables of imports are printed from exporters (rows) to importers (columns). Their
numbers are not those of the sectors: Table A-5 holds the inputs of sector 6 (metal products, ISIC 381) and Table A-6 those of
sector 5 (minerals and basic metals, ISIC 36&37), although Appendix A calls the last table "the sixth industry". And Table A-6 is
for 1975, the others for 1980.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tradewinds.data.registry import load_frame
from tradewinds.labels import KELLER_COUNTRIES, KELLER_INDUSTRIES
from tradewinds.measure.weights import ImportWeights, bilateral_import_shares

__all__ = [
    "Moments",
    "keller_capital_depreciation",
    "keller_import_weights",
    "keller_imports",
    "rnd_stock_moments",
    "tfp_growth_moments",
]


@dataclass(frozen=True)
class Moments:
    """Means and standard deviations as printed, ``{label: (mean, standard deviation)}``.

    Attributes
    ----------
    country : mapping
        By ISO code of the country.
    industry : mapping
        By ISIC code of the industry.
    """

    country: Mapping[str, tuple[float, float]]
    industry: Mapping[str, tuple[float, float]]


@functools.cache
def keller_imports() -> NDArray[np.float64]:
    """Return bilateral imports of machinery, shape (exporter, importer, industry), as printed in Tables A-1 to A-6.

    Countries are in the order of :data:`~tradewinds.labels.KELLER_COUNTRIES`, industries in that of
    :data:`~tradewinds.labels.KELLER_INDUSTRIES`.
    """
    frame = load_frame("keller1997-machinery-imports")
    country = {code: position for position, code in enumerate(KELLER_COUNTRIES)}
    industry = {code: position for position, code in enumerate(KELLER_INDUSTRIES)}
    flows = np.full((len(country), len(country), len(industry)), np.nan)
    flows[frame["exporter"].map(country), frame["importer"].map(country), frame["isic"].map(industry)] = frame[
        "imports"
    ]
    flows.flags.writeable = False
    return flows


@functools.cache
def keller_import_weights() -> ImportWeights:
    """Return bilateral import shares of eight countries and six industries (Keller 1997, Section 4.1).

    Examples
    --------
    >>> weights = keller_import_weights()
    >>> canada, usa, food = (
    ...     weights.countries.index("CAN"),
    ...     weights.countries.index("USA"),
    ...     weights.industries.index("31"),
    ... )
    >>> round(float(weights.values[canada, usa, food]), 3)  # 63,235 of 82,564
    0.766
    """
    weights = bilateral_import_shares(
        keller_imports(), KELLER_COUNTRIES, tuple(KELLER_INDUSTRIES), orientation="exporter_importer"
    )
    return replace(weights, citation_keys=("keller1997",))


def _moments(name: str) -> Moments:
    frame = load_frame(name)
    parts = {
        group: {
            str(label): (float(mean), float(deviation))
            for label, mean, deviation in zip(rows["label"], rows["mean"], rows["standard_deviation"], strict=True)
        }
        for group, rows in frame.groupby("group")
    }
    # Read once and handed to all, so nobody may change it.
    return Moments(MappingProxyType(parts["country"]), MappingProxyType(parts["industry"]))


@functools.cache
def rnd_stock_moments() -> Moments:
    """Return the moments of machinery R&D stocks (Keller 1997, Table A-7)."""
    return _moments("keller1997-rnd-stocks")


@functools.cache
def tfp_growth_moments() -> Moments:
    """Return the moments of average annual TFP growth (Keller 1997, Table A-8), fractions a year."""
    return _moments("keller1997-tfp-growth")


@functools.cache
def keller_capital_depreciation() -> Mapping[str, float]:
    """Return depreciation rates of machinery by country, fractions a year (Keller 1997, Appendix C)."""
    frame = load_frame("keller1997-depreciation")
    return MappingProxyType(dict(zip(frame["country"], frame["depreciation"], strict=True)))
