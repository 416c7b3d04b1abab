"""What the best spread of research is, and what moving there is worth (Liu and Ma 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.research_parameters import ResearchParameters
from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ResearchAllocation"]

Array = NDArray[np.float64]


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
