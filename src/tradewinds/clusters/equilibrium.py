"""Autarky and free trade at one instant: solved exactly, and graded by the residuals of every condition."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.checks import autarky_residual, names, trade_residual
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.patterns import static_pattern
from tradewinds.clusters.results import Equilibrium
from tradewinds.errors import InputError, require_option
from tradewinds.solvers import Solution, judge

__all__ = ["TIES", "TOLERANCE", "autarky_point", "solve_autarky", "solve_trade", "trade_point"]

Array = NDArray[np.float64]

#: Rules that say who makes a good where several industries have a comparative advantage equal to the relative wage.
TIES: tuple[str, ...] = ("equal", "inertia")

#: Largest residual that counts as solved; all residuals are free of units.
TOLERANCE = 1e-9


def solve_autarky(parameters: ClusterParameters, *, throw: bool = True) -> Solution:
    """Solve both economies without trade.

    Returns
    -------
    Solution
        Its value is an :class:`Equilibrium`.

    Raises
    ------
    ConvergenceError
        If ``throw`` and the equations do not hold at the point found.

    References
    ----------
    Hanlon (2012), eqs. 1 to 8.

    Examples
    --------
    Figure 2 of the paper at sigma = 2:

    >>> economy = ClusterParameters(technology=[[10, 10, 5, 5], [5, 5, 10, 10]], sigma=2)
    >>> print(solve_autarky(economy).value.summary())
    autarky, 4 industries, sigma = 2
    home: real income 30, makes 1, 2, 3, 4
    foreign: real income 30, makes 1, 2, 3, 4
    """
    point = autarky_point(parameters)
    labels = names("autarky", parameters.industries)
    return judge(
        point,
        autarky_residual,
        tolerance=TOLERANCE,
        iterations=0,
        names=labels,
        what="clusters in autarky",
        throw=throw,
    )


def solve_trade(
    parameters: ClusterParameters, *, ties: str = "equal", previous_share: ArrayLike | None = None, throw: bool = True
) -> Solution:
    r"""Solve free trade: relative wage, who makes what, employment and real income.

    Parameters
    ----------
    parameters : ClusterParameters
    ties : {"equal", "inertia"}
        Where several industries have an advantage equal to the relative wage, only the sum of :math:`s_i A_i^{\sigma-1}` over
        them is determined, not who makes which. ``equal`` gives each the same home share; ``inertia`` stays as
        near to ``previous_share`` as the sum allows, all moving the same way.
    previous_share : array of shape (n,), optional
        Home's share of each industry before; needed by ``inertia``.

    Returns
    -------
    Solution
        Its value is an :class:`Equilibrium`.

    Raises
    ------
    InputError
        If the rule is unknown, or the previous shares are missing, misshapen or outside 0 to 1.
    ConvergenceError
        If ``throw`` and the equations do not hold at the point found.

    References
    ----------
    Hanlon (2012), eqs. 10 to 12 in the corrected form of :func:`~tradewinds.clusters.balanced_trade`.

    Examples
    --------
    Three goods; home has more workers and takes a part of the second:

    >>> economy = ClusterParameters(technology=[[10, 5, 5], [5, 5, 10]], labour=[1.25, 1], sigma=2)
    >>> solution = solve_trade(economy)
    >>> solution.value.relative_wage, solution.value.shared
    (1.0, (2,))
    >>> solution.value.home_share.round(6).tolist()
    [1.0, 0.777778, 0.0]
    """
    require_option("ties", ties, TIES)
    previous = _previous(previous_share, parameters.industries) if ties == "inertia" else None
    point = trade_point(parameters, previous)
    labels = names("trade", parameters.industries)
    return judge(
        point,
        trade_residual,
        tolerance=TOLERANCE,
        iterations=0,
        names=labels,
        what="clusters in free trade",
        throw=throw,
    )


def _previous(share: ArrayLike | None, n: int) -> Array:
    if share is None:
        raise InputError(
            'ties = "inertia" needs previous_share, home\'s share of each industry before; or use ties = "equal"'
        )
    array = np.asarray(share, dtype=float)
    if array.shape != (n,):
        raise InputError(f"previous_share has shape {array.shape}; it must have shape {(n,)}, one share an industry")
    if not np.all((array >= 0) & (array <= 1)):
        raise InputError("previous_share must lie between 0 and 1 in every industry")
    return array


def autarky_point(parameters: ClusterParameters) -> Equilibrium:
    """Return autarky, ungraded: employment (eq. 8) and real income (eq. 3)."""
    return static_pattern(parameters, np.zeros(parameters.industries, dtype=bool)).equilibrium(parameters.technology)


def trade_point(parameters: ClusterParameters, previous: Array | None = None) -> Equilibrium:
    """Return free trade, ungraded; tied industries have equal shares, or stay near ``previous``."""
    every = np.ones(parameters.industries, dtype=bool)
    return static_pattern(parameters, every, previous).equilibrium(parameters.technology)
