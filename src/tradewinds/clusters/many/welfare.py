r"""Welfare of many countries as a function of what a government sets: differentiable, so that policies can be optimised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tradewinds.clusters.many.equilibrium import require_jax
from tradewinds.clusters.many.parameters import ManyParameters, _number
from tradewinds.clusters.many.simulate import CHANGES
from tradewinds.clusters.many.trace import step_grid
from tradewinds.errors import InputError, did_you_mean, require_option

__all__ = ["LEVERS", "welfare_function"]

#: What a welfare function can be asked about, by public name.
LEVERS: tuple[str, ...] = (
    "technology",
    "trade_cost",
    "labour",
    "sigma",
    "trade_elasticity",
    "spillovers",
    "international_learning",
    "adoption_share",
)


def welfare_function(
    parameters: ManyParameters,
    *,
    horizon: float = 100.0,
    discount_rate: float = 0.05,
    risk_aversion: float = 0.0,
    dates: Sequence[float] | None = None,
    changes: str = "gradual",
    steps: int = 50,
) -> Callable[..., Any]:
    r"""Return a function of parameters that gives the welfare of each country, to be differentiated by ``jax.grad``.

    .. math:: W_c = \int_0^H e^{-\varrho t}\, u(D_c/L_c)\,dt, \qquad
        u(x) = \frac{x^{1-\theta}}{1-\theta}, \quad \ln x \text{ at } \theta = 1 .

    With a risk aversion of 0 it is real income a worker, discounted. Nothing after the horizon counts.

    Parameters
    ----------
    parameters : ManyParameters
        What is not changed.
    horizon, discount_rate, risk_aversion : float
        In years; a year; theta of the paper's preferences.
    dates : sequence of D numbers, optional
        Dates of a path of trade costs, the first 0. The function then takes ``trade_cost`` of shape (D, C, C, n).
    changes : {"gradual", "at once"}
        How trade costs get from one date to the next.
    steps : int
        Runge-Kutta steps over the horizon, at least one between dates. Check with twice as many.

    Returns
    -------
    callable
        Takes ``technology``, ``trade_cost`` and the other parameters by name, as arrays of JAX or NumPy that are not checked, and
        returns the welfare of the countries, shape (C,). The horizon's end is not a choice: hold ``dates`` fixed.

    Raises
    ------
    InputError
        If horizon, rate, dates or steps cannot be used; from the function, if a name is unknown or dates lack their costs.

    References
    ----------
    Hanlon (2012), Section 2.1.

    Examples
    --------
    What a country gains from cheaper imports, and from knowledge: its own, and abroad of what it buys, but not of what it sells.

    >>> import jax
    >>> world = ManyParameters(technology={"A": [10, 5], "B": [5, 10]}, trade_cost=1.5, spillovers=[[0.1, 0], [0, 0.1]])
    >>> welfare = welfare_function(world, horizon=20, steps=10)
    >>> by_cost = jax.grad(lambda cost: welfare(trade_cost=cost)[0])(world.trade_cost)
    >>> bool(by_cost[0, 1, 1] < 0)
    True
    >>> by_technology = jax.grad(lambda technology: welfare(technology=technology)[0])(world.technology)
    >>> by_technology.round(1).tolist()
    [[16.5, 6.4], [-3.2, 3.6]]
    """
    require_jax()
    require_option("changes", changes, CHANGES)
    horizon, rate, theta = (
        _number(name, value)
        for name, value in (("horizon", horizon), ("discount_rate", discount_rate), ("risk_aversion", risk_aversion))
    )
    if not (0 < horizon < np.inf and np.isfinite(rate) and 0 <= theta < np.inf):
        raise InputError(
            f"horizon is {horizon:g}, discount_rate {rate:g}, risk_aversion {theta:g}; the first must be above 0, the second "
            "finite, the third 0 or more"
        )
    if not 0 < steps <= 10**6:
        raise InputError(f"steps is {steps!r}; it must be a number above 0, such as 50")
    days = np.zeros(1) if dates is None else np.asarray(dates, dtype=float)
    if days.ndim != 1 or not days.size or days[0] != 0 or np.any(np.diff(days) <= 0) or not np.all(np.isfinite(days)):
        raise InputError(f"dates must be rising numbers, the first 0; found {dates!r}")
    starts, lengths = step_grid(np.unique([0.0, horizon, *days[days < horizon]]), steps)
    from tradewinds.clusters.many.objective import discounted_utility  # sets 64 bits before the user traces anything

    bends = 1.0 if changes == "gradual" else 0.0

    def welfare(**levers: Any) -> Any:
        for name in levers:
            if name not in LEVERS:
                raise InputError(
                    f"welfare does not take {name!r}.{did_you_mean(name, LEVERS)} Allowed: {', '.join(LEVERS)}."
                )
        if dates is not None and np.shape(levers.get("trade_cost", ()))[:1] != days.shape:
            found = np.shape(levers.get("trade_cost", ()))
            wanted = (len(days), *parameters.trade_cost.shape)
            raise InputError(
                f"trade_cost has shape {found} but there are {len(days)} dates; it must have shape {wanted}"
            )
        return discounted_utility(parameters, levers, days, bends, starts, lengths, rate, theta)

    return welfare
