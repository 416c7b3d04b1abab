"""What a model is like before it is solved: structure, redundant equations, and determinacy at the terminal state."""

from tradewinds.solvers.perfect_foresight.diagnostics.counting import require_determinate
from tradewinds.solvers.perfect_foresight.diagnostics.determinacy import Determinacy
from tradewinds.solvers.perfect_foresight.diagnostics.inspection import Inspection, inspect

__all__ = ["Determinacy", "Inspection", "inspect", "require_determinate"]
