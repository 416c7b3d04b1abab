"""Bundled tables with their sources, the calibrated panel, and the door for a user's own data."""

from tradewinds.data.calibrated import NOISE, STAND_IN, keller1997_calibrated
from tradewinds.data.keller_tables import (
    keller_capital_depreciation,
    keller_import_weights,
    keller_imports,
    rnd_stock_moments,
    tfp_growth_moments,
)
from tradewinds.data.layout import format_table
from tradewinds.data.options import Measurement
from tradewinds.data.panel import SpilloverPanel
from tradewinds.data.reader import read_panel
from tradewinds.data.registry import Dataset, checksum, dataset, datasets, load_frame
from tradewinds.data.template import template_frame
from tradewinds.data.validate import validate_frame

__all__ = [
    "NOISE",
    "STAND_IN",
    "Dataset",
    "Measurement",
    "SpilloverPanel",
    "checksum",
    "dataset",
    "datasets",
    "format_table",
    "keller1997_calibrated",
    "keller_capital_depreciation",
    "keller_import_weights",
    "keller_imports",
    "load_frame",
    "read_panel",
    "rnd_stock_moments",
    "template_frame",
    "tfp_growth_moments",
    "validate_frame",
]
