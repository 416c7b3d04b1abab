"""How each paper cumulates flows to stocks: timing, depreciation, benchmark, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["INVENTORY_VARIANTS", "Growth", "GrowthOf", "InventoryVariant", "Timing"]

Timing = Literal["start", "end"]
GrowthOf = Literal["flow", "stock"]
Growth = Literal["log", "arithmetic"]


@dataclass(frozen=True, kw_only=True, eq=False)
class InventoryVariant:
    """The choices behind a perpetual inventory.

    Attributes
    ----------
    name : str
    depreciation : float or ndarray or None
        Fraction lost a year; None where it must be given because no rate fits all series.
    timing : {"start", "end"}
        Stock at the start of the year (``S[t]`` holds flows up to ``t - 1``) or at its end (up to ``t``).
    growth_of : {"flow", "stock"}
        Series whose average growth is the benchmark growth ``g``; that of the stock makes ``g`` a fixed
        point.
    growth : {"log", "arithmetic"}
        Average annual log difference, or mean of annual rates.
    growth_window : tuple of int or None
        First and last position of the average (years, where years are known); None is the whole sample.
    benchmark_add : float
        Added to the denominator of the benchmark.
    source : str
        Paper and equation.
    citation_keys : tuple of str
    """

    name: str
    depreciation: float | NDArray[np.float64] | None = None
    timing: Timing = "start"
    growth_of: GrowthOf = "flow"
    growth: Growth = "log"
    growth_window: tuple[int, int] | None = None
    benchmark_add: float = 0.0
    source: str = ""
    citation_keys: tuple[str, ...] = ()


#: Variants by name. Keller does not say whether growth is logarithmic or arithmetic; log is used, as in his
#: (C.5).
INVENTORY_VARIANTS: Mapping[str, InventoryVariant] = {
    variant.name: variant
    for variant in (
        InventoryVariant(
            name="standard",
            source="S[1] = R[1] / (g + depreciation), g of the flow over the sample",
        ),
        InventoryVariant(
            name="coe-helpman",
            depreciation=0.05,
            source="Coe and Helpman (1995): R&D, beginning of period, g of expenditure over the sample",
            citation_keys=("coe-helpman1995",),
        ),
        InventoryVariant(
            name="keller-b1",
            depreciation=0.05,
            growth_of="stock",
            growth_window=(0, 19),
            benchmark_add=0.1,
            source="Keller (1997), equation (B.1): R&D, g of the stock over 1970-1989 of 1970-1991",
            citation_keys=("keller1997",),
        ),
        InventoryVariant(
            name="keller-c1",
            source="Keller (1997), equation (C.1): capital, g of investment, depreciation by country",
            citation_keys=("keller1997",),
        ),
    )
}
