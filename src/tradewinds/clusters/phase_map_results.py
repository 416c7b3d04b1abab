"""A map of who gains from trade: gains, growth, the error of the steps, and how much of the map that error leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["CATEGORIES", "PhaseMap"]

Array = NDArray[np.float64]

#: Who gains from trade over the horizon.
CATEGORIES: tuple[str, ...] = ("neither", "only home", "only foreign", "both")


@dataclass(frozen=True, eq=False)
class PhaseMap:
    """Who gains from trade, over T scales of technology, S of spillovers and G elasticities.

    Attributes
    ----------
    template : ClusterParameters
    scaled : str or mapping
        Which technologies the first axis multiplies.
    technology_scale, spillover_scale, sigma : ndarray, shapes (T,), (S,) and (G,)
    horizon, discount_rate, risk_aversion : float
    steps : int
    welfare_gain : ndarray, shape (T, S, G, 2)
        Log of the consumption equivalent of trade against autarky, of home and foreign.
    static_gain : ndarray, shape (T, S, G, 2)
        Log of real income in trade over autarky, at time 0; at least 0.
    growth_gain, growth : ndarray, shape (T, S, G, 2)
        Mean annual growth of real income: in trade less in autarky; in trade.
    error : ndarray, shape (T, S, G, 2)
        How much the welfare gain moves if steps are twice as long.
    pattern_changes : ndarray of int, shape (T, S, G)
        Steps under trade after which others are at work.
    """

    template: ClusterParameters
    scaled: str | Mapping[str, Sequence[int]]
    technology_scale: Array
    spillover_scale: Array
    sigma: Array
    horizon: float
    discount_rate: float
    risk_aversion: float
    steps: int
    welfare_gain: Array = field(repr=False)
    static_gain: Array = field(repr=False)
    growth_gain: Array = field(repr=False)
    growth: Array = field(repr=False)
    error: Array = field(repr=False)
    pattern_changes: NDArray[np.int64] = field(repr=False)

    @property
    def code(self) -> NDArray[np.int64]:
        """Place of each cell in :data:`CATEGORIES`, shape (T, S, G)."""
        gains = self.welfare_gain > 0
        return np.asarray(gains[..., 0] + 2 * gains[..., 1], dtype=np.int64)

    @property
    def category(self) -> NDArray[np.str_]:
        """Who gains, shape (T, S, G)."""
        return np.asarray(CATEGORIES)[self.code]

    @property
    def undecided(self) -> NDArray[np.bool_]:
        """Cells within the error of a border: a gain of either country is not larger than its error; shape (T, S, G)."""
        return np.asarray(np.any(np.abs(self.welfare_gain) <= self.error, axis=-1))

    @property
    def hopping(self) -> NDArray[np.bool_]:
        """Cells in which two industries seem tied at the relative wage, so that steps overshoot in turns; shape (T, S, G).

        The pattern changes more often than twice an industry. There ``error`` may miss a bias: use ``simulate``.
        """
        return np.asarray(self.pattern_changes > 2 * self.template.industries)

    @property
    def shares(self) -> dict[str, float]:
        """Share of cells in each category."""
        return {name: float(np.mean(self.code == place)) for place, name in enumerate(CATEGORIES)}

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self, sigma: float | None = None) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, technology_scale, spillover_scale, sigma.

        Parameters
        ----------
        sigma : float, optional
            Only the slice of this elasticity; a map of 100,000 cells has a million rows.

        Raises
        ------
        InputError
            If the map has no such slice.
        """
        chosen = range(len(self.sigma)) if sigma is None else [self._slice(sigma)]
        labels = ["country", "technology_scale", "spillover_scale", "sigma"]
        return tidy_frame((row for g in chosen for row in self._rows(g)), labels)

    def _slice(self, sigma: float) -> int:
        near = np.flatnonzero(np.isclose(self.sigma, sigma, rtol=1e-12, atol=0))
        if not len(near):
            some = ", ".join(f"{value:g}" for value in self.sigma[:8]) + (", ..." if len(self.sigma) > 8 else "")
            raise InputError(f"the map has no sigma = {sigma:g}; it has {some}")
        return int(near[0])

    def _rows(self, g: int) -> Iterator[dict[str, Any]]:
        numbers = (
            ("welfare_gain", 100 * np.expm1(self.welfare_gain), "per cent of consumption"),
            ("static_gain", 100 * np.expm1(self.static_gain), "per cent of real income"),
            ("growth_gain", self.growth_gain, "fraction a year"),
            ("growth", self.growth, "fraction a year"),
            ("welfare_gain_error", 100 * self.error, "per cent of consumption"),
        )
        for t, technology in enumerate(self.technology_scale.tolist()):
            for s, spillover in enumerate(self.spillover_scale.tolist()):
                for c, country in enumerate(COUNTRIES):
                    labels = {
                        "country": country, "technology_scale": technology, "spillover_scale": spillover,
                        "sigma": float(self.sigma[g]),
                    }  # fmt: skip
                    for variable, array, unit in numbers:
                        yield {"variable": variable, "value": float(array[t, s, g, c]), "unit": unit, **labels}

    def summary(self) -> str:
        """Return who gains where, and how far the numbers can be trusted, in a few lines."""
        shape = " x ".join(str(len(axis)) for axis in (self.technology_scale, self.spillover_scale, self.sigma))
        who = ", ".join(f"{name} {100 * share:.1f} per cent" for name, share in self.shares.items())
        gains, first_day = 100 * np.expm1(self.welfare_gain), 100 * np.expm1(self.static_gain)
        median, largest = 100 * np.median(self.error), 100 * self.error.max()
        undecided, hopping = 100 * np.mean(self.undecided), 100 * np.mean(self.hopping)
        return "\n".join(
            [
                f"{self.code.size:,} economies ({shape}) of {self.template.industries} industries over {self.horizon:g} years, "
                f"discounted at {self.discount_rate:g}, risk aversion {self.risk_aversion:g}",
                f"who gains from trade: {who}",
                f"welfare gains from {gains.min():.3g} to {gains.max():.3g} per cent of consumption; on the first day from "
                f"{first_day.min():.3g} to {first_day.max():.3g} per cent of income",
                f"error with {self.steps} steps: median {median:.1g}, largest {largest:.1g} per cent; within it of a border "
                f"{undecided:.2g} per cent of cells; two industries tied for long, where it may be more, in {hopping:.2g}",
            ]
        )

    def plot(self, sigma: Sequence[float] | None = None) -> Figure:
        """Draw who gains, a panel an elasticity.

        Parameters
        ----------
        sigma : sequence of float, optional
            Slices to draw; None draws up to three, spread over the axis.
        """
        from tradewinds.clusters.phase_map_figure import plot_map

        count = len(self.sigma)
        chosen = sorted({0, count // 2, count - 1}) if sigma is None else [self._slice(value) for value in sigma]
        return plot_map(self, chosen)
