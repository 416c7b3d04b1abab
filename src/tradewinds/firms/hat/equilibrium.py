r"""Exact hat algebra solved: wages, prices, trade and spending after a change (Caliendo and Parro 2015).

.. math::

    \hat c^j_n = \hat w_n^{\gamma^j_n} \prod_k (\hat P^k_n)^{\gamma^{k,j}_n}, \qquad
    \hat P^j_n = \Bigl[\sum_i \pi^j_{ni} (\hat\kappa^j_{ni} \hat c^j_i)^{-\theta_j}\Bigr]^{-1/\theta_j}, \qquad
    \hat\pi^j_{ni} = (\hat\kappa^j_{ni} \hat c^j_i / \hat P^j_n)^{-\theta_j},

.. math::

    X'^j_n = \sum_k \gamma^{j,k}_n \sum_i \frac{\pi'^k_{in}}{1+\tau'^k_{in}} X'^k_i + \alpha^j_n (\hat w_n w_n L_n + R'_n + D'_n),

and wages pay for value added. Given wages, prices and then spending are fixed points of contractions; wages follow the
excess demand for labour, accelerated by Anderson's method. In logs, so that units do not matter and nothing is scaled by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.countries import require_balance
from tradewinds.firms.hat.checks import names, residual
from tradewinds.firms.hat.parameters import HatParameters
from tradewinds.firms.hat.results import HatResult
from tradewinds.firms.hat.wages import find_wages
from tradewinds.solvers import Solution, judge

__all__ = ["TOLERANCE", "solve_hat"]

Array = NDArray[np.float64]

#: Largest residual that counts as solved: logs of prices, and values as shares of the world's or the country's.
TOLERANCE = 1e-9

_INNER = 1e-13
_SOLVED = 1e-10


def solve_hat(parameters: HatParameters, *, throw: bool = True, max_iterations: int = 5_000) -> Solution:
    """Solve a change of tariffs, trade costs or deficits.

    Returns
    -------
    Solution
        Its value is a :class:`HatResult`.

    Raises
    ------
    InputError
        If every route closes for goods that a country buys and does not make, or closed routes leave a deficit that nobody could
        pay.
    ConvergenceError
        If ``throw`` and the conditions do not hold at the point found.

    References
    ----------
    Caliendo and Parro (2015), section 3, proposition 2 and eqs. 11 to 16.

    Examples
    --------
    >>> from tradewinds.firms.hat import example_tables
    >>> result = solve_hat(HatParameters(tables=example_tables(), tariffs=0.0, name="free trade")).value
    >>> bool(result.imports_after.sum() > result.imports_before.sum())
    True
    """
    with np.errstate(all="ignore"):  # a trial that is not finite is stepped back from; the point returned is judged
        world, log_wage, history = _solve_wages(parameters, max_iterations)
        world.excess(log_wage)
    point = HatResult(
        parameters=parameters,
        scenario=parameters.scenario,
        wage=np.exp(world.normal(log_wage)),
        prices=np.exp(world.log_price.T),
        shares_after=world.shares().transpose(2, 1, 0).copy(),
        spending_after=world.spending.T.copy(),
    )
    return judge(
        point,
        residual,
        tolerance=TOLERANCE,
        iterations=len(history),
        limit_reached=len(history) >= max_iterations,
        history=history,
        names=names(parameters.tables),
        what="exact hat algebra",
        throw=throw,
    )


def _solve_wages(parameters: HatParameters, limit: int) -> tuple[_World, Array, list[float]]:
    """Return the world, its log wages and the excess along the way: at once or, where that fails, by parts of the change."""
    largest = int(np.argmax(parameters.tables.value_added))
    world = _World.of(parameters)
    _check_routes(parameters)
    start = np.zeros(len(world.value_added))
    log_wage, history = find_wages(world.excess, world.damping, start, largest, min(limit, max(limit // 8, 50)))
    done, step = 0.0, 0.25
    if min(history) < _SOLVED or not np.all(np.isfinite(parameters.cost_change)):
        done = 1.0
    while done < 1 and step > 1e-3 and len(history) < limit:
        part = min(done + step, 1.0)
        between = _World.of(_part(parameters, part))
        found, tries = find_wages(between.excess, between.damping, start, largest, min(limit - len(history), 500))
        history += tries
        if min(tries) < _SOLVED:
            done, step, start = part, 2 * step, found
            world, log_wage = (between, found) if done == 1 else (world, log_wage)
        else:
            step /= 4
    return world, log_wage, history


def _check_routes(parameters: HatParameters) -> None:
    """Refuse closed routes that leave a deficit which nobody could pay."""
    tables = parameters.tables
    routes = np.any((tables.flows > 0) & np.isfinite(parameters.cost_change), axis=2)
    require_balance(np.asarray(routes), tables.countries, parameters.deficit_after / float(tables.value_added.sum()))


def _part(parameters: HatParameters, part: float) -> HatParameters:
    """Return a part of a change: logs of tariff factors and trade costs, and deficits, move evenly."""
    tables = parameters.tables
    logs = (1 - part) * np.log1p(tables.tariff) + part * np.log1p(parameters.tariffs_after)
    return HatParameters(
        tables=tables,
        tariffs=np.maximum(np.expm1(logs), 0.0),
        trade_cost_change=parameters.cost_change**part,
        deficits=(1 - part) * tables.deficit + part * parameters.deficit_after,
    )


@dataclass
class _World:
    """Arrays laid out for speed, sector first, then buyer, then seller; and the last prices and spending, to start from."""

    theta: Array  # (J, 1)
    reach: Array  # (J, N, N): share times cost change to the power -theta
    inputs: Array  # (N, J, J): of using sector, input sector
    added: Array  # (N, J)
    final: Array  # (J, N)
    tariff: Array  # (J, N, N)
    value_added: Array  # (N,)
    deficit: Array  # (N,)
    log_price: Array  # (J, N)
    spending: Array  # (J, N)
    log_cost: Array  # (J, N)

    @classmethod
    def of(cls, parameters: HatParameters) -> _World:
        tables = parameters.tables

        def turned(array: Array) -> Array:
            return np.ascontiguousarray(array.transpose(2, 1, 0))

        theta = tables.trade_elasticities[:, np.newaxis]
        kappa = parameters.cost_change * (1 + parameters.tariffs_after) / (1 + tables.tariff)
        reach = turned(tables.trade_shares) * turned(kappa) ** -theta[:, :, np.newaxis]
        bought = tables.spending.T > 0
        closed = np.argwhere(bought & (reach.sum(axis=2) == 0))
        if len(closed):
            j, n = (int(i) for i in closed[0])
            raise InputError(
                f"{tables.countries[n]} makes none of the {tables.sectors[j]} that it buys, and every route for it closes: there "
                "would be no price; leave a route open, with a large but finite trade_cost_change"
            )
        empty = np.broadcast_to(~bought[:, :, np.newaxis], reach.shape) & np.eye(bought.shape[1], dtype=bool)
        return cls(
            theta=theta,
            reach=np.where(empty, 1.0, reach),  # nobody buys: the price is that of home goods, and weighs nothing
            inputs=np.ascontiguousarray(tables.input_shares.transpose(0, 2, 1)),
            added=tables.value_added_share,
            final=np.ascontiguousarray(tables.final_share.T),
            tariff=turned(parameters.tariffs_after),
            value_added=tables.value_added,
            deficit=parameters.deficit_after,
            log_price=np.zeros(bought.shape),
            spending=tables.spending.T.copy(),
            log_cost=np.zeros(bought.shape),
        )

    @property
    def damping(self) -> float:
        """Share of excess demand for labour by which log wages move, before acceleration."""
        return float(1 / (1 + np.average(self.theta[:, 0], weights=self.spending.sum(axis=1))))

    def normal(self, log_wage: Array) -> Array:
        """Return log wages with the world's value added as it was."""
        return np.asarray(log_wage - np.log(np.exp(log_wage) @ self.value_added / self.value_added.sum()))

    def shares(self) -> Array:
        """Trade shares after, (J, N, N)."""
        power = np.exp(
            self.theta[:, :, np.newaxis] * (self.log_price[:, :, np.newaxis] - self.log_cost[:, np.newaxis, :])
        )
        return np.asarray(self.reach * power)

    def _prices(self, log_wage: Array) -> None:
        direct = (self.added * log_wage[:, np.newaxis]).T
        for _ in range(2_000):
            self.log_cost = direct + (self.inputs @ self.log_price.T[:, :, np.newaxis])[:, :, 0].T
            lowest = self.log_cost.min(axis=1, keepdims=True)
            sums = (self.reach @ np.exp(-self.theta * (self.log_cost - lowest))[:, :, np.newaxis])[:, :, 0]
            new = lowest - np.log(sums) / self.theta
            gap = float(np.max(np.abs(new - self.log_price)))
            self.log_price = new
            if not gap > _INNER:
                break

    def _spend(self, wage: Array, net: Array, paid: Array) -> Array:
        """Find spending, and return sales by sector, both (J, N)."""
        earned = wage * self.value_added + self.deficit
        for _ in range(5_000):
            sales = (self.spending[:, np.newaxis, :] @ net)[:, 0, :]
            income = earned + (paid * self.spending).sum(axis=0)
            use = (self.inputs.transpose(0, 2, 1) @ sales.T[:, :, np.newaxis])[:, :, 0].T
            new = use + self.final * income
            gap = float(np.max(np.abs(new - self.spending).sum(axis=0) / new.sum(axis=0)))  # of the country's own
            self.spending = new
            if not gap > _INNER:
                break
        return np.asarray((self.spending[:, np.newaxis, :] @ net)[:, 0, :])

    def excess(self, log_wage: Array) -> Array:
        """Return log of what a country's labour earns over its wage bill."""
        log_wage = self.normal(log_wage)
        self._prices(log_wage)
        shares, wage = self.shares(), np.exp(log_wage)
        net = shares / (1 + self.tariff)
        sales = self._spend(wage, net, (net * self.tariff).sum(axis=2))
        return np.asarray(np.log((self.added.T * sales).sum(axis=0) / (wage * self.value_added)))
