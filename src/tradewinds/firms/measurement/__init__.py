"""Tools for plant and trade data: who trades what, who is productive, and where aggregate productivity comes from.

Intra-industry trade with its aggregation bias; decompositions of aggregate productivity that add up exactly; distributions;
exporters' premia; production functions. The questions are those of Melitz and Trefler (2012), Sections 2 to 4.
"""

from tradewinds.firms.measurement.decompositions import Decomposition, decompose, decompose_years, pair_moments
from tradewinds.firms.measurement.density_figures import plot_distributions
from tradewinds.firms.measurement.distributions import (
    MEDIANS,
    ProductivityDistributions,
    distributions_before_and_after,
    distributions_of_entrants,
    distributions_of_exporters,
)
from tradewinds.firms.measurement.flows import Flows
from tradewinds.firms.measurement.intra_industry import (
    ADJUSTMENTS,
    AggregationBias,
    IntraIndustryTrade,
    aggregation_bias,
    grubel_lloyd,
)
from tradewinds.firms.measurement.marginal import MarginalTrade, marginal_intra_industry_trade
from tradewinds.firms.measurement.methods import COMPONENTS, METHODS, Method
from tradewinds.firms.measurement.moments import PairMoments
from tradewinds.firms.measurement.panel import PlantPanel, read_plants
from tradewinds.firms.measurement.rules import INACTIVE, MISSING, REENTRY, STATUSES, SWITCHERS
from tradewinds.firms.measurement.static import StaticDecomposition, olley_pakes
from tradewinds.firms.measurement.store import PlantStore, open_plants

__all__ = [
    "ADJUSTMENTS",
    "COMPONENTS",
    "INACTIVE",
    "MEDIANS",
    "METHODS",
    "MISSING",
    "REENTRY",
    "STATUSES",
    "SWITCHERS",
    "AggregationBias",
    "Decomposition",
    "Flows",
    "IntraIndustryTrade",
    "MarginalTrade",
    "Method",
    "PairMoments",
    "PlantPanel",
    "PlantStore",
    "ProductivityDistributions",
    "StaticDecomposition",
    "aggregation_bias",
    "decompose",
    "decompose_years",
    "distributions_before_and_after",
    "distributions_of_entrants",
    "distributions_of_exporters",
    "grubel_lloyd",
    "marginal_intra_industry_trade",
    "olley_pakes",
    "open_plants",
    "pair_moments",
    "plot_distributions",
    "read_plants",
]
