"""The equations of the world model, one file a part of the economy, each as the paper or its sources write it.

Quantities are per unit of a country's own output on the baseline and without its growth, so that output is one there; prices are
relative. ``now``, ``lag`` and ``lead`` are this year, the last and the next; ``given`` what the model does not determine; ``p``
the parameters, one number or one a country. An ``e`` in a symbol is a deviation from the baseline.
"""

from tradewinds.world.equations.accounts import accounts, demand
from tradewinds.world.equations.capital import capital
from tradewinds.world.equations.commodities import commodities
from tradewinds.world.equations.consumption import consumption
from tradewinds.world.equations.exchange import exchange
from tradewinds.world.equations.government import government
from tradewinds.world.equations.money import money
from tradewinds.world.equations.oil import oil
from tradewinds.world.equations.research import research
from tradewinds.world.equations.supply import supply
from tradewinds.world.equations.trade import trade

__all__ = ["BLOCKS", "PARTNER_BLOCKS"]

#: Blocks, in the order in which the paper presents them.
BLOCKS = (supply, capital, consumption, government, demand, commodities, oil, exchange, money, accounts)

#: Blocks with bilateral trade; they also take the codes of all countries, as ``partners``.
PARTNER_BLOCKS = (research, trade)
