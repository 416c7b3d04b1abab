"""From raw series to what regressions read: stocks, productivity, import weights, foreign research.

Everything here takes arrays whose last axis is years, returns arrays or small frozen results, and says where
a number cannot be right. :func:`perpetual_inventory` cumulates flows, :func:`interpolate_gaps` fills survey
years, :func:`tfp_index` builds productivity from cost shares, :class:`ImportWeights` holds bilateral shares
and :func:`foreign_rnd_stock` weighs partners' research.
"""

from tradewinds.measure.cost_shares import labour_cost_share, revenue_labour_share, user_cost
from tradewinds.measure.foreign import FOREIGN_METHODS, ForeignStock, common_index_base, foreign_rnd_stock
from tradewinds.measure.interpolation import Interpolated, interpolate_gaps
from tradewinds.measure.inventory import (
    INVENTORY_VARIANTS,
    Inventory,
    InventoryVariant,
    implied_flow,
    perpetual_inventory,
)
from tradewinds.measure.tfp import TFPIndex, output_from_tfp, tfp_index, tornqvist_input_growth
from tradewinds.measure.weights import ImportWeights, bilateral_import_shares, equal_weights

__all__ = [
    "FOREIGN_METHODS",
    "INVENTORY_VARIANTS",
    "ForeignStock",
    "ImportWeights",
    "Interpolated",
    "Inventory",
    "InventoryVariant",
    "TFPIndex",
    "bilateral_import_shares",
    "common_index_base",
    "equal_weights",
    "foreign_rnd_stock",
    "implied_flow",
    "interpolate_gaps",
    "labour_cost_share",
    "output_from_tfp",
    "perpetual_inventory",
    "revenue_labour_share",
    "tfp_index",
    "tornqvist_input_growth",
    "user_cost",
]
