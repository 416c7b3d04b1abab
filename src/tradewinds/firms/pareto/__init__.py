"""Linear demand and Pareto costs in any number of countries with any trade costs (Melitz and Ottaviano 2008)."""

from tradewinds.firms.pareto.equilibrium import solve_pareto
from tradewinds.firms.pareto.parameters import DEFINITIONS, ParetoParameters
from tradewinds.firms.pareto.results import ParetoEquilibrium

__all__ = ["DEFINITIONS", "ParetoEquilibrium", "ParetoParameters", "solve_pareto"]
