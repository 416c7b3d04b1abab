"""Small models whose roots and faults are known by hand, for tests of the diagnostics."""

from __future__ import annotations

import numpy as np

from tradewinds.solvers.perfect_foresight import Model, Parameter, Variable, make_databank


def small(block, names, *, countries=("home",), exogenous="", parameters=None, dimension="global"):
    """Return a model of one block whose variables are called what they mean."""
    return Model(
        block.__name__,
        countries=countries,
        variables=[Variable(name, name, dimension=dimension) for name in names.split()],
        exogenous=[Variable(name, name, dimension=dimension) for name in exogenous.split()],
        parameters=[Parameter(name, value, name) for name, value in (parameters or {}).items()],
        blocks=[block],
    )


def at_rest(model, years=8, **values):
    """Return a databank of zeros, but for the values given."""
    zeros = {item.name: 0.0 for item in (*model.variables, *model.exogenous)}
    return make_databank(model, range(2000, 2000 + years), zeros | values)


def new_keynesian(reaction):
    def rule(now, lag, lead, exogenous, p):
        return {
            "inflation": now.inflation - 0.99 * lead.inflation - 0.1 * now.gap,
            "gap": now.gap - lead.gap + now.rate - lead.inflation,
            "rate": now.rate - p.reaction * now.inflation,
        }

    return small(rule, "inflation gap rate", parameters={"reaction": reaction})


def accelerating():
    def debt(now, lag, lead, exogenous, p):
        return {"debt": now.debt - 1.05 * lag.debt - now.deficit, "deficit": now.deficit - 0.5 * lag.deficit}

    return small(debt, "debt deficit")


def random_walk():
    """Return a small open economy at the world's rate: consumption smooths, net foreign assets are where history left them."""

    def open_economy(now, lag, lead, exogenous, p):
        return {
            "euler": now.consumption - lead.consumption,
            "budget": now.assets - 1.04 * lag.assets - 1.0 + now.consumption,
        }

    return small(open_economy, "consumption assets")


def two_faults():
    """Return a model with the right count of roots, which one part has too many of and another too few."""

    def trap(now, lag, lead, exogenous, p):
        return {"debt": now.debt - 1.2 * lag.debt, "price": lead.price - 0.6 * now.price + 0.1 * now.debt}

    return small(trap, "debt price")


def price_by_lead():
    def arbitrage(now, lag, lead, exogenous, p):
        return {
            "price": now.price - lead.price + 0.0 * now.price**2,
            "volume": now.volume - 0.5 * lag.volume - now.price,
        }

    return small(arbitrage, "price volume")


def adding_up(countries=("US", "JA", "GE")):
    """Return a model that says twice that the world's trade is balanced."""

    def trade(now, lag, lead, exogenous, p):
        rise, reach = np.array([0.2, 0.3, 0.5]), np.array([0.4, 0.1, 0.1])
        return {
            "trade_balance": now.trade_balance - rise * now.world_price - reach * now.world_demand - now.gap,
            "world_trade_balance": now.trade_balance.sum(),
            "discrepancy": 2 * (now.trade_balance[0] + now.trade_balance[1] + now.trade_balance[2]),
            "gap": now.gap - 0.5 * lag.gap,
        }

    country, single = [Variable(n, n) for n in ("trade_balance", "gap")], ("world_price", "world_demand")
    return Model(
        "adding-up",
        countries=countries,
        variables=country + [Variable(n, n, dimension="global") for n in single],
        blocks=[trade],
    )


def exchange(numeraire):
    """Return an exchange economy of three goods and countries; without a numeraire one market follows from the others."""

    def markets(now, lag, lead, exogenous, p):
        income = now.price * exogenous.endowment
        spent = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.3, 0.2, 0.5]]) * income[:, None]
        excess = spent.sum(axis=0) / now.price - exogenous.endowment
        residuals = {"market": excess, "stock": now.stock - 0.9 * lag.stock - now.price}
        if numeraire:
            residuals["market"] = excess.at[0].set(now.price.mean() - 1.0)
        return residuals

    return Model(
        "exchange",
        countries=("A", "B", "C"),
        variables=[Variable("price", "price"), Variable("stock", "stock")],
        exogenous=[Variable("endowment", "endowment")],
        blocks=[markets],
    )
