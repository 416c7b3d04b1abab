r"""Comparative statics of the paper's model: exact derivatives of every variable by every parameter, also of innovation.

Each cutoff solves a condition F(cutoff, parameters) = 0. One Newton step from the solution, taken with a parameter moved by an
imaginary amount, carries its exact derivative in the imaginary part, and so does everything computed from it: no step size, no
truncation. In the equilibrium with innovation free entry alone moves the choke price: the marginal innovator is indifferent, so
that a small move of the cutoff of innovation changes nobody's expected profit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError, require_option
from tradewinds.firms.uniform.equations import aggregates
from tradewinds.firms.uniform.parameters import UniformParameters
from tradewinds.firms.uniform.results import UNITS, UniformEquilibrium
from tradewinds.firms.uniform.totals import INNOVATION_UNITS, above_zero, excess_gain, excess_profit, innovation_totals

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.firms.uniform.innovation import InnovationEquilibrium

__all__ = ["INNOVATION_PARAMETERS", "PARAMETERS", "comparative_statics", "derivative"]

#: Parameters with derivatives.
PARAMETERS: tuple[str, ...] = ("trade_cost", "market_size", "price_sensitivity", "maximum_cost", "entry_cost")
#: Those of innovation, where firms can innovate.
INNOVATION_PARAMETERS: tuple[str, ...] = ("innovation_cost", "innovation_cost_reduction")

_STEP = 1e-30  # of the imaginary unit: its square vanishes beside one


def _parameters(equilibrium: UniformEquilibrium) -> tuple[str, ...]:
    return PARAMETERS if equilibrium.innovation is None else PARAMETERS + INNOVATION_PARAMETERS


def derivative(equilibrium: UniformEquilibrium, parameter: str) -> dict[str, float]:
    """Return the derivative of every variable by one parameter; with innovation also of its cutoffs and its equilibrium.

    Where a variable has a kink the derivative is that of the side which decisions at the point are on; at a trade cost that stops
    trade, for costs rising further.

    Raises
    ------
    InputError
        If the parameter is unknown, or one of innovation where nobody can innovate.

    Examples
    --------
    A trade cost raises the cutoff by x^2 / (c^2 + x^2), less than one for one, so the export cutoff falls:

    >>> from tradewinds.firms.uniform.equilibrium import solve_uniform
    >>> point = solve_uniform(UniformParameters(trade_cost=0.5)).value
    >>> found = derivative(point, "trade_cost")
    >>> round(found["cost_cutoff"], 6), round(found["export_cutoff"], 6)
    (0.188521, -0.811479)

    It makes the marginal exporter that innovates give up:

    >>> able = UniformParameters(trade_cost=0.5, innovation_cost=0.02, innovation_cost_reduction=0.05)
    >>> round(derivative(solve_uniform(able).value, "trade_cost")["innovation_cutoff_rule"], 6)
    -0.311479
    """
    if parameter in INNOVATION_PARAMETERS and equilibrium.innovation is None:
        raise InputError(
            f"{equilibrium.scenario} has no innovation, so no derivative by {parameter}: give innovation_cost and "
            "innovation_cost_reduction"
        )
    require_option("parameter", parameter, _parameters(equilibrium))
    p = equilibrium.parameters
    number: dict[str, Any] = {name: getattr(p, name) for name in _parameters(equilibrium)}
    size = abs(number[parameter]) or 1.0
    if math.isfinite(size):
        number[parameter] = complex(number[parameter]) + 1j * _STEP * size
    found = _levels(equilibrium, number)
    return {name: float(complex(value).imag / (_STEP * size)) for name, value in found.items()}


def _levels(equilibrium: UniformEquilibrium, number: dict[str, Any]) -> dict[str, Any]:
    """Return every variable at parameters an imaginary step from those of the equilibrium."""
    p = equilibrium.parameters
    cutoff = _newton(equilibrium.cost_cutoff, p, number)
    market = (number["market_size"], number["price_sensitivity"], number["maximum_cost"])
    found = aggregates(cutoff, number["trade_cost"], p.trades, *market)
    if equilibrium.innovation is not None:
        found |= _innovation(equilibrium.innovation, equilibrium.cost_cutoff, cutoff, number)
    return found


def _newton(c: float, p: UniformParameters, number: dict[str, Any]) -> Any:
    """Return one Newton step on free entry, c^3 + x^3 = 12 f c_max / (S b)."""
    x = c - number["trade_cost"] if p.trades else 0.0
    cube = 12 * number["entry_cost"] * number["maximum_cost"] / (number["market_size"] * number["price_sensitivity"])
    return c - (c**3 + x**3 - cube) / (3 * (c**2 + x**2))


def _innovation(point: InnovationEquilibrium, old: float, moved: Any, number: dict[str, Any]) -> dict[str, Any]:
    """Return cutoffs of innovation and the equilibrium with it; ``moved`` is the cutoff without it, ``old`` its value."""
    t, fall = number["trade_cost"], number["innovation_cost_reduction"]
    scale = number["market_size"] * number["price_sensitivity"]
    squares = 4 * number["innovation_cost"] / scale
    found = {
        "innovation_cutoff_rule": _rule(point.innovation_cutoff_rule, old, moved, t, squares / (2 * fall)),
        "innovation_cutoff_exact": _exact(point.innovation_cutoff_exact, old, moved, number, squares),
    }
    choke = _choke(point, number, squares, scale)
    cutoff = _exact(point.innovation_cutoff_equilibrium, point.cost_cutoff, choke, number, squares)
    found["innovation_cutoff_equilibrium"] = cutoff
    return found | innovation_totals(choke, cutoff, t, fall, number["price_sensitivity"], number["maximum_cost"])


def _rule(cutoff: float, old: float, moved: Any, trade_cost: Any, units: Any) -> Any:
    """Return the cutoff at which sales before innovation are just enough: of exporters, or of firms that sell at home."""
    if cutoff == 0:
        return 0 * moved
    exports = units.real > min(abs(trade_cost), old)
    return (2 * moved - trade_cost - units) / 2 if exports else moved - units


def _exact(cutoff: float, old: float, moved: Any, number: dict[str, Any], squares: Any) -> Any:
    """Return the cutoff at which innovation just pays, by one Newton step."""
    if cutoff == 0:
        return 0 * moved
    t, fall = number["trade_cost"], number["innovation_cost_reduction"]
    y = old + fall.real - cutoff
    markets = [0.0] if abs(t) == math.inf else [0.0, t.real]
    slope = 2 * sum(min(max(y - away, 0.0), fall.real) for away in markets)
    return moved + fall - (y - excess_gain(y, t, fall, squares) / slope)


def _choke(point: InnovationEquilibrium, number: dict[str, Any], squares: Any, scale: Any) -> Any:
    """Return one Newton step on free entry with innovation."""
    t, fall = number["trade_cost"], number["innovation_cost_reduction"]
    c, cutoff = point.cost_cutoff, point.innovation_cutoff_equilibrium
    slope = 0.0
    for away in [0.0] if abs(t) == math.inf else [0.0, t.real]:
        best = above_zero(c - away + fall.real)
        slope += best**2 - above_zero(best - cutoff) ** 2 + above_zero(c - away - cutoff) ** 2
    entry = 4 * number["entry_cost"] * number["maximum_cost"] / scale
    return c - excess_profit(c, cutoff, t, fall, squares, entry) / slope


def comparative_statics(equilibrium: UniformEquilibrium) -> pd.DataFrame:
    """Return derivatives and elasticities: one row a variable and parameter.

    Returns
    -------
    DataFrame
        Columns ``variable, parameter, derivative, elasticity, unit`` (of the variable); the elasticity is missing where the
        variable is zero or the parameter infinite.
    """
    import pandas as pd

    levels = equilibrium.values()
    units = {**UNITS, **INNOVATION_UNITS}
    rows = []
    for parameter in _parameters(equilibrium):
        value = getattr(equilibrium.parameters, parameter)
        for name, slope in derivative(equilibrium, parameter).items():
            defined = levels[name] != 0 and value < float("inf")
            elasticity = slope * value / levels[name] if defined else float("nan")
            rows.append(
                {
                    "variable": name,
                    "parameter": parameter,
                    "derivative": slope,
                    "elasticity": elasticity,
                    "unit": units[name],
                }
            )
    return pd.DataFrame(rows)
