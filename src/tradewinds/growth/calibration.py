"""Calibrations: as a table with sources, and to a home share."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.growth.parameters import GrowthParameters, definitions
from tradewinds.growth.results import BalancedGrowth

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.growth.interface import Mechanism

__all__ = ["require_share", "table", "trade_cost_of"]

#: Logarithms of the trade cost above its lower bound, between which one is looked for.
_ENDS = (-30.0, 10.0)


def table(p: GrowthParameters) -> pd.DataFrame:
    """Return parameters as a table, one a row; where a variant changes a default, the source says of which variant it is.

    Examples
    --------
    >>> from tradewinds.growth import mechanisms
    >>> mechanisms["feenstra"].calibration()["parameter"].tolist()[:2]
    ['elasticity_of_substitution', 'discount_rate']
    """
    import pandas as pd

    rows = []
    for name, definition in definitions(type(p)).items():
        value = getattr(p, name)
        moved = not np.array_equal(np.asarray(value, dtype=float), np.asarray(definition.default, dtype=float))
        rows.append(
            {
                "parameter": name,
                "symbol": definition.symbol,
                "meaning": definition.meaning,
                "value": value.tolist() if isinstance(value, np.ndarray) else value,
                "unit": definition.unit,
                "bounds": definition.bounds,
                "source": f"of this variant; the class has {definition.default}" if moved else definition.source,
            }
        )
    return pd.DataFrame(rows)


def trade_cost_of(mechanism: Mechanism[Any], p: Any, home_share: float, variant: str) -> Any:
    """Return parameters with the trade cost at which home spends a given share on its own goods; see ``Mechanism.liberalise``."""
    if "trade_cost" not in mechanism.definitions:
        closed = ", ".join(f"{name} = {value}" for name, value in mechanism.autarky.items())
        raise InputError(
            f"{mechanism.name} has no trade cost: it compares autarky ({closed}) with free trade. Change that instead."
        )
    require_share(mechanism.name, home_share)
    if home_share == 1:  # only a closed economy buys nothing abroad
        return p.replace(trade_cost=np.inf)
    from scipy.optimize import brentq

    low = float(mechanism.definitions["trade_cost"].bounds.strip("[(").split(",")[0])

    def gap(log_excess: float) -> float:
        q = p.replace(trade_cost=low + float(np.exp(log_excess)))
        point: BalancedGrowth = mechanism.solve(q, variant=variant).value
        return point.home_share - home_share

    start = float(np.clip(np.log(max(float(p.trade_cost) - low, 1e-300)), *_ENDS))
    left, right = (_reach(gap, start, end) for end in _ENDS)
    if gap(left) * gap(right) > 0:
        cheap = (
            "free trade"
            if left == _ENDS[0]
            else f"trade_cost = {low + np.exp(left):.4g}, below which it has no solution"
        )
        raise InputError(
            f"{mechanism.name}: no trade cost gives a home share of {home_share}; at the other parameters it lies between "
            f"{gap(left) + home_share:.4g} ({cheap}) and {gap(right) + home_share:.4g}"
        )
    return p.replace(trade_cost=low + float(np.exp(brentq(gap, left, right, xtol=1e-14, rtol=1e-14))))


def require_share(mechanism: str, home_share: Any) -> None:
    """Raise InputError unless a number can be the share of spending on home goods."""
    if isinstance(home_share, bool) or not isinstance(home_share, numbers.Real) or not 0 < float(home_share) <= 1:
        raise InputError(
            f"{mechanism}: home_share is {home_share!r}; it must be a share of spending above 0 and at most 1"
        )


def _reach(gap: Callable[[float], float], start: float, end: float) -> float:
    """Return the point nearest to an end at which there is a solution: very cheap or very dear trade may admit none."""
    try:
        gap(end)
    except (InputError, ConvergenceError):
        gap(start)  # raises the reason where there is none to start from either
    else:
        return end
    inside, outside = start, end
    while abs(outside - inside) > 1e-9:
        middle = (inside + outside) / 2
        try:
            gap(middle)
        except (InputError, ConvergenceError):
            outside = middle
        else:
            inside = middle
    return inside
