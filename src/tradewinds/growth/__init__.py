"""The mechanisms that link globalisation and growth, each solved behind one interface (Grossman and Helpman 2015).

``mechanisms[name]`` is a mechanism: ``solve`` (balanced growth), ``counterfactual`` (growth and welfare of another regime),
``transition`` where the economy takes time, ``sweep`` (many solves at once), ``claims`` (what the survey says, checked),
``calibrate`` (to common facts), ``plot``. The equations of each are in the documentation of its module.

Examples
--------
>>> from tradewinds.growth import mechanisms
>>> variety = mechanisms["variety-expansion"]
>>> round(variety.solve().value.growth, 6)
0.02
>>> round(variety.counterfactual(changed={"idea_flow": 0.6}).counterfactual.growth, 6)
0.021833
"""

from tradewinds.growth.claims import VERDICTS, Claim, grade
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.interface import REGIMES, Mechanism
from tradewinds.growth.parameters import Definition, GrowthParameters, definitions, parameter
from tradewinds.growth.registry import Registry, mechanisms
from tradewinds.growth.results import BalancedGrowth, Counterfactual, Sweep, Transition
from tradewinds.growth.welfare import consumption_equivalent, lifetime_utility, path_utility

__all__ = [
    "REGIMES",
    "VERDICTS",
    "BalancedGrowth",
    "Claim",
    "Condition",
    "Counterfactual",
    "Definition",
    "Facts",
    "GrowthParameters",
    "Mechanism",
    "Registry",
    "Sweep",
    "Transition",
    "consumption_equivalent",
    "definitions",
    "grade",
    "lifetime_utility",
    "mechanisms",
    "parameter",
    "path_utility",
]
