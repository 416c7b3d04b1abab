"""Welfare by steps: the published first-order formula added up along the change, which shows what it leaves out at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.hat.parameters import HatParameters
from tradewinds.firms.numbers import whole

__all__ = ["integrate_welfare"]

Array = NDArray[np.float64]


def integrate_welfare(parameters: HatParameters, steps: int = 40) -> Array:
    r"""Return the change of welfare, per cent, by the first-order formula in small steps.

    Log tariff factors :math:`\ln(1+\tau)` and log trade costs move evenly from before to after. With more steps the sum tends to
    ``welfare_exact``; with one it is the published formula.

    Parameters
    ----------
    parameters : HatParameters
        With deficits kept: a change of them is a transfer, which the formula does not count.
    steps : int

    Raises
    ------
    InputError
        If a route in use closes, or deficits change.
    ConvergenceError
        If a step did not solve.

    Examples
    --------
    >>> from tradewinds.firms.hat import example_tables, solve_hat
    >>> change = HatParameters(tables=example_tables(), tariffs=0.0)
    >>> gap = integrate_welfare(change, 50) - solve_hat(change).value.welfare_exact
    >>> bool(abs(gap).max() < 0.02)
    True
    """
    from tradewinds.firms.hat.equilibrium import solve_hat

    steps = whole("steps", steps, 1)
    p, tables = parameters, parameters.tables
    if not np.all(np.isfinite(p.cost_change)):
        raise InputError("a trade cost becomes infinite: no even path of log costs leads there")
    if np.max(np.abs(p.deficit_after - tables.deficit)) > 1e-9 * float(tables.value_added.sum()):
        raise InputError(
            "deficits change: take them away first (solve with deficits = 'zero') and start from tables_after()"
        )
    start, end = np.log1p(tables.tariff), np.log1p(p.tariffs_after)
    factor = np.ones(len(tables.countries))
    for step in range(1, steps + 1):
        tariffs = np.maximum(np.expm1(start + (end - start) * step / steps), 0.0)  # not below zero by rounding
        change = HatParameters(tables=tables, tariffs=tariffs, trade_cost_change=p.cost_change ** (1 / steps))
        result = solve_hat(change).value
        factor *= 1 + result.welfare_first_order / 100
        tables = result.tables_after()
    return np.asarray(100 * (factor - 1))
