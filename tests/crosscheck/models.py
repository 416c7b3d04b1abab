"""The models of the cross-check as tradewinds writes them; the ``.mod`` files beside this one hold the same for Dynare.

Each ``*_scenario`` returns the solved databank of the experiment that its ``.mod`` file describes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight import Model, Parameter, Shock, Variable, make_databank, simulate
from tradewinds.solvers.perfect_foresight.model import Block

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


# World: twelve countries, forty equations each.

WORLD = tuple(f"R{k}" for k in range(1, 13))


@dataclass(frozen=True, eq=False)
class Gravity:
    """Countries on a ring, whose trade falls with distance and is balanced where all prices are one.

    Attributes
    ----------
    size, import_share : ndarray, shape (V,)
        Output, and imports over output.
    weight : ndarray, shape (V, V)
        Share of each source (column) in the imports of each country (row); that of each market in its exports too.
    """

    size: Array
    import_share: Array
    weight: Array

    @classmethod
    def ring(cls, countries: int) -> Gravity:
        """Return sizes that fall with the number of the country, and trade by distance."""
        place = np.arange(countries)
        apart = np.abs(place[:, None] - place)
        distance = np.minimum(apart, countries - apart)
        size = 1.0 / (place + 1.0) ** 0.7
        flow = np.where(distance > 0, 0.8 * size / size.sum() / (1 + 0.3 * distance), 0.0)
        return cls(size, flow.sum(axis=1), flow / flow.sum(axis=1, keepdims=True))


WORLD_PARAMETERS = [
    Parameter("alpha", 0.33, "share of capital"),
    Parameter("beta", 0.96, "discount factor"),
    Parameter("delta", 0.08, "depreciation of capital"),
    Parameter("eta", 1.0, "inverse elasticity of labour supply"),
    Parameter("habit", 0.5, "weight of past consumption"),
    Parameter("markup", 1.1, "price over marginal cost"),
    Parameter("phi", 4.0, "cost of adjusting capital"),
    Parameter("psi", 0.02, "slope of the premium on debt"),
    Parameter("theta", 1.5, "elasticity between own and foreign goods"),
    Parameter("sigma", 3.0, "elasticity between foreign goods"),
    Parameter("delta_s", 0.05, "depreciation of knowledge"),
    Parameter("research_share", 0.02, "research over GDP"),
    Parameter("government_share", 0.18, "government consumption over GDP"),
    Parameter("gain_own", 0.08, "elasticity of productivity to own research"),
    Parameter("gain_foreign", 0.05, "elasticity of productivity to foreign research"),
    Parameter("rho", 0.8, "persistence of potential output"),
]
WORLD_VARIABLES = (
    "consumption marginal_utility real_rate nominal_rate hours wage rental marginal_cost price output capital tobin_q adjustment "
    "investment absorption government research research_stock foreign_stock tfp import_price price_level home_demand imports "
    "exports competitor_price competitiveness real_exchange_rate terms_of_trade trade_balance bonds current_account "
    "current_account_share foreign_assets_share gdp openness inflation potential human_wealth profits"
)


def households(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
    """Consumption, labour supply and human wealth."""
    return {
        "consumption": now.marginal_utility * (now.consumption - p.habit * lag.consumption) - 1,
        "marginal_utility": now.marginal_utility - p.beta * lead.marginal_utility * now.real_rate,
        "real_rate": now.real_rate - now.nominal_rate * now.price_level / lead.price_level,
        "nominal_rate": now.nominal_rate - now.world_rate * jnp.exp(-p.psi * now.bonds / p.size),
        "hours": p.chi * now.hours**p.eta - now.marginal_utility * now.wage / now.price_level,
        "human_wealth": now.human_wealth - now.wage * now.hours / now.price_level - lead.human_wealth / now.real_rate,
    }


def firms(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
    """Production, prices and capital that is costly to adjust."""
    faster = now.investment / lag.capital - p.delta
    rate = lead.investment / now.capital
    worth = (
        lead.rental / lead.price_level
        + (1 - p.delta) * lead.tobin_q
        + p.phi * (rate - p.delta) * rate
        - p.phi / 2 * (rate - p.delta) ** 2
    )
    return {
        "wage": now.wage * now.hours - (1 - p.alpha) * now.marginal_cost * now.output,
        "rental": now.rental * lag.capital - p.alpha * now.marginal_cost * now.output,
        "price": now.price - p.markup * now.marginal_cost,
        "output": now.output - now.tfp * lag.capital**p.alpha * now.hours ** (1 - p.alpha),
        "capital": now.capital - (1 - p.delta) * lag.capital - now.investment,
        "tobin_q": now.tobin_q - 1 - p.phi * faster,
        "adjustment": now.adjustment - p.phi / 2 * faster**2 * lag.capital,
        "investment": now.tobin_q - p.beta * lead.marginal_utility / now.marginal_utility * worth,
        "profits": now.profits - (now.price - now.marginal_cost) * now.output,
        "potential": now.potential - lag.potential**p.rho * now.output ** (1 - p.rho),
    }


def research_block(world: Gravity) -> Block:
    """Return the equations of knowledge that flows with trade."""

    def research(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
        relative = lag.research_stock / p.stock_bar
        knowledge = relative**p.gain_own * lag.foreign_stock ** (p.gain_foreign * now.openness)
        return {
            "research": now.research - (p.research_share + ex.research_shock) * now.gdp,
            "research_stock": now.research_stock - (1 - p.delta_s) * lag.research_stock - now.research,
            "foreign_stock": now.foreign_stock
            - jnp.exp(jnp.sum(world.weight * jnp.log(now.research_stock / p.stock_bar), axis=1)),
            "tfp": now.tfp - p.tfp_bar * jnp.exp(ex.tfp_shock) * knowledge,
        }

    return research


def trade_block(world: Gravity) -> Block:
    """Return demand for goods by origin, and prices at home and abroad."""
    weight = world.weight

    def trade(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
        share = p.import_share
        abroad = jnp.sum(weight * now.price ** (1 - p.sigma), axis=1) ** (1 / (1 - p.sigma))
        level = (1 - share) * now.price ** (1 - p.theta) + share * now.import_price ** (1 - p.theta)
        relative = now.price[:, None] / now.import_price  # by seller and market
        competitors = jnp.exp(jnp.sum(weight * jnp.log(now.import_price), axis=1))
        levels = jnp.exp(jnp.sum(weight * jnp.log(now.price_level), axis=1))
        at_home = (1 - share) * (now.price / now.price_level) ** -p.theta * now.absorption
        imports = share * (now.import_price / now.price_level) ** -p.theta * now.absorption
        bought = now.consumption + now.investment + now.adjustment + now.research + now.government
        return {
            "import_price": now.import_price - abroad,
            "price_level": now.price_level - level ** (1 / (1 - p.theta)),
            "home_demand": now.home_demand - at_home,
            "imports": now.imports - imports,
            "exports": now.exports - jnp.sum(weight.T * relative**-p.sigma * now.imports, axis=1),
            "goods": now.output - now.home_demand - now.exports,
            "absorption": now.absorption - bought,
            "government": now.government - p.government_share * now.gdp,
            "competitor_price": now.competitor_price - competitors,
            "competitiveness": now.competitiveness - now.price / now.competitor_price,
            "real_exchange_rate": now.real_exchange_rate - now.price_level / levels,
            "terms_of_trade": now.terms_of_trade - now.price / now.import_price,
        }

    return trade


def accounts(now: Any, lag: Any, lead: Any, ex: Any, p: Any) -> dict[str, Any]:
    """Balance of payments and shares of GDP."""
    income = now.price * now.output
    saved = now.bonds - lag.world_rate * lag.bonds - now.trade_balance
    return {
        "trade_balance": now.trade_balance - now.price * now.exports + now.import_price * now.imports,
        # The budget of the first follows from the others and from the goods markets: the market for bonds takes its place.
        "bonds": jnp.concatenate([jnp.sum(now.bonds)[None], saved[1:]]),
        "current_account": now.current_account - now.bonds + lag.bonds,
        "current_account_share": now.current_account_share - now.current_account / income,
        "foreign_assets_share": now.foreign_assets_share - now.bonds / income,
        "gdp": now.gdp - income / now.price_level,
        "openness": now.openness - now.import_price * now.imports / income / p.import_share,
        "inflation": now.inflation - now.price_level / lag.price_level,
        "numeraire": jnp.sum(p.size * (now.price - 1)),
    }


def world_model() -> Model:
    """Return the model of ``world.mod``."""
    world = Gravity.ring(len(WORLD))
    p = {parameter.name: float(np.asarray(parameter.default)) for parameter in WORLD_PARAMETERS}
    capital = p["alpha"] * world.size / p["markup"] / (1 / p["beta"] - 1 + p["delta"])
    consumption = world.size * (1 - p["research_share"] - p["government_share"]) - p["delta"] * capital
    calibrated = {
        "size": world.size,
        "import_share": world.import_share,
        "stock_bar": p["research_share"] * world.size / p["delta_s"],
        "tfp_bar": world.size / capital ** p["alpha"],
        "chi": (1 - p["alpha"]) * world.size / p["markup"] / ((1 - p["habit"]) * consumption),
    }
    return Model(
        "world",
        countries=WORLD,
        variables=declare(WORLD_VARIABLES) + declare("world_rate", "global"),
        exogenous=declare("research_shock tfp_shock"),
        parameters=WORLD_PARAMETERS
        + [Parameter(name, tuple(value), name.replace("_", " ")) for name, value in calibrated.items()],
        blocks=[households, firms, research_block(world), trade_block(world), accounts],
    )


def world_start(model: Model) -> dict[str, Any]:
    """Return the steady state without shocks, where all prices are one."""
    p = model.read_parameters()
    size, zero = p["size"], 0.0 * p["size"]
    capital = (size / p["tfp_bar"]) ** (1 / p["alpha"])
    consumption = size * (1 - p["research_share"] - p["government_share"]) - p["delta"] * capital
    wage = (1 - p["alpha"]) * size / p["markup"]
    trade = p["import_share"] * size
    flows = dict.fromkeys(("output", "gdp", "potential", "absorption"), size) | dict.fromkeys(
        ("imports", "exports"), trade
    )
    zeros = "adjustment trade_balance bonds current_account current_account_share foreign_assets_share research_shock tfp_shock"
    ones = (
        "hours tobin_q price import_price price_level competitor_price competitiveness real_exchange_rate terms_of_trade openness "
        "inflation foreign_stock"
    )
    rates = dict.fromkeys(("real_rate", "nominal_rate", "world_rate"), 1 / float(p["beta"]))
    return (
        flows
        | dict.fromkeys(zeros.split(), zero)
        | dict.fromkeys(ones.split(), zero + 1.0)
        | rates
        | {
            "consumption": consumption,
            "marginal_utility": 1 / ((1 - p["habit"]) * consumption),
            "capital": capital,
            "investment": p["delta"] * capital,
            "government": p["government_share"] * size,
            "research": p["research_share"] * size,
            "research_stock": p["stock_bar"],
            "tfp": p["tfp_bar"],
            "rental": zero + 1 / p["beta"] - 1 + p["delta"],
            "marginal_cost": zero + 1 / p["markup"],
            "wage": wage,
            "profits": (1 - 1 / p["markup"]) * size,
            "human_wealth": wage / (1 - p["beta"]),
            "home_demand": size - trade,
        }
    )


def world_baseline(model: Model, periods: int) -> xarray.Dataset:
    """Return the steady state without shocks over a horizon."""
    return make_databank(model, range(periods + 2), world_start(model))


def world_scenario(periods: int = 80) -> xarray.Dataset:
    """Solve a lasting rise of research in the first country, from the old steady state to the new one."""
    model = world_model()
    start = world_start(model)
    old = np.concatenate(
        [np.broadcast_to(start[v.name], 12 if v.dimension == "country" else 1) for v in model.variables]
    )
    shock = np.zeros(model.exogenous_size)
    shock[0] = 0.005
    values = constant(model, steady_state(model, old, shock), periods + 2)
    for name, path in values.items():
        path[0] = start[name]
    baseline = make_databank(model, range(periods + 2), values | {"research_shock": 0.0, "tfp_shock": 0.0})
    # Full Newton steps, as Dynare takes them, so that both stop at the same iterate: its rule leaves 6e-7 of the costs of
    # adjustment, which are the square of what is small.
    rise = [Shock("research_shock", 0.005, 1, countries=("R1",))]
    return simulate(model, baseline, rise, solver="blocks").databank
