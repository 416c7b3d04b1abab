"""Shared numerics: one result type, one convergence check, and the solvers that use them."""

from tradewinds.solvers.fixed_point import fixed_point
from tradewinds.solvers.solution import Residual, Solution, Status, judge

__all__ = ["Residual", "Solution", "Status", "fixed_point", "judge"]
