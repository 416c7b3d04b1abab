"""Drift and trade cost at which the model with shocks has given growth and a given home share."""

from __future__ import annotations

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.perla_tonetti_waugh_parameters import PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_static import moment, tail
from tradewinds.growth.perla_tonetti_waugh_value import Firm, solve_growth

__all__ = ["fit_shocks"]

P = PerlaTonettiWaughParameters


def fit_shocks(p: P, growth: float, home_share: float, corrected: bool) -> P:
    """Return parameters with growth and a home share.

    With logarithmic utility growth and drift enter only through their difference, so the drift is explicit at a trade cost.

    Raises
    ------
    InputError
        If no trade cost gives the home share.
    """
    from scipy.optimize import brentq

    def gap(log_cost: float) -> float:
        q = p.replace(trade_cost=float(np.exp(log_cost)))
        found = solve_growth(q, corrected)
        firm = Firm(q, found, corrected)
        _, cutoff = firm.market()
        power, theta, xi = q.elasticity_of_substitution - 1, q.pareto_shape, firm.second_tail
        at_home = moment(theta, xi, power)
        abroad = (q.countries - 1) * q.trade_cost**-power * tail(theta, xi, cutoff, power)
        return float(at_home / (at_home + abroad) - home_share)

    low, high = np.log(1.05), np.log(50.0)
    grid = np.linspace(high, low, 25)
    above = high
    for log_cost in grid[1:]:
        value = gap(log_cost)
        if not np.isfinite(value):
            break
        if value <= 0:
            cost = float(np.exp(brentq(gap, log_cost, above, xtol=1e-14)))
            q = p.replace(trade_cost=cost)
            return q.replace(drift=q.drift + growth - solve_growth(q, corrected))
        above = float(log_cost)
    raise InputError(
        f"perla-tonetti-waugh: no trade cost gives a home share of {home_share} with {p.countries} countries; "
        "raise the home share or the number of countries"
    )
