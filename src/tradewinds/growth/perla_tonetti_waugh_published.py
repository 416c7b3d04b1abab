r"""The path of the published equations, and what its printed gain is made of.

The published article takes firms as distributed as Pareto at every date, so that only their mass moves. On its balanced growth
path the value of a firm has a kink at the export cutoff. No such value solves the Bellman equation off that path, and the public
code of the article solves that equation on a grid: there a firm counts on exporting. A path thus starts and ends a little off the
balanced growth paths of ``published``, at growth of 0.799 and 1.034 per cent instead of 0.791 and 1.025 for the cut of
trade costs by 10 per cent. It is worth 10.41 per cent of consumption, against 11.28 between its ends.

**The printed 10.8 per cent.** The article follows the path for 75 years and lets growth go on at its last rate from there. Its code
starts that second part as if best practice had always grown at the last rate, :math:`\ln M(T) = T g(T)`, where growth was lower on
the way. That adds

.. math:: e^{-\rho T} \left[T g(T) - \int_0^T g(t)\,dt\right]

to welfare, in logarithms of consumption: 0.6 per cent on the printed path, which is worth 10.80 with it and 10.17 without; 0.5 on
the path solved here, 10.91 with it. What is left between the two, 0.2, is the accuracy of the printed path: the mass of firms there
falls at about half the rate that its entry and exit imply in the first years.

What the article's code does is from notes on it; neither was at hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tradewinds.growth.interface import TOLERANCE
from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_residual import PASTED, residual
from tradewinds.growth.perla_tonetti_waugh_shocks import ShockPath
from tradewinds.growth.perla_tonetti_waugh_value import Firm, ParetoFirm, with_shocks
from tradewinds.growth.perla_tonetti_waugh_variables import variables
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.welfare import consumption_equivalent
from tradewinds.solvers import judge

__all__ = ["PublishedPath", "printed_gain", "resting"]

Array = NDArray[np.float64]


class PublishedPath(ShockPath):
    """The path of a mass of firms that are always distributed as Pareto; starts and ends are those of :func:`resting`."""

    kind: ClassVar[type[Firm]] = ParetoFirm

    def distribution(self, growth: Array) -> tuple[Array, Array]:
        """Return no deviations, and adopters from the flow at the threshold of a Pareto distribution."""
        theta = self.p.pareto_shape
        adoption = theta * (growth - self.p.drift - theta * self.firm.diffusion)
        return np.zeros((self.dates + 1, self.x.size)), adoption


def resting(point: BalancedGrowth) -> BalancedGrowth:
    """Return where a published path rests: the balanced growth path at the same parameters, of firms that count on exporting."""
    p: PerlaTonettiWaughParameters = point.parameters  # type: ignore[assignment]
    values = variables(p, "published", *with_shocks(p, True, ParetoFirm))
    found = replace(point, values=values)
    judge(
        found,
        lambda at: np.array(list(residual(at.values, p, PASTED).values()), dtype=float),
        tolerance=TOLERANCE,
        iterations=0,
        what="rest of the published path of perla-tonetti-waugh",
    )
    return found


def printed_gain(path: Transition, baseline: BalancedGrowth, horizon: float = 75.0) -> float:
    """Return the gain of a path, in per cent of consumption, with the slip of the article's code at its horizon.

    Parameters
    ----------
    path : Transition
        Of the variant ``published``.
    baseline : BalancedGrowth
        Of the variant ``published``; its rest is what the path is compared with.
    horizon : float
        Years.

    Examples
    --------
    >>> from tradewinds.growth import mechanisms
    >>> cut = {"trade_cost": 2.82024354291634}
    >>> result = mechanisms["perla-tonetti-waugh"].counterfactual(changed=cut, variant="published")
    >>> round(result.welfare_transition, 2), round(printed_gain(result.path, result.baseline), 2)
    (10.41, 10.91)
    """
    from scipy.interpolate import PchipInterpolator

    rho = float(path.parameters.discount_rate)  # type: ignore[attr-defined]
    level = PchipInterpolator(path.time, path.paths["best_practice"])
    slip = np.exp(-rho * horizon) * (horizon * level.derivative()(horizon) - level(horizon))
    return float(consumption_equivalent(path.lifetime_utility + slip / rho, resting(baseline).welfare, rho))
