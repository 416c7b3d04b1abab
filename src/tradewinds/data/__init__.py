"""Bundled tables with their sources, the calibrated panel, and the door for a user's own data."""

from tradewinds.data.calibrated import NOISE, STAND_IN, keller1997_calibrated
from tradewinds.data.keller_tables import (
    keller_capital_depreciation,
    keller_import_weights,
    keller_imports,
    rnd_stock_moments,
    tfp_growth_moments,
)
from tradewinds.data.panel import SpilloverPanel
from tradewinds.data.registry import Dataset, checksum, dataset, datasets, load_frame

__all__ = [
    "NOISE",
    "STAND_IN",
    "Dataset",
    "SpilloverPanel",
    "checksum",
    "dataset",
    "datasets",
    "keller1997_calibrated",
    "keller_capital_depreciation",
    "keller_import_weights",
    "keller_imports",
    "load_frame",
    "rnd_stock_moments",
    "tfp_growth_moments",
]
