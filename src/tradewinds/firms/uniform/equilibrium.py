"""The paper's model solved: closed economy, one integrated market, two countries with a trade cost per unit."""

from __future__ import annotations

from tradewinds.firms.numbers import number
from tradewinds.firms.uniform.checks import NAMES, residual
from tradewinds.firms.uniform.equations import aggregates, cutoff
from tradewinds.firms.uniform.innovation import INNOVATION_NAMES, innovation_point
from tradewinds.firms.uniform.parameters import UniformParameters
from tradewinds.firms.uniform.results import UniformEquilibrium
from tradewinds.solvers import Solution, judge

__all__ = ["TOLERANCE", "integrate_markets", "solve_uniform", "uniform_point"]

#: Largest residual that counts as solved; all residuals are free of units.
TOLERANCE = 1e-9


def solve_uniform(parameters: UniformParameters, *, throw: bool = True) -> Solution:
    """Solve the model at one trade cost; with innovation, also the equilibrium in which firms innovate.

    Returns
    -------
    Solution
        Its value is a :class:`UniformEquilibrium`.

    Raises
    ------
    ConvergenceError
        If ``throw`` and the conditions do not hold at the point found.

    References
    ----------
    Melitz and Trefler (2012), pp. 98-106 and 111.

    Examples
    --------
    >>> solution = solve_uniform(UniformParameters(trade_cost=0.5))
    >>> point = solution.value
    >>> round(point.cost_cutoff, 8), round(point.export_cutoff, 8), round(point.totals["import_share"], 6)
    (0.96523908, 0.46523908, 0.188521)
    >>> solve_uniform(UniformParameters(trade_cost=1.2)).value.regime
    'no trade'
    """
    return judge(
        uniform_point(parameters),
        residual,
        tolerance=TOLERANCE,
        iterations=0,
        names=[*NAMES, *(INNOVATION_NAMES if parameters.innovates else ())],
        what="the model with uniform costs",
        throw=throw,
    )


def uniform_point(parameters: UniformParameters) -> UniformEquilibrium:
    """Return the equilibrium, ungraded."""
    p = parameters
    choke = cutoff(p.trade_cost, p.autarky_cutoff)
    found = aggregates(choke, p.trade_cost, p.trades, p.market_size, p.price_sensitivity, p.maximum_cost)
    names = ("cost_cutoff", "export_cutoff", "entrants", "domestic_sellers", "foreign_sellers")
    return UniformEquilibrium(
        parameters=p,
        regime="trade" if p.trades else "no trade",
        scenario=p.scenario,
        innovation=innovation_point(p, choke) if p.innovates else None,
        **{name: float(found[name]) for name in names},
    )


def integrate_markets(parameters: UniformParameters, factor: float) -> UniformParameters:
    """Return the closed economy whose market is ``factor`` times as large, the paper's Figure 3.

    Two countries that trade freely are one market twice as large: ``integrate_markets(p, 2)`` has the cutoff of
    ``p.replace(trade_cost=0)``.

    Raises
    ------
    InputError
        If the factor is not above zero and finite.

    Examples
    --------
    >>> round(solve_uniform(integrate_markets(UniformParameters(), 2)).value.cost_cutoff, 8)
    0.79370053
    >>> round(solve_uniform(UniformParameters(trade_cost=0)).value.cost_cutoff, 8)
    0.79370053
    """
    factor = number("factor", factor, above=0)
    return parameters.replace(market_size=factor * parameters.market_size, trade_cost=float("inf"))
