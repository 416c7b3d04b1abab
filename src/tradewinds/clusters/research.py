r"""Where to do research when industries learn from each other (Liu and Ma 2021).

Knowledge of industry i grows with its share of research and with the knowledge of those it learns from,

.. math:: \frac{d \ln q}{dt} = \lambda\,(\ln s + (\Omega - I) \ln q) ,

and people value :math:`\int e^{-\rho t}\,\psi\,\beta^\top \ln q\,dt`. A lasting rise of :math:`\ln s` by d is worth
:math:`(\psi\lambda/\rho^2)\,v^\top d` in logs, with

.. math:: v^\top = \frac{\rho}{\rho+\lambda}\,\beta^\top \Bigl(I - \frac{\lambda}{\rho+\lambda}\,\Omega\Bigr)^{-1} :

the Laplace transform of the path. As v does not depend on s, the best shares are :math:`\gamma = v / \sum_i v_i` at every date. In
a closed economy rows of :math:`\Omega` sum to one, hence so does v. In an open one a part of what an industry learns comes from
abroad; own-knowledge shares scale :math:`\Omega` down, v sums to less than one, and research leans towards what is consumed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.research_inputs import shares
from tradewinds.clusters.research_parameters import ResearchParameters
from tradewinds.clusters.research_results import ResearchAllocation
from tradewinds.errors import InputError
from tradewinds.solvers import Solution, judge

__all__ = ["ResearchAllocation", "ResearchParameters", "knowledge_centrality", "solve_research"]

Array = NDArray[np.float64]

#: Largest residual that counts as solved; shares are of order one.
TOLERANCE = 1e-10


def solve_research(parameters: ResearchParameters, *, throw: bool = True) -> Solution:
    r"""Return the shares of research that people would choose.

    Parameters
    ----------
    parameters : ResearchParameters

    Returns
    -------
    Solution
        Its value is a :class:`ResearchAllocation`. The residual is that of the recursion
        :math:`v = \frac{\rho}{\rho+\lambda}\beta + \frac{\lambda}{\rho+\lambda}\Omega^\top v`, and of shares that sum to one.

    Raises
    ------
    ConvergenceError
        If ``throw`` and the recursion does not hold at the point found.

    References
    ----------
    Liu and Ma (2021); derived again here, own-knowledge shares included.

    Examples
    --------
    Everybody learns from steel, and toys are what is consumed:

    >>> economy = ResearchParameters(
    ...     learning_shares=[[1, 0], [0.5, 0.5]],
    ...     utility_weights=[0, 1],
    ...     discount_rate=0.05,
    ...     diffusion_rate=0.15,
    ...     research_spending=[1, 1],
    ...     industries=("steel", "toys"),
    ... )
    >>> found = solve_research(economy).value
    >>> found.optimal.round(4).tolist(), round(found.welfare_gain, 4)
    ([0.6, 0.4], 0.0623)
    """
    discount = parameters.diffusion_rate / (parameters.discount_rate + parameters.diffusion_rate)
    source = (1 - discount) * parameters.utility_weights
    system = np.eye(len(source)) - discount * parameters.own_learning
    influence = np.maximum(np.linalg.solve(system.T, source), 0.0)  # an M-matrix: below zero is rounding
    value = ResearchAllocation(parameters, influence, influence / influence.sum())

    def residual(point: ResearchAllocation) -> Array:
        recursion = point.influence - source - discount * parameters.own_learning.T @ point.influence
        return np.append(recursion, point.optimal.sum() - 1)

    names = [*(f"value of research in {label}" for label in parameters.industries), "shares sum to one"]
    return judge(
        value, residual, tolerance=TOLERANCE, iterations=0, names=names, what="research in a network", throw=throw
    )


def knowledge_centrality(learning_shares: ArrayLike, industries: Sequence[str] = ()) -> Array:
    r"""Return the best shares of research as the future counts in full: :math:`a^\top = a^\top \Omega`, summing to one.

    This is what shares tend to as the discount rate goes to zero in a closed economy, whatever is consumed.

    Parameters
    ----------
    learning_shares : array of shape (n, n)
        Row learns, column teaches; rows sum to one.
    industries : sequence of str, optional
        Labels for messages; default: numbers from one.

    Raises
    ------
    InputError
        If the network has several parts that learn from nobody outside: the limit then depends on what is consumed.

    References
    ----------
    Liu and Ma (2021).

    Examples
    --------
    >>> knowledge_centrality([[0.5, 0.5], [0.25, 0.75]]).round(6).tolist()
    [0.333333, 0.666667]
    """
    omega = np.asarray(learning_shares, dtype=float)
    labels = tuple(map(str, industries)) or tuple(str(i + 1) for i in range(len(omega)))
    for i, label in enumerate(labels):
        shares(omega[i], f"learning_shares of {label}", labels)
    _, sizes, right = np.linalg.svd(np.eye(len(omega)) - omega.T)
    if len(sizes) > 1 and sizes[-2] < 1e-10:
        raise InputError(
            "the network has several parts that learn from nobody outside, so that the limit depends on what is consumed; use "
            "solve_research with a small discount rate"
        )
    vector = np.abs(right[-1])
    return np.asarray(vector / vector.sum())
