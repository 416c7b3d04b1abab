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

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.research_inputs import by_industry, link_shares, positive, shares
from tradewinds.errors import InputError
from tradewinds.solvers import Solution, judge
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ResearchAllocation", "ResearchParameters", "knowledge_centrality", "solve_research"]

Array = NDArray[np.float64]

#: Largest residual that counts as solved; shares are of order one.
TOLERANCE = 1e-10


@dataclass(frozen=True, kw_only=True, eq=False)
class ResearchParameters:
    r"""An economy whose industries learn from each other by research.

    Parameters
    ----------
    learning_shares : array of shape (n, n)
        :math:`\Omega`: row learns, column teaches, rows sum to one; see :meth:`SpilloverNetwork.learning_shares`.
    utility_weights : mapping by industry, or n numbers
        :math:`\beta`, shares of consumption; they sum to one.
    discount_rate : float
        :math:`\rho`, a year.
    diffusion_rate : float
        :math:`\lambda`, speed at which new ideas enter the stock of knowledge, a year.
    knowledge_elasticity : float
        :math:`\psi`, per cent of consumption for one per cent of knowledge in every industry.
    research_spending : mapping by industry, or n numbers, optional
        Research as it is, in any unit: only shares matter. None: no gain is reported.
    own_knowledge : float, n numbers, or array of shape (n, n)
        Share of what the row learns from the column that comes from the own country, one number for all, one a learner or one a
        link. 1 is a closed economy. Knowledge abroad takes its own course.
    industries : sequence of str, optional
        Labels; default: numbers from one.

    Raises
    ------
    InputError
        If shapes disagree, shares do not sum to one, or a number is out of bounds.
    AlignmentError
        If a mapping does not name the same industries.
    """

    learning_shares: Array = field(repr=False)
    utility_weights: Array
    discount_rate: float
    diffusion_rate: float
    knowledge_elasticity: float = 1.0
    research_spending: Array | None = None
    own_knowledge: Array = field(default_factory=lambda: np.array(1.0), repr=False)
    industries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        omega = np.array(self.learning_shares, dtype=float)
        if omega.ndim != 2 or omega.shape[0] != omega.shape[1] or not omega.size:
            raise InputError(
                f"learning_shares has shape {omega.shape}; it must be square, one row an industry that learns"
            )
        n = len(omega)
        labels = tuple(str(label) for label in self.industries) or tuple(str(i + 1) for i in range(n))
        if len(labels) != n:
            raise InputError(f"industries has {len(labels)} labels, but learning_shares has {n} industries")
        for i, label in enumerate(labels):
            shares(omega[i], f"learning_shares of {label}", labels)
        for name in ("discount_rate", "diffusion_rate", "knowledge_elasticity"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))
        weights = by_industry("utility_weights", self.utility_weights, labels)
        shares(weights, "utility_weights", labels)
        spending = None
        if self.research_spending is not None:
            spending = by_industry("research_spending", self.research_spending, labels)
            if not spending.sum() > 0:
                raise InputError("research_spending is 0 everywhere; at least one industry must do research")
        omega.setflags(write=False)
        object.__setattr__(self, "learning_shares", omega)
        object.__setattr__(self, "utility_weights", weights)
        object.__setattr__(self, "research_spending", spending)
        object.__setattr__(self, "own_knowledge", link_shares(self.own_knowledge, n))
        object.__setattr__(self, "industries", labels)

    @property
    def research_shares(self) -> Array | None:
        """Research as it is, as shares s that sum to one; None where it is not given."""
        return None if self.research_spending is None else self.research_spending / self.research_spending.sum()

    @property
    def own_learning(self) -> Array:
        r"""What is learnt from the own country, shape (n, n): own-knowledge shares times :math:`\Omega`."""
        return np.asarray(self.own_knowledge * self.learning_shares)

    def replace(self, **changes: object) -> ResearchParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class ResearchAllocation:
    """Where research is worth most.

    Attributes
    ----------
    parameters : ResearchParameters
    influence : ndarray, shape (n,)
        v: value of one per cent more research in each industry for good, relative to one per cent more everywhere in an economy
        that learns from itself alone.
    optimal : ndarray, shape (n,)
        gamma: best shares of research.
    """

    parameters: ResearchParameters
    influence: Array
    optimal: Array

    @property
    def contributions(self) -> Array:
        r"""Log gain in consumption by industry, :math:`(\psi\lambda/\rho)\,v_i\,(\ln\gamma_i - \ln s_i)`.

        Raises
        ------
        InputError
            If it is not said how research is done now.
        """
        parameters = self.parameters
        speed = parameters.knowledge_elasticity * parameters.diffusion_rate / parameters.discount_rate
        return np.asarray(speed * self.influence * self._log_change())

    @property
    def welfare_gain(self) -> float:
        r"""Consumption equivalent of moving from s to gamma for good.

        .. math:: \exp\bigl((\psi\lambda/\rho)\,v^\top(\ln\gamma - \ln s)\bigr) - 1

        A fraction: 0.1 is worth ten per cent more consumption at every date, transition included. Infinite if an industry that is
        worth something does no research.
        """
        with np.errstate(over="ignore"):
            return float(np.expm1(self.contributions.sum()))

    def consumption_gain(self, times: ArrayLike) -> Array:
        r"""Return the log of consumption over what it would have been, at dates after the change.

        .. math:: \psi\,\beta^\top \int_0^t \lambda\,e^{\lambda(\Omega - I)u}\,du\;(\ln\gamma - \ln s)

        Parameters
        ----------
        times : array of shape (T,)
            Years, at least 0.
        """
        from scipy.linalg import expm

        dates = np.atleast_1d(np.asarray(times, dtype=float))
        if not np.all((dates >= 0) & np.isfinite(dates)):
            raise InputError(f"times must be at least 0 and finite; found {times!r}")
        parameters, n = self.parameters, len(self.optimal)
        step = self._log_change()
        if not np.all(np.isfinite(step)):
            raise InputError(
                "an industry that is worth something does no research, so that there is no path to compare with"
            )
        system = np.zeros((n + 1, n + 1))  # the integral is a block of the exponential of this
        system[:n, :n] = parameters.diffusion_rate * (parameters.own_learning - np.eye(n))
        system[:n, n] = parameters.diffusion_rate * step
        weights = parameters.knowledge_elasticity * parameters.utility_weights
        return np.array([float(weights @ expm(system * date)[:n, n]) for date in dates])

    def _log_change(self) -> Array:
        now = self.parameters.research_shares
        if now is None:
            raise InputError("research_spending is not given, so that there is nothing to compare the best shares with")
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.influence > 0, np.log(self.optimal) - np.log(now), 0.0)

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("liu-ma2021",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, industry (empty for aggregates)."""
        parameters, now = self.parameters, self.parameters.research_shares
        columns: dict[str, tuple[Array, str]] = {
            "utility_weight": (parameters.utility_weights, "share of consumption"),
            "influence": (self.influence, "1"),
            "optimal_research_share": (self.optimal, "share of research"),
        }
        if now is not None:
            columns["research_share"] = (now, "share of research")
            columns["welfare_contribution"] = (self.contributions, "log of consumption")
        rows: list[dict[str, object]] = [
            {"variable": name, "value": float(value), "unit": unit, "industry": label}
            for name, (values, unit) in columns.items()
            for label, value in zip(parameters.industries, values, strict=True)
        ]
        if now is not None:
            rows.append(
                {
                    "variable": "welfare_gain",
                    "value": self.welfare_gain,
                    "unit": "fraction of consumption",
                    "industry": None,
                }
            )
        rows.append(
            {"variable": "own_knowledge_value", "value": float(self.influence.sum()), "unit": "1", "industry": None}
        )
        return tidy_frame(rows, ["industry"])

    def summary(self) -> str:
        """Return the best shares and what they would be worth, in a few lines."""
        parameters, now = self.parameters, self.parameters.research_shares
        kind = "closed economy" if np.all(parameters.own_knowledge == 1) else "open economy"
        lines = [
            f"Research in {len(self.optimal)} industries, {kind}: discount rate {parameters.discount_rate:g}, diffusion rate "
            f"{parameters.diffusion_rate:g}, knowledge elasticity {parameters.knowledge_elasticity:g}"
        ]
        for i in np.argsort(-self.optimal, kind="stable")[:5]:
            today = "" if now is None else f" (now {now[i]:.4f})"
            lines.append(f"  {parameters.industries[i]}: {self.optimal[i]:.4f} of research{today}")
        if now is not None:
            lines.append(
                f"moving there is worth {self.welfare_gain:.2%} of consumption at every date, transition included"
            )
        return "\n".join(lines)

    def plot(self, horizon: float = 50.0) -> Figure:
        """Return best shares beside those of today and, where these are known, consumption after the change."""
        from tradewinds.clusters.network_figures import plot_research

        return plot_research(self, horizon)


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
    Liu and Ma (2021), Section 2, and for own-knowledge shares their open economy; derived again here.

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


def knowledge_centrality(learning_shares: ArrayLike, industries: Sequence[str] | Mapping[str, object] = ()) -> Array:
    r"""Return the best shares of research as the future counts in full: :math:`a^\top = a^\top \Omega`, summing to one.

    This is what shares tend to as the discount rate goes to zero in a closed economy, whatever is consumed.

    Parameters
    ----------
    learning_shares : array of shape (n, n)
        Row learns, column teaches; rows sum to one.

    Raises
    ------
    InputError
        If the network has several parts that learn from nobody outside: the limit then depends on what is consumed.

    References
    ----------
    Liu and Ma (2021), Section 2.

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
