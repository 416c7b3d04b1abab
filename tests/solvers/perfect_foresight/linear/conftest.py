"""Linear systems to solve: a saddle-path-stable world of random couplings, and the derivatives of a non-linear model."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.solvers.perfect_foresight import Model, Parameter, Variable
from tradewinds.solvers.perfect_foresight.newton import Problem, Terminal
from tradewinds.solvers.perfect_foresight.stacked import Stacked
from tradewinds.solvers.perfect_foresight.structure import Pattern


def random_world(countries=12, size=6, periods=20, seed=0, noise=0.1, tangled=False):
    """Return pattern and derivatives (T, nnz): a quarter states, a sixth jumps, the rest static, coupled across countries.

    Where tangled, static equations contain one another instead of earlier ones only.
    """
    random = np.random.default_rng(seed)
    states, jumps = max(size // 4, 1), max(size // 6, 1)
    n = countries * size
    entries = {}
    for country in range(countries):
        own = np.arange(country * size, (country + 1) * size)
        for k, row in enumerate(own):
            entries[row, row, 0] = 1.0
            if k < states:
                entries[row, row, -1] = -random.uniform(0.8, 0.97)
            elif k < states + jumps:
                entries[row, row, 1] = -random.uniform(0.9, 0.97)
            elif k % 4 == 0 or tangled:  # a share of the static equations trades with others
                partner = random.integers(countries) * size + random.integers(states, size)
                entries[row, partner, 0] = entries.get((row, partner, 0), 0.0) + 0.05 * random.normal()
            earlier = own[:k] if k >= states + jumps and not tangled else own[own != row]
            for column in random.choice(earlier, min(4, earlier.size), replace=False):
                entries.setdefault((row, column, 0), 0.05 * random.normal())
    keys = np.array(list(entries), dtype=np.intp)
    order = random.permutation(len(keys))
    keys, values = keys[order], np.array(list(entries.values()))[order]
    time = np.linspace(0, 1, periods)[:, None]
    change = noise * random.normal(size=len(keys)) * (0.6 ** (periods * time) + 0.3 * time)
    return Pattern(keys[:, 0], keys[:, 1], keys[:, 2], n), values * (1 + change)


@pytest.fixture
def world():
    return random_world


def households(now, lag, lead, ex, p):
    gross = 1 - p.delta + p.alpha * ex.lead.tfp * now.capital ** (p.alpha - 1)
    return {"euler": now.rate / now.consumption - p.beta * gross / lead.consumption}


def firms(now, lag, lead, ex, p):
    return {
        "capital": now.capital - (1 - p.delta) * lag.capital - now.output + now.consumption + now.exports,
        "output": now.output - ex.tfp * lag.capital**p.alpha,
        "exports": now.exports - p.open * (now.output[::-1] - now.output) * now.price,
        "price": now.price**2 - now.output[::-1] / now.output,
    }


def world_market(now, lag, lead, ex, p):
    return {"rate": now.rate - 1 - p.premium * (now.output.sum() - lag.capital.sum() ** p.alpha)}


@pytest.fixture(scope="session")
def two_countries():
    names = ("capital", "consumption", "output", "exports", "price")
    return Model(
        "two countries",
        countries=("home", "foreign"),
        variables=[
            *(Variable(name, name) for name in names),
            Variable("rate", "discount wedge", dimension="global"),
        ],
        exogenous=[Variable("tfp", "productivity")],
        parameters=[
            Parameter("alpha", 0.33, "capital share", (0, 1)),
            Parameter("beta", 0.96, "discount factor", (0, 1)),
            Parameter("delta", 0.1, "depreciation", (0, 1)),
            Parameter("open", 0.1, "openness", (0, 1)),
            Parameter("premium", 0.0, "premium", (-1, 1)),
        ],
        blocks=[households, firms, world_market],
    )


def steady_state():
    capital = ((1 / 0.96 - 0.9) / 0.33) ** (1 / (0.33 - 1))
    output = capital**0.33
    consumption = output - 0.1 * capital
    return {"capital": capital, "consumption": consumption, "output": output, "exports": 0.0, "price": 1.0, "rate": 1.0}


@pytest.fixture(scope="session")
def levels():
    return steady_state()


@pytest.fixture
def growth_problem(two_countries):
    """Return a problem of ten periods, away from its steady state, and a guess."""

    def build(slopes):
        values = steady_state()
        point = np.concatenate(
            [np.full(2 if v.dimension == "country" else 1, values[v.name]) for v in two_countries.variables]
        )
        inside = point * (1 + 0.02 * np.random.default_rng(1).normal(size=(10, point.size)))
        end = Terminal(np.linspace(0.9, 1.1, point.size), 0.01 * point) if slopes else Terminal.fixed(point)
        tfp = np.ones((12, 2))
        tfp[:, 0] += 0.1
        parameters = two_countries.read_parameters({"premium": 0.01})
        return Problem(Stacked(two_countries), point, tfp, np.zeros((10, point.size)), parameters, end), inside

    return build
