"""Tools for plant and trade data: who trades what, who is productive, and where aggregate productivity comes from.

Intra-industry trade with its aggregation bias; decompositions of aggregate productivity that add up exactly; distributions;
exporters' premia; production functions. The questions are those of Melitz and Trefler (2012), Sections 2 to 4.
"""

from tradewinds.firms.measurement.accounting import Channel, ProductivityAccount, aggregate_effect, canada_us_account
from tradewinds.firms.measurement.decompositions import Decomposition, decompose, decompose_years, pair_moments
from tradewinds.firms.measurement.density_figures import plot_distributions
from tradewinds.firms.measurement.distributions import (
    MEDIANS,
    ProductivityDistributions,
    distributions_before_and_after,
    distributions_of_entrants,
    distributions_of_exporters,
)
from tradewinds.firms.measurement.estimates import PlantEstimates
from tradewinds.firms.measurement.flows import Flows
from tradewinds.firms.measurement.instruments import EffectiveF
from tradewinds.firms.measurement.intra_industry import (
    ADJUSTMENTS,
    AggregationBias,
    IntraIndustryTrade,
    aggregation_bias,
    grubel_lloyd,
)
from tradewinds.firms.measurement.late import ExportingEffect, effect_of_exporting
from tradewinds.firms.measurement.marginal import MarginalTrade, marginal_intra_industry_trade
from tradewinds.firms.measurement.methods import COMPONENTS, METHODS, Method
from tradewinds.firms.measurement.moments import PairMoments
from tradewinds.firms.measurement.panel import PlantPanel, read_plants
from tradewinds.firms.measurement.premia import EFFECTS, exit_regression, exporter_premium
from tradewinds.firms.measurement.production import PRODUCTION_METHODS, production_function
from tradewinds.firms.measurement.production_results import ProductionFunction
from tradewinds.firms.measurement.recovery import READINGS, Recovery, recovery
from tradewinds.firms.measurement.rules import INACTIVE, MISSING, REENTRY, STATUSES, SWITCHERS
from tradewinds.firms.measurement.starting import starting_to_export
from tradewinds.firms.measurement.static import StaticDecomposition, olley_pakes
from tradewinds.firms.measurement.store import PlantStore, open_plants
from tradewinds.firms.measurement.synthetic import STEPS, SyntheticPanel, liberalisation_panel

__all__ = [
    "ADJUSTMENTS",
    "COMPONENTS",
    "EFFECTS",
    "INACTIVE",
    "MEDIANS",
    "METHODS",
    "MISSING",
    "PRODUCTION_METHODS",
    "READINGS",
    "REENTRY",
    "STATUSES",
    "STEPS",
    "SWITCHERS",
    "AggregationBias",
    "Channel",
    "Decomposition",
    "EffectiveF",
    "ExportingEffect",
    "Flows",
    "IntraIndustryTrade",
    "MarginalTrade",
    "Method",
    "PairMoments",
    "PlantEstimates",
    "PlantPanel",
    "PlantStore",
    "ProductionFunction",
    "ProductivityAccount",
    "ProductivityDistributions",
    "Recovery",
    "StaticDecomposition",
    "SyntheticPanel",
    "aggregate_effect",
    "aggregation_bias",
    "canada_us_account",
    "decompose",
    "decompose_years",
    "distributions_before_and_after",
    "distributions_of_entrants",
    "distributions_of_exporters",
    "effect_of_exporting",
    "exit_regression",
    "exporter_premium",
    "grubel_lloyd",
    "liberalisation_panel",
    "marginal_intra_industry_trade",
    "olley_pakes",
    "open_plants",
    "pair_moments",
    "plot_distributions",
    "production_function",
    "read_plants",
    "recovery",
    "starting_to_export",
]
