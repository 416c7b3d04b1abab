"""Parameters of idea flows; the equations are in :mod:`tradewinds.growth.alvarez_buera_lucas`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.abl_profile import Profile, one_thread, own_sales, sales, stationary
from tradewinds.growth.parameters import GrowthParameters, parameter

__all__ = ["LARGEST_SHIFT", "AlvarezBueraLucasParameters", "levels"]

#: Largest trade cost, as its logarithm over theta.
LARGEST_SHIFT = 15.0

#: Largest residual of a profile in a sweep.
SOLVED = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class AlvarezBueraLucasParameters(GrowthParameters):
    """Parameters of idea flows; see the equations of :mod:`tradewinds.growth.alvarez_buera_lucas`."""

    meeting_rate: float = parameter(
        0.05,
        symbol="alpha",
        meaning="rate at which a manager meets sellers",
        unit="a year",
        bounds="(0, inf)",
        source="growth of 2 per cent a year in two countries that trade",
    )
    cost_elasticity: float = parameter(
        0.2,
        symbol="theta",
        meaning="elasticity of productivity with respect to the rate of best practice; one over the tail index of productivity",
        unit="1",
        bounds="(0, 1)",
        source="trade elasticity of about 5 (Alvarez, Buera and Lucas, from memory)",
    )
    elasticity_of_substitution: float = parameter(
        3.0,
        symbol="eta",
        meaning="elasticity of substitution between goods",
        unit="1",
        bounds="(1, inf)",
        source="inside the usual range; it weights goods and leaves growth alone",
    )
    trade_cost: float = parameter(
        1.25,
        symbol="1 / kappa",
        meaning="units shipped for one to arrive",
        unit="1",
        bounds="[1, inf]",
        source="an illustration: kappa = 0.8",
    )
    countries: int = parameter(
        2,
        symbol="n",
        meaning="symmetric countries",
        unit="countries",
        bounds="[1, inf)",
        source="home and abroad",
        whole=True,
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2 per cent, a real interest rate of 5 per cent",
    )

    def check(self) -> None:
        """Refuse trade costs so large that the numbers no longer tell trade from none."""
        if np.ndim(self.trade_cost) == 0 and self.shift < -LARGEST_SHIFT:
            raise InputError(
                f"trade_cost is {self.trade_cost}; below infinity (autarky) it must be at most "
                f"{np.exp(LARGEST_SHIFT * self.cost_elasticity):.4g}, beyond which imports are lost in rounding"
            )

    @property
    def traders(self) -> Any:
        """Countries whose sellers home meets: one in autarky."""
        met = np.where(np.isinf(self.trade_cost), 1, self.countries)
        return met if met.ndim else int(met)

    @property
    def shift(self) -> Any:
        """Logarithm of delta, the cost advantage in the rate z that offsets the trade cost; zero where nobody trades."""
        with np.errstate(invalid="ignore"):
            shift = np.where(self.traders == 1, 0.0, -np.log(self.trade_cost) / self.cost_elasticity)
        return shift if shift.ndim else float(shift)

    @property
    def power(self) -> Any:
        """Elasticity of sales of a good with respect to its rate z, less one: theta (eta - 1)."""
        return self.cost_elasticity * (self.elasticity_of_substitution - 1)

    def profile(self) -> Profile:
        """Return the stationary profile of costs."""
        return stationary(self.traders, self.shift)


def levels(p: AlvarezBueraLucasParameters) -> tuple[Any, Any]:
    """Return sales and home's part of them on the balanced growth path; arrays of parameters share profiles where they can.

    NaN where consumption is infinite, where trade is lost in rounding, and where the profile does not solve its equations.
    """
    with one_thread():
        return _levels(p)


def _levels(p: AlvarezBueraLucasParameters) -> tuple[Any, Any]:
    traders, shift, power = np.broadcast_arrays(p.traders, p.shift, p.power)
    total, home = np.full(power.shape, np.nan), np.full(power.shape, np.nan)
    finite = (power < 1) & (shift >= -LARGEST_SHIFT)
    cases = np.stack([traders[finite], shift[finite]], axis=-1)
    for n, d in np.unique(cases, axis=0):
        profile = stationary(int(n), float(d))
        here = finite & (traders == n) & (shift == d)
        if power.ndim and max(np.max(np.abs(v)) for v in profile.misses(1 / n).values()) > SOLVED:
            continue  # one solve is judged as a whole, and says what is wrong
        total[here] = sales(profile, int(n), float(d), power[here])
        home[here] = own_sales(profile, power[here]) / total[here] if n > 1 else 1.0
    return (total, home) if total.ndim else (float(total), float(home))
