"""Exact hat algebra for many countries and sectors with inputs and tariffs, on a user's own tables (Caliendo and Parro 2015).

What changes when tariffs or trade costs do: wages, prices, trade, real wages and welfare, from data on trade, inputs, tariffs and
elasticities alone.
"""

from tradewinds.firms.hat.equilibrium import solve_hat
from tradewinds.firms.hat.parameters import DEFINITIONS, HatParameters
from tradewinds.firms.hat.path import integrate_welfare
from tradewinds.firms.hat.results import HatResult
from tradewinds.firms.hat.tables import TradeTables, example_tables

__all__ = [
    "DEFINITIONS",
    "HatParameters",
    "HatResult",
    "TradeTables",
    "example_tables",
    "integrate_welfare",
    "solve_hat",
]
