r"""The path of :mod:`tradewinds.growth.heckscher_ohlin_innovation` inside the factor price equalisation set.

Where the wages of the integrated economy employ everybody, prices, world research and the growth of consumption are in their
new places on the first day: knowledge is the world's number of varieties, and a firm is worth the same wherever it is. What takes
time is *where* varieties are made. With home's share :math:`\varsigma` of them given, its share :math:`R` of research and
:math:`\zeta` of the homogeneous good employ its factors,

.. math::
    w_F F_h = R\,\theta_{F\gamma} I + \varsigma\,\theta_{Fx} s\alpha + \zeta\,\theta_{Fz} (1 - s), \qquad F = H, L,

so that :math:`R = \varsigma^* - \kappa (\varsigma - \varsigma^*)` with
:math:`\kappa = \frac{s\alpha}{I} \frac{\theta_x - \theta_z}{\theta_\gamma - \theta_z}`, and
:math:`\dot\varsigma = g (R - \varsigma) = -g (1 + \kappa)(\varsigma - \varsigma^*)`: an exponential. A country with few
varieties for its endowments does more research than its share, until it has caught up. Spending is wages and :math:`\rho` times the
firms owned on the first day. In autarky each country is on its new balanced growth path at once, and where research has ended
varieties stay where they were. Where factor prices differ, at the end or because research is in one country alone for a time, the
path is that of :mod:`tradewinds.growth.factor_dynamics`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.factor_allocation import price_index, short_run
from tradewinds.growth.factor_dynamics import follow
from tradewinds.growth.factor_parameters import HeckscherOhlinInnovationParameters
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.welfare import lifetime_utility

__all__ = ["path_of"]

Array = NDArray[np.float64]


def path_of(before: BalancedGrowth, end: BalancedGrowth) -> tuple[Transition, Callable[[], Array]]:
    """Return the path from the varieties of one balanced growth path to another, and what evaluates its residuals.

    Raises
    ------
    InputError
        If research pays at first and not in the end, or no path is found.
    """
    q: Any = end.parameters
    number = np.asarray(before["varieties"], dtype=float)
    time = np.linspace(0, 300, 301)
    if q.trade == 0:
        return _closed(q, end, number, time)
    return _open(q, end, number, time)


def _closed(
    q: HeckscherOhlinInnovationParameters, end: BalancedGrowth, number: Array, time: Array
) -> tuple[Transition, Callable[[], Array]]:
    """Return a path of constant growth from given varieties, each country alone."""
    own = np.asarray(end["varieties"], dtype=float)
    level = end["consumption"] * (number / own) ** (q.differentiated_share / (q.elasticity_of_substitution - 1))
    names = ("innovation", "variety_share", "homogeneous_share", "rnd_share")
    paths = {name: np.repeat(np.asarray(end[name])[np.newaxis], time.size, axis=0) for name in names}
    path = _wrapped(end, time, paths, level, end["growth"], 0.0)
    return path, lambda: path.paths["innovation"][0] - end["innovation"]


def _open(
    q: HeckscherOhlinInnovationParameters, end: BalancedGrowth, number: Array, time: Array
) -> tuple[Transition, Callable[[], Array]]:
    """Return the exponential path with trade."""
    s, sigma, rho = q.differentiated_share, q.elasticity_of_substitution, q.discount_rate
    g, rest, start = float(end["innovation"][0]), float(end["variety_share"][0]), float(number[0] / np.sum(number))
    prices = np.stack([end["human_capital_wage"], end["labour_wage"]], axis=1)
    if g == 0:
        return _idle(q, end, number, time)
    still = abs(start - float(end["varieties"][0] / np.sum(end["varieties"]))) < 1e-9
    apart = not np.allclose(prices[0], prices[1], rtol=1e-9)
    if apart and not still:
        return _followed(q, end, number)
    research = s / sigma * g / (rho + g)
    theta = np.array([[x, 1 - x] for x in (q.research_intensity, q.variety_intensity, q.homogeneous_intensity)])
    outlays = np.array([research, s * (1 - 1 / sigma), 1 - s])
    paid = prices * q.endowment  # country, factor

    def located(share: float) -> Array:
        """Return home's shares of research and of the homogeneous good that employ its factors."""
        if still:
            return np.array([rest, float(end["homogeneous_share"][0])])
        columns = np.stack([outlays[0] * theta[0], outlays[2] * theta[2]], axis=1)
        return np.linalg.solve(columns, paid[0] - share * outlays[1] * theta[1])

    pull = 0.0 if still else float(located(rest)[0] - located(rest + 1.0)[0])  # kappa
    speed = g * (1 + pull)
    shares = rest + (0.0 if still else start - rest) * np.exp(-speed * time)
    where_made = np.array([located(float(x)) for x in shares])
    if np.min(where_made) < -1e-12 or np.max(where_made) > 1 + 1e-12:  # for a time something is in one country alone
        return _followed(q, end, number)
    both = np.stack([shares, 1 - shares], axis=1)
    working = np.stack([where_made[:, 0], 1 - where_made[:, 0]], axis=1)
    simple = np.stack([where_made[:, 1], 1 - where_made[:, 1]], axis=1)
    owned = np.array([start, 1 - start]) if not still else np.asarray(end["variety_share"], dtype=float)
    value = s / sigma / (rho + g)
    spending = paid.sum(axis=1) + rho * value * owned
    level = spending / price_index(q, prices, number, simple[0]) / q.endowment.sum(axis=1)
    income = paid.sum(axis=1) + s / sigma * both
    paths = {
        "innovation": g * working / np.where(both > 0, both, 1.0),
        "variety_share": both,
        "homogeneous_share": simple,
        "research_share": working,
        "rnd_share": value * g * working / income,
        "net_exports_varieties": s * (both - spending) / spending,
    }
    path = _wrapped(end, time, paths, level, end["growth"], 0.0 if still or speed == 0 else float(np.log(2) / speed))

    def residual() -> Array:
        parts = np.stack([working, both, simple], axis=2) * outlays  # date, country, activity
        markets = parts @ theta / paid - 1
        step = 1e-3
        back, near, on, far = (rest + (shares[0] - rest) * np.exp(-speed * (time + k * step)) for k in (-2, -1, 1, 2))
        drift = (back - 8 * near + 8 * on - far) / (12 * step) - g * (working[:, 0] - shares)
        return np.concatenate([markets.ravel(), drift, [np.sum(spending) - 1]])

    return path, residual


def _followed(
    q: HeckscherOhlinInnovationParameters, end: BalancedGrowth, number: Array
) -> tuple[Transition, Callable[[], Array]]:
    """Return the path on which factor prices differ, at its end or on the way."""
    s, sigma, rho = q.differentiated_share, q.elasticity_of_substitution, q.discount_rate
    g, rest = float(end["innovation"][0]), np.asarray(end["varieties"], dtype=float)
    prices = np.log(np.stack([end["human_capital_wage"], end["labour_wage"]], axis=1))
    research = s / sigma * g / (rho + g) * np.asarray(end["variety_share"])
    guess = tuple(float(x) for x in (*prices.ravel(), *research, end["homogeneous_share"][0]))
    found = follow(q, guess, float(rest[0] / rest.sum()), float(number[0] / number.sum()))
    working, simple = found.cleared[:, 4:6], found.cleared[:, 6]
    shares = 1 / (1 + np.exp(-np.outer(found.states[:, 0], [1.0, -1.0])))
    people = q.endowment.sum(axis=1)
    weights = s * np.log(s) + (1 - s) * np.log1p(-s) + s * (np.log1p(-1 / sigma) + np.log(number.sum()) / (sigma - 1))
    logs = np.log(found.spending / people) + weights
    wages = np.sum(np.exp(found.cleared[:, :4].reshape(-1, 2, 2)) * q.endowment, axis=2)
    paths = {
        "innovation": working / np.exp(found.states[:, 1:3]) / shares,
        "variety_share": found.sales,
        "homogeneous_share": np.stack([simple, 1 - simple], axis=1),
        "research_share": working / working.sum(axis=1, keepdims=True),
        "rnd_share": working / (wages + s / sigma * found.sales),
        "net_exports_varieties": s * (found.sales - found.spending) / found.spending,
        "consumption": np.exp(logs + (found.worth + s * found.states[:, 3] / (sigma - 1))[:, np.newaxis]),
    }
    covered = (shares[:, 0] - shares[0, 0]) / (shares[-1, 0] - shares[0, 0])
    path = _made(end, found.time, paths, logs / rho + found.lifetime, float(np.interp(0.5, covered, found.time)))
    return path, found.residual


def _idle(
    q: HeckscherOhlinInnovationParameters, end: BalancedGrowth, number: Array, time: Array
) -> tuple[Transition, Callable[[], Array]]:
    """Return the world in which nobody invents any more, with the varieties that it has."""
    s, sigma, rho = q.differentiated_share, q.elasticity_of_substitution, q.discount_rate
    here = short_run(q, q.endowment, number)
    shares, simple = (np.array([x, 1 - x]) for x in (here.varieties, here.simple))
    spending = (here.prices * q.endowment).sum(axis=1) + s / sigma * shares
    level = spending / price_index(q, here.prices, number, simple) / q.endowment.sum(axis=1)
    blueprint = np.exp(np.log(here.prices) @ np.array([q.research_intensity, 1 - q.research_intensity]))
    # a firm over what one more costs, with knowledge the number of varieties
    value = s / sigma * shares / (rho * np.where(number > 0, number, np.inf)) * number.sum() / (q.rnd_cost * blueprint)
    if np.max(value) > 1:
        raise InputError(
            "heckscher-ohlin-innovation: with the varieties of the baseline research pays at first in the changed regime, though "
            f"not in the end (a firm is worth {np.max(value):.4g} times its cost); that path is not solved. Raise rnd_cost"
        )
    every = {"innovation": np.zeros(2), "variety_share": shares, "homogeneous_share": simple, "rnd_share": np.zeros(2)}
    paths = {name: np.repeat(x[np.newaxis], time.size, axis=0) for name, x in every.items()}
    path = _wrapped(end, time, paths, level, np.zeros(2), 0.0)
    return path, lambda: np.array([spending.sum() - 1, max(0.0, np.max(value) - 1)])


def _wrapped(
    end: BalancedGrowth, time: Array, paths: dict[str, Any], level: Array, growth: Array, half: float
) -> Transition:
    rho: float = end.parameters.items()["discount_rate"]
    paths["consumption"] = level * np.exp(time[:, np.newaxis] * growth)
    return _made(end, time, paths, lifetime_utility(level, growth, rho), half)


def _made(end: BalancedGrowth, time: Array, paths: dict[str, Any], utility: Array, half: float) -> Transition:
    return Transition(
        mechanism=end.mechanism,
        variant=end.variant,
        regime=end.regime,
        parameters=end.parameters,
        time=time,
        paths=paths,
        end=end,
        lifetime_utility=utility,
        half_life=half,
        units=dict(end.units) | {"research_share": "share of the world's research"},
        citation_keys=end.citation_keys,
    )
