"""The world in the long run: the static twin of the dynamic model, written for itself.

Here nothing changes any more: Tobin's q is one, prices have adjusted, output is at its potential, foreign assets are constant. What
is left is a trade model with R&D: who can follow its few lines has understood the far end of the dynamic simulations, and a test
holds the two against each other. Money is absent, because it is neutral.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.solvers.solution import Solution, judge
from tradewinds.world.calibration import Calibration
from tradewinds.world.model import world_model

if TYPE_CHECKING:
    from tradewinds.world.scenario import WorldShock

__all__ = ["LongRun", "long_run"]

Array = NDArray[np.float64]

_LOGS = ("potential_output", "capital", "real_exchange_rate", "imports", "consumption", "import_price", "absorption")


@dataclass(frozen=True, eq=False)
class LongRun:
    """The steady state that permanent shocks lead to.

    Attributes
    ----------
    calibration : Calibration
    values : mapping
        Variable to its value, shape (V,) or ().
    solution : Solution
    """

    calibration: Calibration
    values: Mapping[str, Array]
    solution: Solution


def long_run(
    calibration: Calibration,
    shocks: WorldShock | Sequence[WorldShock],
    *,
    log_foreign_stock_index: Array | None = None,
    oil_exporters_assets: float = 0.0,
    throw: bool = True,
) -> LongRun:
    """Solve for the steady state under permanent shocks.

    Parameters
    ----------
    calibration : Calibration
    shocks : WorldShock or sequence of WorldShock
        Without an end; what they are in their last year counts.
    log_foreign_stock_index : ndarray, shape (V,), optional
        Log of the foreign R&D stock on the baseline; default: that of the last year in the calibration.
    oil_exporters_assets : float
        Claims of oil exporters, which history leaves open.
    throw : bool
        Raise if it does not solve.

    Raises
    ------
    InputError
        If a shock is temporary, or one to external_finance, under which there is no long run.
    ConvergenceError
        If ``throw`` and it does not solve.
    """
    import jax
    import jax.numpy as jnp

    from tradewinds.world.scenario import require_shocks

    given = _given(calibration, require_shocks(shocks))
    if log_foreign_stock_index is None:
        log_foreign_stock_index = calibration.index_path([10_000])[0]
    given["log_foreign_stock_index"] = np.asarray(log_foreign_stock_index)
    p = {name: np.asarray(value) for name, value in calibration.model_parameters.items()}
    size = len(calibration.codes)

    def system(u: Any) -> Any:
        return _system(u, given, p, oil_exporters_assets)[0]

    point = _start(calibration)
    jacobian, residual = jax.jit(jax.jacfwd(system)), jax.jit(system)
    history = [float(jnp.max(jnp.abs(residual(point))))]
    while history[-1] > 1e-13 and len(history) < 50:
        step = np.linalg.solve(np.asarray(jacobian(point)), -np.asarray(residual(point)))
        length = 1.0
        while length > 1e-4 and not float(jnp.max(jnp.abs(residual(point + length * step)))) < history[-1]:
            length /= 2
        if length <= 1e-4:
            break
        point = point + length * step
        history.append(float(jnp.max(jnp.abs(residual(point)))))
    names = [f"{name}[{code}]" for name in _EQUATIONS for code in calibration.codes] + ["commodity market", "numeraire"]
    assert len(names) == 9 * size + 2
    solution = judge(
        point,
        lambda x: np.asarray(residual(x)),
        tolerance=1e-11,
        iterations=len(history) - 1,
        history=history,
        names=names,
        what="the long run of the world",
        throw=throw,
    )
    values = {name: np.asarray(value) for name, value in _system(point, given, p, oil_exporters_assets)[1].items()}
    return LongRun(calibration, values, solution)


def _given(calibration: Calibration, shocks: Sequence[WorldShock]) -> dict[str, Any]:
    codes = calibration.codes
    found: dict[str, Any] = {
        item.name: np.zeros(len(codes)) if item.dimension == "country" else np.zeros(())
        for item in world_model(calibration).exogenous
    }
    found["labour"] = np.ones(len(codes))
    for shock in shocks:
        if shock.end is not None:
            raise InputError(f"the shock to {shock.variable} ends in {shock.end}; the long run needs permanent ones")
        if shock.variable == "external_finance":
            raise InputError(
                "there is no long run under a shock to external_finance: what is lent year after year is never paid back, so that "
                "claims abroad grow by their interest for good. Leave the shock out, or simulate the years that matter"
            )
        read = shock.read(calibration)
        size = read.size[-1] if isinstance(read.size, tuple) else read.size
        chosen = [not read.countries or code in read.countries for code in codes]
        found[read.variable] = found[read.variable] + (
            np.where(chosen, size, 0.0) if found[read.variable].ndim else size
        )
    found["preference"] = np.exp(np.stack([found[f"import_preference_{code}"] for code in codes], axis=1))
    return found


def _start(calibration: Calibration) -> Array:
    a, b = calibration.arrays, calibration.baseline
    one = np.ones(len(calibration.codes))
    levels = (one, a["capital_ratio"], one, a["import_share"], b["consumption"], one, one)
    rates = np.broadcast_to(a["real_rate"], one.shape)
    return np.concatenate([*map(np.log, levels), rates, 0 * one, np.zeros(2)])


#: Equations, each one a country; the commodity market and the numeraire follow.
_EQUATIONS = (
    "production",
    "return to capital",
    "consumption",
    "imports",
    "import price",
    "absorption",
    "goods market",
    "foreign assets",
    "parity or finance",
)


def _system(u: Any, given: Mapping[str, Any], p: Mapping[str, Any], oil_assets: float) -> tuple[Any, dict[str, Any]]:
    """Return residuals, shape (9 V + 2,), and variables by name."""
    import jax.numpy as jnp

    from tradewinds.world.equations.trade import import_inflow

    count = p["gdp_share"].size
    parts = u[:-2].reshape(9, count)
    output, capital, q, imports, consumption, import_price, absorption = jnp.exp(parts[:7])
    rate, assets, commodity_price, world_rate = parts[7], parts[8], jnp.exp(u[-2]), u[-1] + p["real_rate"]
    growth, w = p["growth"], p["gdp_share"]
    net = (rate - growth) / (1 + growth)

    # knowledge: stocks in proportion to output and to the ratio of R&D, foreign ones as sums of levels
    stock = output * (1 + given["rnd_spending"] / p["rnd_ratio"])
    shares = p["rnd_import_shares"] * given["preference"]
    shares = shares / jnp.sum(shares, axis=1)[:, None]
    foreign = shares @ (p["rnd_stock_level"] * stock) / (p["rnd_import_shares"] @ p["rnd_stock_level"])
    m0 = p["manufactures_import_share"]
    m = (m0 * imports / p["import_share"] + given["extra_trade"]) / output
    index = given["log_foreign_stock_index"]
    from_home = p["domestic_rnd_elasticity"] * jnp.log(stock)
    from_abroad = p["foreign_rnd_elasticity"] * (m * (index + jnp.log(foreign)) - m0 * index)
    from_trade = p["trade_tfp_effect"] * (m - m0)
    log_tfp = from_home + from_abroad + from_trade + given["other_productivity"]

    # trade: exports sell at the price of output; shares of suppliers follow their prices
    competitors = jnp.exp(p["export_weights"] @ jnp.log(import_price))
    appeal = (q / competitors) ** (-(1 - p["import_elasticity_share"]) * p["trade_price_elasticity"])
    chosen = p["import_shares"] * given["preference"] * appeal
    chosen = chosen / jnp.sum(chosen, axis=1)[:, None]
    price = import_price * (1 + given["tariff"]) / q
    wanted = p["import_share"] * absorption ** p["import_activity_elasticity"]
    wanted = wanted * price ** (-p["import_elasticity_share"] * p["trade_price_elasticity"])

    # commodities and oil
    relative = commodity_price / q
    commodities = p["commodity_imports_share"] * absorption * relative ** (-p["commodity_demand_elasticity"])
    supply = p["commodity_exports_share"] * output ** p["commodity_supply_output"]
    commodities = commodities - supply * relative ** p["commodity_supply_elasticity"]
    free = w * (1 - p["finance_constrained"])
    oil_price = jnp.exp(given["real_oil_price"] + jnp.sum(free * jnp.log(q)) / jnp.sum(free))
    oil_demand = absorption ** p["oil_activity_elasticity"] * (oil_price / q) ** (-p["oil_price_elasticity"])
    oil = p["oil_imports_share"] * oil_demand
    interest = (world_rate - growth) / (1 + growth)
    oil_spent = oil_price * jnp.sum(w * oil) + interest * oil_assets
    to_oil = p["oil_purchases"] * appeal
    oil_volume = oil_spent / (jnp.sum(to_oil * q) / jnp.sum(to_oil))
    exports = (chosen.T @ (w * imports) + to_oil / jnp.sum(to_oil) * oil_volume) / w

    # balance of payments and what is left for the country
    on_extra = given["extra_trade"] * (import_price - q)
    balance = q * exports - import_price * imports - commodity_price * commodities - oil_price * oil
    balance = balance - on_extra + jnp.sum(w * on_extra) / jnp.sum(w)
    tariffs = given["tariff"] * import_price * imports
    deflator = (output - (balance - tariffs) / q) / absorption
    debt = p["debt_ratio"] + given["debt_target"]
    spending = (p["government_share"] + given["government"]) * output
    taxes = spending + net * debt - tariffs / (q * deflator)
    after_tax = output / deflator - taxes
    extra = given["rnd_spending"] * output
    profits = p["capital_share"] * after_tax - p["rnd_cost_to_owners"] * extra
    inflow = import_inflow(imports, given["extra_trade"], p["import_share"], m0)
    value = capital * (inflow / output) ** (-p["investment_import_effect"])  # the gap that imports leave is closed
    human = (1 - p["capital_share"]) * after_tax / (p["human_wealth_discount"] - growth)
    wealth = human + value + debt + assets / (q * deflator)
    investment = capital * (p["depreciation"] + growth) / (1 + growth)

    labour = (1 - p["capital_share"]) * jnp.log(given["labour"])
    closure = jnp.where(p["finance_constrained"] > 0, balance - given["external_finance"], rate - world_rate)
    residuals = [
        jnp.log(output) - log_tfp - p["capital_share"] * jnp.log(capital / p["capital_ratio"]) - labour,
        profits - value * (rate + p["depreciation"] + p["capital_premium"]),
        p["consumption_adjustment"]
        * (jnp.log(wealth / consumption) - jnp.log(p["wealth_ratio"] / p["consumption_share"]))
        - p["consumption_rate_effect"] * (rate - p["real_rate"]),
        jnp.log(imports / wanted),
        import_price - chosen @ q,
        absorption - consumption - investment - spending - extra,
        output - absorption - exports + imports + commodities + oil,
        interest * assets + balance,
        closure,
        jnp.atleast_1d(jnp.sum(w * commodities)),
        jnp.atleast_1d(jnp.sum(p["numeraire"] * jnp.log(q))),
    ]
    values = {
        "potential_output": output,
        "output": output,
        "tfp": jnp.exp(log_tfp),
        "tfp_domestic_rnd": from_home,
        "tfp_foreign_rnd": from_abroad,
        "tfp_trade": from_trade,
        "manufactures_imports_gdp": m,
        "rnd_gdp": p["rnd_ratio"] + given["rnd_spending"],
        "extra_rnd": extra,
        "domestic_rnd_stock": stock,
        "foreign_rnd_stock": foreign,
        "capital": capital,
        "investment": investment,
        "profits": profits,
        "market_value": value,
        "consumption": consumption,
        "disposable_income": after_tax
        - p["depreciation"] / (1 + growth) * capital
        - p["rnd_cost_to_households"] * extra,
        "human_wealth": human,
        "wealth": wealth,
        "taxes": taxes,
        "government_spending": spending,
        "absorption": absorption,
        "absorption_price": deflator,
        "imports": imports,
        "export_propensity": appeal,
        "exports": exports,
        "import_price": import_price,
        "export_price": q,
        "commodity_imports": commodities,
        "commodity_price": commodity_price,
        "oil_demand": oil_demand,
        "oil_imports": oil,
        "oil_price": oil_price,
        "oil_exports": jnp.sum(w * oil),
        "oil_exporters_imports": oil_volume,
        "oil_exporters_assets": jnp.asarray(oil_assets),
        "real_exchange_rate": q,
        "real_interest_rate": rate,
        "trade_balance": balance,
        "foreign_assets": assets,
        "terms_of_trade": q / import_price,
    }
    return jnp.concatenate(residuals), values
