"""CES demand, Pareto productivity, fixed costs of selling, free entry, any number of countries (Melitz 2003; Chaney 2008)."""

from tradewinds.firms.chaney.equilibrium import solve_chaney
from tradewinds.firms.chaney.parameters import DEFINITIONS, ChaneyParameters
from tradewinds.firms.chaney.results import ChaneyEquilibrium

__all__ = ["DEFINITIONS", "ChaneyEquilibrium", "ChaneyParameters", "solve_chaney"]
