"""Perfect foresight: non-linear models with leads and lags over many countries, solved for all periods at once.

A :class:`Model` is plain Python; :func:`simulate` solves a scenario by Newton's method on the stacked system, with exact sparse
derivatives from JAX in 64 bits.
"""

import jax

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]  # before anything is traced: float32 would not reach the tolerances

from tradewinds.solvers.perfect_foresight.cache import cache_folder  # noqa: E402
from tradewinds.solvers.perfect_foresight.databank import make_databank, read_databank, write_databank  # noqa: E402
from tradewinds.solvers.perfect_foresight.diagnostics import (  # noqa: E402
    Determinacy,
    Inspection,
    inspect,
    require_determinate,
)
from tradewinds.solvers.perfect_foresight.invert import solve_plan  # noqa: E402
from tradewinds.solvers.perfect_foresight.levels import SteadyState  # noqa: E402
from tradewinds.solvers.perfect_foresight.linear import ReusedFactor  # noqa: E402
from tradewinds.solvers.perfect_foresight.model import Model, Parameter, Variable, longer  # noqa: E402
from tradewinds.solvers.perfect_foresight.plan import Plan  # noqa: E402
from tradewinds.solvers.perfect_foresight.plan_results import PlanResult  # noqa: E402
from tradewinds.solvers.perfect_foresight.results import Simulation  # noqa: E402
from tradewinds.solvers.perfect_foresight.scenarios import Scenarios, simulate_many  # noqa: E402
from tradewinds.solvers.perfect_foresight.shocks import Shock  # noqa: E402
from tradewinds.solvers.perfect_foresight.simulate import check, residual_adjusted, simulate  # noqa: E402
from tradewinds.solvers.perfect_foresight.steady import steady_state  # noqa: E402

__all__ = [
    "Determinacy",
    "Inspection",
    "Model",
    "Parameter",
    "Plan",
    "PlanResult",
    "ReusedFactor",
    "Scenarios",
    "Shock",
    "Simulation",
    "SteadyState",
    "Variable",
    "cache_folder",
    "check",
    "inspect",
    "longer",
    "make_databank",
    "read_databank",
    "require_determinate",
    "residual_adjusted",
    "simulate",
    "simulate_many",
    "solve_plan",
    "steady_state",
    "write_databank",
]
