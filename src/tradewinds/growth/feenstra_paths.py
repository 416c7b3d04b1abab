"""Two countries without spillovers at time 0, and their paths from there: autarky, balanced trade, mobile capital."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.growth import gravity
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.rivalry import Mode, Rivals
from tradewinds.growth.rivalry_paths import rival_path

if TYPE_CHECKING:
    from tradewinds.growth.feenstra import FeenstraParameters

__all__ = ["balanced_trade", "impact", "last", "mobile_capital", "still", "trading"]

Array = NDArray[np.float64]


def still(p: FeenstraParameters, end: BalancedGrowth) -> Transition:
    """Return a path on which everything grows at constant rates from time 0."""
    time = np.linspace(0, 300, 301)
    paths = _paths(p, time, np.repeat(end["innovation"][np.newaxis], time.size, axis=0))
    paths["wage"] = np.repeat(end["wage"][np.newaxis], time.size, axis=0)
    paths["consumption"] = end["consumption"] * np.exp(time[:, np.newaxis] * end["growth"])
    return _wrapped(p, end, time, paths, end["lifetime_utility"], 0.0)


def last(value: Any) -> Any:
    """Return values of the world with a last axis of length one, to meet those of countries."""
    return np.asarray(value)[..., np.newaxis]


def trading(p: FeenstraParameters) -> Any:
    """Return whether goods trade: a border that is open at a finite cost."""
    return (np.asarray(p.trade) == 1) & np.isfinite(np.asarray(p.trade_cost, dtype=float))


def impact(p: FeenstraParameters, made: Any) -> tuple[Any, Any, Any]:
    """Return consumption a head, home shares and wages with given workers in production and balanced trade."""
    consumption, share, wage = log_impact(p, made, np.log(p.varieties))
    return np.exp(consumption), share, wage


def log_impact(p: FeenstraParameters, made: Any, number: Any) -> tuple[Any, Any, Any]:
    r"""Return the log of consumption a head, home shares and wages of a date for logarithms of varieties.

    Wages are a root (:mod:`tradewinds.growth.gravity`), :math:`w_i \propto (n_i / X_i)^{1/\sigma}` where trade is free;
    :math:`C_i L_i = w_i X_i / P_i`, and mark-ups cancel.
    """
    sigma, traded = last(p.elasticity_of_substitution), last(trading(p))
    freeness = np.where(trading(p), np.asarray(p.trade_cost, dtype=float) ** (1 - p.elasticity_of_substitution), 1.0)
    relative = gravity.log_wage_of_two(np.log(made), number, freeness, p.elasticity_of_substitution)
    wage = np.where(traded, np.stack([np.zeros_like(relative), relative], axis=-1), 0.0)
    own = number + (1 - sigma) * wage
    market = np.where(traded, np.logaddexp(own, last(np.log(freeness)) + own[..., ::-1]), own)
    consumption = wage + np.log(made / p.labour) + market / (sigma - 1)
    return consumption, np.exp(own - market), np.exp(wage)


def balanced_trade(p: FeenstraParameters, end: BalancedGrowth) -> Transition:
    r"""Return the path with balanced trade: constant innovation, wages of each date, utility by Gauss-Legendre panels.

    With :math:`z = \rho t`, :math:`\rho U = \int e^{-z} \ln C(z / \rho)\,dz`, and the logarithm is smooth.
    """
    rho, g = p.discount_rate, end["innovation"]
    made = p.labour - p.rnd_cost * g

    def at(time: Array) -> tuple[Array, Array, Array]:
        """Return the log of consumption, home shares and wages; the faster country's varieties are a common factor."""
        fastest = np.max(g)
        number = np.log(p.varieties) + (g - fastest) * time[:, np.newaxis]
        consumption, share, wage = log_impact(p, made, number)
        return consumption + fastest * time[:, np.newaxis] / (p.elasticity_of_substitution - 1), share, wage

    time = np.linspace(0, 300, 301)
    log_consumption, share, wage = at(time)
    nodes, weights = np.polynomial.legendre.leggauss(12)
    edges = np.concatenate([np.linspace(0, 1, 9), np.linspace(1, 45, 45)[1:]])
    middle, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
    z = (middle[:, np.newaxis] + half[:, np.newaxis] * nodes).ravel()
    measure = (half[:, np.newaxis] * weights).ravel() * np.exp(-z)
    utility = measure @ at(z / rho)[0] / rho
    paths = _paths(p, time, np.repeat(g[np.newaxis], time.size, axis=0))
    paths |= {"wage": wage, "home_share": share, "consumption": np.exp(log_consumption)}
    return _wrapped(p, end, time, paths, utility, 0.0)


def mobile_capital(p: FeenstraParameters, end: BalancedGrowth) -> tuple[Transition, Callable[[], Array]]:
    """Return the saddle path with mobile capital, on which research may stop, and what evaluates its residuals."""
    g, sigma, rho = end["innovation"], p.elasticity_of_substitution, p.discount_rate
    order = np.argsort(-g)
    first, slower = order
    freeness = float(p.trade_cost) ** (1 - sigma)
    world = Rivals(sigma, rho, 1.0, tuple(p.labour[order]), tuple(p.rnd_cost[order]), freeness)
    mode = Mode((False, False), (True, bool(g[slower] > 0)))
    found = rival_path(world, float(np.log(p.varieties[slower] / p.varieties[first])), tuple(g[order]), mode)
    back = np.argsort(order)
    paths = _paths(p, found.time, found.growth[:, back])
    paths["wage"] = found.wage[:, back] / found.wage[:, back][:, :1]
    number = np.log(p.varieties[first]) + found.varieties[:, 0]
    seen = np.stack([1 + freeness * found.ratio, freeness + found.ratio], axis=-1)[:, back]
    price = (
        np.log(sigma / (sigma - 1)) + np.log(found.wage[:, :1]) - (number[:, np.newaxis] + np.log(seen)) / (sigma - 1)
    )
    spending = np.array(found.spending)[back]
    paths["home_share"] = np.stack([np.ones_like(found.ratio), found.ratio], axis=-1)[:, back] / seen
    paths["consumption"] = spending / p.labour * np.exp(-price)
    start = np.log(p.varieties[first]) / (sigma - 1) - np.log(sigma / (sigma - 1))
    utility = (np.log(spending / p.labour) + start) / rho + found.lifetime[back]
    moved = paths["innovation"][:, slower] - paths["innovation"][0, slower]
    way = g[slower] - paths["innovation"][0, slower]
    half = float(np.interp(0.5, moved / way, found.time)) if abs(way) > 1e-12 else 0.0
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
