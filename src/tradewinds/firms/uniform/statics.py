"""Comparative statics of the paper's model: exact derivatives of every variable by every parameter.

The cutoff solves a condition F(c, parameters) = 0. One Newton step from the solution, taken with a parameter moved by an imaginary
amount, carries its exact derivative in the imaginary part, and so does everything computed from it: no step size, no truncation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewinds.errors import require_option
from tradewinds.firms.uniform.equations import aggregates
from tradewinds.firms.uniform.parameters import UniformParameters
from tradewinds.firms.uniform.results import UNITS, UniformEquilibrium

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PARAMETERS", "comparative_statics", "derivative"]

#: Parameters with derivatives.
PARAMETERS: tuple[str, ...] = ("trade_cost", "market_size", "price_sensitivity", "maximum_cost", "entry_cost")

_STEP = 1e-30  # of the imaginary unit: its square vanishes beside one


def derivative(equilibrium: UniformEquilibrium, parameter: str) -> dict[str, float]:
    """Return the derivative of every variable by one parameter, without innovation.

    At a trade cost that stops trade the derivatives are those for costs rising further.

    Raises
    ------
    InputError
        If the parameter is unknown.

    Examples
    --------
    A trade cost raises the cutoff by x^2 / (c^2 + x^2), less than one for one, so the export cutoff falls:

    >>> from tradewinds.firms.uniform.equilibrium import solve_uniform
    >>> point = solve_uniform(UniformParameters(trade_cost=0.5)).value
    >>> found = derivative(point, "trade_cost")
    >>> round(found["cost_cutoff"], 6), round(found["export_cutoff"], 6)
    (0.188521, -0.811479)
    """
    require_option("parameter", parameter, PARAMETERS)
    p = equilibrium.parameters
    number: dict[str, Any] = {
        name: complex(getattr(p, name)) if name == parameter else getattr(p, name) for name in PARAMETERS
    }
    size = abs(number[parameter]) or 1.0
    if parameter != "trade_cost" or p.trades:
        number[parameter] += 1j * _STEP * size
    cutoff = _newton(equilibrium.cost_cutoff, p, number)
    found = aggregates(
        cutoff,
        number["trade_cost"],
        p.trades,
        number["market_size"],
        number["price_sensitivity"],
        number["maximum_cost"],
    )
    return {name: float(complex(value).imag / (_STEP * size)) for name, value in found.items()}


def _newton(c: float, p: UniformParameters, number: dict[str, Any]) -> Any:
    """Return one Newton step on free entry, c^3 + x^3 = 12 f c_max / (S b)."""
    x = c - number["trade_cost"] if p.trades else 0.0
    cube = 12 * number["entry_cost"] * number["maximum_cost"] / (number["market_size"] * number["price_sensitivity"])
    return c - (c**3 + x**3 - cube) / (3 * (c**2 + x**2))


def comparative_statics(equilibrium: UniformEquilibrium) -> pd.DataFrame:
    """Return derivatives and elasticities: one row a variable and parameter.

    Returns
    -------
    DataFrame
        Columns ``variable, parameter, derivative, elasticity, unit`` (of the variable); the elasticity is missing where the
        variable is zero or the parameter infinite.
    """
    import pandas as pd

    rows = []
    for parameter in PARAMETERS:
        value = getattr(equilibrium.parameters, parameter)
        for name, slope in derivative(equilibrium, parameter).items():
            level = equilibrium.totals[name]
            defined = level != 0 and value < float("inf")
            elasticity = slope * value / level if defined else float("nan")
            rows.append(
                {
                    "variable": name,
                    "parameter": parameter,
                    "derivative": slope,
                    "elasticity": elasticity,
                    "unit": UNITS[name],
                }
            )
    return pd.DataFrame(rows)
