r"""Many small economies of two countries at once, in autarky and in trade: the exact equilibrium inside a Runge-Kutta method.

Under trade the relative wage needs neither sorting nor iteration. Write :math:`\omega_i` for the wage at which trade balances if
home makes industry i and all of a higher comparative advantage. It rises along the chain of falling advantage r, so

.. math:: \omega = \max_i \min(r_i, \omega_i) ,

which is :math:`\omega_i` where nothing is shared, and :math:`r_i` where industry i is made in both countries.

Axes are country, industry and then economies, B of them or none: processors work fastest along the last, and the same sums along an
axis of four industries would take six times as long.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]  # before anything is traced

__all__ = ["Cell", "autarky", "compare", "trade"]

Array = Any

#: Industries whose comparative advantages differ by less than this share are tied, as in the exact equilibrium.
_TIED = 1e-12


class Cell(NamedTuple):
    """Economies of the map, against autarky; gains and growth of shape (2, B), in logs."""

    welfare_gain: Array  #: consumption equivalent
    static_gain: Array  #: of real income, when trade opens
    growth_gain: Array  #: growth a year over the horizon, in trade less in autarky
    growth: Array  #: growth a year in trade
    changes: Array  #: steps of trade after which others are at work, (B,)


def autarky(log_technology: Array, sigma: Array) -> tuple[Array, Array, Array]:
    """Return shares of workers (eq. 8), who is active, both (2, n, B), and the log of real income a worker, (2, B)."""
    power = (sigma - 1) * log_technology
    top = power.max(axis=1)
    weight = jnp.exp(power - top[:, None])
    total = weight.sum(axis=1)
    return weight / total[:, None], jnp.ones(weight.shape, dtype=bool), (top + jnp.log(total)) / (sigma - 1)


def trade(log_technology: Array, log_labour: Array, sigma: Array) -> tuple[Array, Array, Array]:
    """Return shares of workers (eq. 12), who is active, both (2, n, B), and the log of real income a worker, (2, B).

    Tied industries have equal shares of home, the rule ``ties="equal"`` of :func:`~tradewinds.clusters.solve_trade`.
    """
    power = (sigma - 1) * log_technology
    top = power.max(axis=1)
    home, foreign = jnp.exp(power - top[:, None])
    unit = top[0] - top[1] - (log_labour[0] - log_labour[1])
    advantage = log_technology[0] - log_technology[1]
    first = advantage[None, :] >= advantage[:, None] - _TIED  # row i: who is at home if i is the last that is
    made = jnp.where(first, home, 0.0).sum(axis=1)
    left = jnp.where(first, 0.0, foreign).sum(axis=1)
    balanced = jnp.where(left > 0, made / jnp.where(left > 0, left, 1.0), jnp.inf)
    # in powers of sigma, because an exponential costs a quarter of a logarithm
    log_wage = (jnp.log(jnp.minimum(jnp.exp(sigma * advantage - unit), balanced).max(axis=0)) + unit) / sigma
    share = _home_share(advantage - log_wage, home, foreign, jnp.exp(sigma * log_wage - unit))
    at_work = jnp.stack([share * home, (1 - share) * foreign])
    total = at_work.sum(axis=1)
    made_abroad = advantage < log_wage - _TIED  # what is shared costs the same from both
    sums = jnp.stack([jnp.where(made_abroad, 0.0, home).sum(axis=0), jnp.where(made_abroad, foreign, 0.0).sum(axis=0)])
    bases = jnp.stack([top[0] - (sigma - 1) * log_wage, top[1]])
    base = bases.max(axis=0)
    real_foreign_wage = (base + jnp.log((sums * jnp.exp(bases - base)).sum(axis=0))) / (sigma - 1)
    active = jnp.stack([share > 0, share < 1])
    return at_work / total[:, None], active, real_foreign_wage + jnp.stack([log_wage, jnp.zeros_like(log_wage)])


def _home_share(lead: Array, home: Array, foreign: Array, scale: Array) -> Array:
    """Return home's share of each industry, given its advantage over the relative wage; that of tied ones balances trade."""
    alone, tied = lead > _TIED, jnp.abs(lead) <= _TIED
    made = jnp.where(alone, home, 0.0).sum(axis=0)
    left = scale * jnp.where(alone, 0.0, foreign).sum(axis=0)
    marginal = jnp.where(tied, home + scale * foreign, 0.0).sum(axis=0)
    part = (left - made) / jnp.where(marginal > 0, marginal, 1.0)
    return jnp.where(alone, 1.0, jnp.where(tied, jnp.clip(part, 0.0, 1.0), 0.0))


def compare(
    technology: Array,
    spillovers: Array,
    labour: Array,
    sigma: Array,
    horizon: Array,
    rate: Array,
    theta: Array,
    idle: Array,
    steps: int,
) -> Cell:
    """Return what trade does to economies over the horizon, by ``steps`` Runge-Kutta steps in each regime.

    Technology has shape (2, n, B), spillovers (n, n, B), labour (2, 1), sigma (B,); the others are numbers.

    Industries without workers learn the fraction ``idle`` of what those with workers would.
    """
    log_labour = jnp.log(labour)
    _, _, alone = autarky(jnp.log(technology), sigma)
    _, _, opened = trade(jnp.log(technology), log_labour, sigma)
    closed_end, closed, _ = _follow(
        lambda logs: autarky(logs, sigma), technology, spillovers, labour, horizon, rate, theta, idle, steps, alone
    )
    open_end, free, changes = _follow(
        lambda logs: trade(logs, log_labour, sigma),
        technology,
        spillovers,
        labour,
        horizon,
        rate,
        theta,
        idle,
        steps,
        alone,
    )
    years = -jnp.expm1(-rate * horizon) / jnp.where(rate == 0, 1.0, rate)
    years = jnp.where(rate == 0, horizon, years)
    one = theta == 1
    gain = jnp.where(one, (free - closed) / years, jnp.log(free / closed) / jnp.where(one, 1.0, 1 - theta))
    _, _, last_alone = autarky(closed_end, sigma)
    _, _, last_opened = trade(open_end, log_labour, sigma)
    growth = (last_opened - opened) / horizon
    return Cell(gain, opened - alone, growth - (last_alone - alone) / horizon, growth, changes)


def _follow(
    regime: Any,
    technology: Array,
    spillovers: Array,
    labour: Array,
    horizon: Array,
    rate: Array,
    theta: Array,
    idle: Array,
    steps: int,
    unit: Array,
) -> tuple[Array, Array, Array]:
    """Return log technology at the end, discounted utility of income in units of its first in autarky, and changes of pattern.

    Technology moves in logs, dA/dt over A: it spares most logarithms.
    """
    length = horizon / steps

    def stage(logs: Array, time: Array) -> tuple[Array, Array, Array]:
        shares, active, log_income = regime(logs)
        learnt = ((labour[:, None] * shares)[:, :, None] * spillovers).sum(axis=1) * jnp.exp(-logs)
        x = log_income - unit
        utility = jnp.where(theta == 1, x, jnp.exp((1 - theta) * x) / jnp.where(theta == 1, 1.0, 1 - theta))
        return jnp.where(active, learnt, idle * learnt), jnp.exp(-rate * time) * utility, active

    def step(state: tuple[Array, ...], count: Array) -> tuple[tuple[Array, ...], None]:
        logs, welfare, before, changes = state

        def add(sums: tuple[Array, ...], constants: Array) -> tuple[tuple[Array, ...], Array]:
            slope, gained, utility = sums
            place, weight = constants
            slope, now, active = stage(logs + place * length * slope, (count + place) * length)
            return (slope, gained + weight * slope, utility + weight * now), active

        nothing = jnp.zeros_like(logs)
        sums = nothing, nothing, jnp.zeros_like(welfare)
        (_, gained, utility), active = lax.scan(add, sums, jnp.asarray(_STAGES))  # a loop is compiled once
        changes = changes + jnp.any(active[0] != before, axis=(0, 1))
        return (logs + length * gained, welfare + length * utility, active[0], changes), None

    start = jnp.log(technology)
    begin = start, jnp.zeros_like(unit), regime(start)[1], jnp.zeros(unit.shape[1:], dtype=int)
    (end, welfare, _, changes), _ = lax.scan(step, begin, jnp.arange(steps, dtype=float))
    return end, welfare, changes


#: Place and weight of each stage of the fourth-order method.
_STAGES = ((0.0, 1 / 6), (0.5, 1 / 3), (0.5, 1 / 3), (1.0, 1 / 6))
