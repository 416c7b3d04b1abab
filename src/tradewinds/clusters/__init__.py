"""Industry clusters, Ricardian trade and learning between industries (Hanlon 2012).

Two countries, any number of industries. Workers learn from those of related industries nearby, so trade can join a
cluster or part it. What stands so far is the economy at one instant: autarky and free trade, both exact.
Where the paper's equations contradict its own derivation, the corrected form is the default; see :func:`balanced_trade`.
"""

from tradewinds.clusters.equations import (
    FORMS,
    autarky_income,
    autarky_shares,
    balanced_trade,
    learning,
    log_price_index,
)
from tradewinds.clusters.equilibrium import TIES, solve_autarky, solve_trade
from tradewinds.clusters.paper import PAPER_FIGURES, paper_economy
from tradewinds.clusters.parameters import COUNTRIES, DEFINITIONS, ClusterParameters, Definition
from tradewinds.clusters.results import Equilibrium

__all__ = [
    "COUNTRIES",
    "DEFINITIONS",
    "FORMS",
    "PAPER_FIGURES",
    "TIES",
    "ClusterParameters",
    "Definition",
    "Equilibrium",
    "autarky_income",
    "autarky_shares",
    "balanced_trade",
    "learning",
    "log_price_index",
    "paper_economy",
    "solve_autarky",
    "solve_trade",
]
