"""A small growth model of several countries, with its steady state in closed form, for tests."""

from __future__ import annotations

import numpy as np

from tradewinds.solvers.perfect_foresight import Model, Parameter, Variable, make_databank

ALPHA, BETA, DELTA = 0.33, 0.96, 0.1


def households(now, lag, lead, exogenous, parameters):
    """Consumption grows as the return on capital has it; capital is end of period, its yield comes next year."""
    p = parameters
    gross = 1 - p.delta + p.alpha * exogenous.lead.tfp * now.capital ** (p.alpha - 1)
    return {"euler": 1 / now.consumption - p.beta * gross / lead.consumption}


def firms(now, lag, lead, exogenous, parameters):
    p = parameters
    return {
        "accumulation": now.capital - (1 - p.delta) * lag.capital - now.output + now.consumption,
        "production": now.output - exogenous.tfp * lag.capital**p.alpha,
    }


def world(now, lag, lead, exogenous, parameters):
    return {"world": now.world_output - now.output.sum() - exogenous.transfer}


def growth_model(countries=("home", "foreign")):
    return Model(
        "growth",
        countries=countries,
        variables=[
            Variable("capital", "capital stock, end of year", "goods"),
            Variable("consumption", "consumption", "goods"),
            Variable("output", "output", "goods"),
            Variable("world_output", "output of the world", "goods", dimension="global"),
        ],
        exogenous=[
            Variable("tfp", "productivity", "index"),
            Variable("transfer", "output from elsewhere", "goods", dimension="global"),
        ],
        parameters=[
            Parameter("alpha", ALPHA, "share of capital", (0, 1)),
            Parameter("beta", BETA, "discount factor", (0, 1)),
            Parameter("delta", DELTA, "depreciation", (0, 1)),
        ],
        blocks=[households, firms, world],
    )


def steady_state(tfp=1.0):
    """Return capital, consumption and output where productivity stays as it is."""
    capital = (ALPHA * tfp / (1 / BETA - 1 + DELTA)) ** (1 / (1 - ALPHA))
    output = tfp * capital**ALPHA
    return {"capital": capital, "consumption": output - DELTA * capital, "output": output}


def steady_baseline(model, years=range(2000, 2062), tfp=1.0):
    """Return the databank of a steady state; productivity is one number, or one a country."""
    values = steady_state(np.broadcast_to(np.asarray(tfp, dtype=float), (len(model.countries),)))
    return make_databank(model, years, values | {"world_output": values["output"].sum(), "tfp": tfp, "transfer": 0.0})


def balanced_growth(model, growth=0.02, years=range(2000, 2032)):
    """Return the balanced growth path: productivity grows at a rate that makes output grow by ``growth``."""
    gross = 1 + growth
    dates = np.arange(len(years))[:, None]
    ratio = (gross / BETA - 1 + DELTA) / ALPHA  # output next year over capital now, at productivity of next year
    capital = (1.0 / ratio) ** (1 / (1 - ALPHA)) * gross**dates
    tfp = gross ** ((1 - ALPHA) * (dates - 1))  # tfp[t+1] = gross^((1 - alpha) t), one where t = 0
    output = tfp * (capital / gross) ** ALPHA
    consumption = output - capital + (1 - DELTA) * capital / gross
    total = output[:, 0] * len(model.countries)
    values = {"capital": capital, "consumption": consumption, "output": output, "world_output": total}
    return make_databank(model, years, values | {"tfp": tfp, "transfer": 0.0})


def log_linear(now, lag, lead, exogenous, parameters):
    return {
        "price": now.price - 0.5 * lead.price - 0.2 * lag.price - exogenous.demand - 0.1 * now.wage,
        "wage": now.wage - 0.4 * lag.wage - 0.3 * now.price,
    }


def linear_model(countries=("home", "foreign")):
    """Return a linear model with a lead and lags; its baseline is zero."""
    return Model(
        "linear",
        countries=countries,
        variables=[Variable("price", "price"), Variable("wage", "wage")],
        exogenous=[Variable("demand", "demand")],
        blocks=[log_linear],
    )
