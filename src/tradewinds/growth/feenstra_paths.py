"""Paths of two countries without spillovers, from the varieties of time 0: autarky, balanced trade, mobile capital."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.uneven import Pair, uneven_path

if TYPE_CHECKING:
    from tradewinds.growth.feenstra import FeenstraParameters

__all__ = ["balanced_trade", "mobile_capital", "still"]

Array = NDArray[np.float64]


def still(p: FeenstraParameters, end: BalancedGrowth) -> Transition:
    """Return a path on which everything grows at constant rates from time 0."""
    time = np.linspace(0, 300, 301)
    paths = _paths(p, time, np.repeat(end["innovation"][np.newaxis], time.size, axis=0))
    paths["wage"] = np.repeat(end["wage"][np.newaxis], time.size, axis=0)
    paths["consumption"] = end["consumption"] * np.exp(time[:, np.newaxis] * end["growth"])
    return _wrapped(p, end, time, paths, end["lifetime_utility"], 0.0)


def balanced_trade(p: FeenstraParameters, end: BalancedGrowth) -> Transition:
    r"""Return the path with balanced trade: constant innovation, explicit wages, utility by quadrature of one term.

    With :math:`S = \sum_i n_i^{1/\sigma} X_i^{\alpha}` consumption is :math:`n_i^{1/\sigma} X_i^\alpha S^{1/(\sigma-1)}`.
    """
    from scipy.integrate import quad

    sigma, rho, labour = p.elasticity_of_substitution, p.discount_rate, p.labour
    g = end["innovation"]
    made = labour - p.rnd_cost * g
    time = np.linspace(0, 300, 301)
    logs = (np.log(p.varieties) + g * time[:, np.newaxis]) / sigma + (1 - 1 / sigma) * np.log(made)
    world = np.logaddexp(logs[:, 0], logs[:, 1])
    consumption = np.exp(logs + world[:, np.newaxis] / (sigma - 1)) / labour
    # log S is that of the faster country plus log(1 + x e^(-c t))
    fast = int(np.argmax(g))
    gap, speed = logs[0, 1 - fast] - logs[0, fast], (g[fast] - g[1 - fast]) / sigma
    rest = quad(lambda z: np.logaddexp(0.0, gap - speed * z / rho) * np.exp(-z), 0, np.inf, epsabs=1e-13)[0]
    log_world = (logs[0, fast] + g[fast] / (sigma * rho) + rest) / rho
    own = (logs[0] - np.log(labour) + g / (sigma * rho)) / rho
    paths = _paths(p, time, np.repeat(g[np.newaxis], time.size, axis=0))
    wage = np.exp(logs) / made
    paths["wage"] = wage / wage[:, :1]
    paths["consumption"] = consumption
    return _wrapped(p, end, time, paths, own + log_world / (sigma - 1), 0.0)


def mobile_capital(p: FeenstraParameters, end: BalancedGrowth) -> tuple[Transition, Callable[[], Array]]:
    """Return the saddle path with mobile capital, and what evaluates its residuals."""
    g, sigma, rho = end["innovation"], p.elasticity_of_substitution, p.discount_rate
    if np.min(g) <= 0:
        raise InputError(
            "feenstra (capital-mobility): in the long run a country does no research; the path on which it stops is not solved. "
            "solve() gives the long run. Raise its labour or lower its rnd_cost"
        )
    order = np.argsort(-g)
    world = Pair(sigma, rho, p.labour[order], p.rnd_cost[order])
    rest = (world.labour / world.cost - g[order]) / (1 - 1 / sigma)
    found = uneven_path(p.varieties[order], rest, world)
    back = np.argsort(order)
    paths = _paths(p, found.time, found.growth[:, back])
    wage, sales = found.wage[:, back], found.sales[:, back]
    spending = found.spending[back]
    first = order[0]
    number = np.log(p.varieties[first]) + _along(found.time, found.growth[:, 0])
    mark_up = np.log(sigma / (sigma - 1))
    price = mark_up + np.log(wage[:, first]) + (np.log(sales[:, first]) - number) / (sigma - 1)
    paths["wage"] = wage / wage[:, :1]
    paths["consumption"] = spending / p.labour * np.exp(-price)[:, np.newaxis]
    start = np.log(p.varieties[first]) / (sigma - 1) - mark_up
    utility = (np.log(spending / p.labour) + start) / rho + found.lifetime
    slower = 1 - first
    way = (paths["innovation"][:, slower] - paths["innovation"][0, slower]) / (
        g[slower] - paths["innovation"][0, slower]
    )
    half = float(np.interp(0.5, way, found.time))
    return _wrapped(p, end, found.time, paths, utility, half), found.residual


def _along(time: Array, growth: Array) -> Array:
    """Return the integral of a growth rate from time 0 to each date, by a cubic spline."""
    from scipy.interpolate import CubicSpline

    return np.asarray(CubicSpline(time, growth).antiderivative()(time))


def _paths(p: FeenstraParameters, time: Array, innovation: Array) -> dict[str, Any]:
    """Return what follows from rates of innovation alone."""
    number = np.log(p.varieties) + np.stack([_along(time, innovation[:, i]) for i in (0, 1)], axis=-1)
    home = 1 / (1 + np.exp(number[:, 1] - number[:, 0]))
    return {
        "innovation": innovation,
        "varieties": np.stack([home, 1 - home], axis=-1),
        "rnd_labour_share": p.rnd_cost * innovation / p.labour,
    }


def _wrapped(p: Any, end: BalancedGrowth, time: Array, paths: dict[str, Any], utility: Any, half: float) -> Transition:
    return Transition(
        mechanism=end.mechanism,
        variant=end.variant,
        regime=end.regime,
        parameters=p,
        time=time,
        paths=paths,
        end=end,
        lifetime_utility=utility,
        half_life=half,
        units=end.units,
        citation_keys=end.citation_keys,
    )
