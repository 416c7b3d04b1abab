"""A change of tariffs or trade costs, and the tables that it happens to."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.firms.hat.tables import TradeTables
from tradewinds.firms.numbers import Definition

__all__ = ["DEFICITS", "DEFINITIONS", "HatParameters"]

Array = NDArray[np.float64]

#: What happens to trade deficits: as large as before beside the world's value added, or gone.
DEFICITS: tuple[str, ...] = ("kept", "zero")

_SOURCE = "Caliendo and Parro (2015), {}"

#: Public name -> definition.
DEFINITIONS: Mapping[str, Definition] = {
    "tables": Definition("", "trade, inputs, tariffs and elasticities", "tables", "TradeTables, or a folder of CSV files",
                         _SOURCE.format("section 5")),
    "tariffs": Definition("tau'", "tariffs after the change", "fraction", "at least 0", _SOURCE.format("section 3")),
    "trade_cost_change": Definition("d hat", "ratio of iceberg trade costs after to before", "1", "above 0; infinite: no trade",
                                    _SOURCE.format("section 3")),
    "deficits": Definition("D'", "trade deficits after the change", "value", "kept, zero, or one number a country that sum to 0",
                           _SOURCE.format("section 3")),
    "name": Definition("", "name of the scenario", "text", "any text", ""),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class HatParameters:
    """A change, from data before it.

    Parameters
    ----------
    tables : TradeTables, or str or Path
        A folder is read with :meth:`TradeTables.from_csv`.
    tariffs : float or array of shape (countries, countries, sectors), optional
        Tariffs after, on what the first country sells to the second; one number is the tariff between any two countries.
        None: as before.
    trade_cost_change : float or array of shape (countries, countries, sectors), optional
        Ratio of iceberg costs after to before; infinite closes a route; one number is that between any two countries.
    deficits : {"kept", "zero"} or array of shape (countries,)
    name : str
        Of the scenario.

    Raises
    ------
    InputError
        If a shape is wrong or a number is out of bounds.
    """

    tables: TradeTables
    tariffs: Array | None = None
    trade_cost_change: Array | None = None
    deficits: str | Array = "kept"
    name: str = "counterfactual"

    def __post_init__(self) -> None:
        if isinstance(self.tables, str | Path):
            object.__setattr__(self, "tables", TradeTables.from_csv(self.tables))
        if not isinstance(self.tables, TradeTables):
            raise InputError(f"tables must be TradeTables or a folder of CSV files, not {type(self.tables).__name__}")
        # read each once, so that bad input is refused here
        _ = self.tariffs_after, self.cost_change, self.deficit_after

    @functools.cached_property
    def tariffs_after(self) -> Array:
        """Tariffs after the change, shape (countries, countries, sectors)."""
        return self.tables.tariff if self.tariffs is None else self._pairs("tariffs", self.tariffs, 0.0, least=0.0)

    @functools.cached_property
    def cost_change(self) -> Array:
        """Ratio of iceberg costs after to before, shape (countries, countries, sectors)."""
        change = 1.0 if self.trade_cost_change is None else self.trade_cost_change
        return self._pairs("trade_cost_change", change, 1.0, infinite=True)

    def _pairs(
        self, name: str, value: ArrayLike, own: float, least: float | None = None, infinite: bool = False
    ) -> Array:
        shape = self.tables.flows.shape
        try:
            given = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise InputError(
                f"{name} must be numbers, one or one an exporter, importer and sector; found {value!r}"
            ) from None
        if given.ndim and given.shape != shape:
            raise InputError(f"{name} has shape {given.shape}; it must have shape {shape}: exporter, importer, sector")
        array = np.array(np.broadcast_to(given, shape))
        diagonal = np.arange(shape[0])
        if not given.ndim:
            array[diagonal, diagonal] = own
        fine = (array >= least) if least is not None else (array > 0)
        bad = np.argwhere(~(fine & (np.isfinite(array) | infinite)))
        if len(bad):
            place = self.tables._place("flows", bad[0])
            raise InputError(
                f"{name} from {place} is {array[tuple(bad[0])]}; it must be {'at least 0' if least is not None else 'above 0'}"
            )
        if np.any(array[diagonal, diagonal] != own):
            raise InputError(
                f"{name} of a country's own goods must be {own:g}: goods sold at home do not cross a border"
            )
        array.setflags(write=False)
        return array

    @functools.cached_property
    def deficit_after(self) -> Array:
        """Trade deficits after the change, shape (countries,); the world's value added is the unit of account."""
        if isinstance(self.deficits, str):
            require_option("deficits", self.deficits, DEFICITS)
            return self.tables.deficit if self.deficits == "kept" else np.zeros(len(self.tables.countries))
        try:
            array = np.asarray(self.deficits, dtype=float)
        except (TypeError, ValueError):
            raise InputError(
                f"deficits must be {' or '.join(DEFICITS)}, or one number a country; found {self.deficits!r}"
            ) from None
        if array.shape != self.tables.deficit.shape:
            raise InputError(
                f"deficits has shape {array.shape}; it must have shape {self.tables.deficit.shape}, one a country"
            )
        if not abs(float(array.sum())) <= 1e-9 * float(self.tables.value_added.sum()):
            raise InputError(
                f"deficits sum to {float(array.sum()):.6g}; they must sum to 0, for the world trades with itself"
            )
        return array

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return self.name

    def replace(self, **changes: Any) -> HatParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)
