r"""Equations of the paper's model (Melitz and Trefler 2012): demand, pricing, free entry and the cutoff.

A seller with delivered cost :math:`u` (production plus transport) in a market with choke price :math:`c^*` sets

.. math:: p = \frac{c^* + u}{2}, \qquad q = \frac{Sb}{2}(c^* - u), \qquad \pi = \frac{Sb}{4}(c^* - u)^2 .

Costs are uniform on :math:`[0, c_{\max}]`; sellers of a country are those with :math:`u` below :math:`c^*`, at home and abroad.
:func:`aggregates` uses arithmetic and the logarithm only, so that it also takes complex numbers: that is how derivatives are exact.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import require_option
from tradewinds.firms.numbers import positive

__all__ = ["FORMS", "aggregates", "autarky_cutoff", "cutoff", "demand", "price", "profit", "quantity"]

Array = NDArray[np.float64]

#: Forms of the demand of footnote 1: the one that the footnote's own words describe, and the one printed.
FORMS: tuple[str, ...] = ("corrected", "printed")


def demand(
    own_price: ArrayLike,
    mean_price: float,
    sellers: float,
    market_size: float = 1.0,
    price_sensitivity: float = 1.0,
    form: str = "corrected",
) -> Array:
    r"""Return the demand for one product, :math:`Q = S[1/n - b(p - \bar p)]`.

    Parameters
    ----------
    own_price : array_like
        Price p of the product.
    mean_price : float
        Mean price of all sellers, :math:`\bar p`.
    sellers : float
        Number of sellers, n.
    market_size, price_sensitivity : float
        S and b.
    form : {"corrected", "printed"}
        ``printed`` is :math:`S[1/n - b(\bar p - p)]` as in our text of footnote 1: demand would rise with the product's own
        price, against the footnote's next sentence, and no price would be the best.

    Returns
    -------
    ndarray
        Units, not below zero.

    Raises
    ------
    InputError
        If the form is unknown, or the number of sellers, S or b is not above zero.

    References
    ----------
    Melitz and Trefler (2012), footnote 1.

    Examples
    --------
    >>> demand([0.9, 1.1], mean_price=1, sellers=4).round(3).tolist()
    [0.35, 0.15]
    >>> demand([0.9, 1.1], mean_price=1, sellers=4, form="printed").round(3).tolist()
    [0.15, 0.35]
    """
    require_option("form", form, FORMS)
    for name, value in (("sellers", sellers), ("market_size", market_size), ("price_sensitivity", price_sensitivity)):
        positive(name, value)
    above = np.asarray(own_price, dtype=float) - mean_price
    sign = 1 if form == "corrected" else -1
    return np.maximum(market_size * (1 / sellers - sign * price_sensitivity * above), 0.0)


def price(delivered_cost: ArrayLike, choke: float) -> Array:
    r"""Return the price :math:`(c^* + u)/2` of a seller; NaN where its cost is above the choke price and it sells nothing."""
    cost = np.asarray(delivered_cost, dtype=float)
    return np.where(cost <= choke, (choke + cost) / 2, np.nan)


def quantity(delivered_cost: ArrayLike, choke: float, market_size: float, price_sensitivity: float) -> Array:
    r"""Return the quantity :math:`Sb(c^* - u)_+/2` of a seller."""
    return market_size * price_sensitivity / 2 * np.maximum(choke - np.asarray(delivered_cost, dtype=float), 0.0)


def profit(delivered_cost: ArrayLike, choke: float, market_size: float, price_sensitivity: float) -> Array:
    r"""Return the operating profit :math:`Sb(c^* - u)_+^2/4` of a seller."""
    return market_size * price_sensitivity / 4 * np.maximum(choke - np.asarray(delivered_cost, dtype=float), 0.0) ** 2


def autarky_cutoff(market_size: float, price_sensitivity: float, maximum_cost: float, entry_cost: float) -> float:
    r"""Return :math:`c^*` of the closed economy, :math:`(12 f c_{\max} / (Sb))^{1/3}`.

    Examples
    --------
    >>> round(autarky_cutoff(1, 1, 1.5, 1 / 18), 12)
    1.0
    """
    return math.exp(
        (
            math.log(12)
            + math.log(entry_cost)
            + math.log(maximum_cost)
            - math.log(market_size)
            - math.log(price_sensitivity)
        )
        / 3
    )


def cutoff(trade_cost: float, autarky: float) -> float:
    r"""Return :math:`c^*` of two identical countries, the root of :math:`c^{*3} + (c^* - t)_+^3 = c_{aut}^3`.

    With :math:`c^* = t/2 + y` the condition reads :math:`y^3 + \tfrac34 t^2 y = c_{aut}^3/2`, whose one real root Cardano's formula
    gives. The second of its cube roots is written as :math:`-t^2/(4u)`, which loses no digits.

    Parameters
    ----------
    trade_cost : float
        t; from :math:`c_{aut}` on nobody exports and the cutoff is that of the closed economy.
    autarky : float
        :math:`c_{aut}`.

    Examples
    --------
    >>> round(cutoff(0.5, 1.0), 8), cutoff(1.0, 1.0), cutoff(float("inf"), 1.0)
    (0.96523908, 1.0, 1.0)
    """
    t = trade_cost / autarky
    if t >= 1:
        return autarky
    u = math.cbrt(0.25 + math.sqrt(1 / 16 + t**6 / 64))
    return autarky * (t / 2 + u - t**2 / (4 * u))


def aggregates(
    c: Any, trade_cost: Any, trades: bool, market_size: Any, price_sensitivity: Any, maximum_cost: Any
) -> dict[str, Any]:
    r"""Return what follows from the cutoff :math:`c^*`, by public name.

    With :math:`x = c^* - t` the export cutoff, entrants are :math:`n_e = 4 c_{\max}/(b(c^{*2} + x^2))`: the sum over sellers of
    :math:`c^* - p` is :math:`1/b`. Total output is S whatever the trade cost.
    """
    x = c - trade_cost if trades else 0 * c
    t = trade_cost if trades else 0 * c
    squares = c**2 + x**2
    entrants = 4 * maximum_cost / (price_sensitivity * squares)
    domestic, foreign = entrants * c / maximum_cost, entrants * x / maximum_cost
    sellers = domestic + foreign
    home_sales, foreign_sales = 2 * c**3 / 3, x**2 * (c - x / 3)  # revenue, times 4 c_max / (S b n_e)
    revenue = entrants * market_size * price_sensitivity / (4 * maximum_cost) * (home_sales + foreign_sales)
    cost = (c**3 + x**3) / (3 * squares)
    logs = c**2 * np.log(c) + (x**2 * np.log(x) if trades else 0)
    return {
        "cost_cutoff": c,
        "export_cutoff": x,
        "entrants": entrants,
        "domestic_sellers": domestic,
        "foreign_sellers": foreign,
        "sellers": sellers,
        "import_share": x**2 / squares,
        "import_share_value": foreign_sales / (home_sales + foreign_sales),
        "mean_price": (domestic * 3 * c / 4 + foreign * (3 * c + t) / 4) / sellers,
        "output_weighted_price": revenue / market_size,
        "mean_markup": (domestic * c + foreign * x) / (4 * sellers),
        "output_weighted_cost": cost,
        "output_weighted_delivered_cost": cost + t * x**2 / squares,
        "output_weighted_log_productivity": 1.5 - logs / squares,
        "productivity": 1 / cost,
        "output": market_size + 0 * c,
        "revenue": revenue,
    }
