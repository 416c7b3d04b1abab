"""Wages that balance trade: Newton's method in their logs, damped, and differentiated by the implicit function theorem."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.nn import logsumexp

from tradewinds.clusters.many.economy import Economy, excess, slope

__all__ = ["LIMIT", "first_wages", "wages"]

Array = Any

#: Newton steps at most, halved ones included.
LIMIT = 60

#: Where Newton's method stops: rounding, which grows with the trade elasticity.
_ROUNDING = 1e-14

_STAGES = 8  # of the trade elasticity, from a low one to that asked for
_LONGEST = 1.0  # step in logs
#: Lets wages of countries that do not trade with each other be solved for: nothing determines them, and nothing depends on them.
_APART = 1e-11


def wages(guess: Array, technology: Array, economy: Economy) -> tuple[Array, Array]:
    """Return log wages near a guess, shape (C,), and the Newton steps taken. First derivatives are exact."""

    def balance(log_wage: Array) -> Array:
        return excess(log_wage, technology, economy)

    def search(_: Any, start: Array) -> tuple[Array, Array]:
        return _newton(start, technology, economy)

    def tangent(linear: Any, right: Array) -> Array:
        matrix = jax.jacobian(linear)(jnp.zeros_like(right))
        return jnp.linalg.solve(matrix - _APART * jnp.eye(len(right)), right)

    return lax.custom_root(balance, lax.stop_gradient(guess), search, tangent, has_aux=True)


def first_wages(technology: Array, economy: Economy) -> tuple[Array, Array]:
    """Return log wages from nothing: real wages of autarky first, then the trade elasticity raised to its own."""
    fixed, settled = lax.stop_gradient((technology, economy))
    power = settled.sigma - 1
    autarky = logsumexp(power * jnp.log(fixed), axis=1) / power
    lowest = jnp.minimum(settled.theta, jnp.maximum(2.0, power))

    def stage(guess: Array, fraction: Array) -> tuple[Array, Array]:
        theta = lowest * (settled.theta / lowest) ** fraction
        return _newton(guess, fixed, settled._replace(theta=theta))

    guess, steps = lax.scan(stage, autarky, jnp.linspace(0.0, 1.0, _STAGES))
    found, last = wages(guess, technology, economy)
    return found, steps.sum() + last


def _newton(start: Array, technology: Array, economy: Economy) -> tuple[Array, Array]:
    """Return log wages and steps taken; a step that does not bring trade nearer to balance is halved."""
    enough = _ROUNDING * (1 + economy.theta)

    def unfinished(state: tuple[Array, ...]) -> Array:
        _, gap, size, taken = state
        return (jnp.max(jnp.abs(gap)) > enough) & (size > 1e-6) & (taken < LIMIT)

    def step(state: tuple[Array, ...]) -> tuple[Array, ...]:
        log_wage, gap, size, taken = state
        matrix = slope(log_wage, technology, economy) - _APART * jnp.eye(len(gap))
        move = jnp.linalg.solve(matrix, -gap)
        move = size * move * jnp.minimum(1.0, _LONGEST / jnp.max(jnp.abs(move)))
        tried = log_wage + move
        new = excess(tried, technology, economy)
        better = jnp.max(jnp.abs(new)) < jnp.max(jnp.abs(gap))
        return (
            jnp.where(better, tried, log_wage),
            jnp.where(better, new, gap),
            jnp.where(better, jnp.minimum(1.0, 4 * size), size / 4),
            taken + 1,
        )

    begin = (
        start,
        excess(start, technology, economy),
        jnp.asarray(1.0),
        jnp.asarray(0.0),
    )  # a count that derivatives pass by
    log_wage, _, _, taken = lax.while_loop(unfinished, step, begin)
    return log_wage, taken
