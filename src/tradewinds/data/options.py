"""How raw data become stocks and productivity: the choices a user can make, with their defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tradewinds.errors import InputError
from tradewinds.measure.arrays import require_option

__all__ = ["Measurement"]

_ALLOWED = {
    "rnd_inventory": ("standard", "keller-b1", "coe-helpman"),
    "capital_inventory": ("keller-c1", "standard"),
    "timing": (None, "start", "end"),
    "growth": (None, "log", "arithmetic"),
    "interpolate": (None, "linear", "geometric"),
    "labour_share": ("cost", "revenue"),
}


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """How raw R&D, production and investment become stocks and TFP; the table ``[spillovers.measurement]`` of a study.

    Attributes
    ----------
    rnd_depreciation : float
        Annual depreciation rate of R&D stocks, in [0, 1].
    rnd_inventory : {"standard", "keller-b1", "coe-helpman"}
        First stock and timing of the perpetual inventory of R&D; see :data:`~tradewinds.measure.INVENTORY_VARIANTS`.
    capital_inventory : {"keller-c1", "standard"}
        The same for physical capital.
    timing : {"start", "end"}, optional
        Whether the R&D stock is that of the start or end of the year; the variant's where not given.
    growth : {"log", "arithmetic"}, optional
        How the benchmark growth of R&D is averaged; the variant's where not given.
    benchmark_add : float, optional
        Added to ``g + d`` in the first R&D stock (0.1 in Keller's B.1); the variant's where not given.
    interpolate : {"linear", "geometric"}, optional
        Fill gaps inside series; without it a gap is an error.
    tfp_base : float
        Value of the TFP index in the first year, where it is computed.
    labour_share : {"cost", "revenue"}
        Labour cost over all cost (Keller 1997, C.4) or over value added.
    add_depreciation : bool
        Add depreciation to the inferred user cost of capital, which (C.3) leaves out.

    Raises
    ------
    InputError
        Naming the option, what was given and what is allowed.

    Examples
    --------
    >>> Measurement(rnd_inventory="keller-b1").rnd_depreciation
    0.05
    """

    rnd_depreciation: float = 0.05
    rnd_inventory: Literal["keller-b1", "coe-helpman", "standard"] = "standard"
    capital_inventory: Literal["keller-c1", "standard"] = "keller-c1"
    timing: Literal["start", "end"] | None = None
    growth: Literal["log", "arithmetic"] | None = None
    benchmark_add: float | None = None
    interpolate: Literal["linear", "geometric"] | None = None
    tfp_base: float = 100.0
    labour_share: Literal["cost", "revenue"] = "cost"
    add_depreciation: bool = False

    def __post_init__(self) -> None:
        for name, allowed in _ALLOWED.items():
            value = getattr(self, name)
            if value is not None or None not in allowed:
                require_option(name, value, [word for word in allowed if word is not None])
        if not 0 <= self.rnd_depreciation <= 1:
            raise InputError(
                f"rnd_depreciation is {self.rnd_depreciation!r}; it must be a fraction a year, from 0 to 1"
            )
        if self.benchmark_add is not None and not (np.isfinite(self.benchmark_add) and self.benchmark_add >= 0):
            raise InputError(f"benchmark_add is {self.benchmark_add!r}; it must be zero or positive, such as 0.1")
        if not (np.isfinite(self.tfp_base) and self.tfp_base > 0):
            raise InputError(f"tfp_base is {self.tfp_base!r}; it must be a positive number such as 100")
