r"""Discount rates at which two policies are worth the same.

Delay costs now and pays later, so the patient prefer it and the impatient do not. The difference in welfare is a Laplace
transform of the difference in utility, :math:`f(\varrho) = \int e^{-\varrho t} g(t)\,dt`, and that has no more positive zeros than
g has changes of sign (Descartes' rule of signs for integrals). So when as many are found as g changes sign, none is missing, and if
g never changes sign there is none. Zeros are bracketed on a fine grid of rates, and dips between grid points that come near
zero are searched.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.income_profile import IncomeProfile, income_profile, log_equivalent_consumption
from tradewinds.clusters.parameters import COUNTRIES
from tradewinds.clusters.welfare import TAIL_TOLERANCE, check_tail, check_welfare, until
from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["BreakEven", "break_even_rates"]

Array = NDArray[np.float64]

_GRID = 240  # rates at which the sign is looked at
_SAME = 1e-13  # gain below which two paths are worth the same


@dataclass(frozen=True, eq=False)
class BreakEven:
    """Where two policies are worth the same; tuples and first axes have home before foreign.

    Attributes
    ----------
    first, second : str
        Policies.
    risk_aversion, horizon : float
    lowest, highest : float
        Rates between which was searched.
    rates : tuple of tuple of float
        Break-even rates of each country, rising.
    most : tuple of int
        Changes of sign of the difference in utility: at most so many break-even rates above 0, in or outside the interval.
    discount_rates : ndarray, shape (R,)
    gain : ndarray, shape (2, R)
        Gain from the first policy over the second in equivalent consumption, as a share, at those rates.
    residual : float
        Largest gain, in logs, at a break-even rate.
    """

    first: str
    second: str
    risk_aversion: float
    horizon: float
    lowest: float
    highest: float
    rates: tuple[tuple[float, ...], tuple[float, ...]]
    most: tuple[int, int]
    discount_rates: Array = field(repr=False)
    gain: Array = field(repr=False)
    residual: float

    @property
    def complete(self) -> tuple[bool, bool]:
        """Whether every positive break-even rate was found, by country, proven by counting changes of sign."""
        home, foreign = (len(rates) == most for rates, most in zip(self.rates, self.most, strict=True))
        return home, foreign

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, first and second policy, number of the rate."""
        return tidy_frame(self._rows(), ["country", "first", "second", "number"])

    def _rows(self) -> Iterator[dict[str, Any]]:
        for country, rates, most in zip(COUNTRIES, self.rates, self.most, strict=True):
            labels = {"country": country, "first": self.first, "second": self.second}
            for k, rate in enumerate(rates):
                yield {
                    "variable": "break_even_rate",
                    "value": rate,
                    "unit": "per unit of time",
                    **labels,
                    "number": k + 1,
                }
            yield {"variable": "most_break_even_rates", "value": most, "unit": "number", **labels, "number": None}

    def summary(self) -> str:
        """Return who prefers what at which rates."""
        lines = []
        for c, country in enumerate(COUNTRIES):
            if np.abs(self.gain[c]).max() < _SAME:
                lines.append(f"{country} is indifferent from {self.lowest:.6g} to {self.highest:.6g}")
                continue
            ends = [self.lowest, *self.rates[c], self.highest]
            parts = []
            for low, high in itertools.pairwise(ends):
                inside = (self.discount_rates >= low) & (self.discount_rates <= high)
                middle = self.gain[c][inside]
                better = self.first if (middle.mean() if inside.any() else 0.0) > 0 else self.second
                parts.append(f"{better} from {low:.6g} to {high:.6g}")
            known = (
                "no other rate above 0 breaks even" if self.complete[c] else f"at most {self.most[c]} rates break even"
            )
            lines.append(f"{country} prefers {', '.join(parts)}; {known}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Plot the gain from the first policy over discount rates, break-even rates marked."""
        from tradewinds.clusters.opening_figures import plot_break_even

        return plot_break_even(self)


def break_even_rates(
    first: Any,
    second: Any,
    *,
    lowest: float = 0.01,
    highest: float = 1.0,
    risk_aversion: float = 1.0,
    horizon: float = np.inf,
    tolerance: float = TAIL_TOLERANCE,
) -> BreakEven:
    """Return every discount rate in an interval at which two paths are worth the same to a worker of a country.

    Parameters
    ----------
    first, second : ClusterPath, or Solution that holds one
        Of the same economies.
    lowest, highest : float
        Rates between which to search, above 0. Without end, paths must be long enough for the lowest.
    risk_aversion, horizon, tolerance
        As for :func:`~tradewinds.clusters.discounted_welfare`.

    Raises
    ------
    InputError
        If the interval is empty, a path is too short, or the two are not of the same economies.

    Examples
    --------
    Figure 6 of the paper: who discounts at less than 4.66 per cent waits until opening is cluster building.

    >>> from tradewinds.clusters import paper_economy, simulate
    >>> delayed, at_once = (simulate(paper_economy(6), policy=policy, horizon=800) for policy in ("delayed", "trade"))
    >>> found = break_even_rates(delayed, at_once, lowest=0.03)
    >>> [round(rate, 6) for rate in found.rates[0]], found.complete
    ([0.046605], (True, True))
    """
    if not 0 < lowest < highest < np.inf:
        raise InputError(
            f"lowest is {lowest!r} and highest {highest!r}; they must be above 0, finite, and in that order"
        )
    check_welfare(lowest, risk_aversion, horizon, tolerance)
    paths = [until(getattr(path, "value", path), horizon) for path in (first, second)]
    _require_same_economies(first, second)
    profiles = [income_profile(path, highest_rate=highest) for path in paths]
    if np.isinf(horizon):
        for profile in profiles:
            check_tail(profile, lowest, risk_aversion, tolerance)

    def difference(rate: float) -> Array:
        one, other = (log_equivalent_consumption(profile, rate, risk_aversion, horizon) for profile in profiles)
        return one - other

    grid = np.geomspace(lowest, highest, _GRID)
    values = np.array([difference(rate) for rate in grid.tolist()]).T
    rates = [_zeros(_of(difference, c), grid, values[c]) for c in range(2)]
    changes = _sign_changes(paths, profiles)
    residual = max((abs(difference(rate)[c]) for c in range(2) for rate in rates[c]), default=0.0)
    return BreakEven(
        first=profiles[0].policy,
        second=profiles[1].policy,
        risk_aversion=risk_aversion,
        horizon=float(horizon),
        lowest=lowest,
        highest=highest,
        rates=(rates[0], rates[1]),
        most=changes,
        discount_rates=grid,
        gain=np.expm1(values),
        residual=float(residual),
    )


def _require_same_economies(first: Any, second: Any) -> None:
    one, other = (getattr(path, "value", path).parameters for path in (first, second))
    for name in ("sigma", "technology", "labour", "spillovers", "inactive_learning"):
        if not np.array_equal(getattr(one, name), getattr(other, name)):
            raise InputError(f"the two paths differ in {name}: compare policies of the same economies")


def _zeros(function: Callable[[float], float], grid: Array, values: Array) -> tuple[float, ...]:
    """Return the zeros between the ends of the grid, also pairs between two neighbours that show as a dip."""
    from scipy.optimize import brentq, minimize_scalar

    points, heights = grid.tolist(), values.tolist()
    for k in range(1, len(grid) - 1):
        left, middle, right = np.sign(values[k]) * values[k - 1 : k + 2]
        if middle > 0 and left >= middle <= right:
            sign = float(np.sign(values[k]))
            ends = float(grid[k - 1]), float(grid[k + 1])
            dip = minimize_scalar(_times(sign, function), bounds=ends, method="bounded", options={"xatol": 1e-12})
            if dip.fun < 0:
                points.append(float(dip.x))
                heights.append(sign * float(dip.fun))
    order = np.argsort(points)
    rates, signs = np.array(points)[order], np.array(heights)[order]
    if np.abs(signs).max() < _SAME:  # the same path twice
        return ()
    zeros = [float(rate) for rate, sign in zip(rates, signs, strict=True) if sign == 0]
    for low, high, at_low, at_high in zip(rates[:-1], rates[1:], signs[:-1], signs[1:], strict=True):
        if at_low * at_high < 0:
            zeros.append(float(brentq(function, low, high, xtol=1e-15, rtol=1e-14)))
    return tuple(sorted(zeros))


def _of(difference: Callable[[float], Array], country: int) -> Callable[[float], float]:
    return lambda rate: float(difference(rate)[country])


def _times(sign: float, function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda rate: sign * function(rate)


def _sign_changes(paths: list[Any], profiles: list[IncomeProfile]) -> tuple[int, int]:
    """Return how often each country's real income under the first path crosses that under the second, at all nodes of both."""
    times = np.unique(np.concatenate([profile.times.ravel() for profile in profiles]))
    one, other = (np.log(path.real_income_per_worker(times)) for path in paths)
    differences = one - other
    counts = []
    for row in differences:
        signs = np.sign(row[np.abs(row) > 1e-11])
        counts.append(int((signs[1:] != signs[:-1]).sum()))
    home, foreign = counts
    return home, foreign
