"""Two countries that do research and learn from each other; one of them subsidises its research for good.

Output is made with capital and knowledge; what a country knows helps the other too. Those who invest in research count what it
yields at home and not abroad, so a subsidy at home raises productivity in both countries::

    python examples/perfect_foresight/two_countries.py                  # a subsidy of 10 per cent; writes two_countries.svg
    python examples/perfect_foresight/two_countries.py --too-large      # of 120 per cent: why there is no such path
"""

from __future__ import annotations

import sys
from pathlib import Path

from tradewinds.errors import ConvergenceError
from tradewinds.solvers.perfect_foresight import Model, Parameter, Shock, Variable, simulate, steady_state

COUNTRIES = ("home", "abroad")


def production(now, lag, lead, exogenous, p):
    return {
        "output": now.output - now.tfp * lag.capital**p.alpha,
        "tfp": now.tfp - lag.knowledge**p.own * lag.knowledge[::-1] ** p.spillover,
        "capital": now.capital - (1 - p.delta) * lag.capital - (now.output - now.consumption - now.research),
        "knowledge": now.knowledge - (1 - p.obsolescence) * lag.knowledge - now.research,
    }


def choices(now, lag, lead, exogenous, p):
    patience = p.beta * now.consumption / lead.consumption  # what a good next year is worth today
    price, later = 1 - exogenous.subsidy, 1 - exogenous.lead.subsidy  # of research to those who do it
    return {
        "saving": 1 - patience * (1 - p.delta + p.alpha * lead.output / now.capital),
        "research": price - patience * ((1 - p.obsolescence) * later + p.own * lead.output / now.knowledge),
    }


MODEL = Model(
    "two countries",
    countries=COUNTRIES,
    variables=[
        Variable("output", "output", "goods a year"),
        Variable("consumption", "consumption", "goods a year"),
        Variable("research", "spending on research", "goods a year"),
        Variable("tfp", "total factor productivity", "index"),
        Variable("capital", "capital at the end of the year", "goods"),
        Variable("knowledge", "stock of knowledge at the end of the year", "goods"),
    ],
    exogenous=[Variable("subsidy", "share of research that the government pays", "fraction")],
    parameters=[
        Parameter("alpha", 0.33, "elasticity of output to capital", (0, 1)),
        Parameter("beta", 0.96, "discount factor", (0, 1)),
        Parameter("delta", 0.08, "depreciation of capital", (0, 1)),
        Parameter("obsolescence", 0.05, "depreciation of knowledge", (0, 1)),
        Parameter("own", 0.08, "elasticity of productivity to own knowledge", (0, 1)),
        Parameter("spillover", 0.03, "elasticity of productivity to foreign knowledge", (0, 1)),
    ],
    blocks=[production, choices],
)


def subsidise(subsidy: float, last_year: int = 2124):
    """Return the path that follows a subsidy in the first country from 2025 on, from one steady state to another."""
    before = steady_state(MODEL, {"subsidy": 0.0})
    shock = Shock("subsidy", subsidy, 2025, countries=("home",))
    return simulate(MODEL, before.databank(range(2024, last_year + 2)), [shock], terminal="growth")


def main(arguments: list[str]) -> int:
    if "--too-large" in arguments:
        try:
            subsidise(1.2)
        except ConvergenceError as error:
            print(error)
            return 1
    done = subsidise(0.1)
    print(done.summary())
    title = "A permanent research subsidy of 10 per cent at home: deviation from baseline"
    figure = done.plot(["knowledge", "tfp", "output", "consumption"], title=title)
    target = Path("two_countries.svg")
    figure.savefig(target)
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
