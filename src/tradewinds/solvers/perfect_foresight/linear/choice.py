"""Linear algebra by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.linear.elimination import BlockElimination
from tradewinds.solvers.perfect_foresight.linear.krylov import ReusedFactor
from tradewinds.solvers.perfect_foresight.linear.pardiso import Pardiso
from tradewinds.solvers.perfect_foresight.linear.superlu import SuperLU

__all__ = ["SOLVERS", "choose_solver"]

#: Names that stand for linear algebra.
SOLVERS: dict[str, Callable[[], Any]] = {
    "reused": ReusedFactor,
    "blocks": BlockElimination,
    "superlu": SuperLU,
    "pardiso": lambda: ReusedFactor(Pardiso),
}


def choose_solver(solver: Any = None) -> Any:
    """Return linear algebra by name, as it is given, or by default :class:`ReusedFactor`.

    Raises
    ------
    InputError
        If there is no such name, or what is given cannot analyse, factor and solve.
    """
    if solver is None:
        return ReusedFactor()
    if isinstance(solver, str):
        if solver not in SOLVERS:
            raise InputError(
                f"solver is {solver!r}; allowed: {', '.join(SOLVERS)}, or an object that has analyse, factor and solve."
                f"{did_you_mean(solver, SOLVERS)}"
            )
        return SOLVERS[solver]()
    if isinstance(solver, type) or not all(
        callable(getattr(solver, name, None)) for name in ("analyse", "factor", "solve")
    ):
        raise InputError(
            f"solver is {solver!r}; give one of {', '.join(SOLVERS)}, or an object that has analyse, factor and solve"
        )
    return solver
