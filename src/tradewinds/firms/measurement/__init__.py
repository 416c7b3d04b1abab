"""Tools for plant and trade data: who trades what, who is productive, and where aggregate productivity comes from.

Intra-industry trade with its aggregation bias; decompositions of aggregate productivity that add up exactly; distributions;
exporters' premia; production functions. The questions are those of Melitz and Trefler (2012), Sections 2 to 4.
"""

from tradewinds.firms.measurement.flows import Flows
from tradewinds.firms.measurement.intra_industry import (
    ADJUSTMENTS,
    AggregationBias,
    IntraIndustryTrade,
    aggregation_bias,
    grubel_lloyd,
)
from tradewinds.firms.measurement.marginal import MarginalTrade, marginal_intra_industry_trade

__all__ = [
    "ADJUSTMENTS",
    "AggregationBias",
    "Flows",
    "IntraIndustryTrade",
    "MarginalTrade",
    "aggregation_bias",
    "grubel_lloyd",
    "marginal_intra_industry_trade",
]
