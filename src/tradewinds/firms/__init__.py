"""Heterogeneous firms and trade, and tools for plant data (Melitz and Trefler 2012).

The models answer one call, ``solve(parameters)``; :data:`MODELS` lists them by the names of study files. Where the paper prints
a sign that its own words contradict (the demand of footnote 1), the corrected form is the default; see :func:`demand`.
Tools for plant and trade data are in :mod:`tradewinds.firms.measurement`.
"""

from tradewinds.firms.chaney import ChaneyEquilibrium, ChaneyParameters, solve_chaney
from tradewinds.firms.countries import trade_cost_matrix
from tradewinds.firms.figures import (
    plot_export_decision,
    plot_integration,
    plot_liberalisation,
    plot_performance,
    plot_selection,
    plot_two_draws,
)
from tradewinds.firms.gains import CONVENTIONS, gains_by_sector, gains_from_trade, variety_gains
from tradewinds.firms.hat import (
    HatParameters,
    HatResult,
    TradeTables,
    example_tables,
    integrate_welfare,
    solve_hat,
)
from tradewinds.firms.models import MODELS, Model, solve, solve_scenarios
from tradewinds.firms.numbers import Definition
from tradewinds.firms.pareto import ParetoEquilibrium, ParetoParameters, solve_pareto
from tradewinds.firms.results import FirmResult, Quantity, Scenarios
from tradewinds.firms.uniform import (
    DECISIONS,
    FORMS,
    Behaviour,
    InnovationEquilibrium,
    Liberalisation,
    Range,
    Selection,
    SelectionEquilibrium,
    UniformEquilibrium,
    UniformParameters,
    behaviour,
    comparative_statics,
    demand,
    derivative,
    integrate_markets,
    liberalise,
    required_reduction,
    select,
    solve_selection,
    solve_uniform,
)
from tradewinds.firms.variety import Plan, WidgetParameters, WidgetResult, solve_widgets

__all__ = [
    "CONVENTIONS",
    "DECISIONS",
    "FORMS",
    "MODELS",
    "Behaviour",
    "ChaneyEquilibrium",
    "ChaneyParameters",
    "Definition",
    "FirmResult",
    "HatParameters",
    "HatResult",
    "InnovationEquilibrium",
    "Liberalisation",
    "Model",
    "ParetoEquilibrium",
    "ParetoParameters",
    "Plan",
    "Quantity",
    "Range",
    "Scenarios",
    "Selection",
    "SelectionEquilibrium",
    "TradeTables",
    "UniformEquilibrium",
    "UniformParameters",
    "WidgetParameters",
    "WidgetResult",
    "behaviour",
    "comparative_statics",
    "demand",
    "derivative",
    "example_tables",
    "gains_by_sector",
    "gains_from_trade",
    "integrate_markets",
    "integrate_welfare",
    "liberalise",
    "plot_export_decision",
    "plot_integration",
    "plot_liberalisation",
    "plot_performance",
    "plot_selection",
    "plot_two_draws",
    "required_reduction",
    "select",
    "solve",
    "solve_chaney",
    "solve_hat",
    "solve_pareto",
    "solve_scenarios",
    "solve_selection",
    "solve_uniform",
    "solve_widgets",
    "trade_cost_matrix",
    "variety_gains",
]
