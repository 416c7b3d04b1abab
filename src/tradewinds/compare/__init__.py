"""The same shock through every mechanism that links globalisation and growth (Grossman and Helpman 2015).

One liberalisation, stated as a change in the share that home spends on its own goods, goes through all thirteen mechanisms,
calibrated to common facts; static trade theory, firms, clusters of industries and the world model stand beside them::

    found = compare(TradeShock(home_share=0.8556), sweeps="fast")
    print(found.summary())
    found.plot()

A model that cannot have the facts or take the shock is not left out: its line says why.
"""

from tradewinds.compare.lines import Line, UsedParameter
from tradewinds.compare.members import Member, default_members, find_members, known_members
from tradewinds.compare.results import Comparison
from tradewinds.compare.run import DEFAULT_SHOCK, FACTS, SWEEPS, compare
from tradewinds.compare.shock import TradeShock
from tradewinds.compare.signs import Deciding, Turn, turning_points

__all__ = [
    "DEFAULT_SHOCK",
    "FACTS",
    "SWEEPS",
    "Comparison",
    "Deciding",
    "Line",
    "Member",
    "TradeShock",
    "Turn",
    "UsedParameter",
    "compare",
    "default_members",
    "find_members",
    "known_members",
    "turning_points",
]
