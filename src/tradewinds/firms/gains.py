r"""Gains from trade that need only shares and elasticities (Arkolakis, Costinot and Rodríguez-Clare 2012; Feenstra 1994).

In the models of Armington, Krugman, Eaton-Kortum and Melitz-Chaney, real income in trade is :math:`\lambda^{-1/\varepsilon}` times
that of autarky, with :math:`\lambda` the share of spending on home goods. Two conventions are in use for the per cent of it:

``gain``
    :math:`\lambda^{-1/\varepsilon} - 1`: what opening adds, as a share of income in autarky.
``loss``
    :math:`1 - \lambda^{1/\varepsilon}`: what closing takes away, as a share of income with trade (as in Costinot and
    Rodríguez-Clare 2014).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, require_option

__all__ = ["CONVENTIONS", "MARKET_STRUCTURES", "gains_by_sector", "gains_from_trade", "variety_gains"]

Array = NDArray[np.float64]

#: How a ratio of real incomes becomes a share: of autarky (``gain``) or of trade (``loss``).
CONVENTIONS: tuple[str, ...] = ("gain", "loss")
#: Market structures of the formula by sector.
MARKET_STRUCTURES: tuple[str, ...] = ("perfect", "monopolistic")


def gains_from_trade(home_share: ArrayLike, trade_elasticity: ArrayLike, convention: str = "gain") -> Array:
    r"""Return the gains from trade of one sector, as a fraction.

    Parameters
    ----------
    home_share : array_like
        Share of spending on home goods, above 0 and at most 1.
    trade_elasticity : array_like
        :math:`\varepsilon > 0`: fall of the log of imports, relative to home goods, with the log of trade costs.
    convention : {"gain", "loss"}
        Share of income in autarky, or of income with trade.

    Raises
    ------
    InputError
        If a share or elasticity is out of bounds, or the convention is unknown.

    References
    ----------
    Arkolakis, Costinot and Rodríguez-Clare (2012), section I.

    Examples
    --------
    >>> [round(100 * float(gains_from_trade(0.93, 5, convention)), 4) for convention in ("gain", "loss")]
    [1.462, 1.4409]
    """
    share = _within("home_share", home_share, high=1.0)
    return _convention(-np.log(share) / _within("trade_elasticity", trade_elasticity), convention)


def gains_by_sector(
    home_share: ArrayLike,
    expenditure_share: ArrayLike,
    trade_elasticity: ArrayLike,
    *,
    input_shares: ArrayLike | None = None,
    revenue_share: ArrayLike | None = None,
    market_structure: str = "perfect",
    convention: str = "gain",
) -> float:
    r"""Return the gains from trade of many sectors, with inputs from each other or with scale effects.

    With inputs, :math:`\ln(W/W_{aut}) = -\beta^\top (I - A^\top)^{-1} (\ln \lambda / \varepsilon)`: cheap inputs make cheap inputs.
    With monopolistic competition and free entry, a sector that trade makes smaller loses varieties:
    :math:`-\sum_s \frac{\beta_s}{\varepsilon_s} \ln(\lambda_s e_s / r_s)`.

    Parameters
    ----------
    home_share, expenditure_share, trade_elasticity : array_like, shape (sectors,)
        :math:`\lambda_s`; shares of final spending :math:`\beta_s`, which sum to one; :math:`\varepsilon_s`.
    input_shares : array_like, shape (sectors, sectors), optional
        A: cost share of inputs of the row's sector in the column's sector; columns sum to less than one.
    revenue_share : array_like, shape (sectors,), optional
        :math:`r_s`, shares of the country's revenue; needed with monopolistic competition.
    market_structure : {"perfect", "monopolistic"}
    convention : {"gain", "loss"}

    Raises
    ------
    InputError
        If shapes disagree, shares do not add up, an option is unknown, or inputs are given with monopolistic competition, which
        this formula does not cover.

    References
    ----------
    Costinot and Rodríguez-Clare (2014), sections 3.2 to 3.4.

    Examples
    --------
    >>> one = gains_by_sector([0.93], [1.0], [5])
    >>> half_inputs = gains_by_sector([0.93], [1.0], [5], input_shares=[[0.5]])
    >>> round(100 * one, 4), round(100 * half_inputs, 4)
    (1.462, 2.9454)
    """
    require_option("market_structure", market_structure, MARKET_STRUCTURES)
    share = np.atleast_1d(_within("home_share", home_share, high=1.0))
    beta, elasticity = (
        _like(share, name, value)
        for name, value in (("expenditure_share", expenditure_share), ("trade_elasticity", trade_elasticity))
    )
    _adds_up("expenditure_share", beta)
    _within("trade_elasticity", elasticity)
    log_price = np.log(share) / elasticity
    if market_structure == "monopolistic":
        if input_shares is not None:
            raise InputError(
                "input_shares with monopolistic competition: not covered by this formula; leave one of them out"
            )
        if revenue_share is None:
            raise InputError(
                "market_structure = 'monopolistic' needs revenue_share, the sectors' shares of the country's revenue"
            )
        revenue = _like(share, "revenue_share", revenue_share)
        _adds_up("revenue_share", revenue)
        log_price = log_price + np.log(np.where(beta > 0, beta, 1) / _within("revenue_share", revenue)) / elasticity
    if input_shares is not None:
        inputs = np.asarray(input_shares, dtype=float)
        size = share.size
        if inputs.shape != (size, size):
            raise InputError(
                f"input_shares has shape {inputs.shape}; with {size} sectors it must have shape {(size, size)}"
            )
        if np.any(~(inputs >= 0)) or np.any(inputs.sum(axis=0) >= 1):
            raise InputError(
                "input_shares must be at least 0 and each column must sum to less than 1: the rest is value added"
            )
        log_price = np.linalg.solve(np.eye(size) - inputs.T, log_price)
    return float(_convention(-(beta @ log_price), convention))


def variety_gains(
    common_share_before: ArrayLike,
    common_share_after: ArrayLike,
    elasticity_of_substitution: ArrayLike,
    convention: str = "gain",
) -> Array:
    r"""Return what new and vanished varieties do to real income beyond the prices of those that stay, as a fraction.

    The ratio of real incomes is :math:`(\lambda_1/\lambda_0)^{-1/(\sigma-1)}`, with :math:`\lambda` the share of spending, in each
    period, on varieties that exist in both.

    Raises
    ------
    InputError
        If a share is not above 0 and at most 1, or the elasticity is not above 1.

    References
    ----------
    Feenstra (1994), proposition 1.

    Examples
    --------
    Two identical countries open; each spends half on the varieties it had:

    >>> round(float(variety_gains(1.0, 0.5, 3.0)), 6)
    0.414214
    """
    before = _within("common_share_before", common_share_before, high=1.0)
    after = _within("common_share_after", common_share_after, high=1.0)
    elasticity = _within("elasticity_of_substitution", elasticity_of_substitution, low=1.0)
    return _convention((np.log(before) - np.log(after)) / (elasticity - 1), convention)


def _convention(log_ratio: ArrayLike, convention: str) -> Array:
    require_option("convention", convention, CONVENTIONS)
    return np.asarray(np.expm1(log_ratio) if convention == "gain" else -np.expm1(-np.asarray(log_ratio)))


def _within(name: str, value: ArrayLike, low: float = 0.0, high: float = np.inf) -> Array:
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be numbers; found {value!r}") from None
    bad = ~(np.isfinite(array) & (array > low) & (array <= high))
    if np.any(bad):
        limit = f" and at most {high:g}" if high < np.inf else " and finite"
        raise InputError(f"{name} is {array[bad].ravel()[0]}; it must be above {low:g}{limit}")
    return array


def _like(model: Array, name: str, value: ArrayLike) -> Array:
    array = np.atleast_1d(np.asarray(value, dtype=float))
    if array.shape != model.shape:
        raise InputError(f"{name} has shape {array.shape}; home_share has {model.shape}: give one number a sector")
    return array


def _adds_up(name: str, array: Array) -> None:
    if np.any(~(array >= 0)) or abs(float(array.sum()) - 1) > 1e-6:
        raise InputError(f"{name} must be at least 0 and sum to 1; it sums to {float(array.sum()):.8g}")
