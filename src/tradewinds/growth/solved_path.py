"""Mechanisms whose way to another balanced growth path is solved between its two ends, where it can be.

Some ways are not solved: research would stop on them, or firms would have to leave faster than they die. Regimes are then compared
by their balanced growth paths alone, and the line that says why growth moved says so.
"""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from tradewinds.errors import InputError
from tradewinds.growth.facts import ADVICE
from tradewinds.growth.interface import Mechanism, P
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.solvers import Solution, judge

__all__ = ["SolvedPathMechanism"]


class SolvedPathMechanism(Mechanism[P]):
    """A mechanism that states its path between two balanced growth paths, and what is left of its equations on it.

    Attributes
    ----------
    path_tolerance : float
        Largest residual of a path that counts as solved.
    """

    path_tolerance: ClassVar[float]

    @abc.abstractmethod
    def path_of(
        self, before: BalancedGrowth, end: BalancedGrowth
    ) -> tuple[Transition, Callable[[], npt.NDArray[np.float64]]]:
        """Return the path between two regimes, and what evaluates its residuals; InputError where it is not solved."""

    @abc.abstractmethod
    def reason(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved between balanced growth paths, or did not."""

    def transition(
        self, baseline: P | None = None, changed: Any = None, *, variant: str | None = None, throw: bool = True
    ) -> Solution:
        """Return the path from the state of the baseline to the changed regime, autarky where none is given.

        Raises
        ------
        InputError
            Where the path is not solved; the message says why.
        """
        chosen = self.variant(variant)
        p = self.admit(baseline, chosen)
        q = self.changed(p, self.closing(chosen) if changed is None else changed)
        before: BalancedGrowth = self.solve(p, variant=chosen).value
        end: BalancedGrowth = self.solve(q, variant=chosen, regime="counterfactual").value
        path, residual = self.path_of(before, end)
        return judge(
            path,
            lambda _: residual(),
            tolerance=self.path_tolerance,
            iterations=0,
            what=f"transition of {self.name} ({chosen})",
            advice=ADVICE,
            throw=throw,
        )

    def with_transition(self, before: BalancedGrowth, after: BalancedGrowth) -> tuple[Any, Transition | None]:
        """Return welfare with the path; where that is not solved, of steady states and no path (``explain`` says so)."""
        try:
            return super().with_transition(before, after)
        except InputError:
            old, new = (x.values["lifetime_utility"] for x in (before, after))
            return self.equivalent(new, old, before.parameters), None  # type: ignore[arg-type]

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not, and whether the way there is solved."""
        try:
            self.path_of(baseline, counterfactual)
        except InputError:
            return f"{self.reason(baseline, counterfactual)}; the way there is not solved, steady states are compared"
        return self.reason(baseline, counterfactual)
