r"""Trade in some industries while others stay closed: a step of gradual liberalisation (Hanlon 2012, Section 4).

Closed industries are made at home for home and abroad for foreign; open ones where they cost least. Balanced trade in the
open ones sets the relative wage. Closed industries absorb workers, so that there is no closed form between two industries,
but one equation in one unknown, whose slope has a sign.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.checks import names, partial_residual
from tradewinds.clusters.equilibrium import TOLERANCE, solve_autarky
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.patterns import static_pattern
from tradewinds.clusters.results import Equilibrium
from tradewinds.errors import InputError
from tradewinds.solvers import Solution, judge

__all__ = ["open_mask", "partial_point", "solve_partial_trade", "static_pattern"]

Array = NDArray[np.float64]


def partial_point(parameters: ClusterParameters, is_open: NDArray[np.bool_]) -> Equilibrium:
    """Return trade in some industries, ungraded; home has the same share of each tied one."""
    return static_pattern(parameters, is_open).equilibrium(parameters.technology)


def solve_partial_trade(
    parameters: ClusterParameters, open_industries: Iterable[int], *, throw: bool = True
) -> Solution:
    """Solve trade in some industries; the others are closed.

    Parameters
    ----------
    parameters : ClusterParameters
    open_industries : iterable of int
        Industries that trade, counted from one. All of them is free trade, none is autarky. Where several are tied at
        the relative wage, home has the same share of each.

    Returns
    -------
    Solution
        Its value is an :class:`Equilibrium`.

    Raises
    ------
    InputError
        If there is no such industry.
    ConvergenceError
        If ``throw`` and the equations do not hold at the point found.

    References
    ----------
    Hanlon (2012), Section 4, from eqs. 3 to 6 and balanced trade; the paper does not write the conditions out.

    Examples
    --------
    Figure 6 with industries 1 and 4 open. Wages are equal; home's first industry serves both countries:

    >>> from tradewinds.clusters import paper_economy
    >>> point = solve_partial_trade(paper_economy(6), [1, 4]).value
    >>> round(point.relative_wage, 12), (point.employment[0] * 29).round(9).tolist()
    (1.0, [20.0, 4.0, 5.0, 0.0])
    """
    is_open = open_mask(open_industries, parameters.industries)
    if not is_open.any():
        return solve_autarky(parameters, throw=throw)
    return judge(
        partial_point(parameters, is_open),
        lambda point: partial_residual(point, is_open),
        tolerance=TOLERANCE,
        iterations=0,
        names=names("trade", parameters.industries),
        what="clusters in partial trade",
        throw=throw,
    )


def open_mask(industries: Iterable[int], n: int, name: str = "open_industries") -> NDArray[np.bool_]:
    """Return which of n industries are named, counted from one."""
    mask = np.zeros(n, dtype=bool)
    if not isinstance(industries, Iterable):
        raise InputError(f"{name} is {industries!r}; it must be a list of industries, such as [{industries!r}]")
    for industry in industries:
        if isinstance(industry, bool) or industry not in range(1, n + 1):
            raise InputError(f"{name} has {industry!r}; industries are numbered from 1 to {n}")
        mask[int(industry) - 1] = True
    return mask
