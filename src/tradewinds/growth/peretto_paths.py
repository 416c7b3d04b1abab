r"""The path of :mod:`tradewinds.growth.peretto_valente` after a change: prices jump, firms and knowledge take time.

With wages of one, free entry and the labour market give world sales at every date by the same equation as on the balanced growth
path, :math:`L + L^* = L_M(S + S^*) + \psi\,(S + S^*)`: what entry takes more of, research and upkeep take less. So sales,
materials and their price, rents and spending are in their new places on the first day, the interest rate stays at
:math:`\rho`, and what moves is the number of firms :math:`N` and of those at home, :math:`N_h`, with sales a firm
:math:`s = (S + S^*)/N`:

.. math::
    z &= \max\{\alpha\theta' s - \rho - \delta,\ 0\}, \qquad
    \eta\,\hat N = B - \frac{f + z/\alpha}{s} \\
    \eta s\,(\dot N_h + \delta N_h) &= L - L_M
    - N_h\left[(1 - \gamma)\tfrac{\sigma - 1}{\sigma}\, s + f + \tfrac z\alpha\right]

Where there is research the first is logistic, :math:`\hat N = \lambda (1 - N/N^*)`, :math:`\lambda = (B - \theta')/\eta`. Entry
must not be negative in either country, or wages would part: firms leave no faster than :math:`\delta`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.peretto_processing import (
    employment_of,
    gain_of,
    margin_of,
    materials_of,
    outlay_of,
    price_index,
)
from tradewinds.growth.results import BalancedGrowth, Transition

if TYPE_CHECKING:
    from tradewinds.growth.peretto_parameters import PerettoValenteParameters

__all__ = ["motion", "path_of", "world_firms"]

Array = NDArray[np.float64]


def world_firms(p: PerettoValenteParameters, point: BalancedGrowth) -> tuple[float, float]:
    """Return firms of the world and of home on a balanced growth path; a closed baseline has firms abroad like those at home."""
    home = float(point["firms"])
    return home + p.foreign_labour / (float(employment_of(p)) * float(point["firm_sales"])), home


def motion(firms: Any, at_home: Any, p: PerettoValenteParameters, sales: float, workers: float) -> dict[str, Any]:
    """Return sales a firm, growth of knowledge and of firms, and entrants in each country, by workers they take over sales.

    Parameters
    ----------
    firms, at_home : array_like
        Number of firms that serve the market, and those at home.
    sales, workers : float
        World sales; workers at home outside processing.
    """
    size = sales / firms
    delta, alpha = p.exit_rate, p.research_productivity
    knowledge = np.maximum(alpha * gain_of(p) * size - p.discount_rate - delta, 0.0)
    upkeep = p.fixed_labour + knowledge / alpha
    rise = (margin_of(p) - upkeep / size) / p.entry_cost
    variable = (1 - p.materials_share) * (1 - 1 / p.elasticity_of_substitution)
    entering = workers - at_home * (variable * size + upkeep)  # workers who set up firms at home
    home = entering / (p.entry_cost * size) - delta * at_home
    abroad = rise * firms - home + delta * (firms - at_home)
    return {
        "size": size,
        "knowledge": knowledge,
        "firms": rise,
        "home": home,
        "enter": home + delta * at_home,
        "abroad": abroad,
    }


def path_of(before: BalancedGrowth, end: BalancedGrowth) -> tuple[Transition, Callable[[], Array]]:
    """Return the path from the firms of one balanced growth path to another, and what evaluates its residuals.

    Raises
    ------
    InputError
        If firms would have to leave faster than they die.
    """
    from scipy.integrate import solve_ivp

    old: Any = before.parameters
    p: Any = end.parameters
    if p.entry_cost == 0:
        raise InputError(
            "peretto-valente: entry is free, so that the number of firms jumps; give entry_cost above 0 for a path"
        )
    if min(before.home_share, end.home_share) <= 0:
        raise InputError(
            "peretto-valente: home makes no varieties in one of the regimes, and wages differ; the way there is not solved. "
            "solve() gives both ends"
        )
    outlay, rho, g = float(outlay_of(p)), p.discount_rate, end.growth
    processing = float(end["processing_labour"]) * p.home_labour
    workers = p.home_labour - processing
    sales = float(end["firms"] * end["firm_sales"] / end["home_share"])
    total, home = world_firms(old, before)
    start = np.log([total, home] if p.trade else [home, home])
    power = 1 / (p.elasticity_of_substitution - 1)
    price = outlay * sales / materials_of(p, processing)
    share = float(np.exp(start[1] - start[0]))
    rents = float(end["resource_rent"]) * p.home_labour
    # interest on firms at time 0, whose value is what entry costs
    spending = (p.home_labour + rents + rho * p.entry_cost * sales * share) / p.home_labour
    level = np.log(spending / price_index(p, 1.0, price))

    def change(_: float, state: Array) -> Array:
        now = motion(np.exp(state[0]), np.exp(state[1]), p, sales, workers)
        return np.array([now["firms"], now["home"] * np.exp(-state[1]), p.knowledge_elasticity * now["knowledge"] - g])

    speed = max((float(margin_of(p)) - float(gain_of(p))) / p.entry_cost, 1e-4)
    horizon = 40 / min(speed, 1.0)
    found: Any = solve_ivp(
        change, (0, horizon), [*start, 0.0], method="LSODA", rtol=1e-11, atol=1e-13, dense_output=True
    )
    shown = min(horizon, 600 / max(g, 1e-9))  # beyond, consumption is larger than any number
    time = np.unique(np.concatenate([np.linspace(0, 100, 101), np.geomspace(100, shown, 60)]))
    states = found.sol(time)
    firms = np.exp(states[1])
    now = motion(np.exp(states[0]), firms, p, sales, workers)
    entry = [now["enter"] / firms] + ([now["abroad"] / (np.exp(states[0]) - firms)] if p.trade else [])
    least = min(float(np.min(x)) for x in entry)
    if least < -1e-12:
        raise InputError(
            f"peretto-valente: firms of a country would have to leave faster than exit_rate = {p.exit_rate:.4g}, by "
            f"{-least:.4g} a year, and wages would part; that is not solved. Raise exit_rate, or make the change smaller"
        )

    def log_consumption(years: Array) -> Array:
        at = found.sol(np.minimum(years, horizon))
        return np.asarray(level + power * at[0] + at[2] + g * years)

    nodes, weights = np.polynomial.legendre.leggauss(12)
    edges = np.concatenate([np.linspace(0, 2, 17), np.linspace(2, 45, 44)[1:]]) / rho
    half = np.diff(edges) / 2
    years = ((edges[1:] + edges[:-1]) / 2)[:, np.newaxis] + half[:, np.newaxis] * nodes
    utility = float(
        np.sum(
            half[:, np.newaxis] * weights * np.exp(-rho * years) * log_consumption(years.ravel()).reshape(years.shape)
        )
    )
    paths = {
        "innovation": now["knowledge"],
        "firms": firms,
        "firm_sales": now["size"],
        "home_share": firms / np.exp(states[0]),
        "rnd_labour_share": firms * now["knowledge"] / p.research_productivity / p.home_labour,
        "consumption": np.exp(log_consumption(time)),
    }
    way = states[0] - states[0, -1]
    covered = float(np.interp(0.5, 1 - way / way[0], time)) if abs(way[0]) > 1e-9 else 0.0
    path = Transition(
        mechanism=end.mechanism,
        variant=end.variant,
        regime=end.regime,
        parameters=p,
        time=time,
        paths=paths,
        end=end,
        lifetime_utility=utility,
        half_life=covered,
        units=end.units,
        citation_keys=end.citation_keys,
    )

    def residual() -> Array:
        middle, half = (time[1:] + time[:-1]) / 2, np.diff(time) / 2
        moved = sum(
            w * np.array([change(0.0, y) for y in found.sol(middle + half * x).T])
            for x, w in zip(nodes, weights, strict=True)
        )
        gaps = np.diff(states, axis=1).T - half[:, np.newaxis] * moved
        last = now["size"][-1] / float(end["firm_sales"]) - 1
        return np.array([np.max(np.abs(gaps)), last, firms[-1] / float(end["firms"]) - 1])

    return path, residual
