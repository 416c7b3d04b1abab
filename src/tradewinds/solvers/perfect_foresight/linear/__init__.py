"""Linear systems of a stacked Newton step behind one interface: ``analyse`` once a pattern, ``factor`` values, ``solve``."""

from tradewinds.solvers.perfect_foresight.linear.choice import choose_solver
from tradewinds.solvers.perfect_foresight.linear.elimination import BlockElimination
from tradewinds.solvers.perfect_foresight.linear.krylov import ReusedFactor
from tradewinds.solvers.perfect_foresight.linear.pardiso import Pardiso
from tradewinds.solvers.perfect_foresight.linear.superlu import SuperLU
from tradewinds.solvers.perfect_foresight.linear.system import (
    LinearSystem,
    SingularSystemError,
    StackedPattern,
    stacked_pattern,
)

__all__ = [
    "BlockElimination",
    "LinearSystem",
    "Pardiso",
    "ReusedFactor",
    "SingularSystemError",
    "StackedPattern",
    "SuperLU",
    "choose_solver",
    "stacked_pattern",
]
