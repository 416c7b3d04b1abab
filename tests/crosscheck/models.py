"""The models of the cross-check as tradewinds writes them; the ``.mod`` files beside this one hold the same for Dynare.

Each ``*_scenario`` returns the solved databank of the experiment that its ``.mod`` file describes.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight import Model, Parameter, Shock, Variable, make_databank, simulate

Array = NDArray[np.float64]


def declare(names: str, dimension: Any = "country") -> list[Variable]:
    """Return variables that are called what they mean."""
    return [Variable(name, name.replace("_", " "), dimension=dimension) for name in names.split()]


def steady_state(model: Model, guess: Array, exogenous: Array) -> Array:
    """Return the unknowns that stay where they are, by Newton's method on dense derivatives."""
    given = np.broadcast_to(exogenous, (3, model.exogenous_size))
    parameters = model.read_parameters()

    @jax.jit
    def residuals(x: Any) -> Any:
        return model.residuals(x, x, x, given, parameters)

    slope = jax.jit(jax.jacfwd(residuals))
    point = np.array(guess, dtype=float)
    for _ in range(30):
        step = np.linalg.solve(np.asarray(slope(point)), -np.asarray(residuals(point)))
        point += step
        if np.max(np.abs(step)) < 1e-13 * max(1.0, float(np.max(np.abs(point)))):
            return point
    raise AssertionError(f"no steady state of {model.name}: last step {np.max(np.abs(step)):.1e}")


def constant(model: Model, state: Array, years: int) -> dict[str, Array]:
    """Return values by name that stay at ``state``, in a form that ``make_databank`` takes."""
    values, start = {}, 0
    for variable in model.variables:
        width = len(model.countries) if variable.dimension == "country" else 1
        part = np.tile(state[start : start + width], (years, 1))
        values[variable.name] = part if variable.dimension == "country" else part[:, 0]
        start += width
    return values


# Growth: one country, taxes on capital income and consumption.


def growth_model() -> Model:
    """Return the growth model of ``growth.mod``."""

    def household(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
        after_tax = 1 + (1 - ex.lead.capital_tax) * (p.alpha * now.capital ** (p.alpha - 1) - p.delta)
        today = now.consumption**-p.gamma / (1 + ex.consumption_tax)
        tomorrow = lead.consumption**-p.gamma / (1 + ex.lead.consumption_tax)
        return {"consumption": today - p.beta * tomorrow * after_tax}

    def production(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
        net_return = p.alpha * lag.capital ** (p.alpha - 1) - p.delta
        return {
            "capital": now.capital - (1 - p.delta) * lag.capital - now.investment,
            "output": now.output - lag.capital**p.alpha,
            "investment": now.output - now.consumption - now.investment,
            "wage": now.wage - (1 - p.alpha) * now.output,
            "transfer": now.transfer - ex.consumption_tax * now.consumption - ex.capital_tax * net_return * lag.capital,
        }

    return Model(
        "growth",
        countries=("home",),
        variables=declare("consumption capital output investment wage transfer", "global"),
        exogenous=declare("capital_tax consumption_tax", "global"),
        parameters=[
            Parameter("alpha", 0.33, "share of capital"),
            Parameter("beta", 0.96, "discount factor"),
            Parameter("gamma", 2.0, "inverse elasticity of substitution"),
            Parameter("delta", 0.08, "depreciation"),
        ],
        blocks=[household, production],
    )


def growth_scenario() -> xarray.Dataset:
    """Solve the announced tax reform, from the old steady state to the new one."""
    model, years = growth_model(), range(122)
    old, new = np.array([0.3, 0.05]), np.array([0.2, 0.15])
    guess = np.array([1.2, 4.0, 1.5, 0.3, 1.0, 0.1])
    values = constant(model, steady_state(model, guess, new), len(years))
    for name, value in zip(values, steady_state(model, guess, old), strict=True):
        values[name][0] = value
    baseline = make_databank(model, years, values | dict(zip(("capital_tax", "consumption_tax"), old, strict=True)))
    reform = [Shock("capital_tax", new[0] - old[0], 6), Shock("consumption_tax", new[1] - old[1], 6)]
    return simulate(model, baseline, reform, tolerance=1e-13).databank


# Trade: two countries, two goods, a bond.


def trade_model() -> Model:
    """Return the two-country model of ``trade.mod``."""
    scale, alpha, home = np.array([1.0, 1.2]), 0.35, 0.7
    home_share = (home, 1 - (1 - home) * (scale[0] / scale[1]) ** (1 / (1 - alpha)))

    def household(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
        discount = p.beta * now.consumption / lead.consumption
        inflation = lead.price_level / now.price_level
        product = p.alpha * lead.price * lead.output / (lead.price_level * now.capital)
        return {
            "bond_euler": 1 - discount * now.world_rate * jnp.exp(-p.psi * now.bonds) / inflation,
            "capital_euler": 1 - discount * (1 - p.delta + product),
        }

    def goods(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
        share, foreign_price = p.home_share, now.price[::-1]
        demand = now.consumption + now.investment
        at_home = share * (now.price / now.price_level) ** -p.theta * demand
        imports = (1 - share) * (foreign_price / now.price_level) ** -p.theta * demand
        level = share * now.price ** (1 - p.theta) + (1 - share) * foreign_price ** (1 - p.theta)
        return {
            "capital": now.capital - (1 - p.delta) * lag.capital - now.investment,
            "output": now.output - p.scale * jnp.exp(ex.tfp) * lag.capital**p.alpha,
            "price_level": now.price_level - level ** (1 / (1 - p.theta)),
            "imports": now.imports - imports,
            "goods": now.output - at_home - now.imports[::-1],
            "numeraire": jnp.mean(now.price) - 1,
        }

    def budgets(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
        value = now.price[::-1] * now.imports
        saved = now.bonds - lag.world_rate * lag.bonds - value[::-1] + value
        # The budget of one country follows from the others and from the goods markets: the market for bonds takes its place.
        return {"bonds": jnp.concatenate([jnp.sum(now.bonds)[None], saved[1:]])}

    return Model(
        "trade",
        countries=("H", "F"),
        variables=declare("consumption capital investment output price price_level imports bonds")
        + declare("world_rate", "global"),
        exogenous=declare("tfp"),
        parameters=[
            Parameter("alpha", alpha, "share of capital"),
            Parameter("beta", 0.96, "discount factor"),
            Parameter("delta", 0.1, "depreciation"),
            Parameter("theta", 1.5, "elasticity of substitution between goods"),
            Parameter("psi", 0.02, "slope of the premium on debt"),
            Parameter("scale", tuple(scale), "productivity"),
            Parameter("home_share", home_share, "weight of the own good"),
        ],
        blocks=[household, goods, budgets],
    )


def trade_scenario() -> xarray.Dataset:
    """Solve a productivity shock at home and, five years later, the news of another one abroad."""
    model, years = trade_model(), range(152)
    p = {name: value * np.ones(2) for name, value in model.read_parameters().items()}
    capital = (p["alpha"] * p["scale"] / (1 / p["beta"] - 1 + p["delta"])) ** (1 / (1 - p["alpha"]))
    output = p["scale"] * capital ** p["alpha"]
    investment = p["delta"] * capital
    values = {
        "consumption": output - investment,
        "capital": capital,
        "investment": investment,
        "output": output,
        "price": 1.0,
        "price_level": 1.0,
        "imports": (1 - p["home_share"]) * output,
        "bonds": 0.0,
        "world_rate": 1 / p["beta"][0],
        "tfp": 0.0,
    }
    expected = Shock("tfp", 0.03, 1, 8, countries=("H",))
    surprise = Shock("tfp", 0.05, 8, 30, countries=("F",), announced=6)
    return simulate(model, make_databank(model, years, values), [expected, surprise], tolerance=1e-13).databank
