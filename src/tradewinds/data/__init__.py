"""Bundled tables with their sources, the calibrated panel, and the door for a user's own data."""

from tradewinds.data.panel import SpilloverPanel

__all__ = ["SpilloverPanel"]
