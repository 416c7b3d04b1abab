r"""Growth of real income at one instant, traced to the spillover that causes it.

While who makes what does not change, real income is a smooth function of technologies, also of those abroad: a cheaper import
raises it, and so does a rise of the country's own wage against the other's. So growth is the sum over technologies of an elasticity
times the rate of learning, and, as learning (eq. 9) is linear in the spillovers, a sum over places and spillovers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.results import Equilibrium
from tradewinds.errors import InputError

__all__ = ["growth_by_spillover", "income_elasticities"]

Array = NDArray[np.float64]


def income_elasticities(point: Equilibrium, is_open: NDArray[np.bool_]) -> Array:
    r"""Return :math:`\partial \ln D_k / \partial \ln A_{ci}` while the pattern of who makes what holds.

    From :math:`D_k = w_k L_k / P_k` (eq. 3), :math:`d \ln P_k` is the sum of price changes by expenditure shares, and the
    relative wage keeps trade balanced, or follows the advantage of the industry that both countries make.

    Parameters
    ----------
    point : Equilibrium
        Of autarky, partial trade or trade.
    is_open : ndarray of bool, shape (n,)
        Industries that trade.

    Returns
    -------
    ndarray, shape (2, 2, n)
        Country k whose income it is, country c whose technology, industry i.

    Raises
    ------
    InputError
        If several industries are tied at the relative wage.
    """
    n = point.parameters.industries
    supplier = _suppliers(point, is_open)
    # d ln p_ki = d ln w_c - d ln A_ci for the supplier c of good i in country k; derivatives by technology, then by wage
    by_technology = np.zeros((2, n, 2, n))
    goods = np.arange(n)
    for k in range(2):
        by_technology[k, goods, supplier[k], goods] = -1.0
    by_wage = (supplier == 0).astype(float)  # the foreign wage is the unit of account
    share = _expenditure_shares(point, supplier)
    index_technology = np.einsum("ki,kicj->kcj", share, by_technology)
    index_wage = (share * by_wage).sum(axis=1)
    wage = _wage_elasticities(point, is_open, share, (by_technology, by_wage), (index_technology, index_wage))
    own_wage = np.array([1.0, 0.0])
    return np.asarray((own_wage - index_wage)[:, np.newaxis, np.newaxis] * wage - index_technology)


def growth_by_spillover(point: Equilibrium, is_open: NDArray[np.bool_], spillovers: Array | None = None) -> Array:
    r"""Return what each spillover adds to the growth rate of real income of each country.

    .. math:: g_k = \sum_{c, j, i} \frac{\partial \ln D_k}{\partial \ln A_{ci}} \frac{\tau^{ji} L_{cj}}{A_{ci}},
        \qquad L_{ci} > 0 .

    Parameters
    ----------
    point, is_open
        As for :func:`income_elasticities`.
    spillovers : ndarray, shape (n, n), optional
        Taken instead of the economy's own, with workers where they are; negative ones are allowed here.

    Returns
    -------
    ndarray, shape (2, 2, n, n)
        Country whose income it is, country where workers learn, sender j, receiver i; a rate per unit of time.

    References
    ----------
    Hanlon (2012), eqs. 3 and 9.
    """
    tau = point.parameters.tau if spillovers is None else spillovers
    elasticity = income_elasticities(point, is_open) * np.where(point.active, 1 / point.parameters.technology, 0.0)
    return np.einsum("kci,ji,cj->kcji", elasticity, tau, point.employment)


def _suppliers(point: Equilibrium, is_open: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return who sells each good in each country, shape (2, n): itself where closed, and foreign where both do."""
    own = np.repeat([[0], [1]], len(is_open), axis=1)
    return np.where(is_open, np.where(point.active[1], 1, 0), own)


def _expenditure_shares(point: Equilibrium, supplier: NDArray[np.intp]) -> Array:
    parameters = point.parameters
    log_wages = np.array([0.0 if np.isnan(point.relative_wage) else np.log(point.relative_wage), 0.0])
    log_cost = log_wages[:, np.newaxis] - np.log(parameters.technology)
    log_prices = np.take_along_axis(log_cost, supplier, axis=0)
    logs = (1 - parameters.sigma) * log_prices
    weight = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _wage_elasticities(
    point: Equilibrium,
    is_open: NDArray[np.bool_],
    share: Array,
    price: tuple[Array, Array],
    index: tuple[Array, Array],
) -> Array:
    """Return the elasticity of the relative wage by each technology, shape (2, n)."""
    parameters = point.parameters
    n = parameters.industries
    wage = np.zeros((2, n))
    if not is_open.any():
        return wage
    shared = _shared(point, is_open)
    if shared is not None:  # omega = A_s / A*_s
        wage[0, shared], wage[1, shared] = 1.0, -1.0
        return wage
    # trade balance: sum over open goods of foreign spending on home's less home's spending on foreign's; its total
    # differential is zero, with d ln e_ki = d ln Y_k + (1 - sigma)(d ln p_ki - d ln P_k)
    made_at_home = point.active[0]
    spending = _income(parameters, point)[:, np.newaxis] * share
    flow = np.stack(
        [np.where(is_open & ~made_at_home, -spending[0], 0.0), np.where(is_open & made_at_home, spending[1], 0.0)]
    )
    (price_technology, price_wage), (index_technology, index_wage) = price, index
    by_technology = (1 - parameters.sigma) * (price_technology - index_technology[:, np.newaxis])
    by_wage = np.array([[1.0], [0.0]]) + (1 - parameters.sigma) * (price_wage - index_wage[:, np.newaxis])
    return np.asarray(-np.einsum("ki,kicj->cj", flow, by_technology) / (flow * by_wage).sum())


def _income(parameters: ClusterParameters, point: Equilibrium) -> Array:
    return np.array([point.relative_wage, 1.0]) * parameters.labour


def _shared(point: Equilibrium, is_open: NDArray[np.bool_]) -> int | None:
    """Return the open industry that both countries make; which of several learns is not determined."""
    traded = np.flatnonzero(is_open & point.active.all(axis=0))
    if len(traded) > 1:
        named = ", ".join(str(i + 1) for i in traded)
        raise InputError(
            f"industries {named} are tied at the relative wage, so that who makes and learns what is not determined; look a "
            "moment earlier or later, or change technology a little to say who is ahead"
        )
    return int(traded[0]) if len(traded) else None
