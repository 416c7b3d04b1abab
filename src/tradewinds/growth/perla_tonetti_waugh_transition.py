"""Which path leads from one regime to another in which variant, and its welfare; each is judged by its own conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError
from tradewinds.growth.facts import ADVICE
from tradewinds.growth.perla_tonetti_waugh_parameters import FIXED_MASS, PerlaTonettiWaughParameters
from tradewinds.growth.results import BalancedGrowth
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from tradewinds.growth.perla_tonetti_waugh import PerlaTonettiWaugh

__all__ = ["PATH_TOLERANCE", "has_path", "transition"]

P = PerlaTonettiWaughParameters

#: Largest residual of a path: of its slopes, or of values relative to the cost of adoption.
PATH_TOLERANCE = 1e-8


def has_path(p: P, variant: str) -> bool:
    """Whether a path is solved for a variant that does not jump."""
    return variant == "no-shocks" or (variant not in FIXED_MASS and p.inverse_ies == 1)


def transition(mechanism: PerlaTonettiWaugh, p: P, q: P, variant: str, *, throw: bool) -> Solution:
    """Return the path from the firms of ``p`` to the balanced growth path of ``q``, as a Solution around a Transition."""
    from tradewinds.growth.perla_tonetti_waugh_path import path_residual, saddle_path
    from tradewinds.growth.perla_tonetti_waugh_published import PublishedPath, resting
    from tradewinds.growth.perla_tonetti_waugh_shocks import ShockPath, shock_path

    if variant in FIXED_MASS:
        raise InputError(
            f"{mechanism.name} ({variant}) has no transition: with a fixed mass of firms the economy jumps"
        )
    if not has_path(p, variant):
        raise InputError(
            f"{mechanism.name} ({variant}): a transition is solved for inverse_ies = 1, got {p.inverse_ies}"
        )
    start: BalancedGrowth = mechanism.solve(p, variant=variant).value
    end: BalancedGrowth = mechanism.solve(q, variant=variant, regime="counterfactual").value
    what: dict[str, Any] = {
        "what": f"transition of {mechanism.name} ({variant})",
        "advice": ADVICE,
        "throw": throw,
    }
    if variant == "no-shocks":
        path = saddle_path(q, start, end)
        return judge(path, lambda at: path_residual(at, q, start), tolerance=PATH_TOLERANCE, iterations=0, **what)
    problem = PublishedPath(resting(start), resting(end)) if variant == "published" else ShockPath(start, end)
    unknown, count = problem.solve()
    solution = judge(unknown, lambda at: problem.evaluate(at)[0], tolerance=PATH_TOLERANCE, iterations=count, **what)
    return replace(solution, value=shock_path(problem, unknown))
