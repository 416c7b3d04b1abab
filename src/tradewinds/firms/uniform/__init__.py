"""The paper's model: linear demand, costs uniform, free entry, a trade cost per unit, innovation (Melitz and Trefler 2012).

The demand of footnote 1 has its sign corrected; the printed form is a named variant of :func:`demand`.
"""

from tradewinds.firms.uniform.behaviour import Behaviour, required_reduction
from tradewinds.firms.uniform.equations import FORMS, autarky_cutoff, cutoff, demand
from tradewinds.firms.uniform.equilibrium import integrate_markets, solve_uniform
from tradewinds.firms.uniform.innovation import DECISIONS, InnovationEquilibrium, behaviour
from tradewinds.firms.uniform.liberalisation import Liberalisation, Range, liberalise
from tradewinds.firms.uniform.parameters import DEFINITIONS, UniformParameters
from tradewinds.firms.uniform.results import UniformEquilibrium
from tradewinds.firms.uniform.selection import Selection, select
from tradewinds.firms.uniform.selection_equilibrium import SelectionEquilibrium, solve_selection
from tradewinds.firms.uniform.statics import comparative_statics, derivative

__all__ = [
    "DECISIONS",
    "DEFINITIONS",
    "FORMS",
    "Behaviour",
    "InnovationEquilibrium",
    "Liberalisation",
    "Range",
    "Selection",
    "SelectionEquilibrium",
    "UniformEquilibrium",
    "UniformParameters",
    "autarky_cutoff",
    "behaviour",
    "comparative_statics",
    "cutoff",
    "demand",
    "derivative",
    "integrate_markets",
    "liberalise",
    "required_reduction",
    "select",
    "solve_selection",
    "solve_uniform",
]
