"""The price of capital and the share of labour in cost (Hall 1990; Keller 1997, Appendix C).

Cost shares instead of shares in revenue keep a productivity index right where firms have market power: a
mark-up then counts neither as productivity nor as a return to capital (Hall 1990). They need the price of
capital, which is not observed and is inferred from interest, inflation and taxes.

======  =================  =========================================
symbol  name               unit
======  =================  =========================================
iota    ``real_interest``  fraction a year (Keller: 0.1)
pi      ``inflation``      fraction a year
tau     ``tax_rate``       effective marginal corporate rate, below 1
p_k     ``user_cost``      fraction of the capital stock a year
wl      ``labour_cost``    constant prices (output deflator)
alpha   ``labour_share``   fraction of cost, in [0, 1]
======  =================  =========================================

Labelled arrays meet by their labels, and those that differ raise :class:`~tradewinds.errors.AlignmentError`; what comes back
is in the order of the first with most axes.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, TradewindsWarning
from tradewinds.measure.arrays import broadcast, place, require
from tradewinds.measure.labelled import Labelled, combine, read_labelled

__all__ = ["build_revenue_labour_share", "labour_cost_share", "positive", "revenue_labour_share", "user_cost"]

Array = NDArray[np.float64]


def user_cost(
    real_interest: ArrayLike,
    inflation: ArrayLike,
    tax_rate: ArrayLike,
    *,
    depreciation: ArrayLike | None = None,
    add_depreciation: bool = False,
) -> Array:
    """Return the user cost of capital inferred from interest, inflation and taxes.

    ``p_k = (iota + pi) / (1 - tau)``, and ``p_k + depreciation`` with ``add_depreciation`` (Keller 1997, C.2
    and C.3).

    The wedge of King and Fullerton lies between rates of return *net of depreciation*: ``p_k`` of the paper
    is what capital must earn before tax on top of what it loses. Used as a rental price in (C.4) it leaves
    depreciation out and makes capital's share of cost too small; ``add_depreciation`` puts it back in. It is
    also a nominal rate (``iota + pi``, no gain from revaluation taken off) that is multiplied by capital in
    constant prices; pass ``inflation=0`` for a real one.

    Parameters
    ----------
    real_interest, inflation : array_like
        Fractions a year.
    tax_rate : array_like
        Effective marginal tax rate on corporate income, below one; negative is a subsidy.
    depreciation : array_like, optional
        Fraction a year, in [0, 1].
    add_depreciation : bool
        Add depreciation. Needs ``depreciation``, which is refused otherwise, so that it is never left out
        unnoticed.

    Returns
    -------
    ndarray
        Fraction of the capital stock a year.

    Raises
    ------
    InputError
        If a tax rate is one or more, the cost is not positive, or depreciation is given and not used or used
        and not given.

    Examples
    --------
    >>> round(float(user_cost(0.10, 0.05, 0.40)), 10)
    0.25
    >>> round(float(user_cost(0.10, 0.05, 0.40, depreciation=0.17, add_depreciation=True)), 10)
    0.42
    """
    if add_depreciation != (depreciation is not None):
        problem = "needs depreciation" if add_depreciation else "leaves the given depreciation out: set it to True"
        raise InputError(f"add_depreciation = {add_depreciation} {problem}, or drop both")
    given = {"real_interest": real_interest, "inflation": inflation, "tax_rate": tax_rate}
    if depreciation is not None:
        given["depreciation"] = depreciation
    arrays = broadcast(combine({name: read_labelled(value, what=name) for name, value in given.items()})[0])
    for name, values in zip(given, arrays, strict=True):
        require(np.isfinite(values), values, what=name, need="a number, not missing")
    interest, prices, tax, *loss = arrays
    require(tax < 1, tax, what="tax_rate", need="below one (0.4 is 40 per cent)")
    cost = np.asarray((interest + prices) / (1.0 - tax))
    for rate in loss:
        require((rate >= 0) & (rate <= 1), rate, what="depreciation", need="a fraction a year between 0 and 1")
        cost = np.asarray(cost + rate)
    require(cost > 0, cost, what="user_cost", need="positive: is real_interest + inflation?")
    return cost


def labour_cost_share(labour_cost: ArrayLike, user_cost: ArrayLike, capital: ArrayLike) -> Array:
    """Return labour's share of cost, ``alpha = wl / (wl + p_k k)`` (Keller 1997, C.4).

    Parameters
    ----------
    labour_cost : array_like
        Compensation of labour, in the prices of ``capital``.
    user_cost : array_like
        Fraction of the capital stock a year.
    capital : array_like
        Capital stock.

    Raises
    ------
    InputError
        If a value is not positive.

    Examples
    --------
    >>> float(labour_cost_share(60.0, 0.25, 160.0))
    0.6
    """
    wages, price, stock = positive(labour_cost=labour_cost, user_cost=user_cost, capital=capital)
    return np.asarray(wages / (wages + price * stock))


def revenue_labour_share(labour_cost: ArrayLike, value_added: ArrayLike) -> Array:
    """Return labour's share of revenue, ``wl / value added``: right only without market power (Hall 1990).

    A share above one is a year of losses. It is returned with a warning because it is a fact, but no
    production function has it: :func:`tfp_index` refuses it.

    Parameters
    ----------
    labour_cost, value_added : array_like
        Same prices.

    Raises
    ------
    InputError
        If a value is not positive.

    Warns
    -----
    TradewindsWarning
        If a share exceeds one.

    Examples
    --------
    >>> float(revenue_labour_share(60.0, 120.0))
    0.5
    """
    share, notes = build_revenue_labour_share(labour_cost, value_added)
    for note in notes:
        warnings.warn(note, TradewindsWarning, stacklevel=2)
    return share


def build_revenue_labour_share(labour_cost: ArrayLike, value_added: ArrayLike) -> tuple[Array, tuple[str, ...]]:
    """Return :func:`revenue_labour_share` and the sentence it would warn with, if any, without issuing it."""
    wages, revenue = positive(labour_cost=labour_cost, value_added=value_added)
    share = np.asarray(wages / revenue)
    above = np.argwhere(share > 1)
    if not len(above):
        return share, ()
    index = tuple(int(k) for k in above[0])
    note = (
        f"labour_cost exceeds value_added in {len(above)} case(s), first at {place(index)} (share "
        f"{share[index]:.3g}): a year of losses, which growth accounting cannot use"
    )
    return share, (note,)


def positive(years: Sequence[int] | None = None, /, **given: ArrayLike | Labelled) -> list[Array]:
    """Return arrays of one shape, all positive and finite; an error names the place of what is not."""
    arrays = broadcast(combine({name: read_labelled(value, what=name) for name, value in given.items()})[0])
    for name, values in zip(given, arrays, strict=True):
        good = np.isfinite(values) & (values > 0)
        require(good, values, what=name, need="positive, and not missing", years=years)
    return arrays
