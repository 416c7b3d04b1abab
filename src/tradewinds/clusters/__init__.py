"""Industry clusters, Ricardian trade and learning between industries (Hanlon 2012).

Two countries, any number of industries. Workers learn from those of related industries nearby, so trade can join a
cluster or part it. There is the economy at one instant (:func:`solve_autarky`, :func:`solve_trade`,
:func:`solve_partial_trade`, :func:`solve_free_migration`), its path under a policy through every change in who makes what
(:func:`simulate`), what opening does to growth and to clusters (:func:`effects_of_opening`), and what a policy is worth
(:func:`discounted_welfare`, :func:`break_even_rates`). Where the paper's equations contradict its own derivation, the corrected
form is the default; see :func:`balanced_trade`, :func:`trade_employment` and :func:`check_proposition`.

Beyond the paper: the best schedule of opening (:func:`optimal_opening`), the map of who gains (:func:`phase_map`), many
countries that trade at a cost (:func:`solve_many`, :func:`simulate_many`), spillovers from tables of citations or flows
(:func:`read_network`), and where research is worth most in such a network (:func:`solve_research`; Liu and Ma 2021).
"""

from tradewinds.clusters.break_even import BreakEven, break_even_rates
from tradewinds.clusters.contacts import cluster_building, cluster_change, cluster_contacts
from tradewinds.clusters.dynamics import REGIMES, LearningPath, learn
from tradewinds.clusters.effects import ClusterLink, OpeningEffects, effects_of_opening
from tradewinds.clusters.employment import trade_employment
from tradewinds.clusters.equations import (
    FORMS,
    autarky_income,
    autarky_shares,
    balanced_trade,
    learning,
    log_price_index,
)
from tradewinds.clusters.equilibrium import TIES, solve_autarky, solve_trade
from tradewinds.clusters.many import (
    MANY_DEFINITIONS,
    ManyEquilibrium,
    ManyParameters,
    ManyPath,
    simulate_many,
    solve_many,
    welfare_function,
)
from tradewinds.clusters.mobility import solve_free_migration
from tradewinds.clusters.network import (
    NETWORK_KINDS,
    NORMALISATIONS,
    TEACHERS,
    SpilloverNetwork,
    read_network,
    spillover_network,
)
from tradewinds.clusters.openings import solve_partial_trade
from tradewinds.clusters.optimal import OBJECTIVES, optimal_opening
from tradewinds.clusters.optimal_result import OptimalOpening
from tradewinds.clusters.paper import PAPER_FIGURES, paper_economy
from tradewinds.clusters.parameters import COUNTRIES, DEFINITIONS, ClusterParameters, Definition
from tradewinds.clusters.paths import ClusterPath
from tradewinds.clusters.phase_map import phase_map
from tradewinds.clusters.phase_map_results import CATEGORIES, PhaseMap
from tradewinds.clusters.policies import POLICIES, opening_builds_clusters, simulate
from tradewinds.clusters.proposition_counts import PropositionCounts, check_propositions, draw_mirror_economy
from tradewinds.clusters.propositions import CLAIMS, PropositionCheck, check_proposition
from tradewinds.clusters.research import ResearchAllocation, ResearchParameters, knowledge_centrality, solve_research
from tradewinds.clusters.results import Equilibrium
from tradewinds.clusters.transitions import Event
from tradewinds.clusters.welfare import Welfare, consumption_gain, discounted_welfare, welfare_horizon

__all__ = [
    "CATEGORIES",
    "CLAIMS",
    "COUNTRIES",
    "DEFINITIONS",
    "FORMS",
    "MANY_DEFINITIONS",
    "NETWORK_KINDS",
    "NORMALISATIONS",
    "OBJECTIVES",
    "PAPER_FIGURES",
    "POLICIES",
    "REGIMES",
    "TEACHERS",
    "TIES",
    "BreakEven",
    "ClusterLink",
    "ClusterParameters",
    "ClusterPath",
    "Definition",
    "Equilibrium",
    "Event",
    "LearningPath",
    "ManyEquilibrium",
    "ManyParameters",
    "ManyPath",
    "OpeningEffects",
    "OptimalOpening",
    "PhaseMap",
    "PropositionCheck",
    "PropositionCounts",
    "ResearchAllocation",
    "ResearchParameters",
    "SpilloverNetwork",
    "Welfare",
    "autarky_income",
    "autarky_shares",
    "balanced_trade",
    "break_even_rates",
    "check_proposition",
    "check_propositions",
    "cluster_building",
    "cluster_change",
    "cluster_contacts",
    "consumption_gain",
    "discounted_welfare",
    "draw_mirror_economy",
    "effects_of_opening",
    "knowledge_centrality",
    "learn",
    "learning",
    "log_price_index",
    "opening_builds_clusters",
    "optimal_opening",
    "paper_economy",
    "phase_map",
    "read_network",
    "simulate",
    "simulate_many",
    "solve_autarky",
    "solve_free_migration",
    "solve_many",
    "solve_partial_trade",
    "solve_research",
    "solve_trade",
    "spillover_network",
    "trade_employment",
    "welfare_function",
    "welfare_horizon",
]
