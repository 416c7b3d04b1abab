r"""Welfare of a path: discounted utility of the consumption index per worker, transition included (Hanlon 2012, Section 2.1).

Workers do not save, so a policy is worth :math:`\int_0^T e^{-\varrho t} u(D/L)\,dt` with :math:`u = D^{1-\theta}/(1-\theta)`, or
:math:`\ln D` at :math:`\theta = 1`. It is reported as the constant consumption index that is worth the same, so that gains are in
per cent of consumption and do not depend on how utility is scaled.

**Infinite horizon.** A path ends somewhere. What comes after is between two bounds that need no simulation. Technology never falls,
and trade never makes a country poorer than autarky, so real income stays above autarky with the last technology. And no more
is learned than if all workers sent the strongest spillover, nor is more consumed than if all workers of the world worked for the
country with the best technology of each industry, which grows linearly. Discounting makes the difference as small as one wants:
:func:`welfare_horizon` says how long a path must be. The rest is taken as if real income stayed; the error this may make is
reported, and refused where it is above the tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import log_sum
from tradewinds.clusters.income_profile import (
    IncomeProfile,
    duration,
    income_profile,
    log_equivalent_consumption,
    steepest,
    tail_error,
)
from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Welfare",
    "consumption_gain",
    "discounted_welfare",
    "welfare_horizon",
]

Array = NDArray[np.float64]

#: Largest error in the log of equivalent consumption that the part after an endless path's last date may make.
TAIL_TOLERANCE = 1e-8


@dataclass(frozen=True, eq=False)
class Welfare:
    """Welfare of one path; arrays have home before foreign.

    Attributes
    ----------
    policy : str
    discount_rate, risk_aversion : float
    horizon : float
        Infinity if the path goes on for ever.
    simulated : float
        Last date of the path.
    equivalent_consumption : ndarray, shape (2,)
        Constant consumption index per worker that is worth as much as the path.
    utility : ndarray, shape (2,)
        Discounted utility as the paper writes it.
    tail_error : float
        Most by which the part after the path can change the log of equivalent consumption.
    """

    policy: str
    discount_rate: float
    risk_aversion: float
    horizon: float
    simulated: float
    equivalent_consumption: Array
    utility: Array
    tail_error: float

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, policy."""
        return tidy_frame(self._rows(), ["country", "policy"])

    def _rows(self) -> Iterator[dict[str, Any]]:
        for c, country in enumerate(COUNTRIES):
            labels = {"country": country, "policy": self.policy}
            value = float(self.equivalent_consumption[c])
            yield {"variable": "equivalent_consumption", "value": value, "unit": "consumption index a worker", **labels}
            yield {"variable": "discounted_utility", "value": float(self.utility[c]), "unit": "utility", **labels}

    def summary(self) -> str:
        """Return welfare in a line or two."""
        worth = ", ".join(
            f"{country} {value:.6g}" for country, value in zip(COUNTRIES, self.equivalent_consumption, strict=True)
        )
        lasts = "for ever" if np.isinf(self.horizon) else f"to {self.horizon:g}"
        return (
            f"{self.policy}, {lasts}, discount rate {self.discount_rate:g}, risk aversion {self.risk_aversion:g}: worth a "
            f"constant consumption index per worker of {worth}"
        )


def welfare_horizon(
    parameters: ClusterParameters,
    discount_rate: float,
    *,
    risk_aversion: float = 1.0,
    tolerance: float = TAIL_TOLERANCE,
) -> float:
    """Return how long a path must be so that what comes after does not matter for welfare without end.

    Parameters
    ----------
    discount_rate : float
        The lowest that will be used.
    tolerance : float
        In the log of equivalent consumption.

    Examples
    --------
    >>> from tradewinds.clusters import paper_economy
    >>> 300 < welfare_horizon(paper_economy(6), 0.05) < 700
    True
    """
    check_welfare(discount_rate, risk_aversion, np.inf, tolerance)
    lowest = (log_sum((parameters.sigma - 1) * np.log(parameters.technology)) / (parameters.sigma - 1)).min()
    horizon = 1 / discount_rate
    while True:  # the bounds of a path of that length, if technology had grown as fast as it can
        ceiling = parameters.technology.max(axis=0) + horizon * steepest(parameters)
        scale = parameters.labour.sum() / parameters.labour
        profile = IncomeProfile(
            "", horizon, np.array([0.0, horizon]), np.full((2, 1, 16), lowest), np.full(2, lowest), np.full(2, lowest),
            ceiling, steepest(parameters), scale, parameters.sigma,
        )  # fmt: skip
        if tail_error(profile, discount_rate, risk_aversion) <= tolerance:
            return float(horizon)
        horizon *= 1.1


def discounted_welfare(
    path: Any,
    *,
    discount_rate: float,
    risk_aversion: float = 1.0,
    horizon: float = np.inf,
    tolerance: float = TAIL_TOLERANCE,
) -> Welfare:
    r"""Return what a path is worth to a worker of each country.

    .. math:: W = \int_0^T e^{-\varrho t} \frac{(D/L)^{1-\theta}}{1-\theta}\,dt, \qquad
        \bar D = \left[\frac{\int_0^T e^{-\varrho t} (D/L)^{1-\theta}\,dt}{\int_0^T e^{-\varrho t}\,dt}\right]^{1/(1-\theta)} .

    Parameters
    ----------
    path : ClusterPath, or Solution that holds one
    discount_rate : float
        Above 0, unless the horizon is finite.
    risk_aversion : float
        theta, at least 0; 1 is log utility.
    horizon : float
        Infinite, or a date of the path: nothing after it counts.
    tolerance : float
        Most that the part of an endless path after its last date may change the log of equivalent consumption.

    Raises
    ------
    InputError
        If utility diverges, the horizon is after the path's last date, or the path is too short for welfare without end.

    References
    ----------
    Hanlon (2012), Section 2.1.
    """
    check_welfare(discount_rate, risk_aversion, horizon, tolerance)
    path = until(getattr(path, "value", path), horizon)
    profile = income_profile(path, highest_rate=max(abs(discount_rate), 1e-3))
    log_equivalent = log_equivalent_consumption(profile, discount_rate, risk_aversion, horizon)
    error = check_tail(profile, discount_rate, risk_aversion, tolerance) if np.isinf(horizon) else 0.0
    span = duration(discount_rate, horizon)
    curvature = 1 - risk_aversion
    utility = span * (log_equivalent if curvature == 0 else np.exp(curvature * log_equivalent) / curvature)
    return Welfare(
        profile.policy,
        discount_rate,
        risk_aversion,
        float(horizon),
        profile.horizon,
        np.exp(log_equivalent),
        utility,
        error,
    )


def consumption_gain(policy: Welfare, reference: Welfare) -> Array:
    """Return by how much consumption under the reference would have to rise to be worth the policy, shape (2,), as a share.

    Raises
    ------
    InputError
        If the two are not measured alike.
    """
    for name in ("discount_rate", "risk_aversion", "horizon"):
        one, other = getattr(policy, name), getattr(reference, name)
        if one != other:
            raise InputError(
                f"{name} is {one:g} for {policy.policy} and {other:g} for {reference.policy}; use one for both"
            )
    return np.expm1(np.log(policy.equivalent_consumption) - np.log(reference.equivalent_consumption))


@dataclass(frozen=True, eq=False)
class _Shortened:
    """A path of which nothing after a date counts."""

    path: Any
    horizon: float

    def __getattr__(self, name: str) -> Any:
        return getattr(self.path, name)


def until(path: Any, horizon: float) -> Any:
    """Return the path up to a date, or whole if that is infinite."""
    if np.isinf(horizon) or horizon == path.horizon:
        return path
    if horizon > path.horizon:
        raise InputError(
            f"horizon is {horizon:g} but the path of {path.policy} ends at {path.horizon:g}; simulate with that horizon"
        )
    return _Shortened(path, float(horizon))


def check_welfare(
    discount_rate: float, risk_aversion: float, horizon: float, tolerance: float = TAIL_TOLERANCE
) -> None:
    """Refuse what has no finite welfare."""
    if not np.isfinite(discount_rate) or (np.isinf(horizon) and discount_rate <= 0):
        raise InputError(
            f"discount_rate is {discount_rate!r}; without end it must be above 0, since utility diverges otherwise. "
            "Try 0.03, or give a finite horizon"
        )
    if not 0 <= risk_aversion < np.inf:
        raise InputError(f"risk_aversion is {risk_aversion!r}; it must be at least 0 and finite; 1 is log utility")
    if not horizon > 0:
        raise InputError(f"horizon is {horizon!r}; it must be above 0, a date or infinity")
    if not tolerance > 0:
        raise InputError(f"tolerance is {tolerance!r}; it must be above 0, such as {TAIL_TOLERANCE:g}")


def check_tail(profile: IncomeProfile, discount_rate: float, risk_aversion: float, tolerance: float) -> float:
    """Return the most that what comes after the path may change the log of equivalent consumption; refuse too much."""
    error = tail_error(profile, discount_rate, risk_aversion)
    if error <= tolerance:
        return error
    wanted = profile.horizon + 1.1 * np.log(error / tolerance) / discount_rate + 1
    raise InputError(
        f"the path of {profile.policy} ends at {profile.horizon:g}: what comes after may change the log of equivalent "
        f"consumption by {error:.1e} at a discount rate of {discount_rate:g}, against a tolerance of {tolerance:.0e}. "
        f"Simulate to about {wanted:.0f} (see welfare_horizon), give a finite horizon, or a higher tolerance"
    )
